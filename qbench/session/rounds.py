"""The timed rounds: fresh workers, shuffled blocks, simulators back to back, records after every visit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qbench.ir import problem_to_data, task_to_data
from qbench.measure.asking import Answer, decode_answer, refusal
from qbench.measure.flags import visit_flags
from qbench.measure.pool import Pool
from qbench.measure.process import Reply, WorkerLost, WorkerProcess
from qbench.measure.schedule import Block, RoundPlan, groups, plan_round
from qbench.model import Cell, Flag, NoAnswer, Place, Visit
from qbench.results.redact import redact
from qbench.results.store import RunStore
from qbench.session.asking import References, question_seed, worker_spec
from qbench.session.plan import Plan
from qbench.session.preparing import PreparedCell, prepare_cell
from qbench.verify.compare import same_answer

__all__ = ["Rounds"]

VISIT_REQUESTS = 3
"""A visit may take this many times the limit of one question: it makes many calls, not one."""


@dataclass(slots=True, kw_only=True)
class Rounds:
    """The timed part of one run, over the cells that gave an answer.

    ``answers`` are the last answers seen by cell: first the judged ones, as far as this process judged them.
    """

    plan: Plan
    pool: Pool
    store: RunStore
    references: References
    answers: dict[str, Answer]
    report: Callable[[str], None]
    _sampling: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    _prepared: dict[str, PreparedCell] = field(default_factory=dict)
    _attempts: dict[str, int] = field(default_factory=dict)
    _finished: set[str] = field(default_factory=set)
    _lost: set[str] = field(default_factory=set)

    def schedule(self) -> list[tuple[RoundPlan, list[Block]]]:
        """What is still to be done: every round and group with its unfinished blocks.

        Blocks hold the cells that gave an answer, also those lost since: a block's identity never changes.
        """
        records = self.store.records()
        for visit in records.visits:
            if visit.place == Place.WARM:
                self._sampling.setdefault(visit.cell, {})[visit.phase] = (visit.loops, visit.count)
        for event in records.events:
            if event["event"] == "block_started":
                self._attempts[event["block"]] = event["attempt"]
            elif event["event"] == "block_done":
                self._finished.add(event["block"])
            elif event["event"] == "worker_lost":
                self._lost.add(event["cell"])
        answered = [cell for cell in self.plan.cells if records.outcomes[cell.id].answer_digest is not None]
        simulators = list(dict.fromkeys(cell.simulator for cell in answered))
        plans = [
            plan_round(cells=answered, group=group, round_number=number, seed=self.plan.seed)
            for number in range(self.plan.measure.rounds)
            for group in groups(simulators, self.plan.baseline)
        ]
        todo = [(plan, [b for b in plan.blocks if b.id not in self._finished]) for plan in plans]
        return [(plan, blocks) for plan, blocks in todo if blocks]

    def run(self, schedule: list[tuple[RoundPlan, list[Block]]]) -> None:
        for round_plan, blocks in schedule:
            workers: dict[str, WorkerProcess] = {}
            try:
                for name in round_plan.simulators:
                    self._start(workers, name, round_plan)
                for block in blocks:
                    self._run_block(workers, round_plan, block)
            finally:
                for worker in workers.values():
                    self.pool.end(worker)

    def _start(self, workers: dict[str, WorkerProcess], name: str, round_plan: RoundPlan) -> None:
        """Start and load one worker; one that does not load sits this round out, and an event says so."""
        spec = worker_spec(
            self.plan.simulators[name],
            threads=self.plan.threads,
            hash_seed=round_plan.hash_seed,
            padding=round_plan.padding,
        )
        worker = self.pool.start(spec)
        facts: dict[str, Any] = {"simulator": name, "round": round_plan.round}
        try:
            reply = worker.load()
            failed = refusal(reply.message)
        except WorkerLost as lost:
            failed = NoAnswer(verdict=lost.verdict, reason=lost.reason)
        if failed is not None:
            self.pool.end(worker)
            self.store.add_event(
                "worker_not_loaded", **facts, verdict=failed.verdict, reason=redact(failed.reason)
            )
            return
        workers[name] = worker
        self.store.add_event(
            "worker_started",
            **facts,
            purpose="round",
            hash_seed=round_plan.hash_seed,
            padding=round_plan.padding,
            import_wall_ns=reply.message["import_wall_ns"],
            import_cpu_ns=reply.message["import_cpu_ns"],
            rss_bytes=reply.message["rss_bytes"],
        )

    def _run_block(self, workers: dict[str, WorkerProcess], round_plan: RoundPlan, block: Block) -> None:
        attempt = self._attempts.get(block.id, 0) + 1
        self.store.add_event("block_started", block=block.id, attempt=attempt)
        for cell in block.cells:
            if cell.id in self._lost or cell.simulator not in workers:
                continue
            try:
                self._visit(workers[cell.simulator], block, attempt, cell)
            except WorkerLost as lost:
                self._lost.add(cell.id)
                self.store.add_event(
                    "worker_lost",
                    simulator=cell.simulator,
                    cell=cell.id,
                    round=block.round,
                    verdict=lost.verdict,
                    reason=redact(lost.reason),
                    stderr=redact(lost.stderr_tail),
                )
                self.pool.end(workers.pop(cell.simulator))
                self._start(workers, cell.simulator, round_plan)
        self.store.add_event("block_done", block=block.id, attempt=attempt)
        self._finished.add(block.id)
        problem = self.plan.problems[block.cells[0].problem].circuit.name
        task = self.plan.tasks[block.cells[0].task].label
        self.report(f"round {block.round + 1}/{self.plan.measure.rounds}: {problem} {task}")

    def _visit(self, worker: WorkerProcess, block: Block, attempt: int, cell: Cell) -> None:
        measure = self.plan.measure
        seed = question_seed(self.plan.seed, cell.id, block.round)
        task = self.plan.tasks[cell.task]
        request = {
            "op": "visit",
            "problem": problem_to_data(self._lowered(cell).circuit),
            "task": task_to_data(task),
            "seed": seed,
            "phases": list(measure.phases),
            "visit_ns": measure.visit_ms * 1_000_000,
            "warmup_ns": measure.warmup_ms * 1_000_000,
            "warmup_calls": measure.warmup_calls,
            "least_samples": measure.least_samples,
            "sampling": self._sampling.get(cell.id, {}),
        }
        reply = worker.request(request, measure.request_limit_s * VISIT_REQUESTS)
        failed = refusal(reply.message)
        if failed is not None:
            raise WorkerLost(failed.verdict, failed.reason, "")
        records = reply.message["visits"]
        for record in records:
            if record["place"] == Place.WARM:
                plan = (record["loops"], record["count"])
                self._sampling.setdefault(cell.id, {}).setdefault(record["phase"], plan)
        flags = (
            *visit_flags(records, threads=cell.threads, output_bytes=reply.output_bytes),
            *self._answer_flags(cell, reply),
        )
        self.store.add_visits(_as_visit(record, block, attempt, cell, seed, flags) for record in records)

    def _lowered(self, cell: Cell) -> PreparedCell:
        if cell.id not in self._prepared:
            planned = self.plan.simulators[cell.simulator]
            circuit = self.plan.problems[cell.problem].circuit
            prepared = prepare_cell(planned, circuit, self.plan.tasks[cell.task], cell.gate_mode)
            if isinstance(prepared, NoAnswer):  # the judged call was made: the same plan cannot refuse now
                raise AssertionError(f"cell {cell.id} was answered but is refused: {prepared.reason}")
            self._prepared[cell.id] = prepared
        return self._prepared[cell.id]

    def _answer_flags(self, cell: Cell, reply: Reply) -> tuple[Flag, ...]:
        """Compare a timed visit's last answer with the one before it: the judged one at first."""
        answer = decode_answer(reply)
        earlier = self.answers.get(cell.id)
        self.answers[cell.id] = answer
        if earlier is None:  # resumed: the judged answer was seen by another process
            return ()
        circuit = self.plan.problems[cell.problem].circuit
        planned = self.plan.simulators[cell.simulator]
        comparison = same_answer(
            self.plan.tasks[cell.task],
            earlier,
            answer,
            self.references.of(circuit),
            planned.simulator.facts.precision,
            self._lowered(cell).circuit,
        )
        flags = []
        if not comparison.agrees:
            flags.append(Flag.IRREPRODUCIBLE)
        if comparison.cached:
            flags.append(Flag.CACHED)
        return tuple(flags)


def _as_visit(
    record: Mapping[str, Any], block: Block, attempt: int, cell: Cell, seed: int, flags: Sequence[Flag]
) -> Visit:
    """A worker's record of one phase as a line of visits.jsonl."""
    readings: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in record.items()
    }
    return Visit(
        **readings,
        block=block.id,
        attempt=attempt,
        round=block.round,
        cell=cell.id,
        visit=0,
        seed=seed,
        flags=tuple(str(flag) for flag in flags),
    )
