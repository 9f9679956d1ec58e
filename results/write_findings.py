"""Write results/findings.md from findings.md.j2 and a run's tables: python results/write_findings.py

Every figure of the page is read from a table while the page is written, and every sentence ends with a
footnote that names the cells it stands on.  A claim that the tables no longer bear ends the writing.
"""

from __future__ import annotations

import csv
import operator
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import jinja2

HERE = Path(__file__).parent
PAGE = HERE / "findings.md"
TEMPLATE = HERE / "findings.md.j2"
RUN = "standard-2core-vm"

UNSAID = {"kind": "exact", "precision": "complex128", "phase": "execute"}
"""What a footnote leaves out, as the page says."""

Row = dict[str, str]
Wanted = str | int | list[str]


class NotBorneError(Exception):
    """The page says what its tables do not."""


@cache
def rows_of(table: str) -> tuple[Row, ...]:
    with (HERE / RUN / "tables" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def rows(table: str, **where: Wanted) -> list[Row]:
    """The rows that hold in ``where``: a column is a text, one of several, or ``<5``, ``>0.2``."""
    return [row for row in rows_of(table) if all(_holds(row[column], one) for column, one in where.items())]


def _holds(value: str, wanted: Wanted) -> bool:
    if isinstance(wanted, list):
        return value in wanted
    wanted = str(wanted)
    for sign, compare in (("<", operator.lt), (">", operator.gt)):
        if wanted.startswith(sign):
            return bool(value) and compare(float(value), float(wanted[1:]))
    return value == wanted


def require(bears: bool, claim: str) -> str:
    if not bears:
        raise NotBorneError(f"the tables do not bear: {claim}")
    return ""


def time_text(us: str) -> str:
    """A time in microseconds with the unit that suits it, as precise as the table says it."""
    digits = len(us.replace(".", "").lstrip("0")) if "." in us else len(us.rstrip("0"))
    for factor, unit in ((1e6, "s"), (1e3, "ms")):
        if float(us) >= factor:
            return f"{float(us) / factor:#.{max(digits, 2)}g}".rstrip(".") + f" {unit}"
    return f"{us} us"


class Findings:
    """What a template asks the tables, and the footnotes that come of it."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self._cells: dict[str, dict[str, None]] = {}

    def cell(self, table: str, column: str, **where: Wanted) -> str:
        """One cell: of the only row that holds, else the page is not written."""
        found = rows(table, **where)
        if len(found) != 1 or not found[0][column]:
            raise NotBorneError(f"{table}.{column}: {len(found)} rows of {where}, not one with a value")
        self._stands_on(table, where, f"`{column}` {found[0][column]}")
        return found[0][column]

    def time(self, table: str, column: str, **where: Wanted) -> str:
        return time_text(self.cell(table, column, **where))

    def count(self, table: str, **where: Wanted) -> int:
        """In how many rows of a table it is so."""
        number = len(rows(table, **where))
        self._stands_on(table, where, f"{number} rows")
        return number

    def total(self, table: str, column: str, **where: Wanted) -> float:
        """The sum of a column over the rows that have it."""
        found = [float(row[column]) for row in rows(table, **where) if row[column]]
        self._stands_on(table, where, f"`{column}` adds up to {sum(found):g} over {len(found)} rows")
        return sum(found)

    def largest(self, table: str, column: str, **where: Wanted) -> Row:
        """The row with the largest value of a column."""
        found = [row for row in rows(table, **where) if row[column]]
        if not found:
            raise NotBorneError(f"{table}.{column}: no row of {where} has a value")
        row = max(found, key=lambda row: float(row[column]))
        naming = [name for name in ("circuit", "simulator") if row.get(name) and name not in where]
        named = " ".join(row[name] for name in naming)
        of = f"largest `{column}` of {len(found)} rows {row[column]}"
        self._stands_on(table, where, f"{of} ({named})" if named else of)
        return row

    def sentence(self, caller: Callable[[], str]) -> str:
        """A sentence, or a few that stand on the same cells, and the footnote that names them."""
        self._cells = {}
        text = " ".join(caller().split())
        if not self._cells:
            raise NotBorneError(f"no cell stands behind: {text}")
        self.notes.append("; ".join(f"{place}: {', '.join(facts)}" for place, facts in self._cells.items()))
        return f"{text}[^{len(self.notes)}]"

    def _stands_on(self, table: str, where: Mapping[str, Wanted], fact: str) -> None:
        said = ", ".join(
            f"{column} {' or '.join(one) if isinstance(one, list) else one}"
            for column, one in where.items()
            if one not in (UNSAID.get(column), "")
        )
        self._cells.setdefault(f"`{table}`, {said}" if said else f"`{table}`", {})[fact] = None


def write(template: str) -> str:
    """The page as Markdown."""
    found = Findings()
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined, keep_trailing_newline=True, autoescape=False
    )
    page = environment.from_string(template).render(
        cell=found.cell,
        time=found.time,
        count=found.count,
        total=found.total,
        largest=found.largest,
        said=found.sentence,
        rows=rows,
        require=require,
    )
    notes = "\n".join(f"[^{number}]: {note}." for number, note in enumerate(found.notes, start=1))
    return re.sub(r"\n{3,}", "\n\n", f"{page.strip()}\n\n{notes}\n")


if __name__ == "__main__":
    PAGE.write_text(write(TEMPLATE.read_text(encoding="utf-8")), encoding="utf-8")
