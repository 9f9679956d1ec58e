"""``qbench diff`` and ``qbench reproduce``, from runs to exit codes."""

from __future__ import annotations

import gzip
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from qbench.cli.diff import command as diff
from qbench.cli.reproduce import command as reproduce
from qbench.errors import QbenchError

SIMULATOR = Path(__file__).parent.parent / "session" / "numpy_simulator.py"


def within(command: click.Command, *arguments: str) -> object:
    """The command in this process, without the second that a new one takes: its exit code, or its error."""
    return command.main(list(arguments), standalone_mode=False)


def qbench(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qbench", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs, in the second of which a simulator turned into a liar; the first one packed, as published."""
    folder = tmp_path_factory.mktemp("two")
    honest = SIMULATOR.read_text()
    liar = honest.replace('"numpy": {}', '"numpy": {"OPTIONS": {"lie": "endian"}}')
    for name, source in (("a", honest), ("b", liar)):
        (folder / "simulator.py").write_text(source)
        done = qbench(
            *("run", "ghz_3", "data_reuploading_4", "-s", f"honest,{folder}/simulator.py:numpy"),
            *("--rounds", "2", "-w", "state", "-o", str(folder / name)),
        )
        assert done.returncode == 0, done.stderr
        if name == "a":
            once = qbench(
                *("run", "ghz_3", "-s", f"honest,{folder}/simulator.py:numpy", "-w", "state"),
                *("--rounds", "1", "-o", str(folder / "o")),
            )
            assert once.returncode == 0, once.stderr
    shutil.copytree(folder / "a", folder / "packed")
    visits = folder / "packed" / "visits.jsonl"
    (folder / "packed" / "visits.jsonl.gz").write_bytes(gzip.compress(visits.read_bytes()))
    visits.unlink()
    return folder


def test_diff_tells_what_changed(runs: Path) -> None:
    done = qbench("diff", str(runs / "a"), str(runs / "b"))
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"1 +verdict_changed", done.stdout)
    assert "data_reuploading_4  numpy      ok  wrong" in done.stdout
    assert "UNPAIRED" in done.stdout
    assert "numpy (2): its file for qbench was changed" in done.stdout
    back = qbench("diff", str(runs / "b"), str(runs / "a"))
    assert "data_reuploading_4  numpy      wrong  ok" in back.stdout


@pytest.mark.parametrize(
    ("classes", "code"),
    [("wrong", 1), ("crash,wrong", 1), ("verdict-changed", 1), ("crash,gone,new", 0), ("ok", 0)],
)
def test_fail_on(runs: Path, capsys: pytest.CaptureFixture[str], classes: str, code: int) -> None:
    assert within(diff, str(runs / "a"), str(runs / "b"), "--fail-on", classes) == code
    assert (capsys.readouterr().err == "") == (code == 0)


def test_diff_for_programs_and_pages(runs: Path) -> None:
    told = json.loads(qbench("diff", str(runs / "a"), str(runs / "b"), "--format", "json").stdout)
    assert told["counts"]["verdict_changed"] == 1
    assert {cell["simulator"] for cell in told["cells"]} == {"honest", "numpy"}
    assert not told["same_run"]
    page = qbench("diff", str(runs / "a"), str(runs / "b"), "--format", "md").stdout
    assert "| verdict_changed |" in page


def test_a_packed_copy_is_the_same_run(runs: Path) -> None:
    done = qbench(
        "diff", str(runs / "a"), str(runs / "packed"), "--fail-on", "slower,faster,wrong,unresolved"
    )
    assert done.returncode == 0, done.stderr
    assert "one and the same run" in done.stdout
    assert "4  same" in done.stdout


def test_two_simulators_of_one_run(runs: Path) -> None:
    done = qbench("diff", str(runs / "b"), "--between", "honest,numpy", "--fail-on", "wrong")
    assert done.returncode == 1
    assert "Paired" in done.stdout


MISTAKES = {
    "one run": (["A"], "either two runs, or one run and --between"),
    "both": (["A", "B", "--between", "honest,numpy"], "either two runs, or one run and --between"),
    "no run": (["A", "nowhere"], "no such results folder"),
    "unknown class": (
        ["A", "B", "--fail-on", "slowr"],
        "unknown class 'slowr': expected are classes (gone, new",
    ),
    "one simulator": (["A", "--between", "honest"], "two simulators of the run, OLD,NEW"),
    "half a pair": (["A", "--between", "honest,"], "two simulators of the run, OLD,NEW"),
    "a stranger": (
        ["A", "--between", "honest,nobody"],
        "'nobody' takes no part in it: the run has honest, numpy",
    ),
    "a stranger twice": (["A", "--between", "nobody,nobody"], "'nobody' takes no part in it: the run has"),
    "two strangers": (["A", "--between", "nobody,noone"], "'nobody' and 'noone' take no part in it"),
    "one twice": (["A", "--between", "honest,honest"], "'honest' is named twice"),
    "no class": (["A", "B", "--fail-on", ""], "a class is missing: expected are classes"),
    "one round": (["O", "--between", "honest,numpy", "--fail-on", "slower"], "two rounds on each side"),
    "a view of one run": (["A", "--between", "honest,numpy", "--view", "both"], "are for two runs"),
    "a margin": (["A", "B", "--margin", "0"], "not in the range"),
    "no times": (["A", "B", "--phase", "compile", "--fail-on", "slower"], "cannot be decided"),
    "damaged": (["A", "D"], "visits.jsonl:1"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_of_diff(runs: Path, tmp_path: Path, name: str) -> None:
    arguments, said = MISTAKES[name]
    folders = {
        "A": str(runs / "a"),
        "B": str(runs / "b"),
        "D": str(tmp_path / "damaged"),
        "O": str(runs / "o"),
    }
    if name == "damaged":
        shutil.copytree(runs / "a", folders["D"])
        (tmp_path / "damaged" / "visits.jsonl").write_text('{"block": 1}\n')
    with pytest.raises((QbenchError, click.UsageError)) as raised:
        within(diff, *(folders.get(one, one) for one in arguments))
    assert said in str(raised.value)


def test_a_mistake_is_one_message_and_exit_2(runs: Path) -> None:
    done = qbench("diff", str(runs / "a"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "qbench: expected are either two runs, or one run and --between OLD,NEW\n"


# ---- reproduce


def test_reproduce_runs_the_plan_again(runs: Path, tmp_path: Path) -> None:
    again = str(tmp_path / "again")
    done = qbench("reproduce", str(runs / "packed"), "--trust-plugins", "-o", again, "--strict")
    assert done.returncode == 0, done.stderr
    assert "Verdict held in 4 of 4 cells." in done.stdout
    assert "Accuracy held in 4 of 4 answers, 4 of them bit for bit" in done.stdout
    assert "Again: run" in done.stderr
    told = qbench("reproduce", str(runs / "packed"), "--only-report", again)
    assert told.stdout == done.stdout
    before = {path.name: path.read_bytes() for path in (tmp_path / "again" / "tables").glob("accuracy.*")}
    resumed = qbench("reproduce", str(runs / "packed"), "--trust-plugins", "-o", again)
    assert (resumed.returncode, resumed.stdout) == (0, done.stdout)
    assert before == {
        path.name: path.read_bytes() for path in (tmp_path / "again" / "tables").glob("accuracy.*")
    }


def test_stored_code_is_left_out_and_named(runs: Path, tmp_path: Path) -> None:
    done = qbench("reproduce", str(runs / "a"), "--rounds", "1", "-o", str(tmp_path / "again"))
    assert done.returncode == 0, done.stderr
    assert "Left out (cells): numpy (2): its code is not qbench's" in " ".join(done.stderr.split())
    assert "Not run again, cells: numpy (2)." in done.stdout
    assert "Settings that differ: rounds 2 -> 1." in done.stderr


def test_a_file_s_simulator_of_another_environment_comes_again(runs: Path, tmp_path: Path) -> None:
    """By the command that the hint names: the stored code, under the Python that is given."""
    python = tmp_path / "old" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    python.chmod(0o755)
    simulators = f"honest,{runs}/simulator.py:numpy@{python}"
    first, again = str(tmp_path / "first"), str(tmp_path / "again")
    settings = ("-w", "state", "--rounds", "1", "--no-controls", "-o", first)
    done = qbench("run", "ghz_3", "-s", simulators, *settings)
    assert done.returncode == 0, done.stderr
    options = ("-s", f"honest,numpy@{python}", "--trust-plugins", "-o", again, "--strict")
    done = qbench("reproduce", first, *options)
    assert done.returncode == 0, done.stderr
    assert "Verdict held in 2 of 2 cells." in done.stdout
    assert "Left out" not in done.stderr


def test_strict_fails_where_something_did_not_hold(runs: Path) -> None:
    report = ("reproduce", str(runs / "a"), "--only-report", str(runs / "b"))
    assert qbench(*report).returncode == 0
    done = qbench(*report, "--strict", "--format", "json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told["verdict"] == {"held": 3, "not held": 1, "unresolved": 0}
    assert told["baseline"] == "honest"


def test_strict_fails_where_nothing_or_not_everything_came_again(runs: Path, tmp_path: Path) -> None:
    unrelated = tmp_path / "unrelated"
    done = qbench("run", "ghz_4", "-s", "honest", "-w", "state", "--rounds", "1", "-o", str(unrelated))
    assert done.returncode == 0, done.stderr
    arguments = (str(runs / "a"), "--only-report")
    assert within(reproduce, *arguments, str(unrelated), "--strict") == 1
    assert within(reproduce, *arguments, str(unrelated)) == 0
    cut = Path(shutil.copytree(runs / "b", tmp_path / "cut"))
    outcomes = (cut / "outcomes.jsonl").read_text().splitlines(keepends=True)
    kept = [line for line in outcomes if json.loads(line)["verdict"] == "ok"]
    (cut / "outcomes.jsonl").write_text("".join(kept))
    assert len(kept) < len(outcomes)
    assert within(reproduce, *arguments, str(cut), "--strict") == 1


def not_installed(run: Path, there: Path, simulators: set[str]) -> Path:
    """A copy of a run as another one, of a machine that has not got these simulators."""
    shutil.copytree(run, there)
    manifest = json.loads((there / "manifest.json").read_text())
    for path in there.glob("*.json*"):
        path.write_text(path.read_text().replace(manifest["run"], "0" * len(manifest["run"])))
    cells = {cell["id"] for cell in manifest["cells"] if cell["simulator"] in simulators}
    outcomes = [json.loads(line) for line in (there / "outcomes.jsonl").read_text().splitlines()]
    nothing = {"reason": "numpy is not installed", "figures": {}, "answer_digest": None}
    for outcome in outcomes:
        outcome.update({"verdict": "not_installed", **nothing} if outcome["cell"] in cells else {})
    (there / "outcomes.jsonl").write_text("".join(f"{json.dumps(outcome)}\n" for outcome in outcomes))
    return there


def test_strict_counts_apart_what_is_not_installed(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What could not be run fails nothing, and is told; unless nothing could be run."""
    report = (str(runs / "a"), "--strict", "--format", "json", "--only-report")
    one = not_installed(runs / "a", tmp_path / "one", {"numpy"})
    assert within(reproduce, *report, str(one)) == 0
    told = capsys.readouterr()
    assert "2 of 4 cells could not be run again (not installed)" in told.err
    data = json.loads(told.out)
    assert (data["not_installed"], data["verdict"]["held"], data["verdict"]["not held"]) == (2, 2, 0)
    nobody = not_installed(runs / "a", tmp_path / "nobody", {"honest", "numpy"})
    assert within(reproduce, *report, str(nobody)) == 1
    assert "4 of 4 cells could not be run again" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["A", "--only-report", "B", "--rounds", "2"], "--only-report runs nothing"),
        (["A", "--only-report", "B", "--budget", "2m"], "--only-report runs nothing"),
        (["A", "--budget", "soon", "--trust-plugins"], "--budget soon: expected a duration"),
        (["nowhere"], "no such results folder"),
        (["A", "-s", "null"], "took no part in that run"),
        (["A", "-o", ""], "-o names no folder"),
        (["A", "-o", "B", "--trust-plugins"], "another plan"),
        (["A", "-o", "A", "--trust-plugins"], "itself, or a copy of it"),
        (["P", "-o", "A", "--trust-plugins"], "itself, or a copy of it"),
        (["A", "--only-report", "A"], "itself, or a copy of it"),
        (["A", "--only-report", "P"], "itself, or a copy of it"),
    ],
)
def test_mistakes_of_reproduce(runs: Path, arguments: list[str], said: str) -> None:
    folders = {"A": str(runs / "a"), "B": str(runs / "b"), "P": str(runs / "packed")}
    before = (runs / "a" / "events.jsonl").read_bytes()
    with pytest.raises(QbenchError, match=said):
        within(reproduce, *(folders.get(one, one) for one in arguments))
    assert (runs / "a" / "events.jsonl").read_bytes() == before
