"""The cost model: measured time per gate, what the fit says of it, and the limit of the machine's memory."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from qbench.analysis.cost_model import CostFit, fit_costs
from qbench.analysis.figures import rounded
from qbench.analysis.memory_limit import AMPLITUDE_BYTES, MemoryLimit, memory_limit
from qbench.analysis.readings import RankingClass
from qbench.report.html.charts.chart import Axis, Chart, Choices, hover, most_common_class
from qbench.report.html.charts.marks import PASSED
from qbench.report.html.charts.targets import of_classes, of_column
from qbench.report.html.encoding import time_words
from qbench.report.html.series import Series, class_names
from qbench.report.html.view import RunView, circuit_labels, clock_words

__all__ = ["costs_chart"]

_NS = 1e9
# Kinds of simulators that move every amplitude for every gate, so that memory is a limit of theirs.
_LIMITED = "exact"


def costs_chart(views: Sequence[RunView], series: Sequence[Series]) -> Chart:
    """Time of ``execute`` over the number of gates, against qubits, with each simulator's fitted model.

    The model's line is the median over the fit's circuits of that size.
    """
    choices = Choices(names=("run", "workload", "class"))
    places = {one.key: place for place, one in enumerate(series)}
    names, labels = class_names(views)[1], circuit_labels(views)
    ids = {(view.name, cell.problem_id): cell.circuit_id for view in views for cell in view.run.cells}
    traces: list[Mapping[str, Any]] = []
    for view in views:
        limit = memory_limit(view.run)
        drawn: dict[tuple[int, ...], dict[str, Any]] = {}
        for fit in fit_costs(view.run):
            of = fit.ranking_class
            place = places.get((fit.simulator, of.threads, of.gate_mode))
            if place is None or of not in names:
                continue
            chosen = choices.places(run=view.name, workload=fit.workload, **{"class": names[of]})
            circuits = {cell.problem_id: labels[ids[view.name, cell.problem_id]] for cell in fit.cells}
            traces.append({"c": chosen, "s": place, **_points(fit, circuits)})
            if limit is not None and of.kind == _LIMITED and of.threads == limit.threads:
                sizes = [cell.qubits for cell in fit.cells]
                known = drawn.setdefault(tuple(chosen), {"c": chosen, "sizes": set(), "of": of})
                known["sizes"].update(sizes)
        if limit is not None:
            traces += [_limit(one["c"], sorted(one["sizes"]), one["of"], limit) for one in drawn.values()]
    return Chart(
        id="costs",
        title="Cost model: time per gate",
        kind="costs",
        about=(
            "Points are measured: time of execute over the number of gates. Dashed lines are the fitted "
            "model, the median over the circuits of a size; its form and how far it is off stand beside the "
            "points and in the table. The dotted line, where it was measured, is what moving all amplitudes "
            "once through this machine's memory takes: a yardstick, not a bound, for gates can be fused."
        ),
        alt=(
            "Time per gate in nanoseconds, logarithmic, against the number of qubits: measured points, a "
            "fitted line per simulator, and the memory's limit."
        ),
        table="costs",
        x=Axis(title="qubits", scale="linear"),
        y=Axis(title=f"{clock_words(views)} per gate (ns)"),
        choices=(
            choices.choice("run", "run"),
            choices.choice("workload", "workload"),
            choices.choice("class", "class", first=most_common_class(series)),
        ),
        traces=tuple(traces),
        targets={
            "workload": of_column(choices, "workload", "workload"),
            "class": of_classes(choices, views),
        },
    )


def _points(fit: CostFit, circuits: Mapping[str, str]) -> dict[str, Any]:
    cells = [cell for cell in fit.cells if cell.gates]
    off = fit.cross_validated_percent
    trust = f"model {fit.form}; median residual {fit.residual_percent:.0f} %"
    if off is not None:
        trust += f", {off:.0f} % on families not seen"
    texts = []
    for cell in cells:
        measured, predicted = (
            time_words(rounded(seconds * _NS, 3)) for seconds in (cell.seconds, cell.predicted_seconds)
        )
        texts.append(
            hover(
                f"{circuits[cell.problem_id]}: {measured}, {cell.gates} gates", f"model: {predicted}", trust
            )
        )
    by_size: dict[int, list[float]] = {}
    for cell in cells:
        by_size.setdefault(cell.qubits, []).append(cell.predicted_seconds * _NS / cell.gates)
    line = {size: statistics.median(by_size[size]) for size in sorted(by_size)}
    return {
        "x": [cell.qubits for cell in cells],
        "y": [_figure(cell.seconds * _NS / cell.gates) for cell in cells],
        "t": texts,
        "m": [PASSED] * len(cells),
        "line": {"x": list(line), "y": [_figure(value) for value in line.values()]},
    }


def _figure(value: float) -> float:
    return float(rounded(value, 4))


def _limit(
    chosen: Sequence[int], sizes: Sequence[int], of: RankingClass, limit: MemoryLimit
) -> dict[str, Any]:
    """The limit of a state of each size, by one gate."""
    known = of.precision if of.precision in AMPLITUDE_BYTES else "complex128"
    span = range(sizes[0], sizes[-1] + 1) if sizes else ()
    return {
        "c": list(chosen),
        "limit": {
            "x": list(span),
            "y": [_figure(limit.seconds(qubits, 1, known) * _NS) for qubits in span],
        },
    }
