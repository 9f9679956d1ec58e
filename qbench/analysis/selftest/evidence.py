"""What is taken from the self-test's runs: every comparison, every known duration, what the harness cost."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qbench.analysis.contests import paired_times
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.analysis.stats import MARGIN, Estimate, Standing, paired_ratio, standing
from qbench.model import PHASES, Flag, Metric, Phase, Place
from qbench.results.records import RunRecords

__all__ = ["AGAIN", "Costs", "Evidence", "Pair", "Spin", "take_costs", "take_pairs", "take_spins"]

AGAIN = "~again"
"""Ends the second name of a simulator that is compared with itself."""

SLOWED = re.compile(r".*slowed(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One comparison: a simulator over the baseline of its run, on one circuit and phase.

    ``slower_percent`` is the truth, 0 for identical code.  ``contended`` is the share of contended visits
    of both.  ``turns`` maps rounds to the log of the second one's time over the first one's, in the order
    in which the two were visited.
    """

    run: str
    simulator: str
    circuit: str
    workload: str
    phase: str
    slower_percent: int
    wall: Estimate
    cpu: Estimate | None
    standing: Standing
    contended: float
    turns: Mapping[int, float]

    @property
    def has_interval(self) -> bool:
        return self.wall.low is not None


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
class Evidence:
    """All that the findings are made from.

    ``request`` is what was asked for; ``runs`` counts the whole runs and ``planned`` all, by experiment;
    ``plain`` the readings without the harness, by kind; ``timed`` what qbench read for pyperf's operations:
    (run, simulator, circuit) to ns per call by clock.
    """

    request: Mapping[str, Any]
    machine: Mapping[str, Any]
    runs: Mapping[str, int]
    planned: Mapping[str, int]
    pairs: Sequence[Pair]
    spins: Sequence[Spin]
    costs: Costs | None
    plain: Sequence[Mapping[str, Any]]
    timed: Mapping[tuple[str, str, str], Mapping[str, float]]


def take_pairs(name: str, run: RunReadings) -> tuple[Pair, ...]:
    """All comparisons of one run with its baseline, in plan order.

    Each is corrected for itself alone: a run compares one name of a simulator with its other.
    """
    margin = run.records.manifest["settings"].get("margin", MARGIN)
    first = _first_turns(run.records)
    found = []
    baseline = run.records.manifest["baseline"]
    references = {(c.problem_id, c.task_id): c for c in run.cells if c.simulator == baseline}
    for cell in run.cells:
        reference = references[cell.problem_id, cell.task_id]
        if cell.id == reference.id:
            continue
        for phase in (p for p in PHASES if p in cell.phases and p in reference.phases):
            pair = _pair(name, cell, reference, phase, margin, first)
            if pair is not None:
                found.append(pair)
    return tuple(found)


def _pair(
    name: str,
    cell: CellReadings,
    reference: CellReadings,
    phase: Phase,
    margin: float,
    first: Mapping[tuple[str, str], tuple[int, Mapping[str, float]]],
) -> Pair | None:
    times, others = cell.phases[phase], reference.phases[phase]
    wall = paired_times(times, others)
    if wall is None:
        return None
    shares = [
        share for share in (times.share(Flag.CONTENDED), others.share(Flag.CONTENDED)) if share is not None
    ]
    known = SLOWED.fullmatch(cell.simulator)
    return Pair(
        run=name,
        simulator=reference.simulator,
        circuit=cell.problem["name"],
        workload=cell.task["label"],
        phase=str(phase),
        slower_percent=int(known[1]) if known else 0,
        wall=wall,
        cpu=paired_ratio(times.by_round(Metric.CPU), others.by_round(Metric.CPU)),
        standing=standing(wall, wall.p_value, margin=margin),
        contended=math.fsum(shares) / len(shares) if shares else 0.0,
        turns=_turns(first, {cell.id, reference.id}, phase),
    )


FirstTurns = dict[tuple[str, str], tuple[int, dict[str, float]]]


def _first_turns(records: RunRecords) -> FirstTurns:
    """By block and phase: the round, and the times of the first pass by cell in the order of the turns."""
    found: FirstTurns = {}
    for visit in records.visits:
        if visit.place == Place.WARM and visit.visit == 0:
            _, times = found.setdefault((visit.block, visit.phase), (visit.round, {}))
            times[visit.cell] = max(1, visit.quantiles_ns[2]) / visit.loops
    return found


def _turns(
    first: Mapping[tuple[str, str], tuple[int, Mapping[str, float]]], cells: set[str], phase: str
) -> dict[int, float]:
    found = {}
    for (_, of), (number, times) in first.items():
        if of == phase and set(times) == cells:
            early, late = times.values()
            found[number] = math.log(late) - math.log(early)
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
