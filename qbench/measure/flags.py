"""What a visit's own readings say against it."""

from __future__ import annotations

from collections.abc import Sequence

from qbench.model import Flag, Visit

__all__ = ["CHATTY_BYTES", "visit_flags"]

CHATTY_BYTES = 2**20
MEANINGFUL_WALL_NS = 5_000_000
"""Below this much sampled time the ratio of CPU to wall time is mostly noise."""


def visit_flags(visits: Sequence[Visit], *, threads: int, output_bytes: int) -> tuple[Flag, ...]:
    """Flags of one visit from its warm series and the bytes it wrote to its output.

    ``threads``: CPU time above 1.05 times the threads given.  ``contended``: below 0.95 of the wall time on
    one thread, so the process was waiting for the machine.
    """
    warm = [v for v in visits if v.place == "warm" and v.cpu_ns is not None]
    wall = sum(v.total_wall_ns for v in warm)
    cpu = sum(v.cpu_ns or 0 for v in warm)
    flags = []
    if output_bytes > CHATTY_BYTES:
        flags.append(Flag.CHATTY)
    if wall >= MEANINGFUL_WALL_NS:
        if cpu > 1.05 * threads * wall:
            flags.append(Flag.THREADS)
        if threads == 1 and cpu < 0.95 * wall:
            flags.append(Flag.CONTENDED)
    return tuple(flags)
