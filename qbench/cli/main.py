"""The program: finds the command, and turns every end into an exit code and at most one message."""

from __future__ import annotations

import errno
import importlib
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

import click

from qbench import __version__
from qbench.errors import QbenchError
from qbench.pages import pages_folder

UNREACHABLE = (errno.EACCES, errno.EPERM, errno.ENAMETOOLONG, errno.ENOTDIR, errno.ELOOP)

__all__ = ["main"]

# command: one line of help; its module is only imported when it is used
COMMANDS = {
    "run": "Run a suite, or circuits of your own, and write a results folder.",
    "plan": "Say what a run would do and how long it takes, without running anything.",
    "list": "List simulators, circuits, families, suites or workloads.",
    "table": "Make a run's tables again from its raw records, and print one.",
    "show": "Show a circuit: drawing, facts, known answer, source.",
    "doctor": "Is this machine fit to measure, and what is installed?",
    "bandwidth": "Measure this machine's memory bandwidth: the limit of simulators of states.",
    "plot": "Draw a run: times, phases, accuracy, verdicts, as SVG and PNG.",
    "report": "Write a run, or several side by side, as one HTML file: summary, charts, tables, circuits.",
    "recommend": "Name the simulators predicted fastest for a circuit, and the command that verifies it.",
    "compare": "Compare a run's simulators: ratios, who wins where, and from which size on.",
    "diff": "Say what changed between two runs, or between two versions in one run.",
    "merge": "Put the records of several results folders together.",
    "export": "Write the tables and raw visits of runs as Parquet, or describe a run as an RO-Crate.",
    "selftest": "Let the harness measure itself, and say what this machine can resolve.",
    "reproduce": "Run an earlier run's plan again and say what held.",
    "env": "Build, list or remove environments of simulators that conflict with others.",
    "check": "Probe a simulator's conformance: gates, bit order, seeds, precision.",
}


# What a stream's write ends with when its reader has left, its disk is full or its terminal is gone.
STREAM_ERRORS = (errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


class OutputError(Exception):
    """Output could not be written; kept apart from other errors because click ends on EPIPE with 1."""

    def __init__(self, error: OSError) -> None:
        super().__init__(error.strerror)
        self.reader_left = error.errno == errno.EPIPE


@contextmanager
def _output_watched() -> Iterator[None]:
    """Raise ``OutputError`` for an error of a stream; what writes files adds their names to its errors."""
    try:
        yield
        if sys.stdout is not None:  # None where it was closed: >&-
            sys.stdout.flush()
    except OSError as error:
        if error.filename is None and error.errno in STREAM_ERRORS:
            raise OutputError(error) from error
        raise


class Commands(click.Group):
    """The commands by name, each loaded when it is needed."""

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        with _output_watched():  # --help and --version are printed here
            return super().make_context(*args, **more)

    def invoke(self, ctx: click.Context) -> Any:
        with _output_watched():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"qbench.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"Documentation: {pages_folder()}",
)
@click.version_option(__version__, prog_name="qbench")
def cli() -> None:
    """The same small quantum circuits on several simulators: timed, checked, in reproducible tables.

    Start with: qbench run quick
    """


def main() -> None:
    """Run the command line.

    Exit codes: 0 done, 1 what was asked about is not so (run, reproduce and selftest --strict, check, diff
    --fail-on), 2 bad usage or input, or output that cannot be written, 129 the terminal left, 130
    interrupted, 141 the reader of the output left, 143 terminated.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        with _output_watched():
            status = _run()
    except OutputError as lost:
        # What is still buffered must go nowhere, or the interpreter complains about it on its way out.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        status = 141 if lost.reader_left else 2  # 128 + SIGPIPE, as of any program before `| head`
        if not lost.reader_left:
            with suppress(OSError):  # stderr may be on the same full disk: then the exit code has to do
                click.echo(f"qbench: cannot write the output: {lost}", err=True)
        os.dup2(nowhere, 2)
    sys.exit(status)


def _run() -> int:
    try:
        status = cli.main(prog_name="qbench", standalone_mode=False)
    except QbenchError as error:
        click.echo(f"qbench: {error}", err=True)
        return 2
    except click.ClickException as error:
        error.show()
        return 2
    except (KeyboardInterrupt, click.Abort):
        click.echo("qbench: interrupted", err=True)
        return 130
    except FileNotFoundError as error:
        # of the library that makes temporary files, and packages call it while they are imported
        if error.filename is not None or "temporary directory" not in str(error.strerror):
            raise
        told = f"{error.strerror}: nothing can be written there"
        click.echo(f"qbench: {told}. Make room, or name another folder with TMPDIR.", err=True)
        return 2
    except OSError as error:  # a path that cannot even be looked at: in a folder of others, or too long
        if error.filename is None or error.errno not in UNREACHABLE:
            raise
        said = f"{str(error.filename)!r}: cannot be looked at: {error.strerror}"
        click.echo(f"qbench: {said}. Name another path.", err=True)
        return 2
    return status if isinstance(status, int) else 0


def _leave(number: int, frame: FrameType | None) -> None:
    """Leave as by an exception, so that every worker is ended on the way out."""
    raise SystemExit(128 + number)
