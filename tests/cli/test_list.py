"""``qbench list``: choosing among many circuits, families, and lines that fit the terminal."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from qbench.circuits.families import FAMILIES
from qbench.circuits.library import index


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


def test_doubles_are_listed_apart_and_stay_out_of_all() -> None:
    text = listed("simulators").stdout
    real, _, doubles = text.partition("\nDoubles, ")
    kinds = {row["name"]: row["kind"] for row in rows("simulators")}
    listed_first = {line.split()[0] for line in real.splitlines()[1:]}
    assert listed_first == {name for name, kind in kinds.items() if kind != "double"}
    for name in kinds.keys() - listed_first:
        assert name in doubles.replace(",", " ").split()


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
