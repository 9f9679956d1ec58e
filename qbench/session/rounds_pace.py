"""The timed rounds' part of the time left: this round's blocks, and those of the rounds that may follow."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence

from qbench.analysis.forecast import Forecast, TimeLeft, Work
from qbench.measure.schedule import Block, RoundPlan
from qbench.session.history import Question, question_of
from qbench.session.pacing import Pacing
from qbench.session.plan import Plan
from qbench.session.suites import MeasurePlan

__all__ = ["RoundsPace", "later_rounds"]


def later_rounds(measure: MeasurePlan, rounds: int, number: int) -> tuple[int, int]:
    """How many rounds a question takes after round ``number``, counted from 0: at least and at most.

    ``rounds`` are the most that it may take in all, as its decision says.  One whose ratios are not narrow
    yet needs one more round to be so, and then the extra ones.
    """
    soonest = rounds
    if not measure.fixed_rounds:
        soonest = min(rounds, max(measure.rounds, number + 1) + measure.extra_rounds)
    return max(0, soonest - number - 1), max(0, rounds - number - 1)


class RoundsPace:
    """Takes stock when a round is opened, and learns from every block how long the rest takes."""

    def __init__(self, plan: Plan, clock: Callable[[], float] = time.monotonic) -> None:
        self._pacing, self._clock = Pacing(plan), clock
        self._forecast: Forecast | None = None
        self._works: dict[str, Work] = {}
        self._starts: dict[str, Work] = {}
        self._this_round = Work()
        self._later = Work(), Work()
        self._since = clock()

    def saw(self, spent_ns: Mapping[str, int]) -> None:
        """What the visits of a block took, by cell, also in an earlier session."""
        self._pacing.saw(spent_ns)

    def begin(self) -> None:
        """The clock runs from now on."""
        self._since = self._clock()

    def open(
        self,
        round_plans: Sequence[RoundPlan],
        finished: Collection[str],
        later: Mapping[Question, tuple[int, int]],
    ) -> None:
        """Take stock of a round, of which some blocks may be ``finished``.

        ``later`` has by question how many rounds follow, at least and at most; they are taken to be like
        this one.
        """
        self._works, self._starts, self._this_round = {}, {}, Work()
        whole = starts = Work()
        least = most = Work()
        for round_plan in round_plans:
            todo = [block for block in round_plan.blocks if block.id not in finished]
            if todo:
                start = self._starts[todo[0].id] = self._pacing.start(todo)
                self._this_round = self._this_round.plus(start)
            starts = starts.plus(self._pacing.start(round_plan.blocks))
            for block in round_plan.blocks:
                work = self._works[block.id] = self._pacing.block(block)
                fewest, rounds = later[question_of(block.cells[0])]
                whole, least, most = (
                    whole.plus(work),
                    least.plus(work.times(fewest)),
                    most.plus(work.times(rounds)),
                )
                if block.id not in finished:
                    self._this_round = self._this_round.plus(work)
        fewest, rounds = (max((span[which] for span in later.values()), default=0) for which in (0, 1))
        self._later = least.plus(starts.times(fewest)), most.plus(starts.times(rounds))
        if self._forecast is None:
            self._forecast = Forecast(whole.plus(starts))

    def started(self, blocks: Sequence[Block]) -> None:
        """The workers of these blocks, which are those of a group that are not finished, are started."""
        self._pacing.saw_start(blocks, self._did(self._starts[blocks[0].id]))

    def did(self, block: Block) -> None:
        """This block is done."""
        self._did(self._works[block.id])

    def left(self, budget_s: float | None) -> TimeLeft:
        """The time until the run ends, given what is left of its budget."""
        least, most = (self._this_round.plus(later) for later in self._later)
        return (self._forecast or Forecast(Work())).left(least, most, budget_s)

    def _did(self, work: Work) -> float:
        """Learn from this work; the seconds that it took."""
        now = self._clock()
        seconds, self._since = now - self._since, now
        if self._forecast is not None:
            self._forecast.done(work, seconds)
        self._this_round = self._this_round.minus(work)
        return seconds
