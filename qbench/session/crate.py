"""``ro-crate-metadata.json`` beside a run's records: the files are described, none is changed."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from qbench.analysis.readings import take_readings
from qbench.errors import QbenchError
from qbench.report.ro_crate import METADATA, CrateFile, crate_text, sessions_span
from qbench.results.durable import UNFINISHED, write_whole
from qbench.results.reading import read_run
from qbench.session.tabled import machine_words

__all__ = ["write_crate"]


def write_crate(folder: Path, *, licence: str | None = None, published: str | None = None) -> Path:
    """Describe a run's folder as an RO-Crate; the same files give the same bytes.

    ``published`` is a date, by default the day on which the run's last session ended.  Raises ``QbenchError``
    where the folder is no run's, no date is known or given, or the file cannot be written.
    """
    run = take_readings(read_run(folder))
    if published is not None:
        try:
            published = date.fromisoformat(published).isoformat()  # 20260131 is a date to Python too
        except ValueError as error:
            raise QbenchError(f"--date {published}: expected is a date such as 2026-01-31") from error
    elif span := sessions_span(run):
        published = span[1].date().isoformat()
    else:
        raise QbenchError(
            f"{folder}: its records do not say when it was made, and an RO-Crate needs a date.\n"
            "Give one: --date 2026-01-31"
        )
    path = folder / METADATA
    machine = machine_words(run.records.manifest["machine"])
    text = crate_text(run, _files(folder), published=published, licence=licence, machine=machine)
    try:
        write_whole(path, text.encode("utf-8", "backslashreplace"))  # of half a character JSON has the escape
    except OSError as error:
        raise QbenchError(f"{path}: cannot write: {error.strerror or error}") from error
    return path


def _files(folder: Path) -> list[CrateFile]:
    """Every plain file below the folder but the crate's own, hidden ones and leftovers, by path."""
    found = []
    for path in sorted(folder.rglob("*")):
        within = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in within.parts)
        if hidden or path.is_symlink() or not path.is_file() or path.name.endswith(UNFINISHED):
            continue
        if within.as_posix() == METADATA:
            continue
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            found.append(CrateFile(path=within.as_posix(), size=path.stat().st_size, sha256=digest))
        except OSError as error:
            raise QbenchError(f"{path}: cannot read: {error.strerror or error}") from error
    return found
