"""Performance profiles: within which factor of the best a simulator solves which share of the problems.

After E. D. Dolan and J. J. More, "Benchmarking optimization software with performance profiles",
Mathematical Programming 91 (2002) 201-213.  A problem that a simulator did not solve is never within any
factor; a problem that nobody solved counts all the same.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, Decimal

from qbench.analysis.contests import Contest
from qbench.analysis.fields import Field, fields
from qbench.analysis.readings import RunReadings
from qbench.analysis.table import Table, Value

__all__ = [
    "AREA_TO",
    "GRID",
    "area",
    "field_ratios",
    "performance_ratios",
    "profile_table",
    "share_within",
]

_GRID = (
    "1.000",
    "1.100",
    "1.250",
    "1.500",
    "2.000",
    "3.000",
    "5.000",
    "10.00",
    "20.00",
    "50.00",
    "100.0",
    "1000",
)
GRID = tuple(map(Decimal, _GRID))

AREA_TO = 1000.0
"""The area under a profile is taken up to this factor: the slowest right answers of core-v1 took 440 times
as long as the fastest."""

_COLUMNS = "workload phase kind precision threads# gate_mode metric simulator tau# share# problems#"
_DIGITS = 4


def performance_ratios(times: Mapping[str, Sequence[float | None]]) -> dict[str, tuple[float, ...]]:
    """Each simulator's time over the best one's, problem by problem; infinite where it solved none.

    ``times`` hold one entry per problem in one order for all; None is not solved.

    >>> performance_ratios({"a": [1.0, 8.0, None], "b": [2.0, 4.0, None]})
    {'a': (1.0, 2.0, inf), 'b': (2.0, 1.0, inf)}
    """
    best = [min((t for t in row if t is not None), default=None) for row in zip(*times.values(), strict=True)]
    return {
        simulator: tuple(
            math.inf if time is None or least is None else time / least
            for time, least in zip(row, best, strict=True)
        )
        for simulator, row in times.items()
    }


def share_within(ratios: Sequence[float], tau: float | Decimal) -> float:
    """rho(tau): the share of the problems that are solved within ``tau`` times the best time.

    >>> [share_within([1.0, 2.0, math.inf, 1.0], tau) for tau in (1.0, 1.9, 2.0, 1e9)]
    [0.5, 0.5, 0.75, 0.75]
    """
    return sum(ratio <= tau for ratio in ratios) / len(ratios) if ratios else 0.0


def area(ratios: Sequence[float], to: float = AREA_TO) -> float:
    """The mean of rho over the logarithm of tau from 1 to ``to``: 1 is the best on every problem.

    The step function is integrated exactly: each problem adds what is left of the axis beyond its ratio.

    >>> area([1.0, math.sqrt(1000.0), math.inf, math.inf])
    0.375
    """
    shares = [max(0.0, 1 - math.log(ratio) / math.log(to)) for ratio in ratios if ratio < math.inf]
    return math.fsum(shares) / len(ratios) if ratios else 0.0


def field_ratios(field: Field) -> dict[str, tuple[float, ...]]:
    """The performance ratios of a field, by simulator, in the order of its problems.

    A problem's times are all taken as paired ratios to its fastest, round by round as everywhere.
    """
    times = {problem: _to_the_fastest(contest) for problem, contest in field.contests.items()}
    return performance_ratios(
        {
            simulator: [times.get(problem, {}).get(simulator) for problem in field.problems]
            for simulator in field.asked
        }
    )


def _to_the_fastest(contest: Contest) -> dict[str, float]:
    fastest = contest.by_time()[0]
    return {cell.simulator: math.exp(contest.log_ratio(cell, fastest)) for cell in contest.members}


def profile_table(run: RunReadings) -> Table:
    """rho(tau) of every simulator on a fixed grid of tau and at each of its own steps.

    A step's tau is rounded up to four digits, and every share is that of the tau as it is written.
    """
    rows: list[dict[str, Value]] = []
    for field in fields(run):
        for simulator, ratios in field_ratios(field).items():
            ordered = sorted(ratios)  # a thousand problems have a thousand steps: not a million comparisons
            for tau in _taus(ratios):
                row: dict[str, Value] = {"simulator": simulator, "tau": tau, "problems": len(ratios)}
                row["share"] = _share(bisect_right(ordered, tau) / len(ordered))
                rows.append(field.facts() | row)
    return Table.of("profile", _COLUMNS, rows)


def _taus(ratios: Sequence[float]) -> list[Decimal]:
    steps = {_rounded_up(ratio) for ratio in ratios if ratio < math.inf}
    return sorted(steps.union(GRID))


def _rounded_up(ratio: float) -> Decimal:
    exact = Decimal(ratio)
    return exact.quantize(Decimal((0, (1,), exact.adjusted() - _DIGITS + 1)), rounding=ROUND_CEILING)


def _share(share: float) -> Decimal:
    return Decimal(share).quantize(Decimal("0.0001"))
