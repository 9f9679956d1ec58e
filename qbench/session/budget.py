"""The run's budget of wall time: what earlier sessions used of it, and what is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from qbench.measure.ledger import Ledger

__all__ = ["Budget", "earlier_sessions_ns"]


def earlier_sessions_ns(events: Iterable[Mapping[str, Any]]) -> int:
    """Wall time that a run's sessions took, as far as their events tell.

    A session that was killed is known up to its last finished block.  One that started no worker measured
    nothing: it found the run finished, or its budget used, and made its tables again, which is no use of it.

    >>> done = {"event": "block_done", "elapsed_ns": 5}
    >>> ended = {"event": "costs", "wall_ns": 9}
    >>> started = {"event": "session_started"}
    >>> worker = {"event": "worker_started"}
    >>> earlier_sessions_ns([started, worker, done, ended, started, worker, done, started])
    14
    >>> earlier_sessions_ns([started, worker, done, ended, started, ended])
    9
    """
    total = last = 0
    worked = False
    for event in events:
        if event["event"] == "session_started":
            total, last, worked = total + last * worked, 0, False
        elif event["event"] in _WORK:
            worked = True
        if event["event"] == "block_done":
            last = max(last, event.get("elapsed_ns", 0))
        elif event["event"] == "costs":
            last = max(last, event["wall_ns"])
    return total + last * worked


_WORK = ("worker_started", "worker_not_loaded", "judged", "block_started", "block_done")
"""Events of a session that did more than find out that nothing is to be done."""


@dataclass(slots=True, kw_only=True)
class Budget:
    """Counts from the command's start, judging included; ``limit_s`` None never ends."""

    limit_s: float | None
    ledger: Ledger
    _earlier_ns: int = 0
    _used_before: bool = False

    def take_up(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Count what earlier sessions used; a budget that ended the run once is not asked again."""
        events = tuple(events)
        self._earlier_ns = earlier_sessions_ns(events)
        ended_by = [event["budget_s"] for event in events if event["event"] == "budget_used"]
        self._used_before = self.limit_s is not None and max(ended_by, default=0.0) >= self.limit_s

    @property
    def session_ns(self) -> int:
        """Wall time of this session."""
        return sum(self.ledger.spent_ns().values())

    @property
    def elapsed_ns(self) -> int:
        """Wall time of all sessions."""
        return self._earlier_ns + self.session_ns

    @property
    def left_s(self) -> float | None:
        if self.limit_s is None:
            return None
        return 0.0 if self._used_before else self.limit_s - self.elapsed_ns / 1e9

    def used(self, needed_s: float = 0.0) -> bool:
        """Whether nothing is to be begun any more that takes ``needed_s`` before it brings anything."""
        left = self.left_s
        return left is not None and left <= needed_s
