"""The judged answers' part of the time left: every cell that is still to be judged, and the rounds after it."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from typing import Protocol

from qbench.analysis.forecast import Forecast, TimeLeft, Work
from qbench.model import Cell
from qbench.session.pacing import Pacing
from qbench.session.plan import Plan

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
        self._least, self._most = pacing.rounds()
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
        # Judging is not cut by the budget: what it leaves of the budget is what the rounds may take.
        judging, budget_s = self._forecast.seconds(self._left), self._budget_left()
        rounds_s = None if budget_s is None else max(0.0, budget_s - judging)
        rounds = self._forecast.left(self._least, self._most, rounds_s)
        self._told.left(TimeLeft(judging + rounds.least_s, judging + rounds.most_s, rounds.by_budget))
