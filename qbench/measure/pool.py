"""All live workers of a run, and the certainty that none outlives it."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil

from qbench.errors import QbenchError
from qbench.measure import reaper
from qbench.measure.family import resident_bytes
from qbench.measure.ledger import Account, Ledger
from qbench.measure.process import Limits, Reply, WorkerProcess, WorkerSpec

__all__ = ["NoRoomError", "Pool"]


class NoRoomError(QbenchError):
    """The workers' folder cannot be written: where to make room; who knows the run says how it goes on."""


TOTAL_SHARE = 0.9
"""All live workers together may take this share of the memory that is available when the pool is made."""


class Pool:
    """All live workers of a run, a folder for them to stand in, and the reaper that outlives us.

    Use as a context manager: leaving it, also by an exception, ends every worker.  The ledger is told
    what starting and ending them takes.
    """

    def __init__(self, limits: Limits, ledger: Ledger | None = None) -> None:
        free = psutil.virtual_memory().available
        self.limits = limits if limits.total_bytes else replace(limits, total_bytes=int(TOTAL_SHARE * free))
        self.ledger = ledger or Ledger()
        self.folder = Path(tempfile.gettempdir()) / f"qbench-{secrets.token_hex(8)}"
        self._workers: list[WorkerProcess] = []
        self._started = 0
        self._reaper = self._start_reaper()  # knows the folder before it is there: a kill leaves none behind
        with _room_told(self.folder):
            self.folder.mkdir(mode=0o700)

    def _start_reaper(self) -> subprocess.Popen[bytes]:
        started = subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(reaper.__file__))],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        lines = [f"dir {self.folder}", f"tag {self.folder.name}", *(f"+{w.pid}" for w in self._workers)]
        _send(started, "\n".join(lines))
        return started

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def start(self, spec: WorkerSpec) -> WorkerProcess:
        """Start one worker in a folder of its own; it has not imported its package yet (``load`` does).

        It runs a copy of the simulator's file, taken when the file was first needed: editing the file
        changes nothing.  Raises ``QbenchError`` when it is not the one that was planned, and when there is
        no room for the worker's folder.
        """
        with self.ledger.account(Account.STARTING), _room_told(self.folder):
            self._started += 1
            frozen = replace(spec, path=self._frozen(spec))
            process = WorkerProcess(
                frozen,
                self.limits,
                self.folder / f"worker-{self._started}",
                lambda: self._held_beside(process),
            )
            self._workers.append(process)
            self._tell(f"+{process.pid}")
        return process

    def _held_beside(self, process: WorkerProcess) -> int:
        """Resident bytes of all live workers but one: they are idle, what they started is not counted."""
        return resident_bytes([other.pid for other in self._workers if other is not process and other.alive])

    def load(self, process: WorkerProcess) -> Reply:
        """Let one worker import its package; what it clocked there is import, the rest is starting.

        Raises ``WorkerLost``.
        """
        with self.ledger.account(Account.STARTING):
            reply = process.load()
        imported_ns = reply.message.get("import_wall_ns")
        if isinstance(imported_ns, int):
            self.ledger.move(Account.STARTING, Account.IMPORTS, imported_ns)
        return reply

    def _frozen(self, spec: WorkerSpec) -> Path:
        copy = self.folder / "simulators" / f"{spec.digest}.py"
        if not spec.digest or not copy.exists():
            source = spec.path.read_bytes()
            digest = hashlib.sha256(source).hexdigest()
            if spec.digest and digest != spec.digest:
                raise QbenchError(
                    f"{spec.path}: the file was changed since the run was planned; start it again"
                )
            copy = self.folder / "simulators" / f"{digest}.py"
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(source)
        return copy

    def end(self, process: WorkerProcess) -> None:
        """End one worker kindly, whatever state it is in."""
        with self.ledger.account(Account.STARTING):
            process.close()
            self._workers.remove(process)
            self._tell(f"-{process.pid}")

    def close(self) -> None:
        """Kill every worker and whatever any of them left behind."""
        with self.ledger.account(Account.STARTING):
            self._close()

    def _close(self) -> None:
        for process in list(self._workers):
            process.kill()
        self._workers.clear()
        reaper.kill_tagged(self.folder.name)
        self._bury_reaper()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _tell(self, line: str) -> None:
        try:
            _send(self._reaper, line)
        except BrokenPipeError:  # somebody killed it: a new one learns all that is alive
            self._bury_reaper()
            self._reaper = self._start_reaper()

    def _bury_reaper(self) -> None:
        if self._reaper.stdin is not None:
            with contextlib.suppress(BrokenPipeError):  # what it could not be told is lost with it
                self._reaper.stdin.close()
        self._reaper.wait()


NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)


@contextlib.contextmanager
def _room_told(folder: Path) -> Iterator[None]:
    """Say what to do where the workers' folder cannot be written."""
    try:
        yield
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise NoRoomError(
            f"{folder}: cannot write the workers' folder: {error.strerror}.\n"
            f"Make room in {folder.parent}, or name another folder for temporary files with TMPDIR. What was "
            "measured before is kept."
        ) from error


def _send(process: subprocess.Popen[bytes], text: str) -> None:
    if process.stdin is not None:
        process.stdin.write(f"{text}\n".encode())
        process.stdin.flush()
