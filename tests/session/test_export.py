"""Parquet files: every table with typed columns, the raw visits whole, the same bytes; nothing is pooled."""

from __future__ import annotations

import math
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import qbench
from qbench.analysis.column_types import FLOAT, INTEGER, WHOLE, column_type, typed
from qbench.analysis.readings import take_readings
from qbench.analysis.run_facts import runs_table
from qbench.analysis.table import Table
from qbench.analysis.tables import TABLES, make_tables
from qbench.errors import QbenchError
from qbench.results.merging import merge_runs
from qbench.session.export import export_parquet
from qbench.session.tabled import machine_words

INSTALL = 'pyarrow is not installed: pip install -e ".[parquet]"'
pyarrow = pytest.importorskip("pyarrow", reason=INSTALL)
parquet = pytest.importorskip("pyarrow.parquet", reason=INSTALL)

RESULTS = Path(__file__).parents[2] / "results"
PUBLISHED = [RESULTS / name for name in ("core-v1-2core-vm", "core-v2-2core-vm")]
SMALL = [RESULTS / "lessons" / name for name in ("update-2.1", "my-run", "update-2.0")]
FILES = {*TABLES, "runs", "outcomes", "visits"}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three small runs, in one set of files."""
    out = tmp_path_factory.mktemp("exported")
    written, said = export_parquet(SMALL, out)
    assert {file.path.stem for file in written} == FILES == {path.stem for path in out.iterdir()}
    assert said == ()
    return out


@pytest.fixture(scope="module")
def tables(runs: Mapping[str, qbench.Run]) -> Mapping[str, dict[str, Table]]:
    return {run: make_tables(loaded.records) for run, loaded in runs.items()}


@pytest.fixture(scope="module")
def runs() -> Mapping[str, qbench.Run]:
    return {run.records.manifest["run"]: run for run in map(qbench.load, SMALL)}


def rows(exported: Path, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = parquet.read_table(exported / f"{name}.parquet").to_pylist()
    return found


def alike(read: Any, told: Any) -> bool:
    """A field that was read back, and the table's own."""
    if isinstance(told, str) and not isinstance(read, str):
        told = float(told)  # nan and inf
    if isinstance(read, float) and told is not None:
        return read == float(told) or (math.isnan(read) and math.isnan(float(told)))
    return bool(read == told)


@pytest.mark.parametrize("name", TABLES)
def test_every_field_of_every_table_is_there(
    name: str, exported: Path, runs: Mapping[str, qbench.Run], tables: Mapping[str, dict[str, Table]]
) -> None:
    found = rows(exported, name)
    expected = []
    for run in sorted(runs):
        table = tables[run][name]
        asked = [column for column, _ in table.on_request]
        values = (
            [*table.rows]
            if not asked
            else [
                (*row, *more)
                for row, more in zip(table.rows, zip(*map(table.column, asked), strict=True), strict=True)
            ]
        )
        machine = machine_words(runs[run].records.manifest["machine"])
        expected += [
            {"run": run, "machine": machine, **dict(zip((*table.columns, *asked), row, strict=True))}
            for row in values
        ]
    assert len(found) == len(expected)
    for read, told in zip(found, expected, strict=True):
        assert {column for column, value in read.items() if value is not None} == {
            column for column, value in told.items() if value not in (None, "")
        }
        assert all(alike(read[column], value) for column, value in told.items() if value != "")


def test_types_follow_from_names_alone(exported: Path) -> None:
    kinds = {"int64": pyarrow.int64(), "float64": pyarrow.float64(), "string": pyarrow.string()}
    types: dict[str, set[str]] = {}
    for name in TABLES:
        schema = parquet.read_schema(exported / f"{name}.parquet")
        assert schema.names[:2] == ["run", "machine"]
        assert {field.type for field in schema} <= set(kinds.values())
        assert not any(field.metadata for field in schema)
        for field in schema:
            if pyarrow.types.is_integer(field.type):
                assert field.name in WHOLE
            types.setdefault(field.name, set()).add(str(field.type))
    # A name has one type in all tables, but for numbers that are a word elsewhere.
    two = {name for name, found in types.items() if len(found) > 1}
    assert two <= {"differs", "shots", "bound"}


@pytest.mark.slow  # 3 s of CPU
def test_columns_of_whole_numbers_hold_whole_numbers() -> None:
    """And every column in which each published field is one is either declared so, or a measured quantity."""
    seen: dict[str, set[bool]] = {}
    for folder in PUBLISHED:
        for table in make_tables(qbench.load(folder).records).values():
            for name in table.numeric:
                for value in table.column(name):
                    if value is not None:
                        seen.setdefault(name, set()).add(isinstance(value, int))
    assert {name for name in WHOLE & seen.keys() if seen[name] != {True}} == set()
    counted = {name for name, found in seen.items() if found == {True}} - WHOLE
    assert counted == set(), "only whole numbers in every published run: a count for WHOLE?"


def test_a_count_that_is_none_is_refused() -> None:
    assert typed(Decimal("3"), INTEGER) == 3
    with pytest.raises(ValueError, match=r"2\.5"):
        typed(Decimal("2.5"), INTEGER)
    assert math.isnan(float(typed("nan", FLOAT) or 0))


def test_a_column_has_its_type_where_a_run_has_nothing_for_it(tmp_path: Path) -> None:
    """The lessons' run has no gradients: the columns are typed all the same."""
    export_parquet([SMALL[1]], tmp_path)
    schema = parquet.read_schema(tmp_path / "gradients.parquet")
    assert schema.field("gradient_us").type == pyarrow.float64()
    assert schema.field("parameters").type == pyarrow.int64()
    assert parquet.read_table(tmp_path / "gradients.parquet").num_rows == 0


def test_the_raw_visits_are_whole(exported: Path, runs: Mapping[str, qbench.Run]) -> None:
    found = rows(exported, "visits")
    records = [visit for run in sorted(runs) for visit in runs[run].records.visits]
    assert len(found) == len(records)
    names = {
        (run, cell["id"]): (
            runs[run].records.manifest["problems"][cell["problem"]]["name"],
            cell["simulator"],
            cell["threads"],
        )
        for run in runs
        for cell in runs[run].records.manifest["cells"]
    }
    for read, visit in zip(found, records, strict=True):
        assert (read["circuit"], read["simulator"], read["threads"]) == names[read["run"], visit.cell]
        for name in ("block", "attempt", "round", "cell", "visit", "phase", "place", "loops", "count"):
            assert read[name] == getattr(visit, name)
        for name in ("total_wall_ns", "cpu_ns", "rss_peak_bytes", "os_threads", "seed", "major_faults"):
            assert read[name] == getattr(visit, name)
        assert tuple(read["wall_ns"]) == visit.wall_ns
        quantiles = tuple(read[name] for name in ("min_ns", "p10_ns", "p50_ns", "p90_ns", "max_ns"))
        assert quantiles == visit.quantiles_ns
        assert (read["flags"] or "") == " ".join(visit.flags)


def test_a_time_computed_from_the_file_by_hand_is_the_tables(exported: Path) -> None:
    """Median of a visit, median of a round's visits, geometric mean over rounds: docs/records.md."""
    by_round: dict[tuple[str, ...], dict[int, list[float]]] = {}
    for row in rows(exported, "visits"):
        if row["place"] == "warm" and row["phase"] == "execute":
            whole = len(row["wall_ns"]) == row["count"]
            interval = statistics.median(row["wall_ns"]) if whole else row["p50_ns"]
            key = tuple(str(row[name]) for name in ("run", "circuit", "workload", "simulator"))
            by_round.setdefault(key, {}).setdefault(row["round"], []).append(interval / row["loops"])
    compared = 0
    for row in rows(exported, "cells"):
        key = tuple(str(row[name]) for name in ("run", "circuit", "workload", "simulator"))
        if row["phase"] == "execute" and row["warm_us"] is not None:
            logs = [math.log(statistics.median(times)) for times in by_round[key].values()]
            mine = math.exp(math.fsum(logs) / len(logs)) / 1e3
            assert row["rounds"] == len(logs)
            assert row["warm_us"] == pytest.approx(mine, rel=0.05)  # as many digits as the interval supports
            compared += 1
    assert compared >= 18


def test_the_judged_figures_have_all_their_digits(exported: Path, runs: Mapping[str, qbench.Run]) -> None:
    found = {(row["run"], row["cell"]): row for row in rows(exported, "outcomes")}
    assert len(found) == sum(len(run.records.outcomes) for run in runs.values())
    for run in runs:
        for id, outcome in runs[run].records.outcomes.items():
            row = found[run, id]
            assert dict(row["figures"]) == {name: float(value) for name, value in outcome.figures.items()}
            assert (row["verdict"], row["reason"]) == (outcome.verdict, outcome.reason)
            assert (row["seed"], row["gates_executed"]) == (outcome.seed, outcome.gates_executed)


def test_a_run_in_one_row(exported: Path, runs: Mapping[str, qbench.Run]) -> None:
    found = {row["run"]: row for row in rows(exported, "runs")}
    assert list(found) == sorted(runs)
    for run, row in found.items():
        manifest, events = runs[run].records.manifest, runs[run].records.events
        assert row["suite"] == manifest["suite"]["name"]
        assert row["memory_bytes"] == manifest["machine"]["memory_bytes"]
        assert row["wall_s"] == sum(one["wall_ns"] for one in events if one["event"] == "costs") / 1e9
        assert row["started"] == events[0]["utc"]
        assert row["finished"] == "yes"
        assert row["protocol"] == manifest["protocol"]
    (table,) = [runs_table(take_readings(runs[run].records)) for run in list(runs)[:1]]
    assert all(column_type(table, name) for name in table.columns)


def test_the_same_records_give_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from qbench.session.export import export_parquet\n"
        "export_parquet([Path(sys.argv[1])], Path(sys.argv[2]))"
    )
    subprocess.run(
        [sys.executable, "-c", program, str(SMALL[1]), str(tmp_path / "other")],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "77", "LC_ALL": "C"},
    )
    export_parquet([SMALL[1]], tmp_path / "one")
    for name in FILES:
        one, other = ((tmp_path / folder / f"{name}.parquet").read_bytes() for folder in ("one", "other"))
        assert one == other, name


def test_a_collection_is_its_runs_in_any_order(exported: Path, tmp_path: Path) -> None:
    merge_runs(SMALL, tmp_path / "both")
    for paths, place in (([tmp_path / "both"], "of it"), (SMALL[::-1], "of them")):
        export_parquet(paths, tmp_path / place)
        for name in FILES:
            mine = tmp_path / place / f"{name}.parquet"
            assert mine.read_bytes() == (exported / f"{name}.parquet").read_bytes()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for place in ("file", "file/below"):
        with pytest.raises(QbenchError, match="no folder can be made there"):
            export_parquet([SMALL[0]], tmp_path / place)
    assert (tmp_path / "file").read_text() == "x"


def test_a_run_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QbenchError, match="counted twice"):
        export_parquet([SMALL[0], SMALL[0]], tmp_path / "out")
    assert not (tmp_path / "out").exists()
