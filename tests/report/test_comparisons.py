"""How comparisons are written: bytes, widths, and names that want to break the page."""

import dataclasses
import json
from functools import cache
from pathlib import Path

import comparisons
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moved_runs import OTHER, STEADY, made, plan

from qbench.analysis.changes import Change
from qbench.analysis.diff import diff_runs, diff_within
from qbench.analysis.holding import what_held
from qbench.analysis.readings import take_readings
from qbench.report.columns import text_width
from qbench.report.diff_data import diff_json, diff_markdown
from qbench.report.diff_page import MEANINGS, diff_text
from qbench.report.reproduce_page import held_data, held_text
from qbench.report.rows import fitted

GOLDEN = Path(__file__).parent / "golden"


@cache
def pages():
    """Every golden file of this page by name."""
    texts = {f"diff_{make.__name__}.txt": f"{diff_text(make())}\n" for make in comparisons.DIFFS}
    texts["diff_two_runs_all.txt"] = f"{diff_text(comparisons.two_runs(), every=True)}\n"
    texts["diff_two_runs.md"] = diff_markdown(comparisons.two_runs())
    texts["diff_two_runs.json"] = diff_json(comparisons.two_runs())
    texts["held.txt"] = f"{held_text(comparisons.held())}\n"
    return texts


@pytest.mark.parametrize("name", [*sorted(path.name for path in GOLDEN.glob("diff_*")), "held.txt"])
def test_bytes(name):
    """To write the files anew after a wanted change: python tests/report/write_golden_comparisons.py"""
    assert pages()[name].encode() == (GOLDEN / name).read_bytes()


@pytest.mark.parametrize("every", [False, True])
@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("make", comparisons.DIFFS, ids=lambda make: make.__name__)
def test_no_line_is_wider_than_asked(make, width, every):
    for text in (diff_text(make(), every=every, width=width), held_text(comparisons.held(), width)):
        assert max(map(text_width, text.split("\n"))) <= width
        assert all(line == line.rstrip() for line in text.split("\n"))


@settings(max_examples=30, deadline=None)
@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_any_name_stays_on_its_line(circuit, simulator):
    simulator = f"{simulator}!"  # none of the others' names
    odd = dataclasses.replace(OTHER, name=simulator)
    shared = {
        "circuits": ((circuit, 2), (f"{circuit}!", 3)),
        "rounds": 2,
        "phases": ("execute",),
        "samples": 2,
    }
    a = made(plan(STEADY, odd, **shared))
    b = made(
        plan(STEADY, odd, seed=2, verdicts={(circuit, simulator): ("crash", circuit)}, **shared), run=circuit
    )
    for text in (
        diff_text(diff_runs(a, b), every=True),
        diff_text(diff_within(b, ("steady", simulator)), every=True),
        held_text(what_held(a, b)),
        diff_markdown(diff_runs(a, b)),
    ):
        assert all(letter.isprintable() or letter == "\n" for letter in text)
    assert max(map(text_width, diff_text(diff_runs(a, b), every=True).split("\n"))) <= 100
    found = json.loads(diff_json(diff_runs(a, b)))
    assert {cell["simulator"] for cell in found["cells"]} == {"steady", simulator}
    json.dumps(held_data(what_held(a, b)), allow_nan=False)


def test_where_no_cell_is_in_both_runs_nothing_is_said_to_hold():
    strange = what_held(made(plan()), made(plan(circuits=(("other_3", 3),)), run="b"))
    text = held_text(strange)
    assert "NOTHING WAS COMPARED" in text
    assert "LOST: no outcome in the new run, though the simulator took part, cells: other (4)" in text
    assert " held in " not in text
    assert held_data(strange)["failed"]
    failing = {("*", "steady"): ("crash", "x"), ("*", "other"): ("crash", "x")}
    dead = [made(plan(STEADY, OTHER, verdicts=failing), run=run) for run in "ab"]
    assert "Accuracy is not compared: no cell has an answer in both runs." in held_text(what_held(*dead))


def test_what_could_not_be_run_is_counted_apart_in_text_and_data():
    holding = comparisons.held()
    data = held_data(holding)
    assert data["not_installed"] == 10
    assert sum(data["verdict"].values()) == len(holding.cells) - 10
    assert {cell["verdict"] for cell in data["cells"] if cell["simulator"] == "absent"} == {None}
    assert "Not installed, so not run again, cells: absent (10)." in held_text(holding)
    nobody = [dataclasses.replace(sim, installed=False) for sim in (STEADY, OTHER)]
    nothing = what_held(made(plan(STEADY, OTHER)), made(plan(*nobody), run="b"))
    text = held_text(nothing)
    assert text.count("NOTHING WAS RUN AGAIN") == 1
    assert " held in " not in text
    assert held_data(nothing)["failed"]


def test_a_budget_that_ended_a_run_is_told():
    def with_events(run, *events):
        records = dataclasses.replace(run.records, events=(*run.records.events, *events))
        return take_readings(records)

    old, new = made(plan()), made(plan(seed=2), run="b")
    cell = new.records.manifest["cells"][0]
    question = {key: cell[key] for key in ("problem", "task", "threads", "gate_mode")}
    done = {"event": "question_done", **question, "rounds": 3}
    ended = with_events(new, {**done, "why": "budget"})
    text = " ".join(held_text(what_held(old, ended)).split())
    assert "A budget of time ended the new run before 1 of its 4 questions" in text
    assert "ended the earlier run before 1 of" in " ".join(held_text(what_held(ended, new)).split())
    resumed = with_events(new, {**done, "why": "budget"}, {**done, "rounds": 9, "why": "width"})
    assert "budget" not in held_text(what_held(old, resumed))


def test_what_is_hidden_is_listed_on_request():
    diff = comparisons.two_runs()
    short, long = diff_text(diff), diff_text(diff, every=True)
    assert "--all lists every cell." in short
    assert "--all" not in long
    listed = [change for change in Change if any(cell.primary == change for cell in diff.cells)]
    assert all(f"{change}: " in long for change in listed)


def test_every_class_has_a_meaning():
    assert set(MEANINGS) == set(Change)


@given(
    st.lists(
        st.lists(st.text(alphabet="ab量 ", max_size=30), min_size=3, max_size=3), min_size=1, max_size=4
    ),
    st.integers(min_value=30, max_value=90),
)
def test_rows_fit(rows, width):
    lines = fitted(rows, width, names=2)
    assert len(lines) == len(rows)
    assert all(text_width(line) <= width for line in lines)
