"""Every way of failing in one run, beside an honest simulator: each gets its verdict or flag and its reason,
and takes nobody else's time beyond its limits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import pytest

import qbench
from qbench.measure import reaper
from qbench.measure.process import GRACE_S
from qbench.session.run import Silence

SIMULATOR = Path(__file__).parent / "numpy_simulator.py"
# Neither its bit order nor any of its signs is symmetric.
QASM = """
OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
h q[0];
rz(0.7) q[0];
h q[0];
ry(0.3) q[1];
cx q[0], q[1];
rz(0.4) q[1];
"""
LIMIT_S = 1.0
MEMORY_MIB = 120


class Fault(NamedTuple):
    """What becomes of a double: the judged verdict, a piece of the reason, the blocking flags."""

    verdict: str
    reason: str | None = None
    flags: frozenset[str] = frozenset()
    perhaps: frozenset[str] = frozenset()
    """Flags that it may have or not, beside ``contended`` and ``drift``: whether the machine let it show."""


STOPPED = f"no answer to 'ask' within {LIMIT_S:g} s; it was in "
ILL = frozenset({"nonconformant"})

FAULTS: Mapping[str, Fault] = {
    "numpy": Fault("ok"),
    "wrong": Fault("wrong", None, ILL),
    "phase_flip": Fault("wrong", None, ILL),
    "big_endian": Fault("wrong", None, ILL),
    "crash": Fault("crash", "died by SIGSEGV during 'ask', in crash_, line"),
    "killed": Fault("crash", "died by SIGKILL during 'ask'"),
    "exits": Fault("crash", "left with exit code 3 during 'ask'"),
    "leaves": Fault("crash", "left with exit code 0 during 'ask'"),
    "raises": Fault("error", "ValueError: the first line and the last line (execute)"),
    "garbage": Fault("error", "wrote what is no answer into the answer's pipe"),
    "flood": Fault("error", "wrote more than 64 MiB to its output"),
    "hang": Fault("timeout", STOPPED + "hang_"),
    "mute": Fault("timeout", STOPPED + "hang_"),
    "late": Fault("timeout", STOPPED + "execute, line"),
    "stubborn": Fault("timeout", "it did not stop when interrupted and was killed"),
    "lazy": Fault("ok", None, frozenset({"lazy"})),
    "cached": Fault("ok", None, frozenset({"cached"})),
    "remembers": Fault("ok", None, frozenset({"cached"})),
    "children": Fault("ok", None, frozenset({"threads"})),
    "chatty": Fault("ok", None, frozenset({"chatty"})),
    "holds": Fault("ok"),
    "twins": Fault("ok", perhaps=frozenset({"threads"})),
    "leak": Fault("ok", "while timed: resident memory"),
}
HARMLESS = {"contended", "drift"}


class Tags(Silence):
    """Learns by what name this run's processes can be known: other tests run at the same time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.found: set[str] = set()

    def step(self, text: str) -> None:
        self.found.update(path.name for path in self.folder.glob("qbench-*"))


@pytest.fixture(scope="module")
def tags(tmp_path_factory: pytest.TempPathFactory) -> Tags:
    return Tags(tmp_path_factory.mktemp("workers"))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, tags: Tags) -> tuple[qbench.Run, float]:
    folder = tmp_path_factory.mktemp("faults")
    circuit = folder / "asymmetric.qasm"
    circuit.write_text(QASM, encoding="utf-8")
    names = [f"{SIMULATOR}:numpy" if name == "numpy" else name for name in FAULTS]
    began = time.monotonic()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(tags.folder))
        done = qbench.run(
            str(circuit),
            simulators=names,
            workloads=["state"],
            rounds=1,
            time_limit_s=LIMIT_S,
            memory_limit_mib=MEMORY_MIB,
            out=folder / "run",
            progress=tags,
        )
    return done, time.monotonic() - began


def tagged(tags: set[str]) -> list[psutil.Process]:
    """All processes whose environment names one of these runs, whoever their parents are by now."""
    wanted = {f"{reaper.TAG}={tag}" for tag in tags}
    found = []
    for process in psutil.process_iter():
        try:
            environment = process.environ()
        except psutil.Error:  # it has ended, or is somebody else's
            continue
        if wanted & {f"{name}={value}" for name, value in environment.items()}:
            found.append(process)
    return found


def verdict_of(run: qbench.Run, name: str) -> tuple[str, str | None]:
    """The judged verdict; the reason, of the timed rounds' failure where there is one."""
    (cell,) = [cell["id"] for cell in run.records.manifest["cells"] if cell["simulator"] == name]
    outcome, failure = run.records.outcomes[cell], run.records.failures.get(cell)
    return str(outcome.verdict), failure.reason if failure else outcome.reason


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_has_its_verdict_reason_and_flags(name: str, run: tuple[qbench.Run, float]) -> None:
    fault = FAULTS[name]
    verdict, reason = verdict_of(run[0], name)
    assert verdict == fault.verdict, reason
    assert reason is None or fault.reason is not None or verdict == "wrong"
    assert (fault.reason or "") in (reason or "")
    cells = run[0].cells()
    flags = {flag for flags in cells[cells["simulator"] == name]["flags"] for flag in flags.split()}
    assert flags - HARMLESS - fault.perhaps == fault.flags


def test_the_leak_is_out_of_memory_while_it_is_timed(run: tuple[qbench.Run, float]) -> None:
    cells = run[0].cells()
    assert set(cells[cells["simulator"] == "leak"]["verdict"]) == {"oom"}
    assert len(run[0].failed) == sum(fault.verdict != "ok" for fault in FAULTS.values()) + 1


def test_the_honest_one_is_complete_and_alone_ranked(run: tuple[qbench.Run, float]) -> None:
    cells = run[0].cells()
    mine = cells[(cells["simulator"] == "numpy") & (cells["phase"] == "execute")]
    assert list(mine["rounds"]) == [1]
    assert list(mine["ranked"]) == ["yes"]
    ranked = cells[cells["ranked"] == "yes"]
    assert {name.partition("~")[0] for name in ranked["simulator"]} == {"numpy"}


def test_nothing_is_delayed_beyond_the_limits_and_nobody_is_left(
    run: tuple[qbench.Run, float], tags: Tags
) -> None:
    late = sum(fault.verdict == "timeout" for fault in FAULTS.values())
    # a probe and a question each, then the grace; starting 70 workers and everything else generously
    assert run[1] < 2 * late * (LIMIT_S + GRACE_S) + 120
    assert tags.found
    _, left = psutil.wait_procs(tagged(tags.found), timeout=5)  # the killed have a moment to end
    assert not left


def test_an_orphan_would_be_seen() -> None:
    """A process whose parent has ended is the system's child; its environment names the run all the same."""
    tag = f"qbench-test-{os.getpid()}"
    sleeps = "import subprocess as s; print(s.Popen(['sleep', '1000'], stdout=s.DEVNULL).pid)"
    environment = {**os.environ, reaper.TAG: tag}
    told = subprocess.run([sys.executable, "-c", sleeps], env=environment, stdout=subprocess.PIPE, check=True)
    orphan = psutil.Process(int(told.stdout))
    try:
        assert psutil.Process() not in orphan.parents()
        assert tagged({tag}) == [orphan]
    finally:
        orphan.kill()


def test_a_judged_call_is_told_with_its_own_time(run: tuple[qbench.Run, float]) -> None:
    names = {cell["id"]: cell["simulator"] for cell in run[0].records.manifest["cells"]}
    took = {
        names[event["cell"]]: event["answer_ns"]
        for event in run[0].records.events
        if event["event"] == "judged"
    }
    late = {name for name, fault in FAULTS.items() if fault.verdict == "timeout"}
    assert late
    assert all(took[name] >= LIMIT_S * 1e9 for name in late)


def test_what_was_seen_of_threads_and_timing_is_told(run: tuple[qbench.Run, float]) -> None:
    events: dict[str, list[Mapping[str, Any]]] = {}
    for event in run[0].records.events:
        events.setdefault(event["event"], []).append(event)
    probed = {event["simulator"]: event for event in events["timing_probe"]}
    assert probed["numpy"]["flags"] == []
    assert {name for name, event in probed.items() if event["flags"]} == {"lazy", "cached", "remembers"}
    assert not probed.keys() & {"wrong", "crash", "hang"}  # who does not conform is not asked
    seen = {event["simulator"]: event for event in events["threads_seen"]}
    assert seen["numpy"]["threads"] == 1
    for pool in seen["numpy"]["pools"]:
        assert pool["num_threads"] == 1, pool
    json.dumps(events["timing_probe"], allow_nan=False)


def test_the_closing_text_names_each(run: tuple[qbench.Run, float]) -> None:
    text = run[0].summary()
    for name in FAULTS.keys() - {"numpy", "holds", "twins"}:
        assert name in text


LONG_WINDED = """
def execute(program, seed, bindings=None):
    raise Panic("a long story\\n" * 200 + "its last line")


class Panic(BaseException):
    pass
"""


def test_a_panic_is_an_error_and_a_long_reason_is_cut_where_it_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "long_winded.py"
    text = SIMULATOR.read_text(encoding="utf-8").replace('"numpy": {}', '"long_winded": {}')
    path.write_text(text + LONG_WINDED, encoding="utf-8")
    run = qbench.run("ghz_3", simulators=[f"{path}:long_winded"], rounds=1, out=tmp_path / "run")
    reasons = [outcome.reason for outcome in run.records.outcomes.values() if outcome.verdict == "error"]
    reasons += [event["reason"] for event in run.records.events if event["event"] == "conformance"]
    assert len(reasons) >= 3
    for reason in reasons:
        assert reason is not None
        assert "Panic: a long story" in reason
        assert reason.endswith("its last line (execute)")
        assert len(reason) <= 300


def test_who_hangs_while_loading_costs_the_load_limit(tmp_path: Path) -> None:
    path = tmp_path / "sleepy.py"
    text = SIMULATOR.read_text(encoding="utf-8").replace('"numpy": {}', '"sleepy": {}')
    sleeps = "\n\ndef load(options):\n    import time\n    time.sleep(1000)\n"
    path.write_text(text + sleeps, encoding="utf-8")
    run = qbench.run(
        "ghz_3",
        simulators=[f"{path}:sleepy"],
        rounds=1,
        load_limit_s=0.5,
        out=tmp_path / "run",
        controls=False,
    )
    assert {str(outcome.verdict) for outcome in run.records.outcomes.values()} == {"timeout"}
    reasons = [outcome.reason or "" for outcome in run.records.outcomes.values()]
    assert any(reason.startswith("no answer to 'load' within 0.5 s; it was in load") for reason in reasons)
    assert run.records.manifest["settings"]["load_limit_s"] == 0.5


@pytest.mark.slow
@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="two threads use one core")
def test_threads_beyond_the_number_given_are_flagged(tmp_path: Path) -> None:
    if os.getloadavg()[0] > (os.cpu_count() or 1) / 2:
        pytest.skip("the machine is busy: two threads may get one core's time")
    run = qbench.run("ghz_3", simulators=["threads"], workloads=["state"], rounds=2, out=tmp_path / "run")
    cells = run.cells()
    mine = cells[cells["simulator"] == "threads"]
    assert all("threads" in flags.split() for flags in mine["flags"])
