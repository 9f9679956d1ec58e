"""A worker and the processes that it started: what memory they hold, and what CPU they used.

``process_time`` inside a worker knows nothing of its children: a simulator that works in processes of its
own would look idle.  So the controller reads the whole family's clocks, before and after a request.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

__all__ = [
    "CpuTimes",
    "children_of",
    "cpu_times",
    "descendants",
    "kill_all",
    "oom_kills",
    "peak_resident_bytes",
    "resident_bytes",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CpuTimes:
    """CPU nanoseconds of a process itself, and of all that descends from it, ended or not.

    The system counts in ticks, mostly of 10 ms.  What a child used that nobody waited for is lost when it
    ends.
    """

    own_ns: int
    children_ns: int


def descendants(pid: int) -> list[int]:
    """Process ids of all children, their children and so on.

    On Linux each thread's list of children is read: 15 us, where looking through all processes of the
    machine takes 650 us with 90 of them.

    >>> import os, subprocess, sys
    >>> with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
    ...     child.pid in descendants(os.getpid())
    True
    """
    found = _listed_children(pid)
    if found is None:
        try:
            return [child.pid for child in psutil.Process(pid).children(recursive=True)]
        except psutil.Error:
            return []
    for child in found:  # grows while it is walked
        found += [one for one in _listed_children(child) or () if one not in found]
    return found


def children_of(pid: int) -> list[psutil.Process]:
    """All descendants as processes that can be told from others that get their numbers later."""
    found = []
    for child in descendants(pid):
        with contextlib.suppress(psutil.Error):  # it has just ended
            found.append(psutil.Process(child))
    return found


def kill_all(processes: Iterable[psutil.Process]) -> None:
    """Kill those that are still there, in whatever session they are."""
    for process in processes:
        with contextlib.suppress(psutil.Error):  # it has ended
            process.kill()


def _listed_children(pid: int) -> list[int] | None:
    """Children by the kernel's lists; None where there are none (another system, an older kernel)."""
    children: list[int] = []
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            children += map(int, task.joinpath("children").read_text().split())
    except OSError:
        return None
    return children


def cpu_times(pid: int) -> CpuTimes | None:
    """CPU time of a process and of its descendants; None when it has ended."""
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return None
    own = times.user + times.system
    # On Linux a process's times name those of the children that it waited for; elsewhere they are not told.
    children = getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    for child in descendants(pid):
        try:
            children += sum(psutil.Process(child).cpu_times()[:4])
        except psutil.Error:
            continue  # it has just ended; whoever waits for it has its time
    return CpuTimes(own_ns=round(own * 1e9), children_ns=round(children * 1e9))


def resident_bytes(pids: Sequence[int], shared_once: bool = False) -> int:
    """Resident memory of processes together; those that have ended hold none.

    ``shared_once`` counts a page that several map once (slow: the kernel walks all pages), where the
    system can.
    """
    total = 0
    for pid in pids:
        held = _proportional_bytes(pid) if shared_once else None
        if held is None:
            try:
                held = psutil.Process(pid).memory_info().rss
            except psutil.Error:
                continue
        total += held
    return total


def _proportional_bytes(pid: int) -> int | None:
    return _kilobytes(Path(f"/proc/{pid}/smaps_rollup"), "Pss:")


def peak_resident_bytes(pid: int) -> int | None:
    """The highest resident memory of a process since its peak was last reset; None where none is told."""
    return _kilobytes(Path(f"/proc/{pid}/status"), "VmHWM:")


def oom_kills() -> int | None:
    """How many processes the kernel has killed for lack of memory since it started; None: it does not say."""
    try:
        lines = Path("/proc/vmstat").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), None)


def _kilobytes(path: Path, key: str) -> int | None:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith(key)), None)
