"""Observables, gradients, channels and circuits measured midway in NumPy: what simulators are compared with.

Written down from the definitions, in double precision, on whole matrices; gates come from gate_matrices.
"""

import itertools
import math

import numpy as np
from gate_matrices import X, Y, Z, final_state, gate_matrix

from qbench.ir import GATES, NOT_GATES, Parameter

ONE = np.eye(2, dtype=complex)
PAULIS = {"X": X, "Y": Y, "Z": Z}
ROTATIONS = ("rx", "ry", "rz", "rxx", "ryy", "rzz")


def act(matrix, tensor, axes):
    """The matrix on these axes of length 2; the first axis is least significant in the matrix."""
    k, order = len(axes), list(reversed(axes))
    result = np.tensordot(matrix.reshape((2,) * (2 * k)), tensor, axes=(range(k, 2 * k), order))
    return np.moveaxis(result, range(k), order)


# ---- observables


def observable_matrix(observable, n):
    whole = np.zeros((2**n, 2**n), complex)
    for coefficient, paulis in observable.terms:
        letters = dict(paulis)
        product = np.ones((1, 1))
        for qubit in reversed(range(n)):  # the last factor of a Kronecker product is least significant
            product = np.kron(product, PAULIS[letters[qubit]] if qubit in letters else ONE)
        whole += coefficient * product
    return whole


def expectation(circuit, observable):
    state = final_state(circuit)
    return float(np.vdot(state, observable_matrix(observable, circuit.num_qubits) @ state).real)


def rows(circuit, task):
    """The expectation value at each row of the task's bindings."""
    named = [dict(zip(task.parameters, row, strict=True)) for row in task.bindings]
    return [expectation(circuit.bind(values), task.observable) for values in named]


def gradient(circuit, task):
    """By the shift rule, once for each place where a parameter stands; rotations only."""
    (row,) = task.bindings
    values = dict(zip(task.parameters, row, strict=True))
    bound = circuit.bind(values)
    slopes = dict.fromkeys(task.parameters, 0.0)
    for position, op in enumerate(circuit.operations):
        for angle in op.params:
            if isinstance(angle, Parameter):
                assert op.name in ROTATIONS
                sides = []
                for turn in (math.pi / 2, -math.pi / 2):
                    ops = list(bound.operations)
                    ops[position] = op._replace(params=(angle.value(values) + turn,))
                    sides.append(expectation(type(bound)(bound.num_qubits, tuple(ops)), task.observable))
                slopes[angle.name] += angle.scale * (sides[0] - sides[1]) / 2
    return list(slopes.values())


# ---- noise


def kraus(name, strength, qubits):
    """(weight, matrix) pairs: rho becomes the sum of weight K rho K^dagger."""
    if name == "depolarizing":  # (1 - p) rho + p I/2^k, as a mixture of all Pauli products
        share = strength / 4**qubits
        found = []
        for letters in itertools.product("IXYZ", repeat=qubits):
            matrix = np.ones((1, 1))
            for letter in letters:
                matrix = np.kron(matrix, PAULIS.get(letter, ONE))
            found.append((share + (1 - strength if set(letters) == {"I"} else 0), matrix))
        return found
    stays = np.diag([1, math.sqrt(1 - strength)])
    if name == "amplitude_damping":
        return [(1, stays), (strength, np.array([[0, 1], [0, 0]]))]
    assert name == "phase_damping"
    return [(1, stays), (strength, np.diag([0, 1]))]


def density_matrix(circuit):
    n = circuit.num_qubits
    rho = np.zeros((2,) * (2 * n), complex)
    rho[(0,) * (2 * n)] = 1
    for op in circuit.operations:
        if op.name in ("measure", "barrier"):
            continue
        kets = [n - 1 - qubit for qubit in op.qubits]
        bras = [2 * n - 1 - qubit for qubit in op.qubits]
        gate = [(1, gate_matrix(op.name, op.params))] if op.name in GATES else None
        parts = gate or kraus(op.name, op.params[0], len(op.qubits))
        rho = sum(weight * act(m.conj(), act(m, rho, kets), bras) for weight, m in parts)
    return rho.reshape(2**n, 2**n)


def noisy_distribution(circuit, error=0.0):
    """Probabilities by outcome; every bit that shows a qubit is read wrong with probability ``error``."""
    chances = {}
    written = [bit for bit, qubit in enumerate(circuit.readout) if qubit is not None]
    for index, p in enumerate(density_matrix(circuit).diagonal().real):
        outcome = sum((index >> circuit.readout[bit] & 1) << bit for bit in written)
        chances[outcome] = chances.get(outcome, 0) + p
    for bit in written:
        either = set(chances) | {outcome ^ 1 << bit for outcome in chances}
        chances = {
            outcome: (1 - error) * chances.get(outcome, 0) + error * chances.get(outcome ^ 1 << bit, 0)
            for outcome in either
        }
    return chances


# ---- circuits measured midway


def branches(circuit):
    """Probabilities by outcome of a circuit with measurements, resets and conditions anywhere."""
    n = circuit.num_qubits
    start = np.zeros((2,) * n, complex)
    start[(0,) * n] = 1
    alive = [(0, start)]
    for op in circuit.operations:
        after = []
        for bits, state in alive:
            if op.condition is not None:
                read = sum((bits >> bit & 1) << place for place, bit in enumerate(op.condition[0]))
                if read != op.condition[1]:
                    after.append((bits, state))
                    continue
            if op.name in ("measure", "reset"):
                axis = n - 1 - op.qubits[0]
                for seen in (0, 1):
                    part = act(np.diag([1.0 - seen, seen]), state, [axis])
                    if op.name == "reset":
                        after.append((bits, act(X, part, [axis]) if seen else part))
                    else:
                        after.append((bits & ~(1 << op.clbits[0]) | seen << op.clbits[0], part))
            elif op.name in NOT_GATES:
                after.append((bits, state))
            else:
                matrix = gate_matrix(op.name, op.params)
                after.append((bits, act(matrix, state, [n - 1 - qubit for qubit in op.qubits])))
        alive = [(bits, state) for bits, state in after if np.vdot(state, state).real > 1e-30]
    chances = {}
    for bits, state in alive:
        weights = abs(state.reshape(-1)) ** 2
        for outcome, p in enumerate(weights) if circuit.num_clbits == 0 else [(bits, weights.sum())]:
            chances[outcome] = chances.get(outcome, 0) + p
    return chances
