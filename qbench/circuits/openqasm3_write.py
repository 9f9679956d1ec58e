"""A circuit as OpenQASM 3 text: for free parameters and feed-forward, which OpenQASM 2 cannot hold."""

from __future__ import annotations

from collections.abc import Mapping

from qbench.circuits.parameter_names import is_legal_parameter
from qbench.errors import QbenchError
from qbench.ir import Angle, Circuit, Operation, Parameter

__all__ = ["DEFINITIONS", "real_number", "write_openqasm3"]

DEFINITIONS: Mapping[str, str] = {
    "rxx": "gate rxx(theta) a, b { h a; h b; cx a, b; rz(theta) b; cx a, b; h a; h b; }",
    "ryy": (
        "gate ryy(theta) a, b { rx(pi/2) a; rx(pi/2) b; cx a, b; rz(theta) b; cx a, b; "
        "rx(-pi/2) a; rx(-pi/2) b; }"
    ),
    "rzz": "gate rzz(theta) a, b { cx a, b; rz(theta) b; cx a, b; }",
    "rccx": "gate rccx a, b, c { h c; t c; cx b, c; tdg c; cx a, c; t c; cx b, c; tdg c; h c; }",
    "rc3x": (
        "gate rc3x a, b, c, d { h d; t d; cx c, d; tdg d; h d; cx a, d; t d; cx b, d; tdg d; cx a, d; t d; "
        "cx b, d; tdg d; h d; t d; cx c, d; tdg d; h d; }"
    ),
}
"""Gates that are not in stdgates.inc.  A file that holds exactly such a definition means our gate by it."""

# What is in stdgates.inc under another name, or by a modifier.
_SPELLING = {
    "u": "U",
    "sxdg": "inv @ sx",
    "csx": "ctrl @ sx",
    "c3x": "ctrl(3) @ x",
    "c3sx": "ctrl(3) @ sx",
    "c4x": "ctrl(4) @ x",
}

MOST_BITS = 50
"""Of a condition that is not on the whole register: each bit is a comparison of its own in the text."""
WIDEST = 64
"""Of a condition on the whole register: the language's integers end there."""


def write_openqasm3(circuit: Circuit) -> str:
    """The circuit as OpenQASM 3 text; reading it gives a circuit of the same ``id``.

    One line per operation, registers ``q`` and ``c``, an ``input float[64]`` for each parameter in order of
    first use.  An operation under a condition is an ``if`` of its own.  Raises ``QbenchError`` for what the
    language cannot hold: a parameter whose name is no identifier there (``with_legal_parameters`` gives it
    one), a condition that no bits can meet, a noise channel, a barrier on no qubits.

    >>> flip = Operation("x", (0,), condition=((0,), 1))
    >>> turn = Operation("rz", (0,), (Parameter("theta_0", 2.0, 0.5),))
    >>> print(write_openqasm3(Circuit(1, (turn, Operation("measure", (0,), (), (0,)), flip), 1)), end="")
    OPENQASM 3.0;
    include "stdgates.inc";
    input float[64] theta_0;
    qubit[1] q;
    bit[1] c;
    rz(2.0*theta_0 + 0.5) q[0];
    c[0] = measure q[0];
    if (c[0] == 1) { x q[0]; }
    """
    lines = ["OPENQASM 3.0;", 'include "stdgates.inc";']
    used = {op.name for op in circuit.operations}
    lines += [definition for name, definition in DEFINITIONS.items() if name in used]
    for name in circuit.parameters:
        if not is_legal_parameter(name):
            raise QbenchError(
                f"the free parameter {name[:80]!r} has no name that OpenQASM 3 can hold; rename it "
                "(qbench.circuits.parameter_names.with_legal_parameters)"
            )
        lines.append(f"input float[64] {name};")
    lines.append(f"qubit[{circuit.num_qubits}] q;")
    if circuit.num_clbits:
        lines.append(f"bit[{circuit.num_clbits}] c;")
    for position, op in enumerate(circuit.operations):
        where = f"operation {position} ({op.name})"
        statement = _statement(op, where)
        if op.condition is not None:
            statement = f"if ({_condition(op.condition, circuit.num_clbits, where)}) {{ {statement} }}"
        lines.append(statement)
    return "\n".join(lines) + "\n"


def _statement(op: Operation, where: str) -> str:
    if not op.qubits:
        raise QbenchError(f"{where}: a barrier on no qubits cannot be written in OpenQASM; leave it out")
    qubits = ", ".join(f"q[{q}]" for q in op.qubits)
    if op.name == "measure":
        return f"c[{op.clbits[0]}] = measure {qubits};"
    angles = f"({', '.join(map(_angle, op.params))})" if op.params else ""
    return f"{_SPELLING.get(op.name, op.name)}{angles} {qubits};"


def _angle(angle: Angle) -> str:
    if not isinstance(angle, Parameter):
        return real_number(angle)
    scale, shift = angle.scale, angle.shift
    text = angle.name
    if scale != 1.0:
        text = f"-{text}" if scale == -1.0 else f"{real_number(scale)}*{text}"
    if shift != 0.0:
        text += f" {'-' if shift < 0.0 else '+'} {real_number(abs(shift))}"
    return text


def _condition(condition: tuple[tuple[int, ...], int], num_clbits: int, where: str) -> str:
    bits, value = condition
    if not bits or len(set(bits)) != len(bits) or not 0 <= value < 2 ** len(bits):
        raise QbenchError(
            f"{where}: the condition that the bits {bits} read {value} can not be met, or names a bit twice"
        )
    if len(bits) > 1 and bits == tuple(range(num_clbits)) and num_clbits <= WIDEST:
        return f"c == {value}"
    if len(bits) > MOST_BITS:
        raise QbenchError(f"{where}: a condition on {len(bits)} bits; at most {MOST_BITS} can be written")
    return " && ".join(f"c[{bit}] == {value >> place & 1}" for place, bit in enumerate(bits))


def real_number(value: float) -> str:
    """A double with all its digits, and with the point that OpenQASM wants in every real number.

    >>> real_number(1e-7), real_number(0.1)
    ('1.0e-07', '0.1')
    """
    text = repr(float(value))
    mantissa, e, exponent = text.partition("e")
    # Python writes 1e-07
    return text if "." in mantissa else f"{mantissa}.0{e}{exponent}"
