"""The installable example: found by its entry point, conformant, and kept in the run with its hash."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from wheels import REPOSITORY, build_wheel, run_qbench, unpack

EXAMPLE = REPOSITORY / "tests" / "plugin_example"
SOURCE = EXAMPLE / "qbench_sparse_example" / "simulator.py"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plugin")
    return unpack(build_wheel(EXAMPLE, folder), folder / "installed")


def test_it_is_listed_with_its_version(installed: Path, tmp_path: Path) -> None:
    listed = run_qbench(installed, ["list", "simulators", "--json"], tmp_path)
    (row,) = [row for row in json.loads(listed.stdout) if row["name"] == "sparse-example.dict"]
    assert row["origin"] == "entry point qbench-sparse-example"
    assert (row["version"], row["installed"]) == ("0.3.0", True)


def test_it_conforms(installed: Path, tmp_path: Path) -> None:
    checked = run_qbench(installed, ["check", "sparse-example"], tmp_path)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.startswith("sparse-example.dict: passed")


def test_a_run_keeps_its_file_and_names_its_hash(installed: Path, tmp_path: Path) -> None:
    run = run_qbench(
        installed, ["run", "ghz_3", "-s", "sparse-example,honest", "--rounds", "1", "-o", "run"], tmp_path
    )
    assert run.returncode == 0, run.stderr
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    kept = manifest["simulators"]["sparse-example.dict"]
    content = SOURCE.read_bytes()
    assert kept["file_digest"] == hashlib.sha256(content).hexdigest()
    assert [path.read_bytes() for path in (tmp_path / "run" / "plugins").iterdir()] == [content]
    outcomes = (tmp_path / "run" / "outcomes.jsonl").read_text().splitlines()
    cells = {cell["id"] for cell in manifest["cells"] if cell["simulator"] == "sparse-example.dict"}
    verdicts = {row["verdict"] for row in map(json.loads, outcomes) if row["cell"] in cells}
    assert verdicts == {"ok"}


def test_without_it_its_name_is_unknown(tmp_path: Path) -> None:
    run = run_qbench(tmp_path, ["check", "sparse-example"], tmp_path)
    assert run.returncode == 2
    assert "unknown simulator 'sparse-example'" in run.stderr
