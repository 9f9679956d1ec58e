"""The self-test's folder: its settings, its runs, the plain readings, and the tables made from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
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
from qbench.report.selftest_page import selftest_page
from qbench.results.durable import UNFINISHED, write_whole
from qbench.results.reading import MANIFEST, read_run
from qbench.results.records import RunRecords
from qbench.session.selftest.packing import PACKED, RUNS, unpacked
from qbench.session.selftest.plain_file import add_plain, check_plain, read_plain
from qbench.session.selftest.request import Request
from qbench.session.selftest.settings import SETTINGS, read_settings, refuse_other_request, write_settings

__all__ = ["SelfTestFolder", "read_evidence", "refuse_unfit", "write_tables"]

EVIDENCE = "evidence.json"
PAGE = "selftest.txt"


def refuse_unfit(path: Path, request: Request, planned: Mapping[str, int]) -> None:
    """Raise ``QbenchError`` where the folder holds another self-test, or something else; writes nothing."""
    if (path / PACKED).exists():
        raise QbenchError(f"{path}: this self-test is packed: it is read, not continued. Name another -o.")
    if (path / SETTINGS).exists():
        if (path / EVIDENCE).exists() and not (path / RUNS).exists():
            raise QbenchError(
                f"{path}: this self-test was published without its records: it is read, not continued. "
                "Name another -o."
            )
        refuse_other_request(path, request, planned)
    elif path.exists() and not path.is_dir():
        raise QbenchError(f"{path}: is no folder. Name another with -o.")
    elif path.exists() and {one.name for one in path.iterdir()} - {f"{SETTINGS}{UNFINISHED}"}:
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
                write_settings(path, request, planned)
            (path / RUNS).mkdir(exist_ok=True)
        except OSError as error:
            where = error.filename or path
            raise QbenchError(f"{where}: cannot write there: {error.strerror or error}") from error

    def run(self, name: str) -> Path:
        return self.path / RUNS / name

    def complete(self, name: str) -> bool:
        """Whether this run came to its end."""
        if not (self.run(name) / MANIFEST).exists():
            return False
        return _complete(read_run(self.run(name)))

    def plain(self) -> list[dict[str, Any]]:
        return read_plain(self.path)

    def add_plain(self, record: Mapping[str, Any]) -> None:
        """Keep a reading made without the harness."""
        add_plain(self.path, record)


def _complete(records: RunRecords) -> bool:
    whole = any(event["event"] == "costs" and event["complete"] for event in records.events)
    return whole and not records.lacking and not records.orphans


def read_evidence(path: Path) -> Evidence:
    """All that the raw records of a self-test's folder say, packed or not; unfinished runs do not count.

    Packed ones are taken wherever they are: beside them, ``runs`` may be what a kill left of it.  Where the
    raw records are not there (they need not be published), ``evidence.json`` is read, which was made from
    them.  Raises ``QbenchError`` where it is no such folder, or is damaged.
    """
    settings = read_settings(path)
    if not (path / RUNS).is_dir() and not (path / PACKED).exists():
        return _stored_evidence(path, settings)
    whole: Counter[str] = Counter()
    pairs: list[Pair] = []
    spins: list[Spin] = []
    costs: Costs | None = None
    timed: list[Timed] = []
    with unpacked(path) as folder:
        names = sorted(manifest.parent.name for manifest in (folder / RUNS).glob(f"*/{MANIFEST}"))
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
        plain = read_plain(folder)
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


def _stored_evidence(path: Path, settings: Mapping[str, Any]) -> Evidence:
    file = path / EVIDENCE
    try:
        found = msgspec.json.decode(file.read_bytes(), type=Evidence)
        for record in found.plain:
            check_plain(record)
    except FileNotFoundError as error:
        raise QbenchError(f"{path}: has none of {RUNS}, {PACKED} and {EVIDENCE}") from error
    except OSError as error:
        raise QbenchError(f"{file}: cannot read it: {error.strerror or error}") from error
    except msgspec.DecodeError as error:
        raise QbenchError(f"{file}: damaged: {error}") from error
    if found.request != settings["request"]:
        raise QbenchError(f"{file}: of another self-test than {SETTINGS} tells of")
    return found


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
            write_whole(path / name, text.encode("utf-8"))
        except OSError as error:
            raise QbenchError(f"{path / name}: cannot write: {error.strerror or error}") from error
    return page
