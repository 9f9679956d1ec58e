"""How a table is written: CSV, Markdown and JSON.  The same table, the same bytes.

Names come from users' files and from other people's simulators, so no text may break a row, hide a
character, run a formula in a spreadsheet or turn into markup.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from qbench.analysis.figures import number_text
from qbench.analysis.table import Table, Value

__all__ = ["RENDERERS", "render_csv", "render_json", "render_markdown", "visible"]

_PADDED_TO = 40  # a wider Markdown column (a reason) is not padded, or every row would be as wide

_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")  # the last four: full width
_MARKUP = re.compile(r"[\\`*\[\]|~]|(?<![^\W_])_|_(?![^\W_])")
_LINKS = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("://", "&#58;//"), ("www.", "www&#46;"))


def visible(text: str) -> str:
    r"""Text with every character that does not print (control, bidirectional, lone surrogate) spelt out.

    >>> print(visible("two\nlines \u202e"))
    two\nlines \u202e
    """
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text
    )


def render_csv(table: Table) -> str:
    r"""The table as CSV with ``\n`` at the line ends.

    Text that a spreadsheet would run as a formula gets an apostrophe in front; numbers are never touched.

    >>> render_csv(Table.of("t", "name size#", [{"name": "=1+1", "size": -3}]))
    "name,size\n'=1+1,-3\n"
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow([_csv_field(value) for value in row])
    return out.getvalue()


def _csv_field(value: Value) -> str:
    return _csv_text(value) if isinstance(value, str) else _number(value)


@lru_cache(maxsize=4096)  # a column repeats a few names, thousands of times
def _csv_text(value: str) -> str:
    text = visible(value)
    return f"'{text}" if _FORMULA.match(text) else text


def _number(value: Decimal | int | None) -> str:
    return "" if value is None else number_text(value)


def render_markdown(table: Table, notes: Sequence[str] = ()) -> str:
    r"""The table as GitHub-flavoured Markdown, columns padded to be readable as plain text too.

    Each note is a paragraph under it.

    >>> print(render_markdown(Table.of("t", "name size#", [{"name": "a|b", "size": 12}])), end="")
    | name | size |
    | :--- | ---: |
    | a\|b |   12 |
    """
    texts = [[_markdown(value) for value in row] for row in table.rows]
    header = [_markdown(column) for column in table.columns]
    lines = []
    widths = [
        max([4, *(len(text) for text in column if len(text) <= _PADDED_TO)])
        for column in zip(header, *texts, strict=True)
    ]
    right = [column in table.numeric for column in table.columns]
    rules = [
        "-" * (width - 1) + ":" if r else ":" + "-" * (width - 1)
        for width, r in zip(widths, right, strict=True)
    ]
    for fields in (header, rules, *texts):
        padded = [
            text.rjust(width) if r else text.ljust(width)
            for text, width, r in zip(fields, widths, right, strict=True)
        ]
        lines.append(f"| {' | '.join(padded)} |\n")
    lines += [f"\n{_markdown(note)}\n" for note in notes]
    return "".join(lines)


def _markdown(value: Value) -> str:
    return _markdown_text(value) if isinstance(value, str) else _number(value)


@lru_cache(maxsize=4096)
def _markdown_text(value: str) -> str:
    text = visible(value)
    text = _MARKUP.sub(lambda match: "\\" + match[0], text)
    for plain, entity in _LINKS:
        text = text.replace(plain, entity)
    return text


def render_json(table: Table) -> str:
    r"""The table as a JSON array of objects, one per line; empty fields are null.

    >>> render_json(Table.of("t", "name size#", [{"name": "a", "size": Decimal("0.50")}]))
    '[\n{"name":"a","size":0.5}\n]\n'
    """
    rows = [
        json.dumps(
            {column: _json(value) for column, value in zip(table.columns, row, strict=True)},
            separators=(",", ":"),
            allow_nan=False,
        )
        for row in table.rows
    ]
    return "[\n" + ",\n".join(rows) + "\n]\n" if rows else "[]\n"


def _json(value: Value) -> str | int | float | None:
    if isinstance(value, Decimal):
        return int(value) if int(value.as_tuple().exponent) >= 0 else float(value)
    return value


RENDERERS: Mapping[str, Callable[[Table], str]] = MappingProxyType(
    {"md": render_markdown, "csv": render_csv, "json": render_json}
)
"""What ``qbench table --format`` takes."""
