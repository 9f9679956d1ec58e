"""``qbench report``."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["command"]


@click.command(name="report")
@click.argument("folders", metavar="RUN...", nargs=-1, required=True)
@click.option("-o", "--out", metavar="FILE.html", default=None, help="Default: report.html in the first RUN.")
def command(folders: tuple[str, ...], out: str | None) -> int:
    """Write a run as one HTML file that opens from disk and asks no network for anything.

    Summary, charts, all tables, every circuit with its drawing, what failed and why, provenance, how to cite.
    The same records give the same file.

    Several runs, or a collection that qbench merge made, stand side by side; no figure is made from two of
    them (for what changed between two runs: qbench diff).  Prints the file's name.
    """
    from qbench.errors import QbenchError
    from qbench.session.report import write_report

    target = Path(out) if out is not None else None
    if target is not None and target.is_dir():
        raise QbenchError(f"{out}: is a folder; -o names the file, for example {target / 'report.html'}")
    click.echo(str(write_report([Path(folder) for folder in folders], target)))
    return 0
