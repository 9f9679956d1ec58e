"""Drawings hold what the circuit holds, and counts agree with Qiskit's own on the same circuit."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest
from exact_gates import MATRICES, distance

from qbench.circuits.anatomy import anatomy
from qbench.circuits.drawing import SHOWN_LINES, columns, draw
from qbench.circuits.qiskit_circuit import qiskit_circuit, qiskit_gate
from qbench.ir import GATES, Circuit, Operation, Parameter


def arbitrary(seed: int, num_qubits: int = 6, length: int = 60) -> Circuit:
    draw_from = random.Random(seed)
    operations = []
    for _ in range(length):
        name = draw_from.choice([*GATES, "barrier", "measure", "reset"])
        size, angles = GATES.get(name, (num_qubits if name == "barrier" else 1, 0))
        clbits = (draw_from.randrange(3),) if name == "measure" else ()
        operations.append(
            Operation(
                name,
                tuple(draw_from.sample(range(num_qubits), size)),
                tuple(draw_from.uniform(-4, 4) for _ in range(angles)),
                clbits,
            )
        )
    return Circuit(num_qubits, tuple(operations), 3)


@pytest.mark.parametrize("name", GATES)
def test_every_gate_is_qiskits_gate_of_that_matrix(name: str) -> None:
    from qiskit.quantum_info import Operator

    size, angles = GATES[name]
    params = tuple(0.3 + 0.7 * k for k in range(angles))
    made = Operator(qiskit_gate(Operation(name, tuple(range(size)), params))).data
    assert np.abs(made - MATRICES[name](*params)).max() < 1e-14
    assert distance(made, MATRICES[name](*params)) < 1e-14


@pytest.mark.parametrize("seed", range(20))
def test_counts_and_depths_are_qiskits(seed: int) -> None:
    circuit = arbitrary(seed)
    seen, made = anatomy(circuit), qiskit_circuit(circuit)
    counted = {"rcccx": "rc3x", "mcx": "c3x"}
    qiskit_counts: dict[str, int] = {}
    for instruction in made.data:
        operation = instruction.operation
        name = counted.get(operation.name, operation.name)
        name = "c4x" if name == "c3x" and operation.num_qubits == 5 else name
        qiskit_counts[name] = qiskit_counts.get(name, 0) + 1
    assert {**seen.gates, **seen.other} == qiskit_counts
    assert list(seen.gates.values()) == sorted(seen.gates.values(), reverse=True)
    assert sum(seen.by_size.values()) == len(circuit.gates)
    # Qiskit lets barriers and classical bits line qubits up; depth here is that of gates alone.
    bare = qiskit_circuit(Circuit(circuit.num_qubits, circuit.gates))
    assert seen.two_qubit_depth == bare.depth(lambda instruction: instruction.operation.num_qubits > 1)


@pytest.mark.parametrize("seed", range(10))
def test_columns_hold_every_operation_once_and_in_order(seed: int) -> None:
    circuit = arbitrary(seed)
    layers = columns(circuit)
    assert sum(map(len, layers)) == len(circuit.operations)
    for wire in range(circuit.num_qubits):
        here = [op for op in circuit.operations if wire in op.qubits]
        assert [op for layer in layers for op in layer if wire in op.qubits] == here
    for layer in layers:
        spans = sorted((min(op.qubits), circuit.num_qubits if op.clbits else max(op.qubits)) for op in layer)
        assert all(one[1] < other[0] for one, other in pairwise(spans))


def test_a_drawing_is_folded_and_cut() -> None:
    circuit = arbitrary(1, length=400)
    seen = draw(circuit, width=80)
    assert len(seen.lines) <= SHOWN_LINES
    assert max(map(len, seen.lines)) <= 80
    assert 1 <= seen.shown < seen.columns == len(columns(circuit))
    more = draw(circuit, width=200)
    assert more.shown > seen.shown
    whole = draw(circuit, width=80, full=True)
    assert whole.shown == whole.columns
    # what is shown of the cut drawing is how the whole one begins, up to the alignment of its last row
    row = 2 * (circuit.num_qubits + 1)
    assert whole.lines[0][:40] == seen.lines[0][:40]
    assert len(whole.lines) > len(seen.lines) > row


def test_one_row_of_many_wires_is_never_cut_across() -> None:
    circuit = Circuit(64, tuple(Operation("h", (q,)) for q in range(64)) * 3)
    seen = draw(circuit, width=20)
    assert len(seen.lines) > SHOWN_LINES
    assert any(line.startswith("q_63: ") for line in seen.lines)
    assert (seen.shown, seen.columns) == (2, 3)


def test_empty_circuits_barriers_on_nothing_and_free_angles() -> None:
    assert draw(Circuit(2, ())).columns == 0
    assert any("q_1:" in line for line in draw(Circuit(2, ())).lines)
    assert draw(Circuit(1, (Operation("barrier", ()),))).columns == 0
    free = Circuit(1, (Operation("rx", (0,), (Parameter("theta", 2.0, 0.5),)),))
    assert any("theta" in line for line in draw(free).lines)
    assert anatomy(free).first_not_clifford == "rx"


def test_feed_forward_is_drawn_with_its_condition() -> None:
    operations = (
        Operation("measure", (0,), (), (0,)),
        Operation("x", (1,), (), (), ((0,), 1)),
        Operation("x", (1,), (), (), ((0, 1, 2), 5)),
        Operation("x", (1,), (), (), ((0, 2), 1)),
    )
    text = "\n".join(draw(Circuit(2, operations, 3)).lines)
    assert text.count("If-0") == 3
    assert "c_0=0x1" in text
    assert "0x5" in text
    assert "c[0] & ~c[2]" in text
