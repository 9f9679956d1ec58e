"""Plain text in columns: what fits into a terminal's width, and breaks into blocks where it does not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

__all__ = ["Column", "lay_out", "shortened", "text_width", "wrapped"]

GAP = 2
BETWEEN_GROUPS = " | "


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its group's label, its heading from top to bottom, and one entry per row."""

    group: str
    heading: tuple[str, ...]
    entries: tuple[str, ...]
    left: bool = False

    @property
    def width(self) -> int:
        return max(map(text_width, (*self.heading, *self.entries)), default=0)


def text_width(text: str) -> int:
    """The number of terminal cells that a text takes: East Asian wide characters take two.

    >>> text_width("ghz"), text_width("量子")
    (3, 4)
    """
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def shortened(text: str, width: int) -> str:
    """The text, or its start and end around ``..`` (names differ mostly in their ends).

    >>> shortened("a_very_long_name_of_12_qubits", 16)
    'a_very_.._qubits'
    """
    if text_width(text) <= width:
        return text
    head, tail = text[: len(text) // 2], text[len(text) // 2 :]
    while text_width(head) + text_width(tail) + 2 > width and (head or tail):
        if text_width(head) >= text_width(tail):
            head = head[:-1]
        else:
            tail = tail[1:]
    return f"{head}..{tail}"


def wrapped(text: str, width: int, indent: int = 2) -> list[str]:
    """Lines of at most ``width`` cells, broken between words; lines after the first are indented.

    A number stays with its percent sign.

    >>> wrapped("one two three", 9)
    ['one two', '  three']
    >>> wrapped("other 2 %", 8)
    ['other', '  2 %']
    """
    lines, line = [], ""
    for word in re.split(r" (?!%)", text):
        candidate = f"{line} {word}" if line.strip() else line + word
        if text_width(candidate) > width and line.strip():
            lines.append(line)
            candidate = " " * indent + word
        while text_width(candidate) > width:
            cut = width
            while text_width(candidate[:cut]) > width:
                cut -= 1
            lines.append(candidate[:cut])
            candidate = " " * indent + candidate[cut:]
        line = candidate
    return [*lines, line]


def _padded(text: str, width: int, left: bool) -> str:
    space = " " * (width - text_width(text))
    return text + space if left else space + text


def lay_out(stub: Sequence[Column], columns: Sequence[Column], width: int) -> list[str]:
    """The columns beside the stub, in as many blocks as the width asks for; the stub heads each block.

    Columns of one group stand together under its label, groups are set apart by a bar.  A column that is
    too wide for the width even alone is laid out all the same: callers shorten what goes in.
    """
    lines: list[str] = []
    for block in _blocks(stub, columns, width):
        if lines:
            lines.append("")
        lines += _block_lines([list(stub), *block])
    return lines


def _blocks(stub: Sequence[Column], columns: Sequence[Column], width: int) -> Iterator[list[list[Column]]]:
    taken = sum(column.width for column in stub) + GAP * (len(stub) - 1)
    block: list[list[Column]] = []
    for column in columns:
        trial = [list(group) for group in block]
        if trial and trial[-1][0].group == column.group:
            trial[-1].append(column)
        else:
            trial.append([column])
        if block and taken + sum(len(BETWEEN_GROUPS) + _group_width(group) for group in trial) > width:
            yield block
            trial = [[column]]
        block = trial
    if block:
        yield block


def _group_width(group: Sequence[Column]) -> int:
    return max(sum(column.width for column in group) + GAP * (len(group) - 1), text_width(group[0].group))


def _block_lines(groups: Sequence[Sequence[Column]]) -> list[str]:
    height = max(len(column.heading) for group in groups for column in group)
    texts = []
    for group in groups:
        width = _group_width(group)
        rows = [_padded(group[0].group, width, True)] if any(g[0].group for g in groups) else []
        columns = [[*([""] * (height - len(c.heading))), *c.heading, *c.entries] for c in group]
        rows += [
            _padded(
                (" " * GAP).join(
                    _padded(text, column.width, column.left) for text, column in zip(row, group, strict=True)
                ),
                width,
                True,
            )
            for row in zip(*columns, strict=True)
        ]
        texts.append(rows)
    return [BETWEEN_GROUPS.join(row).rstrip() for row in zip(*texts, strict=True)]
