"""The timed rounds: fresh workers, shuffled blocks, visits back to back, records after every visit."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from qbench.measure.pool import Pool
from qbench.measure.process import WorkerLost
from qbench.measure.schedule import (
    Block,
    RoundPlan,
    extra_passes,
    group_size,
    plan_rounds,
    turns,
    visits_in_round,
)
from qbench.model import Cell, Metric, Place, Visit
from qbench.results.reasons import recorded_reason
from qbench.results.records import lost_lines
from qbench.results.redact import redact
from qbench.results.store import RunStore
from qbench.session.announcing import Announced
from qbench.session.budget import Budget
from qbench.session.controls import LIAR
from qbench.session.history import Decision, History, Question, question_of, visit_ns
from qbench.session.judging_pace import Told as ToldWhenItEnds
from qbench.session.live_workers import LiveWorkers
from qbench.session.plan import Plan
from qbench.session.rounds_pace import RoundsPace, later_rounds
from qbench.session.visiting import Turn, Visited, Visitor

__all__ = ["Rounds", "Told"]


class Told(ToldWhenItEnds, Protocol):
    """Hears also of how many blocks there may be in all."""

    def expect(self, steps: int) -> None: ...


@dataclass(slots=True, kw_only=True)
class Rounds:
    """The timed part of one run, over the cells that gave an answer."""

    plan: Plan
    pool: Pool
    store: RunStore
    visitor: Visitor
    told: Told
    _budget: Budget = field(init=False)
    _history: History = field(init=False)
    _announced: Announced = field(init=False)
    _pace: RoundsPace = field(init=False)
    _decisions: Mapping[Question, Decision] = field(default_factory=dict)
    _size: int = field(init=False)
    _attempts: dict[str, int] = field(default_factory=dict)
    _finished: set[str] = field(default_factory=set)
    _lost: set[str] = field(default_factory=set)
    _done: int = 0
    _left: int = 0
    _ahead_blocks: int = 0
    _start_s: float = 0.0

    def prepare(self) -> int:
        """Take up what the records hold; returns how many blocks are not done, of the most that may be.

        The cells are those that gave an answer, also those lost since: a block's identity never changes.
        """
        records = self.store.records()
        self._budget = Budget(limit_s=self.plan.measure.budget_s, ledger=self.pool.ledger)
        self._budget.take_up(records.events)
        self._history = History(plan=self.plan, outcomes=records.outcomes)
        self._history.take_part(
            cell
            for cell in self.plan.cells
            if records.outcomes[cell.id].answer_digest is not None
            and self.plan.simulators[cell.simulator].control != LIAR  # judged, never timed
        )
        self._history.add(records.visits)
        self._pace = RoundsPace(self.plan)
        self._size = group_size(records.manifest["machine"].get("memory_bytes"), len(self.plan.threads))
        if records.lacking:
            self.store.add_event("visits_lost", **lost_lines(records.lacking))
        if records.orphans:
            self.store.add_event(
                "events_lost", blocks=len(records.orphans), visits=sum(records.orphans.values())
            )
        self._attempts |= records.attempts
        done = {event["block"]: event for event in records.events if event["event"] == "block_done"}
        for block in done.keys() - records.lacking.keys():  # one that lost visits is run again
            self._finished.add(block)
            self._history.spend(done[block].get("round", 0), done[block].get("spent_ns", {}))
            self._pace.saw(done[block].get("spent_ns", {}))
        for event in records.events:
            if event["event"] == "worker_lost":
                self._lost.add(event["cell"])
                self._history.leave(event["cell"], event.get("round", 0))
            elif event["event"] == "worker_not_loaded":
                self._history.loading.failed(event["simulator"], event["round"])
        self._announced = Announced(
            store=self.store, history=self._history, fixed_rounds=self.plan.measure.fixed_rounds
        )
        self._announced.take_up(records.events)
        self.visitor.take_up(records)
        number, round_plans = self._open_round(0)
        return 0 if self._budget.used() else self._ahead(number, round_plans)

    def run(self) -> None:
        """Round after round, until every question is done or the budget is used."""
        began = time.monotonic()
        number, round_plans = self._open_round(0)
        self._pace.begin()
        while round_plans:
            self._ahead_blocks = self._ahead(number, round_plans)
            self._pace.open(round_plans, self._finished, self._later(number))
            self._expect(began)
            self.told.left(self._pace.left(self._budget.left_s))
            for round_plan in round_plans:
                if self._todo(round_plan) and not self._run_group(round_plan, began):
                    self._end_by_budget(number, round_plans)
                    return
            number, round_plans = self._open_round(number + 1)

    def _expect(self, began: float) -> None:
        """Say how many blocks there will be: those that may be, or that the budget has time for."""
        ahead, left_s = self._ahead_blocks, self._budget.left_s
        if left_s is not None and self._done:
            one_s = (time.monotonic() - began) / self._done
            ahead = min(ahead, max(0, round(left_s / one_s)))
        self.told.expect(self._done + ahead)

    # ---- what is due

    def _open_round(self, number: int) -> tuple[int, tuple[RoundPlan, ...]]:
        """The first round from ``number`` on that has blocks to run, and its groups; none: all is done."""
        while True:
            self._decisions = decisions = {
                question: self._history.decide(question, number) for question in self._history.questions
            }
            self._announced.done(decisions)
            self._announced.cells(decisions, number)
            self._left = sum(bool(decision.cells) for decision in decisions.values())
            due = {cell.id for decision in decisions.values() for cell in decision.cells}
            self._history.loading.asked(number, due)
            round_plans = plan_rounds(
                cells=[cell for cell in self.plan.cells if cell.id in due],
                baseline=self.plan.baseline,
                round_number=number,
                seed=self.plan.seed,
                size=self._size,
            )
            if not due or any(map(self._todo, round_plans)):
                return number, round_plans
            number += 1

    def _todo(self, round_plan: RoundPlan) -> list[Block]:
        return [block for block in round_plan.blocks if block.id not in self._finished]

    def _ahead(self, number: int, round_plans: tuple[RoundPlan, ...]) -> int:
        """Blocks that are still to run: of this round, and of later ones as many as there may be."""
        blocks = Counter(question_of(block.cells[0]) for plan in round_plans for block in plan.blocks)
        later = self._later(number)
        most = sum(count * later[question][1] for question, count in blocks.items())
        return most + sum(len(self._todo(round_plan)) for round_plan in round_plans)

    def _later(self, number: int) -> dict[Question, tuple[int, int]]:
        """By question that is due in this round: the least and the most rounds after it."""
        due = ((question, decision) for question, decision in self._decisions.items() if decision.cells)
        return {question: later_rounds(self.plan.measure, one.rounds, number) for question, one in due}

    def _end_by_budget(self, number: int, round_plans: tuple[RoundPlan, ...]) -> None:
        """A question whose blocks of this round are all done is decided with this round's records too."""
        whole: dict[Question, bool] = {}
        for block in (block for round_plan in round_plans for block in round_plan.blocks):
            question = question_of(block.cells[0])
            whole[question] = whole.get(question, True) and block.id in self._finished
        self._announced.budget_used(
            {question: number + whole.get(question, False) for question in self._history.questions}
        )
        self.store.add_event(
            "budget_used", budget_s=self.plan.measure.budget_s, elapsed_ns=self._budget.elapsed_ns
        )

    # ---- groups, blocks, visits

    def _run_group(self, round_plan: RoundPlan, began: float) -> bool:
        """Run a group's blocks; whether the budget allowed all of them.

        Workers are not started where they would take what is left of the budget, by the slowest start so far.
        """
        if self._budget.used(self._start_s):
            return False
        workers = LiveWorkers(
            plan=self.plan,
            pool=self.pool,
            store=self.store,
            loading=self._history.loading,
            round_plan=round_plan,
        )
        blocks = self._todo(round_plan)
        starting = time.monotonic()
        try:
            workers.start(cell for block in blocks for cell in block.cells)
            self._start_s = max(self._start_s, time.monotonic() - starting)
            self._pace.started(blocks)
            for block in blocks:
                if self._budget.used():
                    return False
                self._run_block(workers, block)
                self._pace.did(block)
                self._expect(began)
                self.told.left(self._pace.left(self._budget.left_s))
                self.told.step(self._progress(block))
        finally:
            workers.end()
        return True

    def _run_block(self, workers: LiveWorkers, block: Block) -> None:
        """All passes of one block: those that are planned, and more while visits were contended.

        A pass that was contended for anybody is followed by another one for everybody, so that a
        disturbance costs all simulators alike.  A cell that waits by its nature disturbs nobody: its visits
        add no passes.  Nothing is thrown away.  How many passes are planned for
        a cell follows from its first round: were it this round's readings, a slow visit would be followed
        by fewer others than a fast one, and slow rounds would count for more.
        """
        attempt = self._attempts.get(block.id, 0) + 1
        self.store.add_event("block_started", block=block.id, attempt=attempt)
        wanted: dict[str, int] = {}
        spent_ns: Counter[str] = Counter()
        kept: list[Visit] = []
        planned, extra, number = 1, 0, 0
        while number < planned + extra:
            contended = False
            for cell in turns(block, number, self.plan.seed):
                if 0 < number < planned and number >= wanted.get(cell.id, 1):
                    continue  # its calls are so long that it takes part in fewer of the planned passes
                turn = Turn(block=block, attempt=attempt, number=number)
                visited = self._take_turn(workers, turn, cell)
                if visited is None:
                    continue
                kept += visited.visits
                spent_ns[cell.id] += visited.spent_ns
                contended = contended or (visited.contended and cell.id not in self._announced.waiting)
                call_ns = self._history.call_ns(cell.id, block.round) or _call_ns(visited.visits)
                wanted.setdefault(cell.id, visits_in_round(call_ns, self.plan.measure.visits))
            if number == 0:
                planned = max(wanted.values(), default=1)
            if contended and extra < extra_passes(planned) and not self._budget.used():
                extra += 1
            number += 1
        self._history.add(kept)
        self._history.spend(block.round, spent_ns)
        self._pace.saw(spent_ns)
        self.store.add_event(
            "block_done",
            block=block.id,
            attempt=attempt,
            round=block.round,
            passes=number,
            visits=len(kept),
            elapsed_ns=self._budget.session_ns,
            spent_ns=dict(spent_ns),
        )
        self._finished.add(block.id)
        self._done += 1
        self._ahead_blocks -= 1

    def _take_turn(self, workers: LiveWorkers, turn: Turn, cell: Cell) -> Visited | None:
        """One cell's visit, stored; None where the cell or its worker is lost."""
        worker = None if cell.id in self._lost else workers.of(cell)
        if worker is None:
            return None
        try:
            visited = self.visitor.visit(worker, cell, turn)
        except WorkerLost as lost:
            number = turn.block.round
            self._lost.add(cell.id)
            self._history.leave(cell.id, number)
            self.store.add_event(
                "worker_lost",
                simulator=cell.simulator,
                cell=cell.id,
                round=number,
                verdict=lost.verdict,
                reason=recorded_reason(lost.reason),
                stderr=redact(lost.stderr_tail),
            )
            workers.replace(cell)
            return None
        self.store.add_visits(visited.visits)
        return visited

    def _progress(self, block: Block) -> str:
        """What is shown between blocks; a narrow terminal cuts its end."""
        cell = block.cells[0]
        name = f"{self.plan.problems[cell.problem].circuit.name} {self.plan.tasks[cell.task].label}"
        if len(self.plan.threads) > 1:
            name += f" on {cell.threads}"
        if len(self.plan.gate_modes) > 1:
            name += f", {cell.gate_mode} gates"
        parts = [f"round {block.round + 1}"]
        if not self.plan.measure.fixed_rounds:
            parts.append(f"{self._left} open")
        return f"{', '.join(parts)}: {name}"


def _call_ns(visits: Sequence[Visit]) -> float:
    """The longest call among a visit's phases, in ns."""
    warm = [visit for visit in visits if visit.place == Place.WARM]
    return max((visit_ns(visit, Metric.WALL) or 0.0 for visit in warm), default=0.0)
