"""What a gate costs: measured times per gate with the fitted cost models, and how far these are off."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence

from qbench.analysis.cost_forms import TERMS
from qbench.analysis.cost_model import CostFit, fit_costs
from qbench.analysis.figures import number_text, rounded
from qbench.analysis.memory_limit import MemoryLimit, memory_limit
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.analysis.shots import without_shots
from qbench.report.plots.cost_panes import (
    LIMIT_DASHES,
    POOR_LINE,
    POOR_PERCENT,
    SPREAD,
    Typical,
    cost_rows,
    limit_lines,
    unseen_percent,
)
from qbench.report.plots.grid import Row, grid
from qbench.report.plots.heading import Heading, clock_name, conditions, machine_class, suite_name
from qbench.report.plots.legend import Entry, heading_entry, line_entry, series_entries
from qbench.report.plots.lettering import plain
from qbench.report.plots.plot import NothingToDrawError, Plot, View, counted, left_out
from qbench.report.plots.print_width import narrow
from qbench.report.plots.sheet import INK
from qbench.report.plots.side_by_side import MOST_SHIFT
from qbench.report.plots.styles import Series, SeriesKey, key_of, series_of

__all__ = ["draw_costs"]


def draw_costs(run: RunReadings, view: View, phase: str, name: str) -> Plot:
    """Time per gate against qubits with the fits of the table ``costs``, and measured over fitted times.

    Raises ``NothingToDrawError`` where no simulator in view has enough circuits for a fit.
    """
    shared, series = series_of(run, view.palette)
    fits = fit_costs(run, phase)
    limit = memory_limit(run)
    cells = [cell for workload in view.workloads for cell in view.cells(run, workload)]
    circuits = {cell.problem_id: cell.circuit_id for cell in cells}
    rows: list[Row] = []
    used: set[SeriesKey] = set()
    captions: list[str] = []
    notes: list[str] = []
    precisions: dict[str, None] = {}
    poor_fits: set[SeriesKey] = set()
    without: list[CellReadings] = []
    for workload in view.workloads:
        mine = [cell for cell in cells if cell.workload == workload]
        held = _of(fits, mine, series)
        fitted = {one.key for one, _ in held}
        without += [cell for cell in mine if key_of(cell) not in fitted]
        if not held:
            continue
        typical = _typical([fit for _, fit in held])
        shown = [
            (one, fit, [cell for cell in fit.cells if circuits.get(cell.problem_id) in view.problems])
            for one, fit in held
        ]
        lines = limit_lines(limit, [fit for _, fit in held], typical)
        precisions |= dict.fromkeys(lines)
        clock = f"{phase} {clock_name(run)}"
        rows += cost_rows(plain(workload), shown, lines, typical, clock, beside=not narrow(view.width))
        used |= fitted
        captions += [plain(f"{workload}: {one.label}: {_words(fit)}") for one, fit in held]
        poor = [(one, fit) for one, fit in held if unseen_percent(fit) > POOR_PERCENT]
        poor_fits |= {one.key for one, _ in poor}
        notes.append(
            f"{plain(workload)}: lines for a circuit of {_typical_words(typical)}." + _poor_words(poor)
        )
    if not rows:
        raise NothingToDrawError(
            f"no cost model of {phase} to draw: it needs three circuits that one simulator passed and "
            f"whose gates were counted. {left_out(without, 'too few circuits for a fit')}".strip()
        )
    heading = Heading(
        title=f"{phase}: cost per gate and its model, {suite_name(run)}",
        lines=(conditions(run, shared), machine_class(run)),
        width=view.width,
        notes=tuple(
            filter(
                None,
                [
                    _how_to_read(view),
                    *notes,
                    _limit_note(limit, precisions),
                    left_out(without, "too few circuits for a fit"),
                    view.note,
                ],
            )
        ),
    )
    drawn = tuple(one for one in series if one.key in used)
    return Plot(
        name=name,
        title=heading.title,
        caption=(*heading.lines, *heading.notes, *captions),
        figure=grid(heading, rows, _entries(drawn, precisions, poor=bool(poor_fits))),
    )


def _how_to_read(view: View) -> str:
    times, residuals = ("Above", "Below") if narrow(view.width) else ("Left", "Right")
    return (
        f"{times}: lines are the fitted models (table costs) for a circuit with the median number of gates; "
        "points are measured circuits, taken to that number by their model, so that their distance from the "
        f"line is the residual. {residuals}: measured over fitted time; what a model cannot explain by "
        "qubits and gates stands off 1. A line ends where the measured sizes end. "
        f"Points stand up to {MOST_SHIFT} qubit beside their number of qubits, residuals up to {SPREAD / 2}."
    )


def _of(
    fits: Sequence[CostFit], cells: Sequence[CellReadings], series: Iterable[Series]
) -> list[tuple[Series, CostFit]]:
    """The fits of the simulators and the workload of these cells, in the legend's order."""
    names = {cell.workload for cell in cells}
    names |= {without_shots(cell) for cell in cells if cell.task.get("shots") is not None}
    keys = {key_of(cell) for cell in cells}
    found = {
        (fit.simulator, fit.ranking_class.threads, fit.ranking_class.gate_mode): fit
        for fit in fits
        if fit.workload in names
    }
    return [(one, found[one.key]) for one in series if one.key in found and one.key in keys]


def _typical(fits: Sequence[CostFit]) -> Typical:
    sizes = [cell.size for fit in fits for cell in fit.cells]
    return Typical(
        gates=max(1, statistics.median_low(size.gates for size in sizes)),
        shots=statistics.median_low(size.shots for size in sizes),
        parameters=statistics.median_low(size.parameters for size in sizes),
    )


def _typical_words(typical: Typical) -> str:
    parts = [counted(typical.gates, "gate")]
    parts += [counted(typical.parameters, "parameter")] if typical.parameters else []
    parts += [counted(typical.shots, "shot")] if typical.shots else []
    return ", ".join(parts)


def _limit_note(limit: MemoryLimit | None, precisions: Mapping[str, None]) -> str:
    if limit is None:
        return (
            "No memory limit is drawn: the records hold no memory bandwidth (qbench bandwidth RUN measures "
            "it on the run's machine)."
        )
    if not precisions:
        return (
            "No memory limit is drawn: it is one of exact state vectors, on as many threads as were measured."
        )
    return (
        "Memory limit: every gate reads and writes the whole state once, at the bandwidth that one pass over "
        "as many bytes was measured to have. Gates that are fused, are diagonal, or skip what is known to be "
        "zero can beat it."
    )


def _words(fit: CostFit) -> str:
    """The model in words: 120 us fixed, 1.3 us per gate, ...; how far it is off."""
    parts = []
    for name, estimate in fit.terms.items():
        term = TERMS[name]
        scale = {"us": 1e6, "ns": 1e9}[term.unit]
        if estimate.value > 0:
            parts.append(f"{number_text(rounded(estimate.value * scale, 2))} {term.unit} {term.words}")
    errors = [f"median {_percent(fit.residual_percent)}, worst {_percent(fit.worst_percent)}"]
    held_out = fit.cross_validated_percent
    errors.append(
        "not cross-validated"
        if held_out is None
        else f"{_percent(held_out)} on families that it had not seen"
    )
    return f"{', '.join(parts) or 'nothing'} ({fit.form}); off by {', '.join(errors)}"


def _percent(value: float) -> str:
    return f"{value:.0f} %"


def _poor_words(poor: Sequence[tuple[Series, CostFit]]) -> str:
    """Which lines are not to be planned by, and how far they are off, the worst first."""
    if not poor:
        return ""
    ordered = sorted(poor, key=lambda one: (-unseen_percent(one[1]), one[0].key))
    names = ", ".join(
        f"{one.label} ({_percent(unseen_percent(fit))}"
        f"{' on its own circuits' * (fit.cross_validated_percent is None)})"
        for one, fit in ordered
    )
    return plain(
        f" Thin, sparsely dotted lines are models that are off by more than {POOR_PERCENT} % in the median "
        f"on families that they had not seen, no models to plan by: {names}."
    )


def _entries(series: Sequence[Series], precisions: Mapping[str, None], *, poor: bool) -> list[Entry]:
    entries = [*series_entries(series, lines=True)]
    if poor:
        line = {"color": INK, **POOR_LINE}
        entries += [
            heading_entry("models"),
            Entry(text=f"off by more than {POOR_PERCENT} %: see note", line=line),
        ]
    if precisions:
        entries.append(heading_entry("memory limit"))
        entries += [line_entry(precision, LIMIT_DASHES.get(precision, "-")) for precision in precisions]
    return entries
