"""The figures of a run: what they show is what the tables say, nothing is hidden, nothing overlaps."""

import itertools
import sys
import warnings
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

import plotted_runs as runs
from synthetic_runs import Plan, Sim, build

from qbench.analysis.readings import take_readings
from qbench.analysis.tables import make_table
from qbench.errors import QbenchError
from qbench.model import NoAnswer, Verdict
from qbench.report.plots import draw, figure, phases, rendered
from qbench.report.plots.lettering import broken, folded, measured, plain, shortened
from qbench.report.plots.scales import error_scale, time_scale
from qbench.report.plots.styles import COLOURS, MARKERS, series_of
from qbench.report.plots.verdicts import FILLS
from qbench.verify.judge import GROSS


def rows(records, name, **wanted):
    table = make_table(records, name)
    for row in table.rows:
        found = dict(zip(table.columns, row, strict=True))
        if all(found[key] == value for key, value in wanted.items()):
            yield found


@cache
def plots_of(name):
    return draw(build(getattr(runs, name)())).plots


def told(name):
    """The caption of one plot of the failing run."""
    return "\n".join(next(plot for plot in plots_of("failing") if plot.name == name).caption)


def caption(records, kind):
    return "\n".join(draw(records, [kind]).plots[0].caption)


@pytest.fixture(scope="module")
def failing():
    return build(runs.failing())


class TestTimes:
    @pytest.mark.parametrize("phase", ["execute", "end_to_end"])
    def test_the_points_are_the_tables_times_and_none_is_missing(self, failing, phase):
        for workload in ("state", "sample-1024"):
            drawn = figure(failing, "time", phase=phase, workloads=[workload])
            told = [
                float(row["warm_us"])
                for row in rows(failing, "cells", workload=workload, phase=phase)
                if row["warm_us"] is not None
            ]
            found = [y for axes in drawn.axes for _, y, _, _ in runs.points(axes)]
            assert sorted(found) == sorted(told)
            assert len(found) == 6 * 7 - 4  # all but the one timeout, crash, error and unsupported

    @pytest.mark.parametrize("width", [None, "one-column", "two-column"])
    def test_lines_go_through_the_true_qubits_and_points_stay_beside_them(self, width):
        """Where two lines cross is read off: a shifted line names another number of qubits."""
        plan = runs.large()
        plan.circuits = (("ghz_3", 3), ("ghz_7", 7), ("ghz_15", 15), ("qft_8", 8))
        records = build(plan)
        names = [sim.name for sim in plan.sims][: 6 if width == "one-column" else 12]
        drawn = figure(records, "time", simulators=names, width=width)
        (axes,) = [axes for axes in drawn.axes if len(axes.get_xticks()) == 3]
        assert list(axes.get_xticks()) == [3, 7, 15]
        lines = [line for line in axes.lines if line.get_linestyle() not in ("None", "none")]
        told = {
            name: [
                float(row["warm_us"])
                for row in rows(records, "cells", simulator=name, phase="execute")
                if row["circuit"].startswith("ghz_")
            ]
            for name in names
        }
        assert all(list(line.get_xdata()) == [3, 7, 15] for line in lines)
        assert sorted(list(line.get_ydata()) for line in lines) == sorted(told.values())
        shifts = [min((x - size for size in (3, 7, 15)), key=abs) for x, *_ in runs.points(axes)]
        assert len(shifts) == 3 * len(names)
        assert 0 < max(map(abs, shifts)) <= 0.15 + 1e-9

    def test_the_sheet_says_what_the_shift_is(self, failing):
        assert "Lines go through the true numbers of qubits; points stand up to 0.15 qubit beside" in caption(
            failing, "time"
        )

    def test_the_bars_are_the_tables_intervals(self, failing):
        drawn = figure(failing, "time", workloads=["state"])
        ends = {
            (round(low, 6), round(high, 6))
            for axes in drawn.axes
            for container in axes.containers
            for (_, low), (_, high) in container[2][0].get_segments()
        }
        told = {
            (float(row["warm_low_us"]), float(row["warm_high_us"]))
            for row in rows(failing, "cells", workload="state", phase="execute")
            if row["warm_us"] is not None
        }
        assert ends == told

    def test_a_line_joins_the_sizes_of_one_family_only(self, failing):
        drawn = figure(failing, "time", workloads=["state"])
        assert [len(axes.get_xticks()) for axes in drawn.axes] == [3, 2, 1]  # ghz, hea, qft_8
        assert [list(axes.get_xticks()) for axes in drawn.axes] == [[4, 8, 12], [6, 12], [8]]
        assert len(runs.joins(drawn.axes[0])) >= 6
        assert not runs.joins(drawn.axes[2])

    def test_what_passed_is_filled_what_is_flagged_hollow_what_is_wrong_crossed(self, failing):
        drawn = figure(failing, "time", workloads=["state"])
        hollow = sum(hollow for axes in drawn.axes for *_, hollow in runs.points(axes))
        crosses = [line for axes in drawn.axes for line in axes.get_lines() if line.get_marker() == "x"]
        assert (hollow, len(crosses)) == (3, 1)
        written = [text for text, _ in runs.texts(drawn)]
        assert "flagged: not ranked (2)" in written
        assert "wrong answer: never ranked (1)" in written

    def test_what_is_not_drawn_is_counted_by_reason(self, failing):
        assert "Not drawn: 20 cells (2 unsupported, 12 not installed, 2 timeout, 2 crash, 2 error)" in told(
            "time-execute"
        )

    def test_units_stand_on_the_axis_and_all_sections_have_one_scale(self, failing):
        drawn = figure(failing, "time", workloads=["state"])
        labels = [label.get_text() for label in drawn.axes[0].get_yticklabels()]
        assert any(label.endswith(" µs") for label in labels) or any(
            label.endswith(" ms") for label in labels
        )
        assert len({axes.get_ylim() for axes in drawn.axes}) == 1
        assert all(axes.get_yscale() == "log" for axes in drawn.axes)
        written = [text for text, _ in runs.texts(drawn)]
        assert "execute time per call" in written
        assert "qubits" in written

    def test_every_simulator_is_in_the_legend_under_its_class(self, failing):
        written = [text for text, _ in runs.texts(figure(failing, "time", workloads=["state"]))]
        classes = [
            "exact, complex128",
            "exact, complex64",
            "approximate, complex128",
            "clifford, complex128",
            "doubles, never ranked",
        ]
        order = [written.index(text) for text in classes]
        assert order == sorted(order)
        for sim in runs.failing().sims:
            assert (sim.name in written) == sim.installed

    def test_few_rounds_are_not_given_intervals_they_do_not_have(self):
        one = build(Plan(sims=(runs.AER,), rounds=1, samples=2))
        assert "No intervals: they need two rounds or more." in caption(one, "time")
        assert not any(axes.containers for axes in figure(one).axes)

    def test_intervals_that_leave_the_axis_are_counted(self):
        two = build(Plan(sims=(runs.AER, runs.QISKIT), rounds=2, samples=2, process_sd=1.5, seed=3))
        drawn = figure(two)
        low, high = drawn.axes[0].get_ylim()
        cut = sum(
            not low <= float(row["warm_low_us"]) <= float(row["warm_high_us"]) <= high
            for row in rows(two, "cells", phase="execute")
        )
        assert cut
        assert f"{cut} interval{'s' * (cut != 1)} leave the axis." in caption(two, "time")

    def test_the_title_says_suite_version_threads_gates_rounds_and_what_is_unfinished(self, failing):
        plot = plots_of("failing")[0]
        assert plot.title == "execute: warm time per call against number of qubits, suite quick, version 1"
        assert plot.caption[0] == "1 thread, native gates, 3 rounds"
        some = tuple(visit for visit in failing.visits if visit.round < 3)
        cut = type(failing)(
            manifest=failing.manifest, visits=some, outcomes=failing.outcomes, events=failing.events
        )
        assert "unfinished: 2 of 3 rounds" in caption(cut, "time")

    def test_a_run_that_stopped_by_itself_tells_the_rounds_that_it_had(self):
        records = build(Plan(sims=(runs.AER, runs.QISKIT), rounds=7, samples=2))
        settings = {**records.manifest["settings"], "rounds": 6, "most_rounds": 20}
        records = replace(records, manifest={**records.manifest, "settings": settings})
        assert "7 rounds" in caption(records, "time")

    def test_a_run_that_ended_is_never_called_unfinished(self, failing):
        lost = Plan(
            sims=(runs.AER, runs.QISKIT),
            rounds=2,
            samples=2,
            verdicts={("*", sim.name): ("crash", "died by SIGSEGV") for sim in (runs.AER, runs.QISKIT)},
        )
        untimed = build(lost)
        assert not untimed.visits
        assert caption(untimed, "verdicts").startswith(
            "exact, complex128, 1 thread, native gates, no cell was timed\n"
        )
        # A cell that was lost in its first round is not waited for.
        gone = failing.visits[0].cell
        visits = tuple(visit for visit in failing.visits if visit.cell != gone)
        failed = {gone: NoAnswer(verdict=Verdict.CRASH, reason="died by SIGSEGV")}
        assert "unfinished: 0 of 3 rounds" in caption(replace(failing, visits=visits), "verdicts")
        assert "unfinished" not in caption(replace(failing, visits=visits, failures=failed), "verdicts")

    def test_what_the_last_event_says_of_the_end_holds(self, failing):
        last = max(visit.round for visit in failing.visits)
        one_less = tuple(v for v in failing.visits if (v.cell, v.round) != (failing.visits[0].cell, last))
        records = replace(failing, visits=one_less)
        assert "unfinished: 2 of 3 rounds" in caption(records, "verdicts")
        for complete in (True, False):
            ended = replace(records, events=(*records.events, {"event": "costs", "complete": complete}))
            assert ("unfinished" in caption(ended, "verdicts")) is not complete

    def test_cells_that_are_not_judged_yet_are_counted(self):
        plan = runs.small()
        plan.unfinished = frozenset({"qft_8"})
        assert "unfinished: 6 of 9 cells judged" in caption(build(plan), "verdicts")


class TestAccuracy:
    def test_points_are_the_tables_errors_and_lines_the_bounds(self):
        plan = runs.small()
        records = build(plan)
        drawn = figure(records, "accuracy")
        told = [float(row["max_amplitude_error"]) for row in rows(records, "accuracy")]
        assert sorted(y for axes in drawn.axes for _, y, _, _ in runs.points(axes)) == sorted(told)

    def test_a_zero_stands_on_its_own_strip_below_every_other_value(self, failing):
        drawn = figure(failing, "accuracy", workloads=["state"])
        ticks = {label.get_text(): label.get_position()[1] for label in drawn.axes[0].get_yticklabels()}
        values = {y for axes in drawn.axes for _, y, _, _ in runs.points(axes)}
        assert values == {ticks["0"]}
        assert ticks["0"] < 2.2e-15 / 3
        bounds = {
            line.get_ydata()[0]
            for line in drawn.axes[0].get_lines()
            if line.get_color() == "#000000" and line.get_linestyle() != "None" and len(line.get_xdata()) == 2
        }
        assert 2.2e-15 in bounds
        assert "the strip 0 holds 38 answers below 10⁻²⁰" in told("accuracy")

    def test_each_precision_has_its_bound_in_the_legend(self, failing):
        written = [text for text, _ in runs.texts(figure(failing, "accuracy"))]
        assert {"allowed, complex128", "allowed, complex64", "shot noise alone, mean"} <= set(written)

    def test_a_figure_that_is_no_number_is_counted_not_drawn(self):
        plan = runs.small()
        plan.figures = {"state": {"max_amplitude_error": float("inf"), "bound": 1e-15}}
        with pytest.raises(QbenchError, match="no accuracy to draw: Not drawn: 9 cells"):
            figure(build(plan), "accuracy")

    def test_no_axis_of_distances_goes_beyond_one(self):
        plan = Plan(sims=(runs.AER,), tasks=("sample",), rounds=1, samples=1)
        for tvd in (0.012, 0.8, 1.0):
            plan.figures = {"sample": {"p_value": 0.3, "tvd": tvd, "tvd_floor": 0.02, "impossible": 0}}
            for axes in figure(build(plan), "accuracy").axes:
                assert tvd <= axes.get_ylim()[1] <= 1.0
                assert [y for _, y, _, _ in runs.points(axes)] == [tvd] * len(axes.get_xticks())

    def test_bounds_are_none_of_an_approximate_simulators_and_the_sheet_says_so(self):
        """Its answers stand above the lines of the others, filled and uncrossed."""
        plan = runs.failing()
        plan.tasks, plan.flags = ("state",), {}
        far = {"max_amplitude_error": 6.6e-12, "norm_error": 0.0, "bound": 7.7e-15}
        plan.figures = {"state": far}
        for kind in ("accuracy", "pareto"):
            (plot,) = draw(build(plan), [kind]).plots
            told = "\n".join(plot.caption)
            assert "Approximate simulators are not judged by the lines of what is allowed" in told
            assert f"wrong only where a state's infidelity or norm error is above {GROSS}." in told
            written = " ".join(text for text, _ in runs.texts(plot.figure))
            assert "lines: not for approximate" in written
            assert "Approximate simulators are not judged" in written
            (alone,) = draw(build(plan), [kind], simulators=[runs.MPS.name]).plots
            assert not [
                line for axes in alone.figure.axes for line in axes.lines if 7.7e-15 in line.get_ydata()
            ]
            (exact,) = draw(build(plan), [kind], simulators=[runs.QISKIT.name]).plots
            assert [line for axes in exact.figure.axes for line in axes.lines if 7.7e-15 in line.get_ydata()]
            assert "pproximate simulators" not in "\n".join(exact.caption)

    def test_without_lines_every_circuit_has_a_column_and_its_points_stay_in_it(self):
        plan = runs.large()
        plan.figures = {"state": {"max_amplitude_error": 1e-16, "norm_error": 0.0, "bound": 1e-15}}
        records = build(plan)
        names = [sim.name for sim in plan.sims][:12]
        for axes in figure(records, "accuracy", simulators=names).axes:
            assert list(axes.get_xticks()) == [0, 1, 2]
            assert [label.get_text() for label in axes.get_xticklabels()] == ["4", "8", "12"]
            parts = [line for line in axes.lines if len(set(line.get_xdata())) == 1 < len(line.get_xdata())]
            assert [line.get_xdata()[0] for line in parts] == [0.5, 1.5]
            columns = Counter(round(x) for x, *_ in runs.points(axes))
            assert columns == {0: 12, 1: 12, 2: 12}
        assert "side by side in a column" in caption(records, "accuracy")

    def test_the_bound_is_said_to_depend_on_the_gates_executed(self):
        assert "number of gates executed" in caption(build(runs.small()), "accuracy")


class TestPhases:
    def test_every_bar_is_one_hundred_per_cent_and_its_sum_is_the_tables(self, failing):
        drawn = figure(failing, "phases", workloads=["state"])
        by_circuit = {}
        for row in rows(failing, "cells", workload="state"):
            if row["phase"] in ("translate", "compile", "execute", "readback") and row["warm_us"] is not None:
                times = by_circuit.setdefault(row["circuit"], {}).setdefault(row["simulator"], [])
                times.append(float(row["warm_us"]))
        panels = [axes for axes in drawn.axes if axes.get_xlim() == (0, 100)]
        assert len(panels) == 6
        for axes, bars in zip(panels, by_circuit.values(), strict=True):
            widths = Counter()
            for patch in axes.patches:
                widths[round(patch.get_y(), 3)] += patch.get_width()
            assert len(widths) == len(bars)
            assert all(abs(width - 100) < 1e-9 for width in widths.values())
            shares = sorted(patch.get_width() for patch in axes.patches)
            told = sorted(100 * part / sum(parts) for parts in bars.values() for part in parts)
            assert shares == pytest.approx(told)

    def test_what_has_no_bar_says_why(self, failing):
        written = Counter(text for text, _ in runs.texts(figure(failing, "phases", workloads=["state"])))
        assert {
            name: written[name] for name in ("timeout", "crash", "error", "unsupported", "not installed")
        } == {
            "timeout": 1,
            "crash": 1,
            "error": 1,
            "unsupported": 1,
            "not installed": 6,
        }

    def test_warm_and_first_calls_are_never_mixed(self):
        plan = runs.small()
        plan.phases = runs.PHASES
        records = build(plan)
        assert "a warm call" in caption(records, "phases")
        ranked = tuple(v for v in records.visits if v.place != "warm" or v.phase in ("execute", "end_to_end"))
        first = type(records)(
            manifest=records.manifest, visits=ranked, outcomes=records.outcomes, events=records.events
        )
        assert "the first call for a circuit in a warm process" in caption(first, "phases")
        written = Counter(text for text, _ in runs.texts(figure(first, "phases")))
        assert written["no such call timed"] == 3  # each process meets ghz_4 first
        told = [
            sum(float(row["first_for_cell_us"]) for row in found if row["first_for_cell_us"] is not None)
            for _, found in itertools.groupby(
                rows(first, "cells", circuit="qft_8"), key=lambda row: row["simulator"]
            )
        ]
        assert len(told) == 3

    def test_the_axis_of_shares_has_a_title_and_its_unit(self, failing):
        drawn = figure(failing, "phases", workloads=["state"])
        panels = [axes for axes in drawn.axes if axes.get_xlim() == (0, 100)]
        titles = [axes.get_xlabel() for axes in panels]
        assert titles == ["", "", *["share of one call (%)"] * 4]  # six circuits, imports, in four columns
        assert {label.get_text() for axes in panels for label in axes.get_xticklabels()} == {"0", "50", "100"}

    def test_swatches_stay_apart_in_grey(self):
        colours = [*phases.FILLS.values(), phases.IMPORT_FILL]
        grey = [
            sum(w * c for w, c in zip((0.299, 0.587, 0.114), matplotlib.colors.to_rgb(colour), strict=True))
            for colour in colours
        ]
        assert min(abs(a - b) for a, b in itertools.combinations(grey, 2)) > 0.12

    def test_imports_are_the_support_tables(self, failing):
        axes = figure(failing, "phases").axes[-1]
        told = [float(row["import_ms"]) for row in rows(failing, "support") if row["import_ms"] is not None]
        assert sorted(patch.get_width() for patch in axes.patches) == pytest.approx(sorted(told))


class TestVerdicts:
    def test_every_cell_is_there_once_with_its_colour_and_its_letter(self, failing):
        drawn = figure(failing, "verdicts")
        cells = take_readings(failing).cells
        patches = [patch for axes in drawn.axes for patch in axes.patches]
        assert len(patches) == len(cells) == 6 * 2 * 8
        symbols = Counter(text.get_text() for axes in drawn.axes for text in axes.texts)
        assert symbols == Counter(FILLS[cell.verdict].symbol for cell in cells)
        colours = Counter(matplotlib.colors.to_hex(patch.get_facecolor()) for patch in patches)
        assert colours == Counter(FILLS[cell.verdict].colour.lower() for cell in cells)

    def test_the_legend_counts_every_verdict_and_flag(self, failing):
        written = [text for text, _ in runs.texts(figure(failing, "verdicts"))]
        for text in ("verdict (96 cells)", "ok (62)", "approximate (12)", "wrong (2)", "not installed (12)"):
            assert text in written
        for text in ("cached (2)", "irreproducible (2)", "contended (4)"):
            assert text in written

    def test_a_mark_is_drawn_for_every_kind_of_flag_that_a_cell_has(self, failing):
        lines = [line for axes in figure(failing, "verdicts").axes for line in axes.get_lines()]
        # Per workload: cached alone, contended alone, one cell with a flag of either kind.
        assert Counter(line.get_marker() for line in lines) == {"^": 4, "o": 4}
        assert len({tuple(line.get_xydata()[0]) for line in lines}) == 4  # of each map: none on another

    def test_the_caption_says_which_cell_has_which_flag(self):
        said = told("verdicts").splitlines()
        for label in ("state", "sample-1024"):
            assert f"flagged cached: qiskit.statevector, {label}, ghz_8" in said
            assert f"flagged contended: aer.statevector, {label}, hea_12" in said
            assert f"flagged contended, irreproducible: aer.statevector, {label}, hea_6" in said

    def test_a_narrow_map_keeps_its_heading(self):
        plan = Plan(sims=(runs.AER, runs.QISKIT), tasks=("state", "sample"), rounds=1, samples=1)
        written = [text for text, _ in runs.texts(figure(build(plan), "verdicts"))]
        assert {"state", "sample-1024"} <= set(written)

    def test_reasons_stand_below_and_all_of_them_in_the_caption(self, failing):
        written = " ".join(text for text, _ in runs.texts(figure(failing, "verdicts")))
        assert "wrong: aer.statevector, 2 cells: amplitudes are off by up to 0.21" in written
        said = told("verdicts")
        for cell in take_readings(failing).cells:
            if cell.verdict is not None and cell.reason:
                assert f": {cell.reason}" in said

    def test_every_verdict_has_its_own_letter_and_colour(self):
        assert set(FILLS) == {*Verdict, None}
        letters = [fill.symbol for fill in FILLS.values()]
        assert len(set(letters)) == len(letters)


def crowded(plot):
    """What is written over something else, or beyond the sheet."""
    written = runs.texts(plot.figure)
    sheet = plot.figure.bbox
    outside = [
        text
        for text, box in written
        if box.x0 < -1 or box.y0 < -1 or box.x1 > sheet.x1 + 1 or box.y1 > sheet.y1 + 1
    ]
    crossing = [
        (a[0], b[0])
        for a, b in itertools.combinations(written, 2)
        if min(a[1].x1, b[1].x1) - max(a[1].x0, b[1].x0) > 1
        and min(a[1].y1, b[1].y1) - max(a[1].y0, b[1].y0) > 2.5
    ]
    return outside, crossing


@pytest.mark.parametrize("name", ["small", "failing", "large", "hostile"])
def test_no_text_overlaps_another_or_leaves_the_sheet(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a glyph that the font lacks is a warning
        for plot in plots_of(name):
            assert crowded(plot) == ([], []), plot.name


def test_the_legend_covers_no_axes():
    for plot in plots_of("large"):
        right = max(axes.get_position().x1 for axes in plot.figure.axes)
        assert all(min(line.get_xdata()) > right for line in plot.figure.lines), plot.name


def test_hostile_names_are_text_and_nothing_else():
    for plot in plots_of("hostile"):
        svg = rendered(plot.figure, "svg")
        tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}
        assert "script" not in tags
        written = [text for text, _ in runs.texts(plot.figure)]
        assert not any("\n" in text or "\u202e" in text or "量" in text for text in written)
        names = [plain(sim.name) for sim in runs.hostile().sims]
        assert any(name in text for name in names for text in written), plot.name


def test_many_circuits_are_spread_over_sheets_and_none_is_lost():
    drawn = draw(build(runs.many()), ["time", "phases", "verdicts"])
    assert not drawn.undrawn
    names = [plot.name for plot in drawn.plots]
    assert len(set(names)) == len(names)
    shown = Counter()
    for plot in drawn.plots:
        kind = plot.name.partition("-state")[0]
        shown[kind] += sum(len(runs.points(axes)) for axes in plot.figure.axes)
        shown[kind, "bars and tiles"] += sum(len(axes.patches) for axes in plot.figure.axes)
        assert max(plot.figure.get_size_inches()) < 18
    assert names.count("verdicts") == 1
    assert {name for name in names if name.startswith("time-execute")} == {
        "time-execute-state",
        "time-execute-state-2",
    }
    assert shown["time-execute"] == shown["time-end_to_end"] == 45 * 2
    assert shown["phases", "bars and tiles"] == 45 * (3 + 4) + 2 * 2  # Aer compiles; imports on each sheet
    assert sum(number for kind, number in shown.items() if kind[0].startswith("verdicts")) == 45 * 2


def test_what_cannot_be_drawn_is_said_and_verdicts_are_drawn_all_the_same():
    drawn = draw(build(runs.none_measured()))
    assert [plot.name for plot in drawn.plots] == ["verdicts"]
    assert sorted(drawn.undrawn) == [
        "accuracy",
        "forest-execute",
        "phases",
        "time-end_to_end",
        "time-execute",
    ]
    assert "4 cells (2 not installed, 2 error)" in drawn.undrawn["phases"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"kind": "pie"}, "there is no plot 'pie'"),
        ({"phase": "sleep"}, "the run has no phase 'sleep'"),
        ({"circuits": ["ghz_99"]}, "the run has no circuit 'ghz_99': it has ghz_4"),
        ({"workloads": "expval"}, "the run has no workload 'expval': it has state"),
    ],
)
def test_a_wrong_choice_is_refused_with_what_there_is(failing, arguments, message):
    with pytest.raises(QbenchError, match=message):
        figure(failing, **arguments)


def test_the_users_settings_are_neither_used_nor_changed(failing):
    with matplotlib.rc_context(
        {"font.size": 31, "text.usetex": True, "axes.grid": True, "svg.fonttype": "none"}
    ):
        before = dict(matplotlib.rcParams)
        svg = rendered(draw(failing, ["verdicts"]).plots[0].figure, "svg")
        assert dict(matplotlib.rcParams) == before
    assert svg == rendered(draw(failing, ["verdicts"]).plots[0].figure, "svg")


class TestColours:
    # Vienot, Brettel, Mollon 1999: what a protanope and a deuteranope see, on linear RGB.
    BLIND = (
        ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
        ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
    )

    @staticmethod
    def linear(colour):
        return [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
            for c in matplotlib.colors.to_rgb(colour)
        ]

    @classmethod
    def lab(cls, rgb):
        matrix = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
        xyz = [sum(m * c for m, c in zip(row, rgb, strict=True)) for row in matrix]
        f = [max(v / w, 1e-6) ** (1 / 3) for v, w in zip(xyz, (0.9505, 1.0, 1.089), strict=True)]
        return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])

    @classmethod
    def distances(cls, colours, matrix):
        seen = [
            cls.lab(
                [max(0.0, sum(m * c for m, c in zip(row, cls.linear(colour), strict=True))) for row in matrix]
            )
            for colour in colours
        ]
        return [
            sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5
            for a, b in itertools.combinations(seen, 2)
        ]

    @pytest.mark.parametrize("matrix", BLIND)
    def test_lines_and_verdicts_stay_apart_for_the_colour_blind(self, matrix):
        assert min(self.distances(COLOURS, matrix)) > 12
        loud = [
            fill.colour for verdict, fill in FILLS.items() if verdict in ("ok", "wrong", "timeout", "crash")
        ]
        assert min(self.distances(loud, matrix)) > 25

    def test_no_two_of_88_simulators_look_alike(self):
        sims = tuple(Sim(name=f"s{number}", execute_ns=1e5) for number in range(88))
        _, series = series_of(take_readings(build(Plan(sims=sims, rounds=1, samples=1))))
        assert len({(one.colour, one.marker) for one in series}) == 88 == len(COLOURS) * len(MARKERS)


class TestSeries:
    def test_doubles_take_no_place_of_the_palette(self):
        doubles = tuple(Sim(name=f"double{n}", execute_ns=1e3, kind="double") for n in range(3))
        ordinary = tuple(Sim(name=f"s{n}", execute_ns=1e5) for n in range(7))
        for sims in (ordinary, (*doubles, *ordinary), (*ordinary[:2], *doubles, *ordinary[2:])):
            _, series = series_of(take_readings(build(Plan(sims=sims, rounds=1, samples=1))))
            assert [(one.colour, one.marker) for one in series[:7]] == list(
                zip(COLOURS[:7], MARKERS[:7], strict=True)
            )
            assert {one.colour for one in series[7:]} <= {"#808080"}

    def test_neighbours_differ_in_shape_and_colour_also_across_classes(self):
        kinds = ("exact", "clifford", "approximate")
        sims = tuple(Sim(name=f"s{n}", execute_ns=1e5, kind=kinds[n % 3]) for n in range(30))
        _, series = series_of(take_readings(build(Plan(sims=sims, rounds=1, samples=1))))
        for one, other in itertools.pairwise(series):
            assert one.colour != other.colour
            assert one.marker != other.marker
            assert {one.marker, other.marker} not in ({"<", ">"}, {"^", "v"}, {"p", "h"}, {"o", "h"})

    def test_simulators_of_one_colour_do_not_all_look_round(self):
        """In grey the shape alone sets them apart: the first two of a colour are not of one kind of shape."""
        alike = ({"o", "h"}, {"o", "p"}, {"h", "p"}, {"^", "v"}, {"<", ">"}, {"s", "D"})
        step = len(COLOURS) % len(MARKERS)
        pairs = [{MARKERS[n], MARKERS[(n + step) % len(MARKERS)]} for n in range(len(COLOURS))]
        assert not [pair for pair in pairs if pair in alike]

    @pytest.mark.parametrize("number", [2, 11])
    def test_equal_values_do_not_cover_each_other(self, number):
        """Neighbours of one class with one value, on a circuit alone and in a family's columns.

        Along lines the axis of qubits comes first: there they may touch, but none has another's place.
        """
        sims = tuple(Sim(name=f"s{n}", execute_ns=1e5, compile_ns=1e7) for n in range(number))
        plan = Plan(
            sims=sims, circuits=(("ghz_4", 4), ("ghz_8", 8), ("qft_8", 8)), rounds=1, samples=1, process_sd=0
        )
        for kind in ("time", "accuracy"):
            drawn = figure(build(plan), kind)
            for axes in drawn.axes:
                inches = axes.get_position().width * drawn.get_size_inches()[0]
                low, high = axes.get_xlim()
                sizes = [line.get_markersize() for line in axes.get_lines() if line.get_marker() in MARKERS]
                places = sorted(x for x, *_ in runs.points(axes))
                steps = [72 * inches * (b - a) / (high - low) for a, b in itertools.pairwise(places)]
                along_lines = kind == "time" and len(axes.get_xticks()) > 1
                assert min(steps) > (0.5 if along_lines else 0.6 * max(sizes)), (kind, axes)


class TestLettering:
    @given(st.text(max_size=60))
    def test_plain_text_has_only_glyphs_of_the_font_and_is_plain_already(self, text):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            once = plain(text)
            measured(once, 8.0)
        assert plain(once) == once
        assert once.isprintable()

    @given(st.text(alphabet="ab_.-$<量 ", max_size=80), st.floats(0.4, 3.0))
    def test_what_is_made_to_fit_fits(self, text, width):
        text = plain(text)
        assert measured(shortened(text, 8.0, width), 8.0) <= width
        lines = broken(text, 8.0, width)
        assert len(lines) <= 3
        assert all(measured(line, 8.0) <= width for line in lines)
        assert all(measured(line, 8.0) <= width for line in folded(text, 8.0, width))

    @given(st.text(alphabet="abc ", max_size=80))
    def test_folding_loses_no_letter(self, text):
        assert "".join(folded(text, 8.0, 1.0)).replace(" ", "") == text.replace(" ", "")


class TestScales:
    @given(st.lists(st.floats(1e-4, 1e9), min_size=1, max_size=20))
    def test_a_time_axis_holds_its_values_and_has_ticks_with_units(self, values):
        scale = time_scale("t", values)
        assert all(scale.low <= value <= scale.high for value in values)
        assert 1 <= len(scale.ticks) <= 10
        for position, text in scale.ticks:
            number, unit = text.split(" ")
            assert scale.low <= position <= scale.high
            assert float(number) * {"ns": 1e-3, "µs": 1, "ms": 1e3, "s": 1e6}[unit] == pytest.approx(position)

    @given(st.lists(st.one_of(st.just(0.0), st.floats(1e-19, 10.0)), min_size=1, max_size=20))
    def test_an_error_axis_puts_zero_below_everything(self, values):
        scale = error_scale("e", values, 1e-20)
        places = [scale.place(value) for value in values]
        assert all(scale.low < place < scale.high for place in places)
        assert all(a < b for a, b in itertools.product(places, repeat=2) if a == scale.zero != b)
        assert (scale.zero is not None) == (0.0 in values)
