"""Paths that cannot even be looked at, nan for a number, closed streams: one line, and no harm."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def qbench(*arguments: str, **more: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qbench", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, **more)  # type: ignore[call-overload,no-any-return]


LONG = "x" * 300


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", LONG),
        ("run", f"{LONG}.qasm"),
        ("table", LONG),
        ("diff", LONG, LONG),
        ("merge", LONG, "-o", "new"),
        ("plot", LONG),
        ("show", LONG),
        ("reproduce", LONG),
        ("selftest", "--only", "null", "-o", LONG),
        ("plan", "ghz_3", "-s", f"aer@{LONG}/bin/python"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_name_that_is_too_long(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = qbench(*arguments, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert LONG in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look at everything")
def test_a_folder_of_others(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir(mode=0)
    for arguments in (("table", "theirs/run"), ("run", "theirs/x.qasm"), ("selftest", "-o", "theirs/x")):
        done = qbench(*arguments, cwd=tmp_path)
        assert (done.returncode, "Traceback" in done.stderr) == (2, False)
        assert "theirs" in done.stderr


@pytest.mark.parametrize(
    "arguments", [("diff", "a", "b", "--margin", "nan"), ("check", "null", "--limit", "nan")]
)
def test_nan_is_no_number(arguments: tuple[str, ...]) -> None:
    done = qbench(*arguments)
    assert done.returncode == 2
    assert "nan is not a number" in done.stderr


def closing(redirection: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    words = " ".join([sys.executable, "-m", "qbench", *arguments, redirection])
    return subprocess.run(
        ["sh", "-c", words], capture_output=True, text=True, check=False, timeout=120, cwd=cwd
    )


def test_a_closed_output_is_no_traceback(tmp_path: Path) -> None:
    done = closing(">&-", "show", "ghz_4", cwd=tmp_path)
    assert "Traceback" not in done.stderr


def test_progress_does_not_go_into_the_output_where_errors_have_no_stream(tmp_path: Path) -> None:
    words = ("run", "ghz_3", "-s", "null", "-w", "state", "--rounds", "1", "--no-controls")
    done = closing("2>&-", *words, cwd=tmp_path)
    assert done.returncode == 0
    assert "judging answers" not in done.stdout
    assert "timing" not in done.stdout.splitlines()[0]
