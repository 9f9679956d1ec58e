"""Plots as files: the same bytes in every process, and the command that writes them."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import plotted_runs as runs
from synthetic_runs import build

from qbench.report.plots import draw, rendered
from qbench.report.plots.sheet import drawing

NUMBER = re.compile(r"-?[0-9.]+")


def qbench(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "qbench", "plot", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "COLUMNS": "200", **environment},
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return runs.store(runs.small(), tmp_path_factory.mktemp("runs") / "run")


def test_all_files_are_written_named_and_the_same_whatever_the_process(run, tmp_path):
    settings = tmp_path / "matplotlibrc"
    settings.write_text(
        "font.size: 25\naxes.grid: True\nsvg.fonttype: none\nsavefig.dpi: 33\nlines.linewidth: 9\n"
    )
    usual = qbench(run, PYTHONHASHSEED="1")
    other = qbench(
        run,
        "-o",
        tmp_path / "deep" / "er",
        PYTHONHASHSEED="2",
        MATPLOTLIBRC=str(settings),
        LC_ALL="de_DE.UTF-8",
    )
    assert (usual.returncode, usual.stderr, other.returncode) == (0, "", 0), usual.stderr + other.stderr
    names = [Path(line).name for line in usual.stdout.splitlines()]
    kinds = ["time-execute", "time-end_to_end", "forest-execute", "phases", "accuracy", "verdicts"]
    assert names == [f"{kind}.{form}" for kind in kinds for form in ("svg", "png")] + ["captions.txt"]
    for line in usual.stdout.splitlines():
        path = Path(line)
        assert path.parent == run / "plots"
        assert path.read_bytes() == (tmp_path / "deep" / "er" / path.name).read_bytes(), path.name


@pytest.mark.slow
def test_every_other_kind_is_the_same_in_two_processes_and_so_is_its_caption(tmp_path):
    folder = runs.store(runs.threaded(), tmp_path / "run")
    kinds = ("forest", "heatmap", "profile", "pareto", "distribution", "threads")
    kinds = [part for kind in kinds for part in ("--kind", kind)]
    first = qbench(folder, *kinds, "-o", tmp_path / "a", PYTHONHASHSEED="1")
    other = qbench(folder, *kinds, "-o", tmp_path / "b", PYTHONHASHSEED="2", LC_ALL="de_DE.UTF-8")
    assert (first.returncode, first.stderr, other.returncode) == (0, "", 0), first.stderr + other.stderr
    written = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert len(written) == 2 * 6 + 1
    for name in written:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


@pytest.mark.slow
def test_cost_models_are_the_same_in_two_processes(tmp_path):
    plan = runs.small()
    plan.circuits = tuple((f"{family}_{size}", size) for family in ("ghz", "qft", "qv") for size in (4, 6))
    folder = runs.store(plan, tmp_path / "run")
    for name, seed in (("a", "1"), ("b", "2")):
        assert qbench(folder, "--kind", "costs", "-o", tmp_path / name, PYTHONHASHSEED=seed).returncode == 0
    for name in ("costs-execute.svg", "costs-execute.png", "captions.txt"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_a_part_is_chosen_on_the_command_line(run, tmp_path):
    done = qbench(
        run,
        "--kind",
        "time",
        "--phase",
        "execute",
        "--circuit",
        "ghz,qv",
        "--simulator",
        "*.c64",
        "-o",
        tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "captions.txt",
        "time-execute.png",
        "time-execute.svg",
    ]
    refused = qbench(run, "--simulator", "aer.statevectr")
    assert refused.returncode == 2
    assert "did you mean aer.statevector" in refused.stderr


def test_files_hold_neither_date_nor_version(run, tmp_path):
    import matplotlib

    done = qbench(run, "--kind", "verdicts", "-o", tmp_path)
    assert done.returncode == 0
    for path in tmp_path.iterdir():
        content = path.read_bytes()
        assert matplotlib.__version__.encode() not in content
        assert b"<dc:date>" not in content
        assert b"tEXt" not in content


def test_an_svg_is_written_short_and_its_words_as_they_are():
    drawn = draw(build(runs.small()), ["time"]).plots[0].figure
    drawn.text(0.1, 0.5, 'no place: x="0.123456" translate(1.23456)')
    drawn.canvas.draw()
    plain = io.BytesIO()
    with drawing():
        drawn.savefig(plain, format="svg", metadata={"Date": None, "Creator": None})
    short = rendered(drawn, "svg")
    assert len(short) < 0.9 * len(plain.getvalue())
    assert b'no place: x="0.123456" translate(1.23456)' in short
    pictures = [list(ElementTree.fromstring(svg).iter()) for svg in (plain.getvalue(), short)]
    places = [
        [
            float(number)
            for tag in tags
            for key in ("x", "y", "d")
            for number in NUMBER.findall(tag.get(key, ""))
        ]
        for tags in pictures
    ]
    assert len(places[0]) > 1000
    assert places[1] == pytest.approx(places[0], abs=0.0051)
    styles = [
        [tag.attrib.get("style") for tag in tags if tag.tag.endswith(("path", "use"))] for tags in pictures
    ]
    assert styles[0] == styles[1]


def test_a_pdf_is_the_same_in_two_processes_with_its_letters_as_outlines_of_a_font(run, tmp_path):
    for name, seed in (("a", "1"), ("b", "2")):
        arguments = ("--kind", "time", "--phase", "execute", "--format", "pdf", "-o", tmp_path / name)
        assert qbench(run, *arguments, PYTHONHASHSEED=seed).returncode == 0
    first, other = ((tmp_path / name / "time-execute.pdf").read_bytes() for name in ("a", "b"))
    assert first == other
    assert first.startswith(b"%PDF-1.")
    assert b"/CreationDate" not in first
    assert b"/Type3" not in first  # Type 3 fonts are refused by many journals
    assert b"/CIDFontType2" in first or b"/TrueType" in first


def test_kinds_and_formats_can_be_chosen(run, tmp_path):
    done = qbench(run, "--kind", "verdicts", "--kind", "accuracy", "--format", "png", "-o", tmp_path)
    assert done.returncode == 0
    written = sorted(path.name for path in tmp_path.iterdir())
    assert written == ["accuracy.png", "captions.txt", "verdicts.png"]


def test_a_run_without_times_still_has_its_verdicts(tmp_path):
    folder = runs.store(runs.none_measured(), tmp_path / "run")
    done = qbench(folder, "--format", "svg")
    assert done.returncode == 0
    assert [Path(line).name for line in done.stdout.splitlines()] == ["verdicts.svg", "captions.txt"]
    assert "time-execute: no warm execute time to draw: Not drawn: 4 cells" in done.stderr
    refused = qbench(folder, "--kind", "time")
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert "there is nothing to draw in this run" in refused.stderr


def test_an_unfinished_run_says_so(tmp_path):
    plan = runs.small()
    plan.unfinished = frozenset({"qft_8"})
    folder = runs.store(plan, tmp_path / "run")
    assert qbench(folder, "--format", "svg").returncode == 0
    assert "Not drawn: 3 cells (3 not run yet)" in (folder / "plots" / "captions.txt").read_text()


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        ("no such results folder", ["TMP/nowhere"]),
        ("it has no manifest.json", ["TMP"]),
        ("cannot write the plots there", ["RUN", "--kind", "verdicts", "-o", "TMP/file"]),
        ("'gif' is none of svg, png, pdf", ["RUN", "--format", "svg,gif"]),
        ("'pie' is not one of", ["RUN", "--kind", "pie"]),
    ],
)
def test_a_bad_request_ends_with_2_and_one_message(message, arguments, run, tmp_path):
    (tmp_path / "file").write_text("")
    done = qbench(*[text.replace("RUN", str(run)).replace("TMP", str(tmp_path)) for text in arguments])
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_help_does_not_load_matplotlib():
    program = (
        "import sys; sys.argv = ['qbench', 'plot', '--help']\n"
        "from qbench.cli.main import main\n"
        "try:\n    main()\n"
        "finally:\n    print('matplotlib' in sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (0, "False")
    assert "captions.txt" in done.stdout
