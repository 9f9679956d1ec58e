"""``qbench run``."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from qbench.errors import QbenchError

__all__ = ["command"]


@click.command(name="run")
@click.argument("targets", nargs=-1, metavar="[SUITE | FILE.qasm ... | CIRCUIT ...]")
@click.option(
    "-s",
    "--simulator",
    "simulators",
    multiple=True,
    metavar="SIMS",
    help="Simulators: names (qbench list simulators), a package's group like aer, path/to/file.py; "
    "each may end in @path/to/python to run under that interpreter. Repeat, or separate by commas. "
    "The first is the baseline unless the suite's own takes part.",
)
@click.option("-w", "--workload", "workloads", multiple=True, metavar="WORKLOADS", help="state, sample.")
@click.option(
    "-t", "--threads", default=1, show_default=True, metavar="THREADS", help="Threads per simulator."
)
@click.option("--shots", type=int, default=None, metavar="N", help="Shots of sample workloads.")
@click.option("--rounds", type=int, default=None, metavar="N", help="Rounds of fresh workers.")
@click.option(
    "--seed", type=int, default=1, show_default=True, metavar="N", help="Seed of orders and samples."
)
@click.option(
    "--gates",
    "gate_mode",
    default="native",
    show_default=True,
    metavar="MODE",
    help="native: each simulator gets the gates it has; common: all get the same ten.",
)
@click.option("--time-limit", type=float, default=None, metavar="SECONDS", help="For one answer.")
@click.option(
    "-o", "--out", default=None, metavar="DIR", help="Results folder; an unfinished one is resumed."
)
@click.option("--strict", is_flag=True, help="Exit with 1 when an answer is wrong or a cell fails.")
def command(
    targets: tuple[str, ...],
    simulators: tuple[str, ...],
    workloads: tuple[str, ...],
    threads: int,
    shots: int | None,
    rounds: int | None,
    seed: int,
    gate_mode: str,
    time_limit: float | None,
    out: str | None,
    strict: bool,
) -> int:
    """Run a suite (quick if none is named), or circuits of your own, and write a results folder.

    Interrupted, it is resumed by the same command with -o and the folder.
    """
    from qbench.cli.progress import TerminalProgress
    from qbench.session.plan import make_plan
    from qbench.session.run import execute_plan, new_folder

    plan = make_plan(
        targets,
        simulators=simulators or None,
        workloads=[part.strip() for given in workloads for part in given.split(",")] or None,
        threads=threads,
        shots=shots,
        rounds=rounds,
        seed=seed,
        gate_mode=gate_mode,
        time_limit_s=time_limit,
    )
    if out == "":
        raise QbenchError("-o names no folder.")
    folder = Path(out) if out is not None else new_folder(plan)
    quoted = shlex.quote(str(folder))  # the hints below are for copying into a shell
    try:
        with TerminalProgress() as progress:
            finished = execute_plan(plan, folder, progress)
    except KeyboardInterrupt:
        if folder.exists():
            click.echo(
                f"\nqbench: interrupted. The same command with -o {quoted} resumes this run.", err=True
            )
        raise
    click.echo(finished.summary())
    click.echo(f"\nRecords and tables: {shlex.quote(f'{folder}/')}")
    click.echo(f"One table: qbench table {quoted} --kind cells | accuracy | support | ratios")
    if not finished.records.outcomes:
        raise QbenchError(f"{folder}: the run has no cells")
    return 1 if strict and finished.failed else 0
