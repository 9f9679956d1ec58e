"""Every outcome of a circuit that is measured midway, branch by branch, for these tests alone.

A plain simulator in 80-bit arithmetic: a measurement or a reset splits each branch in two, and a branch is a
state that is not normalised, so that its square is its probability.
"""

import numpy as np
from exact_gates import MATRICES, C, apply

from qbench.ir import NOT_GATES

EMPTY = 1e-30


def outcome_chances(circuit):
    """The probability of every value of the classical bits, first bit least significant."""
    start = np.zeros((2**circuit.num_qubits, 1), dtype=C)
    start[0] = 1
    branches = [(start, 0)]
    for op in circuit.operations:
        branches = [
            result for state, bits in branches for result in after(op, state, bits, circuit.num_qubits)
        ]
    chances = np.zeros(2**circuit.num_clbits)
    for state, bits in branches:
        chances[bits] += float((np.abs(state) ** 2).sum())
    return chances


def after(op, state, bits, num_qubits):
    if op.condition is not None:
        asked, value = op.condition
        if sum((bits >> bit & 1) << place for place, bit in enumerate(asked)) != value:
            return [(state, bits)]
    if op.name not in NOT_GATES:
        return [(apply(MATRICES[op.name](*op.params), op.qubits, state, num_qubits), bits)]
    if op.name == "barrier":
        return [(state, bits)]
    assert op.name in ("measure", "reset")
    ones = (np.arange(len(state)) >> op.qubits[0] & 1).astype(bool)[:, None]
    results = []
    for one in (0, 1):
        part = np.where(ones == bool(one), state, 0)
        if (np.abs(part) ** 2).sum() < EMPTY:
            continue
        if op.name == "measure":
            bit = op.clbits[0]
            results.append((part, bits & ~(1 << bit) | one << bit))
        else:
            results.append((apply(MATRICES["x"](), op.qubits, part, num_qubits) if one else part, bits))
    return results
