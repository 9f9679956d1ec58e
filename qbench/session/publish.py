"""The derived files of a run: every table, made again from the raw records alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from qbench.analysis.controls import read_controls
from qbench.analysis.readings import take_readings
from qbench.analysis.render import render_csv, render_markdown
from qbench.analysis.table import Table
from qbench.analysis.tables import TABLES
from qbench.errors import QbenchError
from qbench.report.controls import table_notes
from qbench.results.records import RunRecords

__all__ = ["write_table_files", "write_tables"]


def write_tables(records: RunRecords, folder: Path) -> tuple[Path, ...]:
    """Write ``tables/NAME.csv`` and ``.md`` under a results folder; the same records give the same bytes.

    Under each Markdown table stands the line of the run's controls.  Raises ``QbenchError`` when the
    folder cannot be written.
    """
    run = take_readings(records)
    found = read_controls(run)
    return write_table_files(
        folder, {name: (make(run), table_notes(run, name, found)) for name, make in TABLES.items()}
    )


def write_table_files(folder: Path, tables: Mapping[str, tuple[Table, Sequence[str]]]) -> tuple[Path, ...]:
    """Write tables, each with its notes for Markdown, as ``tables/NAME.csv`` and ``.md``.

    Raises ``QbenchError`` when the folder cannot be written.
    """
    written = []
    for name, (table, notes) in tables.items():
        for suffix, text in ((".csv", render_csv(table)), (".md", render_markdown(table, notes))):
            path = folder / "tables" / f"{name}{suffix}"
            try:
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(text.encode("utf-8"))
            except OSError as error:
                raise QbenchError(
                    f"{path}: cannot write the table: {error.strerror or error}.\n"
                    "All records are kept: qbench table makes the tables again."
                ) from error
            written.append(path)
    return tuple(written)
