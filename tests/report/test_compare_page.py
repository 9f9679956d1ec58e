"""The page of ``qbench compare``: it fits, it says what the tables say, and names stay text."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qbench
from qbench.analysis.comparing import compare_run
from qbench.analysis.figures import number_text
from qbench.analysis.readings import take_readings
from qbench.report.columns import text_width
from qbench.report.compare_page import SHOWN, compare_text

sys.path.insert(0, str(Path(__file__).parents[1] / "analysis"))

from synthetic_runs import Plan, Sim, build

GOLDEN = Path(__file__).parent / "golden"
PUBLISHED = Path(__file__).parents[2] / "results"

FLAT = Sim(name="flat.statevector", execute_ns=2_000_000, per_qubit=1.0)
STEEP = Sim(name="steep.statevector", execute_ns=50_000, per_qubit=1.5)
TWIN = replace(FLAT, name="twin.statevector")
SLOW = Sim(name="slow.statevector", execute_ns=9_000_000)
SINGLE = Sim(name="first.c64", execute_ns=60_000, precision="complex64")
SINGLE_TOO = Sim(name="second.c64", execute_ns=90_000, precision="complex64")
ALONE = Sim(name="alone.tableau", execute_ns=20_000, kind="clifford")
CIRCUITS = tuple(
    (f"{family}_{n}", n)
    for family in ("ghz", "qft", "hea", "vqe_tfim", "a_family_with_a_long_name")
    for n in (4, 8, 12)
)


def crossing():
    return Plan(
        sims=(FLAT, STEEP, TWIN, SLOW, SINGLE, SINGLE_TOO, ALONE),
        circuits=CIRCUITS,
        tasks=("state", "sample"),
        phases=("execute", "end_to_end"),
        rounds=8,
        baseline=FLAT.name,
        process_sd=0.03,
        samples=3,
        verdicts={
            ("qft_12", STEEP.name): ("timeout", "no answer within 2 s"),
            ("*", SLOW.name): ("ok", None),
        },
    )


def many():
    sims = tuple(
        Sim(name=f"package{i}.a_configuration_{i}", execute_ns=1e5 * 1.3**i, per_qubit=1 + i / 50)
        for i in range(20)
    )
    base = "package9.a_configuration_9"
    return Plan(sims=sims, circuits=CIRCUITS, phases=("execute",), rounds=5, baseline=base, samples=3)


def few():
    return Plan(sims=(FLAT, STEEP), circuits=(("ghz_4", 4),), phases=("execute",), rounds=3)


def page(plan, *, full=False, width=100, **chosen):
    return compare_text(compare_run(take_readings(build(plan)), **chosen), full=full, width=width)


PAGES = {
    "compare": lambda: page(crossing()),
    "compare_full": lambda: page(crossing(), full=True, workloads=["state"]),
    "compare_many": lambda: page(many()),
    "compare_one": lambda: page(crossing(), workloads=["sample"], simulators=[STEEP.name]),
    "compare_few": lambda: page(few()),
}


@pytest.mark.parametrize("name", PAGES)
def test_bytes(name):
    """To write the files anew after a wanted change: python tests/report/write_golden_compare.py"""
    assert f"{PAGES[name]()}\n".encode() == (GOLDEN / f"{name}.txt").read_bytes()


@pytest.mark.parametrize("width", [60, 80, 100, 160])
@pytest.mark.parametrize("plan", [crossing, many, few], ids=lambda plan: plan.__name__)
@pytest.mark.parametrize("full", [False, True])
def test_no_line_is_wider_than_asked(plan, width, full):
    text = page(plan(), full=full, width=width)
    assert max(map(text_width, text.splitlines())) <= width
    assert all(line == line.rstrip() for line in text.splitlines())


def test_it_shows_the_figures_of_totals():
    found = compare_run(take_readings(build(crossing())), workloads=["state", "sample"])
    lines = compare_text(found).splitlines()
    for one in found.classes:
        for name, row in one.totals.items():
            if row.get("low") is not None:
                ends = f"{number_text(row['low'])}-{number_text(row['high'])}"
                solved = f"{row['solved']}/{row['asked']}"
                assert any(
                    line.split()[:4] == [name, solved, number_text(row["ratio"]), ends] for line in lines
                )


def test_lines_stand_in_the_order_of_the_ratio():
    found = compare_run(take_readings(build(many())))
    lines = compare_text(found, full=True).splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("simulator "))
    ratios = [float(line.split()[2]) for line in lines[start + 1 : start + 21]]
    assert ratios == sorted(ratios)
    assert len(ratios) == 20


def test_of_many_the_fastest_and_the_baseline_are_shown_and_the_others_counted():
    text = page(many())
    first = text.partition("\n\n")[2].partition("\n\n")[0]
    names = [line.split()[0] for line in first.splitlines() if line.startswith("package")]
    assert names == [f"package{i}.a_configuration_{i}" for i in range(SHOWN)]  # the baseline is one of these
    assert "and 8 more, with ratios from " in first
    assert "(--full)" in first
    assert "more, with ratios" not in page(many(), full=True)


def test_who_wins_where_and_where_it_changes():
    flat = " ".join(page(crossing(), workloads=["state"]).split())
    assert "ghz 4 and 8: steep.statevector; 12: " in flat
    assert "qft 4 and 8: steep.statevector; 12: " in flat
    assert "The clear winner changes:" in flat or "Against flat.statevector:" in flat
    assert "first faster, then slower: ghz between 8 and 12 (equal at 9." in flat
    assert "slower at every size: all 5 families" in flat
    assert "Alone in its class, so compared with nobody: alone.tableau" in flat


def test_of_many_classes_the_first_of_each_workload_is_shown_in_short():
    text = page(crossing())
    flat = " ".join(text.split())
    assert "state: exact, complex128, 1 thread, native gates, relative to flat.statevector" in text
    assert "second.c64" not in text
    other = "Not shown in this short form: state: exact, complex64, 1 thread, native gates (2 simulators)"
    assert other in flat
    assert "This is the short form: --workload NAME shows all of a workload, --full everything" in flat
    assert "4 qubits (5) steep.statevector 8 qubits (5) steep.statevector" in flat
    assert "second.c64" in page(crossing(), full=True)


def test_a_class_without_the_baseline_says_who_takes_its_place():
    text = page(crossing(), workloads=["state"])
    assert "state: exact, complex64, 1 thread, native gates, relative to first.c64" in text
    assert "Where flat.statevector is not ranked, the first ranked simulator of the plan is the baseline" in (
        " ".join(text.split())
    )


def test_an_unfinished_run_says_so_first():
    plan = replace(crossing(), unfinished=frozenset({"qft_12"}))
    assert page(plan).startswith("UNFINISHED")


def test_a_published_run_reads(tmp_path):
    loaded = qbench.load(PUBLISHED / "core-v2-2core-vm")
    text = compare_text(compare_run(take_readings(loaded.records), workloads=["state"]))
    assert max(map(text_width, text.splitlines())) <= 100
    assert "Controls: ratios to within" in text


@settings(max_examples=12, deadline=None)
@given(st.text(min_size=1, max_size=40), st.integers(min_value=60, max_value=120), st.booleans())
def test_any_name_fits_and_stays_text(name, width, full):
    plan = Plan(
        sims=(Sim(name=name, execute_ns=1e5), Sim(name=f"{name}.other", execute_ns=3e5)),
        circuits=((f"{name}_3", 3), (f"{name}_5", 5), (f"{name}_7", 7), ("b_3", 3)),
        rounds=2,
        samples=2,
        phases=("execute",),
    )
    text = page(plan, width=width, full=full)
    assert max(map(text_width, text.split("\n"))) <= width
    assert all(c.isprintable() or c == "\n" for c in text)
