"""Where the figures behind a chart's choices stand: which table, and which of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qbench.analysis.render import visible
from qbench.report.html.charts.chart import Choices, Target
from qbench.report.html.series import class_names
from qbench.report.html.view import RunView, circuit_labels
from qbench.report.matrix import DOUBLES

__all__ = ["of_circuits", "of_classes", "of_column", "of_families"]


def of_column(choices: Choices, name: str, column: str) -> tuple[Target, ...]:
    """For each value of the choice, the rows that have it in this column."""
    return tuple(Target(rows={column: (visible(value),)}) for value in choices.known(name))


def of_circuits(choices: Choices, views: Sequence[RunView], name: str = "circuit") -> tuple[Target, ...]:
    """For each circuit the rows that have its name; two of one name are not told apart there.

    A value that is no circuit selects nothing.
    """
    names = _names(views)
    return tuple(
        Target(rows={"circuit": (visible(names[label]),)} if label in names else {})
        for label in choices.known(name)
    )


def of_families(choices: Choices, circuits: Mapping[str, Sequence[str]]) -> tuple[Target, ...]:
    """For each family the rows of its circuits; ``circuits`` has their names by family."""
    return tuple(
        Target(rows={"circuit": tuple(map(visible, dict.fromkeys(circuits[family])))})
        for family in choices.known("family")
    )


def of_classes(choices: Choices, views: Sequence[RunView]) -> tuple[Target, ...]:
    """For each class the rows of its kind, precision, threads and gate mode; for doubles those of doubles."""
    found: dict[str, Mapping[str, Sequence[str]]] = {DOUBLES: {"kind": ("double",)}}
    for ranking_class, name in class_names(views)[1].items():
        found[name] = {column: (str(value),) for column, value in ranking_class._asdict().items()}
    return tuple(Target(rows=found.get(name, {})) for name in choices.known("class"))


def _names(views: Sequence[RunView]) -> dict[str, str]:
    """A circuit's name by its label, which has a part of the id where several share the name."""
    labels = circuit_labels(views)
    return {labels[cell.circuit_id]: str(cell.problem["name"]) for view in views for cell in view.whole.cells}
