"""The page of what was found in simulators: its reproducers are whole, need one package, and run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "results" / "simulator-issues.md").read_text(encoding="utf-8")
SECTIONS = {part.splitlines()[0]: part for part in re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]}


def reproducer(section: str) -> str:
    lines = SECTIONS[section].split("\n## ")[0].splitlines()
    return "\n".join(line[4:] for line in lines if line.startswith("    "))


@pytest.mark.parametrize("section", SECTIONS)
def test_a_reproducer_is_whole_and_asks_nothing_of_qbench(section: str) -> None:
    source = reproducer(section)
    compile(source, section, "exec")
    assert "qbench" not in source
    assert "print(" in source
    assert "# " in source  # what it prints, and what is due


@pytest.mark.slow
@pytest.mark.parametrize("section", SECTIONS)
def test_a_reproducer_runs(section: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", reproducer(section)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip()
