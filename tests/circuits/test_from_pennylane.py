"""Tapes that people build in PennyLane, against PennyLane's own matrices of them."""

import math

import numpy as np
import pytest
from exact_gates import distance, unitary
from needing import needs

from qbench.circuits.from_pennylane import circuit_from_pennylane
from qbench.circuits.qasm import parse_qasm, write_qasm
from qbench.errors import QbenchError
from qbench.ir import Operation

needs("pennylane.default")
import pennylane as qml  # noqa: E402 - it may be absent
from pennylane.tape import QuantumScript  # noqa: E402


def theirs(tape, wires):
    """PennyLane's matrix with the first wire as the least significant bit, which is qubit 0 of ours."""
    return qml.matrix(tape, wire_order=list(reversed(wires)))


def check(operations, wires, most=5e-15):
    tape = QuantumScript(operations)
    ours = circuit_from_pennylane(tape)
    assert distance(unitary(ours).astype(complex), theirs(tape, wires)) < most
    assert parse_qasm(write_qasm(ours)).id == ours.id  # a run can store it
    return ours


GATES = [
    qml.Identity(0),
    qml.PauliX(0),
    qml.PauliY(0),
    qml.PauliZ(0),
    qml.Hadamard(0),
    qml.S(0),
    qml.adjoint(qml.S(0)),
    qml.T(0),
    qml.adjoint(qml.T(0)),
    qml.SX(0),
    qml.adjoint(qml.SX(0)),
    qml.RX(0.1, 0),
    qml.RY(0.1, 0),
    qml.RZ(0.1, 0),
    qml.PhaseShift(0.1, 0),
    qml.Rot(0.1, 0.2, 0.3, 0),
    qml.U1(0.1, 0),
    qml.U2(0.1, 0.2, 0),
    qml.U3(0.1, 0.2, 0.3, 0),
    qml.CNOT([0, 1]),
    qml.CY([0, 1]),
    qml.CZ([0, 1]),
    qml.CH([0, 1]),
    qml.SWAP([0, 1]),
    qml.ISWAP([0, 1]),
    qml.SISWAP([0, 1]),
    qml.ECR([0, 1]),
    qml.CSWAP([0, 1, 2]),
    qml.Toffoli([0, 1, 2]),
    qml.CCZ([0, 1, 2]),
    qml.CRX(0.1, [0, 1]),
    qml.CRY(0.1, [0, 1]),
    qml.CRZ(0.1, [0, 1]),
    qml.CRot(0.1, 0.2, 0.3, [0, 1]),
    qml.ControlledPhaseShift(0.1, [0, 1]),
    qml.IsingXX(0.1, [0, 1]),
    qml.IsingYY(0.1, [0, 1]),
    qml.IsingZZ(0.1, [0, 1]),
    qml.IsingXY(0.1, [0, 1]),
    qml.PSWAP(0.1, [0, 1]),
    qml.MultiRZ(0.1, [0, 1, 2]),
    qml.PauliRot(0.1, "XYZ", [0, 1, 2]),
    qml.ctrl(qml.GlobalPhase(0.1), 0),
    qml.ctrl(qml.S(0), 1),
    qml.ctrl(qml.RX(0.1, 0), [1, 2]),
    qml.ctrl(qml.Rot(0.1, 0.2, 0.3, 0), [1, 2]),
    qml.ctrl(qml.X(0), [1, 2, 3]),
    qml.ctrl(qml.X(0), [1, 2], control_values=[0, 1]),
    qml.MultiControlledX([0, 1, 2, 3, 4, 5]),
    qml.QFT([0, 1, 2]),
    qml.adjoint(qml.QFT([0, 1, 2])),
    qml.pow(qml.T(0), 3),
    qml.pow(qml.RX(0.1, 0), 0.5),
    qml.SingleExcitation(0.1, [0, 1]),
    qml.DoubleExcitation(0.1, [0, 1, 2, 3]),
    qml.AngleEmbedding([0.1, 0.2], [0, 1]),
    qml.StronglyEntanglingLayers(np.ones((1, 2, 3)), [0, 1]),
    qml.BasicEntanglerLayers(np.ones((1, 2)), [0, 1]),
    qml.GroverOperator([0, 1, 2]),
    qml.QubitUnitary(qml.matrix(qml.Rot(0.1, 0.2, 0.3, 0)), 0),
    qml.QubitUnitary(qml.matrix(qml.CRX(0.3, [0, 1])), [0, 1]),
    qml.DiagonalQubitUnitary([1, -1, 1j, 1], [0, 1]),
    qml.exp(qml.X(0), 0.1j),
    qml.prod(qml.X(0), qml.Z(1)),
]


@pytest.mark.parametrize("operation", GATES, ids=lambda one: one.name)
def test_operations(operation):
    check([operation], sorted(operation.wires), most=1e-14)


def test_a_prepared_state():
    amplitudes = np.array([0.5, 0.5j, -0.5, 0.5])  # PennyLane's index: wire 0 most significant
    ours = circuit_from_pennylane(QuantumScript([qml.StatePrep(amplitudes, [0, 1])]))
    state = unitary(ours).astype(complex)[:, 0]
    expected = amplitudes[[0, 2, 1, 3]]
    assert abs(abs(np.vdot(expected, state)) - 1) < 1e-14
    ours = circuit_from_pennylane(QuantumScript([qml.BasisState([1, 0], [0, 1])]))
    assert ours.operations == (Operation("x", (0,)),)


def test_a_qnode_agrees_amplitude_by_amplitude():
    @qml.qnode(qml.device("default.qubit", wires=3))
    def circuit(x):
        qml.Hadamard(0)
        qml.CRY(x, [0, 2])
        qml.Rot(x, 0.2, 0.3, 1)
        qml.Toffoli([2, 0, 1])
        return qml.state()

    tape = qml.workflow.construct_tape(circuit)(0.7)
    state = unitary(circuit_from_pennylane(tape)).astype(complex)[:, 0]
    reversed_bits = [int(f"{k:03b}"[::-1], 2) for k in range(8)]
    assert distance(state, np.asarray(circuit(0.7))[reversed_bits]) < 1e-15


@pytest.mark.parametrize(
    ("labels", "qubits"),
    [((0, 1), (0, 1)), ((5, 2), (1, 0)), (("b", "a"), (0, 1)), (("aux", 0), (0, 1)), ((10, 9), (1, 0))],
)
def test_the_order_of_wires(labels, qubits):
    ours = circuit_from_pennylane(QuantumScript([qml.CNOT(labels)]))
    assert ours.operations == (Operation("cx", qubits),)


def test_wires_that_are_only_measured_count_and_barriers_stay():
    tape = QuantumScript([qml.X(1), qml.Barrier([0, 1]), qml.Snapshot()], [qml.probs(wires=[0, 1, 2])])
    ours = circuit_from_pennylane(tape)
    assert (ours.num_qubits, ours.num_clbits) == (3, 0)
    assert ours.operations == (Operation("x", (1,)), Operation("barrier", (0, 1)))


def test_an_angle_is_the_double_that_was_given():
    angles = [3.3e-10, math.pi / 7, -1e-300]
    ours = circuit_from_pennylane(QuantumScript([qml.RX(qml.numpy.array(angle), 0) for angle in angles]))
    assert [op.params[0] for op in ours.operations] == angles


def measured_within():
    with qml.queuing.AnnotatedQueue() as queue:
        qml.Hadamard(0)
        qml.cond(qml.measure(0), qml.X)(1)
    return QuantumScript.from_queue(queue)


class NotTheirs(qml.operation.Operation):
    """Someone's own gate under a known name."""

    num_wires = 1
    num_params = 0

    @property
    def name(self):
        return "PauliX"

    @staticmethod
    def compute_decomposition(wires):
        return [qml.PauliZ(wires)]


def test_a_gate_of_ones_own_is_what_it_says():
    ours = circuit_from_pennylane(QuantumScript([NotTheirs(0)]))
    assert [op.name for op in ours.operations] == ["z"]


@pytest.mark.parametrize(
    ("tape", "message"),
    [
        (measured_within, r"^PennyLane tape, operation 1 \(MidMeasure.*not supported yet"),
        (
            lambda: QuantumScript([qml.RX(np.array([0.1, 0.2]), 0)]),
            r"operation 0 \(RX\): a batch of 2 angles",
        ),
        (lambda: QuantumScript([qml.RX(math.nan, 0)]), "an angle is nan"),
        (lambda: QuantumScript([qml.AmplitudeDamping(0.1, wires=0)]), "has no decomposition"),
        (lambda: QuantumScript([qml.QutritUnitary(np.eye(3), wires=0)]), "has no decomposition"),
        (lambda: QuantumScript([]), "no wires"),
        (lambda: QuantumScript([qml.X(i) for i in range(65)]), "65 wires"),
    ],
)
def test_what_is_not_supported_is_named_with_its_position(tape, message):
    with pytest.raises(QbenchError, match=message):
        circuit_from_pennylane(tape())
