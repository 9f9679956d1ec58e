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
    """

    name: str
    columns: tuple[str, ...]
    numeric: frozenset[str]
    rows: tuple[tuple[Value, ...], ...]

    @classmethod
    def of(cls, name: str, columns: str, rows: Iterable[Mapping[str, Value]]) -> Table:
        """A table from mappings; what a mapping leaves out is an empty field.

        ``columns`` are names separated by spaces, a ``#`` after those of numbers.  Raises ``KeyError``
        on a mapping with a name that is no column.

        >>> Table.of("t", "who count#", [{"who": "a", "count": 2}, {"who": "b"}]).rows
        (('a', 2), ('b', None))
        """
        names = tuple(column.rstrip("#") for column in columns.split())
        numeric = frozenset(column[:-1] for column in columns.split() if column.endswith("#"))
        made = []
        for row in rows:
            if strange := set(row) - set(names):
                raise KeyError(f"table {name} has no columns {sorted(strange)}")
            made.append(tuple(row.get(column) for column in names))
        return cls(name=name, columns=names, numeric=numeric, rows=tuple(made))

    def only(self, columns: Sequence[str]) -> Table:
        """The table with these columns alone, in this order.

        Raises ``QbenchError`` that names every mistake: no such column (with the nearest), one twice.

        >>> Table.of("t", "who count#", [{"who": "a", "count": 2}]).only(["count"]).rows
        ((2,),)
        """
        names = [name.strip() for name in columns]
        mistakes = [self._stranger(name) for name in names if name not in self.columns]
        mistakes += [f"column {name} is named twice" for name in self.columns if names.count(name) > 1]
        if mistakes:
            raise QbenchError("\n".join([*mistakes, f"table {self.name} has: {', '.join(self.columns)}"]))
        places = [self.columns.index(name) for name in names]
        return Table(
            name=self.name,
            columns=tuple(names),
            numeric=self.numeric.intersection(names),
            rows=tuple(tuple(row[place] for place in places) for row in self.rows),
        )

    def _stranger(self, name: str) -> str:
        near = get_close_matches(name, self.columns, n=2)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        return f"there is no column {name!r}{hint}"

    def column(self, name: str) -> tuple[Value, ...]:
        """All values of one column, from the top."""
        position = self.columns.index(name)
        return tuple(row[position] for row in self.rows)


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key that puts q9 before q10.

    >>> sorted(["q10", "q9", "a2"], key=natural_key)
    ['a2', 'q9', 'q10']
    """
    parts = re.split("([0-9]+)", text)
    return tuple((0, int(part), part) if part.isdecimal() else (1, 0, part) for part in parts if part)
