"""About how long a run will take: from its plan, constants and this machine's speed; nothing is run.

How many rounds the stopping rule takes is found out by measuring.  The estimate tells a range: from as few
rounds as there can be to as many as there may, within the budget.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qbench.ir import Circuit
from qbench.measure.schedule import GROUP_SIZE, plan_rounds, rounds_cap
from qbench.model import RANKED_PHASES, Cell
from qbench.session.cell_costs import Costs, Machine, once_costs, round_visits
from qbench.session.controls import LIAR
from qbench.session.history import Question, question_of
from qbench.session.paces import HARNESS, scaled
from qbench.session.plan import Plan
from qbench.session.suites import MeasurePlan

__all__ = ["Estimate", "estimate", "question_rounds"]

SPREAD = 1.25
"""The range told reaches this factor beyond what the rounds alone make of it."""

EXTRA_VISITS = 1.12
"""Visits over planned ones: contention added passes to 12 % of the blocks on a shared machine."""

WIDE = 0.15
"""The share of ratios that are still wide at the least number of rounds, roughly."""

END_S = 3.0
"""After the budget is used and the block that is half way is finished: tables are written."""


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
    once = once_costs(machine, asked)
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


def _longest_block(machine: Machine, timed: Sequence[tuple[Cell, Circuit]], size: int) -> float:
    """Seconds, as if a question's slowest cells were in one group: a block that was begun is finished."""
    blocks = [
        sorted((round_visits(machine, cell, circuit).total for cell, circuit in members), reverse=True)
        for members in _questions(timed).values()
    ]
    return max((sum(block[:size]) for block in blocks), default=0.0)
