"""Values against numbers of qubits: a section per workload, in it one axis per family, one scale for all."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from qbench.report.plots.blocks import Block, blocks_of, rows_of
from qbench.report.plots.heading import Heading
from qbench.report.plots.legend import Entry, Legend
from qbench.report.plots.lettering import broken, measured, plain
from qbench.report.plots.marks import Mark, draw_bars, draw_marks, mark_size
from qbench.report.plots.print_width import AXIS_ROOM, narrow, print_room
from qbench.report.plots.scales import Scale
from qbench.report.plots.sheet import FAINT, INK, PALE, Box, Sheet
from qbench.report.plots.side_by_side import places_of, shifts_of
from qbench.report.plots.styles import Look, Series

__all__ = ["Rule", "Section", "chart", "chart_rows"]

LEFT = 0.80  # the scale's labels and its title
ROOM = 8.6
COMFORTABLE = 6.4
STRETCH = 1.8  # at most, where there are few circuits
BETWEEN = 0.10
HEIGHT, HEIGHT_IN_A_COLUMN = 2.35, 1.8
SLOT = 0.44
NARROWEST = 0.74
PER_POINT = 0.066  # of a slot, per simulator: points side by side
PER_LINE = 0.075  # closer: lines may cross
WIDEST_ON_LINE = 0.9  # so that a family of many sizes keeps to its row
# On a sheet for print, where points come closer.
SLOT_IN_PRINT, WIDEST_IN_PRINT = 0.34, 0.52
PER_POINT_IN_PRINT, PER_LINE_IN_PRINT = 0.05, 0.06
LABEL = 7.5
HEADING = 9.5
HEADING_STEP = 0.17  # inches, from one line to the next


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A short level line at one circuit: what a value is to be held against."""

    problem: str
    value: float
    dashes: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One workload: what is drawn, on which scale; ``message`` where there is nothing to draw.

    ``problems`` are the circuits that it asks about, so that none of the others has empty axes.
    """

    heading: str
    marks: tuple[Mark, ...] = ()
    rules: tuple[Rule, ...] = ()
    scale: Scale | None = None
    message: str = ""
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What all sections of a sheet share; ``left`` is where their axes begin, in inches."""

    sheet: Sheet
    heading: Heading
    series: Sequence[Series]
    connected: bool
    left: float


def _widths(blocks: Sequence[Block], series: int, connected: bool, width: float | None) -> list[float]:
    """Of the axes; on a sheet for print of this ``width`` no wider than a row's room."""
    if width is None:
        lines, points = max(SLOT, min(WIDEST_ON_LINE, PER_LINE * series)), max(SLOT, PER_POINT * series)
    else:
        lines = max(SLOT_IN_PRINT, min(WIDEST_IN_PRINT, PER_LINE_IN_PRINT * series))
        points = max(SLOT_IN_PRINT, PER_POINT_IN_PRINT * series)
    slots = [lines if connected and len(block.problems) > 1 else points for block in blocks]
    found = [max(NARROWEST, s * (len(b.problems) + 0.3)) for s, b in zip(slots, blocks, strict=True)]
    return found if width is None else [min(one, _room(width)) for one in found]


def _room(width: float | None) -> float:
    """For the axes of a row."""
    return ROOM if width is None else print_room(width) - AXIS_ROOM - 0.06


def chart_rows(
    problems: Mapping[str, Mapping[str, Any]], series: int, *, connected: bool, width: float | None = None
) -> list[list[Block]]:
    """The blocks of a section in its rows of axes; ``connected`` where lines join a family's points.

    ``width`` is that of a sheet for print.
    """
    blocks = blocks_of(problems)
    rows = rows_of(_widths(blocks, series, connected, width), _room(width), BETWEEN)
    return [[blocks[position] for position in row] for row in rows]


def chart(
    heading: Heading,
    problems: Mapping[str, Mapping[str, Any]],
    sections: Sequence[Section],
    entries: Sequence[Entry],
    series: Sequence[Series],
    *,
    connected: bool,
) -> Figure:
    """The sheet: heading, sections with the legend beside them (for print under them), notes."""
    asked = [{problem: problems[problem] for problem in section.problems} for section in sections]
    rows = [chart_rows(facts, len(series), connected=connected, width=heading.width) for facts in asked]
    widths = [[_widths(row, len(series), connected, heading.width) for row in found] for found in rows]
    widths = _stretched(widths, heading.width)
    widest = max([sum(row) + BETWEEN * (len(row) - 1) for found in widths for row in found], default=0.0)
    left = heading.margin + (LEFT if heading.width is None else AXIS_ROOM)
    legend = Legend(entries=tuple(entries), room=heading.width and print_room(heading.width))
    content = max(widest, heading.least_width - LEFT - legend.width)
    sheet = Sheet(heading.width or left + content + 0.2 + legend.width + heading.margin)
    top = y = heading.draw(sheet) + 0.06
    page = _Page(sheet=sheet, heading=heading, series=series, connected=connected, left=left)
    room = left - heading.margin + (widest or content) + 0.1  # the legend begins there
    for section, section_rows, section_widths in zip(sections, rows, widths, strict=True):
        y = _section(page, section, section_rows, section_widths, y, room)
    y = legend.draw(sheet, (left + widest + 0.2, top + 0.06), (heading.margin, y))
    return sheet.finish(heading.draw_notes(sheet, y + 0.05))


def _stretched(widths: list[list[list[float]]], width: float | None) -> list[list[list[float]]]:
    """The axes as wide as they may be: few circuits have more room; for print every row is filled."""
    goal = COMFORTABLE if width is None else _room(width)

    def stretch(row: Sequence[float]) -> float:
        return max(1.0, min(STRETCH, (goal - BETWEEN * (len(row) - 1)) / sum(row)))

    least = min((stretch(row) for found in widths for row in found), default=1.0)
    return [
        [[one * (least if width is None else stretch(row)) for one in row] for row in found]
        for found in widths
    ]


def _section(
    page: _Page,
    section: Section,
    rows: Sequence[Sequence[Block]],
    widths: Sequence[Sequence[float]],
    y: float,
    room: float,
) -> float:
    """Draws one section from ``y`` down, its heading no wider than ``room``; returns where it ends."""
    sheet, left, margin = page.sheet, page.left, page.heading.margin
    height = HEIGHT_IN_A_COLUMN if narrow(page.heading.width) else HEIGHT
    for part in broken(section.heading, HEADING, room, bold=True):
        sheet.text(margin, y + 0.14, part, size=HEADING, bold=True)
        y += HEADING_STEP
    y += 0.22 - HEADING_STEP
    if section.scale is None:
        return (
            sheet.paragraph(left, y, section.message, sheet.width - left - margin, size=8, colour=FAINT) + 0.1
        )
    for row, row_widths in zip(rows, widths, strict=True):
        titles = [
            broken(plain(b.label), LABEL, w + BETWEEN - 0.06) for b, w in zip(row, row_widths, strict=True)
        ]
        lines = max(map(len, titles))
        y += lines * LABEL * 1.3 / 72 + 0.03
        x = left
        for position, (block, width, title) in enumerate(zip(row, row_widths, titles, strict=True)):
            axes = sheet.axes(Box(x, y, width, height))
            for line, text in enumerate(reversed(title)):
                where = y - 0.05 - line * LABEL * 1.3 / 72
                sheet.text(x + width / 2, where, text, size=LABEL, ha="center")
            across = _Across(block, page.connected and len(block.problems) > 1, width)
            _frame(axes, across, section.scale, labelled=position == 0)
            _draw(axes, across, section, page)
            x += width + BETWEEN
        middle = y + height / 2
        beside = left - 0.12 - max(measured(text, LABEL) for _, text in section.scale.ticks)
        sheet.text(beside, middle, section.scale.label, size=8, rotation=90, ha="center")
        sheet.text((left + x - BETWEEN) / 2, y + height + 0.31, "qubits", size=8, ha="center")
        y += height + 0.40
    return y + 0.08


@dataclass(frozen=True, slots=True)
class _Across:
    """The horizontal axis of a block, ``width`` inches wide: qubits where lines join, else columns."""

    block: Block
    joined: bool
    width: float

    @property
    def places(self) -> tuple[int, ...]:
        return places_of(self.block, self.joined)

    @property
    def gap(self) -> int:
        """From one place to the next, at least."""
        return self.block.gap if self.joined else 1

    @property
    def reach(self) -> float:
        """How far the axis goes beyond the first and the last place."""
        return 0.65 * self.gap if self.joined else 0.5

    @property
    def unit(self) -> float:
        """Inches of one qubit, or of one column."""
        return self.width / (self.places[-1] - self.places[0] + 2 * self.reach)


def _frame(axes: Axes, across: _Across, scale: Scale, *, labelled: bool) -> None:
    axes.set_yscale("log")
    axes.set_ylim(scale.low, scale.high)
    axes.set_yticks([value for value, _ in scale.ticks], [text for _, text in scale.ticks])
    axes.set_yticks(scale.minor if labelled else [], minor=True)
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_xlim(across.places[0] - across.reach, across.places[-1] + across.reach)
    axes.set_xticks(across.places, _tick_labels(across))
    for place in () if across.joined else across.places[1:]:
        axes.axvline(place - 0.5, color=PALE, linewidth=1.0, zorder=1)
    axes.tick_params(axis="both", labelsize=LABEL, length=2.5, pad=2)
    axes.tick_params(axis="y", which="minor", length=1.5)
    if not labelled:
        axes.tick_params(axis="y", which="both", labelleft=False, length=0)
    axes.grid(axis="y", color=PALE, linewidth=0.5)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    if not labelled:
        axes.spines["left"].set_color(PALE)
    if scale.zero is not None:
        axes.axhspan(scale.low, scale.zero * (scale.zero / scale.low), color="#F2F2F2", zorder=0)


def _tick_labels(across: _Across) -> list[str]:
    """Every size, unless two labels would touch: then the middle ones give way."""
    texts = [str(size) for size in across.block.qubits]
    last = float(across.places[0])
    for position in range(1, len(texts)):
        room = (across.places[position] - last) * across.unit
        if room < measured(texts[position], LABEL) + 0.05:
            texts[position] = ""
        else:
            last = across.places[position]
    return texts


def _draw(axes: Axes, across: _Across, section: Section, page: _Page) -> None:
    assert section.scale is not None
    place, series, block = section.scale.place, page.series, across.block
    where = dict(zip(block.problems, across.places, strict=True))
    for rule in section.rules:
        if rule.problem in where:
            half = 0.45 * across.gap
            ends = [where[rule.problem] - half, where[rule.problem] + half]
            style: dict[str, Any] = {"color": INK, "linewidth": 0.9, "linestyle": rule.dashes, "zorder": 2}
            axes.plot(ends, [place(rule.value)] * 2, **style)
    by_series: dict[tuple[str, int, str], list[Mark]] = {}
    for mark in section.marks:
        if mark.problem in where:
            by_series.setdefault(mark.series.key, []).append(mark)
    size = mark_size(len(series))
    slot = math.inf if page.heading.width is None else across.gap * across.unit
    shifts, borders = shifts_of(block, series, across.joined, slot)
    for border in borders:
        axes.axvline(across.places[0] + border, color=PALE, linewidth=0.7, linestyle=(0, (2, 2)), zorder=1)
    for one, shift in zip(series, shifts, strict=True):
        marks = sorted(by_series.get(one.key, ()), key=lambda mark: where[mark.problem])
        x = [where[mark.problem] + shift for mark in marks]
        y = [place(mark.value) for mark in marks]
        if across.joined:
            _join(axes, one, [where[mark.problem] for mark in marks], y, marks)
        draw_bars(axes, one, x, marks)
        draw_marks(axes, one, x, y, marks, size)


def _join(axes: Axes, one: Series, x: Sequence[float], y: Sequence[float], marks: Sequence[Mark]) -> None:
    """A line through what passed, at the true numbers of qubits; wrong answers are no part of it."""
    kept = [position for position, mark in enumerate(marks) if mark.look is not Look.WRONG]
    if len(kept) > 1:
        style: dict[str, Any] = {"color": one.colour, "linewidth": 0.8, "linestyle": one.dashes, "alpha": 0.8}
        axes.plot([x[position] for position in kept], [y[position] for position in kept], zorder=2.5, **style)
