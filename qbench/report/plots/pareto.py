"""How right against how fast: the error of every answer against its time, a pane for each circuit."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from matplotlib.axes import Axes

from qbench.analysis.answer_errors import answer_error
from qbench.analysis.figures import rounded
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.report.plots.bounds import ALLOWED, approximate_words, bounded, line_entries
from qbench.report.plots.grid import Pane, Row, grid
from qbench.report.plots.heading import Heading, clock_name, conditions, machine_class, suite_name
from qbench.report.plots.legend import Entry, line_entry, look_entries, series_entries
from qbench.report.plots.lettering import plain
from qbench.report.plots.marks import Mark, draw_marks, ends_of, leaving, mark_of, mark_size
from qbench.report.plots.plot import NothingToDrawError, Plot, View, counted, left_out
from qbench.report.plots.print_width import narrow
from qbench.report.plots.scales import Scale, error_scale, power_text, time_scale
from qbench.report.plots.sheet import INK
from qbench.report.plots.styles import Series, SeriesKey, look_of, series_of

__all__ = ["draw_pareto", "front", "pareto_panes"]

SIZE = (2.15, 1.75)
ROWS = 4
COLUMNS, COLUMNS_IN_PRINT, COLUMNS_IN_A_COLUMN = 4, 3, 2

_US = 1e-3  # readings are in ns
_FRONT: dict[str, Any] = {"color": "#C9C9C9", "linewidth": 3.4, "zorder": 1.2}
_BOUNDS: Mapping[str, object] = {"complex128": "-", "complex64": (0, (4, 1.5))}
_FLOOR = (0, (1, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One answer: its time in microseconds as a mark, its error, and what that is held against."""

    mark: Mark
    error: float
    bound: float | None
    cell: CellReadings


def _columns(width: float | None) -> int:
    if width is None:
        return COLUMNS
    return COLUMNS_IN_A_COLUMN if narrow(width) else COLUMNS_IN_PRINT


def pareto_panes(width: float | None) -> int:
    """Panes of one sheet of a width, None where it is as wide as it needs to be.

    >>> pareto_panes(None), pareto_panes(3.4)
    (12, 8)
    """
    return 12 if width is None else ROWS * _columns(width)


def front(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Those (time, error) of which no other is as fast and as right, and better in one; by rising time.

    >>> front([(1.0, 1e-7), (2.0, 1e-16), (3.0, 1e-16), (4.0, 1e-17), (5.0, 1e-3)])
    [(1.0, 1e-07), (2.0, 1e-16), (4.0, 1e-17)]
    """
    found: list[tuple[float, float]] = []
    for time, error in sorted(set(points)):
        if not found or error < found[-1][1]:
            found.append((time, error))
    return found


def draw_pareto(run: RunReadings, view: View, phase: str, name: str) -> Plot:
    """A point for every judged answer that was timed: figures of the tables ``cells`` and ``accuracy``.

    The front joins the ranked answers that no other ranked one beats in both, over precisions and kinds,
    because the error that sets these apart is an axis here; never over numbers of threads or gate modes.
    Raises ``NothingToDrawError`` where no cell in view has both figures.
    """
    shared, series = series_of(run, view.palette)
    by_key = {one.key: one for one in series}
    cells = [cell for workload in view.workloads for cell in view.cells(run, workload)]
    points: dict[tuple[str, str], list[Point]] = {}
    missing = []
    for cell in cells:
        point = _point(cell, run, phase, by_key)
        if point is None:
            missing.append(cell)
        else:
            points.setdefault((cell.workload, cell.circuit_id), []).append(point)
    because = "without a time or an error"
    if not points:
        raise NothingToDrawError(
            f"no errors against times of {phase} to draw: {left_out(missing, because) or 'no cell'}"
        )
    rows: list[Row] = []
    columns = _columns(view.width)
    drawn_on: list[tuple[Scale, list[Mark]]] = []
    words: dict[str, None] = {}
    facts = view.facts(run)
    for workload in view.workloads:
        mine = {p: points[workload, p] for p in view.problems if (workload, p) in points}
        if not mine:
            continue
        kind = next(iter(mine.values()))[0].cell.task["kind"]
        up = _errors(kind, [point for found in mine.values() for point in found])
        words[f"{plain(workload)}: {answer_error(kind).words}"] = None
        across = f"{phase} {clock_name(run)} per call"
        panes = [
            _pane(f"{plain(facts[p]['name'])} ({facts[p]['qubits']})", found, across, up, _size(series))
            for p, found in mine.items()
        ]
        drawn_on += [(one.across, [p.mark for p in on]) for one, on in zip(panes, mine.values(), strict=True)]
        for at in range(0, len(panes), columns):
            row = [replace(pane, bare=place > 0) for place, pane in enumerate(panes[at : at + columns])]
            rows.append(Row(heading=plain(workload) if at == 0 else "", panes=tuple(row)))
    every = [point for found in points.values() for point in found]
    seen = {point.mark.series.key for point in every}
    drawn = tuple(one for one in series if one.key in seen)
    heading = Heading(
        title=f"{phase}: error against time, {suite_name(run)}",
        lines=(conditions(run, shared), machine_class(run)),
        width=view.width,
        notes=tuple(
            filter(None, [*_notes(every, words), *leaving(drawn_on), left_out(missing, because), view.note])
        ),
    )
    lines = [line_entry(text, dashes) for text, dashes in _bound_words(every).items()]
    if any(map(_candidates, points.values())):
        line = {"color": _FRONT["color"], "linewidth": _FRONT["linewidth"]}
        lines.insert(0, Entry(text="front: none faster and as right", line=line))
    entries = [*series_entries(drawn, lines=False), *line_entries(lines, [point.cell for point in every])]
    entries += look_entries(dict(Counter(point.mark.look for point in every)))
    return Plot(
        name=name,
        title=heading.title,
        caption=(*heading.lines, *heading.notes, *_told(points, facts)),
        figure=grid(heading, rows, entries),
    )


def _size(series: Sequence[Series]) -> float:
    return mark_size(len(series))


def _point(
    cell: CellReadings, run: RunReadings, phase: str, by_key: Mapping[SeriesKey, Series]
) -> Point | None:
    main = answer_error(cell.task["kind"])
    figures = cell.outcome.figures if cell.outcome else {}
    error = figures.get(main.figure)
    bound = figures.get(main.allowed) if main.counted or bounded(cell) else None
    warm, look = cell.warm(phase, run.metric), look_of(cell, cell.verdict)
    if error is None or not math.isfinite(error) or warm is None or look is None:
        return None
    digits = 3 if main.counted else 2  # as the table accuracy has them
    return Point(
        mark=mark_of(cell, warm, by_key, scale=_US, look=look),
        error=float(rounded(float(error), digits)),
        bound=None if bound is None or not math.isfinite(bound) else float(rounded(float(bound), digits)),
        cell=cell,
    )


def _errors(kind: str, points: Sequence[Point]) -> Scale:
    main = answer_error(kind)
    values = [point.error for point in points]
    values += [point.bound for point in points if point.bound is not None]
    most = 1.0 if main.counted else math.inf
    return error_scale(main.words, values, main.zero_below, most)


def _pane(title: str, points: Sequence[Point], across: str, up: Scale, size: float) -> Pane:
    marks = [point.mark for point in points]
    return Pane(
        title=title,
        across=time_scale(across, [mark.value for mark in marks], ends_of(marks)),
        up=up,
        size=SIZE,
        draw=partial(_draw, points=points, up=up, size=size),
    )


def _draw(axes: Axes, points: Sequence[Point], up: Scale, size: float) -> None:
    bounds = {(point.bound, point.mark.series.key, _dashes(point)): None for point in points if point.bound}
    for bound, dashes in dict.fromkeys((bound, dashes) for bound, _, dashes in bounds):
        style: dict[str, Any] = {"color": INK, "linewidth": 0.7, "linestyle": dashes, "zorder": 1.5}
        axes.axhline(up.place(float(bound or 0.0)), **style)
    settings = dict.fromkeys((point.cell.threads, point.cell.gate_mode) for point in points)
    for setting in settings:
        mine = [point for point in points if (point.cell.threads, point.cell.gate_mode) == setting]
        best = [(time, up.place(error)) for time, error in front(_candidates(mine))]
        if best:  # steps: what the front dominates lies above and to the right of it
            x = [best[0][0], *(time for time, _ in best), axes.get_xlim()[1]]
            y = [axes.get_ylim()[1], *(error for _, error in best), best[-1][1]]
            axes.plot(x, y, drawstyle="steps-post", **_FRONT)
    for point in points:
        mark, place = point.mark, up.place(point.error)
        if mark.low is not None and mark.high is not None:
            axes.plot([mark.low, mark.high], [place] * 2, color=mark.series.colour, linewidth=0.9, zorder=3)
        draw_marks(axes, mark.series, [mark.value], [place], [mark], size)


def _candidates(points: Sequence[Point]) -> list[tuple[float, float]]:
    """Time and error of what a front may hold: ranked answers, and no counts, which differ by chance."""
    return [(point.mark.value, point.error) for point in points if point.cell.ranked and not _counts(point)]


def _counts(point: Point) -> bool:
    return answer_error(point.cell.task["kind"]).counted


def _dashes(point: Point) -> object:
    return _FLOOR if _counts(point) else _BOUNDS.get(point.cell.facts["precision"], _FLOOR)


def _bound_words(points: Sequence[Point]) -> dict[str, object]:
    found: dict[str, object] = {}
    for point in points:
        if point.bound is not None:
            text = (
                "shot noise alone, mean" if _counts(point) else f"{ALLOWED}, {point.cell.facts['precision']}"
            )
            found.setdefault(text, _dashes(point))
    return found


def _notes(points: Sequence[Point], words: Mapping[str, None]) -> list[str]:
    notes = [
        "Left is faster, down is more right. The front joins the ranked answers which no other ranked one "
        "beats in both, whatever its precision and kind: the error that keeps these classes apart in the "
        "tables is an axis here. Below its bound every exact answer is right, so a step there is no reason "
        "to choose. Bars: 95 % intervals of the time.",
        f"Errors: {'; '.join(words)}.",
    ]
    if approximate := approximate_words(point.cell for point in points):
        notes.append(approximate)
    if any(map(_counts, points)):
        notes.append(
            "Samples have no front: their distances from the exact distribution differ by chance; whether "
            "one passes is decided by statistical tests."
        )
    mains = [(point.error, answer_error(point.cell.task["kind"]).zero_below) for point in points]
    for least, zeros in sorted(Counter(least for error, least in mains if error < least).items()):
        notes.append(f"The strip 0 holds {counted(zeros, 'answer')} below {power_text(least)}.")
    return notes


def _told(
    points: Mapping[tuple[str, str], Sequence[Point]], facts: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    """What the caption says: who is on the front of each circuit."""
    told = []
    for (workload, problem), mine in points.items():
        ranked = [point for point in mine if point.cell.ranked]
        best = set(front(_candidates(mine)))
        names = [
            point.mark.series.label
            for point in sorted(ranked, key=lambda point: point.mark.value)
            if (point.mark.value, point.error) in best
        ]
        if names and len({(point.cell.threads, point.cell.gate_mode) for point in ranked}) == 1:
            told.append(plain(f"{workload}, {facts[problem]['name']}, front: {', '.join(names)}"))
    return told
