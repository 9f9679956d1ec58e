"""Progress shows names from other people's files as text: they neither format nor control the terminal."""

from __future__ import annotations

import re
import threading
import time

import pytest

from qbench.analysis.forecast import TimeLeft
from qbench.cli.progress import TerminalProgress

HOSTILE = "[bold red]a[/] :smile: \x1b]0;b\x07\r\n{0}"
SHOWN = r"[bold red]a[/] :smile: \x1b]0;b\x07\r\n{0}"


def _told() -> None:
    with TerminalProgress() as progress:
        progress.stage("[/nothing]", 1)
        progress.step(HOSTILE)


def _on_a_terminal(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    for name, value in {"FORCE_COLOR": "1", "TERM": "xterm-256color", "COLUMNS": str(columns)}.items():
        monkeypatch.setenv(name, value)


def _plain(text: str) -> str:
    """Without the bar's own colours and cursor movements."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


def test_hostile_names_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _on_a_terminal(monkeypatch, 200)
    _told()
    plain = _plain(capsys.readouterr().err)
    assert "1/1" in plain
    assert "[/nothing]" in plain
    assert SHOWN[:40] in plain
    assert "\x1b]" not in plain
    assert "\x07" not in plain


def test_hostile_names_elsewhere(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    _told()
    assert capsys.readouterr().err == f"[/nothing]: 1 step\n[/nothing]: 1/1  {SHOWN}\n"


def test_a_stage_that_turns_out_longer_or_shorter(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with TerminalProgress(clock) as progress:
        progress.stage("timing", 4)
        for text, steps in (("a", 8), ("b", 8), ("c", 8), ("d", 5), ("e", 5)):
            clock.now += 31
            progress.expect(steps)
            progress.step(text)
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "timing: 4 steps"
    assert told[1:] == [
        f"timing: {n}/{of}  {t}" for n, of, t in zip(range(1, 6), (8, 8, 8, 5, 5), "abcde", strict=True)
    ]


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_piped_it_says_every_half_minute_how_far_it_is_and_when_it_ends(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An hour of a thousand steps: twenty lines in the first ten minutes, then one a minute."""
    clock = Clock()
    with TerminalProgress(clock) as progress:
        progress.stage("timing", 1000)
        for step in range(1000):
            clock.now += 3.6
            progress.left(TimeLeft(3600 - 3.6 * (step + 1), 7200 - 7.2 * (step + 1)))
            progress.step(f"round {step // 100 + 1}")
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "timing: 1000 steps"
    assert told[1] == "timing: 9/1000  59 min to 2.0 h left; round 1"
    assert told[-1] == "timing: 1000/1000  a few seconds left; round 10"
    early = [line for line in told[1:] if int(re.findall(r"(\d+)/", line)[0]) * 3.6 < 600]
    assert 15 <= len(early) <= 20
    assert 60 <= len(told) <= 75


def test_a_short_stage_is_one_line_and_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with TerminalProgress(clock) as progress:
        progress.stage("judging answers", 100)
        for step in range(100):
            clock.now += 0.1
            progress.step(str(step))
    assert capsys.readouterr().err == "judging answers: 100 steps\njudging answers: 100/100  99\n"


def test_the_time_left_of_one_stage_is_not_shown_in_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    with TerminalProgress() as progress:
        progress.stage("judging answers", 1)
        progress.left(TimeLeft(100, 560, by_budget=True))
        progress.step("a")
        progress.stage("timing", 1)
        progress.step("b")
    assert capsys.readouterr().err.splitlines()[1:] == [
        "judging answers: 1/1  2 to at most 9 min left (budget); a",
        "timing: 1 step",
        "timing: 1/1  b",
    ]


def test_a_bar_is_drawn_between_steps_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _on_a_terminal(monkeypatch, 200)
    with TerminalProgress() as progress:
        progress.stage("timing", 2)
        progress.expect(4)
        threads = [thread.name for thread in threading.enumerate()]
        progress.left(TimeLeft(100, 560))
        progress.step("round 1, 3 open: ghz_4 state")
        drawn = capsys.readouterr().err
        time.sleep(0.3)
        assert capsys.readouterr().err == ""  # nobody draws while a visit would run
    assert not any("refresh" in name.lower() for name in threads)
    assert len(threads) == threading.active_count()
    plain = _plain(drawn)
    assert "1/4" in plain
    assert "2 to 9 min left" in plain


@pytest.mark.parametrize("columns", [80, 100])
def test_the_time_left_is_seen_on_a_terminal_of_ordinary_width(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _on_a_terminal(monkeypatch, columns)
    with TerminalProgress() as progress:
        progress.stage("judging answers", 4383)
        progress.left(TimeLeft(100, 560, by_budget=True))
        progress.step("pennylane.lightning.device.adjoint: iterative_phase_estimation_4")
    lines = [line for line in _plain(capsys.readouterr().err).splitlines() if "1/4383" in line]
    assert lines
    assert all(len(line) <= columns for line in lines)
    assert "2 to at most 9 min left (budget)" in lines[-1]


def test_a_bar_is_drawn_once_a_second_at_most(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Thousands of refused cells would otherwise cost more to tell than to find out."""
    _on_a_terminal(monkeypatch, 100)
    clock, drawn = Clock(), 0
    with TerminalProgress(clock) as progress:
        progress.stage("judging answers", 400)
        capsys.readouterr()
        for step in range(400):
            clock.now += 0.01
            progress.step(str(step))
            drawn += bool(capsys.readouterr().err)
    assert drawn == 5  # the first, the last, and three in four seconds
