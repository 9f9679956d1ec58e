"""Progress shows names from other people's files as text: they neither format nor control the terminal."""

from __future__ import annotations

import re
import threading
import time

import pytest

from qbench.cli.progress import TerminalProgress

HOSTILE = "[bold red]a[/] :smile: \x1b]0;b\x07\r\n{0}"
SHOWN = r"[bold red]a[/] :smile: \x1b]0;b\x07\r\n{0}"


def _told() -> None:
    with TerminalProgress() as progress:
        progress.stage("[/nothing]", 1)
        progress.step(HOSTILE)


def test_hostile_names_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"FORCE_COLOR": "1", "TERM": "xterm-256color", "COLUMNS": "200"}.items():
        monkeypatch.setenv(name, value)
    _told()
    said = capsys.readouterr().err
    assert "1/1" in said
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said)  # the bar's own colours and cursor movements
    assert "[/nothing]" in plain
    assert SHOWN[:40] in plain
    assert "\x1b]" not in plain
    assert "\x07" not in plain


def test_hostile_names_elsewhere(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    _told()
    assert capsys.readouterr().err == f"[/nothing]: 1 steps\n[/nothing]: 1/1  {SHOWN}\n"


def test_a_stage_that_turns_out_longer_or_shorter(capsys: pytest.CaptureFixture[str]) -> None:
    with TerminalProgress() as progress:
        progress.stage("timing", 4)
        progress.step("a")
        progress.expect(8)
        for text in "bcd":
            progress.step(text)
        progress.expect(5)
        progress.step("e")
    told = capsys.readouterr().err.splitlines()
    assert told == ["timing: 4 steps", "timing: 1/4  a", "timing: 2/8  b", "timing: 4/8  d", "timing: 5/5  e"]


def test_a_bar_is_drawn_between_steps_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"FORCE_COLOR": "1", "TERM": "xterm-256color", "COLUMNS": "200"}.items():
        monkeypatch.setenv(name, value)
    with TerminalProgress() as progress:
        progress.stage("timing", 2)
        progress.expect(4)
        threads = [thread.name for thread in threading.enumerate()]
        progress.step("round 1, 3 open, 95 s left: ghz_4 state")
        drawn = capsys.readouterr().err
        time.sleep(0.3)
        assert capsys.readouterr().err == ""  # nobody draws while a visit would run
    assert not any("refresh" in name.lower() for name in threads)
    assert len(threads) == threading.active_count()
    assert "1/4" in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", drawn)
