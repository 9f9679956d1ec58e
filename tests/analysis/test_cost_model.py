"""The cost model of a run: who is in a fit, what its table says, recomputed by hand from raw records."""

import csv
import statistics
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from cost_runs import CostlySim, bandwidth_event, costly_plan, costly_run
from synthetic_runs import build

import qbench
from qbench.analysis.cost_model import fit_costs, of_limit
from qbench.analysis.cost_table import cost_notes, costs_table
from qbench.analysis.memory_limit import memory_limit
from qbench.analysis.paper import render_paper
from qbench.analysis.readings import take_readings
from qbench.analysis.render import render_csv, render_markdown
from qbench.analysis.tables import make_table
from qbench.model import Metric

RESULTS = Path(__file__).parents[2] / "results"


def readings(*sims, **more):
    return take_readings(costly_run(*sims, **more))


def row_of(table, **wanted):
    (row,) = [
        named
        for named in (dict(zip(table.columns, row, strict=True)) for row in table.rows)
        if all(named[key] == value for key, value in wanted.items())
    ]
    return row


def test_known_costs_are_in_the_table_within_their_intervals():
    run = readings(CostlySim(name="a.statevector", fixed_ns=1e5, gate_ns=2e3, amplitude_ns=0.5))
    row = row_of(costs_table(run), simulator="a.statevector")
    assert (row["form"], row["circuits"], row["families"]) == ("state vector", 24, 6)
    assert (row["least_qubits"], row["most_qubits"], row["phase"]) == (3, 14, "execute")
    for column, truth in (("fixed{}_us", 100), ("gate{}_us", 2), ("gate_amplitude{}_ns", 0.5)):
        low, value, high = (float(row[column.format(end)]) for end in ("_low", "", "_high"))
        assert low <= value <= high
        assert value == pytest.approx(truth, rel=0.25)
    assert 0 < row["residual_percent"] < 15
    assert row["residual_percent"] <= row["worst_percent"]
    assert row["cross_validated_percent"] < 20


def test_the_figures_come_from_the_raw_records_by_hand():
    records = costly_run()
    run = take_readings(records)
    (fit,) = fit_costs(run)
    medians = defaultdict(dict)
    for visit in records.visits:
        if visit.phase == "execute" and visit.place == "warm":
            medians[visit.cell][visit.round] = statistics.median(visit.wall_ns) / visit.loops
    for cell in fit.cells:
        by_round = medians[f"{cell.problem}/state/a.statevector/1"]
        assert cell.seconds == pytest.approx(statistics.geometric_mean(by_round.values()) * 1e-9)
        assert cell.gates == 3 * cell.qubits
        values = [fit.terms[name].value for name in ("fixed", "gates", "gates x 2^n")]
        by_hand = values[0] + cell.gates * (values[1] + values[2] * 2**cell.qubits)
        assert cell.predicted_seconds == pytest.approx(by_hand)
        assert fit.predict(cell.qubits, cell.gates) == pytest.approx(by_hand)
    off = [max(c.predicted_seconds / c.seconds, c.seconds / c.predicted_seconds) - 1 for c in fit.cells]
    assert fit.residual_percent == pytest.approx(100 * statistics.median(off))
    assert fit.worst_percent == pytest.approx(100 * max(off))


def test_only_ranked_cells_are_fitted_and_classes_stay_apart():
    good = CostlySim(name="a.statevector")
    single = CostlySim(name="a.c64", precision="complex64")
    double = CostlySim(name="null", kind="double")
    absent = CostlySim(name="b.statevector", installed=False)
    run = readings(
        *(good, single, double, absent),
        verdicts={("ghz_14", "a.statevector"): ("wrong", "off by 0.1")},
        flags={("qft_14", "a.statevector"): ("lazy",)},
        threads=(1, 2),
    )
    fits = fit_costs(run)
    assert [(fit.simulator, fit.ranking_class.threads) for fit in fits] == [
        ("a.statevector", 1),
        ("a.c64", 1),
        ("a.statevector", 2),
        ("a.c64", 2),
    ]
    mine = next(fit for fit in fits if fit.simulator == "a.statevector")
    assert {"ghz_14", "qft_14"}.isdisjoint(cell.problem for cell in mine.cells)
    assert mine.circuits == 22
    assert {fit.ranking_class.precision for fit in fits if fit.simulator == "a.c64"} == {"complex64"}


def test_samples_of_several_numbers_of_shots_are_one_fit_with_a_cost_per_shot():
    plan = costly_plan(CostlySim(name="a.statevector", tasks=("sample",)), tasks=("sample", "sample2"))
    records = build(plan)
    tasks = {
        "t-sample": {"label": "sample-100", "kind": "sample", "shots": 100},
        "t-sample2": {"label": "sample-5000", "kind": "sample", "shots": 5000},
    }
    visits = tuple(
        replace(visit, wall_ns=tuple(w + visit.loops * 5000 * 20 for w in visit.wall_ns))
        if "/sample2/" in visit.cell
        else replace(visit, wall_ns=tuple(w + visit.loops * 100 * 20 for w in visit.wall_ns))
        for visit in records.visits
    )
    run = take_readings(replace(records, manifest={**records.manifest, "tasks": tasks}, visits=visits))
    (fit,) = fit_costs(run)
    assert (fit.workload, fit.task, len(fit.cells), fit.circuits) == ("sample", "sample", 48, 24)
    assert fit.terms["shots"].value == pytest.approx(20e-9, rel=0.3)
    row = row_of(costs_table(run), simulator="a.statevector")
    assert float(row["shot_ns"]) == pytest.approx(20, rel=0.3)
    one = replace(run, cells=tuple(cell for cell in run.cells if cell.task["shots"] == 100))
    (alone,) = fit_costs(one)
    assert alone.workload == "sample-100"
    assert "shots" not in alone.terms


def test_the_factor_over_the_memory_limit_is_that_of_the_largest_circuit():
    event = bandwidth_event((4096, 40_000_000_000), (1 << 20, 10_000_000_000))
    run = readings(
        CostlySim(name="a.statevector"), CostlySim(name="a.c64", precision="complex64"), events=(event,)
    )
    for fit, bytes_each in zip(fit_costs(run), (16, 8), strict=True):
        largest = [cell for cell in fit.cells if cell.qubits == 14]
        cell = max(largest, key=lambda one: (one.gates, one.seconds))
        working_set = 2**14 * bytes_each
        speed = memory_limit(run).bandwidth(working_set)
        by_hand = cell.seconds / (42 * working_set * 2 / speed)
        assert of_limit(fit, memory_limit(run)) == pytest.approx(by_hand)
        row = row_of(costs_table(run), simulator=fit.simulator)
        assert float(row["of_limit"]) == pytest.approx(by_hand, rel=0.05)
    assert cost_notes(run) == []


def test_without_a_bandwidth_the_column_is_empty_and_the_note_says_so():
    run = readings()
    assert costs_table(run).column("of_limit") == (None,)
    assert "qbench bandwidth RUN" in cost_notes(run)[0]


def test_a_limit_is_only_for_exact_states_of_as_many_threads():
    event = bandwidth_event((4096, 10**10))
    some = (
        CostlySim(name="a.statevector"),
        CostlySim(name="b.mps", kind="approximate"),
        CostlySim(name="c.flat", amplitude_ns=0.0),
    )
    run = readings(*some, threads=(1, 2), events=(event,))
    limit = memory_limit(run)
    told = {(f.simulator, f.ranking_class.threads): of_limit(f, limit) is not None for f in fit_costs(run)}
    assert told[("a.statevector", 1)]
    assert not any(given for key, given in told.items() if key != ("a.statevector", 1))


def test_few_circuits_have_no_cross_validation_and_two_have_no_row():
    run = readings(circuits=(("ghz_3", 3), ("ghz_7", 7), ("qft_11", 11)))
    row = row_of(costs_table(run), simulator="a.statevector")
    assert row["cross_validated_percent"] is None
    assert row["fixed_low_us"] is None
    table = costs_table(readings(circuits=(("ghz_3", 3), ("ghz_7", 7))))
    assert table.rows == ()
    assert "gate_amplitude_low_ns" in table.columns


def test_the_run_s_clock_is_the_clock():
    records = replace(costly_run(), ranked_by=Metric.CPU)
    (fit,) = fit_costs(take_readings(records))
    (wall,) = fit_costs(take_readings(costly_run()))
    assert fit.cells[0].seconds == pytest.approx(0.99 * wall.cells[0].seconds, rel=0.02)
    assert costs_table(take_readings(records)).column("metric") == ("cpu",)


def test_the_same_records_the_same_bytes_and_every_format():
    table = make_table(costly_run(), "costs")
    assert render_csv(table) == render_csv(make_table(costly_run(), "costs"))
    assert "state vector" in render_markdown(table, [])
    assert r"\toprule" in render_paper(table)


@pytest.mark.parametrize("name", ["core-v1-2core-vm"])
def test_a_published_run_against_its_own_table_of_cells(name):
    """The fit's points and errors, from the published CSV: rounded there, so to within that."""
    run = take_readings(qbench.load(RESULTS / name).records)
    with (RESULTS / name / "tables" / "cells.csv").open(newline="") as file:
        told = {
            (row["simulator"], row["workload"], row["circuit"]): row
            for row in csv.DictReader(file)
            if row["phase"] == "execute" and row["ranked"] == "yes"
        }
    fits = fit_costs(run)
    assert len(fits) > 15
    for fit in fits:
        mine = {circuit for who, what, circuit in told if (who, what) == (fit.simulator, fit.workload)}
        assert mine == {cell.problem for cell in fit.cells}
        off = []
        for cell in fit.cells:
            row = told[fit.simulator, fit.workload, cell.problem]
            assert (int(row["qubits"]), int(row["gates"])) == (cell.qubits, cell.gates)
            measured = float(Decimal(row["warm_us"])) * 1e-6
            predicted = fit.predict(int(row["qubits"]), int(row["gates"]))
            off.append(max(measured / predicted, predicted / measured) - 1)
        assert fit.residual_percent == pytest.approx(100 * statistics.median(off), rel=0.1, abs=1.0)


def test_the_bytes_of_a_table_with_rows():
    """To write the file anew after a wanted change: python tests/analysis/test_cost_model.py"""
    assert golden_table() == GOLDEN.read_text()


GOLDEN = Path(__file__).parent / "golden" / "costs_of_known_costs.csv"


def golden_table():
    some = (
        CostlySim(name="a.statevector"),
        CostlySim(name="b.statevector", fixed_ns=3e6, gate_ns=20.0),
        CostlySim(name="c.mps", kind="approximate", amplitude_ns=0.0),
        CostlySim(name="d.tableau", kind="clifford", fixed_ns=1e3, amplitude_ns=0.0),
    )
    event = bandwidth_event((4096, 190_000_000_000), (1 << 20, 110_000_000_000))
    return render_csv(make_table(costly_run(*some, events=(event,)), "costs"))


if __name__ == "__main__":
    GOLDEN.write_text(golden_table())
