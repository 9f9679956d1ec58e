"""Both gate modes: one circuit for everybody or a refusal, cells of their own, probes of what is executed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

import qbench
from qbench.circuits.common_gates import COMMON, COMMON_CLIFFORD
from qbench.circuits.library import load_circuit
from qbench.errors import QbenchError
from qbench.ir import Circuit, Operation, Task
from qbench.model import NoAnswer, Verdict
from qbench.results.merging import merge_runs
from qbench.session.check import check_simulator, probes_for, simulators_to_check
from qbench.session.gate_modes import checked_modes, gates_asked
from qbench.session.judging import _smaller_failure
from qbench.session.plan import make_plan, plan_simulators
from qbench.session.preparing import PreparedCell, prepare_cell
from qbench.session.replaying import plan_again
from qbench.simulators.registry import builtin_simulators

SIMULATOR = Path(__file__).with_name("numpy_simulator.py")
HONEST = f"{SIMULATOR}:numpy"
STATE = Task("state")


def op(name: str, *qubits: int) -> Operation:
    return Operation(name, qubits)


# ---- who gets which circuit


def _takes(planned: object, circuit: Circuit, task: Task) -> Circuit | str:
    found = prepare_cell(planned, circuit, task, "common")  # type: ignore[arg-type]
    return found.circuit if isinstance(found, PreparedCell) else found.reason


@pytest.mark.parametrize("name", ["grover_3", "clifford_4", "w_3"])
def test_everybody_gets_one_circuit_and_the_clifford_simulators_another(name: str) -> None:
    """Of everything that comes with qbench, installed or not."""
    circuit = load_circuit(name)
    given: dict[bool, set[str]] = {True: set(), False: set()}
    for simulator in builtin_simulators():
        (planned,) = plan_simulators([simulator.name])
        here = replace(planned.installation, versions=dict.fromkeys(planned.installation.versions, "1.0"))
        planned, clifford = replace(planned, installation=here), simulator.facts.kind == "clifford"
        declared = simulator.facts.gates
        lacks = {"swap"} if simulator.name in ("ddsim.hybrid", "pennylane.reference") else set()
        wanted = (COMMON_CLIFFORD if clifford else COMMON) - lacks
        assert declared >= wanted, "docs/suites.md says that all have them"
        for kind in {"state", "sample"} & {*simulator.facts.tasks}:
            shots = 10 if kind == "sample" else None
            found = _takes(planned, circuit, Task(kind, shots=shots))
            if isinstance(found, Circuit):
                assert {gate.name for gate in found.gates} <= (COMMON_CLIFFORD if clifford else COMMON)
                given[clifford].add(found.id)
            elif lacks:
                assert "swap" in found or "paths" in found
            else:
                assert clifford
                assert found.startswith("not a Clifford circuit: ")
    assert len(given[False]) == 1
    assert len(given[True]) == (name == "clifford_4")


def test_who_lacks_a_common_gate_is_refused_what_needs_it_and_nothing_else() -> None:
    """Lowered further it would run another circuit than those it is ranked with."""
    (planned,) = plan_simulators(["honest"])
    facts = replace(planned.simulator.facts, gates=planned.simulator.facts.gates - {"swap", "rz"})
    poor = replace(planned, simulator=replace(planned.simulator, facts=facts))
    told = _takes(poor, Circuit(2, (op("swap", 0, 1), op("s", 0), op("h", 0))), STATE)
    assert told == "in common gates the circuit has rz, swap, which it does not take"
    found = _takes(poor, Circuit(2, (op("h", 0), op("cx", 0, 1))), STATE)
    assert isinstance(found, Circuit)
    native = prepare_cell(poor, Circuit(2, (op("swap", 0, 1),)), STATE, "native")
    assert isinstance(native, PreparedCell)


def test_probes_are_of_the_gates_that_are_executed() -> None:
    for name, allowed in (("honest", COMMON), ("stim.tableau", COMMON_CLIFFORD)):
        (planned,) = plan_simulators([name])
        assert gates_asked(planned.simulator.facts, "common") == planned.simulator.facts.gates & allowed
        alone = {probe.name.partition("(")[0] for probe in probes_for(planned, "common") if "(" in probe.name}
        assert alone
        assert alone <= allowed


@pytest.mark.parametrize("rubbish", ["", "both", "native;common", [], ["native", 3], "native,commn", None, 7])
def test_modes_that_are_none_are_refused(rubbish: object) -> None:
    mistakes: list[str] = []
    checked_modes(rubbish, mistakes)
    assert len(mistakes) == 1
    assert "native, common, or both as native,common" in mistakes[0]


# ---- plans


def test_both_modes_are_two_cells_and_the_order_of_names_means_nothing() -> None:
    both = make_plan(["ghz_3", "w_3"], simulators=[HONEST], gates=["common", "native"])
    assert (
        both.manifest() == make_plan(["ghz_3", "w_3"], simulators=[HONEST], gates="native,common").manifest()
    )
    assert both.manifest()["settings"]["gate_mode"] == "native,common"
    single = {mode: make_plan(["ghz_3", "w_3"], simulators=[HONEST], gates=mode) for mode in both.gate_modes}
    assert {cell.id for cell in both.cells} == {cell.id for plan in single.values() for cell in plan.cells}
    modes = Counter(cell.gate_mode for cell in both.cells if "liar" in cell.simulator)
    assert modes["native"] == modes["common"] == 4  # bounds follow the executed circuit: it is judged in both
    default = make_plan(["ghz_3", "w_3"], simulators=[HONEST])
    assert [cell.id for cell in default.cells] == [cell.id for cell in single["native"].cells]


def test_a_circuit_that_was_too_much_in_one_mode_is_asked_in_the_other() -> None:
    plan = make_plan(
        ["ghz_3"], simulators=[HONEST], workloads=["state"], gates="native,common", controls=False
    )
    native, common = plan.cells
    late = NoAnswer(verdict=Verdict.TIMEOUT, reason="no answer within 1 s")
    outcome = qbench.model.Outcome(
        cell=native.id,
        verdict=late.verdict,
        reason=late.reason,
        figures={},
        answer_digest=None,
        seed=1,
        gates_executed=3,
    )
    assert _smaller_failure(plan, common, [(native, outcome)]) is None
    assert _smaller_failure(plan, native, [(native, outcome)]) is not None


# ---- whole runs


def _simulators(folder: Path) -> list[str]:
    return [HONEST, "stim.tableau", f"{folder / 'wrong_p.py'}:wrong_p"]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> qbench.Run:
    """An honest simulator, one whose p turns the other way (its rz is right), one for Clifford circuits."""
    pytest.importorskip("stim", reason="stim is not installed")
    folder = tmp_path_factory.mktemp("modes")
    (folder / "mine.qasm").write_text(
        'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\nh q[0];\ns q[0];\ncy q[0],q[1];\nh q[1];\n'
    )
    turned = SIMULATOR.read_text().replace("np.cos(angles[0]) + 1j", "np.cos(angles[0]) - 1j")
    assert turned != SIMULATOR.read_text()
    turned = turned.replace("MAX_QUBITS = 12", "MAX_QUBITS = 3").replace(
        '    "numpy": {}', '    "wrong_p": {}'
    )
    (folder / "wrong_p.py").write_text(turned)
    return qbench.run(
        folder / "mine.qasm",
        "w_3",
        simulators=_simulators(folder),
        workloads=["state"],
        gates=["native", "common"],
        rounds=2,
        out=folder / "run",
    )


def test_a_run_of_both_modes_tells_them_apart(ran: qbench.Run) -> None:
    cells = ran.cells()
    mine = cells[(cells["circuit"] == "mine") & (cells["phase"] == "execute") & cells["control"].isna()]
    gates = {(row["simulator"], row["gate_mode"]): row["gates"] for _, row in mine.iterrows()}
    assert gates["stim.tableau", "native"] == 4  # h s cy h
    assert gates["stim.tableau", "common"] == 6  # cy is sdg cx s
    assert gates["numpy", "common"] == 6  # with rz in their place
    assert ran.failed == ()
    verdicts = Counter(outcome.verdict for outcome in ran.records.outcomes.values())
    assert verdicts["unsupported"] == 2  # w_3 is not Clifford, in either mode
    table = ran.table("gates")
    assert set(zip(table["simulator"], table["circuit"], strict=True)) == {
        ("numpy", "mine"),
        ("numpy", "w_3"),
        ("stim.tableau", "mine"),
    }
    assert (table["rounds"] == 2).all()
    probed = Counter(
        (event["simulator"], event["gate_mode"], event["passed"])
        for event in ran.records.events
        if event["event"] == "conformance"
    )
    honest = {(name, mode, True) for name in ("numpy", "stim.tableau") for mode in ("native", "common")}
    assert set(probed) == honest | {("wrong_p", "native", False), ("wrong_p", "common", True)}
    assert set(probed.values()) == {1}


def test_a_wrong_native_gate_keeps_a_simulator_out_of_the_native_ranking_alone(ran: qbench.Run) -> None:
    cells = ran.cells()
    mine = cells[(cells["simulator"] == "wrong_p") & (cells["phase"] == "execute")]
    flagged = mine["flags"].str.contains("nonconformant")
    assert set(zip(mine["gate_mode"], mine["ranked"], flagged, strict=True)) == {
        ("native", "no", True),
        ("common", "yes", False),
    }
    told = " ".join(ran.summary().split())
    assert "not conformant: wrong_p: wrong: " in told
    assert "not conformant in common gates" not in told
    support = ran.support().set_index("simulator")["conformance"]
    assert support["wrong_p"].startswith("failed: ")
    (planned,) = simulators_to_check(_simulators(ran.path.parent)[-1])
    failed = {
        mode: [f for f in check_simulator(planned, gate_mode=mode) if f.failed]
        for mode in ("native", "common")
    }
    assert failed["native"]
    assert failed["common"] == []


def test_resumed_merged_and_planned_again_it_is_the_same_run(ran: qbench.Run, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in ran.path.iterdir() if path.is_file()}
    again = plan_again(ran.path, trust_plugins=True)
    made, was = again.plan.manifest(), json.loads(before["manifest.json"])
    assert {key: was[key] for key in made} == made
    assert again.plan.gate_modes == ("native", "common")
    merge_runs([ran.path, ran.path], tmp_path / "merged")
    for name in ("outcomes.jsonl", "visits.jsonl", "manifest.json"):
        assert (tmp_path / "merged" / name).read_bytes() == before[name]
    with pytest.raises(QbenchError, match="native,common"):
        qbench.run(
            ran.path.parent / "mine.qasm",
            "w_3",
            simulators=_simulators(ran.path.parent),
            workloads=["state"],
            gates="native",
            rounds=2,
            out=ran.path,
        )
    resumed = qbench.run(
        ran.path.parent / "mine.qasm",
        "w_3",
        simulators=_simulators(ran.path.parent),
        workloads=["state"],
        gates="common,native",
        rounds=2,
        out=ran.path,
    )
    assert (ran.path / "visits.jsonl").read_bytes() == before["visits.jsonl"]
    assert resumed.summary().splitlines()[0] == ran.summary().splitlines()[0]
