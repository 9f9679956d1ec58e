"""What can be said of a cell without asking anybody: lowered for its simulator, or refused."""

from __future__ import annotations

import time
from dataclasses import dataclass

from qbench.circuits.lowering import CannotLower, not_clifford
from qbench.circuits.noise import with_noise
from qbench.ir import Circuit, Operation, Task
from qbench.model import NoAnswer, Verdict
from qbench.session.gate_modes import in_mode
from qbench.session.installing import install_command
from qbench.session.plan import PlannedSimulator
from qbench.verify.judge import unjudged

__all__ = ["PreparedCell", "asked_circuit", "prepare_cell"]

FEATURES = {
    "mid_circuit_measurement": "measurement before the end",
    "reset": "reset",
    "feed_forward": "feed-forward",
    "parameters": "free parameters",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedCell:
    """The circuit in the simulator's gates; how long lowering took is outside of every phase."""

    circuit: Circuit
    lowering_ns: int


def asked_circuit(circuit: Circuit, task: Task) -> Circuit:
    """The circuit that a task is about, before lowering: with its noise, where the task has any.

    >>> from qbench.circuits.noise import NOISE_MODELS
    >>> flip = Circuit(1, (Operation("x", (0,)),))
    >>> noisy = Task("noisy_sample", shots=10, noise=NOISE_MODELS["pauli"])
    >>> [op.name for op in asked_circuit(flip, noisy).operations]
    ['x', 'depolarizing']
    """
    return circuit if task.noise is None else with_noise(circuit, task.noise)


def prepare_cell(
    planned: PlannedSimulator, circuit: Circuit, task: Task, gate_mode: str
) -> PreparedCell | NoAnswer:
    """Lower the circuit for one simulator, or say why it will not be asked."""
    facts = planned.simulator.facts
    free = frozenset({"parameters"} if task.kind in ("gradient", "sweep") else ())
    noise = frozenset(() if task.noise is None else task.noise.kinds)
    if planned.missing:
        return NoAnswer(
            verdict=Verdict.NOT_INSTALLED,
            reason=f"not installed: {', '.join(planned.missing)} ({install_command(planned)})",
        )
    reason = None
    if "circuit" not in facts.problems:
        reason = "takes no circuits"
    elif task.kind not in facts.tasks:
        reason = facts.unsupported.get(task.kind, f"has no {task.kind}")
    elif task.kind == "state" and "mid_circuit_measurement" in circuit.features:
        reason = "a circuit measured midway has no single final state"
    elif task.counted and not any(qubit is not None for qubit in circuit.readout):
        reason = "no qubit is measured into a classical bit"
    elif circuit.num_qubits > facts.max_qubits:
        reason = f"{circuit.num_qubits} qubits; it takes at most {facts.max_qubits}"
    elif missing := circuit.features - facts.features - free:
        reason = f"it takes no {' and no '.join(FEATURES.get(name, name) for name in sorted(missing))}"
    elif noise and circuit.features:
        reason = "noise is put on circuits of gates and final measurements only"
    elif missing := noise - facts.noise:
        reason = f"it has no {' and no '.join(name.replace('_', ' ') for name in sorted(missing))}"
    else:  # whatever a simulator declares: an answer that nobody can judge is not asked for
        reason = unjudged(circuit, task)
    if reason:
        return NoAnswer(verdict=Verdict.UNSUPPORTED, reason=reason)
    started = time.perf_counter_ns()
    try:
        lowered = in_mode(asked_circuit(circuit, task), facts, gate_mode)
    except CannotLower as error:
        odd = not_clifford(circuit) if facts.kind == "clifford" else None
        reason = f"not a Clifford circuit: {_shown(odd)}" if odd else str(error)
        return NoAnswer(verdict=Verdict.UNSUPPORTED, reason=reason)
    return PreparedCell(circuit=lowered, lowering_ns=time.perf_counter_ns() - started)


def _shown(op: Operation) -> str:
    angles = f"({', '.join(map(repr, op.params))})" if op.params else ""
    plural = "s" if len(op.qubits) > 1 else ""
    return f"{op.name}{angles} on qubit{plural} {', '.join(map(str, op.qubits))}"
