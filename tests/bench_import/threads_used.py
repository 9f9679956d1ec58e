"""How many threads work when two are allowed: by how many of a worker's are runnable while it answers.

CPU time over wall time tells it too, but only on a machine without other work: a thread that waits for a CPU
is runnable all the same.  Linux only: elsewhere the system does not tell threads apart.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from qbench.circuits.noise import NOISE_MODELS, without_readout
from qbench.ir import (
    Circuit,
    Observable,
    Operation,
    Parameter,
    PauliTerm,
    Task,
    problem_to_data,
    task_to_data,
)
from qbench.measure.pool import Pool
from qbench.measure.process import WorkerLost
from qbench.model import NoAnswer
from qbench.session.asking import worker_spec
from qbench.session.plan import PlannedSimulator
from qbench.session.preparing import prepare_cell

THREADS = 2
LAYERS = 3
SHARE = 0.1  # of the looks at which any thread was runnable: as many were at once
LEAST = 20  # looks: fewer say nothing
LOOKED_S = 1.0  # so long is executed and read back, about, while it is looked at; a program is made once
MOST_CALLS = 2000
POLL_S = 0.004
# Qubits: of who holds 4^n numbers and of noise, of gradients, of all others, of Clifford circuits; the second
# where the first takes too long.
SMALL = (8, 6)
SIZES = {"density_matrix": SMALL, "noisy_sample": SMALL, "gradient": (16, 12)}
OTHERS = (18, 12)
CLIFFORD = (20, 16)
TOLD_BYTES = 2**20


def threads_used(pool: Pool, planned: PlannedSimulator) -> Iterable[Mapping[str, Any]]:
    """One row for each kind of task: how many threads were runnable at once, in a tenth of the looks or more.

    A kind without a row was refused, or ended before it could be looked at; who is lost at both sizes is
    printed.
    """
    facts = planned.simulator.facts
    for kind in facts.tasks:
        sizes = SMALL if facts.max_qubits <= 12 else SIZES.get(kind, OTHERS)
        sizes = CLIFFORD if facts.kind == "clifford" else sizes
        for qubits in dict.fromkeys(min(size, facts.max_qubits) for size in sizes):
            task, circuit = question(kind, qubits, facts.kind == "clifford")
            prepared = prepare_cell(planned, circuit, task, "native")
            if isinstance(prepared, NoAnswer):
                break
            worker = pool.start(worker_spec(planned, threads=THREADS))
            try:
                pool.load(worker)
                looks = watched(worker, prepared.circuit, task)
            except WorkerLost as lost:
                print(f"{planned.label}: {kind} of {qubits} qubits: {lost}", file=sys.stderr)
                continue
            finally:
                pool.end(worker)
            if len(looks) >= LEAST:
                yield {
                    "simulator": planned.label,
                    "task": kind,
                    "qubits": qubits,
                    "threads": THREADS,
                    "working": max(n for n in looks if sum(m >= n for m in looks) >= SHARE * len(looks)),
                    "looks": len(looks),
                }
            break


def question(kind: str, qubits: int, clifford: bool) -> tuple[Task, Circuit]:
    """Layers of turns and a chain of cx; of Clifford circuits with h and s for turns."""
    free = kind in ("gradient", "sweep")
    operations, names = [], []
    for layer in range(LAYERS):
        for q in range(qubits):
            if clifford:
                operations += [Operation("h", (q,)), Operation("s", (q,))]
                continue
            angle: Any = 0.1 + 0.37 * q + 0.11 * layer
            if free and q < 2:  # six parameters: shift rules take two executions each
                names.append(f"t{layer}{q}")
                angle = Parameter(names[-1])
            operations.append(Operation("ry", (q,), (angle,)))
        operations += [Operation("cx", (q, q + 1)) for q in range(qubits - 1)]
    measured = [Operation("measure", (q,), clbits=(q,)) for q in range(qubits)]
    counted = kind in ("sample", "noisy_sample")
    observed = kind in ("expval", "gradient", "sweep")
    noise = NOISE_MODELS["pauli"] if kind in ("density_matrix", "noisy_sample") else None
    if kind == "density_matrix" and noise is not None:
        noise = without_readout(noise)
    row = tuple(0.2 + 0.1 * place for place in range(len(names)))
    task = Task(
        kind,
        shots=1000 if counted else None,
        observable=Observable((PauliTerm(1.0, ((0, "Z"), (1, "Z"))),)) if observed else None,
        noise=noise,
        parameters=tuple(names),
        bindings=((row,) if kind == "gradient" else (row,) * 8) if free else (),
    )
    bits = qubits if counted else 0
    return task, Circuit(qubits, tuple(operations + (measured if counted else [])), bits)


def watched(worker: Any, circuit: Circuit, task: Task) -> list[int]:
    """How many threads were runnable at each look while it executed, looks at which none was left out.

    Empty where it refuses.  A first call starts its threads and tells how often it is to be called.
    """
    asked = {"op": "clock_calls", "problem": problem_to_data(circuit), "task": task_to_data(task)}
    first = worker.request({**asked, "seeds": [0]}, limit_bytes=TOLD_BYTES).message
    if "calls" not in first:
        return []
    again_s = sum(spent for phase, spent in first["calls"] if phase in ("execute", "readback")) / 1e9
    calls = min(MOST_CALLS, max(1, round(LOOKED_S / max(again_s, 1e-9))))
    looks: list[int] = []
    done = threading.Event()

    def look() -> None:
        while not done.wait(POLL_S):
            looks.append(runnable(worker.pid))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        worker.request({**asked, "seeds": list(range(1, calls + 1))}, limit_bytes=TOLD_BYTES)
    finally:
        done.set()
        watcher.join()
    return [count for count in looks if count]


def runnable(pid: int) -> int:
    """How many threads of a process run or wait for a CPU now; none of one that is gone."""
    states = []
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
                states.append((thread / "stat").read_text().rpartition(") ")[2][:1])
    except FileNotFoundError:
        return 0
    return states.count("R")
