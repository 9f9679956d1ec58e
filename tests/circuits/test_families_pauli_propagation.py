"""Pauli propagation against matrices, and the Clifford and mirror circuits that rest on it against stim."""

import numpy as np
import pytest
from exact_gates import MATRICES, apply, final_state, unitary
from hypothesis import given, settings
from hypothesis import strategies as st
from needing import needs

from qbench.circuits.families import FAMILIES
from qbench.circuits.families.clifford import clifford, clifford_t
from qbench.circuits.families.mirror import mirror, mirror_outcome
from qbench.circuits.families.pauli_propagation import CLIFFORD, Pauli, carried_back, expectation, pauli
from qbench.ir import GATES, Circuit, Operation

needs("stim.tableau")
import stim  # noqa: E402 - it may be absent

ROTATING = ("t", "tdg", "rx", "ry", "rz", "p", "u", "rxx", "ryy", "rzz", "cp", "crx", "cry", "crz")
SIZE = 3


def operators(qubits):
    letters = st.text("IXYZ", min_size=qubits, max_size=qubits)
    return letters.map(lambda text: pauli(" ".join(f"{p}{q}" for q, p in enumerate(text) if p != "I")))


def gates(names):
    def one(name):
        qubits, angles = GATES[name]
        places = st.permutations(range(SIZE)).map(lambda order: tuple(order[:qubits]))
        turns = st.tuples(*[st.floats(-4, 4)] * angles)
        return st.tuples(places, turns).map(lambda drawn: Operation(name, *drawn))

    return st.sampled_from(names).flatmap(one)


def matrix(product, qubits=SIZE):
    found = np.eye(2**qubits, dtype=np.clongdouble)
    for factor in product.text.split():
        found = apply(MATRICES[factor[0].lower()](), (int(factor[1:]),), found, qubits)
    return found


@given(gates(CLIFFORD), operators(SIZE))
def test_a_clifford_gate_carries_a_product_to_one_product(gate, product):
    u = unitary(Circuit(SIZE, (gate,)))
    sign, image = carried_back(gate, product)
    assert np.abs(u.conj().T @ matrix(product) @ u - sign * matrix(image)).max() < 1e-15


@settings(max_examples=150)
@given(st.lists(gates(CLIFFORD + ROTATING), max_size=12), operators(SIZE))
def test_the_expectation_is_that_of_the_state(circuit, product):
    state = final_state(Circuit(SIZE, tuple(circuit)))
    exact = np.vdot(state, matrix(product).astype(complex) @ state).real
    assert abs(expectation(circuit, product) - exact) < 1e-13


@given(operators(6))
def test_the_text_of_a_product_is_read_back(product):
    assert pauli(product.text) == product


def test_a_gate_that_is_not_known_is_refused():
    with pytest.raises(ValueError, match="no rotations are known for ccx"):
        expectation([Operation("ccx", (0, 1, 2))], Pauli(0, 1))
    with pytest.raises(ValueError, match="t is not one of id, x"):
        carried_back(Operation("t", (0,)), Pauli(1, 0))


def as_stim(circuit):
    names = {"id": "I", "sdg": "S_DAG"}
    found = stim.Circuit()
    for op in circuit.gates:
        found.append(names.get(op.name, op.name.upper()), op.qubits)
    return found


@pytest.mark.parametrize("size", FAMILIES["clifford"].sizes)
def test_stim_finds_every_generator_of_a_clifford_circuit(size):
    circuit = clifford(size)
    assert {op.name for op in circuit.gates} <= set(CLIFFORD)
    simulator = stim.TableauSimulator()
    simulator.do(as_stim(circuit))
    known = FAMILIES["clifford"].expectations(size)
    products = {text: stim.PauliString(text.replace(" ", "*")) for text in known}
    assert len(known) == size
    assert {text: simulator.peek_observable_expectation(p) for text, p in products.items()} == known
    # independent generators: a group of 2^size elements, so that they leave one state
    bits = [pauli(text).x << size | pauli(text).z for text in known]
    for column in range(2 * size):
        pivot = next((b for b in bits if b >> column & 1), 0)
        if pivot:
            bits.remove(pivot)
            bits = [b ^ pivot if b >> column & 1 else b for b in bits]
    assert bits == []


@pytest.mark.parametrize("name", ["ghz", "cluster", "clifford"])
def test_the_families_for_stabilizer_simulators_are_clifford(name):
    for size in FAMILIES[name].sizes:
        assert {op.name for op in FAMILIES[name].build(size).gates} <= set(CLIFFORD)


@pytest.mark.parametrize("size", FAMILIES["clifford_t"].sizes)
def test_t_gates_leave_no_stabilizer_state(size):
    names = [op.name for op in clifford_t(size).gates]
    assert set(names) <= {*CLIFFORD, "t", "tdg"}
    assert sum(name in ("t", "tdg") for name in names) == min(2 * size, 12)
    values = FAMILIES["clifford_t"].expectations(size).values()
    assert any(0.05 < abs(value) < 0.95 for value in values), "some expectation lies between"


@pytest.mark.parametrize("seed", range(40))
def test_mirror_circuits_return_to_their_outcome(seed):
    size = 2 + seed % 5
    state = final_state(mirror(size, seed))
    assert abs(abs(state[mirror_outcome(size, seed)]) - 1) < 1e-13


def test_a_mirror_circuit_is_spread_out_at_its_turn():
    circuit = mirror(6)
    half = circuit.gates[: len(circuit.gates) // 2 - 3]
    weights = np.abs(final_state(Circuit(6, half))) ** 2
    assert weights.max() < 0.5
    assert all(mirror_outcome(size) for size in FAMILIES["mirror"].sizes), "outcome 0 would prove little"
