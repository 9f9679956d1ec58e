"""What a self-test's folder says of itself: what was asked for, under which protocol, on which machine."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from qbench.errors import QbenchError
from qbench.model import PROTOCOL
from qbench.results.durable import write_whole
from qbench.results.machine import describe_machine, describe_qbench
from qbench.results.manifests import same_memory
from qbench.session.selftest.request import Request

__all__ = ["SETTINGS", "read_settings", "refuse_other_request", "write_settings"]

SETTINGS = "selftest.json"
FORMAT = 1


class _Stored(msgspec.Struct):
    protocol: int
    request: Request
    planned: dict[str, int]
    machine: dict[str, Any]


def _wanted(request: Request, planned: Mapping[str, int]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "protocol": PROTOCOL,
        "request": json.loads(json.dumps(dataclasses.asdict(request))),
        "planned": dict(planned),
        "machine": describe_machine(),
    }


def write_settings(folder: Path, request: Request, planned: Mapping[str, int]) -> None:
    """Write them once, whole or not at all.  Raises ``OSError`` with the file's name."""
    text = json.dumps(_wanted(request, planned) | {"qbench": describe_qbench()}, indent=1)
    write_whole(folder / SETTINGS, f"{text}\n".encode("ascii"))


def read_settings(folder: Path) -> dict[str, Any]:
    """Raises ``QbenchError`` where there are none, or what is there is no self-test's."""
    file = folder / SETTINGS
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise QbenchError(f"{folder}: not a self-test's folder: it has no {SETTINGS}") from error
    except (OSError, ValueError, RecursionError) as error:
        raise QbenchError(f"{file}: cannot read it: {error}") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise QbenchError(f"{file}: expected is a self-test of format {FORMAT}")
    try:
        msgspec.convert(found, _Stored)
    except msgspec.ValidationError as error:
        raise QbenchError(f"{file}: damaged: {error}") from error
    lacking = [field.name for field in dataclasses.fields(Request) if field.name not in found["request"]]
    if lacking:
        raise QbenchError(f"{file}: damaged: request lacks {', '.join(lacking)}")
    return found


def refuse_other_request(folder: Path, request: Request, planned: Mapping[str, int]) -> None:
    """Raise ``QbenchError`` with the differences where the folder is another self-test's, or a machine's."""
    found, now = _flat(read_settings(folder)), _flat(_wanted(request, planned))
    if same_memory(found.get("memory_bytes"), now["memory_bytes"]):
        now["memory_bytes"] = found.get("memory_bytes")
    differ = [f"{key}: {found.get(key)} -> {now[key]}" for key in now if found.get(key) != now[key]]
    if differ:
        shown = "\n".join(f"  {line}" for line in differ)
        raise QbenchError(
            f"{folder}: holds another self-test (found there -> asked for now):\n{shown}\n"
            "Name another folder with -o, or give the command that made this one."
        )


def _flat(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Every entry by its own name, those of the request and of the machine too."""
    rest = {key: value for key, value in settings.items() if key not in ("request", "machine", "qbench")}
    return {**rest, **settings["request"], **settings["machine"]}
