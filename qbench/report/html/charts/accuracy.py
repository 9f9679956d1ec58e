"""Accuracy against time: how far off is an answer, and what did it cost?"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from qbench.analysis.answer_errors import answer_error
from qbench.analysis.figures import number_text, rounded, supported
from qbench.analysis.readings import CellReadings
from qbench.analysis.render import visible
from qbench.model import Phase
from qbench.report.html.charts.chart import Axis, Chart, Choices, hover
from qbench.report.html.charts.marks import mark_of, mark_words
from qbench.report.html.charts.targets import of_circuits, of_column
from qbench.report.html.encoding import time_words
from qbench.report.html.series import Series, key_of
from qbench.report.html.view import RunView, circuit_labels, clock_words

__all__ = ["accuracy_chart"]


def accuracy_chart(views: Sequence[RunView], series: Sequence[Series]) -> Chart:
    """The main error of every judged answer that was timed, against the time of ``execute``.

    What is zero to a reader of its kind of error is 0 in ``y``; the hover text has the true figure.
    """
    choices = Choices(names=("run", "workload", "circuit"))
    places = {one.key: place for place, one in enumerate(series)}
    labels = circuit_labels(views)
    traces = []
    untimed = 0
    words: dict[str, str] = {}
    rules: dict[str, int] = {}
    for view in views:
        for workload in view.run.workloads:
            for cell in view.run.cells:
                error = _error(cell) if cell.workload == workload else None
                warm = cell.warm(Phase.EXECUTE, view.run.metric)
                if error is None:
                    continue
                if warm is None:
                    untimed += 1
                    continue
                label = labels[cell.circuit_id]
                main = answer_error(cell.task["kind"])
                words.setdefault(workload, main.words)
                allowed = _allowed(cell)
                rule = {"b": [allowed[0], rules.setdefault(allowed[1], len(rules))]} if allowed else {}
                traces.append(
                    {
                        **rule,
                        "c": choices.places(run=view.name, workload=workload, circuit=label),
                        "s": places[key_of(cell)],
                        "x": [float(supported(warm, 1e-3).value)],
                        "y": [error if error >= main.zero_below else 0.0],
                        "m": [mark_of(cell)],
                        "t": [_hover(cell, label, error, time_words(supported(warm).value))],
                    }
                )
    many = "s" * (untimed != 1)
    left = f" Not drawn, because not timed: {untimed} judged answer{many}." if untimed else ""
    return Chart(
        id="accuracy",
        title="Accuracy against time",
        kind="points",
        about=(
            "Low is accurate, left is fast. States: the largest amplitude error; expectation values, sweeps "
            "and gradients: the largest error; density matrices: the norm of the difference; samples: the "
            "total variation distance, of which shot noise alone has a part. Lines across are what is "
            "allowed (to all but approximate simulators), of samples what shot noise alone gives on average; "
            "where many circuits are drawn each point's own stands in what a pointer shows. All classes "
            "stand here, because the error that sets them apart is an axis. The strip 0 at the lower edge "
            f"holds errors of 0 and below {_least('state')} (distances: below {_least('sample')}).{left}"
        ),
        alt=(
            "Error of each answer, logarithmic, against the time of execute, logarithmic, a marker "
            "per simulator."
        ),
        table="accuracy",
        x=Axis(title=f"execute: {clock_words(views)} per call (µs)"),
        y=Axis(title="error of the answer"),
        choices=(
            choices.choice("run", "run"),
            choices.choice("workload", "workload"),
            choices.choice("circuit", "circuit", every="all circuits", first=_fullest(traces, choices)),
        ),
        traces=tuple(traces),
        targets={
            "workload": of_column(choices, "workload", "workload"),
            "circuit": of_circuits(choices, views),
        },
        more={"words": [words[workload] for workload in choices.known("workload")], "rules": list(rules)},
    )


def _fullest(traces: Sequence[Mapping[str, Any]], choices: Choices) -> str | None:
    """The circuit with most answers of the first run and workload, the first of equals: one is a chart.

    Hundreds of points of all circuits are none.
    """
    counts = Counter(trace["c"][2] for trace in traces if trace["c"][:2] == [0, 0])
    most = max(counts, key=lambda place: (counts[place], -place), default=None)
    return None if most is None else choices.known("circuit")[most]


def _allowed(cell: CellReadings) -> tuple[float, str] | None:
    """What a cell's error is held against, rounded as it is told, and what that is.

    None of an approximation other than a sample: it is not judged by that bound.
    """
    main = answer_error(cell.task["kind"])
    allowed = cell.outcome.figures.get(main.allowed) if cell.outcome else None
    if cell.facts["kind"] == "approximate" and not main.counted:
        return None
    if allowed is None or not math.isfinite(allowed) or allowed <= 0:
        return None
    value = float(rounded(float(allowed), 2))
    if main.counted:
        return value, "shot noise alone, on average"
    return value, f"allowed in {visible(str(cell.facts['precision']))}"


def _least(kind: str) -> str:
    return number_text(rounded(answer_error(kind).zero_below, 1))


def _error(cell: CellReadings) -> float | None:
    if cell.outcome is None:
        return None
    error = cell.outcome.figures.get(answer_error(cell.task["kind"]).figure)
    return float(error) if error is not None and math.isfinite(error) else None


def _hover(cell: CellReadings, label: str, error: float, time: str) -> str:
    main = answer_error(cell.task["kind"])
    figures = cell.outcome.figures if cell.outcome else {}
    allowed = figures.get(main.allowed)
    against = "shot noise alone" if main.counted else "allowed"
    told = f"{main.words} {number_text(rounded(error, 2)) if error else '0'}"
    held = main.counted or cell.facts["kind"] != "approximate"
    if held and allowed is not None and math.isfinite(allowed):
        told += f" ({against}: {number_text(rounded(float(allowed), 2)) if allowed else '0'})"
    return hover(f"{label}: {told}", f"execute: {time}", *mark_words(cell))
