"""The results folder: nothing lost, nothing doubled, another plan refused, damage named with its line."""

from __future__ import annotations

import gzip
import json
import lzma
import resource
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qbench.analysis.render import render_csv
from qbench.analysis.tables import make_tables
from qbench.errors import QbenchError
from qbench.model import Outcome, Visit
from qbench.report.text import closing
from qbench.results.manifests import OWN_DISTRIBUTION
from qbench.results.reading import read_run
from qbench.results.store import RunStore

SUITE = "toy 1 d"
SETTINGS = {"rounds": 2, "phases": ["execute"], "threads": [1], "gate_mode": "native", "seed": 1}


def manifest(**changes: Any) -> dict[str, Any]:
    return {
        "record_format": 1,
        "protocol": 1,
        "suite": {"name": "toy", "version": 1, "digest": "d"},
        "settings": SETTINGS,
        "baseline": "a",
        "problems": {
            "p": {
                "name": "ghz_2",
                "family": None,
                "area": None,
                "qubits": 2,
                "clbits": 0,
                "gates": 2,
                "depth": 2,
                "known_answer": None,
            }
        },
        "tasks": {"t": {"kind": "state", "label": "state"}},
        "simulators": {
            "a": {
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
        },
        "cells": [
            {"id": "c", "problem": "p", "task": "t", "simulator": "a", "threads": 1, "gate_mode": "native"}
        ],
        "machine": {"processor": "some"},
        "packages": {"numpy": "2.4.6", "qbench-harness": "0.1.0"},
        "qbench": {"version": "0", "commit": None},
    } | changes


def outcome(**changes: Any) -> Outcome:
    fields: dict[str, Any] = {
        "cell": "c",
        "verdict": "ok",
        "reason": None,
        "figures": {"max_amplitude_error": 1.5e-16, "gates": 3},
        "answer_digest": "00",
        "seed": 1,
        "gates_executed": 3,
    }
    return Outcome(**(fields | changes))


def visit(block: str = "b", attempt: int = 1, **changes: Any) -> Visit:
    fields: dict[str, Any] = {
        "block": block,
        "attempt": attempt,
        "round": 0,
        "cell": "c",
        "visit": 0,
        "phase": "execute",
        "place": "warm",
        "loops": 1,
        "count": 2,
        "wall_ns": (10, 12),
        "quantiles_ns": (10, 10, 10, 12, 12),
        "total_wall_ns": 22,
        "cpu_ns": 22,
        "minor_faults": 0,
        "major_faults": 0,
        "voluntary_switches": 0,
        "involuntary_switches": 0,
        "rss_before_bytes": None,
        "rss_peak_bytes": None,
        "os_threads": 1,
        "seed": 9,
        "flags": ("contended",),
    }
    return Visit(**(fields | changes))


def test_records_come_back_as_they_were_written(tmp_path: Path) -> None:
    with RunStore(tmp_path / "run", manifest()) as store:
        store.add_outcome(outcome())
        store.add_visits([visit()])
        store.add_event("block_done", block="b", attempt=1)
        records = store.records()
    run = records.manifest["run"]
    assert records.outcomes == {"c": outcome(run=run, suite=SUITE, seq=0)}
    assert list(records.visits) == [visit(run=run, suite=SUITE, seq=0)]
    assert records.manifest["suite"]["name"] == "toy"


def test_every_line_names_its_suite_and_old_lines_without_it_are_read(tmp_path: Path) -> None:
    with RunStore(tmp_path / "run", manifest()) as store:
        store.add_outcome(outcome())
        store.add_event("conformance", simulator="a", passed=True, probe=None, reason=None)
    for name in ("outcomes.jsonl", "events.jsonl"):
        (line,) = (tmp_path / "run" / name).read_text().splitlines()
        assert json.loads(line)["suite"] == SUITE
    path = tmp_path / "run" / "outcomes.jsonl"
    path.write_text(path.read_text().replace(f',"suite":"{SUITE}"', ""))
    assert read_run(tmp_path / "run").outcomes["c"].suite == ""


def test_only_the_attempt_that_finished_its_block_counts(tmp_path: Path) -> None:
    with RunStore(tmp_path / "run", manifest()) as store:
        store.add_visits([visit(attempt=1), visit(attempt=2, total_wall_ns=30), visit(block="unfinished")])
        store.add_event("block_done", block="b", attempt=2)
        counting = visit(attempt=2, total_wall_ns=30, run=store.run, suite=SUITE, seq=1)
        assert list(store.records().visits) == [counting]


@settings(max_examples=30, deadline=None)
@given(cut=st.integers(1, 200))
def test_a_torn_last_line_costs_that_line_alone(cut: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("torn") / "run"
    with RunStore(folder, manifest()) as store:
        store.add_visits([visit(), visit(phase="readback")])
        store.add_event("block_done", block="b", attempt=1)
    path = folder / "visits.jsonl"
    whole = path.read_bytes()
    assert cut < len(whole) // 2
    path.write_bytes(whole[:-cut])
    run = read_run(folder).manifest["run"]
    first = visit(run=run, suite=SUITE, seq=0)
    assert list(read_run(folder).visits) == [first]
    with RunStore(folder, manifest()) as store:
        store.add_visits([visit(phase="readback")])
        second = visit(phase="readback", run=run, suite=SUITE, seq=1)
        assert list(store.records().visits) == [first, second]
    assert path.read_bytes() == whole


def test_another_plans_folder_is_refused_with_the_difference(tmp_path: Path) -> None:
    RunStore(tmp_path / "run", manifest()).close()
    before = {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir()}
    with pytest.raises(QbenchError, match=r"settings\.seed: 1 -> 2"):
        RunStore(tmp_path / "run", manifest(settings=SETTINGS | {"seed": 2}))
    assert {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir()} == before


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"threads": [1, 2]}, r"settings\.threads: \[1\] -> \[1, 2\]"),
        ({"cell_budget_s": 2.5}, r"settings\.cell_budget_s: null -> 2\.5"),
        ({"metric": "cpu"}, r"settings\.metric: null -> \"cpu\""),
        ({"most_rounds": 60, "width": 0.03}, r"most_rounds: null -> 60\n.*width: null -> 0\.03"),
        ({"phases": ["execute"] * 9}, r"settings\.phases: 1 -> 9 entries, or other ones"),
    ],
)
def test_every_other_setting_is_shown(changed: dict[str, Any], said: str, tmp_path: Path) -> None:
    RunStore(tmp_path / "run", manifest()).close()
    with pytest.raises(QbenchError, match=said):
        RunStore(tmp_path / "run", manifest(settings=SETTINGS | changed))


def test_the_same_plan_with_another_budget_goes_on(tmp_path: Path) -> None:
    RunStore(tmp_path / "run", manifest()).close()
    with RunStore(tmp_path / "run", manifest(settings=SETTINGS | {"budget_s": 60})) as store:
        assert store.resumed


def refused(folder: Path, wanted: dict[str, Any]) -> list[str]:
    """The differences that a refusal shows."""
    with pytest.raises(QbenchError, match="another plan") as error:
        RunStore(folder, wanted)
    return [line.strip() for line in str(error.value).splitlines()[1:-1]]


def test_another_version_of_qbench_itself_may_resume(tmp_path: Path) -> None:
    """A newer one says so in what it tells of itself, and among the packages, under either spelling."""
    RunStore(tmp_path / "run", manifest()).close()
    for packages in (
        {"numpy": "2.4.6", "qbench-harness": "0.2.0"},
        {"numpy": "2.4.6", "qbench_harness": "0.2.0"},
        {"numpy": "2.4.6"},
    ):
        changed = manifest(qbench={"version": "0.2.0", "commit": "x"}, packages=packages)
        with RunStore(tmp_path / "run", changed) as store:
            assert store.resumed
            assert store.records().manifest["packages"] == manifest()["packages"]


def test_another_version_of_qbench_beside_a_simulator_may_resume(tmp_path: Path) -> None:
    def beside(version: str, numpy: str = "2.4.6") -> dict[str, Any]:
        facts = manifest()["simulators"]["a"]
        packages = {"numpy": numpy, "qbench-harness": version}
        return manifest(simulators={"a": facts | {"packages": packages}})

    RunStore(tmp_path / "run", beside("0.1.0")).close()
    RunStore(tmp_path / "run", beside("0.2.0")).close()
    assert refused(tmp_path / "run", beside("0.2.0", "2.5.0")) == [
        'simulators.a.packages.numpy: "2.4.6" -> "2.5.0"'
    ]


def test_another_version_of_another_package_is_another_plan(tmp_path: Path) -> None:
    RunStore(tmp_path / "run", manifest()).close()
    packages = {"numpy": "2.5.0", "qbench-harness": "0.2.0"}
    found = refused(tmp_path / "run", manifest(packages=packages))
    assert found == ['packages.numpy: "2.4.6" -> "2.5.0"']


def test_qbench_is_known_by_the_name_under_which_it_is_installed() -> None:
    pyproject = Path(__file__).parents[2] / "pyproject.toml"
    assert tomllib.loads(pyproject.read_text("utf-8"))["project"]["name"] == OWN_DISTRIBUTION


@pytest.mark.parametrize(("share", "resumes"), [(0.0, True), (-0.015, True), (0.015, True), (0.03, False)])
def test_a_kernel_that_keeps_more_of_the_memory_may_resume(
    share: float, resumes: bool, tmp_path: Path
) -> None:
    first = {"processor": "some", "memory_bytes": 8 << 30}
    later = {"processor": "some", "memory_bytes": round((8 << 30) * (1 + share))}
    RunStore(tmp_path / "run", manifest(machine=first)).close()
    if not resumes:
        found = refused(tmp_path / "run", manifest(machine=later))
        assert found == ["machine.memory_bytes: 8589934592 -> 8847632630"]
        return
    with RunStore(tmp_path / "run", manifest(machine=later)) as store:
        # How many simulators are alive together follows from it: all sessions have the first one's.
        assert store.records().manifest["machine"] == first


def test_another_machine_is_refused_whatever_its_memory(tmp_path: Path) -> None:
    RunStore(tmp_path / "run", manifest(machine={"processor": "some", "memory_bytes": 8 << 30})).close()
    for machine in ({"processor": "other", "memory_bytes": (8 << 30) - 4096}, {"processor": "some"}):
        with pytest.raises(QbenchError, match=r"machine\."):
            RunStore(tmp_path / "run", manifest(machine=machine))


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("precious")
    with pytest.raises(QbenchError, match="not empty"):
        RunStore(tmp_path, manifest())
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    with RunStore(tmp_path / "run", manifest()), pytest.raises(QbenchError, match="another qbench"):
        RunStore(tmp_path / "run", manifest())


@pytest.mark.parametrize("left", [(), ("events.jsonl",), ("manifest.json.unfinished", "events.jsonl")])
def test_a_kill_before_the_manifest_leaves_a_folder_that_can_be_used(
    left: tuple[str, ...], tmp_path: Path
) -> None:
    for name in left:
        (tmp_path / name).write_text('{"record_for' if name.startswith("manifest") else "")
    with RunStore(tmp_path, manifest()) as store:
        assert not store.resumed
    assert {path.name for path in tmp_path.iterdir()} == {
        *("manifest.json", "outcomes.jsonl", "visits.jsonl", "events.jsonl"),
    }


def test_of_two_that_begin_one_folder_at_once_one_writes(tmp_path: Path) -> None:
    """Ten times two programs race for a folder: never two manifests, never two writers."""
    program = (
        "import sys, time, pathlib\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from test_store import manifest, visit\n"
        "from qbench.errors import QbenchError\n"
        "from qbench.results.store import RunStore\n"
        "for line in sys.stdin:\n"
        "    folder, moment = line.split()\n"
        "    while time.time() < float(moment): pass\n"
        "    try:\n"
        "        store = RunStore(pathlib.Path(folder), manifest())\n"
        "    except QbenchError as error:\n"
        "        print('in use' if 'another qbench' in str(error) else error, flush=True)\n"
        "    else:\n"
        "        store.add_visits([visit()])\n"
        "        time.sleep(0.05)\n"
        "        store.close()\n"
        "        print(store.run, flush=True)\n"
    )
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    moments = [time.time() + 2 + 0.1 * number for number in range(10)]
    lines = "".join(f"{tmp_path / str(number)} {moment}\n" for number, moment in enumerate(moments))
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write(lines)
        racer.stdin.close()
    said = [racer.stdout.read().split("\n")[:-1] for racer in racers if racer.stdout is not None]
    assert [racer.wait() for racer in racers] == [0, 0]
    for number, pair in enumerate(zip(*said, strict=True)):
        folder = tmp_path / str(number)
        run = json.loads((folder / "manifest.json").read_text())["run"]
        assert set(pair) <= {"in use", run}
        written = [json.loads(line) for line in (folder / "visits.jsonl").read_text().splitlines()]
        assert [record["seq"] for record in written] == list(range(sum(one == run for one in pair)))


@pytest.mark.parametrize("name", ["outcomes.jsonl", "visits.jsonl", "events.jsonl", "circuits/c.qasm"])
def test_the_first_write_that_fails_is_the_last_word(name: str, tmp_path: Path) -> None:
    """Nothing is written behind a line that did not fit: it would hide that one is missing."""
    write = {
        "outcomes.jsonl": lambda store: store.add_outcome(outcome()),
        "visits.jsonl": lambda store: store.add_visits([visit(phase="readback")]),
        "events.jsonl": lambda store: store.add_event("block_done", block="b", attempt=1),
        "circuits/c.qasm": lambda store: store.keep_file("circuits/c.qasm", b"x" * 9000),
    }
    folder = tmp_path / "run"
    with RunStore(folder, manifest()) as store:
        store.add_visits([visit()])
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50 if name != "visits.jsonl" else 600, hard))
        try:
            with pytest.raises(QbenchError, match=f"{name}: cannot write: File too large") as first:
                write[name](store)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        for other in write.values():
            with pytest.raises(QbenchError, match="resumes this run") as again:
                other(store)
            assert again.value is first.value
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    with RunStore(folder, manifest()) as store:
        for one in write.values():
            one(store)
        assert [visit.seq for visit in store.records().visits] == [0, 1]


def test_records_are_read_again_when_something_was_written(tmp_path: Path) -> None:
    with RunStore(tmp_path / "run", manifest()) as store:
        store.add_outcome(outcome())
        first = store.records()
        assert store.records() is first
        store.add_event("block_done", block="b", attempt=1)
        assert len(store.records().events) == 1


DAMAGE = {
    "not json": ("visits.jsonl", b"{broken\n", "visits.jsonl:1: not valid JSON"),
    "not an object": ("outcomes.jsonl", b"[1]\n", "outcomes.jsonl:1: a record is a JSON object"),
    "binary": ("events.jsonl", b"\x00\xff\n", "events.jsonl:1"),
    "missing field": ("outcomes.jsonl", b'{"cell":"c"}\n', "lacks 'verdict'"),
    "deep": ("visits.jsonl", b"[" * 100_000 + b"\n", "visits.jsonl:1"),
    "manifest": ("manifest.json", b'{"record_format": 1}', "lacks"),
    "no seconds block": ("events.jsonl", b'{"event":"block_done"}\n', "lacks 'block'"),
    "no kind": ("events.jsonl", b"{}\n", "lacks 'event'"),
    "not a number": ("outcomes.jsonl", b'{"cell":"c","figures":{"tvd":NaN}}\n', "NaN"),
    "manifest cut": ("manifest.json", b'{"record_for', "not valid JSON"),
    "other format": ("manifest.json", b'{"record_format": 99}', "record format 99"),
    "manifest not text": ("manifest.json", b"\xff\xfe\x00", "not valid JSON"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_named_with_its_place(name: str, tmp_path: Path) -> None:
    file, content, said = DAMAGE[name]
    RunStore(tmp_path / "run", manifest()).close()
    (tmp_path / "run" / file).write_bytes(content)
    with pytest.raises(QbenchError, match=said.replace(".", r"\.")):
        read_run(tmp_path / "run")


@pytest.mark.parametrize("name", ["outcomes.jsonl", "visits.jsonl", "events.jsonl"])
def test_a_record_of_another_run_is_named_with_its_place(name: str, tmp_path: Path) -> None:
    with RunStore(tmp_path / "run", manifest()) as store:
        store.add_outcome(outcome())
        store.add_visits([visit()])
        store.add_event("block_done", block="b", attempt=1, visits=1)
    path = tmp_path / "run" / name
    strange = path.read_text().replace(store.run, "f00d")
    with path.open("a") as file:
        file.write(strange)
    with pytest.raises(QbenchError, match=rf"{name}:2: a record of run 'f00d', in the folder of run"):
        read_run(tmp_path / "run")


def test_a_manifest_with_one_cell_twice_is_damaged(tmp_path: Path) -> None:
    RunStore(tmp_path / "run", manifest(cells=manifest()["cells"] * 2)).close()
    with pytest.raises(QbenchError, match=r"manifest\.json: cells\[1\]: a second cell 'c'"):
        read_run(tmp_path / "run")


def test_another_plans_circuits_are_named(tmp_path: Path) -> None:
    problem = manifest()["problems"]["p"]
    cell = manifest()["cells"][0]
    RunStore(tmp_path / "run", manifest()).close()
    other = manifest(
        problems={"q": problem | {"name": "ghz_7"}}, cells=[cell | {"id": "d", "problem": "q"}] * 7
    )
    with pytest.raises(
        QbenchError, match=r"problems: gone: ghz_2; new: ghz_7\n  cells: 1 -> 7: 1 gone, 1 new"
    ):
        RunStore(tmp_path / "run", other)


def test_a_packed_stream_without_a_byte_is_damaged(tmp_path: Path) -> None:
    RunStore(tmp_path / "run", manifest()).close()
    (tmp_path / "run" / "visits.jsonl").rename(tmp_path / "run" / "visits.jsonl.gz")
    with pytest.raises(QbenchError, match=r"visits\.jsonl\.gz: not a whole gzip file \(it is empty\)"):
        read_run(tmp_path / "run")


def test_a_field_of_the_wrong_type_is_named(tmp_path: Path) -> None:
    with RunStore(tmp_path / "run", manifest()) as store:
        store.add_event("block_done", block="b", attempt=1)
        store.add_visits([visit()])
    path = tmp_path / "run" / "visits.jsonl"
    record = json.loads(path.read_text())
    path.write_text(json.dumps(record | {"wall_ns": "ten"}) + "\n")
    with pytest.raises(QbenchError, match="wall_ns should be a list"):
        read_run(tmp_path / "run")


def test_a_second_other_outcome_of_a_cell_is_an_error_that_shows_both(tmp_path: Path) -> None:
    with RunStore(tmp_path / "run", manifest()) as store:
        store.add_outcome(outcome())
        assert store.records().outcomes == {"c": outcome(run=store.run, suite=SUITE, seq=0)}
        store.add_outcome(outcome(verdict="wrong"))
        with pytest.raises(QbenchError, match=r"(?s)verdict='ok'.*verdict='wrong'"):
            store.records()


def test_a_cell_whose_worker_was_lost_while_timed_ends_so(tmp_path: Path) -> None:
    with RunStore(tmp_path / "run", manifest()) as store:
        store.add_outcome(outcome())
        store.add_event("worker_lost", cell="c", simulator="a", verdict="crash", reason="died by SIGSEGV")
        records = store.records()
    assert records.outcomes["c"].verdict == "ok"
    failure = records.failures["c"]
    assert (failure.verdict, failure.reason) == ("crash", "while timed: died by SIGSEGV")


@pytest.mark.parametrize("missing", ["", "nowhere"])
def test_no_run_there(missing: str, tmp_path: Path) -> None:
    with pytest.raises(QbenchError, match=r"no such results folder|not a results folder"):
        read_run(tmp_path / missing)


def _damaged(value: Any) -> list[Any]:
    """Every way to spoil one place in JSON data: another type, another value, a key less."""
    spoilt: list[Any] = [None, "x", -1, 10**400, 1.5, [], {}, True]
    if isinstance(value, dict):
        for key in value:
            spoilt += [{**value, key: other} for other in _damaged(value[key])]
            spoilt.append({name: item for name, item in value.items() if name != key})
    elif isinstance(value, list):
        for i in range(len(value)):
            spoilt += [[*value[:i], other, *value[i + 1 :]] for other in _damaged(value[i])]
    return spoilt


@pytest.mark.parametrize("file", ["manifest.json", "outcomes.jsonl", "visits.jsonl", "events.jsonl"])
def test_whatever_is_damaged_ends_in_tables_or_in_one_clear_error(file: str, tmp_path: Path) -> None:
    with RunStore(tmp_path / "run", manifest()) as store:
        store.add_outcome(outcome())
        store.add_visits([visit()])
        store.add_event("block_done", block="b", attempt=1)
    path = tmp_path / "run" / file
    refusals = []
    for damaged in _damaged(json.loads(path.read_text())):
        path.write_text(json.dumps(damaged) + "\n")
        try:
            records = read_run(tmp_path / "run")
        except QbenchError as error:
            refusals.append(str(error))
        else:
            for table in make_tables(records).values():
                render_csv(table)
            closing(records)
    assert len(refusals) > 10
    assert all(".json" in refusal for refusal in refusals)


@pytest.mark.parametrize(
    ("ending", "pack", "name"), [("gz", gzip.compress, "gzip"), ("xz", lzma.compress, "xz")]
)
def test_a_packed_run_is_read_and_no_longer_written(
    ending: str, pack: Callable[[bytes], bytes], name: str, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    with RunStore(folder, manifest()) as store:
        store.add_outcome(outcome())
        store.add_visits([visit()])
        store.add_event("block_done", block="b", attempt=1)
    before = read_run(folder)
    plain = folder / "visits.jsonl"
    content = plain.read_bytes()
    packed = folder / f"visits.jsonl.{ending}"
    packed.write_bytes(pack(content))
    with pytest.raises(QbenchError, match="both there"):
        read_run(folder)
    plain.unlink()
    assert read_run(folder) == before
    with pytest.raises(QbenchError, match="a published run is read, not written"):
        RunStore(folder, manifest())
    for damaged in (packed.read_bytes()[:-9], b"not packed at all"):
        packed.write_bytes(damaged)
        with pytest.raises(QbenchError, match=rf"visits\.jsonl\.{ending}: not a whole {name} file"):
            read_run(folder)


@pytest.mark.parametrize("text", ["[]", "{}", '"text"', "null"])
def test_json_that_is_no_manifest_is_damage_and_no_other_format(text: str, tmp_path: Path) -> None:
    RunStore(tmp_path / "run", manifest()).close()
    (tmp_path / "run" / "manifest.json").write_text(text)
    with pytest.raises(QbenchError, match=r"manifest\.json: an object with a record_format was expected"):
        read_run(tmp_path / "run")
