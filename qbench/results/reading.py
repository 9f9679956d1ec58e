"""Reading a results folder back, whole or unfinished, with a clear word for whatever is damaged."""

from __future__ import annotations

import dataclasses
import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from qbench.errors import QbenchError
from qbench.model import RECORD_FORMAT, NoAnswer, Outcome, Verdict, Visit
from qbench.results.records import RunRecords
from qbench.results.schema import Check, event_misfit, manifest_misfit, outcome_misfit, visit_misfit

__all__ = ["MANIFEST", "PACKED", "PLAN_SECTIONS", "read_manifest", "read_run"]

MANIFEST = "manifest.json"
# What must agree for a folder to be resumed; the rest of a manifest only describes.
PLAN_SECTIONS = (
    "record_format",
    "protocol",
    "suite",
    "settings",
    "baseline",
    "problems",
    "tasks",
    "simulators",
    "cells",
    "machine",
    "packages",
)

PACKED = ".gz"
"""Ending of a stream that was packed to be published: such a run is read, and no longer written."""

MOST_UNPACKED = 1 << 30

Record = TypeVar("Record", Outcome, Visit)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a results folder; raises ``QbenchError`` when there is none that can be read."""
    path = folder / MANIFEST
    if not folder.is_dir():
        raise QbenchError(f"{folder}: no such results folder")
    if path.exists() and not path.is_file():
        raise QbenchError(f"{path}: not a file; the run cannot be read")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse_constant)
    except FileNotFoundError as error:
        raise QbenchError(f"{folder}: not a results folder of qbench: it has no {MANIFEST}") from error
    except OSError as error:
        raise QbenchError(f"{path}: cannot read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise QbenchError(f"{path}: not valid JSON ({error}); the run cannot be read") from error
    version = manifest.get("record_format") if isinstance(manifest, dict) else None
    if version != RECORD_FORMAT:
        raise QbenchError(
            f"{path}: record format {version!r}; this qbench reads format {RECORD_FORMAT}.\n"
            "Use the qbench version that wrote it, or a newer one."
        )
    missing = [section for section in (*PLAN_SECTIONS, "qbench") if section not in manifest]
    if missing:
        raise QbenchError(f"{path}: the manifest lacks {', '.join(missing)}; the run cannot be read")
    misfit = manifest_misfit(manifest)
    if misfit:
        raise QbenchError(f"{path}: {misfit.lstrip('.')}; the manifest is damaged, the run cannot be read")
    for position, cell in enumerate(manifest["cells"]):
        for key, singular in (("problems", "problem"), ("tasks", "task"), ("simulators", "simulator")):
            if cell[singular] not in manifest[key]:
                raise QbenchError(f"{path}: cells[{position}]: unknown {singular} {cell[singular]!r}")
    return dict(manifest)


def read_run(folder: Path) -> RunRecords:
    """Read a results folder, also one that is unfinished.

    Raises ``QbenchError`` with file and line for anything that is not a record, except a torn last line.
    """
    manifest = read_manifest(folder)
    events = []
    for where, event in _lines(folder / "events.jsonl"):
        misfit = event_misfit(event)
        if misfit:
            raise QbenchError(f"{where}: {misfit.lstrip('.')}; not an event of this format")
        events.append(event)
    cells = {cell["id"] for cell in manifest["cells"]}
    outcomes: dict[str, Outcome] = {}
    for where, data in _lines(folder / "outcomes.jsonl"):
        outcome = _record(Outcome, where, data, outcome_misfit)
        if outcome.cell not in cells:
            raise QbenchError(f"{where}: cell {outcome.cell!r} is not in the manifest")
        known = outcomes.setdefault(outcome.cell, outcome)
        if known != outcome:
            raise QbenchError(
                f"{where}: a second, different outcome of cell {outcome.cell}:\n{known}\n{outcome}"
            )
    finished = {e["block"]: e["attempt"] for e in events if e.get("event") == "block_done"}
    visits = []
    seen: dict[tuple[Any, ...], Visit] = {}
    for where, data in _lines(folder / "visits.jsonl"):
        visit = _record(Visit, where, data, visit_misfit)
        if visit.cell not in cells:
            raise QbenchError(f"{where}: cell {visit.cell!r} is not in the manifest")
        if finished.get(visit.block) != visit.attempt:
            continue  # superseded, or of a block that never finished
        key = (visit.run, visit.block, visit.attempt, visit.cell, visit.visit, visit.phase, visit.place)
        if seen.setdefault(key, visit) != visit:
            raise QbenchError(f"{where}: a second, different record of the same visit: {key}")
        visits.append(visit)
    return RunRecords(
        manifest=manifest,
        visits=tuple(visits),
        outcomes=outcomes,
        events=tuple(events),
        failures=_failures(manifest, events, {visit.cell for visit in visits}),
    )


def _failures(
    manifest: Mapping[str, Any], events: Iterable[Mapping[str, Any]], timed: set[str]
) -> dict[str, NoAnswer]:
    """How the timed rounds ended for the cells that they failed."""
    failures: dict[str, NoAnswer] = {}
    for event in events:
        if event["event"] == "worker_lost":
            cells = [event["cell"]]
        elif event["event"] == "worker_not_loaded":
            mine = [cell["id"] for cell in manifest["cells"] if cell["simulator"] == event["simulator"]]
            cells = [cell for cell in mine if cell not in timed]
        else:
            continue
        for cell in cells:
            found = NoAnswer(verdict=Verdict(event["verdict"]), reason=f"while timed: {event['reason']}")
            failures.setdefault(cell, found)
    return failures


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def _lines(path: Path) -> Iterable[tuple[str, Mapping[str, Any]]]:
    path, content = _content(path)
    *lines, torn = content.split(b"\n")
    del torn  # empty, or a line cut short by a kill
    for number, line in enumerate(lines, start=1):
        where = f"{path}:{number}"
        try:
            data = json.loads(line, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise QbenchError(f"{where}: not valid JSON ({error}); the file is damaged") from error
        if not isinstance(data, dict):
            raise QbenchError(f"{where}: a record is a JSON object, found {line[:40]!r}")
        yield where, data


def _content(path: Path) -> tuple[Path, bytes]:
    """The bytes of a stream of records, and the file that they stand in: packed in a published run."""
    packed = path.with_name(f"{path.name}{PACKED}")
    if path.exists() and packed.exists():
        raise QbenchError(f"{path} and {packed.name} are both there; remove the one that is not this run's")
    if not packed.exists():
        try:
            return path, path.read_bytes()
        except FileNotFoundError:
            return path, b""  # a run killed before its first record
        except OSError as error:
            raise QbenchError(f"{path}: cannot read: {error.strerror or error}") from error
    try:
        with gzip.open(packed) as file:
            content = file.read(MOST_UNPACKED + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise QbenchError(f"{packed}: not a whole gzip file ({error}); the file is damaged") from error
    except OSError as error:
        raise QbenchError(f"{packed}: cannot read: {error.strerror or error}") from error
    if len(content) > MOST_UNPACKED:
        raise QbenchError(f"{packed}: more than {MOST_UNPACKED >> 20} MiB unpacked; unpack it to read it")
    return packed, content


def _record(kind: type[Record], where: str, data: Mapping[str, Any], check: Check) -> Record:
    data = {"suite": "", **data}  # lines written before the first release name no suite
    values: dict[str, Any] = {}
    for field in dataclasses.fields(kind):
        value = data.get(field.name)
        value = tuple(value) if isinstance(value, list) else value
        if not _FITS[str(field.type)](value):
            raise QbenchError(f"{where}: {field.name} should be {field.type}, found {str(value)[:60]!r}")
        values[field.name] = value
    strange = sorted(set(data) - set(values))
    if strange:
        raise QbenchError(f"{where}: not a record of this format: unknown fields {', '.join(strange)}")
    misfit = check(data)
    if misfit:
        raise QbenchError(f"{where}: {misfit.lstrip('.')}; not a record of this format")
    return kind(**values)


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


# The types that records have, as written in their dataclasses.
_FITS: Mapping[str, Callable[[Any], bool]] = {
    "str": lambda value: isinstance(value, str),
    "str | None": lambda value: value is None or isinstance(value, str),
    "int": _is_int,
    "int | None": lambda value: value is None or _is_int(value),
    "tuple[int, ...]": lambda value: isinstance(value, tuple) and all(map(_is_int, value)),
    "tuple[str, ...]": lambda value: isinstance(value, tuple) and all(isinstance(v, str) for v in value),
    "Mapping[str, float | int]": lambda value: (
        isinstance(value, dict) and all(_is_int(v) or isinstance(v, float) for v in value.values())
    ),
}
