"""Large runs: twelve simulators on a sheet, those that lead first, none lost; and parts that are chosen."""

import sys
import warnings
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

import plotted_runs as runs
from synthetic_runs import Plan, Sim, build
from test_plots import crowded, rows

from qbench.analysis.readings import take_readings
from qbench.errors import QbenchError
from qbench.report.plots import KINDS, draw, figure, rendered
from qbench.report.plots.choosing import chosen
from qbench.report.plots.leaders import Leaders
from qbench.report.plots.plot import View
from qbench.report.plots.styles import MARKERS, series_of

ASKED = ("forest", "heatmap", "profile", "pareto", "distribution", "costs")


@cache
def wide():
    return build(runs.wide())


@cache
def times():
    return draw(wide(), ["time"], phases=["execute"]).plots


def shown(plot):
    """The simulators that a figure's legend names."""
    names = set(wide().manifest["simulators"])
    return {text for text, _ in runs.texts(plot.figure)} & names


class TestSheets:
    @pytest.mark.parametrize(
        "kind",
        [
            "time",
            "accuracy",
            *(
                pytest.param(kind, marks=pytest.mark.slow)
                for kind in ("phases", "profile", "pareto", "costs")
            ),
        ],
    )
    def test_no_sheet_has_more_than_twelve_and_all_together_have_everybody(self, kind):
        plots = [plot for plot in draw(wide(), [kind]).plots if "end_to_end" not in plot.name]
        assert len(plots) > 2
        found = set()
        for plot in plots:
            if kind != "profile":  # its legends have figures before the names
                assert len(shown(plot)) <= 12, plot.name
                found |= shown(plot)
        if kind != "profile":
            assert found == {sim.name for sim in runs.wide().sims if sim.installed}

    def test_the_first_sheet_has_of_each_package_and_class_the_one_with_the_largest_area(self):
        best = {}
        for row in rows(wide(), "totals", phase="execute"):
            group = (row["simulator"].partition(".")[0], row["kind"], row["precision"])
            if row["area"] is not None and (group not in best or row["area"] > best[group]["area"]):
                best[group] = row
        plots = times()
        assert shown(plots[0]) == {row["simulator"] for row in best.values()}
        said = " ".join(plots[0].caption)
        assert f"Shown: {len(best)} of 29 simulators that answered" in said
        assert "1 more simulator gave no answer" in said

    def test_the_baseline_stands_on_every_sheet(self):
        for plot in times():
            assert runs.QISKIT.name in shown(plot), plot.name

    def test_the_baseline_is_on_the_first_sheet_also_where_it_leads_nothing(self):
        plan = runs.wide()
        plan.baseline = "qutip.m3"
        run = take_readings(build(plan))
        groups = Leaders(run=run).groups(View.whole(run), "execute", 12)
        assert all(("qutip.m3", 1, "native") in group.series for group in groups)
        assert all(len(group.series) <= 12 for group in groups)
        assert len(set.union(*(set(group.series) for group in groups))) == 29

    def test_unasked_only_the_first_sheets_are_drawn(self):
        unasked = {plot.name for plot in draw(wide(), circuits="ghz").plots}
        asked = {plot.name for plot in times()}
        assert {name for name in unasked if name.startswith("time-execute")} == {"time-execute-state"}
        assert len([name for name in asked if name.startswith("time-execute")]) == 3
        assert {"forest-execute", "phases-state", "accuracy-state", "verdicts"} <= unasked

    def test_those_on_the_first_sheet_get_the_first_colours_and_keep_them(self):
        plots = draw(wide(), ["time", "accuracy"], phases=["execute"]).plots
        looks = {}
        for plot in plots:
            for axes in plot.figure.axes:
                for _, _, colour, _ in runs.points(axes):
                    looks.setdefault(plot.name, set()).add(colour)
        first = looks["time-execute-state"]
        assert len(first) == min(7, len(shown(plots[0])))
        assert looks["accuracy-state"] == first

    def test_on_a_first_sheet_colour_says_the_package_and_no_two_look_alike_on_any(self):
        run = take_readings(wide())
        view = View.whole(run)
        _, series = series_of(run, Leaders(run=run).palette(view))
        looks = {one.label: (one.colour, one.marker) for one in series}
        assert len(set(looks.values())) == 30
        plots = times()
        first = {name: looks[name] for name in shown(plots[0])}
        by_package = {}
        for name, (colour, _) in first.items():
            by_package.setdefault(name.partition(".")[0], set()).add(colour)
        assert all(len(colours) == 1 for colours in by_package.values())
        assert len(set.union(*by_package.values())) == len(by_package) == 7
        assert len({marker for _, marker in first.values()}) == 11  # of twelve: there are no more

    def test_eight_packages_that_lead_have_eight_colours(self):
        packages = ("qiskit", "aer", "qulacs", "lightning", "default", "ddsim", "qutip", "stim")
        sims = tuple(
            Sim(name=f"{package}.{method}", execute_ns=1e4 * (1 + place))
            for place, package in enumerate(packages)
            for method in ("a", "b")
        )
        plot = draw(build(Plan(sims=sims, rounds=1, samples=1)), ["time"], phases=["execute"]).plots[0]
        points = [one for axes in plot.figure.axes for one in runs.points(axes)]
        assert len({colour for _, _, colour, _ in points}) == 8
        nine = (*sims, Sim(name="more.a", execute_ns=1e6), Sim(name="more.b", execute_ns=2e6))
        plot = draw(build(Plan(sims=nine, rounds=1, samples=1)), ["time"], phases=["execute"]).plots[0]
        lines = [
            line for axes in plot.figure.axes for line in axes.get_lines() if line.get_marker() in MARKERS
        ]
        looks = {(line.get_color(), line.get_marker()) for line in lines}
        assert len({colour for colour, _ in looks}) == 8
        assert len(looks) == 9

    def test_from_python_the_first_sheet_is_drawn_and_what_is_named_however_many(self):
        names = {sim.name for sim in runs.wide().sims if sim.installed}
        few = {text for text, _ in runs.texts(figure(wide(), "time"))} & names
        every = {text for text, _ in runs.texts(figure(wide(), "time", simulators="*"))} & names
        assert len(few) <= 12
        assert every == names

    def test_a_small_run_has_the_styles_of_the_plan_and_one_sheet(self):
        records = build(runs.small())
        names = [plot.name for plot in draw(records, ["time"]).plots]
        assert names == ["time-execute", "time-end_to_end"]
        _, series = series_of(take_readings(records))
        drawn = {colour for axes in figure(records, "time").axes for _, _, colour, _ in runs.points(axes)}
        assert drawn == {one.colour for one in series}


class TestChoosing:
    def test_simulators_by_name_package_and_pattern(self):
        names = {sim.name for sim in runs.wide().sims if sim.installed}
        cases = {
            "aer": {name for name in names if name.startswith("aer.")},
            "*.c64": {name for name in names if name.endswith(".c64")},
            "qiskit.statevector,aer.m0": {"qiskit.statevector", "aer.m0"},
        }
        for wanted, found in cases.items():
            plot = figure(wide(), "accuracy", simulators=wanted)
            assert {text for text, _ in runs.texts(plot)} & names == found

    @pytest.mark.parametrize(
        "kind", [kind for kind in KINDS if kind not in ("threads", "gradients", "sweeps", "sampling")]
    )
    def test_every_kind_takes_all_three_filters(self, kind):
        part = {"circuits": "ghz", "workloads": "state", "simulators": "qiskit,aer"}
        drawn = draw(wide(), [kind], **part)
        assert drawn.plots, drawn.undrawn
        for plot in drawn.plots:
            written = " ".join(text for text, _ in runs.texts(plot.figure))
            assert "qft" not in written
            assert "qulacs" not in written

    def test_choosing_changes_no_verdict(self):
        (all_of_them,) = draw(wide(), ["forest"], circuits=["ghz_4", "qft_8"]).plots
        (some,) = draw(wide(), ["forest"], circuits=["ghz_4", "qft_8"], simulators=["aer.m1"]).plots
        lines = [line for line in some.caption if ": aer.m1, " in line and "geometric" not in line]
        assert lines
        assert set(lines) <= set(all_of_them.caption)

    @pytest.mark.parametrize(
        ("wanted", "message"),
        [
            (
                {"simulators": ["aer.m11"]},
                "the run has no simulator 'aer.m11': it has .* and 10 more .did you mean aer",
            ),
            ({"circuits": "qtf_4"}, "the run has no circuit 'qtf_4': it has .*did you mean qft_4"),
            ({"workloads": ["sample"]}, "the run has no workload 'sample': it has state"),
            ({"circuits": ""}, "the run has no circuit ''"),
        ],
    )
    def test_a_name_that_there_is_not_is_refused_with_the_near_ones(self, wanted, message):
        with pytest.raises(QbenchError, match=message):
            draw(wide(), ["time"], **wanted)

    def test_an_exact_name_wins_over_a_pattern_and_a_comma(self):
        names = {"a": "ghz[4]", "b": "ghz4", "c": "x,y", "d": "x"}
        assert chosen(names, "ghz[4]", "circuit", {}) == ("a",)
        assert chosen(names, "x,y", "circuit", {}) == ("c",)
        assert chosen(names, "x, ghz4", "circuit", {}) == ("b", "d")

    @given(
        st.dictionaries(st.text("ab", min_size=1, max_size=3), st.text("xyz,*[]?", min_size=1, max_size=4)),
        st.data(),
    )
    def test_every_name_chooses_its_own_ids_in_the_order_of_the_plan(self, names, data):
        wanted = data.draw(
            st.lists(st.sampled_from(sorted(names.values())), max_size=4) if names else st.just([])
        )
        found = chosen(names, wanted, "circuit", {})
        assert found == tuple(one for one, name in names.items() if name in wanted)

    def test_a_phase_that_there_is_not_is_refused(self):
        with pytest.raises(QbenchError, match="the run has no phase 'sleep'"):
            draw(wide(), ["forest"], phases=["sleep"])

    def test_a_phase_that_is_not_compared_has_no_ratios(self):
        drawn = draw(wide(), ["forest", "profile"], phases=["translate"])
        assert not drawn.plots
        assert "execute and end_to_end are compared" in drawn.undrawn["forest-translate"]


def test_no_double_leads_and_doubles_alone_are_drawn():
    doubles = tuple(Sim(name=f"d.{n}", execute_ns=1e4 * (n + 1), kind="double") for n in range(14))
    records = build(Plan(sims=doubles, rounds=2, samples=2))
    plots = draw(records, ["time"], phases=["execute"]).plots
    assert len(plots) == 2


@cache
def asked(name):
    """The kinds that nothing draws unasked."""
    return draw(build(getattr(runs, name)()), ("threads",) if name == "threaded" else ASKED).plots


@pytest.mark.parametrize(
    "name",
    [
        "small",
        "hostile",
        "threaded",
        *(pytest.param(name, marks=pytest.mark.slow) for name in ("failing", "wide")),
    ],
)
def test_no_text_of_any_kind_overlaps_another_or_leaves_the_sheet(name):
    assert asked(name)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a glyph that the font lacks is a warning
        for plot in asked(name):
            assert crowded(plot) == ([], []), plot.name


def test_hostile_names_are_text_in_every_kind():
    plots = asked("hostile")
    assert {plot.name.partition("-")[0] for plot in plots} == {*ASKED}
    for plot in plots:
        svg = rendered(plot.figure, "svg")
        assert "script" not in {tag.tag.rpartition("}")[2] for tag in ElementTree.fromstring(svg).iter()}
        written = [*(text for text, _ in runs.texts(plot.figure)), *plot.caption]
        assert not any("\n" in text or "\u202e" in text or "量" in text for text in written)
