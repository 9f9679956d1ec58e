"""The sheet of a verdict map: a tile with a letter for each cell, a map for each workload."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from qbench.analysis.readings import CellReadings, RunReadings
from qbench.model import Verdict
from qbench.report.plots.blocks import rows_of
from qbench.report.plots.heading import Heading
from qbench.report.plots.legend import Entry, Legend
from qbench.report.plots.lettering import measured, plain, shortened
from qbench.report.plots.plot import View
from qbench.report.plots.print_width import print_room
from qbench.report.plots.sheet import INK, Box, Sheet
from qbench.report.plots.styles import Series, key_of
from qbench.report.plots.tiles import Tiling, tiling

__all__ = ["BETWEEN", "BLOCKING", "FILLS", "OTHER", "ROOM", "WIDTH", "draw_verdict_maps", "other_flags"]

WIDTH, HEIGHT = 0.25, 0.20  # of one cell, inches
SIZE = 7.2
LABEL = 9.5
MOST_LABEL = 3.2
BETWEEN = 0.3  # maps
ROOM = 11.0


class _Fill(NamedTuple):
    colour: str
    symbol: str
    ink: str = INK


# What passed is pale, what failed is loud; the letter says the same without the colour.
FILLS: Mapping[Verdict | None, _Fill] = {
    Verdict.OK: _Fill("#BFE5D9", "✓"),
    Verdict.APPROXIMATE: _Fill("#8CCBF0", "≈"),
    Verdict.WRONG: _Fill("#B84300", "✗", "#FFFFFF"),
    Verdict.UNSUPPORTED: _Fill("#EDEDED", "u", "#555555"),
    Verdict.NOT_INSTALLED: _Fill("#FFFFFF", "n", "#555555"),
    Verdict.TIMEOUT: _Fill("#E69F00", "T"),
    Verdict.OOM: _Fill("#CC79A7", "M"),
    Verdict.CRASH: _Fill("#222222", "C", "#FFFFFF"),
    Verdict.ERROR: _Fill("#0072B2", "E", "#FFFFFF"),
    None: _Fill("#FFFFFF", "?", "#555555"),
}
# Both have a place of their own in a cell, on its right.
BLOCKING: dict[str, object] = {"marker": "^", "markersize": 3.0, "color": INK}
OTHER: dict[str, object] = {
    "marker": "o",
    "markersize": 2.4,
    "color": INK,
    "markerfacecolor": "white",
    "markeredgewidth": 0.6,
}


def other_flags(cell: CellReadings) -> tuple[str, ...]:
    """Its flags that do not keep it out of the ranking."""
    return tuple(flag for flag in cell.flags if flag not in cell.blocking_flags)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Map:
    """One workload: the circuits that it asks about, whom it asks, and their cells."""

    title: str
    problems: tuple[str, ...]
    series: tuple[Series, ...]
    cells: tuple[CellReadings, ...]

    @property
    def sparse(self) -> bool:
        """Whether not everybody is asked about every circuit."""
        return len(self.cells) < len(self.problems) * len(self.series)


def _maps(run: RunReadings, view: View, series: Sequence[Series]) -> list[_Map]:
    found = []
    for workload in view.workloads:
        cells = tuple(view.cells(run, workload))
        asked = {key_of(cell) for cell in cells}
        found.append(
            _Map(
                title=shortened(plain(workload), LABEL, MOST_LABEL, bold=True),
                problems=view.of(run, workload).problems,
                series=tuple(one for one in series if one.key in asked),
                cells=cells,
            )
        )
    return found


def draw_verdict_maps(
    run: RunReadings, view: View, series: Sequence[Series], heading: Heading, entries: Sequence[Entry]
) -> Figure:
    maps = _maps(run, view, series)
    found = tiling(view.facts(run), heading, WIDTH, ROOM, max(len(one.series) for one in maps))
    beside = found.left - heading.margin
    slots = [
        max(beside + found.width * len(one.series), measured(one.title, LABEL, bold=True)) for one in maps
    ]
    rows = rows_of(slots, found.room, BETWEEN)
    legend = Legend(entries=tuple(entries), room=heading.width and print_room(heading.width))
    content = max(sum(slots[at] for at in row) + BETWEEN * (len(row) - 1) for row in rows)
    least = max(content, heading.least_width - legend.width)
    sheet = Sheet(heading.width or heading.margin + least + 0.25 + legend.width + heading.margin)
    top = y = heading.draw(sheet) + 0.06
    for row in rows:
        x, deepest = heading.margin, y
        for at in row:
            one = maps[at]
            head = found.head([series.label for series in one.series])
            box = Box(x + beside, y + 0.2 + head, found.width * len(one.series), HEIGHT * len(one.problems))
            sheet.text(x, y + 0.14, one.title, size=LABEL, bold=True)
            axes = sheet.axes(box)
            _axes(axes, one, found)
            _fill(axes, one)
            deepest = max(deepest, box.top + box.height)
            x += slots[at] + BETWEEN
        y = deepest + 0.2
    told = "numbers in brackets: qubits" + "; blank: not asked about" * any(one.sparse for one in maps)
    if heading.width is None:
        place = heading.margin + content + 0.2, top + 0.06
        y = legend.draw(sheet, place, (heading.margin, y - 0.1)) + 0.1
        sheet.text(heading.margin, y + 0.02, told, size=SIZE)
        return sheet.finish(heading.draw_notes(sheet, y + 0.12))
    sheet.text(heading.margin, y, told, size=SIZE)
    return sheet.finish(heading.draw_notes(sheet, legend.draw(sheet, (0, 0), (heading.margin, y + 0.08))))


def _axes(axes: Axes, one: _Map, found: Tiling) -> None:
    axes.set_xlim(-0.5, len(one.series) - 0.5)
    axes.set_ylim(len(one.problems) - 0.5, -0.5)
    axes.xaxis.tick_top()
    columns = [found.short(series.label) for series in one.series]
    axes.set_xticks(range(len(columns)), columns, rotation=90, fontsize=SIZE)
    axes.set_yticks(range(len(one.problems)), [found.names[p] for p in one.problems], fontsize=SIZE)
    axes.tick_params(length=0, pad=2)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _fill(axes: Axes, one: _Map) -> None:
    column = {series.key: position for position, series in enumerate(one.series)}
    row = {problem: position for position, problem in enumerate(one.problems)}
    for cell in one.cells:
        x, y = column[key_of(cell)], row[cell.circuit_id]
        fill = FILLS[cell.verdict]
        axes.add_patch(
            Rectangle(
                (x - 0.46, y - 0.46), 0.92, 0.92, facecolor=fill.colour, edgecolor="#888888", linewidth=0.5
            )
        )
        axes.text(
            x - 0.07 * bool(cell.flags),
            y,
            fill.symbol,
            fontsize=7.5,
            color=fill.ink,
            ha="center",
            va="center_baseline",
        )
        for style, up, flags in ((BLOCKING, -0.22, cell.blocking_flags), (OTHER, 0.24, other_flags(cell))):
            if flags:
                seen: dict[str, Any] = {**style, "color": fill.ink}
                axes.plot([x + 0.31], [y + up], linestyle="none", **seen)
