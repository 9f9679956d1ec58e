"""Sheets for print: as wide as asked, with letters that can be read, and nothing of what they show lost."""

import io
import struct
import subprocess
import sys
import warnings
from collections import Counter
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

import plotted_runs as runs
from synthetic_runs import build
from test_plots import crowded
from workload_runs import CIRCUITS, LABELS, Workloads, build_workloads

from qbench.errors import QbenchError
from qbench.report.plots import KINDS, draw, figure, inches, rendered

LEAST_LETTERS = 6.0  # points
WIDTHS = ("one-column", "two-column")


@cache
def records(name):
    return build(getattr(runs, name)())


@cache
def workloads():
    labels = (*LABELS[:3], "expval", "gradient", "sweep-16")
    return build_workloads(Workloads(circuits=CIRCUITS[:3], labels=labels, rounds=2))


@cache
def sheets(name, kind, width):
    run = workloads() if name == "workloads" else records(name)
    return draw(run, [kind], width=width).plots


def letters(drawn):
    return {
        text.get_fontsize()
        for text in drawn.findobj(lambda artist: hasattr(artist, "get_text"))
        if text.get_text()
    }


def points(plots):
    """All that is drawn as a point, by height: for print it stands elsewhere on the level axis."""
    return Counter(y for plot in plots for axes in plot.figure.axes for _, y, *_ in runs.points(axes))


class TestWidths:
    @pytest.mark.parametrize(
        ("text", "wanted"),
        [("one-column", 3.4), ("two-column", 7), ("86mm", 86 / 25.4), ("17.8 cm", 17.8 / 2.54), (" 5in", 5)],
    )
    def test_names_and_units(self, text, wanted):
        assert inches(text) == pytest.approx(wanted)

    def test_a_point_is_that_of_tex(self):
        assert inches("722.7pt") == pytest.approx(10)

    @pytest.mark.parametrize(
        "text", ["", "3", "wide", "-4in", "4 inch", "nanin", "1e3mm", "4in 2cm", "\u0664in"]
    )
    def test_what_is_no_width_is_refused_with_what_is(self, text):
        with pytest.raises(QbenchError, match=r"one-column \(3.4 in\), two-column \(7 in\) or a number with"):
            inches(text)

    @pytest.mark.parametrize("width", [0.0, 3.1, 25.0, float("nan"), float("inf"), "1mm", "900in"])
    def test_what_no_sheet_can_be_is_refused(self, width):
        with pytest.raises(QbenchError, match=r"between 3.2 and 24 in are possible"):
            inches(width)

    @given(st.floats(3.2, 24.0))
    def test_units_agree(self, width):
        for unit, each in (("in", 1.0), ("cm", 2.54), ("mm", 25.4), ("pt", 72.27)):
            if 3.2001 < width < 23.999:
                assert inches(f"{width * each:.6f}{unit}") == pytest.approx(width, rel=1e-4)


# Of each kind a run that has it; the larger ones are slow.
CASES = [
    *(("small", kind) for kind in ("time", "heatmap", "profile", "phases", "verdicts")),
    ("failing", "forest"),
    ("workloads", "sampling"),
]
SLOW = [
    *(("small", kind) for kind in ("accuracy", "pareto", "distribution")),
    *(("failing", kind) for kind in ("verdicts", "phases")),
    ("threaded", "threads"),
    *(("workloads", kind) for kind in ("gradients", "sweeps")),
    *(
        ("hostile", kind)
        for kind in ("time", "forest", "heatmap", "profile", "verdicts", "phases", "distribution")
    ),
    *(("wide", kind) for kind in ("time", "forest", "heatmap", "profile", "costs", "accuracy", "pareto")),
    *(("failing", kind) for kind in ("time", "heatmap", "profile", "pareto", "accuracy", "distribution")),
    *(("large", kind) for kind in ("time", "phases", "accuracy", "verdicts")),
]


def test_every_kind_is_tried():
    assert {kind for _, kind in (*CASES, *SLOW)} == set(KINDS)


def check(name, kind, width):
    plots = sheets(name, kind, width)
    assert plots
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for plot in plots:
            assert plot.figure.get_size_inches()[0] == pytest.approx(inches(width))
            assert min(letters(plot.figure)) >= LEAST_LETTERS, plot.name
            assert crowded(plot) == ([], []), plot.name
            assert plot.title not in [text for text, _ in runs.texts(plot.figure)]


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_a_column_holds_all_of_it_and_nothing_overlaps(name, kind):
    check(name, kind, "one-column")


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("name", "kind"), [*CASES, *SLOW])
def test_every_kind_at_both_widths(name, kind, width):
    check(name, kind, width)


@pytest.mark.parametrize(
    ("name", "kind"), [("small", "time"), ("small", "accuracy"), ("workloads", "gradients")]
)
def test_no_point_is_lost_and_none_moves_up_or_down(name, kind):
    assert points(sheets(name, kind, "one-column")) == points(sheets(name, kind, None))


def test_a_narrow_chart_has_six_simulators_at_most_and_all_sheets_together_everybody():
    names = {sim.name for sim in runs.wide().sims if sim.installed}
    plots = draw(records("wide"), ["time"], phases=["execute"], circuits="ghz", width="one-column").plots
    shown = [{text for text, _ in runs.texts(plot.figure)} & names for plot in plots]
    assert max(map(len, shown)) == 6
    assert set.union(*shown) == names


def test_maps_have_as_many_columns_as_have_room_and_nobody_is_left_out():
    plots = draw(records("wide"), ["verdicts"], width="one-column").plots
    columns = [[label.get_text() for label in plot.figure.axes[0].get_xticklabels()] for plot in plots]
    assert max(map(len, columns)) <= 6
    everybody = {sim.name for sim in runs.wide().sims}
    assert len([name for mine in columns for name in mine]) == len(everybody)
    cells = len(records("wide").manifest["cells"])
    assert sum(len(axes.patches) for plot in plots for axes in plot.figure.axes) == cells


def test_too_many_that_are_named_are_refused_with_how_many_have_room():
    with pytest.raises(
        QbenchError, match="has no room for 30 simulators side by side: name at most 6 of them"
    ):
        figure(records("wide"), "verdicts", width="one-column")


def test_the_words_are_the_captions():
    for kind in ("time", "heatmap", "profile"):
        (plain,) = draw(records("small"), [kind], phases=["execute"]).plots
        (narrow,) = draw(records("small"), [kind], phases=["execute"], width=3.4).plots
        assert (narrow.title, narrow.caption) == (plain.title, plain.caption)


def test_the_files_have_the_width_and_a_printers_resolution(tmp_path):
    folder = runs.store(runs.small(), tmp_path / "run")
    program = [sys.executable, "-m", "qbench", "plot", str(folder), "--kind", "forest"]
    done = subprocess.run([*program, "--width", "one-column"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    into = folder / "plots-3.4in"
    assert sorted(path.name for path in into.iterdir()) == [
        "captions.txt",
        "forest-execute.png",
        "forest-execute.svg",
    ]
    assert ElementTree.parse(into / "forest-execute.svg").getroot().get("width") == "244.8pt"
    head = io.BytesIO((into / "forest-execute.png").read_bytes()[16:20])
    assert struct.unpack(">I", head.read())[0] == 1020
    assert "95 % interval" in (into / "captions.txt").read_text()
    refused = subprocess.run([*program, "--width", "3"], capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "a sheet cannot be '3' wide" in refused.stderr


def test_the_same_records_give_the_same_bytes():
    drawn = [figure(records("small"), "time", width=7) for _ in range(2)]
    assert rendered(drawn[0], "svg") == rendered(drawn[1], "svg")
