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


def state_alone():
    return replace(crossing(), tasks=("state",), phases=("execute",))


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
    flat = " ".join(page(state_alone()).split())
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
    text = page(state_alone())
    assert "state: exact, complex64, 1 thread, native gates, relative to first.c64" in text
    told = "Where flat.statevector was not timed on enough circuits, who was timed on most is the baseline."
    assert told in " ".join(text.split())


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


# ---- means over different circuits


def block_of(text, start):
    """The lines of the first block that has a line with this start, from that line on."""
    lines = text.splitlines()
    first = next(place for place, line in enumerate(lines) if line.startswith(start))
    block = []
    for line in lines[first:]:
        if not line:
            break
        block.append(line)
    return block


def test_who_was_timed_on_fewer_circuits_stands_apart():
    """steep.statevector lost one of fifteen: its mean stood first, beside means over all of them."""
    (heading, *lines) = block_of(page(state_alone()), "simulator")
    told = "on fewer of the baseline's 15 circuits, so in no order with those above:"
    names = [line.split()[0] for line in lines]
    assert set(names[:2]) == {FLAT.name, TWIN.name}
    assert names[2:] == [SLOW.name, "on", STEEP.name]
    assert lines[3] == told
    assert "on" not in heading.split()  # each ratio is over as many as were solved


def test_how_many_circuits_a_ratio_is_over_is_shown_where_more_were_solved():
    lost = {("qft_12", FLAT.name): ("timeout", "no answer within 2 s")}
    text = page(replace(state_alone(), verdicts=lost))
    assert "relative to flat.statevector, which was timed on 14 of 15 circuits" in " ".join(text.split())
    heading, *lines = block_of(text, "simulator")
    assert heading.split()[:4] == ["simulator", "solved", "on", "ratio"]
    assert {line.split()[0]: line.split()[1:3] for line in lines[:4]} == {
        FLAT.name: ["14/15", "1"],  # its ratio
        STEEP.name: ["15/15", "14"],
        TWIN.name: ["15/15", "14"],
        SLOW.name: ["15/15", "14"],
    }
    assert lines[4].startswith("on: over how many of the solved circuits")


def test_a_family_of_which_a_simulator_lost_a_circuit_says_so():
    block = block_of(page(state_alone()), "ratio by family")
    assert block[0].split() == ["ratio", "by", "family", "|", *["(3)"] * 5]
    steep = next(line for line in block if line.startswith(STEEP.name))
    first, mark, second, *others = steep.split("|")[1].split()
    assert mark == "(2)"
    assert float(second) < 0.3 < 0.6 < min(map(float, (first, *others)))
    flat = " ".join(" ".join(block).split())
    assert "(2): over 2 of the circuits only, another mean than the others" in flat


def test_of_many_those_on_fewer_are_shown_where_they_are_ahead_of_the_first():
    """The fastest of twenty lost a circuit and is not forgotten; the slowest lost one and is counted."""
    lost = ("timeout", "no answer within 2 s")
    fast, slow = ("package0.a_configuration_0", "package19.a_configuration_19")
    text = page(replace(many(), verdicts={("qft_12", fast): lost, ("qft_12", slow): lost}))
    lines = block_of(text, "simulator")
    names = [line.split()[0] for line in lines if line.startswith("package")]
    assert names == [*(f"package{i}.a_configuration_{i}" for i in range(1, SHOWN + 1)), fast]
    assert "and 7 more, 1 of them on fewer circuits, with ratios from " in " ".join(lines)


def test_circuits_of_one_family_are_said_to_speak_of_themselves():
    text = page(replace(state_alone(), circuits=CIRCUITS[:3]))
    assert "Circuits of one family: the intervals are over rounds, for these very circuits." in text
    assert "Circuits of one family" not in page(few())
    assert "Circuits of one family" not in page(replace(state_alone(), circuits=CIRCUITS[:4]))


def test_a_baseline_that_was_named_after_the_run_is_said_to_pay():
    plan = replace(few(), baseline=FLAT.name)
    told = "The run has the baseline flat.statevector; steep.statevector was named when its times were known"
    assert told in " ".join(page(plan, baseline=STEEP.name).split())
    assert "The run has" not in page(plan)
    assert "The run has" not in page(plan, baseline=FLAT.name)
    nameless = " ".join(page(few(), baseline=STEEP.name).split())
    assert "The run has no baseline; steep.statevector was named" in nameless
