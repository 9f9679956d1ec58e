"""Many visits in little room: one array per field, and one ``Visit`` at a time for who wants to read them.

A visit of 20 samples takes 450 bytes here and 2,600 as a Python object, so that the records of a
million visits fit a laptop's memory.
"""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import chain, islice, pairwise
from operator import attrgetter
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from qbench.model import Visit

__all__ = ["UNTOLD", "Integers", "Visits"]

NAMES = ("block", "cell", "phase", "place", "flags", "run", "suite")
"""Fields that repeat: each distinct value is kept once, and a number per visit."""

LISTS = ("wall_ns", "quantiles_ns")
FIELDS = tuple(field.name for field in fields(Visit))
NUMBERS = tuple(name for name in FIELDS if name not in NAMES + LISTS)
NULLABLE = frozenset(field.name for field in fields(Visit) if field.type == "int | None")

UNTOLD = -1
"""Stands for null in a column of numbers, none of which is negative."""

AT_ONCE = 512

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Visits(Sequence[Visit]):
    """A sequence of visits, stored by column.

    ``numbers`` holds a field's values (``UNTOLD`` where it is null); ``codes`` the place of a field's value
    in ``names``.  The clock intervals of visit i are ``samples[starts[i]:starts[i + 1]]``; ``quantiles``
    has a row of five per visit.  Equal to any sequence of equal visits.

    >>> visits = Visits.of([])
    >>> len(visits), list(visits), visits == ()
    (0, [], True)
    """

    numbers: Mapping[str, Integers]
    codes: Mapping[str, Integers]
    names: Mapping[str, Sequence[Any]]
    samples: Integers
    starts: Integers
    quantiles: Integers

    @classmethod
    def of(cls, visits: Iterable[Visit]) -> Visits:
        """The same visits by column."""
        if isinstance(visits, Visits):
            return visits
        return cls.of_rows(map(attrgetter(*FIELDS), visits))

    @classmethod
    def of_rows(cls, rows: Iterable[tuple[Any, ...]]) -> Visits:
        """Visits from their values, each a tuple in the order of the fields of ``Visit``."""
        columns, rest = _Columns(), iter(rows)
        while some := tuple(islice(rest, AT_ONCE)):
            columns.add(some)
        return columns.visits()

    def take(self, rows: Integers) -> Visits:
        """The visits at these places, in this order."""
        samples, lengths = self.samples_of(rows)
        return Visits(
            numbers={name: column[rows] for name, column in self.numbers.items()},
            codes={name: column[rows] for name, column in self.codes.items()},
            names=self.names,
            samples=samples,
            starts=np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths))),
            quantiles=self.quantiles[rows],
        )

    def samples_of(self, rows: Integers) -> tuple[Integers, Integers]:
        """The stored clock intervals of these visits, one after another, and how many each has."""
        starts = self.starts[rows]
        lengths = self.starts[rows + 1] - starts
        ends = np.cumsum(lengths)
        shift = np.repeat(starts - ends + lengths, lengths)
        return self.samples[np.arange(len(shift)) + shift], lengths

    def where(self, name: str, value: str, rows: Integers) -> npt.NDArray[np.bool_]:
        """Which of these visits have this value in a field of names."""
        known = self.names[name]
        code = known.index(value) if value in known else -1
        found: npt.NDArray[np.bool_] = self.codes[name][rows] == code
        return found

    def flagged(self, flag: str, rows: Integers) -> int:
        """How many of these visits carry a flag."""
        carry = np.array([flag in flags for flags in self.names["flags"]], dtype=bool)
        return int(np.count_nonzero(carry[self.codes["flags"][rows]]))

    def alike(self, *names: str) -> Integers:
        """A number per visit, the same for visits that agree in these fields.

        The fields are numbers or names; the numbers follow the order of the values, or for names that in
        which they first appear, the first field before the others.
        """
        key, size = np.zeros(len(self), dtype=np.int64), 1
        for name in names:
            if name in self.codes:
                codes, values = self.codes[name], len(self.names[name])
            else:
                distinct, codes = np.unique(self.numbers[name], return_inverse=True)
                values = len(distinct)
            if size * max(values, 1) > 2**62:
                distinct, key = np.unique(key, return_inverse=True)
                size = len(distinct)
            key, size = key * values + codes, size * values
        return key

    def used(self, name: str) -> list[Any]:
        """The distinct values of a field of names, of these visits."""
        return [self.names[name][code] for code in np.unique(self.codes[name])]

    def __len__(self) -> int:
        return len(self.starts) - 1

    @overload
    def __getitem__(self, place: int) -> Visit: ...
    @overload
    def __getitem__(self, place: slice) -> Visits: ...
    def __getitem__(self, place: int | slice) -> Visit | Visits:
        rows = range(len(self))[place]
        if isinstance(rows, range):
            return self.take(np.array(rows, dtype=np.int64))
        return next(iter(self.take(np.array([rows]))))

    def __iter__(self) -> Iterator[Visit]:
        for first in range(0, len(self), AT_ONCE):
            rows = slice(first, min(first + AT_ONCE, len(self)))
            columns: dict[str, list[Any]] = {}
            for name in NUMBERS:
                values = self.numbers[name][rows].tolist()
                if name in NULLABLE:
                    values = [None if value == UNTOLD else value for value in values]
                columns[name] = values
            for name in NAMES:
                known = self.names[name]
                columns[name] = [known[code] for code in self.codes[name][rows].tolist()]
            starts = self.starts[first : rows.stop + 1].tolist()
            samples = self.samples[starts[0] : starts[-1]].tolist()
            edges = [start - starts[0] for start in starts]
            columns["wall_ns"] = [tuple(samples[a:b]) for a, b in pairwise(edges)]
            columns["quantiles_ns"] = [tuple(row) for row in self.quantiles[rows].tolist()]
            for values in zip(*(columns[name] for name in FIELDS), strict=True):
                yield Visit(**dict(zip(FIELDS, values, strict=True)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]


class _Columns:
    """Visits being put together, some at a time."""

    def __init__(self) -> None:
        self._numbers = {name: array("q") for name in NUMBERS}
        self._codes = {name: array("q") for name in NAMES}
        self._known: dict[str, dict[Hashable, int]] = {name: {} for name in NAMES}
        self._samples = array("q")
        self._lengths = array("q")
        self._quantiles = array("q")

    def add(self, rows: Sequence[tuple[Any, ...]]) -> None:
        columns = dict(zip(FIELDS, zip(*rows, strict=True), strict=True))
        for name, column in self._numbers.items():
            values = columns[name]
            if name in NULLABLE:
                values = tuple([UNTOLD if value is None else value for value in values])
            column.extend(array("q", values))  # from an array: half the time of a tuple's
        for name, known in self._known.items():
            values = columns[name]
            for value in dict.fromkeys(values):
                known.setdefault(value, len(known))
            self._codes[name].extend(array("q", [known[value] for value in values]))
        self._lengths.extend(array("q", list(map(len, columns["wall_ns"]))))
        self._samples.extend(array("q", list(chain.from_iterable(columns["wall_ns"]))))
        self._quantiles.extend(array("q", list(chain.from_iterable(columns["quantiles_ns"]))))

    def visits(self) -> Visits:
        """Everything that was added."""
        lengths = np.frombuffer(self._lengths, dtype=np.int64) if self._lengths else np.zeros(0, np.int64)
        return Visits(
            numbers={name: _array(column) for name, column in self._numbers.items()},
            codes={name: _array(column) for name, column in self._codes.items()},
            names={name: tuple(known) for name, known in self._known.items()},
            samples=_array(self._samples),
            starts=np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths))),
            quantiles=_array(self._quantiles).reshape(-1, 5),
        )


def _array(column: array[int]) -> Integers:
    return np.frombuffer(column, dtype=np.int64) if column else np.zeros(0, dtype=np.int64)
