"""What a gradient costs against the number of its parameters, in units of one execution."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from qbench.analysis.executions import Cost, gradient_costs
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.report.plots.heading import Heading, clock_name, conditions, machine_class, suite_name
from qbench.report.plots.legend import heading_entry, line_entry, series_entries
from qbench.report.plots.lettering import plain
from qbench.report.plots.marks import Mark, ends_of, leaving, mark_of
from qbench.report.plots.panels import Curve, Panel, panels
from qbench.report.plots.plot import NothingToDrawError, Plot, View, counted, left_out
from qbench.report.plots.scales import Scale, count_scale, number_scale
from qbench.report.plots.styles import series_of

__all__ = ["draw_gradients", "foreign_units", "without_cost"]

_ONE, _SHIFT = (0, (1, 1)), (0, (4, 1.5))
_SIZE = (5.6, 3.6)
_SPREAD = 0.5
_OF_THE_GAP = 0.7  # between two numbers of parameters, over all circuits of one
_APART = 0.06  # of the axis, between circuits of one number of parameters


def draw_gradients(run: RunReadings, view: View, name: str) -> Plot:
    """A point per circuit and simulator whose gradient passed, as in the table ``gradients``.

    Raises ``NothingToDrawError`` where no gradient in view has a cost in executions.
    """
    shared, series = series_of(run, view.palette)
    by_key = {one.key: one for one in series}
    cells = [cell for workload in view.workloads for cell in view.cells(run, workload)]
    asked = {cell.id for cell in cells if cell.task["kind"] == "gradient"}
    costs = [cost for cost in gradient_costs(run) if cost.cell.id in asked]
    found: list[tuple[int, Mark]] = []
    for cost in costs:
        executions = cost.executions()
        if executions is not None:
            found.append((cost.parameters, mark_of(cost.cell, executions, by_key)))
    missing = without_cost([cell for cell in cells if cell.id in asked], costs)
    if not found:
        raise NothingToDrawError(f"no cost of a gradient to draw: {missing or 'no gradient was asked for'}")
    seen = {mark.series.key for _, mark in found}
    series = tuple(one for one in series if one.key in seen)
    drawn = [mark for _, mark in found]
    values = [mark.value for mark in drawn]
    across = count_scale("parameters", [parameters for parameters, _ in found], own=True)
    circuits = _circuits(found)
    marks = [(_place(parameters, mark, circuits, across), mark) for parameters, mark in found]
    guides = [1.0, 2 * across.ticks[0][0]]
    up = number_scale(
        f"execute {clock_name(run)} of one gradient, in executions", [*values, *guides], ends_of(drawn)
    )
    curves = (
        Curve(places=((across.low, 1.0), (across.high, 1.0)), dashes=_ONE),
        Curve(places=_within(up.high, across.low, across.high), dashes=_SHIFT),
    )
    notes = [
        f"One execution is the execute {clock_name(run)} of one expectation value of the same circuit, "
        "observable and values by the same simulator. Bars: 95 % intervals of the ratio, rounds paired. "
        "The dashed line is two executions per parameter: the parameter-shift rule where each parameter is "
        "in one angle.",
        _who(circuits, view.facts(run)),
        foreign_units(costs),
        *leaving([(up, drawn)]),
        missing,
        view.note,
    ]
    heading = Heading(
        title=f"cost of a gradient against number of parameters, {suite_name(run)}",
        lines=(conditions(run, shared), machine_class(run)),
        width=view.width,
        notes=tuple(note for note in notes if note),
    )
    entries = [
        *series_entries(series, lines=False),
        heading_entry("lines"),
        line_entry("one execution", _ONE),
        line_entry("two per parameter", _SHIFT),
    ]
    shown = [Panel(title="", marks=tuple(marks), curves=curves)]
    return Plot(
        name=name,
        title=heading.title,
        caption=(*heading.lines, *heading.notes),
        figure=panels(heading, shown, (across, up), entries, series, columns=1, size=_SIZE, spread=_SPREAD),
    )


def _circuits(found: Sequence[tuple[int, Mark]]) -> dict[int, list[str]]:
    """The circuits (ids) that are drawn at each number of parameters, ascending."""
    told: dict[int, dict[str, None]] = {}
    for parameters, mark in found:
        told.setdefault(parameters, {})[mark.problem] = None
    return {parameters: list(told[parameters]) for parameters in sorted(told)}


def _place(parameters: int, mark: Mark, circuits: Mapping[int, Sequence[str]], across: Scale) -> float:
    """Where a circuit's points stand: circuits of one number of parameters side by side around it."""
    mine = circuits[parameters]
    length = math.log(across.high / across.low)
    gap = min((math.log(b / a) / length for a, b in pairwise(circuits)), default=1.0)
    step = min(_APART, _OF_THE_GAP * gap / len(mine))
    shift = (mine.index(mark.problem) - (len(mine) - 1) / 2) * step
    return parameters * math.exp(shift * length)


def _who(circuits: Mapping[int, Sequence[str]], facts: Mapping[str, Mapping[str, Any]]) -> str:
    """Which circuit has which number of parameters; empty where there is one circuit alone."""
    if sum(map(len, circuits.values())) < 2:
        return ""
    told = "; ".join(
        f"{parameters}: {', '.join(plain(facts[one]['name']) for one in mine)}"
        for parameters, mine in circuits.items()
    )
    order = any(len(mine) > 1 for mine in circuits.values())
    beside = ", those of one number of parameters from left to right" if order else ""
    return f"Circuits by number of parameters{beside}: {told}."


def _within(high: float, first: float, last: float) -> tuple[tuple[float, float], ...]:
    """The line of two executions per parameter, as far as it is on the axes."""
    end = min(last, high / 2)
    return ((first, 2 * first), (end, 2 * end)) if end > first else ()


def foreign_units(costs: Sequence[Cost]) -> str:
    """A word on those whose unit is another configuration's execution; empty where there are none."""
    pairs = {
        f"{cost.cell.simulator} by {cost.unit.simulator}": None
        for cost in costs
        if cost.unit is not None and cost.unit.simulator != cost.cell.simulator
    }
    if not pairs:
        return ""
    told = ", ".join(pairs)
    return f"Without an execution of their own, by that of another configuration of the package: {told}."


def without_cost(cells: Sequence[CellReadings], costs: Sequence[Cost]) -> str:
    """One sentence or two on the cells that are not drawn; empty where all are."""
    counted_in = {cost.cell.id for cost in costs}
    told = [left_out([cell for cell in cells if cell.id not in counted_in], "not ranked or not timed")]
    alone = sum(cost.ratio is None for cost in costs)
    if alone:
        told.append(f"Without an expectation value to measure by: {counted(alone, 'cell')}.")
    return " ".join(filter(None, told))
