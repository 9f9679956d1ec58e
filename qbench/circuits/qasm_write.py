"""A circuit as OpenQASM 2 text, in the names that the most tools read."""

from __future__ import annotations

from qbench.errors import QbenchError
from qbench.ir import Angle, Circuit, Operation, Parameter

__all__ = ["RYY", "write_qasm"]

# In no qelib1.inc.  Read back as ryy, and not as seven gates, if the file holds exactly this definition.
RYY = "gate ryy(theta) a,b { rx(pi/2) a; rx(pi/2) b; cx a,b; rz(theta) b; cx a,b; rx(-pi/2) a; rx(-pi/2) b; }"

# The names of the first qelib1.inc (arXiv:1707.03429) where it has the same matrix: every reader knows
# them, while Qiskit's own qasm2.loads without its legacy set refuses p, cp and u.
_SPELLING = {"p": "u1", "u": "u3", "cp": "cu1", "c3sx": "c3sqrtx"}


def write_qasm(circuit: Circuit) -> str:
    """The circuit as OpenQASM 2 text with qelib1.inc; reading it gives a circuit of the same ``id``.

    One line per operation, registers ``q`` and ``c``, angles with all their digits.  Gates are spelled as
    in the first qelib1.inc where it has them (p as u1, u as u3, cp as cu1, cu with gamma 0 as cu3), else
    as in the one Qiskit ships; ryy, which is in neither, is defined in the text.  Raises ``QbenchError``
    for free parameters and feed-forward.

    >>> print(write_qasm(Circuit(1, (Operation("p", (0,), (1e-07,)),))), end="")
    OPENQASM 2.0;
    include "qelib1.inc";
    qreg q[1];
    u1(1.0e-07) q[0];
    """
    lines = ["OPENQASM 2.0;", 'include "qelib1.inc";']
    if any(op.name == "ryy" for op in circuit.operations):
        lines.append(RYY)
    lines.append(f"qreg q[{circuit.num_qubits}];")
    if circuit.num_clbits:
        lines.append(f"creg c[{circuit.num_clbits}];")
    lines += [_line(op, position) for position, op in enumerate(circuit.operations)]
    return "\n".join(lines) + "\n"


def _line(op: Operation, position: int) -> str:
    where = f"operation {position} ({op.name})"
    if op.condition is not None:
        raise QbenchError(f"{where}: feed-forward is not written to OpenQASM 2")
    if not op.qubits:
        raise QbenchError(f"{where}: a barrier on no qubits cannot be written in OpenQASM 2; leave it out")
    qubits = ",".join(f"q[{q}]" for q in op.qubits)
    if op.name == "measure":
        return f"measure {qubits} -> c[{op.clbits[0]}];"
    name, angles = _SPELLING.get(op.name, op.name), op.params
    if name == "cu" and angles[3] == 0.0:
        name, angles = "cu3", angles[:3]
    written = f"({','.join(_number(angle, where) for angle in angles)})" if angles else ""
    return f"{name}{written} {qubits};"


def _number(angle: Angle, where: str) -> str:
    if isinstance(angle, Parameter):
        raise QbenchError(
            f"{where}: the free parameter {angle.name} cannot be written in OpenQASM 2; bind a value first"
        )
    text = repr(angle)
    mantissa, e, exponent = text.partition("e")
    # The language wants a point in every real number; Python writes 1e-07.
    return text if "." in mantissa else f"{mantissa}.0{e}{exponent}"
