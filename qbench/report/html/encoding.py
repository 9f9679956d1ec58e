"""A table as the page holds it: by columns, each value as text with exactly the digits of the CSV."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qbench.analysis.figures import number_text, time_text
from qbench.analysis.render import visible
from qbench.analysis.table import Table, Value

__all__ = ["encoded_table", "time_words", "value_text"]


def value_text(value: Value) -> str:
    """A field as text: numbers with their digits, text with all that does not print spelt out.

    >>> from decimal import Decimal
    >>> value_text(Decimal("0.50")), value_text(None), value_text("a\\nb")
    ('0.50', '', 'a\\\\nb')
    """
    if value is None:
        return ""
    return visible(value) if isinstance(value, str) else number_text(value)


def time_words(nanoseconds: Decimal) -> str:
    """A time with its unit as people write it.

    >>> time_words(Decimal("412000")), time_words(Decimal("41200"))
    ('412.000 µs', '41.200 µs')
    """
    return time_text(nanoseconds).replace(" us", " µs")


def encoded_table(table: Table) -> dict[str, Any]:
    """Names, kinds and values of the columns; a column of few words has them once, and their places.

    >>> table = Table.of("t", "who n#", [{"who": "a", "n": 1}, {"who": "a", "n": 2}, {"who": "a", "n": 3}])
    >>> encoded_table(table)["columns"][0]
    {'name': 'who', 'words': ['a'], 'places': [0, 0, 0]}
    >>> encoded_table(table)["columns"][1]
    {'name': 'n', 'numeric': True, 'values': ['1', '2', '3']}
    """
    columns: list[dict[str, Any]] = []
    for name in table.columns:
        values = [value_text(value) for value in table.column(name)]
        column: dict[str, Any] = {"name": name}
        if name in table.numeric:
            column["numeric"] = True
        words = dict.fromkeys(values)
        if 2 * len(words) < len(values):
            places = {word: place for place, word in enumerate(words)}
            column |= {"words": list(words), "places": [places[value] for value in values]}
        else:
            column["values"] = values
        columns.append(column)
    return {"name": table.name, "rows": len(table.rows), "columns": columns}
