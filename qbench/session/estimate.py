"""About how long a run will take, from its plan alone: nothing is run, imported or looked up in old runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qbench.ir import Circuit, Task
from qbench.measure.schedule import plan_rounds
from qbench.model import Cell, Phase
from qbench.session.paces import HARNESS, Pace, pace_of
from qbench.session.plan import Plan
from qbench.session.suites import MeasurePlan
from qbench.verify.probes import run_probes

__all__ = ["Estimate", "estimate", "visit_seconds"]

SPREAD = 1.3
"""The range told is the estimate divided and multiplied by this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Seconds by what they go to, as the run's own costs name it."""

    calls: float
    imports: float
    judging: float
    starting: float
    visits: float
    other: float

    @property
    def total(self) -> float:
        return self.calls + self.imports + self.judging + self.starting + self.visits + self.other

    @property
    def low(self) -> float:
        return self.total / SPREAD

    @property
    def high(self) -> float:
        return self.total * SPREAD


def estimate(plan: Plan, asked: Sequence[tuple[Cell, Circuit]]) -> Estimate:
    """The duration of a whole run, given its cells that will be asked, each with its lowered circuit.

    A cell is taken to answer within the time limit.
    """
    measure = plan.measure
    circuits = {cell.id: circuit for cell, circuit in asked}
    seconds = {
        cell.id: visit_seconds(pace_of(cell.simulator), circuits[cell.id], plan.tasks[cell.task], measure)
        for cell, _ in asked
    }
    judged = _answers_seconds(plan, asked)
    loads = [pace_of(name).load for name in dict.fromkeys(cell.simulator for cell, _ in asked)]
    calls = judging_timed = 0.0
    visits = 0
    answers = len(set(measure.phases) & {Phase.EXECUTE, Phase.READBACK, Phase.END_TO_END})
    first_round = plan_rounds(
        cells=[cell for cell, _ in asked], baseline=plan.baseline, round_number=0, seed=plan.seed
    )
    for group in first_round:
        needed = dict.fromkeys(cell.simulator for block in group.blocks for cell in block.cells)
        loads += [pace_of(name).load for name in needed] * measure.rounds
        for cell in (cell for block in group.blocks for cell in block.cells):
            calls += seconds[cell.id] * measure.rounds
            visits += measure.rounds
            judging_timed += answers * _judge_seconds(plan, cell) * measure.rounds
    return Estimate(
        calls=calls,
        imports=sum(loads),
        judging=judged + judging_timed,
        starting=HARNESS.worker * len(loads),
        visits=HARNESS.visit * visits,
        other=HARNESS.session,
    )


def visit_seconds(pace: Pace, circuit: Circuit, task: Task, measure: MeasurePlan) -> float:
    """Simulator calls of one visit: the first calls, then every phase's warm-up and samples."""
    gates = len(circuit.gates)
    execute = pace.execute_s(circuit.num_qubits, gates, task.shots or 0)
    translate = HARNESS.translate_gate * gates
    whole = translate + pace.prepare + execute
    calls = {  # with what a call of the phase consumes
        Phase.TRANSLATE: translate,
        Phase.COMPILE: translate + pace.prepare,
        Phase.EXECUTE: execute,
        Phase.READBACK: execute,
        Phase.END_TO_END: whole,
    }
    if not pace.prepare:
        del calls[Phase.COMPILE]
    timed = [calls[phase] for phase in map(Phase, measure.phases) if phase in calls]
    warm_up, sampled = measure.warmup_ms / 1e3 / max(1, len(timed)), measure.visit_ms / 1e3
    return whole + sum(
        max(measure.warmup_calls * call, warm_up) + max(measure.least_samples * call, sampled)
        for call in timed
    )


def _answers_seconds(plan: Plan, asked: Sequence[tuple[Cell, Circuit]]) -> float:
    """References, probes and judged answers, once per run."""
    seconds = 0.0
    for problem in {cell.problem for cell, _ in asked}:
        circuit = plan.problems[problem].circuit
        held = 2.0**circuit.num_qubits
        seconds += len(circuit.gates) * (HARNESS.reference_gate + held * HARNESS.reference_amplitude)
    for cell, circuit in asked:
        pace, shots = pace_of(cell.simulator), plan.tasks[cell.task].shots or 0
        seconds += _call_seconds(pace, circuit, shots)
        seconds += _judge_seconds(plan, cell)
    kinds = {task.kind for task in plan.tasks.values()}
    for name in dict.fromkeys(cell.simulator for cell, _ in asked):
        facts = plan.simulators[name].simulator.facts
        probes = run_probes(facts.gates, facts.max_qubits, [kind for kind in facts.tasks if kind in kinds])
        for probe in probes:
            call = _call_seconds(pace_of(name), probe.circuit, probe.task.shots or 0)
            seconds += len(probe.seeds) * call + HARNESS.judge
    return seconds


def _call_seconds(pace: Pace, circuit: Circuit, shots: int) -> float:
    gates = len(circuit.gates)
    translate = HARNESS.translate_gate * gates
    return translate + pace.prepare + pace.execute_s(circuit.num_qubits, gates, shots)


def _judge_seconds(plan: Plan, cell: Cell) -> float:
    qubits = plan.problems[cell.problem].circuit.num_qubits
    return HARNESS.judge + 2.0**qubits * HARNESS.judge_amplitude
