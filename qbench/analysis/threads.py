"""How many threads were used, and how many were seen, beside how many were allowed.

Used is by the clocks: CPU time over wall time.  Seen is what a judge's worker had after its answers: threads
in /proc and the thread pools that threadpoolctl knows.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from qbench.analysis.readings import PhaseReadings
from qbench.model import Flag

__all__ = ["TOLERANCE", "disturbed", "threads_seen", "threads_used"]

TOLERANCE = 0.05
"""So much more than a whole number of CPUs is that number: clocks are not that exact."""


def threads_used(readings: PhaseReadings, allowed: int) -> int | None:
    """The number of CPUs that the warm samples kept busy, rounded up, at most those allowed; None untold.

    A phase at 2 threads that was never busier than 1.05 CPUs used one.
    """
    if readings.busy is None:
        return None
    return max(1, min(allowed, math.ceil(readings.busy - TOLERANCE)))


def disturbed(readings: PhaseReadings) -> bool:
    """Whether other work took the CPU away in at least half of the warm visits.

    Then CPU time over wall time is lower than the simulator's own doing.  With one thread such a visit is
    flagged ``contended``; with several a low ratio alone tells nothing, so the involuntary context switches
    must say it, or the flag of one of the visits.
    """
    rows = readings.warm_rows
    taken = readings.visits.numbers["involuntary_switches"][rows] > 0  # not told: below 0
    return 2 * max(int(taken.sum()), readings.visits.flagged(Flag.CONTENDED, rows)) >= len(rows) > 0


def threads_seen(events: Iterable[Mapping[str, Any]]) -> dict[tuple[str, int], str]:
    """What was seen of every simulator at every number of threads, in words.

    >>> pools = [{"api": "openmp", "num_threads": 2}]
    >>> threads_seen([{"event": "threads_seen", "simulator": "a", "threads": 2, "os_threads": 3,
    ...                "pools": pools}])
    {('a', 2): '3: openmp 2'}
    """
    found = {}
    for event in events:
        if event["event"] == "threads_seen":
            pools = ", ".join(f"{pool['api']} {pool['num_threads']}" for pool in event["pools"] or ())
            count = "" if event["os_threads"] is None else str(event["os_threads"])
            found[event["simulator"], event["threads"]] = ": ".join(part for part in (count, pools) if part)
    return found
