"""What the circuits of chemistry, arithmetic, linear systems, walks and others compute, by other means."""

import cmath
import math
import re
from itertools import product

import numpy as np
import pytest
from exact_gates import distance, final_state, unitary
from scipy.linalg import expm

from qbench.circuits.families import FAMILIES
from qbench.circuits.families.arithmetic import adder, multiplier
from qbench.circuits.families.chemistry import (
    H2_HAMILTONIAN,
    H2_NUCLEAR_REPULSION,
    energy,
    total_energy,
    vqe_h2,
)
from qbench.circuits.families.high_performance import qft_roundtrip
from qbench.circuits.families.hydrogen_ansatz import vqe_h2_ansatz
from qbench.circuits.families.linear_systems import hhl
from qbench.circuits.families.pauli_propagation import pauli
from qbench.circuits.families.quantum_walk import quantum_walk
from qbench.ir import Circuit

BOHR = 0.52917721092
"""In angstrom: CODATA 2010, with which the published coefficients were made."""


class Hydrogen:
    """Integrals of H2 in the STO-3G basis (Szabo and Ostlund, Modern Quantum Chemistry, appendix A)."""

    exponents = (3.425250914, 0.6239137298, 0.1688554040)
    weights = (0.1543289673, 0.5353281423, 0.4446345422)

    def __init__(self, angstrom):
        self.distance = angstrom / BOHR
        self.centres = (0.0, self.distance)
        norms = [(2 * a / math.pi) ** 0.75 for a in self.exponents]
        self.primitives = [
            [(a, w * n, centre) for a, w, n in zip(self.exponents, self.weights, norms, strict=True)]
            for centre in self.centres
        ]
        overlap = self.one(self.overlap)
        symmetric = 1 / math.sqrt(2 * (1 + overlap[0, 1]))
        antisymmetric = 1 / math.sqrt(2 * (1 - overlap[0, 1]))
        self.orbitals = np.array([[symmetric, antisymmetric], [symmetric, -antisymmetric]])
        core = self.one(self.kinetic) + self.one(self.attraction)
        self.core = self.orbitals.T @ core @ self.orbitals
        repulsion = np.empty((2,) * 4)
        for index in product(range(2), repeat=4):
            repulsion[index] = self.contracted(self.repulsion, index)
        o = self.orbitals
        self.two = np.einsum("pqrs,pi,qj,rk,sl->ijkl", repulsion, o, o, o, o)

    def contracted(self, integral, index):
        total = 0.0
        for combination in product(*(self.primitives[i] for i in index)):
            weight = math.prod(w for _, w, _ in combination)
            total += weight * integral(*((a, centre) for a, _, centre in combination))
        return total

    def one(self, integral):
        return np.array([[self.contracted(integral, (i, j)) for j in range(2)] for i in range(2)])

    @staticmethod
    def overlap(one, other):
        (a, x), (b, y) = one, other
        return (math.pi / (a + b)) ** 1.5 * math.exp(-a * b / (a + b) * (x - y) ** 2)

    @staticmethod
    def kinetic(one, other):
        (a, x), (b, y) = one, other
        reduced = a * b / (a + b)
        return reduced * (3 - 2 * reduced * (x - y) ** 2) * Hydrogen.overlap(one, other)

    def attraction(self, one, other):
        (a, x), (b, y) = one, other
        middle = (a * x + b * y) / (a + b)
        spread = math.exp(-a * b / (a + b) * (x - y) ** 2)
        values = (self.boys((a + b) * (middle - nucleus) ** 2) for nucleus in self.centres)
        return -2 * math.pi / (a + b) * spread * sum(values)

    @staticmethod
    def repulsion(first, second, third, fourth):
        (a, v), (b, w), (c, x), (d, y) = first, second, third, fourth
        p, q = a + b, c + d
        middle = (a * v + b * w) / p - (c * x + d * y) / q
        spread = math.exp(-a * b / p * (v - w) ** 2 - c * d / q * (x - y) ** 2)
        return (
            2
            * math.pi**2.5
            / (p * q * math.sqrt(p + q))
            * spread
            * Hydrogen.boys(p * q / (p + q) * middle**2)
        )

    @staticmethod
    def boys(t):
        return 1 - t / 3 if t < 1e-12 else math.sqrt(math.pi / t) / 2 * math.erf(math.sqrt(t))

    def matrix(self):
        """The electrons' Hamiltonian on spin orbitals g up, g down, u up, u down, mode q in bit q."""
        lower = np.array([[0.0, 1.0], [0.0, 0.0]])
        modes = []
        for mode in range(4):
            found = np.eye(1)
            for factor in [np.diag([1.0, -1.0])] * mode + [lower] + [np.eye(2)] * (3 - mode):
                found = np.kron(factor, found)
            modes.append(found)
        total = np.zeros((16, 16))
        for p, q in product(range(4), repeat=2):
            if p % 2 == q % 2:
                total += self.core[p // 2, q // 2] * modes[p].T @ modes[q]
        for p, q, r, s in product(range(4), repeat=4):
            if p % 2 == s % 2 and q % 2 == r % 2:
                integral = self.two[p // 2, s // 2, q // 2, r // 2]
                total += integral / 2 * modes[p].T @ modes[q].T @ modes[r] @ modes[s]
        return total


HYDROGEN = Hydrogen(0.735)
LETTERS = {
    "X": np.array([[0, 1], [1, 0]]),
    "Y": np.array([[0, -1j], [1j, 0]]),
    "Z": np.diag([1, -1]),
    "I": np.eye(2),
}


def operator(text, size):
    """The matrix of "X0 Y2": qubit 0 is the last factor."""
    letters = {int(factor[1:]): factor[0] for factor in text.split()}
    found = np.eye(1)
    for q in range(size):
        found = np.kron(LETTERS[letters.get(q, "I")], found)
    return found


def test_the_two_qubit_hamiltonian_is_that_of_hydrogen():
    """The states 01 and 10 are |g up, g down> and |u up, u down>: the two corners of the full matrix."""
    small = sum(value * operator(text, 2) for text, value in H2_HAMILTONIAN.items())
    full = HYDROGEN.matrix()
    corners = full[np.ix_([0b0011, 0b1100], [0b0011, 0b1100])]
    assert np.abs(small[np.ix_([0b01, 0b10], [0b01, 0b10])] - corners).max() < 1e-7
    assert abs(H2_NUCLEAR_REPULSION - 1 / HYDROGEN.distance) < 1e-12


@pytest.mark.parametrize("size", [2, 4])
def test_the_energy_of_hydrogen(size):
    state = final_state(vqe_h2(size))
    if size == 2:
        matrix = sum(value * operator(text, 2) for text, value in H2_HAMILTONIAN.items())
    else:
        matrix = HYDROGEN.matrix()
    found = np.vdot(state, matrix @ state).real + H2_NUCLEAR_REPULSION
    assert abs(found - -1.137306) < 1e-6
    lowest = np.linalg.eigvalsh(matrix)[0] + H2_NUCLEAR_REPULSION
    assert abs(found - lowest) < 1e-10, "the circuit's state is the ground state"
    assert abs(energy() - lowest) < 1e-8
    assert f"{found:.6f}"[:8] in FAMILIES["vqe_h2"].known_answer(size)


def test_the_energy_is_the_sum_of_the_stored_expectations():
    values = FAMILIES["vqe_h2"].expectations(2)
    total = sum(value * values.get(text, 1.0) for text, value in H2_HAMILTONIAN.items())
    assert set(H2_HAMILTONIAN) - {""} <= set(values)
    assert abs(total + H2_NUCLEAR_REPULSION - energy()) < 1e-12


@pytest.mark.parametrize("size", FAMILIES["hhl"].sizes)
def test_the_linear_system_is_solved(size):
    solution = np.linalg.solve([[1, -1 / 3], [-1 / 3, 1]], [0, 1])
    state = final_state(hhl(size))
    made = 2 ** (size - 1)
    x = np.array([state[made], state[made + 2 ** (size - 2)]])
    assert distance(x / np.linalg.norm(x), solution / np.linalg.norm(solution)) < 1e-11
    assert abs(abs(x[1] / x[0]) ** 2 - 9) < 1e-9
    chances = np.abs(state) ** 2
    assert abs(chances[made:].sum() - 5 / 8) < 1e-11
    for outcome in (made, made + 2 ** (size - 2)):
        assert f"outcome {outcome} with {chances[outcome]:.6f}" in FAMILIES["hhl"].known_answer(size)
    clock = 2 ** (size - 2) - 1
    assert sum(p for k, p in enumerate(chances) if k & clock) < 1e-20, "the clock is given back empty"


def bits_of(outcome, qubits):
    return sum((outcome >> q & 1) << bit for bit, q in enumerate(qubits))


def the_outcome(circuit):
    chances = np.abs(final_state(circuit)) ** 2
    assert chances.max() > 1 - 1e-12
    return int(chances.argmax())


@pytest.mark.parametrize("size", [4, 6, 8])
def test_the_adder_adds_everything(size):
    bits = size // 2 - 1
    for a, b in product(range(2**bits), repeat=2):
        outcome = the_outcome(adder(size, a, b))
        assert bits_of(outcome, range(2, size - 1, 2)) == a
        assert bits_of(outcome, [*range(1, size - 1, 2), size - 1]) == a + b
        assert outcome & 1 == 0


@pytest.mark.parametrize(("size", "bits_a", "bits_b"), [(4, 1, 1), (6, 2, 1), (8, 2, 2), (10, 3, 2)])
def test_the_multiplier_multiplies_everything(size, bits_a, bits_b):
    width = bits_a + bits_b
    for a, b in product(range(2**bits_a), range(2**bits_b)):
        outcome = the_outcome(multiplier(size, a, b))
        assert bits_of(outcome, range(bits_a)) == a
        assert bits_of(outcome, range(bits_a, width)) == b
        assert bits_of(outcome, range(width, size)) == a * b


def said_bits(sentence, outcome):
    """The numbers in the bits that a sentence names, in its order: "bit 7", "bits 2, 4, 6", "bits 0 to 3"."""
    found = []
    for said in re.findall(r" in bits? (\d+ to \d+|\d+(?:, \d+(?!\d| in))*)", sentence):
        places = [int(place) for place in re.findall(r"\d+", said)]
        found.append(bits_of(outcome, range(places[0], places[1] + 1) if " to " in said else places))
    return found


@pytest.mark.parametrize("name", ["adder", "multiplier"])
def test_the_sentence_names_a_true_outcome(name):
    for size in (4, 8, 10):
        family = FAMILIES[name]
        sentence = family.known_answer(size)
        outcome = int(sentence.rpartition(" ")[2])
        a, *others = said_bits(sentence, outcome)
        assert a == 1
        assert others == ([0, 1, 0] if name == "adder" else [2 ** (size // 4) - 1] * 2)
        b = 2 ** (size // 2 - 1) - 1 if name == "adder" else 2 ** (size // 4) - 1
        assert the_outcome({"adder": adder, "multiplier": multiplier}[name](size, 1, b)) == outcome


@pytest.mark.parametrize("size", [3, 4, 5, 6])
def test_the_walk_is_the_matrix_power(size):
    count = 2 ** (size - 1)
    toss = np.kron(np.array([[1, 1], [1, -1]]) / math.sqrt(2), np.eye(count))
    shift = np.roll(np.eye(count), -1, axis=0)  # place k to k - 1
    moved = np.block([[shift, np.zeros((count, count))], [np.zeros((count, count)), shift.T]])
    start = np.zeros(2 * count, dtype=complex)
    start[0], start[count] = 1 / math.sqrt(2), 1j / math.sqrt(2)
    state = np.linalg.matrix_power(moved @ toss, 2 * size) @ start
    assert distance(final_state(quantum_walk(size)), state) < 1e-13
    places = np.abs(state[:count]) ** 2 + np.abs(state[count:]) ** 2
    assert np.allclose(places, places[-np.arange(count) % count]), "no preferred direction"
    assert f"probability {places.max():.6f}" in FAMILIES["quantum_walk"].known_answer(size)


@pytest.mark.parametrize("size", [2, 3, 5])
def test_the_round_trip_adds_one_to_every_number(size):
    gates = tuple(op for op in qft_roundtrip(size).gates if op.name != "x")
    matrix = unitary(Circuit(size, gates))
    assert np.abs(matrix - np.roll(np.eye(2**size), 1, axis=0)).max() < 1e-14


@pytest.mark.parametrize("size", FAMILIES["w"].sizes)
def test_the_w_state_is_even(size):
    state = np.array(FAMILIES["w"].amplitudes(size))
    expected = np.zeros(2**size)
    expected[[1 << q for q in range(size)]] = 1 / math.sqrt(size)
    assert distance(state, expected) < 1e-12, "the stored angles are rounded to 12 decimals"


@pytest.mark.parametrize("size", [2, 4, 7])
def test_the_cluster_state_is_left_alone_by_its_stabilizers(size):
    state = final_state(FAMILIES["cluster"].build(size))
    products = FAMILIES["cluster"].expectations(size)
    assert len(products) == size
    for text in products:
        assert pauli(text).text == text
        assert np.abs(operator(text, size) @ state - state).max() < 1e-14


def test_a_kernel_entry_is_the_overlap_of_two_feature_maps():
    """Feature by feature, from the formula of Havlicek et al.: exp(i sum phi_S product of Z) H, twice."""
    from qbench.circuits.families.artificial_intelligence import _phases, kernel

    size = 3
    hadamard = np.array([[1, 1], [1, -1]]) / math.sqrt(2)
    every = np.kron(np.kron(hadamard, hadamard), hadamard)
    states = []
    for phases in _phases(size):
        diagonal = np.ones(2**size, dtype=complex)
        for qubits, phase in phases.items():
            z = np.diag(operator(" ".join(f"Z{q}" for q in qubits), size))
            diagonal *= np.exp(1j * phase * (1 - z) / 2)
        states.append(diagonal * (every @ (diagonal * every[:, 0])))
    assert abs(abs(np.vdot(*states)) ** 2 - kernel(size)) < 1e-14
    assert 0.05 < kernel(size) < 0.99


def test_one_qubit_of_data_is_a_product_of_rotations():
    circuit = FAMILIES["data_reuploading"].build(1)
    zero, one = 1.0 + 0j, 0j
    for op in circuit.gates:
        theta, phi, lam = op.params
        cosine, sine = math.cos(theta / 2), math.sin(theta / 2)
        zero, one = (
            cosine * zero - cmath.exp(1j * lam) * sine * one,
            cmath.exp(1j * phi) * sine * zero + cmath.exp(1j * (phi + lam)) * cosine * one,
        )
    known = FAMILIES["data_reuploading"].expectations(1)["Z0"]
    assert len(circuit.gates) == 4
    assert abs(abs(zero) ** 2 - abs(one) ** 2 - known) < 1e-14


def test_single_gate_layers_hold_one_gate():
    for name in [name for name in FAMILIES if name.startswith("layers_")]:
        gate = name.removeprefix("layers_")
        for size in FAMILIES[name].sizes:
            names = [op.name for op in FAMILIES[name].build(size).gates]
            start = next(k for k in range(len(names)) if names[k:] == [gate] * (len(names) - k))
            assert start <= 2 * size
            assert set(names[:start]) <= {"h", "s", "x"}
            assert len(names) - start >= 15 * (size // 3 - 1)


def matrix_of(observable, size):
    return sum(
        coefficient * operator(" ".join(f"{letter}{q}" for q, letter in paulis), size)
        for coefficient, paulis in observable.terms
    )


def test_the_four_qubit_hamiltonian_is_that_of_hydrogen():
    """Every element, from the integrals over the orbitals; the coefficients are given to eight decimals."""
    repulsion = H2_NUCLEAR_REPULSION * np.eye(16)
    assert np.abs(matrix_of(total_energy(4), 4) - repulsion - HYDROGEN.matrix()).max() < 2e-7


@pytest.mark.parametrize("amplitudes", [(0.0, 0.0, 0.0), (0.4, 0.0, 0.0), (0.3, -0.7, 0.5), (2.0, 1.3, -2.4)])
def test_the_ansatz_is_exponentials_of_excitations(amplitudes):
    """exp(theta (a+ a - h.c.)) of fermions as matrices, against the circuit of Pauli products."""
    lower = np.array([[0.0, 1.0], [0.0, 0.0]])
    modes = []
    for mode in range(4):
        found = np.eye(1)
        for factor in [np.diag([1.0, -1.0])] * mode + [lower] + [np.eye(2)] * (3 - mode):
            found = np.kron(factor, found)
        modes.append(found)
    double, up, down = (theta / 2 for theta in amplitudes)
    state = np.zeros(16)
    state[0b0011] = math.cos(double)
    state[0b1100] = -math.sin(double)
    for angle, orbital in ((up, 0), (down, 1)):
        hop = modes[orbital + 2].T @ modes[orbital]
        state = expm(angle * (hop - hop.T)) @ state
    bindings = {f"theta_{k}": theta for k, theta in enumerate(amplitudes)}
    circuit = vqe_h2_ansatz(4).bind(bindings)
    assert distance(final_state(circuit), state.astype(complex)) < 1e-14
    found = state @ matrix_of(total_energy(4), 4) @ state
    assert abs(FAMILIES["vqe_h2_ansatz"].value(4, bindings) - found) < 1e-13


def test_the_ansatz_reaches_the_ground_state():
    value = FAMILIES["vqe_h2_ansatz"].value
    for size in (2, 4):
        best = min(value(size, {"theta_0": 0.001 * k, "theta_1": 0.0, "theta_2": 0.0}) for k in range(500))
        assert abs(best - energy()) < 2e-7
        sentence = FAMILIES["vqe_h2_ansatz"].known_answer(size)
        assert f"{energy():.6f}" in sentence
        assert abs(float(re.search(r"Hartree-Fock's, (-[\d.]+) Ha", sentence)[1]) - -1.116999) < 2e-6
