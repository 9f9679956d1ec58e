"""A run's folder, or several, to one HTML file: here the circuits are drawn and the records' bytes hashed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from qbench import __version__
from qbench.analysis.workloads import shown_circuits, workload_names
from qbench.circuits.drawing import draw
from qbench.circuits.qasm import read_qasm
from qbench.errors import QbenchError
from qbench.report.html import Citation, DrawnCircuit, RecordFile, ReportedRun, report_page
from qbench.results.collection import is_collection, read_collection
from qbench.results.reading import read_run
from qbench.results.records import RunRecords
from qbench.results.streams import packed_names

__all__ = ["REPORT", "make_report", "reported_run", "write_report"]

REPORT = "report.html"

WIDTH = 110
"""Characters of a drawing's row: what a page of ordinary width shows without being scrolled."""

MADE_BY_US = b'<meta name="generator" content="qbench '
"""What stands in the head of a report, and of no other file."""

HEAD = 4096
"""Bytes of a page that hold its head as far as that line."""

RECORDS = ("manifest.json", "outcomes.jsonl", "events.jsonl", "visits.jsonl")

# As in CITATION.cff, which is not part of an installed package; a test compares the two.
CITATION = Citation(
    title="qbench: the same small quantum circuits on several simulators, timed and checked",
    authors="The qbench contributors",
    version=__version__,
    licence="Apache-2.0",
)


def write_report(folders: Sequence[Path], out: Path | None = None) -> Path:
    """Write the report of these results folders; returns its path.

    ``out`` is ``RUN/report.html`` of the first where it is None.  Several folders, or a collection of several
    runs, stand side by side.  Raises ``QbenchError`` where a folder is no run, where a run is given twice,
    where the file cannot be written, and where a file that is no report has its name.
    """
    runs = [run for folder in folders for run in _runs_in(folder)]
    path = out if out is not None else folders[0] / REPORT
    if out is not None and not path.parent.is_dir():
        raise QbenchError(f"{path}: cannot write the report: there is no folder {path.parent}; make it first")
    if path.is_file() and not _is_report(path):
        raise QbenchError(
            f"{path}: this file is no report of qbench, and would be lost; name another one with -o"
        )
    page = make_report(runs)
    # Whole or not at all: a page that is cut off in the middle would open, and lack what it should show.
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        unfinished.write_bytes(page.encode("utf-8"))
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise QbenchError(
            f"{path}: cannot write the report: {error.strerror or error}.\n"
            "Name another file with -o; the records are untouched."
        ) from error
    return path


def _is_report(path: Path) -> bool:
    """Whether a file is a report of ours; an empty one is nobody's loss."""
    try:
        with path.open("rb") as stream:
            begun = stream.read(HEAD)
    except OSError as error:
        raise QbenchError(f"{path}: cannot be read: {error.strerror or error}") from error
    return not begun or MADE_BY_US in begun


def make_report(folders: Sequence[Path]) -> str:
    """The report of these runs as text.  Raises ``QbenchError`` as ``write_report`` does."""
    return report_page([reported_run(folder) for folder in folders], CITATION)


def reported_run(folder: Path) -> ReportedRun:
    """A run's records with its drawings and checksums.  Raises ``QbenchError`` where it cannot be read."""
    records = read_run(folder)
    return ReportedRun(
        records=records,
        files=_files(folder),
        drawings=_drawings(folder, records),
    )


def _runs_in(folder: Path) -> tuple[Path, ...]:
    return read_collection(folder) if is_collection(folder) else (folder,)


def _files(folder: Path) -> tuple[RecordFile, ...]:
    """Size and SHA-256 of the files of records as they lie there, packed or not."""
    found = []
    for name in RECORDS:
        for path in (folder / name, *(folder / packed for packed in packed_names(name))):
            if path.is_file():
                try:
                    with path.open("rb") as file:
                        digest = hashlib.file_digest(file, "sha256").hexdigest()
                    found.append(RecordFile(name=path.name, size=path.stat().st_size, sha256=digest))
                except OSError as error:
                    raise QbenchError(f"{path}: cannot read: {error.strerror or error}") from error
    return tuple(found)


def _drawings(folder: Path, records: RunRecords) -> dict[str, DrawnCircuit]:
    """A drawing of every circuit under which cells are shown, from the folder's own copy of it."""
    manifest = records.manifest
    shown = dict.fromkeys(shown_circuits(manifest, workload_names(manifest)).values())
    return {circuit: _drawing(folder, circuit) for circuit in shown}


def _drawing(folder: Path, circuit: str) -> DrawnCircuit:
    path = folder / "circuits" / f"{circuit}.qasm"
    if not path.is_file():
        return DrawnCircuit(missing=f"the run's folder has no circuits/{circuit}.qasm")
    try:
        drawn = draw(read_qasm(path), WIDTH)
    except QbenchError as error:
        # A run that can be read is reported on, also where a copy of a circuit was damaged since.
        return DrawnCircuit(missing=f"circuits/{circuit}.qasm cannot be read: {_first_line(error, path)}")
    return DrawnCircuit(lines=drawn.lines, columns=drawn.columns, shown=drawn.shown)


def _first_line(error: QbenchError, path: Path) -> str:
    """What is wrong, without where the folder lies: the page goes to other people."""
    return str(error).splitlines()[0].replace(str(path), path.name).rstrip(".")
