"""The figures of six workloads: costs are the tables', a circuit has one place, nothing overlaps."""

import itertools
import math
import sys
import warnings
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import plotted_runs as runs
from synthetic_runs import build
from workload_runs import (
    CIRCUITS,
    ESTIMATOR,
    LABELS,
    LIGHTNING,
    SAMPLER,
    SHOTS,
    SIMS,
    Workloads,
    build_workloads,
)

from qbench.analysis.tables import make_table
from qbench.errors import QbenchError
from qbench.report.plots import draw, figure, rendered
from qbench.report.plots.scales import count_scale, number_scale

KINDS = ("sample", "expval", "gradient", "sweep")
FACTORS = {"vqe_4": 8, "vqe_6": 12, "qaoa_6": 4}


def rows(records, name, **wanted):
    table = make_table(records, name)
    for row in table.rows:
        found = dict(zip(table.columns, row, strict=True))
        if all(found[key] == value for key, value in wanted.items()):
            yield found


@pytest.fixture(scope="module")
def records():
    return build_workloads()


@cache
def plots():
    kinds = ("gradients", "sweeps", "sampling", "verdicts")
    return {plot.name: plot for plot in draw(build_workloads(), kinds).plots}


def ends(axes):
    """The intervals that are drawn."""
    return {
        (round(low, 6), round(high, 6))
        for container in axes.containers
        for (_, low), (_, high) in container[2][0].get_segments()
    }


def near(x, places):
    """The place of a point that was set beside the others."""
    return min(places, key=lambda place: abs(math.log(x / place)))


def test_gradients_are_the_tables_executions_at_their_numbers_of_parameters(records):
    (axes,) = figure(records, "gradients").axes
    told = [row for row in rows(records, "gradients") if row["executions"] is not None]
    points = Counter((near(x, FACTORS.values()), y) for x, y, *_ in runs.points(axes))
    assert points == Counter((row["parameters"], float(row["executions"])) for row in told)
    assert ends(axes) == {(float(row["low"]), float(row["high"])) for row in told}
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert [label.get_text() for label in axes.get_xticklabels()] == ["4", "8", "12"]
    written = [text for text, _ in runs.texts(figure(records, "gradients"))]
    assert {"parameters", "execute time of one gradient, in executions"} <= set(written)
    assert {"one execution", "two per parameter"} <= set(written)


def test_a_cost_measured_by_another_configuration_says_so_and_one_without_unit_is_counted(records):
    said = "\n".join(plots()["gradients"].caption)
    assert "of the package: lightning.adjoint by lightning.statevector." in said
    assert "Without an expectation value to measure by: 3 cells." in said  # lightning.c64
    assert "12 unsupported" in said


def test_a_gradient_by_parameter_shift_lies_on_the_dashed_line(records):
    (axes,) = figure(records, "gradients").axes
    lines = [line for line in axes.get_lines() if line.get_linestyle() != "None"]
    (dashed,) = [line for line in lines if len({*line.get_ydata()}) > 1]
    assert list(dashed.get_ydata()) == pytest.approx([2 * x for x in dashed.get_xdata()])
    shift = list(rows(records, "gradients", simulator="qiskit.estimator"))
    assert all(float(row["executions"]) == pytest.approx(2 * row["parameters"], rel=0.5) for row in shift)


def test_sweeps_are_the_tables_times_per_binding_and_executions(records):
    drawn = figure(records, "sweeps")
    told = list(rows(records, "sweeps"))
    half = len(drawn.axes) // 2
    for part, name in ((drawn.axes[:half], "per_binding_us"), (drawn.axes[half:], "executions")):
        values = sorted(y for axes in part for _, y, _, _ in runs.points(axes))
        assert values == sorted(float(row[name]) for row in told)
    assert set().union(*map(ends, drawn.axes[half:])) == {
        (float(row["low"]), float(row["high"])) for row in told
    }
    written = [text for text, _ in runs.texts(drawn)]
    assert {"sweep-16: time", "sweep-16: in executions", "execute time per binding"} <= set(written)
    assert "ghz_4" not in written  # it has no parameters


def test_samples_are_the_tables_times_with_the_fitted_line(records):
    drawn = figure(records, "sampling")
    assert len(drawn.axes) == len(CIRCUITS)
    for axes, (name, _, _) in zip(drawn.axes, CIRCUITS, strict=True):
        told = Counter(
            (int(row["workload"].rpartition("-")[2]), float(row["warm_us"]))
            for row in rows(records, "cells", circuit=name, phase="execute", verdict="ok")
            if row["workload"].startswith("sample")
        )
        assert Counter((near(x, SHOTS), y) for x, y, *_ in runs.points(axes)) == told
        lines = [
            line for line in axes.get_lines() if len(line.get_xdata()) > 3 and line.get_linestyle() != "None"
        ]
        assert len(lines) == 2
        fitted = [
            float(row["fixed_us"]) for row in rows(records, "sampling", circuit=name, workload="sample")
        ]
        slopes = [
            float(row["per_shot_us"]) for row in rows(records, "sampling", circuit=name, workload="sample")
        ]
        for line, fixed, slope in zip(lines, fitted, slopes, strict=True):
            x, y = line.get_data()
            assert y[-1] == pytest.approx(fixed + slope * x[-1], rel=0.05)
            assert y[0] == pytest.approx(fixed + slope * x[0], rel=0.1)
    assert [label.get_text() for label in drawn.axes[0].get_xticklabels()] == ["100", "1000", "10⁴"]


def test_two_numbers_of_shots_are_joined_and_one_is_left_out():
    labels = (*LABELS[1:3], "noisy_sample-device-1000")
    records = build_workloads(Workloads(labels=labels, circuits=CIRCUITS[:1]))
    (axes,) = figure(records, "sampling").axes
    lines = [line for line in axes.get_lines() if line.get_linestyle() not in ("None",)]
    assert {tuple(line.get_xdata()) for line in lines} == {(100.0, 1000.0)}
    plot = draw(records, ["sampling"]).plots[0]
    assert "Lines join the samples of one simulator." in plot.caption[2]
    assert any("1 alone, not ranked or not timed" in line for line in plot.caption)


def test_a_run_draws_what_it_asked_for():
    plan = Workloads(circuits=CIRCUITS[1:2], labels=(*LABELS[1:3], "expval", "gradient"), rounds=2)
    drawn = draw(build_workloads(plan))  # no sweep
    names = ["time-execute", "time-end_to_end", "forest-execute", "phases", "accuracy", "verdicts"]
    names += ["gradients", "sampling"]
    assert ([plot.name for plot in drawn.plots], drawn.undrawn) == (names, {})
    nothing = draw(build(runs.small()), ["gradients", "sweeps", "sampling"])
    assert not nothing.plots
    assert nothing.undrawn == {
        "gradients": "no cost of a gradient to draw: no gradient was asked for",
        "sweeps": "no cost of a sweep to draw: no sweep was asked for",
        "sampling": "no cost of samples to draw: no sample was asked for",
    }


def test_what_failed_is_counted_and_the_rest_drawn():
    failed = {("vqe_4", sim.name, "gradient"): ("timeout", "no answer within 60 s") for sim in SIMS}
    records = build_workloads(Workloads(verdicts=failed))
    (plot,) = draw(records, ["gradients"]).plots
    assert any("3 timeout" in line for line in plot.caption)
    every = {(name, sim.name, "gradient"): ("error", "no") for name, _, _ in CIRCUITS for sim in SIMS}
    with pytest.raises(QbenchError, match="no cost of a gradient to draw: Not drawn: 21 cells"):
        figure(build_workloads(Workloads(verdicts=every)), "gradients")


def test_a_circuit_and_its_bound_form_share_a_place(records):
    drawn = figure(records, "verdicts")
    tiles = sum(len(axes.patches) for axes in drawn.axes)
    assert tiles == len(records.manifest["cells"])
    assert len(drawn.axes) == len(LABELS)
    circuits = [label.get_text() for label in drawn.axes[0].get_yticklabels()]
    assert circuits == ["ghz_4 (4)", "vqe_4 (4)", "vqe_6 (6)", "qaoa_6 (6)"]


@pytest.mark.parametrize(
    ("workload", "column"),
    [
        ("expval", "expectation_error"),
        ("gradient", "gradient_error"),
        ("sweep-16", "expectation_error"),
        ("density_matrix-device", "frobenius_error"),
        ("noisy_sample-device-1000", "tvd"),
    ],
)
def test_errors_of_every_kind_are_drawn_with_what_is_allowed(records, workload, column):
    drawn = figure(records, "accuracy", workloads=[workload])
    told = [
        float(row[column]) for row in rows(records, "accuracy", workload=workload) if row[column] is not None
    ]
    assert told
    assert sorted(y for axes in drawn.axes for _, y, _, _ in runs.points(axes)) == sorted(told)
    allowed = "tvd_floor" if column == "tvd" else "bound"
    (limit,) = {float(row[allowed]) for row in rows(records, "accuracy", workload=workload) if row[allowed]}
    levels = {
        line.get_ydata()[0]
        for axes in drawn.axes
        for line in axes.get_lines()
        if line.get_color() == "#000000" and line.get_linestyle() != "None" and len(line.get_xdata()) == 2
    }
    assert limit in levels
    said = [text for text, _ in runs.texts(drawn)]
    assert any(text.startswith("Proven: of ") for text in said) == (column != "tvd")


def test_sections_have_axes_for_their_own_circuits_only(records):
    asked = figure(records, "time", workloads=["state", "gradient"])
    titles = Counter(text for text, _ in runs.texts(asked))
    assert titles["ghz_4"] == 1  # not under gradient
    assert titles["qaoa_6"] == 2
    assert all(runs.points(axes) for axes in asked.axes)


LONG = "density_matrix-depolarizing1=1e-13,depolarizing2=1e-13"


def crossings(plot):
    written = runs.texts(plot)
    return [
        (a[0], b[0])
        for a, b in itertools.combinations(written, 2)
        if min(a[1].x1, b[1].x1) - max(a[1].x0, b[1].x0) > 1
        and min(a[1].y1, b[1].y1) - max(a[1].y0, b[1].y0) > 2.5
    ]


def test_a_long_heading_over_one_narrow_panel_is_folded_beside_the_legend():
    records = build_workloads(Workloads(circuits=CIRCUITS[:1], labels=(LONG,), rounds=2))
    drawn = figure(records, "accuracy")
    assert crossings(drawn) == []
    lines = [text for text, _ in runs.texts(drawn)]
    assert {"density_matrix-", "depolarizing1=1e-13,", "depolarizing2=1e-13"} <= set(lines)


def test_which_point_of_a_gradient_is_which_circuit_is_told(records):
    same = (*CIRCUITS, ("twin_6", 6, 12), ("far_6", 6, 13))
    drawn = build_workloads(Workloads(circuits=same, labels=("expval", "gradient"), rounds=2))
    (plot,) = draw(drawn, ["gradients"]).plots
    assert any(
        note.endswith("left to right: 4: qaoa_6; 8: vqe_4; 12: vqe_6, twin_6; 13: far_6.")
        for note in plot.caption
    )
    (axes,) = plot.figure.axes
    assert [int(text.get_text()) for text in axes.get_xticklabels()] == [4, 8, 12]  # 13 has no room
    assert crossings(plot.figure) == []
    places = [x for x, *_ in runs.points(axes)]
    assert Counter(near(x, (4, 8, 12, 13)) for x in places) == {4: 2, 8: 2, 12: 4, 13: 2}
    assert len({round(x, 9) for x in places}) == len(places)  # the two of 12 parameters stand apart
    alone = build_workloads(Workloads(circuits=CIRCUITS[1:2], labels=("expval", "gradient"), rounds=2))
    assert not any("Circuits by" in note for note in draw(alone, ["gradients"]).plots[0].caption)


def test_many_workloads_have_sheets_of_their_own_with_all_points(records):
    shown = Counter()
    for plot in draw(records, ["accuracy"]).plots:
        shown[plot.name] += sum(len(runs.points(axes)) for axes in plot.figure.axes)
        assert max(plot.figure.get_size_inches()) < 18
    assert set(shown) == {f"accuracy-{label}" for label in LABELS}
    answered = Counter(f"accuracy-{row['workload']}" for row in rows(records, "accuracy", verdict="ok"))
    assert shown == answered


def hostile():
    """Names that are markup, mathematics, far too long, or not in the font; many simulators."""
    plan = runs.hostile()
    names = [sim.name for sim in plan.sims]
    sims = [replace(one, name=f"{name}.{n}") for n, name in enumerate(names) for one in (ESTIMATOR, SAMPLER)]
    sims = [replace(one, name=f"{one.name}{n}", tasks=KINDS) for n, one in enumerate(sims)]
    circuits = tuple((name, qubits, 3 + place) for place, (name, qubits) in enumerate(plan.circuits))
    labels = (*LABELS[1:4], "expval", "gradient", "sweep-16", "sweep-100")
    return build_workloads(Workloads(sims=tuple(sims), circuits=circuits, labels=labels, rounds=2))


@pytest.mark.parametrize("which", ["plain", "hostile"])
def test_no_text_overlaps_another_or_leaves_the_sheet(which):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a glyph that the font lacks is a warning
        found = plots().values()
        if which == "hostile":
            found = draw(hostile(), ["gradients", "sweeps", "sampling"]).plots
        for plot in found:
            written = runs.texts(plot.figure)
            sheet = plot.figure.bbox
            for text, box in written:
                inside = box.x0 >= -1 and box.y0 >= -1 and box.x1 <= sheet.x1 + 1 and box.y1 <= sheet.y1 + 1
                assert inside, (plot.name, text)
            crossing = [
                (a[0], b[0])
                for a, b in itertools.combinations(written, 2)
                if min(a[1].x1, b[1].x1) - max(a[1].x0, b[1].x0) > 1
                and min(a[1].y1, b[1].y1) - max(a[1].y0, b[1].y0) > 2.5
            ]
            assert not crossing, (plot.name, crossing)


def test_many_circuits_have_several_sheets_of_samples_and_none_is_lost():
    circuits = tuple((f"c{chr(97 + n)}", 4, 0) for n in range(15))
    sims = (replace(LIGHTNING, tasks=("sample",)), SAMPLER)
    records = build_workloads(Workloads(circuits=circuits, labels=LABELS[1:4], sims=sims, rounds=2))
    drawn = draw(records, ["sampling"])
    assert [plot.name for plot in drawn.plots] == ["sampling", "sampling-2"]
    assert sum(len(plot.figure.axes) for plot in drawn.plots) == 15
    points = sum(len(runs.points(axes)) for plot in drawn.plots for axes in plot.figure.axes)
    assert points == 15 * 2 * 3


def test_the_same_records_give_the_same_bytes(records):
    for kind in ("gradients", "sampling"):
        assert rendered(figure(records, kind), "svg") == rendered(figure(records, kind), "svg")


def test_every_number_of_shots_is_a_tick_unless_they_are_many_or_close():
    assert [text for _, text in count_scale("shots", [1024, 4096, 16384]).ticks] == ["1024", "4096", "16384"]
    assert [value for value, _ in count_scale("shots", [7]).ticks] == [7.0]
    many = count_scale("shots", [2**n for n in range(20)]).ticks
    assert len(many) <= 10
    close = count_scale("shots", [1000, 1001, 1000000]).ticks
    assert 1001.0 not in [value for value, _ in close]
    assert all(label for _, label in number_scale("executions", [0.25, 1.0, 3000.0]).ticks)
