"""Tables of six workloads: what is one row, what a gradient, a binding and a shot cost, what is proven."""

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from test_run_tables import GOLDEN, rows_of
from workload_runs import (
    ADJOINT,
    BATCH,
    BATCHED,
    BINDINGS,
    CIRCUITS,
    ESTIMATOR,
    FIXED_NS,
    GRADIENTS,
    LABELS,
    LIGHTNING,
    PER_SHOT_NS,
    SAMPLER,
    SHOTS,
    SIMS,
    SINGLE,
    Workloads,
    build_workloads,
)

from qbench.analysis.answer_errors import proven_error
from qbench.analysis.answers import accuracy_notes
from qbench.analysis.cell_changes import both_sides
from qbench.analysis.changes import Change
from qbench.analysis.figures import rounded_up
from qbench.analysis.holding import Held, what_held
from qbench.analysis.matching import cells_by_key
from qbench.analysis.paper import render_paper, run_notes
from qbench.analysis.readings import take_readings
from qbench.analysis.render import RENDERERS
from qbench.analysis.shots import line_through
from qbench.analysis.tables import make_table
from qbench.model import Metric, Verdict
from qbench.report.controls import table_notes
from qbench.report.diff_notes import run_title
from qbench.report.text import closing

NEW = ("accuracy", "gradients", "sweeps", "sampling")


@pytest.fixture(scope="module")
def records():
    return build_workloads()


@pytest.fixture(scope="module")
def run(records):
    return take_readings(records)


@pytest.mark.parametrize("name", NEW)
@pytest.mark.parametrize("form", [*RENDERERS, "tex"])
def test_bytes(records, name, form):
    """To write the files anew after a wanted change: python tests/analysis/write_golden_tables.py"""
    table = make_table(records, name)
    if form == "tex":
        text = render_paper(table, run_notes(records.manifest))
    elif form == "md":
        text = RENDERERS[form](table, table_notes(take_readings(records), name))
    else:
        text = RENDERERS[form](table)
    assert text.encode() == (GOLDEN / f"workloads_{name}.{form}").read_bytes()


# ---- what is one row


def test_tasks_of_one_label_are_one_workload(run, records):
    assert run.workloads == LABELS
    assert len(records.manifest["tasks"]) > len(LABELS)
    totals = make_table(records, "totals")
    (row,) = rows_of(totals, workload="expval", phase="execute", simulator=LIGHTNING.name)
    assert (row["asked"], row["solved"], row["circuits"]) == (3, 3, None)  # the baseline
    (row,) = rows_of(totals, workload="expval", phase="execute", simulator=ESTIMATOR.name)
    assert (row["asked"], row["solved"], row["circuits"], row["families"]) == (3, 3, 3, 2)
    controls = make_table(records, "controls")
    assert [row["workload"] for row in rows_of(controls, phase="execute")] == list(LABELS)


def test_a_circuit_with_parameters_is_one_circuit(run, records):
    by_name = {}
    for cell in run.cells:
        by_name.setdefault(cell.problem["name"], set()).add((cell.problem_id, cell.circuit_id))
    assert by_name["vqe_4"] == {("p-vqe_4", "p-vqe_4-bound"), ("p-vqe_4-bound", "p-vqe_4-bound")}
    assert "4 circuits, 7 simulators" in closing(records)
    assert len(records.manifest["problems"]) == 7


def test_two_circuits_of_one_name_stay_two():
    records = build_workloads(Workloads(circuits=CIRCUITS[1:2], labels=("state", "gradient")))
    problems, cells = records.manifest["problems"], records.manifest["cells"]
    twins = [
        {**cell, "id": f"{cell['id']}!", "problem": "twin"} for cell in cells if cell["task"] == "t-state"
    ]
    manifest = {
        **records.manifest,
        "cells": [*cells, *twins],
        "problems": {**problems, "twin": problems["p-vqe_4-bound"]},
    }
    run = take_readings(replace(records, manifest=manifest))
    assert {cell.problem_id: cell.circuit_id for cell in run.cells} == {
        "p-vqe_4-bound": "p-vqe_4-bound",
        "p-vqe_4": "p-vqe_4-bound",
        "twin": "twin",
    }


def test_a_second_task_of_one_label_is_numbered_and_nothing_is_hidden(records):
    cells = list(records.manifest["cells"])
    again = [
        {**cell, "id": f"{cell['id']}!", "task": "other"}
        for cell in cells
        if cell["task"] == "t-density_matrix-device"
    ]
    task = {**records.manifest["tasks"]["t-density_matrix-device"], "noise": []}
    manifest = {
        **records.manifest,
        "cells": [*cells, *again],
        "tasks": {**records.manifest["tasks"], "other": task},
    }
    run = take_readings(replace(records, manifest=manifest))
    assert run.workloads == (*LABELS, "density_matrix-device #2")
    assert len({(c.workload, c.problem_id, c.simulator) for c in run.cells}) == len(run.cells)


def test_the_closing_text_has_one_matrix_per_workload(records):
    text = closing(records, full=True)
    for label in LABELS:
        assert text.count(f"\n{label}: execute, time per call") == 1
    lines = text.splitlines()
    gradient = lines.index(next(line for line in lines if line.startswith("gradient: execute")))
    names = [line.split()[0] for line in lines[gradient + 1 :][:8] if line and line.split()[0].count("_")]
    assert names == [name for name, _, parameters in CIRCUITS if parameters]


def test_a_comparison_counts_circuits_as_the_closing_text_does(run, records):
    assert run.circuits == len(CIRCUITS) < len(records.manifest["problems"])
    assert f"{len(CIRCUITS)} circuits" in run_title(run)
    assert f": {len(CIRCUITS)} circuits," in closing(records).splitlines()[0]


def test_questions_that_do_not_apply_are_told_once_per_reason(records):
    names = [f"ghz_{n}" for n in range(2, 11)]
    left_out = [
        *({"circuit": name, "workload": "gradient", "reason": "it has no free parameters"} for name in names),
        *({"circuit": name, "workload": "sweep", "reason": "it has no free parameters"} for name in names),
        {"circuit": "teleportation_3", "workload": "expval", "reason": "it is measured midway or reset"},
    ]
    told = replace(records, manifest={**records.manifest, "not_asked": left_out})
    text = closing(told, 80)
    assert all(len(line) <= 80 for line in text.splitlines())
    flat = " ".join(text.split())
    assert (
        "not asked: gradient and sweep: ghz_2, ghz_3, ghz_4, ghz_5, ghz_6, ghz_7 and 3 more (it has no free "
        "parameters); expval: teleportation_3 (it is measured midway or reset)" in flat
    )
    nothing = replace(records, manifest={**records.manifest, "not_asked": []})
    assert closing(nothing) == closing(records)
    assert "not asked" not in closing(records)


def test_a_long_title_of_a_matrix_is_folded_and_not_cut():
    label = "density_matrix-depolarizing1=1e-13,depolarizing2=1e-13"
    text = closing(build_workloads(Workloads(labels=(label,), rounds=2)), 60)
    assert all(len(line) <= 60 for line in text.splitlines())
    flat = " ".join(text.split())
    assert f"{label}: execute, time per call (" in flat
    assert ".." not in flat


def test_comparisons_of_runs_keep_the_tasks_apart(run):
    keys = cells_by_key(run)
    assert {key.task for key in keys if key.task.startswith("t-expval")} == {
        f"t-expval-{name}-{parameters}" for name, _, parameters in CIRCUITS if parameters
    }


# ---- the cost of a gradient


def test_the_unit_of_a_gradient_is_its_own_execution_or_its_packages(records):
    table = make_table(records, "gradients")
    assert {row["execution_of"] for row in rows_of(table, simulator=ESTIMATOR.name)} == {ESTIMATOR.name}
    assert {row["execution_of"] for row in rows_of(table, simulator=GRADIENTS.name)} == {LIGHTNING.name}
    for row in rows_of(table, simulator=SINGLE.name):  # no execution in single precision: nothing is said
        assert (row["execution_of"], row["executions"], row["per_parameter"]) == (None, None, None)
        assert row["gradient_us"] is not None
        assert row["rounds"] == 0
    assert len(table.rows) == 3 * 3


def test_the_fastest_configuration_of_the_package_is_the_unit():
    slow = replace(LIGHTNING, name="lightning.slow", execute_ns=10 * LIGHTNING.execute_ns)
    other = replace(LIGHTNING, name="qulacs.statevector", execute_ns=1_000)  # of another package
    older = replace(LIGHTNING, name="lightning.older", execute_ns=1_000, version="0.9")
    records = build_workloads(Workloads(sims=(slow, other, older, LIGHTNING, GRADIENTS)))
    table = make_table(records, "gradients")
    assert set(table.column("execution_of")) == {LIGHTNING.name}


def test_the_configuration_that_it_is_a_variant_of_comes_before_a_faster_one():
    origin = replace(LIGHTNING, name="lightning.default", execute_ns=10 * LIGHTNING.execute_ns)
    whole = replace(LIGHTNING, name="lightning", execute_ns=20 * LIGHTNING.execute_ns)
    variant = replace(GRADIENTS, name="lightning.default.adjoint")
    batched = replace(BATCH, name="lightning.batched.default", tasks=("sweep",))
    records = build_workloads(Workloads(sims=(LIGHTNING, whole, origin, variant, batched)))
    assert set(make_table(records, "gradients").column("execution_of")) == {origin.name}
    sweeps = rows_of(make_table(records, "sweeps"), simulator=batched.name)
    assert {row["execution_of"] for row in sweeps} == {origin.name}


def test_a_file_without_a_package_has_no_relatives(records):
    simulators = {
        name: {**facts, "package": None} if name.startswith("lightning") else facts
        for name, facts in records.manifest["simulators"].items()
    }
    alone = replace(records, manifest={**records.manifest, "simulators": simulators})
    table = make_table(alone, "gradients")
    assert {row["execution_of"] for row in rows_of(table, simulator=GRADIENTS.name)} == {None}
    assert {row["execution_of"] for row in rows_of(table, simulator=ESTIMATOR.name)} == {ESTIMATOR.name}


def test_another_observable_is_no_unit(records):
    tasks = {
        key: {**task, "observable": [["0x1.0p+1", []]]} if task["kind"] == "expval" else task
        for key, task in records.manifest["tasks"].items()
    }
    other = replace(records, manifest={**records.manifest, "tasks": tasks})
    assert set(make_table(other, "gradients").column("executions")) == {None}


def test_what_did_not_pass_has_no_cost_and_is_no_unit():
    wrong = {
        ("vqe_4", GRADIENTS.name, "gradient"): ("wrong", "derivatives are off by up to 0.2"),
        ("vqe_6", LIGHTNING.name, "expval"): ("wrong", "the expectation value is off by 0.1"),
    }
    table = make_table(build_workloads(Workloads(verdicts=wrong)), "gradients")
    assert not rows_of(table, simulator=GRADIENTS.name, circuit="vqe_4")
    (row,) = rows_of(table, simulator=GRADIENTS.name, circuit="vqe_6")
    assert (row["execution_of"], row["executions"]) == (None, None)
    (row,) = rows_of(table, simulator=GRADIENTS.name, circuit="qaoa_6")
    assert row["execution_of"] == LIGHTNING.name


def test_the_true_costs_lie_in_their_intervals():
    held = {"adjoint": 0, "shift": 0, "per binding": 0, "batched": 0}
    seeds = 40
    for seed in range(seeds):
        plan = Workloads(circuits=CIRCUITS[1:2], labels=LABELS[4:7], seed=seed)
        records = build_workloads(plan)
        gradients, sweeps = (make_table(records, name) for name in ("gradients", "sweeps"))
        (adjoint,) = rows_of(gradients, simulator=GRADIENTS.name)
        (shift,) = rows_of(gradients, simulator=ESTIMATOR.name)
        (sweep,) = rows_of(sweeps, simulator=ESTIMATOR.name)
        (batch,) = rows_of(sweeps, simulator=BATCH.name)
        held["adjoint"] += adjoint["low"] <= ADJOINT <= adjoint["high"]
        held["shift"] += shift["per_parameter_low"] <= 2 <= shift["per_parameter_high"]
        held["per binding"] += sweep["low"] <= 1.1 <= sweep["high"]
        held["batched"] += batch["low"] <= BATCHED <= batch["high"]
    # 95 % intervals: fewer than 31 of 40 would be one in 10^5
    assert min(held.values()) >= 31, held


def test_a_round_that_only_one_of_two_has_is_no_pair(records):
    dropped = {cell["id"] for cell in records.manifest["cells"] if cell["simulator"] == LIGHTNING.name}
    visits = tuple(v for v in records.visits if v.cell not in dropped or v.round > 2)
    table = make_table(replace(records, visits=visits), "gradients")
    assert {row["rounds"] for row in rows_of(table, simulator=GRADIENTS.name)} == {4}
    assert {row["rounds"] for row in rows_of(table, simulator=ESTIMATOR.name)} == {6}


def test_a_ratio_is_paired_by_round_and_agrees_with_a_direct_computation(run, records):
    (row,) = rows_of(make_table(records, "gradients"), simulator=ESTIMATOR.name, circuit="vqe_6")
    cells = {(c.task["kind"], c.simulator): c for c in run.cells if c.problem["name"] == "vqe_6"}
    times = [cells[kind, ESTIMATOR.name].phases["execute"].by_round() for kind in ("gradient", "expval")]
    logs = [math.log(times[0][r] / times[1][r]) for r in sorted(times[0])]
    off = abs(float(row["executions"]) - math.exp(np.mean(logs)))
    assert off <= 0.15 * float(row["high"] - row["low"]) / 2  # rounding moves it by a seventh of that
    spread = np.std(logs, ddof=1) / math.sqrt(6) * scipy.stats.t.ppf(0.975, 5)
    widened = math.log(float(row["high"]) / float(row["low"])) / 2 / spread
    assert 0.9 < widened < 2.1  # by what neighbouring rounds share
    assert float(row["per_parameter"]) == pytest.approx(float(row["executions"]) / 12, rel=0.05)


def test_costs_by_cpu_time_use_that_clock(records):
    manifest = {**records.manifest, "settings": {**records.manifest["settings"], "metric": "cpu"}}
    silent = {cell["id"] for cell in manifest["cells"] if cell["simulator"] == ESTIMATOR.name}
    visits = tuple(replace(v, cpu_ns=None) if v.cell in silent else v for v in records.visits)
    changed = replace(records, manifest=manifest, visits=visits)
    table = make_table(changed, "gradients")
    assert set(table.column("metric")) == {str(Metric.CPU)}
    assert not rows_of(table, simulator=ESTIMATOR.name)
    assert rows_of(table, simulator=GRADIENTS.name)


# ---- the cost of a sweep


def test_a_sweep_is_told_per_binding(run, records):
    table = make_table(records, "sweeps")
    assert set(table.column("bindings")) == {BINDINGS}
    for row in rows_of(table):
        (cell,) = [
            c
            for c in run.cells
            if (c.problem["name"], c.simulator, c.task["kind"]) == (row["circuit"], row["simulator"], "sweep")
        ]
        whole = cell.warm("execute")
        assert float(row["per_binding_us"]) == pytest.approx(whole.value / BINDINGS / 1e3, rel=0.02)
        assert row["per_binding_low_us"] < row["per_binding_us"] < row["per_binding_high_us"]
    assert {row["execution_of"] for row in rows_of(table, simulator=BATCH.name)} == {BATCH.name}


# ---- the cost of samples


def test_the_line_agrees_with_numpys_weighted_fit():
    draw = np.random.default_rng(5)
    for _ in range(50):
        shots = sorted(int(n) for n in 10 ** draw.uniform(1, 6, size=draw.integers(3, 7)))
        if len(set(shots)) < 3:
            continue
        times = {n: {1: float((5e4 + 70 * n) * draw.lognormal(0, 0.1))} for n in shots}
        line = line_through(times)
        y = [times[n][1] for n in shots]
        slope, fixed = np.polyfit(shots, y, 1, w=1 / np.array(y))
        assert line.per_shot.value == pytest.approx(slope, rel=1e-9)
        assert line.fixed.value == pytest.approx(fixed, rel=1e-6, abs=1e-6 * max(y))
        worst = max(abs(slope * n + fixed - t) / t for n, t in zip(shots, y, strict=True))
        assert line.residual == pytest.approx(worst, rel=1e-6, abs=1e-9)
        assert line.fixed.low is None


@given(
    st.floats(0, 1e9),
    st.floats(1e-3, 1e6),
    st.lists(st.integers(1, 10**7), min_size=3, max_size=6, unique=True),
)
def test_points_on_a_line_give_that_line(fixed, per_shot, shots):
    times = {n: dict.fromkeys((1, 2, 3), fixed + per_shot * n) for n in shots}
    line = line_through(times)
    scale = fixed + per_shot * max(shots)
    spread = min(abs(a - b) for i, a in enumerate(shots) for b in shots[:i])
    assert line.residual < 1e-6
    assert line.per_shot.value == pytest.approx(per_shot, rel=1e-9, abs=1e-12 * scale / spread)
    assert line.fixed.low <= line.fixed.value <= line.fixed.high


def test_the_line_is_of_the_rounds_that_have_all_numbers_of_shots():
    times = {n: {r: 1000.0 + 2.0 * n + r for r in (1, 2, 3, 4)} for n in (10, 100, 1000)}
    del times[100][2]
    times[10][9] = 1e9
    line = line_through(times)
    assert (line.fixed.rounds, line.per_shot.rounds) == (3, 3)
    assert line.fixed.value == pytest.approx(1000 + (1 + 3 + 4) / 3)
    assert line.fixed.low < line.fixed.value < line.fixed.high
    assert line_through({n: times[n] for n in (10, 100)}) is None
    assert line_through({10: {1: 1.0}, 20: {1: 2.0}, 30: {2: 3.0}}) is None


def test_the_true_costs_of_shots_lie_in_their_intervals():
    held = {"fixed": 0, "per shot": 0}
    for seed in range(40):
        plan = Workloads(circuits=CIRCUITS[:1], labels=LABELS[1:4], seed=seed, machine_sd=0.03)
        (row,) = rows_of(make_table(build_workloads(plan), "sampling"), simulator=SAMPLER.name)
        held["fixed"] += row["fixed_low_us"] <= FIXED_NS / 1e3 <= row["fixed_high_us"]
        held["per shot"] += row["per_shot_low_us"] <= PER_SHOT_NS / 1e3 <= row["per_shot_high_us"]
    assert min(held.values()) >= 31, held


def test_samples_of_few_shot_counts_have_a_mean_and_no_line(records):
    table = make_table(records, "sampling")
    (several,) = rows_of(table, circuit="ghz_4", workload="sample", simulator=SAMPLER.name)
    assert several["shots"] == "100 1000 10000"
    assert several["residual_percent"] is not None
    (one,) = rows_of(table, circuit="ghz_4", workload="noisy_sample-device", simulator=SAMPLER.name)
    assert (one["shots"], one["fixed_us"], one["per_shot_us"], one["residual_percent"]) == (
        "1000",
        None,
        None,
        None,
    )
    truth = (FIXED_NS + PER_SHOT_NS * 1000) / 1000 / 1e3
    assert float(one["mean_per_shot_us"]) == pytest.approx(truth, rel=0.2)
    assert len(table.rows) == len(CIRCUITS) * (2 + 1)  # two sample, one of them with noise


def test_a_wrong_sample_takes_no_part_in_the_line():
    wrong = {("ghz_4", SAMPLER.name, "sample"): ("wrong", "impossible outcomes")}
    records = build_workloads(Workloads(verdicts=wrong))
    table = make_table(records, "sampling")
    assert not rows_of(table, circuit="ghz_4", workload="sample", simulator=SAMPLER.name)
    assert len(rows_of(table, circuit="ghz_4", workload="sample")) == 1


def test_a_fixed_cost_of_nothing_is_written_with_its_interval():
    plan = Workloads(circuits=CIRCUITS[:1], labels=LABELS[1:4], fixed_ns=0.0, sims=(SAMPLER,), seed=3)
    records = build_workloads(plan)
    (row,) = rows_of(make_table(records, "sampling"))
    assert row["fixed_low_us"] < 0 < row["fixed_high_us"]
    assert row["fixed_low_us"] < row["fixed_us"] < row["fixed_high_us"]
    exponents = {row[name].as_tuple().exponent for name in ("fixed_us", "fixed_low_us", "fixed_high_us")}
    assert len(exponents) == 1


# ---- accuracy


def test_every_kind_has_its_figure_and_what_is_proven_is_never_too_small(run, records):
    table = make_table(records, "accuracy")
    names = ("expectation_error", "gradient_error", "frobenius_error", "trace_error", "hermiticity_error")
    assert set(names) <= set(table.columns)
    for cell, row in zip(run.cells, rows_of(table), strict=True):
        figures = cell.outcome.figures
        radius = figures.get("reference_radius")
        if radius is None or cell.task["kind"] in ("sample", "noisy_sample"):
            assert row["proven_error"] is None
            continue
        main = {
            "state": "max_amplitude_error",
            "gradient": "gradient_error",
            "density_matrix": "frobenius_error",
        }.get(cell.task["kind"], "expectation_error")
        assert Fraction(row["proven_error"]) >= Fraction(figures[main]) + Fraction(radius)
        assert float(row["proven_error"]) <= 1.11 * (figures[main] + radius)
        assert Fraction(row["reference_radius"]) >= Fraction(radius)
    assert any(value is not None for value in table.column("proven_error"))


@given(st.floats(0, 1e3), st.floats(0, 1e3))
def test_a_proven_error_is_an_upper_bound(error, radius):
    bound = proven_error("gradient", {"gradient_error": error, "reference_radius": radius})
    exact = Fraction(error) + Fraction(radius)
    assert exact <= Fraction(bound) <= exact * (1 + Fraction(1, 2**39))
    written = rounded_up(bound, 2)
    assert Fraction(written) >= exact
    assert len(written.as_tuple().digits) <= 2
    assert Fraction(written) <= exact * Fraction(112, 100)


def test_what_is_proven_is_said_under_the_table_and_nothing_where_nothing_is(run, records):
    (told,) = accuracy_notes(run)
    judged = [c for c in run.cells if c.outcome.figures and "sample" not in c.task["kind"]]
    proven = sum("reference_radius" in c.outcome.figures for c in judged)
    assert 0 < proven < len(judged)
    assert told.startswith(f"Proven: {proven} of {len(judged)} errors.")
    assert told in table_notes(run, "accuracy")
    bare = {
        key: replace(one, figures={k: v for k, v in one.figures.items() if k != "reference_radius"})
        for key, one in records.outcomes.items()
    }
    without = take_readings(replace(records, outcomes=bare))
    assert accuracy_notes(without) == []
    assert "proven_error" not in make_table(replace(records, outcomes=bare), "accuracy").columns


def test_a_figure_that_is_no_number_proves_nothing(records):
    key = next(key for key, one in records.outcomes.items() if "expectation_error" in one.figures)
    broken = replace(
        records.outcomes[key],
        figures={"expectation_error": math.inf, "reference_radius": 1e-30, "bound": 1e-15},
    )
    table = make_table(replace(records, outcomes={**records.outcomes, key: broken}), "accuracy")
    (row,) = [row for row in rows_of(table) if row["expectation_error"] == "inf"]
    assert row["proven_error"] is None


def test_a_paper_has_one_column_of_errors(records):
    text = render_paper(make_table(records, "accuracy"))
    heading = next(line for line in text.splitlines() if line.startswith("circuit"))
    assert " error & bound & proven error " in heading
    assert "expectation" not in heading
    only = build_workloads(Workloads(labels=("expval",)))
    assert " error & bound " in render_paper(make_table(only, "accuracy"))


# ---- other texts


def test_errors_of_approximate_simulators_are_told_by_kind():
    kinds = ("state", "expval", "gradient", "density_matrix", "noisy_sample")
    sims = tuple(replace(sim, kind="approximate") for sim in SIMS)
    verdicts = {
        (circuit, sim.name, kind): ("approximate", None)
        for circuit, _, _ in CIRCUITS
        for sim in sims
        for kind in kinds
    }
    records = build_workloads(Workloads(sims=sims, verdicts=verdicts))
    text = " ".join(closing(records, full=True).split())
    assert "largest amplitude error 7e-16 (state, vqe_6)" in text
    assert "largest error of an expectation value 7e-16 (expval, vqe_6)" in text
    assert "largest error of a derivative 7e-16 (gradient, vqe_6)" in text
    assert "largest error (norm) of a density matrix 5e-16 (density_matrix-device, vqe_6)" in text
    assert "at most 5e-05 above an honest sample's (noisy_sample-device-1000, ghz_4)" in text


@pytest.mark.parametrize("kind", ["state", "expval", "gradient", "density_matrix"])
def test_other_bits_of_any_kind_are_told_with_its_figure(run, kind):
    cell = next(c for c in run.cells if c.task["kind"] == kind and c.outcome.figures)
    other = replace(cell, outcome=replace(cell.outcome, answer_digest="e" * 16, seed=8))
    found = both_sides(cell, other, ())
    figure = next(
        name
        for name in cell.outcome.figures
        if name.startswith(("max_amplitude", "expectation", "gradient", "frobenius"))
    )
    value = cell.outcome.figures[figure]
    assert found.changes == (Change.ANSWER,)
    assert found.answer == f"other bits: {figure} {value:.2g} -> {value:.2g}"


@pytest.mark.parametrize("kind", ["sample", "noisy_sample"])
def test_other_counts_are_news_for_one_seed_alone(run, kind):
    cell = next(c for c in run.cells if c.task["kind"] == kind and c.outcome.figures)
    other = replace(cell, outcome=replace(cell.outcome, answer_digest="e" * 16))
    assert both_sides(cell, other, ()).answer == "other counts from the same seed: p_value 0.31 -> 0.31"
    reseeded = replace(other, outcome=replace(other.outcome, seed=8))
    assert both_sides(cell, reseeded, ()).answer is None


def test_what_held_of_wrong_answers_is_asked_of_each_kinds_figure(records):
    wrong = {
        key: replace(one, verdict="wrong", answer_digest="e" * 16) if one.figures else one
        for key, one in records.outcomes.items()
    }
    off = {
        key: replace(
            one,
            answer_digest="f" * 16 if one.figures else None,
            figures={k: v * 3 if k == "gradient_error" else v for k, v in one.figures.items()},
        )
        for key, one in wrong.items()
    }
    old, new = (take_readings(replace(records, outcomes=found)) for found in (wrong, off))
    held = what_held(old, new)
    by_kind = {}
    for cell in held.cells:
        if cell.accuracy is not None:
            by_kind.setdefault(cell.new.task["kind"], set()).add((cell.accuracy, cell.said.split()[0]))
    assert by_kind["gradient"] == {(Held.HELD, "gradient_error")}  # three times as much, and within the bound
    assert by_kind["expval"] == {(Held.HELD, "expectation_error")}
    assert by_kind["density_matrix"] == {(Held.HELD, "frobenius_error")}
    assert by_kind["noisy_sample"] == {(Held.HELD, "tvd")}
    large = {
        key: replace(one, figures={k: v + (k == "gradient_error") for k, v in one.figures.items()})
        for key, one in off.items()
    }
    worse = what_held(old, take_readings(replace(records, outcomes=large)))
    assert {c.accuracy for c in worse.cells if c.new.task["kind"] == "gradient"} >= {Held.NOT_HELD}
    assert {c.accuracy for c in worse.cells if c.new.task["kind"] == "expval"} == {Held.HELD, None}


def test_a_liar_of_any_kind_counts_as_judged(records):
    liar = {**records.manifest["simulators"][ESTIMATOR.name], "control": "liar", "kind": "double"}
    simulators = {**records.manifest["simulators"], ESTIMATOR.name: liar}
    lied = {
        key: replace(one, verdict="wrong", reason="off")
        if key.endswith(ESTIMATOR.name) and one.figures
        else one
        for key, one in records.outcomes.items()
    }
    changed = replace(records, manifest={**records.manifest, "simulators": simulators}, outcomes=lied)
    table = make_table(changed, "controls")
    for label in ("expval", "gradient", f"sweep-{BINDINGS}"):
        (row,) = rows_of(table, workload=label, phase="execute")
        assert (row["judged"], row["caught"], row["missed"]) == (3, 3, 0)


def test_every_workload_of_the_failed_is_named_once_per_circuit():
    failed = {
        ("vqe_6", ESTIMATOR.name, kind): ("wrong", "a number is off by 0.1")
        for kind in ("expval", "gradient")
    }
    records = build_workloads(Workloads(verdicts=failed))
    text = " ".join(closing(records).split())
    assert f"wrong: {ESTIMATOR.name}, expval and gradient: vqe_6: a number is off by 0.1" in text
    assert SHOTS[0] == 100
    assert Verdict.WRONG in {cell.verdict for cell in take_readings(records).cells}
