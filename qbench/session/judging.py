"""The judged answers: each simulator is probed, then asked once per cell, untimed and seeded.

The worker that answers has a fixed hash seed, and every question's seed follows from the plan's seed, the
problem and the task alone, so two runs on one machine judge the same answers.
"""

from __future__ import annotations

from collections.abc import Callable

from qbench.measure.asking import Answer, Asker
from qbench.measure.pool import Pool
from qbench.model import Cell, Flag, NoAnswer, Outcome
from qbench.results.records import RunRecords
from qbench.results.redact import redact
from qbench.results.store import RunStore
from qbench.session.asking import Judged, References, ask_and_judge, question_seed, worker_spec
from qbench.session.plan import Plan, PlannedSimulator
from qbench.session.preparing import PreparedCell, prepare_cell
from qbench.session.probing import Finding, probe_simulator
from qbench.verify.judge import answer_digest
from qbench.verify.probes import run_probes

__all__ = ["judge_simulator"]


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
    kinds = {task.kind for task in plan.tasks.values()}
    probes = run_probes(facts.gates, facts.max_qubits, [kind for kind in facts.tasks if kind in kinds])
    failure: Finding | None = None
    asked = 0
    for finding in probe_simulator(asker, planned, probes, references, plan.gate_mode):
        asked += 1
        if finding.failed:
            failure = finding
            break
    if asked == 0:
        return ()
    store.add_event(
        "conformance",
        simulator=planned.label,
        passed=failure is None,
        probe=None if failure is None else failure.probe.name,
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
    if isinstance(prepared, NoAnswer):
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
