"""``qbench list``: the command, its options, and which of them go with which list."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from qbench.errors import QbenchError

__all__ = ["command"]

WHAT = ("simulators", "circuits", "families", "suites", "workloads")

# list: columns that people are shown; simulators have a table of their own
COLUMNS = {
    "circuits": ("name", "area", "qubits", "gates", "depth", "known_answer"),
    "families": ("name", "area", "qubits", "summary"),
    "suites": ("name", "version", "summary"),
    "workloads": ("name", "summary"),
}

# list: the options that choose from it
CHOICES: Mapping[str, tuple[str, ...]] = {
    "circuits": ("area", "family", "max_qubits"),
    "families": ("area",),
    "simulators": (
        *("workload", "gate", "noise", "kind", "precision", "qubits"),
        *("mid_circuit", "feed_forward", "installed", "builtin"),
    ),
}


@click.command(name="list")
@click.argument("what", type=click.Choice(WHAT))
@click.option("--area", metavar="AREA", default=None, help="Circuits and families of one area.")
@click.option("--family", metavar="FAMILY", default=None, help="Circuits of one family.")
@click.option(
    "--max-qubits",
    type=click.IntRange(min=1),
    default=None,
    metavar="N",
    help="Circuits of at most N qubits.",
)
@click.option(
    "--workload",
    multiple=True,
    metavar="WORKLOAD",
    help="Simulators that have this workload, such as gradient or noisy. Repeat for all of several.",
)
@click.option(
    "--gate", multiple=True, metavar="GATE", help="Simulators that take this gate natively. Repeatable."
)
@click.option(
    "--noise",
    multiple=True,
    metavar="CHANNEL",
    help="Simulators that have this channel: depolarizing, amplitude_damping, phase_damping, readout. "
    "Repeatable.",
)
@click.option("--mid-circuit", is_flag=True, help="Simulators that measure midway.")
@click.option("--feed-forward", is_flag=True, help="Simulators that act on what was measured.")
@click.option(
    "--kind", metavar="KIND", default=None, help="Simulators that are exact, clifford, approximate."
)
@click.option("--precision", metavar="PRECISION", default=None, help="Simulators in complex128, complex64.")
@click.option(
    "--qubits",
    type=click.IntRange(min=1),
    default=None,
    metavar="N",
    help="Simulators that take N qubits.",
)
@click.option("--installed", is_flag=True, help="Simulators whose packages are here.")
@click.option("--builtin", is_flag=True, help="Simulators that come with qbench, no plug-ins.")
@click.option("--json", "as_json", is_flag=True, help="An array of objects, with more fields.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json", "md")),
    default=None,
    help="md: of simulators the support matrix, as a page. Default: text.",
)
@click.option(
    "--costs",
    metavar="FOLDER",
    default=None,
    help="With md: sizes and import times out of a folder that make import-costs wrote.",
)
def command(what: str, as_json: bool, form: str | None, costs: str | None, **options: Any) -> int:
    """List simulators, circuits, families of circuits, suites or workloads.

    Of simulators every option that chooses narrows further, and doubles are left out then: who does all of
    it?  On a terminal long lines are cut at its width; piped, and with --json, they are whole.
    """
    given = {name: value for name, value in options.items() if value not in (None, (), False)}
    form = _form(what, as_json, form, costs, given)
    if what == "simulators":
        return _list_simulators(form, given, None if costs is None else Path(costs))
    from qbench.cli.list_text import column_lines, fitting, terminal_width

    rows = _rows(what, given)
    if form == "json":
        _print_json(rows)
        return 0
    terminal = terminal_width()
    for line in column_lines(rows, COLUMNS[what]):
        click.echo(fitting(line, terminal))
    if what == "circuits" and terminal is not None and not given:
        click.echo(f"{len(rows)} circuits; fewer with --area, --family, --max-qubits (--help)", err=True)
    return 0


def _form(what: str, as_json: bool, form: str | None, costs: str | None, given: Mapping[str, Any]) -> str:
    """The format; raises ``QbenchError`` for options that do not go together."""
    mistakes = [
        f"--{option.replace('_', '-')} does not go with qbench list {what}"
        for option in given
        if option not in CHOICES.get(what, ())
    ]
    if as_json and form not in (None, "json"):
        mistakes.append(f"--json does not go with --format {form}")
    chosen = "json" if as_json else form or "text"
    if chosen == "md" and what != "simulators":
        mistakes.append(f"--format md is for simulators, not for {what}")
    if costs is not None and (what, chosen) != ("simulators", "md"):
        mistakes.append("--costs goes with qbench list simulators --format md")
    if mistakes:
        raise QbenchError("\n".join(mistakes))
    return chosen


def _rows(what: str, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    if what in ("circuits", "families"):
        from qbench.cli import list_circuits

        if what == "circuits":
            return list_circuits.chosen_circuits(list_circuits.circuit_rows(), given)
        families = list_circuits.family_rows()
        return list_circuits.chosen_families(families, given) if given else families
    from qbench.cli.list_suites import suite_rows, workload_rows

    return suite_rows() if what == "suites" else workload_rows()


def _list_simulators(form: str, given: Mapping[str, Any], costs: Path | None) -> int:
    from qbench.cli.list_simulators import chosen_simulators, matrix_page, simulator_lines, simulator_rows
    from qbench.cli.list_text import fitting, terminal_width
    from qbench.simulators.registry import all_simulators

    simulators = all_simulators(doubles=True)
    rows = simulator_rows(simulators)
    every = sum(row["kind"] != "double" for row in rows)
    if given:
        rows = chosen_simulators(rows, given)
    if form == "md":
        names = {row["name"] for row in rows}
        click.echo(matrix_page([one for one in simulators if one.label in names], costs), nl=False)
    elif form == "json":
        _print_json(rows)
    else:
        terminal = terminal_width()
        for line in simulator_lines(rows, terminal):
            click.echo("\n".join(fitting(part, terminal) for part in line.split("\n")))
    if given:
        click.echo(f"{len(rows)} of {every} simulators", err=True)
    _tell_plugin_problems()
    return 0


def _print_json(rows: list[dict[str, Any]]) -> None:
    click.echo(json.dumps(rows, indent=1, ensure_ascii=True))


def _tell_plugin_problems() -> None:
    from qbench.analysis.render import visible
    from qbench.simulators.registry import plugin_problems

    for problem in plugin_problems():
        click.echo("\n".join(map(visible, f"plug-in: {problem.message}".splitlines())), err=True)
