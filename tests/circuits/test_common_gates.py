"""The common circuit: one for everybody, the same operator, and Clifford where it has to be."""

from __future__ import annotations

import math

import pytest
from exact_gates import distance, unitary
from hypothesis import given, settings
from hypothesis import strategies as st

from qbench.circuits.common_gates import COMMON, COMMON_CLIFFORD, common_circuit, lacking_gates
from qbench.circuits.library import index, load_circuit
from qbench.circuits.lowering import CannotLower, not_clifford
from qbench.circuits.noise import NOISE_MODELS, with_noise
from qbench.ir import GATES, Circuit, Operation

ANGLES = st.sampled_from((0.3, -2.2, 1e-9, math.pi / 2, -math.pi, 3 * math.pi / 2, 0.0))
QUBITS = 4


@st.composite
def circuits(draw: st.DrawFn, gates: tuple[str, ...] = tuple(GATES), angles=ANGLES) -> Circuit:
    names = draw(st.lists(st.sampled_from([g for g in gates if GATES[g][0] <= QUBITS]), max_size=6))
    operations = []
    for name in names:
        size, count = GATES[name]
        qubits = draw(st.permutations(range(QUBITS)))[:size]
        operations.append(Operation(name, tuple(qubits), tuple(draw(angles) for _ in range(count))))
    return Circuit(QUBITS, tuple(operations))


def test_the_ten_gates_are_those_that_people_are_told() -> None:
    assert " ".join(name for name in GATES if name in COMMON) == "x y z h rx ry rz cx cz swap"


@settings(deadline=None, max_examples=60)
@given(circuits())
def test_the_common_circuit_is_the_circuit_in_ten_gates(circuit: Circuit) -> None:
    common = common_circuit(circuit)
    assert {gate.name for gate in common.gates} <= COMMON
    assert distance(unitary(common), unitary(circuit)) < 5e-15 + 1e-15 * len(common.gates)


@settings(deadline=None, max_examples=60)
@given(circuits(angles=st.sampled_from([count * math.pi / 2 for count in range(-4, 5)])))
def test_what_is_clifford_can_be_written_in_the_clifford_set_and_nothing_else(circuit: Circuit) -> None:
    if not_clifford(circuit) is not None:
        with pytest.raises(CannotLower):
            common_circuit(circuit, clifford=True)
        return
    common = common_circuit(circuit, clifford=True)
    assert {gate.name for gate in common.gates} <= COMMON_CLIFFORD
    assert distance(unitary(common), unitary(circuit)) < 1e-14


@settings(deadline=None, max_examples=60)
@given(circuits(gates=tuple(sorted(COMMON))))
def test_a_circuit_of_the_ten_gates_stays_as_it_is(circuit: Circuit) -> None:
    assert common_circuit(circuit) == circuit
    assert lacking_gates(circuit, COMMON) == ()


def test_a_quarter_turn_is_s_for_clifford_simulators_and_rz_for_all_others() -> None:
    circuit = Circuit(1, (Operation("s", (0,)), Operation("rz", (0,), (-math.pi / 2,))))
    assert [gate.name for gate in common_circuit(circuit, clifford=True).gates] == ["s", "sdg"]
    assert [gate.params for gate in common_circuit(circuit).gates] == [(math.pi / 2,), (-math.pi / 2,)]


def test_channels_stand_behind_the_gates_of_the_circuit_before_lowering() -> None:
    """Nobody gets more noise because its gates were written as several."""
    circuit = Circuit(2, (Operation("t", (0,)), Operation("cy", (0, 1))))
    noisy = with_noise(circuit, NOISE_MODELS["depolarizing"])
    common = common_circuit(noisy)
    channels = [op for op in noisy.operations if op.name == "depolarizing"]
    assert channels
    assert [op for op in common.operations if op.name == "depolarizing"] == channels
    names = [op.name for op in common.operations]
    assert names.index("depolarizing") == 1  # behind rz, which stands for t
    assert names[2 : names.index("depolarizing", 2)] == ["rz", "cx", "rz"]


def test_every_stored_circuit_has_a_common_circuit() -> None:
    smallest = {facts.family: facts.name for facts in sorted(index(), key=lambda f: -f.qubits)}
    for name in smallest.values():
        circuit = load_circuit(name)
        common = common_circuit(circuit)
        assert lacking_gates(common, COMMON) == ()
        assert set(common.parameters) == set(circuit.parameters)
        assert common.features == circuit.features
