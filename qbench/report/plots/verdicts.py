"""The verdict map: what became of every cell, by colour and by letter, with flags and reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from qbench.analysis.readings import CellReadings, RunReadings
from qbench.analysis.reasons import told_together
from qbench.model import VERDICTS, Verdict
from qbench.report.plots.blocks import rows_of
from qbench.report.plots.heading import Heading, conditions, machine_class, suite_name
from qbench.report.plots.legend import Entry, Legend, heading_entry
from qbench.report.plots.lettering import measured, plain, shortened
from qbench.report.plots.plot import NothingToDrawError, Plot, View, counted
from qbench.report.plots.print_width import print_room
from qbench.report.plots.sheet import INK, Box, Sheet
from qbench.report.plots.styles import Series, key_of, series_of
from qbench.report.plots.tiles import tiling

__all__ = ["draw_verdicts"]

WIDTH, HEIGHT = 0.25, 0.20  # of one cell, inches
SIZE = 7.2
LABEL = 9.5
MOST_LABEL = 2.6
BETWEEN = 0.2  # maps
ROOM = 9.5
MOST_REASONS = 4  # of one verdict
LONGEST_REASON = 240


class _Fill(NamedTuple):
    colour: str
    symbol: str
    ink: str = INK


# What passed is pale, what failed is loud; the letter says the same without the colour.
FILLS: dict[Verdict | None, _Fill] = {
    Verdict.OK: _Fill("#BFE5D9", "✓"),
    Verdict.APPROXIMATE: _Fill("#8CCBF0", "≈"),
    Verdict.WRONG: _Fill("#B84300", "✗", "#FFFFFF"),
    Verdict.UNSUPPORTED: _Fill("#EDEDED", "u", "#555555"),
    Verdict.NOT_INSTALLED: _Fill("#FFFFFF", "n", "#555555"),
    Verdict.TIMEOUT: _Fill("#E69F00", "T"),
    Verdict.OOM: _Fill("#CC79A7", "M"),
    Verdict.CRASH: _Fill("#222222", "C", "#FFFFFF"),
    Verdict.ERROR: _Fill("#0072B2", "E", "#FFFFFF"),
    None: _Fill("#FFFFFF", "?", "#555555"),
}
# Both have a place of their own in a cell, on its right.
BLOCKING: dict[str, object] = {"marker": "^", "markersize": 3.0, "color": INK}
OTHER: dict[str, object] = {
    "marker": "o",
    "markersize": 2.4,
    "color": INK,
    "markerfacecolor": "white",
    "markeredgewidth": 0.6,
}


def draw_verdicts(run: RunReadings, view: View, name: str) -> Plot:
    """Circuits by simulators, one map per workload.

    Raises ``NothingToDrawError`` for a run without cells.
    """
    shared, series = series_of(run, view.palette)
    cells = [cell for workload in view.workloads for cell in view.cells(run, workload)]
    if not cells:
        raise NothingToDrawError("no verdicts to draw: the run has no cells")
    seen = {key_of(cell) for cell in cells}
    series = tuple(one for one in series if one.key in seen)
    heading = Heading(
        title=f"verdicts, {suite_name(run)}",
        lines=(conditions(run, shared), machine_class(run)),
        width=view.width,
        notes=(*_shortlist(cells), *filter(None, [view.note])),
    )
    figure = _map(run, view, series, heading, _entries(cells))
    return Plot(
        name=name,
        title=heading.title,
        caption=(
            *heading.lines,
            *filter(None, [view.note]),
            *_counts(cells),
            *_every_reason(cells),
            *_every_flag(cells, series),
        ),
        figure=figure,
    )


def _verdict_text(verdict: Verdict | None) -> str:
    return "not run" if verdict is None else verdict.replace("_", " ")


def _counts(cells: Sequence[CellReadings]) -> list[str]:
    found = Counter(cell.verdict for cell in cells)
    told = ", ".join(f"{found[verdict]} {_verdict_text(verdict)}" for verdict in FILLS if found[verdict])
    return [f"{counted(len(cells), 'cell')}: {told}"]


def _failed_groups(cells: Sequence[CellReadings]) -> dict[tuple[Verdict, str], list[CellReadings]]:
    """The cells that are not ok by verdict and simulator, failures first, in plan order otherwise."""
    groups: dict[tuple[Verdict, str], list[CellReadings]] = {}
    for cell in cells:
        if cell.verdict not in (None, Verdict.OK, Verdict.APPROXIMATE):
            groups.setdefault((cell.verdict, cell.simulator), []).append(cell)
    order = sorted(Verdict, key=lambda verdict: not VERDICTS[verdict].failed)
    return {key: groups[key] for verdict in order for key in groups if key[0] == verdict}


def _because(cell: CellReadings) -> str:
    return cell.reason or "no reason was recorded"


def _shortlist(cells: Sequence[CellReadings]) -> Iterator[str]:
    """What stands under the map: for each verdict and simulator the commonest reason."""
    shown: Counter[Verdict] = Counter()
    for (verdict, simulator), group in _failed_groups(cells).items():
        shown[verdict] += 1
        if shown[verdict] > MOST_REASONS:
            continue
        reason = told_together(map(_because, group))
        reason = reason[:LONGEST_REASON] + " ..." * (len(reason) > LONGEST_REASON)
        yield plain(f"{_verdict_text(verdict)}: {simulator}, {counted(len(group), 'cell')}: {reason}")
    for verdict, number in shown.items():
        if number > MOST_REASONS:
            more = counted(number - MOST_REASONS, "more simulator")
            yield f"{_verdict_text(verdict)}: {more}; the table of cells has every reason"


def _every_reason(cells: Sequence[CellReadings]) -> Iterator[str]:
    """What the caption says: every cell that is not ok, alike reasons together."""
    for (verdict, simulator), group in _failed_groups(cells).items():
        alike: dict[tuple[str, str], list[str]] = {}
        for cell in group:
            alike.setdefault((cell.workload, _because(cell)), []).append(cell.problem["name"])
        for (label, reason), circuits in alike.items():
            names = ", ".join(circuits)
            yield plain(f"{_verdict_text(verdict)}: {simulator}, {label}, {names}: {reason}")


def _other_flags(cell: CellReadings) -> tuple[str, ...]:
    return tuple(flag for flag in cell.flags if flag not in cell.blocking_flags)


def _every_flag(cells: Sequence[CellReadings], series: Sequence[Series]) -> Iterator[str]:
    """What the caption says of flags: which cells of each simulator have which, its alike cells together."""
    for one in series:
        groups: dict[tuple[tuple[str, ...], str], list[str]] = {}
        for cell in cells:
            if cell.flags and key_of(cell) == one.key:
                groups.setdefault((cell.flags, cell.workload), []).append(cell.problem["name"])
        for (flags, label), circuits in groups.items():
            yield plain(f"flagged {', '.join(flags)}: {one.label}, {label}, {', '.join(circuits)}")


def _entries(cells: Sequence[CellReadings]) -> list[Entry]:
    verdicts = Counter(cell.verdict for cell in cells)
    entries = [heading_entry(f"verdict ({counted(len(cells), 'cell')})")]
    for verdict, fill in FILLS.items():
        if verdicts[verdict]:
            entries.append(
                Entry(
                    text=f"{_verdict_text(verdict)} ({verdicts[verdict]})",
                    patch={"facecolor": fill.colour, "edgecolor": "#888888", "linewidth": 0.5},
                    symbol=fill.symbol,
                    symbol_colour=fill.ink,
                )
            )
    blocking = Counter(flag for cell in cells for flag in cell.blocking_flags)
    others = Counter(flag for cell in cells for flag in _other_flags(cell))
    if blocking:
        entries.append(heading_entry("flagged, so not ranked"))
        entries += [Entry(text=plain(f"{flag} ({n})"), markers=(BLOCKING,)) for flag, n in blocking.items()]
    if others:
        entries.append(heading_entry("flagged, ranked all the same"))
        entries += [Entry(text=plain(f"{flag} ({n})"), markers=(OTHER,)) for flag, n in others.items()]
    return entries


def _map(
    run: RunReadings, view: View, series: Sequence[Series], heading: Heading, entries: Sequence[Entry]
) -> Figure:
    found = tiling(view.facts(run), heading, WIDTH, ROOM, len(series))
    circuits = [found.names[problem] for problem in view.problems]
    columns = [found.short(one.label) for one in series]
    head = found.head([one.label for one in series])
    left = found.left
    width, height = found.width * len(series), HEIGHT * len(view.problems)
    names = [plain(workload) for workload in view.workloads]
    labels = [shortened(text, LABEL, MOST_LABEL, bold=True) for text in names]
    slots = [max(width, measured(text, LABEL, bold=True)) for text in labels]
    rows = rows_of(slots, found.room if heading.width is None else found.room - left, BETWEEN)
    legend = Legend(entries=tuple(entries), room=heading.width and print_room(heading.width))
    content = max(sum(slots[position] + BETWEEN for position in row) for row in rows)
    least = max(content, heading.least_width - left - legend.width)
    sheet = Sheet(heading.width or left + least + 0.15 + legend.width + heading.margin)
    top = y = heading.draw(sheet) + 0.06
    for row in rows:
        x = left
        for place, position in enumerate(row):
            sheet.text(x, y + 0.14, labels[position], size=LABEL, bold=True)
            axes = sheet.axes(Box(x, y + 0.2 + head, width, height))
            axes.set_xlim(-0.5, len(series) - 0.5)
            axes.set_ylim(len(circuits) - 0.5, -0.5)
            axes.xaxis.tick_top()
            axes.set_xticks(range(len(series)), columns, rotation=90, fontsize=SIZE)
            axes.set_yticks(
                range(len(circuits)), circuits if place == 0 else [""] * len(circuits), fontsize=SIZE
            )
            axes.tick_params(length=0, pad=2)
            for spine in axes.spines.values():
                spine.set_visible(False)
            _fill(axes, view, series, view.cells(run, view.workloads[position]))
            x += slots[position] + BETWEEN
        y += 0.2 + head + height + 0.2
    told = "numbers in brackets: qubits" + "; blank: not asked about" * _blank(run, view)
    if heading.width is None:
        y = legend.draw(sheet, (left + content + 0.1, top + 0.06), (left, y - 0.1)) + 0.1
        sheet.text(left, y + 0.02, told, size=SIZE)
        return sheet.finish(heading.draw_notes(sheet, y + 0.12))
    sheet.text(heading.margin, y, told, size=SIZE)
    return sheet.finish(heading.draw_notes(sheet, legend.draw(sheet, (0, 0), (heading.margin, y + 0.08))))


def _blank(run: RunReadings, view: View) -> bool:
    """Whether some workload asks about fewer circuits than another."""
    return any(view.of(run, workload).problems != view.problems for workload in view.workloads)


def _fill(axes: Axes, view: View, series: Sequence[Series], cells: Sequence[CellReadings]) -> None:
    column = {one.key: position for position, one in enumerate(series)}
    row = {problem: position for position, problem in enumerate(view.problems)}
    for cell in cells:
        x, y = column[key_of(cell)], row[cell.circuit_id]
        fill = FILLS[cell.verdict]
        axes.add_patch(
            Rectangle(
                (x - 0.46, y - 0.46), 0.92, 0.92, facecolor=fill.colour, edgecolor="#888888", linewidth=0.5
            )
        )
        axes.text(
            x - 0.07 * bool(cell.flags),
            y,
            fill.symbol,
            fontsize=7.5,
            color=fill.ink,
            ha="center",
            va="center_baseline",
        )
        for style, up, flags in ((BLOCKING, -0.22, cell.blocking_flags), (OTHER, 0.24, _other_flags(cell))):
            if flags:
                seen: dict[str, Any] = {**style, "color": fill.ink}
                axes.plot([x + 0.31], [y + up], linestyle="none", **seen)
