"""What a sample costs against the number of shots, a panel for each circuit."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qbench.analysis.readings import RunReadings
from qbench.analysis.shots import ShotCost, shot_costs, without_shots
from qbench.model import Phase
from qbench.report.plots.heading import Heading, clock_name, conditions, machine_class, suite_name
from qbench.report.plots.legend import series_entries
from qbench.report.plots.lettering import plain
from qbench.report.plots.marks import Mark, ends_of, leaving, mark_of
from qbench.report.plots.panels import Curve, Panel, columns_in_print, panels
from qbench.report.plots.plot import NothingToDrawError, Plot, View, left_out
from qbench.report.plots.scales import count_scale, time_scale
from qbench.report.plots.styles import series_of

__all__ = ["draw_sampling", "sampled", "sampling_panels"]


_ROWS, _COLUMNS = 3, 4
_SIZE = (2.05, 1.9)
_SPREAD = 0.06  # points keep to their lines
_US = 1e-3  # readings are in ns
_PIECES = 32  # of a fitted line, which is bent on logarithmic axes


def sampling_panels(width: float | None) -> int:
    """Panels of one sheet of a width; None is as wide as it needs to be.

    >>> sampling_panels(None), sampling_panels(3.4)
    (12, 6)
    """
    return _ROWS * (_COLUMNS if width is None else columns_in_print(width, _COLUMNS))


def sampled(run: RunReadings) -> bool:
    """Whether some circuit is sampled with several numbers of shots."""
    found: dict[tuple[str, str], set[int]] = {}
    for cell in run.cells:
        if cell.task.get("shots") is not None:
            found.setdefault((cell.circuit_id, without_shots(cell)), set()).add(cell.task["shots"])
    return any(len(counts) > 1 for counts in found.values())


def draw_sampling(run: RunReadings, view: View, name: str) -> Plot:
    """Execute times of samples against shots, with the fitted lines of the table ``sampling``.

    Circuits that are sampled with one number of shots are left out.  Raises ``NothingToDrawError`` where no
    circuit in view has samples with several that passed and were timed.
    """
    shared, series = series_of(run, view.palette)
    by_key = {one.key: one for one in series}
    cells = [cell for workload in view.workloads for cell in view.cells(run, workload)]
    cells = [cell for cell in cells if cell.task.get("shots") is not None]
    asked = {cell.id for cell in cells}
    costs = [cost for cost in shot_costs(run) if len(cost.cells) > 1 and cost.cells[0].id in asked]
    drawn = {cell.id for cost in costs for cell in cost.cells}
    missing = left_out([cell for cell in cells if cell.id not in drawn], "alone, not ranked or not timed")
    if not costs:
        raise NothingToDrawError(f"no cost of samples to draw: {missing or 'no sample was asked for'}")
    marks = {
        cell.id: mark_of(cell, warm, by_key, scale=_US)
        for cost in costs
        for cell in cost.cells
        if (warm := cell.warm(Phase.EXECUTE, run.metric)) is not None
    }
    seen = {mark.series.key for mark in marks.values()}
    series = tuple(one for one in series if one.key in seen)
    up = time_scale(
        f"execute {clock_name(run)} per call",
        [mark.value for mark in marks.values()],
        ends_of(marks.values()),
    )
    across = count_scale("shots", [shots for cost in costs for shots in cost.shots])
    fitted = any(cost.line for cost in costs)
    notes = [
        "Bars: 95 % intervals of the geometric mean over rounds."
        + (
            " Lines: fixed cost plus cost per shot, fitted (table of sampling); a straight line is bent on "
            "these axes. Where there are fewer than three numbers of shots, the line joins the points."
            if fitted
            else " Lines join the samples of one simulator."
        ),
        *leaving([(up, list(marks.values()))]),
        missing,
        view.note,
    ]
    heading = Heading(
        title=f"cost of samples against number of shots, {suite_name(run)}",
        lines=(conditions(run, shared), machine_class(run)),
        width=view.width,
        notes=tuple(note for note in notes if note),
    )
    shown = _panels(costs, marks, run, view)
    return Plot(
        name=name,
        title=heading.title,
        caption=(*heading.lines, *heading.notes),
        figure=panels(
            heading,
            shown,
            (across, up),
            series_entries(series, lines=True),
            series,
            columns=_COLUMNS,
            size=_SIZE,
            spread=_SPREAD,
        ),
    )


def _panels(costs: Sequence[ShotCost], marks: dict[str, Mark], run: RunReadings, view: View) -> list[Panel]:
    facts = view.facts(run)
    several = len({cost.workload for cost in costs}) > 1
    groups: dict[tuple[str, str], list[ShotCost]] = {}
    for cost in costs:
        groups.setdefault((cost.workload, cost.cells[0].circuit_id), []).append(cost)
    order = {problem: place for place, problem in enumerate(view.problems)}
    found = []
    for (workload, circuit), mine in sorted(groups.items(), key=lambda group: order[group[0][1]]):
        title = f"{facts[circuit]['name']} ({facts[circuit]['qubits']} qubits)"
        points = [(float(cell.task["shots"]), marks[cell.id]) for cost in mine for cell in cost.cells]
        found.append(
            Panel(
                title=plain(f"{title}, {workload}" if several else title),
                marks=tuple(points),
                curves=tuple(_curve(cost, marks) for cost in mine),
            )
        )
    return found


def _curve(cost: ShotCost, marks: dict[str, Mark]) -> Curve:
    """The fitted line where it is positive, or one through the points."""
    series = marks[cost.cells[0].id].series
    if cost.line is None:
        places = [(float(cell.task["shots"]), marks[cell.id].value) for cell in cost.cells]
        return Curve(places=tuple(places), dashes=series.dashes, series=series)
    first, last = math.log(cost.shots[0]), math.log(cost.shots[-1])
    counts = [math.exp(first + (last - first) * piece / _PIECES) for piece in range(_PIECES + 1)]
    line = [(shots, cost.line.at(shots) * _US) for shots in counts]
    places = [(shots, time) for shots, time in line if time > 0]
    return Curve(places=tuple(places), dashes=series.dashes, series=series)
