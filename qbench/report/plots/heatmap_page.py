"""The sheet of a heat map: tiles with numbers, classes apart, a key of the colours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from qbench.analysis.readings import CellReadings, RunReadings
from qbench.model import VERDICTS
from qbench.report.plots.blocks import rows_of
from qbench.report.plots.colour_key import colour_key, ink_on, most_factor, shade
from qbench.report.plots.heading import Heading
from qbench.report.plots.legend import Entry, Legend, heading_entry
from qbench.report.plots.lettering import measured, plain, shortened
from qbench.report.plots.plot import View
from qbench.report.plots.print_width import print_room
from qbench.report.plots.sheet import FAINT, INK, Box, Sheet
from qbench.report.plots.styles import Series, key_of
from qbench.report.plots.tiles import Tiling, tiling
from qbench.report.plots.verdict_page import FILLS

__all__ = ["ROOM", "WIDTH", "Tile", "draw_map"]

WIDTH, HEIGHT = 0.30, 0.19  # of one cell, inches
APART = 0.4  # of a cell, between classes
SIZE = 7.2
NUMBER = 6.2
TITLE = 9.5
MOST_TITLE = 3.2
BETWEEN = 0.3
ROOM = 13.0
LEAST_BESIDE = 1.5  # inches for the key of the colours
FRAME = "#BBBBBB"
ALONE = "#FFFFFF"
CLOSE = (0, (2, 1.2))
"""Dashes of the frame around those that are not told apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One cell: its factor where it is ranked, else a symbol.

    ``fastest``: clearly, all others of its class are slower; ``close``: nobody is, and this one is not known
    to be slower by more than the margin than the one with the shortest time, or is that one; ``alone`` in
    its class.
    """

    factor: float | None = None
    symbol: str = ""
    hatched: bool = False
    fastest: bool = False
    close: bool = False
    alone: bool = False


def draw_map(
    run: RunReadings,
    view: View,
    cells: Mapping[str, Sequence[CellReadings]],
    columns: Mapping[str, Sequence[Series]],
    tiles: Mapping[str, Tile],
    heading: Heading,
) -> Figure:
    """The sheet: a map for each workload, with these columns; ``tiles`` by cell's id."""
    factors = [tile.factor for mine in cells.values() for cell in mine if (tile := tiles[cell.id]).factor]
    most = most_factor(max(factor for factor in factors if factor is not None))
    spans = [_places(columns[workload])[-1] + 1 for workload in cells]
    found = tiling(view.facts(run), heading, WIDTH, ROOM, max(spans))
    widths = [found.width * span for span in spans]
    beside = found.left - heading.margin
    titles = {workload: shortened(plain(workload), TITLE, MOST_TITLE, True) for workload in cells}
    slots = [
        max(width + beside, measured(titles[workload], TITLE, True))
        for workload, width in zip(cells, widths, strict=True)
    ]
    entries = _entries([tiles[cell.id] for mine in cells.values() for cell in mine], cells)
    legend = Legend(entries=tuple(entries), room=heading.width and print_room(heading.width))
    legend_width = max(legend.width, LEAST_BESIDE)
    rows = rows_of(slots, max(found.room, max(slots)), BETWEEN)
    content = max(sum(slots[at] for at in row) + BETWEEN * (len(row) - 1) for row in rows)
    room = max(content, heading.least_width - legend_width)
    sheet = Sheet(heading.width or heading.margin + room + 0.25 + legend_width + heading.margin)
    top = y = heading.draw(sheet) + 0.06
    workloads = list(cells)
    for row in rows:
        x, deepest = heading.margin, y
        for at in row:
            workload = workloads[at]
            asked = view.of(run, workload).problems
            head = found.head([one.label for one in columns[workload]])
            sheet.text(x, y + 0.14, titles[workload], size=TITLE, bold=True)
            box = Box(x + beside, y + 0.22 + head, widths[at], HEIGHT * len(asked))
            axes = sheet.axes(box)
            _axes(axes, columns[workload], found, asked)
            _fill(axes, columns[workload], asked, cells[workload], tiles, most)
            deepest = max(deepest, box.top + box.height)
            x += slots[at] + BETWEEN
        y = deepest + 0.2
    edge = heading.margin + content + 0.25
    told = "numbers in brackets: qubits"
    if heading.width is None:
        legend_end = legend.draw(sheet, (edge, top + 0.06), (heading.margin, top))
        y = max(y, colour_key(sheet, edge, max(legend_end, top + 0.06) + 0.2, most, level=False))
        sheet.text(heading.margin, y + 0.02, told, size=SIZE)
        return sheet.finish(heading.draw_notes(sheet, y + 0.12))
    sheet.text(heading.margin, y + 0.02, told, size=SIZE)
    y = legend.draw(sheet, (edge, top), (heading.margin, y + 0.1))
    y = colour_key(sheet, heading.margin, y + 0.08, most, level=True)
    return sheet.finish(heading.draw_notes(sheet, y))


def _axes(axes: Axes, columns: Sequence[Series], found: Tiling, asked: Sequence[str]) -> None:
    places = _places(columns)
    axes.set_xlim(-0.5, places[-1] + 0.5)
    axes.set_ylim(len(asked) - 0.5, -0.5)
    axes.xaxis.tick_top()
    axes.set_xticks(places, [found.short(one.label) for one in columns], rotation=90, fontsize=SIZE)
    axes.set_yticks(range(len(asked)), [found.names[problem] for problem in asked], fontsize=SIZE)
    axes.tick_params(length=0, pad=2)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _fill(
    axes: Axes,
    columns: Sequence[Series],
    problems: Sequence[str],
    cells: Sequence[CellReadings],
    tiles: Mapping[str, Tile],
    most: float,
) -> None:
    places = {one.key: place for one, place in zip(columns, _places(columns), strict=True)}
    row = {problem: position for position, problem in enumerate(problems)}
    for cell in cells:
        tile, x, y = tiles[cell.id], places[key_of(cell)], row[cell.circuit_id]
        colour = "#FFFFFF" if tile.factor is None else ALONE if tile.alone else shade(tile.factor, most)
        axes.add_patch(
            Rectangle(
                (x - 0.47, y - 0.45),
                0.94,
                0.90,
                facecolor=colour,
                edgecolor=INK if tile.fastest or tile.close else FRAME,
                linewidth=1.4 if tile.fastest else 0.9 if tile.close else 0.4,
                linestyle=CLOSE if tile.close else "-",
                hatch="/////" if tile.hatched else None,
                zorder=3 if tile.fastest or tile.close else 2,
            )
        )
        text = tile.symbol if tile.factor is None else _factor_text(tile.factor)
        axes.text(
            x,
            y,
            text,
            fontsize=NUMBER,
            fontweight="bold" if tile.fastest or tile.hatched else "normal",
            color=ink_on(colour)
            if tile.factor is not None and not tile.alone
            else INK
            if tile.hatched
            else FAINT,
            ha="center",
            va="center_baseline",
            zorder=4,
        )


def _entries(tiles: Sequence[Tile], cells: Mapping[str, Sequence[CellReadings]]) -> list[Entry]:
    entries = [heading_entry("not compared")]
    found = Counter(cell.verdict for mine in cells.values() for cell in mine)
    flagged = sum(tile.symbol == "!" for tile in tiles)
    for verdict, fill in FILLS.items():
        ranked = verdict is not None and VERDICTS[verdict].ranked
        if found[verdict] and not ranked:
            words = "not run" if verdict is None else verdict.replace("_", " ")
            failed = verdict is not None and VERDICTS[verdict].failed
            entries.append(_entry(f"{words} ({found[verdict]})", fill.symbol, hatched=failed))
    if flagged:
        entries.append(_entry(f"flagged: not ranked ({flagged})", "!", hatched=True))
    untimed = sum(tile.symbol == "-" for tile in tiles)
    if untimed:
        entries.append(_entry(f"not timed ({untimed})", "-", hatched=False))
    alone = sum(tile.alone for tile in tiles)
    if alone:
        entries.append(_entry(f"alone in its class ({alone})", "1", hatched=False))
    if len(entries) == 1:
        entries = []
    frame = {"facecolor": shade(1.0, 10.0), "edgecolor": INK}
    frames = []
    if any(tile.fastest for tile in tiles):
        frames.append(Entry(text="clearly fastest of its class", patch=frame | {"linewidth": 1.4}))
    if any(tile.close for tile in tiles):
        dashed = frame | {"linewidth": 0.9, "linestyle": CLOSE}
        frames.append(Entry(text="shortest, or not told from it", patch=dashed))
    return entries + ([heading_entry("frame"), *frames] if frames else [])


def _entry(text: str, symbol: str, *, hatched: bool) -> Entry:
    patch: dict[str, object] = {"facecolor": "#FFFFFF", "edgecolor": FRAME, "linewidth": 0.4}
    if hatched:
        patch |= {"hatch": "/////"}
    return Entry(text=text, patch=patch, symbol=symbol, symbol_colour=INK if hatched else FAINT)


def _factor_text(factor: float) -> str:
    """At most four characters.

    >>> [_factor_text(factor) for factor in (1.0, 1.04, 9.96, 14.4, 143.0, 1430.0, 14300.0)]
    ['1', '1.0', '10', '14', '143', '1.4k', '14k']
    """
    if factor == 1:
        return "1"
    number, unit = (factor, "") if factor < 999.5 else (factor / 1000, "k")
    return f"{number:.1f}{unit}" if number < 9.95 else f"{number:.0f}{unit}"


def _places(columns: Sequence[Series]) -> list[float]:
    """Where every column stands, classes apart."""
    places: list[float] = []
    for position, one in enumerate(columns):
        step = 1.0 + APART * (position > 0 and one.group != columns[position - 1].group)
        places.append(places[-1] + step if places else 0.0)
    return places
