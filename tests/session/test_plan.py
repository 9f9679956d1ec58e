"""From what a user typed to a plan: suites, names, files, and everything that is wrong with it at once."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from qbench.errors import QbenchError
from qbench.ir import Circuit, Operation, Task
from qbench.model import NoAnswer
from qbench.session.plan import make_plan, plan_simulators
from qbench.session.preparing import PreparedCell, prepare_cell
from qbench.session.questions import workload_of
from qbench.session.suites import load_suite, suite_names

SIMULATOR = Path(__file__).parent / "numpy_simulator.py"
HONEST = f"{SIMULATOR}:numpy"


@pytest.mark.parametrize("name", suite_names())
def test_every_suite_makes_a_plan_of_what_it_names(name: str) -> None:
    suite, plan = load_suite(name), make_plan([name])
    names = dict.fromkeys(problem.circuit.name for problem in plan.problems.values())
    assert list(names) == list(suite.circuits)
    kinds = dict.fromkeys(workload_of(task.kind) for task in plan.tasks.values())
    assert sorted(kinds) == sorted(suite.workloads)
    assert [name for name, one in plan.simulators.items() if one.control is None] == list(suite.simulators)
    if set(suite.workloads) <= {"state", "sample"}:
        assert len(plan.cells) == len(suite.circuits) * len(suite.workloads) * (len(suite.simulators) + 2)
    assert plan.baseline == suite.baseline


def test_a_plan_is_a_function_of_the_request() -> None:
    request = {"simulators": [HONEST], "workloads": ["sample"], "shots": 7, "rounds": 2, "seed": 3}
    first = make_plan(["ghz_3", "qft_4"], **request)  # type: ignore[arg-type]
    second = make_plan(["ghz_3", "qft_4"], **request)  # type: ignore[arg-type]
    assert first.manifest() == second.manifest()
    assert [task.label for task in first.tasks.values()] == ["sample-7"]


def test_one_content_is_one_problem_and_two_files_of_one_name_are_two(tmp_path: Path) -> None:
    text = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\nh q[0];\n'
    paths = []
    for folder, content in (("a", text), ("b", text + "x q[1];\n"), ("c", text)):
        (tmp_path / folder).mkdir()
        path = tmp_path / folder / "same.qasm"
        path.write_text(content, encoding="utf-8")
        paths.append(str(path))
    plan = make_plan(paths, simulators=[HONEST])
    assert [problem.circuit.name for problem in plan.problems.values()] == ["same", "same-2"]


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(QbenchError) as caught:
        make_plan(
            ["ghz_3", "ghz_99"], simulators=["nobody"], workloads=["dream"], threads=0, shots=-1, seed=-1
        )
    for said in ("ghz_99", "nobody", "dream", "threads", "shots", "seed"):
        assert said in str(caught.value)


def test_all_terms_that_cannot_be_are_told_at_once() -> None:
    with pytest.raises(QbenchError) as caught:
        make_plan(
            ["ghz_3"],
            simulators=[HONEST],
            rounds=3,
            precise=True,
            time_limit_s=math.nan,
            load_limit_s=0.0,
            budget_s=-1,
            cell_budget_s=math.inf,
            memory_limit_mib=0,
            metric="sundial",
            margin=1.5,
        )
    told = str(caught.value).splitlines()
    assert len(told) == 8
    limits = ("time limit", "load limit", "the budget", "cell budget", "memory limit")
    for said in ("exclude", *limits, "sundial", "margin"):
        assert sum(said in line for line in told) == 1


@pytest.mark.parametrize("rubbish", ["2m", True, [], 0, -1.0, math.nan, 1e300])
def test_a_budget_that_is_none_is_refused(rubbish: object) -> None:
    with pytest.raises(QbenchError, match="positive number of seconds"):
        make_plan(["ghz_3"], simulators=[HONEST], budget_s=rubbish)  # type: ignore[arg-type]


def test_precise_is_the_whole_protocol_and_lifts_the_suites_budget() -> None:
    precise = make_plan(["core-v1"], simulators=[HONEST], precise=True)
    measure = precise.measure
    assert (measure.rounds, measure.most_rounds, measure.extra_rounds) == (10, 60, 3)
    assert (measure.width, measure.visits, measure.visit_ms, measure.warmup_ms) == (0.03, 3, 50, 50)
    assert measure.budget_s is None
    assert precise.suite_changes == ("simulators", "precise")
    assert make_plan(["core-v1"], simulators=[HONEST], precise=True, budget_s=60).measure.budget_s == 60


def test_rounds_that_are_given_are_those_that_are_run() -> None:
    measure = make_plan(["core-v1"], simulators=[HONEST], rounds=40).measure
    assert measure.fixed_rounds
    assert (measure.rounds, measure.budget_s) == (40, None)
    suite = load_suite("core-v1").measure
    assert not suite.fixed_rounds
    assert (suite.rounds, suite.most_rounds, suite.width, suite.budget_s) == (6, 20, 0.05, 570)
    fixed = make_plan(["core-v1"], simulators=[HONEST], rounds=suite.rounds)
    assert "rounds" in fixed.suite_changes  # six rounds, where the suite has at least six


def test_what_a_request_changes_in_a_suite_is_named() -> None:
    names = ",".join(load_suite("core-v1").simulators)

    def changes(**request: Any) -> tuple[str, ...]:
        return make_plan(["core-v1"], simulators=[names], **request).suite_changes

    assert changes(budget_s=570.0, metric="wall", margin=0.1) == ()
    assert changes(budget_s=60.0, cell_budget_s=5.0, memory_limit_mib=900, metric="cpu", margin=0.05) == (
        "budget",
        "cell budget",
        "memory limit",
        "metric",
        "margin",
    )
    assert changes(controls=False) == ("controls",)


def op(name: str, *qubits: int, clbits: tuple[int, ...] = ()) -> Operation:
    return Operation(name, qubits, (), clbits)


REFUSED = {
    "too large": (Circuit(13, (op("h", 0),)), Task("state"), "13 qubits; it takes at most 12"),
    "reset": (
        Circuit(1, (op("reset", 0),)),
        Task("sample", shots=1),
        "it takes no reset",
    ),
    "midway": (
        Circuit(1, (op("measure", 0, clbits=(0,)), op("h", 0)), 1),
        Task("state"),
        "measured midway",
    ),
    "unmeasured": (Circuit(1, (op("h", 0),), 1), Task("sample", shots=1), "no qubit is measured"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_simulator_does_not_take_is_refused_with_the_reason(name: str) -> None:
    circuit, task, said = REFUSED[name]
    (planned,) = plan_simulators([HONEST])
    refusal = prepare_cell(planned, circuit, task, "native")
    assert isinstance(refusal, NoAnswer)
    assert refusal.verdict == "unsupported"
    assert said in refusal.reason


def test_gate_modes_lower_to_the_simulators_gates_or_to_the_common_ones() -> None:
    (planned,) = plan_simulators(["qiskit.statevector"])
    circuit = Circuit(3, (op("ccx", 0, 1, 2), op("sx", 0)))
    native = prepare_cell(planned, circuit, Task("state"), "native")
    common = prepare_cell(planned, circuit, Task("state"), "common")
    assert isinstance(native, PreparedCell)
    assert isinstance(common, PreparedCell)
    assert [g.name for g in native.circuit.gates] == ["ccx", "sx"]
    assert {g.name for g in common.circuit.gates} <= {
        "x",
        "y",
        "z",
        "h",
        "rx",
        "ry",
        "rz",
        "cx",
        "cz",
        "swap",
    }
