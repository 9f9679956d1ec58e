"""Ratios family by family, and size by size: what stands between one circuit and all of them.

A family's circuits differ in size and, here and there, in content; a simulator's ratio over several of them
is the geometric mean, round by round, so that its interval is over rounds and speaks of these very circuits.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qbench.analysis.contests import paired_logs
from qbench.analysis.families import family_of
from qbench.analysis.fields import Field
from qbench.analysis.figures import supported
from qbench.analysis.readings import CellReadings
from qbench.analysis.stats import MARGIN, Estimate, Standing, corrected, paired_ratio, standing
from qbench.analysis.table import Value
from qbench.analysis.totals import total_rows

__all__ = [
    "FamilyRatio",
    "Pair",
    "family_name",
    "family_ratios",
    "margin_of",
    "mean_logs",
    "mean_time",
    "ratio_of",
    "standings",
]

Pair = tuple[CellReadings, CellReadings]
"""A simulator's cell and the reference's, of one circuit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyRatio:
    """One simulator's time over the baseline's on the circuits of a family, or on those of one size.

    ``key`` tells families apart whose names are alike; ``qubits`` is None over all sizes, ``circuits`` how
    many both solved.  ``logs`` hold by round the mean logarithm of the ratio; ``time_ns`` is the geometric
    mean of both times.  ``adjusted_p`` and ``standing`` are corrected over all contestants of the family (and
    size), as those of one circuit are.
    """

    key: str
    family: str
    simulator: str
    qubits: int | None
    circuits: int
    logs: Mapping[int, float]
    time_ns: float
    ratio: Estimate | None
    adjusted_p: float | None
    standing: Standing


def family_ratios(field: Field, baseline: str | None, *, by_size: bool) -> tuple[FamilyRatio, ...]:
    """Every simulator against one baseline, by family (and size) in plan order; without the baseline itself.

    A circuit without a family is a family of its own.  A circuit that the baseline did not solve counts in
    no ratio.
    """
    pairs: dict[tuple[str, int | None], dict[str, list[Pair]]] = {}
    for contest in field.contests.values():
        reference = next((cell for cell in contest.members if cell.simulator == baseline), None)
        if reference is None:
            continue
        size = reference.problem["qubits"] if by_size else None
        group = pairs.setdefault((family_of(reference), size), {})
        for cell in contest.members:
            if cell.simulator != baseline:
                group.setdefault(cell.simulator, []).append((cell, reference))
    margin = margin_of(field)
    return tuple(one for (_, size), group in pairs.items() for one in _compared(group, size, field, margin))


def _compared(
    group: Mapping[str, Sequence[Pair]], size: int | None, field: Field, margin: float
) -> list[FamilyRatio]:
    logs = {simulator: mean_logs(mine, field) for simulator, mine in group.items()}
    ratios = {simulator: ratio_of(by_round) for simulator, by_round in logs.items()}
    adjusted = corrected(list(ratios.values()))
    return [
        FamilyRatio(
            key=family_of(group[simulator][0][0]),
            family=family_name(group[simulator][0][0]),
            simulator=simulator,
            qubits=size,
            circuits=len(group[simulator]),
            logs=logs[simulator],
            time_ns=mean_time(group[simulator], field),
            ratio=ratio,
            adjusted_p=p,
            standing=Standing.UNRESOLVED if ratio is None else standing(ratio, p, margin=margin),
        )
        for (simulator, ratio), p in zip(ratios.items(), adjusted, strict=True)
    ]


def standings(field: Field, baseline: str | None) -> dict[str, dict[str, Value]]:
    """The rows of ``totals`` by simulator, in plan order.

    Over one circuit there is no mean and no interval over families: then ratio and interval are that
    circuit's own, over rounds, as in ``ratios``.
    """
    rows = {str(row["simulator"]): row for row in total_rows(field, baseline)}
    if len(field.contests) == 1:
        for one in family_ratios(field, baseline, by_size=False):
            if one.ratio is not None:
                figures = supported(one.ratio)
                rows[one.simulator] |= {"ratio": figures.value, "low": figures.low, "high": figures.high}
    return rows


def family_name(cell: CellReadings) -> str:
    """The family of a cell's circuit; of one without a family its name."""
    return str(cell.problem.get("family") or cell.problem["name"])


def margin_of(field: Field) -> float:
    """The equivalence margin of the run that a field is of."""
    return next((contest.margin for contest in field.contests.values()), MARGIN)


def mean_logs(pairs: Sequence[Pair], field: Field) -> dict[int, float]:
    """By round the mean over circuits of the logarithm of the ratio, for the rounds that all of them have."""
    each = [
        paired_logs(cell.phases[field.phase], reference.phases[field.phase], field.metric)
        for cell, reference in pairs
    ]
    rounds = sorted(set(each[0]).intersection(*each[1:])) if each else []
    return {number: math.fsum(logs[number] for logs in each) / len(each) for number in rounds}


def mean_time(pairs: Sequence[Pair], field: Field) -> float:
    """The geometric mean over circuits and over both simulators of their warm times, in ns."""
    times = [cell.warm(field.phase, field.metric) for pair in pairs for cell in pair]
    logs = [math.log(time.value) for time in times if time is not None]
    return math.exp(math.fsum(logs) / len(logs)) if logs else math.nan


def ratio_of(logs: Mapping[int, float]) -> Estimate | None:
    """The geometric mean over rounds of a ratio, with its interval; None without a round.

    >>> ratio = ratio_of({0: math.log(2.0), 1: math.log(8.0)})
    >>> f"{ratio.value:.3f}", ratio.rounds, ratio_of({})
    ('4.000', 2, None)
    """
    times = {number: math.exp(log) for number, log in logs.items()}
    return paired_ratio(times, dict.fromkeys(times, 1.0))
