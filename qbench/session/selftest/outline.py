"""What a self-test would do and about how long it takes, before any of it is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import psutil

from qbench.session.selftest.programme import PlannedRun, operations, planned_runs
from qbench.session.selftest.request import Request

__all__ = ["Remaining", "outline_lines"]

# Seconds, as seen on two cores with little else to do.  All calls are short beside a visit (but spin's), so a
# visit takes what the plan gives it: here that tells more than the paces of single simulators.
START_S = 0.09
IMPORT_S = {"qiskit": 0.5, "ddsim": 0.6, "numpy": 0.07}
JUDGING_S = 0.5
VISIT_S = 0.003
PYPERF_S = 0.9
"""One pyperf benchmark of one clock: two interpreters, an import, twelve values of 20 ms."""

SPIN_CALLS = 25
"""Of the longest spin in its run: probes, the judged answer, and seven calls in each of three rounds."""

EXPECTED_EXTRA = 1.1
"""Rounds over the least and the extra ones: some questions take more."""

LOADED = 2.0
"""With busy processes beside it: turns are waited for, and contended visits are followed by further ones."""


def outline_lines(request: Request) -> Iterator[str]:
    """One line per experiment: its runs, comparisons and minutes; then the sum.

    Minutes are told from those of a quiet machine to those where every question takes the most rounds.
    """
    runs = planned_runs(request)
    for experiment in request.experiments:
        mine = [run for run in runs if run.experiment == experiment]
        yield f"{experiment:<9}{len(mine):>4} runs {_pairs(mine):>6} comparisons  {_about(request, mine)}"
    about = _about(request, runs)
    busy = f"{request.load} busy process{'es' if request.load > 1 else ''}"
    where = f"beside {busy}" if request.load else "on a quiet machine"
    if not request.load and " to " in about:
        where = f"the least {where}"
    yield f"{'':<9}{len(runs):>4} runs {'':>18}  {about} in all, {where}"
    cores = _usable_cores()
    if request.load and request.load + 1 > cores:
        yield (
            f"With {busy} on {cores} core{'s' if cores > 1 else ''}, none is left for the simulators: "
            "every visit shares its core."
        )


@dataclass(slots=True, kw_only=True)
class Remaining:
    """What is left of a self-test: as it was estimated, and as much slower as the runs so far were.

    >>> left = Remaining(ahead={"null": 10.0, "aa-000": 20.0, "aa-001": 20.0, "aa-002": 20.0})
    >>> left.done("null", None)  # it was there: nothing was seen
    >>> left.seconds, left.text("null")
    (60.0, 'null, about 60 s left')
    >>> left.done("aa-000", 80.0)
    >>> left.seconds, left.text("aa-000")
    (160.0, 'aa-000, about 3 min left')
    """

    ahead: dict[str, float]
    estimated: float = 0.0
    taken: float = 0.0

    @classmethod
    def of(cls, request: Request, runs: Sequence[PlannedRun]) -> Remaining:
        return cls(ahead={run.name: _seconds(request, run) for run in runs})

    def done(self, name: str, seconds: float | None) -> None:
        """A run is over; it took so many seconds, or None where it was there already."""
        about = self.ahead.pop(name)
        if seconds is not None:
            self.estimated += about
            self.taken += seconds

    @property
    def seconds(self) -> float:
        slower = self.taken / self.estimated if self.estimated else 1.0
        return slower * sum(self.ahead.values())

    def text(self, name: str) -> str:
        """For the progress: the run that is over, and about how long the rest takes."""
        return f"{name}, about {_duration(self.seconds)} left" if self.ahead else name


def _usable_cores() -> int:
    process = psutil.Process()
    usable = len(process.cpu_affinity()) if hasattr(process, "cpu_affinity") else psutil.cpu_count()
    return usable or 1


def _stretch(request: Request) -> float:
    """How many times longer it takes with the busy processes: more where there is not a core for each."""
    return LOADED * max(1.0, (request.load + 1) / _usable_cores()) if request.load else 1.0


def _about(request: Request, runs: Sequence[PlannedRun]) -> str:
    least = _duration(sum(_seconds(request, run) for run in runs)).split()
    most = _duration(sum(_seconds(request, run, most=True) for run in runs)).split()
    if least == most:
        return f"about {' '.join(most)}"
    return f"about {' '.join(least[: 1 if least[1] == most[1] else 2])} to {' '.join(most)}"


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def _pairs(runs: Sequence[PlannedRun]) -> int:
    return sum(
        (len(run.plan.simulators) - 1) * len(run.plan.problems) * len(run.plan.measure.phases)
        for run in runs
        if run.experiment in ("aa", "slowdown")
    )


def _seconds(request: Request, run: PlannedRun, *, most: bool = False) -> float:
    """One run with what is measured beside it: on a quiet machine, or with the ``most`` rounds."""
    measure, names = run.plan.measure, list(run.plan.simulators)
    rounds = float(measure.rounds)
    if not measure.fixed_rounds:
        last = measure.most_rounds or measure.rounds
        rounds = float(last) if most else min(last, (measure.rounds + measure.extra_rounds) * EXPECTED_EXTRA)
    visit = VISIT_S + 1.05e-3 * (len(measure.phases) * measure.visit_ms + measure.warmup_ms)
    start = sum(START_S + IMPORT_S.get(name.partition(".")[0], 0.0) for name in names)
    seconds = JUDGING_S + len(names) * 0.1 + start + rounds * (start + visit * len(run.plan.cells))
    if run.experiment == "pyperf":
        seconds += PYPERF_S * 2 * len(operations(request))
    if run.experiment == "spin":
        longest = max(one.simulator.facts.options["execute_ns"] for one in run.plan.simulators.values())
        seconds += SPIN_CALLS * longest / 1e9
    return _stretch(request) * seconds
