"""OpenQASM 3 text to circuit, within this process.

``openqasm3`` parses, and ``openqasm3_flatten`` works out what is known before the circuit runs.  What is left
are our own operations, and gates under controls that are none of ours: of those qiskit-qasm3-import makes a
Qiskit circuit, whose gates are written out.
Call it through ``openqasm3.parse_openqasm3``, which bounds time and memory.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from qbench.circuits.from_qiskit import Bodies, translate
from qbench.circuits.openqasm3_flatten import Flat, Flattened, flatten
from qbench.circuits.qasm_scan import MAX_OPERATIONS
from qbench.circuits.qiskit_branches import Instruction
from qbench.errors import QbenchError
from qbench.ir import GATES, Angle, Circuit, Operation, Parameter

__all__ = ["read_openqasm3"]

RECURSION_LIMIT = 20_000
"""Frames for the deepest tree within the scan's limits; such Python frames take no C stack."""

# No identifier of the language has a space in it, so these names meet none of the file's.
_QUBITS, _PARAMETER = "all qubits", "parameter {}"

# Other names of our gates, and gates of ours that are another one under controls.
_OURS = {"CX": "cx", "phase": "p", "cphase": "cp", "u1": "p", "u3": "u", "U": "u"}
_UNDER_CONTROLS = {("sx", 1): "csx", ("sx", 3): "c3sx", ("x", 3): "c3x", ("x", 4): "c4x"}


def read_openqasm3(bare: str, source: str, expect: Callable[[int], None] | None = None) -> Circuit:
    """Read text that ``scan_openqasm3`` has found within the limits.

    ``expect`` is told about how many operations the text stands for, before the longer half of the work.
    Raises ``QbenchError`` with ``source`` and line.

    >>> c = read_openqasm3('OPENQASM 3; qubit[2] q; ctrl @ U(pi, 0, pi) q[0], q[1];', "a.qasm")
    >>> [(op.name, op.qubits) for op in c.operations]
    [('cu', (0, 1))]
    """
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, RECURSION_LIMIT))
    try:
        flat = flatten(_parse(bare, source), source)
        if expect is not None:
            expect(flat.total)
        return Circuit(flat.num_qubits, tuple(_operations(flat, source)), flat.num_clbits)
    except RecursionError as error:
        raise QbenchError(f"{source}: nested too deep; write the values instead") from error
    except ValueError as error:
        raise QbenchError(f"{source}: {error}") from error
    finally:
        sys.setrecursionlimit(before)


def _parse(bare: str, source: str) -> Any:
    import openqasm3

    try:
        with contextlib.redirect_stderr(io.StringIO()):  # ANTLR prints what its exception says better
            return openqasm3.parse(bare)
    except RecursionError:
        raise
    except Exception as error:
        line, message = _syntax_error(error)
        if not line:
            raise QbenchError(f"{source}: not OpenQASM 3: {message}") from error
        raise QbenchError(f"{source}:{line}: not OpenQASM 3: {message}") from error


def _syntax_error(error: BaseException) -> tuple[int, str]:
    """The line and what stands there; the parser's own messages are often empty."""
    seen: BaseException | None = error
    while seen is not None:
        for found in (seen, *getattr(seen, "args", ())):
            token = getattr(found, "offendingToken", None)
            if token is not None:
                text = "the end of the file" if token.type == -1 else repr(token.text)[:40]
                return (
                    token.line,
                    f"cannot read on at {text}; is a semicolon, name or bracket missing before it?",
                )
        seen = seen.__cause__
    message = str(error)[:200]
    placed = re.match(r"L(\d+):C\d+: (.*)", message, re.DOTALL)
    if placed:
        return int(placed[1]), placed[2]
    return 0, message or "the parser gives no reason"


def _importer_message(error: BaseException) -> str:
    message = str(getattr(error, "message", "") or error)[:200]
    return f"qiskit-qasm3-import cannot read it: {message or type(error).__name__}"


# ---- from the flat program to our operations


def _operations(flat: Flattened, source: str) -> list[Operation]:
    """Every operation in ours, with its condition."""
    others = [one for one in flat.operations if _own(one) is None]
    names = _parameters(others)
    made = _made_by_qiskit(flat.num_qubits, others, names, source)
    back = {own: name for name, own in names.items()}
    bodies: Bodies = {}
    operations: list[Operation] = []
    for one in flat.operations:
        own = _own(one)
        written = [own] if own is not None else _renamed(translate([next(made)], bodies), back)
        if one.condition is not None:
            written = [op._replace(condition=one.condition) for op in written]
        operations += written
        if len(operations) > MAX_OPERATIONS:
            raise QbenchError(
                f"{source}:{one.line}: more than {MAX_OPERATIONS} operations up to here, written out: this "
                "is no small circuit"
            )
    return operations


def _own(one: Flat) -> Operation | None:
    """The operation in our words, or None for a gate under controls that is none of ours."""
    gate = one.gate
    name: str | None = _OURS.get(gate.name, gate.name)
    if gate.controls:
        name = _UNDER_CONTROLS.get((gate.name, len(gate.controls)))
    if name is not None and (name in GATES or name in ("measure", "reset", "barrier")):
        return Operation(name, (*(q for q, _ in gate.controls), *gate.qubits), gate.angles, one.clbits)
    return None


def _parameters(others: Sequence[Flat]) -> dict[str, str]:
    angles = (angle for one in others for angle in one.gate.angles if isinstance(angle, Parameter))
    own: dict[str, str] = {}
    for angle in angles:
        own.setdefault(angle.name, _PARAMETER.format(len(own)))
    return own


def _made_by_qiskit(
    num_qubits: int, others: Sequence[Flat], names: dict[str, str], source: str
) -> Iterator[Instruction]:
    """Gates under controls as Qiskit's, one for each; nothing of Qiskit is imported where there are none."""
    if not others:
        return
    from qiskit_qasm3_import import convert

    try:
        circuit = convert(_program(num_qubits, others, names))
    except Exception as error:
        raise QbenchError(f"{source}: {_importer_message(error)}") from error
    qubit = {bit: index for index, bit in enumerate(circuit.qubits)}
    for one, made in zip(others, circuit.data, strict=True):
        yield Instruction(made.operation, tuple(qubit[q] for q in made.qubits), (), f"{source}:{one.line}")


def _renamed(operations: list[Operation], back: dict[str, str]) -> list[Operation]:
    if not back:
        return operations
    return [
        op._replace(
            params=tuple(a._replace(name=back[a.name]) if isinstance(a, Parameter) else a for a in op.params)
        )
        for op in operations
    ]


# ---- those gates as a tree of the same parser


def _program(num_qubits: int, others: Sequence[Flat], names: dict[str, str]) -> Any:
    from openqasm3 import ast

    statements: list[Any] = [ast.Include("stdgates.inc")]
    for name in names.values():
        statements.append(ast.IODeclaration(ast.IOKeyword.input, ast.FloatType(), ast.Identifier(name)))
    statements.append(ast.QubitDeclaration(ast.Identifier(_QUBITS), ast.IntegerLiteral(num_qubits)))
    statements += [_statement(one, names) for one in others]
    return ast.Program(statements)


def _statement(one: Flat, names: dict[str, str]) -> Any:
    from openqasm3 import ast

    gate = one.gate
    qubits = [
        ast.IndexedIdentifier(ast.Identifier(_QUBITS), [[ast.IntegerLiteral(q)]])
        for q in (*(q for q, _ in gate.controls), *gate.qubits)
    ]
    name = gate.name
    modifiers = [ast.QuantumGateModifier(ast.GateModifierName.ctrl, ast.IntegerLiteral(len(gate.controls)))]
    if name == "sxdg":
        name = "sx"
        modifiers.append(ast.QuantumGateModifier(ast.GateModifierName.inv))
    angles = [_expression(angle, names) for angle in gate.angles]
    if name == "gphase":
        return ast.QuantumPhase(modifiers, angles[0], qubits)
    return ast.QuantumGate(modifiers, ast.Identifier(name), angles, qubits)


def _expression(angle: Angle, names: dict[str, str]) -> Any:
    from openqasm3 import ast

    if not isinstance(angle, Parameter):
        return ast.FloatLiteral(angle)
    sign = ast.BinaryOperator
    scaled = ast.BinaryExpression(sign["*"], ast.FloatLiteral(angle.scale), ast.Identifier(names[angle.name]))
    return ast.BinaryExpression(sign["+"], scaled, ast.FloatLiteral(angle.shift))
