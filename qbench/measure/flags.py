"""What a visit's own readings say against it."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from qbench.model import Flag, Visit

__all__ = ["CHATTY_BYTES", "series_flags", "visit_flags", "waits"]

CHATTY_BYTES = 2**20
BUSY = 0.95
"""One thread that has the CPU for less than this share of the wall time is waiting for the machine."""

MEANINGFUL_WALL_NS = 5_000_000
"""Below this much sampled time the ratio of CPU to wall time is mostly noise."""

COARSE_CLOCK = 6
"""Linux' number of the clock that goes on by a tick at a time (``CLOCK_MONOTONIC_COARSE``)."""

TICK_NS = round(1e9 * time.clock_getres(COARSE_CLOCK)) if sys.platform == "linux" else 4_000_000

BEYOND_NS = TICK_NS + 1_000_000
"""CPU time beyond the threads' own that is no error of the two clocks.

What another running thread has used is known up to the last tick only, so some of it is read one phase too
late.  Qiskit's primitives, which run each job in a second thread and wait for it, were read with up to 2.8 ms
more than the wall time and a single thread with 3.0, in 7 of 7779 visits on a virtual machine with ticks of
4 ms.
"""

CHILDREN_NS = 20_000_000
"""CPU of child processes in one visit that is no rounding: two of the system's ticks."""


def visit_flags(
    visits: Sequence[Visit],
    *,
    threads: int,
    output_bytes: int,
    visit_ns: int,
    children_cpu_ns: int,
    beyond_ns: int = BEYOND_NS,
) -> tuple[Flag, ...]:
    """Flags of one visit from its warm series, the bytes it wrote to its output and its children's CPU time.

    ``threads``: CPU time above 1.05 times the threads given and ``beyond_ns`` beyond; or work in child
    processes, whose CPU time no reading of the visit contains, over a twentieth of the whole visit's
    ``visit_ns``.
    ``contended``: below 0.95 of the wall time on one thread, so the process was waiting for the machine (or
    for its children: then it is not said).
    """
    warm = [v for v in visits if v.place == "warm" and v.cpu_ns is not None]
    wall = sum(v.total_wall_ns for v in warm)
    cpu = sum(v.cpu_ns or 0 for v in warm)
    flags = []
    if output_bytes > CHATTY_BYTES:
        flags.append(Flag.CHATTY)
    if children_cpu_ns >= max(CHILDREN_NS, visit_ns // 20):
        flags.append(Flag.THREADS)
    elif wall >= MEANINGFUL_WALL_NS:
        if cpu > max(1.05 * threads * wall, threads * wall + beyond_ns):
            flags.append(Flag.THREADS)
        if threads == 1 and cpu < BUSY * wall:
            flags.append(Flag.CONTENDED)
    return tuple(flags)


WAITS_PER_CALL = 0.5
"""Voluntary switches per call, from which a process is taken to wait for something in each of its calls."""

WAITS_PER_PREEMPTION = 10
"""So many times as often it gives the CPU up as it is taken from it."""


def waits(visits: Sequence[Visit]) -> bool:
    """Whether a visit lacked CPU time because the simulator itself waits: it sleeps, reads, asks a server.

    A process that waits gives the CPU up, once a call or more (voluntary switches); one whose CPU is taken
    away is switched involuntarily, and one whose machine is taken away is not switched at all.  Measured with
    two busy loops beside it: 1 ms of sleep 1.00 voluntary per call, 0 involuntary; Qiskit, PennyLane and a
    busy loop 0 and 1 to 5 a visit; Aer, which waits for its second thread, 2 to 4 per call and 44 a visit.
    """
    short = [
        visit
        for visit in visits
        if visit.place == "warm" and visit.cpu_ns is not None and visit.cpu_ns < BUSY * visit.total_wall_ns
    ]
    return bool(short) and all(
        visit.voluntary_switches is not None
        and visit.voluntary_switches >= WAITS_PER_CALL * visit.count * visit.loops
        and visit.voluntary_switches >= WAITS_PER_PREEMPTION * (visit.involuntary_switches or 0)
        for visit in short
    )


def series_flags(visit: Visit, *, drifts: bool, threads: int) -> tuple[Flag, ...]:
    """Flags of one phase's series: ``drift``, where its times went up or down while the CPU was there.

    A series that lost the CPU for a while is slower for that while: this is contention and no drift.  With
    several threads nothing tells the two apart, and ``drift`` it is.
    """
    contended = threads == 1 and visit.cpu_ns is not None and visit.cpu_ns < BUSY * visit.total_wall_ns
    return (Flag.DRIFT,) if drifts and not contended else ()
