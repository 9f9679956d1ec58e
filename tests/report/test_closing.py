"""The closing table: what a reader must be able to see, and that it fits."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qbench.analysis.readings import take_readings
from qbench.model import Phase
from qbench.report.columns import Column, lay_out, shortened, text_width, wrapped
from qbench.report.matrix import races
from qbench.report.text import closing

sys.path.insert(0, str(Path(__file__).parents[1] / "analysis"))

from synthetic_runs import Plan, Sim, build

GOLDEN = Path(__file__).parent / "golden"

QISKIT = Sim(name="qiskit.statevector", execute_ns=90_000, per_qubit=1.3)
AER = Sim(name="aer.statevector", execute_ns=300_000, translate_ns=1e5, compile_ns=4e7, per_qubit=1.05)
AER64 = Sim(
    name="aer.statevector.c64",
    execute_ns=290_000,
    translate_ns=1e5,
    compile_ns=4e7,
    per_qubit=1.05,
    precision="complex64",
)
DEFAULT = Sim(name="pennylane.default", execute_ns=1_000_000)
LIGHTNING = Sim(name="pennylane.lightning", execute_ns=305_000, per_qubit=1.05)
NULL = Sim(name="null", execute_ns=100, kind="double")
ABSENT = Sim(name="qulacs.statevector", execute_ns=1, installed=False)
CIRCUITS = (("ghz_2", 2), ("ghz_10", 10), ("qft_6", 6), ("qft_12", 12), ("qpe_8", 8), ("qv_8", 8))
PHASES = ("execute", "end_to_end")


def with_failures():
    return Plan(
        sims=(QISKIT, AER, AER64, DEFAULT, LIGHTNING, ABSENT),
        circuits=CIRCUITS,
        tasks=("state", "sample"),
        rounds=5,
        phases=PHASES,
        baseline=QISKIT.name,
        verdicts={
            ("qft_12", AER.name): (
                "wrong",
                "amplitudes are off by up to 0.21, norm by 0; allowed are 1.3e-15",
            ),
            ("qpe_8", LIGHTNING.name): ("timeout", "no answer within 60 s"),
            ("ghz_2", LIGHTNING.name): ("crash", "the process was ended by signal 11 (SIGSEGV)"),
            ("qv_8", AER64.name): ("unsupported", "takes no gate of three qubits"),
        },
        flags={("ghz_2", DEFAULT.name): ("cached",), ("qft_6", QISKIT.name): ("drift",)},
        conformance={QISKIT.name: None, DEFAULT.name: "bit order: |01> came out as |10>"},
    )


def one_simulator():
    return Plan(sims=(AER,), circuits=CIRCUITS[:2], phases=PHASES, rounds=3, suite="files")


def none_measured():
    return Plan(
        sims=(AER, ABSENT),
        circuits=CIRCUITS[:2],
        rounds=3,
        verdicts={("*", AER.name): ("error", "the package raised RuntimeError: no")},
    )


def nothing_finished():
    return Plan(sims=(AER, QISKIT), circuits=CIRCUITS[:2], unfinished=frozenset({"ghz_2", "ghz_10"}))


def long_names():
    sims = tuple(
        Sim(name=f"a_package_with_a_long_name.configuration_number_{i}", execute_ns=1e5 * (1 + i / 3))
        for i in range(8)
    )
    circuits = (
        ("a_circuit_from_a_deep_folder_whose_name_never_ends_12", 12),
        ("量子フーリエ変換の回路_四量子ビット", 4),
        ("line\nbreak|pipe", 3),
    )
    return Plan(sims=sims, circuits=circuits, phases=("execute",), rounds=6)


def doubles_and_threads():
    return Plan(sims=(NULL, QISKIT, LIGHTNING), circuits=CIRCUITS[:3], phases=("execute",), threads=(1, 2))


ALIAS = replace(QISKIT, name=f"{QISKIT.name}~alias", control="alias")
LIAR = Sim(name="planted~liar", execute_ns=1, kind="double", control="liar")


def controls_pass():
    return Plan(
        sims=(QISKIT, AER, ALIAS, LIAR),
        circuits=CIRCUITS[:3],
        tasks=("state", "sample"),
        phases=PHASES,
        process_sd=0.02,
        baseline=QISKIT.name,
        verdicts={("*", LIAR.name): ("wrong", "amplitudes are off by up to 2e-09")},
    )


def controls_fail():
    """The alias is another's code, and the judge let a lie pass."""
    return replace(
        controls_pass(),
        sims=(QISKIT, AER, replace(ALIAS, execute_ns=1.5 * QISKIT.execute_ns), LIAR),
        verdicts={**controls_pass().verdicts, ("qft_6", LIAR.name): ("ok", None)},
    )


PLANS = [
    with_failures,
    one_simulator,
    none_measured,
    nothing_finished,
    long_names,
    doubles_and_threads,
    controls_pass,
    controls_fail,
]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.__name__)
def test_bytes(plan):
    """To write the files anew after a wanted change: python tests/report/write_golden_closing.py"""
    assert f"{closing(build(plan()))}\n".encode() == (GOLDEN / f"{plan.__name__}.txt").read_bytes()


@pytest.mark.parametrize("width", [60, 80, 100, 200])
@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.__name__)
def test_no_line_is_wider_than_asked(plan, width):
    text = closing(build(plan()), width)
    assert max(map(text_width, text.splitlines())) <= width
    assert all(line == line.rstrip() for line in text.splitlines())
    assert not text.endswith("\n")


def test_long_reasons_are_cut_in_the_text_and_keep_their_ends():
    told = f"ValueError: {'a long story, ' * 20}and its last line (execute)"
    verdicts = {("qft_12", AER.name): ("error", told), ("qpe_8", LIGHTNING.name): ("error", told)}
    plan = replace(with_failures(), verdicts=verdicts, conformance={DEFAULT.name: f"error: {told}"})
    text = closing(build(plan), width=10_000)
    mine = [line for line in text.splitlines() if "ValueError" in line]
    assert len(mine) == 3
    for line in mine:
        assert len(line) < 160 + 60
        assert line.endswith("and its last line (execute)")


def test_every_simulator_and_failure_is_named():
    text = closing(build(with_failures()))
    for words in (
        "wrong: aer.statevector, state and sample-1024: qft_12: amplitudes are off",
        "timeout: pennylane.lightning, state and sample-1024: qpe_8: no answer within 60 s",
        "crash: pennylane.lightning, state and sample-1024: ghz_2: the process was ended by signal 11",
        "unsupported: aer.statevector.c64: 2 cells: takes no gate of three qubits",
        "not_installed: qulacs.statevector: 12 cells",
        "not conformant: pennylane.default: bit order: |01> came out as |10>",
        "cached, so not ranked: pennylane.default: ghz_2",
        "drift 2 cells",
    ):
        assert words in text


def test_the_largest_error_of_an_approximate_simulator_is_told():
    mps = Sim(name="mps", execute_ns=1e5, kind="approximate")
    plan = Plan(
        sims=(QISKIT, mps),
        circuits=CIRCUITS,
        tasks=("state", "sample"),
        verdicts={("*", mps.name): ("approximate", None)},
        figures={"sample": {"p_value": 0.3, "tvd": 0.0123, "tvd_floor": 0.01, "impossible": 0}},
    )
    text = " ".join(closing(build(plan), 200).split())
    assert (
        "approximate: mps: largest amplitude error 1e-15 (state, qft_12); total variation distance at most "
        "0.002 above an honest sample's (sample-1024, ghz_2)" in text
    )
    assert "approximate: qiskit" not in text


def test_marks_follow_the_truth():
    same = Sim(name="same", execute_ns=100_000)
    twice = Sim(name="twice", execute_ns=200_000)
    noisy = Plan(
        sims=(Sim(name="first", execute_ns=100_000), same, twice),
        circuits=(("c", 2),),
        phases=("execute",),
        rounds=20,
        process_sd=0.03,
    )
    lines = closing(build(noisy)).splitlines()
    row = next(line for line in lines if line.startswith("c "))
    assert row.count("*") == 1
    assert row.count("=") == 1
    assert "?" not in row
    noisy.rounds = 2
    row = next(line for line in closing(build(noisy)).splitlines() if line.startswith("c "))
    assert "?" in row


def test_the_fastest_of_each_class_is_found_in_each_class():
    found = races(take_readings(build(with_failures())), Phase.EXECUTE)
    for race in found:
        for comparison in race.others:
            assert comparison.contestant.facts["precision"] == race.fastest.facts["precision"]
            assert comparison.contestant.warm("execute").value >= race.fastest.warm("execute").value
            assert comparison.contestant.verdict == "ok"
            assert comparison.contestant.flags != ("cached",)
        times = [comparison.contestant.warm("execute").value for comparison in race.others]
        assert times == sorted(times)
    assert {race.fastest.facts["precision"] for race in found} == {"complex128", "complex64"}


def test_a_class_alone_gets_no_mark_and_no_winner():
    text = closing(build(one_simulator()))
    assert "*" not in text
    assert "Fastest" not in text
    assert "us" in text


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=40), st.integers(min_value=60, max_value=120))
def test_any_name_fits(name, width):
    plan = Plan(
        sims=(Sim(name=name, execute_ns=1e5), QISKIT),
        circuits=((name, 3),),
        rounds=2,
        phases=("execute",),
        verdicts={("*", QISKIT.name): ("error", name)},
        conformance={QISKIT.name: name},
    )
    text = closing(build(plan), width)
    assert max(map(text_width, text.split("\n"))) <= width
    assert all(c.isprintable() or c == "\n" for c in text)


# ---- columns


@given(st.text(alphabet="ab 量é\u0301", max_size=60), st.integers(min_value=6, max_value=40))
def test_wrapped_loses_nothing_and_fits(text, width):
    lines = wrapped(text, width)
    assert all(text_width(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(st.text(alphabet="ab量", max_size=60), st.integers(min_value=4, max_value=40))
def test_shortened_fits(text, width):
    assert text_width(shortened(text, width)) <= width
    if text_width(text) <= width:
        assert shortened(text, width) == text


def test_columns_break_into_blocks_that_repeat_the_stub():
    stub = [Column(group="", heading=("name",), entries=("x", "yy"), left=True)]
    columns = [Column(group="g", heading=(f"c{i}",), entries=(f"{i}", "")) for i in range(4)]
    assert lay_out(stub, columns, 15) == [
        "     | g",
        "name | c0  c1",
        "x    |  0   1",
        "yy   |",
        "",
        "     | g",
        "name | c2  c3",
        "x    |  2   3",
        "yy   |",
    ]


def test_who_used_fewer_threads_is_told_to_have_been_contended():
    """Two busy threads that share one CPU with other work read as one: CPU time over wall time falls."""
    plan = doubles_and_threads()
    records = build(plan)
    text = " ".join(closing(records).split())
    assert "qiskit.statevector used 1 of 2 in 3 of 3 cells" in text
    assert "contended" not in text
    mine = f"/{QISKIT.name}/"
    taken = tuple(
        replace(visit, involuntary_switches=3) if mine in visit.cell and "ghz_2" not in visit.cell else visit
        for visit in records.visits
    )
    text = " ".join(closing(replace(records, visits=taken)).split())
    assert (
        "qiskit.statevector used 1 of 2 in 3 of 3 cells (2 of these were contended: other work lowers this)"
        in text
    )
    assert f"{LIGHTNING.name} used 1 of 2 in 3 of 3 cells." in text
    once = tuple(
        replace(visit, involuntary_switches=3) if visit.round == 1 else visit for visit in records.visits
    )
    assert "contended" not in " ".join(closing(replace(records, visits=once)).split())
