"""The judge of density matrices: what it lets pass, what it catches, what it says."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from misbehaving import big_endian
from noisy import WAYS, random_noisy_circuit, simulate_density

from qbench.circuits.noise import NOISE_MODELS, parse_noise, with_noise
from qbench.errors import QbenchError
from qbench.ir import CHANNELS, Circuit, Operation
from qbench.verify.density import reference_density
from qbench.verify.matrices import density_bound, judge_density

FIGURES = {
    "bound", "gates", "channels", "max_element_error", "frobenius_error", "trace_error", "hermiticity_error",
    "overlap_error", "correct_digits",
}  # fmt: skip


def layered(n: int, layers: int, noise: str) -> Circuit:
    """A state that is spread out, so that no element is large: the hardest case for a single fault."""
    ops = []
    for layer in range(layers):
        ops += [Operation("ry", (q,), (0.9 + 0.1 * q + layer,)) for q in range(n)]
        ops += [Operation("rz", (q,), (0.3 + 0.2 * q + layer,)) for q in range(n)]
        ops += [Operation("cx", (q, q + 1)) for q in range(layer % 2, n - 1, 2)]
    return with_noise(Circuit(n, tuple(ops)), parse_noise(noise))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("seed", range(10))
def test_an_honest_simulator_passes_in_either_precision(seed: int, way: str) -> None:
    circuit = random_noisy_circuit(seed, 1 + seed % 5, 1 + 7 * seed)
    reference = reference_density(circuit)
    double = judge_density(simulate_density(circuit, way=way), reference, circuit, "complex128")
    assert double.passed, double
    assert set(double.figures) == FIGURES
    assert all(type(value) in (int, float) and math.isfinite(value) for value in double.figures.values())
    single_answer = simulate_density(circuit, np.complex64, way)
    single = judge_density(single_answer, reference, circuit, "complex64")
    assert single.passed, single
    if seed > 1:
        assert not judge_density(single_answer.astype(complex), reference, circuit, "complex128").passed


@pytest.mark.parametrize("model", NOISE_MODELS)
@pytest.mark.parametrize("n", [2, 4, 6])
def test_the_reference_rounded_passes_and_an_element_off_by_1e9_does_not(model: str, n: int) -> None:
    circuit = with_noise(
        Circuit(n, tuple(Operation("ry", (q,), (1.0 + q,)) for q in range(n))), NOISE_MODELS[model]
    )
    reference = reference_density(circuit)
    answer = reference.rounded()
    assert judge_density(answer, reference, circuit, "complex128").passed
    for r, c in ((0, 0), (0, 1), (n, 2)):
        wrong = answer.copy()
        wrong[r, c] += 1e-9
        judged = judge_density(wrong, reference, circuit, "complex128")
        assert not judged.passed
        assert judged.figures["max_element_error"] == pytest.approx(1e-9, rel=1e-6)


@pytest.mark.parametrize("p", [1e-9, 1e-6, 1e-3, 0.1])
@pytest.mark.parametrize(("n", "layers"), [(1, 3), (3, 6), (6, 3)])
def test_p_replaced_by_three_quarters_of_it_is_far_outside(p: float, n: int, layers: int) -> None:
    circuit = layered(n, layers, f"depolarizing1={p},depolarizing2={p}")
    reference = reference_density(circuit)
    channels = [k for k, op in enumerate(circuit.operations) if op.name in CHANNELS]
    faults = [channels, channels[:1], channels[-1:], [channels[len(channels) // 2]]]
    for fault in faults:  # everywhere, and in a single channel: the first, the last, one in the middle
        ops = list(circuit.operations)
        for k in fault:
            ops[k] = ops[k]._replace(params=(0.75 * p,))
        wrong = reference_density(Circuit(n, tuple(ops))).rounded()
        judged = judge_density(wrong, reference, circuit, "complex128")
        assert not judged.passed
        assert judged.figures["frobenius_error"] > 20 * judged.figures["bound"]


@pytest.mark.parametrize("kind", CHANNELS)
@pytest.mark.parametrize("p", [1e-9, 1e-3, 0.1])
def test_any_strength_off_by_a_quarter_is_caught(kind: str, p: float) -> None:
    circuit = layered(4, 3, f"{kind}1={p},{kind}2={p}")
    reference = reference_density(circuit)
    ops = [op._replace(params=(0.75 * p,)) if op.name in CHANNELS else op for op in circuit.operations]
    wrong = simulate_density(Circuit(4, tuple(ops)))
    assert judge_density(simulate_density(circuit), reference, circuit, "complex128").passed
    assert not judge_density(wrong, reference, circuit, "complex128").passed


def _faults() -> dict[str, object]:
    def swapped_damping(op: Operation) -> Operation:
        other = {"amplitude_damping": "phase_damping", "phase_damping": "amplitude_damping"}
        return op._replace(name=other.get(op.name, op.name))

    def one_by_one(circuit: Circuit) -> Circuit:
        ops = []
        for op in circuit.operations:
            alone = op.name == "depolarizing" and len(op.qubits) == 2
            ops += [op._replace(qubits=(q,)) for q in op.qubits] if alone else [op]
        return Circuit(circuit.num_qubits, tuple(ops))

    def noise_first(circuit: Circuit) -> Circuit:
        ops: list[Operation] = []
        gate: list[Operation] = []
        for op in circuit.operations:
            if op.name in CHANNELS:
                ops.append(op)
            else:
                ops += gate
                gate = [op]
        return Circuit(circuit.num_qubits, (*ops, *gate))

    def both_big_endian(rho: np.ndarray) -> np.ndarray:
        half = np.stack([big_endian(row) for row in rho])
        return np.stack([big_endian(column) for column in half.T]).T

    return {
        "no noise": lambda c: simulate_density(c, rewrite=lambda op: None if op.name in CHANNELS else op),
        "the dampings exchanged": lambda c: simulate_density(c, rewrite=swapped_damping),
        "depolarizing each qubit": lambda c: simulate_density(one_by_one(c)),
        "noise before its gate": lambda c: simulate_density(noise_first(c)),
        "transposed": lambda c: simulate_density(c).T,
        "big-endian": lambda c: both_big_endian(simulate_density(c)),
        "trace 1 + 1e-9": lambda c: simulate_density(c) * (1 + 1e-9),
        "last channel missing": lambda c: simulate_density(
            Circuit(c.num_qubits, tuple(op for k, op in enumerate(c.operations) if k + 1 < len(c.operations)))
        ),
        "single precision": lambda c: simulate_density(c, np.complex64).astype(complex),
    }  # fmt: skip


@pytest.mark.parametrize("fault", _faults())
def test_a_simulator_with_a_fault_is_caught(fault: str) -> None:
    circuit = layered(4, 3, "device")
    answer = _faults()[fault](circuit)  # type: ignore[operator]
    assert not judge_density(answer, reference_density(circuit), circuit, "complex128").passed


def test_trace_and_hermiticity_have_figures_of_their_own() -> None:
    circuit = layered(2, 2, "pauli")
    reference = reference_density(circuit)
    answer = reference.rounded()
    answer[0, 1] += 1e-6
    judged = judge_density(answer, reference, circuit, "complex128")
    assert judged.figures["hermiticity_error"] == pytest.approx(1e-6, rel=1e-6)
    assert judged.figures["trace_error"] < 1e-15
    answer = reference.rounded()
    answer[1, 1] += 1e-6j
    judged = judge_density(answer, reference, circuit, "complex128")
    assert judged.figures["trace_error"] == pytest.approx(1e-6, rel=1e-6)
    assert judged.figures["hermiticity_error"] == pytest.approx(2e-6, rel=1e-6)


def test_the_bound_counts_channels_takes_the_longer_path_and_has_an_end() -> None:
    short = Circuit(2, (Operation("swap", (0, 1)), Operation("depolarizing", (0, 1), (0.1,))))
    long = Circuit(
        2, (*(Operation("cx", (0, 1)) for _ in range(30)), Operation("depolarizing", (0, 1), (0.1,)))
    )
    assert density_bound(short, "complex128", long) == density_bound(long, "complex128")
    assert density_bound(long, "complex128", short) == density_bound(long, "complex128")
    many = Circuit(1, 1000 * (Operation("phase_damping", (0,), (0.1,)),))
    assert density_bound(many, "complex128") > 900 * density_bound(Circuit(1, ()), "complex128")
    huge = Circuit(1, (Operation("u", (0,), (1e100, 1e100, 1e100)),))
    assert density_bound(huge, "complex128") == 5e-10
    assert density_bound(huge, "complex64") == 1e-2
    with pytest.raises(QbenchError, match="half"):
        density_bound(short, "half")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ([[1, 0], [0, 0]], "is a list, expected an array"),
        (np.eye(2), "float64"),
        (np.eye(2, dtype=np.complex64), "declared is complex128"),
        (np.eye(4, dtype=complex), r"shape \(4, 4\), expected \(2, 2\)"),
        (np.zeros(4, dtype=complex), r"shape \(4,\)"),
        (np.array([[1, np.nan], [0, np.inf]], dtype=complex), "2 of 4 elements are not finite"),
        (np.array([[1e300, 0], [0, 0]], dtype=complex), "beyond 1e9"),
    ],
)
def test_what_is_no_density_matrix_is_malformed(answer: object, words: str) -> None:
    circuit = Circuit(1, ())
    judged = judge_density(answer, reference_density(circuit), circuit, "complex128")  # type: ignore[arg-type]
    assert judged.malformed
    assert not judged.passed
    assert set(judged.figures) == {"bound", "gates", "channels"}
    assert re.search(words, str(judged.reason))
