"""Trotter circuits against the exact exponential of their Hamiltonian, and how fast they converge."""

import math
from itertools import pairwise

import numpy as np
import pytest
from exact_gates import final_state
from scipy.integrate import solve_ivp
from scipy.linalg import eigvalsh, expm

from qbench.circuits.families import FAMILIES
from qbench.circuits.families.hamiltonian_simulation import (
    HUBBARD_INTERACTION,
    TIME,
    heisenberg,
    hubbard,
    tfim,
)
from qbench.circuits.families.optimisation import (
    ANNEALING_TIME,
    couplings,
    energies,
    sk_qaoa,
    trotter_annealing,
)
from qbench.ir import Ising

PAULI = {
    "I": np.eye(2),
    "X": np.array([[0, 1], [1, 0]]),
    "Y": np.array([[0, -1j], [1j, 0]]),
    "Z": np.diag([1, -1]),
}


def product(size, letters):
    """The matrix of letters at qubits, e.g. {0: "X", 3: "Z"}; qubit 0 is the last factor."""
    found = np.eye(1)
    for qubit in reversed(range(size)):
        found = np.kron(found, PAULI[letters.get(qubit, "I")])
    return found


def basis_state(size, outcome):
    state = np.zeros(2**size, dtype=complex)
    state[outcome] = 1
    return state


def ising_hamiltonian(size):
    bonds = sum(product(size, {q: "Z", q + 1: "Z"}) for q in range(size - 1))
    return -bonds - sum(product(size, {q: "X"}) for q in range(size))


def heisenberg_hamiltonian(size):
    return sum(product(size, {q: p, q + 1: p}) for q in range(size - 1) for p in "XYZ")


def hubbard_hamiltonian(size):
    """From annihilation operators with their Jordan-Wigner strings; mode = spin * sites + site."""
    sites = size // 2
    lower = np.array([[0, 1], [0, 0]])
    modes = []
    for mode in range(size):
        factors = [PAULI["Z"]] * mode + [lower] + [PAULI["I"]] * (size - mode - 1)
        found = np.eye(1)
        for factor in factors:
            found = np.kron(factor, found)
        modes.append(found)
    for i, a in enumerate(modes):
        for j, b in enumerate(modes):
            assert np.array_equal(a @ b.T + b.T @ a, np.eye(2**size) * (i == j))
    numbers = [c.T @ c for c in modes]
    hamiltonian = HUBBARD_INTERACTION * sum(numbers[j] @ numbers[sites + j] for j in range(sites))
    for spin in range(2):
        for j in range(spin * sites, (spin + 1) * sites - 1):
            hamiltonian = hamiltonian - modes[j].T @ modes[j + 1] - modes[j + 1].T @ modes[j]
    return hamiltonian


def neel(size):
    return sum(1 << q for q in range(1, size, 2))


def alternating_spins(size):
    sites = size // 2
    return sum(1 << (j if j % 2 == 0 else sites + j) for j in range(sites))


MODELS = [
    (tfim, ising_hamiltonian, lambda size: 0, 4),
    (tfim, ising_hamiltonian, lambda size: 0, 6),
    (heisenberg, heisenberg_hamiltonian, neel, 4),
    (heisenberg, heisenberg_hamiltonian, neel, 5),
    (hubbard, hubbard_hamiltonian, alternating_spins, 4),
    (hubbard, hubbard_hamiltonian, alternating_spins, 6),
]


@pytest.mark.parametrize(("build", "hamiltonian", "start", "size"), MODELS)
def test_time_evolution_converges_to_the_exponential_in_second_order(build, hamiltonian, start, size):
    exact = expm(-1j * TIME * hamiltonian(size)) @ basis_state(size, start(size))
    infidelities = [1 - abs(np.vdot(exact, final_state(build(size, steps)))) ** 2 for steps in (20, 40, 80)]
    # the error of the state falls as 1/steps^2, the infidelity as its square
    orders = [math.log2(coarse / fine) for coarse, fine in pairwise(infidelities)]
    assert all(abs(order - 4) < 0.15 for order in orders), (infidelities, orders)
    stored = 1 - abs(np.vdot(exact, final_state(build(size)))) ** 2
    assert infidelities[0] < stored < 0.05


@pytest.mark.parametrize("size", [4, 6, 8])
def test_the_ising_chain_is_the_critical_one(size):
    """E0 = 1 - 1/sin(pi/(2(2n+1))) at J = h = 1 with open ends (Pfeuty 1970)."""
    lowest = eigvalsh(ising_hamiltonian(size), subset_by_index=[0, 0])[0]
    assert math.isclose(lowest, 1 - 1 / math.sin(math.pi / (2 * (2 * size + 1))), rel_tol=1e-12)
    if size == 8:
        assert f"{lowest:.6f}" == "-9.837951"


def test_what_is_conserved_is_conserved():
    for size in (4, 6, 8):
        ones = np.array([k.bit_count() for k in range(2**size)])
        state = np.array(FAMILIES["heisenberg"].amplitudes(size))
        assert set(ones[np.abs(state) > 1e-12]) == {size // 2}
        up = np.array([(k & (1 << size // 2) - 1).bit_count() for k in range(2**size)])
        state = np.array(FAMILIES["hubbard"].amplitudes(size))
        assert set(up[np.abs(state) > 1e-12]) == {(size // 2 + 1) // 2}
        assert set(ones[np.abs(state) > 1e-12]) == {size // 2}


def annealed(size):
    """Schroedinger's equation with s = t/T, by an adaptive Runge-Kutta method of order 8."""
    cost = np.array(energies(size)) / math.sqrt(size)
    flips = [np.arange(2**size) ^ 1 << q for q in range(size)]

    def slope(time, state):
        s = time / ANNEALING_TIME
        return 1j * ((1 - s) * sum(state[flip] for flip in flips) - s * cost * state)

    start = np.full(2**size, 2 ** (-size / 2), dtype=complex)
    found = solve_ivp(slope, (0, ANNEALING_TIME), start, method="DOP853", rtol=1e-11, atol=1e-12)
    return found.y[:, -1]


def test_annealing_converges_in_second_order():
    size = 6
    exact = annealed(size)
    infidelities = [
        1 - abs(np.vdot(exact, final_state(trotter_annealing(size, steps)))) ** 2 for steps in (20, 40, 80)
    ]
    orders = [math.log2(coarse / fine) for coarse, fine in pairwise(infidelities)]
    assert all(abs(order - 4) < 0.2 for order in orders), (infidelities, orders)
    assert infidelities[0] < 1e-3


@pytest.mark.parametrize("size", [4, 6, 8, 10])
def test_the_spin_glass_and_its_ground_energy(size):
    quadratic = tuple((i, j, float(value)) for (i, j), value in couplings(size).items())
    assert len(quadratic) == size * (size - 1) // 2
    assert {value for _, _, value in quadratic} == {-1.0, 1.0}
    ising = Ising(size, (), quadratic)
    spins = [tuple(-1 if k >> q & 1 else 1 for q in range(size)) for k in range(2**size)]
    table = [ising.energy(assignment) for assignment in spins]
    assert table == list(energies(size))
    ground = int(min(table))
    for name in ("sk_qaoa", "trotter_annealing"):
        family = FAMILIES[name]
        chances = np.abs(final_state(family.build(size))) ** 2
        best = [k for k, energy in enumerate(table) if energy == ground]
        sentence = family.known_answer(size)
        assert f"ground energy {ground} by brute force, at {len(best)} outcomes" in sentence
        assert f"probability {chances[best].sum():.6f} together" in sentence
        assert f"mean energy {np.dot(chances, table):.6f}" in sentence
        assert chances[best].sum() > 3 * len(best) / 2**size or size == 4, "better than guessing"


def test_qaoa_reaches_the_mean_energy_of_many_spins():
    """Farhi et al. find -0.4726 n^(3/2) for three layers and many spins."""
    shares = []
    for size in (10, 12, 14):
        chances = np.abs(FAMILIES["sk_qaoa"].amplitudes(size)) ** 2
        shares.append(np.dot(chances, energies(size)) / size**1.5)
    assert abs(np.mean(shares) + 0.4726) < 0.08


def test_one_layer_of_qaoa_has_its_closed_form(monkeypatch):
    """<ZZ> of one layer without fields (Ozaeta, van Dam and McMahon 2020, arXiv:2012.03421)."""
    size, gamma, beta = 6, 0.7, -0.31
    monkeypatch.setattr("qbench.circuits.families.optimisation.QAOA_GAMMAS", (gamma,))
    monkeypatch.setattr("qbench.circuits.families.optimisation.QAOA_BETAS", (-beta,))
    state = final_state(sk_qaoa(size))
    strength = round(2 * gamma / math.sqrt(size), 12)
    j = np.zeros((size, size))
    for (a, b), value in couplings(size).items():
        j[a, b] = j[b, a] = value * strength
    for a, b in couplings(size):
        others = [k for k in range(size) if k not in (a, b)]
        single = np.prod(np.cos(j[a, others])) + np.prod(np.cos(j[b, others]))
        both = np.prod(np.cos(j[a, others] + j[b, others])) - np.prod(np.cos(j[a, others] - j[b, others]))
        closed = math.sin(4 * beta) / 2 * math.sin(j[a, b]) * single - math.sin(2 * beta) ** 2 / 2 * both
        matrix = np.diag(product(size, {a: "Z", b: "Z"}))
        assert abs(np.dot(np.abs(state) ** 2, matrix) - closed) < 1e-12


@pytest.mark.parametrize(
    ("name", "hamiltonian"),
    [
        ("tfim", ising_hamiltonian),
        ("vqe_tfim", ising_hamiltonian),
        ("tfim_hva", ising_hamiltonian),
        ("heisenberg", heisenberg_hamiltonian),
        ("hubbard", hubbard_hamiltonian),
    ],
)
@pytest.mark.parametrize("size", [4, 6])
def test_the_observable_is_the_hamiltonian(name, hamiltonian, size):
    terms = FAMILIES[name].observable(size).terms
    matrix = sum(coefficient * product(size, dict(paulis)) for coefficient, paulis in terms)
    assert np.abs(matrix - hamiltonian(size)).max() < 1e-14


@pytest.mark.parametrize("name", ["sk_qaoa", "trotter_annealing", "sk_qaoa_ansatz"])
def test_the_observable_is_the_energy_of_every_outcome(name):
    terms = FAMILIES[name].observable(6).terms
    matrix = sum(coefficient * product(6, dict(paulis)) for coefficient, paulis in terms)
    assert np.diag(matrix).tolist() == list(energies(6))
    assert np.abs(matrix - np.diag(np.diag(matrix))).max() == 0
