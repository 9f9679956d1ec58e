"""Who is compared with whom: one circuit, task and phase, within one class, round by round.

complex64 is never compared with complex128, approximate never with exact, one thread never with two, and
what is not ranked (doubles, wrong answers, blocking flags) never with anything.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from qbench.analysis.readings import CellReadings, PhaseReadings, RankingClass, RunReadings
from qbench.analysis.stats import MARGIN, Estimate, Standing, compare, paired_ratio
from qbench.model import Metric
from qbench.results.records import RunRecords

__all__ = ["Comparison", "Contest", "contests", "paired_logs", "paired_times", "ranked_by"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One contestant's time over the reference's; ``ratio`` is None without a round in common."""

    contestant: CellReadings
    reference: CellReadings
    ratio: Estimate | None
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """The ranked cells of one circuit, task, phase and class that were measured, in plan order.

    ``metric`` is the clock that ranks them, ``margin`` the equivalence margin.  ``unclocked`` are those of
    the class that have wall times and no reading of this clock: they cannot be compared.
    """

    phase: str
    ranking_class: RankingClass
    members: tuple[CellReadings, ...]
    metric: Metric = Metric.WALL
    margin: float = MARGIN
    unclocked: tuple[CellReadings, ...] = ()

    def baseline(self, name: str | None) -> CellReadings:
        """The run's baseline if it is a member, else the first member."""
        return next((cell for cell in self.members if cell.simulator == name), self.members[0])

    def by_time(self) -> tuple[CellReadings, ...]:
        """The fastest member, then the others by their paired ratio to it, the nearest first.

        The fastest is the one whose ratio to every other, over the rounds that both have, is at most 1.
        The order of the absolute times can be another one: rounds that only one of two took part in, or a
        slow moment that one block alone met, move an absolute time and no ratio.  Where no member is
        ahead of all others (pairs that share different rounds or blocks can contradict each other in a
        circle), it is the one that the fewest are ahead of; of equals the first in the plan.
        """
        fastest = self._fastest()
        others = [cell for cell in self.members if cell.id != fastest.id]
        return fastest, *sorted(others, key=lambda cell: self.log_ratio(cell, fastest))

    def _fastest(self) -> CellReadings:
        candidate = self.members[0]
        for _ in self.members:  # nearly always one or two passes, where all pairs would be k (k - 1) / 2
            lead = [(self.log_ratio(cell, candidate), place) for place, cell in enumerate(self.members)]
            ahead, place = min(lead)
            if ahead >= 0:
                return candidate
            candidate = self.members[place]

        def beaten(cell: CellReadings) -> int:
            return sum(self.log_ratio(other, cell) < 0 for other in self.members)

        return min(self.members, key=beaten)

    def log_ratio(self, cell: CellReadings, other: CellReadings) -> float:
        """Logarithm of one time over another: paired; without a round in common of absolute times."""
        if cell.id == other.id:
            return 0.0
        ratio = self.ratio(cell, other)
        if ratio is not None:
            return math.log(ratio.value)
        mine, theirs = (one.warm(self.phase, self.metric) for one in (cell, other))
        return math.log(mine.value / theirs.value) if mine and theirs else 0.0

    def ratio(self, cell: CellReadings, reference: CellReadings) -> Estimate | None:
        """One member's time over another's; None without a round in common."""
        return paired_times(cell.phases[self.phase], reference.phases[self.phase], self.metric)

    def against(self, reference: CellReadings, *, chosen: bool = False) -> tuple[Comparison, ...]:
        """Every other member against the reference, with Holm's correction over all of them.

        ``chosen`` says that the reference was picked by these very times, as the fastest is: see
        ``qbench.analysis.stats.compare``.
        """
        others = [cell for cell in self.members if cell.id != reference.id]
        ratios = [self.ratio(cell, reference) for cell in others]
        standings = compare(ratios, margin=self.margin, chosen=chosen)
        return tuple(
            Comparison(contestant=cell, reference=reference, ratio=ratio, standing=standing)
            for cell, ratio, standing in zip(others, ratios, standings, strict=True)
        )

    def race(self) -> tuple[CellReadings, tuple[Comparison, ...]]:
        """The fastest, and all others compared with it, the nearest first."""
        fastest, *others = self.by_time()
        found = {one.contestant.id: one for one in self.against(fastest, chosen=True)}
        return fastest, tuple(found[cell.id] for cell in others)


def contests(run: RunReadings, phase: str) -> tuple[Contest, ...]:
    """All contests of a phase by the run's clock, in plan order.

    A class with a single member is a contest without a rival; one without any reading of the run's clock
    is none.
    """
    groups: dict[tuple[str, str, RankingClass], list[CellReadings]] = {}
    for cell in run.cells:
        if cell.ranked and cell.warm(phase) is not None:
            groups.setdefault((cell.problem_id, cell.task_id, cell.ranking_class), []).append(cell)
    found = (
        Contest(
            phase=phase,
            ranking_class=ranking_class,
            members=tuple(cell for cell in cells if cell.warm(phase, run.metric) is not None),
            metric=run.metric,
            margin=run.margin,
            unclocked=tuple(cell for cell in cells if cell.warm(phase, run.metric) is None),
        )
        for (_, _, ranking_class), cells in groups.items()
    )
    return tuple(contest for contest in found if contest.members)


def ranked_by(records: RunRecords, metric: Metric) -> RunRecords:
    """The same records, as if the plan had named this clock to rank by.  What was measured stays as it is."""
    return replace(records, ranked_by=metric)


def paired_times(
    times: PhaseReadings, reference: PhaseReadings, metric: Metric = Metric.WALL
) -> Estimate | None:
    """The ratio of two cells over their common rounds; None without any.

    A round gives one value.  Times of the same block are paired, because they were taken back to back
    (the baseline runs in every block, so it may have several in a round); simulators that shared no
    block in a round are paired by the round.  To pair these through the baseline of their blocks instead
    was measured: its own noise nearly doubled the variance (240 pairs of a core-v1 run).
    """
    key = (times, metric)
    if key not in reference.paired:
        reference.paired[key] = _pair(times, reference, metric)
    return reference.paired[key]


def paired_logs(
    times: PhaseReadings, reference: PhaseReadings, metric: Metric = Metric.WALL
) -> dict[int, float]:
    """The logarithm of the ratio of two cells by round, paired as ``paired_times`` does."""
    ratios, ones = _by_round(times, reference, metric)
    return {number: math.log(ratios[number]) - math.log(ones[number]) for number in sorted(ratios)}


def _pair(times: PhaseReadings, reference: PhaseReadings, metric: Metric) -> Estimate | None:
    return paired_ratio(*_by_round(times, reference, metric))


def _by_round(
    times: PhaseReadings, reference: PhaseReadings, metric: Metric
) -> tuple[dict[int, float], dict[int, float]]:
    reference_blocks, reference_rounds = reference.by_block(metric), reference.by_round(metric)
    blocks: dict[int, list[float]] = {}
    for key, time in times.by_block(metric).items():
        if key in reference_blocks:
            blocks.setdefault(key[0], []).append(math.log(time) - math.log(reference_blocks[key]))
    ratios, ones = {}, {}
    for number, time in times.by_round(metric).items():
        if number in blocks:
            ratios[number] = math.exp(math.fsum(blocks[number]) / len(blocks[number]))
            ones[number] = 1.0
        elif number in reference_rounds:
            ratios[number], ones[number] = time, reference_rounds[number]
    return ratios, ones
