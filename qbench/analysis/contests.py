"""Who is compared with whom: one circuit, task and phase, within one class, round by round.

complex64 is never compared with complex128, approximate never with exact, one thread never with two, and
what is not ranked (doubles, wrong answers, blocking flags) never with anything.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from qbench.analysis.readings import CellReadings, PhaseReadings, RankingClass, RunReadings
from qbench.analysis.stats import MARGIN, Estimate, Standing, compare, paired_ratio

__all__ = ["Comparison", "Contest", "contests", "paired_times"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One contestant's time over the reference's; ``ratio`` is None without a round in common."""

    contestant: CellReadings
    reference: CellReadings
    ratio: Estimate | None
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """The ranked cells of one circuit, task, phase and class that were measured, in plan order."""

    phase: str
    ranking_class: RankingClass
    members: tuple[CellReadings, ...]

    def baseline(self, name: str | None) -> CellReadings:
        """The run's baseline if it is a member, else the first member."""
        return next((cell for cell in self.members if cell.simulator == name), self.members[0])

    def by_time(self) -> tuple[CellReadings, ...]:
        """The members from the shortest warm time to the longest; equal times stay in plan order."""
        return tuple(sorted(self.members, key=self._time))

    def _time(self, cell: CellReadings) -> float:
        warm = cell.warm(self.phase)
        return math.inf if warm is None else warm.value

    def against(self, reference: CellReadings, margin: float = MARGIN) -> tuple[Comparison, ...]:
        """Every other member against the reference, with Holm's correction over all of them."""
        others = [cell for cell in self.members if cell.id != reference.id]
        ratios = [paired_times(cell.phases[self.phase], reference.phases[self.phase]) for cell in others]
        return tuple(
            Comparison(contestant=cell, reference=reference, ratio=ratio, standing=standing)
            for cell, ratio, standing in zip(others, ratios, compare(ratios, margin=margin), strict=True)
        )


def contests(run: RunReadings, phase: str) -> tuple[Contest, ...]:
    """All contests of a phase, in plan order.  A class with a single member is a contest without a rival."""
    groups: dict[tuple[str, str, RankingClass], list[CellReadings]] = {}
    for cell in run.cells:
        if cell.ranked and cell.warm(phase) is not None:
            groups.setdefault((cell.problem_id, cell.task_id, cell.ranking_class), []).append(cell)
    return tuple(
        Contest(phase=phase, ranking_class=ranking_class, members=tuple(members))
        for (_, _, ranking_class), members in groups.items()
    )


def paired_times(times: PhaseReadings, reference: PhaseReadings) -> Estimate | None:
    """The ratio of two cells over their common rounds; None without any.

    A round gives one value.  Times of the same block are paired, because they were taken back to back
    (the baseline runs in every block, so it may have several in a round); simulators that shared no
    block in a round are paired by the round.
    """
    reference_blocks, reference_rounds = reference.by_block(), reference.by_round()
    blocks: dict[int, list[float]] = {}
    for key, time in times.by_block().items():
        if key in reference_blocks:
            blocks.setdefault(key[0], []).append(math.log(time) - math.log(reference_blocks[key]))
    ratios, ones = {}, {}
    for number, time in times.by_round().items():
        if number in blocks:
            ratios[number] = math.exp(math.fsum(blocks[number]) / len(blocks[number]))
            ones[number] = 1.0
        elif number in reference_rounds:
            ratios[number], ones[number] = time, reference_rounds[number]
    return paired_ratio(ratios, ones)
