"""Files in the manner of other tools and of textbooks, and what installed packages really export."""

import math
from pathlib import Path

import numpy as np
import pytest
from exact_gates import distance, final_state, unitary
from needing import needs

from qbench.circuits.openqasm3_names import MAX_OPERATIONS
from qbench.circuits.openqasm3_read import read_openqasm3
from qbench.circuits.qasm import openqasm_version, parse_qasm, read_qasm, write_qasm
from qbench.ir import Circuit

# what follows may be absent
needs("qiskit.statevector", "pennylane.default")
import pennylane as qml  # noqa: E402
from qiskit import QuantumCircuit, qasm2, qasm3  # noqa: E402
from qiskit.circuit.random import random_circuit  # noqa: E402
from qiskit.quantum_info import Operator  # noqa: E402

FOLDER = Path(__file__).with_name("foreign")


def read(name):
    circuit = read_qasm(FOLDER / f"{name}.qasm")
    assert parse_qasm(write_qasm(circuit)).id == circuit.id  # a run can store it
    return circuit


def without_measurements(circuit: Circuit) -> Circuit:
    return Circuit(circuit.num_qubits, circuit.gates)


@pytest.mark.parametrize("name", ["cirq_style", "mqt_style", "pytket_style_crlf"])
def test_openqasm_2_is_what_qiskit_reads(name):
    text = (FOLDER / f"{name}.qasm").read_text()
    theirs = qasm2.loads(text, custom_instructions=qasm2.LEGACY_CUSTOM_INSTRUCTIONS)
    ours = read(name)
    measured = [
        (theirs.find_bit(one.qubits[0]).index, theirs.find_bit(one.clbits[0]).index)
        for one in theirs.data
        if one.operation.name == "measure"
    ]
    assert [(op.qubits[0], op.clbits[0]) for op in ours.operations if op.name == "measure"] == measured
    theirs.data = [one for one in theirs.data if one.operation.name != "measure"]
    assert distance(unitary(without_measurements(ours)).astype(complex), Operator(theirs).data) < 3e-15


def test_a_textbooks_fourier_transform():
    ours = read("textbook")
    assert (ours.num_clbits, ours.features) == (6, frozenset())
    expected = QuantumCircuit(4)
    expected.x([0, 2])
    expected.h(0)
    expected.cp(math.pi / 2, 1, 0)
    expected.h(1)
    expected.cp(math.pi / 4, 2, 0)
    expected.cp(math.pi / 2, 2, 1)
    expected.h(2)
    expected.p(-3 * math.pi**2 / 8, 3)
    expected.h(3)
    expected.cu(0.1, -0.2, 0.3, 0.0, 3, 0)
    angle = math.sin(math.pi / 4) + math.sqrt(2) / math.log(3) - math.tan(0.1) * math.exp(-1)
    expected.cp(angle, 0, 3)
    assert distance(unitary(without_measurements(ours)).astype(complex), Operator(expected).data) < 3e-15


def test_a_braket_program():
    expected = QuantumCircuit(3)
    expected.h(0)
    expected.cx(0, 1)
    expected.tdg(1)
    expected.cp(0.3, 1, 2)
    expected.sx(2)
    expected.ccx(0, 1, 2)
    expected.rx(3.3e-10, 2)
    expected.p(-1.5, 0)
    expected.cswap(2, 0, 1)
    ours = read("braket_style")
    assert distance(unitary(without_measurements(ours)).astype(complex), Operator(expected).data) < 3e-15
    assert 3.3e-10 in [op.params[0] for op in ours.operations if op.name == "rx"]


def test_a_file_that_spells_the_standard_gates_out():
    expected = QuantumCircuit(3)

    def majority():
        expected.cx(2, 1)
        expected.cx(2, 0)
        expected.ccx(0, 1, 2)

    expected.h([0, 1, 2])
    majority()
    expected.crz(math.pi / 3, 2, 0)
    expected.s(1)
    expected.sdg(2)
    expected.ch(1, 2, ctrl_state=0)
    expected.ccx(0, 1, 2)
    expected.cx(2, 0)
    expected.cx(2, 1)
    ours = read("standard_text")
    assert distance(unitary(without_measurements(ours)).astype(complex), Operator(expected).data) < 3e-15


def test_an_adder_with_loops_adds():
    ours = read("adder_with_loops")
    state = final_state(without_measurements(ours))
    (outcome,) = np.flatnonzero(np.abs(state) > 1e-9)
    bits = {op.clbits[0]: outcome >> op.qubits[0] & 1 for op in ours.operations if op.name == "measure"}
    assert sum(bit << place for place, bit in bits.items()) == 5 + 7


# ---- exports of installed packages


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("version", [2, 3])
def test_what_qiskit_exports(seed, version):
    theirs = random_circuit(4, 5, max_operands=4, seed=seed)
    text = qasm2.dumps(theirs) if version == 2 else qasm3.dumps(theirs)
    assert openqasm_version(text) == version
    ours = parse_qasm(text) if version == 2 else read_openqasm3(text, "a.qasm")
    # its exporters round an angle near a simple fraction of pi by up to 1e-12
    assert distance(unitary(ours).astype(complex), Operator(theirs).data) < 1e-10


def test_what_qiskit_exports_of_parameters():
    from qiskit.circuit import Parameter

    theta = Parameter("theta")
    theirs = QuantumCircuit(2)
    theirs.rx(theta, 0)
    theirs.rzz(2 * theta + 0.5, 0, 1)
    ours = read_openqasm3(qasm3.dumps(theirs), "a.qasm")
    assert ours.parameters == ("theta",)
    bound = theirs.assign_parameters({theta: 0.7})
    assert distance(unitary(ours.bind({"theta": 0.7})).astype(complex), Operator(bound).data) < 1e-15


def test_what_pennylane_exports():
    operations = [qml.Hadamard(0), qml.CRX(0.3, [0, 2]), qml.Rot(0.1, 0.2, 0.3, 1), qml.IsingZZ(1e-7, [1, 2])]
    tape = qml.tape.QuantumScript(operations, [qml.sample(wires=[0, 1, 2])])
    ours = parse_qasm(tape.to_openqasm() if hasattr(tape, "to_openqasm") else qml.to_openqasm(tape))
    wires = list(tape.wires)  # it numbers them in order of first use
    expected = qml.matrix(qml.tape.QuantumScript(operations), wire_order=wires[::-1])
    assert distance(unitary(without_measurements(ours)).astype(complex), expected) < 3e-15


# ---- size


def test_a_thousand_lines_are_the_same_in_both_versions():
    line = "rx(0.001*{}) q[{}]; cx q[{}], q[{}];\n"
    body = "".join(line.format(i, i % 4, i % 4, (i + 1) % 4) for i in range(1000))
    three = read_openqasm3(f'OPENQASM 3; include "stdgates.inc"; qubit[4] q;\n{body}', "a.qasm")
    two = parse_qasm(f'OPENQASM 2.0; include "qelib1.inc"; qreg q[4];\n{body}')
    assert len(two.operations) == 2000
    assert three.id == two.id


def test_the_largest_circuit_is_read_within_its_limits():
    full = f'OPENQASM 3; include "stdgates.inc"; qubit q; for int i in [1:{MAX_OPERATIONS}] {{ x q; }}'
    assert len(parse_qasm(full).operations) == MAX_OPERATIONS
