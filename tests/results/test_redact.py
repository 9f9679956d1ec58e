"""What is written tells nothing of where and by whom it was run, and stays readable."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from qbench.results.redact import Identity, own_identity, redact

ALICE = Identity(
    places=(
        ("/home/alice", "<home>"),
        ("/home/alice/work", "<cwd>"),
        ("/home/alice/work/.venv", "<prefix>"),
        ("/usr", "<prefix>"),
        ("/tmp", "<tmp>"),
        ("/srv/my data", "<cwd>"),
    ),
    users=("alice", "jo", "root", "admin", ""),
    hosts=("vm.example.org", "vm", "localhost"),
)


def test_paths_and_names_are_redacted() -> None:
    mine = f'File "{Path.home()}/secret/engine.py", line 3: cannot open {Path.cwd()}/my data/x.bin'
    text = f"{mine} and /opt/a/b.so"
    clean = redact(text)
    assert str(Path.home()) not in clean
    assert str(Path.cwd()) not in clean
    assert "/opt" not in clean
    assert "engine.py" in clean
    assert "b.so" in clean


HIDDEN = {
    # known places, with and without something behind them
    "/home/alice": "<home>",
    "in /home/alice.": "in <home>.",
    "cd /home/alice/": "cd <home>/",
    "/home/alice/work": "<cwd>",
    "/home/alice/work/.venv/lib/x.py": "<prefix>/lib/x.py",
    "/home/alice/.cache/x": "<home>/.cache/x",
    "/tmp": "<tmp>",
    "wrote /tmp/r2/visits.jsonl": "wrote <tmp>/r2/visits.jsonl",
    "/tmp/r2": "<tmp>/r2",
    "/usr/lib/libm.so.6: bad": "<prefix>/lib/libm.so.6: bad",
    "/srv/my data/x y.bin": "<cwd>/x y.bin",
    "file:///tmp/x": "<tmp>/x",
    "-I/home/alice/include": "-I<home>/include",
    "build/home/alice/x": "build<home>/x",
    # anybody's home
    "/home/bob": "<home>",
    "/home/bob.": "<home>.",
    "/home/alice2/x": "<home>/x",
    "/Users/bob/Library/x.py": "<home>/Library/x.py",
    "/export/home/bob/x": "<home>/x",
    "/mnt/c/Users/bob": "<home>",
    "//home/bob//x": "<home>//x",
    "file:////home/bob": "<home>",
    "../../home/bob/x": "<home>/x",
    "~bob/x": "<home>/x",
    "~bob": "<home>",
    "~/x": "<home>/x",
    "PATH=/home/a/bin:/home/b/bin": "PATH=<home>/bin:<home>/bin",
    "-L/home/bob/lib": "-L<home>/lib",
    "gcc -L/home/bob/lib": "gcc -L<home>/lib",
    r"'lost\n/home/bob/x'": r"'lost\n<home>/x'",
    "<path>/home/bob": "<path>/home/bob",  # stands behind a placeholder of ours
    "<file>/home/bob</file>": "<file><home></file>",
    "file:///home/bob/x": "<home>/x",
    "file://box/home/bob/x": "<home>/x",
    "file:/home/bob": "file:<home>",
    "C:\\Users\\bob\\x": "<home>\\x",
    "c:\\users\\Bob Lee\\x": "<home>\\x",
    "'C:\\\\Users\\\\bob\\\\x'": "'<home>\\\\x'",
    "C:/Users/bob/x": "<home>/x",
    "C:\\Users\\bob": "<home>",
    # other absolute paths: their last part
    "/opt/a/b.so": "b.so",
    "/opt/a/": "<path>",
    "/private/tmp/x": "x",
    "(/opt/a/b.so+0x12)": "(b.so+0x12)",
    # names
    "alice@vm: no": "<user>@<host>: no",
    "jo on vm.example.org": "<user> on <host>",
    "/tmp/pytest-of-alice/x": "<tmp>/pytest-of-<user>/x",
}


@pytest.mark.parametrize("text", HIDDEN)
def test_what_is_private_is_replaced(text: str) -> None:
    assert redact(text, ALICE) == HIDDEN[text]
    if not text.startswith("<path>"):
        assert redact(f"x {text} y", ALICE) == f"x {HIDDEN[text]} y"


@pytest.mark.parametrize(
    "text",
    [
        "a ratio of 3/4 and 1e-9/s stays",
        "and/or, bits/qubit, n/a, 5 /s, ~10 qubits, ~ 1e-9, a ~= b",
        "see https://example.org/opt/a/b.html and https://example.org/~bob/x and https://home/bob",
        "tests/home.py, /home, /tmpfs, /tmp-x, ./run/x.py, results/run/x",
        "alice2 joke vms avm malice root admin user localhost",
        "p->x / y, {'a': 1/2}",
    ],
)
def test_what_tells_nothing_stays(text: str) -> None:
    assert redact(text, ALICE) == text


@pytest.mark.parametrize("text", HIDDEN)
def test_twice_is_once(text: str) -> None:
    once = redact(text, ALICE)
    assert redact(once, ALICE) == once


def test_names_that_are_placeholders_words() -> None:
    odd = Identity(places=(("/tmp", "<tmp>"),), users=("home", "tmp"), hosts=("path", "host"))
    assert (
        redact("home of /home/bob, /opt/a/ on host, /tmp/x", odd)
        == "<user> of <home>, <path> on <host>, <tmp>/x"
    )


def test_this_processes_identity(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    monkeypatch.setenv("HOME", str(tmp_path / "link"))
    monkeypatch.setenv("LOGNAME", "quentin")
    monkeypatch.setenv("USER", "ursula")
    monkeypatch.setattr("platform.node", lambda: "zz.example.org")
    monkeypatch.chdir(tmp_path)
    own_identity.cache_clear()
    try:
        assert redact(f"{tmp_path}/link/x, {tmp_path}/real, {tmp_path}") == "<home>/x, <home>, <cwd>"
        assert redact("quentin or ursula on zz, zz.example.org") == "<user> or <user> on <host>, <host>"
    finally:
        own_identity.cache_clear()


def test_a_removed_current_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    os.rmdir(tmp_path / "gone")
    own_identity.cache_clear()
    try:
        assert redact("/opt/a/b.so") == "b.so"
    finally:
        own_identity.cache_clear()


@pytest.mark.parametrize(
    "piece", ["/a", "/", "~", "/home/", "\\Users\\", "a/", "C:\\", "../", "file://", "-L/"]
)
def test_long_texts_take_no_time(piece: str) -> None:
    begun = time.perf_counter()
    redact(piece * 5000, ALICE)
    assert time.perf_counter() - begun < 2
