"""``qbench selftest``."""

from __future__ import annotations

import shlex
import time
from collections import Counter
from pathlib import Path

import click
from click.core import ParameterSource

from qbench.errors import QbenchError

__all__ = ["command"]


@click.command(name="selftest")
@click.option(
    "-o", "--out", default=None, metavar="DIR", help="Results folder; an unfinished one is continued."
)
@click.option("--precise", is_flag=True, help="A/A and slowdown under the protocol of --precise.")
@click.option(
    "--load", type=click.IntRange(0, 64), default=0, metavar="N", help="Keep N busy processes beside it."
)
@click.option(
    "--only",
    default=None,
    metavar="NAMES",
    help="Some experiments alone, separated by commas: null, spin, aa, slowdown, pyperf, position.",
)
@click.option(
    "--comparisons",
    type=click.IntRange(1, 100_000),
    default=None,
    metavar="N",
    help="A/A comparisons, and a fifth as many per slowdown. Default: 1000.",
)
@click.option(
    "--seed", type=click.IntRange(0, 2**31), default=1, show_default=True, metavar="N", help="Of orders."
)
@click.option(
    "--reduced",
    is_flag=True,
    help="A few seconds with doubles alone: shows that it works; no aim is judged.",
)
@click.option("--again", is_flag=True, help="Make DIR's tables again from its records, and measure nothing.")
@click.option("--pack", is_flag=True, help="Put DIR's records into one small file, to publish it.")
@click.option("--dry-run", is_flag=True, help="Say what would be done and how long it takes.")
@click.option(
    "--strict", is_flag=True, help="Exit with 1 unless all runs are whole, and all aims tested and met."
)
@click.pass_context
def command(
    context: click.Context,
    out: str | None,
    precise: bool,
    load: int,
    only: str | None,
    comparisons: int | None,
    seed: int,
    reduced: bool,
    again: bool,
    pack: bool,
    dry_run: bool,
    strict: bool,
) -> int:
    """Let the harness measure itself on this machine, and say what the machine can resolve.

    Six experiments: what the harness costs (null), known durations (spin), identical code under two names
    (aa), known slowdowns (slowdown), agreement with pyperf, and the turn within a block (position).  All are
    ordinary runs in DIR/runs; the same command with -o DIR continues an interrupted self-test.
    docs/selftest.md explains each line.
    """
    _refuse_without_effect(context)
    from qbench.session.selftest.folder import read_evidence, refuse_unfit, write_tables
    from qbench.session.selftest.packing import pack as pack_records

    if (again or pack) and out is None:
        raise QbenchError(f"{'--again' if again else '--pack'} needs the self-test's folder: -o DIR")
    if again or pack:
        path = Path(str(out))
        evidence = read_evidence(path)
        click.echo(write_tables(evidence, path), nl=False)
        if pack:
            click.echo(f"\nRecords: {pack_records(path)}")
        return _status(evidence, strict)
    from qbench.cli.progress import TerminalProgress
    from qbench.session.selftest.conduct import conduct
    from qbench.session.selftest.outline import outline_lines
    from qbench.session.selftest.programme import planned_runs
    from qbench.session.selftest.request import EXPERIMENTS, Request

    request = Request(
        only=_names(only, EXPERIMENTS),
        precise=precise,
        load=load,
        reduced=reduced,
        seed=seed,
        comparisons=comparisons if comparisons is not None else 8 if reduced else 1000,
    )
    if not {"aa", "slowdown"} & set(request.experiments):
        for name, given in (("--precise", precise), ("--comparisons", comparisons is not None)):
            if given:
                raise QbenchError(f"{name} is about aa and slowdown: --only {only} has neither.")
    if out:
        refuse_unfit(Path(out), request, Counter(run.experiment for run in planned_runs(request)))
    for line in outline_lines(request):
        click.echo(line, err=True)
    if dry_run:
        return 0
    path = Path(out) if out else Path("results") / f"selftest-{time.strftime('%Y%m%d-%H%M%S')}"
    try:
        with TerminalProgress() as progress:
            evidence, page = conduct(request, path, progress)
    except KeyboardInterrupt:
        if path.exists():
            quoted = shlex.quote(str(path))
            click.echo(f"\nqbench: interrupted. The same command with -o {quoted} goes on.", err=True)
        raise
    click.echo(page, nl=False)
    click.echo(f"\nRecords and tables: {shlex.quote(f'{path}/')}")
    return _status(evidence, strict)


# What these are given with would have no effect: whoever gives it expects one.
WITHOUT_EFFECT = {
    "again": ("precise", "load", "only", "comparisons", "seed", "reduced", "dry_run"),
    "pack": ("precise", "load", "only", "comparisons", "seed", "reduced", "dry_run"),
    "reduced": ("precise", "strict"),
    "dry_run": ("strict",),
}
WHY = {
    "again": "makes the tables of what was measured",
    "pack": "packs what was measured",
    "reduced": "has its own short protocol and judges no aim",
    "dry_run": "measures nothing",
}


def _refuse_without_effect(context: click.Context) -> None:
    """Raise ``QbenchError`` for options that would be ignored."""

    def given(name: str) -> bool:
        return context.get_parameter_source(name) == ParameterSource.COMMANDLINE

    for name, others in WITHOUT_EFFECT.items():
        ignored = [_option(other) for other in others if given(other)]
        if given(name) and ignored:
            raise QbenchError(
                f"{_option(name)} {WHY[name]}: {' and '.join(ignored)} would have no effect. Leave it out."
            )


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _names(text: str | None, known: tuple[str, ...]) -> tuple[str, ...]:
    if text is None:
        return known
    if not text.strip():
        raise QbenchError(f"--only is empty: expected one or several of {', '.join(known)}")
    named = [part.strip().lower().replace("a/a", "aa") for part in text.split(",")]
    strange = [name or "an empty name" for name in named if name not in known]
    if strange:
        raise QbenchError(f"--only {text}: unknown {', '.join(strange)}: expected {', '.join(known)}")
    return tuple(name for name in known if name in named)


def _status(evidence: object, strict: bool) -> int:
    from qbench.analysis.selftest.evidence import Evidence
    from qbench.analysis.selftest.findings import all_aims_met

    assert isinstance(evidence, Evidence)
    return 1 if strict and not all_aims_met(evidence) else 0
