"""What a report is made from: records, and what only the disk and the circuits' room can tell of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qbench.results.records import RunRecords

__all__ = ["Citation", "DrawnCircuit", "RecordFile", "ReportedRun"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFile:
    """One file of a results folder: its name there, its size in bytes and the SHA-256 of its content."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnCircuit:
    """A circuit as text: ``shown`` of ``columns`` stand in ``lines``; ``missing`` says why there is none."""

    lines: tuple[str, ...] = ()
    columns: int = 0
    shown: int = 0
    missing: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """What ``CITATION.cff`` says of qbench, as far as a reader of a report needs it."""

    title: str
    authors: str
    version: str
    licence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedRun:
    """A run that is to be shown.  ``drawings`` are by problem id.

    The folder's name is not among it: the same records give the same page wherever they lie, and what a
    reader called a folder is nobody else's concern.
    """

    records: RunRecords
    files: tuple[RecordFile, ...] = ()
    drawings: Mapping[str, DrawnCircuit] = field(default_factory=dict)
