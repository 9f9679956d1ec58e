"""All live workers of a run, and the certainty that none outlives it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from qbench.measure import reaper
from qbench.measure.process import Limits, WorkerProcess, WorkerSpec

__all__ = ["Pool"]


class Pool:
    """All live workers of a run, a folder for them to stand in, and the reaper that outlives us.

    Use as a context manager: leaving it, also by an exception, ends every worker.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.folder = Path(tempfile.mkdtemp(prefix="qbench-"))
        self._workers: list[WorkerProcess] = []
        self._reaper = subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(reaper.__file__))],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._tell(f"dir {self.folder}")

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def start(self, spec: WorkerSpec) -> WorkerProcess:
        """Start one worker; it has not imported its package yet (``load`` does)."""
        process = WorkerProcess(spec, self.limits, self.folder)
        self._tell(f"+{process.pid}")
        self._workers.append(process)
        return process

    def end(self, process: WorkerProcess) -> None:
        """End one worker kindly, whatever state it is in."""
        process.close()
        self._workers.remove(process)
        self._tell(f"-{process.pid}")

    def close(self) -> None:
        for process in list(self._workers):
            process.kill()
        self._workers.clear()
        assert self._reaper.stdin is not None
        self._reaper.stdin.close()
        self._reaper.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _tell(self, line: str) -> None:
        assert self._reaper.stdin is not None
        self._reaper.stdin.write(f"{line}\n".encode())
        self._reaper.stdin.flush()
