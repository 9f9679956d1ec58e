"""``qbench run``."""

from __future__ import annotations

import os
import shlex
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import click

from qbench.cli.planning import plan_from, plan_options
from qbench.errors import QbenchError

__all__ = ["command", "resumable"]


@contextmanager
def resumable(folder: Path) -> Iterator[None]:
    """Where the program is interrupted or terminated in here, say how the run in ``folder`` goes on."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit) as end:
        if folder.exists():
            # main raises SystemExit with 128 and the signal's number
            number = end.code - 128 if isinstance(end, SystemExit) and isinstance(end.code, int) else 0
            known = number in set(signal.Signals)
            ended = f"ended by {signal.Signals(number).name}" if known else "interrupted"
            _last_words(
                f"qbench: {ended}. The same command with -o {shlex.quote(str(folder))} resumes this run."
            )
        raise


def _last_words(text: str) -> None:
    """Straight to the error stream: after SIGHUP nobody may be there, which must not change how we end."""
    if sys.stderr is not None:
        with suppress(OSError):
            os.write(sys.stderr.fileno(), f"\n{text}\n".encode(errors="backslashreplace"))


@click.command(name="run")
@plan_options
@click.option(
    "-o", "--out", default=None, metavar="DIR", help="Results folder; an unfinished one is resumed."
)
@click.option("--strict", is_flag=True, help="Exit with 1 when an answer is wrong or a cell fails.")
def command(out: str | None, strict: bool, **request: Any) -> int:
    """Run a suite (quick if none is named), or circuits of your own, and write a results folder.

    Interrupted, it is resumed by the same command with -o and the folder.  The plan comes first, on the
    error stream; qbench plan with the same arguments tells more of it.
    """
    began_ns = time.perf_counter_ns()
    from qbench.analysis.tables import tables_to_name
    from qbench.cli.progress import TerminalProgress
    from qbench.cli.terminal import columns, echo
    from qbench.report.losses import measured_again_sentence
    from qbench.report.outline import outline_line
    from qbench.session.outline import outline
    from qbench.session.run import execute_plan, new_folder

    plan = plan_from(**request)
    if out == "":
        raise QbenchError("-o names no folder.")
    folder = Path(out) if out is not None else new_folder(plan)
    quoted = shlex.quote(str(folder))  # the hints below are for copying into a shell
    click.echo(outline_line(outline(plan)), err=True)
    with resumable(folder), TerminalProgress() as progress:
        finished = execute_plan(plan, folder, progress, began_ns)
    echo(finished.summary(width=columns()))
    again = measured_again_sentence(finished.records.events)
    if again and not finished.records.lacking and not finished.records.orphans:
        click.echo(f"qbench: {folder}: {again}", err=True)
    ended_by = [event["budget_s"] for event in finished.records.events if event["event"] == "budget_used"]
    budget_s = plan.measure.budget_s
    if budget_s is not None and max(ended_by, default=0.0) >= budget_s:
        click.echo(
            f"\nThe budget of {budget_s:g} s ended this run. The same command with a larger --budget and "
            f"-o {quoted} goes on with it."
        )
    click.echo(f"\nRecords and tables: {shlex.quote(f'{folder}/')}")
    kinds = " | ".join(tables_to_name(finished.records.manifest))
    click.echo(f"All times: qbench table {quoted} --full")
    click.echo(f"Who is faster, where, from which size on: qbench compare {quoted}")
    click.echo(f"Plots: qbench plot {quoted}; a page for the browser: qbench report {quoted}")
    click.echo(f"One table: qbench table {quoted} --kind {kinds}")
    if not finished.records.outcomes:
        raise QbenchError(f"{folder}: the run has no cells")
    return 1 if strict and finished.failed else 0
