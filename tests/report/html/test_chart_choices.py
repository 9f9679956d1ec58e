"""Charts under their choices: one class at a time, what is marked and framed, and the table behind each."""

from dataclasses import replace
from itertools import combinations

import pytest
from plotted_runs import failing, store
from synthetic_runs import Plan, Sim, build

from qbench.analysis.contests import ranked_by
from qbench.analysis.tables import make_table
from qbench.model import Metric, NoAnswer, Verdict
from qbench.report.html.charts import chart_data, charts_of
from qbench.report.html.charts.marks import FLAGGED, LOST, PASSED, WRONG
from qbench.report.html.charts.verdicts import CLEAR, CLOSE, NO_FRAME
from qbench.report.html.circuits import circuit_times
from qbench.report.html.reported import ReportedRun
from qbench.report.html.series import SHOWN, series_of
from qbench.report.html.view import views_of
from qbench.results.reading import read_run


def drawn_of(records):
    views = views_of([ReportedRun(records=records)])
    series = series_of(views)
    return series, {chart.id: chart for chart in charts_of(views, series)}


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    return read_run(store(failing(), tmp_path_factory.mktemp("run") / "run"))


@pytest.fixture(scope="module")
def drawn(records):
    return drawn_of(records)


def rows_of(records, kind):
    table = make_table(records, kind)
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def chosen(chart, trace):
    return {one.name: one.values[place] for one, place in zip(chart.choices, trace["c"], strict=True)}


@pytest.mark.parametrize("name", ["times", "ratios", "profile", "phases", "costs"])
def test_a_chart_that_orders_simulators_has_one_class_under_each_choice(drawn, name) -> None:
    series, charts = drawn
    chart = charts[name]
    classes = {chosen(chart, trace)["class"] for trace in chart.traces}
    assert len(classes) > (name not in ("ratios", "costs")), "one has a baseline alone, one a fit"
    for trace in chart.traces:
        if "s" in trace:
            assert chosen(chart, trace)["class"] == series[trace["s"]].ranking_class
    (choice,) = [one for one in chart.choices if one.name == "class"]
    assert choice.first is not None, "at the start one class is shown"
    if name != "times":  # whose classes are told apart by the style of their lines
        assert choice.every is None


def test_bars_of_wrong_and_flagged_answers_are_marked(records, drawn) -> None:
    series, charts = drawn
    chart = charts["phases"]
    cells = {(row["workload"], row["simulator"], row["circuit"]): row for row in rows_of(records, "cells")}
    found = set()
    for trace in chart.traces:
        key = chosen(chart, trace)
        row = cells[key["workload"], series[trace["s"]].label, key["circuit"]]
        if row["verdict"] == "wrong":
            expected = WRONG
        else:
            blocked = {"cached", "irreproducible"} & set((row["flags"] or "").split())
            expected = FLAGGED if blocked else PASSED
        assert trace["m"] == expected, row
        assert ("verdict: wrong" in trace["t"]) == (expected == WRONG)
        assert ("flags: " in trace["t"]) == bool(row["flags"])
        found.add(expected)
    assert found == {PASSED, FLAGGED, WRONG}


def test_who_was_lost_while_it_was_timed_is_no_wrong_answer() -> None:
    plan = Plan(sims=(Sim(name="a", execute_ns=1e5), Sim(name="b", execute_ns=2e5)), rounds=3)
    records = build(plan)
    lost = next(cell["id"] for cell in records.manifest["cells"] if cell["simulator"] == "b")
    failure = NoAnswer(verdict=Verdict.TIMEOUT, reason="no answer within 60 s")
    _, charts = drawn_of(replace(records, failures={lost: failure}))
    marks = [mark for trace in charts["times"].traces for mark in trace["m"]]
    assert marks.count(LOST) == len(plan.phases) - 1  # of every phase that b has
    assert WRONG not in marks


def shown_rows(chart, trace, tables):
    """The table behind a trace and the rows of it that its choices select, as the page's script does."""
    table, wanted = chart.table, {}
    for one, place in zip(chart.choices, trace["c"], strict=True):
        for target in chart.targets.get(one.name, ())[place : place + 1]:
            table = target.table or table
            wanted |= target.rows
    rows = [
        row
        for row in tables[table]
        if all(str(row[column]) in texts for column, texts in wanted.items() if column in row)
    ]
    return table, rows


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("times", "warm_us"),
        ("ratios", "ratio"),
        ("profile", "share"),
        ("phases", "warm_us"),
        ("accuracy", "verdict"),
        ("costs", "form"),
    ],
)
def test_the_table_behind_a_chart_has_its_figures_and_no_others(records, drawn, name, column) -> None:
    series, charts = drawn
    chart = charts[name]
    tables = {
        kind: rows_of(records, kind) for kind in ("cells", "ratios", "totals", "profile", "accuracy", "costs")
    }
    groups = {}
    for trace in chart.traces:
        if "s" in trace:
            groups.setdefault(tuple(trace["c"]), []).append(trace)
    assert groups
    for traces in groups.values():
        table, rows = shown_rows(chart, traces[0], tables)
        labels = {series[trace["s"]].label for trace in traces}
        assert labels <= {row["simulator"] for row in rows if row[column] is not None}, (table, labels)
        key = chosen(chart, traces[0])
        assert {row["workload"] for row in rows} == {key["workload"]}
        if name == "ratios":
            over_all = key["over"].startswith("all circuits")
            assert table == ("totals" if over_all else "ratios")
            told = {row["simulator"]: float(row["ratio"]) for row in rows if row["ratio"] is not None}
            assert {series[trace["s"]].label: trace["v"] for trace in traces}.items() <= told.items()
        if name in ("times", "phases", "ratios", "profile"):
            assert len({(row["kind"], row["precision"]) for row in rows}) == 1
        if name == "times":
            assert {row["circuit"].split("_")[0] for row in rows} == {key["family"]}


def test_every_value_of_a_choice_has_its_target(drawn) -> None:
    _, charts = drawn
    for chart in charts.values():
        data = chart_data(chart)
        for one in data["choices"]:
            if one["name"] in data["targets"]:
                assert len(data["targets"][one["name"]]) == len(one["values"])


def multiples(charts, series, show):
    """Of each circuit the frames by simulator."""
    chart = charts["verdicts"]
    found = {}
    for trace in chart.traces:
        key = chosen(chart, trace)
        if key["show"] == show:
            for who, where, value, _, _, frame in trace["points"]:
                circuit = (key["workload"], chart.more["columns"][where])
                found.setdefault(circuit, {})[series[who].label] = (value, frame)
    return found


def test_identical_ones_are_framed_with_dashes_and_nobody_is_said_to_lead() -> None:
    sims = tuple(Sim(name=name, execute_ns=50_000) for name in "abc")
    series, charts = drawn_of(build(Plan(sims=sims, seed=7)))
    found = multiples(charts, series, "times the shortest, execute")
    assert len(found) == 2
    for cells in found.values():
        assert {frame for _, frame in cells.values()} == {CLOSE}
    told = [trace["told"] for trace in charts["verdicts"].traces if "told" in trace]
    assert all(one.endswith("on how many circuits: nobody 2.") for one in told)


def test_a_solid_frame_is_what_the_table_of_totals_calls_clear() -> None:
    sims = (
        Sim(name="grows", execute_ns=4_000, per_qubit=2.0),
        Sim(name="fixed", execute_ns=300_000, per_qubit=1.1),
        Sim(name="twin", execute_ns=300_000, per_qubit=1.1),
        Sim(name="alone", execute_ns=1_000, precision="complex64"),
    )
    circuits = tuple((f"ghz_{size}", size) for size in (4, 6, 10, 12))
    records = build(Plan(sims=sims, circuits=circuits, rounds=8, process_sd=0.01))
    series, charts = drawn_of(records)
    found = multiples(charts, series, "times the shortest, execute")
    frames = {
        circuit: {who: frame for who, (_, frame) in cells.items()} for (_, circuit), cells in found.items()
    }
    for size in (4, 6):
        assert frames[f"ghz_{size}"] == {"grows": CLEAR, "fixed": NO_FRAME, "twin": NO_FRAME}
    for size in (10, 12):  # the twins are the fastest there, and nobody can tell which
        assert frames[f"ghz_{size}"] == {"grows": NO_FRAME, "fixed": CLOSE, "twin": CLOSE}
    for row in rows_of(records, "totals"):
        if row["phase"] == "execute" and row["simulator"] != "alone":
            solid = sum(cells.get(row["simulator"]) == CLEAR for cells in frames.values())
            assert float(row["clear"]) == solid / len(circuits)
    told = [trace["told"] for trace in charts["verdicts"].traces if "told" in trace]
    assert "Clearly the fastest of its class on how many circuits: grows 2, nobody 2." in told


@pytest.mark.parametrize(("factor", "end"), [(3.0, 10), (400.0, 1000), (4000.0, 10_000)])
def test_a_profile_ends_beyond_its_last_step(factor, end) -> None:
    sims = (Sim(name="fast", execute_ns=20_000), Sim(name="slow", execute_ns=20_000 * factor))
    _, charts = drawn_of(build(Plan(sims=sims, rounds=3, samples=2, phases=("execute",))))
    chart = charts["profile"]
    assert {trace["end"] for trace in chart.traces} == {end}
    assert max(trace["x"][-1] for trace in chart.traces) <= end
    assert {trace["y"][-1] for trace in chart.traces} == {1.0}


def test_charts_of_a_run_that_cpu_time_ranks_say_so(records) -> None:
    _, wall = drawn_of(records)
    _, cpu = drawn_of(ranked_by(records, Metric.CPU))
    for name, axis in (("times", "y"), ("ratios", "x"), ("accuracy", "x"), ("profile", "x"), ("costs", "y")):
        assert "CPU time" in getattr(cpu[name], axis).title
        assert "CPU" not in getattr(wall[name], axis).title
    assert "by wall time" in cpu["phases"].about


def test_each_workload_of_a_class_has_its_leaders_and_no_chart_more_than_it_can_show() -> None:
    """Two workloads that opposite ends of 40 simulators lead: together they are no more than one would be."""
    first, last = (f"s{0:02}", f"s{39:02}")
    runs = []
    for task, order in (("state", 1), ("sample", -1)):
        sims = tuple(
            Sim(name=f"s{n:02}", execute_ns=2e4 * 1.3 ** (n if order > 0 else 39 - n)) for n in range(40)
        )
        runs.append(
            build(Plan(sims=sims, tasks=(task,), rounds=3, samples=2, phases=("execute",), baseline="s20"))
        )
    one, two = runs
    manifest = {
        **one.manifest,
        "tasks": one.manifest["tasks"] | two.manifest["tasks"],
        "cells": [*one.manifest["cells"], *two.manifest["cells"]],
    }
    both = replace(
        one, manifest=manifest, visits=(*one.visits, *two.visits), outcomes={**one.outcomes, **two.outcomes}
    )
    shown = [found.label for found in series_of(views_of([ReportedRun(records=both)])) if found.shown]
    assert {first, last, "s20"} <= set(shown)
    assert len(shown) == SHOWN + 1


def test_a_point_has_the_same_look_wherever_it_is_drawn(drawn) -> None:
    """The phases and the times mark a cell alike."""
    series, charts = drawn
    marks = {}
    for name in ("times", "phases", "accuracy"):
        chart = charts[name]
        found = marks.setdefault(name, {})
        for trace in chart.traces:
            key = chosen(chart, trace)
            if key.get("phase", "execute") != "execute":
                continue
            values = trace["m"] if isinstance(trace["m"], list) else [trace["m"]]
            texts = trace["t"] if isinstance(trace["t"], list) else [f"{key['circuit']}: {trace['t']}"]
            for mark, text in zip(values, texts, strict=True):
                found[key["workload"], series[trace["s"]].label, text.partition(":")[0]] = mark
    for one, other in combinations(marks.values(), 2):
        shared = one.keys() & other.keys()
        assert shared
        assert all(one[key] == other[key] for key in shared)


def test_a_circuit_calls_nobody_the_fastest_where_nobody_is() -> None:
    def words(sims):
        views = views_of([ReportedRun(records=build(Plan(sims=sims, rounds=6, process_sd=0.01)))])
        return set(circuit_times(views, series_of(views))["words"])

    twins = tuple(Sim(name=name, execute_ns=50_000) for name in "ab")
    assert "shortest, not told apart" in words(twins)
    assert "clearly fastest" not in words(twins)
    apart = (twins[0], Sim(name="slow", execute_ns=500_000))
    assert "clearly fastest" in words(apart)
