"""The timed rounds: fresh workers, shuffled blocks, simulators back to back, records after every visit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from qbench.ir import problem_to_data, task_to_data
from qbench.measure.asking import Answer, answer_limit, decode_answer, refusal
from qbench.measure.flags import visit_flags
from qbench.measure.ledger import Account
from qbench.measure.pool import Pool
from qbench.measure.process import WorkerLost, WorkerProcess
from qbench.measure.schedule import Block, RoundPlan, plan_rounds
from qbench.model import Cell, Flag, NoAnswer, Place, Verdict, Visit
from qbench.results.redact import redact
from qbench.results.store import RunStore
from qbench.session.asking import References, question_seed, worker_spec
from qbench.session.controls import LIAR
from qbench.session.plan import Plan
from qbench.session.preparing import PreparedCell, prepare_cell
from qbench.verify.compare import same_answer
from qbench.verify.judge import judge, no_approximation

__all__ = ["Rounds"]

Workers = dict[tuple[str, int], WorkerProcess]
"""Live workers by simulator and threads."""

TIMED_ALPHA = 1e-8
"""A timed sample does not pass below this p-value: far below the judge's own level, because every visit of
every cell is looked at, and there is no second try."""

PATIENCE = 4
"""A visit may take this many times as long as its calls should take by the judged one."""


@dataclass(slots=True, kw_only=True)
class Rounds:
    """The timed part of one run, over the cells that gave an answer.

    ``samples`` are the last counts seen by cell, first the judged ones, to tell remembered samples from
    drawn ones.  ``goes_on(n)`` says whether round n is to be run: the place of the stopping rule.
    """

    plan: Plan
    pool: Pool
    store: RunStore
    references: References
    samples: dict[str, Answer]
    report: Callable[[str], None]
    goes_on: Callable[[int], bool]
    _cells: list[Cell] = field(default_factory=list)
    _loops: dict[str, dict[str, int]] = field(default_factory=dict)
    _prepared: dict[str, PreparedCell] = field(default_factory=dict)
    _answer_s: dict[str, float] = field(default_factory=dict)
    _attempts: dict[str, int] = field(default_factory=dict)
    _finished: set[str] = field(default_factory=set)
    _lost: set[str] = field(default_factory=set)
    _wrong: set[str] = field(default_factory=set)

    def prepare(self) -> int:
        """Take up what the records hold; returns how many blocks of the planned rounds are not done.

        The cells are those that gave an answer, also those lost since: a block's identity never changes.
        """
        records = self.store.records()
        for visit in records.visits:
            if visit.place == Place.WARM:
                self._loops.setdefault(visit.cell, {}).setdefault(visit.phase, visit.loops)
        for event in records.events:
            if event["event"] == "block_started":
                self._attempts[event["block"]] = event["attempt"]
            elif event["event"] == "block_done":
                self._finished.add(event["block"])
            elif event["event"] == "worker_lost":
                self._lost.add(event["cell"])
            elif event["event"] == "judged":
                self._answer_s[event["cell"]] = event["answer_ns"] / 1e9
        self._wrong = {id for id, outcome in records.outcomes.items() if outcome.verdict == Verdict.WRONG}
        self._cells = [
            cell
            for cell in self.plan.cells
            if records.outcomes[cell.id].answer_digest is not None
            and self.plan.simulators[cell.simulator].control != LIAR  # judged, never timed
        ]
        return sum(
            len(self._todo(round_plan))
            for number in range(self.plan.measure.rounds)
            for round_plan in self._round(number)
        )

    def _round(self, number: int) -> tuple[RoundPlan, ...]:
        return plan_rounds(
            cells=self._cells, baseline=self.plan.baseline, round_number=number, seed=self.plan.seed
        )

    def _todo(self, round_plan: RoundPlan) -> list[Block]:
        return [block for block in round_plan.blocks if block.id not in self._finished]

    def run(self) -> None:
        """Run the rounds, group by group, until ``goes_on`` says no."""
        number = 0
        while self.goes_on(number):
            for round_plan in self._round(number):
                if self._todo(round_plan):
                    self._run_group(round_plan)
            number += 1

    def _run_group(self, round_plan: RoundPlan) -> None:
        workers: Workers = {}
        blocks = self._todo(round_plan)
        needed = {(cell.simulator, cell.threads) for block in blocks for cell in block.cells}
        try:
            for name in round_plan.simulators:
                for key in sorted(key for key in needed if key[0] == name):
                    self._start(workers, key, round_plan)
            for block in blocks:
                self._run_block(workers, round_plan, block)
        finally:
            for worker in workers.values():
                self.pool.end(worker)

    def _start(self, workers: Workers, key: tuple[str, int], round_plan: RoundPlan) -> None:
        """Start and load one worker; one that does not load sits this round out, and an event says so."""
        name, threads = key
        spec = worker_spec(
            self.plan.simulators[name],
            threads=threads,
            hash_seed=round_plan.hash_seed,
            padding=round_plan.padding,
        )
        worker = self.pool.start(spec)
        facts: dict[str, Any] = {"simulator": name, "round": round_plan.round}
        try:
            reply = self.pool.load(worker)
            failed = refusal(reply.message)
        except WorkerLost as lost:
            failed = NoAnswer(verdict=lost.verdict, reason=lost.reason)
        if failed is not None:
            self.pool.end(worker)
            self.store.add_event(
                "worker_not_loaded", **facts, verdict=failed.verdict, reason=redact(failed.reason)
            )
            return
        workers[key] = worker
        self.store.add_event(
            "worker_started",
            **facts,
            purpose="round",
            threads=threads,
            hash_seed=round_plan.hash_seed,
            padding=round_plan.padding,
            import_wall_ns=reply.message["import_wall_ns"],
            import_cpu_ns=reply.message["import_cpu_ns"],
            rss_bytes=reply.message["rss_bytes"],
        )

    def _run_block(self, workers: Workers, round_plan: RoundPlan, block: Block) -> None:
        attempt = self._attempts.get(block.id, 0) + 1
        self.store.add_event("block_started", block=block.id, attempt=attempt)
        for cell in block.cells:
            key = (cell.simulator, cell.threads)
            if key in workers and not workers[key].running:  # killed while idle: no cell's fault
                self.store.add_event("worker_gone", simulator=cell.simulator, round=block.round)
                self.pool.end(workers.pop(key))
                self._start(workers, key, round_plan)
            if cell.id in self._lost or key not in workers:
                continue
            try:
                self._visit(workers[key], block, attempt, cell)
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
                self.pool.end(workers.pop(key))
                self._start(workers, key, round_plan)
        self.store.add_event("block_done", block=block.id, attempt=attempt)
        self._finished.add(block.id)
        problem = self.plan.problems[block.cells[0].problem].circuit.name
        task = self.plan.tasks[block.cells[0].task].label
        self.report(f"round {block.round + 1}: {problem} {task}")

    def _visit(self, worker: WorkerProcess, block: Block, attempt: int, cell: Cell, number: int = 0) -> None:
        measure = self.plan.measure
        seed = question_seed(self.plan.seed, cell.id, block.id, attempt, number)
        task = self.plan.tasks[cell.task]
        lowered = self._lowered(cell).circuit
        request = {
            "op": "visit",
            "cell": cell.id,
            "problem": problem_to_data(lowered),
            "task": task_to_data(task),
            "seed": seed,
            "phases": list(measure.phases),
            "visit_ns": measure.visit_ms * 1_000_000,
            "warmup_ns": measure.warmup_ms * 1_000_000,
            "warmup_calls": measure.warmup_calls,
            "least_samples": measure.least_samples,
            "loops": self._loops.get(cell.id, {}),
        }
        ledger = self.pool.ledger
        with ledger.account(Account.VISITS):
            reply = worker.request(
                request, self._visit_limit_s(cell), answer_limit(lowered, task, len(measure.phases))
            )
            failed = refusal(reply.message)
            if failed is not None:
                raise WorkerLost(failed.verdict, failed.reason, "")
            try:
                answers = [decode_answer(one, reply.buffers) for one in reply.message["answers"]]
                visits = [
                    _as_visit(record, block, attempt, cell, number, seed)
                    for record in reply.message["visits"]
                ]
                ledger.move(Account.VISITS, Account.CALLS, sum(reply.message["spent_ns"].values()))
            except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
                reason = f"what it answered to a visit cannot be read: {error}"
                raise WorkerLost(Verdict.ERROR, reason, "") from error
        for visit in visits:
            if visit.place == Place.WARM:
                self._loops.setdefault(cell.id, {}).setdefault(visit.phase, visit.loops)
        flags = set(visit_flags(visits, threads=cell.threads, output_bytes=reply.output_bytes))
        with ledger.account(Account.JUDGING):
            for answer in answers:
                flags |= self._answer_flags(cell, answer)
        self.store.add_visits(replace(visit, flags=tuple(sorted(map(str, flags)))) for visit in visits)

    def _visit_limit_s(self, cell: Cell) -> float:
        """Seconds for one visit: the calls that it makes, by the judged one's time, with patience."""
        measure = self.plan.measure
        calls = 2 + len(measure.phases) * (measure.warmup_calls + measure.least_samples + 5)
        by_calls = PATIENCE * calls * min(self._answer_s.get(cell.id, 0.0), measure.request_limit_s)
        planned = len(measure.phases) * measure.visit_ms / 1e3 + measure.warmup_ms / 1e3
        return measure.request_limit_s + PATIENCE * planned + by_calls

    def _lowered(self, cell: Cell) -> PreparedCell:
        if cell.id not in self._prepared:
            planned = self.plan.simulators[cell.simulator]
            circuit = self.plan.problems[cell.problem].circuit
            prepared = prepare_cell(planned, circuit, self.plan.tasks[cell.task], cell.gate_mode)
            if isinstance(prepared, NoAnswer):  # the judged call was made: the same plan cannot refuse now
                raise AssertionError(f"cell {cell.id} was answered but is refused: {prepared.reason}")
            self._prepared[cell.id] = prepared
        return self._prepared[cell.id]

    def _answer_flags(self, cell: Cell, answer: Answer) -> set[Flag]:
        """Judge a timed phase's last answer like any other, and see whether a sample was only remembered.

        A cell whose judged answer was wrong gets neither flag: that is said of it already, and a simulator
        that is always wrong in one way is neither irreproducible nor caching.
        """
        if cell.id in self._wrong:
            return set()
        task = self.plan.tasks[cell.task]
        facts = self.plan.simulators[cell.simulator].simulator.facts
        reference = self.references.of(self.plan.problems[cell.problem].circuit)
        lowered = self._lowered(cell).circuit
        judgement = judge(task, answer, reference, facts.precision, lowered)
        flags = set()
        passed, impossible = judgement.passed, judgement.figures.get("impossible")
        if facts.kind == "approximate":
            passed = no_approximation(judgement) is None
        elif task.kind == "sample" and not impossible:
            passed = judgement.figures.get("p_value", 1.0) >= TIMED_ALPHA
        if judgement.malformed or not passed:
            flags.add(Flag.IRREPRODUCIBLE)
        earlier = self.samples.get(cell.id)
        if earlier is not None:
            again = same_answer(task, earlier, answer, reference, facts.precision, kind=facts.kind)
            if again.cached:
                flags.add(Flag.CACHED)
        if isinstance(answer, dict):
            self.samples[cell.id] = answer
        return flags


def _as_visit(
    record: Mapping[str, Any], block: Block, attempt: int, cell: Cell, number: int, seed: int
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
        visit=number,
        seed=seed,
    )
