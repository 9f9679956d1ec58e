"""``plain.jsonl``: the readings that were made without the harness, one line each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from qbench.errors import QbenchError

__all__ = ["PLAIN", "add_plain", "check_plain", "read_plain"]

PLAIN = "plain.jsonl"

Time = Annotated[float, msgspec.Meta(gt=0)]
Times = Annotated[list[Time], msgspec.Meta(min_length=1)]


class _Empty(msgspec.Struct, tag_field="kind", tag="empty"):
    call_ns: Times


class _Slowed(msgspec.Struct, tag_field="kind", tag="slowed"):
    run: str
    circuit: str
    quartile_ns: dict[str, Times]

    def __post_init__(self) -> None:
        if len({len(times) for times in self.quartile_ns.values()}) != 1 or "0" not in self.quartile_ns:
            raise ValueError("quartile_ns needs the honest double's batches, and of the others as many")


class _Spun(msgspec.Struct, tag_field="kind", tag="spun"):
    run: str
    median_ns: dict[Annotated[str, msgspec.Meta(pattern="^[1-9][0-9]{0,11}$")], Times]


class _Pyperf(msgspec.Struct, tag_field="kind", tag="pyperf"):
    run: str
    simulator: str
    circuit: str
    clock: Literal["wall", "cpu"]
    values: Times


def check_plain(record: Any) -> None:
    """Raise ``msgspec.ValidationError`` where this is no reading that a self-test keeps."""
    msgspec.convert(record, _Empty | _Spun | _Slowed | _Pyperf)


def read_plain(folder: Path) -> list[dict[str, Any]]:
    """All readings of a self-test's folder; what no newline ends is a torn line, and none of them.

    Raises ``QbenchError`` with the line for whatever is no reading.
    """
    file = folder / PLAIN
    found: list[dict[str, Any]] = []
    try:
        content = file.read_bytes() if file.exists() else b""
        for line in content.split(b"\n")[:-1]:
            record = json.loads(line)
            check_plain(record)
            found.append(record)
    except OSError as error:
        raise QbenchError(f"{file}: cannot read it: {error.strerror or error}") from error
    except (ValueError, RecursionError, msgspec.ValidationError) as error:
        raise QbenchError(f"{file}:{len(found) + 1}: damaged: {error}") from error
    return found


def add_plain(folder: Path, record: Mapping[str, Any]) -> None:
    """Append a reading; a torn last line, of a kill or of a full disk, is cut off before.

    No whole line is ever written again.  Raises ``QbenchError`` where it cannot be written.
    """
    file = folder / PLAIN
    line = json.dumps(record, sort_keys=True, separators=(",", ":")) + "\n"
    try:
        with file.open("ab") as stream:
            whole = file.read_bytes().rfind(b"\n") + 1
            if whole != stream.tell():
                stream.truncate(whole)
            stream.write(line.encode("ascii"))
    except OSError as error:
        raise QbenchError(
            f"{file}: cannot write: {error.strerror or error}.\nWhat was measured before is kept; the same "
            "command goes on with it."
        ) from error
