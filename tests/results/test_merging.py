"""Merging: the laws, on generated runs cut into shards; conflicts shown; a folder is whole or not there."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qbench.errors import QbenchError
from qbench.results.merging import merge_runs
from qbench.results.reading import read_run
from qbench.results.store import RunStore

STREAMS = ("outcomes.jsonl", "visits.jsonl", "events.jsonl")
RUNS = ("0a", "1b", "2c")
CELLS = ("c0", "c1", "c2")


def line(record: Mapping[str, Any]) -> bytes:
    return json.dumps(record, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def manifest(run: str) -> dict[str, Any]:
    simulator = {
        "id": "i",
        "package": "a",
        "version": "1.0",
        "distributions": {"a": "1.0"},
        "kind": "exact",
        "precision": "complex128",
        "tasks": ["state"],
        "gates": ["h"],
        "max_qubits": 3,
        "licence": "MIT",
        "installed": True,
        "python": "3.12.0",
        "origin": "builtin",
    }
    problem = {"name": "ghz_2", "family": None, "area": None, "known_answer": None}
    numbers = {"qubits": 2, "clbits": 0, "gates": 2, "depth": 2}
    return {
        "record_format": 1,
        "protocol": 1,
        "run": run,
        "suite": {"name": "toy", "version": 1, "digest": "d"},
        "settings": {"rounds": 2, "phases": ["execute"], "threads": [1], "gate_mode": "native", "seed": 1},
        "baseline": "a",
        "problems": dict.fromkeys(CELLS, problem | numbers),
        "tasks": {"t": {"kind": "state", "label": "state"}},
        "simulators": {"a": simulator},
        "cells": [
            {"id": cell, "problem": cell, "task": "t", "simulator": "a", "threads": 1, "gate_mode": "native"}
            for cell in CELLS
        ],
        "machine": {"processor": "some"},
        "packages": {"numpy": "2.4.6"},
        "qbench": {"version": "0", "commit": None},
    }


def outcome(run: str, cell: str) -> dict[str, Any]:
    return {
        "cell": cell,
        "verdict": "ok",
        "reason": None,
        "figures": {"bound": 1.5e-7},
        "answer_digest": "00",
        "seed": 1,
        "gates_executed": 3,
        "flags": [],
        "run": run,
        "suite": "toy 1 d",
    }


def visit(run: str, block: str, attempt: int, cell: str, number: int, phase: str) -> dict[str, Any]:
    ns = 1000 + 100 * attempt + 10 * number + len(phase)
    return {
        **dict.fromkeys(("cpu_ns", "minor_faults", "major_faults", "voluntary_switches", "os_threads"), 1),
        **dict.fromkeys(("involuntary_switches", "rss_before_bytes", "rss_peak_bytes")),
        "block": block,
        "attempt": attempt,
        "round": 0,
        "cell": cell,
        "visit": number,
        "phase": phase,
        "place": "warm",
        "loops": 1,
        "count": 1,
        "wall_ns": [ns],
        "quantiles_ns": [ns] * 5,
        "total_wall_ns": ns,
        "seed": 9,
        "flags": [],
        "run": run,
        "suite": "toy 1 d",
    }


Streams = dict[str, list[bytes]]


def history(run: str, numbered: bool) -> Streams:
    """All lines of one run as they were written: a block that was tried twice, one that never ended."""
    written: dict[str, list[dict[str, Any]]] = {name: [] for name in STREAMS}
    written["events.jsonl"].append({"event": "session_started", "utc": f"2026-01-01T00:00:{run[0]}0Z"})
    written["outcomes.jsonl"] += [outcome(run, cell) for cell in CELLS]
    for block, attempt, done in (("b", 1, False), ("b", 2, True), ("d", 1, True), ("f", 1, False)):
        written["events.jsonl"].append({"event": "block_started", "block": block, "attempt": attempt})
        for number, cell in enumerate(CELLS[:2]):
            for phase in ("end_to_end", "execute"):
                written["visits.jsonl"].append(visit(run, block, attempt, cell, number, phase))
        if done:
            written["events.jsonl"].append({"event": "block_done", "block": block, "attempt": attempt})
    return {
        name: [
            line({**record, "run": run, "suite": "toy 1 d"} | ({"seq": i} if numbered else {}))
            for i, record in enumerate(records)
        ]
        for name, records in written.items()
    }


@dataclass(frozen=True)
class Shard:
    """A part of a run's history: which lines it has, whether it is packed, and what a kill tore off."""

    run: str
    lines: Mapping[str, tuple[bytes, ...]]
    circuits: tuple[str, ...]
    packed: bool
    torn: bool

    def write(self, folder: Path) -> Path:
        folder.mkdir()
        (folder / "manifest.json").write_text(json.dumps(manifest(self.run)))
        for name, lines in self.lines.items():
            content = b"".join(lines) + (b'{"cell":"c1","torn' if self.torn else b"")
            if self.packed and name == "visits.jsonl":
                (folder / f"{name}.gz").write_bytes(gzip.compress(content))
            else:
                (folder / name).write_bytes(content)
        (folder / "circuits").mkdir()
        for circuit in self.circuits:
            (folder / "circuits" / f"{circuit}.qasm").write_text(circuit)
        (folder / "closing.txt").write_text("derived")
        return folder


@st.composite
def shards(draw: st.DrawFn, run: str | None = None) -> Shard:
    """Numbered lines may be any of a run's; without numbers a copy has its first so many."""
    run = run or draw(st.sampled_from(RUNS))
    numbered = run != RUNS[0]
    lines = {}
    for name, written in history(run, numbered).items():
        if numbered:
            kept = draw(st.lists(st.booleans(), min_size=len(written), max_size=len(written)))
            lines[name] = tuple(one for one, keep in zip(written, kept, strict=True) if keep)
        else:
            lines[name] = tuple(written[: draw(st.integers(0, len(written)))])
    return Shard(
        run=run,
        lines=lines,
        circuits=tuple(draw(st.sets(st.sampled_from(CELLS)))),
        packed=draw(st.booleans()),
        torn=draw(st.booleans()),
    )


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory where there is one: merging waits for the disk, 25 times in one example of a law."""
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK):
        yield tmp_path_factory.mktemp("merging")
        return
    with tempfile.TemporaryDirectory(dir=shared) as folder:
        yield Path(folder)


@pytest.fixture
def scratch(memory: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=memory))


class Merger:
    """Merges into a new folder each time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made = 0

    def write(self, *some: Shard) -> list[Path]:
        return [shard.write(self._new()) for shard in some]

    def __call__(self, *folders: Path) -> Path:
        out = self._new()
        merge_runs(folders, out)
        return out

    def _new(self) -> Path:
        self.made += 1
        return self.folder / str(self.made)


@settings(max_examples=60, deadline=None)
@given(some=st.tuples(shards(), shards(), shards()))
def test_order_and_grouping_do_not_matter_and_twice_is_once(
    some: tuple[Shard, Shard, Shard], memory: Path
) -> None:
    merge = Merger(Path(tempfile.mkdtemp(dir=memory)))
    a, b, c = merge.write(*some)
    whole = tree(merge(a, b, c))
    assert tree(merge(c, a, b)) == tree(merge(b, a, c)) == whole
    assert tree(merge(merge(a, b), c)) == tree(merge(a, merge(b, c))) == whole
    assert tree(merge(a, a)) == tree(merge(a))
    assert tree(merge(merge(a, b, c), b, a)) == whole


@settings(max_examples=40, deadline=None)
@given(some=st.lists(shards(), min_size=1, max_size=4))
def test_what_comes_out_is_every_line_that_went_in_once_in_the_order_of_writing(
    some: list[Shard], memory: Path
) -> None:
    merge = Merger(Path(tempfile.mkdtemp(dir=memory)))
    out = merge(*merge.write(*some))
    runs = {shard.run for shard in some}
    for run in runs:
        folder = out if len(runs) == 1 else out / "runs" / run
        for name, written in history(run, numbered=run != RUNS[0]).items():
            there = {one for shard in some if shard.run == run for one in shard.lines[name]}
            found = (folder / name).read_bytes().splitlines(keepends=True)
            assert sorted(found) == sorted(there)
            if run != RUNS[0] or name == "events.jsonl":
                assert found == [one for one in written if one in there]
        wanted = {f"{circuit}.qasm" for shard in some if shard.run == run for circuit in shard.circuits}
        assert {path.name for path in folder.glob("circuits/*")} == wanted
        assert not (folder / "closing.txt").exists()  # what is derived is made again, not carried


@settings(max_examples=25, deadline=None)
@given(parts=st.lists(shards(run=RUNS[1]), min_size=1, max_size=3))
def test_superseded_attempts_stay_superseded(parts: list[Shard], memory: Path) -> None:
    merge = Merger(Path(tempfile.mkdtemp(dir=memory)))
    records = read_run(merge(*merge.write(*parts)))
    done = {(event["block"], event["attempt"]) for event in records.events if event["event"] == "block_done"}
    assert done <= {("b", 2), ("d", 1)}
    there = {one for shard in parts for one in shard.lines["visits.jsonl"]}
    wanted = [record for record in map(json.loads, there) if (record["block"], record["attempt"]) in done]
    assert sorted(visit.seq for visit in records.visits) == sorted(record["seq"] for record in wanted)


def test_a_copy_and_its_continuation_give_the_continuation_byte_for_byte(scratch: Path) -> None:
    written = history(RUNS[1], numbered=True)
    whole = Shard(RUNS[1], {name: tuple(lines) for name, lines in written.items()}, CELLS, False, False)
    copy = Shard(RUNS[1], {name: tuple(lines[:2]) for name, lines in written.items()}, (), False, True)
    merge = Merger(scratch)
    out = merge(*merge.write(copy, whole))
    for name, lines in written.items():
        assert (out / name).read_bytes() == b"".join(lines)
    made = json.loads((out / "manifest.json").read_text())
    del made["run"]
    with RunStore(out, made) as store:  # a run's folder like any other: it can be resumed
        assert store.resumed
        assert store.add_event("session_started", utc="x")["seq"] == len(written["events.jsonl"])


@settings(max_examples=30, deadline=None)
@given(name=st.sampled_from(STREAMS), numbered=st.booleans(), data=st.data())
def test_one_key_with_other_bytes_is_an_error_that_shows_both(
    name: str, numbered: bool, data: st.DataObject, memory: Path
) -> None:
    written = history(RUNS[1], numbered)
    which = data.draw(st.integers(0, len(written[name]) - 1))
    good = written[name][which]
    record = json.loads(good)
    field = {"outcomes.jsonl": "seed", "visits.jsonl": "seed", "events.jsonl": "suite"}[name]
    bad = line(record | {field: 77 if field == "seed" else "other"})
    assume(bad != good)
    first = Shard(RUNS[1], {n: tuple(lines) for n, lines in written.items()}, (), False, False)
    other = {n: tuple(bad if one == good else one for one in lines) for n, lines in written.items()}
    merge = Merger(Path(tempfile.mkdtemp(dir=memory)))
    a, b = merge.write(first, Shard(RUNS[1], other, (), data.draw(st.booleans()), False))
    for pair in ((a, b), (b, a)):
        with pytest.raises(QbenchError) as caught:
            merge(*pair)
        said = str(caught.value)
        assert good.decode().strip() in said
        assert bad.decode().strip() in said
        assert f"{a / name}:{which + 1}" in said
        assert f"{b / name}" in said
        assert not (merge.folder / str(merge.made)).exists()
        assert not list(merge.folder.glob("*.unfinished"))


def whole_shard(run: str) -> Shard:
    lines = {name: tuple(lines) for name, lines in history(run, numbered=True).items()}
    return Shard(run, lines, CELLS, packed=False, torn=False)


def test_runs_of_one_plan_on_one_machine_stay_two(scratch: Path) -> None:
    merge = Merger(scratch)
    out = merge(*merge.write(whole_shard("1b"), whole_shard("2c")))
    assert json.loads((out / "collection.json").read_text()) == {
        "collection_format": 1,
        "runs": ["1b", "2c"],
    }
    assert len(read_run(out / "runs" / "1b").visits) == len(read_run(out / "runs" / "2c").visits) == 8
    with pytest.raises(QbenchError, match="collection"):
        read_run(out)


def test_manifests_of_one_run_must_agree(scratch: Path) -> None:
    merge = Merger(scratch)
    a, b = merge.write(whole_shard("1b"), whole_shard("1b"))
    changed = manifest("1b") | {"machine": {"processor": "another"}}
    (b / "manifest.json").write_text(json.dumps(changed))
    with pytest.raises(QbenchError, match=r'machine\.processor: "some" -> "another"'):
        merge(a, b)
    (b / "manifest.json").write_text(json.dumps(manifest("1b"), indent=3))  # the same, written otherwise
    merge(a, b)


def test_inputs_of_one_run_must_agree(scratch: Path) -> None:
    merge = Merger(scratch)
    a, b = merge.write(whole_shard("1b"), whole_shard("1b"))
    (b / "circuits" / "c1.qasm").write_text("another")
    with pytest.raises(QbenchError, match=r"circuits/c1\.qasm and .*circuits/c1\.qasm are one input"):
        merge(a, b)


def test_a_hostile_run_id_names_no_folder(scratch: Path) -> None:
    merge = Merger(scratch)
    a, b = merge.write(whole_shard("1b"), whole_shard("2c"))
    (b / "manifest.json").write_text(json.dumps(manifest("../../elsewhere")))
    with pytest.raises(QbenchError, match="run should be an id"):
        merge(a, b)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"collection_format": 1, "runs": ["../x"]}', "should be a list of run ids"),
        ('{"collection_format": 1, "runs": ["ff"]}', "runs/ff: not there"),
        ('{"collection_format": 1, "runs": []}', "no run"),
        ('{"collection_format": 2, "runs": []}', "format 2"),
        ("[1]", "format None"),
        ("{", "not valid JSON"),
    ],
)
def test_a_damaged_collection_is_named(text: str, said: str, scratch: Path) -> None:
    merge = Merger(scratch)
    out = merge(*merge.write(whole_shard("1b"), whole_shard("2c")))
    (out / "collection.json").write_text(text)
    with pytest.raises(QbenchError, match=said):
        merge(out)


def test_what_is_there_is_not_touched(scratch: Path) -> None:
    merge = Merger(scratch)
    (a,) = merge.write(whole_shard("1b"))
    before = tree(a)
    for out in (a, scratch, Path("/")):
        with pytest.raises(QbenchError, match="is there already"):
            merge_runs([a], out)
    precious = scratch / "out.unfinished"
    precious.mkdir()
    (precious / "thesis.tex").write_text("precious")
    with pytest.raises(QbenchError, match=r"thesis\.tex, which no merge leaves"):
        merge_runs([a], scratch / "out")
    assert tree(precious) == {"thesis.tex": b"precious"}
    assert tree(a) == before


def test_what_a_killed_merge_left_is_no_hindrance(scratch: Path) -> None:
    merge = Merger(scratch)
    (a,) = merge.write(whole_shard("1b"))
    shutil.copytree(merge(a), scratch / "out.unfinished")
    (scratch / "out.unfinished" / "visits.jsonl").write_text("half a li")
    merge_runs([a], scratch / "out")
    assert tree(scratch / "out") == tree(merge(a))
    assert not (scratch / "out.unfinished").exists()


def test_damage_in_an_input_is_named_and_nothing_is_left(scratch: Path) -> None:
    merge = Merger(scratch)
    a, b = merge.write(whole_shard("1b"), whole_shard("1b"))
    with (b / "visits.jsonl").open("a") as file:
        file.write("{}\n")
    with pytest.raises(QbenchError, match=r"visits\.jsonl:17: "):
        merge_runs([a, b], scratch / "out")
    assert sorted(path.name for path in scratch.iterdir()) == [a.name, b.name]


def test_nothing_to_merge(scratch: Path) -> None:
    for inputs in ([], [scratch / "nowhere"], [scratch]):
        with pytest.raises(QbenchError):
            merge_runs(inputs, scratch / "out")
    assert not list(scratch.iterdir())
