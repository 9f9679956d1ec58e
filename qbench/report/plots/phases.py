"""Where the time goes: the phases of one call, stacked, per circuit and simulator; the import beside them.

Bars are shares of the call, because the calls of one circuit differ by a factor of 100 and more: on one
linear scale most bars would vanish, and a stack on a logarithmic scale has no meaning.  The time itself
stands at the bar's end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qbench.analysis.answers import support_table
from qbench.analysis.figures import rounded, time_text
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.model import Metric, Phase, Place
from qbench.report.phase_bars import CALLS, PARTS, phase_bar, shown_call
from qbench.report.plots.heading import Heading, conditions, machine_class, suite_name
from qbench.report.plots.legend import Entry, Legend, heading_entry
from qbench.report.plots.lettering import measured, plain, shortened
from qbench.report.plots.plot import NothingToDrawError, Plot, View, left_out
from qbench.report.plots.print_width import narrow, print_room
from qbench.report.plots.sheet import FAINT, INK, Box, Sheet
from qbench.report.plots.styles import Look, Series, key_of, look_of, series_of

__all__ = ["draw_phases", "panels_per_sheet"]

# From light to dark, so that they stay apart in grey too.
FILLS = {
    Phase.TRANSLATE: "#A6D8F5",
    Phase.COMPILE: "#E69F00",
    Phase.EXECUTE: "#0072B2",
    Phase.READBACK: "#333333",
}
IMPORT_FILL = "#7A7A7A"  # in grey midway between compile and execute
MOST_HEIGHT, MOST_HEIGHT_IN_PRINT = 14.0, 8.0  # of all rows of panels, inches
BAR = 0.175
BETWEEN_ROWS = 0.62
SHARE_WIDTH = 1.4
TOTAL_WIDTH = 0.72
SIZE = 7.2
MOST_NAME = 2.1
NAME_SHARE = 0.34  # of a sheet for print
MOST_SHARE_IN_PRINT = 1.6
MARKS = {Look.FLAGGED: " !", Look.WRONG: " ✗"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bar:
    """One simulator on one circuit: microseconds by phase, or why there are none."""

    parts: Mapping[Phase, float]
    message: str = ""
    look: Look = Look.PASSED


_Bars = Mapping[str, Mapping[tuple[str, tuple[str, int, str]], _Bar]]


def _columns(width: float) -> int:
    """Of panels on a sheet for print."""
    return 1 if narrow(width) else 3


def panels_per_sheet(series: int, width: float | None = None) -> int:
    """How many circuits, over all workloads, make a sheet of sensible height; at least 12, for print fewer.

    >>> panels_per_sheet(5), panels_per_sheet(17)
    (33, 15)
    """
    if width is not None:
        rows = max(1, int(MOST_HEIGHT_IN_PRINT / (BAR * series + BETWEEN_ROWS)))
        return max(1, rows * _columns(width) - 1)
    rows = max(4, int(MOST_HEIGHT / (BAR * series + BETWEEN_ROWS)))
    return 4 * rows - 1 if rows < 9 else 33


def draw_phases(run: RunReadings, view: View, name: str) -> Plot:
    """Shares of translate, compile, execute and readback, with their sum, and import times.

    One kind of call for the whole figure, the best that the run measured in all phases: warm, else the first
    for the circuit, else the first in the process; the three are never mixed.  Raises ``NothingToDrawError``
    where no cell in view was timed.
    """
    shared, series = series_of(run, view.palette)
    cells = [cell for workload in view.workloads for cell in view.cells(run, workload)]
    place = shown_call(cells)
    if place is None:
        raise NothingToDrawError(
            f"no phases to draw: {left_out(cells, 'answered but not timed in every phase') or 'no cell'}"
        )
    present = {key_of(cell) for cell in cells}
    series = tuple(one for one in series if one.key in present)
    bars = {
        workload: {(cell.circuit_id, key_of(cell)): _bar(cell, place) for cell in view.cells(run, workload)}
        for workload in view.workloads
    }
    imports = _imports(run, series)
    undrawn = [cell for cell in cells if not bars[cell.workload][cell.circuit_id, key_of(cell)].parts]
    heading = Heading(
        title=f"where the time goes: shares of one call by phase, {suite_name(run)}",
        lines=(f"{CALLS[place]}; {conditions(run, shared)}", machine_class(run)),
        width=view.width,
        notes=tuple(note for note in (*_notes(undrawn, place), _clock(run), view.note) if note),
    )
    looks = {bar.look for found in bars.values() for bar in found.values() if bar.parts}
    entries = _entries(bars, looks, bool(imports))
    figure = _Page(run, view, series, bars, imports, heading, entries).draw()
    return Plot(name=name, title=heading.title, caption=(*heading.lines, *heading.notes), figure=figure)


def _bar(cell: CellReadings, place: Place) -> _Bar:
    bar = phase_bar(cell, place)
    look = look_of(cell, cell.verdict) or Look.PASSED
    return _Bar(parts=bar.parts, message=bar.message, look=look)


def _imports(run: RunReadings, series: Sequence[Series]) -> dict[str, float]:
    """Milliseconds by simulator, as in the table ``support``."""
    table = support_table(run)
    rows = zip(table.column("simulator"), table.column("import_ms"), strict=True)
    known = {str(name): float(time) for name, time in rows if time is not None}
    return {one.key[0]: known[one.key[0]] for one in series if one.key[0] in known}


def _clock(run: RunReadings) -> str:
    """A word on the clock where the run ranks by another one."""
    return "Wall times; this run ranks by CPU time." if run.metric == Metric.CPU else ""


def _notes(undrawn: Sequence[CellReadings], place: Place) -> list[str]:
    return [
        "A bar is one call, from circuit to plain data: its phases' shares, and their sum at its end. "
        "Compare times by the numbers, not by the bars: every bar is 100 %. A phase that is missing is a "
        "step that the package does not have, or too short to see.",
        ""
        if place == Place.WARM
        else "First calls are noisier than warm ones; the warm times are in the time figures.",
        left_out(undrawn, "without such a call"),
    ]


def _entries(bars: _Bars, looks: set[Look], imports: bool) -> list[Entry]:
    used = {phase for found in bars.values() for bar in found.values() for phase in bar.parts}
    entries = [heading_entry("phase")]
    entries += [Entry(text=str(phase), patch={"facecolor": FILLS[phase]}) for phase in PARTS if phase in used]
    if imports:
        entries.append(Entry(text="import (own scale)", patch={"facecolor": IMPORT_FILL}))
    if looks & set(MARKS):
        entries.append(heading_entry("marks"))
        entries += [Entry(text=str(look), symbol=MARKS[look].strip()) for look in MARKS if look in looks]
    return entries


class _Page:
    """The sheet of one phases figure."""

    def __init__(
        self,
        run: RunReadings,
        view: View,
        series: Sequence[Series],
        bars: _Bars,
        imports: Mapping[str, float],
        heading: Heading,
        entries: Sequence[Entry],
    ) -> None:
        self.run, self.view, self.series, self.bars = run, view, series, bars
        self.imports, self.heading = imports, heading
        width = heading.width
        most_name = MOST_NAME if width is None else min(MOST_NAME, NAME_SHARE * width)
        self.names = [shortened(one.label, SIZE, most_name) for one in series]
        self.left = heading.margin + max(measured(text, SIZE) for text in self.names) + 0.08
        self.asked = {workload: view.of(run, workload).problems for workload in view.workloads}
        self.legend = Legend(entries=tuple(entries), room=width and print_room(width))
        most = max(map(len, self.asked.values()))
        panels = most + (len(view.workloads) == 1 and bool(imports))
        if width is None:
            self.columns, self.share = min(panels, 3 if panels <= 6 else 4), SHARE_WIDTH
        else:
            self.columns = min(panels, _columns(width))
            room = width - heading.margin - self.left
            self.share = min(MOST_SHARE_IN_PRINT, room / self.columns - TOTAL_WIDTH)
        content = self.columns * (self.share + TOTAL_WIDTH)
        least = max(content, heading.least_width - self.left - self.legend.width)
        self.sheet = Sheet(width or self.left + least + 0.1 + self.legend.width + heading.margin)
        self.legend_left = self.left + content + 0.1
        self.height = BAR * len(series) + 0.06

    def draw(self) -> Figure:
        """The whole sheet: a section per workload, the imports after the last."""
        top = y = self.heading.draw(self.sheet) + 0.06
        facts = self.view.facts(self.run)
        position = 0
        for workload in self.view.workloads:
            circuits = self.asked[workload]
            self.sheet.text(self.heading.margin, y + 0.14, plain(workload), size=9.5, bold=True)
            y += 0.22
            for position, problem in enumerate(circuits):
                if position and position % self.columns == 0:
                    y += self.height + BETWEEN_ROWS
                text = f"{plain(facts[problem]['name'])} ({facts[problem]['qubits']} qubits)"
                axes = self._panel(y, position, text)
                self._shares(axes, workload, problem)
                if position + self.columns >= len(circuits):  # the lowest of its column
                    axes.set_xlabel("share of one call (%)", fontsize=SIZE, labelpad=1.5)
            position += 1
            if workload == self.view.workloads[-1] and self.imports:
                if position % self.columns == 0:
                    y += self.height + BETWEEN_ROWS
                self._import_panel(y, position)
            y += self.height + 0.66
        y = self.legend.draw(self.sheet, (self.legend_left, top + 0.06), (self.heading.margin, y))
        return self.sheet.finish(self.heading.draw_notes(self.sheet, y + 0.08))

    def _panel(self, y: float, position: int, title: str) -> Axes:
        column = position % self.columns
        x = self.left + column * (self.share + TOTAL_WIDTH)
        self.sheet.text(x, y + 0.13, shortened(title, 7.8, self.share + TOTAL_WIDTH - 0.1), size=7.8)
        axes = self.sheet.axes(Box(x, y + 0.19, self.share, self.height))
        count = len(self.series)
        axes.set_ylim(count - 0.4, -0.6)
        axes.set_yticks(range(count), self.names if column == 0 else [""] * count)
        axes.tick_params(axis="both", labelsize=SIZE, length=2, pad=2)
        axes.tick_params(axis="y", length=0)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        return axes

    def _shares(self, axes: Axes, workload: str, problem: str) -> None:
        axes.set_xlim(0, 100)
        axes.set_xticks([0, 50, 100], ["0", "50", "100"])
        for row, one in enumerate(self.series):
            bar = self.bars[workload].get((problem, one.key), _Bar(parts={}, message="not planned"))
            if not bar.parts:
                axes.text(2, row, bar.message, fontsize=SIZE, color=FAINT, va="center_baseline", ha="left")
                continue
            total = sum(bar.parts.values())
            start = 0.0
            for phase, time in bar.parts.items():
                share = 100 * time / total if total else 0.0
                axes.barh(row, share, left=start, height=0.74, color=FILLS[phase], linewidth=0)
                start += share
            text = _time_text(total * 1e3) + MARKS.get(bar.look, "")
            axes.text(
                103, row, text, fontsize=SIZE, color=INK, va="center_baseline", ha="left", clip_on=False
            )

    def _import_panel(self, y: float, position: int) -> None:
        axes = self._panel(y, position, "import, once per process")
        most = max(self.imports.values())
        unit, scale = ("s", 1e-3) if most >= 1000 else ("ms", 1.0)
        axes.set_xlim(0, most * scale * 1.02)
        axes.tick_params(axis="x", labelsize=SIZE)
        ticks = _round_ticks(most * scale)
        axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks[:-1]] + [f"{ticks[-1]:g} {unit}"])
        for row, one in enumerate(self.series):
            time = self.imports.get(one.key[0])
            if time is None:
                axes.text(
                    0, row, " not imported", fontsize=SIZE, color=FAINT, va="center_baseline", ha="left"
                )
                continue
            axes.barh(row, time * scale, height=0.74, color=IMPORT_FILL, linewidth=0)
            text = _time_text(time * 1e6)
            axes.text(
                most * scale * 1.05, row, text, fontsize=SIZE, va="center_baseline", ha="left", clip_on=False
            )


def _time_text(nanoseconds: float) -> str:
    return time_text(rounded(nanoseconds, 3)).replace(" us", " µs")


def _round_ticks(most: float) -> list[float]:
    """Zero and one round value that is at least half the largest."""
    step = 10.0 ** (len(f"{int(most)}") - 1) if most >= 1 else 0.1
    best = next(digit * step for digit in (8, 5, 4, 2, 1, 0.5, 0.2, 0.1) if digit * step <= most)
    return [0.0, best]
