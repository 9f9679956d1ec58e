"""The same plan twice gives the same accuracy; tables come back from raw records; Ctrl-C tells the way on."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import qbench
from qbench.analysis.tables import TABLES
from qbench.session.publish import write_tables

SIMULATOR = Path(__file__).parent / "numpy_simulator.py"
HONEST = f"{SIMULATOR}:numpy"
SAMPLER = f"{SIMULATOR}:numpy.sampler"


def tables(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "tables").iterdir())}


def test_two_runs_have_one_accuracy_table(qasm_file: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        qbench.run(str(qasm_file), simulators=[HONEST, SAMPLER, "wrong"], rounds=1, out=tmp_path / name)
    first, second = tables(tmp_path / "first"), tables(tmp_path / "second")
    assert first["accuracy.csv"] == second["accuracy.csv"]
    assert first["accuracy.md"] == second["accuracy.md"]


def test_tables_are_made_again_byte_for_byte(qasm_file: Path, tmp_path: Path) -> None:
    run = qbench.run(str(qasm_file), simulators=[HONEST, "crash"], rounds=2, out=tmp_path / "run")
    before = tables(run.path)
    assert set(before) == {f"{kind}.{suffix}" for kind in TABLES for suffix in ("csv", "md")}
    shutil.rmtree(run.path / "tables")
    write_tables(qbench.load(run.path).records, run.path)
    assert tables(run.path) == before


def test_a_finished_run_resumed_measures_nothing_again(qasm_file: Path, tmp_path: Path) -> None:
    run = qbench.run(str(qasm_file), simulators=[HONEST], rounds=1, out=tmp_path / "run")
    before = (run.path / "visits.jsonl").read_bytes()
    qbench.run(str(qasm_file), simulators=[HONEST], rounds=1, out=tmp_path / "run")
    assert (run.path / "visits.jsonl").read_bytes() == before


def _command(qasm_file: Path, folder: Path) -> list[str]:
    simulators = f"{HONEST},{SAMPLER}"
    return [
        *(sys.executable, "-m", "qbench", "run", str(qasm_file), "-s", simulators),
        *("--rounds", "8", "-o", str(folder)),
    ]


@pytest.mark.parametrize(
    ("number", "said", "status"),
    [
        (signal.SIGINT, "interrupted", 130),
        (signal.SIGTERM, "ended by SIGTERM", 143),
        (signal.SIGHUP, "ended by SIGHUP", 129),
    ],
)
def test_ended_by_a_signal_it_says_how_to_resume(
    number: signal.Signals, said: str, status: int, qasm_file: Path, tmp_path: Path
) -> None:
    command = _command(qasm_file, tmp_path / "run")
    running = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # a shell's background job ignores SIGINT, and its children inherit that
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    deadline = time.monotonic() + 30
    while not (tmp_path / "run" / "visits.jsonl").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    running.send_signal(number)
    _, errors = running.communicate(timeout=30)
    assert running.returncode == status
    assert f"qbench: {said}. The same command with -o {tmp_path / 'run'} resumes this run." in errors
    assert "Traceback" not in errors
