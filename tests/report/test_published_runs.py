"""What was published under results/ is made again from its raw records, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

import qbench
from qbench.analysis.render import render_csv
from qbench.analysis.tables import make_tables
from qbench.results.reading import read_manifest
from qbench.session.suites import load_suite

RESULTS = Path(__file__).parents[2] / "results"
PUBLISHED = sorted(path.parent for path in RESULTS.glob("*/closing.txt"))


def test_there_is_one() -> None:
    assert PUBLISHED


@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: folder.name)
def test_its_tables_and_text_come_from_its_records(folder: Path) -> None:
    run = qbench.load(folder)
    stored = {path.stem: path.read_text() for path in (folder / "tables").glob("*.csv")}
    assert stored
    made = {name: render_csv(table) for name, table in make_tables(run.records).items()}
    assert stored == {name: made[name] for name in stored}
    assert (folder / "closing.txt").read_text() == run.summary() + "\n"


@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: folder.name)
def test_it_is_a_run_of_the_released_suite(folder: Path) -> None:
    suite = read_manifest(folder)["suite"]
    released = load_suite(suite["name"])
    assert suite == {
        "name": released.name,
        "version": released.version,
        "digest": released.digest,
        "changed": [],
    }
