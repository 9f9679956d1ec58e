"""What the records say of the rounds beside visits: which questions ended and why, who left, who waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from qbench.results.store import RunStore
from qbench.session.history import Decision, History, Question

__all__ = ["Announced"]


@dataclass(slots=True, kw_only=True)
class Announced:
    """Writes each event once, also in a run that was interrupted and goes on."""

    store: RunStore
    history: History
    fixed_rounds: bool
    waiting: set[str] = field(default_factory=set)
    """Ids of cells found to wait by their nature."""
    _left_early: set[str] = field(default_factory=set)
    _said: dict[Question, tuple[int, str]] = field(default_factory=dict)

    def take_up(self, events: Iterable[Mapping[str, Any]]) -> None:
        """What the records say already is not said again."""
        for event in events:
            if event["event"] == "cell_budget_used":
                self._left_early.add(event["cell"])
            elif event["event"] == "cell_waits":
                self.waiting.add(event["cell"])
            elif event["event"] == "question_done":
                question = Question(*(event[name] for name in Question._fields))
                self._said[question] = event["rounds"], event["why"]

    def done(self, decisions: Mapping[Question, Decision]) -> None:
        """An event for every question that the stopping rule or a budget ended, whenever the last is not so.

        Fixed rounds just end, unless a smaller budget had ended them before.
        """
        for question, decision in decisions.items():
            if decision.why is None:
                continue
            before, now = self._said.get(question), (decision.rounds, decision.why)
            expected = decision.why == "rounds" and self.fixed_rounds and before is None
            if not expected and now != before:
                self._said[question] = now
                self.store.add_event(
                    "question_done", **question._asdict(), rounds=decision.rounds, why=decision.why
                )

    def budget_used(self, numbers: Mapping[Question, int]) -> None:
        """The run's budget ended the rounds: what became of each question before its round of ``numbers``.

        One that would have ended there by itself is not said to have lacked time.
        """
        for question, number in numbers.items():
            decision = self.history.decide(question, number)
            if decision.cells:
                decision = Decision((), "budget", self.history.rounds_had(question, number))
            self.done({question: decision})
            self.cells({question: decision}, number)

    def cells(self, decisions: Mapping[Question, Decision], number: int) -> None:
        """Events for cells that a budget keeps out from round ``number`` on, and for those found to wait."""
        for question, decision in decisions.items():
            if decision.why not in (None, "cell_budget"):
                continue
            for cell, whose in self.history.left(question, number).items():
                if cell not in self._left_early:
                    self._left_early.add(cell)
                    rounds = self.history.cell_rounds(cell, number)
                    self.store.add_event("cell_budget_used", cell=cell, rounds=rounds, whose=whose)
            for due in decision.cells:
                if due.id not in self.waiting and self.history.waits(due, number):
                    self.waiting.add(due.id)
                    self.store.add_event("cell_waits", cell=due.id, round=number)
