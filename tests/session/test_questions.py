"""What each workload asks of each circuit, in which form, and what does not apply."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from needing import needs

from qbench.circuits.noise import NOISE_MODELS
from qbench.errors import QbenchError
from qbench.ir import Circuit, Observable, Operation, Parameter, PauliTerm
from qbench.session.plan import make_plan
from qbench.session.questions import LeftOut, Wanted, binding_rows, workload_of
from qbench.session.targets import PlannedProblem

Z0 = Observable((PauliTerm(1.0, ((0, "Z"),)),))
WANTED = Wanted(shots=(100, 1000), noise=(NOISE_MODELS["pauli"],), bindings=3, values={"b": 0.25})
FREE = Circuit(
    2,
    (
        Operation("ry", (0,), (Parameter("b", 2.0, 0.5),)),
        Operation("rz", (1,), (Parameter("a"),)),
        Operation("cx", (0, 1)),
    ),
    name="free",
)


def problem(circuit: Circuit, observable: Observable | None = Z0) -> PlannedProblem:
    return PlannedProblem(circuit=circuit, family=None, area=None, known_answer=None, observable=observable)


def test_gradient_and_sweep_ask_the_free_circuit_and_all_else_its_first_binding() -> None:
    rows = binding_rows(FREE.parameters, 3, {"b": 0.25})
    bound = FREE.bind({"b": 0.25, "a": rows[0][1]})
    for workload in ("state", "sample", "expval", "noisy"):
        asked = WANTED.questions(problem(FREE), workload)
        assert not isinstance(asked, LeftOut)
        assert {one.problem.circuit.id for one in asked} == {bound.id}
        assert not any(one.task.bindings for one in asked)
    for workload, count in (("gradient", 1), ("sweep", 3)):
        (asked_one,) = WANTED.questions(problem(FREE), workload)
        assert asked_one.problem.circuit is FREE
        assert asked_one.task.parameters == ("b", "a")
        assert asked_one.task.bindings == rows[:count]
        assert asked_one.task.observable is Z0


def test_every_number_of_shots_and_every_noise_model_is_a_task() -> None:
    sampled = WANTED.questions(problem(FREE), "sample")
    noisy = WANTED.questions(problem(FREE), "noisy")
    assert [one.task.label for one in sampled] == ["sample-100", "sample-1000"]
    assert [one.task.label for one in noisy] == [
        "density_matrix-pauli",
        "noisy_sample-pauli-100",
        "noisy_sample-pauli-1000",
    ]
    density = noisy[0].task.noise
    assert density is not None
    assert density.readout_error == 0.0  # nothing is read out


@pytest.mark.parametrize(
    ("circuit", "observable", "workload", "reason"),
    [
        (Circuit(1, (Operation("h", (0,)),)), Z0, "gradient", "no free parameters"),
        (Circuit(1, (Operation("h", (0,)),)), None, "expval", "no observable"),
        (
            Circuit(1, (Operation("h", (0,)),)),
            Observable((PauliTerm(1.0, ((4, "X"),)),)),
            "expval",
            "acts on qubit 4, and the circuit has 1",
        ),
        (Circuit(1, (Operation("reset", (0,)),)), Z0, "noisy", "measured midway or reset"),
        (Circuit(14, (Operation("h", (0,)),)), Z0, "noisy", "14 qubits"),
    ],
)
def test_what_does_not_apply_is_left_out_with_a_reason(
    circuit: Circuit, observable: Observable | None, workload: str, reason: str
) -> None:
    found = WANTED.questions(problem(circuit, observable), workload)
    assert isinstance(found, LeftOut)
    assert reason in found.reason


def test_a_tape_whose_parameters_have_no_names_is_told_apart() -> None:
    needs("pennylane.default")
    qml = pytest.importorskip("pennylane")
    tape = qml.tape.QuantumScript([qml.RX(0.3, 0), qml.RX(0.3, 1)])
    with pytest.raises(QbenchError, match=r"gradient applies to none.*no names.*OpenQASM 3 with input float"):
        make_plan([tape], workloads=["gradient"], observable="Z0")
    assert make_plan([tape], workloads=["expval"], observable="Z0").cells


def test_a_workload_that_applies_to_no_circuit_is_a_mistake_with_a_way_out() -> None:
    with pytest.raises(QbenchError, match=r"expval applies to none of these circuits.*--observable"):
        make_plan(["random_4"], workloads=["expval"])
    plan = make_plan(["random_4"], workloads=["expval"], observable="0.5*Z0 Z1 - X2")
    assert {task.label for task in plan.tasks.values()} == {"expval"}


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ({"observable": "Q0"}, "Q0"),
        ({"noise": "nonsense"}, "nonsense"),
        ({"noise": ["pauli", "pauli"]}, "twice"),
        ({"bindings": 0}, "bindings"),
        ({"values": {"nobody": 0.1}}, "nobody"),
        ({"shots": [10, 0]}, "shots"),
        ({"workloads": ["energy"]}, "unknown workload 'energy'"),
    ],
)
def test_what_cannot_be_asked_is_said(request_: dict[str, object], said: str) -> None:
    with pytest.raises(QbenchError, match=said):
        make_plan(["ghz_3"], **request_)  # type: ignore[arg-type]


@given(st.integers(0, 12), st.integers(1, 40))
def test_bindings_are_the_same_for_ever_and_begin_alike(parameters: int, count: int) -> None:
    names = [f"p{k}" for k in range(parameters)]
    rows = binding_rows(names, count)
    assert len(rows) == count
    assert all(len(row) == parameters and all(-math.pi <= v < math.pi for v in row) for row in rows)
    assert binding_rows(names, count + 1)[:count] == rows
    assert len(set(rows)) == (count if parameters else 1)


def test_every_kind_belongs_to_a_workload() -> None:
    assert workload_of("noisy_sample") == workload_of("density_matrix") == "noisy"
    with pytest.raises(QbenchError):
        workload_of("noisy")
