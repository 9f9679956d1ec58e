"""Tables of several runs under each other: every row says which run it is of, and nothing is pooled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qbench.analysis.table import Table, Value

__all__ = ["joined", "short_ids"]


def joined(parts: Sequence[tuple[Mapping[str, Value], Table]]) -> Table:
    """One kind of table of several runs, one under the other, behind columns that name the run.

    Each part is what names its run (by column, the same columns in all) and its table.  A column that only
    some tables have stands behind the one that it follows there; it is empty in the others' rows.  Columns
    on request stay so.

    >>> one = Table.of("t", "who a#", [{"who": "x", "a": 1}])
    >>> two = Table.of("t", "who b# a#", [{"who": "y", "b": 2, "a": 3}])
    >>> both = joined([({"run": "r1"}, one), ({"run": "r2"}, two)])
    >>> both.columns
    ('run', 'who', 'b', 'a')
    >>> both.rows
    (('r1', 'x', None, 1), ('r2', 'y', 2, 3))
    >>> three = Table.of("t", "who id?", [{"who": "z", "id": "f00d"}])
    >>> joined([({"run": "r1"}, one), ({"run": "r3"}, three)]).only(["run", "id"]).rows
    (('r1', None), ('r3', 'f00d'))
    """
    naming, first = parts[0]
    columns: list[str] = []
    for _, table in parts:
        for before, name in zip((None, *table.columns), table.columns, strict=False):
            if name not in columns:
                columns.insert(columns.index(before) + 1 if before else 0, name)
    rows = []
    for names, table in parts:
        places = [table.columns.index(name) if name in table.columns else None for name in columns]
        for row in table.rows:
            rows.append((*names.values(), *(None if place is None else row[place] for place in places)))
    asked = dict.fromkeys(name for _, table in parts for name, _ in table.on_request)
    return Table(
        name=first.name,
        columns=(*naming, *columns),
        numeric=frozenset().union(*(table.numeric for _, table in parts)),
        rows=tuple(rows),
        on_request=tuple((name, _below_each_other(name, [table for _, table in parts])) for name in asked),
    )


def _below_each_other(name: str, tables: Sequence[Table]) -> tuple[Value, ...]:
    """A column on request of all tables; empty in the rows of those that have none."""
    values: list[Value] = []
    for table in tables:
        known = any(name == asked for asked, _ in table.on_request)
        values += table.column(name) if known else [None] * len(table.rows)
    return tuple(values)


def short_ids(ids: Sequence[str]) -> tuple[str, ...]:
    """The ids cut to eight characters, or to as many as it takes to tell them apart.

    >>> short_ids(["b17dfdd03164b417", "09d1e8a898c75757"])
    ('b17dfdd0', '09d1e8a8')
    """
    longest = max(map(len, ids), default=0)
    length = next((n for n in range(8, longest) if len({id[:n] for id in ids}) == len(set(ids))), longest)
    return tuple(id[:length] for id in ids)
