"""What is taken from the self-test's runs: every comparison, every known duration, what the harness cost."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from qbench.analysis.readings import RunReadings
from qbench.analysis.stats import MARGIN, Estimate, Standing, paired_ratio, standing
from qbench.analysis.stopping import StoppingRule, rounds_to_run
from qbench.analysis.unpaired import log_ratios
from qbench.model import PHASES, RANKED_PHASES, Flag, Metric, Phase, Place
from qbench.results.records import RunRecords

__all__ = [
    "AGAIN",
    "Costs",
    "Evidence",
    "Pair",
    "Spin",
    "Timed",
    "take_costs",
    "take_pairs",
    "take_spins",
    "take_timed",
]

AGAIN = "~again"
"""Ends the second name of a simulator that is compared with itself."""

DIGITS = 6
"""Decimals of a logarithm that is kept: a millionth of a ratio."""

SLOWED = re.compile(r".*slowed(\d+)")


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One comparison: a simulator over the baseline of its run, on one circuit and phase.

    ``slower_percent`` is the truth, 0 for identical code.  ``wall`` and ``cpu`` are the logs of the ratio,
    one per round and in order.  ``own_rounds`` is how many of these the stopping rule would have let a run
    of these two alone make.  ``contended`` is the share of contended visits of both.  ``turns`` maps rounds
    to the log of the second one's time over the first one's, in the order in which the two were visited.  Not
    slotted, because the estimates are computed when they are asked for.
    """

    run: str
    simulator: str
    circuit: str
    workload: str
    phase: str
    slower_percent: int
    margin: float
    wall: Sequence[float]
    cpu: Sequence[float]
    own_rounds: int
    contended: float
    turns: Mapping[int, float]

    @cached_property
    def ratio(self) -> Estimate:
        """Of wall times, by the intervals of the tables."""
        return _ratio(self.wall)

    @cached_property
    def cpu_ratio(self) -> Estimate | None:
        return _ratio(self.cpu) if self.cpu else None

    @cached_property
    def alone(self) -> Pair:
        """The comparison with the rounds of a run of these two alone."""
        if self.own_rounds >= len(self.wall):
            return self
        return replace(self, wall=self.wall[: self.own_rounds], cpu=self.cpu[: self.own_rounds])

    @property
    def has_interval(self) -> bool:
        return self.ratio.low is not None

    @property
    def standing(self) -> Standing:
        """The verdict on this comparison by itself: a run compares one name of a simulator with its other."""
        return standing(self.ratio, self.ratio.p_value, margin=self.margin)


def _ratio(logs: Sequence[float]) -> Estimate:
    found = paired_ratio(dict(enumerate(map(math.exp, logs))), dict.fromkeys(range(len(logs)), 1.0))
    assert found is not None, "a pair has a round"
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Spin:
    """A known duration and what was read, in ns per call; ``busy`` is CPU over wall time."""

    true_ns: int
    read: Estimate
    busy: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What the harness takes: ns per call of a phase that does nothing, per visit and per worker's start."""

    call_ns: Mapping[str, Estimate]
    visit_ns: float
    start_ns: float
    visits: int
    starts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """What qbench read of one of pyperf's operations, in ns per call by clock."""

    run: str
    simulator: str
    circuit: str
    clocks: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that the findings are made from.

    ``request`` is what was asked for; ``runs`` counts the whole runs and ``planned`` all, by experiment;
    ``plain`` are the readings without the harness.
    """

    request: Mapping[str, Any]
    machine: Mapping[str, Any]
    runs: Mapping[str, int]
    planned: Mapping[str, int]
    pairs: Sequence[Pair]
    spins: Sequence[Spin]
    costs: Costs | None
    plain: Sequence[Mapping[str, Any]]
    timed: Sequence[Timed]


def take_pairs(name: str, run: RunReadings) -> tuple[Pair, ...]:
    """All comparisons of one run with its baseline, in plan order, where they have a round in common."""
    settings = run.records.manifest["settings"]
    turns = _first_turns(run.records)
    found = []
    baseline = run.records.manifest["baseline"]
    references = {(c.problem_id, c.task_id): c for c in run.cells if c.simulator == baseline}
    for cell in run.cells:
        reference = references[cell.problem_id, cell.task_id]
        ranked = [
            log_ratios(cell.phases.get(phase), reference.phases.get(phase), Metric.WALL)
            for phase in RANKED_PHASES
        ]
        own_rounds = _own_rounds(settings, [logs for logs in ranked if logs])
        for phase in PHASES:
            times, others = cell.phases.get(phase), reference.phases.get(phase)
            wall = log_ratios(times, others, Metric.WALL)
            if cell.id == reference.id or times is None or others is None or not wall:
                continue
            shares = [share for share in (times.share(Flag.CONTENDED), others.share(Flag.CONTENDED)) if share]
            known = SLOWED.fullmatch(cell.simulator)
            found.append(
                Pair(
                    run=name,
                    simulator=reference.simulator,
                    circuit=cell.problem["name"],
                    workload=cell.workload,
                    phase=str(phase),
                    slower_percent=int(known[1]) if known else 0,
                    margin=settings.get("margin", MARGIN),
                    wall=tuple(round(log, DIGITS) for log in wall),
                    cpu=tuple(round(log, DIGITS) for log in log_ratios(times, others, Metric.CPU)),
                    own_rounds=own_rounds,
                    contended=round(math.fsum(shares) / 2, DIGITS),
                    turns=_turns(turns, {cell.id, reference.id}, phase),
                )
            )
    return tuple(found)


def _own_rounds(settings: Mapping[str, Any], ranked: Sequence[Sequence[float]]) -> int:
    """Where a run of this pair alone would have stopped: by the rule of its run, on its own ratios alone.

    Several slowed doubles and both phases stop together, so each pair has more rounds than a user's run of
    two simulators: simulated, the power for 5 % was 98.6 % with all of them and 96.3 % with those two.
    """
    had = max(map(len, ranked), default=0)
    if settings.get("most_rounds") is None:  # fixed rounds
        return had
    rule = StoppingRule(
        rounds=settings["rounds"],
        most_rounds=settings["most_rounds"],
        width=settings["width"],
        extra_rounds=settings["extra_rounds"],
    )
    wanted = rounds_to_run(rule, [dict(enumerate(logs)) for logs in ranked])
    return had if wanted is None else min(had, wanted)


FirstTurns = dict[tuple[str, str], tuple[int, dict[str, float]]]


def _first_turns(records: RunRecords) -> FirstTurns:
    """By block and phase: the round, and the times of the first pass by cell in the order of the turns."""
    found: FirstTurns = {}
    for visit in records.visits:
        if visit.place == Place.WARM and visit.visit == 0:
            _, times = found.setdefault((visit.block, visit.phase), (visit.round, {}))
            times[visit.cell] = max(1, visit.quantiles_ns[2]) / visit.loops
    return found


def _turns(first: FirstTurns, cells: set[str], phase: str) -> dict[int, float]:
    found = {}
    for (_, of), (number, times) in first.items():
        if of == phase and set(times) == cells:
            early, late = times.values()
            found[number] = round(math.log(late) - math.log(early), DIGITS)
    return found


def take_spins(run: RunReadings) -> tuple[Spin, ...]:
    """Known durations: the double ``spin.NAME`` waits what its name says."""
    found = []
    for cell in run.cells:
        readings = cell.phases.get(Phase.EXECUTE)
        read = readings.warm() if readings else None
        if readings and read:
            true_ns = _nanoseconds(cell.simulator.partition(".")[2])
            found.append(Spin(true_ns=true_ns, read=read, busy=readings.busy))
    return tuple(found)


def _nanoseconds(duration: str) -> int:
    """Of a duration as a spin's name has it.

    >>> _nanoseconds("20us"), _nanoseconds("1s")
    (20000, 1000000000)
    """
    number, unit = re.fullmatch(r"(\d+)(us|ms|s)", duration).groups()  # type: ignore[union-attr]
    return int(number) * {"us": 1_000, "ms": 1_000_000, "s": 1_000_000_000}[unit]


def take_costs(run: RunReadings) -> Costs | None:
    """What the harness took in the run of the simulator that does nothing; None where the run did not end."""
    events = run.records.events
    costs = [event for event in events if event["event"] == "costs"]
    starts = sum(event["event"] == "worker_started" for event in events)
    visits = len({(v.block, v.attempt, v.cell, v.visit) for v in run.records.visits})
    calls = {}
    (cell, *_) = run.cells
    for phase in PHASES:
        readings = cell.phases.get(phase)
        read = readings.warm() if readings else None
        if read is not None:
            calls[str(phase)] = read
    if not costs or not starts or not visits:
        return None
    spent = {key: sum(event["spent_ns"].get(key, 0) for event in costs) for key in ("visits", "starting")}
    return Costs(
        call_ns=calls,
        visit_ns=spent["visits"] / visits,
        start_ns=spent["starting"] / starts,
        visits=visits,
        starts=starts,
    )


def take_timed(name: str, run: RunReadings) -> tuple[Timed, ...]:
    """What qbench read of each operation of one round beside pyperf."""
    found = []
    for cell in run.cells:
        readings = cell.phases.get(Phase.EXECUTE)
        if readings is not None:
            read = {str(metric): readings.warm(metric) for metric in Metric}
            clocks = {clock: time.value for clock, time in read.items() if time is not None}
            circuit = cell.problem["name"]
            found.append(Timed(run=name, simulator=cell.simulator, circuit=circuit, clocks=clocks))
    return tuple(found)
