"""``qbench table``."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["command"]

KINDS = ("cells", "accuracy", "support", "ratios")


@click.command(name="table")
@click.argument("folder", metavar="RUN")
@click.option(
    "--kind",
    type=click.Choice(("summary", *KINDS)),
    default=None,
    help="Default: the summary, or cells where --format is given.",
)
@click.option("--format", "form", type=click.Choice(("md", "csv", "json")), default=None, help="Default: md.")
def command(folder: str, kind: str | None, form: str | None) -> int:
    """Make a run's tables again from its raw records, and print one.

    Writes all tables into RUN/tables, byte for byte the same from the same records, and prints the summary
    or the table of --kind.  Where RUN cannot be written, it says so and prints all the same.
    """
    from qbench.analysis.render import render_csv, render_json, render_markdown
    from qbench.analysis.tables import make_table
    from qbench.errors import QbenchError
    from qbench.session.publish import write_tables
    from qbench.session.run import load

    run = load(Path(folder))
    try:
        write_tables(run.records, run.path)
    except QbenchError as error:
        if not isinstance(error.__cause__, OSError):
            raise
        click.echo(f"qbench: {error} (the table is printed all the same)", err=True)
    if kind is None:
        kind = "summary" if form is None else "cells"
    if kind == "summary":
        click.echo(run.summary())
    else:
        render = {"md": render_markdown, "csv": render_csv, "json": render_json}[form or "md"]
        click.echo(render(make_table(run.records, kind)), nl=False)
    return 0
