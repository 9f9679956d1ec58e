"""What memory a worker may hold, and what says that it held more.

Looked at every quarter of a second of a long request (a process that fills memory at 2 GB/s gets 0.5 GB
further), and after every answer, when the system tells the peak since the last visit began.  No control group
is used: a controller would have to move itself into another one first, and workers would be measured in a
group that no user's process is in.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from qbench.measure.family import descendants, oom_kills, peak_resident_bytes, resident_bytes

__all__ = ["MemoryWatch", "first_to_go"]

STARVED = 0.9
"""A worker that somebody killed while it held this share of its limit ran out of memory."""


class MemoryWatch:
    """One worker's memory, with that of the processes that it started, against its limits.

    ``limit`` is in bytes and its own; ``total``, if there is one, is for it and all that ``others`` holds.
    """

    def __init__(self, pid: int, limit: int, total: int | None, others: Callable[[], int]) -> None:
        self.pid = pid
        self.limit = limit
        self.total = total
        self.others = others
        self.seen = 0
        self._kills = oom_kills()

    def held(self) -> int:
        """Resident bytes of the worker and of what it started, now."""
        family = [self.pid, *descendants(self.pid)]
        held = resident_bytes(family)
        if held > self.limit and len(family) > 1:
            held = resident_bytes(family, shared_once=True)  # a forked child shares most of its parent's
        self.seen = held or self.seen  # a process that is just ending holds nothing any more
        return held

    def excess(self) -> str | None:
        """What limit it passes now; None: none."""
        held = self.held()
        if held > self.limit:
            return f"resident memory {_mib(held)} passed the limit of {_mib(self.limit)}"
        others = self.others() if self.total is not None else 0
        if self.total is not None and held + others > self.total:
            return (
                f"all workers together passed {_mib(self.total)}: this one holds {_mib(held)}, the "
                f"others that are alive {_mib(others)}"
            )
        return None

    def passed(self) -> str | None:
        """What limit it passed since its peak was last reset, however shortly; None: none."""
        peak = peak_resident_bytes(self.pid)
        if peak is None or peak <= self.limit:
            return None
        return f"resident memory had a peak of {_mib(peak)}, over the limit of {_mib(self.limit)}"

    def starved(self) -> str | None:
        """What says of a worker that somebody killed that it was for its memory; None: nothing does."""
        now = oom_kills()
        if self._kills is not None and now is not None and now > self._kills:
            return "the system killed a process for lack of memory meanwhile"
        if self.seen > STARVED * self.limit:
            return f"it held {_mib(self.seen)} of the {_mib(self.limit)} allowed"
        return None


def first_to_go(pid: int) -> None:
    """Ask Linux to kill this process before any other when memory runs out: not us, nor the user's work."""
    with contextlib.suppress(OSError):  # no such file here, or the process has just ended
        Path(f"/proc/{pid}/oom_score_adj").write_text("1000", encoding="ascii")


def _mib(size: int) -> str:
    return f"{size >> 20} MiB"
