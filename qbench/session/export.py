"""Results folders as Parquet: every table of every run, and the raw visits and outcomes behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qbench.analysis.joining import joined
from qbench.analysis.readings import RunReadings, take_readings
from qbench.analysis.run_facts import runs_table
from qbench.analysis.tables import TABLES
from qbench.errors import QbenchError
from qbench.report.losses import lost_sentence
from qbench.report.parquet import arrow_table, load_pyarrow, outcomes_arrow, visits_arrow, write_parquet
from qbench.report.progress import unfinished_sentence
from qbench.results.collection import is_collection, read_collection
from qbench.results.reading import read_run
from qbench.session.tabled import machine_words

__all__ = ["Exported", "export_parquet", "run_folders"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """One file that was written, and how many rows are in it."""

    path: Path
    rows: int


def run_folders(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The folders of all runs that these paths name, each a run's or a collection's."""
    return tuple(
        folder for path in paths for folder in (read_collection(path) if is_collection(path) else (path,))
    )


def export_parquet(paths: Sequence[Path], out: Path) -> tuple[tuple[Exported, ...], tuple[str, ...]]:
    """Write ``out/NAME.parquet`` for every table, for ``runs``, ``outcomes`` and ``visits``.

    Every row begins with its run's id and its machine.  Runs stand in the order of their ids, whatever the
    order of ``paths``.  Returned are the files, and what is to be said of the runs: unfinished, lines lost.

    Raises ``QbenchError`` where pyarrow is missing, a folder cannot be read, a run is there twice, or ``out``
    cannot be written.
    """
    load_pyarrow()  # before minutes of reading
    runs, said = _read(paths)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise QbenchError(
            f"{out}: no folder can be made there: {error.strerror or error}. Name another one with -o."
        ) from error
    naming = {
        run: {"run": run, "machine": machine_words(readings.records.manifest["machine"])}
        for run, readings in runs.items()
    }
    written = []
    for name, make in {"runs": runs_table, **TABLES}.items():
        table = arrow_table(joined([(naming[run], make(readings)) for run, readings in runs.items()]))
        written.append(_write(out, name, [table]))
    for name, raw in (("outcomes", outcomes_arrow), ("visits", visits_arrow)):
        tables = [raw(readings, naming[run]) for run, readings in runs.items()]
        written.append(_write(out, name, tables))
    return tuple(written), tuple(said)


def _read(paths: Sequence[Path]) -> tuple[dict[str, RunReadings], list[str]]:
    found: dict[str, tuple[Path, RunReadings]] = {}
    said = []
    for folder in run_folders(paths):
        records = read_run(folder)
        run = records.manifest["run"]
        if run in found:
            raise QbenchError(
                f"{folder}: run {run} is in {found[run][0]} too, and would be counted twice.\n"
                "Name it once; qbench merge puts copies of one run together."
            )
        readings = take_readings(records)
        found[run] = folder, readings
        told = (unfinished_sentence(readings), lost_sentence(records))
        said += [f"{folder}: {sentence}" for sentence in told if sentence]
    return {run: found[run][1] for run in sorted(found)}, said


def _write(out: Path, name: str, tables: Sequence[Any]) -> Exported:
    path = out / f"{name}.parquet"
    write_parquet(path, tables)
    return Exported(path=path, rows=sum(len(table) for table in tables))
