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
MAX_STATEMENTS = 12_000
"""Statements and blocks in the text: three seconds in the parser."""
MAX_TOKENS = 160_000
"""Names, numbers and signs: 20 us each in the parser, whatever they make up ..."""
MAX_TOKENS_IN_LONG = 50_000
"""... and up to 40 us each beyond the first 30 of a statement, where expressions lie in one another."""
SHORT = 30
MAX_PART = 1000
"""Characters of a statement between two commas: one angle, and so also the depth of its tree."""
MAX_STATEMENT = 20_000
MAX_BRACKETS = 50
MAX_BLOCKS = 20
MAX_CHAIN = 30
"""``if``, ``else`` and ``for`` within one another: the parser's time grows with the square of a chain ..."""
MAX_BRANCHES = 4
"""... and with a power of those without braces, where it must find the ``if`` that an ``else`` belongs to."""
MAX_ELSE = 200

_STRING_OR_COMMENT = re.compile(r"(?:\"[^\"\n]*\"|'[^'\n]*')+|//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)")
_INCLUDE = re.compile(r"\s*include\b\s*(.*)\Z", re.DOTALL)
_PRAGMA = re.compile(r"^[ \t]*#?pragma\b[^\n]*", re.MULTILINE)
_PIECE = re.compile(r"[^;{}]*[;{}]?")
_BRACKET = re.compile(r"[()\[\]]")
_TOKEN = re.compile(r"[\w.]+|[^\w\s.]")
_BRANCH = re.compile(r"\b(?:else\s+if|if|else|for|while)\b")


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
    line, statements, tokens, long, blocks, elses = 1, 0, 0, 0, 0, 0
    chains = [0]  # for each open block, the branches that the statement at hand lies in
    for match in _PIECE.finditer(text):
        piece = match[0]
        here = line + piece[: len(piece) - len(piece.lstrip())].count("\n")
        line += piece.count("\n")
        end = piece[-1:]
        statements += end in ";{"
        own = len(_TOKEN.findall(piece))
        tokens += own
        long += max(own - SHORT, 0)
        begin = piece.lstrip()
        branches = len(_BRANCH.findall(piece))
        follows = begin.startswith("else")
        elses += follows
        if begin not in ("", "}"):
            chains[-1] = branches + (chains[-1] if follows else 0)
        if end == "{":
            blocks += 1
            chains.append(0)
        elif end == "}":
            blocks -= 1
            del chains[max(1, blocks + 1) :]
        reason = _reason_against(piece.strip())
        if statements > MAX_STATEMENTS:
            reason = f"more than {MAX_STATEMENTS} statements, the limit of what qbench reads of OpenQASM 3"
        elif tokens > MAX_TOKENS:
            reason = f"more than {MAX_TOKENS} names, numbers and signs up to here, the limit for OpenQASM 3"
        elif long > MAX_TOKENS_IN_LONG:
            reason = (
                f"more than {MAX_TOKENS_IN_LONG} names, numbers and signs in long statements up to here; "
                "write values instead of expressions"
            )
        elif sum(chains) > MAX_CHAIN:
            reason = f"if, else and for within one another, or in a chain, more than {MAX_CHAIN} deep"
        elif branches > (1 if follows else MAX_BRANCHES):
            reason = "if, else and for within one another without braces; write { } around what they hold"
        elif elses > MAX_ELSE:
            reason = f"more than {MAX_ELSE} times else"
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
        return f"an expression, name or chain of more than {MAX_PART} characters; write a value, or shorter"
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
