"""The judge of expectation values, sweeps and gradients: who passes, who is caught, what is said."""

from __future__ import annotations

import math

import numpy as np
import pytest
from honest_values import (
    adjoint_gradient,
    by_blas,
    honest_expectation,
    observed,
    one_by_one,
    random_free_circuit,
    random_observable,
    shifted_gradient,
)
from misbehaving import big_endian, simulate

from qbench.errors import QbenchError
from qbench.ir import GATES, Circuit, Observable, Operation, Parameter, PauliTerm, Task
from qbench.verify.derivative import gradient
from qbench.verify.expectation import expectation
from qbench.verify.reference import reference_state
from qbench.verify.state import LARGEST_BOUND, ROUNDOFF, path_length
from qbench.verify.values import FACTORS, judge_values, values_bound

TURNS = ["rx", "ry", "rz", "p", "cp", "crx", "cry", "crz", "rxx", "ryy", "rzz"]
SOME = [*TURNS, "h", "cx", "x", "t", "s", "cz"]
DTYPES = {"complex128": np.complex128, "complex64": np.complex64}


def random_circuit(rng: np.random.Generator, n: int, gates: int) -> Circuit:
    free, values = random_free_circuit(rng, n, gates, list(GATES), max(1, gates // 2))
    return free.bind(values)


def gradient_task(observable: Observable, values: dict[str, float]) -> Task:
    return Task(
        "gradient", observable=observable, parameters=tuple(values), bindings=(tuple(values.values()),)
    )


# ---- honest simulators


def expectation_units(seed: int) -> list[float]:
    """Errors of an honest simulator's expectation values in units of u path weight."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 10))
    circuit = random_circuit(rng, n, int(rng.integers(1, 80)))
    observable = random_observable(rng, n, int(rng.integers(1, 20)), letters=rng.choice(["Z", "XYZ"]))
    task = Task("expval", observable=observable)
    right = expectation(reference_state(circuit), observable)
    found = []
    for precision, dtype in DTYPES.items():
        for inner in (by_blas, one_by_one):
            answer = honest_expectation(circuit, observable, dtype, inner)
            judged = judge_values(answer, [right], circuit, task, precision)
            assert judged.passed, (seed, precision, judged)
            unit = ROUNDOFF[precision] * path_length(circuit, precision) * observable.weight
            found.append(judged.figures["expectation_error"] / unit)
    return found


def gradient_units(seed: int) -> list[float]:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 8))
    circuit, values = random_free_circuit(rng, n, int(rng.integers(2, 40)), SOME, int(rng.integers(1, 8)))
    if not values:
        return []
    observable = random_observable(rng, n, int(rng.integers(1, 10)))
    task = gradient_task(observable, values)
    right = gradient(circuit, task.parameters, task.bindings[0], observable)
    found = []
    for precision, dtype in DTYPES.items():
        for method in (adjoint_gradient, shifted_gradient):
            by_name = method(circuit, values, observable, dtype)
            answer = np.array([by_name[name] for name in task.parameters])
            judged = judge_values(answer, right, circuit, task, precision)
            assert judged.passed, (seed, precision, method, judged)
            unit = ROUNDOFF[precision] * path_length(circuit, precision, values) * judged.figures["weight"]
            found.append(judged.figures["gradient_error"] / unit)
    return found


def test_honest_simulators_pass_with_a_margin() -> None:
    """More of the same, and the largest values found: ``docs/accuracy.md``."""
    worst = max(max(expectation_units(seed)) for seed in range(60))
    assert 0.1 < worst < FACTORS["expval"] / 2
    worst = max(max(gradient_units(seed), default=0.0) for seed in range(40))
    assert 0.1 < worst < FACTORS["gradient"] / 2


def test_summing_many_amplitudes_one_by_one_is_honest() -> None:
    """2^17 probabilities of which many are equal: the roundings of partial sums do not cancel."""
    n = 17
    circuit = Circuit(n, tuple(Operation("ry", (q,), (1.1,)) for q in range(n)))
    observable = Observable((PauliTerm(1.0, ((0, "Z"), (n - 1, "Z"))), PauliTerm(1.0, ())))
    walk = FACTORS["expval"] * path_length(circuit, "complex128") * ROUNDOFF["complex128"] * 2.0
    right = expectation(reference_state(circuit), observable)
    task = Task("expval", observable=observable)
    for precision, dtype in DTYPES.items():
        answer = honest_expectation(circuit, observable, dtype, one_by_one)
        judged = judge_values(answer, [right], circuit, task, precision)
        assert judged.passed, judged
        if precision == "complex128":
            assert judged.figures["expectation_error"] > 1.5 * walk  # so it needs a term of its own


# ---- liars


@pytest.mark.parametrize("n", range(2, 13))
def test_an_error_of_1e9_of_the_weight_is_caught_at_every_size(n: int) -> None:
    rng = np.random.default_rng(n)
    circuit = random_circuit(rng, n, 20 * n)
    observable = random_observable(rng, n, 1 + n, size=10.0 ** (n - 6))
    right = expectation(reference_state(circuit), observable)
    task = Task("expval", observable=observable)
    for sign in (1, -1):
        judged = judge_values(
            right[0] + sign * 1e-9 * observable.weight, [right], circuit, task, "complex128"
        )
        assert not judged.passed
        assert judged.figures["expectation_error"] == pytest.approx(1e-9 * observable.weight, rel=1e-3)


@pytest.mark.parametrize("seed", range(10))
def test_liars_are_caught(seed: int) -> None:
    rng = np.random.default_rng(seed)
    circuit, values = random_free_circuit(rng, 4, 30, SOME, 4)
    observable = random_observable(rng, 4, 6)
    task = gradient_task(observable, values)
    right = gradient(circuit, task.parameters, task.bindings[0], observable)
    honest = np.array([hi for hi, _ in right])
    assert judge_values(honest, right, circuit, task, "complex64").passed
    for lie in (-honest, 2 * honest, honest / 2, 0.999 * honest, honest[::-1], np.roll(honest, 1)):
        judged = judge_values(lie, right, circuit, task, "complex128")
        assert not judged.passed
        assert "the derivative by t" in (judged.reason or "")
    bound = circuit.bind(values)
    energy = Task("expval", observable=observable)
    value = [expectation(reference_state(bound), observable)]
    lies = [
        -value[0][0],
        honest_expectation(bound, without_the_heaviest(bound, observable), np.complex128),
        np.vdot(state := big_endian(simulate(bound)), observed(observable, state)).real,
        value[0][0] + 1e-12 * observable.weight,
        value[0][0] + 0.1,
    ]
    caught = [not judge_values(lie, value, bound, energy, "complex128").passed for lie in lies]
    assert all(caught), caught


def without_the_heaviest(circuit: Circuit, observable: Observable) -> Observable:
    """The observable without the term that the value owes most to."""
    parts = [
        abs(honest_expectation(circuit, Observable((term,)), np.complex128)) for term in observable.terms
    ]
    heaviest = parts.index(max(parts))
    return Observable(observable.terms[:heaviest] + observable.terms[heaviest + 1 :])


def test_rows_of_a_sweep_in_another_order_are_caught() -> None:
    circuit = Circuit(1, (Operation("ry", (0,), (Parameter("a"),)),))
    rows = ((0.1,), (0.5,), (2.0,))
    task = Task(
        "sweep", observable=Observable((PauliTerm(1.0, ((0, "Z"),)),)), parameters=("a",), bindings=rows
    )
    right = [expectation(reference_state(circuit.bind({"a": a})), task.observable) for (a,) in rows]
    answer = np.cos([a for (a,) in rows])
    assert judge_values(answer, right, circuit, task, "complex128").passed
    judged = judge_values(answer[[0, 2, 1]], right, circuit, task, "complex128")
    assert judged.reason == f"the expectation value at binding 1 is off by 1.3; allowed is {_short(judged)}"
    assert judge_values(answer[:2], right, circuit, task, "complex128").malformed


def _short(judged: object) -> str:
    return f"{judged.figures['bound']:.2g}"  # type: ignore[attr-defined]


def test_a_derivative_that_is_zero_may_be_exactly_zero() -> None:
    circuit = Circuit(2, (Operation("h", (0,)), Operation("rx", (1,), (Parameter("a"),))))
    task = gradient_task(Observable((PauliTerm(1.0, ((0, "Z"),)),)), {"a": 0.8})
    right = gradient(circuit, ["a"], [0.8], task.observable)
    judged = judge_values(np.zeros(1), right, circuit, task, "complex128")
    assert judged.passed
    assert judged.figures["gradient_error"] < 1e-30
    assert not judge_values(np.array([1e-9]), right, circuit, task, "complex128").passed


# ---- form


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (np.array([0.1, 0.2]), "shape"),
        (np.array([[0.1]]), "shape"),
        (0.1 + 0j, "complex"),
        (np.array([0.1 + 0j]), "complex128"),
        (math.nan, "1 of 1 values"),
        (np.array(-math.inf), "not finite"),
        (np.array([0.1], np.float32), "declared is complex128"),
        (True, "bool"),
        ({0: 1}, "dict"),
        ("0.1", "str"),
        (None, "NoneType"),
    ],
)
def test_malformed_answers_are_named(answer: object, word: str) -> None:
    task = Task("expval", observable=Observable((PauliTerm(1.0, ((0, "Z"),)),)))
    judged = judge_values(answer, [(0.1, 0.0)], Circuit(1, ()), task, "complex128")
    assert not judged.passed
    assert judged.malformed
    assert word in (judged.reason or "")
    assert set(judged.figures) == {"bound", "gates", "weight"}


@pytest.mark.parametrize("answer", [1.0, 1, np.float64(1.0), np.array(1.0), np.array([1.0]), np.array([1])])
def test_one_number_may_come_in_any_form_of_one(answer: object) -> None:
    task = Task("expval", observable=Observable((PauliTerm(1.0, ((0, "Z"),)),)))
    judged = judge_values(answer, [(1.0, 0.0)], Circuit(1, ()), task, "complex128")
    assert judged.passed
    assert judged.figures["expectation_error"] == 0.0
    assert all(type(value) in (int, float) for value in judged.figures.values())


def test_errors_far_below_double_are_seen() -> None:
    task = Task("expval", observable=Observable((PauliTerm(1.0, ((0, "Z"),)),)))
    judged = judge_values(1.0, [(1.0, -(2.0**-80))], Circuit(1, ()), task, "complex128")
    assert judged.figures["expectation_error"] == 2.0**-80


# ---- the bound


def test_the_bound_follows_its_formula() -> None:
    u = ROUNDOFF["complex128"]
    chain = Circuit(1, tuple(Operation("rx", (0,), (0.01 * k,)) for k in range(1, 50)))
    terms = (PauliTerm(3.0, ((0, "Z"),)), PauliTerm(-1.0, ()))
    task = Task("expval", observable=Observable(terms))
    units = FACTORS["expval"] * 7 + (2 + 2) / 2
    assert values_bound(chain, task, "complex128") == pytest.approx(u * units * 4.0)
    longer = Circuit(1, 4 * chain.operations)
    assert values_bound(chain, task, "complex128", executed=longer) == values_bound(
        longer, task, "complex128"
    )
    sums = Circuit(1, (Operation("u", (0,), (0.4, 1e15, -1e15)),))
    for precision, most in LARGEST_BOUND.items():
        assert values_bound(sums, task, precision) == most  # absolute: 1e-9 is wrong in double
        for weight, allowed in ((0.5, 0.5), (64.0, 1.0), (640.0, 10.0)):
            scaled = Task("expval", observable=Observable((PauliTerm(weight, ((0, "Z"),)),)))
            assert values_bound(sums, scaled, precision) == pytest.approx(most * allowed)
    with pytest.raises(QbenchError, match="complex256"):
        values_bound(chain, task, "complex256")
    with pytest.raises(QbenchError, match="a state task asks for no numbers"):
        values_bound(chain, Task("state"), "complex128")


def test_a_gradients_bound_grows_with_what_it_sums() -> None:
    angles = [Parameter("a", -2.0), Parameter("b", 0.5, 0.1), Parameter("a", 0.5)]
    free = Circuit(1, tuple(Operation("rx", (0,), (angle,)) for angle in angles))
    observable = Observable((PauliTerm(3.0, ((0, "Z"),)),))
    slope = gradient_task(observable, {"a": 0.3, "b": 0.2})
    value = Task("sweep", observable=observable, parameters=slope.parameters, bindings=slope.bindings)
    path = path_length(free, "complex128", {"a": 0.3, "b": 0.2})
    units = FACTORS["gradient"] * path + (2 + 1) / 2
    steepness = 2.5
    assert values_bound(free, slope, "complex128") == pytest.approx(2.0**-53 * units * 3.0 * steepness)
    assert values_bound(free, value, "complex128") < values_bound(free, slope, "complex128")
    judged = judge_values(np.zeros(2), [(0.0, 0.0)] * 2, free, slope, "complex128")
    assert judged.figures["weight"] == 7.5
    lowered = Circuit(1, 2 * free.operations)
    assert values_bound(free, slope, "complex128", lowered) > 1.9 * values_bound(free, slope, "complex128")


def test_the_widest_binding_counts() -> None:
    free = Circuit(1, (Operation("u", (0,), (Parameter("a"), Parameter("a"), 0.1)),))
    observable = Observable((PauliTerm(1.0, ((0, "Z"),)),))

    def bound(*rows: float) -> float:
        task = Task("sweep", observable=observable, parameters=("a",), bindings=tuple((row,) for row in rows))
        return values_bound(free, task, "complex128")

    assert bound(0.1, 400.0) == bound(400.0) > 10 * bound(0.1)


def test_parameters_count_as_their_values() -> None:
    """A parameter that is only doubled counts as an angle; one that is scaled and shifted as a sum."""
    plain = Circuit(1, (Operation("rz", (0,), (Parameter("a", 2.0),)),) * 5)
    assert path_length(plain, "complex128", {"a": 300.0}) == path_length(
        plain.bind({"a": 300.0}), "complex128"
    )
    shifted = Circuit(1, (Operation("rz", (0,), (Parameter("a", 1.0, 500.0),)),))
    assert path_length(shifted, "complex128", {"a": -499.0}) == pytest.approx(999 / math.tau)
