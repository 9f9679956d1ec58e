"""``qbench report`` from the command line: where the page goes, and what is refused."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from plotted_runs import small, store

import qbench
from qbench.results.collection import COLLECTION, RUNS, collection_text

RUN = Path(qbench.__file__).parents[1] / "results" / "core-v1-2core-vm"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return store(small(), tmp_path_factory.mktemp("run") / "tiny")


def report(*arguments, cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "qbench", "report", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
    )


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """The published run, without its derived files: a report must not need them."""
    place = tmp_path_factory.mktemp("run") / "mine"
    place.mkdir()
    for path in sorted(RUN.iterdir()):
        if path.is_file():
            (place / path.name).write_bytes(path.read_bytes())
    (place / "circuits").mkdir()
    for path in sorted((RUN / "circuits").iterdir()):
        (place / "circuits" / path.name).write_bytes(path.read_bytes())
    return place


@pytest.fixture(scope="module")
def written(copied):
    before = {path.name: path.read_bytes() for path in copied.iterdir() if path.is_file()}
    done = report(copied)
    return before, done


def test_it_goes_into_the_run_and_says_where(written, copied) -> None:
    before, done = written
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{copied / 'report.html'}\n"
    after = {path.name: path.read_bytes() for path in copied.iterdir() if path.is_file()}
    page = after.pop("report.html")
    assert after == before, "a report changes no record"
    assert page.startswith(b"<!DOCTYPE html>")
    assert page.rstrip().endswith(b"</html>")
    assert len(page) < 5_000_000


def test_from_python_it_is_the_same_file(written, copied, tmp_path) -> None:
    made = qbench.load(copied).report(tmp_path / "page.html")
    assert made == tmp_path / "page.html"
    assert made.read_bytes() == (copied / "report.html").read_bytes()


def test_a_collection_stands_side_by_side(copied, tmp_path) -> None:
    place = tmp_path / "both"
    runs = []
    text = (copied / "manifest.json").read_text()
    own = re.search(r'"run": "([0-9a-f]+)"', text)[1]
    for run in (own, "ffff" + own[4:]):
        folder = place / RUNS / run
        folder.mkdir(parents=True)
        for name in ("manifest.json", "outcomes.jsonl", "events.jsonl"):
            (folder / name).write_text((copied / name).read_text().replace(own, run))
        runs.append(run)
    (place / COLLECTION).write_bytes(collection_text(runs))
    done = report(place, "-o", tmp_path / "page.html")
    assert (done.returncode, done.stderr) == (0, "")
    page = (tmp_path / "page.html").read_text()
    assert "The runs side by side" in page
    assert all(run in page for run in runs)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("no-such-run",), "no such results folder"),
        (("{empty}",), "it has no manifest.json"),
        (("{run}", "{run}"), "is given twice"),
        (("{run}", "-o", "{empty}"), "is a folder"),
        (("{run}", "-o", "{empty}/a/b.html"), "cannot write the report"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(tiny, tmp_path, arguments, told) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    done = report(*(one.format(run=tiny, empty=empty) for one in arguments), cwd=tmp_path)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert list(empty.iterdir()) == []


def test_nothing_but_a_report_is_overwritten(tiny, tmp_path) -> None:
    record = tiny / "manifest.json"
    before = record.read_bytes()
    done = report(tiny, "-o", record)
    assert done.returncode == 2
    assert "this file is no report of qbench" in done.stderr
    assert record.read_bytes() == before
    page = tmp_path / "page.html"
    page.write_text("<!DOCTYPE html><title>somebody's own page</title>")
    done = report(tiny, "-o", page)
    assert done.returncode == 2
    assert "somebody's own page" in page.read_text()
    page.write_text("")
    first = report(tiny, "-o", page), page.read_bytes()
    again = report(tiny, "-o", page), page.read_bytes()
    assert (first[0].returncode, again[0].returncode) == (0, 0)
    assert first[1] == again[1]


def test_without_a_run_it_says_how_it_is_used() -> None:
    done = report()
    assert done.returncode == 2
    assert "RUN" in done.stderr
