"""The steps of the lessons: commands and outputs, read from the pages and run in a folder like this one.

A step is a ``console`` block with one command, under a comment that says how it is taken:

recorded   on the published records that the page names: its output is what the page shows
live       for real, here with fewer simulators and rounds; an output that is shown is what comes out
network    not run: it needs a network, or a model that is not made yet

``<!-- live 1 -->`` ends with exit code 1.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
LESSONS = REPOSITORY / "docs" / "lessons"
PAGES = sorted(LESSONS.glob("*.md"))
RUN = "results/core-v1-2core-vm"

_STEP = re.compile(
    r"(?P<head>(?P<indent> *)<!-- (?P<kind>recorded|live|network)(?: (?P<code>\d+))? -->\n"
    r"(?P=indent)```console\n(?P=indent)\$ (?P<command>.*)\n)(?P<output>(?:(?! *```).*\n)*)(?P=indent)```\n"
)
_RECORDS = re.compile(r"<!-- records: (.*?) -->")


@dataclass(frozen=True, kw_only=True)
class Step:
    kind: str
    command: str
    output: str
    code: int


def steps(text: str) -> list[Step]:
    return [
        Step(
            kind=found["kind"],
            command=found["command"],
            output=re.sub(rf"(?m)^{found['indent']}", "", found["output"]),
            code=int(found["code"] or 0),
        )
        for found in _STEP.finditer(text)
    ]


def with_outputs(text: str, told: Callable[[str], str]) -> str:
    """The page with the outputs of its recorded steps as ``told`` of their commands."""

    def written(found: re.Match[str]) -> str:
        output = found["output"]
        if found["kind"] == "recorded":
            output = re.sub(r"(?m)^(?=.)", found["indent"], told(found["command"]))
        return f"{found['head']}{output}{found['indent']}```\n"

    return _STEP.sub(written, text)


def records(text: str) -> dict[str, Path]:
    """By the name that the page uses, the published records that it shows."""
    found = _RECORDS.search(text)
    pairs = (pair.split(" = ") for pair in found[1].split(", ")) if found else ()
    return {name: REPOSITORY / place for name, place in pairs}


class Folder:
    """A folder with what the lessons need of the repository, in which commands are run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        shutil.copytree(LESSONS, path / "docs" / "lessons")
        shutil.copytree(REPOSITORY / RUN, path / RUN)
        commands = path / ".commands"
        commands.mkdir()
        for name, more in (("qbench", " -m qbench"), ("python", ""), ("python3", "")):
            command = commands / name
            command.write_text(f'#!/bin/sh\nexec "{sys.executable}"{more} "$@"\n')
            command.chmod(0o755)
        self._environment = {
            **os.environ,
            "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONUTF8": "1",
            "COLUMNS": "100",
        }

    def take(self, name: str, place: Path) -> None:
        """Published records, under the name that a reader gave to an own run."""
        shutil.copytree(place, self.path / name)

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-c", command],
            cwd=self.path,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
