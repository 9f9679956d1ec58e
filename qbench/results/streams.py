"""The lines of one stream of records, one after another, from a plain file or a packed one."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from qbench.errors import QbenchError

try:
    import lzma
except ModuleNotFoundError:  # a Python may be built without it
    lzma = None  # type: ignore[assignment]

__all__ = ["PACKINGS", "Stream", "is_packed", "packed_names"]

PACKINGS = {".gz": "gzip", ".xz": "xz"}
"""Endings of a stream that was packed to be published, and by what: its run is read, no longer written."""

MOST_UNPACKED = 1 << 33
LONGEST_LINE = 1 << 26

_DAMAGE = (EOFError, zlib.error, gzip.BadGzipFile, *(() if lzma is None else (lzma.LZMAError,)))


def packed_names(name: str) -> tuple[str, ...]:
    """The names that a stream has where it is packed.

    >>> packed_names("visits.jsonl")
    ('visits.jsonl.gz', 'visits.jsonl.xz')
    """
    return tuple(f"{name}{ending}" for ending in PACKINGS)


def is_packed(folder: Path) -> bool:
    """Whether a run was packed to be published: then it is read, and no longer written."""
    return any(True for ending in PACKINGS for _ in folder.glob(f"*.jsonl{ending}"))


class Stream:
    """The whole lines of a stream, without their ends; a torn last line, left by a kill, is passed over.

    ``path`` is the file that they stand in.  A stream without a file has no lines: its run was killed
    before the first record.  Raises ``QbenchError``, also while it is iterated.
    """

    def __init__(self, path: Path) -> None:
        names = (path.name, *packed_names(path.name))
        there = [found for name in names if (found := path.with_name(name)).exists()]
        if len(there) > 1:
            raise QbenchError(
                f"{there[0]} and {there[1].name} are both there; remove the one that is not this run's"
            )
        self.path = there[0] if there else path
        self.packed = PACKINGS.get(self.path.suffix)

    def __iter__(self) -> Iterator[bytes]:
        try:
            with self._open() as file:
                yield from self._lines(file)
        except _DAMAGE as error:
            raise QbenchError(
                f"{self.path}: not a whole {self.packed} file ({error}); the file is damaged"
            ) from error
        except OSError as error:
            raise QbenchError(f"{self.path}: cannot read: {error.strerror or error}") from error

    def _open(self) -> BinaryIO:
        if self.packed:
            if not self.path.stat().st_size:  # gzip takes no bytes at all for nothing that was packed
                raise EOFError("it is empty")
            return self._open_packed()
        try:
            return self.path.open("rb")
        except FileNotFoundError:
            return io.BytesIO()

    def _open_packed(self) -> BinaryIO:
        if self.packed == "gzip":
            return cast(BinaryIO, gzip.open(self.path))
        if lzma is None:
            raise QbenchError(
                f"{self.path}: this Python was built without lzma and cannot read it. Unpack it: xz -d"
            )
        return cast(BinaryIO, lzma.open(self.path))

    def _lines(self, file: BinaryIO) -> Iterator[bytes]:
        size = 0
        while line := file.readline(LONGEST_LINE):
            size += len(line)
            if self.packed and size > MOST_UNPACKED:
                raise QbenchError(
                    f"{self.path}: more than {MOST_UNPACKED >> 20} MiB unpacked; unpack it to read it"
                )
            if line.endswith(b"\n"):
                yield line[:-1]
            elif len(line) == LONGEST_LINE:
                raise QbenchError(
                    f"{self.path}: a line of more than {LONGEST_LINE >> 20} MiB; the file is damaged"
                )
