"""What a table is: named columns and rows of text and numbers, nothing about how it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches

from qbench.errors import QbenchError

__all__ = ["Table", "Value", "natural_key"]

Value = str | int | Decimal | None
"""A field.  Decimals carry exactly the digits that the figure deserves; None is an empty field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """``rows`` hold one value per column; ``numeric`` names the columns of numbers.

    A numeric column may hold the text ``nan`` or ``inf``, where a simulator's answer led to it.
    ``on_request`` are columns of text that only ``only`` brings, each with its values from the top: what
    few readers need does not widen the table of all, nor change those that are published.
    """

    name: str
    columns: tuple[str, ...]
    numeric: frozenset[str]
    rows: tuple[tuple[Value, ...], ...]
    on_request: tuple[tuple[str, tuple[Value, ...]], ...] = ()

    @classmethod
    def of(cls, name: str, columns: str, rows: Iterable[Mapping[str, Value]]) -> Table:
        """A table from mappings; what a mapping leaves out is an empty field.

        ``columns`` are names separated by spaces, a ``#`` after those of numbers, a ``?`` after those that
        are shown on request.  Raises ``KeyError`` on a mapping with a name that is no column.

        >>> Table.of("t", "who count#", [{"who": "a", "count": 2}, {"who": "b"}]).rows
        (('a', 2), ('b', None))
        >>> Table.of("t", "who id?", [{"who": "a", "id": "x1"}]).rows
        (('a',),)
        """
        shown = [column for column in columns.split() if not column.endswith("?")]
        asked = [column[:-1] for column in columns.split() if column.endswith("?")]
        names = tuple(column.rstrip("#") for column in shown)
        numeric = frozenset(column[:-1] for column in shown if column.endswith("#"))
        made: list[tuple[Value, ...]] = []
        more: list[list[Value]] = [[] for _ in asked]
        for row in rows:
            if strange := set(row) - set(names) - set(asked):
                raise KeyError(f"table {name} has no columns {sorted(strange)}")
            made.append(tuple(row.get(column) for column in names))
            for values, column in zip(more, asked, strict=True):
                values.append(row.get(column))
        on_request = tuple((column, tuple(values)) for column, values in zip(asked, more, strict=True))
        return cls(name=name, columns=names, numeric=numeric, rows=tuple(made), on_request=on_request)

    def only(self, columns: Sequence[str]) -> Table:
        """The table with these columns alone, in this order; among them may be those on request.

        Raises ``QbenchError`` that names every mistake: no such column (with the nearest), one twice.

        >>> Table.of("t", "who count#", [{"who": "a", "count": 2}]).only(["count"]).rows
        ((2,),)
        >>> Table.of("t", "who id?", [{"who": "a", "id": "x1"}]).only(["id", "who"]).rows
        (('x1', 'a'),)
        """
        names = [name.strip() for name in columns]
        asked = [name for name, _ in self.on_request]
        known = [*self.columns, *asked]
        mistakes = [_stranger(name, known) for name in names if name not in known]
        mistakes += [f"column {name} is named twice" for name in known if names.count(name) > 1]
        if mistakes:
            also = f"; on request also {', '.join(asked)}" if asked else ""
            mistakes.append(f"table {self.name} has: {', '.join(self.columns)}{also}")
            raise QbenchError("\n".join(mistakes))
        return Table(
            name=self.name,
            columns=tuple(names),
            numeric=self.numeric.intersection(names),
            rows=tuple(zip(*map(self.column, names), strict=True)),
        )

    def column(self, name: str) -> tuple[Value, ...]:
        """All values of one column, from the top; those on request are columns too."""
        for asked, values in self.on_request:
            if asked == name:
                return values
        position = self.columns.index(name)
        return tuple(row[position] for row in self.rows)


def _stranger(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=2)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    return f"there is no column {name!r}{hint}"


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key that puts q9 before q10.

    >>> sorted(["q10", "q9", "a2"], key=natural_key)
    ['a2', 'q9', 'q10']
    """
    parts = re.split("([0-9]+)", text)
    return tuple((0, int(part), part) if part.isdecimal() else (1, 0, part) for part in parts if part)
