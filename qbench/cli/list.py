"""``qbench list``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click

__all__ = ["command"]


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
    "circuits": (_circuits, ("name", "family", "area", "qubits", "gates", "depth", "known_answer")),
    "suites": (_suites, ("name", "version", "summary")),
    "workloads": (_workloads, ("name", "summary")),
}


@click.command(name="list")
@click.argument("what", type=click.Choice(tuple(LISTS)))
@click.option("--json", "as_json", is_flag=True, help="An array of objects, with more fields.")
def command(what: str, as_json: bool) -> int:
    """List simulators, circuits, suites or workloads."""
    rows, columns = LISTS[what][0](), LISTS[what][1]
    if as_json:
        click.echo(json.dumps(rows, indent=1, ensure_ascii=True))
        return 0
    lines = [[_text(row[column]) for column in columns] for row in rows]
    lines.insert(0, [column.replace("_", " ") for column in columns])
    widths = [max(len(line[i]) for line in lines) for i in range(len(columns))]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    return 0


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ",".join(map(str, value))
    return "-" if value is None else str(value)
