"""A full disk: one clear message, exit code 2, and a folder in which the same command goes on.

The disk is a real one, a small file system in memory that only one process tree sees; where none can be
mounted, a limit on the size of files stands in for it.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

SIMULATOR = Path(__file__).parent / "numpy_simulator.py"
STREAMS = ("outcomes.jsonl", "visits.jsonl", "events.jsonl")

QASM = """
OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
h q[0];
ry(0.4) q[1];
cx q[0], q[1];
"""

# Runs in a mount namespace of its own: fills the disk, keeps what is left, makes room, runs it again.
SCENE = """
import json, os, shutil, subprocess, sys
mount, kibibytes, out, *command = sys.argv[1:]
subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kibibytes}k", "tmpfs", mount], check=True)
first = subprocess.run(command, capture_output=True, text=True)
shutil.copytree(mount, os.path.join(out, "full"))
subprocess.run(["mount", "-o", "remount,size=64m", mount], check=True)
second = subprocess.run(command, capture_output=True, text=True)
shutil.copytree(mount, os.path.join(out, "resumed"))
print(json.dumps([first.returncode, first.stderr, second.returncode, second.stderr]))
"""


def command(qasm: Path, folder: Path, simulator: Path = SIMULATOR) -> list[str]:
    return [
        *(sys.executable, "-m", "qbench", "run", str(qasm), "-s", f"{simulator}:numpy", "-w", "state"),
        *("--rounds", "5", "--no-controls", "-o", str(folder)),
    ]


def alone() -> list[str]:
    """What gives a command a mount namespace of its own; skips the test where nobody may have one."""
    prefix = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--map-root-user"]
    try:
        probe = [*prefix, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
        allowed = subprocess.run(probe, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        allowed = False
    if not allowed:
        pytest.skip("no file system can be mounted here")
    return prefix


def lines(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in STREAMS if (folder / name).exists()}


def fill(qasm: Path, tmp_path: Path, kibibytes: int) -> str:
    """Run with a disk of this size until it is full, then with room; returns the file that did not fit."""
    prefix = alone()
    mount, out = tmp_path / "disk", tmp_path / f"out{kibibytes}"
    mount.mkdir(exist_ok=True)
    out.mkdir()
    done = subprocess.run(
        [
            *(*prefix, sys.executable, "-c", SCENE, str(mount), str(kibibytes), str(out)),
            *command(qasm, mount / "run"),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    status, said, status_again, said_again = json.loads(done.stdout)
    assert status == 2, said
    assert "No space left on device" in said
    assert "Traceback" not in said
    assert status_again == 0, said_again
    before, after = lines(out / "full" / "run"), lines(out / "resumed" / "run")
    for name, content in before.items():
        assert content in (b"", content[: content.rfind(b"\n") + 1]), f"{name} was left with a torn line"
        assert after[name].startswith(content), f"{name} lost what was measured before"
    for name in STREAMS:
        assert [json.loads(line)["seq"] for line in after[name].splitlines()] == list(
            range(after[name].count(b"\n"))
        )
    assert (out / "resumed" / "run" / "tables" / "cells.csv").read_bytes()
    assert not list((out / "resumed").rglob("*.unfinished"))
    (hit,) = {line for line in said.splitlines() if "No space left" in line}
    return Path(hit.removeprefix("qbench: ").partition(": ")[0]).name


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run that nothing disturbs, and beside it its circuit."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "small.qasm").write_text(QASM, encoding="utf-8")
    subprocess.run(command(folder / "small.qasm", folder / "run"), capture_output=True, check=True)
    return folder / "run"


@pytest.fixture
def qasm(whole: Path) -> Path:
    return whole.parent / "small.qasm"


def kibibytes_of(folder: Path, without: str = "") -> int:
    """What a folder takes on a disk with pages of 4 KiB, without one folder in it."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.parent.name != without]
    return sum(-(-path.stat().st_size // 4096) * 4 for path in files)


def test_a_full_disk_stops_the_run_and_room_lets_it_go_on(whole: Path, qasm: Path, tmp_path: Path) -> None:
    tables = {path.name for path in (whole / "tables").iterdir()}
    # Runs differ by a page or two (samples are as many as fit a visit): no size is near the next hit.
    records = kibibytes_of(whole, without="tables")
    assert fill(qasm, tmp_path, (records + kibibytes_of(whole)) // 2) in tables
    assert fill(qasm, tmp_path, records - 12) in STREAMS


@pytest.mark.slow
def test_a_disk_that_is_full_at_any_page_stops_the_run_well(whole: Path, qasm: Path, tmp_path: Path) -> None:
    most = kibibytes_of(whole) - 12  # a run may need some pages less than the one that nothing disturbed
    hit = {fill(qasm, tmp_path, kibibytes) for kibibytes in range(4, most, 4)}
    assert {"manifest.json", *STREAMS} <= hit
    assert any(name.endswith(".qasm") for name in hit)
    assert any(name.endswith(".md") for name in hit)


def test_a_limit_on_the_size_of_files_does_the_same(whole: Path, qasm: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    manifest, visits = ((whole / name).stat().st_size for name in ("manifest.json", "visits.jsonl"))
    for limit, said in (
        (manifest // 2, f"{folder}/manifest.json: cannot write the run there: File too large"),
        (max(manifest, visits // 2), "visits.jsonl: cannot write: File too large"),
    ):
        full = subprocess.run(
            command(qasm, folder),
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=lambda limit=limit: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        )
        assert full.returncode == 2, full.stderr
        assert said in full.stderr
        assert re.search(f"the same command with -o {folder} (begins or )?resumes this run", full.stderr)
        assert "Traceback" not in full.stderr
    kept = lines(folder)
    assert kept["visits.jsonl"].endswith(b"\n")
    done = subprocess.run(command(qasm, folder), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for name, content in lines(folder).items():
        assert content.startswith(kept[name])


def test_no_folder_for_temporary_files_is_one_line(qasm: Path, tmp_path: Path) -> None:
    full = subprocess.run(
        command(qasm, tmp_path / "run", simulator=SIMULATOR),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
    )
    assert full.returncode == 2, full.stderr
    assert "Make room, or name another folder with TMPDIR" in full.stderr
    assert "Traceback" not in full.stderr


def test_no_room_for_the_workers_says_where_to_make_it(qasm: Path, tmp_path: Path) -> None:
    """The folder for temporary files has one page of 4 KiB; a copy of the simulator is to stand there."""
    (tmp_path / "tiny").mkdir()
    large = tmp_path / "large.py"
    large.write_text(SIMULATOR.read_text() + "# filler\n" * 1000)
    wanted = command(qasm, tmp_path / "run", large)
    done = subprocess.run(
        [*alone(), "sh", "-c", 'mount -t tmpfs -o size=4k tmpfs "$TMPDIR" && exec "$@"', "sh", *wanted],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"TMPDIR": str(tmp_path / "tiny")},
    )
    assert done.returncode == 2
    assert "cannot write the workers' folder: No space left on device" in done.stderr
    assert f"Make room in {tmp_path / 'tiny'}, or name another folder" in done.stderr
    assert f"The same command with -o {tmp_path / 'run'} resumes this run." in done.stderr
    assert "Traceback" not in done.stderr
    again = subprocess.run(wanted, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
