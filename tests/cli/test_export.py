"""qbench export on the command line: what is asked for is written, what makes no sense is refused."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qbench.cli.export import command
from qbench.errors import QbenchError

RESULTS = Path(__file__).parents[2] / "results"
RUN = RESULTS / "lessons" / "my-run"


def export(*arguments: object) -> int:
    """The command as the program runs it; its errors are raised."""
    return int(command.main(list(map(str, arguments)), prog_name="qbench export", standalone_mode=False))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "a run"
    shutil.copytree(RUN, folder)
    return folder


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([RUN], "say what to export: --parquet, --ro-crate or both"),
        ([RUN, RUN.parent / "update-2.0", "--parquet"], "2 runs go into one set of files"),
        ([RUN, "--parquet", "-o", ""], "-o names no folder"),
        ([RUN, "--ro-crate", "-o", "x"], "-o goes with --parquet"),
        ([RUN, "--parquet", "--licence", "MIT"], "go with --ro-crate"),
        ([RUN.parent / "nothing", "--ro-crate"], "no such results folder"),
        ([RUN.parent, "--ro-crate"], "not a results folder"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: list[object], said: str) -> None:
    with pytest.raises(QbenchError, match=said):
        export(*arguments)


def test_a_date_that_is_none(run: Path) -> None:
    with pytest.raises(QbenchError, match="2026-01-31"):
        export(run, "--ro-crate", "--date", "yesterday")
    assert not (run / "ro-crate-metadata.json").exists()


def test_a_crate_beside_the_records(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    assert export(run, "--ro-crate", "--licence", "CC-BY-4.0", "--date", "2026-12-01") == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out == f"'{run}/ro-crate-metadata.json'\n"
    graph = json.loads((run / "ro-crate-metadata.json").read_text())["@graph"]
    (root,) = [entity for entity in graph if entity["@id"] == "./"]
    assert root["datePublished"] == "2026-12-01"
    assert root["license"] == {"@id": "https://spdx.org/licenses/CC-BY-4.0"}
    assert before == {path: path.read_bytes() for path in before}


def test_no_licence_is_said(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert export(run, "--ro-crate") == 0
    assert "states no licence" in capsys.readouterr().err


def test_without_pyarrow_it_says_what_to_install(run: Path, tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['pyarrow'] = None\n"
        f"sys.argv = ['qbench', 'export', {str(run)!r}, '--parquet']\n"
        "from qbench.cli.main import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert 'pip install -e ".[parquet]"' in done.stderr
    assert not (run / "parquet").exists()


def test_parquet_and_the_crate_that_lists_it(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pyarrow", reason='pyarrow is not installed: pip install -e ".[parquet]"')
    assert export(run, "--parquet", "--ro-crate", "--licence", "Apache-2.0") == 0
    assert f"'{run}/parquet/runs.parquet'  1 row\n" in capsys.readouterr().out
    assert (run / "parquet" / "visits.parquet").is_file()
    graph = json.loads((run / "ro-crate-metadata.json").read_text())["@graph"]
    (cells,) = [entity for entity in graph if entity["@id"] == "parquet/cells.parquet"]
    assert cells["encodingFormat"] == "application/vnd.apache.parquet"
