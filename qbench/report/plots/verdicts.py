"""The verdict map: what became of every cell, by colour and by letter, with flags and reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from qbench.analysis.readings import CellReadings, RunReadings
from qbench.analysis.reasons import told_together
from qbench.model import VERDICTS, Verdict
from qbench.report.plots.blocks import rows_of
from qbench.report.plots.heading import Heading, conditions, machine_class, suite_name
from qbench.report.plots.legend import Entry, heading_entry
from qbench.report.plots.lettering import plain
from qbench.report.plots.plot import NothingToDrawError, Plot, View, counted
from qbench.report.plots.styles import Series, key_of, series_of
from qbench.report.plots.verdict_page import (
    BETWEEN,
    BLOCKING,
    FILLS,
    OTHER,
    ROOM,
    WIDTH,
    draw_verdict_maps,
    other_flags,
)

__all__ = ["by_verdict_rows", "draw_verdicts"]

NAMES = 1.3  # circuits', about
MOST_ROWS, MOST_ROWS_IN_PRINT = 70, 40  # of circuits on a sheet, over all rows of maps
MOST_REASONS = 4  # of one verdict
LONGEST_REASON = 240


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
    figure = draw_verdict_maps(run, view, series, heading, _entries(cells))
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
    others = Counter(flag for cell in cells for flag in other_flags(cell))
    if blocking:
        entries.append(heading_entry("flagged, so not ranked"))
        entries += [Entry(text=plain(f"{flag} ({n})"), markers=(BLOCKING,)) for flag, n in blocking.items()]
    if others:
        entries.append(heading_entry("flagged, ranked all the same"))
        entries += [Entry(text=plain(f"{flag} ({n})"), markers=(OTHER,)) for flag, n in others.items()]
    return entries


def by_verdict_rows(run: RunReadings, view: View) -> tuple[bool, Sequence[tuple[str, ...]]]:
    """All workloads on a sheet, as long as their maps are not too high together; see ``Split``."""
    parts = [view.of(run, workload) for workload in view.workloads]
    slots = [NAMES + WIDTH * len(part.those_asked(run)) for part in parts]
    rows = rows_of(slots, ROOM, BETWEEN)
    most = MOST_ROWS if view.width is None else MOST_ROWS_IN_PRINT
    high = sum(max(len(parts[at].problems) for at in row) for row in rows)
    fits = high <= most and (view.width is None or len(parts) == 1)
    return fits, [view.problems[at : at + most] for at in range(0, len(view.problems), most)]
