"""Putting raw records together: copies and shards of one run into that run, several runs into a collection.

Every record has a key, and keys decide: same key and same line are one record, same key and another line
are an error that shows both.  So the result does not depend on the order or the grouping of the inputs,
and what is there twice is there once.  Lines are never changed, only put into the order of their numbers.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from qbench.errors import QbenchError
from qbench.results.collection import (
    COLLECTION,
    RUNS,
    collection_text,
    fits_a_folder,
    is_collection,
    read_collection,
)
from qbench.results.durable import UNFINISHED, sync_folder
from qbench.results.manifests import manifest_differences, manifest_text
from qbench.results.reading import MANIFEST, read_manifest, read_run
from qbench.results.store import EVENTS, OUTCOMES, STREAMS, VISITS
from qbench.results.streams import Stream

__all__ = ["merge_runs"]

_INPUTS = ("circuits", "plugins")
"""Folders of a run's inputs; a file's name there follows from its content."""

_OURS = {MANIFEST, COLLECTION, RUNS, *STREAMS, *_INPUTS}

Key = tuple[Any, ...]


class _Outcome(msgspec.Struct):
    run: str
    cell: str
    seq: int | None = None

    def key(self, number: int) -> Key:
        return sys.intern(self.run), self.cell


class _Visit(msgspec.Struct):
    run: str
    block: str
    attempt: int
    cell: str
    visit: int
    phase: str
    place: str
    seq: int | None = None

    def key(self, number: int) -> Key:
        run = sys.intern(self.run)
        return run, self.block, self.attempt, self.cell, self.visit, self.phase, self.place


class _Event(msgspec.Struct):
    run: str
    seq: int | None = None

    def key(self, number: int) -> Key:
        """Its number; of events from before they were numbered, their place in the file."""
        return sys.intern(self.run), number if self.seq is None else self.seq


_KINDS: Mapping[str, tuple[type[_Outcome | _Visit | _Event], tuple[str, ...]]] = {
    OUTCOMES: (_Outcome, ("run", "cell")),
    VISITS: (_Visit, ("run", "block", "attempt", "cell", "visit", "phase", "place")),
    EVENTS: (_Event, ("run", "seq")),
}
"""What of a stream's lines makes their keys, and what the keys' parts mean."""


def merge_runs(inputs: Sequence[Path], out: Path) -> tuple[str, ...]:
    """Merge runs and collections into ``out``, a folder that is not there yet; returns the runs' ids.

    One run id among all inputs gives a run's folder, several give a collection.  Only raw records and the
    runs' inputs are taken over: what is derived can be made again.  Nothing is written into the inputs.

    Raises ``QbenchError`` for an input that is none or is damaged, for two records of one key that differ
    (with both), and for an ``out`` that is there or cannot be written.  ``out`` is whole or not there.
    """
    folders: dict[str, list[Path]] = {}
    for path in inputs:
        for folder in read_collection(path) if is_collection(path) else (path,):
            folders.setdefault(_run_id(folder), []).append(folder)
    if not folders:
        raise QbenchError("nothing to merge: name the folders of runs.")
    runs = tuple(sorted(folders))
    with _whole_folder(Path(os.path.abspath(out))) as unfinished:
        if len(runs) == 1:
            _merge_one(folders[runs[0]], unfinished)
        else:
            for run in runs:
                _merge_one(folders[run], unfinished / RUNS / run)
            _write(unfinished / COLLECTION, [collection_text(runs)])
    return runs


def _run_id(folder: Path) -> str:
    run = str(read_manifest(folder)["run"])
    if not fits_a_folder(run):
        raise QbenchError(f"{folder / MANIFEST}: run should be an id of letters and digits, found {run!r}")
    return run


def _merge_one(folders: Sequence[Path], out: Path) -> None:
    """Copies or shards of one run, put together in ``out``."""
    manifest = read_manifest(folders[0])
    for folder in folders:
        read_run(folder)  # names the file and the line of whatever is no record
        _refuse_other_manifest(folders[0], manifest, folder)
    _write(out / MANIFEST, [manifest_text(manifest)])
    for name in STREAMS:
        _write(out / name, _merged_lines([folder / name for folder in folders]))
    for part in _INPUTS:
        for path in _merged_inputs([folder / part for folder in folders]):
            _write(out / part / path.name, [path.read_bytes()])


def _refuse_other_manifest(first: Path, manifest: Mapping[str, Any], second: Path) -> None:
    other = read_manifest(second)
    differences = manifest_differences(manifest, other, dict.fromkeys([*manifest, *other]))
    if differences:
        shown = "\n".join(f"  {line}" for line in differences[:12])
        raise QbenchError(
            f"{first} and {second} are of one run, {manifest['run']}, but their {MANIFEST} differ:\n{shown}\n"
            "A manifest is written once: one of them was changed. Merge without that one."
        )


# ---- lines by key


def _merged_lines(paths: Sequence[Path]) -> Iterable[bytes]:
    """The lines of one stream in all inputs, each once, in the order in which they were written."""
    kind, meaning = _KINDS[paths[0].name]
    decode = msgspec.json.Decoder(kind).decode
    known: dict[Key, bytes] = {}
    places: list[tuple[Key, Key]] = []
    for path in paths:
        for number, line in enumerate(Stream(path)):
            record = decode(line)
            key = record.key(number)
            held = known.setdefault(key, line)
            if held != line:
                named = ", ".join(f"{what} {value}" for what, value in zip(meaning, key, strict=True))
                raise QbenchError(
                    f"{_found(held, paths)} and {Stream(path).path}:{number + 1}: two records of one key "
                    f"({named}) differ:\n  {_shown(held)}\n  {_shown(line)}\n"
                    "Two copies of this run went on apart from each other: keep one of them."
                )
            if held is line:
                places.append((_place(record.seq, key), key))
    places.sort()
    return (known[key] + b"\n" for _, key in places)


def _place(seq: int | None, key: Key) -> Key:
    """Where a line stands: by its number; lines from before there were numbers come first, by their key."""
    return (0, *key) if seq is None else (1, seq, *key)


def _found(wanted: bytes, paths: Sequence[Path]) -> str:
    streams = [Stream(path) for path in paths]
    return next(f"{s.path}:{i}" for s in streams for i, line in enumerate(s, start=1) if line == wanted)


def _shown(line: bytes) -> str:
    return line.decode("utf-8", "backslashreplace")


def _merged_inputs(folders: Sequence[Path]) -> Iterable[Path]:
    """The files of a run's inputs in all copies, each once.  Raises ``QbenchError`` where two differ."""
    known: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if not path.is_file() or path.name.endswith(UNFINISHED):
                continue
            held = known.setdefault(path.name, path)
            if held is not path and held.read_bytes() != path.read_bytes():
                raise QbenchError(f"{held} and {path} are one input of one run, but they differ: keep one.")
    return known.values()


# ---- a folder that is whole or not there


@contextmanager
def _whole_folder(out: Path) -> Iterator[Path]:
    """A folder beside ``out`` to write into; it becomes ``out`` at the end, and on an error it goes."""
    if os.path.lexists(out):  # also where it has no name to put anything beside: /
        raise QbenchError(f"{out}: is there already; name a new folder with -o.")
    unfinished = out.with_name(f"{out.name}{UNFINISHED}")
    try:
        unfinished.mkdir(parents=True, exist_ok=True)
        lock = os.open(unfinished, os.O_RDONLY | os.O_DIRECTORY)
        try:
            _take(unfinished, lock)
            try:
                yield unfinished
                for folder, _, _ in os.walk(unfinished):
                    sync_folder(Path(folder))
                os.rename(unfinished, out)
                sync_folder(out.parent)
            except BaseException:
                shutil.rmtree(unfinished, ignore_errors=True)
                raise
        finally:
            os.close(lock)
    except (OSError, ValueError) as error:
        where = getattr(error, "filename", None) or out
        reason = getattr(error, "strerror", None) or error
        raise QbenchError(f"{where}: cannot merge into {out}: {reason}") from error


def _take(unfinished: Path, lock: int) -> None:
    """Lock the folder and empty it of what a killed merge left; never of anything else."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise QbenchError(f"{unfinished}: another qbench is merging there; wait for it.") from error
    strange = sorted({path.name for path in unfinished.iterdir()} - _OURS)
    if strange:
        raise QbenchError(
            f"{unfinished}: holds {strange[0]}, which no merge leaves; remove that folder, or name another "
            "with -o."
        )
    for path in unfinished.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _write(path: Path, parts: Iterable[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.writelines(parts)
        file.flush()
        os.fsync(file.fileno())
