"""A circuit as Qiskit's own, to be drawn; simulators make theirs in their own files."""

from __future__ import annotations

from functools import cache
from typing import Any

from qbench.ir import Angle, Circuit, Operation, Parameter

__all__ = ["qiskit_circuit", "qiskit_gate"]


def qiskit_circuit(circuit: Circuit) -> Any:
    """The circuit as a ``QuantumCircuit``: one register ``q``, one ``c`` where there are classical bits.

    Gate by gate, nothing merged or left out; a condition becomes an ``if_test``, a free angle an expression
    of Qiskit's parameters.

    >>> bell = Circuit(2, (Operation("h", (0,)), Operation("cx", (0, 1))), name="bell")
    >>> dict(qiskit_circuit(bell).count_ops())
    {'h': 1, 'cx': 1}
    """
    from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister

    registers = [QuantumRegister(circuit.num_qubits, "q")]
    if circuit.num_clbits:
        registers.append(ClassicalRegister(circuit.num_clbits, "c"))
    made = QuantumCircuit(*registers)
    for op in circuit.operations:
        if op.condition is None:
            _append(made, op)
        else:
            with made.if_test(_condition(made, op.condition)):
                _append(made, op)
    return made


def _append(made: Any, op: Operation) -> None:
    if op.name == "measure":
        made.measure(op.qubits[0], op.clbits[0])
    elif op.name == "reset":
        made.reset(op.qubits[0])
    elif op.name == "barrier":
        made.barrier(*op.qubits)
    else:
        made.append(qiskit_gate(op), op.qubits)


def _condition(made: Any, condition: tuple[tuple[int, ...], int]) -> Any:
    from qiskit.circuit.classical import expr

    bits, value = condition
    if len(bits) == 1:
        return made.clbits[bits[0]], value
    if bits == tuple(range(made.num_clbits)):
        return made.cregs[0], value
    literals = [
        expr.lift(made.clbits[bit]) if value >> place & 1 else expr.bit_not(made.clbits[bit])
        for place, bit in enumerate(bits)
    ]
    joined = literals[0]
    for literal in literals[1:]:
        joined = expr.bit_and(joined, literal)
    return joined


def qiskit_gate(op: Operation) -> Any:
    """Qiskit's gate for one operation of ``qbench.ir.GATES``, with its angles.

    >>> qiskit_gate(Operation("rz", (0,), (0.25,))).params
    [0.25]
    """
    return _classes()[op.name](*(_angle(angle) for angle in op.params))


def _angle(angle: Angle) -> Any:
    if isinstance(angle, Parameter):
        return angle.scale * _parameter(angle.name) + angle.shift
    return angle


@cache  # Qiskit tells parameters of one name apart by identity
def _parameter(name: str) -> Any:
    from qiskit.circuit import Parameter as FreeAngle

    return FreeAngle(name)


@cache
def _classes() -> dict[str, Any]:
    from qiskit.circuit import library

    return {
        "id": library.IGate,
        "x": library.XGate,
        "y": library.YGate,
        "z": library.ZGate,
        "h": library.HGate,
        "s": library.SGate,
        "sdg": library.SdgGate,
        "t": library.TGate,
        "tdg": library.TdgGate,
        "sx": library.SXGate,
        "sxdg": library.SXdgGate,
        "rx": library.RXGate,
        "ry": library.RYGate,
        "rz": library.RZGate,
        "p": library.PhaseGate,
        "u2": library.U2Gate,
        "u": library.UGate,
        "cx": library.CXGate,
        "cy": library.CYGate,
        "cz": library.CZGate,
        "ch": library.CHGate,
        "csx": library.CSXGate,
        "cp": library.CPhaseGate,
        "crx": library.CRXGate,
        "cry": library.CRYGate,
        "crz": library.CRZGate,
        "cu": library.CUGate,
        "swap": library.SwapGate,
        "rxx": library.RXXGate,
        "ryy": library.RYYGate,
        "rzz": library.RZZGate,
        "ccx": library.CCXGate,
        "cswap": library.CSwapGate,
        "rccx": library.RCCXGate,
        "c3x": library.C3XGate,
        "c3sx": library.C3SXGate,
        "rc3x": library.RC3XGate,
        "c4x": library.C4XGate,
    }
