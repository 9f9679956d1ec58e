"""The columns that a paper shows of a run's tables, and the comment lines that say where they come from.

``cells`` becomes one row per cell with its execute and end-to-end times, without those that are not ranked
(the answer did not pass, a flag speaks against the time, or it is a test double); what is the same in all
rows (precision, threads, gate mode) moves from the columns into the notes; a column without an entry is left
out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from qbench.analysis.answer_errors import ANSWER_ERRORS
from qbench.analysis.latex import LatexColumn, latex_column, latex_number, tabular
from qbench.analysis.table import Table, Value
from qbench.analysis.times import RANKED_PHASES
from qbench.model import Verdict

__all__ = ["render_paper", "run_notes", "without_controls"]

INTERVAL = r"95\,\% interval"
US = r"($\mu$s)"

# A column of these moves into a note where all rows agree.
_SAME_MOVES = ("kind", "precision", "threads", "gate_mode", "metric", "baseline")

_CELL = (
    "circuit qubits# workload simulator version kind precision threads# gate_mode verdict flags "
    "execute# execute_low# execute_high# end_to_end# end_to_end_low# end_to_end_high#"
)
_COLUMNS: Mapping[str, str] = {
    "cells": "circuit qubits workload simulator kind precision threads gate_mode execute end_to_end verdict "
    "flags",
    "ratios": "circuit qubits workload phase kind precision threads gate_mode metric simulator baseline "
    "bound ratio verdict time_us baseline_us",
    "totals": "workload phase kind precision threads gate_mode metric simulator asked solved baseline ratio "
    "circuits families faster slower tie unresolved best clear area",
    "profile": "workload phase kind precision threads gate_mode metric simulator tau share problems",
    "crossovers": "workload phase kind precision threads gate_mode metric family simulator against role "
    "answer until since equal_at",
    "accuracy": "circuit qubits workload simulator precision threads gate_mode verdict max_amplitude_error "
    "error bound proven_error infidelity p_value tvd tvd_floor",
    "gradients": "circuit qubits parameters kind precision threads gate_mode metric simulator gradient_us "
    "execution_of executions per_parameter",
    "sweeps": "circuit qubits parameters bindings kind precision threads gate_mode metric simulator "
    "per_binding_us execution_of executions",
    "sampling": "circuit qubits workload kind precision threads gate_mode metric simulator shots "
    "mean_per_shot_us fixed_us per_shot_us residual_percent",
    "gates": "circuit qubits workload phase kind precision threads metric simulator native_gates "
    "common_gates native_us common_us ratio",
    "costs": "workload kind precision threads gate_mode metric simulator form fixed_us gate_us "
    "gate_amplitude_ns amplitude_ns gate_qubit_ns gate_element_ns element_ns shot_ns circuits families "
    "cross_validated_percent of_limit",
    "support": "simulator package version licence kind precision max_qubits import_ms conformance "
    + " ".join(Verdict),
    "controls": "workload phase threads ratios half_width_percent contended_percent compared tie unresolved "
    "faster slower differs differs_expected alias_ratio judged caught missed",
}
# column: (lower, upper end of its interval)
_INTERVALS = {
    "execute": ("execute_low", "execute_high"),
    "end_to_end": ("end_to_end_low", "end_to_end_high"),
    "ratio": ("low", "high"),
    "equal_at": ("low", "high"),
    "executions": ("low", "high"),
    "gradient_us": ("gradient_low_us", "gradient_high_us"),
    "per_binding_us": ("per_binding_low_us", "per_binding_high_us"),
    "fixed_us": ("fixed_low_us", "fixed_high_us"),
    "per_shot_us": ("per_shot_low_us", "per_shot_high_us"),
    "gate_us": ("gate_low_us", "gate_high_us"),
    "gate_amplitude_ns": ("gate_amplitude_low_ns", "gate_amplitude_high_ns"),
}
_HEADINGS = {
    "execute": f"execute {US}",
    "end_to_end": f"end to end {US}",
    "tvd": "TVD",
    "equal_at": "equal at (qubits)",
    "tvd_floor": "TVD of shot noise",
    "p_value": "$p$",
    "max_amplitude_error": "amplitude error",
    "baseline_us": f"baseline's time {US}",
    "proven_error": "proven error",
    "execution_of": "one execution of",
    "mean_per_shot_us": f"mean per shot {US}",
    "residual_percent": r"residual (\%)",
    "native_us": f"native {US}",
    "common_us": f"common {US}",
    "gate_us": f"per gate {US}",
    "gate_amplitude_ns": "per gate and amplitude (ns)",
    "cross_validated_percent": r"held out (\%)",
    "of_limit": "of the memory limit",
}


def run_notes(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Which run this is, for the comment above a table.

    >>> run_notes({"run": "ab12", "suite": {"name": "quick", "version": 1, "digest": "9f"}})[0]
    'run ab12, suite quick version 1 (9f), measured with qbench of unknown version'
    """
    suite, version = manifest.get("suite") or {}, (manifest.get("qbench") or {}).get("version")
    named = f"suite {suite.get('name')} version {suite.get('version')} ({str(suite.get('digest'))[:12]})"
    return (
        f"run {manifest.get('run')}, {named}, measured with qbench {version or 'of unknown version'}",
        r"needs \usepackage{booktabs}",
    )


def render_paper(table: Table, notes: Sequence[str] = ()) -> str:
    """A run's table with the columns that a paper shows, under ``notes`` as comments.

    Raises ``KeyError`` for a table that has no paper form.
    """
    shown = _COLUMNS[table.name].split()
    told, same = [f"table {table.name}"], []
    table = without_controls(table)
    if table.name == "support":
        table = _without_reasons(table)
    if table.name == "accuracy":
        table = _one_error(table)
    if table.name == "cells":
        table = _one_row_per_cell(table)
        told[0] += ": times per call, geometric mean over rounds; those that are not ranked are left out"
        told += _versions(table)
    columns: list[LatexColumn] = []
    for name in shown:
        if name not in table.columns:
            continue
        values = table.column(name)
        if name in _SAME_MOVES and len(set(values)) == 1:
            same.append(f"{name.replace('_', ' ')} {values[0]}")
        elif _says_something(table.name, name, values):
            columns.append(latex_column(table, name, _HEADINGS.get(name)))
            if name in _INTERVALS:
                columns.append(_interval(table, *_INTERVALS[name]))
    if same:
        told.append(f"in all rows: {', '.join(same)}")
    return tabular(columns, [*notes, *told])


def _versions(table: Table) -> list[str]:
    pairs = dict(zip(table.column("simulator"), table.column("version"), strict=True))
    known = [f"{simulator} {version}" for simulator, version in pairs.items() if version]
    return [f"versions: {', '.join(known)}"] if known else []


def _says_something(table: str, name: str, values: Sequence[Value]) -> bool:
    if table == "support" and name in tuple(Verdict):  # numbers of cells
        return name == Verdict.OK or any(values)
    if table == "cells" and name == "verdict":
        return any(value != Verdict.OK for value in values)
    return not values or any(value not in (None, "") for value in values)


def _interval(table: Table, low: str, high: str) -> LatexColumn:
    ends = zip(table.column(low), table.column(high), strict=True)
    return LatexColumn(heading=INTERVAL, right=False, entries=tuple(_ends(*pair) for pair in ends))


def _ends(low: Value, high: Value) -> str:
    if low is None or high is None or isinstance(low, str) or isinstance(high, str):
        return ""
    return rf"$[{latex_number(low)[1:-1]},\,{latex_number(high)[1:-1]}]$"


def without_controls(table: Table) -> Table:
    """The rows of what was compared: what a run measured of itself is told in the notes."""
    if "control" not in table.columns:
        return table
    place = table.columns.index("control")
    rows = tuple(row for row in table.rows if row[place] is None)
    return replace(table, rows=rows, on_request=())


def _without_reasons(table: Table) -> Table:
    """Conformance as one or two words: the reason of a failure is a sentence."""
    place = table.columns.index("conformance")
    rows = ((*row[:place], str(row[place]).partition(":")[0], *row[place + 1 :]) for row in table.rows)
    return replace(table, rows=tuple(rows), on_request=())


def _one_error(table: Table) -> Table:
    """The errors of several kinds of answers in one column: a row has one, and its workload says which."""
    known = dict.fromkeys(error.figure for error in ANSWER_ERRORS.values() if not error.counted)
    names = [name for name in known if name in table.columns]
    if names in ([], ["max_amplitude_error"]):  # states alone: their column keeps its name
        return table
    places = [table.columns.index(name) for name in names]
    first = min(places)
    rows = []
    for row in table.rows:
        found = next((row[place] for place in places if row[place] is not None), None)
        rows.append(tuple(found if place == first else one for place, one in enumerate(row)))
    columns = tuple("error" if place == first else name for place, name in enumerate(table.columns))
    numeric = table.numeric | {"error"}
    return replace(table, columns=columns, rows=tuple(rows), numeric=numeric, on_request=())


def _one_row_per_cell(table: Table) -> Table:
    """The ``cells`` table with the phases that are ranked side by side."""
    columns = _CELL.replace("#", "").split()
    keys = [name for name in columns if name in table.columns]
    cells: dict[tuple[Value, ...], dict[str, Value]] = {}
    for values in table.rows:
        row = dict(zip(table.columns, values, strict=True))
        cell = cells.setdefault(tuple(row[name] for name in keys), {name: row[name] for name in keys})
        if row["phase"] in RANKED_PHASES and row["ranked"] == "yes":
            for ending, column in (("", "warm_us"), ("_low", "warm_low_us"), ("_high", "warm_high_us")):
                cell[f"{row['phase']}{ending}"] = row[column]
    return Table.of("cells", _CELL, cells.values())
