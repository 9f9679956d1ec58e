"""Lists as text: rows in columns, cut at a terminal's width and whole elsewhere."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["as_text", "column_lines", "fitting", "no_such", "paragraph", "terminal_width"]

PAGE_WIDTH = 100


def column_lines(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> list[str]:
    """A heading and one line per row, columns padded; ``rows`` may have more than is shown.

    >>> column_lines([{"name": "ghz", "qubits": [2, 3, 4]}], ["name", "qubits"])
    ['name  qubits', 'ghz   2-4']
    """
    lines = [[column.replace("_", " ") for column in columns]]
    lines += [[as_text(row[column]) for column in columns] for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(columns))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]


def as_text(value: Any) -> str:
    """One field as people read it; ``-`` where there is none.

    >>> as_text(True), as_text(["state", "sample"]), as_text([]), as_text([2, 3, 4, 8])
    ('yes', 'state,sample', '-', '2-4,8')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and value and all(isinstance(item, int) for item in value):
        return _ranges(value)
    if value and isinstance(value, list):
        return ",".join(map(str, value))
    return "-" if value is None or value == [] else str(value)


def _ranges(numbers: Sequence[int]) -> str:
    """Numbers in rising order, three and more in a row as from-to.

    >>> _ranges([2, 3, 4, 6, 7, 10])
    '2-4,6,7,10'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [f"{run[0]}-{run[-1]}" if len(run) > 2 else ",".join(map(str, run)) for run in runs]
    return ",".join(parts)


def fitting(line: str, terminal: int | None) -> str:
    """The line, cut where it is longer than the terminal is wide.

    >>> fitting("a long line", 8)
    'a lon...'
    """
    return line if terminal is None or len(line) <= terminal else f"{line[: terminal - 3]}..."


def paragraph(text: str, indent: int, terminal: int | None) -> str:
    """The text in lines, each behind ``indent`` spaces."""
    margin = " " * indent
    return textwrap.fill(text, terminal or PAGE_WIDTH, initial_indent=margin, subsequent_indent=margin)


def terminal_width() -> int | None:
    """None where the output is no terminal."""
    if sys.stdout is None or not sys.stdout.isatty():
        return None
    import shutil  # brings the compression modules with it: 2 to 5 ms

    return shutil.get_terminal_size().columns


def no_such(what: str, name: str, known: Sequence[str], plural: str) -> str:
    """What to say of a name that is none: the nearest ones, or all.

    >>> no_such("family", "gzh", ["ghz", "qft"], "families")
    "there is no family 'gzh'; did you mean ghz?"
    """
    from difflib import get_close_matches

    near = get_close_matches(name, sorted(known), n=3)
    if near:
        return f"there is no {what} {name!r}; did you mean {' or '.join(near)}?"
    return f"there is no {what} {name!r}; the {plural} are {', '.join(known)}"
