"""The memory limit: how fast gates could be applied to a state if moving its amplitudes were all there is.

The run's machine was measured with one thread that scales an array in place, so every number is read and
written once, for working sets from caches to memory: that is the least that a gate does which acts on the
whole state alone.  It is no bound on what is possible.  Several gates that are fused into one pass,
diagonal gates that skip half of the amplitudes, and states that are mostly zero move less.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qbench.analysis.readings import RunReadings

__all__ = ["AMPLITUDE_BYTES", "MemoryLimit", "memory_limit"]

AMPLITUDE_BYTES: Mapping[str, int] = {"complex128": 16, "complex64": 8}

_MOVED = 2  # read and written


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryLimit:
    """A machine's bandwidth by working set: ``points`` are (bytes, bytes per second), the smallest first.

    Bytes per second count what is read and what is written.
    """

    points: tuple[tuple[int, float], ...]
    threads: int

    def bandwidth(self, working_set: float) -> float:
        """Bytes per second for a working set of so many bytes.

        Between two measured sizes by a straight line in logarithms; below the smallest and above the largest
        as for these.

        >>> limit = MemoryLimit(points=((1024, 4e10), (4096, 1e10)), threads=1)
        >>> f"{limit.bandwidth(2048):.3g} {limit.bandwidth(1):.3g} {limit.bandwidth(1e9):.3g}"
        '2e+10 4e+10 1e+10'
        """
        sizes = [size for size, _ in self.points]
        place = bisect_left(sizes, working_set)
        if place == 0:
            return self.points[0][1]
        if place == len(sizes):
            return self.points[-1][1]
        (small, slow), (large, fast) = self.points[place - 1], self.points[place]
        share = math.log(working_set / small) / math.log(large / small)
        return math.exp(math.log(slow) + share * math.log(fast / slow))

    def seconds(self, qubits: int, gates: int, precision: str = "complex128") -> float:
        """The time of so many passes over a state: gates x 2^n x bytes of an amplitude x 2 / bandwidth.

        Of a density matrix of n qubits it is that of a state of 2 n.  Raises ``KeyError`` for a precision
        that is none.

        >>> limit = MemoryLimit(points=((1024, 4e10), (4096, 1e10)), threads=1)
        >>> f"{limit.seconds(qubits=8, gates=100):.4g}"  # 100 x 256 x 16 x 2 bytes at 10 GB/s
        '8.192e-05'
        """
        state = 2.0 ** min(qubits, 1000) * AMPLITUDE_BYTES[precision]
        return gates * state * _MOVED / self.bandwidth(state)


def memory_limit(run: RunReadings) -> MemoryLimit | None:
    """The limit of the run's machine; None where its records hold no such measurement.

    Runs made before there was one have none, and ``qbench bandwidth RUN`` adds it on the same machine.
    """
    found: MemoryLimit | None = None
    for event in run.records.events:
        if event["event"] == "memory_bandwidth" and event["points"]:
            found = MemoryLimit(points=_points(event), threads=event["threads"])
    return found


def _points(event: Mapping[str, Any]) -> tuple[tuple[int, float], ...]:
    return tuple(sorted((point["bytes"], float(point["bytes_per_s"])) for point in event["points"]))
