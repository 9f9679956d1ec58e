"""A circuit as OpenQASM text, in the names that the most tools read: version 2, or 3 where that is needed."""

from __future__ import annotations

from qbench.circuits.openqasm3_write import real_number, write_openqasm3
from qbench.errors import QbenchError
from qbench.ir import CHANNELS, Circuit, Operation

__all__ = ["RYY", "write_qasm"]

# In no qelib1.inc.  Read back as ryy, and not as seven gates, if the file holds exactly this definition.
RYY = "gate ryy(theta) a,b { rx(pi/2) a; rx(pi/2) b; cx a,b; rz(theta) b; cx a,b; rx(-pi/2) a; rx(-pi/2) b; }"

# The names of the first qelib1.inc (arXiv:1707.03429) where it has the same matrix: every reader knows
# them, while Qiskit's own qasm2.loads without its legacy set refuses p, cp and u.
_SPELLING = {"p": "u1", "u": "u3", "cp": "cu1", "c3sx": "c3sqrtx"}


def write_qasm(circuit: Circuit) -> str:
    """The circuit as OpenQASM text; reading it gives a circuit of the same ``id``.

    With free parameters or feed-forward it is OpenQASM 3 (``openqasm3_write``), else OpenQASM 2 with
    qelib1.inc: one line per operation, registers ``q`` and ``c``, angles with all their digits.  Gates are
    spelled as in the first qelib1.inc where it has them (p as u1, u as u3, cp as cu1, cu with gamma 0 as
    cu3), else as in the one Qiskit ships; ryy, which is in neither, is defined in the text.  Raises
    ``QbenchError`` for a barrier on no qubits, for noise channels, and as ``write_openqasm3`` does.

    >>> print(write_qasm(Circuit(1, (Operation("p", (0,), (1e-07,)),))), end="")
    OPENQASM 2.0;
    include "qelib1.inc";
    qreg q[1];
    u1(1.0e-07) q[0];
    """
    for position, op in enumerate(circuit.operations):
        if op.name in CHANNELS:
            raise QbenchError(
                f"operation {position} ({op.name}): a noise channel cannot be written in OpenQASM; write the "
                "circuit without noise"
            )
    if circuit.features & {"parameters", "feed_forward"}:
        return write_openqasm3(circuit)
    lines = ["OPENQASM 2.0;", 'include "qelib1.inc";']
    if any(op.name == "ryy" for op in circuit.operations):
        lines.append(RYY)
    lines.append(f"qreg q[{circuit.num_qubits}];")
    if circuit.num_clbits:
        lines.append(f"creg c[{circuit.num_clbits}];")
    lines += [_line(op, position) for position, op in enumerate(circuit.operations)]
    return "\n".join(lines) + "\n"


def _line(op: Operation, position: int) -> str:
    if not op.qubits:
        raise QbenchError(
            f"operation {position} ({op.name}): a barrier on no qubits cannot be written in OpenQASM; leave "
            "it out"
        )
    qubits = ",".join(f"q[{q}]" for q in op.qubits)
    if op.name == "measure":
        return f"measure {qubits} -> c[{op.clbits[0]}];"
    name = _SPELLING.get(op.name, op.name)
    angles = [angle for angle in op.params if isinstance(angle, float)]  # all are: none is free here
    if name == "cu" and angles[3] == 0.0:
        name, angles = "cu3", angles[:3]
    written = f"({','.join(map(real_number, angles))})" if angles else ""
    return f"{name}{written} {qubits};"
