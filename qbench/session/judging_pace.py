"""The judged answers' part of the time left: each cell that is still to be judged, and the rounds to come."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from typing import Protocol

from qbench.analysis.forecast import Forecast, TimeLeft, Work
from qbench.measure.schedule import plan_rounds
from qbench.model import Cell
from qbench.session.pacing import Pacing
from qbench.session.plan import Plan
from qbench.session.rounds_pace import RoundsPace

__all__ = ["JudgingPace", "Told"]


class Told(Protocol):
    """Hears between questions what is done, and when the run ends."""

    def step(self, text: str) -> None: ...

    def left(self, left: TimeLeft) -> None: ...


class JudgingPace:
    """The judged answers' part of the run: tells after each how long the whole run takes from there.

    ``judged`` are the cells that need not be asked any more.  ``budget_left`` says what is left of the
    run's budget in seconds; judging itself is not ended by it.
    """

    def __init__(
        self,
        plan: Plan,
        judged: Collection[str],
        told: Told,
        budget_left: Callable[[], float | None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._told, self._budget_left, self._clock = told, budget_left, clock
        pacing = Pacing(plan)
        self.steps = 0
        self._ahead: dict[str, float] = {}
        groups: dict[tuple[str, int], list[Cell]] = {}
        referred: set[tuple[str, str]] = set()
        for cell in plan.cells:
            if cell.id not in judged:
                groups.setdefault((cell.simulator, cell.threads), []).append(cell)
        for (name, _), cells in groups.items():
            self.steps += len(cells)
            # What comes before a simulator's first answer is part of the first step: it ends with it.
            cells.sort(key=lambda cell: plan.problems[cell.problem].circuit.num_qubits)
            for position, cell in enumerate(cells):
                seconds = pacing.answer(cell)
                if position == 0:
                    seconds += pacing.probing(name, cells)
                if not pacing.refused(cell) and (cell.problem, cell.task) not in referred:
                    referred.add((cell.problem, cell.task))
                    seconds += pacing.reference(cell.problem, cell.task)
                self._ahead[cell.id] = seconds
        self._left = Work(guessed=sum(self._ahead.values()))
        self._rounds = _rounds_ahead(plan, pacing)
        self._forecast = Forecast(self._left)
        self._since = clock()

    def begin(self) -> None:
        """Before the first answer: the estimate as it is."""
        self._since = self._clock()
        self._tell()

    def report(self, cell: Cell, text: str) -> None:
        """One cell is judged."""
        work, now = Work(guessed=self._ahead.pop(cell.id, 0.0)), self._clock()
        self._forecast.done(work, now - self._since)
        self._since = now
        self._left = self._left.minus(work)
        self._tell()
        self._told.step(text)

    def _tell(self) -> None:
        # Judging is not cut by the budget: what it leaves of the budget is what the rounds may take.  Their
        # estimate stays as it is: a judge that was slow to start says nothing about visits.
        judging, budget_s = self._forecast.seconds(self._left), self._budget_left()
        least, most = self._rounds.least_s, self._rounds.most_s
        cut = budget_s is not None and judging + most > budget_s
        end = max(judging, budget_s or 0.0) if cut else judging + most
        self._told.left(TimeLeft(min(judging + least, end), end, by_budget=cut))


def _rounds_ahead(plan: Plan, pacing: Pacing) -> TimeLeft:
    """All rounds, as few and as many as there may be, before it is known who answers."""
    questions = pacing.timed()
    later = {}
    for question, cells in questions.items():
        least, most = pacing.rounds(cells)
        later[question] = least - 1, most - 1
    round_plans = plan_rounds(
        cells=[cell for cells in questions.values() for cell in cells],
        baseline=plan.baseline,
        round_number=0,
        seed=plan.seed,
    )
    pace = RoundsPace(plan)
    pace.open(round_plans, (), later)
    return pace.left(None)
