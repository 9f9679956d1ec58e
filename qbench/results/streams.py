"""The lines of one stream of records, one after another, from a plain file or a packed one."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from qbench.errors import QbenchError

__all__ = ["PACKED", "Stream"]

PACKED = ".gz"
"""Ending of a stream that was packed to be published: such a run is read, and no longer written."""

MOST_UNPACKED = 1 << 33
LONGEST_LINE = 1 << 26


class Stream:
    """The whole lines of a stream, without their ends; a torn last line, left by a kill, is passed over.

    ``path`` is the file that they stand in.  A stream without a file has no lines: its run was killed
    before the first record.  Raises ``QbenchError``, also while it is iterated.
    """

    def __init__(self, path: Path) -> None:
        packed = path.with_name(f"{path.name}{PACKED}")
        self.packed = packed.exists()
        if self.packed and path.exists():
            raise QbenchError(
                f"{path} and {packed.name} are both there; remove the one that is not this run's"
            )
        self.path = packed if self.packed else path

    def __iter__(self) -> Iterator[bytes]:
        try:
            with self._open() as file:
                yield from self._lines(file)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise QbenchError(f"{self.path}: not a whole gzip file ({error}); the file is damaged") from error
        except OSError as error:
            raise QbenchError(f"{self.path}: cannot read: {error.strerror or error}") from error

    def _open(self) -> BinaryIO:
        if self.packed:
            if not self.path.stat().st_size:  # gzip takes no bytes at all for nothing that was packed
                raise EOFError("it is empty")
            return cast(BinaryIO, gzip.open(self.path))
        try:
            return self.path.open("rb")
        except FileNotFoundError:
            return io.BytesIO()

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
