"""How far answers are from the reference, against the number of qubits."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from qbench.analysis.answer_errors import proven_error
from qbench.analysis.figures import rounded
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.report.plots.bounds import ALLOWED, approximate_words, bounded, line_entries
from qbench.report.plots.chart import Rule, Section, chart
from qbench.report.plots.heading import Heading, conditions, machine_class, suite_name
from qbench.report.plots.legend import Entry, line_entry, look_entries, series_entries
from qbench.report.plots.lettering import plain
from qbench.report.plots.marks import Mark
from qbench.report.plots.plot import NothingToDrawError, Plot, View, counted, left_out
from qbench.report.plots.scales import error_scale, power_text
from qbench.report.plots.side_by_side import shift_words
from qbench.report.plots.styles import Look, Series, key_of, look_of, series_of

__all__ = ["draw_accuracy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measure:
    """A figure of the judge, what it is held against, and below what it is zero to a reader."""

    figure: str
    label: str
    note: str
    rule: str = "bound"
    rule_text: str = ALLOWED
    tiny: float = 1e-20
    most: float = math.inf
    digits: int = 2


_MEASURES = (
    _Measure(
        figure="max_amplitude_error",
        label="largest amplitude error",
        note="States: an answer of an exact or a Clifford simulator passes when its largest amplitude error "
        "and its norm error are at most the bound drawn. The bound depends on the precision, the circuit and "
        "the number of gates executed. That number differs where a simulator's gates had to be lowered: so "
        "one circuit may have several lines.",
    ),
    _Measure(
        figure="expectation_error",
        label="largest error of an expectation value",
        note="Expectation values: the largest error of any of them, in the observable's unit, and the bound "
        "that it is held against. The bound grows with the sum of the sizes of the observable's "
        "coefficients, so circuits differ in it.",
    ),
    _Measure(
        figure="gradient_error",
        label="largest error of a derivative",
        note="Gradients: the largest error of any derivative, in the observable's unit per radian, and the "
        "bound that it is held against. The bound grows with the sum of the sizes of the observable's "
        "coefficients, and with the number of angles that a parameter is in.",
    ),
    _Measure(
        figure="frobenius_error",
        label="error of the density matrix (norm)",
        note="Density matrices: the norm of the whole difference (Frobenius). An exact simulator's answer "
        "passes when this norm, its trace and its Hermiticity are off by at most the bound drawn.",
    ),
    _Measure(
        figure="tvd",
        rule="tvd_floor",
        label="total variation distance",
        rule_text="shot noise alone, mean",
        tiny=1e-9,
        most=1.0,
        digits=3,
        note="Samples: the distance of the counts from the exact distribution. Shot noise alone gives "
        "the dotted line on average. Whether a sample passes is decided by statistical tests, not by this "
        "distance.",
    ),
)
_PROVEN = (
    "Proven: of {drawn} drawn, {proven} were judged by a reference that is certified by ball arithmetic "
    "(columns reference_radius and proven_error of the table accuracy)."
)
_DASHES: dict[str, object] = {"complex128": "-", "complex64": (0, (4, 1.5))}
_FLOOR = (0, (1, 1))


def draw_accuracy(run: RunReadings, view: View, name: str) -> Plot:
    """The error of every judged answer: its kind's main error, or for samples the total variation distance.

    The figures are those of the table ``accuracy``.  Raises ``NothingToDrawError`` where there is none.
    """
    shared, series = series_of(run, view.palette)
    by_key = {one.key: one for one in series}
    sections: list[Section] = []
    missing: list[CellReadings] = []
    lines: dict[str, Entry] = {}
    held: list[CellReadings] = []
    notes: dict[str, None] = {}
    proven = 0
    for workload in view.workloads:
        cells = view.cells(run, workload)
        measure = _measure(cells)
        marks: list[Mark] = []
        rules: dict[Rule, None] = {}
        for cell in cells:
            mark = measure and _mark(cell, measure, by_key)
            if not measure or not mark:
                missing.append(cell)
                continue
            marks.append(mark)
            held.append(cell)
            proven += bool(cell.outcome and proven_error(cell.task["kind"], cell.outcome.figures) is not None)
            for text, rule in _rules(cell, measure):
                rules[rule] = None
                lines.setdefault(text, line_entry(text, rule.dashes))
        label, asked = plain(workload), view.of(run, workload).problems
        if not measure or not marks:
            sections.append(Section(heading=label, message="no figure of accuracy", problems=asked))
            continue
        notes[measure.note] = None
        values = [mark.value for mark in marks] + [rule.value for rule in rules]
        scale = error_scale(measure.label, values, measure.tiny, measure.most)
        sections.append(
            Section(heading=label, marks=tuple(marks), rules=tuple(rules), scale=scale, problems=asked)
        )
        judged = [cell for cell in cells if look_of(cell, cell.judged)]  # a second sample may not have come
        retried = sum(bool(cell.outcome and cell.outcome.figures.get("retried")) for cell in judged)
        if retried:
            notes[
                f"{label}: {counted(retried, 'answer')} failed a first test and were judged with ten times "
                "the shots: the lower dotted line is theirs."
            ] = None
        if scale.zero is not None:
            below = sum(mark.value < measure.tiny for mark in marks)
            notes[
                f"{label}: the strip 0 holds {counted(below, 'answer')} below {power_text(measure.tiny)}."
            ] = None
    marks = [mark for section in sections for mark in section.marks]
    if not marks:
        raise NothingToDrawError(f"no accuracy to draw: {left_out(missing, 'without a figure') or 'no cell'}")
    seen = {mark.series.key for mark in marks}
    if words := approximate_words(held):
        notes[words] = None
    if len(seen) > 1:
        notes[shift_words(joined=False, columns=True)] = None
    if proven:
        notes[_PROVEN.format(proven=proven, drawn=counted(len(marks), "answer"))] = None
    series = tuple(one for one in series if one.key in seen)
    heading = Heading(
        title=f"accuracy against number of qubits, {suite_name(run)}",
        lines=(conditions(run, shared), machine_class(run)),
        width=view.width,
        notes=tuple(
            note for note in (*notes, left_out(missing, "without a finite figure"), view.note) if note
        ),
    )
    entries = series_entries(series, lines=False)
    entries += line_entries([*lines.values()], held)
    entries += look_entries(_looks(marks))
    return Plot(
        name=name,
        title=heading.title,
        caption=(*heading.lines, *heading.notes),
        figure=chart(heading, view.facts(run), sections, entries, series, connected=False),
    )


def _looks(marks: Sequence[Mark]) -> dict[Look, int]:
    return dict(Counter(mark.look for mark in marks))


def _measure(cells: Sequence[CellReadings]) -> _Measure | None:
    found = {name for cell in cells if cell.outcome for name in cell.outcome.figures}
    return next((measure for measure in _MEASURES if measure.figure in found), None)


def _mark(cell: CellReadings, measure: _Measure, by_key: dict[tuple[str, int, str], Series]) -> Mark | None:
    value = cell.outcome.figures.get(measure.figure) if cell.outcome else None
    if value is None or not math.isfinite(value):
        return None
    look = look_of(cell, cell.judged)  # the judged answer stands, however the timed rounds ended
    if look is None:
        return None
    return Mark(
        series=by_key[key_of(cell)],
        problem=cell.circuit_id,
        value=float(rounded(float(value), measure.digits)),
        look=look,
    )


def _rules(cell: CellReadings, measure: _Measure) -> list[tuple[str, Rule]]:
    value = cell.outcome.figures.get(measure.rule) if cell.outcome else None
    if value is None or not math.isfinite(value) or (measure.rule == "bound" and not bounded(cell)):
        return []
    value = float(rounded(float(value), measure.digits))
    if measure.rule == "tvd_floor":
        return [(measure.rule_text, Rule(problem=cell.circuit_id, value=value, dashes=_FLOOR))]
    precision = cell.facts["precision"]
    rule = Rule(problem=cell.circuit_id, value=value, dashes=_DASHES.get(precision, _FLOOR))
    return [(f"{measure.rule_text}, {precision}", rule)]
