"""Several axes side by side, both logarithmic: values against a number that is not that of qubits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qbench.report.plots.frames import frame, roomy
from qbench.report.plots.heading import Heading
from qbench.report.plots.legend import Entry, Legend
from qbench.report.plots.lettering import measured, shortened
from qbench.report.plots.marks import Mark, draw_bars, draw_marks, mark_size
from qbench.report.plots.print_width import AXIS_ROOM, print_room
from qbench.report.plots.scales import Scale
from qbench.report.plots.sheet import INK, Box, Sheet
from qbench.report.plots.styles import Series

__all__ = ["Curve", "Panel", "columns_in_print", "panels"]

LEFT = 0.80  # the scale's labels and its title
LABEL = 7.5
TITLE = 7.8
BETWEEN = 0.16
OVERHANG = 0.06  # of a label beyond its axis
BETWEEN_ROWS = 0.62
LEAST_WIDTH, LEAST_HEIGHT = 1.1, 1.4  # of a panel, for print
NUDGE = 0.02  # of the axis, from one simulator's points to the next one's
OF_THE_GAP = 0.7  # between two places, over all simulators


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A line of one simulator, or without ``series`` one that values are to be held against."""

    places: tuple[tuple[float, float], ...]
    dashes: object
    series: Series | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One pair of axes: each mark beside its place on the horizontal axis, and the curves through them."""

    title: str
    marks: tuple[tuple[float, Mark], ...]
    curves: tuple[Curve, ...] = ()


def columns_in_print(width: float, most: int) -> int:
    """How many panels a sheet for print has side by side.

    >>> columns_in_print(3.4, 4), columns_in_print(7.0, 4)
    (2, 4)
    """
    return max(1, min(most, int((_room(width) + BETWEEN) / (LEAST_WIDTH + BETWEEN))))


def _room(width: float) -> float:
    return print_room(width) - AXIS_ROOM - 0.06


def _in_print(width: float, columns: int, size: tuple[float, float]) -> tuple[float, float]:
    """Panels that fill a sheet for print, lower where they are narrow."""
    each = (_room(width) + BETWEEN) / columns - BETWEEN
    return each, min(size[1], max(LEAST_HEIGHT, 0.9 * each))


def panels(
    heading: Heading,
    shown: Sequence[Panel],
    scales: tuple[Scale, Scale],
    entries: Sequence[Entry],
    series: Sequence[Series],
    *,
    columns: int,
    size: tuple[float, float],
    spread: float,
) -> Figure:
    """The sheet: panels of one ``size`` in inches, all on the same horizontal and vertical ``scales``.

    ``spread`` is the share of the horizontal axis over which the points of one place may be set side by side.
    """
    nudges = _nudges(shown, scales[0], len(series), spread)
    columns = min(columns, len(shown))
    if heading.width is not None:
        columns = columns_in_print(heading.width, columns)
        size = _in_print(heading.width, columns, size)
    width, height = size
    legend = Legend(entries=tuple(entries), room=heading.width and print_room(heading.width))
    content = columns * width + (columns - 1) * BETWEEN
    left = heading.margin + (LEFT if heading.width is None else AXIS_ROOM)
    room = max(content, heading.least_width - LEFT - legend.width)
    sheet = Sheet(heading.width or left + room + 0.2 + legend.width + heading.margin)
    top = heading.draw(sheet) + 0.06
    y = top + 0.2
    for position, panel in enumerate(shown):
        column = position % columns
        if position and column == 0:
            y += height + BETWEEN_ROWS
        x = left + column * (width + BETWEEN)
        if panel.title:
            text = shortened(panel.title, TITLE, width)
            sheet.text(x + width / 2, y - 0.06, text, size=TITLE, ha="center")
        axes = sheet.axes(Box(x, y, width, height))
        frame(axes, roomy(scales[0], width, OVERHANG), scales[1], labelled=column == 0)
        _draw(axes, panel, series, nudges)
        if column == 0:
            beside = left - 0.12 - max(measured(label, LABEL) for _, label in scales[1].ticks)
            sheet.text(beside, y + height / 2, scales[1].label, size=8, rotation=90, ha="center")
        sheet.text(x + width / 2, y + height + 0.31, scales[0].label, size=8, ha="center")
    y = legend.draw(sheet, (left + content + 0.2, top + 0.06), (heading.margin, y + height + 0.40))
    return sheet.finish(heading.draw_notes(sheet, y + 0.05))


def _nudges(shown: Sequence[Panel], across: Scale, series: int, spread: float) -> list[float]:
    """By which factor each simulator's points are moved from their place."""
    places = sorted({x for panel in shown for x, _ in panel.marks})
    reach = across.high / across.low
    gap = min((math.log(b / a) / math.log(reach) for a, b in pairwise(places)), default=1.0)
    step = min(NUDGE * (series - 1), OF_THE_GAP * gap, spread) / max(1, series - 1)
    return [reach ** ((position - (series - 1) / 2) * step) for position in range(series)]


def _draw(axes: Axes, panel: Panel, series: Sequence[Series], nudges: Sequence[float]) -> None:
    for curve in panel.curves:
        colour = INK if curve.series is None else curve.series.colour
        style: dict[str, Any] = {"color": colour, "linewidth": 0.8, "linestyle": curve.dashes, "zorder": 2.5}
        axes.plot([x for x, _ in curve.places], [y for _, y in curve.places], **style)
    for one, nudge in zip(series, nudges, strict=True):
        mine = [(x, mark) for x, mark in panel.marks if mark.series.key == one.key]
        x, marks = [place * nudge for place, _ in mine], [mark for _, mark in mine]
        draw_bars(axes, one, x, marks)
        draw_marks(axes, one, x, [mark.value for mark in marks], marks, mark_size(len(series)))
