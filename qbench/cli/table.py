"""``qbench table``."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["command"]

# Why a table of a run that has cells may have no rows.
NONE = {
    "accuracy": "no answer was judged",
    "gradients": "no gradient passed and was timed",
    "sweeps": "no sweep passed and was timed",
    "sampling": "no sample passed and was timed",
    "gates": "they need cells that passed and were timed in both modes: qbench run --gates native,common",
    "crossovers": "they need a family of three sizes, on which two simulators of one class are ranked",
    "costs": "they need a simulator that was timed on three circuits of one workload",
    "ratios": "they need two simulators of one class that are ranked on the same circuit and workload",
    "totals": "it needs a simulator that is no double, and execute or end_to_end among the timed phases",
    "profile": "it needs a simulator that is no double, and execute or end_to_end among the timed phases",
}
KINDS = (
    *("cells", "accuracy", "support", "ratios", "totals", "profile", "gradients", "sweeps", "sampling"),
    *("crossovers", "gates", "costs", "controls"),
)


@click.command(name="table")
@click.argument("folder", metavar="RUN")
@click.option(
    "--kind",
    type=click.Choice(("summary", *KINDS)),
    default=None,
    help="Default: the summary, or cells where --format is given.",
)
@click.option(
    "--format", "form", type=click.Choice(("md", "csv", "json", "latex")), default=None, help="Default: md."
)
@click.option(
    "--columns",
    default=None,
    metavar="NAMES",
    help="Print these columns alone, in this order, separated by commas; also circuit_id, if named. "
    "Default: all; in latex those that a paper shows.",
)
@click.option(
    "--metric",
    type=click.Choice(("wall", "cpu")),
    default=None,
    help="Rank what is printed by this clock. Default: the run's own, wall where its plan names none.",
)
@click.option("--full", is_flag=True, help="The whole summary: all times, all that went wrong.")
@click.option(
    "--write", is_flag=True, help="Write RUN/tables also where RUN is packed, as published runs are."
)
def command(
    folder: str,
    kind: str | None,
    form: str | None,
    columns: str | None,
    metric: str | None,
    full: bool,
    write: bool,
) -> int:
    """Make a run's tables again from its raw records, and print one.

    Writes all tables into RUN/tables, byte for byte the same from the same records, and prints the summary
    or the table of --kind.  Where RUN cannot be written, it says so and prints all the same.  A published
    run, whose streams are packed, is only read, but with --write.  latex is a
    tabular for the booktabs package, ready for a paper.  docs/tables.md explains every column.

    The summary of a large run has the ratios over all circuits and who is fastest by size; with --full also
    the times of all circuits and simulators.

    --metric changes what is printed; the files in RUN/tables keep the run's own clock.

    RUN may be a collection that qbench merge made: then every row begins with its run and its machine.
    """
    from qbench.analysis.latex import render_latex
    from qbench.analysis.paper import render_paper
    from qbench.analysis.render import render_csv, render_json, render_markdown
    from qbench.cli.terminal import columns as terminal_columns
    from qbench.cli.terminal import echo
    from qbench.errors import QbenchError
    from qbench.model import Metric
    from qbench.results.streams import is_packed
    from qbench.session.tabled import open_tables

    if kind == "summary" and (form or columns is not None):
        raise QbenchError(
            f"the summary is plain text: --format and --columns go with --kind {' | '.join(KINDS)}"
        )
    if full and (kind not in (None, "summary") or form or columns is not None):
        raise QbenchError("--full is of the summary: a table always has all of its rows")
    width = terminal_columns()
    opened = open_tables(Path(folder), full=full, width=width)
    for told in (*opened.unfinished(), *opened.losses()):
        click.echo(f"qbench: {told}", err=True)
    try:
        if write or not is_packed(Path(folder)):
            opened.write()
    except QbenchError as error:
        if not isinstance(error.__cause__, OSError):
            raise
        click.echo(f"qbench: {error} (the table is printed all the same)", err=True)
    if metric is not None:
        opened = open_tables(Path(folder), Metric(metric), full=full, width=width)
    if kind == "summary" or (kind is None and form is None and columns is None):
        echo(opened.summary())
        return 0
    table = opened.table(kind or "cells")
    rows = opened.papers(table.name) if form == "latex" and columns is None else table.rows
    if not rows:
        click.echo(f"qbench: no {table.name}: {NONE.get(table.name, 'the run has no cells')}", err=True)
    if columns is not None:
        table = table.only(columns.split(","))
    if form == "latex" and columns is None:
        text = "\n".join(render_paper(*one) for one in opened.papers(table.name))
    elif form == "latex":  # rules around nothing are no table
        notes = [*opened.origin(), *opened.notes(table.name)]
        text = render_latex(table, notes) if table.rows else ""
    elif form in ("csv", "json"):
        text = {"csv": render_csv, "json": render_json}[form](table)
    else:
        text = render_markdown(table, opened.notes(table.name))
    click.echo(text, nl=False)
    return 0
