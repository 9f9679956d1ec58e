"""The panes of cost models: times per gate with the fitted lines and the memory limit, and the residuals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from matplotlib.axes import Axes

from qbench.analysis.cost_model import CostCell, CostFit
from qbench.analysis.memory_limit import MemoryLimit
from qbench.report.plots.grid import Pane, Row
from qbench.report.plots.marks import mark_size
from qbench.report.plots.scales import Scale, number_scale, time_scale
from qbench.report.plots.sheet import INK, PALE
from qbench.report.plots.side_by_side import MOST_SHIFT
from qbench.report.plots.styles import Look, Series

__all__ = [
    "LIMIT_DASHES",
    "POOR_LINE",
    "POOR_PERCENT",
    "SPREAD",
    "Shown",
    "Typical",
    "cost_rows",
    "limit_lines",
    "unseen_percent",
]

POOR_PERCENT = 30
"""Above this error on what it had not seen a fit is no model to plan by, and is not drawn like one."""

POOR_LINE: Mapping[str, object] = MappingProxyType({"linewidth": 0.6, "linestyle": (0, (1.5, 4))})

SIZE, BESIDE = (4.0, 3.2), (2.6, 3.2)
IN_A_COLUMN, BESIDE_IN_A_COLUMN = (2.6, 2.4), (2.6, 1.4)
SPREAD = 0.8  # of a qubit, over which the residuals of one size stand side by side
_US = 1e6  # fits are in s
_ONE_PASS = frozenset({"state", "sample", "expval"})
"""Kinds of tasks that go through the gates once: the memory limit is one of these."""

LIMIT_DASHES: Mapping[str, object] = MappingProxyType({"complex128": (0, (4, 1.5)), "complex64": (0, (1, 1))})
"""The memory limit's line by precision."""

Shown = Sequence[tuple[Series, CostFit, Sequence[CostCell]]]
"""Simulators with their fits, and those of a fit's circuits that are drawn."""

Lines = Mapping[str, Sequence[tuple[int, float]]]


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


def cost_rows(
    heading: str, shown: Shown, lines: Lines, typical: Typical, clock: str, *, beside: bool
) -> list[Row]:
    """The panes of one workload, the residuals ``beside`` the times or on a row of their own.

    ``clock`` is what the time is called, with its phase.
    """
    points = [typical.point(fit, cell) * _US for _, fit, mine in shown for cell in mine]
    curves = [y for _, fit, _ in shown for _, y in _curve(fit, typical)]
    limits = [y for line in lines.values() for _, y in line]
    up = time_scale(f"{clock} per gate", [*points, *curves], limits)
    sizes = [cell.qubits for _, fit, _ in shown for cell in fit.cells]
    across = _qubits(sizes)
    ratios = [cell.seconds / cell.predicted_seconds for _, _, mine in shown for cell in mine]
    times = Pane(
        title="time per gate",
        across=across,
        up=up,
        size=SIZE if beside else IN_A_COLUMN,
        draw=partial(_draw, shown=shown, lines=lines, typical=typical),
    )
    residuals = Pane(
        title="residuals",
        across=across,
        up=number_scale("measured over fitted", [*ratios, 1.0]),
        size=BESIDE if beside else BESIDE_IN_A_COLUMN,
        draw=partial(_draw_residuals, shown=shown),
    )
    if beside:
        return [Row(heading=heading, panes=(times, residuals))]
    return [Row(heading=heading, panes=(times,)), Row(panes=(residuals,))]


def limit_lines(limit: MemoryLimit | None, fits: Sequence[CostFit], typical: Typical) -> Lines:
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


def _qubits(sizes: Iterable[int]) -> Scale:
    """Ticks where something was measured."""
    found = sorted({*sizes})
    ticks = tuple((float(size), str(size)) for size in found)
    return Scale(label="qubits", low=found[0] - 0.6, high=found[-1] + 0.6, ticks=ticks, minor=(), linear=True)


def _curve(fit: CostFit, typical: Typical) -> list[tuple[int, float]]:
    sizes = [cell.qubits for cell in fit.cells]
    return [(n, typical.seconds(fit, n) * _US) for n in range(min(sizes), max(sizes) + 1)]


def unseen_percent(fit: CostFit) -> float:
    """How far off a fit is on families that it had not seen; where none was held out, on those it has."""
    held_out = fit.cross_validated_percent
    return fit.residual_percent if held_out is None else held_out


def _shift(position: int, series: int, spread: float) -> float:
    step = min(spread / max(1, series - 1), 0.1)
    return (position - (series - 1) / 2) * step


def _draw(axes: Axes, shown: Shown, lines: Lines, typical: Typical) -> None:
    size = mark_size(len(shown)) - 0.6
    for precision, line in lines.items():
        style: dict[str, Any] = {
            "color": INK,
            "linewidth": 1.3,
            "linestyle": LIMIT_DASHES.get(precision, "-"),
        }
        axes.plot([n for n, _ in line], [y for _, y in line], zorder=2, **style)
    for position, (one, fit, mine) in enumerate(shown):
        curve = _curve(fit, typical)
        style = {"color": one.colour, "linewidth": 1.1, "linestyle": one.dashes, "zorder": 2.5}
        if unseen_percent(fit) > POOR_PERCENT:
            style |= POOR_LINE
        axes.plot([n for n, _ in curve], [y for _, y in curve], **style)
        x = [cell.qubits + _shift(position, len(shown), 2 * MOST_SHIFT) for cell in mine]
        y = [typical.point(fit, cell) * _US for cell in mine]
        axes.plot(x, y, linestyle="none", zorder=4, clip_on=False, **one.style(Look.PASSED, size))


def _draw_residuals(axes: Axes, shown: Shown) -> None:
    size = mark_size(len(shown)) - 0.6
    axes.axhline(1.0, color=INK, linewidth=0.7, zorder=1)
    for factor in (0.5, 2.0):
        axes.axhline(factor, color=PALE, linewidth=0.7, linestyle=(0, (4, 1.5)), zorder=1)
    for position, (one, _, mine) in enumerate(shown):
        x = [cell.qubits + _shift(position, len(shown), SPREAD) for cell in mine]
        y = [cell.seconds / cell.predicted_seconds for cell in mine]
        axes.plot(x, y, linestyle="none", zorder=4, clip_on=False, **one.style(Look.PASSED, size))
