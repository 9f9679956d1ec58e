"""What a user gets who installs the wheel alone: the program, its suites, its circuits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from wheels import REPOSITORY, run_qbench, unpack


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack(wheel, tmp_path_factory.mktemp("installed"))


def test_it_holds_every_circuit_suite_simulator_and_page(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    circuits = REPOSITORY / "circuits"
    stored = [path.relative_to(circuits).as_posix() for path in circuits.rglob("*") if path.is_file()]
    package = REPOSITORY / "qbench"
    files = [
        path.relative_to(package).as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert len(stored) > 60
    assert {f"qbench/circuits/stored/{path}" for path in stored} <= held
    pages = {page.name for page in (REPOSITORY / "docs").glob("*.md")}
    assert "simulators.md" in pages
    assert {f"qbench/docs/{page}" for page in pages} <= held
    assert {f"qbench/{path}" for path in files} <= held


def test_its_name_is_not_the_taken_one_and_the_command_is_qbench(wheel: Path) -> None:
    assert wheel.name.startswith("qbench_harness-")
    archive = zipfile.ZipFile(wheel)
    (points,) = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
    assert "qbench = qbench.cli.main:main" in archive.read(points).decode()
    assert any(name.endswith("licenses/LICENSE") for name in archive.namelist())


def test_it_runs_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    where = run_qbench(installed, ["list", "circuits", "--json"], tmp_path)
    assert where.returncode == 0, where.stderr
    assert len(json.loads(where.stdout)) > 60
    run = run_qbench(installed, ["run", "ghz_3", "-s", "honest", "--rounds", "1", "-o", "out"], tmp_path)
    assert run.returncode == 0, run.stderr
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert [problem["name"] for problem in manifest["problems"].values()] == ["ghz_3"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


def test_it_is_the_unpacked_package_that_ran(installed: Path, tmp_path: Path) -> None:
    code = "import qbench, qbench.circuits.library as l; print(qbench.__file__, l.data_folder())"
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert [str(installed) in path for path in ran.stdout.split()] == [True, True]
