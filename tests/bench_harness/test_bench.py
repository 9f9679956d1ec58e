"""``make bench-harness``: the hand-written scripts answer rightly, and the command prints its three tables.

Nothing is asserted about times.
"""

from __future__ import annotations

import math
import re
import subprocess
import sys
from pathlib import Path

import pytest
from bench import NULL, PLAIN, QUBITS, Script, main

from qbench.session.plan import plan_simulators
from qbench.session.suites import load_suite

SCRIPTS = sorted(path.stem for path in PLAIN.glob("*.py") if path.stem != "timing")


def test_every_simulator_of_core_v1_has_a_script() -> None:
    assert {*load_suite("core-v1").simulators, NULL} == set(SCRIPTS)


@pytest.mark.parametrize("name", [name for name in SCRIPTS if name != NULL])
def test_a_hand_written_script_gives_the_right_answer(name: str) -> None:
    (planned,) = plan_simulators([name])
    if planned.missing:
        pytest.skip(f"{planned.missing[0]} is not installed")
    with Script(planned) as script:
        answer = script.ask("answer")
        assert min(script.time()) > 0
    if isinstance(answer, dict):
        assert set(answer) == {"0" * QUBITS, "1" * QUBITS}
        assert sum(answer.values()) == 1000
        assert 380 < answer["0" * QUBITS] < 620  # 7.6 standard deviations
        return
    assert isinstance(answer, list)
    state = [complex(real, imaginary) for real, imaginary in answer]
    assert len(state) == 2**QUBITS
    assert abs(abs(sum((state[0], state[-1]))) - math.sqrt(2)) < 1e-6  # equal, and with one phase
    assert sum(abs(amplitude) ** 2 for amplitude in state) == pytest.approx(1, abs=1e-6)


def test_a_reduced_run_prints_what_a_whole_one_does(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["--rounds", "1", "--simulators", NULL]) == 0
    printed = capfd.readouterr().out
    for phase in ("translate", "compile", "execute", "readback", "end_to_end"):
        assert re.search(rf"^  {phase} +\d+ ns +[+-]\d+ ns$", printed, re.MULTILINE)
    for start in ("qbench --help", "qbench list circuits", "a worker"):
        assert re.search(rf"^  {re.escape(start)}.* +\d+ +\(\d+ to \d+\)$", printed, re.MULTILINE)
    assert re.search(r"^  null +[\d.]+ us +[\d.]+ us +[\d.]+ +[\d.]+$", printed, re.MULTILINE)


def test_a_script_that_is_not_there_is_one_message_and_exit_2(tmp_path: Path) -> None:
    command = [sys.executable, str(PLAIN.parent / "bench.py"), "--rounds", "1", "--simulators", "spin"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("bench-harness: spin: ")
    assert "Traceback" not in done.stderr
