"""Performance profiles after Dolan and More, from the table ``profile``."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from qbench.analysis.readings import RankingClass
from qbench.model import Phase
from qbench.report.html.charts.chart import Axis, Chart, Choices, most_common_class
from qbench.report.html.charts.targets import of_classes, of_column
from qbench.report.html.series import Series, class_names
from qbench.report.html.view import RunView, clock_words

__all__ = ["profile_chart"]


def profile_chart(views: Sequence[RunView], series: Sequence[Series]) -> Chart:
    """Which share of the circuits a simulator solves within tau times the fastest one's time."""
    choices = Choices(names=("run", "workload", "phase", "class"))
    places = {one.key: place for place, one in enumerate(series)}
    names = class_names(views)[1]
    traces: dict[tuple[int, ...], dict[str, Any]] = {}
    for view in views:
        table = view.tables["profile"]
        columns = ("workload", "phase", "kind", "precision", "threads", "gate_mode")
        for row in zip(*map(table.column, (*columns, "simulator", "tau", "share")), strict=True):
            workload, phase, kind, precision, threads, mode, simulator, tau, share = row
            ranking_class = RankingClass(str(kind), str(precision), int(str(threads)), str(mode))
            place = places.get((str(simulator), ranking_class.threads, ranking_class.gate_mode))
            if place is None or ranking_class not in names:
                continue
            chosen = choices.places(
                run=view.name,
                workload=str(workload),
                phase=str(phase),
                **{"class": names[ranking_class]},
            )
            trace = traces.setdefault((*chosen, place), {"c": chosen, "s": place, "x": [], "y": []})
            # A step is said once: between two the share is that of the one before.
            if not trace["y"] or trace["y"][-1] != float(str(share)):
                trace["x"].append(float(str(tau)))
                trace["y"].append(float(str(share)))
    return Chart(
        id="profile",
        title="Performance profile",
        kind="steps",
        about=(
            "The share of all circuits that a simulator solves within tau times the shortest time of its "
            "class. At the left: on how many it had the shortest time itself, by however little; on how many "
            "it is clearly the fastest stands in the totals. At the right end: how many it solves at all; "
            "what is unsupported or failed is never solved, and who solved none is not drawn."
        ),
        alt=(
            "Share of circuits solved within tau times the shortest time, against tau, a step line "
            "per simulator."
        ),
        table="profile",
        x=Axis(title=f"tau: times the shortest {clock_words(views)}"),
        y=Axis(title="share of the circuits", scale="linear"),
        choices=(
            choices.choice("run", "run"),
            choices.choice("workload", "workload"),
            choices.choice("phase", "phase", first=str(Phase.EXECUTE)),
            choices.choice("class", "class", first=most_common_class(series)),
        ),
        traces=tuple(_told(traces)),
        targets={
            "workload": of_column(choices, "workload", "workload"),
            "phase": of_column(choices, "phase", "phase"),
            "class": of_classes(choices, views),
        },
        more={"xleast": 1, "yrange": [0, 1]},
    )


def _told(traces: Mapping[tuple[int, ...], dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The lines of those that solved anything, each with the end of its chart's axis.

    That is a power of ten that no step of any of them lies beyond, 10 at least.
    """
    told = [trace for trace in traces.values() if max(trace["y"]) > 0]
    most: dict[tuple[int, ...], float] = {}
    for trace in told:
        group = tuple(trace["c"])
        most[group] = max(most.get(group, 1.0), *trace["x"])
    for trace in told:
        end = 10 ** math.ceil(math.log10(most[tuple(trace["c"])]) - 1e-9)
        yield {**trace, "end": max(10, end)}
