"""The tables of the report: all of every run, those of several under each other, and times side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qbench.analysis.figures import supported
from qbench.analysis.joining import joined
from qbench.analysis.table import Table, Value
from qbench.analysis.tables import TABLES
from qbench.report.html.series import Series, key_of
from qbench.report.html.view import RunView, circuit_labels, machine_words

__all__ = ["SIDE_BY_SIDE", "PageTable", "page_tables", "side_by_side"]

SIDE_BY_SIDE = "side_by_side"

_ABOUT = {
    "cells": "Every cell and phase: verdict, flags, times with intervals, memory.",
    "accuracy": "Every cell: the judge's figures, and what is proven of the error.",
    "support": "Every simulator: package, version, licence, what it takes, how long its import takes.",
    "ratios": "Time over the baseline's on every circuit, with interval and verdict.",
    "totals": "Over all circuits: how many were solved, and the geometric mean of the ratios.",
    "profile": "Performance profiles: the share of circuits solved within tau times the shortest time.",
    "gradients": "What a gradient costs, in executions.",
    "sweeps": "What a sweep costs per binding.",
    "sampling": "What shots cost: a fixed part and a part per shot.",
    "gates": "What a simulator's own gates are worth against ten common ones.",
    "controls": "What the run's own controls found: resolution, alias of the baseline, planted liar.",
    "crossovers": "From which number of qubits on one simulator overtakes another.",
    "costs": "The fitted cost model of each simulator.",
    SIDE_BY_SIDE: (
        "The same questions in all runs, beside each other. Each time has its own run's interval; no figure "
        "is made from two runs, and times of two machines or days are not paired. For two runs qbench diff "
        "says what changed."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTable:
    """One table of the page with its sentence and its notes."""

    name: str
    about: str
    table: Table
    notes: tuple[str, ...]


def page_tables(views: Sequence[RunView], series: Sequence[Series]) -> tuple[PageTable, ...]:
    """Every kind of table; of several runs joined, each row behind its run and machine."""
    found = []
    if len(views) > 1:
        found.append(_page_table(SIDE_BY_SIDE, side_by_side(views, series), ()))
    for name in TABLES:
        notes = [note for view in views for note in view.notes(name)]
        found.append(_page_table(name, _one(name, views), notes))
    return tuple(found)


def _page_table(name: str, table: Table, notes: Sequence[str]) -> PageTable:
    about = _ABOUT.get(name, "")
    return PageTable(name=name, about=about, table=table, notes=tuple(notes))


def _one(name: str, views: Sequence[RunView]) -> Table:
    if len(views) == 1:
        return views[0].tables[name]
    return joined(
        [
            ({"run": view.name, "machine": machine_words(view.manifest["machine"])}, view.tables[name])
            for view in views
        ]
    )


def side_by_side(views: Sequence[RunView], series: Sequence[Series]) -> Table:
    """One row per circuit, workload, simulator and phase that several runs have: verdict and time in each.

    Circuits are the same where their content is, whatever they are called.
    """
    labels = circuit_labels(views)
    order = {one.key: place for place, one in enumerate(series)}
    keys = ("circuit", "qubits", "workload", "simulator", "threads", "gate_mode", "phase")
    rows: dict[tuple[object, ...], dict[str, Value]] = {}
    for view in views:
        for cell in view.run.cells:
            for phase in view.run.phases if cell.phases else ():
                warm = cell.warm(phase, view.run.metric)
                if warm is None:
                    continue
                named = (labels[cell.circuit_id], cell.problem["qubits"], cell.workload, *key_of(cell), phase)
                row = rows.setdefault((cell.circuit_id, *named), dict(zip(keys, named, strict=True)))
                figures = supported(warm, 1e-3)
                letter = view.name.partition(" ")[0]
                row[f"{letter}_verdict"] = str(cell.verdict)
                row[f"{letter}_us"] = figures.value
                row[f"{letter}_low_us"], row[f"{letter}_high_us"] = figures.low, figures.high
    parts = ("verdict", "us", "low_us", "high_us")
    letters = [view.name.partition(" ")[0] for view in views]
    columns = (*keys, *(f"{letter}_{part}" for letter in letters for part in parts))
    numbers = {"qubits", "threads", *(name for name in columns if name.endswith("us"))}
    shared = [row for row in rows.values() if sum(f"{letter}_us" in row for letter in letters) > 1]
    shared.sort(key=lambda row: (str(row["workload"]), order[_key(row)]))
    return Table(
        name=SIDE_BY_SIDE,
        columns=columns,
        numeric=frozenset(numbers),
        rows=tuple(tuple(row.get(name) for name in columns) for row in shared),
    )


def _key(row: dict[str, Value]) -> tuple[str, int, str]:
    return (str(row["simulator"]), int(str(row["threads"])), str(row["gate_mode"]))
