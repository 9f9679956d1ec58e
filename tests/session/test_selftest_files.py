"""The self-test's own files: whole on a full disk, damage named with its place, one machine or another."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from qbench.errors import QbenchError
from qbench.session.selftest.folder import SelfTestFolder, read_evidence
from qbench.session.selftest.plain_file import PLAIN, add_plain, read_plain
from qbench.session.selftest.request import Request
from qbench.session.selftest.settings import SETTINGS, read_settings

REQUEST = Request(reduced=True, comparisons=8)
PLANNED = {"aa": 2}


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """No file may grow beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def again(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qbench", "selftest", "--again", "-o", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


# ---- selftest.json


def test_settings_that_do_not_fit_the_disk_are_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "selftest"
    with monkeypatch.context() as patched:
        patched.setenv("PATH", str(tmp_path))  # git has no business on the full disk
        with full_disk(50), pytest.raises(QbenchError, match=rf"{SETTINGS}: cannot write there: File too la"):
            SelfTestFolder(folder, REQUEST, PLANNED)
    assert list(folder.iterdir()) == []
    SelfTestFolder(folder, REQUEST, PLANNED)  # the same command, with room
    assert read_settings(folder)["planned"] == PLANNED


def test_a_kill_while_the_settings_are_written_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / f"{SETTINGS}.unfinished").write_text('{"form')
    SelfTestFolder(tmp_path, REQUEST, PLANNED)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["runs", SETTINGS]


def _changed(folder: Path, **machine: Any) -> None:
    found = json.loads((folder / SETTINGS).read_text("ascii"))
    found["machine"] |= machine
    (folder / SETTINGS).write_text(json.dumps(found), "ascii")


def test_a_machine_whose_kernel_keeps_more_memory_goes_on_and_another_one_does_not(tmp_path: Path) -> None:
    SelfTestFolder(tmp_path, REQUEST, PLANNED)
    memory = read_settings(tmp_path)["machine"]["memory_bytes"]
    _changed(tmp_path, memory_bytes=memory - memory // 100)
    SelfTestFolder(tmp_path, REQUEST, PLANNED)
    _changed(tmp_path, memory_bytes=memory // 2)
    with pytest.raises(QbenchError, match=rf"memory_bytes: {memory // 2} -> {memory}\nName"):
        SelfTestFolder(tmp_path, REQUEST, PLANNED)
    _changed(tmp_path, memory_bytes=memory, processor="another")
    with pytest.raises(QbenchError, match="processor: another -> "):
        SelfTestFolder(tmp_path, REQUEST, PLANNED)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda found: {"format": 1}, "missing required field `protocol`"),
        (lambda found: {**found, "request": []}, r"Expected `object`, got `array` - at `\$\.request`"),
        (lambda found: {**found, "request": {"only": ["aa"]}}, "request lacks comparisons, precise, load"),
        (lambda found: {**found, "machine": None}, r"at `\$\.machine`"),
        (lambda found: {**found, "planned": {"aa": "two"}}, r"at `\$\.planned"),
    ],
)
def test_settings_that_are_none_are_named(damage: Any, said: str, tmp_path: Path) -> None:
    SelfTestFolder(tmp_path, REQUEST, PLANNED)
    found = damage(read_settings(tmp_path))
    (tmp_path / SETTINGS).write_text(json.dumps(found), "ascii")
    with pytest.raises(QbenchError, match=rf"selftest\.json: damaged: .*{said}"):
        read_evidence(tmp_path)  # no run of it is whole
    with pytest.raises(QbenchError, match=rf"selftest\.json: damaged: .*{said}"):
        SelfTestFolder(tmp_path, REQUEST, PLANNED)


# ---- plain.jsonl


def slowed(number: int) -> dict[str, Any]:
    times = [1000 + number, 1001]
    return {"kind": "slowed", "run": f"slowdown-{number}", "circuit": "c", "quartile_ns": {"0": times}}


@pytest.mark.parametrize("room", [40, 300])
def test_a_full_disk_loses_no_plain_reading(room: int, tmp_path: Path) -> None:
    kept = [slowed(number) for number in range(3)]
    for record in kept:
        add_plain(tmp_path, record)
    file = tmp_path / PLAIN
    whole = file.read_bytes()
    assert 40 < len(whole) < 300 < len(whole) * 4 / 3
    file.write_bytes(whole + whole[:30])  # a kill left a torn line
    with full_disk(room), pytest.raises(QbenchError, match=r"plain\.jsonl: cannot write: File too large"):
        add_plain(tmp_path, slowed(3))
    assert file.read_bytes()[: len(whole)] == whole
    assert read_plain(tmp_path) == kept
    add_plain(tmp_path, slowed(3))
    assert file.read_bytes()[: len(whole)] == whole
    assert read_plain(tmp_path) == [*kept, slowed(3)]


def test_the_first_plain_reading_may_be_torn(tmp_path: Path) -> None:
    assert read_plain(tmp_path) == []
    (tmp_path / PLAIN).write_text('{"kind":"slo')
    assert read_plain(tmp_path) == []
    add_plain(tmp_path, slowed(0))
    assert read_plain(tmp_path) == [slowed(0)]


DAMAGED = {
    "not ascii": b'{"kind":"empty","call_ns":[1.5],"x":"\xff"}',
    "not json": b"{",
    "deep": b"[" * 100_000,
    "no record": b"[1]",
    "no kind": b"{}",
    "unknown kind": b'{"kind":"other"}',
    "no times": b'{"kind":"empty","call_ns":[]}',
    "no time": b'{"kind":"empty","call_ns":[0]}',
    "lacks a field": b'{"kind":"pyperf","run":"r","simulator":"s","circuit":"c","clock":"wall"}',
    "unknown clock": b'{"kind":"pyperf","run":"r","simulator":"s","circuit":"c","clock":"moon","values":[1]}',
    "no honest double": b'{"kind":"slowed","run":"r","circuit":"c","quartile_ns":{"5":[1]}}',
    "unlike batches": b'{"kind":"slowed","run":"r","circuit":"c","quartile_ns":{"0":[1],"5":[1,2]}}',
    "a duration that is none": b'{"kind":"spun","run":"r","median_ns":{"5 us":[1]}}',
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_line_that_is_no_reading_is_named(name: str, tmp_path: Path) -> None:
    folder = SelfTestFolder(tmp_path, REQUEST, PLANNED)
    folder.add_plain({"kind": "empty", "call_ns": [29.5, 30]})
    with (tmp_path / PLAIN).open("ab") as file:
        file.write(DAMAGED[name] + b"\n")
    for read in (folder.plain, lambda: read_evidence(tmp_path)):
        with pytest.raises(QbenchError, match=r"plain\.jsonl:2: damaged: "):
            read()


def test_a_damaged_folder_is_exit_code_2(tmp_path: Path) -> None:
    SelfTestFolder(tmp_path, REQUEST, PLANNED)
    (tmp_path / PLAIN).write_bytes(DAMAGED["not ascii"] + b"\n")
    done = again(tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "plain.jsonl:1: damaged" in done.stderr
    (tmp_path / SETTINGS).write_text('{"format":1}')
    done = again(tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "selftest.json: damaged" in done.stderr
    assert "Traceback" not in done.stderr
