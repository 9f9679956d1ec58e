"""``qbench merge``."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

__all__ = ["command"]


@click.command(name="merge")
@click.argument("folders", metavar="RUN...", nargs=-1, required=True)
@click.option(
    "-o", "--out", required=True, metavar="DIR", help="The folder to make; it must not be there yet."
)
def command(folders: tuple[str, ...], out: str) -> int:
    """Put the raw records of several results folders together.

    Copies of one run, such as an interrupted one and its continuation, give that run, each record once.
    Several runs give a collection: a folder that holds each of them apart, so that no figure is ever made
    from two of them; qbench table prints it.  Two records of one key that differ are refused, with both.
    The order of the folders does not matter, nor how often one is named.
    """
    from qbench.analysis.render import visible
    from qbench.errors import QbenchError
    from qbench.results.merging import merge_runs
    from qbench.session.tabled import open_tables

    if not out:
        raise QbenchError("-o names no folder.")
    merge_runs([Path(folder) for folder in folders], Path(out))
    merged = open_tables(Path(out))
    merged.write()
    quoted = shlex.quote(out)
    several = f"a collection of {len(merged.runs)} runs" if len(merged.runs) > 1 else "one run"
    click.echo(f"{quoted}: {several}:")
    for name, run in zip(merged.names, merged.runs, strict=True):
        started = f", started {run.started}" if run.started else ""
        click.echo(visible(f"  {name}  {run.machine}{started}"))
    for told in (*merged.unfinished(), *merged.losses()):
        click.echo(f"qbench: {told}", err=True)
    click.echo(f"Its tables: qbench table {quoted}")
    return 0
