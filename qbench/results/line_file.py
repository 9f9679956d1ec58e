"""One append-only file of JSON Lines, open for writing: whole lines, numbered in the order of writing."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from qbench.errors import QbenchError
from qbench.model import plain

__all__ = ["LineFile", "encode_line"]

_CHUNK = 1 << 16


def encode_line(record: Mapping[str, Any]) -> bytes:
    r"""A record as its line, by the one encoder that qbench writes with.

    >>> encode_line({"seq": 3, "event": "block_done"})
    b'{"event":"block_done","seq":3}\n'
    """
    text = json.dumps(record, default=_plain_mapping, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return f"{text}\n".encode("ascii")


def _plain_mapping(value: Any) -> Any:
    if isinstance(value, Mapping):
        return plain(value)
    raise TypeError(f"a record holds a {type(value).__name__}")


class LineFile:
    """Lines go straight to the system, without a buffer of ours: what was appended outlives this process.

    Opening creates the file and changes nothing in it; ``repair`` comes first, once the file is locked.
    """

    def __init__(self, path: Path) -> None:
        """Open ``path`` for appending.  Raises ``OSError``."""
        self.path = path
        self._file = path.open("a+b", buffering=0)
        self._next = 0
        self._unsynced = False

    def fileno(self) -> int:
        return self._file.fileno()

    def size(self) -> int:
        """Bytes in the file."""
        return os.fstat(self._file.fileno()).st_size

    def close(self) -> None:
        self._file.close()

    def repair(self) -> None:
        """Cut off a last line without an end, left by a kill, and number on from the last whole one.

        Raises ``QbenchError`` when the last whole line is no record, and ``OSError``.
        """
        end = self._line_start(self.size())
        if end != self.size():
            os.ftruncate(self._file.fileno(), end)
        if end == 0:
            return
        start = self._line_start(end - 1)
        try:
            last = json.loads(self._bytes(start, end))
            seq = last.get("seq")
            fits = seq is None or (isinstance(seq, int) and not isinstance(seq, bool) and seq >= 0)
        except (ValueError, RecursionError, AttributeError):
            fits, seq = False, None
        if not fits:
            raise QbenchError(f"{self.path}: its last line is no record; the file is damaged")
        # lines written before they had numbers count as 0, 1, 2 ...
        self._next = self._count_lines() if seq is None else seq + 1

    def append(self, records: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Write one line for each record, all or none of them; returns them with their numbers.

        Raises ``OSError``.
        """
        numbered = [{**record, "seq": self._next + i} for i, record in enumerate(records)]
        content = b"".join(map(encode_line, numbered))
        self._next += len(numbered)  # before writing: an interruption may leave a gap, no number twice
        start = self.size()
        self._unsynced = True
        rest = memoryview(content)
        try:
            while rest:
                rest = rest[self._file.write(rest) or 0 :]
        except BaseException:
            if self.size() != start + len(content):
                with suppress(OSError):  # then the torn line is cut off when the run is resumed
                    os.ftruncate(self._file.fileno(), start)
            raise
        return numbered

    def sync(self) -> None:
        """Let what was appended outlive a crash of the machine too.  Raises ``OSError``."""
        if self._unsynced:
            os.fsync(self._file.fileno())
            self._unsynced = False

    def _bytes(self, start: int, end: int) -> bytes:
        return os.pread(self._file.fileno(), end - start, start)

    def _line_start(self, end: int) -> int:
        """Where the line begins that holds byte ``end``: behind the last line end before it."""
        while end > 0:
            start = max(0, end - _CHUNK)
            found = self._bytes(start, end).rfind(b"\n")
            if found >= 0:
                return start + found + 1
            end = start
        return 0

    def _count_lines(self) -> int:
        return sum(self._bytes(at, at + _CHUNK).count(b"\n") for at in range(0, self.size(), _CHUNK))
