"""The amplitude gate: what it lets pass, what it catches, what it says."""

from __future__ import annotations

import csv
import math
import random
from pathlib import Path

import numpy as np
import pytest
from misbehaving import simulate

from qbench.errors import QbenchError
from qbench.ir import GATES, Circuit, Operation
from qbench.verify.reference import reference_state
from qbench.verify.state import FACTOR, ROUNDOFF, amplitude_bound, judge_state

CALIBRATION = Path(__file__).parents[2] / "results" / "calibration" / "amplitude_error.csv"


def random_circuit(seed: int, n: int, gates: int, names: list[str] | None = None) -> Circuit:
    rng = random.Random(seed)
    names = [name for name in names or GATES if GATES[name][0] <= n]
    ops = []
    for _ in range(gates):
        name = rng.choice(names)
        size, count = GATES[name]
        angles = tuple(rng.uniform(-3, 3) for _ in range(count))
        ops.append(Operation(name, tuple(rng.sample(range(n), size)), angles))
    return Circuit(n, tuple(ops))


def off_by(circuit: Circuit, delta: float) -> Circuit:
    """The circuit with its first rotation turned too far."""
    ops = list(circuit.operations)
    at = next(k for k, op in enumerate(ops) if op.params)
    ops[at] = ops[at]._replace(params=(ops[at].params[0] + delta, *ops[at].params[1:]))
    return Circuit(circuit.num_qubits, tuple(ops))


@pytest.mark.parametrize("seed", range(12))
def test_an_honest_simulator_passes_in_either_precision(seed: int) -> None:
    circuit = random_circuit(seed, 2 + seed % 6, 1 + 10 * seed)
    reference = reference_state(circuit)
    double = judge_state(simulate(circuit), reference, circuit, "complex128")
    assert double.passed, double
    assert set(double.figures) == {
        "bound", "gates", "max_amplitude_error", "norm_error", "infidelity", "correct_digits"
    }  # fmt: skip
    assert all(type(value) in (int, float) and math.isfinite(value) for value in double.figures.values())
    single = judge_state(simulate(circuit, dtype=np.complex64), reference, circuit, "complex64")
    assert single.passed, single
    if circuit.num_qubits > 2 and seed:
        assert not judge_state(
            simulate(circuit, dtype=np.complex64).astype(complex), reference, circuit, "complex128"
        ).passed


def test_the_global_phase_is_free_and_the_relative_is_not() -> None:
    circuit = random_circuit(3, 4, 40)
    reference = reference_state(circuit)
    answer = simulate(circuit)
    assert judge_state(answer * np.exp(0.7j), reference, circuit, "complex128").passed
    answer[3] *= np.exp(1e-9j)
    assert not judge_state(answer, reference, circuit, "complex128").passed


@pytest.mark.parametrize("n", range(2, 13))
def test_an_amplitude_error_of_1e9_is_caught_at_every_size(n: int) -> None:
    circuit = random_circuit(n, n, 20 * n)
    answer = simulate(circuit)
    answer[n] += 1e-9
    judged = judge_state(answer, reference_state(circuit), circuit, "complex128")
    assert not judged.passed
    assert judged.figures["max_amplitude_error"] == pytest.approx(1e-9, rel=0.3)


@pytest.mark.parametrize("n", range(1, 9))
def test_an_angle_off_by_1e12_is_caught(n: int) -> None:
    circuit = random_circuit(n, n, 10 * n, ["rx", "ry", "u", "cx", "rz", "cp"])
    first = [Operation("ry", (q,), (0.9 + q / 7,)) for q in range(n)]
    circuit = Circuit(n, (*first, *circuit.operations))
    reference = reference_state(circuit)
    assert judge_state(simulate(circuit), reference, circuit, "complex128").passed
    assert not judge_state(simulate(off_by(circuit, 1e-12)), reference, circuit, "complex128").passed


def test_infidelity_is_seen_far_below_double() -> None:
    circuit = Circuit(1, (Operation("ry", (0,), (0.3,)),))
    exact = reference_state(circuit)
    turned = reference_state(off_by(circuit, 1e-9)).rounded()
    judged = judge_state(turned, exact, circuit, "complex128")
    # sin^2(delta/2), where delta is 1e-9 to the spacing of doubles at 0.3
    assert judged.figures["infidelity"] == pytest.approx(2.5e-19, rel=1e-6)
    assert judged.figures["max_amplitude_error"] == pytest.approx(5e-10, rel=0.05)
    scaled = judge_state(1.001 * exact.rounded(), exact, circuit, "complex128")
    assert scaled.figures["infidelity"] < 1e-31
    assert scaled.figures["norm_error"] == pytest.approx(1e-3)
    assert not scaled.passed


def test_orthogonal_and_zero_answers_are_wrong_with_finite_figures() -> None:
    circuit = Circuit(1, ())
    reference = reference_state(circuit)
    for answer in (np.array([0, 1j]), np.zeros(2, complex)):
        judged = judge_state(answer, reference, circuit, "complex128")
        assert not judged.passed
        assert not judged.malformed
        assert judged.figures["infidelity"] == 1.0
        assert all(math.isfinite(value) for value in judged.figures.values())
    right = judge_state(np.array([1.0, 0j]), reference, circuit, "complex128")
    assert right.passed
    assert right.figures["correct_digits"] == 17.0


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (np.array([1, 0, 0, 0], complex), "shape"),
        (np.array([[1, 0]], complex), "shape"),
        (np.array([1.0, 0.0]), "float64"),
        (np.array([1, np.nan], complex), "1 of 2 amplitudes"),
        (np.array([np.inf, 0], complex), "not finite"),
        (np.array([1e300, 0], complex), "1e9"),
        (np.array([1, 0], np.complex64), "declared is complex128"),
        ([1, 0], "list"),
        ({0: 1}, "dict"),
    ],
)
def test_malformed_answers_are_named(answer: object, word: str) -> None:
    circuit = Circuit(1, ())
    judged = judge_state(answer, reference_state(circuit), circuit, "complex128")  # type: ignore[arg-type]
    assert not judged.passed
    assert judged.malformed
    assert word in (judged.reason or "")


def test_the_bound_follows_its_formula() -> None:
    u = 2.0**-53
    different = Circuit(1, tuple(Operation("rx", (0,), (0.01 * k,)) for k in range(1, 50)))
    same = Circuit(1, 49 * (Operation("rx", (0,), (0.01,)),))
    assert amplitude_bound(different, "complex128") == pytest.approx(FACTOR * u * 7)
    assert amplitude_bound(same, "complex128") == pytest.approx(FACTOR * u * 49)
    assert amplitude_bound(Circuit(1, ()), "complex64") == FACTOR * 2.0**-24
    far = Circuit(1, (Operation("rx", (0,), (-200 * math.pi,)),))
    assert amplitude_bound(far, "complex128") == pytest.approx(FACTOR * u * 100)
    assert amplitude_bound(far, "complex128", executed=Circuit(1, ())) == amplitude_bound(far, "complex128")
    assert amplitude_bound(Circuit(1, ()), "complex128", executed=far) == amplitude_bound(far, "complex128")
    with pytest.raises(QbenchError, match="complex256"):
        amplitude_bound(far, "complex256")


def test_the_factor_has_its_margin_over_every_honest_simulator_measured() -> None:
    with CALIBRATION.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["circuit_id"] for row in rows}) >= 300
    assert len({row["simulator"] for row in rows}) == 7
    assert FACTOR / max(float(row["in_bound_per_factor"]) for row in rows) > 2


@pytest.mark.parametrize("precision", ["complex128", "complex64"])
@pytest.mark.parametrize("angle", [1e6, 1e10, 1e15, 1e300])
def test_no_angle_makes_the_judge_look_away(angle, precision):
    rotation = Circuit(
        3, (Operation("h", (0,)), Operation("rz", (0,), (angle,)), Operation("ry", (1,), (0.3,)))
    )
    assert amplitude_bound(rotation, precision) < 100 * ROUNDOFF[precision]
    sums = Circuit(3, (*rotation.operations, Operation("u", (2,), (0.4, angle, -angle))))
    assert amplitude_bound(sums, precision) <= {"complex128": 5e-10, "complex64": 1e-3}[precision]
    for circuit in (rotation, sums):
        reference = reference_state(circuit)
        wrong = reference.rounded().reshape(2, 2, 2).transpose().reshape(-1).astype(precision)
        assert not judge_state(wrong, reference, circuit, precision).passed
    off = reference_state(rotation).rounded() + 1e-9 * np.eye(8)[5]
    assert not judge_state(off, reference_state(rotation), rotation, "complex128").passed
