"""``qbench table`` in LaTeX and with chosen columns, from a run to the printed bytes."""

from __future__ import annotations

import csv
import io
import json
import lzma
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SIMULATOR = Path(__file__).parent.parent / "session" / "numpy_simulator.py"


def qbench(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qbench", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of a hostile file's name, with an honest simulator and a liar."""
    folder = tmp_path_factory.mktemp("table")
    circuit = folder / "50% & [x]_$y$.qasm"
    circuit.write_text('OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\nry(0.3) q[0];\nry(1.0) q[1];\n')
    simulators = f"{SIMULATOR}:numpy,{SIMULATOR}:liar.endian"
    done = qbench(
        *("run", str(circuit), "-s", simulators, "--rounds", "2", "-w", "state"),
        *("--no-controls", "-o", str(folder / "run")),
    )
    assert done.returncode == 0, done.stderr
    return folder / "run"


@pytest.mark.parametrize("form", ["latex", "csv", "md"])
def test_a_table_without_rows_says_so(run: Path, form: str) -> None:
    """One simulator alone is ranked here: the other is a liar."""
    done = qbench("table", str(run), "--kind", "ratios", "--format", form)
    assert done.returncode == 0
    assert "qbench: no ratios: they need two simulators of one class" in done.stderr
    assert (done.stdout == "") == (form == "latex")  # a header for programs, no empty tabular for a paper
    assert "no ratios" not in qbench("table", str(run), "--kind", "cells").stderr


@pytest.mark.parametrize("kind", ["cells", "accuracy", "support", "totals", "profile"])
def test_latex_is_a_tabular_of_every_kind(run: Path, kind: str) -> None:
    done = qbench("table", str(run), "--kind", kind, "--format", "latex")
    assert done.returncode == 0, done.stderr
    comments = done.stdout.partition("\\begin")[0]
    manifest = json.loads((run / "manifest.json").read_text())
    assert f"run {manifest['run']}, suite files version 1" in comments
    assert "booktabs" in comments
    assert done.stdout.count("\\toprule") == done.stdout.count("\\end{tabular}") == 1
    if kind == "cells":
        assert qbench("table", str(run), "--format", "latex").stdout == done.stdout
        (honest,) = [line for line in done.stdout.splitlines() if "& numpy &" in line]
        (liar,) = [line for line in done.stdout.splitlines() if "& liar.endian &" in line]
        assert honest.startswith(r"50\% \& {[}x]\_\$y\$ & $2$ & state & ")
        assert "wrong" in liar
        assert "$[" not in liar  # no time of a wrong answer
        assert "$[" in honest


def test_the_other_clock_is_printed_and_the_files_keep_the_runs_own(run: Path) -> None:
    metrics = ["table", str(run), "--kind", "totals", "--format", "csv", "--columns", "metric"]
    assert set(qbench(*metrics).stdout.split()) == {"metric", "wall"}
    assert set(qbench(*metrics, "--metric", "cpu").stdout.split()) == {"metric", "cpu"}
    assert ",wall," in (run / "tables" / "totals.csv").read_text()
    assert ",cpu," not in (run / "tables" / "totals.csv").read_text()
    assert "CPU time per call" in qbench("table", str(run), "--metric", "cpu").stdout
    assert "CPU time per call" not in qbench("table", str(run)).stdout
    told = " ".join(qbench("table", str(run), "--metric", "cpu").stdout.split())
    assert "Here CPU time ranks and compares; by the run's plan wall time decides when to stop." in told
    assert "decides when to stop" not in qbench("table", str(run)).stdout
    assert "decides when to stop" not in qbench("table", str(run), "--metric", "wall").stdout


def test_chosen_columns_in_every_format(run: Path) -> None:
    chosen = ["table", str(run), "--columns", "simulator,phase,warm_us"]
    rows = list(csv.reader(io.StringIO(qbench(*chosen, "--format", "csv").stdout)))
    assert rows[0] == ["simulator", "phase", "warm_us"]
    objects = json.loads(qbench(*chosen, "--format", "json").stdout)
    assert list(objects[0]) == rows[0]
    assert len(objects) == len(rows) - 1
    latex = qbench(*chosen, "--format", "latex").stdout
    assert r"simulator & phase & warm ($\mu$s) \\" in latex
    assert latex.count(r"\\") == len(rows)
    assert qbench(*chosen).stdout.startswith("| simulator ")


def test_the_circuits_id_is_a_column_for_who_asks(run: Path) -> None:
    (problem,) = json.loads((run / "manifest.json").read_text())["problems"]
    for kind in ("cells", "accuracy"):
        chosen = ["table", str(run), "--kind", kind, "--format", "csv", "--columns", "circuit_id,simulator"]
        head, *rows = csv.reader(io.StringIO(qbench(*chosen).stdout))
        assert head == ["circuit_id", "simulator"]
        assert {row[0] for row in rows} == {problem}
        assert {row[1] for row in rows} == {"numpy", "liar.endian"}
        assert "circuit_id" not in (run / "tables" / f"{kind}.csv").read_text()


MISTAKES = {
    "no such column": (["--columns", "simulatr"], "did you mean simulator?"),
    "none": (["--columns", ""], "table cells has: circuit"),
    "twice": (["--columns", "phase,phase"], "named twice"),
    "summary": (["--kind", "summary", "--format", "latex"], "the summary is plain text"),
    "summary's columns": (["--kind", "summary", "--columns", "phase"], "the summary is plain text"),
    "no such format": (["--format", "word"], "word"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_one_message_and_exit_2(run: Path, name: str) -> None:
    arguments, said = MISTAKES[name]
    done = qbench("table", str(run), *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_packed_run_is_read_and_written_only_if_asked(run: Path, tmp_path: Path) -> None:
    folder = tmp_path / "published"
    shutil.copytree(run, folder, ignore=shutil.ignore_patterns("tables"))
    visits = folder / "visits.jsonl"
    (folder / "visits.jsonl.xz").write_bytes(lzma.compress(visits.read_bytes()))
    visits.unlink()
    done = qbench("table", str(folder), "--kind", "cells")
    assert done.returncode == 0, done.stderr
    assert not (folder / "tables").exists()
    assert qbench("table", str(folder), "--write").returncode == 0
    written = {path.name: path.read_bytes() for path in (folder / "tables").glob("*.csv")}
    assert written == {path.name: path.read_bytes() for path in (run / "tables").glob("*.csv")}
    assert done.stdout == (folder / "tables" / "cells.md").read_text()
