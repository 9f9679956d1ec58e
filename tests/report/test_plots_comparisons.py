"""Forest, heat map, profile, front: what they show is computed here again, by hand or from the tables."""

import math
import re
import statistics
import sys
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import matplotlib
import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

import plotted_runs as runs
from synthetic_runs import Plan, Sim, build
from test_plots import rows

from qbench.analysis.contests import contests
from qbench.analysis.readings import take_readings
from qbench.analysis.stats import Standing
from qbench.errors import QbenchError
from qbench.report.plots import draw, figure
from qbench.report.plots.colour_key import ink_on, shade
from qbench.report.plots.forest_page import FASTER, SLOWER
from qbench.report.plots.pareto import front
from qbench.report.plots.styles import series_of

SIX_FAMILIES = tuple(
    (f"{family}_{size}", size) for family in ("ghz", "qft", "hea", "qv", "vqe", "wst") for size in (4, 8)
)


@cache
def field_run():
    """Six families, five exact simulators, one in single precision, one flagged on a circuit."""
    return build(
        Plan(
            sims=(
                runs.QISKIT,
                runs.AER,
                Sim(name="qulacs.statevector", execute_ns=9_000, per_qubit=1.3),
                Sim(name="qulacs.twin", execute_ns=9_100, per_qubit=1.3),
                Sim(name="qutip.ket", execute_ns=800_000, per_qubit=1.1),
                runs.AER64,
            ),
            circuits=SIX_FAMILIES,
            rounds=6,
            samples=3,
            baseline=runs.QISKIT.name,
            flags={("qft_8", runs.AER.name): ("cached",)},
            verdicts={
                ("ghz_4", "qutip.ket"): ("timeout", "no answer within 60 s"),
                ("hea_8", "qutip.ket"): ("unsupported", "no"),
                ("qv_4", runs.AER.name): ("wrong", "off by 0.2"),
            },
        )
    )


def times_by_round(records, circuit, simulator, phase="execute"):
    """The median over a round's warm visits of the median of their samples, from the raw records alone."""
    found = defaultdict(list)
    for visit in records.visits:
        if visit.cell == f"{circuit}/state/{simulator}/1" and visit.phase == phase and visit.place == "warm":
            found[visit.round].append(statistics.median(visit.wall_ns) / visit.loops)
    return {number: statistics.median(times) for number, times in found.items()}


def ratio_by_hand(records, circuit, simulator, reference, phase="execute"):
    """The geometric mean over paired rounds."""
    mine, theirs = (times_by_round(records, circuit, one, phase) for one in (simulator, reference))
    return math.exp(statistics.fmean(math.log(mine[r] / theirs[r]) for r in mine))


def markers(axes, colour=None):
    """Points as (x, y, marker, filled), in the order in which they were drawn."""
    found = []
    for line in axes.get_lines():
        if line.get_linestyle() == "None" and (colour is None or line.get_color() == colour):
            filled = line.get_markerfacecolor() != "white"
            x, y = line.get_data()
            found += [(a, b, line.get_marker(), filled) for a, b in zip(x, y, strict=True)]
    return found


class TestForest:
    def test_circuits_and_means_are_the_tables(self):
        (axes,) = figure(field_run(), "forest").axes
        ratios = list(rows(field_run(), "ratios", phase="execute", precision="complex128"))
        drawn = [x for x, _, marker, _ in markers(axes) if marker != "D"]
        assert sorted(drawn) == sorted(float(row["ratio"]) for row in ratios)
        totals = [
            row
            for row in rows(field_run(), "totals", phase="execute", precision="complex128")
            if row["ratio"] is not None and row["low"] is not None
        ]
        diamonds = [x for x, _, marker, _ in markers(axes) if marker == "D"]
        assert sorted(diamonds) == sorted(float(row["ratio"]) for row in totals)
        assert len(diamonds) == 4
        bars = {
            tuple(line.get_xdata())
            for line in axes.get_lines()
            if line.get_linestyle() == "-" and len(set(line.get_xdata())) == 2
        }
        assert bars == {(float(row["low"]), float(row["high"])) for row in totals}

    def test_a_ratio_is_the_one_computed_by_hand_from_the_raw_records(self):
        drawn = figure(field_run(), "forest", circuits=["qft_4"], simulators=["qulacs.statevector"])
        ((x, _, _, filled),) = [one for one in markers(drawn.axes[0]) if one[2] != "D"]
        truth = ratio_by_hand(field_run(), "qft_4", "qulacs.statevector", runs.QISKIT.name)
        assert x == pytest.approx(truth, rel=0.05)  # as rounded as its interval says
        assert abs(x - truth) < 0.5 * 10 ** (math.floor(math.log10(truth)) - 1)
        assert filled

    def test_a_point_has_the_place_the_fill_and_the_colour_of_its_verdict(self):
        (axes,) = figure(field_run(), "forest").axes
        told = [
            row["verdict"] for row in rows(field_run(), "ratios", phase="execute", precision="complex128")
        ]
        blue, orange = markers(axes, FASTER), markers(axes, SLOWER)
        assert len(blue) == told.count("faster") > 0
        assert len(orange) == told.count("slower") > 0
        assert all(x < 1 / 1.1 and filled for x, _, _, filled in blue)
        assert all(x > 1.1 and filled for x, _, _, filled in orange)
        hollow = [one for one in markers(axes) if not one[3]]
        assert len(hollow) == told.count("tie") + told.count("unresolved")

    def test_rows_stand_by_ratio_with_the_baseline_at_its_place(self):
        drawn = figure(field_run(), "forest")
        written = [text for text, _ in runs.texts(drawn)]
        names = [name for name in written if name in _names(field_run())]
        totals = {
            row["simulator"]: row["ratio"]
            for row in rows(field_run(), "totals", phase="execute", precision="complex128")
        }
        assert names == sorted(names, key=lambda name: float(totals[name]))
        assert runs.QISKIT.name in names
        assert "the baseline" in written

    def test_with_few_simulators_or_circuits_every_comparison_has_a_row_with_its_figures(self):
        for choice in ({"simulators": ["aer.statevector", "qutip.ket"]}, {"circuits": ["ghz_8", "qv_8"]}):
            written = [text for text, _ in runs.texts(figure(field_run(), "forest", **choice))]
            wanted = [
                row
                for row in rows(field_run(), "ratios", phase="execute", precision="complex128")
                if row["simulator"] in choice.get("simulators", [row["simulator"]])
                and row["circuit"] in choice.get("circuits", [row["circuit"]])
            ]
            assert wanted
            for row in wanted:
                assert f"{row['ratio']} ({row['low']} to {row['high']})" in written
            verdicts = [text for text in written if text in ("faster", "slower", "tie", "unresolved")]
            assert sorted(verdicts) == sorted(row["verdict"] for row in wanted)

    def test_the_margin_is_the_runs(self):
        (axes,) = figure(field_run(), "forest").axes
        (band,) = axes.patches
        assert (band.get_x(), band.get_x() + band.get_width()) == pytest.approx((1 / 1.1, 1.1))

    def test_few_families_have_no_interval_and_a_hollow_diamond(self):
        two = build(
            Plan(sims=(runs.QISKIT, runs.AER), circuits=(("ghz_4", 4), ("qft_4", 4)), rounds=4, samples=2)
        )
        (axes,) = figure(two, "forest").axes
        ((_, _, _, filled),) = [one for one in markers(axes) if one[2] == "D"]
        assert not filled
        assert "2 families: no interval" in [text for text, _ in runs.texts(figure(two, "forest"))]

    def test_one_simulator_has_nothing_to_be_compared_with(self):
        with pytest.raises(QbenchError, match="they need two simulators of one class"):
            figure(build(Plan(sims=(runs.AER,), rounds=2, samples=2)), "forest")


def _names(records):
    return list(records.manifest["simulators"])


class TestHeatMap:
    def test_every_number_is_the_time_over_the_classs_fastest_by_hand(self):
        records = field_run()
        drawn = figure(records, "heatmap")
        axes = drawn.axes[0]
        columns = dict(
            zip(axes.get_xticks(), [label.get_text() for label in axes.get_xticklabels()], strict=True)
        )
        lines = [label.get_text().partition(" ")[0] for label in axes.get_yticklabels()]
        shown = {}
        for text in axes.texts:
            x, y = text.get_position()
            shown[lines[round(y)], columns[x]] = text.get_text()
        assert len(shown) == 12 * 6
        exact = [name for name in _names(records) if name != runs.AER64.name]
        unranked = {
            ("qft_8", runs.AER.name),
            ("ghz_4", "qutip.ket"),
            ("hea_8", "qutip.ket"),
            ("qv_4", runs.AER.name),
        }
        for circuit, _ in SIX_FAMILIES:
            members = [name for name in exact if (circuit, name) not in unranked]
            best = min(members, key=lambda one: ratio_by_hand(records, circuit, one, members[0]))
            for name in members:
                factor = ratio_by_hand(records, circuit, name, best)
                told = shown[circuit, name]
                value = float(told.removesuffix("k")) * (1000 if told.endswith("k") else 1)
                assert value == pytest.approx(factor, rel=0.051), (circuit, name)
            assert shown[circuit, best] == "1"
            assert shown[circuit, runs.AER64.name] == "1"  # alone in its class
        assert shown["qft_8", runs.AER.name] == "!"
        assert shown["ghz_4", "qutip.ket"] == "T"
        assert shown["hea_8", "qutip.ket"] == "u"
        assert shown["qv_4", runs.AER.name] == "✗"

    def test_a_solid_frame_says_who_is_clearly_fastest_and_dashed_ones_who_is_not_told_apart(self):
        sims = [Sim(name=f"{name}.statevector", execute_ns=ns) for name, ns in (("a", 1e5), ("b", 3e5))]
        late = Sim(name="c.statevector", execute_ns=4e4, per_qubit=1.3)  # ahead or level by size
        records = build(Plan(sims=(*sims, late), rounds=6, samples=2))
        axes = figure(records, "heatmap").axes[0]
        solid = Counter(round(patch.get_y()) for patch in axes.patches if patch.get_linewidth() > 1)
        dashed = Counter(round(patch.get_y()) for patch in axes.patches if 0.5 < patch.get_linewidth() < 1)
        assert set(solid.values()) == {1}
        assert not set(solid) & set(dashed)
        assert all(number >= 2 for number in dashed.values())
        found = [one.race()[1] for one in contests(take_readings(records), "execute") if len(one.members) > 1]
        clear = sum(all(other.standing == Standing.SLOWER for other in others) for others in found)
        assert len(solid) == clear > 0
        assert len(solid) + len(dashed) == len(found)

    def test_where_two_are_alike_nobody_is_called_the_fastest(self):
        twins = [Sim(name=f"{name}.statevector", execute_ns=1e5) for name in ("one", "two")]
        (plot,) = draw(build(Plan(sims=tuple(twins), rounds=3, samples=2)), ["heatmap"]).plots
        assert not any(patch.get_linewidth() > 1 for patch in plot.figure.axes[0].patches)
        texts = [text for text, _ in runs.texts(plot.figure)]
        assert "shortest, or not told from it" in texts
        assert "clearly fastest of its class" not in texts
        told = "state, clearly fastest of its class on how many circuits: nobody"
        assert any(line.startswith(told) for line in plot.caption)

    def test_what_answered_nothing_is_left_out_and_named(self):
        plan = Plan(
            sims=(runs.QISKIT, runs.AER, runs.STIM, runs.ABSENT),
            rounds=2,
            samples=2,
            verdicts={("*", runs.STIM.name): ("unsupported", "no")},
        )
        (plot,) = draw(build(plan), ["heatmap"]).plots
        columns = [label.get_text() for label in plot.figure.axes[0].get_xticklabels()]
        assert columns == [runs.QISKIT.name, runs.AER.name]
        assert not any(text.startswith("unsupported") for text, _ in runs.texts(plot.figure))
        assert f"state, without an answer: {runs.STIM.name}, {runs.ABSENT.name}" in plot.caption

    @given(st.floats(1.0, 1e6), st.floats(1.0, 1e6), st.sampled_from([10.0, 100.0, 1000.0]))
    def test_slower_is_never_lighter_and_every_number_stands_out(self, one, other, most):
        grey = []
        for factor in sorted((one, other)):
            colour = shade(factor, most)
            linear = [
                c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
                for c in matplotlib.colors.to_rgb(colour)
            ]
            luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
            text = 1.0 if ink_on(colour) == "#FFFFFF" else 0.0
            light, dark = max(luminance, text) + 0.05, min(luminance, text) + 0.05
            assert light / dark >= 4.5
            grey.append(luminance)
        assert grey[1] <= grey[0] + 1e-3

    def test_the_key_of_colours_begins_at_one_and_has_the_largest_factor(self):
        drawn = figure(field_run(), "heatmap")
        key = drawn.axes[-1]
        labels = [label.get_text() for label in key.get_yticklabels()]
        assert labels[0] == "1"
        shown = [
            float(text.get_text())
            for text in drawn.axes[0].texts
            if re.fullmatch(r"[0-9.]+", text.get_text())
        ]
        assert max(key.get_ylim()) >= max(shown)


class TestProfile:
    def test_every_step_is_the_tables(self):
        records = field_run()
        (axes,) = figure(records, "profile").axes
        series = {one.colour: one.label for one in series_of(_readings(records))[1]}
        steps = {
            series[line.get_color()]: sorted(set(zip(*line.get_data(), strict=True)))
            for line in axes.get_lines()
            if line.get_drawstyle() == "steps-post"
        }
        assert set(steps) == set(_names(records)) - {runs.AER64.name}
        for row in rows(records, "profile", phase="execute", precision="complex128"):
            tau = float(row["tau"])
            if tau <= axes.get_xlim()[1]:
                here = max(share for at, share in steps[row["simulator"]] if at <= tau)
                assert here == pytest.approx(float(row["share"]), abs=1e-4)

    def test_one_of_a_class_has_its_curve_also_without_its_rivals(self):
        drawn = figure(field_run(), "profile", simulators="qutip.ket")
        (axes,) = drawn.axes
        (curve,) = [line for line in axes.get_lines() if line.get_drawstyle() == "steps-post"]
        (solved,) = [
            row["share"]
            for row in rows(field_run(), "profile", phase="execute", simulator="qutip.ket")
            if row["tau"] == 1000
        ]
        assert curve.get_ydata()[-1] == pytest.approx(float(solved), abs=1e-4)
        assert curve.get_ydata()[0] == 0

    def test_the_legend_stands_by_the_area_of_the_table_of_totals(self):
        written = [text for text, _ in runs.texts(figure(field_run(), "profile"))]
        totals = {
            row["simulator"]: row["area"]
            for row in rows(field_run(), "totals", phase="execute", precision="complex128")
        }
        order = [text for text in written if text.partition(" ")[2] in totals]
        assert order == [f"{totals[name]} {name}" for name in sorted(totals, key=lambda name: -totals[name])]
        (plot,) = draw(field_run(), ["profile"]).plots
        assert "Alone in their class, so without a curve: aer.statevector.c64 (state)." in plot.caption

    def test_the_shortest_time_is_not_called_the_fastest(self):
        (plot,) = draw(field_run(), ["profile"]).plots
        said = " ".join([*plot.caption, *(text for text, _ in runs.texts(plot.figure))])
        assert "at 1 where its own was the shortest, by however little" in said
        assert "% with the shortest time, " in said
        assert "fastest" not in said

    def test_where_the_axis_goes_beyond_the_area_a_line_says_where_it_ends(self):
        slow = Sim(name="slow.statevector", execute_ns=9_000_000_000, per_qubit=1.0)
        far = build(Plan(sims=(Sim(name="fast.statevector", execute_ns=1_000), slow), rounds=2, samples=1))
        for records, lines in ((far, [1000.0]), (field_run(), [])):
            (plot,) = draw(records, ["profile"]).plots
            (axes,) = plot.figure.axes
            assert [line.get_xdata()[0] for line in axes.get_lines() if line.get_zorder() == 1] == lines
            assert any("Beyond the dotted line" in note for note in plot.caption) == bool(lines)
            assert axes.get_xlim()[1] >= (1000.0 if lines else 1.0)


def _readings(records):
    from qbench.analysis.readings import take_readings

    return take_readings(records)


class TestPareto:
    def test_points_are_the_tables_times_and_errors(self):
        records = field_run()
        drawn = figure(records, "pareto")
        times = {
            (row["circuit"], row["simulator"]): float(row["warm_us"])
            for row in rows(records, "cells", phase="execute")
            if row["warm_us"] is not None
        }
        errors = {
            (row["circuit"], row["simulator"]): float(row["max_amplitude_error"])
            for row in rows(records, "accuracy")
            if row["max_amplitude_error"] is not None
        }
        told = sorted((times[key], errors[key]) for key in times)
        assert sorted((x, y) for axes in drawn.axes for x, y, *_ in runs.points(axes)) == told
        assert len(drawn.axes) == 12

    def test_the_front_holds_ranked_answers_of_every_precision_and_no_flagged_or_wrong_one(self):
        quick = Sim(name="fast.c64", execute_ns=1_000, precision="complex64")
        cheat = Sim(name="cheat.statevector", execute_ns=10)
        plan = Plan(
            sims=(runs.QISKIT, quick, cheat),
            circuits=(("ghz_4", 4),),
            rounds=3,
            samples=2,
            flags={("*", cheat.name): ("cached",)},
        )
        (plot,) = draw(build(plan), ["pareto"]).plots
        assert "state, ghz_4, front: fast.c64" in plot.caption  # as right here, and faster
        (axes,) = plot.figure.axes
        (line,) = [line for line in axes.get_lines() if line.get_drawstyle() == "steps-post"]
        cheating = next(x for x, _, _, hollow in runs.points(axes) if hollow)
        assert min(line.get_xdata()) > cheating

    @given(
        st.lists(st.tuples(st.floats(1e-3, 1e6), st.one_of(st.just(0.0), st.floats(1e-18, 1.0))), max_size=30)
    )
    def test_the_front_is_what_nothing_beats(self, points):
        def beats(one, other):
            return one != other and one[0] <= other[0] and one[1] <= other[1]

        assert set(front(points)) == {one for one in points if not any(beats(other, one) for other in points)}
        assert front(points) == sorted(front(points))


class TestForestOfOneCircuit:
    def test_a_row_is_a_simulator_and_the_circuit_stands_above(self):
        (plot,) = draw(field_run(), ["forest"], circuits="qv_8").plots
        written = [text for text, _ in runs.texts(plot.figure)]
        assert "complex128: qv_8 (8 qubits), time over that of qiskit.statevector" in written
        assert written.count("qulacs.twin") == 1
        assert "qv_8 (8)" not in written
        assert not any("Diamonds" in text for text in plot.caption)
        assert not any("No intervals" in text for text in plot.caption)

    def test_one_round_says_that_nothing_is_resolved_and_how_to_go_on(self):
        once = build(Plan(sims=(runs.QISKIT, runs.AER), circuits=(("ghz_4", 4),), rounds=1, samples=2))
        (plot,) = draw(once, ["forest"]).plots
        assert any(text.startswith("No intervals, and so nothing is resolved") for text in plot.caption)
        assert any(text.endswith(", unresolved") for text in plot.caption)
