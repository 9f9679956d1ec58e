"""A results folder opened for its tables: of one run, or of a collection's runs, each row under its run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qbench.analysis.contests import ranked_by
from qbench.analysis.controls import read_controls
from qbench.analysis.joining import joined, short_ids
from qbench.analysis.paper import run_notes, without_controls
from qbench.analysis.readings import take_readings
from qbench.analysis.render import visible
from qbench.analysis.table import Table
from qbench.analysis.tables import TABLES
from qbench.errors import QbenchError
from qbench.model import Metric
from qbench.report.controls import table_notes
from qbench.report.losses import lost_sentence
from qbench.report.progress import unfinished_sentence
from qbench.report.text import closing
from qbench.results.collection import RUNS, is_collection, read_collection
from qbench.results.reading import read_run
from qbench.session.publish import write_table_files

__all__ = ["Tabled", "TabledRun", "machine_words", "open_tables"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TabledRun:
    """What is shown of one run.  Its records are not held: a collection may have many runs.

    ``lost`` says which blocks lack lines of visits or events, if any do; ``unfinished`` how far a run came
    that has not ended.
    """

    id: str
    machine: str
    started: str | None
    origin: tuple[str, ...]
    tables: Mapping[str, Table]
    notes: Mapping[str, tuple[str, ...]]
    summary: str
    lost: str | None
    unfinished: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tabled:
    """The tables of one run, or of several: each keeps its own statistics, and every row names its run."""

    path: Path
    runs: tuple[TabledRun, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The runs' ids, cut short."""
        return short_ids([run.id for run in self.runs])

    def table(self, kind: str) -> Table:
        """One kind of table, of several runs behind the columns ``run`` and ``machine``.

        Raises ``QbenchError`` on a name that is none.
        """
        if kind not in TABLES:
            raise QbenchError(f"there is no table {kind!r}: the tables of a run are {', '.join(TABLES)}")
        if len(self.runs) == 1:
            return self.runs[0].tables[kind]
        named = zip(self.names, self.runs, strict=True)
        return joined([({"run": name, "machine": run.machine}, run.tables[kind]) for name, run in named])

    def notes(self, kind: str) -> list[str]:
        """What stands under a table; of several runs, each with its run's name."""
        if len(self.runs) == 1:
            return list(self.runs[0].notes[kind])
        named = zip(self.names, self.runs, strict=True)
        return [f"Run {name}: {note}" for name, run in named for note in run.notes[kind]]

    def losses(self) -> list[str]:
        """What was measured and is lost; of several runs, each under its folder."""
        return [f"{self._folder(run)}: {run.lost}" for run in self.runs if run.lost]

    def unfinished(self) -> list[str]:
        """How far each run came that has not ended, under its folder."""
        return [f"{self._folder(run)}: {run.unfinished}" for run in self.runs if run.unfinished]

    def _folder(self, run: TabledRun) -> Path:
        return self.path / RUNS / run.id if len(self.runs) > 1 else self.path

    def origin(self) -> list[str]:
        """Which runs these are, for the comment above a table."""
        return list(dict.fromkeys(line for run in self.runs for line in run.origin))

    def papers(self, kind: str) -> list[tuple[Table, list[str]]]:
        """For every run its table and all that is to be said of it: a paper shows one run at a time.

        A run without rows of this kind has none.  Raises ``QbenchError`` on a name that is none.
        """
        self.table(kind)
        return [
            (run.tables[kind], [*run.origin, *run.notes[kind]])
            for run in self.runs
            if without_controls(run.tables[kind]).rows
        ]

    def summary(self) -> str:
        """The closing table; of several runs all of them, each under its run and machine."""
        if len(self.runs) == 1:
            return self.runs[0].summary
        sections = []
        for name, run in zip(self.names, self.runs, strict=True):
            started = f", started {run.started}" if run.started else ""
            heading = visible(f"Run {name} on {run.machine}{started}")
            sections.append(f"{heading}\n{'=' * len(heading)}\n\n{run.summary}")
        last = (
            f"{len(self.runs)} runs, each with its own statistics: no figure here is made from two of them."
        )
        return "\n\n\n".join([*sections, last])

    def write(self) -> tuple[Path, ...]:
        """Write all tables under the folder.  Raises ``QbenchError`` when it cannot be written."""
        return write_table_files(self.path, {kind: (self.table(kind), self.notes(kind)) for kind in TABLES})


def open_tables(path: Path, metric: Metric | None = None, *, full: bool = False, width: int = 100) -> Tabled:
    """Read a run's folder or a collection, one run after the other, and make the tables.

    ``metric`` ranks by that clock; None by the one that each run's plan names.  ``full`` and ``width``, in
    columns, are of the summary.

    Raises ``QbenchError`` when it is neither, or is damaged.
    """
    folders = read_collection(path) if is_collection(path) else (path,)
    return Tabled(path=path, runs=tuple(_tabled(folder, metric, full, width) for folder in folders))


def _tabled(folder: Path, metric: Metric | None, full: bool, width: int) -> TabledRun:
    records = read_run(folder)
    if metric is not None:
        records = ranked_by(records, metric)
    run = take_readings(records)
    controls = read_controls(run)
    started = [event.get("utc") for event in records.events if event["event"] == "session_started"]
    return TabledRun(
        id=records.manifest["run"],
        machine=machine_words(records.manifest["machine"]),
        started=str(started[0]) if started else None,
        origin=run_notes(records.manifest),
        tables={kind: make(run) for kind, make in TABLES.items()},
        notes={kind: tuple(table_notes(run, kind, controls)) for kind in TABLES},
        summary=closing(records, width, full=full),
        lost=lost_sentence(records),
        unfinished=unfinished_sentence(run),
    )


def machine_words(facts: Mapping[str, Any]) -> str:
    """A machine in a few words.

    >>> machine_words({"processor": "Some CPU", "usable_cores": 2, "system": "Linux"})
    'Some CPU, 2 cores, Linux'
    """
    cores = facts.get("usable_cores") or facts.get("logical_cores")
    told = [
        facts.get("processor") or facts.get("architecture"),
        cores and f"{cores} cores",
        facts.get("system"),
    ]
    return ", ".join(str(part) for part in told if part) or "an unknown machine"
