"""Where the time of one call goes: shares of translate, compile, execute and readback."""

from __future__ import annotations

from collections.abc import Sequence

from qbench.analysis.figures import rounded
from qbench.model import Metric
from qbench.report.html.charts.chart import Axis, Chart, Choices, hover, most_common_class
from qbench.report.html.charts.marks import mark_of, mark_words
from qbench.report.html.charts.targets import of_circuits, of_classes, of_column
from qbench.report.html.encoding import time_words
from qbench.report.html.series import Series, key_of
from qbench.report.html.view import RunView, circuit_labels
from qbench.report.phase_bars import CALLS, PARTS, phase_bar, shown_call

__all__ = ["phases_chart"]


def phases_chart(views: Sequence[RunView], series: Sequence[Series]) -> Chart:
    """One bar per simulator of one class on one circuit: the figures of ``qbench plot --kind phases``.

    One kind of call in the whole chart, the best that was measured in all phases.
    """
    choices = Choices(names=("run", "workload", "class", "circuit"))
    places = {one.key: place for place, one in enumerate(series)}
    labels = circuit_labels(views)
    call = shown_call(cell for view in views for cell in view.run.cells)
    traces = []
    for view in views if call is not None else ():
        for workload in view.run.workloads:
            for cell in view.run.cells:
                bar = phase_bar(cell, call) if call is not None and cell.workload == workload else None
                if bar is None or not bar.parts:
                    continue
                place = places[key_of(cell)]
                chosen = choices.places(
                    run=view.name,
                    workload=workload,
                    **{"class": series[place].ranking_class},
                    circuit=labels[cell.circuit_id],
                )
                told = [f"{phase}: {_words(time)}" for phase, time in bar.parts.items()]
                traces.append(
                    {
                        "c": chosen,
                        "s": place,
                        "m": mark_of(cell),
                        "parts": [bar.parts.get(phase, 0.0) for phase in PARTS],
                        "sum": _words(bar.total_us),
                        "t": hover(f"in all: {_words(bar.total_us)}", *told, *mark_words(cell)),
                    }
                )
    clock = ", by wall time, whatever clock ranks" if _by_cpu(views) else ""
    return Chart(
        id="phases",
        title="Where the time of a call goes",
        kind="bars",
        about=(
            f"Shown is {CALLS[call] if call else 'no call'}{clock}. Every bar is 100 % of one call, from the "
            "circuit to plain data; its time stands at its end. On top the ranked answer with the shortest "
            "call; below them what is flagged (!) or wrong (✗), which is never ranked. A part that is "
            "missing is a step that the package does not have, or too short to see."
        ),
        alt="Shares of translate, compile, execute and readback in one call, one bar per simulator.",
        table="cells",
        x=Axis(title="share of one call (%)", scale="linear"),
        y=Axis(title="", scale="category"),
        choices=(
            choices.choice("run", "run"),
            choices.choice("workload", "workload"),
            choices.choice("class", "class", first=most_common_class(series)),
            choices.choice("circuit", "circuit"),
        ),
        traces=tuple(traces),
        targets={
            "workload": of_column(choices, "workload", "workload"),
            "class": of_classes(choices, views),
            "circuit": of_circuits(choices, views),
        },
        more={"parts": [str(phase) for phase in PARTS]},
    )


def _words(microseconds: float) -> str:
    return time_words(rounded(microseconds * 1e3, 3)) if microseconds else "0 ns"


def _by_cpu(views: Sequence[RunView]) -> bool:
    return any(view.run.metric == Metric.CPU for view in views)
