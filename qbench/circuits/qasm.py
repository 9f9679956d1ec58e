"""OpenQASM files and text to circuits: which version it is, and what is the same for both.

``openqasm2`` and ``openqasm3`` read the versions; ``qasm_write`` and ``openqasm3_write`` write them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from qbench.circuits.openqasm3_scan import without_comments
from qbench.circuits.qasm_scan import MAX_BYTES
from qbench.circuits.qasm_write import write_qasm
from qbench.errors import QbenchError
from qbench.ir import Circuit

__all__ = ["openqasm_version", "parse_qasm", "read_qasm", "write_qasm"]

_HEADER = re.compile(r"^[ \t]*OPENQASM\s+(\d{1,9})", re.MULTILINE)
# What only OpenQASM 3 has, in a file that does not say its version.
_ONLY_IN_3 = re.compile(
    r"stdgates\.inc|(?:^|[;{}])\s*(?:qubit|bit|input|const|let|gphase|ctrl|negctrl|inv|pow)\b|\$\d"
)
# Invisible characters, which hide what a line says, on a terminal too.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)


def read_qasm(path: Path, *, own_process: bool = True) -> Circuit:
    """Read an OpenQASM 2 or 3 file; the circuit's name is the file's stem.

    OpenQASM 3 is read by a process of its own, which bounds time and memory; with ``own_process`` False by
    this one, which is for files of our own: it saves the start of a process for each.

    Raises ``QbenchError`` with file and line where the file is not OpenQASM, is too large (4 MiB, 64 qubits,
    4096 classical bits, 100 000 operations; OpenQASM 3: 12 000 statements, 20 000 operations) or uses what is
    not supported yet.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "bell.qasm"
    ...     _ = path.write_text('OPENQASM 2.0; include "qelib1.inc"; qreg q[2]; h q[0]; cx q[0],q[1];')
    ...     bell = read_qasm(path)
    >>> bell.name, bell.depth
    ('bell', 2)
    """
    if path.is_dir():
        raise QbenchError(f"{path}: is a folder; expected an OpenQASM file")
    if path.exists() and not path.is_file():
        raise QbenchError(f"{path}: not a regular file; expected an OpenQASM file")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise QbenchError(f"{path}: cannot read it: {getattr(error, 'strerror', None) or error}") from error
    if len(data) > MAX_BYTES:
        raise QbenchError(f"{path}: larger than {MAX_BYTES // 2**20} MiB, the limit of what qbench reads")
    if data.startswith(b"\x1f\x8b"):
        raise QbenchError(f"{path}: packed by gzip; unpack it first")
    if not data:
        raise QbenchError(f'{path}: the file is empty; an OpenQASM file begins with "OPENQASM 2.0;" or 3.0')
    return parse_qasm(_decoded(data, path), name=path.stem, source=str(path), own_process=own_process)


def _decoded(data: bytes, path: Path) -> str:
    try:
        # Windows shells write UTF-16, with its mark.
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        text = data.decode("latin-1")  # an old editor's letters do no harm within comments
        if without_comments(text, str(path)).isascii() and "\x00" not in text:
            return text
        line = data.count(b"\n", 0, error.start) + 1
        raise QbenchError(f"{path}:{line}: not text in UTF-8; expected an OpenQASM file") from error


def parse_qasm(text: str, *, name: str = "", source: str = "<text>", own_process: bool = True) -> Circuit:
    """Read OpenQASM 2 or 3 text.  ``source`` stands before the line in errors (``QbenchError``).

    Qubits and classical bits are numbered register after register in order of declaration.  An angle is
    the double that the expression evaluates to.  Global phase is dropped; under a control it is kept.

    >>> c = parse_qasm('include "qelib1.inc"; qreg a[1]; qreg b[2]; u1(pi/2) b;')
    >>> [(op.name, op.qubits, op.params) for op in c.operations]
    [('p', (1,), (1.5707963267948966,)), ('p', (2,), (1.5707963267948966,))]
    """
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise QbenchError(f"{source}:{line}: a NUL byte: a binary file, expected OpenQASM text")
    if len(text) > MAX_BYTES:
        raise QbenchError(f"{source}: larger than {MAX_BYTES // 2**20} MiB, the limit of what qbench reads")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    bare = without_comments(text, source)
    if not bare.strip(" \t\n;"):
        raise QbenchError(
            f'{source}: no statement in it; an OpenQASM file begins with "OPENQASM 2.0;" or "OPENQASM 3.0;"'
        )
    strange = _CONTROL.search(bare)
    if strange:
        line = bare.count("\n", 0, strange.start()) + 1
        raise QbenchError(f"{source}:{line}: the character {strange[0]!a} stands outside of comments")
    header = _HEADER.search(bare)
    if header and int(header[1]) > 3:
        line = bare.count("\n", 0, header.start()) + 1
        raise QbenchError(f"{source}:{line}: OPENQASM {header[1]}: qbench reads versions 2 and 3")
    if openqasm_version(bare) == 2:
        from qbench.circuits.openqasm2 import parse_openqasm2

        circuit = parse_openqasm2(bare, source)
    elif own_process:
        from qbench.circuits.openqasm3 import parse_openqasm3

        circuit = parse_openqasm3(bare, source)
    else:
        from qbench.circuits.openqasm3_read import read_openqasm3
        from qbench.circuits.openqasm3_scan import scan_openqasm3

        scan_openqasm3(bare, source)
        circuit = read_openqasm3(bare, source)
    return replace(circuit, name=name)


def openqasm_version(bare: str) -> int:
    """2 or 3: as the header says, else 3 where the text has what only OpenQASM 3 has.

    >>> openqasm_version("OPENQASM 3.1; qreg q[2];"), openqasm_version("qreg q[2];")
    (3, 2)
    >>> openqasm_version('include "stdgates.inc";')
    3
    """
    header = _HEADER.search(bare)
    if header:
        return 3 if header[1] == "3" else 2
    return 3 if _ONLY_IN_3.search(bare) else 2
