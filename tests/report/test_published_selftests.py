"""Published self-tests: their tables are made again from their evidence, byte for byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from qbench.analysis.selftest.findings import findings
from qbench.session.selftest.folder import read_evidence, write_tables

RESULTS = Path(__file__).parents[2] / "results"
PUBLISHED = sorted(path.parent for path in RESULTS.glob("*/selftest.txt"))
DERIVED = ("selftest.txt", "findings.csv", "findings.md", "comparisons.csv", "evidence.json")


def test_there_is_one() -> None:
    assert PUBLISHED


@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: folder.name)
def test_its_tables_come_from_its_evidence(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    evidence = read_evidence(folder)
    for name in DERIVED[:-1]:
        (tmp_path / "copy" / name).unlink()
    write_tables(evidence, tmp_path / "copy")
    for name in DERIVED:
        assert (tmp_path / "copy" / name).read_bytes() == (folder / name).read_bytes(), name


@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: folder.name)
def test_its_runs_are_whole_or_it_says_so(folder: Path) -> None:
    evidence = read_evidence(folder)
    whole = dict(evidence.runs) == dict(evidence.planned)
    assert whole == ("UNFINISHED" not in (folder / "selftest.txt").read_text())
    assert any(one.met for one in findings(evidence))
