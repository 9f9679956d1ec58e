"""The heat map: what became of every cell, or how many times the fastest one's time it took."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from qbench.analysis.readings import CellReadings
from qbench.model import RANKED_PHASES, Verdict
from qbench.report.html.charts.chart import Axis, Chart, Choices, hover
from qbench.report.html.series import Series, key_of
from qbench.report.html.view import RunView, circuit_labels
from qbench.results.reasons import cut_short

__all__ = ["LETTERS", "VERDICT_CODES", "verdicts_chart"]

BECAME = "verdicts"
_LONGEST = 120

VERDICT_CODES = (*map(str, Verdict), "not run")
"""Places in this are the values of the map of verdicts."""

LETTERS = {
    "ok": "✓",
    "approximate": "≈",
    "wrong": "✗",
    "unsupported": "u",
    "not_installed": "n",
    "timeout": "T",
    "oom": "M",
    "crash": "C",
    "error": "E",
    "not run": "?",
}
"""The same letters as in ``qbench plot --kind verdicts``: the colour says nothing that they do not."""


def verdicts_chart(views: Sequence[RunView], series: Sequence[Series]) -> Chart:
    """Simulators by circuits, a map per run and workload: verdicts, and multiples of the fastest time."""
    choices = Choices(names=("run", "workload", "show"))
    places = {one.key: place for place, one in enumerate(series)}
    labels = circuit_labels(views)
    columns = {key: place for place, key in enumerate(labels)}
    traces = []
    for view in views:
        multiples = {str(phase): _multiples(view, str(phase)) for phase in RANKED_PHASES}
        for workload in view.run.workloads:
            cells = [cell for cell in view.run.cells if cell.workload == workload]
            for show in (BECAME, *multiples):
                points: list[list[Any]] = []
                for cell in cells:
                    found = multiples[show].get(cell.id) if show != BECAME else None
                    if show != BECAME and found is None:
                        continue
                    points.append(
                        [places[key_of(cell)], columns[cell.circuit_id], *_point(cell, labels, found)]
                    )
                if points:
                    shown = show if show == BECAME else f"times the fastest, {show}"
                    chosen = choices.places(run=view.name, workload=workload, show=shown)
                    traces.append({"c": chosen, "points": points})
    return Chart(
        id="verdicts",
        title="Simulators by circuits",
        kind="map",
        about=(
            "What became of every question; a letter says what a colour says. Times the fastest: how many "
            "times as long as the fastest of its class each ranked simulator took on that circuit; the "
            "fastest has 1."
        ),
        alt=(
            "A map of simulators by circuits: the verdict of every cell, or its multiple of the fastest time."
        ),
        table="cells",
        x=Axis(title="", scale="category"),
        y=Axis(title="", scale="category"),
        choices=(
            choices.choice("run", "run"),
            choices.choice("workload", "workload"),
            choices.choice("show", "show"),
        ),
        traces=tuple(traces),
        filters={"workload": "workload"},
        more={
            "columns": list(labels.values()),
            "verdicts": [{"name": name.replace("_", " "), "letter": LETTERS[name]} for name in VERDICT_CODES],
        },
    )


def _multiples(view: RunView, phase: str) -> dict[str, float]:
    """By cell id, the time over that of the fastest of its contest, paired round by round."""
    found: dict[str, float] = {}
    for race in view.races[phase]:
        if race.others:
            found[race.fastest.id] = 1.0
            for one in race.others:
                if one.ratio is not None and math.isfinite(one.ratio.value):
                    found[one.contestant.id] = one.ratio.value
    return found


def _point(cell: CellReadings, labels: dict[str, str], multiple: float | None) -> list[Any]:
    """Value, letter, hover text."""
    label = labels[cell.circuit_id]
    verdict = str(cell.verdict) if cell.verdict else "not run"
    if multiple is not None:
        return [round(multiple, 3), _short(multiple), hover(f"{label}: {_short(multiple)} times the fastest")]
    flags = f"flags: {', '.join(cell.flags)}" if cell.flags else ""
    letter = LETTERS[verdict] + ("!" if cell.blocking_flags else "")
    reason = cut_short(cell.reason, _LONGEST) if cell.reason else ""
    return [
        VERDICT_CODES.index(verdict),
        letter,
        hover(f"{label}: {verdict.replace('_', ' ')}", reason, flags),
    ]


def _short(multiple: float) -> str:
    """Two digits, without an exponent.

    >>> _short(1.0), _short(1.849), _short(23.4), _short(1234.0)
    ('1.0', '1.8', '23', '1200')
    """
    if multiple < 10:
        return f"{multiple:.1f}"
    digits = int(math.log10(multiple)) - 1
    return f"{round(multiple / 10**digits) * 10**digits:.0f}"
