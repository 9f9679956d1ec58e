import math
import random

import numpy as np
import pytest
from exact_gates import distance, evolve, final_state

from qbench.circuits.families import FAMILIES
from qbench.circuits.families.high_performance import fourier_transform
from qbench.circuits.families.synthetic import haar_su4, qv
from qbench.ir import Circuit

EVERY = [(name, size) for name, family in FAMILIES.items() for size in family.sizes]


@pytest.mark.parametrize(("name", "size"), EVERY)
def test_every_circuit_has_its_known_answer(name, size):
    family = FAMILIES[name]
    circuit = family.build(size)
    assert circuit.num_qubits == circuit.num_clbits == size
    assert circuit.readout == tuple(range(size))
    assert circuit.features == frozenset()
    state = final_state(circuit)
    assert abs(np.vdot(state, state) - 1) < 1e-13
    if family.amplitudes:
        assert distance(state, np.array(family.amplitudes(size))) < 1e-14
    if family.probabilities:
        assert np.abs(np.abs(state) ** 2 - family.probabilities(size)).max() < 1e-14


def test_the_sizes_that_the_library_promises():
    assert {name: (family.sizes[0], family.sizes[-1]) for name, family in FAMILIES.items()} == {
        "ghz": (2, 12),
        "qft": (2, 12),
        "hea": (2, 12),
        "qpe": (3, 12),
        "qpe_inexact": (3, 12),
        "qv": (2, 12),
    }


@pytest.mark.parametrize("size", [2, 3, 5])
def test_the_fourier_transform_is_the_matrix(size):
    dimension = 2**size
    k = np.arange(dimension)
    expected = np.exp(2j * np.pi * np.outer(k, k) / dimension) / math.sqrt(dimension)
    identity = np.eye(dimension, dtype=complex)
    forward = evolve(Circuit(size, tuple(fourier_transform(size))), identity)
    assert np.abs(forward - expected).max() < 1e-14
    backward = evolve(Circuit(size, tuple(fourier_transform(size, inverse=True))), identity)
    assert np.abs(backward - expected.conj()).max() < 1e-14


def test_the_inexact_phase_is_spread_as_its_sentence_says():
    family = FAMILIES["qpe_inexact"]
    for size in family.sizes:
        chances = family.probabilities(size)
        assert math.isclose(math.fsum(chances), 1, abs_tol=1e-12)
        assert f"{max(chances):.6f}" in family.known_answer(size)
        assert chances.index(max(chances)) == 2 ** (size - 1) + round(2 ** (size - 1) / 3)


def test_two_qubit_gates_are_haar_random():
    """Moments of Haar's measure on U(4), and one that only the Cartan angles decide.

    E|tr U|^2k = k! for k up to 4; with U in the magic basis, U^T U is a circular orthogonal ensemble, where
    E|tr|^2 = 2N/(N+1) = 8/5 (200 000 Haar matrices made by QR gave 1.606 with standard error 0.004).
    """
    draw = random.Random(2024).random
    count = 6000
    magic = np.array([[1, 0, 0, 1j], [0, 1j, 1, 0], [0, 1j, -1, 0], [1, 0, 0, -1j]]) / math.sqrt(2)
    identity = np.eye(4, dtype=complex)
    traces, invariants, corners = [], [], []
    for _ in range(count):
        gate = evolve(Circuit(2, tuple(haar_su4(draw, 0, 1))), identity)
        traces.append(abs(np.trace(gate)) ** 2)
        turned = magic.conj().T @ gate @ magic
        invariants.append(abs(np.trace(turned.T @ turned)) ** 2)
        corners.append(np.abs(gate) ** 2)

    def agrees(sample, expected):
        error = np.std(sample) / math.sqrt(count)
        return abs(np.mean(sample) - expected) < 4 * error < 0.4 * expected

    assert agrees(np.array(traces), 1)
    assert agrees(np.array(traces) ** 2, 2)
    assert agrees(np.array(traces) ** 3, 6)
    assert agrees(np.array(invariants), 1.6)
    for row in range(4):
        for column in range(4):
            entry = np.array([corner[row, column] for corner in corners])
            assert agrees(entry, 1 / 4)
            assert agrees(entry**2, 2 / (4 * 5))


def test_the_heavy_outputs_of_quantum_volume():
    shares = []
    for seed in range(40):
        chances = np.abs(final_state(qv(6, seed=seed))) ** 2
        shares.append(chances[chances > np.median(chances)].sum())
    assert abs(np.mean(shares) - 0.8466) < 0.015


def test_angles_are_rounded_or_multiples_of_pi():
    for name, size in EVERY:
        for op in FAMILIES[name].build(size).gates:
            for angle in op.params:
                if name in ("qv", "hea"):
                    assert angle == round(angle, 12)
                else:
                    assert -math.pi <= angle <= math.pi
