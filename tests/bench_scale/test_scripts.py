"""``make bench-scale``: its scripts write their tables.  Nothing is asserted about times."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import harness
import pytest
import scale
from large_run import DEEP, SHAPES, WIDE, write_run

from qbench.results.reading import read_run

PUBLISHED = Path(__file__).parents[2] / "results" / "core-v1-2core-vm"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_a_made_up_run_has_the_visits_that_were_asked_for(shape: scale.Shape, tmp_path: Path) -> None:
    written = write_run(tmp_path / "run", shape, 3000)
    visits = read_run(tmp_path / "run").visits
    assert len(visits) == written == pytest.approx(3000, rel=0.3)
    assert {visit.round for visit in visits} == set(range(shape.rounds))


def test_the_two_shapes_differ() -> None:
    assert (WIDE.cells(10**6), DEEP.cells(10**6)) == (5263, 877)


def test_scale_makes_all_tables_in_processes_of_their_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert scale.main(["--sizes", "400", "--repeats", "1", "-o", str(tmp_path / "scale.csv")]) == 0
    found = rows(tmp_path / "scale.csv")
    assert [row["shape"] for row in found] == ["wide", "deep"]
    assert all(float(row["total_s"]) >= float(row["read_s"]) > 0 for row in found)
    assert all(int(row["peak_rss_mib"]) > 10 for row in found)
    assert "peak_rss_mib" in capsys.readouterr().out


def test_shares_of_a_published_run_add_up(tmp_path: Path) -> None:
    assert harness.main(["shares", str(PUBLISHED), "-o", str(tmp_path / "shares.csv")]) == 0
    *accounts, whole, aim = rows(tmp_path / "shares.csv")
    assert sum(float(row["seconds"]) for row in accounts) == pytest.approx(float(whole["seconds"]), abs=0.01)
    assert sum(float(row["share"]) for row in accounts) == pytest.approx(1, abs=0.001)
    assert 0 < float(aim["share"]) <= 1


def test_the_machine_is_described(tmp_path: Path) -> None:
    assert harness.main(["machine", "-o", str(tmp_path / "machine.json")]) == 0
    told = json.loads((tmp_path / "machine.json").read_text())
    assert told["packages"]["msgspec"]
    assert told["machine"]["python"]


def test_around_and_calls_of_a_visit(tmp_path: Path) -> None:
    pytest.importorskip("qulacs")
    row = harness.visits(tmp_path / "run", 3, "state")
    assert row["visits"] >= harness.ROUNDS
    parts = (f"{name}_ms" for name in harness.PARTS if name != "visits")
    inside = sum(float(row[name]) for name in ("pack_ms", "unpack_ms", "worker_and_pipe_ms", *parts))
    assert inside == pytest.approx(float(row["around_ms"]), abs=0.01)
    assert 0 < float(row["share_of_calls"]) < 1
