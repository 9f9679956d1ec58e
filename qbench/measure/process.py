"""One live worker: starting it, asking it, and turning every way of dying into data.

A request either brings a ``Reply`` or raises ``WorkerLost`` with the verdict that the loss deserves.  A
worker that hangs, crashes, leaves or floods its output never blocks the controller: at the soft limit it is
interrupted (which tells where it was), ``GRACE_S`` later its process group is killed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import struct
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import qbench.ir
from qbench.measure import reaper, worker
from qbench.measure.environment import worker_environment
from qbench.measure.exchange import Exchange, Pipes
from qbench.measure.family import children_of, cpu_times, kill_all
from qbench.measure.last_words import place
from qbench.measure.memory import MemoryWatch, first_to_go
from qbench.measure.spec import Limits, WorkerSpec
from qbench.model import Verdict

__all__ = ["FLOOD_BYTES", "Limits", "Reply", "WorkerLost", "WorkerProcess", "WorkerSpec"]

TAIL_BYTES = 4096  # of stderr that is kept when a worker is lost ...
DUMP_BYTES = 32_768  # ... and that is read for the place where it was: up to 100 frames
FLOOD_BYTES = 64 * 2**20
ANSWER_BYTES = 2**28
GRACE_S = 2.0  # between the soft and the hard limit
POLL_S = 0.25  # how often a long request looks at the worker's memory; short visits never wake it
AWAY_S = 1.0  # a look that comes so much later: we were stopped (Ctrl-Z), and the limit waits for us


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A worker's message and buffers, and what it did meanwhile.

    ``output_bytes`` is what it wrote to its output; ``wall_ns`` how long it took, ``cpu_ns`` what it and the
    processes that it started used of CPU, ``children_cpu_ns`` what only these used (in the system's ticks,
    mostly 10 ms; 0 where the system does not tell).
    """

    message: Mapping[str, Any]
    buffers: tuple[bytes, ...]
    output_bytes: int
    wall_ns: int = 0
    cpu_ns: int = 0
    children_cpu_ns: int = 0


class WorkerLost(Exception):  # noqa: N818 - the field's word; it is not always an error of ours
    """The worker is gone (killed or dead): the verdict, the reason and the last lines of its stderr."""

    def __init__(self, verdict: Verdict, reason: str, stderr_tail: str) -> None:
        super().__init__(reason)
        self.verdict = verdict
        self.reason = reason
        self.stderr_tail = stderr_tail


class WorkerProcess:
    """One worker: ``request`` asks it, ``close`` ends it kindly, ``kill`` at once."""

    def __init__(self, spec: WorkerSpec, limits: Limits, folder: Path, others: Callable[[], int]) -> None:
        """``others`` tells what the other live workers hold in bytes, for ``limits.total_bytes``."""
        self.spec = spec
        self.limits = limits
        self.folder = folder
        self._heard = b""
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
        self._memory = MemoryWatch(self.pid, limits.memory_bytes, limits.total_bytes, others)
        first_to_go(self.pid)

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
        op, limit = str(message["op"]), self.limits.request_s if limit_s is None else limit_s
        used = cpu_times(self.pid)
        began = looked = turned = time.monotonic()
        deadline = began + limit
        self._requests += 1
        frame = memoryview(worker.pack_frame({**message, "request": self._requests}))
        exchange = Exchange(self._process, self._pipes(), frame, self.take_output)
        try:
            while not exchange.complete:
                now = time.monotonic()
                if now - turned > POLL_S + AWAY_S:
                    deadline += now - turned
                turned, late = now, now >= deadline
                exchange.step(0.0 if late else min(POLL_S, deadline - now))
                self._check(exchange, op, limit_bytes)
                if late and not exchange.complete:
                    raise self._overdue(exchange, f"no answer to '{op}' within {limit:g} s")
                if now - looked >= POLL_S:
                    looked = now
                    self._check_memory(self._memory.excess())
            took_s = time.monotonic() - began
            reply, buffers = worker.unpack_frame(exchange.received)
        except (ValueError, KeyError, TypeError, struct.error) as error:
            raise self._lost(
                Verdict.ERROR, f"wrote what is no answer into the answer's pipe: {error}"
            ) from error
        finally:
            exchange.close()
        if reply.get("request") != self._requests or len(exchange.received) != exchange.size:
            raise self._lost(Verdict.ERROR, "answered another question: a forked child of it answers too")
        if "left" in reply:
            raise self._left(op, reply)
        self._check_memory(self._memory.passed())
        after = cpu_times(self.pid)
        own = children = 0
        if used is not None and after is not None:
            own = after.own_ns - used.own_ns
            children = max(0, after.children_ns - used.children_ns)
        return Reply(
            message=reply,
            buffers=tuple(buffers),
            output_bytes=exchange.output_bytes,
            wall_ns=round(took_s * 1e9),
            cpu_ns=own + children,
            children_cpu_ns=children,
        )

    def _pipes(self) -> Pipes:
        return Pipes(write_fd=self._write_fd, read_fd=self._read_fd, output_fds=self._output_fds())

    def _overdue(self, exchange: Exchange, late: str) -> WorkerLost:
        """Past the soft limit: interrupt it, which tells where it is; after the grace kill it."""
        with contextlib.suppress(ProcessLookupError):  # it has just ended
            os.kill(self.pid, signal.SIGINT)
        end = time.monotonic() + GRACE_S
        with contextlib.suppress(ValueError, KeyError, TypeError):  # garbage for an answer: late in any case
            while not (exchange.ended or exchange.complete) and (now := time.monotonic()) < end:
                exchange.step(min(POLL_S, end - now))
                if exchange.output_bytes > FLOOD_BYTES or self._memory.held() > self.limits.memory_bytes:
                    break
        stopped = exchange.ended or exchange.complete
        lost = self._lost(Verdict.TIMEOUT, late)
        where = place(self._heard.decode("utf-8", "replace"), self.spec.path)
        parts = [late] if stopped else [late, "it did not stop when interrupted and was killed"]
        parts += [f"it was {where}"] if where else []
        return WorkerLost(lost.verdict, "; ".join(parts), lost.stderr_tail)

    def _check(self, exchange: Exchange, op: str, limit_bytes: int) -> None:
        if exchange.output_bytes > FLOOD_BYTES:
            raise self._lost(Verdict.ERROR, f"wrote more than {FLOOD_BYTES >> 20} MiB to its output")
        if max(exchange.size or 0, len(exchange.received)) > limit_bytes:
            expected = f"more than {limit_bytes >> 20} MiB, where less is expected"
            raise self._lost(Verdict.ERROR, f"its answer to '{op}' is too large: {expected}")
        if exchange.ended:
            raise self._ended(op)

    def _check_memory(self, excess: str | None) -> None:
        if excess is not None:
            raise self._lost(Verdict.OOM, excess)

    def _ended(self, op: str) -> WorkerLost:
        """It ended by itself: by a signal, which may be the system's for lack of memory, or by leaving."""
        code = self._process.wait(timeout=5)
        lost = self._lost(Verdict.CRASH, "")
        if code >= 0:
            return WorkerLost(lost.verdict, f"left with exit code {code} during '{op}'", lost.stderr_tail)
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        reason = f"died by {name} during '{op}'"
        if code == -signal.SIGKILL and (starved := self._memory.starved()):
            return WorkerLost(Verdict.OOM, f"{reason}: {starved}", lost.stderr_tail)
        where = place(self._heard.decode("utf-8", "replace"), self.spec.path)
        return WorkerLost(lost.verdict, f"{reason}, {where}" if where else reason, lost.stderr_tail)

    def _left(self, op: str, reply: Mapping[str, Any]) -> WorkerLost:
        """It raised SystemExit; it has a moment for what it registered to be done at its end."""
        with contextlib.suppress(subprocess.TimeoutExpired):  # then it is killed
            self._process.wait(timeout=GRACE_S)
        said = f": {reply['said']}" if reply.get("said") else ""
        return self._lost(Verdict.CRASH, f"left with exit code {reply['left']} during '{op}'{said}")

    def _lost(self, verdict: Verdict, reason: str) -> WorkerLost:
        self.kill()
        return WorkerLost(verdict, reason, self._heard[-TAIL_BYTES:].decode("utf-8", "replace"))

    def take_output(self, descriptor: int, chunk: bytes) -> None:
        """Keep the end of stderr; stdout is only counted."""
        if descriptor == self._output_fds()[1]:
            self._heard = (self._heard + chunk)[-DUMP_BYTES:]

    def close(self, grace_s: float = 2.0) -> None:
        """Close its pipe, give it a moment to leave, then kill what is left of its group."""
        if not self.alive:
            return
        family = children_of(self.pid)  # the system gives them away when the worker leaves
        os.close(self._write_fd)
        self._write_fd = -1
        with contextlib.suppress(subprocess.TimeoutExpired):  # then it is killed
            self._process.wait(timeout=grace_s)
        self.kill()
        kill_all(family)

    def kill(self) -> None:
        """Kill the process group and what else descends from it, and free the descriptors."""
        if not self.alive:
            return
        self.alive = False
        family = children_of(self.pid)
        with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody left (EPERM: macOS, zombies)
            os.killpg(self.pid, signal.SIGKILL)
        kill_all(family)
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
        """Hear what it still said: pipes hold at most 1 MiB, and nobody writes any more."""
        for descriptor in self._output_fds():
            left = FLOOD_BYTES
            while left > 0:
                try:
                    chunk = os.read(descriptor, 1 << 16)
                except BlockingIOError:
                    break  # nothing more was written, though somebody who left the group could still write
                if not chunk:
                    break
                left -= len(chunk)
                self.take_output(descriptor, chunk)
