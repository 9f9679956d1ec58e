"""The same plan twice gives the same accuracy; tables come back from raw records; kills lose nothing."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import qbench
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
    assert set(before) == {
        f"{kind}.{suffix}" for kind in ("cells", "accuracy", "support", "ratios") for suffix in ("csv", "md")
    }
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


def _raw_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("*.jsonl"))


def _kill_and_resume(qasm_file: Path, folder: Path, undisturbed: Path, draw: random.Random) -> int:
    """Kill the program at five random moments of its work, then let it finish; how many kills met it alive.

    A moment is an amount of records written since it was started, plus a random short time: so it does not
    depend on how fast the machine is.
    """
    killed = 0
    whole_bytes = _raw_bytes(undisturbed)
    for _ in range(5):
        before = _raw_bytes(folder)
        growth = draw.choice((0.0, draw.uniform(0.0, 0.25))) * whole_bytes
        doomed = subprocess.Popen(
            _command(qasm_file, folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while doomed.poll() is None and _raw_bytes(folder) - before < growth:
            time.sleep(0.005)
        time.sleep(draw.uniform(0.0, 0.1 if growth else 1.0))
        killed += doomed.poll() is None
        doomed.send_signal(signal.SIGKILL)
        doomed.wait()
    done = subprocess.run(_command(qasm_file, folder), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    resumed, whole = qbench.load(folder), qbench.load(undisturbed)
    assert tables(folder)["accuracy.csv"] == tables(undisturbed)["accuracy.csv"]

    def counted(run: qbench.Run) -> list[tuple[str, int, str, str]]:
        return sorted((v.cell, v.round, v.phase, v.place) for v in run.records.visits if v.place == "warm")

    assert counted(resumed) == counted(whole)
    return killed


def test_kill_9_at_random_moments_loses_nothing(qasm_file: Path, tmp_path: Path) -> None:
    subprocess.run(_command(qasm_file, tmp_path / "whole"), capture_output=True, check=True)
    assert _kill_and_resume(qasm_file, tmp_path / "run", tmp_path / "whole", random.Random(20)) >= 3


@pytest.mark.slow
def test_kill_9_at_fifty_random_moments_loses_nothing(qasm_file: Path, tmp_path: Path) -> None:
    subprocess.run(_command(qasm_file, tmp_path / "whole"), capture_output=True, check=True)
    draw = random.Random(21)
    killed = 0
    for batch in range(10):
        killed += _kill_and_resume(qasm_file, tmp_path / f"run{batch}", tmp_path / "whole", draw)
    assert killed >= 40


def test_interrupted_it_says_how_to_resume(qasm_file: Path, tmp_path: Path) -> None:
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
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "resumes this run" in errors
    assert "Traceback" not in errors
