"""Samples of single cells, cost models, thread sweeps: what they show is in the records and the fits."""

import math
import statistics
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import plotted_runs as runs
from synthetic_runs import Plan, Sim, build
from test_plots import rows

from qbench.analysis.cost_model import fit_costs
from qbench.analysis.readings import take_readings
from qbench.errors import QbenchError
from qbench.report.plots import draw, figure

COLOURS = {"plain": "#0072B2", "contended": "#D55E00", "drift": "#009E73"}


@cache
def noisy():
    """One simulator is contended on one circuit, one drifts."""
    return build(
        Plan(
            sims=(runs.QISKIT, runs.AER),
            circuits=(("ghz_4", 4), ("ghz_8", 8), ("qft_8", 8), ("qv_6", 6)),
            rounds=5,
            samples=7,
            flags={("ghz_8", runs.AER.name): ("contended",), ("qft_8", runs.AER.name): ("drift",)},
        )
    )


def dots(axes, colour):
    return [
        (x, y)
        for line in axes.get_lines()
        if line.get_linestyle() == "None" and line.get_color() == colour
        for x, y in zip(*line.get_data(), strict=True)
    ]


class TestDistribution:
    def raw(self, circuit, simulator):
        """Every stored sample of the cell as (round, microseconds per call)."""
        return sorted(
            (visit.round, wall / visit.loops / 1000)
            for visit in noisy().visits
            if visit.cell == f"{circuit}/state/{simulator}/1"
            and visit.phase == "execute"
            and visit.place == "warm"
            for wall in visit.wall_ns
        )

    @pytest.mark.parametrize(
        ("circuit", "look"), [("ghz_4", "plain"), ("ghz_8", "contended"), ("qft_8", "drift")]
    )
    def test_every_stored_sample_stands_in_its_round_and_says_what_its_visit_carries(self, circuit, look):
        strip, _ = figure(noisy(), "distribution", circuits=circuit, simulators="aer").axes
        found = dots(strip, COLOURS[look])
        truth = self.raw(circuit, runs.AER.name)
        assert sorted(round(x) for x, _ in found) == [number for number, _ in truth]
        assert [y for _, y in sorted((round(x), y) for x, y in found)] == pytest.approx([y for _, y in truth])
        assert not any(dots(strip, colour) for name, colour in COLOURS.items() if name != look)

    def test_bars_are_the_rounds_values_and_the_band_the_tables_interval(self):
        strip, _ = figure(noisy(), "distribution", circuits="ghz_4", simulators="aer").axes
        bars = [line for line in strip.get_lines() if line.get_linewidth() == 1.4]
        truth = {}
        for number, time in self.raw("ghz_4", runs.AER.name):
            truth.setdefault(number, []).append(time)
        assert {
            round(statistics.fmean(bar.get_xdata())): bar.get_ydata()[0] for bar in bars
        } == pytest.approx({number: statistics.median(times) for number, times in truth.items()})
        (band,) = strip.patches
        (row,) = rows(noisy(), "cells", circuit="ghz_4", simulator=runs.AER.name, phase="execute")
        ends = (band.get_y(), band.get_y() + band.get_height())
        assert ends == pytest.approx((float(row["warm_low_us"]), float(row["warm_high_us"])), rel=0.04)

    def test_shares_are_the_tables_quantiles(self):
        _, shares = figure(noisy(), "distribution", circuits="ghz_4", simulators="aer").axes
        (curve,) = [line for line in shares.get_lines() if line.get_color() == COLOURS["plain"]]
        found = dict(zip(*curve.get_data(), strict=True))
        (row,) = rows(noisy(), "cells", circuit="ghz_4", simulator=runs.AER.name, phase="execute")
        assert found[10] == pytest.approx(float(row["p10_us"]), rel=0.04)
        assert found[90] == pytest.approx(float(row["p90_us"]), rel=0.04)
        times = [time for _, time in self.raw("ghz_4", runs.AER.name)]
        assert (found[0], found[100]) == pytest.approx((min(times), max(times)))

    def test_a_far_sample_stands_at_the_edge_and_is_counted(self):
        records = noisy()
        visits = []
        spoiled = False
        for visit in records.visits:
            mine = visit.cell == f"ghz_4/state/{runs.AER.name}/1" and visit.phase == "execute"
            if mine and visit.place == "warm" and not spoiled:
                visits.append(replace(visit, wall_ns=(visit.wall_ns[0] * 50, *visit.wall_ns[1:])))
                spoiled = True
            else:
                visits.append(visit)
        assert spoiled
        (plot,) = draw(replace(records, visits=tuple(visits)), ["distribution"], circuits="ghz_4").plots
        assert "1 sample beyond the axis, which ends at 3 times the mean or at a round" in " ".join(
            plot.caption
        )
        assert any(line.get_marker() == "^" for axes in plot.figure.axes for line in axes.get_lines())

    def test_unasked_the_cells_known_least_well_are_shown_and_that_is_said(self):
        (plot,) = draw(noisy(), ["distribution"]).plots
        widths = {}
        for row in rows(noisy(), "cells", phase="execute"):
            cell = next(
                one
                for one in take_readings(noisy()).cells
                if one.simulator == row["simulator"] and one.problem["name"] == row["circuit"]
            )
            warm = cell.warm("execute")
            widths[row["simulator"], row["circuit"]] = math.log(warm.high / warm.low)
        wanted = sorted(widths, key=lambda one: -widths[one])[:6]
        titles = [text for text, _ in runs.texts(plot.figure) if " qubits), state" in text]
        assert len(titles) == 6
        for simulator, circuit in wanted:
            assert any(text.startswith(f"{simulator}, {circuit} (") for text in titles)
        assert "of 8 cells with such samples the 6 ranked ones" in " ".join(plot.caption)


def plan_of_models():
    return Plan(
        sims=(
            Sim(name="a.sv", execute_ns=2e4, per_qubit=1.5),
            Sim(name="b.sv", execute_ns=5e4, per_qubit=1.3),
        ),
        circuits=tuple(
            (f"{family}_{size}", size)
            for family, sizes in zip(
                "abcdefg", ((3, 6), (4, 8), (5, 9), (3, 10), (6, 11), (4, 12), (7,)), strict=True
            )
            for size in sizes
        ),
        rounds=3,
        samples=2,
        process_sd=0.02,
    )


@cache
def modelled():
    """A state vector of known cost on seven families: 50 us, and 20 us a gate."""
    return build(plan_of_models())


class TestCosts:
    def test_residuals_are_measured_over_fitted_and_points_keep_them(self):
        fits = {fit.simulator: fit for fit in fit_costs(take_readings(modelled()))}
        left, right = figure(modelled(), "costs").axes
        told = sorted(cell.seconds / cell.predicted_seconds for fit in fits.values() for cell in fit.cells)
        assert sorted(y for _, y, *_ in runs.points(right)) == pytest.approx(told)
        lines = {line.get_color(): dict(zip(*line.get_data(), strict=True)) for line in runs.joins(left)}
        assert len(lines) == 2
        for x, y, colour, _ in runs.points(left):
            ratio = y / lines[colour][round(x)]
            assert any(ratio == pytest.approx(value) for value in told)

    def test_lines_are_the_fits_for_the_median_number_of_gates_which_is_said(self):
        fits = fit_costs(take_readings(modelled()))
        gates = statistics.median_low(cell.gates for fit in fits for cell in fit.cells)
        left, _ = figure(modelled(), "costs").axes
        lines = [dict(zip(*line.get_data(), strict=True)) for line in runs.joins(left)]
        for fit, line in zip(fits, lines, strict=True):
            assert list(line) == list(range(3, 13))
            for qubits, time in line.items():
                assert time == pytest.approx(fit.predict(qubits, gates) / gates * 1e6)
        assert f"state: lines for a circuit of {gates} gates." in draw(modelled(), ["costs"]).plots[0].caption

    def test_a_fit_that_is_far_off_what_it_had_not_seen_is_not_drawn_like_a_good_one(self):
        restless = build(replace(plan_of_models(), process_sd=0.9))
        errors = {}
        for records in (modelled(), restless):
            (plot,) = draw(records, ["costs"]).plots
            told, written = " ".join(plot.caption), " ".join(text for text, _ in runs.texts(plot.figure))
            fits = {fit.simulator: fit for fit in fit_costs(take_readings(records))}
            lines = runs.joins(plot.figure.axes[0])
            for fit, line in zip(fits.values(), lines, strict=True):
                off = errors[records is restless, fit.simulator] = fit.cross_validated_percent
                assert line.get_linewidth() == (0.6 if off > 30 else 1.1)
                assert (f"{fit.simulator} ({off:.0f} %)" in told) == (off > 30)
            poor = any(fit.cross_validated_percent > 30 for fit in fits.values())
            assert ("no models to plan by" in told) == ("off by more than 30 %: see note" in written) == poor
        assert min(errors.values()) < 30 < max(errors.values())

    def test_points_stay_at_their_qubits(self):
        left, _ = figure(modelled(), "costs").axes
        assert max(abs(x - round(x)) for x, *_ in runs.points(left)) <= 0.15 + 1e-9

    def test_the_limit_is_drawn_where_the_machine_was_measured(self):
        without = draw(modelled(), ["costs"]).plots[0]
        assert "the records hold no memory bandwidth" in " ".join(without.caption)
        points = [{"bytes": 1 << 10, "bytes_per_s": 4e10}, {"bytes": 1 << 20, "bytes_per_s": 1e10}]
        event = {"event": "memory_bandwidth", "threads": 1, "points": points}
        records = replace(modelled(), events=(*modelled().events, event))
        left, _ = figure(records, "costs").axes
        (line,) = [line for line in left.get_lines() if line.get_linewidth() == 1.3]
        found = dict(zip(*line.get_data(), strict=True))
        # 2^6 amplitudes of 16 bytes are 1024 bytes, read and written at 40 GB/s
        assert found[6] == pytest.approx(2 * 1024 / 4e10 * 1e6)

    def test_too_few_circuits_are_said(self):
        with pytest.raises(QbenchError, match="no cost model of execute to draw: it needs three circuits"):
            figure(build(Plan(sims=(runs.AER,), rounds=2, samples=2)), "costs")


@cache
def threaded():
    return build(runs.threaded())


class TestThreads:
    def by_round(self, circuit, simulator, threads):
        return {
            visit.round: statistics.median(visit.wall_ns) / visit.loops
            for visit in threaded().visits
            if visit.cell == f"{circuit}/state/{simulator}/{threads}"
            and (visit.phase, visit.place) == ("execute", "warm")
        }

    def test_times_are_the_tables(self):
        drawn = figure(threaded(), "threads")
        assert len(drawn.axes) == 4  # two circuits, times above, speed-ups below
        told = [float(row["warm_us"]) for row in rows(threaded(), "cells", phase="execute")]
        assert sorted(y for axes in drawn.axes[:2] for _, y, *_ in runs.points(axes)) == sorted(told)

    def test_speed_ups_are_paired_ratios_to_one_thread_by_hand(self):
        drawn = figure(threaded(), "threads")
        for axes, circuit in zip(drawn.axes[2:], ("ghz_8", "qft_8"), strict=True):
            truth = []
            for simulator in (runs.QISKIT.name, runs.AER.name):
                one = self.by_round(circuit, simulator, 1)
                for threads in (1, 2, 4):
                    mine = self.by_round(circuit, simulator, threads)
                    truth.append(math.exp(statistics.fmean(math.log(one[r] / mine[r]) for r in one)))
            assert sorted(y for _, y, *_ in runs.points(axes)) == pytest.approx(sorted(truth), rel=0.05)

    def test_the_ideal_is_as_many_times_as_fast_as_there_are_threads(self):
        axes = figure(threaded(), "threads").axes[2]
        (ideal,) = [line for line in axes.get_lines() if list(line.get_xdata()) == [1, 2, 4]]
        assert list(ideal.get_ydata()) == [1, 2, 4]

    def test_a_sweep_is_drawn_unasked_and_one_number_of_threads_is_none(self):
        assert "threads-execute" in [plot.name for plot in draw(threaded()).plots]
        assert not any(plot.name.startswith("threads") for plot in draw(noisy()).plots)
        with pytest.raises(QbenchError, match="no thread sweep to draw"):
            figure(noisy(), "threads")

    def test_a_simulator_has_one_entry_in_the_legend(self):
        written = [text for text, _ in runs.texts(figure(threaded(), "threads"))]
        assert written.count(runs.AER.name) == 1
        assert "1 thread" not in written


def test_intervals_that_leave_an_axis_are_counted_above_and_below():
    loud = build(replace_plan(runs.threaded(), rounds=2, process_sd=1.2, seed=5))
    (plot,) = draw(loud, ["threads"]).plots
    assert told_to_leave(plot) == drawn_beyond(plot) > 0


def test_intervals_that_leave_an_axis_are_counted_in_the_pareto_chart():
    loud = build(Plan(sims=(runs.AER, runs.QISKIT), rounds=2, samples=2, process_sd=1.5, seed=3))
    (plot,) = draw(loud, ["pareto"]).plots
    beyond = 0
    for axes in plot.figure.axes:
        low, high = axes.get_xlim()
        bars = [line.get_xdata() for line in axes.get_lines() if line.get_zorder() == 3]
        beyond += sum(not low <= start <= end <= high for start, end in bars)
    assert told_to_leave(plot) == beyond > 0


def replace_plan(plan, **changes):
    for name, value in changes.items():
        setattr(plan, name, value)
    return plan


def told_to_leave(plot):
    """How many intervals the caption counts as cut off."""
    found = [line for line in plot.caption if line.endswith("leave the axis.")]
    return int(found[0].split()[0]) if found else 0


def drawn_beyond(plot):
    """How many upright bars end outside of their axes."""
    beyond = 0
    for axes in plot.figure.axes:
        low, high = axes.get_ylim()
        for container in axes.containers:
            for (_, start), (_, end) in container[2][0].get_segments():
                beyond += not low <= start <= end <= high
    return beyond


def ranked_by_cpu(records):
    settings = {**records.manifest["settings"], "metric": "cpu"}
    return replace(records, manifest={**records.manifest, "settings": settings})


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("time", "execute wall time per call"),
        ("distribution", "execute wall time per call"),
        ("pareto", "execute CPU time per call"),
        ("profile", "execute CPU time over the shortest (log)"),
        ("forest", "execute CPU time over the baseline's (below 1: faster)"),
        ("costs", "execute CPU time per gate"),
    ],
)
def test_a_run_that_ranks_by_cpu_time_says_on_every_axis_which_clock_it_shows(kind, label):
    written = [
        text
        for text, _ in runs.texts(figure(ranked_by_cpu(modelled()), kind, circuits=["a_3", "b_4", "c_5"]))
    ]
    assert label in written
