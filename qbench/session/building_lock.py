"""One process at a time builds or removes an environment; others wait until it has ended."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from qbench.errors import QbenchError

__all__ = ["LOCK", "being_built", "building_lock"]

LOCK = "lock"


@contextmanager
def building_lock(folder: Path, output: IO[Any] | None) -> Iterator[tuple[int, bool]]:
    """Hold the lock of an environment's folder: its descriptor, and whether it had to be waited for.

    A process that inherits the descriptor holds the lock too: an installer that outlives a kill of this
    program is waited for like any other build.  Raises ``QbenchError`` where the file system has no locks.
    """
    descriptor, waited = -1, False
    try:
        while descriptor < 0:
            descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            if not _taken(descriptor, folder):
                waited = True
                if output is not None:
                    print(f"{folder.name}: another process is building it: waiting", file=output, flush=True)
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            if not _still_there(descriptor, folder / LOCK):  # it was removed with its environment meanwhile
                os.close(descriptor)
                descriptor = -1
                folder.mkdir(parents=True, exist_ok=True)
        yield descriptor, waited
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def being_built(folder: Path) -> bool:
    """Whether a process holds the lock of an environment's folder."""
    try:
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CLOEXEC)
    except OSError:  # nobody has ever locked it, or it is somebody else's
        return False
    try:
        return not _taken(descriptor, folder)
    finally:
        os.close(descriptor)


def _taken(descriptor: int, folder: Path) -> bool:
    """Take the lock if nobody holds it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:  # a network file system without locks
        raise QbenchError(
            f"{folder}: cannot be locked: {error.strerror or error}. Name a folder on a local disk with "
            "XDG_CACHE_HOME."
        ) from error
    return True


def _still_there(descriptor: int, path: Path) -> bool:
    try:
        there = os.stat(path)
    except FileNotFoundError:
        return False
    return os.path.samestat(there, os.fstat(descriptor))
