"""What visits, answers and references cost, in seconds: from constants and this machine's speed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qbench.ir import Circuit, Task
from qbench.measure.schedule import visits_in_round
from qbench.measure.worker import choose_count
from qbench.model import Cell, Phase
from qbench.session.gate_modes import gates_asked
from qbench.session.paces import HARNESS, Harness, Pace, pace_of, scaled
from qbench.session.plan import Plan
from qbench.session.suites import MeasurePlan
from qbench.verify.probes import run_probes

__all__ = ["Costs", "Machine", "once_costs", "reference_seconds", "round_visits", "visit_seconds"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Seconds by what they go to, as the run's own costs name it."""

    calls: float = 0.0
    imports: float = 0.0
    judging: float = 0.0
    starting: float = 0.0
    visits: float = 0.0
    other: float = 0.0

    @property
    def total(self) -> float:
        return self.calls + self.imports + self.judging + self.starting + self.visits + self.other

    def plus(self, more: Costs, times: float = 1.0) -> Costs:
        return Costs(
            calls=self.calls + times * more.calls,
            imports=self.imports + times * more.imports,
            judging=self.judging + times * more.judging,
            starting=self.starting + times * more.starting,
            visits=self.visits + times * more.visits,
            other=self.other + times * more.other,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What things take on this machine: the constants, times its factor."""

    plan: Plan
    factor: float
    harness: Harness

    def pace(self, name: str) -> Pace:
        """By configuration: a control, or one of another interpreter, has the pace of what it runs."""
        facts = self.plan.simulators[name].simulator.facts
        return scaled(pace_of(facts.name, imports=bool(facts.distributions)), self.factor)

    def call_seconds(self, cell: Cell, circuit: Circuit) -> float:
        return self.whole_seconds(cell.simulator, circuit, self.plan.tasks[cell.task])

    def whole_seconds(self, name: str, circuit: Circuit, task: Task) -> float:
        """One call through all phases."""
        pace, gates = self.pace(name), len(circuit.gates)
        translate = self.harness.translate_gate * gates
        return translate + pace.prepare + pace.task_s(circuit, task)

    def judge_seconds(self, cell: Cell, again: bool = False) -> float:
        """Judging one answer; a state that was judged before is only recognised."""
        task = self.plan.tasks[cell.task]
        held = _held(self.plan.problems[cell.problem].circuit, task)
        if again and not task.counted:
            return self.harness.recognise + held * self.harness.recognise_amplitude
        return self.harness.judge + held * self.harness.judge_amplitude


def round_visits(machine: Machine, cell: Cell, circuit: Circuit) -> Costs:
    """What one cell's planned visits of one round cost."""
    task, measure = machine.plan.tasks[cell.task], machine.plan.measure
    answers = len(set(measure.phases) & {Phase.EXECUTE, Phase.READBACK, Phase.END_TO_END})
    visit = Costs(
        calls=visit_seconds(machine.pace(cell.simulator), circuit, task, measure, machine.harness),
        judging=answers * machine.judge_seconds(cell, again=True),
        visits=machine.harness.visit,
    )
    return Costs().plus(visit, visits_in_round(1e9 * machine.call_seconds(cell, circuit), measure.visits))


def once_costs(machine: Machine, asked: Sequence[tuple[Cell, Circuit]]) -> Costs:
    """What is done once in a run: references, probes and judged answers, and what surrounds a session."""
    names = dict.fromkeys((cell.simulator, cell.threads) for cell, _ in asked)
    return Costs(
        imports=sum(machine.pace(name).load for name, _ in names),
        judging=_answers_seconds(machine, asked),
        starting=machine.harness.worker * len(names),
        other=machine.harness.session,
    )


def visit_seconds(
    pace: Pace, circuit: Circuit, task: Task, measure: MeasurePlan, harness: Harness = HARNESS
) -> float:
    """Simulator calls of one visit: the first calls, then every phase's warm-up and samples."""
    gates = len(circuit.gates)
    execute = pace.task_s(circuit, task)
    translate = harness.translate_gate * gates
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
        max(measure.warmup_calls * call, warm_up)
        + max(choose_count(round(call * 1e9), 1, 0, measure.least_samples) * call, sampled)
        for call in timed
    )


def _held(circuit: Circuit, task: Task) -> float:
    """How many numbers the reference holds."""
    return (4.0 if task.kind in ("density_matrix", "noisy_sample") else 2.0) ** circuit.num_qubits


def reference_seconds(machine: Machine, problem: str, task_id: str) -> float:
    """The exact answer that a question is judged against."""
    circuit, task = machine.plan.problems[problem].circuit, machine.plan.tasks[task_id]
    runs = {"gradient": 5, "sweep": len(task.bindings), "sample": 0}.get(task.kind, 1)
    steps = runs * len(circuit.gates) * (3 if task.noise else 1)
    harness = machine.harness
    return steps * (harness.reference_gate + _held(circuit, task) * harness.reference_amplitude)


def _answers_seconds(machine: Machine, asked: Sequence[tuple[Cell, Circuit]]) -> float:
    """References, probes and judged answers, once per run."""
    plan, harness, seconds = machine.plan, machine.harness, 0.0
    for problem, task in {(cell.problem, cell.task) for cell, _ in asked}:
        seconds += reference_seconds(machine, problem, task)
    for cell, circuit in asked:
        call = min(machine.call_seconds(cell, circuit), plan.measure.request_limit_s)
        seconds += call + machine.judge_seconds(cell)
    kinds = {task.kind for task in plan.tasks.values()}
    for name in dict.fromkeys(cell.simulator for cell, _ in asked):
        facts = plan.simulators[name].simulator.facts
        mine = [kind for kind in facts.tasks if kind in kinds]
        for gate_mode in plan.gate_modes:
            gates = gates_asked(facts, gate_mode)
            for probe in run_probes(gates, facts.max_qubits, mine, facts.noise, ()):
                call = machine.whole_seconds(name, probe.circuit, probe.task)
                seconds += len(probe.seeds) * call + harness.judge
    return seconds
