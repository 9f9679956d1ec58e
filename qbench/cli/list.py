"""``qbench list``."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click

__all__ = ["command"]

DOUBLE = "double"  # a simulator's kind


def _simulators() -> list[dict[str, Any]]:
    from qbench.simulators.registry import all_simulators, inspect

    rows = []
    for simulator in all_simulators(doubles=True):
        facts, versions = simulator.facts, inspect(simulator).versions
        package = facts.distributions[0] if facts.distributions else None
        rows.append(
            {
                "name": simulator.label,
                "package": package,
                "version": versions.get(package) if package else None,
                "installed": None not in versions.values(),
                "kind": facts.kind,
                "precision": facts.precision,
                "workloads": list(facts.tasks),
                "max_qubits": facts.max_qubits,
                "licence": facts.licence,
                "origin": simulator.origin,
                "summary": facts.summary,
            }
        )
    return rows


def _circuits() -> list[dict[str, Any]]:
    from qbench.circuits.library import index

    return [
        {
            "name": facts.name,
            "family": facts.family,
            "area": facts.area,
            "qubits": facts.qubits,
            "gates": facts.gates,
            "depth": facts.depth,
            "known_answer": facts.known_answer,
            "source": facts.source,
            "id": facts.id,
        }
        for facts in index()
    ]


def _families() -> list[dict[str, Any]]:
    from qbench.circuits.families import FAMILIES
    from qbench.circuits.library import index

    return [
        {
            "name": family.name,
            "area": family.area,
            "qubits": sorted({facts.qubits for facts in index() if facts.family == family.name}),
            "circuits": [facts.name for facts in index() if facts.family == family.name],
            "summary": family.summary,
            "source": family.source,
        }
        for family in FAMILIES.values()
    ]


def _suites() -> list[dict[str, Any]]:
    from qbench.session.suites import load_suite, suite_names

    return [
        {
            "name": suite.name,
            "version": suite.version,
            "circuits": list(suite.circuits),
            "workloads": list(suite.workloads),
            "simulators": list(suite.simulators),
            "rounds": suite.measure.rounds,
            "summary": suite.summary,
        }
        for suite in map(load_suite, suite_names())
    ]


def _workloads() -> list[dict[str, Any]]:
    from qbench.session.suites import WORKLOADS

    return [{"name": name, "summary": summary} for name, summary in WORKLOADS.items()]


# what: (rows, columns shown to people)
LISTS: Mapping[str, tuple[Callable[[], list[dict[str, Any]]], Sequence[str]]] = {
    "simulators": (
        _simulators,
        ("name", "package", "version", "installed", "kind", "precision", "workloads", "licence"),
    ),
    "circuits": (_circuits, ("name", "area", "qubits", "gates", "depth", "known_answer")),
    "families": (_families, ("name", "area", "qubits", "summary")),
    "suites": (_suites, ("name", "version", "summary")),
    "workloads": (_workloads, ("name", "summary")),
}


@click.command(name="list")
@click.argument("what", type=click.Choice(tuple(LISTS)))
@click.option("--area", metavar="AREA", default=None, help="Circuits and families of one area.")
@click.option("--family", metavar="FAMILY", default=None, help="Circuits of one family.")
@click.option(
    "--max-qubits",
    type=click.IntRange(min=1),
    default=None,
    metavar="N",
    help="Circuits of at most N qubits.",
)
@click.option("--json", "as_json", is_flag=True, help="An array of objects, with more fields.")
def command(what: str, area: str | None, family: str | None, max_qubits: int | None, as_json: bool) -> int:
    """List simulators, circuits, families of circuits, suites or workloads.

    On a terminal long lines are cut at its width; piped, and with --json, they are whole.
    """
    wanted = {"area": area, "family": family, "max_qubits": max_qubits}
    given = {name: value for name, value in wanted.items() if value is not None}
    rows, columns = LISTS[what][0](), LISTS[what][1]
    if given:
        rows = _chosen(what, rows, given)
    if as_json:
        click.echo(json.dumps(rows, indent=1, ensure_ascii=True))
        if what == "simulators":
            _tell_plugin_problems()
        return 0
    terminal = _terminal_width()
    doubles = [row for row in rows if row.get("kind") == DOUBLE]
    rows = [row for row in rows if row not in doubles]
    lines = [[_text(row[column]) for column in columns] for row in rows]
    lines.insert(0, [column.replace("_", " ") for column in columns])
    widths = [max(len(line[i]) for line in lines) for i in range(len(columns))]
    for line in lines:
        text = "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        click.echo(text if terminal is None or len(text) <= terminal else f"{text[: terminal - 3]}...")
    if what == "simulators":
        click.echo("\nDoubles, made to misbehave or to be measured; never ranked (docs/faults.md):")
        for names, summary in _doubles(doubles):
            click.echo(_wrapped(names, 2, terminal))
            click.echo(_wrapped(summary, 6, terminal))
        _tell_plugin_problems()
    if what == "circuits" and terminal is not None and not given:
        click.echo(f"{len(rows)} circuits; fewer with --area, --family, --max-qubits (--help)", err=True)
    return 0


def _doubles(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """The doubles by file: their names, and the file's summary."""
    names: dict[str, list[str]] = {}
    for row in rows:
        names.setdefault(row["summary"].rstrip("."), []).append(row["name"])
    return [(", ".join(mine), summary) for summary, mine in names.items()]


def _wrapped(text: str, indent: int, terminal: int | None) -> str:
    margin = " " * indent
    return textwrap.fill(text, terminal or 100, initial_indent=margin, subsequent_indent=margin)


def _tell_plugin_problems() -> None:
    from qbench.analysis.render import visible
    from qbench.simulators.registry import plugin_problems

    for problem in plugin_problems():
        click.echo("\n".join(map(visible, f"plug-in: {problem.message}".splitlines())), err=True)


def _terminal_width() -> int | None:
    """None where the output is no terminal."""
    if sys.stdout is None or not sys.stdout.isatty():
        return None
    import shutil  # brings the compression modules with it: 2 to 5 ms

    return shutil.get_terminal_size().columns


# what can be chosen from: by which options
CHOICES = {"circuits": ("area", "family", "max_qubits"), "families": ("area",)}


def _chosen(what: str, rows: list[dict[str, Any]], given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows that fit; raises ``QbenchError`` for an area or family that there is none of."""
    from qbench.errors import QbenchError

    mistakes = [
        f"--{option.replace('_', '-')} does not go with qbench list {what}"
        for option in given
        if option not in CHOICES.get(what, ())
    ]
    if mistakes:
        raise QbenchError("\n".join(mistakes))
    elsewhere = {row["family"]: row["area"] for row in rows if "family" in row}
    for option in ("area", "family"):
        if option in given:
            known = {row[option] for row in rows}
            if given[option] not in known:
                if option == "family" and given[option] in elsewhere:
                    mistakes.append(
                        f"family {given[option]!r} is in the area {elsewhere[given[option]]!r}, not in "
                        f"{given['area']!r}: leave --area out"
                    )
                else:
                    mistakes.append(_no_such(option, given[option], known))
            rows = [row for row in rows if row[option] == given[option] or mistakes]
    if mistakes:
        raise QbenchError("\n".join(mistakes))
    most = given.get("max_qubits")
    return rows if most is None else [row for row in rows if row["qubits"] <= most]


def _no_such(option: str, name: str, known: set[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, sorted(known), n=3)
    if near:
        return f"there is no {option} {name!r}; did you mean {' or '.join(near)}?"
    plural = {"area": "areas", "family": "families"}[option]
    return f"there is no {option} {name!r}; the {plural} are {', '.join(sorted(known))}"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and value and all(isinstance(item, int) for item in value):
        return _ranges(value)
    if value and isinstance(value, list):
        return ",".join(map(str, value))
    return "-" if value is None or value == [] else str(value)


def _ranges(numbers: Sequence[int]) -> str:
    """Numbers in rising order, three and more in a row as from-to.

    >>> _ranges([2, 3, 4, 6, 7, 10])
    '2-4,6,7,10'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [f"{run[0]}-{run[-1]}" if len(run) > 2 else ",".join(map(str, run)) for run in runs]
    return ",".join(parts)
