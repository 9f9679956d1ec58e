"""Values against numbers of qubits: a section per workload, in it one axis per family, one scale for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from qbench.report.plots.blocks import Block, blocks_of, rows_of
from qbench.report.plots.heading import Heading
from qbench.report.plots.legend import Entry, draw_legend, legend_size
from qbench.report.plots.lettering import broken, measured, plain
from qbench.report.plots.marks import Mark, draw_bars, draw_marks, mark_size
from qbench.report.plots.scales import Scale
from qbench.report.plots.sheet import FAINT, INK, MARGIN, PALE, Box, Sheet
from qbench.report.plots.styles import Look, Series

__all__ = ["Rule", "Section", "chart", "chart_rows"]

LEFT = 0.80  # the scale's labels and its title
ROOM = 8.6
COMFORTABLE = 6.4
BETWEEN = 0.10
HEIGHT = 2.35
SLOT = 0.44
NARROWEST = 0.74
PER_POINT = 0.066  # of a slot, per simulator: points side by side
PER_LINE = 0.075  # closer: lines may cross
WIDEST_ON_LINE = 0.9  # so that a family of many sizes keeps to its row
LABEL = 7.5
NOTE = 7.2
HEADING = 9.5
HEADING_STEP = 0.17  # inches, from one line to the next
# the share of a slot over which its points are set side by side
SPREAD = 0.84
SPREAD_IN_FAMILY = 0.76  # the next size follows
SPREAD_ON_LINE = 0.56


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


def _widths(blocks: Sequence[Block], series: int, connected: bool) -> list[float]:
    lines, points = max(SLOT, min(WIDEST_ON_LINE, PER_LINE * series)), max(SLOT, PER_POINT * series)
    slots = [lines if connected and len(block.problems) > 1 else points for block in blocks]
    return [max(NARROWEST, s * (len(b.problems) + 0.3)) for s, b in zip(slots, blocks, strict=True)]


def chart_rows(
    problems: Mapping[str, Mapping[str, Any]], series: int, *, connected: bool
) -> list[list[Block]]:
    """The blocks of a section in its rows of axes; ``connected`` where lines join a family's points."""
    blocks = blocks_of(problems)
    rows = rows_of(_widths(blocks, series, connected), ROOM, BETWEEN)
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
    """The sheet: heading, sections with the legend beside them, notes."""
    asked = [{problem: problems[problem] for problem in section.problems} for section in sections]
    rows = [chart_rows(facts, len(series), connected=connected) for facts in asked]
    widths = [[_widths(row, len(series), connected) for row in found] for found in rows]
    widest = max([sum(row) + BETWEEN * (len(row) - 1) for found in widths for row in found], default=0.0)
    legend_width, legend_height = legend_size(entries)
    if 0 < widest < COMFORTABLE:  # few circuits may have more room
        stretch = min(1.8, COMFORTABLE / widest)
        widths = [[[width * stretch for width in row] for row in found] for found in widths]
        widest *= stretch
    content = max(widest, heading.least_width - LEFT - legend_width)
    sheet = Sheet(MARGIN + LEFT + content + 0.2 + legend_width + MARGIN)
    top = y = heading.draw(sheet) + 0.06
    room = LEFT + (widest or content) + 0.1  # the legend begins there
    for section, section_rows, section_widths in zip(sections, rows, widths, strict=True):
        y = _section(sheet, section, section_rows, section_widths, series, y, connected, room)
    draw_legend(sheet, entries, MARGIN + LEFT + widest + 0.2, top + 0.06)
    y = max(y, top + 0.06 + legend_height)
    return sheet.finish(heading.draw_notes(sheet, y + 0.05))


def _section(
    sheet: Sheet,
    section: Section,
    rows: Sequence[Sequence[Block]],
    widths: Sequence[Sequence[float]],
    series: Sequence[Series],
    y: float,
    connected: bool,
    room: float,
) -> float:
    """Draws one section from ``y`` down, its heading no wider than ``room``; returns where it ends."""
    left = MARGIN + LEFT
    for part in broken(section.heading, HEADING, room, bold=True):
        sheet.text(MARGIN, y + 0.14, part, size=HEADING, bold=True)
        y += HEADING_STEP
    y += 0.22 - HEADING_STEP
    if section.scale is None:
        return (
            sheet.paragraph(left, y, section.message, sheet.width - left - MARGIN, size=8, colour=FAINT) + 0.1
        )
    for row, row_widths in zip(rows, widths, strict=True):
        titles = [
            broken(plain(b.label), LABEL, w + BETWEEN - 0.06) for b, w in zip(row, row_widths, strict=True)
        ]
        lines = max(map(len, titles))
        y += lines * LABEL * 1.3 / 72 + 0.03
        x = left
        for position, (block, width, title) in enumerate(zip(row, row_widths, titles, strict=True)):
            axes = sheet.axes(Box(x, y, width, HEIGHT))
            for line, text in enumerate(reversed(title)):
                where = y - 0.05 - line * LABEL * 1.3 / 72
                sheet.text(x + width / 2, where, text, size=LABEL, ha="center")
            _frame(axes, block, section.scale, labelled=position == 0)
            _draw(axes, block, section, series, connected)
            x += width + BETWEEN
        middle = y + HEIGHT / 2
        beside = left - 0.12 - max(measured(text, LABEL) for _, text in section.scale.ticks)
        sheet.text(beside, middle, section.scale.label, size=8, rotation=90, ha="center")
        sheet.text((left + x - BETWEEN) / 2, y + HEIGHT + 0.31, "qubits", size=8, ha="center")
        y += HEIGHT + 0.40
    return y + 0.08


def _frame(axes: Axes, block: Block, scale: Scale, *, labelled: bool) -> None:
    axes.set_yscale("log")
    axes.set_ylim(scale.low, scale.high)
    axes.set_yticks([value for value, _ in scale.ticks], [text for _, text in scale.ticks])
    axes.set_yticks(scale.minor if labelled else [], minor=True)
    axes.yaxis.set_minor_formatter(NullFormatter())
    reach = 0.65 * block.gap if len(block.qubits) > 1 else 0.5
    axes.set_xlim(block.qubits[0] - reach, block.qubits[-1] + reach)
    axes.set_xticks(block.qubits, _tick_labels(block))
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


def _tick_labels(block: Block) -> list[str]:
    """Every size, unless two labels would touch: then the middle ones give way."""
    texts = [str(size) for size in block.qubits]
    if len(texts) > 1:
        per_qubit = SLOT * (len(texts) + 0.3) / (block.qubits[-1] - block.qubits[0] + 1.3 * block.gap)
        last = float(block.qubits[0])
        for position in range(1, len(texts)):
            room = (block.qubits[position] - last) * per_qubit
            if room < measured(texts[position], LABEL) + 0.05:
                texts[position] = ""
            else:
                last = block.qubits[position]
    return texts


def _draw(axes: Axes, block: Block, section: Section, series: Sequence[Series], connected: bool) -> None:
    assert section.scale is not None
    place = section.scale.place
    where = dict(zip(block.problems, block.qubits, strict=True))
    for rule in section.rules:
        if rule.problem in where:
            half = 0.45 * block.gap
            ends = [where[rule.problem] - half, where[rule.problem] + half]
            style: dict[str, Any] = {"color": INK, "linewidth": 0.9, "linestyle": rule.dashes, "zorder": 2}
            axes.plot(ends, [place(rule.value)] * 2, **style)
    by_series: dict[tuple[str, int, str], list[Mark]] = {}
    for mark in section.marks:
        if mark.problem in where:
            by_series.setdefault(mark.series.key, []).append(mark)
    size = mark_size(len(series))
    joined = connected and len(block.problems) > 1
    shifts, borders = _shifts(block, series, joined)
    for border in borders:
        axes.axvline(block.qubits[0] + border, color=PALE, linewidth=0.7, linestyle=(0, (2, 2)), zorder=1)
    for one, shift in zip(series, shifts, strict=True):
        marks = sorted(by_series.get(one.key, ()), key=lambda mark: where[mark.problem])
        x = [where[mark.problem] + shift for mark in marks]
        y = [place(mark.value) for mark in marks]
        if joined:
            _join(axes, one, x, y, marks)
        draw_bars(axes, one, x, marks)
        draw_marks(axes, one, x, y, marks, size)


def _shifts(block: Block, series: Sequence[Series], joined: bool) -> tuple[list[float], list[float]]:
    """Where in a slot every simulator has its place, in qubits, and the borders between classes.

    Without lines a circuit's points are set side by side, each class by itself.  Along lines they are moved
    just enough not to cover each other.
    """
    places: list[float] = []
    borders: list[float] = []
    for position, one in enumerate(series):
        if not places:
            places.append(0.0)
        elif one.group == series[position - 1].group:
            places.append(places[-1] + 1.0)
        else:
            borders.append(places[-1] + 0.9)
            places.append(places[-1] + 1.8)
    reach = places[-1] if places and places[-1] else 1.0
    alone = len(block.problems) == 1
    spread = SPREAD if alone else SPREAD_IN_FAMILY
    step = min(SPREAD_ON_LINE / reach, 0.085) if joined else min(spread / reach, 0.2)
    middle = places[-1] / 2 if places else 0.0
    shifts = [(place - middle) * step * block.gap for place in places]
    return shifts, [(border - middle) * step for border in borders] if alone else []


def _join(axes: Axes, one: Series, x: Sequence[float], y: Sequence[float], marks: Sequence[Mark]) -> None:
    """A line through what passed; wrong answers are no part of it."""
    kept = [position for position, mark in enumerate(marks) if mark.look is not Look.WRONG]
    if len(kept) > 1:
        style: dict[str, Any] = {"color": one.colour, "linewidth": 0.8, "linestyle": one.dashes, "alpha": 0.8}
        axes.plot([x[position] for position in kept], [y[position] for position in kept], zorder=2.5, **style)
