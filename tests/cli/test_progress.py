"""Progress shows names from other people's files as text: they neither format nor control the terminal."""

from __future__ import annotations

import re

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
