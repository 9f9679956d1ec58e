r"""A table as LaTeX: booktabs rules, numbers to the right, and no text that LaTeX would obey.

The file compiles with pdfLaTeX, XeLaTeX and LuaLaTeX and any input or font encoding: it is ASCII, and needs
``\usepackage{booktabs}`` alone.  Letters with accents become LaTeX's own; a character that not every
engine can set is spelt out, as control characters are everywhere in qbench's tables.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from qbench.analysis.figures import number_text
from qbench.analysis.render import visible
from qbench.analysis.table import Table, Value

__all__ = ["LatexColumn", "latex_column", "latex_number", "latex_text", "render_latex", "tabular"]

# [ and * would be read as an argument of the \\ before them; " is a command under babel's German.
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"{\char34}",
    "`": r"{\char96}",
    "[": "{[}",
    "*": "{*}",
    "\N{LATIN SMALL LETTER SHARP S}": r"\ss{}",
    "\N{LATIN SMALL LETTER AE}": r"\ae{}",
    "\N{LATIN CAPITAL LETTER AE}": r"\AE{}",
    "\N{LATIN SMALL LIGATURE OE}": r"\oe{}",
    "\N{LATIN CAPITAL LIGATURE OE}": r"\OE{}",
    "\N{LATIN SMALL LETTER O WITH STROKE}": r"\o{}",
    "\N{LATIN CAPITAL LETTER O WITH STROKE}": r"\O{}",
    "\N{LATIN SMALL LETTER L WITH STROKE}": r"\l{}",
    "\N{LATIN CAPITAL LETTER L WITH STROKE}": r"\L{}",
    "\N{MICRO SIGN}": r"$\mu$",
    "\N{GREEK SMALL LETTER MU}": r"$\mu$",
    "\N{MULTIPLICATION SIGN}": r"$\times$",
    "\N{PLUS-MINUS SIGN}": r"$\pm$",
}

_ACCENTS = {
    "\N{COMBINING GRAVE ACCENT}": r"\`",
    "\N{COMBINING ACUTE ACCENT}": r"\'",
    "\N{COMBINING CIRCUMFLEX ACCENT}": r"\^",
    "\N{COMBINING TILDE}": r"\~",
    "\N{COMBINING DIAERESIS}": r"\"",
    "\N{COMBINING RING ABOVE}": r"\r",
    "\N{COMBINING CARON}": r"\v",
    "\N{COMBINING CEDILLA}": r"\c",
    "\N{COMBINING MACRON}": r"\=",
    "\N{COMBINING BREVE}": r"\u",
    "\N{COMBINING DOT ABOVE}": r"\.",
    "\N{COMBINING DOUBLE ACUTE ACCENT}": r"\H",
}

# Two of these in a row would be set as one other character.
_LIGATURE = re.compile(r"(?<=([-,']))\1")

# The endings of the columns' names that are units.
_UNITS = (("_us", r"$\mu$s"), ("_ms", "ms"), ("_kib", "KiB"))


@dataclass(frozen=True, slots=True, kw_only=True)
class LatexColumn:
    """One column of a tabular: heading and entries are LaTeX already."""

    heading: str
    right: bool
    entries: tuple[str, ...]


def latex_text(text: str) -> str:
    r"""Any text as ASCII that LaTeX sets and does not obey.

    >>> print(latex_text("phase_flip 50% \u00e9 \u4e2d"))
    phase\_flip 50\% \'{e} \textbackslash{}u4e2d
    """
    return _LIGATURE.sub(r"{\1}", "".join(map(_character, visible(text))))


def _character(character: str) -> str:
    if character in _SPECIAL:
        return _SPECIAL[character]
    if character.isascii():
        return character
    parts = unicodedata.normalize("NFD", character)
    letter, accent = parts[:1], parts[1:]
    if accent in _ACCENTS and letter.isascii() and letter.isalpha():
        return f"{_ACCENTS[accent]}{{{letter}}}"
    return latex_text(character.encode("unicode_escape").decode())


def latex_number(number: Decimal | int) -> str:
    r"""A number as math, below 0.001 as a power of ten.

    >>> print(latex_number(Decimal("-1.20")), latex_number(Decimal("2.5E-16")))
    $-1.20$ $2.5 \times 10^{-16}$
    """
    mantissa, e, exponent = number_text(number).partition("e")
    return rf"${mantissa} \times 10^{{{exponent}}}$" if e else f"${mantissa}$"


def latex_entry(value: Value) -> str:
    """One field; an empty one stays empty."""
    if value is None:
        return ""
    return latex_text(value) if isinstance(value, str) else latex_number(value)


def latex_column(table: Table, name: str, heading: str | None = None) -> LatexColumn:
    """A column of a table, under its own name (a unit at its end in parentheses) or under ``heading``."""
    return LatexColumn(
        heading=_heading(name) if heading is None else heading,
        right=name in table.numeric,
        entries=tuple(map(latex_entry, table.column(name))),
    )


def _heading(name: str) -> str:
    for ending, unit in _UNITS:
        if name.endswith(ending):
            return f"{latex_text(name.removesuffix(ending).replace('_', ' '))} ({unit})"
    return latex_text(name.replace("_", " "))


def tabular(columns: Sequence[LatexColumn], notes: Sequence[str] = ()) -> str:
    r"""The columns as a ``tabular`` with booktabs rules, each note a comment line above it.

    A little space sets apart rows that differ in the first column.

    >>> print(tabular([LatexColumn(heading="n", right=True, entries=("$2$",))], ["a note"]), end="")
    % a note
    \begin{tabular}{@{}r@{}}
    \toprule
    n \\
    \midrule
    $2$ \\
    \bottomrule
    \end{tabular}
    """
    lines = [f"% {_comment(note)}" for note in notes]
    shape = "".join("r" if column.right else "l" for column in columns)
    lines += [rf"\begin{{tabular}}{{@{{}}{shape}@{{}}}}", r"\toprule"]
    lines += [" & ".join(column.heading for column in columns) + r" \\", r"\midrule"]
    rows = list(zip(*(column.entries for column in columns), strict=True))
    for number, row in enumerate(rows):
        if number and row[0] != rows[number - 1][0] and columns[0].entries.count(row[0]) > 1:
            lines.append(r"\addlinespace")
        lines.append(" & ".join(row) + r" \\")
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}"]) + "\n"


def _comment(text: str) -> str:
    return visible(text).encode("ascii", "backslashreplace").decode()


def render_latex(table: Table, notes: Sequence[str] = ()) -> str:
    r"""All columns of a table as they are; a paper's choice of them is in ``qbench.analysis.paper``.

    >>> print(render_latex(Table.of("t", "name time_us#", [{"name": "a_b", "time_us": 12}])), end="")
    \begin{tabular}{@{}lr@{}}
    \toprule
    name & time ($\mu$s) \\
    \midrule
    a\_b & $12$ \\
    \bottomrule
    \end{tabular}
    """
    return tabular([latex_column(table, name) for name in table.columns], notes)
