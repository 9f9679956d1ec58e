"""What a gradient costs against the number of its parameters, in units of one execution."""

from __future__ import annotations

from collections.abc import Sequence

from qbench.analysis.executions import Cost, gradient_costs
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.report.plots.heading import Heading, conditions, machine_class, suite_name
from qbench.report.plots.legend import heading_entry, line_entry, series_entries
from qbench.report.plots.marks import Mark, ends_of, leaving, mark_of
from qbench.report.plots.panels import Curve, Panel, panels
from qbench.report.plots.plot import NothingToDrawError, Plot, View, counted, left_out
from qbench.report.plots.scales import count_scale, number_scale
from qbench.report.plots.styles import series_of

__all__ = ["draw_gradients", "foreign_units", "without_cost"]

_ONE, _SHIFT = (0, (1, 1)), (0, (4, 1.5))
_SIZE = (5.6, 3.6)
_SPREAD = 0.5


def draw_gradients(run: RunReadings, view: View, name: str) -> Plot:
    """A point per circuit and simulator whose gradient passed, as in the table ``gradients``.

    Raises ``NothingToDrawError`` where no gradient in view has a cost in executions.
    """
    shared, series = series_of(run)
    by_key = {one.key: one for one in series}
    cells = [cell for workload in view.workloads for cell in view.cells(run, workload)]
    asked = {cell.id for cell in cells if cell.task["kind"] == "gradient"}
    costs = [cost for cost in gradient_costs(run) if cost.cell.id in asked]
    marks: list[tuple[float, Mark]] = []
    for cost in costs:
        executions = cost.executions()
        if executions is not None:
            marks.append((float(cost.parameters), mark_of(cost.cell, executions, by_key)))
    missing = without_cost([cell for cell in cells if cell.id in asked], costs)
    if not marks:
        raise NothingToDrawError(f"no cost of a gradient to draw: {missing or 'no gradient was asked for'}")
    seen = {mark.series.key for _, mark in marks}
    series = tuple(one for one in series if one.key in seen)
    drawn = [mark for _, mark in marks]
    values = [mark.value for mark in drawn]
    across = count_scale("parameters", [cost.parameters for cost in costs if cost.ratio is not None])
    guides = [1.0, 2 * across.ticks[0][0]]
    up = number_scale("execute time of one gradient, in executions", [*values, *guides], ends_of(drawn))
    curves = (
        Curve(places=((across.low, 1.0), (across.high, 1.0)), dashes=_ONE),
        Curve(places=_within(up.high, across.low, across.high), dashes=_SHIFT),
    )
    notes = [
        "One execution is the execute time of one expectation value of the same circuit, observable and "
        "values by the same simulator. Bars: 95 % intervals of the ratio, rounds paired. The dashed line is "
        "two executions per parameter: the parameter-shift rule where each parameter is in one angle.",
        foreign_units(costs),
        *leaving([(up, drawn)]),
        missing,
    ]
    heading = Heading(
        title=f"cost of a gradient against number of parameters, {suite_name(run)}",
        lines=(conditions(run, shared), machine_class(run)),
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
