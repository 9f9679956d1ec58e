"""The input and output of one request to a worker, advanced step by step.

One selector waits for the question's way, the answer's pipe and the captured output.  The end of a process
shows as the end of its pipes, or within a step's time where a child of it still holds them.
"""

from __future__ import annotations

import os
import selectors
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from qbench.measure import worker

__all__ = ["Exchange", "Pipes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipes:
    """The controller's ends, none of them blocking: question, answer, standard output and error."""

    write_fd: int
    read_fd: int
    output_fds: tuple[int, int]


class Exchange:
    """One frame on its way to the worker, and what comes back; ``heard`` is given all output."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        pipes: Pipes,
        frame: memoryview,
        heard: Callable[[int, bytes], None],
    ) -> None:
        self.process = process
        self.pipes = pipes
        self.unsent = frame
        self.heard = heard
        self.received = bytearray()
        self.size: int | None = None
        self.output_bytes = 0
        self.ended = False
        self.selector = selectors.DefaultSelector()
        self.selector.register(pipes.write_fd, selectors.EVENT_WRITE)
        self.selector.register(pipes.read_fd, selectors.EVENT_READ)
        for descriptor in pipes.output_fds:
            self.selector.register(descriptor, selectors.EVENT_READ)

    @property
    def complete(self) -> bool:
        return self.size is not None and len(self.received) >= self.size

    def step(self, timeout_s: float) -> None:
        """Wait for something to happen, at most so long, and take it up.

        Raises ``ValueError``, ``KeyError`` or ``TypeError`` where what comes begins no frame.
        """
        ready = self.selector.select(timeout_s)
        for key, _ in ready:
            if key.fd == self.pipes.write_fd:
                self._send()
            elif key.fd == self.pipes.read_fd:
                self._receive()
            else:
                self._listen(key.fd)
        if not self.complete and self.process.poll() is not None:
            self._receive()  # what it still said before it died
            self.ended = not self.complete

    def _send(self) -> None:
        try:
            sent = os.write(self.pipes.write_fd, self.unsent)
        except BrokenPipeError:
            self.selector.unregister(self.pipes.write_fd)
            return  # it is dying: the process's end is seen in step()
        self.unsent = self.unsent[sent:]
        if not self.unsent:
            self.selector.unregister(self.pipes.write_fd)

    def _receive(self) -> None:
        try:
            chunk = os.read(self.pipes.read_fd, 1 << 20)
        except BlockingIOError:
            return
        if not chunk:
            if self.pipes.read_fd in self.selector.get_map():
                self.selector.unregister(self.pipes.read_fd)
            return
        self.received += chunk
        if self.size is None:
            self.size = worker.frame_size(self.received)

    def _listen(self, descriptor: int) -> None:
        chunk = os.read(descriptor, 1 << 16)
        if not chunk:
            self.selector.unregister(descriptor)
        self.output_bytes += len(chunk)
        self.heard(descriptor, chunk)

    def close(self) -> None:
        self.selector.close()
