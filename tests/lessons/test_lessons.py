"""Every lesson's commands lead to what it shows, and work for somebody who gives them for real."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from lesson_pages import LESSONS, PAGES, Folder, records, steps

# What is shorter here than in the page: fewer simulators and rounds.
SHORTER = {
    "pick-a-simulator": (
        "-s qiskit.statevector,aer.statevector,pennylane.lightning,qulacs.statevector,qulacs.opt,"
        "ddsim.statevector -w state,sample --budget 2m",
        "-s qiskit.statevector,qulacs.statevector -w state,sample --rounds 2",
    ),
    "follow-releases": ("--rounds 8", "--rounds 2"),
}


LONG = ("phases-and-precision",)
"""Six tables of a run of twelve circuits: 8 s of CPU."""


@pytest.mark.parametrize(
    "page",
    [pytest.param(page, marks=pytest.mark.slow if page.stem in LONG else ()) for page in PAGES],
    ids=lambda page: page.stem,
)
def test_the_shown_output_is_what_comes_out(page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    folder = Folder(tmp_path)
    for name, place in records(text).items():
        folder.take(name, place)
    shown = [step for step in steps(text) if step.kind == "recorded"]
    assert len(shown) >= 4
    for step in shown:
        done = folder.run(step.command)
        assert done.stdout == step.output, (
            f"{step.command}\n{done.stderr}\npython tests/lessons/write_lessons.py"
        )
        assert done.stdout.strip()


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if page.stem in SHORTER], ids=lambda page: page.stem)
def test_the_steps_work_for_real(page: Path, tmp_path: Path) -> None:
    """All steps but those that need a network, in their order, on what they measure themselves."""
    folder = Folder(tmp_path)
    old, new = SHORTER[page.stem]
    text = page.read_text(encoding="utf-8")
    assert old in text
    for step in steps(text):
        if step.kind == "network":
            continue
        done = folder.run(step.command.replace(old, new))
        assert done.returncode == step.code, f"{step.command}\n{done.stdout}{done.stderr}"
        if step.kind == "live" and step.output:
            assert done.stdout == step.output
        if step.kind == "recorded":
            assert done.stdout.strip(), step.command


def test_every_command_is_a_step() -> None:
    """No block of commands is left out by a comment that is missing or misspelt."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert len(re.findall(r"^ *```console$", text, re.MULTILINE)) == len(steps(text)), page.name
        for step in steps(text):
            subprocess.run(["bash", "-n", "-c", step.command], check=True)


def test_the_circuit_shown_is_the_file() -> None:
    (shown,) = re.findall(r"```qasm\n(.*?)```", (LESSONS / "pick-a-simulator.md").read_text(), re.DOTALL)
    assert shown == (LESSONS / "my_circuit.qasm").read_text()


def test_only_one_release_of_the_toy_is_wrong(tmp_path: Path) -> None:
    """Of the three releases' own results: 2.0 alone differs, and on ``rz`` alone."""
    folder = Folder(tmp_path)
    assert folder.run("python docs/lessons/toy_releases.py wheels").returncode == 0
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); from toy_simulator import run\n"
        "h, s = 0.5**0.5, (1, 0, 0, 1j)\n"
        "rz = (1 - 0.1j, 0, 0, 1 + 0.1j)\n"
        "for gates in ([s], [rz]):\n"
        "    print(run(2, [(0, 0, (h, h, h, -h)), (1, 1, (0, 1, 1, 0)), *((1, 0, one) for one in gates)]))\n"
    )
    (tmp_path / "show.py").write_text(program)
    answers = {
        number: folder.run(
            f"python show.py wheels/toy_simulator-{number}-py3-none-any.whl"
        ).stdout.splitlines()
        for number in ("1.0", "2.0", "2.1")
    }
    assert all(len(lines) == 2 for lines in answers.values())
    assert answers["1.0"] == answers["2.1"]
    assert answers["2.0"][0] == answers["1.0"][0]
    assert answers["2.0"][1] != answers["1.0"][1]
