"""What stands in the page as plain HTML, also without a script: totals and simulators, in few columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qbench.analysis.readings import RankingClass
from qbench.analysis.table import Table, Value
from qbench.report.html.encoding import value_text
from qbench.report.html.series import class_names
from qbench.report.html.view import RunView

__all__ = ["StandingTable", "simulators_standing", "totals_standing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingTable:
    """Headings, and rows of text; ``right`` are the places of columns of numbers, ``note`` stands below."""

    caption: str
    headings: tuple[str, ...]
    right: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


_TOTALS = ("simulator", "solved", "ratio", "95 % interval", "faster", "slower", "tie", "unresolved", "clear")
_SUPPORT = ("simulator", "package", "version", "licence", "kind", "precision", "import (ms)", "conformance")


def totals_standing(views: Sequence[RunView]) -> tuple[StandingTable, ...]:
    """The table ``totals`` by run, workload, phase and class, with the columns that are read first.

    Who solved nothing is named under it: such rows have no figure.
    """
    names = class_names(views)[1]
    found: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    without: dict[tuple[str, ...], list[str]] = {}
    for view in views:
        for row in _rows(view.tables["totals"]):
            ranking_class = RankingClass(
                str(row["kind"]), str(row["precision"]), int(str(row["threads"])), str(row["gate_mode"])
            )
            caption = (str(row["workload"]), str(row["phase"]), names.get(ranking_class, ""), view.name)
            rows = found.setdefault(caption, [])
            if row["solved"]:
                rows.append(_total(row))
            else:
                without.setdefault(caption, []).append(str(row["simulator"]))
    return tuple(
        StandingTable(
            caption=", ".join(part for part in caption if part),
            headings=_TOTALS,
            right=(1, 2, 3, 4, 5, 6, 7, 8),
            rows=tuple(rows),
            note=f"No circuit solved: {', '.join(without[caption])}." if caption in without else "",
        )
        for caption, rows in found.items()
        if rows
    )


def _total(row: Mapping[str, Value]) -> tuple[str, ...]:
    baseline = row["simulator"] == row["baseline"]
    interval = f"{value_text(row['low'])} to {value_text(row['high'])}" if row["low"] is not None else ""
    return (
        value_text(row["simulator"]) + (" (baseline)" if baseline else ""),
        f"{value_text(row['solved'])} of {value_text(row['asked'])}",
        value_text(row["ratio"]),
        interval,
        *(value_text(row[name]) for name in ("faster", "slower", "tie", "unresolved", "clear")),
    )


def simulators_standing(views: Sequence[RunView]) -> tuple[StandingTable, ...]:
    """The table ``support`` of each run, without its controls."""
    found = []
    for view in views:
        rows = []
        for row in _rows(view.tables["support"]):
            if row["control"] is None:
                rows.append(
                    tuple(value_text(row[name]) for name in ("simulator", "package", "version", "licence"))
                    + tuple(value_text(row[name]) for name in ("kind", "precision", "import_ms"))
                    + (value_text(row["conformance"]),)
                )
        caption = f"Simulators{f' of {view.name}' if view.name else ''}"
        found.append(StandingTable(caption=caption, headings=_SUPPORT, right=(6,), rows=tuple(rows)))
    return tuple(found)


def _rows(table: Table) -> list[dict[str, Value]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]
