"""How fast one thread reads and writes memory, by working set: what a gate on a state cannot be faster than.

Measured in a process of its own, which runs this file by its path: a fresh interpreter with NumPy and nothing
else, told to use one thread.  An array is scaled in place, so every number is read and written once.  Working
sets go from 4 KiB (the state of 8 qubits) up in steps of two: small states live in caches, so there is a
curve and no single figure.

A call of NumPy costs some 0.2 us by itself, several times what 4 KiB take.  The three smallest working sets
lie in the first cache together, so their times are on one straight line; where it meets no bytes at all is
the cost of a call, which is subtracted.  (An array of one number would not do: it takes another way through
NumPy, and more than 500 numbers take a lock besides.)
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["LARGEST", "SMALLEST", "Bandwidth", "BandwidthError", "measure_bandwidth"]

SMALLEST, LARGEST = 4 << 10, 256 << 20
"""Working sets in bytes: states of 8 to 24 qubits in double precision."""

LIMIT_S = 60
"""An interpreter that has not answered by then is given up."""

FREE_SHARE = 8
"""The largest array takes at most this part of the memory that is available: one eighth."""

# In the child: passes over all sizes, so that a slow moment meets one sample of each size and no size whole.
PASSES, FEW_PASSES = 7, 3
SAMPLE_NS = 1_000_000
MOST_CALLS = 5000
ON_A_LINE = 3
LARGE = 64 << 20
WARMED = 32 << 20  # what fits no cache need not be brought into one first


@dataclass(frozen=True, slots=True, kw_only=True)
class Bandwidth:
    """``points`` are (bytes of the working set, bytes read and written per second), the smallest first.

    ``call_ns`` is what a call costs by itself, which is subtracted already.  That leaves the smallest sizes
    uncertain by some 20 %, those from 64 KiB on by 1 % or less.
    """

    points: tuple[tuple[int, int], ...]
    call_ns: float
    threads: int = 1

    def event(self) -> dict[str, Any]:
        """The fields of the event ``memory_bandwidth``."""
        return {
            "points": [{"bytes": size, "bytes_per_s": speed} for size, speed in self.points],
            "call_ns": round(self.call_ns, 1),
            "threads": self.threads,
            "reason": None,
        }


class BandwidthError(Exception):
    """The measuring process gave no answer; says why, in one sentence."""


def measure_bandwidth(largest: int = LARGEST) -> Bandwidth:
    """Measure in a fresh process; about half a second up to 256 MiB, a quarter up to 16 MiB.

    ``largest`` is the largest working set in bytes, made smaller where less than eight times as much memory
    is available.  Raises ``BandwidthError``.

    >>> found = measure_bandwidth(64 << 10)
    >>> [size for size, _ in found.points]
    [4096, 8192, 16384, 32768, 65536]
    """
    import os

    import psutil

    from qbench.measure.environment import worker_environment

    sizes = _sizes(min(largest, psutil.virtual_memory().available // FREE_SHARE))
    environment = worker_environment(
        parent=os.environ, threads=1, hash_seed=0, padding=0, extra={}, thread_variables=()
    )
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(Path(__file__).resolve()), *map(str, sizes)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=environment,
            timeout=LIMIT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BandwidthError(f"the measuring process gave no answer: {error}") from error
    try:
        told = json.loads(done.stdout)
        points = tuple((int(size), int(speed)) for size, speed in told["points"])
        if any(speed <= 0 for _, speed in points):
            raise ValueError("a speed that is none")
        return Bandwidth(points=points, call_ns=float(told["call_ns"]))
    except (ValueError, KeyError, TypeError) as error:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        last = f", its last line: {said[-1][:200]}" if said else ""
        raise BandwidthError(f"the measuring process ended with {done.returncode}{last}") from error


def _sizes(largest: int) -> list[int]:
    """4 KiB and its doubles up to ``largest``, at least the three that the cost of a call is found from.

    >>> _sizes(40_000), _sizes(1)
    ([4096, 8192, 16384, 32768], [4096, 8192, 16384])
    """
    sizes = [SMALLEST << step for step in range(ON_A_LINE)]
    while 2 * sizes[-1] <= min(largest, LARGEST):
        sizes.append(2 * sizes[-1])
    return sizes


# ---- in the process of its own


def _measured(sizes: list[int]) -> dict[str, Any]:
    """What a call costs, and bytes per second by size."""
    import numpy as np

    numbers = np.full(max(sizes) // 8, 1.0)  # written, so that every page is there
    negative, clock = np.negative, time.perf_counter_ns  # in place, and nothing grows or dies away

    def timed(array: Any, calls: int) -> float:
        began = clock()
        for _ in range(calls):
            negative(array, array)
        return (clock() - began) / calls

    arrays = {size: numbers[: size // 8] for size in sizes}
    timed(arrays[sizes[0]], 1)  # NumPy's very first call takes tens of microseconds longer
    calls = {size: _calls(timed(array, 1)) for size, array in arrays.items()}
    samples: dict[int, list[float]] = {size: [] for size in sizes}
    for number in range(PASSES):
        for size, array in arrays.items():
            if size >= LARGE and number >= FEW_PASSES:
                continue
            if size <= WARMED:
                timed(array, 1)
            samples[size].append(timed(array, calls[size]))
    taken = {size: statistics.median(found) for size, found in samples.items()}
    call_ns = min(_call_ns([(size, taken[size]) for size in sizes[:ON_A_LINE]]), 0.9 * min(taken.values()))
    points = [(size, round(2 * size / (taken[size] - call_ns) * 1e9)) for size in sizes]
    return {"call_ns": call_ns, "points": points}


def _calls(first_ns: float) -> int:
    return max(1, min(MOST_CALLS, int(SAMPLE_NS / max(1.0, first_ns))))


def _call_ns(points: list[tuple[int, float]]) -> float:
    """Where the straight line through (bytes, ns) meets 0 bytes; from 0 to 0.9 of the shortest time.

    Of times that do not rise with the bytes nothing can be told: 0, so that the speeds are a little too low.

    >>> _call_ns([(4096, 240.0), (8192, 280.0), (16384, 360.0)])
    200.0
    >>> _call_ns([(4096, 500.0), (8192, 300.0), (16384, 400.0)])
    0.0
    """
    sizes, times = zip(*points, strict=True)
    slope = statistics.linear_regression(sizes, times).slope
    if slope <= 0:
        return 0.0
    intercept = statistics.fmean(times) - slope * statistics.fmean(sizes)
    return float(min(0.9 * min(times), max(0.0, intercept)))


if __name__ == "__main__":
    print(json.dumps(_measured([int(text) for text in sys.argv[1:]])))
