"""Tables and raw visits as Parquet: typed columns, nulls for empty fields, the same bytes every time.

Arrow's own types stand in the files (int64, double, string, lists and maps of them), no index and no metadata
of pandas.  The same records and the same version of pyarrow give the same bytes; another version of pyarrow
writes its name into the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from qbench.analysis.column_types import FLOAT, INTEGER, TEXT, column_type, typed
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.analysis.table import Table
from qbench.errors import QbenchError
from qbench.extras import install_extra, repository
from qbench.results.durable import write_whole
from qbench.results.visits import NULLABLE, NUMBERS, UNTOLD, Integers, Visits

__all__ = ["arrow_table", "load_pyarrow", "outcomes_arrow", "visits_arrow", "write_parquet"]

NEEDED = ("pyarrow", "duckdb")
"""What the extra ``parquet`` installs."""

ROWS = 1 << 20
"""In a row group: readers load one at a time."""

_QUANTILES = ("min_ns", "p10_ns", "p50_ns", "p90_ns", "max_ns")
_FACTS = {"qubits": INTEGER, "threads": INTEGER}
_LEADING = (
    *("run", "machine", "circuit", "circuit_id", "qubits", "workload", "simulator", "control", "version"),
    *("kind", "precision", "threads", "gate_mode", "cell"),
)


def load_pyarrow() -> Any:
    """pyarrow with its Parquet part.  Raises ``QbenchError`` with the command that installs it."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise QbenchError(
            "Parquet files need pyarrow, which is not installed: "
            + install_extra("parquet", NEEDED, repository())
        ) from error
    return pyarrow


def arrow_table(table: Table) -> Any:
    """A table with typed columns; those on request come last."""
    pa = load_pyarrow()
    names = [*table.columns, *(name for name, _ in table.on_request)]
    kinds = [column_type(table, name) for name in names]
    arrays = [
        pa.array([typed(value, kind) for value in table.column(name)], _type(pa, kind))
        for name, kind in zip(names, kinds, strict=True)
    ]
    return pa.table(arrays, names=names)


def visits_arrow(run: RunReadings, naming: Mapping[str, str]) -> Any:
    """The visits that count, one row each, behind what their cell is.

    ``naming`` holds the ``run`` and its ``machine``.  ``wall_ns`` is a list: the stored clock intervals.
    """
    pa = load_pyarrow()
    visits = Visits.of(run.records.visits)
    cells = {cell.id: cell for cell in run.cells}
    known = [cells[id] for id in visits.names["cell"]]
    codes = visits.codes["cell"]
    columns: dict[str, Any] = {}
    for name in _LEADING:
        if name in naming:
            columns[name] = pa.array([naming[name]] * len(visits), pa.string())
        else:
            columns[name] = _repeated(
                pa, [_fact(cell, name) for cell in known], codes, _FACTS.get(name, TEXT)
            )
    for name in ("block", "phase", "place"):
        columns[name] = _repeated(pa, list(visits.names[name]), visits.codes[name], TEXT)
    flags = [" ".join(found) or None for found in visits.names["flags"]]
    columns["flags"] = _repeated(pa, flags, visits.codes["flags"], TEXT)
    for name in NUMBERS:
        values = visits.numbers[name]
        columns[name] = pa.array(values, pa.int64(), mask=values == UNTOLD if name in NULLABLE else None)
    for place, name in enumerate(_QUANTILES):
        columns[name] = pa.array(np.ascontiguousarray(visits.quantiles[:, place]), pa.int64())
    starts = pa.array(visits.starts.astype(np.int32), pa.int32())
    columns["wall_ns"] = pa.ListArray.from_arrays(starts, pa.array(visits.samples, pa.int64()))
    return pa.table(columns)


def outcomes_arrow(run: RunReadings, naming: Mapping[str, str]) -> Any:
    """What was judged, one row per judged cell; ``figures`` is a map, with all digits."""
    pa = load_pyarrow()
    judged = [(cell, cell.outcome) for cell in run.cells if cell.outcome is not None]
    columns: dict[str, Any] = {}
    for name in _LEADING:
        values = [naming[name] if name in naming else _fact(cell, name) for cell, _ in judged]
        columns[name] = pa.array(values, _type(pa, _FACTS.get(name, TEXT)))
    outcomes = [outcome for _, outcome in judged]
    for name in ("verdict", "reason", "answer_digest"):
        columns[name] = pa.array([getattr(outcome, name) for outcome in outcomes], pa.string())
    columns["flags"] = pa.array([" ".join(outcome.flags) or None for outcome in outcomes], pa.string())
    for name in ("seed", "gates_executed"):
        columns[name] = pa.array([getattr(outcome, name) for outcome in outcomes], pa.int64())
    figures = [
        [(name, float(value)) for name, value in sorted(outcome.figures.items())] for outcome in outcomes
    ]
    columns["figures"] = pa.array(figures, pa.map_(pa.string(), pa.float64()))
    return pa.table(columns)


def write_parquet(path: Path, tables: Sequence[Any]) -> None:
    """Write tables of one schema under each other into one file; a kill leaves it whole or not there.

    Raises ``QbenchError`` when it cannot be written.
    """
    pa = load_pyarrow()
    sink = pa.BufferOutputStream()
    pa.parquet.write_table(
        pa.concat_tables(tables), sink, row_group_size=ROWS, compression="zstd", version="2.6"
    )
    try:
        write_whole(path, sink.getvalue().to_pybytes())
    except OSError as error:
        raise QbenchError(
            f"{path}: cannot write: {error.strerror or error}. Name another folder with -o."
        ) from error


def _type(pa: Any, kind: str) -> Any:
    return {INTEGER: pa.int64(), FLOAT: pa.float64(), TEXT: pa.string()}[kind]


def _repeated(pa: Any, values: Sequence[Any], codes: Integers, kind: str) -> Any:
    """A column of few values, each visit's by its code."""
    known = pa.array(values, _type(pa, kind))
    return known.take(pa.array(codes, pa.int64()))


def _fact(cell: CellReadings, name: str) -> Any:
    """What the tables' column of this name holds for a cell."""
    if name in ("version", "kind", "precision"):
        return cell.facts[name]
    if name == "circuit":
        return cell.problem["name"]
    if name == "qubits":
        return cell.problem["qubits"]
    return cell.id if name == "cell" else getattr(cell, name)
