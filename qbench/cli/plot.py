"""``qbench plot``."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["command"]

KINDS = (
    *("time", "forest", "phases", "accuracy", "verdicts", "heatmap", "profile", "pareto", "distribution"),
    *("costs", "threads", "gradients", "sweeps", "sampling"),
)
FORMATS = ("svg", "png", "pdf")


@click.command(name="plot")
@click.argument("folder", metavar="RUN")
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(KINDS),
    multiple=True,
    help="Default: time, forest, phases, accuracy, verdicts and what the run was made for; may be repeated.",
)
@click.option(
    "--circuit",
    "circuits",
    metavar="NAMES",
    multiple=True,
    help="Only these circuits: names, families, patterns such as 'q*', separated by commas.",
)
@click.option(
    "--workload",
    "workloads",
    metavar="NAMES",
    multiple=True,
    help="Only these: names (sample-1000) or kinds (sample).",
)
@click.option(
    "--simulator",
    "simulators",
    metavar="NAMES",
    multiple=True,
    help="Only these: names, groups (aer), patterns ('*.c64').",
)
@click.option(
    "--phase",
    "phases",
    metavar="PHASE",
    multiple=True,
    help="Of the kinds that show one phase. Default: execute; of time also end_to_end.",
)
@click.option(
    "-o",
    "--out",
    metavar="DIR",
    default=None,
    help="Where the files go. Default: RUN/plots, with --width a folder beside it, such as RUN/plots-3.4in.",
)
@click.option(
    "--format", "forms", metavar="FORMATS", default="svg,png", show_default=True, help="Of svg, png, pdf."
)
@click.option(
    "--width",
    metavar="WIDTH",
    default=None,
    help="For a paper: one-column (3.4 in), two-column (7 in) or a number with its unit (86mm, 246pt). "
    "Letters keep their size; title and notes are left to the caption: captions.txt.",
)
def command(
    folder: str,
    kinds: tuple[str, ...],
    circuits: tuple[str, ...],
    workloads: tuple[str, ...],
    simulators: tuple[str, ...],
    phases: tuple[str, ...],
    out: str | None,
    forms: str,
    width: str | None,
) -> int:
    """Draw a run from its raw records: the same records give the same files, byte for byte.

    \b
    time          warm times against the number of qubits, with intervals
    forest        ratios to the baseline with intervals, over all circuits; of at
                  most three simulators or circuits one by one
    phases        where the time of a call goes
    accuracy      errors against the number of qubits
    verdicts      what became of every cell
    heatmap       circuits by simulators: times over the shortest, and who is
                  clearly the fastest
    profile       share of problems solved within a factor of the shortest time
    pareto        error against time, with the front of the best
    distribution  the stored samples of single cells
    costs         time per gate against qubits, with the fitted cost models
    threads       time and speed-up against the number of threads
    gradients     cost of a gradient in executions against its parameters
    sweeps        cost of a sweep per binding
    sampling      cost of samples against the number of shots

    A sheet shows 12 simulators at most (a narrow one of --width 6): first those that lead, and with --kind
    all others on further sheets.

    Names of the files written are printed; captions.txt says in words what the figures show and leave out.
    """
    formats = _formats(forms)

    from qbench.errors import QbenchError
    from qbench.report.losses import lost_sentence
    from qbench.report.plots import DPI, PRINT_DPI, draw, inches, write_plots
    from qbench.session.loaded import load

    sheet = None if width is None else inches(width)
    run = load(Path(folder))
    lost = lost_sentence(run.records)
    if lost:
        click.echo(f"qbench: {folder}: {lost}", err=True)
    drawn = draw(
        run.records,
        kinds or None,
        phases=phases or None,
        circuits=circuits or None,
        workloads=workloads or None,
        simulators=simulators or None,
        width=sheet,
    )
    for name, reason in drawn.undrawn.items():
        click.echo(f"qbench: {name}: {reason}", err=True)
    if not drawn.plots:
        raise QbenchError(f"{folder}: there is nothing to draw in this run")
    beside = "plots" if sheet is None else f"plots-{sheet:.3g}in"
    target = Path(out) if out is not None else run.path / beside
    for path in write_plots(drawn.plots, target, formats, dpi=DPI if sheet is None else PRINT_DPI):
        click.echo(str(path))
    return 0


def _formats(text: str) -> tuple[str, ...]:
    formats = tuple(dict.fromkeys(part.strip().lower() for part in text.split(",")))
    for form in formats:
        if form not in FORMATS:
            raise click.BadParameter(f"{form!r} is none of {', '.join(FORMATS)}", param_hint="--format")
    return formats
