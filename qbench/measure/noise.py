"""How noisy is this machine at the moment?  A fixed piece of work, timed over and over."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["SLOW", "Noise", "clock_cost_ns", "measure_noise", "summarise"]

SPIN_NS = 100_000
"""Aimed at per sample: samples of at most 1 ms fit between two pre-emptions on a shared machine."""

SLOW = 1.10
"""A sample above this many medians counts as slow: qbench's own margin for a tie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """What the samples of one fixed piece of work say.

    ``slow_share`` is the share of the samples above ``SLOW`` medians, ``lost_share`` the share of all
    measured time that exceeded the medians, ``busy`` CPU time over wall time: below 1 something else had
    the core.
    """

    samples: int
    median_ns: float
    slow_share: float
    lost_share: float
    worst_ns: int
    busy: float


def summarise(samples: Sequence[int], cpu_ns: int) -> Noise:
    """The figures of samples in ns, and of the CPU time that all of them took.

    Raises ``ValueError`` without a sample.

    >>> summarise([100, 100, 100, 200], 450).slow_share
    0.25
    """
    if not samples:
        raise ValueError("no samples")
    median = statistics.median(samples)
    total = math.fsum(samples)
    return Noise(
        samples=len(samples),
        median_ns=median,
        slow_share=sum(sample > SLOW * median for sample in samples) / len(samples),
        lost_share=math.fsum(max(sample - median, 0.0) for sample in samples) / total,
        worst_ns=max(samples),
        busy=cpu_ns / total,
    )


def measure_noise(seconds: float = 0.3) -> Noise:
    """Spin for so many seconds in pieces of about 0.1 ms; the first tenth only warms up and calibrates."""
    clock, cpu = time.perf_counter_ns, time.process_time_ns
    warm_end = clock() + int(seconds * 1e8)
    quickest = math.inf
    while clock() < warm_end:
        began = clock()
        _spin(1000)
        quickest = min(quickest, clock() - began)
    turns = max(1, round(1000 * SPIN_NS / quickest))
    samples: list[int] = []
    end = clock() + int(seconds * 9e8)
    cpu_began = cpu()
    while clock() < end or not samples:
        began = clock()
        _spin(turns)
        samples.append(clock() - began)
    return summarise(samples, cpu() - cpu_began)


def _spin(turns: int) -> None:
    for _ in range(turns):
        pass


def clock_cost_ns() -> float:
    """What one call of the clock costs: the quickest of ten batches of 1000, in ns."""
    clock = time.perf_counter_ns
    costs = []
    for _ in range(10):
        began = clock()
        for _ in range(1000):
            clock()
        costs.append((clock() - began) / 1000)
    return min(costs)
