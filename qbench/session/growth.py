"""What grows with repeated calls: memory, open files, threads, processes.

Looked at between batches of executions of one program, and of programs of contents that nobody asked before.
Garbage is collected first: what the next collection frees is no leak.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from qbench.ir import Circuit
from qbench.measure.asking import Asker
from qbench.model import NoAnswer
from qbench.session.plan import PlannedSimulator
from qbench.session.preparing import prepare_cell
from qbench.session.probing import Remark
from qbench.verify.timing import probe_circuit, probe_task, with_free_angles

__all__ = ["Growth", "grown", "what_grows"]

BATCHES = 3
"""A leak adds to each of so many batches, in two series; what fills up once, or is freed later, does not."""

BATCH_S, LEAST_CALLS, MOST_CALLS = 0.1, 5, 100
WARM_CALLS = 3
SUSPECTS_CALLS = 30
"""In the second series, which only a suspect is asked: a pool that fills up in some 40 calls is full then."""

QUBITS, DENSE_QUBITS, LAYERS, SHOTS = 10, 5, 4, 200
"""Of the circuits asked: an answer has 16 KiB, also one of 4^n numbers; counts and programs about as much."""

MOST_DENSE = 12
"""Who declares no more qubits than this works with 4^n numbers, whatever it is asked for."""

SLOW_S = 1.0
"""A call that takes longer is not repeated a hundred times."""

LEAST_GROWTH: Mapping[str, int] = {
    "rss_bytes": 64 * 1024,
    "open_files": LEAST_CALLS // 2,
    "os_threads": LEAST_CALLS // 2,
    "processes": LEAST_CALLS // 2,
}
"""What every batch must add, at least, to be called growth."""

LEAST_BYTES_PER_CALL = 5 * 1024

NAMES: Mapping[str, str] = {
    "rss_bytes": "memory",
    "open_files": "open files",
    "os_threads": "threads",
    "processes": "processes",
}


@dataclass(slots=True)
class Growth:
    """Levels of what a worker holds, one before each batch of ``calls`` calls and one at the end."""

    calls: int
    levels: list[Mapping[str, int]] = field(default_factory=list)

    def steps(self, name: str) -> list[int]:
        """What each batch added; empty where the system does not tell."""
        told = [level[name] for level in self.levels if name in level]
        return [after - before for before, after in pairwise(told)]


def grown(growth: Growth) -> dict[str, int]:
    """What every batch added to, and by how much the least of them.

    >>> levels = [{"rss_bytes": 10**7 + k * 10**6, "open_files": 9} for k in range(4)]
    >>> grown(Growth(calls=100, levels=levels))
    {'rss_bytes': 1000000}
    """
    least = {**LEAST_GROWTH, "rss_bytes": max(LEAST_GROWTH["rss_bytes"], growth.calls * LEAST_BYTES_PER_CALL)}
    steps = {name: growth.steps(name) for name in least}
    return {
        name: min(found)
        for name, found in steps.items()
        if len(found) == BATCHES and min(found) >= least[name]
    }


def what_grows(asker: Asker, planned: PlannedSimulator, kind: str, gate_mode: str) -> Iterator[Remark]:
    """Repeat executions of one program, then fresh programs, and look at what the worker holds meanwhile.

    One remark for each of the two.  Of a kind that is not taken nothing is said.
    """
    facts = planned.simulator.facts
    task = probe_task(kind, SHOTS, facts.noise)
    dense = kind in ("density_matrix", "noisy_sample") or facts.max_qubits <= MOST_DENSE
    qubits = min(DENSE_QUBITS if dense else QUBITS, facts.max_qubits)

    def made(content: int) -> Circuit | None:
        circuit = probe_circuit(qubits, LAYERS, content, facts.kind == "clifford")
        circuit = with_free_angles(circuit) if task.parameters else circuit
        prepared = prepare_cell(planned, circuit, task, gate_mode)
        return None if isinstance(prepared, NoAnswer) else prepared.circuit

    one = made(0)
    if one is None:
        return

    def executions(calls: int, first: int) -> NoAnswer | None:
        told = asker.clock(one, task, range(first, first + calls))
        return told if isinstance(told, NoAnswer) else None

    def programs(calls: int, first: int) -> NoAnswer | None:
        for content in range(first, first + calls):
            told = asker.clock(made(content) or one, task, [content])
            if isinstance(told, NoAnswer):
                return told
        return None

    for what, repeat in (("executions of one program", executions), ("programs", programs)):
        name = f"{what} ({kind})"
        began = time.monotonic()
        first = repeat(1, 0)
        spent = time.monotonic() - began
        if first is None and spent > SLOW_S:
            yield Remark(name=name, text=f"not tried: a call takes {spent:.1f} s", noted=True)
            continue
        once = _series(asker, repeat, 1)
        suspected = isinstance(once, Growth) and bool(grown(once))
        again = _series(asker, repeat, 10_000, SUSPECTS_CALLS) if suspected else once
        if isinstance(again, NoAnswer):
            yield Remark(name=name, text=f"{again.verdict}: {again.reason}", failed=True)
            continue
        both = grown(again)
        sizes = {
            name: f"{least / 1024:.0f} KiB" if name == "rss_bytes" else least for name, least in both.items()
        }
        held = ", ".join(f"{NAMES[figure]} by {size}" for figure, size in sizes.items())
        told = f"with every {again.calls} {what} it holds more, at least {held}"
        text = told if both else f"{BATCHES} times {again.calls}: nothing grew"
        # A compiler may keep what it made of each circuit: that is told, and no fault by itself.
        excused = repeat is programs and set(both) <= {"rss_bytes"}
        yield Remark(name=name, text=text, failed=bool(both) and not excused, noted=bool(both) and excused)


def _series(
    asker: Asker, repeat: Callable[[int, int], NoAnswer | None], first: int, least: int = LEAST_CALLS
) -> Growth | NoAnswer:
    """What the worker holds between batches of calls: as many as take ``BATCH_S``, and at least ``least``."""
    began = time.monotonic()
    for start in (first, first + WARM_CALLS):  # the second without what a package makes at its first call
        began = time.monotonic()
        lost = repeat(WARM_CALLS, start)
        if lost is not None:
            return lost
    each = max((time.monotonic() - began) / WARM_CALLS, 1e-6)
    calls = max(least, min(MOST_CALLS, round(BATCH_S / each)))
    lost = repeat(calls, first + 100)  # buffers and pools that fill up
    if lost is not None:
        return lost
    growth = Growth(calls=calls)
    for batch in range(BATCHES + 1):
        level = asker.footprint()
        if isinstance(level, NoAnswer):
            return level
        growth.levels.append(level)
        lost = repeat(calls, first + (batch + 2) * 100) if batch < BATCHES else None
        if lost is not None:
            return lost
    return growth
