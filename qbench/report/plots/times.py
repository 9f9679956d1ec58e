"""Time per call against the number of qubits, with intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from qbench.analysis.readings import CellReadings, RunReadings
from qbench.report.plots.blocks import blocks_of
from qbench.report.plots.chart import Section, chart
from qbench.report.plots.heading import Heading, conditions, machine_class, suite_name, wall_name
from qbench.report.plots.legend import look_entries, series_entries
from qbench.report.plots.lettering import plain
from qbench.report.plots.marks import Mark, ends_of, leaving, mark_of
from qbench.report.plots.plot import NothingToDrawError, Plot, View, left_out
from qbench.report.plots.scales import Scale, time_scale
from qbench.report.plots.side_by_side import shift_words
from qbench.report.plots.styles import Series, look_of, series_of

__all__ = ["draw_times"]

_US = 1e-3  # readings are in ns


def draw_times(run: RunReadings, view: View, phase: str, name: str) -> Plot:
    """Warm time per call of one phase: a point per cell with its 95 % interval, as in the table ``cells``.

    Raises ``NothingToDrawError`` where no cell in view was timed.
    """
    shared, series = series_of(run, view.palette)
    by_key = {one.key: one for one in series}
    drawn: dict[str, list[Mark]] = {}
    missing: list[CellReadings] = []
    for workload in view.workloads:
        drawn[workload] = []
        for cell in view.cells(run, workload):
            mark = _mark(cell, phase, by_key)
            if mark is None:
                missing.append(cell)
            else:
                drawn[workload].append(mark)
    marks = [mark for found in drawn.values() for mark in found]
    if not marks:
        raise NothingToDrawError(
            f"no warm {phase} time to draw: {left_out(missing, 'answered but not timed') or 'no cell'}"
        )
    seen = {mark.series.key for mark in marks}
    series = tuple(one for one in series if one.key in seen)
    joined = _joined(view, run)
    what = f"{phase} {wall_name(run)} per call"
    scales = {workload: _scale(what, found) for workload, found in drawn.items() if found}
    notes = [
        *_notes(marks, joined=joined, single=_single(view, run), classes=len({one.group for one in series})),
        *leaving([(scales[workload], drawn[workload]) for workload in scales]),
        left_out(missing, "answered but not timed"),
        view.note,
    ]
    heading = Heading(
        title=f"{phase}: warm {wall_name(run)} per call against number of qubits, {suite_name(run)}",
        lines=(conditions(run, shared), machine_class(run)),
        width=view.width,
        notes=tuple(note for note in notes if note),
    )
    sections = [
        Section(
            heading=plain(workload),
            marks=tuple(drawn[workload]),
            scale=scales.get(workload),
            message="no times",
            problems=view.of(run, workload).problems,
        )
        for workload in view.workloads
    ]
    looks = Counter(mark.look for mark in marks)
    entries = [*series_entries(series, lines=joined), *look_entries(looks)]
    return Plot(
        name=name,
        title=heading.title,
        caption=(*heading.lines, *heading.notes),
        figure=chart(heading, view.facts(run), sections, entries, series, connected=True),
    )


def _joined(view: View, run: RunReadings) -> bool:
    return any(len(block.problems) > 1 for block in blocks_of(view.facts(run)))


def _single(view: View, run: RunReadings) -> bool:
    return any(len(block.problems) == 1 for block in blocks_of(view.facts(run)))


def _mark(cell: CellReadings, phase: str, by_key: dict[tuple[str, int, str], Series]) -> Mark | None:
    warm, look = cell.warm(phase), look_of(cell, cell.verdict)
    if warm is None or look is None:
        return None
    return mark_of(cell, warm, by_key, scale=_US, look=look)


def _scale(what: str, marks: list[Mark]) -> Scale:
    return time_scale(what, [mark.value for mark in marks], ends_of(marks))


def _notes(marks: Sequence[Mark], *, joined: bool, single: bool, classes: int) -> list[str]:
    parted = single and classes > 1
    without = sum(mark.low is None for mark in marks)
    intervals = "Bars: 95 % intervals of the geometric mean over rounds."
    if without == len(marks):
        intervals = "No intervals: they need two rounds or more."
    elif without:
        intervals += f" {without} of {len(marks)} points have none (fewer than two rounds)."
    notes = [intervals + (" Lines join the sizes of one family." if joined else "")]
    if len({mark.series.key for mark in marks}) > 1:
        notes.append(
            shift_words(joined=joined, columns=single)
            + (" Dashed lines there part classes." if parted else "")
            + " Overlapping bars do not make a tie: rounds are paired, see the table of ratios."
        )
    return notes
