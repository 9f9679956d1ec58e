"""Rows of text under a heading, fitted into a width by shortening the names in them."""

from __future__ import annotations

from collections.abc import Sequence

from qbench.report.columns import shortened, text_width

__all__ = ["fitted"]

GAP = 2
NARROWEST = 8


def fitted(rows: Sequence[Sequence[str]], width: int, *, names: int) -> list[str]:
    """One line per row, the first being the heading: ``names`` columns of text, then columns set right.

    Where a line would be wider than ``width``, the widest of the name columns gives way, down to 8;
    after that the line is cut.

    >>> rows = [["circuit", "A"], ["ghz_2", "1 us"], ["a_long_name_2", "10 us"]]
    >>> print(*fitted(rows, 18, names=1), sep=chr(10))
    circuit          A
    ghz_2         1 us
    a_lo..ame_2  10 us
    """
    widths = [max(map(text_width, column)) for column in zip(*rows, strict=True)]
    while sum(widths) + GAP * (len(widths) - 1) > width:
        widest = max(range(names), key=lambda i: widths[i])
        if widths[widest] <= NARROWEST:
            break
        widths[widest] -= 1
    lines = []
    for row in rows:
        fields = []
        for i, (text, room) in enumerate(zip(row, widths, strict=True)):
            field = shortened(text, room)
            space = " " * (room - text_width(field))
            fields.append(field + space if i < names else space + field)
        lines.append(shortened((" " * GAP).join(fields).rstrip(), width))
    return lines
