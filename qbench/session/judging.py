"""The judged answers: each simulator is probed, then asked once per cell, untimed and seeded.

The worker that answers has a fixed hash seed, and every question's seed follows from the plan's seed, the
problem and the task alone, so two runs on one machine judge the same answers.  Each number of threads has
its own worker and its own answers.  The alias shares its baseline's probe; the liar is not probed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from qbench.measure.asking import Answer, Asker
from qbench.measure.pool import Pool
from qbench.model import Cell, Flag, NoAnswer, Outcome, Verdict
from qbench.results.reasons import RECORDED, cut_short, recorded_reason
from qbench.results.records import RunRecords
from qbench.results.redact import redact
from qbench.results.store import RunStore
from qbench.session.asking import Judged, References, ask_and_judge, question_seed, worker_spec
from qbench.session.controls import ALIAS, LIAR
from qbench.session.gate_modes import gates_asked
from qbench.session.plan import Plan, PlannedSimulator
from qbench.session.preparing import prepare_cell
from qbench.session.probing import Finding, probe_simulator
from qbench.session.timing import note_threads, note_timing, probed_so
from qbench.verify.judge import answer_digest
from qbench.verify.probes import run_probes

__all__ = ["judge_simulator"]


@dataclass(slots=True)
class Judging:
    """One simulator's judged answers: what asks, what is known, and where it goes."""

    store: RunStore
    plan: Plan
    planned: PlannedSimulator
    references: References
    earlier: RunRecords
    asker: Asker
    _told: tuple[int, int] = (0, 0)

    def tell(self) -> None:
        """Put what happened to the workers since the last time into the run's events."""
        started, lost = self._told
        for message in self.asker.started[started:]:
            self.store.add_event(
                "worker_started",
                simulator=self.planned.label,
                purpose="judge",
                round=None,
                import_wall_ns=message["import_wall_ns"],
                import_cpu_ns=message["import_cpu_ns"],
                rss_bytes=message["rss_bytes"],
            )
        for loss in self.asker.losses[lost:]:
            self.store.add_event(
                "worker_lost_judging",
                simulator=self.planned.label,
                verdict=loss.verdict,
                reason=recorded_reason(loss.reason),
                stderr=redact(loss.stderr_tail),
            )
        self._told = len(self.asker.started), len(self.asker.losses)


def judge_simulator(
    pool: Pool,
    store: RunStore,
    plan: Plan,
    planned: PlannedSimulator,
    references: References,
    earlier: RunRecords,
    report: Callable[[Cell, str], None],
) -> dict[str, Answer]:
    """Probe one simulator and judge its cells that ``earlier`` records do not hold yet, small ones first.

    Outcomes and events go to the store; returned are the judged samples by cell.  A circuit that has at
    least as many qubits and gates as one that timed out or ran out of memory at the same task is not
    asked: it gets that verdict, and the reason says so.  One that did so only when it was asked for more
    shots says nothing of others.
    """
    mine = [cell for cell in plan.cells if cell.simulator == planned.label]
    todo = sorted((cell for cell in mine if cell.id not in earlier.outcomes), key=lambda c: _size(plan, c))
    if planned.control == ALIAS and todo:
        earlier = store.records()  # with what was found of the baseline in this very session
    same_code = (planned.label, planned.simulator.label)
    beyond = [
        (cell, earlier.outcomes[cell.id])
        for cell in plan.cells
        if cell.simulator in same_code and cell.id in earlier.outcomes
    ]
    answers: dict[str, Answer] = {}
    probed: dict[str, _Probed] = {}
    for threads in plan.threads:
        cells = [cell for cell in todo if cell.threads == threads]
        if not cells:
            continue
        asker = Asker(pool, worker_spec(planned, threads=threads))
        judging = Judging(store, plan, planned, references, earlier, asker)
        try:
            for mode in plan.gate_modes:
                if mode not in probed and any(cell.gate_mode == mode for cell in cells):
                    probed[mode] = _probe(judging, mode)
            for cell in cells:
                smaller = _smaller_failure(plan, cell, beyond)
                found = probed[cell.gate_mode]
                own = (*found.conformance, *found.timing.get(plan.tasks[cell.task].kind, ()))
                outcome, answer = _judge_cell(judging, cell, own, smaller, found.reason)
                judging.tell()
                store.add_outcome(outcome)
                beyond.append((cell, outcome))
                if isinstance(answer, dict):
                    answers[cell.id] = answer
                report(cell, f"{planned.label}: {plan.problems[cell.problem].circuit.name}")
            note_threads(store, planned, threads, asker)
            judging.tell()
        finally:
            asker.close()
    return answers


def _size(plan: Plan, cell: Cell) -> tuple[int, int]:
    circuit = plan.problems[cell.problem].circuit
    return circuit.num_qubits, len(circuit.gates)


def _smaller_failure(plan: Plan, cell: Cell, beyond: Sequence[tuple[Cell, Outcome]]) -> NoAnswer | None:
    """The verdict that a cell inherits from a smaller circuit at the same task, or None: ask it."""
    mine = _size(plan, cell)
    for other, outcome in beyond:
        found = Verdict(outcome.verdict)
        bounds = found in (Verdict.TIMEOUT, Verdict.OOM) and not outcome.figures.get("retried")
        size = _size(plan, other)
        larger = mine[0] >= size[0] and mine[1] >= size[1]
        mine_too = (cell.task, cell.threads, cell.gate_mode)
        alike = (other.task, other.threads, other.gate_mode) == mine_too
        if bounds and alike and larger:
            name = plan.problems[other.problem].circuit.name
            which = f"{name}, which is smaller," if other.problem != cell.problem else other.simulator
            return NoAnswer(verdict=found, reason=f"not asked: {which} ended so")
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Probed:
    """The flags that probes in one gate mode give a simulator: to all its cells, and by kind of task.

    ``reason`` says which probe it failed, and how.
    """

    conformance: tuple[str, ...]
    reason: str | None
    timing: Mapping[str, tuple[str, ...]]


def _probe(judging: Judging, gate_mode: str) -> _Probed:
    """Probe what is executed: in a run of both gate modes, each with its own gates.

    Who does not conform is not ranked: whether it also cheats with time is not asked.
    """
    conformance, reason = _conformance_flags(judging, gate_mode)
    timing: Mapping[str, tuple[str, ...]] = {}
    if not conformance:
        store, plan, planned = judging.store, judging.plan, judging.planned
        timing = note_timing(store, plan, planned, judging.asker, judging.earlier, gate_mode)
    judging.tell()
    return _Probed(conformance=conformance, reason=reason, timing=timing)


def _conformance_flags(judging: Judging, gate_mode: str) -> tuple[tuple[str, ...], str | None]:
    """Run the short probe, keep its result as an event, and flag what does not conform, with the reason."""
    planned, plan = judging.planned, judging.plan
    if planned.control == LIAR:
        return (), None
    for event in judging.earlier.events:
        if event["event"] == "conformance" and probed_so(event, plan, planned, gate_mode):
            return _nonconformant(event["passed"], event.get("probe"), event.get("reason"))
    if planned.missing or planned.control == ALIAS:  # a baseline that was not probed needed none
        return (), None
    facts = planned.simulator.facts
    kinds = {task.kind for task in plan.tasks.values()}
    asked_kinds = [kind for kind in facts.tasks if kind in kinds]
    dynamic = any(problem.circuit.features & facts.features for problem in plan.problems.values())
    features = facts.features if dynamic else ()
    gates = gates_asked(facts, gate_mode)
    probes = run_probes(gates, facts.max_qubits, asked_kinds, facts.noise, features)
    failure: Finding | None = None
    asked = 0
    for finding in probe_simulator(judging.asker, planned, probes, judging.references, gate_mode):
        asked += 1
        if finding.failed:
            failure = finding
            break
    if asked == 0:
        return (), None
    probe = None if failure is None else failure.probe.name
    reason = None if failure is None else cut_short(f"{failure.verdict}: {failure.reason}", RECORDED)
    passed = failure is None
    judging.store.add_event(
        "conformance",
        simulator=planned.label,
        gate_mode=gate_mode,
        passed=passed,
        probe=probe,
        reason=reason,
    )
    return _nonconformant(passed, probe, reason)


def _nonconformant(passed: bool, probe: str | None, reason: str | None) -> tuple[tuple[str, ...], str | None]:
    return ((), None) if passed else ((Flag.NONCONFORMANT,), f"not ranked: probe {probe}: {reason}")


def _judge_cell(
    judging: Judging, cell: Cell, flags: tuple[str, ...], smaller: NoAnswer | None, unranked: str | None
) -> tuple[Outcome, Answer | None]:
    plan, planned = judging.plan, judging.planned
    circuit, task = plan.problems[cell.problem].circuit, plan.tasks[cell.task]
    seed = question_seed(plan.seed, cell.problem, cell.task)
    prepared = prepare_cell(planned, circuit, task, cell.gate_mode)
    if isinstance(prepared, NoAnswer):
        judged = Judged(verdict=prepared.verdict, reason=prepared.reason, figures={}, answer=None)
    elif smaller is not None:
        judged = Judged(verdict=smaller.verdict, reason=smaller.reason, figures={}, answer=None)
    else:
        reference = judging.references.of(circuit, task)
        judged = ask_and_judge(judging.asker, planned, prepared.circuit, task, reference, seed)
        judging.store.add_event(
            "judged",
            cell=cell.id,
            lowering_ns=prepared.lowering_ns,
            answer_ns=round(judged.seconds * 1e9),
        )
    reason = unranked if judged.reason is None and judged.answer is not None else judged.reason
    outcome = Outcome(
        cell=cell.id,
        verdict=judged.verdict,
        reason=None if reason is None else recorded_reason(reason),
        figures=judged.figures,
        answer_digest=None if judged.answer is None else answer_digest(task.kind, judged.answer),
        seed=seed,
        gates_executed=None if isinstance(prepared, NoAnswer) else len(prepared.circuit.gates),
        flags=flags if judged.answer is not None else (),
    )
    return outcome, judged.answer
