"""``qbench plot``."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["command"]

KINDS = ("time", "phases", "accuracy", "verdicts", "gradients", "sweeps", "sampling")
FORMATS = ("svg", "png")


@click.command(name="plot")
@click.argument("folder", metavar="RUN")
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(KINDS),
    multiple=True,
    help="Default: all that the run asked for; may be repeated.",
)
@click.option("-o", "--out", metavar="DIR", default=None, help="Where the files go.  Default: RUN/plots.")
@click.option(
    "--format", "forms", metavar="FORMATS", default="svg,png", show_default=True, help="svg, png or both."
)
def command(folder: str, kinds: tuple[str, ...], out: str | None, forms: str) -> int:
    """Draw a run from its raw records: the same records give the same files, byte for byte.

    time: warm execute and end_to_end times against the number of qubits, with intervals.  phases: where the
    time of a call goes.  accuracy: errors against the number of qubits.  verdicts: what became of every cell.
    gradients: cost of a gradient in executions against the number of parameters.  sweeps: cost of a sweep per
    binding.  sampling: cost of samples against the number of shots.

    Names of the files written are printed; captions.txt says in words what the figures show and leave out.
    """
    formats = _formats(forms)

    from qbench.errors import QbenchError
    from qbench.report.losses import lost_sentence
    from qbench.report.plots import draw, write_plots
    from qbench.session.run import load

    run = load(Path(folder))
    lost = lost_sentence(run.records)
    if lost:
        click.echo(f"qbench: {folder}: {lost}", err=True)
    drawn = draw(run.records, kinds or None)
    for name, reason in drawn.undrawn.items():
        click.echo(f"qbench: {name}: {reason}", err=True)
    if not drawn.plots:
        raise QbenchError(f"{folder}: there is nothing to draw in this run")
    for path in write_plots(drawn.plots, Path(out) if out is not None else run.path / "plots", formats):
        click.echo(str(path))
    return 0


def _formats(text: str) -> tuple[str, ...]:
    formats = tuple(dict.fromkeys(part.strip().lower() for part in text.split(",")))
    for form in formats:
        if form not in FORMATS:
            raise click.BadParameter(f"{form!r} is none of {', '.join(FORMATS)}", param_hint="--format")
    return formats
