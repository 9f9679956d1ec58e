"""Panes in rows, each with axes of its own, and where curves differ from pane to pane a legend of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qbench.report.plots.frames import frame, roomy
from qbench.report.plots.heading import Heading
from qbench.report.plots.legend import Entry, Legend, draw_legend, draw_under, legend_size, under_height
from qbench.report.plots.lettering import broken, measured, shortened
from qbench.report.plots.print_width import print_room
from qbench.report.plots.scales import Scale
from qbench.report.plots.sheet import Box, Sheet

__all__ = ["Pane", "Row", "grid"]

LABEL = 7.5
TITLE = 7.8
AXIS = 8.0
BESIDE = 0.16  # between a pane and its own legend
BETWEEN = 0.18
ABOVE = 0.24  # a title
BELOW = 0.44  # tick labels and the title of the axis
LEAST_LEFT = 0.12
AFTER = 0.1  # a legend under a pane
STRETCH = 1.6  # of panes for print, at most
LEAST_HEIGHT = 0.8  # of a pane's, where it is made narrower for print


@dataclass(frozen=True, slots=True, kw_only=True)
class Pane:
    """One pair of axes, ``size`` in inches, and what draws into them.

    ``bare`` axes have no labels on the left: they share those of the pane before them in the row.  ``under``
    is where its own legend stands: under it, for print, and else beside it.
    """

    title: str
    across: Scale
    up: Scale
    draw: Callable[[Axes], None]
    size: tuple[float, float]
    entries: tuple[Entry, ...] = ()
    bare: bool = False
    under: bool = False

    @property
    def left(self) -> float:
        """The room of what stands on the left of the axes."""
        if self.bare:
            return LEAST_LEFT
        return 0.34 + max(measured(text, LABEL) for _, text in self.up.ticks) if self.up.ticks else 0.34

    @property
    def width(self) -> float:
        """All of it, with its own legend."""
        beside = BESIDE + legend_size(self.entries)[0] if self.entries and not self.under else 0.0
        return self.left + self.size[0] + beside

    @property
    def height(self) -> float:
        """Of the axes, or of a legend that is higher than they are; of both, where it stands under them."""
        if not self.entries:
            return self.size[1]
        if self.under:
            return self.size[1] + under_height(self.entries, self.legend_room) + AFTER
        return max(self.size[1], legend_size(self.entries)[1] - BELOW + 0.1)

    @property
    def legend_room(self) -> float:
        """The width of a legend that stands under it."""
        return self.left + self.size[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Panes side by side, under a heading."""

    panes: tuple[Pane, ...]
    heading: str = ""


def grid(heading: Heading, rows: Sequence[Row], entries: Sequence[Entry] = ()) -> Figure:
    """The sheet: rows of panes, beside them (for print under them) the legend that all share, and the notes.

    The panes of a column stand under each other: what is on the left of their axes has the same room.
    """
    if heading.width is not None:
        rows = _fitted(rows, print_room(heading.width) - 0.06)
    lefts, widths = _columns(rows)
    content = sum(lefts) + sum(widths) + BETWEEN * (len(lefts) - 1)
    legend = Legend(entries=tuple(entries), room=heading.width and print_room(heading.width))
    room = max(content, heading.least_width - legend.width)
    natural = heading.margin + room + (0.2 + legend.width if entries else 0.0) + heading.margin
    sheet = Sheet(heading.width or natural)
    top = y = heading.draw(sheet) + 0.06
    for row in rows:
        for part in broken(row.heading, 9.5, content, bold=True) if row.heading else ():
            sheet.text(heading.margin, y + 0.14, part, size=9.5, bold=True)
            y += 0.19
        titles = [
            broken(pane.title, TITLE, pane.size[0] + (0.0 if pane.bare else 0.2)) if pane.title else []
            for pane in row.panes
        ]
        y += ABOVE + max(0, max(map(len, titles)) - 1) * TITLE * 1.3 / 72 if any(titles) else 0.06
        x = heading.margin
        for pane, title, left, width in zip(row.panes, titles, lefts, widths, strict=False):
            _pane(sheet, pane, title, x + left, y)
            x += left + width + BETWEEN
        y += max(pane.height for pane in row.panes) + BELOW
    y = legend.draw(sheet, (heading.margin + content + 0.2, top + 0.06), (heading.margin, y))
    return sheet.finish(heading.draw_notes(sheet, y + 0.08))


def _columns(rows: Sequence[Row]) -> tuple[list[float], list[float]]:
    """What every column has on the left of its axes, and their widths with legends that stand beside."""
    columns = [[row.panes[at] for row in rows if at < len(row.panes)] for at in range(_most(rows))]
    lefts = [max(pane.left for pane in column) for column in columns]
    return lefts, [max(pane.width - pane.left for pane in column) for column in columns]


def _most(rows: Sequence[Row]) -> int:
    return max(len(row.panes) for row in rows)


def _fitted(rows: Sequence[Row], room: float) -> list[Row]:
    """The panes as wide as a sheet for print has room, with their own legends under them."""
    under = [replace(row, panes=tuple(replace(pane, under=True) for pane in row.panes)) for row in rows]
    lefts, widths = _columns(under)
    factor = min(STRETCH, (room - sum(lefts) - BETWEEN * (len(lefts) - 1)) / sum(widths))

    def resized(pane: Pane) -> Pane:
        width, height = pane.size
        return replace(pane, size=(width * factor, height * min(1.0, max(LEAST_HEIGHT, factor))))

    return [replace(row, panes=tuple(map(resized, row.panes))) for row in under]


def _pane(sheet: Sheet, pane: Pane, title: Sequence[str], x: float, y: float) -> None:
    width, height = pane.size
    for line, text in enumerate(reversed(title)):
        sheet.text(x + width / 2, y - 0.06 - line * TITLE * 1.3 / 72, text, size=TITLE, ha="center")
    axes = sheet.axes(Box(x, y, width, height))
    frame(axes, roomy(pane.across, width), pane.up, labelled=not pane.bare)
    pane.draw(axes)
    if not pane.bare:
        label = shortened(pane.up.label, AXIS, height + 0.7)
        sheet.text(x - pane.left + 0.2, y + height / 2, label, size=AXIS, rotation=90, ha="center")
    across = shortened(pane.across.label, AXIS, width + LEAST_LEFT + 0.1)
    sheet.text(x + width / 2, y + height + 0.32, across, size=AXIS, ha="center")
    if pane.entries and pane.under:
        draw_under(sheet, pane.entries, (x - pane.left + 0.06, y + height + BELOW), pane.legend_room)
    elif pane.entries:
        draw_legend(sheet, pane.entries, x + width + BESIDE, y - 0.06)
