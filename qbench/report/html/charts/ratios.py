"""The forest of ratios: each simulator's time over the baseline's, over all circuits or on one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qbench.analysis.readings import RankingClass
from qbench.analysis.render import visible
from qbench.analysis.table import Table, Value
from qbench.model import Phase
from qbench.report.html.charts.chart import Axis, Chart, Choices, Target, hover, most_common_class
from qbench.report.html.charts.targets import of_circuits, of_classes, of_column
from qbench.report.html.encoding import value_text
from qbench.report.html.series import Key, Series, class_names
from qbench.report.html.view import RunView, circuit_labels, clock_words

__all__ = ["ratios_chart"]

OVER_ALL = "all circuits (geometric mean)"


def ratios_chart(views: Sequence[RunView], series: Sequence[Series]) -> Chart:
    """Every ratio of the tables ``totals`` and ``ratios``, with its interval and its verdict."""
    choices = Choices(names=("run", "workload", "phase", "class", "over"))
    places = {one.key: place for place, one in enumerate(series)}
    names, labels = class_names(views)[1], circuit_labels(views)
    traces = []
    for view in views:
        for kind in ("totals", "ratios"):
            for row in _rows(view.tables[kind]):
                key, ranking_class = _key(row), names.get(_class(row))
                if row.get("ratio") is None or ranking_class is None or key not in places:
                    continue
                if row.get("control") or row["simulator"] == row["baseline"]:
                    continue
                over = OVER_ALL if kind == "totals" else labels[str(row["circuit_id"])]
                chosen = choices.places(
                    run=view.name,
                    workload=str(row["workload"]),
                    phase=str(row["phase"]),
                    **{"class": ranking_class},
                    over=over,
                )
                traces.append({"c": chosen, "s": places[key], **_point(row, kind)})
    return Chart(
        id="ratios",
        title="Ratio to the baseline",
        kind="rows",
        about=(
            "Time over the baseline's time, with its 95 % interval: left of 1 takes less time than the "
            "baseline. On one circuit the marker says the verdict. Over all circuits families weigh equally, "
            "only circuits that both solved count, and there is no verdict."
        ),
        alt="Ratio of each simulator's time to the baseline's, logarithmic, one row per simulator.",
        table="ratios",
        x=Axis(title=f"{clock_words(views)} over the baseline's"),
        y=Axis(title="", scale="category"),
        choices=(
            choices.choice("run", "run"),
            choices.choice("workload", "workload"),
            choices.choice("phase", "phase", first=str(Phase.EXECUTE)),
            choices.choice("class", "class", first=most_common_class(series)),
            choices.choice("over", "on", first=OVER_ALL),
        ),
        traces=tuple(traces),
        targets={
            "workload": of_column(choices, "workload", "workload"),
            "phase": of_column(choices, "phase", "phase"),
            "class": of_classes(choices, views),
            "over": _over(choices, views),
        },
        more={"clock": clock_words(views)},
    )


def _over(choices: Choices, views: Sequence[RunView]) -> tuple[Target, ...]:
    """The ratios over all circuits stand in ``totals``, those on one in ``ratios``."""
    found = zip(choices.known("over"), of_circuits(choices, views, "over"), strict=True)
    return tuple(Target(table="totals") if name == OVER_ALL else target for name, target in found)


def _rows(table: Table) -> list[dict[str, Value]]:
    asked = [name for name, _ in table.on_request]
    columns = [*table.columns, *asked]
    return [dict(zip(columns, row, strict=True)) for row in zip(*map(table.column, columns), strict=True)]


def _key(row: Mapping[str, Value]) -> Key:
    return (str(row["simulator"]), int(str(row["threads"])), str(row["gate_mode"]))


def _class(row: Mapping[str, Value]) -> RankingClass:
    return RankingClass(
        str(row["kind"]), str(row["precision"]), int(str(row["threads"])), str(row["gate_mode"])
    )


def _point(row: Mapping[str, Value], kind: str) -> dict[str, Any]:
    low, high = row.get("low"), row.get("high")
    told = value_text(row["ratio"])
    if low is not None and high is not None:
        told += f" ({value_text(low)} to {value_text(high)})"
    if kind == "totals":
        counts = ", ".join(
            f"{name} {value_text(row[name])}" for name in ("faster", "slower", "tie", "unresolved")
        )
        verdict = "mean"
        more = f"{value_text(row['circuits'])} circuits of {value_text(row['families'])} families: {counts}"
    else:
        verdict = str(row["verdict"] or row["bound"] or "unresolved")
        more = verdict
    bound = f"{row['bound']} " if row.get("bound") else ""
    point: dict[str, Any] = {
        "v": float(str(row["ratio"])),
        "lo": None if low is None else float(str(low)),
        "hi": None if high is None else float(str(high)),
        "verdict": verdict,
        "b": visible(str(row["baseline"])),
        "t": hover(f"{bound}{told} times {row['baseline']}", more),
    }
    return point
