"""The charts' data: every point is a figure of a table, and none is left out or drawn twice."""

import math
from dataclasses import replace

import pytest
from plotted_runs import failing, none_measured, store
from synthetic_runs import Plan, Sim, build

from qbench.analysis.tables import make_table
from qbench.model import Verdict
from qbench.report.html.charts import charts_of
from qbench.report.html.charts.verdicts import LETTERS, VERDICT_CODES
from qbench.report.html.reported import ReportedRun
from qbench.report.html.series import SHOWN, series_of
from qbench.report.html.view import views_of
from qbench.results.reading import read_run


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    return read_run(store(failing(), tmp_path_factory.mktemp("run") / "run"))


@pytest.fixture(scope="module")
def drawn(records):
    views = views_of([ReportedRun(records=records)])
    series = series_of(views)
    return series, {chart.id: chart for chart in charts_of(views, series)}


def rows_of(records, kind):
    table = make_table(records, kind)
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def chosen(chart, trace):
    return {one.name: one.values[place] for one, place in zip(chart.choices, trace["c"], strict=True)}


def test_times_are_the_warm_times_of_the_table_of_cells(records, drawn) -> None:
    series, charts = drawn
    chart = charts["times"]
    found = sorted(
        (
            chosen(chart, trace)["workload"],
            chosen(chart, trace)["phase"],
            series[trace["s"]].label,
            x,
            y,
            lo,
            hi,
        )
        for trace in chart.traces
        for x, y, lo, hi in zip(trace["x"], trace["y"], trace["lo"], trace["hi"], strict=True)
    )
    expected = sorted(
        (
            row["workload"],
            row["phase"],
            row["simulator"],
            row["qubits"],
            *(float(row[name]) for name in ("warm_us", "warm_low_us", "warm_high_us")),
        )
        for row in rows_of(records, "cells")
        if row["warm_us"] is not None
    )
    assert found == expected
    assert expected


def test_a_line_joins_one_family_in_the_order_of_its_sizes(drawn) -> None:
    _, charts = drawn
    for trace in charts["times"].traces:
        assert trace["x"] == sorted(trace["x"])
        family = chosen(charts["times"], trace)["family"]
        assert all(text.startswith(f"{family}_") for text in trace["t"])


def test_ratios_are_those_of_the_tables_with_their_verdicts(records, drawn) -> None:
    series, charts = drawn
    chart = charts["ratios"]
    found = sorted(
        (
            chosen(chart, trace)["workload"],
            chosen(chart, trace)["phase"],
            chosen(chart, trace)["over"],
            series[trace["s"]].label,
            trace["v"],
            trace["verdict"],
        )
        for trace in chart.traces
        if trace["verdict"] != "mean"
    )
    expected = sorted(
        (
            *(row[name] for name in ("workload", "phase", "circuit", "simulator")),
            float(row["ratio"]),
            row["verdict"] or row["bound"],
        )
        for row in rows_of(records, "ratios")
        if row["ratio"] is not None
    )
    assert found == expected
    means = [trace["v"] for trace in chart.traces if trace["verdict"] == "mean"]
    totals = [
        float(row["ratio"])
        for row in rows_of(records, "totals")
        if row["ratio"] is not None and row["simulator"] != row["baseline"]
    ]
    assert sorted(means) == sorted(totals)


def test_the_map_has_every_cell_once_with_its_verdict(records, drawn) -> None:
    series, charts = drawn
    chart = charts["verdicts"]
    found = {}
    for trace in chart.traces:
        if chosen(chart, trace)["show"] == "verdicts":
            for who, where, value, letter, _ in trace["points"]:
                key = (chosen(chart, trace)["workload"], series[who].label, chart.more["columns"][where])
                assert key not in found
                found[key] = (VERDICT_CODES[value], letter.rstrip("!"))
    cells = {
        (row["workload"], row["simulator"], row["circuit"]): row["verdict"] or "not run"
        for row in rows_of(records, "cells")
    }
    assert found == {key: (verdict, LETTERS[verdict]) for key, verdict in cells.items()}


def test_every_verdict_has_a_letter_of_its_own() -> None:
    assert set(LETTERS) == set(VERDICT_CODES) == {*map(str, Verdict), "not run"}
    assert len(set(LETTERS.values())) == len(LETTERS)


def test_the_fastest_of_a_circuit_is_one_times_itself(drawn) -> None:
    _, charts = drawn
    chart = charts["verdicts"]
    for trace in chart.traces:
        if chosen(chart, trace)["show"] != "verdicts":
            by_circuit = {}
            for _, where, value, *_ in trace["points"]:
                by_circuit.setdefault(where, []).append(value)
            assert all(min(values) == 1.0 for values in by_circuit.values())


def test_profiles_are_the_steps_of_the_table(records, drawn) -> None:
    series, charts = drawn
    chart = charts["profile"]
    for trace in chart.traces:
        key = chosen(chart, trace)
        steps = [
            (float(row["tau"]), float(row["share"]))
            for row in rows_of(records, "profile")
            if (row["workload"], row["phase"], row["simulator"])
            == (key["workload"], key["phase"], series[trace["s"]].label)
        ]
        for tau, share in steps:
            last = max(place for place, x in enumerate(trace["x"]) if x <= tau)
            assert trace["y"][last] == share


def _drawn(workload, error):
    """What is zero to a reader is 0; the page puts it into a strip."""
    return error if error >= (1e-20 if workload == "state" else 1e-9) else 0.0


def test_errors_are_those_of_the_judge(records, drawn) -> None:
    _, charts = drawn
    found = sorted(trace["y"][0] for trace in charts["accuracy"].traces)
    names = {"state": "max_amplitude_error", "sample-1024": "tvd"}
    timed = {
        (row["workload"], row["simulator"], row["circuit"])
        for row in rows_of(records, "cells")
        if row["phase"] == "execute" and row["warm_us"] is not None
    }
    expected = sorted(
        _drawn(row["workload"], float(row[names[row["workload"]]]))
        for row in rows_of(records, "accuracy")
        if row[names[row["workload"]]] is not None
        and (row["workload"], row["simulator"], row["circuit"]) in timed
    )
    assert found == pytest.approx(expected)
    assert 0.0 in found  # the states of this run are exact
    assert any(found)
    assert 1e-20 not in found


def test_the_parts_of_a_call_are_its_phases(records, drawn) -> None:
    series, charts = drawn
    chart = charts["phases"]
    warm = {
        (row["workload"], row["circuit"], row["simulator"], row["phase"]): row["warm_us"]
        for row in rows_of(records, "cells")
    }
    for trace in chart.traces:
        key = chosen(chart, trace)
        for phase, part in zip(chart.more["parts"], trace["parts"], strict=True):
            told = warm[key["workload"], key["circuit"], series[trace["s"]].label, phase]
            assert part == float(told or 0)


BANDWIDTH = 1.6e10  # bytes per second, whatever the working set


def with_bandwidth(records):
    told = {"event": "memory_bandwidth", "threads": 1, "points": [{"bytes": 4096, "bytes_per_s": BANDWIDTH}]}
    return replace(records, events=(*records.events, told))


def test_costs_are_times_over_gates_beside_what_the_memory_allows(records) -> None:
    views = views_of([ReportedRun(records=with_bandwidth(records))])
    series = series_of(views)
    chart = {one.id: one for one in charts_of(views, series)}["costs"]
    gates = {
        (row["workload"], row["simulator"], row["circuit"]): (row["gates"], row["warm_us"], row["qubits"])
        for row in rows_of(records, "cells")
        if row["phase"] == "execute" and row["ranked"] == "yes"
    }
    points = 0
    for trace in chart.traces:
        key = chosen(chart, trace)
        if "limit" in trace:
            precision = 8 if "complex64" in key["class"] else 16
            for qubits, nanoseconds in zip(trace["limit"]["x"], trace["limit"]["y"], strict=True):
                # every amplitude is read and written once
                assert nanoseconds == pytest.approx(2 * precision * 2**qubits / BANDWIDTH * 1e9, rel=1e-3)
            continue
        for x, y, text in zip(trace["x"], trace["y"], trace["t"], strict=True):
            circuit = text.partition(":")[0]
            count, time, qubits = gates[key["workload"], series[trace["s"]].label, circuit]
            assert x == qubits
            # the table writes two digits where the interval supports no more
            assert y == pytest.approx(float(time) * 1e3 / count, rel=0.05)
            points += 1
    assert points > 10
    assert sum("limit" in trace for trace in chart.traces) >= 2
    without = charts_of(views_of([ReportedRun(records=records)]), series)
    assert not any("limit" in trace for one in without if one.id == "costs" for trace in one.traces)


def test_a_run_without_times_has_no_profile(tmp_path) -> None:
    records = read_run(store(none_measured(), tmp_path / "run"))
    views = views_of([ReportedRun(records=records)])
    assert [chart.id for chart in charts_of(views, series_of(views))] == ["verdicts"]


def test_all_of_few_simulators_are_shown_and_the_leaders_of_many() -> None:
    few = tuple(Sim(name=f"s{n}", execute_ns=1e4 * (n + 1)) for n in range(6))
    many = tuple(Sim(name=f"s{n}", execute_ns=1e4 * (40 - n)) for n in range(40))
    for sims in (few, many):
        records = build(Plan(sims=sims, rounds=6, process_sd=0.01, baseline="s20"))
        series = series_of(views_of([ReportedRun(records=records)]))
        shown = [one.label for one in series if one.shown]
        if sims is few:
            assert len(shown) == 6
        else:
            assert {"s20", "s39"} <= set(shown)
            assert len(shown) == SHOWN + 1  # the baseline beside them
        assert len({(one.colour, one.marker) for one in series}) == len(series)


def test_no_chart_has_a_number_that_json_lacks(drawn) -> None:
    def numbers(value):
        if isinstance(value, float):
            yield value
        elif isinstance(value, dict):
            for one in value.values():
                yield from numbers(one)
        elif isinstance(value, (list, tuple)):
            for one in value:
                yield from numbers(one)

    _, charts = drawn
    for chart in charts.values():
        assert all(math.isfinite(number) for number in numbers(list(chart.traces)))
