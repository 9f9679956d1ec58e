"""Where the time of one call goes: shares of translate, compile, execute and readback."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qbench.analysis.figures import rounded, supported
from qbench.analysis.readings import CellReadings
from qbench.model import VERDICTS, Phase, Place
from qbench.report.html.charts.chart import Axis, Chart, Choices, hover
from qbench.report.html.encoding import time_words
from qbench.report.html.series import Series, key_of
from qbench.report.html.view import RunView, circuit_labels

__all__ = ["PARTS", "phases_chart"]

PARTS = (Phase.TRANSLATE, Phase.COMPILE, Phase.EXECUTE, Phase.READBACK)

_CALLS = {
    Place.WARM: "a warm call (geometric mean over rounds)",
    Place.FIRST_FOR_CELL: "the first call for a circuit in a warm process (median over rounds)",
    Place.FIRST_IN_PROCESS: "the first call in a fresh process (median over rounds; it loads libraries)",
}


def phases_chart(views: Sequence[RunView], series: Sequence[Series]) -> Chart:
    """One bar per simulator on one circuit.

    One kind of call in the whole chart, as in ``qbench plot --kind phases``: the best that was measured in
    all phases.  The three kinds are never mixed.
    """
    choices = Choices(names=("run", "workload", "circuit"))
    places = {one.key: place for place, one in enumerate(series)}
    labels = circuit_labels(views)
    place = _place(cell for view in views for cell in view.run.cells)
    traces = []
    for view in views:
        for workload in view.run.workloads:
            for cell in view.run.cells:
                if place is None or cell.workload != workload or not _answered(cell):
                    continue
                times = [_ns(cell, phase, place) for phase in PARTS]
                if times[PARTS.index(Phase.EXECUTE)] is None:
                    continue
                chosen = choices.places(run=view.name, workload=workload, circuit=labels[cell.circuit_id])
                parts = [0.0 if time is None else time for time in times]
                told = [
                    f"{phase}: {time_words(rounded(time, 3))}"
                    for phase, time in zip(PARTS, times, strict=True)
                    if time is not None
                ]
                traces.append(
                    {
                        "c": chosen,
                        "s": places[key_of(cell)],
                        "parts": [float(rounded(part * 1e-3, 3)) if part else 0.0 for part in parts],
                        "sum": time_words(rounded(sum(parts), 3)) if sum(parts) else "0 ns",
                        "t": hover(*told),
                    }
                )
    return Chart(
        id="phases",
        title="Where the time of a call goes",
        kind="bars",
        about=(
            f"Shown is {_CALLS[place] if place else 'no call'}. Every bar is 100 % of one call, from the "
            "circuit to plain data; its time stands at its end. A part that is missing is a step that the "
            "package does not have, or too short to see."
        ),
        alt="Shares of translate, compile, execute and readback in one call, one bar per simulator.",
        table="cells",
        x=Axis(title="share of one call (%)", scale="linear"),
        y=Axis(title="", scale="category"),
        choices=(
            choices.choice("run", "run"),
            choices.choice("workload", "workload"),
            choices.choice("circuit", "circuit"),
        ),
        traces=tuple(traces),
        filters={"workload": "workload", "circuit": "circuit"},
        more={"parts": [str(phase) for phase in PARTS]},
    )


def _answered(cell: CellReadings) -> bool:
    return cell.verdict is not None and VERDICTS[cell.verdict].answered


def _place(cells: Iterable[CellReadings]) -> Place | None:
    """The first kind of call of which some cell has translate, execute and readback."""
    wanted = (Phase.TRANSLATE, Phase.EXECUTE, Phase.READBACK)
    timed = [cell for cell in cells if cell.phases]
    for place in (Place.WARM, Place.FIRST_FOR_CELL, Place.FIRST_IN_PROCESS):
        if any(all(_ns(cell, phase, place) is not None for phase in wanted) for cell in timed):
            return place
    return None


def _ns(cell: CellReadings, phase: Phase, place: Place) -> float | None:
    """Nanoseconds, by the wall clock: first calls have no other."""
    readings = cell.phases.get(phase)
    if readings is None:
        return None
    if place == Place.WARM:
        warm = readings.warm()
        return float(supported(warm).value) if warm else None
    return readings.first(place)
