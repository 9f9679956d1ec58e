"""Kill -9 at random moments of a run's whole life: nothing lost, nothing doubled, nobody left behind."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import qbench

SIMULATOR = Path(__file__).parent / "numpy_simulator.py"
STREAMS = ("outcomes.jsonl", "visits.jsonl", "events.jsonl")
ROUNDS = 2

QASM = """
OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
creg c[3];
h q[0];
ry(0.4) q[1];
cx q[0], q[1];
rz(-1.3) q[1];
cz q[1], q[2];
rx(0.5) q[1];
measure q -> c;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The command, a folder for its workers to stand in, and what it leaves when nobody disturbs it."""

    qasm: Path
    workplace: Path
    whole: Path
    seconds: float

    def start(self, folder: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [
                *(sys.executable, "-m", "qbench", "run", str(self.qasm)),
                *("-s", f"{SIMULATOR}:numpy,{SIMULATOR}:numpy.sampler"),
                *("--rounds", str(ROUNDS), "-o", str(folder)),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=os.environ | {"TMPDIR": str(self.workplace)},
        )

    def finish(self, folder: Path) -> None:
        running = self.start(folder)
        _, errors = running.communicate(timeout=120)
        assert running.returncode == 0, errors.decode()

    def workers(self) -> list[str]:
        """Every process that names the workplace in its command, its environment or its current folder.

        These are workers, what they started, and the reaper that ends them.
        """
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
                place = os.readlink(process / "cwd")
            except OSError:
                continue  # it has just ended, or is somebody else's
            if str(self.workplace).encode() in told or str(self.workplace) in place:
                found.append(told[:200].replace(b"\0", b" ").decode(errors="replace"))
        return found


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("kills")
    (folder / "small.qasm").write_text(QASM, encoding="utf-8")
    (folder / "workplace").mkdir()
    scene = Scene(
        qasm=folder / "small.qasm", workplace=folder / "workplace", whole=folder / "whole", seconds=0.0
    )
    began = time.monotonic()
    scene.finish(scene.whole)
    return Scene(
        qasm=scene.qasm,
        workplace=scene.workplace,
        whole=scene.whole,
        seconds=time.monotonic() - began,
    )


def _raw(folder: Path) -> dict[str, bytes]:
    """The whole lines of every stream, and the manifest."""
    content = {name: (folder / name).read_bytes() for name in STREAMS if (folder / name).exists()}
    raw = {name: found[: found.rfind(b"\n") + 1] for name, found in content.items()}
    if (folder / "manifest.json").exists():
        raw["manifest.json"] = (folder / "manifest.json").read_bytes()
    return raw


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("*.jsonl"))


def _touched(folder: Path) -> float:
    tables = folder / "tables"
    return max((path.stat().st_mtime_ns for path in [tables, *tables.glob("*")] if path.exists()), default=0)


@dataclass(slots=True)
class Victim:
    """One folder whose runs are killed, and what must be in it for ever after each kill."""

    scene: Scene
    folder: Path
    kept: Mapping[str, bytes] = field(default_factory=dict)

    def kill_once(self, draw: random.Random) -> str | None:
        """Start the run and kill it at a random moment; the moment's kind, None where it had ended."""
        moment = draw.choice(("clock", "clock", "records", "records", "tables"))
        doomed = self.scene.start(self.folder)
        try:
            self._await(moment, doomed, draw)
            alive = doomed.poll() is None
        finally:
            doomed.send_signal(signal.SIGKILL)
            doomed.communicate(timeout=60)
        self._nobody_left()
        found = _raw(self.folder) if self.folder.exists() else {}
        for name, content in self.kept.items():
            assert found[name].startswith(content), f"{name} lost lines that were there at an earlier kill"
        self.kept = found
        return moment if alive else None

    def _await(self, moment: str, doomed: subprocess.Popen[bytes], draw: random.Random) -> None:
        """Until the moment: of the clock, of an amount of records written, or of the tables' writing."""
        if moment == "clock":
            left = 1 - _bytes(self.folder) / _bytes(self.scene.whole)
            with suppress(subprocess.TimeoutExpired):
                doomed.wait(draw.uniform(0.0, self.scene.seconds * max(left, 0.4)))
            return
        before, tables = _bytes(self.folder), _touched(self.folder)
        growth = draw.uniform(0.0, 0.6) * _bytes(self.scene.whole)
        while doomed.poll() is None:
            if moment == "records" and _bytes(self.folder) - before > growth:
                time.sleep(draw.uniform(0.0, 0.05))
                return
            if moment == "tables" and _touched(self.folder) != tables:
                return
            time.sleep(0.0005)

    def _nobody_left(self) -> None:
        deadline = time.monotonic() + 30
        while (left := self.scene.workers() or os.listdir(self.scene.workplace)) and (
            time.monotonic() < deadline
        ):
            time.sleep(0.02)
        assert not left, f"outlived the controller: {left}"

    def end_well(self) -> None:
        """Let it finish, and compare it with the run that nobody disturbed."""
        self.scene.finish(self.folder)
        final = _raw(self.folder)
        for name, content in self.kept.items():
            assert final[name].startswith(content), f"{name} lost lines that were there at the last kill"
        assert final == {name: (self.folder / name).read_bytes() for name in final}  # no torn line is left
        _nothing_doubled(final)
        for kind in ("accuracy.csv", "accuracy.md"):
            made, wanted = (where / "tables" / kind for where in (self.folder, self.scene.whole))
            assert made.read_bytes() == wanted.read_bytes()
        resumed, whole = qbench.load(self.folder), qbench.load(self.scene.whole)
        assert _timed(resumed) == _timed(whole)
        assert resumed.records.outcomes.keys() == whole.records.outcomes.keys()
        assert not resumed.records.failures
        for part in ("circuits", "plugins"):
            made, wanted = (where / part for where in (self.folder, self.scene.whole))
            assert {p.name: p.read_bytes() for p in made.iterdir()} == {
                p.name: p.read_bytes() for p in wanted.iterdir()
            }


def _nothing_doubled(raw: Mapping[str, bytes]) -> None:
    keys = {
        "outcomes.jsonl": ("run", "cell"),
        "visits.jsonl": ("run", "block", "attempt", "cell", "visit", "phase", "place"),
        "events.jsonl": ("run", "seq"),
    }
    for name, fields in keys.items():
        records = [json.loads(line) for line in raw[name].splitlines()]
        found = [tuple(record[field] for field in fields) for record in records]
        assert len(set(found)) == len(found), f"{name}: a record is there twice"
        assert [record["seq"] for record in records] == list(range(len(records)))


def _timed(run: qbench.Run) -> set[tuple[str, int, str]]:
    """What was measured warm.  How often is not compared: a busy machine makes more visits."""
    return {(visit.cell, visit.round, visit.phase) for visit in run.records.visits if visit.place == "warm"}


def _kill(scene: Scene, folder: Path, kills: int, seed: int) -> list[str]:
    """So many kills, one to three in a row in each of as many folders as that takes."""
    draw = random.Random(seed)
    moments: list[str] = []
    tries = 0
    while len(moments) < kills:
        victim = Victim(scene, folder / f"run{tries}")
        for _ in range(min(draw.randint(1, 3), kills - len(moments))):
            moment = victim.kill_once(draw)
            moments += [] if moment is None else [moment]
        victim.end_well()
        tries += 1
        assert tries < 5 * kills, "the runs end before they can be killed"
    return moments


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="looks for workers in /proc")
def test_kill_9_at_five_random_moments_loses_nothing(scene: Scene, tmp_path: Path) -> None:
    assert len(_kill(scene, tmp_path, kills=5, seed=20)) == 5


@pytest.mark.slow
@pytest.mark.skipif(not os.path.isdir("/proc"), reason="looks for workers in /proc")
def test_kill_9_at_fifty_random_moments_loses_nothing(scene: Scene, tmp_path: Path) -> None:
    moments = _kill(scene, tmp_path, kills=50, seed=21)
    assert len(moments) == 50
    assert set(moments) == {"clock", "records", "tables"}


def test_killed_before_its_inputs_were_stored_a_run_has_them_when_it_ends(
    scene: Scene, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "manifest.json").write_bytes((scene.whole / "manifest.json").read_bytes())
    (folder / "circuits").mkdir()
    (circuit,) = (scene.whole / "circuits").iterdir()
    (folder / "circuits" / f"{circuit.name}.unfinished").write_text("OPENQA")
    Victim(scene, folder).end_well()
