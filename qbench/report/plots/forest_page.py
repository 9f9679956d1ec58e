"""The sheet of ratios: rows with points, bars and diamonds on one logarithmic axis, figures beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from qbench.analysis.stats import Standing
from qbench.report.plots.frames import roomy
from qbench.report.plots.heading import Heading
from qbench.report.plots.legend import Entry, Legend, heading_entry
from qbench.report.plots.lettering import measured, shortened
from qbench.report.plots.print_width import print_room
from qbench.report.plots.scales import Scale
from qbench.report.plots.sheet import FAINT, INK, MARGIN, PALE, Box, Sheet

__all__ = ["Block", "Dot", "ForestRow", "Lane", "draw_page"]

WIDTH = 4.2  # of the axes, inches
ROW = 0.17
SIZE = 7.2
TITLE = 7.8
HEADING = 9.5
MOST_LABEL = 2.4
LABEL_SHARE = 0.34  # of a sheet for print
LEAST_WIDTH = 1.6  # of the axes, before what stands beside them gives way
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """Where the parts of a row stand, in inches from the left; None is what has no room.

    ``most`` is how wide a label may be, ``axes`` how wide the axes are.
    """

    most: float
    left: float
    axes: float
    texts: float | None
    mores: float | None
    end: float


def _columns(rows: Sequence[ForestRow], heading: Heading) -> _Columns:
    """For print figures and remarks stand beside the axes only where these have room all the same."""
    most = MOST_LABEL if heading.width is None else min(MOST_LABEL, LABEL_SHARE * heading.width)
    labels = max(measured(_label(row, most), SIZE, row.bold) for row in rows)
    texts = GAP + max(measured(row.text, SIZE) for row in rows)
    mores = max(measured(row.more, SIZE) for row in rows)
    mores += GAP if mores else 0.0
    left = heading.margin + 0.1 + labels + GAP
    if heading.width is None:
        axes = WIDTH
    else:
        room = heading.width - heading.margin - left - 0.08
        mores = mores if room - texts - mores >= LEAST_WIDTH else 0.0
        texts = texts if room - texts - mores >= LEAST_WIDTH else 0.0
        axes = room - texts - mores
    return _Columns(
        most=most,
        left=left,
        axes=axes,
        texts=left + axes + GAP if texts else None,
        mores=left + axes + texts + GAP if mores else None,
        end=left + axes + texts + mores,
    )


def draw_page(
    heading: Heading,
    lanes: Sequence[Lane],
    scale: Scale,
    margin: float,
    standings: Mapping[Standing, int],
) -> Figure:
    """The sheet: every workload's rows on the same axis, the legend on the right, for print below."""
    rows = [row for lane in lanes for block in lane.blocks for row in block.rows]
    legend = Legend(
        entries=tuple(_entries(rows, standings)), room=heading.width and print_room(heading.width)
    )
    columns = _columns(rows, heading)
    scale = roomy(scale, columns.axes)
    width = columns.end + 0.25 + legend.width + MARGIN
    sheet = Sheet(heading.width or max(width, heading.least_width + 2 * MARGIN))
    top = y = heading.draw(sheet) + 0.06
    wide = columns.left + columns.axes - heading.margin
    for lane in lanes:
        words = shortened(lane.heading, HEADING, wide, True)
        sheet.text(heading.margin, y + 0.14, words, size=HEADING, bold=True)
        y += 0.2
        for block in lane.blocks:
            title = shortened(block.title, TITLE, wide)
            sheet.text(heading.margin, y + 0.155, title, size=TITLE, colour=FAINT)
            y += 0.22
            height = ROW * len(block.rows) + 0.04
            axes = sheet.axes(Box(columns.left, y, columns.axes, height))
            _frame(axes, scale, height, margin, last=block is lane.blocks[-1])
            for number, row in enumerate(block.rows):
                _words(sheet, row, columns, heading.margin, y + ROW * (number + 0.5) + 0.035)
                _draw(axes, row, ROW * (number + 0.5))
            y += height + 0.05
        half = measured(scale.label, 8) / 2
        middle = min(columns.left + columns.axes / 2, sheet.width - heading.margin - half)
        sheet.text(middle, y + 0.32, scale.label, size=8, ha="center")
        y += 0.46
    y = legend.draw(sheet, (columns.end + 0.25, top + 0.06), (heading.margin, y))
    return sheet.finish(heading.draw_notes(sheet, y + 0.04))


def _words(sheet: Sheet, row: ForestRow, columns: _Columns, margin: float, y: float) -> None:
    """What stands beside the axes of a row, with its baseline at ``y``."""
    indent = 0.0 if row.bold else 0.1
    sheet.text(margin + indent, y, _label(row, columns.most), size=SIZE, bold=row.bold)
    if columns.texts is not None:
        sheet.text(columns.texts, y, row.text, size=SIZE)
    if columns.mores is not None and row.more:
        sheet.text(columns.mores, y, row.more, size=SIZE, colour=FAINT)


def _label(row: ForestRow, most: float) -> str:
    return shortened(row.label, SIZE, most, row.bold)


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
