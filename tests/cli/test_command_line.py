"""The program as a user meets it: exit codes, one clear message, machine-readable lists."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

GOOD = (
    'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\ncreg c[2];\nh q[0];\ncx q[0],q[1];\nmeasure q -> c;\n'
)
SIMULATOR = Path(__file__).parent.parent / "session" / "numpy_simulator.py"


def qbench(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "qbench", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        timeout=120,
        env={**os.environ, "COLUMNS": "200"},
    )


BAD_QASM = {
    "empty": b"",
    "binary": b"\x7fELF\x00\x01\x02",
    "truncated": GOOD[:60].encode(),
    "malformed": GOOD.replace("h q[0]", "h q[0").encode(),
    "unknown gate": GOOD.replace("h q", "frobnicate q").encode(),
    "oversized": GOOD.replace("q[2]", "q[10000000]").encode(),
    "index": GOOD.replace("h q[0]", "h q[5]").encode(),
    "version 4": b"OPENQASM 4.0;\nqubit[2] q;\n",
    "latin": "OPENQASM 2.0; // \xe9".encode("latin-1"),
}


@pytest.mark.parametrize("name", BAD_QASM)
def test_bad_qasm_is_one_message_and_exit_2(name: str, tmp_path: Path) -> None:
    (tmp_path / "mine.qasm").write_bytes(BAD_QASM[name])
    done = qbench("run", "mine.qasm", "-s", f"{SIMULATOR}:numpy", cwd=tmp_path)
    assert done.returncode == 2
    assert "mine.qasm" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "results").exists()


BAD_USE = {
    "unknown suite": (["run", "quikc"], "quick"),
    "unknown simulator": (["run", "smoke", "-s", "qiskit.statevectr"], "qiskit.statevector"),
    "unknown circuit": (["run", "ghz_44"], "ghz_4"),
    "unknown workload": (["run", "smoke", "-w", "stat"], "state, sample"),
    "several mistakes": (["run", "smoke", "-w", "stat", "-s", "nobody", "-t", "0"], "threads must be"),
    "no such file": (["run", "nowhere.qasm"], "nowhere.qasm"),
    "no such simulator file": (["run", "smoke", "-s", "nowhere.py"], "nowhere.py"),
    "no such run": (["table", "nowhere"], "nowhere"),
    "no such table": (["table", ".", "--kind", "chairs"], "chairs"),
    "no such command": (["frobnicate"], "frobnicate"),
    "no such list": (["list", "gates"], "gates"),
    "shots": (["run", "smoke", "--shots", "0"], "shots must be at least 1"),
    "not a number": (["run", "smoke", "--rounds", "many"], "many"),
    "suite and file": (["run", "smoke", "ghz_3"], "one suite alone"),
}


@pytest.mark.parametrize("name", BAD_USE)
def test_bad_use_is_one_message_and_exit_2(name: str, tmp_path: Path) -> None:
    arguments, said = BAD_USE[name]
    done = qbench(*arguments, cwd=tmp_path)
    assert done.returncode == 2, done.stdout + done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_run_from_an_empty_folder_and_its_tables(tmp_path: Path) -> None:
    (tmp_path / "mine.qasm").write_text(GOOD)
    simulators = f"{SIMULATOR}:numpy,{SIMULATOR}:liar.endian"
    done = qbench("run", "mine.qasm", "-s", simulators, "--rounds", "1", "-o", "run", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert all(len(line) <= 100 for line in done.stdout.splitlines())
    assert "numpy" in done.stdout
    for form in ("md", "csv", "json"):
        for kind in ("cells", "accuracy", "support", "ratios"):
            table = qbench("table", "run", "--kind", kind, "--format", form, cwd=tmp_path)
            assert table.returncode == 0
            assert table.stdout
            if form == "json":
                json.loads(table.stdout)
            else:
                assert table.stdout == (tmp_path / "run" / "tables" / f"{kind}.{form}").read_text()


def test_strict_fails_when_an_answer_is_wrong(tmp_path: Path) -> None:
    common = ["run", "ghz_3", "-w", "state", "--rounds", "1"]
    liar = qbench(*common, "-s", f"{SIMULATOR}:liar.amplitude", "--strict", cwd=tmp_path)
    assert liar.returncode == 1, liar.stderr
    honest = qbench(*common, "-s", f"{SIMULATOR}:numpy", "--strict", cwd=tmp_path)
    assert honest.returncode == 0, honest.stderr


def test_another_plans_folder_is_refused_and_kept(tmp_path: Path) -> None:
    common = ["-s", f"{SIMULATOR}:numpy", "-w", "state", "--rounds", "1", "-o", "run"]
    assert qbench("run", "ghz_3", *common, cwd=tmp_path).returncode == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "run").glob("*.json*")}
    done = qbench("run", "ghz_3", *common, "--seed", "9", cwd=tmp_path)
    assert done.returncode == 2
    assert "settings.seed: 1 -> 9" in done.stderr
    assert {path.name: path.read_bytes() for path in (tmp_path / "run").glob("*.json*")} == before


@pytest.mark.parametrize("arguments", [["list", "circuits"], ["--help"], ["table", "--help"], ["--version"]])
def test_a_reader_that_leaves_ends_it_quietly(arguments: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)  # as `head` does, but at once
    try:
        done = subprocess.run(
            [sys.executable, "-m", "qbench", *arguments],
            stdout=write,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_reader_of_messages_that_leaves_ends_it_too() -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        command = [sys.executable, "-m", "qbench", "run", "quikc"]
        done = subprocess.run(command, stdout=write, stderr=write, check=False, timeout=60)
    finally:
        os.close(write)
    assert done.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("arguments", [["list", "circuits"], ["--help"]])
def test_a_full_disk_is_one_message_and_exit_2(arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "qbench", *arguments]
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60
        )
        assert done.returncode == 2
        assert done.stderr == "qbench: cannot write the output: No space left on device\n"
        done = subprocess.run(command, stdout=full, stderr=full, check=False, timeout=60)
        assert done.returncode == 2


def test_tables_of_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "my run's; folder"
    common = ["run", "ghz_3", "-w", "state", "--rounds", "1", "-s", f"{SIMULATOR}:numpy"]
    done = qbench(*common, "-o", str(folder))
    assert done.returncode == 0, done.stderr
    (hint,) = [line for line in done.stdout.splitlines() if line.startswith("One table: ")]
    words = shlex.split(hint.removeprefix("One table: ").partition("|")[0])  # the hint fits a shell
    assert words == ["qbench", "table", str(folder), "--kind", "cells"]

    before = qbench("table", str(folder), "--format", "csv")
    assert before.stdout == (folder / "tables" / "cells.csv").read_text()  # --format alone means the cells
    assert qbench("table", str(folder)).stdout == qbench("table", str(folder), "--kind", "summary").stdout
    for file in (folder / "tables").iterdir():
        file.unlink()
    (folder / "tables").rmdir()
    (folder / "tables").write_text("no folder\n")  # a mode would not stop root
    after = qbench("table", str(folder), "--format", "csv")
    assert after.returncode == 0, after.stderr
    assert after.stdout == before.stdout
    assert after.stderr.count("\n") == 2  # what failed; that nothing is lost
    assert "cannot write the table" in after.stderr


def test_an_unreadable_results_folder_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "manifest.json").write_bytes(b"\x00garbage")
    done = qbench("table", "run", cwd=tmp_path)
    assert done.returncode == 2
    assert "manifest.json" in done.stderr
    assert "Traceback" not in done.stderr


LISTS = {
    "simulators": {"name", "package", "version", "installed", "kind", "precision", "workloads", "licence"},
    "circuits": {"name", "family", "area", "qubits", "gates", "depth", "known_answer"},
    "suites": {"name"},
    "workloads": {"name"},
}


@pytest.mark.parametrize("what", LISTS)
def test_lists_are_for_people_and_programs(what: str) -> None:
    rows = json.loads(qbench("list", what, "--json").stdout)
    assert rows
    assert all(set(row) >= LISTS[what] for row in rows)
    text = qbench("list", what).stdout
    assert all(row["name"] in text for row in rows)


def test_check_tells_the_honest_from_the_liar(tmp_path: Path) -> None:
    honest = qbench("check", f"{SIMULATOR}:numpy", cwd=tmp_path)
    assert honest.returncode == 0, honest.stdout + honest.stderr
    for liar in ("liar.rz.sampler", "liar.endian", "liar.seedless"):  # a full check takes seconds
        done = qbench("check", f"{SIMULATOR}:{liar}", cwd=tmp_path)
        assert done.returncode == 1, (liar, done.stdout, done.stderr)
        assert "OPENQASM" in done.stdout  # the smallest circuit that shows it
    assert qbench("check", "nobody", cwd=tmp_path).returncode == 2
    assert list(tmp_path.iterdir()) == []
