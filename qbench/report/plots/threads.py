"""What more threads bring: time and speed-up against the number of threads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from matplotlib.axes import Axes

from qbench.analysis.contests import paired_times
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.analysis.stats import Estimate
from qbench.report.plots.grid import Pane, Row, grid
from qbench.report.plots.heading import Heading, clock_name, conditions, machine_class, suite_name
from qbench.report.plots.legend import heading_entry, line_entry, series_entries
from qbench.report.plots.lettering import plain
from qbench.report.plots.marks import Mark, draw_bars, draw_marks, ends_of, leaving, mark_of, mark_size
from qbench.report.plots.plot import NothingToDrawError, Plot, View, left_out
from qbench.report.plots.print_width import narrow
from qbench.report.plots.scales import Scale, count_scale, number_scale, time_scale
from qbench.report.plots.sheet import INK
from qbench.report.plots.styles import Series, SeriesKey, key_of, series_of

__all__ = ["draw_threads", "swept", "thread_panes"]

COLUMNS, COLUMNS_IN_PRINT = 4, 3

SIZE = (2.0, 1.75)
SHIFT = 0.025  # of the axis, from one simulator's points to the next one's
_IDEAL = (0, (4, 1.5))
_US = 1e-3  # readings are in ns


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sweep:
    """One simulator on one circuit: its cells by rising number of threads, two at least."""

    series: Series
    cells: tuple[CellReadings, ...]


def _columns(width: float | None) -> int:
    if width is None:
        return COLUMNS
    return 1 if narrow(width) else COLUMNS_IN_PRINT


def thread_panes(width: float | None) -> int:
    """Circuits of one sheet of a width, two panes each; None is as wide as it needs to be.

    >>> thread_panes(None), thread_panes(3.4)
    (4, 2)
    """
    return max(2, _columns(width))


def swept(run: RunReadings) -> bool:
    """Whether something was asked with several numbers of threads."""
    return len({cell.threads for cell in run.cells}) > 1


def draw_threads(run: RunReadings, view: View, phase: str, name: str) -> Plot:
    """Times as in the table ``cells``; speed-ups as ratios of paired rounds to the fewest threads.

    A simulator's own times are compared across numbers of threads here, never two simulators'.  Raises
    ``NothingToDrawError`` where no simulator in view passed and was timed with several numbers of threads.
    """
    shared, series = series_of(run, view.palette)
    sweeps: dict[tuple[str, str], list[_Sweep]] = {}
    used: set[str] = set()
    for workload in view.workloads:
        for sweep in _sweeps(run, view, workload, phase, series):
            first = sweep.cells[0]
            sweeps.setdefault((workload, first.circuit_id), []).append(sweep)
            used |= {cell.id for cell in sweep.cells}
    cells = [cell for workload in view.workloads for cell in view.cells(run, workload)]
    missing = left_out([cell for cell in cells if cell.id not in used], "alone, not ranked or not timed")
    if not sweeps:
        raise NothingToDrawError(
            f"no thread sweep to draw: it needs a run with several numbers of threads. {missing}".strip()
        )
    found = {sweep.series.key: sweep.series for mine in sweeps.values() for sweep in mine}
    drawn = tuple(found[one.key] for one in series if one.key in found)
    counts = sorted({cell.threads for mine in sweeps.values() for sweep in mine for cell in sweep.cells})
    across = count_scale("threads", counts)
    by_key = {
        key_of(cell): sweep.series for mine in sweeps.values() for sweep in mine for cell in sweep.cells
    }
    times = {key: _times(mine, run, phase, by_key) for key, mine in sweeps.items()}
    gains = {key: _gains(mine, run, phase, by_key) for key, mine in sweeps.items()}
    values = [mark.value for found in gains.values() for _, mark in found]
    ends = ends_of(mark for found in gains.values() for _, mark in found)
    ratio = counts[-1] / counts[0]
    up = number_scale(f"speed-up over {_threads(counts[0])}", [*values, 1.0, ratio], ends)
    facts = view.facts(run)
    rows: list[Row] = []
    columns = _columns(view.width)
    drawn_on: list[tuple[Scale, list[Mark]]] = [(up, [mark for mine in gains.values() for _, mark in mine])]
    for workload in view.workloads:
        keys = [(workload, problem) for problem in view.problems if (workload, problem) in sweeps]
        for at in range(0, len(keys), columns):
            some = keys[at : at + columns]
            above: list[Pane] = []
            below: list[Pane] = []
            for key in some:
                told = facts[key[1]]
                marks = [mark for _, mark in times[key]]
                pane = Pane(
                    title=f"{plain(told['name'])} ({told['qubits']} qubits)",
                    across=replace(across, label=""),
                    up=time_scale(
                        f"{phase} {clock_name(run)} per call", [mark.value for mark in marks], ends_of(marks)
                    ),
                    size=SIZE,
                    draw=partial(_draw, found=times[key], series=drawn, across=across, ideal=None),
                )
                above.append(pane)
                drawn_on.append((pane.up, marks))
                below.append(
                    replace(
                        pane,
                        title="",
                        across=across,
                        up=up,
                        bare=len(below) > 0,
                        draw=partial(_draw, found=gains[key], series=drawn, across=across, ideal=counts),
                    )
                )
            rows.append(Row(heading=plain(workload) if at == 0 else "", panes=tuple(above)))
            rows.append(Row(panes=tuple(below)))
    heading = Heading(
        title=f"{phase}: time and speed-up against number of threads, {suite_name(run)}",
        lines=(conditions(run, _without_threads(shared)), machine_class(run)),
        width=view.width,
        notes=tuple(
            filter(
                None,
                [
                    "Above: time per call, each circuit on its own axis. Below: how many times as fast as "
                    f"with {_threads(counts[0])}, by the simulator itself; dashed: twice the "
                    "threads, twice as fast. Bars: 95 % intervals, of the geometric mean over rounds and of "
                    "the ratio over paired rounds. Points of one number of threads stand side by side.",
                    *leaving(drawn_on),
                    missing,
                    view.note,
                ],
            )
        ),
    )
    entries = [*series_entries(drawn, lines=True), heading_entry("lines"), line_entry("ideal", _IDEAL)]
    return Plot(
        name=name,
        title=heading.title,
        caption=(*heading.lines, *heading.notes),
        figure=grid(heading, rows, entries),
    )


def _threads(count: int) -> str:
    return f"{count} thread{'s' * (count != 1)}"


def _without_threads(shared: str) -> str:
    return ", ".join(part for part in shared.split(", ") if "thread" not in part)


def _sweeps(
    run: RunReadings, view: View, workload: str, phase: str, series: Sequence[Series]
) -> list[_Sweep]:
    groups: dict[tuple[str, str, str], list[CellReadings]] = {}
    for cell in view.cells(run, workload):
        if cell.ranked and cell.warm(phase, run.metric) is not None:
            groups.setdefault((cell.circuit_id, cell.simulator, cell.gate_mode), []).append(cell)
    modes = {mode for _, _, mode in groups}
    styles: dict[tuple[str, str], Series] = {}
    for one in series:  # a simulator has the look of its fewest threads
        simulator, _, mode = one.key
        label = f"{plain(simulator)}, {mode} gates" if len(modes) > 1 else plain(simulator)
        group = ", ".join(part for part in one.group.split(", ") if "thread" not in part)
        styles.setdefault((simulator, mode), replace(one, label=label, group=group))
    return [
        _Sweep(
            series=styles[simulator, mode],
            cells=tuple(sorted(cells, key=lambda cell: cell.threads)),
        )
        for (_, simulator, mode), cells in groups.items()
        if len({cell.threads for cell in cells}) > 1
    ]


Found = list[tuple[int, Mark]]


def _times(sweeps: Sequence[_Sweep], run: RunReadings, phase: str, by_key: dict[SeriesKey, Series]) -> Found:
    found: Found = []
    for sweep in sweeps:
        for cell in sweep.cells:
            warm = cell.warm(phase, run.metric)
            assert warm is not None
            found.append((cell.threads, mark_of(cell, warm, by_key, scale=_US)))
    return found


def _gains(sweeps: Sequence[_Sweep], run: RunReadings, phase: str, by_key: dict[SeriesKey, Series]) -> Found:
    """Time with the fewest threads over time with each: 1 for the fewest."""
    found: Found = []
    for sweep in sweeps:
        least = sweep.cells[0]
        for cell in sweep.cells:
            if cell.id == least.id:
                gain: Estimate | None = Estimate(1.0, None, None, None, 0)
            else:
                gain = paired_times(least.phases[phase], cell.phases[phase], run.metric)
            if gain is not None:
                found.append((cell.threads, mark_of(cell, gain, by_key)))
    return found


def _draw(
    axes: Axes, found: Found, series: Sequence[Series], across: Scale, ideal: Sequence[int] | None
) -> None:
    if ideal is not None:
        style: dict[str, Any] = {"color": INK, "linewidth": 0.9, "zorder": 1.5}
        axes.axhline(1.0, color=INK, linewidth=0.5, zorder=1.2)
        axes.plot(ideal, [count / ideal[0] for count in ideal], linestyle=_IDEAL, **style)
    reach = across.high / across.low
    for position, one in enumerate(series):
        nudge = reach ** ((position - (len(series) - 1) / 2) * SHIFT)
        mine = [(threads * nudge, mark) for threads, mark in found if mark.series.key == one.key]
        x, marks = [place for place, _ in mine], [mark for _, mark in mine]
        y = [mark.value for mark in marks]
        axes.plot(x, y, color=one.colour, linewidth=0.8, linestyle=one.dashes, alpha=0.8, zorder=2.5)
        draw_bars(axes, one, x, marks)
        draw_marks(axes, one, x, y, marks, mark_size(len(series)))
