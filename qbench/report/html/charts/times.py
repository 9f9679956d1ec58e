"""Time against the number of qubits, with intervals: a line joins the sizes of one family."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qbench.analysis.families import family_of
from qbench.analysis.figures import supported
from qbench.analysis.readings import CellReadings
from qbench.analysis.stats import Estimate
from qbench.model import Phase
from qbench.report.html.charts.chart import Axis, Chart, Choices, hover, most_common_class
from qbench.report.html.charts.marks import mark_of, mark_words
from qbench.report.html.charts.targets import of_classes, of_column, of_families
from qbench.report.html.encoding import time_words
from qbench.report.html.series import Series, key_of
from qbench.report.html.view import RunView, circuit_labels, clock_words

__all__ = ["times_chart"]

_US = 1e-3


def times_chart(views: Sequence[RunView], series: Sequence[Series]) -> Chart:
    """Warm times per call in microseconds, a trace per run, workload, phase, class, family and simulator."""
    choices = Choices(names=("run", "workload", "phase", "class", "family"))
    places = {one.key: place for place, one in enumerate(series)}
    labels = circuit_labels(views)
    traces: dict[tuple[int, ...], dict[str, Any]] = {}
    circuits: dict[str, list[str]] = {}
    for view in views:
        clock = view.run.metric
        for workload in view.run.workloads:
            for phase in view.run.phases:
                for cell in view.run.cells:
                    warm = cell.warm(phase, clock) if cell.workload == workload else None
                    if warm is None:
                        continue
                    place = places[key_of(cell)]
                    family = _family(cell)
                    circuits.setdefault(family, []).append(str(cell.problem["name"]))
                    chosen = choices.places(
                        run=view.name,
                        workload=workload,
                        phase=phase,
                        **{"class": series[place].ranking_class},
                        family=family,
                    )
                    trace = traces.setdefault(
                        (*chosen, place), {"c": chosen, "s": place, "x": [], "y": [], "lo": [], "hi": []}
                    )
                    _add(trace, cell, warm, labels[cell.circuit_id])
    ordered = [_by_size(trace) for trace in traces.values()]
    return Chart(
        id="times",
        title="Time against the number of qubits",
        kind="curves",
        about=(
            "Time per call, geometric mean over rounds; bars are 95 % intervals. A line joins the sizes of "
            "one family of circuits. Overlapping bars do not make a tie, because rounds are paired: the "
            "ratios say who is faster."
        ),
        alt="Time per call in microseconds, logarithmic, against the number of qubits, a line per simulator.",
        table="cells",
        x=Axis(title="qubits", scale="linear"),
        y=Axis(title=f"{clock_words(views)} per call (µs)"),
        choices=(
            choices.choice("run", "run", every="all runs" if len(views) > 1 else None),
            choices.choice("workload", "workload"),
            choices.choice("phase", "phase", first=str(Phase.EXECUTE)),
            choices.choice("class", "class", every="all classes", first=most_common_class(series)),
            choices.choice("family", "circuits", every="all families", first=_longest(ordered, choices)),
        ),
        traces=tuple(ordered),
        targets={
            "workload": of_column(choices, "workload", "workload"),
            "phase": of_column(choices, "phase", "phase"),
            "class": of_classes(choices, views),
            "family": of_families(choices, circuits),
        },
    )


def _family(cell: CellReadings) -> str:
    """The family's name; of a circuit without one its own.

    ``family_of`` puts ``family`` or ``circuit`` before, so that the two cannot meet.
    """
    kind, _, name = family_of(cell).partition(" ")
    return name if kind == "family" else str(cell.problem["name"])


def _add(trace: dict[str, Any], cell: CellReadings, warm: Estimate, label: str) -> None:
    figures = supported(warm, _US)
    whole = supported(warm)
    told = time_words(whole.value)
    if whole.low is not None and whole.high is not None:
        told += f" ({time_words(whole.low)} to {time_words(whole.high)})"
    trace["x"].append(cell.problem["qubits"])
    trace["y"].append(float(figures.value))
    trace["lo"].append(None if figures.low is None else float(figures.low))
    trace["hi"].append(None if figures.high is None else float(figures.high))
    trace.setdefault("m", []).append(mark_of(cell))
    trace.setdefault("t", []).append(hover(f"{label}: {told}", *mark_words(cell)))


def _by_size(trace: dict[str, Any]) -> dict[str, Any]:
    """The points in the order of their sizes, so that a line never turns back."""
    order = sorted(range(len(trace["x"])), key=lambda place: trace["x"][place])
    listed = {name: [trace[name][place] for place in order] for name in ("x", "y", "lo", "hi", "m", "t")}
    return {"c": trace["c"], "s": trace["s"], **listed}


def _longest(traces: Sequence[dict[str, Any]], choices: Choices) -> str | None:
    """The family with the most sizes in one line, if any line has two; else None, which shows all."""
    sizes: dict[int, int] = {}
    for trace in traces:
        place = trace["c"][-1]
        sizes[place] = max(sizes.get(place, 0), len(set(trace["x"])))
    longest = max(sizes, key=lambda place: sizes[place], default=None)
    if longest is None or sizes[longest] < 2:
        return None
    return list(choices.values["family"])[longest]
