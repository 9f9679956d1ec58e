"""A Qiskit ``QuantumCircuit`` as a circuit: its gates where qbench has them, else what they are made of.

Both readers of OpenQASM end here too.  A gate that is not in ``qbench.ir.GATES`` is replaced by its
``definition``, level by level.  Global phase is dropped; the phase of a controlled gate is in its definition.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from qbench.circuits.qasm_scan import MAX_CLBITS, MAX_OPERATIONS, MAX_QUBITS
from qbench.circuits.qiskit_branches import Instruction, unbranched
from qbench.errors import QbenchError
from qbench.ir import Angle, Circuit, Operation, Parameter

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

__all__ = ["Bodies", "Instruction", "circuit_from_qiskit", "translate"]

# Qiskit's own names for a circuit that was given none: they count up within a process.
_UNNAMED = re.compile(r"circuit-\d+(-\d+)?")

_CONTROL_FLOW = {"if_else", "while_loop", "for_loop", "switch_case", "break_loop", "continue_loop"}


# name, size, controls and angles of a gate: its body, one level deep, numbered within the gate
Bodies = dict[tuple[Any, ...], list[tuple[Any, tuple[int, ...], tuple[int, ...]]]]


def circuit_from_qiskit(circuit: QuantumCircuit, *, name: str | None = None) -> Circuit:
    """The circuit as it stands: qubit and classical bit ``k`` of Qiskit are ours, whatever their register.

    A gate that qbench does not have is written out by its definition.  For a gate given as a matrix or as
    amplitudes (``unitary``, ``initialize``) that is Qiskit's numerical synthesis, right to about 1e-15 per
    gate; a delay is an idle gate (``id``).  The operations of an ``if_else`` have its condition each
    (``qiskit_branches``).  Free parameters stay where an angle is linear in one of them.

    Raises ``QbenchError`` naming the operation for other control flow, for angles that are not linear, for an
    operation without a definition, and beyond 64 qubits, 4096 classical bits or 100 000 operations.

    >>> from qiskit import QuantumCircuit
    >>> bell = QuantumCircuit(2, name="bell")
    >>> _ = bell.h(0), bell.cx(0, 1)
    >>> circuit_from_qiskit(bell).depth
    2
    """
    own = circuit.name or ""
    title = name if name is not None else "" if _UNNAMED.fullmatch(own) else own
    source = f"QuantumCircuit {title!r}" if title else "QuantumCircuit"
    for count, limit, what in (
        (circuit.num_qubits, MAX_QUBITS, "qubits"),
        (circuit.num_clbits, MAX_CLBITS, "classical bits"),
    ):
        if count > limit:
            raise QbenchError(f"{source}: {count} {what}; qbench reads at most {limit}")
    if circuit.num_qubits == 0:
        raise QbenchError(f"{source}: no qubits")
    if circuit.num_vars or circuit.num_stretches:
        raise QbenchError(
            f"{source}: classical variables are not supported: qbench reads if_else on classical bits"
        )
    qubit = {bit: index for index, bit in enumerate(circuit.qubits)}
    clbit = {bit: index for index, bit in enumerate(circuit.clbits)}
    instructions = (
        instruction
        for position, one in enumerate(circuit.data)
        for instruction in unbranched(
            one, qubit, clbit, f"{source}, operation {position} ({one.operation.name[:80]})"
        )
    )
    operations = translate(instructions, None)
    try:
        return Circuit(circuit.num_qubits, tuple(operations), circuit.num_clbits, title)
    except ValueError as error:
        raise QbenchError(f"{source}: {error}") from error


def translate(instructions: Iterable[Instruction], bodies: Bodies | None) -> list[Operation]:
    """Qiskit's operations in order as ours, each written out as far as needed.

    ``bodies`` remembers definitions by name, size and angles; give None where two gates of one name may
    differ.
    Raises ``QbenchError`` that begins with the instruction's ``where``.
    """
    operations: list[Operation] = []
    touched: set[int] = set()
    for instruction in instructions:
        pending = [(instruction.gate, instruction.qubits, instruction.clbits)]
        steps = 0
        while pending:
            gate, qubits, clbits = pending.pop()
            steps += 1
            if len(operations) >= MAX_OPERATIONS or steps > 2 * MAX_OPERATIONS:
                raise QbenchError(
                    f"{instruction.where}: more than {MAX_OPERATIONS} operations up to here, defined gates "
                    "written out: this is no small circuit"
                )
            if gate.name == "reset" and gate is not instruction.gate and not touched.intersection(qubits):
                continue  # what initialize begins with: nothing has happened to these qubits
            written = _standard(gate, qubits, clbits, instruction.where)
            if written is None:
                body = _body(gate, bodies, instruction.where)
                pending += [
                    (inner, tuple(qubits[q] for q in on), tuple(clbits[c] for c in into))
                    for inner, on, into in reversed(body)
                ]
                continue
            if instruction.condition is not None:
                written = [op._replace(condition=instruction.condition) for op in written]
            operations += written
            if gate.name != "barrier":
                touched.update(qubits)
    return operations


@cache
def _standard_gates() -> dict[type, str]:
    from qiskit.circuit import Barrier, Measure, Reset
    from qiskit.circuit import library as lib

    return {
        Barrier: "barrier",
        Measure: "measure",
        Reset: "reset",
        lib.IGate: "id",
        lib.XGate: "x",
        lib.YGate: "y",
        lib.ZGate: "z",
        lib.HGate: "h",
        lib.SGate: "s",
        lib.SdgGate: "sdg",
        lib.TGate: "t",
        lib.TdgGate: "tdg",
        lib.SXGate: "sx",
        lib.SXdgGate: "sxdg",
        lib.RXGate: "rx",
        lib.RYGate: "ry",
        lib.RZGate: "rz",
        lib.PhaseGate: "p",
        lib.U1Gate: "p",
        lib.U2Gate: "u2",
        lib.UGate: "u",
        lib.U3Gate: "u",
        lib.CXGate: "cx",
        lib.CYGate: "cy",
        lib.CZGate: "cz",
        lib.CHGate: "ch",
        lib.CSXGate: "csx",
        lib.CPhaseGate: "cp",
        lib.CU1Gate: "cp",
        lib.CRXGate: "crx",
        lib.CRYGate: "cry",
        lib.CRZGate: "crz",
        lib.CUGate: "cu",
        lib.CU3Gate: "cu",
        lib.SwapGate: "swap",
        lib.RXXGate: "rxx",
        lib.RYYGate: "ryy",
        lib.RZZGate: "rzz",
        lib.CCXGate: "ccx",
        lib.CSwapGate: "cswap",
        lib.RCCXGate: "rccx",
        lib.C3XGate: "c3x",
        lib.C3SXGate: "c3sx",
        lib.RC3XGate: "rc3x",
        lib.C4XGate: "c4x",
    }


_MANY_CONTROLS = {1: "cx", 2: "ccx", 3: "c3x", 4: "c4x"}
# gates of Qiskit alone that are one of ours at a fixed angle
_FIXED = {"cs": math.pi / 2, "csdg": -math.pi / 2}


def _standard(
    gate: Any, qubits: tuple[int, ...], clbits: tuple[int, ...], where: str
) -> list[Operation] | None:
    """The gate in qbench's own words; None where only its definition can tell."""
    from qiskit.circuit import ControlFlowOp, ControlledGate, Delay
    from qiskit.circuit import library as lib

    if isinstance(gate, ControlFlowOp) or gate.name in _CONTROL_FLOW:
        raise QbenchError(
            f"{where}: control flow ({gate.name}) is not supported: qbench reads if_else on classical bits"
        )
    if isinstance(gate, Delay):
        return [Operation("id", (q,)) for q in qubits]
    if isinstance(gate, lib.GlobalPhaseGate) or (gate.name == "barrier" and not qubits):
        return []
    kind = getattr(gate, "base_class", type(gate))
    if isinstance(gate, ControlledGate):
        if gate.ctrl_state != 2**gate.num_ctrl_qubits - 1:
            return None
        if kind is lib.MCXGate and gate.num_ctrl_qubits in _MANY_CONTROLS:
            return [Operation(_MANY_CONTROLS[gate.num_ctrl_qubits], qubits)]
        if kind in (lib.CSGate, lib.CSdgGate):
            return [Operation("cp", qubits, (_FIXED[gate.name],))]
    name = _standard_gates().get(kind)
    if name is None:
        return None
    angles = () if name == "barrier" else tuple(_angle(angle, gate.name, where) for angle in gate.params)
    if gate.name == "cu3":
        angles = (*angles, 0.0)
    return [Operation(name, qubits, angles, clbits)]


def _body(gate: Any, bodies: Bodies | None, where: str) -> list[tuple[Any, tuple[int, ...], tuple[int, ...]]]:
    key: tuple[Any, ...] | None = None
    if bodies is not None and all(isinstance(angle, float | int) for angle in getattr(gate, "params", ())):
        key = (gate.name, gate.num_qubits, getattr(gate, "ctrl_state", None), *getattr(gate, "params", ()))
        if key in bodies:
            return bodies[key]
    name = gate.name[:80]
    try:
        definition = getattr(gate, "definition", None)
    except Exception as error:  # the angles of a body are only computed here: 1/a with a = 0
        message = getattr(error, "message", None) or str(error) or type(error).__name__
        raise QbenchError(f"{where}: in the defined gate {name}: {message}") from error
    if definition is None:
        definition = _synthesised(gate)
    if definition is None:
        raise QbenchError(f"{where}: {name} has no definition that could be run")
    qubit = {bit: index for index, bit in enumerate(definition.qubits)}
    clbit = {bit: index for index, bit in enumerate(definition.clbits)}
    body = [
        (one.operation, tuple(qubit[q] for q in one.qubits), tuple(clbit[c] for c in one.clbits))
        for one in definition.data
    ]
    if bodies is not None and key is not None:
        bodies[key] = body
    return body


def _synthesised(gate: Any) -> Any:
    """What Qiskit makes of an operation that only says what it does (a permutation, a Clifford)."""
    from qiskit import QuantumCircuit
    from qiskit.transpiler.passes import HighLevelSynthesis

    alone = QuantumCircuit(gate.num_qubits, gate.num_clbits)
    alone.append(gate, alone.qubits, alone.clbits)
    try:
        made = HighLevelSynthesis()(alone)
    except Exception:  # noqa: BLE001 - an opaque gate: the caller says so
        return None
    return None if [one.operation.name for one in made.data] == [gate.name] else made


def _angle(value: Any, gate: str, where: str) -> Angle:
    if getattr(value, "parameters", None):
        return _linear(value, gate, where)
    try:
        angle = float(value)
    except (TypeError, ValueError) as error:
        raise QbenchError(f"{where}: an angle of {gate} is {value!r:.80}; expected a real number") from error
    if not math.isfinite(angle):
        raise QbenchError(f"{where}: an angle of {gate} is {angle}; expected a finite number")
    return angle


def _linear(value: Any, gate: str, where: str) -> Angle:
    """``scale * parameter + shift`` as Qiskit's expression has it, each coefficient a double."""
    if len(value.parameters) == 1:
        (parameter,) = value.parameters
        try:
            scale, shift = float(value.gradient(parameter)), float(value.bind({parameter: 0.0}))
        except Exception:  # noqa: BLE001 - no number came out: the expression is not linear
            scale = math.nan
        if math.isfinite(scale) and math.isfinite(shift):
            return Parameter(parameter.name, scale, shift) if scale else shift
    raise QbenchError(
        f"{where}: the angle {str(value)[:80]} of {gate} is not of the form number * parameter + number; "
        "give its parameters values (in Qiskit: assign_parameters)"
    )
