"""docs/export.md shows what its queries answer, and every column that there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from export_page import PAGE, RUNS, answer, columns, page, queries

from qbench.analysis.tables import TABLES
from qbench.session.export import export_parquet

INSTALL = 'pip install -e ".[parquet]"'
pytest.importorskip("pyarrow", reason=f"pyarrow is not installed: {INSTALL}")


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    export_parquet(RUNS, folder)
    return folder


def test_the_page_has_every_file_and_column(exports: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    shown = columns(exports)
    assert shown in text, "python tests/report/write_export_page.py"
    for name in (*TABLES, "runs", "outcomes", "visits"):
        assert f"| `{name}` |" in shown


def test_the_page_shows_what_its_queries_answer(exports: Path) -> None:
    pytest.importorskip("duckdb", reason=f"duckdb is not installed: {INSTALL}")
    text = PAGE.read_text(encoding="utf-8")
    assert len(queries(text)) >= 5
    assert page(text, exports) == text, "python tests/report/write_export_page.py"
    for sql in queries(text):
        rows = answer(sql, exports).splitlines()[2:]
        assert 2 <= len(rows) <= 40, sql
        assert not any(re.search(r"\| +\|", row) for row in rows), "an empty field"


def test_the_raw_visits_give_the_tables_times(exports: Path) -> None:
    """The page's own statistics are those of ``cells``, to the digits that stand there."""
    duckdb = pytest.importorskip("duckdb", reason=f"duckdb is not installed: {INSTALL}")
    (sql,) = [one for one in queries(PAGE.read_text(encoding="utf-8")) if "list_median" in one]
    with duckdb.connect() as connection:
        mine = connection.execute(sql.replace("'exports/", f"'{exports}/")).fetchall()
        table = connection.execute(
            f"SELECT simulator, warm_us, rounds FROM '{exports}/cells.parquet' "
            f"JOIN '{exports}/runs.parquet' USING (run) WHERE suite = 'core-v1' AND circuit = 'qft_14' "
            "AND workload = 'state' AND phase = 'execute' AND control IS NULL AND warm_us IS NOT NULL"
        ).fetchall()
    assert {row[1] for row in mine} == {row[0] for row in table}
    times = {row[0]: row[1:] for row in table}
    for _, simulator, warm_us, _, rounds in mine:
        assert warm_us == pytest.approx(times[simulator][0], rel=0.06)
        assert rounds == times[simulator][1]
