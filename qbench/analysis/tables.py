"""The tables of a run by name, each made from its raw records alone.  docs/tables.md explains the columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from qbench.analysis.answers import accuracy_table, support_table
from qbench.analysis.controls import controls_table
from qbench.analysis.cost_table import costs_table
from qbench.analysis.crossovers import crossovers_table
from qbench.analysis.executions import gradients_table, sweeps_table
from qbench.analysis.gate_costs import gates_table
from qbench.analysis.profiles import profile_table
from qbench.analysis.readings import RunReadings, take_readings
from qbench.analysis.shots import sampling_table
from qbench.analysis.table import Table
from qbench.analysis.times import cells_table, ratios_table
from qbench.analysis.totals import totals_table
from qbench.errors import QbenchError
from qbench.results.records import RunRecords

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TABLES", "frame", "make_table", "make_tables"]

_OF_EVERY_RUN = ("cells", "ratios", "totals", "accuracy", "support")
_OF_KINDS = {"gradients": {"gradient"}, "sweeps": {"sweep"}, "sampling": {"sample", "noisy_sample"}}

TABLES: Mapping[str, Callable[[RunReadings], Table]] = MappingProxyType(
    {
        "cells": cells_table,
        "accuracy": accuracy_table,
        "support": support_table,
        "ratios": ratios_table,
        "totals": totals_table,
        "profile": profile_table,
        "crossovers": crossovers_table,
        "gradients": gradients_table,
        "sweeps": sweeps_table,
        "sampling": sampling_table,
        "gates": gates_table,
        "costs": costs_table,
        "controls": controls_table,
    }
)


def tables_to_name(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """The tables that a finished run is announced with: those of every run, and those of what it asked.

    >>> cells = [{"gate_mode": "native"}, {"gate_mode": "common"}]
    >>> tables_to_name({"tasks": {"t": {"kind": "gradient"}, "u": {"kind": "sample"}}, "cells": cells})
    ('cells', 'ratios', 'totals', 'accuracy', 'support', 'gradients', 'sampling', 'gates')
    """
    kinds = {task["kind"] for task in manifest["tasks"].values()}
    named = [*_OF_EVERY_RUN, *(table for table, asked in _OF_KINDS.items() if kinds & asked)]
    modes = {cell["gate_mode"] for cell in manifest["cells"]}
    return (*named, "gates") if len(modes) > 1 else tuple(named)


def make_table(records: RunRecords, name: str) -> Table:
    """One table of a run.

    Raises ``QbenchError`` on a name that is none.

    >>> nothing = {"settings": {"phases": []}, "cells": [], "simulators": {}, "baseline": None}
    >>> records = RunRecords(manifest=nothing, visits=(), outcomes={}, events=())
    >>> make_table(records, "accuracy").columns[:3]
    ('circuit', 'qubits', 'workload')
    """
    if name not in TABLES:
        raise QbenchError(f"there is no table {name!r}: the tables of a run are {', '.join(TABLES)}")
    return TABLES[name](take_readings(records))


def make_tables(records: RunRecords) -> dict[str, Table]:
    """All tables of a run by name; the visits are grouped once."""
    run = take_readings(records)
    return {name: make(run) for name, make in TABLES.items()}


def frame(table: Table) -> pd.DataFrame:
    """The table as a pandas frame, for analysis from Python.

    A numeric column is ``int64`` where every row has a whole number (qubits, rounds), else ``float64`` with
    NaN for an empty field; the other columns hold text or None.

    >>> table = Table.of("t", "n# x# who", [{"n": 2, "x": 3}, {"n": 4, "who": "a"}])
    >>> [str(kind) for kind in frame(table).dtypes]
    ['int64', 'float64', 'object']
    """
    import pandas as pd

    columns: dict[str, Any] = {}
    for name in table.columns:
        values = table.column(name)
        # by type, not by value: a time that happens to be 12 must not change its column's type
        if name in table.numeric and values and all(isinstance(v, int) and abs(v) < 2**63 for v in values):
            columns[name] = pd.Series(list(values), dtype="int64")
        elif name in table.numeric:
            columns[name] = pd.Series([None if v is None else float(v) for v in values], dtype="float64")
        else:
            columns[name] = pd.Series(list(values), dtype="object")
    return pd.DataFrame(columns, columns=list(table.columns))
