"""A PennyLane tape (``QuantumScript``) as a circuit: its gates, or what they are made of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from qbench.circuits.qasm_scan import MAX_OPERATIONS, MAX_QUBITS
from qbench.errors import QbenchError
from qbench.ir import Circuit, Operation

if TYPE_CHECKING:
    from pennylane.tape import QuantumScript

__all__ = ["circuit_from_pennylane"]

# PennyLane's names for gates of ours with the same angles in the same order and the same matrix.
_SAME = {
    "Identity": "id",
    "PauliX": "x",
    "PauliY": "y",
    "PauliZ": "z",
    "Hadamard": "h",
    "S": "s",
    "Adjoint(S)": "sdg",
    "T": "t",
    "Adjoint(T)": "tdg",
    "SX": "sx",
    "Adjoint(SX)": "sxdg",
    "RX": "rx",
    "RY": "ry",
    "RZ": "rz",
    "PhaseShift": "p",
    "U1": "p",
    "U2": "u2",
    "U3": "u",
    "CNOT": "cx",
    "CY": "cy",
    "CZ": "cz",
    "CH": "ch",
    "ControlledPhaseShift": "cp",
    "CRX": "crx",
    "CRY": "cry",
    "CRZ": "crz",
    "SWAP": "swap",
    "IsingXX": "rxx",
    "IsingYY": "ryy",
    "IsingZZ": "rzz",
    "Toffoli": "ccx",
    "CSWAP": "cswap",
}
_MANY_CONTROLS = {2: "cx", 3: "ccx", 4: "c3x", 5: "c4x"}
_NOTHING = {"GlobalPhase", "Snapshot", "WireCut"}


def circuit_from_pennylane(tape: QuantumScript, *, name: str | None = None) -> Circuit:
    """The operations of a tape; what it measures is left out, since the workload says what is asked.

    Qubit 0 is the first wire: integer wires in ascending order, others in the order of the tape.  Wires that
    are not used close up.  (PennyLane's own amplitudes have the first wire as the most significant bit;
    qbench's have it as the least.)  An operation that qbench does not have is written out by its
    ``decomposition``; where that is PennyLane's numerical synthesis (``QubitUnitary``, ``StatePrep``) it is
    right to about 1e-15 per gate.  Global phase is dropped.

    Raises ``QbenchError`` naming the operation for mid-circuit measurements, channels, batches of angles,
    an operation without a decomposition, and beyond 64 qubits or 100 000 operations.

    >>> import pennylane as qml
    >>> tape = qml.tape.QuantumScript([qml.Hadamard("a"), qml.CNOT(["a", "b"])])
    >>> [(op.name, op.qubits) for op in circuit_from_pennylane(tape).operations]
    [('h', (0,)), ('cx', (0, 1))]
    """
    title = name if name is not None else str(getattr(tape, "name", None) or "")
    source = f"PennyLane tape {title!r}" if title else "PennyLane tape"
    labels = list(tape.wires.labels)
    if all(isinstance(label, int) for label in labels):
        labels.sort()
    if not labels:
        raise QbenchError(f"{source}: no wires")
    if len(labels) > MAX_QUBITS:
        raise QbenchError(f"{source}: {len(labels)} wires; qbench reads at most {MAX_QUBITS} qubits")
    qubit = {label: index for index, label in enumerate(labels)}
    operations: list[Operation] = []
    for position, operation in enumerate(tape.operations):
        where = f"{source}, operation {position} ({str(operation.name)[:80]})"
        pending, steps = [operation], 0
        while pending:
            one = pending.pop()
            steps += 1
            if len(operations) >= MAX_OPERATIONS or steps > 2 * MAX_OPERATIONS:
                raise QbenchError(
                    f"{where}: more than {MAX_OPERATIONS} operations up to here, written out: this is no "
                    "small circuit"
                )
            try:
                qubits = tuple(qubit[label] for label in one.wires)
            except KeyError as error:
                raise QbenchError(f"{where}: needs the wire {error}, which the tape does not have") from error
            written = _standard(one, qubits, where)
            if written is None:
                pending += reversed(_parts(one, where))
            else:
                operations += written
    try:
        return Circuit(len(labels), tuple(operations), 0, title)
    except ValueError as error:
        raise QbenchError(f"{source}: {error}") from error


def _standard(operation: Any, qubits: tuple[int, ...], where: str) -> list[Operation] | None:
    """The operation in qbench's own words; None where only its decomposition can tell."""
    name = str(operation.name)
    if name.startswith(("MidMeasure", "Conditional", "PauliMeasure")):
        raise QbenchError(
            f"{where}: a measurement within a tape, or what depends on one, is not supported yet; bring the "
            "circuit as OpenQASM or from Qiskit if it measures without feed-forward"
        )
    if getattr(operation, "batch_size", None) is not None:
        raise QbenchError(f"{where}: a batch of {operation.batch_size} angles; give one tape for each")
    if not type(operation).__module__.startswith("pennylane."):
        return None  # someone else's gate under a known name
    if name in _NOTHING:
        return []
    if name == "Barrier":
        return [Operation("barrier", qubits)] if qubits else []
    if name == "Rot":  # RZ(omega) RY(theta) RZ(phi), which is u(theta, omega, phi) up to global phase
        phi, theta, omega = _angles(operation, where)
        return [Operation("u", qubits, (theta, omega, phi))]
    if name == "MultiControlledX" and len(qubits) in _MANY_CONTROLS and all(operation.control_values):
        return [Operation(_MANY_CONTROLS[len(qubits)], qubits)]
    if name in _SAME and (len(qubits) == 1 or name != "Identity"):
        return [Operation(_SAME[name], qubits, _angles(operation, where))]
    if name == "Identity":
        return [Operation("id", (q,)) for q in qubits]
    return None


def _angles(operation: Any, where: str) -> tuple[float, ...]:
    angles = []
    for value in operation.parameters:
        try:
            angle = float(value)
        except (TypeError, ValueError) as error:
            raise QbenchError(f"{where}: the angle {value!r:.80} is no real number") from error
        if not math.isfinite(angle):
            raise QbenchError(f"{where}: an angle is {angle}; expected a finite number")
        angles.append(angle)
    return tuple(angles)


def _parts(operation: Any, where: str) -> Sequence[Any]:
    """What an operation is made of, one level deep."""
    name = str(operation.name)[:80]
    if not getattr(operation, "has_decomposition", False):
        raise QbenchError(f"{where}: {name} has no decomposition into gates")
    try:
        parts: list[Any] = operation.decomposition()
    except Exception as error:
        raise QbenchError(f"{where}: {name} cannot be written out: {error!s:.200}") from error
    return parts
