"""``qbench check`` on simulators that cannot even be loaded."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from qbench.cli.check import command
from qbench.errors import QbenchError
from qbench.session import check
from qbench.session.check import CannotLoad, check_simulator, simulators_to_check
from qbench.session.probing import Finding

TOY = '''"""A toy."""
CONTRACT = 1
DISTRIBUTIONS = []
LICENCE = "MIT"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["state"]
GATES = ["h", "cx", "rz"]
MAX_QUBITS = 4
CONFIGURATIONS = {"toy.one": {}}

def load(options):
    pass
'''

# how importing the file ends: (its last line, the verdict, what is said)
ENDS = {
    "loops": ("while True: pass", "timeout", "no answer to 'load' within 2 s"),
    "exits": ("raise SystemExit(3)", "crash", "left with exit code 3"),
    "dies": ("import os; os._exit(4)", "crash", "left with exit code 4"),
    "raises": ("raise ValueError('not today')", "error", "ValueError: not today (load)"),
    "lacks a package": ("import no_such_package", "error", "No module named 'no_such_package'"),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_file_that_does_not_load_is_told_of_once(end: str, tmp_path: Path) -> None:
    line, verdict, reason = ENDS[end]
    path = tmp_path / "toy.py"
    path.write_text(f"{TOY}\n{line}\n")
    words = [sys.executable, "-m", "qbench", "check", str(path), "--limit", "0.5"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1, done.stderr
    (told,) = done.stdout.splitlines()
    assert told.startswith(f"toy.one: FAILED: cannot be loaded: {verdict}: ")
    assert reason in told


def test_of_a_group_what_is_not_installed_is_named_and_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "toy.py"
    two = '{"toy.one": {}, "toy.two": {"DISTRIBUTIONS": ["no-such-distribution"]}}'
    path.write_text(TOY.replace('{"toy.one": {}}', two) + "\nraise ValueError('not today')\n")
    absent = "toy.two: not installed: no-such-distribution. To check it: pip install no-such-distribution"
    group = CliRunner().invoke(command, [str(path)], standalone_mode=False)
    assert group.return_value == 1
    assert [line.partition(":")[0] for line in group.output.splitlines()] == ["toy.one", "toy.two"]
    assert group.output.splitlines()[1] == absent
    with pytest.raises(QbenchError) as caught:
        simulators_to_check(f"{path}:toy.two")
    assert str(caught.value) == absent


def test_a_simulator_that_loads_and_then_fails_is_asked_every_probe(tmp_path: Path) -> None:
    path = tmp_path / "toy.py"
    raising = "\n    raise ValueError('not today')\n"
    phases = ("translate(circuit, task)", "execute(program, seed, bindings=None)", "readback(handle)")
    path.write_text(TOY + "".join(f"\ndef {phase}:{raising}" for phase in phases))
    (planned,) = simulators_to_check(str(path))
    findings = list(check_simulator(planned, 5.0))
    asked = [finding for finding in findings if isinstance(finding, Finding)]
    assert len(asked) == len(findings) > 10
    assert not [finding for finding in findings if isinstance(finding, CannotLoad)]


@pytest.mark.parametrize(("simulator", "kind"), [("chain_rule", "gradient"), ("stale_sweep", "sweep")])
def test_the_smallest_failure_comes_with_a_command_that_shows_it_again(
    simulator: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for beside in ("largest_circuits", "how_it_works"):  # tested by themselves
        monkeypatch.setattr(check, beside, lambda *_: iter(()))
    done = CliRunner().invoke(command, [f"workloads.{simulator}"], standalone_mode=False)
    assert done.return_value == 1, done.output
    lines = done.output.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("The smallest circuit"))
    assert lines[start + 1].startswith(f"// task: {kind} of ")
    end = next(n for n, line in enumerate(lines) if line.startswith("Saved as probe.qasm"))
    (tmp_path / "probe.qasm").write_text("\n".join(lines[start + 1 : end]))
    program, *words = shlex.split(lines[end + 1])
    assert program == "qbench"
    again = [sys.executable, "-m", "qbench", *words, "-o", "again", "--strict"]
    told = subprocess.run(again, capture_output=True, text=True, check=False, timeout=300, cwd=tmp_path)
    assert told.returncode == 1, told.stdout + told.stderr
    assert "wrong" in told.stdout
