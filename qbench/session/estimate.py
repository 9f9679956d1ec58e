"""About how long a run will take: from its plan, constants and this machine's speed; nothing is run.

How many rounds the stopping rule takes is found out by measuring.  The estimate tells a range: from as few
rounds as there can be to as many as there may, within the budget.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qbench.ir import Circuit, Task
from qbench.measure.schedule import GROUP_SIZE, plan_rounds, rounds_cap, visits_in_round
from qbench.measure.worker import choose_count
from qbench.model import RANKED_PHASES, Cell, Phase
from qbench.session.controls import LIAR
from qbench.session.gate_modes import gates_asked
from qbench.session.history import Question, question_of
from qbench.session.paces import HARNESS, Harness, Pace, pace_of, scaled
from qbench.session.plan import Plan
from qbench.session.suites import MeasurePlan
from qbench.verify.probes import run_probes

__all__ = [
    "Costs",
    "Estimate",
    "Machine",
    "estimate",
    "question_rounds",
    "reference_seconds",
    "round_visits",
    "visit_seconds",
]

SPREAD = 1.25
"""The range told reaches this factor beyond what the rounds alone make of it."""

EXTRA_VISITS = 1.12
"""Visits over planned ones: contention added passes to 12 % of the blocks on a shared machine."""

WIDE = 0.15
"""The share of ratios that are still wide at the least number of rounds, roughly."""

END_S = 3.0
"""After the budget is used and the block that is half way is finished: tables are written."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a run costs with the expected number of rounds, and the range of its duration in seconds.

    ``rounds`` are the least and the most that a question may take, ``by_budget`` whether the budget is
    expected to end the run before.  ``budget_rounds`` is for how many whole rounds the budget has room, where
    that is fewer than the least.
    """

    costs: Costs
    low: float
    high: float
    rounds: tuple[int, int]
    by_budget: bool
    budget_rounds: int | None = None

    @property
    def total(self) -> float:
        return self.costs.total


def estimate(
    plan: Plan, asked: Sequence[tuple[Cell, Circuit]], *, factor: float = 1.0, size: int = GROUP_SIZE
) -> Estimate:
    """The duration of a whole run, given its cells that will be asked, each with its lowered circuit.

    ``factor`` is this machine's time over the reference machine's, ``size`` how many simulators are alive at
    a time.  A cell whose call would take longer than the time limit is taken to end at it, and is not timed.
    """
    machine = Machine(plan=plan, factor=factor, harness=scaled(HARNESS, factor))
    once = _once(machine, asked)
    timed = [
        (cell, circuit)
        for cell, circuit in asked
        if plan.simulators[cell.simulator].control != LIAR
        and machine.call_seconds(cell, circuit) <= plan.measure.request_limit_s
    ]
    spans = {key: _span(machine, members) for key, members in _questions(timed).items()}
    runs = [
        once.plus(_rounds_costs(machine, timed, {key: span[kind] for key, span in spans.items()}, size))
        for kind in ("least", "expected", "most")
    ]
    budget_s = plan.measure.budget_s
    end = max(once.total, (budget_s or 0.0) + _longest_block(machine, timed, size)) + END_S
    least, expected = (_within(costs, once, budget_s) for costs in runs[:2])
    bounds = [least.total / SPREAD, runs[2].total * SPREAD]  # what is half way at the budget is finished
    budget_rounds = None
    if budget_s is not None:
        bounds = [min(bound, end) for bound in bounds]
        if runs[0].total > budget_s:
            share = max(0.0, budget_s - once.total) / (runs[0].total - once.total)
            budget_rounds = int(share * max(span["least"] for span in spans.values()))
    return Estimate(
        costs=expected,
        low=bounds[0],
        high=max(bounds),
        rounds=(
            round(min((span["least"] for span in spans.values()), default=plan.measure.rounds)),
            round(max((span["most"] for span in spans.values()), default=plan.measure.rounds)),
        ),
        by_budget=budget_s is not None and runs[1].total > budget_s,
        budget_rounds=budget_rounds,
    )


def _within(costs: Costs, once: Costs, budget_s: float | None) -> Costs:
    """As much of the rounds as the budget allows; what is done once is done in any case."""
    if budget_s is None or costs.total <= budget_s:
        return costs
    share = max(0.0, budget_s - once.total) / max(costs.total - once.total, 1e-9)
    return once.plus(costs.plus(once, -1.0), share)


def _questions(timed: Sequence[tuple[Cell, Circuit]]) -> Mapping[Question, list[tuple[Cell, Circuit]]]:
    found: dict[Question, list[tuple[Cell, Circuit]]] = {}
    for cell, circuit in timed:
        found.setdefault(question_of(cell), []).append((cell, circuit))
    return found


def _span(machine: Machine, members: Sequence[tuple[Cell, Circuit]]) -> dict[str, float]:
    slowest = max(machine.call_seconds(cell, circuit) for cell, circuit in members)
    return question_rounds(machine.plan.measure, contestants=len(members) - 1, call_ns=slowest * 1e9)


def question_rounds(measure: MeasurePlan, *, contestants: int, call_ns: float) -> dict[str, float]:
    """The ``least`` and the ``most`` rounds that a question takes, and how many to expect between them.

    The more ratios have to be narrow, the surer one of them is not: a question of core-v1 mostly takes all.
    """
    if measure.fixed_rounds or contestants == 0:
        return dict.fromkeys(("least", "expected", "most"), float(measure.rounds))
    most = max(measure.rounds, rounds_cap(call_ns, measure.most_rounds or measure.rounds))
    least = min(measure.rounds + measure.extra_rounds, most)
    ratios = contestants * len([phase for phase in measure.phases if phase in RANKED_PHASES])
    share = 1.0 - (1.0 - WIDE) ** ratios
    return {"least": least, "expected": least + share * (most - least), "most": most}


def _rounds_costs(
    machine: Machine, timed: Sequence[tuple[Cell, Circuit]], rounds: Mapping[Question, float], size: int
) -> Costs:
    """All rounds: each question as many as ``rounds`` says, the workers as many as the longest needs.

    A cell whose budget is used takes no part in later rounds; the baseline's is taken to suffice.
    """
    plan = machine.plan
    circuits = {cell.id: circuit for cell, circuit in timed}
    total = Costs()
    groups = plan_rounds(
        cells=[cell for cell, _ in timed],
        baseline=plan.baseline,
        round_number=0,
        seed=plan.seed,
        size=size,
    )
    for group in groups:
        cells = [cell for block in group.blocks for cell in block.cells]
        for name, threads in dict.fromkeys((cell.simulator, cell.threads) for cell in cells):
            mine = [cell for cell in cells if (cell.simulator, cell.threads) == (name, threads)]
            worker = Costs(imports=machine.pace(name).load, starting=machine.harness.worker)
            total = total.plus(worker, max(rounds[question_of(cell)] for cell in mine))
        for cell in cells:
            visits = round_visits(machine, cell, circuits[cell.id])
            count = EXTRA_VISITS * rounds[question_of(cell)]
            if plan.measure.cell_budget_s is not None and cell.simulator != plan.baseline:
                count = min(count, max(1.0, plan.measure.cell_budget_s / visits.calls))
            total = total.plus(visits, count)
    return total


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


def _longest_block(machine: Machine, timed: Sequence[tuple[Cell, Circuit]], size: int) -> float:
    """Seconds, as if a question's slowest cells were in one group: a block that was begun is finished."""
    blocks = [
        sorted((round_visits(machine, cell, circuit).total for cell, circuit in members), reverse=True)
        for members in _questions(timed).values()
    ]
    return max((sum(block[:size]) for block in blocks), default=0.0)


def _once(machine: Machine, asked: Sequence[tuple[Cell, Circuit]]) -> Costs:
    """References, probes and judged answers, and what surrounds a session."""
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
