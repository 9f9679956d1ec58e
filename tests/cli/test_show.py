"""``qbench show``: the drawing, the facts, and what it does with long, wide and odd circuits."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from qbench.circuits.common_gates import COMMON, common_circuit
from qbench.circuits.library import index, load_circuit
from qbench.circuits.observables import parse_observable
from qbench.circuits.qasm import parse_qasm
from qbench.ir import KINDS
from qbench.report.circuit_page import circuit_page
from qbench.session.plan import make_plan
from qbench.session.portrait import portrait
from qbench.session.preparing import PreparedCell, prepare_cell
from qbench.session.suites import WORKLOADS
from qbench.verify.reference import MAX_QUBITS

HEADER = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n'
BELL = HEADER + "qreg q[2];\ncreg c[2];\nh q[0];\ncx q[0],q[1];\nmeasure q -> c;\n"


def show(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "qbench", "show", *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=cwd,
        timeout=120,
        env={**os.environ, **environment},
    )


def page(*arguments: str, cwd: Path, **environment: str) -> str:
    done = show(*arguments, cwd=cwd, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.needs("aer.statevector")
def test_a_stored_circuits_page(tmp_path: Path) -> None:
    """The whole page but for the list of simulators, which grows."""
    shown = page("ghz_3", cwd=tmp_path)
    golden = Path(__file__).parent / "golden" / "show_ghz_3.txt"
    assert shown.partition("other sizes")[0] == golden.read_text(encoding="utf-8")
    facts = next(facts for facts in index() if facts.name == "ghz_3")
    for text in (
        facts.source,
        facts.known_answer,
        facts.file,
        facts.id,
        "Apache-2.0",
        "ghz_10",
        "aer.statevector",
    ):
        assert str(text) in shown


def test_in_common_gates_it_is_shown_as_it_is_asked_then(tmp_path: Path) -> None:
    native = json.loads(page("clifford_4", "--json", cwd=tmp_path))
    common = json.loads(page("clifford_4", "--json", "--gates", "common", cwd=tmp_path))
    assert (native["gate_mode"], common["gate_mode"]) == ("native", "common")
    assert common["id"] == native["id"]
    assert set(native["gates_by_name"]) - COMMON
    assert set(common["gates_by_name"]) <= COMMON
    assert common["gates"] > native["gates"]
    assert common["clifford"] is True
    refused = [
        reason for reason, who in common["simulators"]["state"]["refuses"].items() if "stim.tableau" in who
    ]
    assert all(reason.startswith("not installed") for reason in refused)  # and never: not a Clifford circuit
    assert page("clifford_4", "--gates", "common", cwd=tmp_path).startswith("clifford_4 in common gates: ")
    text = page("clifford_4", "--gates", "common", "--qasm", cwd=tmp_path)
    assert parse_qasm(text).id == common_circuit(load_circuit("clifford_4")).id


@pytest.mark.needs("aer.statevector")
def test_the_facts_for_programs(tmp_path: Path) -> None:
    facts = json.loads(page("qft_4", "--json", cwd=tmp_path))
    circuit = load_circuit("qft_4")
    assert facts["id"] == circuit.id
    assert facts["depth"] == circuit.depth
    assert facts["gates"] == sum(facts["gates_by_name"].values()) == sum(facts["gates_by_qubits"].values())
    assert facts["clifford"] is False
    assert facts["first_not_clifford"] == "cp"
    assert "qft_4" in facts["family_sizes"]
    assert "aer.statevector" in facts["simulators"]["state"]["takes"]
    assert facts["known_answer"].startswith("amplitude")


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "mine.qasm").write_text("// a comment\n" + BELL)
    shown = page("mine.qasm", cwd=tmp_path)
    assert "\u2524 H \u251c" in shown
    assert "none is on record" in shown
    assert "family" not in shown
    facts = json.loads(page("mine.qasm", "--json", cwd=tmp_path))
    assert facts["name"] == "mine"
    assert facts["clifford"] is True
    assert facts["area"] is facts["source"] is facts["licence"] is facts["file"] is None
    assert page("mine.qasm", "--qasm", cwd=tmp_path) == BELL.replace(
        "measure q -> c;", "measure q[0] -> c[0];\nmeasure q[1] -> c[1];"
    )


def test_qasm_of_a_stored_circuit_is_its_file(tmp_path: Path) -> None:
    shown = page("qft_3", "--qasm", cwd=tmp_path)
    assert "// source: " in shown
    (tmp_path / "again.qasm").write_text(shown)
    again = json.loads(page("again.qasm", "--json", cwd=tmp_path))
    assert again["id"] == load_circuit("qft_3").id


def test_long_circuits_are_cut_where_it_can_be_seen(tmp_path: Path) -> None:
    lines = "".join(f"rz({i}.5) q[0];\nh q[0];\n" for i in range(400))
    (tmp_path / "long.qasm").write_text(f"{HEADER}qreg q[1];\n{lines}")
    shown = page("long.qasm", cwd=tmp_path)
    assert len(shown.partition("\nqubits ")[0].splitlines()) < 66
    (hint,) = [line for line in shown.splitlines() if line.startswith("... ")]
    number = int(hint.split()[1])
    drawn = shown.partition("...")[0].count("Rz(") + shown.partition("...")[0].count(" H ")
    assert hint == f"... {number} more columns; --full shows all"
    assert drawn + number == 800
    whole = page("long.qasm", "--full", cwd=tmp_path)
    assert whole.count("Rz(") == 400
    assert not any(line.startswith("... ") for line in whole.splitlines())


def test_wide_circuits_fold_and_show_every_wire(tmp_path: Path) -> None:
    lines = "".join(f"h q[{i}];\nrx(0.{i + 1}) q[{i}];\n" for i in range(40))
    (tmp_path / "wide.qasm").write_text(f"{HEADER}qreg q[40];\n{lines}")
    shown = page("wide.qasm", cwd=tmp_path)
    assert "q_39: " in shown
    assert all(len(line) <= 100 for line in shown.splitlines())


def test_a_terminal_without_these_characters_gets_others(tmp_path: Path) -> None:
    (tmp_path / "mine.qasm").write_text(BELL)
    done = show("mine.qasm", cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()
    assert done.stderr == ""
    assert "+ H +" in done.stdout


@pytest.mark.needs("qulacs.statevector", "ddsim.statevector")
def test_refusals_are_grouped_by_reason(tmp_path: Path) -> None:
    gates = "".join(f"h q[{i}];\n" for i in range(60))
    (tmp_path / "large.qasm").write_text(f"{HEADER}qreg q[60];\n{gates}")
    lines = page("large.qasm", cwd=tmp_path).splitlines()
    told = " ".join(line.strip() for line in lines[lines.index("qubits".ljust(25) + "60") :])
    assert told.count("60 qubits; it takes at most 24") <= 3  # one for each set of workloads
    assert re.search(
        r"qulacs\.statevector, qulacs\.opt,[^:]* ddsim\.statevector, ddsim\.exact[^:]*: 60 qubits", told
    )
    most = f"60 qubits; qbench's exact reference takes at most {MAX_QUBITS}"
    assert f"expval ({most})" in told
    labelled = [line for line in lines if line.startswith(("for ", "not for "))]
    assert labelled
    assert not [line for line in labelled if len(line) > 24 and line[24] != " " and "  " in line]


@pytest.mark.needs("pennylane.lightning.adjoint")
def test_a_circuit_with_free_parameters_is_shown(tmp_path: Path) -> None:
    text = 'OPENQASM 3;\ninclude "stdgates.inc";\ninput float theta;\nqubit[1] q;\nrx(2*theta) q[0];\n'
    (tmp_path / "free.qasm").write_text(text)
    shown = page("free.qasm", cwd=tmp_path)
    assert "Rx(2*theta)" in shown
    assert "free parameters          theta\n" in shown
    assert "for gradient" in shown
    assert "pennylane.lightning.adjoint" in shown
    facts = json.loads(page("free.qasm", "--json", cwd=tmp_path))
    assert facts["parameters"] == ["theta"]
    assert facts["not_asked"] == {}
    assert set(facts["simulators"]) == set(KINDS)


def test_what_is_measured_is_shown_or_how_to_name_it(tmp_path: Path) -> None:
    shown = page("chsh_2", cwd=tmp_path)
    (stored,) = [facts.observable for facts in index() if facts.name == "chsh_2"]
    assert stored is not None
    beside = " ".join(line.strip() for line in shown.splitlines())
    assert f"observable {' ' * 14}{stored} family" in beside
    assert json.loads(page("chsh_2", "--json", cwd=tmp_path))["observable"] == stored
    (tmp_path / "mine.qasm").write_text(BELL)
    assert "observable               none of its own; expval with --observable\n" in page(
        "mine.qasm", cwd=tmp_path
    )
    assert json.loads(page("mine.qasm", "--json", cwd=tmp_path))["observable"] is None
    free = 'OPENQASM 3;\ninclude "stdgates.inc";\ninput float a;\nqubit[1] q;\nrx(a) q[0];\n'
    (tmp_path / "free.qasm").write_text(free)
    assert "none of its own; expval, gradient and sweep with --observable" in page("free.qasm", cwd=tmp_path)


def test_a_long_observable_is_shortened_and_whole_for_programs(tmp_path: Path) -> None:
    (stored,) = [facts.observable for facts in index() if facts.name == "spin_squeezing_14"]
    assert stored is not None
    number = len(parse_observable(stored).terms)
    lines = page("spin_squeezing_14", cwd=tmp_path).splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("observable "))
    end = next(n for n, line in enumerate(lines) if line.startswith("family "))
    told = " ".join(line[25:] for line in lines[start:end])
    shown, _, rest = told.partition(" ... ")
    assert rest == f"({number} terms; --json has them)"
    assert stored.startswith(f"{shown} ")
    assert 200 < len(shown) <= 300
    assert json.loads(page("spin_squeezing_14", "--json", cwd=tmp_path))["observable"] == stored


ASKED = {
    # circuit: the kinds that it is asked for, the workloads that do not apply, words of the reasons
    "vqe_tfim_4": (set(KINDS), set(), ""),
    "ghz_3": (set(KINDS) - {"gradient", "sweep"}, {"gradient", "sweep"}, "no free parameters"),
    "ghz_12": (
        {"state", "sample", "expval"},
        {"gradient", "sweep", "noisy"},
        "12 qubits; qbench's exact reference of a density matrix takes at most 10",
    ),
    "teleportation_3": (
        {"sample"},
        {"state", "expval", "gradient", "sweep", "noisy"},
        "measured midway",
    ),
}


@pytest.mark.needs("aer.density_matrix", "pennylane.lightning.adjoint")
@pytest.mark.parametrize("name", ASKED)
def test_every_kind_that_applies_has_its_takers(name: str) -> None:
    """Against what a run of these would ask: the plan's cells by kind."""
    kinds, left_out, words = ASKED[name]
    seen = portrait(name)
    assert seen.takers is not None
    assert set(seen.takers) == kinds
    assert set(seen.not_asked) == left_out
    assert words in " ".join(seen.not_asked.values())
    plan = make_plan(
        [name],
        workloads=[one for one in WORKLOADS if one not in left_out],
        simulators=["all"],
        controls=False,
    )
    labels = {planned.label: planned for planned in plan.simulators.values()}
    problems = {one.circuit.parameters: one.circuit for one in plan.problems.values()}
    for task in plan.tasks.values():
        circuit = problems[task.parameters]
        takers = {
            label
            for label, planned in labels.items()
            if isinstance(prepare_cell(planned, circuit, task, "native"), PreparedCell)
        }
        assert set(seen.takers[task.kind].simulators) == takers
        assert takers


def test_hostile_names_are_shown_and_not_obeyed(tmp_path: Path) -> None:
    name = "two\nlines \x1b[31m\u202e.qasm"
    (tmp_path / name).write_text(BELL)
    shown = page(name, cwd=tmp_path)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    title = shown.splitlines()[0]
    assert title.startswith("two")
    assert "lines" in title


def test_a_page_spells_out_what_does_not_print(tmp_path: Path) -> None:
    facts = json.loads(page("ghz_3", "--json", cwd=tmp_path)) | {"name": "two\nlines", "source": "\x1b[31m"}
    shown = circuit_page(facts, ["drawn\x07"], hidden=1, width=64)
    assert shown.startswith(r"two\nlines: ")
    assert r"\x1b[31m" in shown
    assert r"drawn\x07" in shown
    assert "... 1 more column; --full shows all" in shown
    assert all(len(line) <= 64 for line in shown.splitlines())


MISTAKES = {
    "unknown": (["ghzz_4"], "ghz_4"),
    "suite": (["quick"], "is a suite"),
    "no file": (["nowhere.qasm"], "nowhere.qasm"),
    "two forms": (["ghz_3", "--json", "--qasm"], "give one of them"),
    "nothing": ([], "CIRCUIT"),
    "bad file": (["bad.qasm"], "bad.qasm"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_one_message_and_exit_2(name: str, tmp_path: Path) -> None:
    (tmp_path / "bad.qasm").write_text(HEADER + "qreg q[2];\nh q[7];\n")
    arguments, said = MISTAKES[name]
    done = show(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
