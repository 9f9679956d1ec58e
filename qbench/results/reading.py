"""Reading a results folder back, whole or unfinished, with a clear word for whatever is damaged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Set
from pathlib import Path
from typing import Any

import numpy as np

from qbench.errors import QbenchError
from qbench.model import RECORD_FORMAT, NoAnswer, Outcome, Verdict
from qbench.results.collection import is_collection, read_collection
from qbench.results.lines import decode_json, outcome_of, refuse_constant, visit_decoder
from qbench.results.records import Lacking, RunRecords
from qbench.results.schema import event_misfit, manifest_misfit
from qbench.results.streams import Stream
from qbench.results.visits import UNTOLD, Visits

__all__ = ["MANIFEST", "PLAN_SECTIONS", "read_manifest", "read_run"]

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

KEY = ("run", "block", "attempt", "cell", "visit", "phase", "place")
"""What names a line of visits.jsonl."""


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a results folder; raises ``QbenchError`` when there is none that can be read."""
    path = folder / MANIFEST
    if not folder.is_dir():
        raise QbenchError(f"{folder}: no such results folder")
    if path.exists() and not path.is_file():
        raise QbenchError(f"{path}: not a file; the run cannot be read")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse_constant)
    except FileNotFoundError as error:
        if is_collection(folder):
            some = read_collection(folder)[0]
            raise QbenchError(f"{folder}: a collection of several runs; name one of them: {some}") from error
        raise QbenchError(f"{folder}: not a results folder of qbench: it has no {MANIFEST}") from error
    except OSError as error:
        raise QbenchError(f"{path}: cannot read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise QbenchError(f"{path}: not valid JSON ({error}); the run cannot be read") from error
    _refuse_other_format(manifest, path)
    missing = [section for section in (*PLAN_SECTIONS, "qbench") if section not in manifest]
    if missing:
        raise QbenchError(f"{path}: the manifest lacks {', '.join(missing)}; the run cannot be read")
    misfit = manifest_misfit(manifest)
    if misfit:
        raise QbenchError(f"{path}: {misfit.lstrip('.')}; the manifest is damaged, the run cannot be read")
    known: set[str] = set()
    for position, cell in enumerate(manifest["cells"]):
        if cell["id"] in known:
            raise QbenchError(
                f"{path}: cells[{position}]: a second cell {cell['id']!r}; the manifest is damaged, the run "
                "cannot be read"
            )
        known.add(cell["id"])
        for key, singular in (("problems", "problem"), ("tasks", "task"), ("simulators", "simulator")):
            if cell[singular] not in manifest[key]:
                raise QbenchError(f"{path}: cells[{position}]: unknown {singular} {cell[singular]!r}")
    return dict(manifest)


def _refuse_other_format(manifest: object, path: Path) -> None:
    if not isinstance(manifest, dict) or "record_format" not in manifest:
        raise QbenchError(f"{path}: an object with a record_format was expected; the file is damaged")
    version = manifest["record_format"]
    if version != RECORD_FORMAT:
        raise QbenchError(
            f"{path}: record format {version!r}; this qbench reads format {RECORD_FORMAT}.\n"
            "Use the qbench version that wrote it, or a newer one."
        )


def read_run(folder: Path) -> RunRecords:
    """Read a results folder, also one that is unfinished.

    Raises ``QbenchError`` with file and line for anything that is not a record of this run, except a torn
    last line.
    """
    manifest = read_manifest(folder)
    run = manifest["run"]
    events = _events(Stream(folder / "events.jsonl"), run)
    cells = {cell["id"] for cell in manifest["cells"]}
    outcomes: dict[str, Outcome] = {}
    stream = Stream(folder / "outcomes.jsonl")
    for number, line in enumerate(stream, start=1):
        outcome = outcome_of(line, f"{stream.path}:{number}")
        _refuse_other_run(outcome.run, run, f"{stream.path}:{number}")
        if outcome.cell not in cells:
            raise QbenchError(f"{stream.path}:{number}: cell {outcome.cell!r} is not in the manifest")
        known = outcomes.setdefault(outcome.cell, outcome)
        if known != outcome:
            raise QbenchError(
                f"{stream.path}:{number}: a second, different outcome of cell {outcome.cell}:\n"
                f"{known}\n{outcome}"
            )
    visits, lacking, attempts, orphans = _visits(Stream(folder / "visits.jsonl"), run, cells, events)
    return RunRecords(
        manifest=manifest,
        visits=visits,
        outcomes=outcomes,
        events=tuple(events),
        failures=_failures(manifest, outcomes, events, set(visits.used("cell"))),
        lacking=lacking,
        attempts=attempts,
        orphans=orphans,
    )


def _refuse_other_run(found: Any, run: str, where: str) -> None:
    if found != run:
        raise QbenchError(
            f"{where}: a record of run {str(found)[:60]!r}, in the folder of run {run!r}.\n"
            f"Lines of two runs were put into one file; qbench merge puts runs together."
        )


def _events(stream: Stream, run: str) -> list[Mapping[str, Any]]:
    events: list[Mapping[str, Any]] = []
    for number, line in enumerate(stream, start=1):
        event = decode_json(line, f"{stream.path}:{number}")
        misfit = event_misfit(event)
        if misfit:
            raise QbenchError(f"{stream.path}:{number}: {misfit.lstrip('.')}; not an event of this format")
        _refuse_other_run(event.get("run"), run, f"{stream.path}:{number}")
        events.append(event)
    return events


def _visits(
    stream: Stream, run: str, cells: Set[str], events: Iterable[Mapping[str, Any]]
) -> tuple[Visits, dict[str, Lacking], dict[str, int], dict[str, int]]:
    """The visits that count, each once: of the attempt that finished its block, if none of its lines is lost.

    With the blocks that lack lines, by block the highest attempt that left a line in either file, and the
    blocks whose lines no event tells of.
    """
    decode = visit_decoder(stream.path)
    written = Visits.of_rows(decode(line, number) for number, line in enumerate(stream, start=1))
    for code, found in enumerate(written.names["run"]):
        if found != run:
            _refuse_other_run(found, run, f"{stream.path}:{_first_line(written, 'run', code)}")
    for code, cell in enumerate(written.names["cell"]):
        if cell not in cells:
            number = _first_line(written, "cell", code)
            raise QbenchError(f"{stream.path}:{number}: cell {cell!r} is not in the manifest")
    finished = {event["block"]: event for event in events if event["event"] == "block_done"}
    blocks, codes = written.names["block"], written.codes["block"]
    done = [finished[block]["attempt"] if block in finished else UNTOLD for block in blocks]
    counts = written.numbers["attempt"] == np.array(done, dtype=np.int64)[codes]
    rows = np.flatnonzero(counts)
    keys = written.alike(*KEY)[rows]
    order = np.argsort(keys, kind="stable")
    for place in np.flatnonzero(np.diff(keys[order]) == 0):  # the second of two with the same key
        first, second = rows[order[place : place + 2]]
        if written[first] != written[second]:
            key = ", ".join(f"{name} {getattr(written[second], name)}" for name in KEY)
            raise QbenchError(
                f"{stream.path}:{second + 1}: a second, different record of the same visit ({key}):\n"
                f"{written[first]}\n{written[second]}"
            )
        counts[second] = False
    there = dict(zip(blocks, np.bincount(codes[counts], minlength=len(blocks)).tolist(), strict=True))
    lacking = {
        block: Lacking(there.get(block, 0), event["visits"])
        for block, event in finished.items()
        if there.get(block, 0) < event.get("visits", 0)  # older records do not tell
    }
    counts &= np.array([block not in lacking for block in blocks], dtype=bool)[codes]
    highest = np.zeros(len(blocks), dtype=np.int64)
    np.maximum.at(highest, codes, written.numbers["attempt"])
    attempts = dict(zip(blocks, highest.tolist(), strict=True))
    for event in events:
        if event["event"] == "block_started":
            attempts[event["block"]] = max(event["attempt"], attempts.get(event["block"], 0))
    orphans = _orphans(written, [block in finished for block in blocks], _interrupted(events))
    kept = written if counts.all() else written.take(np.flatnonzero(counts))
    return kept, lacking, attempts, orphans


def _orphans(written: Visits, done: list[bool], interrupted: Set[tuple[str, int]]) -> dict[str, int]:
    """By block that no event says is done nor was interrupted: how many lines of visits it has."""
    codes, blocks = written.codes["block"], written.names["block"]
    rows = np.flatnonzero(~np.array(done, dtype=bool)[codes])
    found: dict[str, int] = {}
    for code, attempt in zip(codes[rows].tolist(), written.numbers["attempt"][rows].tolist(), strict=True):
        if (blocks[code], attempt) not in interrupted:
            found[blocks[code]] = found.get(blocks[code], 0) + 1
    return found


def _interrupted(events: Iterable[Mapping[str, Any]]) -> set[tuple[str, int]]:
    """The blocks and attempts that were begun and not finished, because their session ended there.

    A session runs one block after another: one that is not done before the next is begun lost its event.
    Older records do not tell where a session begins.
    """
    events = tuple(events)
    sessions = any(event["event"] == "session_started" for event in events)
    found: set[tuple[str, int]] = set()
    begun: set[tuple[str, int]] = set()
    for event in events:
        if event["event"] == "session_started":
            found |= begun
            begun = set()
        elif event["event"] == "block_started":
            begun = {*(() if sessions else begun), (event["block"], event["attempt"])}
        elif event["event"] == "block_done":
            begun = begun - {(event["block"], event["attempt"])}
    return found | begun


def _first_line(written: Visits, name: str, code: int) -> int:
    return int(np.argmax(written.codes[name] == code)) + 1


def _failures(
    manifest: Mapping[str, Any],
    outcomes: Mapping[str, Outcome],
    events: Iterable[Mapping[str, Any]],
    timed: set[str],
) -> dict[str, NoAnswer]:
    """How the timed rounds ended for the cells that they failed.

    A cell whose judged call brought no answer takes no part in them: it keeps its verdict.
    """
    due = [
        cell
        for cell in manifest["cells"]
        if cell["id"] not in timed
        and cell["id"] in outcomes
        and outcomes[cell["id"]].answer_digest is not None
    ]
    failures: dict[str, NoAnswer] = {}
    for event in events:
        if event["event"] == "worker_lost":
            cells = [event["cell"]]
        elif event["event"] == "worker_not_loaded":
            mine = [cell for cell in due if cell["simulator"] == event["simulator"]]
            threads = event.get("threads")  # older records do not tell
            cells = [cell["id"] for cell in mine if threads is None or cell["threads"] == threads]
        else:
            continue
        for cell in cells:
            found = NoAnswer(verdict=Verdict(event["verdict"]), reason=f"while timed: {event['reason']}")
            failures.setdefault(cell, found)
    return failures
