"""OpenQASM 2: text to circuit and back.

Qiskit's parser reads the text, after ``qasm_scan`` has found it within the limits.  Older spellings are
folded into the names of ``qbench.ir.GATES`` (u1 is p; u3 and U are u; cu1 is cp; cu3 is cu with gamma 0;
u0, an idle gate, is id; CX is cx; c3sqrtx is c3sx).  A gate that the file defines itself means what the
file says, whatever its name, and is written out in the gates it is made of.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import cache
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from qbench.circuits.qasm_scan import MAX_BYTES, Scan, scan_qasm
from qbench.errors import QbenchError
from qbench.ir import Angle, Circuit, Operation, Parameter

__all__ = ["parse_qasm", "read_qasm", "write_qasm"]

# In no qelib1.inc.  Read back as ryy, and not as seven gates, if the file holds exactly this definition.
RYY = "gate ryy(theta) a,b { rx(pi/2) a; rx(pi/2) b; cx a,b; rz(theta) b; cx a,b; rx(-pi/2) a; rx(-pi/2) b; }"

# The names of the first qelib1.inc (arXiv:1707.03429) where it has the same matrix: every reader knows
# them, while Qiskit's own qasm2.loads without its legacy set refuses p, cp and u.
_SPELLING = {"p": "u1", "u": "u3", "cp": "cu1", "c3sx": "c3sqrtx"}

_PARSER_ERROR = re.compile(r"<input>:(\d+),\d+: (.*)", re.DOTALL)

# name and angles of a defined gate: its body, one level deep, each with positions among its qubits
_Bodies = dict[tuple[str, tuple[float, ...]], list[tuple[Any, tuple[int, ...]]]]


def read_qasm(path: Path) -> Circuit:
    """Read an OpenQASM 2 file; the circuit's name is the file's stem.

    Raises ``QbenchError`` with file and line where the file is not OpenQASM 2, is too large (4 MiB,
    64 qubits, 4096 classical bits, 100 000 operations) or uses what is not supported yet.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "bell.qasm"
    ...     _ = path.write_text('OPENQASM 2.0; include "qelib1.inc"; qreg q[2]; h q[0]; cx q[0],q[1];')
    ...     bell = read_qasm(path)
    >>> bell.name, bell.depth
    ('bell', 2)
    """
    if path.is_dir():
        raise QbenchError(f"{path}: is a folder; expected an OpenQASM 2 file")
    if path.exists() and not path.is_file():
        raise QbenchError(f"{path}: not a regular file; expected an OpenQASM 2 file")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise QbenchError(f"{path}: cannot read it: {getattr(error, 'strerror', None) or error}") from error
    if len(data) > MAX_BYTES:
        raise QbenchError(f"{path}: larger than {MAX_BYTES // 2**20} MiB, the limit of what qbench reads")
    if not data:
        raise QbenchError(f'{path}: the file is empty; an OpenQASM 2 file begins with "OPENQASM 2.0;"')
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise QbenchError(f"{path}:{line}: not text in UTF-8; expected an OpenQASM 2 file") from error
    return parse_qasm(text, name=path.stem, source=str(path))


def parse_qasm(text: str, *, name: str = "", source: str = "<text>") -> Circuit:
    """Read OpenQASM 2 text.  ``source`` stands before the line in errors (``QbenchError``).

    Qubits and classical bits are numbered register after register in order of declaration.  An angle is
    the double that the parser computed.  Global phase has no meaning in OpenQASM 2 and is dropped.

    >>> c = parse_qasm('include "qelib1.inc"; qreg a[1]; qreg b[2]; u1(pi/2) b;')
    >>> [(op.name, op.qubits, op.params) for op in c.operations]
    [('p', (1,), (1.5707963267948966,)), ('p', (2,), (1.5707963267948966,))]
    """
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise QbenchError(f"{source}:{line}: a NUL byte: a binary file, expected OpenQASM 2 text")
    if len(text) > MAX_BYTES:
        raise QbenchError(f"{source}: larger than {MAX_BYTES // 2**20} MiB, the limit of what qbench reads")
    scan = scan_qasm(text.replace("\r\n", "\n").replace("\r", "\n"), source)
    parsed = _parse(scan, source)
    lines = chain.from_iterable(repeat(line, count) for line, count in scan.runs)
    position = {bit: index for index, bit in enumerate(parsed.qubits)}
    clbit = {bit: index for index, bit in enumerate(parsed.clbits)}
    bodies: _Bodies = {}
    operations: list[Operation] = []
    for instruction, line in zip(parsed.data, lines, strict=True):
        where = f"{source}:{line}"
        on = tuple(position[q] for q in instruction.qubits)
        clbits = tuple(clbit[c] for c in instruction.clbits)
        for standard, gate, qubits in _written_out(instruction.operation, on, bodies, where):
            operations.append(Operation(standard, qubits, _angles(gate, where), clbits))
    try:
        return Circuit(parsed.num_qubits, tuple(operations), parsed.num_clbits, name)
    except ValueError as error:
        raise QbenchError(f"{source}: {error}") from error


def _parse(scan: Scan, source: str) -> Any:
    from qiskit import qasm2
    from qiskit.circuit.library import IGate, RYYGate

    instructions: list[Any] = []
    if scan.includes_qelib1:
        for known in qasm2.LEGACY_CUSTOM_INSTRUCTIONS:
            if known.name in scan.definitions or known.name == "delay":
                # Given both, Qiskit would silently take its own gate for the one the file defines.
                continue
            if known.name == "u0":  # idle for a time, the identity; Qiskit's own unrolls into that many gates
                known = qasm2.CustomInstruction("u0", 1, 1, lambda _: IGate(), builtin=True)
            instructions.append(known)
    if scan.definitions.get("ryy") == "".join(RYY.split()):
        instructions.append(qasm2.CustomInstruction("ryy", 1, 2, RYYGate))
    try:
        return qasm2.loads(
            scan.text,
            custom_instructions=instructions,
            custom_classical=qasm2.LEGACY_CUSTOM_CLASSICAL,
            include_path=(),
        )
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise  # an interrupt; a panic of the parser's Rust code is no Exception either
        raise QbenchError(_explain(error, source)) from error


def _explain(error: BaseException, source: str) -> str:
    message = str(getattr(error, "message", error))
    match = _PARSER_ERROR.match(message)
    where, message = (f"{source}:{match[1]}", match[2]) if match else (source, message)
    if len(message) > 200:
        message = message[:200] + "..."
    if "is not defined in this scope" in message:
        message += '; check the spelling, and that include "qelib1.inc"; comes first'
    return f"{where}: not OpenQASM 2: {message}"


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


def _written_out(
    gate: Any, qubits: tuple[int, ...], bodies: _Bodies, where: str
) -> Iterator[tuple[str, Any, tuple[int, ...]]]:
    """The gate itself, or what it is defined as: (standard name, Qiskit's gate, qubits) in order."""
    standard = _standard_gates()
    pending = [(gate, qubits)]
    while pending:
        gate, qubits = pending.pop()
        name = standard.get(gate.base_class)
        if name is not None:
            yield name, gate, qubits
            continue
        key = (gate.name, tuple(gate.params))
        if key not in bodies:
            bodies[key] = _body(gate, where)
        pending += [(inner, tuple(qubits[i] for i in on)) for inner, on in reversed(bodies[key])]


def _body(gate: Any, where: str) -> list[tuple[Any, tuple[int, ...]]]:
    try:
        definition = gate.definition
    except Exception as error:  # the angles of a body are only computed here: 1/a with a = 0
        raise QbenchError(
            f"{where}: in the defined gate {gate.name[:80]}: {getattr(error, 'message', error)}"
        ) from error
    if definition is None:
        raise QbenchError(f"{where}: {gate.name[:80]} has no definition that could be run")
    position = {bit: index for index, bit in enumerate(definition.qubits)}
    return [(inner.operation, tuple(position[q] for q in inner.qubits)) for inner in definition.data]


def _angles(gate: Any, where: str) -> tuple[float, ...]:
    angles = tuple(float(angle) for angle in gate.params)
    for angle in angles:
        if not math.isfinite(angle):
            raise QbenchError(f"{where}: an angle of {gate.name} is {angle}; expected a finite number")
    return (*angles, 0.0) if gate.name == "cu3" else angles


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
