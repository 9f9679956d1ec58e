"""Is this OpenQASM 3 text small and flat enough to hand to a parser?

The parser (ANTLR's Python runtime, 0.25 ms per statement and 8 kB of memory) recurses with the depth of
what it reads.  So one linear pass over the text bounds its length, its statements and its nesting first, and
refuses includes: no file but the one named is ever opened.
"""

from __future__ import annotations

import re

from qbench.errors import QbenchError

__all__ = ["MAX_OPENQASM3_BYTES", "MAX_STATEMENTS", "scan_openqasm3", "without_comments"]

MAX_OPENQASM3_BYTES = 2**20
MAX_STATEMENTS = 20_000
"""Statements and blocks in the text: five seconds in the parser."""
MAX_PART = 1000
"""Characters of a statement between two commas: one angle, and so also the depth of its tree."""
MAX_STATEMENT = 20_000
MAX_BRACKETS = 50
MAX_BLOCKS = 20

_STRING_OR_COMMENT = re.compile(r"(?:\"[^\"\n]*\"|'[^'\n]*')+|//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)")
_INCLUDE = re.compile(r"\s*include\b\s*(.*)\Z", re.DOTALL)
_PRAGMA = re.compile(r"^[ \t]*#?pragma\b[^\n]*", re.MULTILINE)
_PIECE = re.compile(r"[^;{}]*[;{}]?")
_BRACKET = re.compile(r"[()\[\]]")


def without_comments(text: str, source: str) -> str:
    """The text with its comments (``//`` and ``/* */``) blanked, line breaks kept.

    >>> without_comments("x q; // one\\n/* two\\n*/ y q;", "a.qasm")
    'x q; \\n\\n y q;'
    """

    if "//" not in text and "/*" not in text:
        return text

    def blank(match: re.Match[str]) -> str:
        found = match[0]
        if found.startswith("//"):
            return ""
        if not found.startswith("/*"):
            return found
        if len(found) < 4 or not found.endswith("*/"):
            line = text.count("\n", 0, match.start()) + 1
            raise QbenchError(f"{source}:{line}: a comment that begins with /* and never ends")
        return "\n" * found.count("\n") or " "

    return _STRING_OR_COMMENT.sub(blank, text)


def scan_openqasm3(bare: str, source: str) -> None:
    """Look through OpenQASM 3 text without comments in one pass.

    Raises ``QbenchError`` with ``source`` and line for includes other than ``stdgates.inc`` and for anything
    beyond the limits above.

    >>> scan_openqasm3('OPENQASM 3; include "stdgates.inc"; qubit q; h q;', "a.qasm")
    """
    if len(bare) > MAX_OPENQASM3_BYTES:
        raise QbenchError(
            f"{source}: more than {MAX_OPENQASM3_BYTES // 2**20} MiB of OpenQASM 3 (without comments), the "
            "limit of what qbench reads"
        )
    # Lines that are no statements; a pragma may hold anything at all up to its end.
    text = _PRAGMA.sub("", bare)
    line, statements, blocks = 1, 0, 0
    for match in _PIECE.finditer(text):
        piece = match[0]
        here = line + piece[: len(piece) - len(piece.lstrip())].count("\n")
        line += piece.count("\n")
        end = piece[-1:]
        blocks += (end == "{") - (end == "}")
        statements += end in ";{"
        reason = _reason_against(piece.strip())
        if statements > MAX_STATEMENTS:
            reason = f"more than {MAX_STATEMENTS} statements, the limit of what qbench reads of OpenQASM 3"
        elif blocks > MAX_BLOCKS:
            reason = f"blocks nested more than {MAX_BLOCKS} deep"
        if reason:
            raise QbenchError(f"{source}:{here}: {reason}")


def _reason_against(piece: str) -> str | None:
    include = _INCLUDE.match(piece) if "include" in piece else None
    if include:
        return _reason_against_include(include[1].rstrip("; \t\n"))
    if len(piece) > MAX_STATEMENT:
        return f"a statement of more than {MAX_STATEMENT} characters"
    if len(piece) > MAX_PART and any(len(part) > MAX_PART for part in piece.split(",")):
        return f"an expression of more than {MAX_PART} characters; write its value instead"
    if len(piece) > MAX_BRACKETS:
        depth = 0
        for bracket in _BRACKET.findall(piece):
            depth += 1 if bracket in "([" else -1
            if depth > MAX_BRACKETS:
                return f"brackets nested more than {MAX_BRACKETS} deep; write the value instead"
    return None


def _reason_against_include(name: str) -> str | None:
    if name in ('"stdgates.inc"', "'stdgates.inc'"):
        return None
    if name[1:-1] == "qelib1.inc":
        return 'qelib1.inc belongs to OpenQASM 2; OpenQASM 3 has include "stdgates.inc";'
    return (
        f"include {' '.join(name.split())[:80]}: only stdgates.inc is read, and no other file is opened; "
        "copy the gates that are needed into this file"
    )
