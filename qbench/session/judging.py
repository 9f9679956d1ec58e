"""The judged answers: each simulator is probed, then asked once per cell, untimed and seeded.

The worker that answers has a fixed hash seed, and every question's seed follows from the cell alone, so
two runs on one machine judge the same answers.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from qbench.ir import Circuit, Task
from qbench.measure.asking import Answer, Asker, NoAnswer
from qbench.measure.pool import Pool, WorkerSpec
from qbench.model import Cell, Flag, Judgement, Outcome, Verdict
from qbench.results.records import RunRecords
from qbench.results.redact import redact
from qbench.results.store import RunStore
from qbench.session.plan import Plan, PlannedSimulator, PreparedCell, Refusal, prepare_cell
from qbench.verify.judge import Reference, answer_digest, judge, prepare, verdict
from qbench.verify.probes import Probe, run_probes

__all__ = ["Conformance", "References", "judge_simulator", "probe_simulator", "worker_spec"]

MORE_SHOTS = 10
"""A sample that fails is asked once more, with a new seed and this many times the shots."""


class References:
    """Exact references by problem, each made once."""

    def __init__(self) -> None:
        self._made: dict[str, Reference] = {}

    def of(self, circuit: Circuit) -> Reference:
        if circuit.id not in self._made:
            self._made[circuit.id] = prepare(circuit)
        return self._made[circuit.id]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conformance:
    """What one probe found: ``verdict`` is ok, or why the simulator does not conform."""

    probe: str
    circuit: Circuit
    verdict: Verdict
    reason: str | None


def worker_spec(
    planned: PlannedSimulator, *, threads: int, hash_seed: int = 0, padding: int = 0
) -> WorkerSpec:
    """The process that this simulator runs in."""
    facts = planned.simulator.facts
    return WorkerSpec(
        simulator=planned.label,
        path=facts.path,
        interpreter=planned.simulator.interpreter,
        options={**facts.options, "configuration": facts.name},
        threads=threads,
        thread_variables=facts.thread_variables,
        environment=facts.environment,
        hash_seed=hash_seed,
        padding=padding,
    )


def question_seed(*parts: Any) -> int:
    """A seed in [0, 2^31) that follows from what is asked alone."""
    return random.Random("/".join(map(str, parts))).randrange(2**31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One answer and what the judge says; ``answer`` is None where there is none."""

    verdict: Verdict
    reason: str | None
    figures: Mapping[str, float | int]
    answer: Answer | None


def ask_and_judge(
    asker: Asker, planned: PlannedSimulator, lowered: Circuit, task: Task, reference: Reference, seed: int
) -> Judged:
    """Ask once; a sample that fails is asked once more with ``MORE_SHOTS`` times the shots.

    The reference is that of the circuit before lowering.  Only if both samples fail is it wrong.
    """
    facts = planned.simulator.facts
    answer = asker.ask(lowered, task, seed)
    if isinstance(answer, NoAnswer):
        return Judged(verdict=answer.verdict, reason=answer.reason, figures={}, answer=None)
    judgement: Judgement = judge(task, answer, reference, facts.precision)
    if task.kind == "sample" and not judgement.passed and not judgement.malformed:
        more = replace(task, shots=MORE_SHOTS * (task.shots or 1))
        second = asker.ask(lowered, more, question_seed(seed, "again"))
        if isinstance(second, NoAnswer):
            return Judged(
                verdict=second.verdict, reason=second.reason, figures=judgement.figures, answer=answer
            )
        again = judge(more, second, reference, facts.precision)
        judgement = replace(again, figures={**again.figures, "retried": 1})
    return Judged(
        verdict=verdict(facts.kind, judgement),
        reason=judgement.reason,
        figures=judgement.figures,
        answer=answer,
    )


def probe_simulator(
    asker: Asker,
    planned: PlannedSimulator,
    probes: Sequence[Probe],
    references: References,
    gate_mode: str,
) -> Iterator[Conformance]:
    """Ask the probes one by one; what a simulator does not take at all is no fault."""
    for probe in probes:
        prepared = prepare_cell(planned, probe.circuit, probe.task, gate_mode)
        if isinstance(prepared, Refusal):
            continue
        seed = question_seed("probe", probe.name)
        judged = ask_and_judge(
            asker, planned, prepared.circuit, probe.task, references.of(probe.circuit), seed
        )
        if judged.verdict is Verdict.UNSUPPORTED:
            continue
        passed = judged.verdict in (Verdict.OK, Verdict.APPROXIMATE)
        yield Conformance(
            probe=probe.name,
            circuit=probe.circuit,
            verdict=Verdict.OK if passed else judged.verdict,
            reason=None if passed else redact(judged.reason or ""),
        )


def judge_simulator(
    pool: Pool,
    store: RunStore,
    plan: Plan,
    planned: PlannedSimulator,
    references: References,
    earlier: RunRecords,
    report: Callable[[str], None],
) -> dict[str, Answer]:
    """Probe one simulator and judge its cells that ``earlier`` records do not hold yet.

    Outcomes and events go to the store; returned are the judged answers by cell.
    """
    cells = [
        cell for cell in plan.cells if cell.simulator == planned.label and cell.id not in earlier.outcomes
    ]
    asker = Asker(pool, worker_spec(planned, threads=plan.threads))
    answers: dict[str, Answer] = {}
    try:
        flags = _conformance_flags(asker, store, plan, planned, references, earlier) if cells else ()
        for cell in cells:
            outcome, answer = _judge_cell(asker, plan, planned, cell, references, flags)
            store.add_outcome(outcome)
            if answer is not None:
                answers[cell.id] = answer
            report(f"{planned.label}: {plan.problems[cell.problem].circuit.name}")
    finally:
        asker.close()
    for message in asker.started:
        store.add_event(
            "worker_started",
            simulator=planned.label,
            purpose="judge",
            round=None,
            import_wall_ns=message["import_wall_ns"],
            import_cpu_ns=message["import_cpu_ns"],
            rss_bytes=message["rss_bytes"],
        )
    for loss in asker.losses:
        store.add_event(
            "worker_lost_judging",
            simulator=planned.label,
            verdict=loss.verdict,
            reason=redact(loss.reason),
            stderr=redact(loss.stderr_tail),
        )
    return answers


def _conformance_flags(
    asker: Asker,
    store: RunStore,
    plan: Plan,
    planned: PlannedSimulator,
    references: References,
    earlier: RunRecords,
) -> tuple[str, ...]:
    """Run the short probe, keep its result as an event, and flag what does not conform."""
    for event in earlier.events:
        if event["event"] == "conformance" and event["simulator"] == planned.label:
            return () if event["passed"] else (Flag.NONCONFORMANT,)
    if planned.missing:
        return ()
    facts = planned.simulator.facts
    probes = run_probes(facts.gates, facts.max_qubits, facts.tasks)
    failure = None
    asked = 0
    for found in probe_simulator(asker, planned, probes, references, plan.gate_mode):
        asked += 1
        if found.verdict is not Verdict.OK:
            failure = found
            break
    if asked == 0:
        return ()
    store.add_event(
        "conformance",
        simulator=planned.label,
        passed=failure is None,
        probe=None if failure is None else failure.probe,
        reason=None if failure is None else f"{failure.verdict}: {failure.reason}",
    )
    return () if failure is None else (Flag.NONCONFORMANT,)


def _judge_cell(
    asker: Asker,
    plan: Plan,
    planned: PlannedSimulator,
    cell: Cell,
    references: References,
    flags: tuple[str, ...],
) -> tuple[Outcome, Answer | None]:
    circuit, task = plan.problems[cell.problem].circuit, plan.tasks[cell.task]
    seed = question_seed(plan.seed, cell.problem, cell.task)
    prepared = prepare_cell(planned, circuit, task, cell.gate_mode)
    if isinstance(prepared, Refusal):
        judged = Judged(verdict=prepared.verdict, reason=prepared.reason, figures={}, answer=None)
    else:
        judged = ask_and_judge(asker, planned, prepared.circuit, task, references.of(circuit), seed)
    lowered = prepared if isinstance(prepared, PreparedCell) else None
    outcome = Outcome(
        cell=cell.id,
        verdict=judged.verdict,
        reason=None if judged.reason is None else redact(judged.reason),
        figures=judged.figures,
        answer_digest=None if judged.answer is None else answer_digest(task.kind, judged.answer),
        seed=seed,
        gates_executed=None if lowered is None else len(lowered.circuit.gates),
        lowering_ns=None if lowered is None else lowered.lowering_ns,
        flags=flags if judged.answer is not None else (),
    )
    return outcome, judged.answer
