"""Lines of visits or of events that are lost: named to every reader, and measured again by a resumed run."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from qbench.report.losses import measured_again_sentence
from qbench.report.text import closing
from qbench.results.merging import merge_runs
from qbench.results.reading import read_run
from qbench.results.records import lost_lines
from qbench.session.plan import Plan, make_plan
from qbench.session.run import Silence, execute_plan
from qbench.session.tabled import open_tables

PACED = Path(__file__).parent / "paced_simulator.py"
TEXT = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\nx q[{qubit}];\n'


def lines(folder: Path, name: str = "visits.jsonl") -> list[str]:
    return (folder / name).read_text().splitlines(keepends=True)


def change(folder: Path, source: Path, change_lines: Callable[[list[str]], list[str]]) -> Path:
    """A copy of a run's records whose visits.jsonl is another one."""
    folder.mkdir()
    for name in ("manifest.json", "outcomes.jsonl", "events.jsonl"):
        (folder / name).write_bytes((source / name).read_bytes())
    (folder / "visits.jsonl").write_text("".join(change_lines(lines(source))))
    return folder


@pytest.fixture
def made(tmp_path: Path) -> Plan:
    paths = [tmp_path / f"x{qubit}.qasm" for qubit in (0, 1)]
    for qubit, path in enumerate(paths):
        path.write_text(TEXT.format(qubit=qubit), encoding="utf-8")
    made = make_plan(
        list(map(str, paths)),
        simulators=[f"{PACED}:paced.{name}" for name in ("steady", "slow")],
        workloads=["state"],
        controls=False,
    )
    terms = {"rounds": 2, "most_rounds": None, "visit_ms": 3, "warmup_ms": 2, "phases": ("execute",)}
    return replace(made, measure=replace(made.measure, **terms, visits=2))


@pytest.fixture
def whole(made: Plan, tmp_path: Path) -> Path:
    execute_plan(made, tmp_path / "whole", Silence())
    return tmp_path / "whole"


def test_a_block_says_how_many_lines_it_wrote_and_is_run_again_where_some_are_lost(
    made: Plan, whole: Path, tmp_path: Path
) -> None:
    written = lines(whole)
    done = [event for event in read_run(whole).events if event["event"] == "block_done"]
    assert sum(event["visits"] for event in done) == len(written)
    assert not read_run(whole).lacking
    assert "visits" not in closing(read_run(whole)).partition("lack")[2]

    first = json.loads(written[0])["block"]
    for name, cut in {
        "emptied": lambda some: [],
        "cut": lambda some: some[: len(some) // 2],
        "middle": lambda some: [*some[:1], *some[2:]],
        "torn": lambda some: [*some[:-1], some[-1][:-9]],
    }.items():
        folder = change(tmp_path / name, whole, cut)
        records = read_run(folder)
        loss = lost_lines(records.lacking)
        there = [json.loads(one)["block"] for one in cut(list(written)) if one.endswith("\n")]
        short = {event["block"] for event in done if there.count(event["block"]) < event["visits"]}
        assert set(records.lacking) == short
        assert not {visit.block for visit in records.visits} & short
        assert (first in short) == (name in ("emptied", "middle"))
        told = f"lack{'s' * (len(short) == 1)} {loss['lost']} of {loss['written']} lines of visits"
        assert told in " ".join(closing(records).split())
        (named,) = open_tables(folder).losses()
        assert told in named
        assert any(told in note for note in open_tables(folder).notes("cells"))
        assert not any("lack" in note for note in open_tables(folder).notes("accuracy"))

        again = execute_plan(made, folder, Silence())
        assert not again.records.lacking
        (event,) = (event for event in again.records.events if event["event"] == "visits_lost")
        assert event.items() >= loss.items()
        assert {visit.attempt for visit in again.records.visits if visit.block in short} == {2}
        assert {visit.attempt for visit in again.records.visits if visit.block not in short} <= {1}
        assert {visit.block for visit in again.records.visits} == {event["block"] for event in done}
        accuracy = "tables/accuracy.csv"
        assert (folder / accuracy).read_bytes() == (whole / accuracy).read_bytes()
        size = len(lines(folder))
        assert not read_run(execute_plan(made, folder, Silence()).path).lacking
        assert len(lines(folder)) == size  # nothing was left to do


def test_what_shards_lack_comes_from_the_others(whole: Path, tmp_path: Path) -> None:
    draw = random.Random(5)
    mine = set(draw.sample(lines(whole), len(lines(whole)) // 2))
    a = change(tmp_path / "a", whole, lambda some: [one for one in some if one in mine])
    b = change(tmp_path / "b", whole, lambda some: [one for one in some if one not in mine])
    assert read_run(a).lacking
    assert read_run(b).lacking
    merge_runs([a, b], tmp_path / "ab")
    assert lines(tmp_path / "ab") == lines(whole)
    assert not open_tables(tmp_path / "ab").losses()
    merge_runs([a, a], tmp_path / "aa")
    assert read_run(tmp_path / "aa").lacking == read_run(a).lacking


def test_an_attempt_whose_events_are_lost_is_not_given_a_second_time(made: Plan, whole: Path) -> None:
    path = whole / "events.jsonl"
    path.write_text("".join(one for one in lines(whole, "events.jsonl") if '"block_' not in one))
    again = execute_plan(made, whole, Silence())
    assert {visit.attempt for visit in again.records.visits} == {2}


def cut_events(folder: Path, source: Path, change_lines: Callable[[list[str]], list[str]]) -> Path:
    """A copy of a run's records whose events.jsonl is another one."""
    change(folder, source, list)
    (folder / "events.jsonl").write_text("".join(change_lines(lines(source, "events.jsonl"))))
    return folder


def from_first_block(some: list[str], number: int) -> list[str]:
    """The events before the first block, and so many more."""
    first = next(place for place, one in enumerate(some) if '"block_started"' in one)
    return some[: first + number]


CUTS = {
    "emptied": lambda some: [],
    "before any block": lambda some: from_first_block(some, 0),
    "in a block": lambda some: from_first_block(some, 3),
    "torn": lambda some: [*from_first_block(some, 2), from_first_block(some, 3)[-1][:-9]],
    "one is not done": lambda some: [
        one for one in some if one != next(line for line in some if '"block_done"' in line)
    ],
}


@pytest.mark.parametrize("name", CUTS)
def test_blocks_whose_events_are_lost_are_named_and_measured_again(
    made: Plan, whole: Path, tmp_path: Path, name: str
) -> None:
    assert not read_run(whole).orphans
    folder = cut_events(tmp_path / "cut", whole, CUTS[name])
    records = read_run(folder)
    done = {event["block"] for event in records.events if event["event"] == "block_done"}
    # What was begun last and is not done may have been interrupted: of that alone nothing can be said.
    begun = [event["block"] for event in records.events if event["event"] == "block_started"]
    last = set() if name == "one is not done" else set(begun[-1:])
    blocks = [json.loads(one)["block"] for one in lines(folder)]
    lost = {block: blocks.count(block) for block in blocks if block not in done | last}
    assert records.orphans == lost
    assert lost
    plural = "s have" if len(lost) > 1 else " has"
    told = f"{len(lost)} block{plural} {sum(lost.values())} lines of visits and no event of "
    (named,) = open_tables(folder).losses()
    assert told in named
    assert "Lines of events.jsonl are lost." in named
    assert told in " ".join(closing(records).split())
    assert any(told in note for note in open_tables(folder).notes("cells"))
    merge_runs([folder, folder], tmp_path / "copies")
    assert told in open_tables(tmp_path / "copies").losses()[0]

    again = execute_plan(made, folder, Silence())
    assert not again.records.orphans
    assert not open_tables(folder).losses()
    (event,) = (event for event in again.records.events if event["event"] == "events_lost")
    assert (event["blocks"], event["visits"]) == (len(lost), sum(lost.values()))
    sentence = measured_again_sentence(again.records.events)
    assert sentence is not None
    assert "no event of" in sentence
    assert {visit.attempt for visit in again.records.visits if visit.block in lost} == {2}
    assert {visit.block for visit in again.records.visits} == {
        visit.block for visit in read_run(whole).visits
    }


def test_the_lost_end_of_events_comes_from_another_copy(whole: Path, tmp_path: Path) -> None:
    folder = cut_events(tmp_path / "cut", whole, CUTS["in a block"])
    merge_runs([folder, whole], tmp_path / "merged")
    assert not open_tables(tmp_path / "merged").losses()
    assert not open_tables(tmp_path / "merged").unfinished()
    assert lines(tmp_path / "merged", "events.jsonl") == lines(whole, "events.jsonl")


def test_an_interrupted_block_is_no_loss(made: Plan, whole: Path, tmp_path: Path) -> None:
    """Killed twice: each session left one block begun, and the second did not come to the first one's."""
    folder = change(tmp_path / "killed", whole, list)
    some = lines(whole, "events.jsonl")
    cut = from_first_block(some, 1)
    begun = json.loads(cut[-1])["block"]
    keep = [one for one in lines(whole) if json.loads(one)["block"] == begun]
    (folder / "events.jsonl").write_text("".join([*cut, *some[:1], *cut[-1:]]))
    (folder / "visits.jsonl").write_text("".join(keep))
    records = read_run(folder)
    assert keep
    assert not records.orphans
    assert not records.visits
    assert not open_tables(folder).losses()
