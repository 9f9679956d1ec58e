"""What a self-test would do and about how long it takes, before any of it is done."""

from __future__ import annotations

from collections.abc import Iterator

from qbench.session.estimate import estimate
from qbench.session.plan import Plan
from qbench.session.preparing import PreparedCell, prepare_cell
from qbench.session.selftest.programme import PlannedRun, Request, planned_runs

__all__ = ["outline_lines"]


def outline_lines(request: Request) -> Iterator[str]:
    """One line per experiment: its runs, comparisons and minutes; then the sum."""
    runs = planned_runs(request)
    total = 0.0
    for experiment in request.experiments:
        mine = [run for run in runs if run.experiment == experiment]
        seconds = sum(_seconds(run) for run in mine)
        total += seconds
        yield f"{experiment:<9}{len(mine):>4} runs {_pairs(mine):>6} comparisons  about {_minutes(seconds)}"
    yield f"{'':<9}{len(runs):>4} runs {'':>18}  about {_minutes(total)} in all"


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def _pairs(runs: list[PlannedRun]) -> int:
    return sum(
        (len(run.plan.simulators) - 1) * len(run.plan.problems) * len(run.plan.measure.phases)
        for run in runs
        if run.experiment in ("aa", "slowdown")
    )


def _seconds(run: PlannedRun) -> float:
    plan: Plan = run.plan
    asked = []
    for cell in plan.cells:
        prepared = prepare_cell(
            plan.simulators[cell.simulator],
            plan.problems[cell.problem].circuit,
            plan.tasks[cell.task],
            "native",
        )
        if isinstance(prepared, PreparedCell):
            asked.append((cell, prepared.circuit))
    return estimate(plan, asked).total
