"""Circuits that people build in Qiskit, against Qiskit's own matrices of them."""

import math

import numpy as np
import pytest
from exact_gates import distance, unitary
from needing import needs

from qbench.circuits.from_qiskit import circuit_from_qiskit
from qbench.circuits.qasm import parse_qasm, write_qasm
from qbench.errors import QbenchError
from qbench.ir import Operation, Parameter

# what follows may be absent
needs("qiskit.statevector")
from qiskit import QuantumCircuit, QuantumRegister  # noqa: E402
from qiskit.circuit import AnnotatedOperation, ControlModifier, InverseModifier  # noqa: E402
from qiskit.circuit import Parameter as Free  # noqa: E402
from qiskit.circuit import library as lib  # noqa: E402
from qiskit.circuit.classical import expr  # noqa: E402
from qiskit.circuit.random import random_circuit  # noqa: E402
from qiskit.quantum_info import Clifford, Operator, SparsePauliOp, random_unitary  # noqa: E402


def check(theirs, most=5e-15):
    ours = circuit_from_qiskit(theirs)
    assert distance(unitary(ours).astype(complex), Operator(theirs).data) < most
    assert parse_qasm(write_qasm(ours)).id == ours.id  # a run can store it
    return ours


def one(gate):
    circuit = QuantumCircuit(gate.num_qubits)
    circuit.append(gate, range(gate.num_qubits))
    return circuit


GATES = [
    lib.CSGate(),
    lib.CSdgGate(),
    lib.CCZGate(),
    lib.iSwapGate(),
    lib.DCXGate(),
    lib.ECRGate(),
    lib.RGate(0.3, 0.7),
    lib.RVGate(0.1, 0.2, 0.3),
    lib.RZXGate(0.4),
    lib.XXMinusYYGate(0.3, 0.2),
    lib.XXPlusYYGate(0.3, 0.2),
    lib.MCXGate(1),
    lib.MCXGate(3),
    lib.MCXGate(4),
    lib.MCXGate(5),
    lib.MCPhaseGate(0.3, 3),
    lib.QFTGate(4),
    lib.PauliGate("XYZ"),
    lib.DiagonalGate([1, -1, 1j, -1j]),
    lib.CXGate(ctrl_state=0),
    lib.CUGate(0.1, 0.2, 0.3, 0.4, ctrl_state=0),
    lib.CU3Gate(0.1, 0.2, 0.3),
    lib.C3SXGate(),
    lib.C4XGate(),
    lib.RC3XGate(),
    lib.RXGate(0.3).control(2, ctrl_state=1),
    lib.UGate(0.1, 0.2, 0.3).control(2),
    lib.HGate().control(3),
    lib.PauliEvolutionGate(SparsePauliOp(["ZZ", "XX"]), 0.3),
    lib.SwapGate().control(1),
]


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.name)
def test_gates_beyond_ours_are_written_out(gate):
    check(one(gate))


@pytest.mark.parametrize("seed", range(8))
def test_random_circuits(seed):
    check(random_circuit(4, 6, max_operands=4, seed=seed))


@pytest.mark.parametrize("qubits", [1, 2, 3])
def test_a_gate_given_as_a_matrix(qubits):
    check(one(lib.UnitaryGate(random_unitary(2**qubits, seed=qubits))), most=1e-13)


def test_common_circuits():
    check(lib.quantum_volume(4, 3, seed=1), most=1e-13)
    check(lib.efficient_su2(3, reps=1).assign_parameters([0.1 * i for i in range(12)]))


def test_registers_measurements_and_names():
    a, b = QuantumRegister(1, "a"), QuantumRegister(2, "b")
    circuit = QuantumCircuit(a, b, name="mine")
    circuit.h(a)
    circuit.barrier()
    circuit.delay(100, b[1])
    circuit.reset(b[0])
    circuit.measure_all()
    ours = circuit_from_qiskit(circuit)
    assert ours.name == "mine"
    assert ours.operations == (
        Operation("h", (0,)),
        Operation("barrier", (0, 1, 2)),
        Operation("id", (2,)),
        Operation("reset", (1,)),
        Operation("barrier", (0, 1, 2)),
        *(Operation("measure", (q,), (), (q,)) for q in range(3)),
    )
    assert circuit_from_qiskit(QuantumCircuit(1)).name == ""  # Qiskit's own counter is no name


def test_initialize_at_the_start_prepares_without_a_reset():
    amplitudes = np.array([0.6, 0.0, 0.0, 0.8j])
    circuit = QuantumCircuit(2)
    circuit.initialize(amplitudes, [0, 1])
    ours = circuit_from_qiskit(circuit)
    assert ours.features == frozenset()
    state = unitary(ours).astype(complex)[:, 0]
    assert abs(abs(np.vdot(state, amplitudes)) - 1) < 1e-14
    circuit.initialize([1, 0], 0)  # later it does reset
    assert circuit_from_qiskit(circuit).features == {"reset"}


def test_an_angle_is_the_double_that_was_given():
    angles = (3.3e-10, math.pi / 7, -1e-300, 2 * math.pi - 1e-13)
    circuit = QuantumCircuit(1)
    for angle in angles:
        circuit.rx(angle, 0)
    assert [op.params[0] for op in circuit_from_qiskit(circuit).operations] == list(angles)


def test_free_parameters_where_linear():
    theta, phi = Free("θ"), Free("phi")
    circuit = QuantumCircuit(2)
    circuit.rx(theta, 0)
    circuit.rz(0.5 - 2 * theta, 0)
    circuit.cp(phi / 4, 0, 1)
    circuit.ry(theta - theta + 0.25, 1)
    circuit.global_phase = theta
    angles = [op.params[0] for op in circuit_from_qiskit(circuit).operations]
    assert angles == [Parameter("θ", 1.0, 0.0), Parameter("θ", -2.0, 0.5), Parameter("phi", 0.25, 0.0), 0.25]
    bound = circuit_from_qiskit(circuit).bind({"θ": 0.3, "phi": -0.7})
    theirs = circuit.assign_parameters({theta: 0.3, phi: -0.7})
    assert distance(unitary(bound).astype(complex), Operator(theirs).data) < 1e-15


def with_branch(condition, body=lambda circuit: circuit.x(1), otherwise=None):
    circuit = QuantumCircuit(2, 3, name="flow")
    circuit.measure(0, 0)
    with circuit.if_test(condition(circuit)) as other:
        body(circuit)
    if otherwise:
        with other:
            otherwise(circuit)
    return circuit


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (lambda c: (c.clbits[1], 1), ((1,), 1)),
        (lambda c: (c.clbits[1], 0), ((1,), 0)),
        (lambda c: (c.cregs[0], 5), ((0, 1, 2), 5)),
        (lambda c: expr.lift(c.clbits[2]), ((2,), 1)),
        (lambda c: expr.logic_not(c.clbits[2]), ((2,), 0)),
        (lambda c: expr.bit_not(c.clbits[2]), ((2,), 0)),
        (lambda c: expr.logic_and(c.clbits[2], expr.logic_not(c.clbits[0])), ((2, 0), 1)),
        (lambda c: expr.bit_and(c.clbits[0], c.clbits[1]), ((0, 1), 3)),
        (lambda c: expr.equal(c.cregs[0], 6), ((0, 1, 2), 6)),
        (lambda c: expr.equal(c.clbits[1], False), ((1,), 0)),
        (lambda c: expr.not_equal(c.clbits[1], True), ((1,), 0)),
    ],
)
def test_branches_become_conditions(condition, found):
    ours = circuit_from_qiskit(with_branch(condition))
    assert ours.operations == (Operation("measure", (0,), (), (0,)), Operation("x", (1,), condition=found))


def test_branches_within_branches_and_else():
    def body(circuit):
        circuit.ccz(0, 1, 2)
        with circuit.if_test((circuit.clbits[1], 0)) as other:
            circuit.x(2)
        with other:
            circuit.measure(2, 2)

    circuit = QuantumCircuit(3, 3)
    with circuit.if_test((circuit.clbits[0], 1)) as other:
        body(circuit)
    with other:
        circuit.reset(1)
    found = [(op.name, op.qubits, op.condition) for op in circuit_from_qiskit(circuit).operations]
    assert found == [
        ("h", (2,), ((0,), 1)),
        ("ccx", (0, 1, 2), ((0,), 1)),
        ("h", (2,), ((0,), 1)),
        ("x", (2,), ((0, 1), 1)),
        ("measure", (2,), ((0, 1), 3)),
        ("reset", (1,), ((0,), 0)),
    ]


def test_what_qbench_makes_of_its_own_circuits_comes_back():
    from qbench.circuits.families import FAMILIES
    from qbench.circuits.qiskit_circuit import qiskit_circuit

    for name in ("teleportation", "iterative_phase_estimation", "repetition_code", "measured_ghz"):
        circuit = FAMILIES[name].build(FAMILIES[name].sizes[1])
        assert circuit_from_qiskit(qiskit_circuit(circuit)).id == circuit.id


def with_a_loop():
    circuit = QuantumCircuit(1)
    with circuit.for_loop(range(3)):
        circuit.x(0)
    return circuit


def with_angle(expression):
    circuit = QuantumCircuit(1)
    circuit.rx(expression, 0)
    return circuit


def with_variable():
    from qiskit.circuit.classical import types

    circuit = QuantumCircuit(1)
    circuit.add_input("a", types.Bool())
    return circuit


def opaque():
    from qiskit.circuit import Gate

    return one(Gate("magic", 2, []))


@pytest.mark.parametrize(
    ("circuit", "message"),
    [
        (
            lambda: with_branch(lambda c: (c.cregs[0], 8)),
            r"^QuantumCircuit 'flow', operation 1 \(if_else\): 3 bits never",
        ),
        (lambda: with_branch(lambda c: expr.bit_or(c.clbits[0], c.clbits[1])), "of conditions qbench reads"),
        (lambda: with_branch(lambda c: expr.less(c.cregs[0], 2)), "of conditions qbench reads"),
        (
            lambda: with_branch(lambda c: (c.cregs[0], 1), otherwise=lambda c: c.y(1)),
            "an else to a condition on several bits",
        ),
        (
            lambda: with_branch(lambda c: (c.clbits[0], 1), lambda c: (c.measure(0, 0), c.x(0))),
            "measured anew within it",
        ),
        (with_a_loop, r"operation 0 \(for_loop\): control flow"),
        (lambda: with_angle(Free("a") * Free("b")), r"operation 0 \(rx\): the angle .* not of the form"),
        (lambda: with_angle(Free("a").sin()), "not of the form"),
        (lambda: with_angle(Free("a") ** 2), "not of the form"),
        (lambda: with_angle(math.inf), "an angle of rx is inf"),
        (with_variable, "classical variables are not supported"),
        (opaque, r"operation 0 \(magic\): magic has no definition"),
        (lambda: QuantumCircuit(), "no qubits"),
        (lambda: QuantumCircuit(65), "65 qubits; qbench reads at most 64"),
        (lambda: QuantumCircuit(1, 5000), "5000 classical bits"),
    ],
)
def test_what_is_not_supported_is_named_with_its_position(circuit, message):
    with pytest.raises(QbenchError, match=message):
        circuit_from_qiskit(circuit())


def test_a_circuit_without_end_is_refused():
    gate = lib.XGate()
    for level in range(2):
        inner = QuantumCircuit(1, name=f"level{level}")
        for _ in range(400):
            inner.append(gate, [0])
        gate = inner.to_gate()
    with pytest.raises(QbenchError, match="more than 100000 operations"):
        circuit_from_qiskit(one(gate))


def test_operations_that_only_say_what_they_do():
    check(one(lib.PermutationGate([2, 0, 1])))
    clifford = QuantumCircuit(2)
    clifford.append(Clifford(lib.CXGate()), [1, 0])
    assert distance(unitary(circuit_from_qiskit(clifford)).astype(complex), Operator(clifford).data) < 1e-15
    annotated = QuantumCircuit(2)
    annotated.append(AnnotatedOperation(lib.SXGate(), [ControlModifier(1), InverseModifier()]), [0, 1])
    expected = Operator(lib.SXdgGate().control(1)).data
    assert distance(unitary(circuit_from_qiskit(annotated)).astype(complex), expected) < 1e-15


def test_a_barrier_on_nothing_is_nothing():
    circuit = QuantumCircuit(1)
    circuit.append(lib.Barrier(0), [])
    assert circuit_from_qiskit(circuit).operations == ()


def test_two_gates_of_one_name_are_two_gates():
    circuit = QuantumCircuit(1)
    for gate in ("x", "z"):
        inner = QuantumCircuit(1, name="mine")
        getattr(inner, gate)(0)
        circuit.append(inner.to_gate(), [0])
    assert [op.name for op in circuit_from_qiskit(circuit).operations] == ["x", "z"]
