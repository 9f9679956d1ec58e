"""``qbench merge`` on real runs: an interrupted copy and its continuation, two runs, a published run."""

from __future__ import annotations

import csv
import io
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import qbench as package
from qbench.session.tabled import open_tables

ROOT = Path(__file__).parents[2]
SIMULATOR = ROOT / "tests" / "session" / "numpy_simulator.py"
STREAMS = ("outcomes.jsonl", "visits.jsonl", "events.jsonl")
QASM = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\nh q[0];\nry(1.0) q[1];\ncx q[0], q[1];\n'


def qbench(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qbench", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs of one plan on one machine, ``one`` and ``two``."""
    folder = tmp_path_factory.mktemp("merge")
    (folder / "bell.qasm").write_text(QASM, encoding="utf-8")
    for name in ("one", "two"):
        run(folder, name)
    return folder


def run(folder: Path, name: str) -> None:
    package.run(
        str(folder / "bell.qasm"),
        simulators=[f"{SIMULATOR}:numpy", f"{SIMULATOR}:numpy.sampler"],
        workloads="state",
        rounds=2,
        controls=False,
        out=folder / name,
    )


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_an_interrupted_copy_and_its_continuation_are_the_run(folder: Path, tmp_path: Path) -> None:
    whole = tree(folder / "one")
    draw = random.Random(5)
    for number in range(3):
        copy = tmp_path / f"copy{number}"
        shutil.copytree(folder / "one", copy)
        for name in STREAMS:  # as a kill or a copying program leaves them: cut anywhere
            content = (copy / name).read_bytes()
            (copy / name).write_bytes(content[: draw.randint(0, len(content))])
        shutil.rmtree(copy / "tables")
        done = qbench("merge", copy, folder / "one", "-o", tmp_path / f"merged{number}")
        assert done.returncode == 0, done.stderr
        assert tree(tmp_path / f"merged{number}") == whole
    shutil.copy(folder / "bell.qasm", tmp_path)
    run(tmp_path, "merged0")  # it can be resumed, and has nothing left to measure
    assert (tmp_path / "merged0" / "visits.jsonl").read_bytes() == whole["visits.jsonl"]
    assert (tmp_path / "merged0" / "events.jsonl").read_bytes() > whole["events.jsonl"]


def test_two_runs_are_a_collection_that_pools_nothing(folder: Path, tmp_path: Path) -> None:
    done = qbench("merge", folder / "one", folder / "two", "-o", tmp_path / "both")
    assert done.returncode == 0, done.stderr
    assert "a collection of 2 runs" in done.stdout
    assert qbench("merge", folder / "two", tmp_path / "both", "-o", tmp_path / "again").returncode == 0
    assert tree(tmp_path / "again") == tree(tmp_path / "both")

    singles = {name: package.load(folder / name) for name in ("one", "two")}
    ids = {name: str(single.records.manifest["run"]) for name, single in singles.items()}
    printed = qbench("table", tmp_path / "both", "--kind", "cells", "--format", "csv").stdout
    header, *rows = csv.reader(io.StringIO(printed))
    assert header[:2] == ["run", "machine"]
    for name, single in singles.items():
        alone = [list(row) for row in csv.reader((folder / name / "tables" / "cells.csv").open())][1:]
        mine = [row[2:] for row in rows if ids[name].startswith(row[0])]
        assert mine == alone
        told = qbench("table", tmp_path / "both").stdout
        assert f"Run {ids[name][:8]} on " in told
        assert single.summary() in told
    assert (tmp_path / "both" / "tables" / "cells.csv").read_text() == printed

    latex = qbench("table", tmp_path / "both", "--kind", "cells", "--format", "latex").stdout
    assert latex.count("\\begin{tabular}") == 2
    assert all(f"run {run_id}" in latex for run_id in ids.values())
    for refused in (("plot", tmp_path / "both"), ("diff", tmp_path / "both", folder / "one")):
        done = qbench(*refused)
        assert done.returncode == 2
        assert f"a collection of several runs; name one of them: {tmp_path / 'both' / 'runs'}" in done.stderr


def test_a_published_run_merges_with_half_of_itself(tmp_path: Path) -> None:
    """Its visits are packed; the tables come out the same, whatever order its lines come out in."""
    published = ROOT / "results" / "core-v1-2core-vm"
    if not (published / "manifest.json").exists():
        pytest.skip("no published run beside these tests")
    copy, merged = tmp_path / "copy", tmp_path / "merged"
    shutil.copytree(published, copy)
    events = (copy / "events.jsonl").read_bytes().splitlines(keepends=True)
    (copy / "events.jsonl").write_bytes(b"".join(events[: len(events) // 2]))
    done = qbench("merge", published, copy, "-o", merged)
    assert done.returncode == 0, done.stderr
    here, there = open_tables(published), open_tables(merged)
    assert here.runs[0].tables == there.runs[0].tables
    assert here.summary() == there.summary()
    assert (merged / "events.jsonl").read_bytes() == (published / "events.jsonl").read_bytes()


def test_mistakes_are_one_message_and_exit_2(folder: Path, tmp_path: Path) -> None:
    mistakes = {
        ("merge", "-o", tmp_path / "x"): "Missing argument",
        ("merge", folder / "one"): "Missing option",
        ("merge", folder / "one", "-o", ""): "-o names no folder",
        ("merge", folder / "one", "-o", folder / "two"): "is there already",
        ("merge", folder / "one", "-o", "/"): "is there already",
        ("merge", folder / "one", folder / "none", "-o", tmp_path / "x"): "no such results folder",
        ("merge", folder / "one", "-o", "/proc/nowhere/x"): "cannot merge into",
    }
    for arguments, said in mistakes.items():
        done = qbench(*arguments)
        assert done.returncode == 2, arguments
        assert said in done.stderr
        assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_every_reader_says_which_visits_are_lost(folder: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(folder / "one", damaged)
    lines = (damaged / "visits.jsonl").read_bytes().splitlines(keepends=True)
    (damaged / "visits.jsonl").write_bytes(b"".join(lines[1:]))
    for command in (
        ("table", damaged, "--kind", "cells", "--format", "csv"),
        ("diff", damaged, folder / "two"),
        ("reproduce", folder / "two", "--only-report", damaged),
        ("plot", damaged, "--kind", "time", "--format", "svg", "-o", tmp_path / "plots"),
        ("merge", damaged, "-o", tmp_path / "merged"),
    ):
        done = qbench(*command)
        assert done.returncode == 0, done.stderr
        assert "1 block lacks 1 of " in done.stderr
    done = qbench("merge", damaged, folder / "one", "-o", tmp_path / "whole")
    assert done.returncode == 0
    assert not done.stderr
