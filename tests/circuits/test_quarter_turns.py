"""Rotations by multiples of pi/2 as Clifford gates, against matrices and the exact reference."""

import math

import pytest
from exact_gates import distance, unitary
from hypothesis import given, settings
from hypothesis import strategies as st

from qbench.circuits.lowering import CannotLower, lower, not_clifford
from qbench.circuits.qasm import parse_qasm
from qbench.circuits.quarter_turns import CLIFFORD, quarter_turns
from qbench.ir import GATES, Circuit, Operation, Parameter
from qbench.verify.reference import reference_state
from qbench.verify.state import judge_state

HALF = math.pi / 2
# Each as a person writes it, in double precision.
SPELLINGS = {
    0: (0.0, -0.0, 2 * math.pi, -2 * math.pi, 4 * math.pi, math.pi - math.pi),
    1: (HALF, math.pi / 2, math.pi - math.pi / 2, -3 * math.pi / 2, 5 * math.pi / 2, 1.5707963267948966),
    2: (math.pi, -math.pi, 3 * math.pi, 2 * HALF, HALF + HALF),
    3: (3 * math.pi / 2, -HALF, math.pi + math.pi / 2, math.pi * 1.5, 7 * math.pi / 2),
}
TURNED = [name for name, (_, angles) in GATES.items() if angles]


@pytest.mark.parametrize("count", SPELLINGS)
def test_every_spelling_counts(count):
    assert [quarter_turns(angle) for angle in SPELLINGS[count]] == [count] * len(SPELLINGS[count])


@pytest.mark.parametrize(
    "angle",
    [
        1.5708,
        3.14159,
        1e-300,
        1e-15,
        HALF + 1e-15,
        math.pi / 4,
        math.pi + 2e-15,
        100 * math.pi,
        1e17,
        Parameter("a"),
    ],
)
def test_nothing_else_does(angle):
    assert quarter_turns(angle) is None


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_gate_of_quarter_turns_is_lowered_to_its_matrix_or_is_not_clifford(data):
    name = data.draw(st.sampled_from(TURNED))
    qubits, count = GATES[name]
    angles = data.draw(st.lists(st.integers(-8, 8), min_size=count, max_size=count))
    circuit = Circuit(qubits, (Operation(name, tuple(range(qubits)), tuple(k * HALF for k in angles)),))
    try:
        lowered = lower(circuit, CLIFFORD)
    except CannotLower:
        assert name[0] == "c", "every gate without a control is Clifford at quarter turns"
        assert any(k % 2 for k in angles) and not_clifford(circuit) == circuit.operations[0]  # noqa: PT018
        return
    assert {op.name for op in lowered.operations} <= CLIFFORD
    assert not_clifford(circuit) is None
    # the double nearest k pi/2 is off by half an ulp, and is halved; up to four angles add up
    assert distance(unitary(lowered), unitary(circuit)) < 4e-15


@pytest.mark.parametrize("name", ["rx", "ry", "rz", "p"])
@pytest.mark.parametrize("ulps", [-1, 0, 1])
def test_within_an_ulp_the_judge_agrees_in_double_precision(name, ulps):
    """The reference takes the angle as it is; the gates that stand for it pass its bound, up to 4 pi."""
    start = (Operation("ry", (0,), (0.9,)), Operation("rz", (0,), (0.4,)))
    for count in range(-8, 9):
        angle = count * HALF + ulps * math.ulp(count * HALF)
        turn = Circuit(1, (Operation(name, (0,), (angle,)),))
        circuit = Circuit(1, start + turn.operations)
        lowered = Circuit(1, start + lower(turn, CLIFFORD).operations)
        assert judge_state(
            reference_state(lowered).rounded(), reference_state(circuit), circuit, "complex128"
        ).passed, angle


def test_a_clifford_file_as_people_write_it():
    circuit = parse_qasm(
        'OPENQASM 2.0; include "qelib1.inc"; qreg q[3]; u2(0,pi) q[0]; cx q[0],q[1]; rz(-pi/2) q[1]; '
        "u3(pi/2,-pi/2,pi/2) q[2]; cp(pi) q[1],q[2]; crz(pi) q[0],q[2]; rzz(3*pi/2) q[0],q[1]; u1(pi/2) q[0];"
    )
    lowered = lower(circuit, frozenset({"h", "s", "cx"}))
    assert {op.name for op in lowered.operations} == {"h", "s", "cx"}
    assert distance(unitary(lowered), unitary(circuit)) < 4e-15


def test_the_first_gate_that_is_not_clifford():
    operations = (
        Operation("h", (0,)),
        Operation("rz", (1,), (math.pi,)),
        Operation("measure", (0,), (), (0,)),
        Operation("cp", (0, 2), (HALF,)),
        Operation("t", (1,)),
    )
    assert not_clifford(Circuit(3, operations, 1)) == operations[3]
    assert not_clifford(Circuit(3, operations[:3], 1)) is None
    with pytest.raises(CannotLower, match="no rule expresses cp, t"):
        lower(Circuit(3, operations, 1), CLIFFORD)


def test_a_simulator_with_rotations_still_gets_rotations():
    """Quarter turns stand in only where nothing else does."""
    circuit = Circuit(1, (Operation("p", (0,), (HALF,)),))
    assert [op.name for op in lower(circuit, frozenset({"rz", "s"})).operations] == ["rz"]
