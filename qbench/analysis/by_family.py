"""Ratios family by family, and size by size: what stands between one circuit and all of them.

A family's circuits differ in size and, here and there, in content; a simulator's ratio over several of them
is the geometric mean, its interval is over rounds and speaks of these very circuits.  Circuits may have
different rounds (each question stops by itself): each round counts for the circuits that have it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qbench.analysis.contests import paired_logs
from qbench.analysis.families import family_of, over_circuits
from qbench.analysis.fields import Field
from qbench.analysis.figures import supported
from qbench.analysis.readings import CellReadings
from qbench.analysis.stats import MARGIN, Estimate, Standing, corrected, paired_ratio, standing
from qbench.analysis.table import Value
from qbench.analysis.totals import total_rows

__all__ = [
    "FamilyRatio",
    "Pair",
    "Shared",
    "family_name",
    "family_ratios",
    "margin_of",
    "ratio_of",
    "reference_of",
    "shared",
    "standings",
]

Pair = tuple[CellReadings, CellReadings]
"""A simulator's cell and the reference's, of one circuit."""

_LEAST_SHARE = 0.5
"""A baseline that was timed on fewer of a class's circuits is none for all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What two simulators say of each other on the circuits on which they have a round in common.

    ``circuits`` is how many; ``logs`` hold, for the rounds that all of these have, the mean over circuits of
    the logarithm of the ratio; ``ratio`` is over all rounds.  ``time_ns`` is the geometric mean over circuits
    of both times.
    """

    circuits: int
    logs: Mapping[int, float]
    time_ns: float
    ratio: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyRatio:
    """One simulator's time over the baseline's on the circuits of a family, or on those of one size.

    ``key`` tells families apart whose names are alike; ``qubits`` is None over all sizes.  ``shared`` is None
    without a round in common.  ``adjusted_p`` and ``standing`` are corrected over all contestants of the
    family (and size), as those of one circuit are.
    """

    key: str
    family: str
    simulator: str
    qubits: int | None
    shared: Shared | None
    adjusted_p: float | None
    standing: Standing

    @property
    def ratio(self) -> Estimate | None:
        return self.shared.ratio if self.shared else None

    @property
    def circuits(self) -> int:
        """How many circuits stand behind the ratio."""
        return self.shared.circuits if self.shared else 0


def family_ratios(
    field: Field, baseline: str | None, *, by_size: bool, chosen: bool = False
) -> tuple[FamilyRatio, ...]:
    """Every simulator against one baseline, by family (and size) in plan order; without the baseline itself.

    A circuit without a family is a family of its own.  A circuit that the baseline did not solve counts in
    no ratio.  ``chosen`` says that the baseline was named after its times were seen: verdicts pay for it.
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
    return tuple(
        one for (_, size), group in pairs.items() for one in _compared(group, size, field, chosen=chosen)
    )


def _compared(
    group: Mapping[str, Sequence[Pair]], size: int | None, field: Field, *, chosen: bool
) -> Iterator[FamilyRatio]:
    found = {simulator: shared(mine, field) for simulator, mine in group.items()}
    adjusted = corrected([one.ratio if one else None for one in found.values()], chosen=chosen)
    for (simulator, one), p in zip(found.items(), adjusted, strict=True):
        cell = group[simulator][0][0]
        yield FamilyRatio(
            key=family_of(cell),
            family=family_name(cell),
            simulator=simulator,
            qubits=size,
            shared=one,
            adjusted_p=p,
            standing=standing(one.ratio, p, margin=margin_of(field)) if one else Standing.UNRESOLVED,
        )


def shared(pairs: Sequence[Pair], field: Field) -> Shared | None:
    """What these pairs, one per circuit, say of two simulators; None without a round in common."""
    each: list[dict[int, float]] = []
    times: list[float] = []
    for cell, reference in pairs:
        logs = paired_logs(cell.phases[field.phase], reference.phases[field.phase], field.metric)
        warm = cell.warm(field.phase, field.metric), reference.warm(field.phase, field.metric)
        if logs:
            each.append(logs)
            times += [math.log(time.value) for time in warm if time is not None]
    if not each:
        return None
    common = sorted(set(each[0]).intersection(*each[1:]))
    means = {number: math.fsum(logs[number] for logs in each) / len(each) for number in common}
    return Shared(
        circuits=len(each),
        logs=means,
        time_ns=math.exp(math.fsum(times) / len(times)),
        ratio=over_circuits(each) if len(each) > 1 else ratio_of(means),
    )


def standings(field: Field, baseline: str | None, *, chosen: bool = False) -> dict[str, dict[str, Value]]:
    """The rows of ``totals`` by simulator, in plan order; the baseline's says its number of circuits too.

    Over circuits of a single family there is no interval over families: then it is over rounds, for these
    very circuits (of one circuit it is that of ``ratios``).
    """
    rows = {str(row["simulator"]): row for row in total_rows(field, baseline, chosen=chosen)}
    own = [
        cell for contest in field.contests.values() for cell in contest.members if cell.simulator == baseline
    ]
    if baseline in rows:
        rows[baseline]["circuits"] = len(own)
    if len({family_of(cell) for cell in own}) == 1:
        for one in family_ratios(field, baseline, by_size=False):
            if one.ratio is not None:
                figures = supported(one.ratio)
                rows[one.simulator] |= {"ratio": figures.value, "low": figures.low, "high": figures.high}
    return rows


def reference_of(field: Field, name: str | None, *, named: bool = False) -> str | None:
    """Who a field's ratios are relative to: ``name``, where enough of the circuits were timed with it.

    Enough is half of the circuits; where the reader ``named`` it, one is.  Else it is who was timed on most,
    of equals the first in the plan: ratios to one that was timed on 1 of 37 circuits compare nobody.  None
    where nobody was timed.
    """
    timed = Counter(cell.simulator for contest in field.contests.values() for cell in contest.members)
    least = 1.0 if named else max(1.0, _LEAST_SHARE * len(field.contests))
    if name is not None and timed[name] >= least:
        return name
    return max((one for one in field.asked if timed[one]), key=timed.__getitem__, default=None)


def family_name(cell: CellReadings) -> str:
    """The family of a cell's circuit; of one without a family its name."""
    return str(cell.problem.get("family") or cell.problem["name"])


def margin_of(field: Field) -> float:
    """The equivalence margin of the run that a field is of."""
    return next((contest.margin for contest in field.contests.values()), MARGIN)


def ratio_of(logs: Mapping[int, float]) -> Estimate:
    """The geometric mean over rounds of a ratio, with its interval.

    Raises ``ValueError`` without a round.

    >>> ratio = ratio_of({0: math.log(2.0), 1: math.log(8.0)})
    >>> f"{ratio.value:.3f}", ratio.rounds
    ('4.000', 2)
    """
    times = {number: math.exp(log) for number, log in logs.items()}
    found = paired_ratio(times, dict.fromkeys(times, 1.0))
    if found is None:
        raise ValueError("a ratio needs a round")
    return found
