"""The results folder: append-only JSON Lines that are the truth of a run.

``manifest.json`` is written once; ``outcomes.jsonl``, ``visits.jsonl`` and ``events.jsonl`` grow by whole
lines that are flushed at once, so killing the program loses at most the visit in flight.  A torn last
line, left by a kill, is cut off when the folder is opened for writing and passed over when it is read.
"""

from __future__ import annotations

import dataclasses
import fcntl
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from qbench.errors import QbenchError
from qbench.model import Outcome, Visit, plain
from qbench.results.reading import MANIFEST, PACKED, PLAN_SECTIONS, read_manifest, read_run
from qbench.results.records import RunRecords

__all__ = ["RunStore"]

STREAMS = ("outcomes.jsonl", "visits.jsonl", "events.jsonl")


class RunStore:
    """One results folder opened for writing, by one process at a time."""

    def __init__(self, folder: Path, manifest: Mapping[str, Any]) -> None:
        """Open or create ``folder`` for this plan.

        Raises ``QbenchError`` when the folder holds another plan's run (with the difference), something
        that is not a run, or is in use.
        """
        self.folder = folder
        wanted = {**plain(manifest), "run": secrets.token_hex(8)}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.resumed = (folder / MANIFEST).exists()
            if self.resumed:
                found = read_manifest(folder)
                packed = [f"{name}{PACKED}" for name in STREAMS if (folder / f"{name}{PACKED}").exists()]
                if packed:
                    raise QbenchError(
                        f"{folder}: its {', '.join(packed)} is packed: a published run is read, not written. "
                        "Name another folder with -o, or unpack it with gunzip."
                    )
                _refuse_other_plan(folder, found, wanted)
                wanted["run"] = found["run"]
            elif any(folder.iterdir()):
                raise QbenchError(
                    f"{folder}: the output folder is not empty and holds no run (no {MANIFEST}).\n"
                    "Name a new or empty folder with -o."
                )
            else:
                _write_whole(folder / MANIFEST, json.dumps(wanted, indent=1, ensure_ascii=True) + "\n")
            self.run = str(wanted["run"])
            self.suite = "{name} {version} {digest}".format(**wanted["suite"])
            self._lock = (folder / MANIFEST).open("r")
            self._files = {name: (folder / name).open("a+b") for name in STREAMS}
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise QbenchError(f"{folder}: cannot write the run there: {reason}") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self.close()
            raise QbenchError(
                f"{folder}: another qbench is writing this run. Wait for it, or name another folder with -o."
            ) from error
        for file in self._files.values():
            _cut_torn_line(file)

    def __enter__(self) -> RunStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        for file in self._files.values():
            file.close()
        self._lock.close()

    def add_outcome(self, outcome: Outcome) -> None:
        self._append("outcomes.jsonl", [dataclasses.asdict(outcome)])

    def add_visits(self, visits: Iterable[Visit]) -> None:
        self._append("visits.jsonl", [dataclasses.asdict(visit) for visit in visits])

    def add_event(self, event: str, **facts: Any) -> Mapping[str, Any]:
        """Write one event; returns it as it will be read back."""
        (written,) = self._append("events.jsonl", [{"event": event, **facts}])
        return written

    def _append(self, name: str, records: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        signed = [{**record, "run": self.run, "suite": self.suite} for record in records]
        lines = [json.dumps(plain(r), sort_keys=True, separators=(",", ":"), allow_nan=False) for r in signed]
        file = self._files[name]
        try:
            file.write("".join(f"{line}\n" for line in lines).encode("ascii"))
            file.flush()
        except OSError as error:
            raise QbenchError(
                f"{self.folder / name}: cannot write: {error.strerror or error}.\n"
                "What was measured before is kept; make room and give the same command again to resume."
            ) from error
        return signed

    def keep_file(self, relative: str, content: bytes) -> None:
        """Store one of the run's inputs (a circuit, a simulator's file) beside its records."""
        path = self.folder / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def records(self) -> RunRecords:
        return read_run(self.folder)


def _write_whole(path: Path, text: str) -> None:
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(text, encoding="ascii")
    os.replace(unfinished, path)


def _cut_torn_line(file: Any) -> None:
    file.seek(0)
    content = file.read()
    whole = content.rfind(b"\n") + 1
    if whole != len(content):
        file.truncate(whole)
    file.seek(0, os.SEEK_END)


def _refuse_other_plan(folder: Path, found: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    differences = [
        line
        for section in PLAN_SECTIONS
        for line in _differences(section, found.get(section), wanted.get(section))
    ]
    if differences:
        shown = "\n".join(f"  {line}" for line in differences[:12])
        more = f"\n  and {len(differences) - 12} more" if len(differences) > 12 else ""
        raise QbenchError(
            f"{folder}: this folder holds a run of another plan (found there -> asked for now):\n"
            f"{shown}{more}\nName another folder with -o, or give the command that made this one."
        )


def _differences(where: str, found: Any, wanted: Any) -> list[str]:
    if isinstance(found, dict) and isinstance(wanted, dict):
        keys = [*found, *(key for key in wanted if key not in found)]
        return [
            line for key in keys for line in _differences(f"{where}.{key}", found.get(key), wanted.get(key))
        ]
    if found == wanted:
        return []
    if isinstance(found, list) and isinstance(wanted, list) and (len(found) > 6 or len(wanted) > 6):
        return [f"{where}: {len(found)} -> {len(wanted)} entries, or other ones"]
    return [f"{where}: {_short(found)} -> {_short(wanted)}"]


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= 60 else text[:57] + "..."
