"""What a gate costs: measured times per gate with the fitted cost models, and how far these are off."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from matplotlib.axes import Axes

from qbench.analysis.cost_forms import TERMS
from qbench.analysis.cost_model import CostCell, CostFit, fit_costs
from qbench.analysis.figures import number_text, rounded
from qbench.analysis.memory_limit import MemoryLimit, memory_limit
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.analysis.shots import without_shots
from qbench.report.plots.grid import Pane, Row, grid
from qbench.report.plots.heading import Heading, clock_name, conditions, machine_class, suite_name
from qbench.report.plots.legend import Entry, heading_entry, line_entry, series_entries
from qbench.report.plots.lettering import plain
from qbench.report.plots.marks import mark_size
from qbench.report.plots.plot import NothingToDrawError, Plot, View, counted, left_out
from qbench.report.plots.scales import Scale, linear_scale, number_scale, time_scale
from qbench.report.plots.sheet import INK, PALE
from qbench.report.plots.styles import Look, Series, SeriesKey, key_of, series_of

__all__ = ["draw_costs"]

SIZE, BESIDE = (4.0, 3.2), (2.6, 3.2)
SPREAD = 0.5  # of a qubit, over which the points of one size stand side by side
_US = 1e6  # fits are in s
_ONE_PASS = frozenset({"state", "sample", "expval"})
"""Kinds of tasks that go through the gates once: the memory limit is one of these."""

_LIMITS: Mapping[str, object] = {"complex128": (0, (4, 1.5)), "complex64": (0, (1, 1))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typical:
    """The circuit that curves and points are taken to: the median of what the fitted circuits have."""

    gates: int
    shots: int
    parameters: int

    def seconds(self, fit: CostFit, qubits: int) -> float:
        """What the fit gives for such a circuit of so many qubits, per gate."""
        return fit.predict(qubits, self.gates, self.shots, self.parameters) / self.gates

    def point(self, fit: CostFit, cell: CostCell) -> float:
        """A measured time per gate, taken to such a circuit by the fit: its residual is kept."""
        return self.seconds(fit, cell.qubits) * cell.seconds / cell.predicted_seconds


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
        lines = _limit_lines(limit, [fit for _, fit in held], typical)
        precisions |= dict.fromkeys(lines)
        rows.append(_row(plain(workload), shown, lines, typical, phase, clock_name(run)))
        used |= fitted
        captions += [plain(f"{workload}: {one.label}: {_words(fit)}") for one, fit in held]
        notes.append(f"{plain(workload)}: lines for a circuit of {_typical_words(typical)}.")
    if not rows:
        raise NothingToDrawError(
            f"no cost model of {phase} to draw: it needs three circuits that one simulator passed and "
            f"whose gates were counted. {left_out(without, 'too few circuits for a fit')}".strip()
        )
    heading = Heading(
        title=f"{phase}: cost per gate and its model, {suite_name(run)}",
        lines=(conditions(run, shared), machine_class(run)),
        notes=tuple(
            filter(
                None,
                [
                    "Left: lines are the fitted models (table costs) for a circuit with the median number of "
                    "gates; points are measured circuits, taken to that number by their model, so that their "
                    "distance from the line is the residual. Right: measured over fitted time; what "
                    "a model cannot explain by qubits and gates stands off 1. A line ends where the measured "
                    "sizes end.",
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
        figure=grid(heading, rows, _entries(drawn, precisions)),
    )


def _of(
    fits: Sequence[CostFit], cells: Sequence[CellReadings], series: Sequence[Series]
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


Shown = Sequence[tuple[Series, CostFit, Sequence[CostCell]]]


def _row(
    heading: str,
    shown: Shown,
    lines: Mapping[str, Sequence[tuple[int, float]]],
    typical: Typical,
    phase: str,
    clock: str,
) -> Row:
    points = [typical.point(fit, cell) * _US for _, fit, mine in shown for cell in mine]
    curves = [y for _, fit, _ in shown for _, y in _curve(fit, typical)]
    limits = [y for line in lines.values() for _, y in line]
    up = time_scale(f"{phase} {clock} per gate", [*points, *curves], limits)
    sizes = [cell.qubits for _, fit, _ in shown for cell in fit.cells]
    across = _qubits(min(sizes), max(sizes))
    ratios = [cell.seconds / cell.predicted_seconds for _, _, mine in shown for cell in mine]
    off = number_scale("measured over fitted", [*ratios, 1.0])
    return Row(
        heading=heading,
        panes=(
            Pane(
                title="time per gate",
                across=across,
                up=up,
                size=SIZE,
                draw=partial(_draw, shown=shown, lines=lines, typical=typical),
            ),
            Pane(
                title="residuals",
                across=across,
                up=off,
                size=BESIDE,
                draw=partial(_draw_residuals, shown=shown),
            ),
        ),
    )


def _qubits(low: int, high: int) -> Scale:
    scale = linear_scale("qubits", low - 0.6, high + 0.6, "{:g}".format)
    step = max(1, -(-(high - low) // 8))
    ticks = tuple((float(n), str(n)) for n in range(low, high + 1, step))
    return Scale(label=scale.label, low=scale.low, high=scale.high, ticks=ticks, minor=(), linear=True)


def _curve(fit: CostFit, typical: Typical) -> list[tuple[int, float]]:
    sizes = [cell.qubits for cell in fit.cells]
    return [(n, typical.seconds(fit, n) * _US) for n in range(min(sizes), max(sizes) + 1)]


def _limit_lines(
    limit: MemoryLimit | None, fits: Sequence[CostFit], typical: Typical
) -> dict[str, list[tuple[int, float]]]:
    """By precision the time per gate that moving the state takes at least; empty where it does not apply."""
    found: dict[str, list[tuple[int, float]]] = {}
    for fit in fits:
        of = fit.ranking_class
        if limit is None or of.kind != "exact" or of.threads != limit.threads or fit.task not in _ONE_PASS:
            continue
        sizes = [cell.qubits for one in fits for cell in one.cells]
        found.setdefault(
            of.precision,
            [
                (n, limit.seconds(n, typical.gates, of.precision) / typical.gates * _US)
                for n in range(min(sizes), max(sizes) + 1)
            ],
        )
    return found


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


def _shift(position: int, series: int) -> float:
    step = min(SPREAD / max(1, series - 1), 0.08)
    return (position - (series - 1) / 2) * step


def _draw(
    axes: Axes,
    shown: Shown,
    lines: Mapping[str, Sequence[tuple[int, float]]],
    typical: Typical,
) -> None:
    size = mark_size(len(shown)) - 0.6
    for precision, line in lines.items():
        style: dict[str, Any] = {"color": INK, "linewidth": 1.3, "linestyle": _LIMITS.get(precision, "-")}
        axes.plot([n for n, _ in line], [y for _, y in line], zorder=2, **style)
    for position, (one, fit, mine) in enumerate(shown):
        curve = _curve(fit, typical)
        style = {"color": one.colour, "linewidth": 1.1, "linestyle": one.dashes, "zorder": 2.5}
        axes.plot([n for n, _ in curve], [y for _, y in curve], **style)
        x = [cell.qubits + _shift(position, len(shown)) for cell in mine]
        y = [typical.point(fit, cell) * _US for cell in mine]
        axes.plot(x, y, linestyle="none", zorder=4, clip_on=False, **one.style(Look.PASSED, size))


def _draw_residuals(axes: Axes, shown: Shown) -> None:
    size = mark_size(len(shown)) - 0.6
    axes.axhline(1.0, color=INK, linewidth=0.7, zorder=1)
    for factor in (0.5, 2.0):
        axes.axhline(factor, color=PALE, linewidth=0.7, linestyle=(0, (4, 1.5)), zorder=1)
    for position, (one, _, mine) in enumerate(shown):
        x = [cell.qubits + _shift(position, len(shown)) for cell in mine]
        y = [cell.seconds / cell.predicted_seconds for cell in mine]
        axes.plot(x, y, linestyle="none", zorder=4, clip_on=False, **one.style(Look.PASSED, size))


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


def _entries(series: Sequence[Series], precisions: Mapping[str, None]) -> list[Entry]:
    entries = [*series_entries(series, lines=True)]
    if precisions:
        entries.append(heading_entry("memory limit"))
        entries += [line_entry(precision, _LIMITS.get(precision, "-")) for precision in precisions]
    return entries
