import math
import random

import pytest
from exact_gates import MATRICES, distance, unitary
from hypothesis import given, settings
from hypothesis import strategies as st

from qbench.circuits.common_gates import COMMON
from qbench.circuits.lowering import RULES, CannotLower, _read_rule, lower
from qbench.ir import GATES, Circuit, Operation, Parameter

# A rule's angles are right to an ulp; up to 31 of them meet in c4x.
TOLERANCE = 2e-15
ANGLES = (
    (0.3, 1.7, -2.9, 0.8),
    (1e-9, 3e-9, -2e-9, 1e-9),
    (math.pi, -3.1, 2.2, 1e-9),
    (-1e-9, 0.0, 6.9, 2.0),
)
UNIVERSAL = (
    COMMON,
    frozenset({"rz", "sx", "x", "cx"}),
    frozenset({"rz", "sx", "cz"}),
    frozenset({"u", "cx"}),
    frozenset({"u", "cz"}),
    frozenset({"h", "p", "cp"}),
    frozenset({"h", "rz", "csx"}),
    frozenset({"rx", "ry", "rxx"}),
    frozenset({"rx", "rz", "rzz"}),
    frozenset({"ry", "rz", "ryy"}),
    frozenset({"u", "cu"}),
    frozenset({"rx", "rz", "crx"}),
    frozenset({"h", "rx", "crz"}),
    frozenset(GATES),
)


def one_gate(name, angles):
    qubits, count = GATES[name]
    return Circuit(qubits, (Operation(name, tuple(range(qubits)), tuple(angles[:count])),))


def test_every_gate_but_the_generators_has_a_rule():
    assert set(RULES) == set(GATES)


@pytest.mark.parametrize("gate", RULES)
@pytest.mark.parametrize("angles", ANGLES)
def test_every_rule_is_its_gate(gate, angles):
    circuit = one_gate(gate, angles)
    for text in RULES[gate]:
        steps = tuple(
            Operation(name, qubits, tuple(angle.of(circuit.operations[0].params) for angle in linear))
            for name, qubits, linear in _read_rule(text)
        )
        written = Circuit(circuit.num_qubits, steps)
        assert distance(unitary(written), unitary(circuit)) < TOLERANCE, text


@pytest.mark.parametrize("native", UNIVERSAL, ids=lambda native: "+".join(sorted(native))[:40])
def test_every_gate_lowers_to_a_universal_set(native):
    for gate in GATES:
        for angles in ANGLES:
            circuit = one_gate(gate, angles)
            lowered = lower(circuit, native)
            assert {op.name for op in lowered.operations} <= native
            # In long chains (c4x in u and cz: hundreds of gates) each h carries its own rounding of pi/2.
            allowed = TOLERANCE + 1e-16 * len(lowered.operations)
            assert distance(unitary(lowered), unitary(circuit)) < allowed, (gate, angles)


@settings(max_examples=60, deadline=None)
@given(st.frozensets(st.sampled_from(sorted(GATES)), max_size=9), st.randoms(use_true_random=False))
def test_any_native_set_gets_the_same_circuit_or_a_refusal(native, rng):
    operations = []
    for _ in range(5):
        name = rng.choice([name for name, (qubits, _) in GATES.items() if qubits <= 3])
        qubits, angles = GATES[name]
        operations.append(
            Operation(
                name, tuple(rng.sample(range(3), qubits)), tuple(rng.uniform(-7, 7) for _ in range(angles))
            )
        )
    circuit = Circuit(3, tuple(operations))
    try:
        lowered = lower(circuit, native)
    except CannotLower:
        assert {op.name for op in circuit.operations} - native
        return
    assert {op.name for op in lowered.operations} <= native
    assert distance(unitary(lowered), unitary(circuit)) < 5e-15 + 1e-16 * len(lowered.operations)


@pytest.mark.parametrize("gate", [name for name, (_, angles) in GATES.items() if angles])
def test_free_parameters_survive(gate):
    qubits, count = GATES[gate]
    angles = tuple(Parameter("theta", random.Random(i).uniform(-2, 2), 0.25 * i) for i in range(count))
    free = Circuit(qubits, (Operation(gate, tuple(range(qubits)), angles),))
    lowered = lower(free, COMMON)
    assert lowered.parameters == ("theta",)
    bindings = {"theta": 0.7316}
    assert lowered.bind(bindings).id == lower(free.bind(bindings), COMMON).id


def test_native_gates_and_what_is_no_gate_stay_as_they_are():
    operations = (
        Operation("s", (1,)),
        Operation("id", (0,)),
        Operation("barrier", (0, 1)),
        Operation("reset", (0,)),
        Operation("measure", (1,), (), (0,)),
    )
    circuit = Circuit(2, operations, 1, "mixed")
    lowered = lower(circuit, frozenset({"s"}))
    assert lowered.operations == (operations[0], *operations[2:])
    assert (lowered.name, lowered.num_clbits) == ("mixed", 1)
    assert lower(circuit, frozenset({"s", "id"})).operations == operations


def test_a_condition_passes_on_to_the_whole_expansion():
    circuit = Circuit(2, (Operation("swap", (0, 1), condition=((0,), 1)),), 1)
    lowered = lower(circuit, frozenset({"cx"}))
    assert [op.condition for op in lowered.operations] == [((0,), 1)] * 3


def test_a_refusal_names_every_gate_without_a_way():
    circuit = Circuit(2, (Operation("rx", (0,), (0.1,)), Operation("h", (0,)), Operation("ch", (0, 1))))
    with pytest.raises(CannotLower, match="no rule expresses rx, ch in the gates cx, h, s"):
        lower(circuit, frozenset({"h", "s", "cx"}))
    with pytest.raises(CannotLower, match="cx in the gates"):
        lower(Circuit(2, (Operation("cx", (0, 1)),)), frozenset({"u", "rz"}))


def test_the_fewest_gates_are_used():
    def count(gate, native):
        return len(lower(one_gate(gate, ANGLES[0]), frozenset(native)).operations)

    assert count("cz", COMMON - {"cz"}) == 3
    assert count("cp", {"rz", "rzz", "cx"}) == 3
    assert count("c4x", {"h", "p", "cx"}) == 63
    assert count("ccx", {"h", "t", "tdg", "cx"}) == 15


def test_the_test_itself_sees_a_wrong_relative_phase():
    circuit = one_gate("cp", (1e-9,))
    wrong = Circuit(2, (Operation("crz", (0, 1), (1e-9,)),))
    assert distance(unitary(circuit), unitary(wrong)) > 1e-10
    assert set(MATRICES) == set(GATES)
