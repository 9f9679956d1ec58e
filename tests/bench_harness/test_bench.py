"""``make bench-harness`` prints its two tables.  Nothing is asserted about times."""

from __future__ import annotations

import re

import pytest
from bench import main


def test_a_reduced_run_prints_what_a_whole_one_does(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["--rounds", "1"]) == 0
    printed = capfd.readouterr().out
    for phase in ("translate", "compile", "execute", "readback", "end_to_end"):
        assert re.search(rf"^  {phase} +\d+ ns +[+-]\d+ ns$", printed, re.MULTILINE)
    for start in ("qbench --help", "qbench list circuits", "a worker"):
        assert re.search(rf"^  {re.escape(start)}.* +\d+ +\(\d+ to \d+\)$", printed, re.MULTILINE)


def test_no_rounds_is_one_message_and_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--rounds", "0"]) == 2
    assert capsys.readouterr().err == "bench-harness: --rounds is at least 1, not 0\n"
