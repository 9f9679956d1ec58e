"""The results folder: append-only JSON Lines that are the truth of a run.

``manifest.json`` is written once; ``outcomes.jsonl``, ``visits.jsonl`` and ``events.jsonl`` grow by whole
lines that go to the system at once, so killing the program loses at most the visit in flight.  A torn last
line, left by a kill, is cut off when the folder is opened for writing and passed over when it is read.
"""

from __future__ import annotations

import dataclasses
import errno
import fcntl
import secrets
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from types import TracebackType
from typing import Any

from qbench.errors import QbenchError
from qbench.model import Outcome, Visit, plain
from qbench.results.durable import UNFINISHED, sync_folder, write_whole
from qbench.results.line_file import LineFile
from qbench.results.manifests import manifest_text, plan_differences
from qbench.results.reading import MANIFEST, read_manifest, read_run
from qbench.results.records import RunRecords
from qbench.results.streams import packed_names

__all__ = ["EVENTS", "OUTCOMES", "STREAMS", "VISITS", "RunStore"]

OUTCOMES, VISITS, EVENTS = STREAMS = ("outcomes.jsonl", "visits.jsonl", "events.jsonl")

_LEFT_BY_A_KILL = {EVENTS, f"{MANIFEST}{UNFINISHED}"}
"""All that a folder can hold of a run that was killed before it had its manifest."""

_VISIT_FIELDS = tuple(field.name for field in dataclasses.fields(Visit))

_SETTLING = ("block_done", "costs")
"""Events that say that something is complete: what they speak of is synced to the disk before them."""


class RunStore:
    """One results folder opened for writing, by one process at a time."""

    def __init__(
        self,
        folder: Path,
        manifest: Mapping[str, Any],
        writing: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """Open or create ``folder`` for this plan; ``writing`` is entered while records are written or read.

        Raises ``QbenchError`` when the folder holds another plan's run (with the difference), something
        that is not a run, or is in use.
        """
        self.folder = folder
        self._writing = writing
        self._failure: QbenchError | None = None
        self._read: tuple[tuple[int, ...], RunRecords] | None = None
        wanted = {**plain(manifest), "run": secrets.token_hex(8)}
        with ExitStack() as opened:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                _refuse_unusable(folder)
                events = opened.enter_context(_closing(folder / EVENTS))
                _lock(events, folder)  # two that begin one folder at once: the second sees the first's run
                self.resumed = (folder / MANIFEST).exists()
                if self.resumed:
                    found = read_manifest(folder)
                    _refuse_other_plan(folder, found, wanted)
                    wanted["run"] = found["run"]
                else:
                    write_whole(folder / MANIFEST, manifest_text(wanted))
                others = {
                    name: opened.enter_context(_closing(folder / name)) for name in STREAMS if name != EVENTS
                }
                self._files = {**others, EVENTS: events}
                for file in self._files.values():
                    file.repair()
                sync_folder(folder)  # the streams' names; their lines are synced when a block is complete
            except (OSError, ValueError) as error:
                reason = getattr(error, "strerror", None) or error
                where = getattr(error, "filename", None) or folder
                raise QbenchError(
                    f"{where}: cannot write the run there: {reason}.{_resuming(folder, error)}"
                ) from error
            self._opened = opened.pop_all()
        self.run = str(wanted["run"])
        self.suite = "{name} {version} {digest}".format(**wanted["suite"])

    def __enter__(self) -> RunStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._opened.close()

    def add_outcome(self, outcome: Outcome) -> None:
        """Write one cell's outcome; the events that led to it are synced to the disk before it."""
        self._sync(EVENTS)
        self._append(OUTCOMES, [dataclasses.asdict(outcome)])

    def add_visits(self, visits: Iterable[Visit]) -> None:
        with self._writing():
            # not asdict, which copies every tuple: 32 us a line instead of 2, at up to 19 lines a visit
            self._append(VISITS, [{name: getattr(visit, name) for name in _VISIT_FIELDS} for visit in visits])

    def add_event(self, event: str, **facts: Any) -> Mapping[str, Any]:
        """Write one event; returns it as it will be read back."""
        if event in _SETTLING:
            self._sync(OUTCOMES, VISITS)
        (written,) = self._append(EVENTS, [{"event": event, **facts}])
        if event in _SETTLING:
            self._sync(EVENTS)
        return written

    def _append(self, name: str, records: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        signed = [{**record, "run": self.run, "suite": self.suite} for record in records]
        self._read = None
        with self._told(name):
            return self._files[name].append(signed)

    def _sync(self, *names: str) -> None:
        for name in names:
            with self._told(name):
                self._files[name].sync()

    @contextmanager
    def _told(self, name: str) -> Iterator[None]:
        """Turn what the system refuses into words.

        The first failure is the last word: a line written behind a lost one would hide the loss.
        """
        if self._failure is not None:
            raise self._failure
        try:
            with self._writing():
                yield
        except OSError as error:
            self._failure = QbenchError(
                f"{self.folder / name}: cannot write: {error.strerror or error}.\n"
                "What was measured before is kept. Make room; the same command with "
                f"-o {shlex.quote(str(self.folder))} resumes this run."
            )
            raise self._failure from error

    def keep_file(self, relative: str, content: bytes) -> None:
        """Store one of the run's inputs (a circuit, a simulator's file) beside its records, if it is not."""
        path = self.folder / relative
        with self._told(relative):
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists() or path.read_bytes() != content:
                write_whole(path, content)

    def records(self) -> RunRecords:
        """All that the folder holds; read again only when something was written since."""
        sizes = tuple(file.size() for file in self._files.values())
        if self._read is None or self._read[0] != sizes:
            with self._writing():
                self._read = sizes, read_run(self.folder)
        return self._read[1]


@contextmanager
def _closing(path: Path) -> Iterator[LineFile]:
    file = LineFile(path)
    try:
        yield file
    finally:
        file.close()


def _lock(file: LineFile, folder: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise QbenchError(
            f"{folder}: another qbench is writing this run. Wait for it, or name another folder with -o."
        ) from error


def _resuming(folder: Path, error: BaseException) -> str:
    """How a run goes on that there was no room to begin; nothing where another folder is what it needs."""
    if getattr(error, "errno", None) not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return ""
    return f"\nMake room; the same command with -o {shlex.quote(str(folder))} begins or resumes this run."


def _refuse_unusable(folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}
    packed = [name for stream in STREAMS for name in packed_names(stream) if name in names]
    if MANIFEST in names and packed:
        raise QbenchError(
            f"{folder}: its {', '.join(packed)} is packed: a published run is read, not written. "
            "Name another folder with -o, or unpack it (gunzip, xz -d)."
        )
    begun = names <= _LEFT_BY_A_KILL and (EVENTS not in names or (folder / EVENTS).stat().st_size == 0)
    if MANIFEST not in names and not begun:
        raise QbenchError(
            f"{folder}: the output folder is not empty and holds no run (no {MANIFEST}).\n"
            "Name a new or empty folder with -o."
        )


def _refuse_other_plan(folder: Path, found: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    differences = plan_differences(found, wanted)
    if differences:
        shown = "\n".join(f"  {line}" for line in differences[:12])
        more = f"\n  and {len(differences) - 12} more" if len(differences) > 12 else ""
        raise QbenchError(
            f"{folder}: this folder holds a run of another plan (found there -> asked for now):\n"
            f"{shown}{more}\nName another folder with -o, or give the command that made this one."
        )
