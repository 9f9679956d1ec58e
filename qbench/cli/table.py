"""``qbench table``."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["command"]

KINDS = ("cells", "accuracy", "support", "ratios")


@click.command(name="table")
@click.argument("folder", metavar="RUN")
@click.option("--kind", type=click.Choice(("summary", *KINDS)), default="summary", show_default=True)
@click.option("--format", "form", type=click.Choice(("md", "csv", "json")), default="md", show_default=True)
def command(folder: str, kind: str, form: str) -> int:
    """Make a run's tables again from its raw records, and print one.

    Writes all tables into RUN/tables, byte for byte the same from the same records, and prints the summary
    or the table of --kind.
    """
    from qbench.analysis.render import render_csv, render_json, render_markdown
    from qbench.analysis.tables import make_table
    from qbench.session.publish import write_tables
    from qbench.session.run import load

    run = load(Path(folder))
    write_tables(run.records, run.path)
    if kind == "summary":
        click.echo(run.summary())
    else:
        render = {"md": render_markdown, "csv": render_csv, "json": render_json}[form]
        click.echo(render(make_table(run.records, kind)), nl=False)
    return 0
