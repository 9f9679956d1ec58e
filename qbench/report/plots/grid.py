"""Panes in rows, each with axes of its own, and where curves differ from pane to pane a legend of its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter, NullLocator

from qbench.report.plots.heading import Heading
from qbench.report.plots.legend import Entry, draw_legend, legend_size
from qbench.report.plots.lettering import broken, measured, shortened
from qbench.report.plots.scales import Scale
from qbench.report.plots.sheet import MARGIN, PALE, Box, Sheet

__all__ = ["Pane", "Row", "frame", "grid"]

LABEL = 7.5
TITLE = 7.8
AXIS = 8.0
STRIP = "#F2F2F2"
BESIDE = 0.16  # between a pane and its own legend
BETWEEN = 0.18
ABOVE = 0.24  # a title
BELOW = 0.44  # tick labels and the title of the axis
LEAST_LEFT = 0.12
LEAST_BETWEEN = 0.1  # two labels of an axis
OVERHANG = 0.13  # of a label beyond its axis: two neighbours leave a gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Pane:
    """One pair of axes, ``size`` in inches, and what draws into them.

    ``bare`` axes have no labels on the left: they share those of the pane before them in the row.
    """

    title: str
    across: Scale
    up: Scale
    draw: Callable[[Axes], None]
    size: tuple[float, float]
    entries: tuple[Entry, ...] = ()
    bare: bool = False

    @property
    def left(self) -> float:
        """The room of what stands on the left of the axes."""
        if self.bare:
            return LEAST_LEFT
        return 0.34 + max(measured(text, LABEL) for _, text in self.up.ticks) if self.up.ticks else 0.34

    @property
    def width(self) -> float:
        """All of it, with its own legend."""
        beside = BESIDE + legend_size(self.entries)[0] if self.entries else 0.0
        return self.left + self.size[0] + beside

    @property
    def height(self) -> float:
        """Of the axes, or of a legend that is higher than they are."""
        return max(self.size[1], legend_size(self.entries)[1] - BELOW + 0.1) if self.entries else self.size[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Panes side by side, under a heading."""

    panes: tuple[Pane, ...]
    heading: str = ""


def grid(heading: Heading, rows: Sequence[Row], entries: Sequence[Entry] = ()) -> Figure:
    """The sheet: rows of panes, beside them the legend that all share, under them the notes.

    The panes of a column stand under each other: what is on the left of their axes has the same room.
    """
    columns = max(len(row.panes) for row in rows)
    lefts = [max(row.panes[at].left for row in rows if at < len(row.panes)) for at in range(columns)]
    widths = [
        max(row.panes[at].width - row.panes[at].left for row in rows if at < len(row.panes))
        for at in range(columns)
    ]
    content = sum(lefts) + sum(widths) + BETWEEN * (columns - 1)
    legend_width, legend_height = legend_size(entries)
    room = max(content, heading.least_width - legend_width)
    sheet = Sheet(MARGIN + room + (0.2 + legend_width if entries else 0.0) + MARGIN)
    top = y = heading.draw(sheet) + 0.06
    for row in rows:
        for part in broken(row.heading, 9.5, content, bold=True) if row.heading else ():
            sheet.text(MARGIN, y + 0.14, part, size=9.5, bold=True)
            y += 0.19
        titles = [
            broken(pane.title, TITLE, pane.size[0] + (0.0 if pane.bare else 0.2)) if pane.title else []
            for pane in row.panes
        ]
        y += ABOVE + max(0, max(map(len, titles)) - 1) * TITLE * 1.3 / 72 if any(titles) else 0.06
        x = MARGIN
        for pane, title, left, width in zip(row.panes, titles, lefts, widths, strict=False):
            _pane(sheet, pane, title, x + left, y)
            x += left + width + BETWEEN
        y += max(pane.height for pane in row.panes) + BELOW
    draw_legend(sheet, entries, MARGIN + content + 0.2, top + 0.06)
    y = max(y, top + 0.06 + legend_height)
    return sheet.finish(heading.draw_notes(sheet, y + 0.08))


def _pane(sheet: Sheet, pane: Pane, title: Sequence[str], x: float, y: float) -> None:
    width, height = pane.size
    for line, text in enumerate(reversed(title)):
        sheet.text(x + width / 2, y - 0.06 - line * TITLE * 1.3 / 72, text, size=TITLE, ha="center")
    axes = sheet.axes(Box(x, y, width, height))
    frame(axes, _roomy(pane.across, width), pane.up, labelled=not pane.bare)
    pane.draw(axes)
    if not pane.bare:
        label = shortened(pane.up.label, AXIS, height + 0.7)
        sheet.text(x - pane.left + 0.2, y + height / 2, label, size=AXIS, rotation=90, ha="center")
    sheet.text(x + width / 2, y + height + 0.32, pane.across.label, size=AXIS, ha="center")
    if pane.entries:
        draw_legend(sheet, pane.entries, x + width + BESIDE, y - 0.06)


def _roomy(scale: Scale, width: float) -> Scale:
    """The scale with the labels that have room on so many inches; the ticks stay."""
    place = float if scale.linear else math.log
    reach = place(scale.high) - place(scale.low)
    free = -math.inf
    ticks = []
    for value, text in scale.ticks:
        middle, half = width * (place(value) - place(scale.low)) / reach, measured(text, LABEL) / 2
        fits = middle - half >= free and middle - half >= -OVERHANG and middle + half <= width + OVERHANG
        ticks.append((value, text if fits else ""))
        if fits:
            free = middle + half + LEAST_BETWEEN
    return replace(scale, ticks=tuple(ticks))


def frame(axes: Axes, across: Scale, up: Scale, *, labelled: bool = True) -> None:
    """Limits, ticks and rules of a pair of axes; a strip where values below the smallest stand."""
    for axis, scale, name in ((axes.xaxis, across, "x"), (axes.yaxis, up, "y")):
        getattr(axes, f"set_{name}scale")("linear" if scale.linear else "log")
        getattr(axes, f"set_{name}lim")(scale.low, scale.high)
        axis.set_ticks([value for value, _ in scale.ticks], labels=[text for _, text in scale.ticks])
        if scale.minor:
            axis.set_ticks(scale.minor, minor=True)
        else:
            axis.set_minor_locator(NullLocator())
        axis.set_minor_formatter(NullFormatter())
    axes.tick_params(axis="both", labelsize=LABEL, length=2.5, pad=2)
    axes.tick_params(axis="both", which="minor", length=1.5)
    if not labelled:
        axes.tick_params(axis="y", which="both", labelleft=False, length=0)
        axes.spines["left"].set_color(PALE)
    axes.grid(axis="y", color=PALE, linewidth=0.5)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    if up.zero is not None:
        axes.axhspan(up.low, up.zero * (up.zero / up.low), color=STRIP, zorder=0)
