"""The program: finds the command, and turns every end into an exit code and at most one message."""

from __future__ import annotations

import importlib
import signal
import sys
from types import FrameType

import click

from qbench import __version__
from qbench.errors import QbenchError

__all__ = ["main"]

# command: one line of help; its module is only imported when it is used
COMMANDS = {
    "run": "Run a suite, or circuits of your own, and write a results folder.",
    "list": "List simulators, circuits, suites or workloads.",
    "table": "Make a run's tables again from its raw records, and print one.",
    "check": "Probe a simulator's conformance: gates, bit order, seeds, precision.",
}


class Commands(click.Group):
    """The commands by name, each loaded when it is needed."""

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


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="qbench")
def cli() -> None:
    """The same small quantum circuits on several simulators: timed, checked, in reproducible tables.

    Start with: qbench run quick
    """


def main() -> None:
    """Run the command line.

    Exit codes: 0 done, 1 an answer was wrong or a cell failed (run --strict, check), 2 bad usage or
    input, 130 interrupted, 143 terminated.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        status = cli.main(prog_name="qbench", standalone_mode=False)
    except QbenchError as error:
        click.echo(f"qbench: {error}", err=True)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        click.echo("qbench: interrupted", err=True)
        sys.exit(130)
    except BrokenPipeError:  # the reader of our output left, as `head` does
        sys.stderr.close()
        sys.exit(141)
    sys.exit(status if isinstance(status, int) else 0)


def _leave(number: int, frame: FrameType | None) -> None:
    """Leave as by an exception, so that every worker is ended on the way out."""
    raise SystemExit(128 + number)
