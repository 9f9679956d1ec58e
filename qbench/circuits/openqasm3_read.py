"""OpenQASM 3 text to circuit, within this process.

``openqasm3`` parses, ``openqasm3_flatten`` works out what is known before the circuit runs, and
qiskit-qasm3-import makes a Qiskit circuit of what is left: standard gates, their controls, measurements.
Call it through ``openqasm3.parse_openqasm3``, which bounds time and memory.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
from collections.abc import Callable
from typing import Any

from qbench.circuits.from_qiskit import Instruction, translate
from qbench.circuits.openqasm3_flatten import Flat, Flattened, flatten
from qbench.errors import QbenchError
from qbench.ir import Angle, Circuit, Operation, Parameter

__all__ = ["read_openqasm3"]

RECURSION_LIMIT = 20_000
"""Frames for the deepest tree within the scan's limits; such Python frames take no C stack."""

# No identifier of the language has a space in it, so these names meet none of the file's.
_QUBITS, _BITS, _PARAMETER = "all qubits", "all bits", "parameter {}"


def read_openqasm3(bare: str, source: str, expect: Callable[[int], None] | None = None) -> Circuit:
    """Read text that ``scan_openqasm3`` has found within the limits.

    ``expect`` is told about how many operations the text stands for, before the longer half of the work.
    Raises ``QbenchError`` with ``source`` and line.

    >>> c = read_openqasm3('OPENQASM 3; qubit[2] q; ctrl @ U(pi, 0, pi) q[0], q[1];', "a.qasm")
    >>> [(op.name, op.qubits) for op in c.operations]
    [('cu', (0, 1))]
    """
    from qiskit_qasm3_import import convert

    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, RECURSION_LIMIT))
    try:
        flat = flatten(_parse(bare, source), source)
        if expect is not None:
            expect(flat.total)
        names = _parameters(flat)
        try:
            circuit = convert(_program(flat, names))
        except Exception as error:
            raise QbenchError(f"{source}: {_importer_message(error)}") from error
        operations = translate(_instructions(flat, circuit, source), {})
        return Circuit(flat.num_qubits, tuple(_renamed(operations, names)), flat.num_clbits)
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


# ---- the flat program as a tree of the same parser


def _parameters(flat: Flattened) -> dict[str, str]:
    angles = (angle for one in flat.operations for angle in one.gate.angles if isinstance(angle, Parameter))
    own: dict[str, str] = {}
    for angle in angles:
        own.setdefault(angle.name, _PARAMETER.format(len(own)))
    return own


def _program(flat: Flattened, names: dict[str, str]) -> Any:
    from openqasm3 import ast

    statements: list[Any] = [ast.Include("stdgates.inc")]
    for name in names.values():
        statements.append(ast.IODeclaration(ast.IOKeyword.input, ast.FloatType(), ast.Identifier(name)))
    statements.append(ast.QubitDeclaration(ast.Identifier(_QUBITS), ast.IntegerLiteral(flat.num_qubits)))
    if flat.num_clbits:
        size = ast.IntegerLiteral(flat.num_clbits)
        statements.append(ast.ClassicalDeclaration(ast.BitType(size), ast.Identifier(_BITS)))
    statements += [_statement(one, names) for one in flat.operations]
    return ast.Program(statements)


def _statement(one: Flat, names: dict[str, str]) -> Any:
    from openqasm3 import ast

    gate = one.gate
    qubits = [_indexed(_QUBITS, q) for q in (*(q for q, _ in gate.controls), *gate.qubits)]
    if gate.name == "measure":
        return ast.QuantumMeasurementStatement(
            ast.QuantumMeasurement(qubits[0]), _indexed(_BITS, one.clbits[0])
        )
    if gate.name == "reset":
        return ast.QuantumReset(qubits[0])
    if gate.name == "barrier":
        return ast.QuantumBarrier(qubits)
    name, modifiers = gate.name, []
    if gate.controls:
        count = ast.IntegerLiteral(len(gate.controls))
        modifiers.append(ast.QuantumGateModifier(ast.GateModifierName.ctrl, count))
    if name == "sxdg":
        name = "sx"
        modifiers.append(ast.QuantumGateModifier(ast.GateModifierName.inv))
    angles = [_expression(angle, names) for angle in gate.angles]
    if name == "gphase":
        return ast.QuantumPhase(modifiers, angles[0], qubits)
    return ast.QuantumGate(modifiers, ast.Identifier(name), angles, qubits)


def _indexed(register: str, number: int) -> Any:
    from openqasm3 import ast

    return ast.IndexedIdentifier(ast.Identifier(register), [[ast.IntegerLiteral(number)]])


def _expression(angle: Angle, names: dict[str, str]) -> Any:
    from openqasm3 import ast

    if not isinstance(angle, Parameter):
        return ast.FloatLiteral(angle)
    sign = ast.BinaryOperator
    scaled = ast.BinaryExpression(sign["*"], ast.FloatLiteral(angle.scale), ast.Identifier(names[angle.name]))
    return ast.BinaryExpression(sign["+"], scaled, ast.FloatLiteral(angle.shift))


# ---- and back


def _instructions(flat: Flattened, circuit: Any, source: str) -> Any:
    from qiskit.circuit.library import IGate

    qubit = {bit: index for index, bit in enumerate(circuit.qubits)}
    clbit = {bit: index for index, bit in enumerate(circuit.clbits)}
    for one, made in zip(flat.operations, circuit.data, strict=True):
        # The importer's id is U(0,0,0), which is no idle gate any more.
        gate = IGate() if one.gate.name == "id" and not one.gate.controls else made.operation
        yield Instruction(
            gate,
            tuple(qubit[q] for q in made.qubits),
            tuple(clbit[c] for c in made.clbits),
            f"{source}:{one.line}",
        )


def _renamed(operations: list[Operation], names: dict[str, str]) -> list[Operation]:
    if not names:
        return operations
    back = {own: name for name, own in names.items()}
    return [
        op._replace(
            params=tuple(a._replace(name=back[a.name]) if isinstance(a, Parameter) else a for a in op.params)
        )
        for op in operations
    ]
