"""Expectation values beyond double: closed forms, sums over basis states with 40 digits, laws."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from honest_values import honest_expectation, random_observable
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.linalg import expm_multiply

from qbench.circuits.families.hamiltonian_simulation import tfim, tfim_expectations
from qbench.errors import QbenchError
from qbench.ir import GATES, Circuit, Observable, Operation, PauliTerm
from qbench.verify import paulis
from qbench.verify.expectation import expectation
from qbench.verify.reference import DDVector, reference_state

mp = mpmath.mp.clone()
mp.dps = 50


def product_of(letters: str) -> tuple[tuple[int, str], ...]:
    """Paulis by qubit, "I" for none: the first letter is qubit 0's."""
    return tuple((q, letter) for q, letter in enumerate(letters) if letter != "I")


def single(letters: str, coefficient: float = 1.0) -> Observable:
    return Observable((PauliTerm(coefficient, product_of(letters)),))


def exact(value: tuple[float, float]) -> mpmath.mpf:
    return mp.mpf(value[0]) + mp.mpf(value[1])


def ghz(n: int) -> Circuit:
    return Circuit(n, (Operation("h", (0,)), *(Operation("cx", (q, q + 1)) for q in range(n - 1))))


def random_circuit(rng: np.random.Generator, n: int, gates: int) -> Circuit:
    names = [name for name in GATES if GATES[name][0] <= n]
    ops = []
    for _ in range(gates):
        name = names[rng.integers(len(names))]
        size, count = GATES[name]
        qubits = tuple(int(q) for q in rng.permutation(n)[:size])
        ops.append(Operation(name, qubits, tuple(float(a) for a in rng.uniform(-3, 3, count))))
    return Circuit(n, tuple(ops))


def by_basis_states(state: DDVector, observable: Observable) -> mpmath.mpf:
    """<psi| O |psi> one basis state after the other, each Pauli by what it does to one bit."""
    parts = zip(state.re_hi, state.re_lo, state.im_hi, state.im_lo, strict=True)
    psi = [mp.mpc(mp.mpf(a) + mp.mpf(b), mp.mpf(c) + mp.mpf(d)) for a, b, c, d in parts]
    found = mp.mpc(0)
    for coefficient, product in observable.terms:
        for k, amplitude in enumerate(psi):
            image, factor = k, mp.mpc(coefficient)
            for qubit, letter in product:
                one = (image >> qubit) & 1
                if letter == "Z":
                    factor *= -1 if one else 1
                else:
                    image ^= 1 << qubit
                    if letter == "Y":
                        factor *= mp.mpc(0, -1 if one else 1)
            found += mp.conj(psi[image]) * factor * amplitude
    assert abs(found.imag) < 1e-28
    return found.real


@pytest.mark.parametrize("n", range(2, 10))
def test_ghz_states_have_their_closed_forms(n: int) -> None:
    state = reference_state(ghz(n))
    ys = mp.re(mp.mpc(0, 1) ** n)  # Y on all: i^n on |0...0> going to |1...1>, and its conjugate back
    for observable, value in (
        (single("ZZ"), 1),
        (single("I" * (n - 1) + "Z"), 0),
        (single("X" * n), 1),
        (single("Y" * n), ys),
        (single("X" + "I" * (n - 1)), 0),
        (single("Z" + "I" * (n - 2) + "Z", -0.3), -mp.mpf(0.3)),
        (single("I", 2.5), 2.5),
    ):
        assert abs(exact(expectation(state, observable)) - value) < 1e-29


def test_product_states_have_their_closed_forms() -> None:
    rng = np.random.default_rng(5)
    thetas, phis = rng.uniform(-3, 3, (2, 5))
    ops = [Operation("ry", (q,), (float(theta),)) for q, theta in enumerate(thetas)]
    ops += [Operation("rz", (q,), (float(phi),)) for q, phi in enumerate(phis)]
    state = reference_state(Circuit(5, tuple(ops)))
    bloch = [
        {
            "I": mp.mpf(1),
            "X": mp.sin(mp.mpf(theta)) * mp.cos(mp.mpf(phi)),
            "Y": mp.sin(mp.mpf(theta)) * mp.sin(mp.mpf(phi)),
            "Z": mp.cos(mp.mpf(theta)),
        }
        for theta, phi in zip(thetas, phis, strict=True)
    ]
    for letters in ("XIIII", "IYIII", "XYZYX", "YYYII", "IZZIX", "YYYYY", "IIIII"):
        value = mp.fprod(bloch[q][letter] for q, letter in enumerate(letters))
        assert abs(exact(expectation(state, single(letters))) - value) < 1e-29, letters


@pytest.mark.parametrize("seed", range(6))
def test_random_sums_agree_with_sums_over_basis_states(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 2 + seed % 4
    state = reference_state(random_circuit(rng, n, 40))
    observable = random_observable(rng, n, 12)
    apart = exact(expectation(state, observable)) - by_basis_states(state, observable)
    assert abs(apart) < 1e-29 * observable.weight


@pytest.mark.parametrize("chunk", [1, 2, 4, 16])
def test_chunks_make_no_difference(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(7)
    state = reference_state(random_circuit(rng, 5, 40))
    observables = [random_observable(rng, 5, 9) for _ in range(5)]
    whole = [expectation(state, observable) for observable in observables]
    monkeypatch.setattr(paulis, "CHUNK", chunk)
    for observable, value in zip(observables, whole, strict=True):
        apart = exact(expectation(state, observable)) - exact(value)
        assert abs(apart) < 1e-29 * observable.weight


def test_more_qubits_than_a_chunk() -> None:
    rng = np.random.default_rng(11)
    circuit = random_circuit(rng, 16, 60)
    ends = Observable(
        (
            PauliTerm(0.5, ((0, "X"), (15, "Y"))),
            PauliTerm(-1.5, ((15, "Z"), (2, "Z"))),
            PauliTerm(1.0, ((14, "X"),)),
            PauliTerm(0.25, ((3, "Y"), (14, "Y"), (15, "Z"))),
        )
    )
    found = expectation(reference_state(circuit), ends)
    assert found[0] == pytest.approx(honest_expectation(circuit, ends, np.complex128), abs=1e-13)


@pytest.mark.parametrize("size", [3, 6, 9])
def test_the_ising_chain_agrees_with_free_fermions(size: int) -> None:
    """Energies of the stored Trotter circuits, from rotations of 2n Majorana operators."""
    known = tfim_expectations(size)
    terms = []
    for text in known:
        terms.append(PauliTerm(-1.0, tuple((int(part[1:]), part[0]) for part in text.split())))
    found = expectation(reference_state(tfim(size)), Observable(tuple(terms)))
    assert found[0] == pytest.approx(-sum(known.values()), abs=1e-12)


def test_the_ising_chain_approaches_exact_evolution() -> None:
    """Against exp(-iHt) by SciPy: Strang is off by O(dt^2): four times less at half the step."""
    size = 5
    paulis_of = {"X": np.array([[0, 1], [1, 0]]), "Z": np.diag([1, -1]), "I": np.eye(2)}

    def dense(letters: str) -> np.ndarray:
        made = np.eye(1)
        for letter in letters:  # qubit 0 is the last factor
            made = np.kron(paulis_of[letter], made)
        return made

    fields = ["I" * q + "X" + "I" * (size - 1 - q) for q in range(size)]
    bonds = ["I" * q + "ZZ" + "I" * (size - 2 - q) for q in range(size - 1)]
    hamiltonian = -sum(map(dense, fields + bonds))
    start = np.eye(1, 1 << size)[0].astype(complex)
    evolved = expm_multiply(-1j * hamiltonian, start)
    errors = []
    for steps in (20, 40):
        state = reference_state(tfim(size, steps))
        apart = [
            expectation(state, single(letters))[0] - np.vdot(evolved, dense(letters) @ evolved).real
            for letters in fields + bonds
        ]
        errors.append(float(np.max(np.abs(apart))))
    assert 1e-6 < errors[0] < 1e-2
    assert errors[0] / errors[1] == pytest.approx(4.0, rel=0.05)


TERMS = st.lists(
    st.tuples(st.integers(-8, 8).map(float), st.text("IXYZ", min_size=3, max_size=3)), min_size=1, max_size=5
)
FIXED_STATE = reference_state(random_circuit(np.random.default_rng(3), 3, 30))


@settings(max_examples=60, deadline=None)
@given(TERMS, TERMS, st.integers(-4, 4))
def test_expectation_is_linear(
    first: list[tuple[float, str]], second: list[tuple[float, str]], factor: int
) -> None:
    def of(terms: list[tuple[float, str]], times: int = 1) -> tuple[PauliTerm, ...]:
        return tuple(PauliTerm(times * c, product_of(letters)) for c, letters in terms)

    together = exact(expectation(FIXED_STATE, Observable(of(first) + of(second, factor))))
    apart = [exact(expectation(FIXED_STATE, Observable(of(terms)))) for terms in (first, second)]
    assert abs(together - apart[0] - factor * apart[1]) < 1e-28


def test_an_observable_beyond_the_state_is_refused() -> None:
    with pytest.raises(QbenchError, match="acts on qubit 2, but there are 2 qubits"):
        expectation(reference_state(ghz(2)), single("IIZ"))
