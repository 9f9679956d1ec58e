"""What a visit's own readings say against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qbench.model import Flag

__all__ = ["CHATTY_BYTES", "visit_flags"]

CHATTY_BYTES = 2**20
MEANINGFUL_WALL_NS = 5_000_000
"""Below this much sampled time the ratio of CPU to wall time is mostly noise."""


def visit_flags(visits: Sequence[Mapping[str, Any]], *, threads: int, output_bytes: int) -> tuple[Flag, ...]:
    """Flags of one visit from its warm series and the bytes it wrote to its output.

    ``threads``: CPU time above 1.05 times the threads given.  ``contended``: below 0.95 of the wall time on
    one thread, so the process was waiting for the machine.

    >>> warm = {"place": "warm", "total_wall_ns": 10**8, "cpu_ns": 19 * 10**7}
    >>> visit_flags([warm], threads=1, output_bytes=0)
    (<Flag.THREADS: 'threads'>,)
    """
    warm = [v for v in visits if v["place"] == "warm" and v["cpu_ns"] is not None]
    wall = sum(v["total_wall_ns"] for v in warm)
    cpu = sum(v["cpu_ns"] for v in warm)
    flags = []
    if output_bytes > CHATTY_BYTES:
        flags.append(Flag.CHATTY)
    if wall >= MEANINGFUL_WALL_NS:
        if cpu > 1.05 * threads * wall:
            flags.append(Flag.THREADS)
        if threads == 1 and cpu < 0.95 * wall:
            flags.append(Flag.CONTENDED)
    return tuple(flags)
