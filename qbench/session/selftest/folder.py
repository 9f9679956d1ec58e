"""The self-test's folder: what was asked for, its runs, the plain readings, and the tables made from them."""

from __future__ import annotations

import dataclasses
import json
import lzma
import shutil
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from qbench.analysis.readings import take_readings
from qbench.analysis.render import render_csv, render_markdown
from qbench.analysis.selftest.evidence import (
    Costs,
    Evidence,
    Pair,
    Spin,
    Timed,
    take_costs,
    take_pairs,
    take_spins,
    take_timed,
)
from qbench.analysis.selftest.tables import comparisons_table, findings_table
from qbench.errors import QbenchError
from qbench.model import PROTOCOL
from qbench.report.selftest_page import selftest_page
from qbench.results.machine import describe_machine, describe_qbench
from qbench.results.reading import MANIFEST, read_run
from qbench.results.records import RunRecords
from qbench.session.selftest.request import Request

__all__ = ["SelfTestFolder", "pack", "read_evidence", "refuse_unfit", "write_tables"]

SETTINGS = "selftest.json"
RUNS = "runs"
PLAIN = "plain.jsonl"
EVIDENCE = "evidence.json"
PACKED = "records.tar.xz"
PAGE = "selftest.txt"
FORMAT = 1


def _wanted(request: Request, planned: Mapping[str, int]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "protocol": PROTOCOL,
        "request": json.loads(json.dumps(dataclasses.asdict(request))),
        "planned": dict(planned),
        "machine": describe_machine(),
    }


def refuse_unfit(path: Path, request: Request, planned: Mapping[str, int]) -> None:
    """Raise ``QbenchError`` where the folder holds another self-test, or something else; writes nothing."""
    if (path / PACKED).exists():
        raise QbenchError(f"{path}: this self-test is packed: it is read, not continued. Name another -o.")
    if (path / SETTINGS).exists():
        _refuse_other(path, _settings(path), _wanted(request, planned))
    elif path.exists() and not path.is_dir():
        raise QbenchError(f"{path}: is no folder. Name another with -o.")
    elif path.exists() and any(path.iterdir()):
        raise QbenchError(f"{path}: the folder is not empty and holds no self-test. Name another with -o.")


class SelfTestFolder:
    """The folder while the self-test is being done."""

    def __init__(self, path: Path, request: Request, planned: Mapping[str, int]) -> None:
        """Open or make it; raises ``QbenchError`` where it holds something else, and says what differs."""
        self.path = path
        try:
            refuse_unfit(path, request, planned)
            if not (path / SETTINGS).exists():
                path.mkdir(parents=True, exist_ok=True)
                text = json.dumps(_wanted(request, planned) | {"qbench": describe_qbench()}, indent=1)
                (path / SETTINGS).write_text(text + "\n", encoding="ascii")
            (path / RUNS).mkdir(exist_ok=True)
        except OSError as error:
            raise QbenchError(f"{path}: cannot write there: {error.strerror or error}") from error

    def run(self, name: str) -> Path:
        return self.path / RUNS / name

    def complete(self, name: str) -> bool:
        """Whether this run came to its end."""
        if not (self.run(name) / MANIFEST).exists():
            return False
        return _complete(read_run(self.run(name)))

    def plain(self) -> list[dict[str, Any]]:
        return _plain(self.path)

    def add_plain(self, record: Mapping[str, Any]) -> None:
        """Keep a reading made without the harness; a torn last line of a kill is cut off first."""
        path = self.path / PLAIN
        try:
            text = path.read_text(encoding="ascii") if path.exists() else ""
            whole = text[: text.rfind("\n") + 1]
            if whole != text:
                path.write_text(whole, encoding="ascii")
            with path.open("a", encoding="ascii") as file:
                file.write(json.dumps(record, sort_keys=True, separators=(",", ":")) + "\n")
        except OSError as error:
            raise QbenchError(f"{path}: cannot write: {error.strerror or error}") from error


def _refuse_other(path: Path, found: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    differ = [
        f"{key}: {found.get(key)} -> {wanted[key]}"
        for key in wanted
        if key != "request" and found.get(key) != wanted[key]
    ]
    asked, now = found.get("request", {}), wanted["request"]
    differ += [f"{key}: {asked.get(key)} -> {now[key]}" for key in now if asked.get(key) != now[key]]
    if differ:
        shown = "\n".join(f"  {line}" for line in differ)
        raise QbenchError(
            f"{path}: holds another self-test (found there -> asked for now):\n{shown}\n"
            "Name another folder with -o, or give the command that made this one."
        )


def _settings(path: Path) -> dict[str, Any]:
    file = path / SETTINGS
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise QbenchError(f"{path}: not a self-test's folder: it has no {SETTINGS}") from error
    except (OSError, ValueError) as error:
        raise QbenchError(f"{file}: cannot read it: {error}") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise QbenchError(f"{file}: expected is a self-test of format {FORMAT}")
    return found


def _plain(path: Path) -> list[dict[str, Any]]:
    file = path / PLAIN
    if not file.exists():
        return []
    lines = file.read_text(encoding="ascii").split("\n")
    try:
        return [json.loads(line) for line in lines[:-1]]  # what no newline ends is a torn line
    except ValueError as error:
        raise QbenchError(f"{file}: damaged: {error}") from error


def _complete(records: RunRecords) -> bool:
    whole = any(event["event"] == "costs" and event["complete"] for event in records.events)
    return whole and not records.lacking


def read_evidence(path: Path) -> Evidence:
    """All that the raw records of a self-test's folder say, packed or not; unfinished runs do not count.

    Where the raw records are not there (they need not be published), ``evidence.json`` is read, which was
    made from them.  Raises ``QbenchError`` where it is no such folder, or is damaged.
    """
    settings = _settings(path)
    if not (path / RUNS).is_dir() and not (path / PACKED).exists():
        return _stored_evidence(path)
    whole: Counter[str] = Counter()
    pairs: list[Pair] = []
    spins: list[Spin] = []
    costs: Costs | None = None
    timed: list[Timed] = []
    with _unpacked(path) as folder:
        names = sorted(run.name for run in (folder / RUNS).iterdir() if (run / MANIFEST).exists())
        for name in names:
            records = read_run(folder / RUNS / name)
            if not _complete(records):
                continue
            experiment = name.partition("-")[0]
            whole[experiment] += 1
            readings = take_readings(records)
            if experiment in ("aa", "slowdown"):
                pairs += take_pairs(name, readings)
            elif experiment == "spin":
                spins += take_spins(readings)
            elif experiment == "null":
                costs = take_costs(readings)
            elif experiment == "pyperf":
                timed += take_timed(name, readings)
        plain = _plain(folder)
    return Evidence(
        request=settings["request"],
        machine=settings["machine"],
        runs=dict(whole),
        planned=settings["planned"],
        pairs=tuple(pairs),
        spins=tuple(spins),
        costs=costs,
        plain=tuple(plain),
        timed=tuple(timed),
    )


def _stored_evidence(path: Path) -> Evidence:
    file = path / EVIDENCE
    try:
        return msgspec.json.decode(file.read_bytes(), type=Evidence)
    except FileNotFoundError as error:
        raise QbenchError(f"{path}: has none of {RUNS}, {PACKED} and {EVIDENCE}") from error
    except OSError as error:
        raise QbenchError(f"{file}: cannot read it: {error.strerror or error}") from error
    except msgspec.DecodeError as error:
        raise QbenchError(f"{file}: damaged: {error}") from error


def write_tables(evidence: Evidence, path: Path) -> str:
    """Write the page, the tables and the evidence; returns the page.  The same records, the same bytes."""
    page = selftest_page(evidence)
    stored = msgspec.json.format(msgspec.json.encode(evidence), indent=0)
    files = {PAGE: page, EVIDENCE: f"{stored.decode()}\n"}
    for table in (findings_table(evidence), comparisons_table(evidence)):
        files[f"{table.name}.csv"] = render_csv(table)
        if table.name == "findings":
            files["findings.md"] = render_markdown(table)
    for name, text in files.items():
        try:
            (path / name).write_bytes(text.encode("utf-8"))
        except OSError as error:
            raise QbenchError(f"{path / name}: cannot write: {error.strerror or error}") from error
    return page


# ---- packed, to be published


def pack(path: Path) -> Path:
    """Put all raw records into one file, the same bytes from the same records, and remove the folders."""
    _settings(path)
    archive = path / PACKED
    if not (path / RUNS).is_dir():
        raise QbenchError(f"{path}: has no {RUNS} to pack" + ("; it is packed" if archive.exists() else ""))
    for derived in (path / RUNS).glob("*/tables"):
        shutil.rmtree(derived)
    files = [path / PLAIN, *sorted((path / RUNS).rglob("*"))]
    unfinished = archive.with_suffix(".unfinished")
    with lzma.open(unfinished, "wb", preset=9) as packed, tarfile.open(fileobj=packed, mode="w") as tar:
        for file in files:
            if file.is_file():
                facts = tarfile.TarInfo(str(file.relative_to(path)))
                facts.size = file.stat().st_size
                with file.open("rb") as content:
                    tar.addfile(facts, content)
    unfinished.replace(archive)
    shutil.rmtree(path / RUNS)
    (path / PLAIN).unlink(missing_ok=True)
    return archive


@contextmanager
def _unpacked(path: Path) -> Iterator[Path]:
    """The folder that holds the records: this one, or a temporary one while they are packed here."""
    if (path / RUNS).is_dir():
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="qbench-selftest-") as name:
        try:
            with tarfile.open(path / PACKED, mode="r:xz") as tar:
                tar.extractall(name, filter="data")
        except (tarfile.TarError, lzma.LZMAError, EOFError, OSError) as error:
            raise QbenchError(f"{path / PACKED}: damaged: {error}") from error
        yield Path(name)
