"""QuTiP's doors against NumPy: kets by local products and expanded operators, density matrices, channels.

The oracles are whole matrices (gate_matrices, workload_matrices).
"""

import itertools
import math
import random

import numpy as np
import pytest
from adapter_calls import FACTS, asked, every_pauli, loaded, scatter, scrambled
from gate_matrices import distance, final_state
from workload_matrices import density_matrix, expectation, rows

from qbench.ir import GATES, Channel, Circuit, Noise, Observable, Operation, Parameter, PauliTerm, Task

KETS = ["qutip.ket", "qutip.expanded"]
ALL = [*KETS, "qutip.density_matrix"]
ROUNDOFF = 2.0**-53
ANGLES = (1.9e-14, 1e-13, 1e-9, math.pi, 7.9, -3.3)  # the first is what auto_tidyup drops
STATE = Task("state")
MATRIX = Task("density_matrix", noise=Noise((Channel("depolarizing", 0.5, 1),)))  # the circuit has its own
TURNING = sorted(gate for gate in FACTS["qutip.density_matrix"].gates if GATES[gate][1])


def allowed(circuit):
    return 8 * ROUNDOFF * math.sqrt(1 + len(circuit.gates))


def turned_everywhere(gate):
    """The gate on many orders of qubits, at every angle, between turns that leave no symmetry."""
    arity, angles = GATES[gate]
    source = random.Random(gate)
    orders = list(itertools.permutations(range(arity + 1), arity))
    operations = []
    for order in source.sample(orders, min(len(orders), 8)):
        for angle in ANGLES if angles else (None,):
            operations += scatter(source, arity + 1)
            operations.append(Operation(gate, order, (angle,) if angles else ()))
    return Circuit(arity + 1, tuple(operations))


# ---- states


@pytest.mark.parametrize("name", KETS)
@pytest.mark.parametrize("gate", sorted(FACTS["qutip.ket"].gates))
def test_a_gate_is_its_matrix(name, gate):
    circuit = turned_everywhere(gate)
    assert distance(asked(name, circuit, STATE), final_state(circuit)) <= allowed(circuit)


@pytest.mark.parametrize("name", KETS)
@pytest.mark.parametrize(("qubits", "gates"), [(1, 30), (4, 80), (10, 60)])
def test_random_circuits(name, qubits, gates):
    circuit = scrambled(qubits, qubits, gates, FACTS[name].gates)
    state = asked(name, circuit, STATE)
    assert state.shape == (2**qubits,)
    assert state.dtype == np.complex128
    assert distance(state, final_state(circuit)) <= allowed(circuit)


@pytest.mark.parametrize("name", KETS)
def test_qubit_0_is_least_significant_and_idle_qubits_are_there(name):
    steps = (Operation("x", (0,)), Operation("cx", (0, 1)), Operation("measure", (0,), (), (0,)))
    assert asked(name, Circuit(3, steps, 1), STATE) == pytest.approx(np.eye(8)[3], abs=0)
    assert asked(name, Circuit(2, ()), STATE) == pytest.approx(np.eye(4)[0], abs=0)


@pytest.mark.parametrize("name", KETS)
@pytest.mark.parametrize("gate", ["rx", "ry", "rxx"])
def test_the_smallest_rotations_survive(name, gate):
    """With ``auto_tidyup`` on, sparse operators lose elements up to 1e-14."""
    arity = GATES[gate][0]
    circuit = Circuit(arity, (Operation(gate, tuple(range(arity)), (1e-16,)),))
    assert abs(asked(name, circuit, STATE)[-1]) == pytest.approx(5e-17, rel=1e-12)


# ---- values


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("qubits", [1, 3, 4])
def test_expectation_values(name, qubits):
    circuit = scrambled(7, qubits, 30, FACTS[name].gates)
    observable = every_pauli(qubits)
    found = asked(name, circuit, Task("expval", observable=observable))
    assert type(found) is float
    assert abs(found - expectation(circuit, observable)) <= 2 * allowed(circuit) * observable.weight


@pytest.mark.parametrize("name", ALL)
def test_terms_of_one_product_add_up_and_small_ones_count(name):
    flip = Circuit(2, (Operation("x", (1,)),))
    terms = ((1e-9, "Z", 0), (1e-15, "Z", 1), (2e-9, "Z", 0))
    observable = Observable(tuple(PauliTerm(weight, ((qubit, p),)) for weight, p, qubit in terms))
    found = asked(name, flip, Task("expval", observable=observable))
    assert found == pytest.approx(3e-9 - 1e-15, rel=1e-9)
    shifted = Observable((PauliTerm(0.5, ()), PauliTerm(-2.0, ((1, "Z"),))))
    assert asked(name, flip, Task("expval", observable=shifted)) == pytest.approx(2.5, abs=1e-15)


@pytest.mark.parametrize("name", ALL)
def test_sweeps_take_values_at_each_row(name):
    free = Parameter("a", 2.0, 0.3)
    turns = [
        Operation(gate, tuple(range(GATES[gate][0])), (free if place % 2 else Parameter("b"),))
        for place, gate in enumerate(("rx", "ry", "rz", "p", "cp", "rxx"))
    ]
    source = random.Random(3)
    between = [Operation("cx", (1, 0)), Operation("h", (0,))]
    circuit = Circuit(2, (*scatter(source, 2), *turns, *between, *turns, *scatter(source, 2)))
    bindings = ((0.4, -1.1), (7.9, 1e-9), (0.0, math.pi))
    task = Task("sweep", observable=every_pauli(2), parameters=("b", "a"), bindings=bindings)
    assert asked(name, circuit, task) == pytest.approx(rows(circuit, task), abs=1e-13)


# ---- density matrices


@pytest.mark.parametrize("gate", sorted(FACTS["qutip.density_matrix"].gates))
def test_a_gate_turns_a_density_matrix_as_its_matrix_does(gate):
    circuit = turned_everywhere(gate)
    found = asked("qutip.density_matrix", circuit, MATRIX)
    assert abs(found - density_matrix(circuit)).max() <= allowed(circuit)


@pytest.mark.parametrize("gate", TURNING)
@pytest.mark.parametrize("angle", [1e-13, 1e-15])
def test_a_small_turn_leaves_a_density_matrix_hermitian(gate, angle):
    """By default QuTiP takes U for Hermitian up to 1e-12, and its adjoint is then U itself."""
    arity = GATES[gate][0]
    turn = Operation(gate, tuple(range(arity)), (angle,))
    circuit = Circuit(arity, (*scatter(random.Random(1), arity), turn))
    found = asked("qutip.density_matrix", circuit, MATRIX)
    assert abs(found - found.conj().T).max() <= 2 * ROUNDOFF
    assert abs(found - density_matrix(circuit)).max() <= 8 * ROUNDOFF


@pytest.mark.parametrize("strength", [0.3, 1.0, 0.0, 1e-9, 1e-13])
def test_channels(strength):
    source, operations = random.Random(5), []
    for round_ in range(6):
        operations += scatter(source, 3)
        first, second, third = source.sample(range(3), 3)
        operations.append(Operation("cx", (first, second)))
        operations.append(Operation("depolarizing", (second, first), (strength,)))
        kind = ("depolarizing", "amplitude_damping", "phase_damping")[round_ % 3]
        operations.append(Operation(kind, (third,), (strength,)))
        operations.append(Operation("barrier", (first, third)))
    circuit = Circuit(3, tuple(operations))
    found = asked("qutip.density_matrix", circuit, MATRIX)
    assert found.shape == (8, 8)
    assert found.dtype == np.complex128
    assert abs(found - density_matrix(circuit)).max() <= 2 * allowed(circuit)
    assert abs(np.trace(found) - 1) <= 2 * allowed(circuit)


@pytest.mark.parametrize(
    ("gates", "channel", "expected"),
    [
        ((), Operation("depolarizing", (0,), (0.3,)), [[0.85, 0], [0, 0.15]]),
        (("h",), Operation("depolarizing", (0,), (0.3,)), [[0.5, 0.35], [0.35, 0.5]]),
        (("h",), Operation("amplitude_damping", (0,), (0.36,)), [[0.68, 0.4], [0.4, 0.32]]),
        (("h",), Operation("phase_damping", (0,), (0.36,)), [[0.5, 0.4], [0.4, 0.5]]),
        (("h", "s"), Operation("phase_damping", (0,), (0.36,)), [[0.5, -0.4j], [0.4j, 0.5]]),
    ],
)
def test_what_a_strength_means_and_that_rows_are_kets(gates, channel, expected):
    circuit = Circuit(1, (*(Operation(name, (0,)) for name in gates), channel))
    found = asked("qutip.density_matrix", circuit, MATRIX)
    assert found == pytest.approx(np.array(expected), abs=1e-15)


def test_a_value_after_noise():
    operations = (Operation("x", (0,)), Operation("amplitude_damping", (0,), (0.25,)), Operation("h", (1,)))
    observable = Observable((PauliTerm(1.0, ((0, "Z"),)), PauliTerm(2.0, ((1, "X"),))))
    found = asked("qutip.density_matrix", Circuit(2, operations), Task("expval", observable=observable))
    assert found == pytest.approx(-0.5 + 2.0, abs=1e-15)


# ---- phases


def test_only_expanded_operators_are_made_before_execute():
    compiled = [name for name in ALL if hasattr(loaded(name), "compile")]
    assert compiled == ["qutip.expanded"]
