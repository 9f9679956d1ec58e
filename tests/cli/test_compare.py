"""``qbench compare`` from a published run to the printed bytes, and its mistakes."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from qbench.cli.terminal import coloured, wants_colour

RUN = Path(__file__).parents[2] / "results" / "core-v1-2core-vm"


def qbench(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qbench", *map(str, arguments)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
    )


CHOSEN = ("compare", RUN, "--workload", "sample")


@pytest.fixture(scope="module")
def page() -> str:
    done = qbench(*CHOSEN)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_page_is_plain_text_when_piped(page: str) -> None:
    assert "\x1b" not in page
    assert "sample-1000: exact, complex128, 1 thread, native gates, relative to qiskit.statevector" in page
    assert "█" in page
    assert "state:" not in page


def test_plain_characters_where_the_encoding_has_no_others(page: str) -> None:
    plain = qbench(*CHOSEN, PYTHONIOENCODING="ascii").stdout
    assert plain.isascii()
    assert "###|" in plain
    assert plain == page.translate(str.maketrans("█░│«»", "#-|<>"))


def test_every_format_has_the_same_rows() -> None:
    chosen = ["compare", RUN, "--baseline", "aer.statevector", "--workload", "state", "--phase", "end_to_end"]
    rows = list(csv.DictReader(io.StringIO(qbench(*chosen, "--format", "csv").stdout)))
    objects = json.loads(qbench(*chosen, "--format", "json").stdout)
    assert len(rows) == len(objects) > 30
    assert {row["phase"] for row in rows} == {"end_to_end"}
    assert {row["workload"] for row in rows} == {"state"}
    assert all(float(row["ratio"]) == one["ratio"] for row, one in zip(rows, objects, strict=True))


MISTAKES = {
    "two runs": ([RUN, RUN], "two runs: qbench diff"),
    "workload": ([RUN, "--workload", "stat"], "did you mean state"),
    "no run": ([RUN.parent / "nowhere"], "nowhere"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_one_message_and_exit_2(name: str) -> None:
    arguments, said = MISTAKES[name]
    done = qbench("compare", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def on_a_terminal(*arguments: str | Path, columns: int = 120, **environment: str) -> str:
    """What the program prints on a terminal of its own."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    command = [sys.executable, "-m", "qbench", *map(str, arguments)]
    plain = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "COLUMNS", "LINES")}
    with subprocess.Popen(
        command,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env={**plain, "TERM": "xterm", "PYTHONIOENCODING": "utf-8", **environment},
    ) as running:
        os.close(theirs)
        chunks = []
        while True:
            try:
                chunk = os.read(ours, 1 << 16)
            except OSError:  # the other end was closed
                break
            if not chunk:
                break
            chunks.append(chunk)
        running.wait(timeout=120)
    os.close(ours)
    return b"".join(chunks).decode()


def test_colour_is_for_terminals_and_says_nothing_that_the_text_does_not(page: str) -> None:
    colours = on_a_terminal(*CHOSEN)
    assert "\x1b[36m" in colours
    for code in ("\x1b[36m", "\x1b[33m", "\x1b[0m"):
        colours = colours.replace(code, "")
    assert colours.replace("\r\n", "\n") == page


@pytest.mark.parametrize(
    "arguments", [("compare", RUN), ("table", RUN), ("recommend", "ghz_4", "--all")], ids=lambda one: one[0]
)
def test_nothing_is_wider_than_a_terminal_of_80_columns(arguments: tuple[str | Path, ...]) -> None:
    text = on_a_terminal(*arguments, columns=80, NO_COLOR="1").replace("\r\n", "\n")
    assert len(text.splitlines()) > 15
    assert [
        line for line in text.splitlines() if len(line) > 80 and not line.startswith("  qbench run")
    ] == []


def test_who_wants_colour() -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    assert wants_colour(Screen(), {})
    assert wants_colour(Screen(), {"NO_COLOR": ""})  # no-color.org: set, and not to nothing
    assert not wants_colour(Screen(), {"NO_COLOR": "1"})
    assert not wants_colour(Screen(), {"TERM": "dumb"})
    assert not wants_colour(io.StringIO(), {})
    assert coloured("no bars | here") == "no bars | here"
    assert coloured("░█│") == "\x1b[36m░█\x1b[0m│"
    assert coloured("│█░") == "│\x1b[33m█░\x1b[0m"
