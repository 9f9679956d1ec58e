"""How fast one thread reads and writes memory, by working set: what a gate on a state cannot be faster than.

Measured in a process of its own, which runs this file by its path: a fresh interpreter with NumPy and nothing
else, told to use one thread.  An array is scaled in place, so every number is read and written once.  Working
sets go from 4 KiB (the state of 8 qubits) up in steps of two: small states live in caches, so there is a
curve and no single figure.

A call of NumPy costs some 0.5 us by itself, several times what 4 KiB take: that is measured with an array of
one number, and subtracted.
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
LARGE = 64 << 20
WARMED = 32 << 20  # what fits no cache need not be brought into one first


@dataclass(frozen=True, slots=True, kw_only=True)
class Bandwidth:
    """``points`` are (bytes of the working set, bytes read and written per second), the smallest first.

    ``call_ns`` is what a call costs by itself, which is subtracted already.
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

    ``largest`` is the largest working set in bytes, made smaller where less than eight times as much memory is
    available.  Raises ``BandwidthError``.

    >>> found = measure_bandwidth(64 << 10)
    >>> [size for size, _ in found.points], found.points[0][1] > 0
    ([4096, 8192, 16384, 32768, 65536], True)
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
        return Bandwidth(points=points, call_ns=float(told["call_ns"]))
    except (ValueError, KeyError, TypeError) as error:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        last = f", its last line: {said[-1][:200]}" if said else ""
        raise BandwidthError(f"the measuring process ended with {done.returncode}{last}") from error


def _sizes(largest: int) -> list[int]:
    """4 KiB and its doubles up to ``largest``, at least one of them.

    >>> _sizes(20_000), _sizes(1)
    ([4096, 8192, 16384], [4096])
    """
    sizes = [SMALLEST]
    while 2 * sizes[-1] <= min(largest, LARGEST):
        sizes.append(2 * sizes[-1])
    return sizes


# ---- in the process of its own


def _measured(sizes: list[int]) -> dict[str, Any]:
    """What a call costs, and bytes per second by size."""
    import numpy as np

    numbers = np.full(max(sizes) // 8, 1.0)  # written, so that every page is there
    multiply, clock = np.multiply, time.perf_counter_ns

    def timed(array: Any, calls: int) -> float:
        began = clock()
        for _ in range(calls):
            multiply(array, -1.0, out=array)  # in place, and nothing grows or dies away
        return (clock() - began) / calls

    empty = numbers[:1]
    arrays = {size: numbers[: size // 8] for size in sizes}
    calls = {size: _calls(timed(array, 1)) for size, array in arrays.items()}
    overheads: list[float] = []
    samples: dict[int, list[float]] = {size: [] for size in sizes}
    for number in range(PASSES):
        overheads.append(timed(empty, 2000))
        for size, array in arrays.items():
            if size >= LARGE and number >= FEW_PASSES:
                continue
            if size <= WARMED:
                timed(array, 1)
            samples[size].append(timed(array, calls[size]))
    call_ns = statistics.median(overheads)
    points = []
    for size in sizes:
        taken = max(1.0, statistics.median(samples[size]) - call_ns)
        points.append((size, round(2 * size / taken * 1e9)))
    return {"call_ns": call_ns, "points": points}


def _calls(first_ns: float) -> int:
    return max(1, min(2000, int(SAMPLE_NS / max(1.0, first_ns))))


if __name__ == "__main__":
    print(json.dumps(_measured([int(text) for text in sys.argv[1:]])))
