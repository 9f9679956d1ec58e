"""What one phase of one cell read: its visits summed up, by round and block, by either clock.

Times are nanoseconds per call (a clock interval over ``loops`` calls, divided by ``loops``).  Arrays serve
where whole numbers are sorted and compared; what is rounded is left to Python, whose last digits do not
depend on the processor.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import mul
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from qbench.analysis.stats import Estimate, geometric_mean
from qbench.model import Metric, Place, Visit
from qbench.results.visits import UNTOLD, Integers, Visits

__all__ = ["PhaseReadings", "VisitTimes"]

Key = TypeVar("Key")

AT_ONCE = 1 << 16


@dataclass(frozen=True, kw_only=True, eq=False)
class VisitTimes:
    """The time per call of every visit of a run, by clock.  Exact below 2^53 ns, which is 104 days."""

    visits: Visits

    @cached_property
    def wall(self) -> npt.NDArray[np.float64]:
        """The median of a visit's samples."""
        visits = self.visits
        # The recorded median is a nearest rank, of two samples the smaller: where all are kept, take theirs.
        median = visits.quantiles[:, 2].astype(np.float64)
        lengths = np.diff(visits.starts)
        complete = lengths == visits.numbers["count"]
        for length in np.unique(lengths[complete]).tolist():
            rows = np.flatnonzero(complete & (lengths == length))
            for some in (rows[i : i + AT_ONCE] for i in range(0, len(rows), AT_ONCE)):
                samples = visits.samples[visits.starts[some, None] + np.arange(length)]
                samples.sort(axis=1)
                low, high = samples[:, (length - 1) // 2], samples[:, length // 2]
                median[some] = (low.astype(np.uint64) + high.astype(np.uint64)) / 2
        # A clock that did not tick reads 0, which has no logarithm: 1 ns is the unit of the record.
        return np.maximum(1, median) / visits.numbers["loops"]

    @cached_property
    def cpu(self) -> npt.NDArray[np.float64]:
        """The mean of a visit's CPU time, for only the sum is clocked; NaN where the system tells none."""
        numbers = self.visits.numbers
        calls = numbers["count"].astype(np.float64) * numbers["loops"]
        return np.where(numbers["cpu_ns"] == UNTOLD, np.nan, np.maximum(1, numbers["cpu_ns"]) / calls)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Clocked:
    """The warm times of one phase by one clock."""

    rounds: Sequence[int]
    blocks: Sequence[str]
    times: Sequence[float]

    @cached_property
    def by_block(self) -> Mapping[tuple[int, str], float]:
        return _medians(zip(self.rounds, self.blocks, strict=True), self.times)

    @cached_property
    def by_round(self) -> Mapping[int, float]:
        return _medians(self.rounds, self.times)

    @cached_property
    def warm(self) -> Estimate | None:
        times = self.by_round
        return geometric_mean((times[r] for r in sorted(times)), in_order=True) if times else None


@dataclass(frozen=True, kw_only=True, eq=False)
class PhaseReadings:
    """One phase of one cell.  Not slotted, because the parts are computed when they are asked for.

    ``rows`` are the places of its visits among all of the run's.
    """

    visits: Visits
    rows: Integers
    times: VisitTimes
    paired: dict[tuple[PhaseReadings, Metric], Estimate | None] = field(init=False, default_factory=dict)
    """Ratios of others' times to these, kept by who makes them: six tables ask for the same ones."""

    @classmethod
    def of(cls, visits: Iterable[Visit]) -> PhaseReadings:
        """The readings of these visits, all of one phase of one cell."""
        kept = Visits.of(visits)
        return cls(visits=kept, rows=np.arange(len(kept)), times=VisitTimes(visits=kept))

    @cached_property
    def warm_rows(self) -> Integers:
        return self._at(Place.WARM)

    @property
    def warm_visits(self) -> Visits:
        return self.visits.take(self.warm_rows)

    def _at(self, place: str) -> Integers:
        return self.rows[self.visits.where("place", place, self.rows)]

    @property
    def flags(self) -> list[tuple[str, ...]]:
        """The distinct combinations of flags that its visits carry."""
        return [self.visits.names["flags"][code] for code in np.unique(self.visits.codes["flags"][self.rows])]

    @property
    def rounds(self) -> list[int]:
        """The rounds in which it was visited."""
        found: list[int] = np.unique(self.visits.numbers["round"][self.rows]).tolist()
        return found

    @cached_property
    def _wall(self) -> _Clocked:
        return self._by(self.times.wall)

    @cached_property
    def _cpu(self) -> _Clocked:
        return self._by(self.times.cpu)

    def _clocked(self, metric: Metric) -> _Clocked:
        return self._wall if metric == Metric.WALL else self._cpu

    def _by(self, every: npt.NDArray[np.float64]) -> _Clocked:
        times = every[self.warm_rows]
        told = ~np.isnan(times)
        rows = self.warm_rows[told]
        blocks = self.visits.names["block"]
        return _Clocked(
            rounds=self.visits.numbers["round"][rows].tolist(),
            blocks=[blocks[code] for code in self.visits.codes["block"][rows].tolist()],
            times=times[told].tolist(),
        )

    def by_block(self, metric: Metric = Metric.WALL) -> Mapping[tuple[int, str], float]:
        """Warm time by (round, block): what is paired, for a block's simulators ran back to back."""
        return self._clocked(metric).by_block

    def by_round(self, metric: Metric = Metric.WALL) -> Mapping[int, float]:
        """Warm time by round: the median over the round's visits.

        A visit's wall time is the median of its samples, its CPU time the mean over all of them; visits of a
        system that tells no CPU time have none.
        """
        return self._clocked(metric).by_round

    def warm(self, metric: Metric = Metric.WALL) -> Estimate | None:
        """Geometric mean over rounds, in ns per call; None where nothing was sampled."""
        return self._clocked(metric).warm

    def share(self, flag: str) -> float | None:
        """Which part of the warm visits carries a flag; None without warm visits."""
        rows = self.warm_rows
        return self.visits.flagged(flag, rows) / len(rows) if len(rows) else None

    def first(self, place: Place) -> float | None:
        """Median over rounds of a first call, in ns; None where there was none."""
        rows = self._at(place)
        return statistics.median(self.times.wall[rows].tolist()) if len(rows) else None

    @cached_property
    def minimum(self) -> float | None:
        """The shortest sample of the run, in ns per call."""
        rows = self.warm_rows
        if not len(rows):
            return None
        return float((self.visits.quantiles[rows, 0] / self.visits.numbers["loops"][rows]).min())

    def quantile(self, percent: int) -> float | None:
        """Quantile by nearest rank over the stored samples of all rounds, in ns per call.

        A stored sample weighs as many samples as it stands for (``count`` over the number stored).
        """
        values, below = self._ranked
        if not len(values):
            return None
        if below is None:
            return float(values[max(0, -(-len(values) * percent // 100) - 1)])
        wanted = self.samples * percent / 100 - 1e-9
        return float(values[min(int(np.searchsorted(below, wanted)), len(values) - 1)])

    @cached_property
    def _ranked(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64] | None]:
        """The stored samples in order, and the weight up to each; None where all weigh the same."""
        rows = self.warm_rows
        samples, lengths = self.visits.samples_of(rows)
        values = samples / np.repeat(self.visits.numbers["loops"][rows], lengths)
        weights = self.visits.numbers["count"][rows] / lengths
        if not len(rows) or weights.min() == weights.max():
            return np.sort(values), None
        order = np.argsort(values, kind="stable")
        return values[order], np.cumsum(np.repeat(weights, lengths)[order])

    @cached_property
    def _totals(self) -> tuple[int, int, int]:
        """CPU time, wall time and calls of the warm visits that tell their CPU time."""
        rows = self.warm_rows[self.visits.numbers["cpu_ns"][self.warm_rows] != UNTOLD]
        of = {
            name: self.visits.numbers[name][rows].tolist()
            for name in ("cpu_ns", "total_wall_ns", "count", "loops")
        }
        return sum(of["cpu_ns"]), sum(of["total_wall_ns"]), sum(map(mul, of["count"], of["loops"]))

    @property
    def cpu(self) -> float | None:
        """CPU time per call, in ns: the mean over all warm samples; None where the system tells none."""
        cpu, _, calls = self._totals
        return cpu / calls if calls else None

    @property
    def busy(self) -> float | None:
        """CPU time over wall time, both summed over all warm samples."""
        cpu, wall, _ = self._totals
        return cpu / wall if wall else None

    @cached_property
    def samples(self) -> int:
        return sum(self.visits.numbers["count"][self.warm_rows].tolist())

    @property
    def loops(self) -> int | None:
        """Calls per sample; the smallest, should visits differ."""
        return int(self.visits.numbers["loops"][self.warm_rows].min()) if len(self.warm_rows) else None

    @property
    def memory_peak(self) -> int | None:
        """Bytes above the level at the visit's beginning: the largest of any visit but a process's first.

        The first call in a process also loads libraries, which is no property of the cell.
        """
        rows = self.rows[~self.visits.where("place", Place.FIRST_IN_PROCESS, self.rows)]
        before, peak = (self.visits.numbers[f"rss_{name}_bytes"][rows] for name in ("before", "peak"))
        rises = (peak - before)[(before != UNTOLD) & (peak != UNTOLD)]
        return max(0, int(rises.max())) if len(rises) else None


def _medians(keys: Iterable[Key], times: Iterable[float]) -> dict[Key, float]:
    groups: dict[Key, list[float]] = {}
    for key, time in zip(keys, times, strict=True):
        groups.setdefault(key, []).append(time)
    return {
        key: values[0] if len(values) == 1 else statistics.median(values) for key, values in groups.items()
    }
