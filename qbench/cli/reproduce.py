"""``qbench reproduce``."""

from __future__ import annotations

import json
import shlex
import time
from pathlib import Path

import click

__all__ = ["command"]


@click.command(name="reproduce")
@click.argument("run", metavar="RUN")
@click.option(
    "-o", "--out", default=None, metavar="DIR", help="Folder of the new run; an unfinished one is resumed."
)
@click.option(
    "-s",
    "--simulator",
    "simulators",
    multiple=True,
    metavar="SIMS",
    help="Only these of the run's simulators. One of another environment needs its path: "
    "sim@PATH/bin/python.",
)
@click.option(
    "--rounds",
    type=int,
    default=None,
    metavar="N",
    help="Rounds instead of that run's, cut short by no budget but one that is given with them.",
)
@click.option(
    "--budget",
    default=None,
    metavar="TIME",
    help="For the whole run, such as 90s or 2m. Default: the largest that a session of that run had, or "
    "none with --rounds.",
)
@click.option(
    "--trust-plugins", is_flag=True, help="Run simulators' code that is stored in RUN. Read it before."
)
@click.option(
    "--only-report", default=None, metavar="NEW", help="Run nothing: compare with this results folder."
)
@click.option(
    "--strict",
    is_flag=True,
    help="Exit with 1 where a verdict or an accuracy did not hold, a cell did not come again, or nothing "
    "could be run.",
)
@click.option("--format", "form", default="text", show_default=True, type=click.Choice(("text", "json")))
def command(
    run: str,
    out: str | None,
    simulators: tuple[str, ...],
    rounds: int | None,
    budget: str | None,
    trust_plugins: bool,
    only_report: str | None,
    strict: bool,
    form: str,
) -> int:
    """Run an earlier run's plan again, from its folder alone, and say what held.

    Verdicts, answers and ratios to the baseline are compared cell by cell; docs/reproduce.md says how.
    """
    began_ns = time.perf_counter_ns()
    from qbench.analysis.holding import what_held
    from qbench.analysis.readings import take_readings
    from qbench.errors import QbenchError
    from qbench.report.losses import lost_sentence
    from qbench.report.progress import unfinished_sentence
    from qbench.report.reproduce_page import held_data, held_text
    from qbench.results.reading import read_run

    old = read_run(Path(run))
    if only_report is not None:
        if out is not None or simulators or rounds is not None or budget is not None or trust_plugins:
            raise QbenchError(
                "--only-report runs nothing: leave -o, -s, --rounds, --budget and --trust-plugins out"
            )
        from qbench.session.reproduce import is_same_run

        new = read_run(Path(only_report))
        if is_same_run(Path(run), Path(only_report)):
            raise QbenchError(f"{only_report} is {run} itself, or a copy of it: compare with another run")
    else:
        from qbench.cli.planning import seconds_of
        from qbench.cli.progress import TerminalProgress
        from qbench.cli.run import resumable
        from qbench.session.replaying import plan_again
        from qbench.session.reproduce import before_it_runs, is_same_run
        from qbench.session.run import execute_plan, new_folder

        if out == "":
            raise QbenchError("-o names no folder.")
        again = plan_again(
            Path(run),
            simulators=simulators or None,
            rounds=rounds,
            budget_s=None if budget is None else seconds_of("--budget", budget),
            trust_plugins=trust_plugins,
            events=old.events,
        )
        folder = Path(out) if out is not None else new_folder(again.plan)
        if is_same_run(Path(run), folder):
            raise QbenchError(
                f"-o {folder} is {run} itself, or a copy of it: give the new run its own folder"
            )
        click.echo(before_it_runs(again), err=True)
        with resumable(folder), TerminalProgress() as progress:
            new = execute_plan(again.plan, folder, progress, began_ns).records
        click.echo(f"Records and tables: {shlex.quote(f'{folder}/')}", err=True)
    then, now = take_readings(old), take_readings(new)
    for path, readings in ((run, then), (only_report or out, now)):
        for told in filter(None, (unfinished_sentence(readings), lost_sentence(readings.records))):
            click.echo(f"qbench: {path}: {told}", err=True)
    holding = what_held(then, now)
    click.echo(
        held_text(holding) if form == "text" else json.dumps(held_data(holding), indent=1, allow_nan=False)
    )
    if strict and holding.absent:
        click.echo(
            f"qbench: {len(holding.absent)} of {len(holding.cells)} cells could not be run again (not "
            "installed): nothing is said of them",
            err=True,
        )
    return 1 if strict and holding.failed else 0
