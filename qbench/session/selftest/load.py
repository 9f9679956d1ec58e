"""Busy processes beside the measurement, for looking at what a loaded machine does to it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["busy_processes"]

# It looks at its parent every few milliseconds, so that it ends also where we were killed.
PROGRAM = """
import os, sys
parent = int(sys.argv[1])
while os.getppid() == parent:
    for _ in range(100_000):
        pass
"""


@contextmanager
def busy_processes(number: int) -> Iterator[None]:
    """Keep ``number`` processes busy, one core each; they are gone when this is left, or we are."""
    started = [
        subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", PROGRAM, str(os.getpid())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        for _ in range(number)
    ]
    try:
        yield
    finally:
        for process in started:
            process.kill()
        for process in started:
            process.wait()
