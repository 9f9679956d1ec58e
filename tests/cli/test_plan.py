"""``qbench plan`` as a user types it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from qbench.session.suites import suite_names

SIMULATOR = Path(__file__).parents[1] / "session" / "numpy_simulator.py"


def qbench(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qbench", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=cwd)


def test_a_plan_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    simulators = f"{SIMULATOR}:numpy,{SIMULATOR}:numpy.sampler"
    request = ("ghz_3", "qft_4", "-s", simulators, "--rounds", "3", "--no-controls")
    text = qbench("plan", *request, cwd=tmp_path)
    assert (text.returncode, text.stderr) == (0, "")
    assert text.stdout.startswith("named circuits: 2 circuits (3 to 4 qubits) x 2 workloads x 2 simulators\n")
    assert "numpy.sampler: has no state (2)" in text.stdout
    told = json.loads(qbench("plan", *request, "--json", cwd=tmp_path).stdout)
    assert told["cells"]["total"] == 8
    assert told["cells"]["asked"] == 6
    assert told["rounds"] == {"least": 3, "most": 3, "width": None, "metric": "wall"}
    assert told["blocks"] == {"least": 12, "most": 12}
    assert told["visits"] == {"least": 18, "most": 18}
    assert 0 < told["estimate_s"]["low"] < told["estimate_s"]["high"]
    assert list(tmp_path.iterdir()) == []


def test_both_gate_modes_are_asked_for_and_told(tmp_path: Path) -> None:
    request = ("ghz_3", "w_3", "-s", f"{SIMULATOR}:numpy", "-w", "state", "--rounds", "3", "--no-controls")
    both = qbench("plan", *request, "--gates", "common,native", cwd=tmp_path)
    assert (both.returncode, both.stderr) == (0, "")
    assert "\nthreads     1; native and common gates; seed 1\n" in both.stdout
    told = json.loads(qbench("plan", *request, "--gates", "native,common", "--json", cwd=tmp_path).stdout)
    assert told["gates"] == ["native", "common"]
    assert told["cells"]["total"] == told["cells"]["asked"] == 4
    assert told["blocks"] == {"least": 12, "most": 12}
    common = qbench("plan", *request, "--gates", "common", cwd=tmp_path)
    assert "; common gates; seed 1\n" in common.stdout
    odd = qbench("plan", *request, "--gates", "native,comon", cwd=tmp_path)
    assert odd.returncode == 2
    assert odd.stderr == "qbench: unknown gate mode 'comon': native, common, or both as native,common.\n"


def test_what_is_not_installed_is_counted(tmp_path: Path) -> None:
    text = SIMULATOR.read_text(encoding="utf-8").replace('["numpy"]', '["numpy", "no-such-thing"]')
    (tmp_path / "mine.py").write_text(text, encoding="utf-8")
    done = qbench("plan", "ghz_3", "-s", "mine.py:numpy", "--no-controls", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "cells       2: 0 asked, 2 not installed\n" in done.stdout
    assert "pip install no-such-thing" in done.stdout


@pytest.mark.parametrize("name", suite_names())
def test_every_suite_has_a_plan(name: str, tmp_path: Path) -> None:
    done = qbench("plan", name, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{name} ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["quikc"], "quick"),
        (["smoke", "--rounds", "0"], "rounds must be at least 1"),
        (["smoke", "-s", "nobody", "-w", "dream"], "dream"),
        (["missing.qasm"], "missing.qasm"),
        (["smoke", "--frobnicate"], "--frobnicate"),
    ],
)
def test_a_request_that_cannot_be_planned_is_one_message_and_exit_2(
    arguments: list[str], said: str, tmp_path: Path
) -> None:
    done = qbench("plan", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_a_run_tells_its_plan_first_and_its_costs_last(tmp_path: Path) -> None:
    request = ("ghz_3", "-s", f"{SIMULATOR}:numpy", "--rounds", "1", "--no-controls")
    done = qbench("run", *request, "-o", "run", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("named circuits: 2 cells (2 asked), 1 round, about ")
    assert "Where the time went, " in done.stdout
    assert "named circuits: 2 cells" not in done.stdout
    again = qbench("table", "run", cwd=tmp_path)
    assert "Where the time went, " in again.stdout  # made again from the records alone
