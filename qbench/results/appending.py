"""One event more for a run that has ended: what was measured later about its machine."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import Any

from qbench.errors import QbenchError
from qbench.results.line_file import LineFile
from qbench.results.reading import read_manifest
from qbench.results.streams import packed_names

__all__ = ["append_event"]

_EVENTS = "events.jsonl"


def append_event(folder: Path, event: str, **facts: Any) -> None:
    """Write one event behind the others of the run in ``folder``; no other file is touched.

    Raises ``QbenchError`` where the run is being written, its events are packed, or the system refuses.
    """
    manifest = read_manifest(folder)
    path = folder / _EVENTS
    for name in packed_names(_EVENTS):
        if (folder / name).exists():
            raise QbenchError(f"{folder / name} is packed: unpack it (gunzip, xz -d), then ask again.")
    signature = {"run": manifest["run"], "suite": "{name} {version} {digest}".format(**manifest["suite"])}
    try:
        file = LineFile(path)
        try:
            _lock(file, folder)
            file.repair()
            file.append([{"event": event, **facts, **signature}])
            file.sync()
        finally:
            file.close()
    except OSError as error:
        raise QbenchError(f"{path}: cannot write the event: {error.strerror or error}.") from error


def _lock(file: LineFile, folder: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise QbenchError(f"{folder}: another qbench is writing this run. Wait for it.") from error
