"""The legend, beside the axes and never on them: all that the figure uses, each class under its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qbench.report.plots.lettering import measured, shortened
from qbench.report.plots.sheet import INK, Box, Sheet
from qbench.report.plots.styles import CROSS, Look, Series

__all__ = [
    "Entry",
    "Legend",
    "draw_legend",
    "draw_under",
    "heading_entry",
    "legend_size",
    "line_entry",
    "look_entries",
    "series_entries",
    "under_height",
]

SIZE = 7.8
STEP = 0.165
HANDLE = 0.36
WIDEST = 2.6
APART = 0.16  # columns of a legend that stands under what is drawn
HEAD = 0.17  # a heading of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a legend: a heading, or a handle (line, markers, patch, symbol) and its meaning."""

    text: str
    heading: bool = False
    line: dict[str, object] | None = None
    markers: tuple[dict[str, object], ...] = ()
    patch: dict[str, object] | None = None
    symbol: str = ""
    symbol_colour: str = INK


def heading_entry(text: str) -> Entry:
    return Entry(text=text, heading=True)


def line_entry(text: str, dashes: object, colour: str = INK) -> Entry:
    return Entry(text=text, line={"color": colour, "linewidth": 0.9, "linestyle": dashes})


def series_entries(series: Sequence[Series], *, lines: bool) -> list[Entry]:
    """The simulators, each class under its name; with the line's style where the figure draws lines."""
    entries: list[Entry] = []
    group = None
    for one in series:
        if one.group != group:
            group = one.group
            entries.append(heading_entry(group or "simulators"))
        entries.append(
            Entry(
                text=one.label,
                line={"color": one.colour, "linewidth": 0.9, "linestyle": one.dashes} if lines else None,
                markers=(one.style(Look.PASSED),),
            )
        )
    return entries


def look_entries(counts: dict[Look, int]) -> list[Entry]:
    """What hollow and crossed markers say, with how many there are; nothing where all passed."""
    entries = []
    hollow: dict[str, object] = {
        "color": INK,
        "marker": "o",
        "markersize": 4.6,
        "markerfacecolor": "white",
        "markeredgewidth": 0.9,
    }
    crossed = hollow | {"markersize": 6.6}
    if counts.get(Look.FLAGGED):
        entries.append(Entry(text=f"{Look.FLAGGED} ({counts[Look.FLAGGED]})", markers=(hollow,)))
    if counts.get(Look.WRONG):
        entries.append(Entry(text=f"{Look.WRONG} ({counts[Look.WRONG]})", markers=(crossed, CROSS)))
    return [heading_entry("marks"), *entries] if entries else []


def _text(entry: Entry) -> str:
    return shortened(entry.text, SIZE, WIDEST, entry.heading)


def legend_size(entries: Sequence[Entry]) -> tuple[float, float]:
    """Width and height in inches."""
    widths = [
        measured(_text(entry), SIZE, entry.heading) + (0 if entry.heading else HANDLE + 0.08)
        for entry in entries
    ]
    headings = sum(entry.heading for entry in entries)
    return max(widths, default=0.0) + 0.02, len(entries) * STEP + headings * 0.06


def draw_legend(sheet: Sheet, entries: Sequence[Entry], x: float, y: float) -> None:
    """The entries from the top down, with the upper left corner at (x, y)."""
    for entry in entries:
        if entry.heading:
            y += 0.06
            sheet.text(x, y + 0.12, _text(entry), size=SIZE, bold=True)
        else:
            middle = y + 0.085
            if entry.line is not None:
                sheet.stroke((x, x + HANDLE), middle, entry.line)
            for marker in entry.markers:
                sheet.stroke((x + HANDLE / 2,), middle, {**marker, "linestyle": "none"})
            if entry.patch is not None:
                sheet.patch(Box(x + HANDLE - 0.2, y + 0.01, 0.15, 0.15), entry.patch)
            if entry.symbol:
                sheet.text(
                    x + HANDLE - 0.125,
                    y + 0.118,
                    entry.symbol,
                    size=7.5,
                    ha="center",
                    colour=entry.symbol_colour,
                )
            sheet.text(x + HANDLE + 0.08, y + 0.12, _text(entry), size=SIZE)
        y += STEP


@dataclass(frozen=True, slots=True, kw_only=True)
class Legend:
    """A legend beside what is drawn; for print it stands under it, in columns that are ``room`` wide."""

    entries: tuple[Entry, ...]
    room: float | None = None

    @property
    def width(self) -> float:
        """What it takes beside; nothing where it stands under."""
        return legend_size(self.entries)[0] if self.room is None else 0.0

    def draw(self, sheet: Sheet, beside: tuple[float, float], under: tuple[float, float]) -> float:
        """With its upper left corner at one of the two places; returns where what is drawn and it end."""
        if self.room is None:
            draw_legend(sheet, self.entries, *beside)
            return max(under[1], beside[1] + legend_size(self.entries)[1])
        return draw_under(sheet, self.entries, under, self.room)


def under_height(entries: Sequence[Entry], room: float) -> float:
    """The height of a legend in columns."""
    return sum(len(lines) * STEP + (HEAD if head else 0.0) for head, lines in _flowed(entries, room))


def draw_under(sheet: Sheet, entries: Sequence[Entry], place: tuple[float, float], room: float) -> float:
    """A legend in columns: a heading on its line, under it its entries, left to right; returns its end."""
    left, y = place
    for head, lines in _flowed(entries, room):
        if head:
            draw_legend(sheet, [head], left, y - 0.06)
            y += HEAD
        step = _column([entry for line in lines for entry in line]) + APART
        for line in lines:
            for at, entry in enumerate(line):
                draw_legend(sheet, [entry], left + at * step, y)
            y += STEP
    return y


def _column(entries: Sequence[Entry]) -> float:
    return legend_size(entries)[0]


def _flowed(entries: Sequence[Entry], room: float) -> list[tuple[Entry | None, list[Sequence[Entry]]]]:
    """Headings with their entries, as many side by side as have room."""
    groups: list[tuple[Entry | None, list[Entry]]] = []
    for entry in entries:
        if entry.heading:
            groups.append((entry, []))
        else:
            if not groups:
                groups.append((None, []))
            groups[-1][1].append(entry)
    found: list[tuple[Entry | None, list[Sequence[Entry]]]] = []
    for head, mine in groups:
        across = max(1, int((room + APART) / (_column(mine) + APART)))
        found.append((head, [mine[at : at + across] for at in range(0, len(mine), across)]))
    return found
