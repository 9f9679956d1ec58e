"""``qbench export``."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

__all__ = ["command"]


@click.command(name="export")
@click.argument("folders", metavar="RUN...", nargs=-1, required=True)
@click.option(
    "--parquet", is_flag=True, help="All tables and raw visits as Parquet files, for DuckDB, pandas, R."
)
@click.option("--ro-crate", "crate", is_flag=True, help="Describe each RUN in RUN/ro-crate-metadata.json.")
@click.option(
    "-o", "--out", metavar="DIR", default=None, help="Where the Parquet files go. Default: RUN/parquet."
)
@click.option(
    "--licence",
    default=None,
    metavar="LICENCE",
    help="Of the records, for the RO-Crate: an SPDX identifier (CC-BY-4.0), an address or a sentence.",
)
@click.option(
    "--date",
    "published",
    default=None,
    metavar="YYYY-MM-DD",
    help="Of publication, for the RO-Crate. Default: the day on which the run ended.",
)
def command(
    folders: tuple[str, ...],
    parquet: bool,
    crate: bool,
    out: str | None,
    licence: str | None,
    published: str | None,
) -> int:
    """Write the tables and raw visits of one or more runs as Parquet, or describe a run as an RO-Crate.

    RUN is a results folder, or a collection that qbench merge made.  Every row of every file begins with its
    run and its machine, so that the files of many runs go together; docs/export.md has the columns, and
    queries to start from.  The same records give the same bytes.
    """
    from qbench.errors import QbenchError
    from qbench.session.crate import write_crate
    from qbench.session.export import export_parquet, run_folders

    paths = [Path(folder) for folder in folders]
    if not parquet and not crate:
        raise QbenchError("say what to export: --parquet, --ro-crate or both")
    if out == "":
        raise QbenchError("-o names no folder.")
    if out is not None and not parquet:
        raise QbenchError("-o goes with --parquet; an RO-Crate's file stands beside the records")
    if not crate and (licence is not None or published is not None):
        raise QbenchError("--licence and --date go with --ro-crate")
    if parquet:
        if out is None and len(paths) > 1:
            raise QbenchError(f"{len(paths)} runs go into one set of files: name its folder with -o DIR")
        target = Path(out) if out is not None else paths[0] / "parquet"
        written, said = export_parquet(paths, target)
        for sentence in said:
            click.echo(f"qbench: {sentence}", err=True)
        for file in written:
            click.echo(f"{shlex.quote(str(file.path))}  {file.rows} row{'s' * (file.rows != 1)}")
    if crate:
        for folder in run_folders(paths):
            click.echo(shlex.quote(str(write_crate(folder, licence=licence, published=published))))
        if licence is None:
            click.echo("qbench: the crate states no licence: name one with --licence", err=True)
    return 0
