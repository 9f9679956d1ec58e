"""``qbench diff``."""

from __future__ import annotations

from pathlib import Path

import click

from qbench.cli.finite import FiniteRange

__all__ = ["command"]


@click.command(name="diff")
@click.argument("run_a", metavar="RUN_A")
@click.argument("run_b", metavar="[RUN_B]", required=False)
@click.option(
    "--between",
    default=None,
    metavar="OLD,NEW",
    help="Compare two simulators of RUN_A alone, round by round, such as sim@old,sim@new.",
)
@click.option(
    "--phase",
    default="execute",
    show_default=True,
    type=click.Choice(("translate", "compile", "execute", "readback", "end_to_end")),
)
@click.option("--metric", default=None, type=click.Choice(("wall", "cpu")), help="Default: as RUN_A ranks.")
@click.option(
    "--margin",
    type=FiniteRange(0, 1000, min_open=True),
    default=None,
    metavar="PERCENT",
    help="Differences up to this are the same. Default: RUN_A's margin, which is 10 unless it was changed.",
)
@click.option(
    "--view",
    default=None,
    type=click.Choice(("both", "relative", "absolute")),
    help="Times of two runs: relative to a simulator that is the same in both, as they are, or what both "
    "views say alike. Default: both, or absolute where nothing unchanged was timed beside another.",
)
@click.option("--across-machines", is_flag=True, help="Compare times of different machines all the same.")
@click.option(
    "--fail-on",
    default=None,
    metavar="CLASSES",
    help="Exit with 1 when a cell falls in one of these classes or newly gets one of these verdicts or "
    "flags, such as slower,wrong,crash,cached.",
)
@click.option(
    "--format", "form", default="text", show_default=True, type=click.Choice(("text", "md", "json"))
)
@click.option("--all", "every", is_flag=True, help="List every cell in the text, not only what stands out.")
def command(
    run_a: str,
    run_b: str | None,
    between: str | None,
    phase: str,
    metric: str | None,
    margin: float | None,
    view: str | None,
    across_machines: bool,
    fail_on: str | None,
    form: str,
    every: bool,
) -> int:
    """Say what changed from RUN_A to RUN_B, cell by cell: verdicts, answers, times.

    Cells are matched by circuit, workload, simulator, threads and gates.  Two runs are unpaired, and the
    text says what that costs; two versions that took part in one run are compared with --between.
    docs/follow-a-simulator.md explains the classes.
    """
    from qbench.analysis.changes import View, classes
    from qbench.analysis.diff import diff_runs, diff_within
    from qbench.analysis.readings import RunReadings, take_readings
    from qbench.errors import QbenchError
    from qbench.model import Metric
    from qbench.report.diff_data import diff_json, diff_markdown
    from qbench.report.diff_notes import unchecked, undecided
    from qbench.report.diff_page import diff_text
    from qbench.report.losses import lost_sentence
    from qbench.report.progress import unfinished_sentence
    from qbench.results.reading import read_run

    names = () if fail_on is None else classes(fail_on.split(","))
    checked = [name for name in ("slower", "faster") if name in names]
    if (run_b is None) == (between is None):
        raise QbenchError("expected are either two runs, or one run and --between OLD,NEW")

    def taken(path: str) -> RunReadings:
        records = read_run(Path(path))
        lost = lost_sentence(records)
        if lost:
            click.echo(f"qbench: {path}: {lost}", err=True)
        readings = take_readings(records)
        unfinished = unfinished_sentence(readings)
        if unfinished:
            click.echo(f"qbench: {path}: {unfinished}", err=True)
        return readings

    old = taken(run_a)
    clock = old.metric if metric is None else Metric(metric)
    edge = old.margin if margin is None else margin / 100
    if between is not None:
        if view is not None or across_machines:
            raise QbenchError("--view and --across-machines are for two runs")
        pair = tuple(part.strip() for part in between.split(","))
        if len(pair) != 2 or not all(pair):
            raise QbenchError(f"--between {between}: expected are two simulators of the run, OLD,NEW")
        found = diff_within(old, (pair[0], pair[1]), phase=phase, metric=clock, margin=edge)
    else:
        assert run_b is not None
        found = diff_runs(
            old,
            taken(run_b),
            phase=phase,
            metric=clock,
            margin=edge,
            view=None if view is None else View(view),
            across_machines=across_machines,
        )
    if form == "text":
        click.echo(diff_text(found, every=every))
    else:
        click.echo(diff_json(found) if form == "json" else diff_markdown(found), nl=False)
    fallen = found.fallen(names)
    for told in (*(told for name in checked for told in undecided(found, name)), *unchecked(found, names)):
        click.echo(f"qbench: {told}", err=True)
    if fallen:
        click.echo(f"qbench: {len(fallen)} of {len(found.cells)} cells are {' or '.join(names)}", err=True)
    return 1 if fallen else 0
