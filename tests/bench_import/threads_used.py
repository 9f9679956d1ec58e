"""How many threads work when two are allowed: by the CPU time of each thread of a worker that answers.

CPU time over wall time tells it too, but only on a machine without other work.  Here a thread counts that
took at least a tenth of the CPU time of one answer, however long it waited for a CPU.  Linux only: elsewhere
the system does not tell threads apart.
"""

from __future__ import annotations

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
SHARE = 0.1
ENOUGH_NS = 100_000_000  # less CPU time than this, and a larger circuit is asked
LEAST_NS = 2_000_000  # less than this at the largest: nothing can be said
POLL_S = 0.01
SMALL = (8, 9)  # qubits of who holds density matrices or unitaries, and of noise
SIZES = {"density_matrix": SMALL, "noisy_sample": SMALL, "gradient": (12, 16)}
OTHERS = (18, 20, 22)
CLIFFORD = (20, 100, 200)
ANSWER_BYTES = 2**30


def threads_used(pool: Pool, planned: PlannedSimulator) -> Iterable[Mapping[str, Any]]:
    """One row for each kind of task: the largest circuit that was asked, and how many threads worked.

    A kind without a row was refused or too quick at every size.  Who is lost is printed, and the largest
    circuit before it counts.
    """
    facts = planned.simulator.facts
    for kind in facts.tasks:
        sizes = SMALL if facts.max_qubits <= 12 else SIZES.get(kind, OTHERS)
        sizes = CLIFFORD if facts.kind == "clifford" else sizes
        found: Mapping[str, Any] | None = None
        for qubits in dict.fromkeys(min(size, facts.max_qubits) for size in sizes):
            task, circuit = question(kind, qubits, facts.kind == "clifford")
            prepared = prepare_cell(planned, circuit, task, "native")
            if isinstance(prepared, NoAnswer):
                break
            worker = pool.start(worker_spec(planned, threads=THREADS))
            try:
                pool.load(worker)
                spent = watched(worker, prepared.circuit, task)
            except WorkerLost as lost:
                print(f"{planned.label}: {kind} of {qubits} qubits: {lost}", file=sys.stderr)
                break
            finally:
                pool.end(worker)
            if spent is None:
                break
            total = sum(spent.values())
            working = sum(part >= SHARE * total for part in spent.values())
            found = {
                "simulator": planned.label,
                "task": kind,
                "qubits": qubits,
                "threads": THREADS,
                "working": working,
                "cpu_ns": total,
            }
            if total >= ENOUGH_NS:
                break
        if found is not None and found["cpu_ns"] >= LEAST_NS:
            yield found


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


def watched(worker: Any, circuit: Circuit, task: Task) -> dict[int, int] | None:
    """CPU nanoseconds by thread of the worker while it answers; None where it refuses.

    Threads are looked at all the time: one that ends takes its count with it.
    """
    before = cpu_by_thread(worker.pid)
    seen = dict(before)
    done = threading.Event()

    def look() -> None:
        while not done.wait(POLL_S):
            seen.update(cpu_by_thread(worker.pid))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        reply = worker.request(
            {"op": "ask", "problem": problem_to_data(circuit), "task": task_to_data(task), "seed": 1},
            limit_bytes=ANSWER_BYTES,
        )
        seen.update(cpu_by_thread(worker.pid))
    finally:
        done.set()
        watcher.join()
    if "answer" not in reply.message:
        return None
    return {thread: spent - before.get(thread, 0) for thread, spent in seen.items()}


def cpu_by_thread(pid: int) -> dict[int, int]:
    """Nanoseconds that each living thread of a process has been on a CPU."""
    found = {}
    for thread in Path(f"/proc/{pid}/task").iterdir():
        try:
            found[int(thread.name)] = int((thread / "schedstat").read_text().split()[0])
        except (FileNotFoundError, ProcessLookupError):  # it has just ended
            continue
    return found
