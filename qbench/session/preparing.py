"""What can be said of a cell without asking anybody: lowered for its simulator, or refused."""

from __future__ import annotations

import time
from dataclasses import dataclass

from qbench.circuits.lowering import COMMON, CannotLower, lower
from qbench.ir import Circuit, Task
from qbench.model import NoAnswer, Verdict
from qbench.session.plan import PlannedSimulator
from qbench.verify.reference import MAX_QUBITS as REFERENCE_QUBITS

__all__ = ["PreparedCell", "prepare_cell"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedCell:
    """The circuit in the simulator's gates; how long lowering took is outside of every phase."""

    circuit: Circuit
    lowering_ns: int


def prepare_cell(
    planned: PlannedSimulator, circuit: Circuit, task: Task, gate_mode: str
) -> PreparedCell | NoAnswer:
    """Lower the circuit for one simulator, or say why it will not be asked."""
    facts = planned.simulator.facts
    if planned.missing:
        return NoAnswer(
            verdict=Verdict.NOT_INSTALLED,
            reason=f"not installed: {', '.join(planned.missing)} (pip install {' '.join(planned.missing)})",
        )
    lacking = sorted(circuit.features - facts.features)
    reason = None
    if "circuit" not in facts.problems:
        reason = "takes no circuits"
    elif task.kind not in facts.tasks:
        reason = f"has no {task.kind}"
    elif task.kind == "state" and "mid_circuit_measurement" in circuit.features:
        reason = "a circuit measured midway has no single final state"
    elif task.kind == "sample" and not any(qubit is not None for qubit in circuit.readout):
        reason = "no qubit is measured into a classical bit"
    elif lacking:
        reason = f"needs {', '.join(lacking).replace('_', ' ')}"
    elif circuit.num_qubits > facts.max_qubits:
        reason = f"{circuit.num_qubits} qubits; it takes at most {facts.max_qubits}"
    elif circuit.num_qubits > REFERENCE_QUBITS:
        reason = f"{circuit.num_qubits} qubits; qbench's exact reference takes at most {REFERENCE_QUBITS}"
    if reason:
        return NoAnswer(verdict=Verdict.UNSUPPORTED, reason=reason)
    started = time.perf_counter_ns()
    try:
        lowered = lower(circuit, facts.gates if gate_mode == "native" else facts.gates & COMMON)
    except CannotLower as error:
        return NoAnswer(verdict=Verdict.UNSUPPORTED, reason=str(error))
    return PreparedCell(circuit=lowered, lowering_ns=time.perf_counter_ns() - started)
