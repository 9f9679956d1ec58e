"""What a self-test would do and about how long it takes, before any of it is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import psutil

from qbench.session.selftest.programme import SPIN_NS, PlannedRun, operations, planned_runs
from qbench.session.selftest.request import Request

__all__ = ["outline_lines"]

# Seconds, as seen on two cores with little else to do.  All calls are short beside a visit (but spin's), so a
# visit takes what the plan gives it: here that tells more than the paces of single simulators.
START_S = 0.09
IMPORT_S = {"qiskit": 0.5, "ddsim": 0.6, "numpy": 0.07}
JUDGING_S = 0.5
VISIT_S = 0.003
PYPERF_S = 0.9
"""One pyperf benchmark of one clock: two interpreters, an import, twelve values of 20 ms."""

EXPECTED_EXTRA = 1.1
"""Rounds over the least and the extra ones: some questions take more."""

LOADED = 2.0
"""With busy processes beside it: turns are waited for, and contended visits are followed by further ones."""


def outline_lines(request: Request) -> Iterator[str]:
    """One line per experiment: its runs, comparisons and minutes; then the sum."""
    runs = planned_runs(request)
    total = 0.0
    for experiment in request.experiments:
        mine = [run for run in runs if run.experiment == experiment]
        seconds = sum(_seconds(run) for run in mine)
        if experiment == "pyperf":
            seconds += PYPERF_S * 2 * len(operations(request)) * len(mine)
        if experiment == "spin" and not request.reduced:
            seconds += (
                25 * SPIN_NS[-1] / 1e9
            )  # probes, judged answer, and seven calls in each of three rounds
        seconds *= _stretch(request)
        total += seconds
        yield f"{experiment:<9}{len(mine):>4} runs {_pairs(mine):>6} comparisons  about {_minutes(seconds)}"
    busy = f"{request.load} busy process{'es' if request.load > 1 else ''}"
    where = f"beside {busy}" if request.load else "on a quiet machine"
    yield f"{'':<9}{len(runs):>4} runs {'':>18}  about {_minutes(total)} in all, {where}"
    cores = _usable_cores()
    if request.load and request.load + 1 > cores:
        yield (
            f"With {busy} on {cores} core{'s' if cores > 1 else ''}, none is left for the simulators: "
            "every visit shares its core."
        )


def _usable_cores() -> int:
    process = psutil.Process()
    usable = len(process.cpu_affinity()) if hasattr(process, "cpu_affinity") else psutil.cpu_count()
    return usable or 1


def _stretch(request: Request) -> float:
    """How many times longer it takes with the busy processes: more where there is not a core for each."""
    return LOADED * max(1.0, (request.load + 1) / _usable_cores()) if request.load else 1.0


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def _pairs(runs: Sequence[PlannedRun]) -> int:
    return sum(
        (len(run.plan.simulators) - 1) * len(run.plan.problems) * len(run.plan.measure.phases)
        for run in runs
        if run.experiment in ("aa", "slowdown")
    )


def _seconds(run: PlannedRun) -> float:
    measure, names = run.plan.measure, list(run.plan.simulators)
    rounds = float(measure.rounds)
    if not measure.fixed_rounds:
        rounds = min(measure.most_rounds or rounds, (measure.rounds + measure.extra_rounds) * EXPECTED_EXTRA)
    visit = VISIT_S + 1.05e-3 * (len(measure.phases) * measure.visit_ms + measure.warmup_ms)
    start = sum(START_S + IMPORT_S.get(name.partition(".")[0], 0.0) for name in names)
    return JUDGING_S + len(names) * 0.1 + start + rounds * (start + visit * len(run.plan.cells))
