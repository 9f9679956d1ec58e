"""What each cell read: the visits of a run, grouped once, and summed up per cell and phase.

Times are nanoseconds per call (a clock interval over ``loops`` calls, divided by ``loops``).
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from qbench.analysis.stats import MARGIN, Estimate, geometric_mean
from qbench.model import (
    FLAGS,
    PHASES,
    VERDICTS,
    Flag,
    Metric,
    NoAnswer,
    Outcome,
    Phase,
    Place,
    Verdict,
    Visit,
)
from qbench.results.records import RunRecords

__all__ = ["CellReadings", "PhaseReadings", "RankingClass", "RunReadings", "take_readings"]


class RankingClass(NamedTuple):
    """What must be equal for two times to be ranked against each other."""

    kind: str
    precision: str
    threads: int
    gate_mode: str


@dataclass(frozen=True, kw_only=True)
class PhaseReadings:
    """One phase of one cell.  Not slotted, because the parts are computed when they are asked for."""

    visits: tuple[Visit, ...]

    @cached_property
    def warm_visits(self) -> tuple[Visit, ...]:
        return tuple(visit for visit in self.visits if visit.place == Place.WARM)

    def by_block(self, metric: Metric = Metric.WALL) -> Mapping[tuple[int, str], float]:
        """Warm time by (round, block): what is paired, for a block's simulators ran back to back."""
        return _medians(self.warm_visits, metric, lambda visit: (visit.round, visit.block))

    def by_round(self, metric: Metric = Metric.WALL) -> Mapping[int, float]:
        """Warm time by round: the median over the round's visits.

        A visit's wall time is the median of its samples.  Its CPU time is the mean over all of them, for
        only their sum is clocked; visits of a system that tells no CPU time have none.
        """
        return _medians(self.warm_visits, metric, lambda visit: visit.round)

    def warm(self, metric: Metric = Metric.WALL) -> Estimate | None:
        """Geometric mean over rounds, in ns per call; None where nothing was sampled."""
        times = self.by_round(metric)
        return geometric_mean((times[r] for r in sorted(times)), in_order=True) if times else None

    def share(self, flag: str) -> float | None:
        """Which part of the warm visits carries a flag; None without warm visits."""
        carry = [flag in visit.flags for visit in self.warm_visits]
        return sum(carry) / len(carry) if carry else None

    def first(self, place: Place) -> float | None:
        """Median over rounds of a first call, in ns; None where there was none."""
        times = [_median_ns(visit) for visit in self.visits if visit.place == place]
        return statistics.median(times) if times else None

    @cached_property
    def minimum(self) -> float | None:
        """The shortest sample of the run, in ns per call."""
        return min((visit.quantiles_ns[0] / visit.loops for visit in self.warm_visits), default=None)

    def quantile(self, percent: int) -> float | None:
        """Quantile by nearest rank over the stored samples of all rounds, in ns per call.

        A stored sample weighs as many samples as it stands for (``count`` over the number stored).
        """
        return _quantile(self._weighted_samples, percent)

    @cached_property
    def _weighted_samples(self) -> Sequence[tuple[float, float]]:
        return sorted(
            (interval / visit.loops, visit.count / len(visit.wall_ns))
            for visit in self.warm_visits
            for interval in visit.wall_ns
        )

    @cached_property
    def cpu(self) -> float | None:
        """CPU time per call, in ns: the mean over all warm samples; None where the system tells none."""
        told = [visit for visit in self.warm_visits if visit.cpu_ns is not None]
        calls = sum(visit.count * visit.loops for visit in told)
        return sum(visit.cpu_ns or 0 for visit in told) / calls if calls else None

    @cached_property
    def busy(self) -> float | None:
        """CPU time over wall time, both summed over all warm samples."""
        told = [visit for visit in self.warm_visits if visit.cpu_ns is not None]
        wall = sum(visit.total_wall_ns for visit in told)
        return sum(visit.cpu_ns or 0 for visit in told) / wall if wall else None

    @property
    def samples(self) -> int:
        return sum(visit.count for visit in self.warm_visits)

    @property
    def loops(self) -> int | None:
        """Calls per sample; the smallest, should visits differ."""
        return min((visit.loops for visit in self.warm_visits), default=None)

    @property
    def memory_peak(self) -> int | None:
        """Bytes above the level at the visit's beginning: the largest of any visit but a process's first.

        The first call in a process also loads libraries, which is no property of the cell.
        """
        rises = [
            visit.rss_peak_bytes - visit.rss_before_bytes
            for visit in self.visits
            if visit.place != Place.FIRST_IN_PROCESS
            and visit.rss_peak_bytes is not None
            and visit.rss_before_bytes is not None
        ]
        return max(0, *rises) if rises else None


def _median_ns(visit: Visit) -> float:
    # The recorded median is a nearest rank, of two samples the smaller: take the samples' where all are kept.
    complete = len(visit.wall_ns) == visit.count
    interval = statistics.median(visit.wall_ns) if complete else visit.quantiles_ns[2]
    # A clock that did not tick reads 0, which has no logarithm: 1 ns is the unit of the record.
    return max(1, interval) / visit.loops


def _cpu_ns(visit: Visit) -> float | None:
    return None if visit.cpu_ns is None else max(1, visit.cpu_ns) / (visit.count * visit.loops)


def _medians(visits: Iterable[Visit], metric: Metric, key: Any) -> dict[Any, float]:
    clock = _median_ns if metric == Metric.WALL else _cpu_ns
    groups: dict[Any, list[float]] = {}
    for visit in visits:
        time = clock(visit)
        if time is not None:
            groups.setdefault(key(visit), []).append(time)
    return {name: statistics.median(times) for name, times in groups.items()}


def _quantile(weighted: Sequence[tuple[float, float]], percent: int) -> float | None:
    if not weighted:
        return None
    if weighted[0][1] == weighted[-1][1] == max(weight for _, weight in weighted):
        return weighted[max(0, -(-len(weighted) * percent // 100) - 1)][0]
    wanted = sum(weight for _, weight in weighted) * percent / 100 - 1e-9
    below = 0.0
    for value, weight in weighted:
        below += weight
        if below >= wanted:
            return value
    return weighted[-1][0]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellReadings:
    """One cell of the plan with what the manifest says of it, its outcome and its readings by phase.

    ``outcome`` is None where the run ended before the cell was judged.  ``flags`` are the outcome's and
    the visits', in the order of ``qbench.model.FLAGS``: those that block the ranking from any visit, the
    others (``contended``, ``drift``) where at least half of the warm visits carry them.
    """

    id: str
    problem_id: str
    task_id: str
    simulator: str
    threads: int
    gate_mode: str
    problem: Mapping[str, Any]
    task: Mapping[str, Any]
    facts: Mapping[str, Any]
    outcome: Outcome | None
    failure: NoAnswer | None
    flags: tuple[str, ...]
    phases: Mapping[str, PhaseReadings]

    @property
    def judged(self) -> Verdict | None:
        """The verdict on the judged answer alone."""
        return None if self.outcome is None else Verdict(self.outcome.verdict)

    @property
    def verdict(self) -> Verdict | None:
        """The cell's end: the judged verdict, or how the timed rounds failed it."""
        return self.judged if self.failure is None else self.failure.verdict

    @property
    def reason(self) -> str | None:
        if self.outcome is None:
            return "the run ended before this cell"
        return self.outcome.reason if self.failure is None else self.failure.reason

    @property
    def ranking_class(self) -> RankingClass:
        return RankingClass(self.facts["kind"], self.facts["precision"], self.threads, self.gate_mode)

    @property
    def blocking_flags(self) -> tuple[str, ...]:
        """The flags that keep the cell out of every ranking."""
        return tuple(flag for flag in self.flags if flag in FLAGS and FLAGS[Flag(flag)].blocks_ranking)

    @property
    def ranked(self) -> bool:
        """Whether its times may be ranked: its answer passed, nothing blocks it, no double, no control."""
        return (
            self.verdict is not None
            and VERDICTS[self.verdict].ranked
            and not self.blocking_flags
            and self.facts["kind"] != "double"
            and self.control is None
        )

    @property
    def control(self) -> str | None:
        """``alias`` or ``liar`` for one of the run's own controls, which is no contestant; else None."""
        return self.facts.get("control")

    def warm(self, phase: str, metric: Metric = Metric.WALL) -> Estimate | None:
        """The warm time of a phase in ns per call, None where it was not measured."""
        readings = self.phases.get(phase)
        return readings.warm(metric) if readings else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReadings:
    """A whole run: its records, and its cells in plan order."""

    records: RunRecords
    cells: tuple[CellReadings, ...]

    @property
    def metric(self) -> Metric:
        """Which clock ranks in this run."""
        return Metric(self.records.manifest["settings"].get("metric", Metric.WALL))

    @property
    def margin(self) -> float:
        """The run's equivalence margin: 0.1 reads "within 10 %"."""
        return float(self.records.manifest["settings"].get("margin", MARGIN))

    @property
    def phases(self) -> tuple[str, ...]:
        """The phases of a call that the plan asks for or that were measured, in their own order."""
        seen = {phase for cell in self.cells for phase in cell.phases}
        seen.update(self.records.manifest["settings"]["phases"])
        return tuple(str(phase) for phase in PHASES if phase in seen and phase != Phase.IMPORT)


def take_readings(records: RunRecords) -> RunReadings:
    """Group a run's visits by cell and phase, in one pass.  Visits of cells outside the plan do not count."""
    manifest = records.manifest
    grouped: dict[str, dict[str, list[Visit]]] = {cell["id"]: {} for cell in manifest["cells"]}
    for visit in records.visits:
        if visit.cell in grouped:
            grouped[visit.cell].setdefault(visit.phase, []).append(visit)
    cells = []
    for cell in manifest["cells"]:
        outcome = records.outcomes.get(cell["id"])
        cells.append(
            CellReadings(
                id=cell["id"],
                problem_id=cell["problem"],
                task_id=cell["task"],
                simulator=cell["simulator"],
                threads=cell["threads"],
                gate_mode=cell["gate_mode"],
                problem=manifest["problems"][cell["problem"]],
                task=manifest["tasks"][cell["task"]],
                facts=manifest["simulators"][cell["simulator"]],
                outcome=outcome,
                failure=records.failures.get(cell["id"]),
                flags=_ordered(
                    _shown([visit for visits in grouped[cell["id"]].values() for visit in visits])
                    | set(outcome.flags if outcome else ())
                ),
                phases={
                    phase: PhaseReadings(visits=tuple(visits))
                    for phase, visits in grouped[cell["id"]].items()
                },
            )
        )
    return RunReadings(records=records, cells=tuple(cells))


def _shown(visits: Sequence[Visit]) -> set[str]:
    """The flags that a cell's visits give it: a passing disturbance of a few is not the cell's."""
    counts = Counter(flag for visit in visits for flag in visit.flags)
    warm = [visit for visit in visits if visit.place == Place.WARM]
    often = Counter(flag for visit in warm for flag in visit.flags)
    return {
        flag
        for flag in counts
        if flag not in FLAGS or FLAGS[Flag(flag)].blocks_ranking or 2 * often[flag] >= len(warm) > 0
    }


def _ordered(flags: set[str]) -> tuple[str, ...]:
    known = [str(flag) for flag in FLAGS]
    return tuple(sorted(flags, key=lambda flag: (known.index(flag) if flag in known else len(known), flag)))
