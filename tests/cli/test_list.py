"""``qbench list``: choosing among many circuits, families, and lines that fit the terminal."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qbench.circuits.families import FAMILIES
from qbench.circuits.library import index
from qbench.cli import list_simulators
from qbench.simulators.contract import SimulatorFacts
from qbench.simulators.registry import builtin_simulators


def listed(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qbench", "list", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def rows(*arguments: str) -> list[dict[str, Any]]:
    done = listed(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_circuits_are_chosen_by_area_family_and_size() -> None:
    small = rows("circuits", "--area", "sensing", "--max-qubits", "5")
    assert [row["name"] for row in small] == [
        facts.name for facts in index() if facts.area == "sensing" and facts.qubits <= 5
    ]
    assert small
    ghz = rows("circuits", "--family", "ghz")
    assert {row["family"] for row in ghz} == {"ghz"}
    text = listed("circuits", "--family", "ghz").stdout
    assert len(text.splitlines()) == len(ghz) + 1
    assert rows("circuits", "--family", "qpe", "--max-qubits", "1") == []


def test_families_with_their_sizes() -> None:
    families = rows("families")
    assert [row["name"] for row in families] == list(FAMILIES)
    by_name = {row["name"]: row for row in families}
    assert by_name["ghz"]["qubits"] == sorted(facts.qubits for facts in index() if facts.family == "ghz")
    assert {name for row in families for name in row["circuits"]} == {facts.name for facts in index()}
    (line,) = [line for line in listed("families").stdout.splitlines() if line.startswith("ghz ")]
    assert " 2-" in line
    assert FAMILIES["ghz"].summary in line


def real_names(text: str) -> list[str]:
    """The simulators of the table: its lines that end in marks."""
    return [line.split()[0] for line in text.splitlines()[1:] if line.endswith(" x")]


def test_doubles_are_listed_apart_and_stay_out_of_all() -> None:
    text = listed("simulators").stdout
    real, _, doubles = text.partition("\nDoubles, ")
    kinds = {row["name"]: row["kind"] for row in rows("simulators")}
    named = real_names(real)
    assert sorted(named) == sorted(name for name, kind in kinds.items() if kind != "double")
    for name in kinds.keys() - set(named):
        assert name in doubles.replace(",", " ").split()


def test_the_table_of_simulators_fits_a_terminal_of_100_columns_and_its_marks_are_the_files() -> None:
    real, _, _ = listed("simulators").stdout.partition("\nDoubles, ")
    assert max(map(len, real.splitlines())) <= 100
    heading = real.splitlines()[0]
    places = {kind: heading.index(f" {mark}") + 2 for kind, mark in list_simulators.MARKS.items()}
    lines = {line.split()[0]: line for line in real.splitlines() if line.endswith(" x")}
    for simulator in builtin_simulators():
        facts, line = simulator.facts, lines[simulator.label]
        has = {*facts.tasks, *facts.features}
        marked = {kind for kind, place in places.items() if line[place : place + 1] == "x"}
        assert marked == has & set(places), line
        assert line[: places["state"]].split()[-2:] == [str(facts.max_qubits), str(len(facts.gates))]
        assert ("c64" in line.split()) == (facts.precision == "complex64")


ASKED: dict[str, tuple[list[str], Callable[[SimulatorFacts], bool]]] = {
    "gradient": (["--workload", "gradient"], lambda facts: "gradient" in facts.tasks),
    "either half of noisy": (
        ["--workload", "noisy"],
        lambda facts: not {"density_matrix", "noisy_sample"}.isdisjoint(facts.tasks),
    ),
    "two workloads": (
        ["--workload", "state", "--workload", "sweep"],
        lambda facts: {"state", "sweep"} <= set(facts.tasks),
    ),
    "a gate and a size": (
        ["--gate", "c4x", "--qubits", "20"],
        lambda facts: "c4x" in facts.gates and facts.max_qubits >= 20,
    ),
    "two channels": (
        ["--noise", "amplitude_damping", "--noise", "readout"],
        lambda facts: {"amplitude_damping", "readout"} <= facts.noise,
    ),
    "midway and forward, single precision": (
        ["--mid-circuit", "--feed-forward", "--precision", "complex64"],
        lambda facts: (
            {"mid_circuit_measurement", "feed_forward"} <= facts.features and facts.precision == "complex64"
        ),
    ),
    "a kind": (["--kind", "clifford"], lambda facts: facts.kind == "clifford"),
    "nobody": (["--kind", "clifford", "--gate", "rx"], lambda facts: False),
}


@pytest.mark.parametrize("name", ASKED)
def test_who_can_do_this(name: str) -> None:
    options, does = ASKED[name]
    expected = [one.label for one in builtin_simulators() if does(one.facts)]
    assert (expected == []) == (name == "nobody")
    assert [row["name"] for row in rows("simulators", *options)] == expected
    text = listed("simulators", *options)
    assert sorted(real_names(text.stdout)) == sorted(expected)
    assert "Doubles" not in text.stdout
    assert text.stderr == f"{len(expected)} of {len(builtin_simulators())} simulators\n"


def test_what_is_not_installed_says_how_to_get_it(tmp_path: Path) -> None:
    package = tmp_path / "lacking"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "simulator.py").write_text(
        "CONTRACT = 1\nDISTRIBUTIONS = ['numpy', 'no-such-thing']\nLICENCE = 'MIT'\nKIND = 'exact'\n"
        "PRECISION = 'complex64'\nTASKS = ['state']\nGATES = ['rx', 'rz', 'cx']\nMAX_QUBITS = 9\n"
        "CONFIGURATIONS = {'lacking.one': {}}\ndef load(options):\n    raise ImportError\n"
    )
    info = tmp_path / "lacking-1.dist-info"
    info.mkdir()
    info.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: lacking\nVersion: 1\n")
    info.joinpath("entry_points.txt").write_text("[qbench.simulators]\nany = lacking.simulator\n")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}

    def told(*options: str) -> str:
        command = [sys.executable, "-m", "qbench", "list", "simulators", *options]
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=60, env=environment
        )
        return done.stdout

    lines = told().splitlines()
    place = lines.index("  not installed: no-such-thing; pip install no-such-thing")
    assert lines[place - 1].startswith("numpy ")
    assert lines[place + 1].split() == ["lacking.one", "exact", "c64", "9", "3", "x"]
    assert "lacking.one" not in told("--installed")
    assert "lacking.one" not in told("--builtin")
    (row,) = (row for row in json.loads(told("--json")) if row["name"] == "lacking.one")
    assert row["installed"] is False
    assert row["install"] == "pip install no-such-thing"
    assert row["distributions"]["no-such-thing"] is None


def test_another_format_of_a_list_is_told_apart(tmp_path: Path) -> None:
    assert listed("simulators", "--format", "json", "--kind", "clifford").stdout == (
        listed("simulators", "--json", "--kind", "clifford").stdout
    )
    page = listed("simulators", "--format", "md", "--workload", "gradient").stdout
    assert page.startswith("# Support matrix\n")
    assert "| qulacs.backprop " in page
    assert "| stim.peek " not in page


def test_a_broken_plugin_is_told_of_beside_the_list(tmp_path: Path) -> None:
    info = tmp_path / "bad-1.dist-info"
    info.mkdir()
    info.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: bad\nVersion: 1\n")
    info.joinpath("entry_points.txt").write_text("[qbench.simulators]\nany = nowhere.at.all\n")
    for form in ([], ["--json"]):
        done = subprocess.run(
            [sys.executable, "-m", "qbench", "list", "simulators", *form],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
        )
        assert done.returncode == 0
        assert "qiskit.statevector" in done.stdout
        assert "plug-in: bad: its entry point any = nowhere.at.all" in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert listed("simulators").stderr == ""


MISTAKES = {
    "family of another area": (
        ["circuits", "--area", "sensing", "--family", "qft"],
        f"family 'qft' is in the area '{FAMILIES['qft'].area}', not in 'sensing'",
    ),
    "family": (["circuits", "--family", "gzh"], "did you mean ghz"),
    "area": (["circuits", "--area", "nowhere at all"], "the areas are"),
    "both": (["circuits", "--area", "zzz", "--family", "gzh"], "no area 'zzz'"),
    "not for simulators": (["simulators", "--area", "sensing"], "--area does not go with"),
    "not for families": (["families", "--max-qubits", "3"], "--max-qubits does not go with"),
    "no gate": (["simulators", "--gate", "cxx"], "there is no gate 'cxx'; did you mean cx"),
    "no channel": (["simulators", "--noise", "pauli"], "the channels are depolarizing, amplitude_damping"),
    "no workload": (["simulators", "--workload", "gradiant"], "did you mean gradient"),
    "two at once": (["simulators", "--kind", "exakt", "--precision", "double"], "did you mean exact"),
    "not for circuits": (["circuits", "--workload", "state"], "--workload does not go with"),
    "no page of circuits": (["circuits", "--format", "md"], "--format md is for simulators"),
    "two formats": (["simulators", "--format", "md", "--json"], "--json does not go with --format md"),
    "costs of nothing": (["simulators", "--costs", "results"], "--costs goes with"),
    "no costs": (["simulators", "--format", "md", "--costs", "/nowhere"], "make import-costs"),
    "no number": (["circuits", "--max-qubits", "few"], "few"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_one_message_and_exit_2(name: str) -> None:
    arguments, said = MISTAKES[name]
    done = listed(*arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_lines_are_cut_at_a_terminals_width_and_whole_elsewhere() -> None:
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "qbench", "list", "circuits"]
    process = subprocess.Popen(
        command, stdout=child, stderr=subprocess.PIPE, env={**os.environ, "COLUMNS": "70"}
    )
    os.close(child)
    shown = b""
    while chunk := _read(parent):
        shown += chunk
    _, errors = process.communicate(timeout=60)
    os.close(parent)
    lines = shown.decode().splitlines()
    assert process.returncode == 0
    assert len(lines) == len(index()) + 1
    assert max(map(len, lines)) == 70
    assert any(line.endswith("...") for line in lines)
    assert f"{len(index())} circuits; fewer with".encode() in errors
    piped = listed("circuits")
    assert max(map(len, piped.stdout.splitlines())) > 70
    assert piped.stderr == ""


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # Linux's way of saying that the other end is closed
        return b""
