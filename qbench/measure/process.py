"""One live worker: starting it, asking it, and turning every way of dying into data.

A request either brings a ``Reply`` or raises ``WorkerLost`` with the verdict that the loss deserves.
The wait is one selector over the answer's pipe and the captured output; the end of a process shows as the
end of its pipes, or within ``POLL_S`` where a child of it still holds them.  A worker that hangs, crashes,
leaves or floods its output never blocks the controller.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import signal
import struct
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

import qbench.ir
from qbench.measure import reaper, worker
from qbench.measure.environment import worker_environment
from qbench.model import Verdict

__all__ = ["FLOOD_BYTES", "Limits", "Reply", "WorkerLost", "WorkerProcess", "WorkerSpec"]

TAIL_BYTES = 4096
FLOOD_BYTES = 64 * 2**20
ANSWER_BYTES = 2**28
POLL_S = 0.25  # how often a long request looks at the worker's memory; short visits never wake it


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds for one request and for loading, and bytes of resident memory."""

    request_s: float
    load_s: float
    memory_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSpec:
    """All that a worker's process is made from."""

    simulator: str
    path: Path
    interpreter: Path
    digest: str = ""  # SHA-256 of the file that was planned
    options: Mapping[str, Any] = field(default_factory=dict)
    threads: int = 1
    thread_variables: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    hash_seed: int = 0
    padding: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A worker's message and buffers, and how many bytes it wrote to its output meanwhile."""

    message: Mapping[str, Any]
    buffers: tuple[bytes, ...]
    output_bytes: int


class WorkerLost(Exception):  # noqa: N818 - the field's word; it is not always an error of ours
    """The worker is gone (killed or dead): the verdict, the reason and the last lines of its stderr."""

    def __init__(self, verdict: Verdict, reason: str, stderr_tail: str) -> None:
        super().__init__(reason)
        self.verdict = verdict
        self.reason = reason
        self.stderr_tail = stderr_tail


class WorkerProcess:
    """One worker: ``request`` asks it, ``close`` ends it kindly, ``kill`` at once."""

    def __init__(self, spec: WorkerSpec, limits: Limits, folder: Path) -> None:
        self.spec = spec
        self.limits = limits
        self.folder = folder
        self._tail = b""
        self._requests = 0
        folder.mkdir(parents=True, exist_ok=True)
        to_worker, self._write_fd = os.pipe()
        self._read_fd, from_worker = os.pipe()
        files = (str(Path(worker.__file__)), str(Path(qbench.ir.__file__)), str(spec.path))
        try:
            self._process = subprocess.Popen(
                [str(spec.interpreter), files[0], str(to_worker), str(from_worker), *files[1:]],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=(to_worker, from_worker),
                cwd=folder,
                env=worker_environment(
                    parent=os.environ,
                    threads=spec.threads,
                    hash_seed=spec.hash_seed,
                    padding=spec.padding,
                    extra=spec.environment,
                    thread_variables=spec.thread_variables,
                )
                | {reaper.TAG: folder.parent.name},
                start_new_session=True,
            )
        except OSError:
            os.close(self._write_fd)
            os.close(self._read_fd)
            raise
        finally:
            os.close(to_worker)
            os.close(from_worker)
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        for descriptor in (self._write_fd, self._read_fd, *self._output_fds()):
            os.set_blocking(descriptor, False)
        self.alive = True

    @property
    def pid(self) -> int:
        return self._process.pid

    def _output_fds(self) -> tuple[int, int]:
        streams = (self._process.stdout, self._process.stderr)
        first, second = (stream.fileno() for stream in streams if stream is not None)
        return first, second

    @property
    def running(self) -> bool:
        """Whether it has not ended by itself or been killed from outside meanwhile."""
        return self.alive and self._process.poll() is None

    def load(self) -> Reply:
        """Import the simulator's package: the import phase."""
        options = {**self.spec.options, "threads": self.spec.threads}
        request = {"op": "load", "options": options, "controller": os.getpid()}
        return self.request(request, self.limits.load_s)

    def request(
        self, message: Mapping[str, Any], limit_s: float | None = None, limit_bytes: int = ANSWER_BYTES
    ) -> Reply:
        """Send one message and wait for its reply, at most so long and so large.

        Raises ``WorkerLost``; the process group is dead by then.
        """
        limit = self.limits.request_s if limit_s is None else limit_s
        deadline = time.monotonic() + limit
        self._requests += 1
        exchange = _Exchange(self, memoryview(worker.pack_frame({**message, "request": self._requests})))
        looked = time.monotonic()
        try:
            while not exchange.complete:
                now = time.monotonic()
                if now >= deadline:
                    raise self._lost(Verdict.TIMEOUT, f"no answer to '{message['op']}' within {limit:g} s")
                exchange.step(min(POLL_S, deadline - now))
                self._check(exchange, str(message["op"]), limit_bytes)
                if now - looked >= POLL_S:
                    looked = now
                    self._check_memory()
            reply, buffers = worker.unpack_frame(exchange.received)
        except (ValueError, KeyError, TypeError, struct.error) as error:
            raise self._lost(
                Verdict.ERROR, f"wrote what is no answer into the answer's pipe: {error}"
            ) from error
        finally:
            exchange.close()
        if reply.get("request") != self._requests or len(exchange.received) != exchange.size:
            raise self._lost(Verdict.ERROR, "answered another question: a forked child of it answers too")
        return Reply(message=reply, buffers=tuple(buffers), output_bytes=exchange.output_bytes)

    def _check(self, exchange: _Exchange, op: str, limit_bytes: int) -> None:
        if exchange.output_bytes > FLOOD_BYTES:
            raise self._lost(Verdict.ERROR, f"wrote more than {FLOOD_BYTES >> 20} MiB to its output")
        if max(exchange.size or 0, len(exchange.received)) > limit_bytes:
            expected = f"more than {limit_bytes >> 20} MiB, where less is expected"
            raise self._lost(Verdict.ERROR, f"its answer to '{op}' is too large: {expected}")
        if exchange.ended:
            raise self._lost(Verdict.CRASH, self._farewell(op))

    def _check_memory(self) -> None:
        try:
            root = psutil.Process(self.pid)
            resident = sum(process.memory_info().rss for process in (root, *root.children(recursive=True)))
        except psutil.Error:
            return  # it has just ended; the selector will say so
        if resident > self.limits.memory_bytes:
            limit = self.limits.memory_bytes >> 20
            raise self._lost(
                Verdict.OOM, f"resident memory {resident >> 20} MiB passed the limit of {limit} MiB"
            )

    def _farewell(self, op: str) -> str:
        code = self._process.wait(timeout=5)
        if code < 0:
            try:
                name = signal.Signals(-code).name
            except ValueError:
                name = f"signal {-code}"
            return f"died by {name} during '{op}'"
        return f"left with exit code {code} during '{op}'"

    def _lost(self, verdict: Verdict, reason: str) -> WorkerLost:
        self.kill()
        return WorkerLost(verdict, reason, self._tail.decode("utf-8", "replace"))

    def take_output(self, descriptor: int, chunk: bytes) -> None:
        """Keep the end of stderr; stdout is only counted."""
        if descriptor == self._output_fds()[1]:
            self._tail = (self._tail + chunk)[-TAIL_BYTES:]

    def close(self, grace_s: float = 2.0) -> None:
        """Close its pipe, give it a moment to leave, then kill what is left of its group."""
        if not self.alive:
            return
        os.close(self._write_fd)
        self._write_fd = -1
        with contextlib.suppress(subprocess.TimeoutExpired):  # then it is killed
            self._process.wait(timeout=grace_s)
        self.kill()

    def kill(self) -> None:
        """Kill the whole process group and free the descriptors."""
        if not self.alive:
            return
        self.alive = False
        with contextlib.suppress(
            ProcessLookupError, PermissionError
        ):  # nobody left (macOS: EPERM for zombies)
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        self._drain()
        shutil.rmtree(self.folder, ignore_errors=True)
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()
        for descriptor in (self._write_fd, self._read_fd):
            if descriptor >= 0:
                os.close(descriptor)

    def _drain(self) -> None:
        for descriptor in self._output_fds():
            try:
                self.take_output(descriptor, os.read(descriptor, TAIL_BYTES))
            except BlockingIOError:
                continue  # nothing more was written


class _Exchange:
    """The input and output of one request, advanced step by step."""

    def __init__(self, process: WorkerProcess, frame: memoryview) -> None:
        self.process = process
        self.unsent = frame
        self.received = bytearray()
        self.size: int | None = None
        self.output_bytes = 0
        self.ended = False
        self.selector = selectors.DefaultSelector()
        self.selector.register(process._write_fd, selectors.EVENT_WRITE)
        self.selector.register(process._read_fd, selectors.EVENT_READ)
        for descriptor in process._output_fds():
            self.selector.register(descriptor, selectors.EVENT_READ)

    @property
    def complete(self) -> bool:
        return self.size is not None and len(self.received) >= self.size

    def step(self, timeout_s: float) -> None:
        ready = self.selector.select(timeout_s)
        for key, _ in ready:
            if key.fd == self.process._write_fd:
                self._send()
            elif key.fd == self.process._read_fd:
                self._receive()
            else:
                self._listen(key.fd)
        if not self.complete and self.process._process.poll() is not None:
            self._receive()  # what it still said before it died
            self.ended = not self.complete

    def _send(self) -> None:
        try:
            sent = os.write(self.process._write_fd, self.unsent)
        except BrokenPipeError:
            self.selector.unregister(self.process._write_fd)
            return  # it is dying: the process's end is seen in step()
        self.unsent = self.unsent[sent:]
        if not self.unsent:
            self.selector.unregister(self.process._write_fd)

    def _receive(self) -> None:
        try:
            chunk = os.read(self.process._read_fd, 1 << 20)
        except BlockingIOError:
            return
        if not chunk:
            if self.process._read_fd in self.selector.get_map():
                self.selector.unregister(self.process._read_fd)
            return
        self.received += chunk
        if self.size is None:
            self.size = worker.frame_size(self.received)

    def _listen(self, descriptor: int) -> None:
        chunk = os.read(descriptor, 1 << 16)
        if not chunk:
            self.selector.unregister(descriptor)
        self.output_bytes += len(chunk)
        self.process.take_output(descriptor, chunk)

    def close(self) -> None:
        self.selector.close()
