"""How a plot of a large run becomes several sheets: by workload, by simulators, by circuits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from qbench.analysis.readings import RunReadings
from qbench.analysis.shots import without_shots
from qbench.report.plots.chart import chart_rows
from qbench.report.plots.leaders import MOST_SERIES, Leaders
from qbench.report.plots.phases import panels_per_sheet
from qbench.report.plots.plot import Plot, View
from qbench.report.plots.sampling import sampling_panels
from qbench.report.plots.styles import key_of

__all__ = [
    "Draw",
    "Recipe",
    "Split",
    "by_chart_rows",
    "by_circuits",
    "by_phase_panels",
    "by_sampled_circuits",
    "on_one_sheet",
    "sheets",
]

MOST_CHART_ROWS, MOST_CHART_ROWS_IN_PRINT = 4, 3

Draw = Callable[[RunReadings, View, str], Plot]
Split = Callable[[RunReadings, View], tuple[bool, Sequence[tuple[str, ...]]]]
"""Whether a view fits one sheet, and its circuits sheet by sheet where it does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One plot: how it becomes sheets (``together``: all workloads on each) and how a sheet is drawn.

    ``of`` are the kinds of tasks that it shows; None is all.  ``most`` simulators stand on a sheet, which
    lead by ``phase``; None is any number.  ``across`` says how many have room on a sheet for print, by its
    width.  ``everybody``: also those that gave no answer, on as many sheets as it takes.
    """

    name: str
    split: Split
    make: Draw
    together: bool = False
    of: frozenset[str] | None = None
    most: int | None = MOST_SERIES
    phase: str = "execute"
    across: Callable[[float], int] | None = None
    everybody: bool = False

    def most_on(self, width: float | None) -> int | None:
        """Simulators of one sheet of this width; None is any number."""
        if width is None or self.across is None:
            return self.most
        return self.across(width) if self.most is None else min(self.most, self.across(width))


def by_chart_rows(connected: bool, charts: int = 1) -> Split:
    """Rows of axes against qubits; ``charts`` is how many a workload has."""

    def rows(run: RunReadings, view: View) -> list[list[tuple[str, ...]]]:
        answering = len(view.answering(run))
        found = chart_rows(view.facts(run), answering, connected=connected, width=view.width)
        return [[block.problems for block in row] for row in found]

    def split(run: RunReadings, view: View) -> tuple[bool, Sequence[tuple[str, ...]]]:
        most = max(1, (MOST_CHART_ROWS if view.width is None else MOST_CHART_ROWS_IN_PRINT) // charts)
        mine = rows(run, view)
        found = [mine[start : start + most] for start in range(0, len(mine), most)]
        chunks = [tuple(p for row in sheet for problems in row for p in problems) for sheet in found]
        return sum(len(rows(run, view.of(run, one))) for one in view.workloads) <= most, chunks

    return split


def by_phase_panels(run: RunReadings, view: View) -> tuple[bool, Sequence[tuple[str, ...]]]:
    """Panels of bars, one bar for each simulator that was asked."""
    asked = {key_of(cell) for workload in view.workloads for cell in view.cells(run, workload)}
    most = panels_per_sheet(len(asked), view.width)
    panels = sum(len(view.of(run, workload).problems) for workload in view.workloads)
    return panels <= most, _chunks(view.problems, most)


def by_sampled_circuits(run: RunReadings, view: View) -> tuple[bool, Sequence[tuple[str, ...]]]:
    """A panel for each circuit and kind of sample."""
    kinds = {without_shots(cell) for cell in run.cells if cell.task.get("shots") is not None}
    most = max(1, sampling_panels(view.width) // max(1, len(kinds)))
    return len(view.problems) <= most, _chunks(view.problems, most)


def by_circuits(panes: Callable[[float | None], int]) -> Split:
    """A panel for each circuit and workload, at most so many on a sheet of a width."""

    def split(run: RunReadings, view: View) -> tuple[bool, Sequence[tuple[str, ...]]]:
        most = panes(view.width)
        panels = sum(len(view.of(run, workload).problems) for workload in view.workloads)
        return panels <= most, _chunks(view.problems, most)

    return split


def on_one_sheet(run: RunReadings, view: View) -> tuple[bool, Sequence[tuple[str, ...]]]:
    """Always one sheet."""
    del run
    return True, [view.problems]


def _chunks(problems: Sequence[str], most: int) -> list[tuple[str, ...]]:
    return [tuple(problems[start : start + most]) for start in range(0, len(problems), most)]


def _plain_name(label: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "_", label)[:60]


def sheets(
    run: RunReadings, recipe: Recipe, view: View, leaders: Leaders, *, first: bool = False
) -> Iterator[tuple[str, View]]:
    """The view on one sheet; where that is too much, one workload each, so many simulators, so many circuits.

    With ``first`` the simulators that lead, and not the further sheets of the others.
    """
    whole = view.asked(run, recipe.of)
    most = recipe.most_on(whole.width)
    few = most is None or len(whole.those_asked(run) if recipe.everybody else whole.answering(run)) <= most
    if (few and recipe.split(run, whole)[0]) or not whole.workloads:
        yield recipe.name, whole
        return
    names: dict[str, int] = {}
    together = recipe.together
    parts = [whole] if together else [whole.of(run, workload) for workload in whole.workloads]
    for part in parts:
        found = recipe.name if together else f"{recipe.name}-{_plain_name(part.workloads[0])}"
        groups = [part]
        if most is not None:
            groups = (
                leaders.in_turn(part, most) if recipe.everybody else leaders.groups(part, recipe.phase, most)
            )
        for group in groups[:1] if first and not recipe.everybody else groups:
            for chunk in recipe.split(run, group)[1]:
                names[found] = names.get(found, 0) + 1
                suffix = f"-{names[found]}" if names[found] > 1 else ""
                yield found + suffix, replace(group, problems=chunk)
