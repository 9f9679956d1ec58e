"""Every table of every published run in every format: readable again, with all its rows."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from qbench.analysis.latex import render_latex
from qbench.analysis.paper import render_paper
from qbench.analysis.render import render_csv, render_json, render_markdown
from qbench.analysis.table import Table
from qbench.analysis.tables import TABLES
from qbench.session.tabled import Tabled, open_tables

RESULTS = Path(__file__).parents[2] / "results"
PUBLISHED = sorted(path.parent for path in RESULTS.glob("*/closing.txt"))


@pytest.fixture(scope="module", params=PUBLISHED, ids=lambda folder: folder.name)
def opened(request: pytest.FixtureRequest) -> Tabled:
    return open_tables(request.param)


@pytest.mark.slow  # 4 s of CPU
@pytest.mark.parametrize("kind", TABLES)
def test_every_format(kind: str, opened: Tabled) -> None:
    table = opened.table(kind)
    read = list(csv.reader(io.StringIO(render_csv(table))))
    assert read[0] == list(table.columns)
    assert len(read) == 1 + len(table.rows)
    assert all(len(row) == len(table.columns) for row in read)
    objects = json.loads(render_json(table))
    assert [list(one) for one in objects] == [list(table.columns)] * len(table.rows)
    shown = [line for line in render_markdown(table, opened.notes(kind)).splitlines() if line.startswith("|")]
    assert len(shown) == 2 + len(table.rows)
    papers = opened.papers(kind)
    assert bool(papers) == any(
        table.rows[place] for place in range(len(table.rows)) if _contestant(table, place)
    )
    latex = "\n".join(render_paper(*one) for one in papers)
    if table.rows:
        latex += render_latex(table, [*opened.origin(), *opened.notes(kind)])
    assert latex.isascii()
    assert latex.count(r"\begin{tabular}") == latex.count(r"\end{tabular}") == len(papers) + bool(table.rows)
    assert latex.count(r"\toprule") == latex.count(r"\bottomrule")


def _contestant(table: Table, place: int) -> bool:
    """Whether a row is of no control: a paper leaves the run's own controls out."""
    return "control" not in table.columns or not table.column("control")[place]
