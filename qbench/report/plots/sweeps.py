"""What a sweep costs per binding, against the number of qubits: as a time, and in units of one execution."""

from __future__ import annotations

from collections.abc import Sequence

from qbench.analysis.executions import Cost, share, sweep_costs
from qbench.analysis.readings import RunReadings
from qbench.report.plots.blocks import blocks_of
from qbench.report.plots.chart import Rule, Section, chart
from qbench.report.plots.gradients import foreign_units, without_cost
from qbench.report.plots.heading import Heading, clock_name, conditions, machine_class, suite_name
from qbench.report.plots.legend import heading_entry, line_entry, series_entries
from qbench.report.plots.lettering import plain
from qbench.report.plots.marks import ends_of, leaving, mark_of
from qbench.report.plots.plot import NothingToDrawError, Plot, View
from qbench.report.plots.scales import number_scale, time_scale
from qbench.report.plots.side_by_side import shift_words
from qbench.report.plots.styles import Series, key_of, series_of

__all__ = ["draw_sweeps"]

_ONE = (0, (1, 1))
_US = 1e-3  # readings are in ns


def draw_sweeps(run: RunReadings, view: View, name: str) -> Plot:
    """For each number of bindings two charts: time per binding, and that in executions, as in ``sweeps``.

    Raises ``NothingToDrawError`` where no sweep in view passed and was timed.
    """
    shared, series = series_of(run, view.palette)
    by_key = {one.key: one for one in series}
    cells = [cell for workload in view.workloads for cell in view.cells(run, workload)]
    cells = [cell for cell in cells if cell.task["kind"] == "sweep"]
    asked = {cell.id for cell in cells}
    costs = [cost for cost in sweep_costs(run) if cost.cell.id in asked]
    missing = without_cost(cells, costs)
    if not costs:
        raise NothingToDrawError(f"no cost of a sweep to draw: {missing or 'no sweep was asked for'}")
    seen = {key_of(cost.cell) for cost in costs}
    series = tuple(one for one in series if one.key in seen)
    sections: list[Section] = []
    for workload in dict.fromkeys(cost.cell.workload for cost in costs):
        mine = [cost for cost in costs if cost.cell.workload == workload]
        sections += _sections(workload, mine, by_key, view.of(run, workload).problems, clock_name(run))
    drawn = [(section.scale, section.marks) for section in sections if section.scale is not None]
    notes = [
        f"One execution is the execute {clock_name(run)} of one expectation value of the same circuit and "
        "observable by the same simulator: below 1, bindings that are run together cost less than one by "
        "one. Bars: 95 % intervals, of the geometric mean over rounds and of the ratio of paired rounds.",
        foreign_units(costs),
        _shift_words(view, run) if len(series) > 1 else "",
        *leaving(drawn),
        missing,
        view.note,
    ]
    heading = Heading(
        title=f"cost of a sweep per binding against number of qubits, {suite_name(run)}",
        lines=(conditions(run, shared), machine_class(run)),
        width=view.width,
        notes=tuple(note for note in notes if note),
    )
    entries = [
        *series_entries(series, lines=True),
        heading_entry("lines"),
        line_entry("one execution", _ONE),
    ]
    return Plot(
        name=name,
        title=heading.title,
        caption=(*heading.lines, *heading.notes),
        figure=chart(heading, view.facts(run), sections, entries, series, connected=True),
    )


def _shift_words(view: View, run: RunReadings) -> str:
    sizes = {len(block.problems) for block in blocks_of(view.facts(run))}
    return shift_words(joined=any(size > 1 for size in sizes), columns=1 in sizes)


def _sections(
    workload: str,
    costs: Sequence[Cost],
    by_key: dict[tuple[str, int, str], Series],
    problems: tuple[str, ...],
    clock: str,
) -> list[Section]:
    label = plain(workload)
    times = [mark_of(cost.cell, share(cost.time, cost.bindings), by_key, scale=_US) for cost in costs]
    scale = time_scale(f"execute {clock} per binding", [mark.value for mark in times], ends_of(times))
    found = [Section(heading=f"{label}: time", marks=tuple(times), scale=scale, problems=problems)]
    shares = [(cost.cell, cost.executions(cost.bindings)) for cost in costs]
    ratios = [mark_of(cell, ratio, by_key) for cell, ratio in shares if ratio is not None]
    if ratios:
        values = [mark.value for mark in ratios]
        scale = number_scale("one binding, in executions", [*values, 1.0], ends_of(ratios))
        rules = tuple(Rule(problem=problem, value=1.0, dashes=_ONE) for problem in problems)
        heading = f"{label}: in executions"
        found.append(
            Section(heading=heading, marks=tuple(ratios), rules=rules, scale=scale, problems=problems)
        )
    return found
