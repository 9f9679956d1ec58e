"""One visit: what the worker is asked, how long it may take, and what its readings and answers are worth."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from qbench.errors import QbenchError
from qbench.ir import problem_to_data, task_to_data
from qbench.measure.asking import Answer, answer_limit, decode_answer, refusal
from qbench.measure.flags import series_flags, visit_flags
from qbench.measure.ledger import Account, Ledger
from qbench.measure.process import Reply, WorkerLost, WorkerProcess
from qbench.measure.schedule import Block
from qbench.model import Cell, Flag, NoAnswer, Place, Verdict, Visit
from qbench.results.lines import check_visit
from qbench.results.records import RunRecords
from qbench.session.asking import References, question_seed
from qbench.session.plan import Plan
from qbench.session.preparing import PreparedCell, prepare_cell
from qbench.verify.compare import same_answer
from qbench.verify.judge import judge, no_approximation

__all__ = ["Turn", "Visited", "Visitor"]

TIMED_ALPHA = 1e-8
"""A timed sample does not pass below this p-value: far below the judge's own level, because every visit of
every cell is looked at, and there is no second try."""

PATIENCE = 4
"""A visit may take this many times as long as its calls should take by the judged one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Which visit it is: the try at the block, and the number of the pass in it."""

    block: Block
    attempt: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """What one visit brought: its lines, and the wall time that it took of the run."""

    visits: tuple[Visit, ...]
    spent_ns: int

    @property
    def contended(self) -> bool:
        return any(Flag.CONTENDED in visit.flags for visit in self.visits)


@dataclass(slots=True, kw_only=True)
class Visitor:
    """Visits workers and judges what they answer.

    ``samples`` are the last counts seen by cell, first the judged ones, to tell remembered samples from
    drawn ones.
    """

    plan: Plan
    ledger: Ledger
    references: References
    samples: dict[str, Answer]
    _loops: dict[str, dict[str, int]] = field(default_factory=dict)
    _prepared: dict[str, PreparedCell] = field(default_factory=dict)
    _questions: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _answer_s: dict[str, float] = field(default_factory=dict)
    _wrong: set[str] = field(default_factory=set)
    _passed: dict[str, bytes] = field(default_factory=dict)

    def take_up(self, records: RunRecords) -> None:
        """Loop counts, judged calls' times and verdicts, as the records hold them."""
        for visit in records.visits:
            self._keep_loops(visit)
        for event in records.events:
            if event["event"] == "judged":
                self._answer_s[event["cell"]] = event["answer_ns"] / 1e9
        self._wrong = {id for id, outcome in records.outcomes.items() if outcome.verdict == Verdict.WRONG}

    def _keep_loops(self, visit: Visit) -> None:
        if visit.place == Place.WARM:
            self._loops.setdefault(visit.cell, {}).setdefault(visit.phase, visit.loops)

    def visit(self, worker: WorkerProcess, cell: Cell, turn: Turn) -> Visited:
        """One visit; raises ``WorkerLost``."""
        measure = self.plan.measure
        seed = question_seed(self.plan.seed, cell.id, turn.block.id, turn.attempt, turn.number)
        request = {
            **self._question(cell),
            "seed": seed,
            "phases": list(measure.phases),
            "visit_ns": measure.visit_ms * 1_000_000,
            "warmup_ns": measure.warmup_ms * 1_000_000,
            "warmup_calls": measure.warmup_calls,
            "least_samples": measure.least_samples,
            "loops": self._loops.get(cell.id, {}),
        }
        lowered, task = self._lowered(cell).circuit, self.plan.tasks[cell.task]
        with self.ledger.account(Account.VISITS):
            reply = worker.request(
                request, self._limit_s(cell), answer_limit(lowered, task, len(measure.phases))
            )
            failed = refusal(reply.message)
            if failed is not None:
                raise WorkerLost(failed.verdict, failed.reason, "")
            try:
                answers = [decode_answer(one, reply.buffers) for one in reply.message["answers"]]
                visits = [_as_visit(record, cell, turn, seed) for record in reply.message["visits"]]
                calls_ns = sum(reply.message["spent_ns"].values())
                self.ledger.move(Account.VISITS, Account.CALLS, calls_ns)
            except (ValueError, KeyError, IndexError, TypeError, AttributeError, QbenchError) as error:
                reason = f"what it answered to a visit cannot be read: {error}"
                raise WorkerLost(Verdict.ERROR, reason, "") from error
        for visit in visits:
            self._keep_loops(visit)
        flags = self._flags(cell, visits, reply)
        with self.ledger.account(Account.CHECKING):
            for answer in answers:
                flags |= self._answer_flags(cell, answer)
        return Visited(
            visits=tuple(
                replace(visit, flags=tuple(sorted({*map(str, flags), *visit.flags}))) for visit in visits
            ),
            spent_ns=reply.wall_ns,
        )

    def _flags(self, cell: Cell, visits: list[Visit], reply: Reply) -> set[Flag]:
        return set(
            visit_flags(
                visits,
                threads=cell.threads,
                output_bytes=reply.output_bytes,
                visit_ns=reply.wall_ns,
                children_cpu_ns=reply.children_cpu_ns,
            )
        )

    def _question(self, cell: Cell) -> Mapping[str, Any]:
        """The part of a request that is the same at every visit of a cell."""
        if cell.id not in self._questions:
            self._questions[cell.id] = {
                "op": "visit",
                "cell": cell.id,
                "problem": problem_to_data(self._lowered(cell).circuit),
                "task": task_to_data(self.plan.tasks[cell.task]),
            }
        return self._questions[cell.id]

    def _limit_s(self, cell: Cell) -> float:
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
        that is always wrong in one way is neither irreproducible nor caching.  An array that is byte for byte
        one that passed passes: a state is mostly the same one at every visit, and judging it again took 5 %
        of a run.
        """
        if cell.id in self._wrong:
            return set()
        if not isinstance(answer, dict):
            digest = _array_digest(answer)
            if self._passed.get(cell.id) == digest:
                return set()
            flags = self._judged_flags(cell, answer)
            if not flags:
                self._passed[cell.id] = digest
            return flags
        flags = self._judged_flags(cell, answer)
        self.samples[cell.id] = answer
        return flags

    def _judged_flags(self, cell: Cell, answer: Answer) -> set[Flag]:
        task = self.plan.tasks[cell.task]
        facts = self.plan.simulators[cell.simulator].simulator.facts
        reference = self.references.of(self.plan.problems[cell.problem].circuit, task)
        judgement = judge(task, answer, reference, facts.precision, self._lowered(cell).circuit)
        flags = set()
        passed, impossible = judgement.passed, judgement.figures.get("impossible")
        if facts.kind == "approximate":
            passed = no_approximation(judgement) is None
        elif task.counted and not impossible:
            passed = judgement.figures.get("p_value", 1.0) >= TIMED_ALPHA
        if judgement.malformed or not passed:
            flags.add(Flag.IRREPRODUCIBLE)
        earlier = self.samples.get(cell.id)
        if earlier is not None:
            again = same_answer(task, earlier, answer, reference, facts.precision, kind=facts.kind)
            if again.cached:
                flags.add(Flag.CACHED)
        return flags


def _array_digest(answer: np.ndarray[Any, Any]) -> bytes:
    kind = f"{answer.dtype.str}{answer.shape}".encode("ascii")
    return hashlib.blake2b(kind + np.ascontiguousarray(answer).tobytes(), digest_size=32).digest()


def _as_visit(record: Mapping[str, Any], cell: Cell, turn: Turn, seed: int) -> Visit:
    """A worker's record of one phase as a line of visits.jsonl."""
    readings: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in record.items()
    }
    drifts = bool(readings.pop("drifts", False))
    visit = Visit(
        **readings,
        block=turn.block.id,
        attempt=turn.attempt,
        round=turn.block.round,
        cell=cell.id,
        visit=turn.number,
        seed=seed,
    )
    check_visit(
        visit
    )  # a simulator shares its process with the clock: what it left of it must not spoil a run
    return replace(visit, flags=tuple(map(str, series_flags(visit, drifts=drifts, threads=cell.threads))))
