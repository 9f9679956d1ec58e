"""``qbench recommend``."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.command(name="recommend")
@click.argument("circuit", metavar="CIRCUIT|FILE.qasm", required=False)
@click.option(
    "-w",
    "--workload",
    type=click.Choice(("state", "sample", "expval", "gradient", "sweep")),
    default="state",
    show_default=True,
    help="What would be asked.",
)
@click.option("--shots", type=click.IntRange(1), default=None, metavar="N", help="Default: the model's own.")
@click.option(
    "--observable", default=None, metavar="PAULIS", help="For expval, gradient and sweep, such as 'Z0 Z1'."
)
@click.option(
    "--phase",
    type=click.Choice(("execute", "end_to_end")),
    default="execute",
    show_default=True,
    help="execute: run again and again; end_to_end: one call with its translation.",
)
@click.option("--threads", type=click.IntRange(1), default=1, show_default=True, metavar="N")
@click.option(
    "--from",
    "source",
    default=None,
    metavar="RUN|MODEL",
    help="A results folder, or a file of --save. Default: qbench's own, of a run of standard.",
)
@click.option(
    "--save", default=None, metavar="FILE", help="Write the model of --from RUN into a file, for later."
)
@click.option("--all", "everybody", is_flag=True, help="Show everybody, not only those near the first.")
@click.option("--json", "as_json", is_flag=True, help="One object, times in seconds.")
def command(
    circuit: str | None,
    workload: str,
    shots: int | None,
    observable: str | None,
    phase: str,
    threads: int,
    source: str | None,
    save: str | None,
    everybody: bool,
    as_json: bool,
) -> int:
    """Name the simulators predicted fastest for a circuit, from times that were measured on others.

    Nothing is run.  Each prediction has an interval, the nearest measured circuits, and whom the model cannot
    tell apart from the first; the command that measures it stands below.  docs/recommend.md says how often it
    is right.
    """
    from pathlib import Path

    from qbench.errors import QbenchError
    from qbench.session.recommend_source import open_model

    if circuit is None and save is None:
        raise QbenchError("name a circuit: a stored one (qbench list circuits) or an OpenQASM file.")
    if save is not None and source is None:
        raise QbenchError("--save writes the model of a run: name it with --from RUN.")
    if save is not None:
        from qbench.analysis.recommend_file import write_model

        model = open_model(source)
        try:
            Path(save).write_text(write_model(model), encoding="ascii")
        except (OSError, ValueError) as error:
            raise QbenchError(
                f"{save}: cannot be written: {getattr(error, 'strerror', None) or error}"
            ) from error
        click.echo(f"qbench: {len(model.predictors)} predictors written to {save}", err=True)
        if circuit is None:
            return 0
    else:
        model = open_model(source, (phase,))

    import json

    from qbench.cli.terminal import columns
    from qbench.report.recommend_page import recommend_page
    from qbench.session.recommend import recommend
    from qbench.session.recommend_data import recommendation_data

    found = recommend(
        circuit,
        model,
        workload=workload,
        shots=shots,
        observable=observable,
        phase=phase,
        threads=threads,
    )
    told = recommendation_data(found)
    click.echo(
        json.dumps(told, indent=1, ensure_ascii=True)
        if as_json
        else recommend_page(told, columns(), everybody)
    )
    return 0
