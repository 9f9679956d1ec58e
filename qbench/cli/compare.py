"""``qbench compare``."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["command"]


@click.command(name="compare")
@click.argument("folder", metavar="RUN")
@click.argument("more", nargs=-1, metavar="")
@click.option("--baseline", default=None, metavar="SIM", help="Default: the run's own baseline.")
@click.option(
    "--phase",
    default="execute",
    show_default=True,
    metavar="PHASE",
    help="translate, compile, execute, readback or end_to_end.",
)
@click.option(
    "--workload",
    "workloads",
    multiple=True,
    metavar="NAME",
    help="Only this one, such as sample or sample-1000; may be repeated.",
)
@click.option(
    "--simulator",
    "simulators",
    multiple=True,
    metavar="SIM",
    help="Show only this one (and the baseline); may be repeated. The statistics stay those of all.",
)
@click.option("--metric", default=None, type=click.Choice(("wall", "cpu")), help="Default: as the run ranks.")
@click.option(
    "--format",
    "form",
    default="text",
    show_default=True,
    type=click.Choice(("text", "md", "csv", "json")),
    help="md, csv and json give the rows behind the page.",
)
@click.option("--full", is_flag=True, help="Text: all simulators, every size, the whole profile.")
def command(
    folder: str,
    more: tuple[str, ...],
    baseline: str | None,
    phase: str,
    workloads: tuple[str, ...],
    simulators: tuple[str, ...],
    metric: str | None,
    form: str,
    full: bool,
) -> int:
    """Compare the simulators of one run with one of them: who is faster, where, and from which size on.

    By workload and class: ratios over all circuits with bars, ratios by family, the fastest by family and
    number of qubits, and where the order of two simulators changes.  docs/compare.md says how to read it.
    Two runs are compared with qbench diff.
    """
    from qbench.analysis.comparing import compare_run, comparison_table
    from qbench.analysis.contests import ranked_by
    from qbench.analysis.readings import take_readings
    from qbench.analysis.render import RENDERERS
    from qbench.cli.terminal import columns, echo
    from qbench.errors import QbenchError
    from qbench.model import Metric
    from qbench.report.compare_page import compare_text
    from qbench.report.losses import lost_sentence
    from qbench.report.progress import unfinished_sentence
    from qbench.results.reading import read_run

    if more:
        raise QbenchError(
            f"compare takes one run, in which times are paired; two runs: qbench diff {folder} {more[0]}"
        )
    records = read_run(Path(folder))
    if metric is not None:
        records = ranked_by(records, Metric(metric))
    run = take_readings(records)
    try:
        found = compare_run(run, baseline=baseline, phase=phase, workloads=workloads, simulators=simulators)
    except QbenchError as error:
        raise QbenchError(f"{folder}: {error}") from error
    if form == "text":
        echo(compare_text(found, full=full, width=columns()))
        return 0
    for told in filter(None, [unfinished_sentence(run), lost_sentence(records)]):
        click.echo(f"qbench: {folder}: {told}", err=True)
    click.echo(RENDERERS[form](comparison_table(found)), nl=False)
    return 0
