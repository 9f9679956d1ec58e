"""OpenQASM 2 text to circuit.

Qiskit's parser reads the text, after ``qasm_scan`` has found it within the limits.  Older spellings are
folded into the names of ``qbench.ir.GATES`` (u1 is p; u3 and U are u; cu1 is cp; cu3 is cu with gamma 0;
u0, an idle gate, is id; CX is cx; c3sqrtx is c3sx).  A gate that the file defines itself means what the
file says, whatever its name, and is written out in the gates it is made of.
"""

from __future__ import annotations

import re
from itertools import chain, repeat
from typing import Any

from qbench.circuits.from_qiskit import translate
from qbench.circuits.qasm_scan import Scan, scan_qasm
from qbench.circuits.qasm_write import RYY
from qbench.circuits.qiskit_branches import unbranched
from qbench.errors import QbenchError
from qbench.ir import Circuit

__all__ = ["parse_openqasm2"]

_PARSER_ERROR = re.compile(r"<input>:(\d+),\d+: (.*)", re.DOTALL)


def parse_openqasm2(bare: str, source: str) -> Circuit:
    """Read OpenQASM 2 text without comments; raises ``QbenchError`` with ``source`` and line.

    >>> parse_openqasm2("OPENQASM 2.0; qreg q[2]; CX q[0],q[1];", "a.qasm").operations[0].name
    'cx'
    """
    scan = scan_qasm(bare, source)
    parsed = _parse(scan, source)
    lines = chain.from_iterable(repeat(line, count) for line, count in scan.runs)
    qubit = {bit: index for index, bit in enumerate(parsed.qubits)}
    clbit = {bit: index for index, bit in enumerate(parsed.clbits)}
    instructions = (
        instruction
        for one, line in zip(parsed.data, lines, strict=True)
        for instruction in unbranched(one, qubit, clbit, f"{source}:{line}")
    )
    operations = translate(instructions, {})
    try:
        return Circuit(parsed.num_qubits, tuple(operations), parsed.num_clbits)
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
        message += (
            '; check the spelling, that include "qelib1.inc"; comes first, and that a gate is defined '
            "before it is called"
        )
    return f"{where}: not OpenQASM 2: {message}"
