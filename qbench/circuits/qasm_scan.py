"""Is this OpenQASM 2 text safe to hand to a parser, and on which line is each operation?

A parser acts on what it reads while it reads: ``qreg q[10000000]`` costs Qiskit's 9 seconds, and thirty
gates that each call the one before twice stand for 2^30 operations.  So one linear pass looks at the
declarations first and refuses what is too large, before any memory is taken for it.

What is handed on is the text without its comments, so that both readers see the same statements.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from qbench.errors import QbenchError
from qbench.ir import GATES

__all__ = ["MAX_BYTES", "MAX_CLBITS", "MAX_DEFINITIONS", "MAX_OPERATIONS", "MAX_QUBITS", "Scan", "scan_qasm"]

MAX_BYTES = 4 * 2**20
MAX_QUBITS = 64
MAX_CLBITS = 4096
MAX_OPERATIONS = 100_000
"""Operations after broadcasting and expansion; each call of a gate that the file defines adds one."""
MAX_DEFINITIONS = 1000
"""Qiskit keeps, for each defined gate, a list of all before it: memory grows with the square."""
MAX_EXPRESSION = 1000
"""Characters of one angle, and so also the depth of its tree."""
MAX_NESTING = 100
MAX_ANGLES = 64
"""Angles that a defined gate may take; each call works all of them out."""
QUBITS_OF_A_BARRIER = 32
"""As much work as one operation."""
ANGLE_CHARACTERS = 40
"""Of a call's angles, as much work for Qiskit as one operation, in every call of the gate that it is in."""
OPERATIONS_OF_A_BRANCH = 10
"""As much work for Qiskit as so many operations: it makes a circuit for each ``if`` ..."""
BITS_OF_A_BRANCH = 2
"""... that holds the register's bits: so many are as much as one operation."""

# Angles of each gate that Qiskit calls without checking when the parentheses are missing.
_ANGLES = {name: angles for name, (_, angles) in GATES.items()} | {
    "U": 3,
    "u0": 1,
    "u1": 1,
    "u3": 3,
    "cu1": 1,
    "cu3": 3,
}
# The parser's integers are finite: a larger index or version makes it panic instead of complaining.
_HUGE_INTEGER = re.compile(r"\[\s*\d{10,}|^\s*OPENQASM\s+(\d{10,}|\d+\.\d{10,})")
_PIECE = re.compile(r"[;\s]*([^;{}]*)([;{}]?)")
_WORD = re.compile(r"[A-Za-z_]\w*")
_REGISTER = re.compile(r"[qc]reg\s+([A-Za-z]\w*)\s*\[\s*(\d+)\s*\]\s*\Z")
_HEADER = re.compile(r"(?:gate|opaque)\s+([A-Za-z]\w*)\s*(?:\(([^()]*)\))?[^()]*\Z")
_CALL = re.compile(r"(\w+)\s*(\(.*\))?([^()]*)\Z", re.DOTALL)
_BRANCH = re.compile(r"if\s*\(\s*(\w+)\s*==\s*\d{1,18}\s*\)\s*(.*)\Z", re.DOTALL)
_NEVER_BRANCHED = ("if", "barrier", "qreg", "creg", "gate", "opaque", "include")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A text within the limits.

    ``text`` is the text without comments, line breaks kept.  ``runs`` says, for each statement that acts on
    qubits and in order, its line and how many operations it stands for.  ``definitions`` holds the gates
    that the file defines itself, without spaces.
    """

    text: str
    runs: tuple[tuple[int, int], ...]
    definitions: Mapping[str, str]
    includes_qelib1: bool


def scan_qasm(bare: str, source: str) -> Scan:
    """Look through OpenQASM 2 text without comments in one pass; nothing is executed and no file is opened.

    Raises ``QbenchError`` with ``source`` and line for what qbench does not read (opaque gates,
    other includes) and for anything beyond the limits above.

    >>> scan_qasm("OPENQASM 2.0; qreg q[3];\\nU(0,0,0) q;", "a.qasm").runs
    ((2, 3),)
    """
    if not bare.isascii():
        position = next(i for i, c in enumerate(bare) if not c.isascii())
        line = bare.count("\n", 0, position) + 1
        raise QbenchError(
            f"{source}:{line}: {bare[position]!a} is not ASCII; OpenQASM 2 allows that in comments only"
        )
    return _Scanner(source).scan(bare)


class _Scanner:
    """The state of one pass: registers, defined gates and what they cost."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.line = 1
        self.registers: dict[str, int] = {}
        self.totals = {"qreg": 0, "creg": 0}
        self.angles = dict(_ANGLES)
        self.costs: dict[str, int] = {}
        self.opaque: set[str] = set()
        self.definitions: dict[str, list[str]] = {}
        self.open_gate: str | None = None
        self.runs: list[tuple[int, int]] = []
        self.total = 0
        self.includes_qelib1 = False

    def refuse(self, message: str) -> NoReturn:
        raise QbenchError(f"{self.source}:{self.line}: {message}")

    def scan(self, text: str) -> Scan:
        seen = 0
        for pieces, match in enumerate(_PIECE.finditer(text)):
            start = match.start(1)
            self.line += text.count("\n", seen, start)
            seen = start
            if pieces > 2 * MAX_OPERATIONS:
                self.refuse(f"more than {2 * MAX_OPERATIONS} statements")
            self.piece(match[1], match[2])
        if self.totals["qreg"] == 0:
            raise QbenchError(f'{self.source}: no qubits; declare a register, as in "qreg q[2];"')
        return Scan(
            text=text,
            runs=tuple(self.runs),
            definitions={name: "".join(parts) for name, parts in self.definitions.items()},
            includes_qelib1=self.includes_qelib1,
        )

    def piece(self, statement: str, end: str) -> None:
        if _HUGE_INTEGER.search(statement):
            self.refuse("an index or version of more than nine digits")
        if len(statement) > MAX_NESTING:
            self.check_expressions(statement)
        if end == "{":
            self.begin_definition(statement)
        elif self.open_gate is not None:
            gate = self.open_gate
            if statement:
                self.definitions[gate] += [_squeeze(statement), ";"]
                self.add_cost(gate, self.cost_of_call(statement))
            if end == "}":
                self.definitions[gate].append("}")
                self.open_gate = None
        elif statement:
            self.statement(statement)

    def check_expressions(self, statement: str) -> None:
        if len(statement) > MAX_EXPRESSION and any(
            len(part) > MAX_EXPRESSION for part in statement.split(",")
        ):
            self.refuse(
                f"an expression or name of more than {MAX_EXPRESSION} characters; write a value, or shorter"
            )
        if statement.count("(") > MAX_NESTING:
            depth = 0
            for character in statement:
                depth += (character == "(") - (character == ")")
                if depth > MAX_NESTING:
                    self.refuse(f"parentheses nested more than {MAX_NESTING} deep; write the value instead")

    def begin_definition(self, header: str) -> None:
        match = _HEADER.match(header)
        if match is None or self.open_gate is not None:
            self.refuse('expected a gate\'s definition before "{", as in "gate name(a,b) p,q { ... }"')
        if len(self.definitions) >= MAX_DEFINITIONS:
            self.refuse(f"more than {MAX_DEFINITIONS} defined gates")
        self.open_gate = match[1]
        self.declare(match)
        self.costs[match[1]] = 1
        self.definitions[match[1]] = [_squeeze(header), "{"]

    def declare(self, match: re.Match[str]) -> None:
        count = len([a for a in (match[2] or "").split(",") if a.strip()])
        if count > MAX_ANGLES:
            self.refuse(f"a gate with {count} angles; at most {MAX_ANGLES} are read")
        self.angles[match[1]] = count

    def add_cost(self, gate: str, cost: int) -> None:
        self.costs[gate] += cost
        if self.costs[gate] > MAX_OPERATIONS:
            self.refuse(f"the gate {gate[:80]} stands for more than {MAX_OPERATIONS} operations")

    def cost_of_call(self, statement: str) -> int:
        match = _WORD.match(statement)
        name = match[0] if match else ""
        if name in self.opaque:
            self.refuse(f"{name} is an opaque gate: it has no definition that could be run")
        if name == self.open_gate and name not in _ANGLES:
            self.refuse(f"the gate {name[:80]} calls itself; a gate may call only those defined before it")
        if self.angles.get(name) and "(" not in statement:
            count = self.angles[name]
            self.refuse(f"{name} takes {count} angle{'s' if count > 1 else ''}, none is given")
        work = (statement.rfind(")") - statement.find("(")) // ANGLE_CHARACTERS if "(" in statement else 0
        return self.costs.get(name, 1) + max(work, 0)

    def statement(self, statement: str) -> None:
        match = _WORD.match(statement)
        word = match[0] if match else ""
        if word in ("qreg", "creg"):
            self.declare_register(word, statement)
        elif word == "include":
            self.include(statement)
        elif word == "if":
            self.branch(statement)
        elif word == "opaque":
            header = _HEADER.match(statement)
            if header:
                self.declare(header)
                self.opaque.add(header[1])
        elif word != "OPENQASM":
            self.call(word, statement)

    def branch(self, statement: str) -> None:
        match = _BRANCH.match(statement)
        if match is None:
            self.refuse('cannot read this "if"; expected "if (c == 1) x q[0];" with a creg c')
        if match[1] not in self.registers:
            self.refuse(f"{match[1][:80]!r} is not declared")
        word = _WORD.match(match[2])
        if word is None or word[0] in _NEVER_BRANCHED:
            self.refuse('an "if" takes one gate, measure or reset')
        before = len(self.runs)
        self.call(word[0], match[2])
        cost = OPERATIONS_OF_A_BRANCH + self.registers[match[1]] // BITS_OF_A_BRANCH
        self.total += cost * sum(count for _, count in self.runs[before:])
        if self.total > MAX_OPERATIONS:
            self.refuse(
                f'more than {MAX_OPERATIONS} operations up to here, this "if" as {cost}: no small circuit'
            )

    def include(self, statement: str) -> None:
        name = statement[len("include") :].strip()
        if name[1:-1] == "stdgates.inc":
            self.refuse(
                "stdgates.inc belongs to OpenQASM 3, and this file is read as OpenQASM 2: begin it with "
                '"OPENQASM 3.0;", or include "qelib1.inc"'
            )
        if name not in ('"qelib1.inc"', "'qelib1.inc'"):
            self.refuse(
                f"include {' '.join(name.split())[:80]}: only qelib1.inc is read, and no other file is "
                "opened; copy the gates that are needed into this file"
            )
        self.includes_qelib1 = True

    def declare_register(self, kind: str, statement: str) -> None:
        match = _REGISTER.match(statement)
        if match is None:
            self.refuse(f'cannot read this register; expected "{kind} name[size];"')
        limit, what = (MAX_QUBITS, "qubits") if kind == "qreg" else (MAX_CLBITS, "classical bits")
        size = int(match[2]) if len(match[2]) < 10 else 10**9
        self.totals[kind] += size
        if self.totals[kind] > limit:
            self.refuse(f"more than {limit} {what}, the limit of what qbench reads")
        self.registers[match[1]] = size

    def call(self, word: str, statement: str) -> None:
        if word in ("qubit", "bit") and word not in self.costs:
            self.refuse(
                f'"{word}" is OpenQASM 3, and this file is read as OpenQASM 2: begin it with '
                f'"OPENQASM 3.0;", or write "{word[0].replace("b", "c")}reg name[size];"'
            )
        if not self.registers:
            self.refuse(
                f"{' '.join(statement.split())[:40]!r} comes before any register: no OpenQASM, or "
                '"qreg q[2];" is missing'
            )
        cost = self.cost_of_call(statement)
        count = 1
        match = _CALL.match(statement)
        if match is not None:
            whole = [
                self.registers[operand]
                for operand in (part.strip() for part in match[3].replace("->", ",").split(","))
                if operand in self.registers
            ]
            if word == "barrier":
                cost += sum(whole) // QUBITS_OF_A_BARRIER
            elif whole:
                count = max(whole)
        self.runs.append((self.line, count))
        self.total += max(count, 1) * cost
        if self.total > MAX_OPERATIONS:
            self.refuse(
                f"more than {MAX_OPERATIONS} operations up to here, defined gates written out: "
                "this is no small circuit"
            )


def _squeeze(text: str) -> str:
    return "".join(text.split())
