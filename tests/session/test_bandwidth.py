"""The bandwidth in a run's records: once, before any worker; added later on the same machine alone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import qbench
from qbench.analysis.memory_limit import memory_limit
from qbench.analysis.readings import take_readings
from qbench.errors import QbenchError
from qbench.results.merging import merge_runs
from qbench.results.schema import event_misfit
from qbench.session.bandwidth import EVENT, add_bandwidth, bandwidth_facts
from qbench.session.plan import make_plan
from qbench.session.publish import write_tables

SIMULATOR = Path(__file__).parent / "numpy_simulator.py"
QASM = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\nry(0.3) q[0];\ncx q[0],q[1];\n'


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bandwidth")
    circuit = folder / "two.qasm"
    circuit.write_text(QASM)
    arguments: dict[str, Any] = {"simulators": [f"{SIMULATOR}:numpy"], "rounds": 1, "controls": False}
    qbench.run(str(circuit), out=folder / "run", **arguments)
    qbench.run(str(circuit), out=folder / "run", **arguments)  # resumed: nothing is left to do
    return folder / "run"


@pytest.fixture
def older(finished: Path, tmp_path: Path) -> Path:
    """The same run as a version without this measurement would have left it."""
    folder = tmp_path / "older"
    shutil.copytree(finished, folder)
    lines = (folder / "events.jsonl").read_text().splitlines(keepends=True)
    kept = [line for line in lines if json.loads(line)["event"] != EVENT]
    (folder / "events.jsonl").write_text("".join(kept))
    return folder


def events_of(folder: Path) -> list[str]:
    return [json.loads(line)["event"] for line in (folder / "events.jsonl").read_text().splitlines()]


def test_a_run_measures_it_once_before_any_worker_and_resumed_not_again(finished: Path) -> None:
    events = events_of(finished)
    assert events.count("session_started") == 2
    assert events.count(EVENT) == 1
    assert events.index(EVENT) < events.index("worker_started")
    limit = memory_limit(take_readings(qbench.load(finished).records))
    assert limit is not None
    assert limit.points[0][0] == 4096
    assert limit.points[-1][0] == 4 << 20  # its states are small


def test_it_is_added_to_a_run_that_has_none_and_only_once(older: Path) -> None:
    before = (older / "events.jsonl").read_bytes()
    tables = {path.name: path.read_bytes() for path in (older / "tables").iterdir()}
    found = add_bandwidth(older)
    after = (older / "events.jsonl").read_bytes()
    assert after.startswith(before)  # nothing that was written is touched
    assert after.count(b"\n") == before.count(b"\n") + 1
    assert [size for size, _ in found.points][-1] == 256 << 20
    records = qbench.load(older).records
    assert records.events[-1]["event"] == EVENT
    assert records.events[-1]["seq"] == max(event["seq"] for event in records.events)
    write_tables(records, older)
    made = {path.name: path.read_bytes() for path in (older / "tables").iterdir()}
    assert [name for name in made if made[name] != tables[name]] in ([], ["costs.md"])
    with pytest.raises(QbenchError, match="has its memory bandwidth already"):
        add_bandwidth(older)


def test_copies_with_and_without_it_merge(older: Path, tmp_path: Path) -> None:
    with_it = tmp_path / "with"
    shutil.copytree(older, with_it)
    add_bandwidth(with_it)
    merge_runs([older, with_it], tmp_path / "merged")
    assert events_of(tmp_path / "merged") == events_of(with_it)
    assert (tmp_path / "merged" / "events.jsonl").read_bytes() == (with_it / "events.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("processor", "Other Processor", "processor: Other Processor there"),
        ("architecture", "riscv64", "architecture: riscv64 there"),
        ("memory_bytes", 1 << 20, "memory: 1048576 bytes there"),
    ],
)
def test_a_run_of_another_machine_is_refused(older: Path, name: str, value: Any, told: str) -> None:
    manifest = json.loads((older / "manifest.json").read_text())
    manifest["machine"][name] = value
    (older / "manifest.json").write_text(json.dumps(manifest))
    before = (older / "events.jsonl").read_bytes()
    with pytest.raises(QbenchError, match="another machine") as refused:
        add_bandwidth(older)
    assert told in str(refused.value)
    assert (older / "events.jsonl").read_bytes() == before


def test_a_run_that_has_not_ended_is_refused(older: Path) -> None:
    lines = (older / "events.jsonl").read_text().splitlines(keepends=True)
    begun = [line for line in lines if json.loads(line)["event"] not in ("measured", "costs")]
    (older / "events.jsonl").write_text("".join(begun))
    with pytest.raises(QbenchError, match="has not ended"):
        add_bandwidth(older)


def test_the_command_prints_the_curve_and_refuses_a_second_time(older: Path) -> None:
    def asked(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "qbench", "bandwidth", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)

    first = asked(str(older))
    assert first.returncode == 0, first.stderr
    assert "4 KiB" in first.stdout
    assert "256 MiB" in first.stdout
    second = asked(str(older), "--json")
    assert second.returncode == 2
    assert "has its memory bandwidth already" in second.stderr
    assert asked(str(older / "tables")).returncode == 2


def test_a_run_goes_on_without_it_and_its_records_say_why(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = make_plan(["ghz_3"], simulators=[f"{SIMULATOR}:numpy"], rounds=1)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    event = {"event": EVENT, **bandwidth_facts(plan)}
    assert event_misfit(event) is None
    assert event["points"] == []
    assert event["reason"] == "the measuring process ended with 1"
    monkeypatch.setattr(sys, "executable", "/home/somebody/python")
    assert "somebody" not in str(bandwidth_facts(plan)["reason"])
