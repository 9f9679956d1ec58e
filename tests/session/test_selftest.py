"""The self-test's structure in its reduced form: it runs, is made again, goes on, refuses; no times."""

from __future__ import annotations

import csv
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest

from qbench.analysis.selftest.evidence import AGAIN
from qbench.errors import QbenchError
from qbench.results.reading import read_run
from qbench.session.run import Silence
from qbench.session.selftest.conduct import conduct
from qbench.session.selftest.folder import read_evidence, write_tables
from qbench.session.selftest.load import busy_processes
from qbench.session.selftest.outline import outline_lines
from qbench.session.selftest.packing import pack
from qbench.session.selftest.programme import operations, planned_runs
from qbench.session.selftest.request import EXPERIMENTS, Request

DERIVED = ("selftest.txt", "findings.csv", "findings.md", "comparisons.csv")
REDUCED = Request(reduced=True, comparisons=8)


def qbench(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qbench", "selftest", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)


def derived(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in DERIVED}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """One reduced self-test by its command: its folder, and what it printed on both streams."""
    folder = tmp_path_factory.mktemp("selftest") / "run"
    ran = qbench("--reduced", "-o", folder)
    assert ran.returncode == 0, ran.stderr
    return folder, ran.stdout, ran.stderr


@pytest.fixture
def copy(done: tuple[Path, str, str], tmp_path: Path) -> Path:
    return Path(shutil.copytree(done[0], tmp_path / "copy"))


def test_every_experiment_has_its_lines_and_none_is_wider_than_100_columns(
    done: tuple[Path, str, str],
) -> None:
    folder, printed, told = done
    assert (folder / "selftest.txt").read_text("utf-8") == printed.partition("\nRecords and tables")[0]
    assert max(map(len, printed.splitlines()[:-1])) <= 100
    begun = [line.split(" ")[0] for line in printed.splitlines()]
    for name in ("null", "spin", "A/A", "slowdown", "pyperf", "position"):
        assert name in begun
    assert "UNFINISHED" not in printed
    assert "reduced form: structure, not times" in printed
    # The plan comes first, with its durations; a line per experiment that is run, and the sum.
    planned = [line for line in told.splitlines() if "about" in line and "left" not in line]
    assert len(planned) == len(EXPERIMENTS)  # position has no runs of its own
    # Each experiment says at its end how long the rest takes; behind the last one there is nothing.
    steps = [line for line in told.splitlines() if line not in planned]
    assert re.search(r"A/A: 2/2  aa-001, about \d+ (s|min) left$", told, re.MULTILINE)
    assert steps[-1].endswith(" pyperf-001")
    # Short visits and 8 comparisons tell nothing of times, and nobody may say that they do.
    rows = list(csv.reader((folder / "findings.csv").read_text("utf-8").splitlines()))
    assert rows[0][-1] == "met"
    assert {row[-1] for row in rows[1:]} == {""}
    assert "No aim is judged in the reduced form." in printed
    assert printed.splitlines()[-3].startswith("What this machine resolves is not known")


def test_the_experiments_are_ordinary_runs(done: tuple[Path, str, str]) -> None:
    folder = done[0]
    runs = {path.name: read_run(path) for path in (folder / "runs").iterdir()}
    assert set(runs) == {run.name for run in planned_runs(REDUCED)}
    for name, records in runs.items():
        costs = [event for event in records.events if event["event"] == "costs"]
        assert [event["complete"] for event in costs] == [True], name
        assert records.visits
    aa = runs["aa-000"].manifest
    assert list(aa["simulators"]) == ["numpy.honest", f"numpy.honest{AGAIN}"]
    ids = {facts["id"] for facts in aa["simulators"].values()}
    assert len(ids) == 1  # the same file, options, interpreter and packages under both names
    assert runs["aa-000"].manifest["settings"]["seed"] != runs["aa-001"].manifest["settings"]["seed"]
    # The stopping rule is in the loop: rounds are not fixed, and an event says why they ended.
    assert aa["settings"]["most_rounds"] > aa["settings"]["rounds"]
    assert {e["why"] for e in runs["aa-000"].events if e["event"] == "question_done"} <= {"width", "most"}
    assert any(e["event"] == "question_done" for e in runs["aa-000"].events)


def test_the_tables_are_made_again_from_the_records_byte_for_byte(copy: Path) -> None:
    before = derived(copy)
    for name in DERIVED:
        (copy / name).unlink()
    again = qbench("-o", copy, "--again")
    assert again.returncode == 0, again.stderr
    assert derived(copy) == before
    assert again.stdout.encode() == before["selftest.txt"]
    archive = pack(copy)
    assert not (copy / "runs").exists()
    write_tables(read_evidence(copy), copy)
    assert derived(copy) == before
    assert archive.stat().st_size < 300_000
    with pytest.raises(QbenchError, match="packed: it is read, not continued"):
        conduct(REDUCED, copy, Silence())


def test_packing_the_same_records_gives_the_same_bytes(copy: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(copy, tmp_path / "other"))
    assert pack(copy).read_bytes() == pack(other).read_bytes()
    with pytest.raises(QbenchError, match="it is packed"):
        pack(copy)


def test_what_a_packing_left_beside_its_file_is_neither_read_nor_packed(copy: Path, tmp_path: Path) -> None:
    before = derived(copy)
    runs = Path(shutil.copytree(copy / "runs", tmp_path / "runs"))
    archive = pack(copy)
    packed = archive.read_bytes()
    shutil.rmtree(runs / "aa-001")
    shutil.copytree(runs, copy / "runs")
    again = qbench("-o", copy, "--again")
    assert again.returncode == 0, again.stderr
    assert derived(copy) == before
    refused = qbench("-o", copy, "--pack")
    assert refused.returncode == 2
    assert "Nothing is packed over records.tar.xz" in refused.stderr
    assert (archive.read_bytes(), derived(copy)) == (packed, before)
    assert (copy / "runs").is_dir()


def test_a_packing_that_is_killed_while_it_removes_the_runs_is_ended_by_the_next(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = derived(copy)
    packed = pack(Path(shutil.copytree(copy, tmp_path / "other"))).read_bytes()
    remove = shutil.rmtree

    def killed(path: Path) -> None:
        remove(path / "aa-000")
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", killed)
        with pytest.raises(KeyboardInterrupt):
            pack(copy)
    assert not (copy / "runs").exists()
    write_tables(read_evidence(copy), copy)
    assert derived(copy) == before
    assert pack(copy).read_bytes() == packed
    assert {path.name for path in copy.iterdir()} == {
        *DERIVED,
        *("evidence.json", "selftest.json", "records.tar.xz"),
    }


def test_a_disk_that_is_full_while_packing_leaves_the_runs(copy: Path) -> None:
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, hard))
    try:
        with pytest.raises(QbenchError, match="cannot pack: File too large"):
            pack(copy)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()} == before


def test_evidence_without_its_records_is_read_and_not_measured_over(copy: Path) -> None:
    before = derived(copy)
    shutil.rmtree(copy / "runs")
    (copy / "plain.jsonl").unlink()
    evidence = (copy / "evidence.json").read_bytes()
    with pytest.raises(QbenchError, match="published without its records"):
        conduct(REDUCED, copy, Silence())
    assert not (copy / "runs").exists()
    write_tables(read_evidence(copy), copy)
    assert (derived(copy), (copy / "evidence.json").read_bytes()) == (before, evidence)
    kept = json.loads((copy / "selftest.json").read_text("ascii"))
    kept["request"]["load"] = 1
    (copy / "selftest.json").write_text(json.dumps(kept), "ascii")
    with pytest.raises(QbenchError, match=r"evidence\.json: of another self-test"):
        read_evidence(copy)


def test_strict_is_no_success_where_no_aim_was_tested(copy: Path) -> None:
    assert qbench("-o", copy, "--again").returncode == 0
    assert qbench("-o", copy, "--again", "--strict").returncode == 1


def test_an_interrupted_selftest_goes_on_where_it_was(copy: Path) -> None:
    whole = derived(copy)
    shutil.rmtree(copy / "runs" / "aa-001")
    events = copy / "runs" / "aa-000" / "events.jsonl"
    kept = events.read_text("ascii").splitlines(keepends=True)
    events.write_text("".join(kept[:-1]) + kept[-1][:20], "ascii")  # killed while it wrote its last line
    plain = (copy / "plain.jsonl").read_text("ascii").splitlines()
    torn = "\n".join([*plain[:-1], plain[-1][:20]])
    (copy / "plain.jsonl").write_text(torn, "ascii")
    assert "UNFINISHED, whole runs: aa 0 of 2" in write_tables(read_evidence(copy), copy)
    untouched = {
        path: path.read_bytes()
        for path in copy.rglob("*.jsonl")
        if path.parent.name not in ("aa-000", "aa-001") and path.name != "plain.jsonl"
    }
    visits = (copy / "runs" / "aa-000" / "visits.jsonl").read_bytes()
    conduct(REDUCED, copy, Silence())
    assert {path: path.read_bytes() for path in untouched} == untouched
    assert (copy / "runs" / "aa-000" / "visits.jsonl").read_bytes() == visits
    again = (copy / "plain.jsonl").read_text("ascii").splitlines()
    assert (again[:-1], len(again)) == (plain[:-1], len(plain))
    assert json.loads(again[-1])["run"] == json.loads(plain[-1])["run"]
    assert "UNFINISHED" not in (copy / "selftest.txt").read_text("utf-8")
    # What was not lost is read as before.
    mine = [line for line in whole["comparisons.csv"].splitlines() if not line.startswith(b"aa-001")]
    assert set(mine) <= set((copy / "comparisons.csv").read_bytes().splitlines())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"precise": True}, r"precise: False -> True"),
        ({"load": 1}, r"load: 0 -> 1"),
        ({"seed": 7}, r"seed: 1 -> 7"),
        ({"only": ("aa",)}, r"only: .* -> \['aa'\]"),
    ],
)
def test_another_selftests_folder_is_refused_with_the_difference(
    copy: Path, change: dict[str, object], said: str
) -> None:
    before = derived(copy)
    request = Request(**{"reduced": True, "comparisons": 8, **change})  # type: ignore[arg-type]
    with pytest.raises(QbenchError, match=said):
        conduct(request, copy, Silence())
    assert derived(copy) == before


def test_what_is_no_selftest_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(QbenchError, match="not empty and holds no self-test"):
        conduct(REDUCED, tmp_path, Silence())
    with pytest.raises(QbenchError, match=r"no selftest\.json"):
        read_evidence(tmp_path)
    for bad in ("{", "[]", '{"format": 99}'):
        (tmp_path / "selftest.json").write_text(bad)
        with pytest.raises(QbenchError, match=r"selftest\.json"):
            read_evidence(tmp_path)


def test_a_damaged_archive_is_said_so(copy: Path) -> None:
    archive = pack(copy)
    archive.write_bytes(archive.read_bytes()[:-200])
    with pytest.raises(QbenchError, match="damaged"):
        read_evidence(copy)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--only", ""], "--only is empty: expected one or several of null, spin"),
        (
            ["--reduced", "--precise"],
            "judges no aim: --precise would have",
        ),
        (["--reduced", "--strict"], "--strict would have no effect"),
        (
            ["--again", "-o", "x", "--seed", "1"],
            "of what was measured: --seed would have",
        ),
        (["--again", "-o", "x", "--comparisons", "9"], "--comparisons would have no effect"),
        (["--pack", "-o", "x", "--only", "aa"], "--pack packs what was measured: --only would"),
        (["--again", "-o", "x", "--dry-run"], "--dry-run would have no effect"),
        (["--only", "spin", "--precise"], "--precise is about aa and slowdown"),
        (["--only", "null", "--comparisons", "9"], "--comparisons is about aa and slowdown"),
        (["--only", "aa,nothing"], "unknown nothing: expected null, spin, aa"),
        (["--again"], "--again needs the self-test's folder: -o DIR"),
        (["--load", "-1"], "--load"),
        (["--comparisons", "0"], "--comparisons"),
        (["--again", "-o", "/nonexistent/folder"], "not a self-test's folder"),
    ],
)
def test_bad_usage_is_exit_code_2(arguments: list[str], said: str) -> None:
    ran = qbench(*arguments)
    assert ran.returncode == 2
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr


def test_another_folder_is_refused_before_the_plan_is_printed(copy: Path, tmp_path: Path) -> None:
    before = sorted(copy.rglob("*"))
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for folder, said in (
        (copy, "holds another self-test"),
        (tmp_path / "notes", "holds no self-test"),
        (tmp_path / "file", "is no folder"),
    ):
        for more in ([], ["--dry-run"]):
            ran = qbench("--only", "null", "-o", folder, *more)
            assert ran.returncode == 2
            assert said in ran.stderr
            assert "about" not in ran.stderr
    assert sorted(copy.rglob("*")) == before
    new = tmp_path / "new"
    ran = qbench("--only", "null", "-o", new, "--dry-run")
    assert (ran.returncode, new.exists()) == (0, False)
    assert "in all, on a quiet machine" in ran.stderr


def test_the_estimate_knows_how_many_cores_are_left() -> None:
    usable = len(psutil.Process().cpu_affinity())

    def told(load: int) -> list[str]:
        return list(outline_lines(Request(only=("aa",), load=load)))

    def minutes(load: int) -> int:
        (found,) = re.findall(r"about (\d+) to \d+ min in all", "\n".join(told(load)))
        return int(found)

    crowd = 4 * usable
    assert told(crowd)[-1].startswith(f"With {crowd} busy processes on {usable} core")
    assert minutes(crowd) > 3 * minutes(1) / max(1, 2 / usable)
    assert f"beside {crowd} busy processes" in told(crowd)[-2]
    assert ("With 1 busy process" in told(1)[-1]) == (usable == 1)


def test_the_estimate_tells_the_quiet_machine_and_the_most_rounds() -> None:
    told = "\n".join(outline_lines(Request()))
    ((least, most),) = re.findall(r"about (\d+) to (\d+) min in all, the least on a quiet machine", told)
    assert 1.2 * int(least) < int(most) < 20 / 6 * int(least)  # a question has 6 to 20 rounds
    assert re.search(r"^null .*comparisons  about \d+ s$", told, re.MULTILINE)  # its rounds are fixed
    assert re.search(r"^aa .*comparisons  about \d+ to \d+ min$", told, re.MULTILINE)


def test_precise_spends_its_time_on_the_share_of_its_aim() -> None:
    runs = planned_runs(Request(only=("slowdown",), precise=True))
    pairs: Counter[str] = Counter()
    for run in runs:
        honest, *others = run.plan.simulators
        assert (honest, run.plan.baseline) == ("numpy.honest", "numpy.honest")
        for name in others:
            pairs[name] += len(run.plan.problems) * len(run.plan.measure.phases)
    assert pairs.pop("numpy.slowed5") >= 200
    assert set(pairs) == {"numpy.slowed2", "numpy.slowed10", "numpy.slowed20"}
    assert all(40 <= count < 200 for count in pairs.values())
    assert len({run.plan.seed for run in runs}) == len({run.name for run in runs}) == len(runs)


def test_the_full_form_is_planned_as_it_says() -> None:
    runs = planned_runs(Request())
    aa = [run for run in runs if run.experiment == "aa"]
    pairs = sum(len(run.plan.problems) * len(run.plan.measure.phases) for run in aa)
    assert pairs >= 1000
    assert len({run.plan.seed for run in aa}) == len(aa)
    for run in aa:
        assert len(run.plan.simulators) == 2
        assert 10 <= len(run.plan.problems) <= 12
    slowdown = [run for run in runs if run.experiment == "slowdown"]
    per_share = sum(len(run.plan.problems) * len(run.plan.measure.phases) for run in slowdown)
    assert per_share >= 200
    assert next(iter(outline_lines(Request(only=("null",))))).startswith("null")
    assert len({one.simulator for one in operations(Request())}) >= 3


def test_position_is_read_from_the_runs_of_aa() -> None:
    assert Request(only=("position",)).experiments == ("aa",)
    assert Request(only=("spin", "null")).experiments == ("null", "spin")


def test_every_planned_cell_is_taken_by_its_simulator() -> None:
    from qbench.session.preparing import PreparedCell, prepare_cell

    seen = set()
    for run in planned_runs(Request()):
        plan = run.plan
        for cell in plan.cells:
            planned, problem = plan.simulators[cell.simulator], plan.problems[cell.problem]
            key = (cell.simulator, cell.problem, cell.task)
            if key not in seen:
                seen.add(key)
                prepared = prepare_cell(planned, problem.circuit, plan.tasks[cell.task], cell.gate_mode)
                assert isinstance(prepared, PreparedCell), (run.name, cell.simulator, problem.circuit.name)


# ---- busy processes


def _gone(pids: list[int], within_s: float = 20) -> bool:
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        alive = [pid for pid in pids if psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie"]
        if not alive:
            return True
        time.sleep(0.05)
    return False


def test_busy_processes_are_there_and_gone_again() -> None:
    before = {child.pid for child in psutil.Process().children()}
    with busy_processes(2):
        started = [c.pid for c in psutil.Process().children() if c.pid not in before]
        assert len(started) == 2
    assert _gone(started)


def test_busy_processes_end_with_a_killed_parent() -> None:
    program = (
        "import psutil, sys, time\n"
        "from qbench.session.selftest.load import busy_processes\n"
        "with busy_processes(1):\n"
        "    print(*[child.pid for child in psutil.Process().children()], flush=True)\n"
        "    time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    busy = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(busy) == 1
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert _gone(busy)


def test_the_request_is_kept_beside_the_records(done: tuple[Path, str, str]) -> None:
    kept = json.loads((done[0] / "selftest.json").read_text("ascii"))
    assert kept["request"]["comparisons"] == 8
    assert kept["planned"]["aa"] == 2
    assert set(kept) == {"format", "protocol", "request", "planned", "machine", "qbench"}
