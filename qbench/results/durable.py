"""Files that are whole or not there: written beside their place, made durable, then renamed into it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

__all__ = ["UNFINISHED", "sync_folder", "write_whole"]

UNFINISHED = ".unfinished"
"""Ending of what is still being written: a leftover of a kill, never a result."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that neither a kill nor a power cut can leave a part of it under its name.

    Raises ``OSError`` with the file's name; what was begun is removed then, where that is possible.
    """
    unfinished = path.with_name(f"{path.name}{UNFINISHED}")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except OSError as error:
        with suppress(OSError):  # the first error is the one to tell
            unfinished.unlink()
        if error.filename is None or error.filename == str(unfinished):
            error.filename = str(path)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, as far as its file system can.  Raises ``OSError``."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network file systems refuse to sync a folder: nothing else can be done
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
