"""The sheet of ratios: rows with points, bars and diamonds on one logarithmic axis, figures beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from qbench.analysis.stats import Standing
from qbench.report.plots.heading import Heading
from qbench.report.plots.legend import Entry, draw_legend, heading_entry, legend_size
from qbench.report.plots.lettering import measured, shortened
from qbench.report.plots.scales import Scale
from qbench.report.plots.sheet import FAINT, INK, MARGIN, PALE, Box, Sheet

__all__ = ["Block", "Dot", "ForestRow", "Lane", "draw_page"]

WIDTH = 4.2  # of the axes, inches
ROW = 0.17
SIZE = 7.2
TITLE = 7.8
HEADING = 9.5
MOST_LABEL = 2.4
GAP = 0.12
BAND = "#EBEBEB"

FASTER, SLOWER, NEITHER = "#0072B2", "#D55E00", "#555555"
# Shape says it too: faster and slower are filled and on either side of 1, ties square, unresolved round.
_STYLES: Mapping[Standing, dict[str, Any]] = {
    Standing.FASTER: {"marker": "o", "color": FASTER, "markerfacecolor": FASTER},
    Standing.SLOWER: {"marker": "o", "color": SLOWER, "markerfacecolor": SLOWER},
    Standing.TIE: {"marker": "s", "color": NEITHER, "markerfacecolor": "white"},
    Standing.UNRESOLVED: {"marker": "o", "color": NEITHER, "markerfacecolor": "white"},
}
_DIAMOND: dict[str, Any] = {"marker": "D", "color": INK, "markersize": 4.6, "markeredgewidth": 0.9}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One circuit's ratio with its interval and verdict."""

    value: float
    low: float | None
    high: float | None
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestRow:
    """One row: a label, its points, a mean as (value, low, high), figures in words and a remark."""

    label: str
    dots: tuple[Dot, ...] = ()
    mean: tuple[float, float | None, float | None] | None = None
    text: str = ""
    more: str = ""
    bold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The rows that have one baseline."""

    title: str
    rows: tuple[ForestRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One workload: axes with its blocks one under the other."""

    heading: str
    blocks: tuple[Block, ...]


def draw_page(
    heading: Heading,
    lanes: Sequence[Lane],
    scale: Scale,
    margin: float,
    standings: Mapping[Standing, int],
) -> Figure:
    """The sheet: every workload's rows on the same axis, the legend on the right."""
    rows = [row for lane in lanes for block in lane.blocks for row in block.rows]
    entries = _entries(rows, standings)
    left = MARGIN + 0.1 + max(measured(_label(row), SIZE, row.bold) for row in rows) + GAP
    texts = max(measured(row.text, SIZE) for row in rows)
    mores = max(measured(row.more, SIZE) for row in rows)
    legend_width, legend_height = legend_size(entries)
    content = WIDTH + GAP + texts + (GAP + mores if mores else 0.0)
    width = left + content + 0.25 + legend_width + MARGIN
    sheet = Sheet(max(width, heading.least_width + 2 * MARGIN))
    top = y = heading.draw(sheet) + 0.06
    for lane in lanes:
        sheet.text(
            MARGIN, y + 0.14, shortened(lane.heading, HEADING, left + WIDTH, True), size=HEADING, bold=True
        )
        y += 0.2
        for block in lane.blocks:
            title = shortened(block.title, TITLE, left + WIDTH - MARGIN)
            sheet.text(MARGIN, y + 0.155, title, size=TITLE, colour=FAINT)
            y += 0.22
            height = ROW * len(block.rows) + 0.04
            axes = sheet.axes(Box(left, y, WIDTH, height))
            _frame(axes, scale, height, margin, last=block is lane.blocks[-1])
            for number, row in enumerate(block.rows):
                middle = ROW * (number + 0.5)
                where = MARGIN + (0.0 if row.bold else 0.1)
                sheet.text(where, y + middle + 0.035, _label(row), size=SIZE, bold=row.bold)
                _draw(axes, row, middle)
                sheet.text(left + WIDTH + GAP, y + middle + 0.035, row.text, size=SIZE)
                if row.more:
                    x = left + WIDTH + 2 * GAP + texts
                    sheet.text(x, y + middle + 0.035, row.more, size=SIZE, colour=FAINT)
            y += height + 0.05
        sheet.text(left + WIDTH / 2, y + 0.32, scale.label, size=8, ha="center")
        y += 0.46
    draw_legend(sheet, entries, left + content + 0.25, top + 0.06)
    y = max(y, top + 0.06 + legend_height)
    return sheet.finish(heading.draw_notes(sheet, y + 0.04))


def _label(row: ForestRow) -> str:
    return shortened(row.label, SIZE, MOST_LABEL, row.bold)


def _frame(axes: Axes, scale: Scale, height: float, margin: float, *, last: bool) -> None:
    """Axes whose vertical unit is one inch, from the top down; labels under the last of a workload."""
    axes.set_xscale("log")
    axes.set_xlim(scale.low, scale.high)
    axes.set_ylim(height, 0.0)
    axes.set_xticks([value for value, _ in scale.ticks], [text for _, text in scale.ticks])
    axes.set_xticks(scale.minor, minor=True)
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_yticks([])
    axes.tick_params(axis="x", labelsize=7.5, length=2.5, pad=2)
    axes.tick_params(axis="x", which="minor", length=1.5)
    axes.grid(axis="x", color=PALE, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.axvspan(1 / (1 + margin), 1 + margin, color=BAND, linewidth=0, zorder=0.2)
    axes.axvline(1.0, color=INK, linewidth=0.7, zorder=1)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    if not last:
        axes.spines["bottom"].set_color(PALE)
        axes.tick_params(axis="x", which="both", length=0, labelbottom=False)


def _draw(axes: Axes, row: ForestRow, y: float) -> None:
    """The points of a row, at this height; several with no bars, the one of a circuit with its own."""
    alone = len(row.dots) == 1 and row.mean is None
    size = 4.2 if alone else 3.0
    place = y if row.mean is None else y - 0.045
    for standing, style in _STYLES.items():
        mine = [dot for dot in row.dots if dot.standing == standing]
        if alone:
            for dot in mine:
                _bar(axes, (dot.low, dot.high), place, str(style["color"]))
        if mine:
            x = [dot.value for dot in mine]
            axes.plot(
                x, [place] * len(x), linestyle="none", markersize=size, markeredgewidth=0.7, zorder=4, **style
            )
    if row.mean is not None:
        value, low, high = row.mean
        place = y if not row.dots else y + 0.04
        _bar(axes, (low, high), place, INK)
        fill = "white" if low is None else INK
        axes.plot([value], [place], linestyle="none", markerfacecolor=fill, zorder=5, **_DIAMOND)


def _bar(axes: Axes, ends: tuple[float | None, float | None], y: float, colour: str) -> None:
    low, high = ends
    if low is not None and high is not None:
        axes.plot([low, high], [y, y], color=colour, linewidth=1.1, zorder=3, solid_capstyle="butt")


def _entries(rows: Sequence[ForestRow], standings: Mapping[Standing, int]) -> list[Entry]:
    entries = [heading_entry("verdict on a circuit")]
    for standing, style in _STYLES.items():
        if standings.get(standing):
            markers = ({**style, "markersize": 4.2, "markeredgewidth": 0.7},)
            entries.append(Entry(text=f"{standing} ({standings[standing]})", markers=markers))
    means = [row.mean for row in rows if row.mean is not None]
    if means:
        entries.append(heading_entry("over all circuits"))
    if any(low is not None for _, low, _ in means):
        line = {"color": INK, "linewidth": 1.1}
        entries.append(Entry(text="geometric mean, 95 %", line=line, markers=(dict(_DIAMOND),)))
    if any(low is None for _, low, _ in means):
        entries.append(Entry(text="without interval", markers=({**_DIAMOND, "markerfacecolor": "white"},)))
    entries += [
        heading_entry("guides"),
        Entry(text="as fast as the baseline", line={"color": INK, "linewidth": 0.7}),
        Entry(text="margin: too small to act upon", patch={"facecolor": BAND}),
    ]
    return entries
