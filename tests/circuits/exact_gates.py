"""Matrices of the standard gates from their definitions, and a plain simulator, for these tests alone.

Written without qbench's rules.  Index k of a matrix has the gate's qubit i in bit i.  80-bit floating
point where the machine has it, so that errors of 1e-16 can be told from those of the test itself.
"""

import cmath

import numpy as np

from qbench.ir import GATES, NOT_GATES

C = np.clongdouble
PI = 4 * np.arctan(np.longdouble(1))


def e(angle):
    return np.exp(C(1j) * np.longdouble(angle))


def u(theta, phi, lam):
    half = np.longdouble(theta) / 2
    return np.array(
        [
            [C(np.cos(half)), -e(lam) * np.sin(half)],
            [e(phi) * np.sin(half), e(np.longdouble(phi) + np.longdouble(lam)) * np.cos(half)],
        ]
    )


def pauli_rotation(pauli, theta):
    half = np.longdouble(theta) / 2
    return np.cos(half) * np.eye(len(pauli), dtype=C) - 1j * np.sin(half) * pauli


X = np.array([[0, 1], [1, 0]], dtype=C)
Y = np.array([[0, -1j], [1j, 0]], dtype=C)
Z = np.diag(np.array([1, -1], dtype=C))
H = (X + Z) / np.sqrt(np.longdouble(2))
SX = np.array([[1 + 1j, 1 - 1j], [1 - 1j, 1 + 1j]], dtype=C) / 2


def phase(angle):
    return np.diag([C(1), e(angle)])


def controlled(matrix, controls=1):
    """Controls are the low bits: the matrix acts where all of them are 1."""
    for _ in range(controls):
        size = len(matrix)
        bigger = np.zeros((2 * size, 2 * size), dtype=C)
        bigger[::2, ::2] = np.eye(size)
        bigger[1::2, 1::2] = matrix
        matrix = bigger
    return matrix


def entries(size, changes):
    matrix = np.eye(size, dtype=C)
    for column in {column for _, column in changes}:
        matrix[column, column] = 0
    for (row, column), value in changes.items():
        matrix[row, column] = value
    return matrix


SWAP = entries(4, {(1, 2): 1, (2, 1): 1})
# Margolus's gate and its relative with three controls, as printed in the documentation of Qiskit.
RCCX = entries(8, {(3, 7): -1j, (7, 3): 1j, (5, 5): -1})
RC3X = entries(16, {(3, 3): 1j, (11, 11): -1j, (15, 7): -1, (7, 15): 1})

MATRICES = {
    "id": lambda: np.eye(2, dtype=C),
    "x": lambda: X,
    "y": lambda: Y,
    "z": lambda: Z,
    "h": lambda: H,
    "s": lambda: phase(PI / 2),
    "sdg": lambda: phase(-PI / 2),
    "t": lambda: phase(PI / 4),
    "tdg": lambda: phase(-PI / 4),
    "sx": lambda: SX,
    "sxdg": lambda: SX.conj().T,
    "rx": lambda a: pauli_rotation(X, a),
    "ry": lambda a: pauli_rotation(Y, a),
    "rz": lambda a: pauli_rotation(Z, a),
    "p": phase,
    "u2": lambda a, b: u(PI / 2, a, b),
    "u": u,
    "cx": lambda: controlled(X),
    "cy": lambda: controlled(Y),
    "cz": lambda: controlled(Z),
    "ch": lambda: controlled(H),
    "csx": lambda: controlled(SX),
    "cp": lambda a: controlled(phase(a)),
    "crx": lambda a: controlled(pauli_rotation(X, a)),
    "cry": lambda a: controlled(pauli_rotation(Y, a)),
    "crz": lambda a: controlled(pauli_rotation(Z, a)),
    "cu": lambda a, b, c, d: controlled(e(d) * u(a, b, c)),
    "swap": lambda: SWAP,
    "rxx": lambda a: pauli_rotation(np.kron(X, X), a),
    "ryy": lambda a: pauli_rotation(np.kron(Y, Y), a),
    "rzz": lambda a: pauli_rotation(np.kron(Z, Z), a),
    "ccx": lambda: controlled(X, 2),
    "cswap": lambda: controlled(SWAP),
    "rccx": lambda: RCCX,
    "c3x": lambda: controlled(X, 3),
    "c3sx": lambda: controlled(SX, 3),
    "rc3x": lambda: RC3X,
    "c4x": lambda: controlled(X, 4),
}
assert MATRICES.keys() == GATES.keys()


def apply(matrix, qubits, array, num_qubits):
    """The matrix on some qubits of every column of an array with 2^num_qubits rows."""
    count = len(qubits)
    tensor = array.reshape((2,) * num_qubits + (-1,))
    axes = [num_qubits - 1 - q for q in reversed(qubits)]
    gate = np.asarray(matrix).reshape((2,) * (2 * count))
    moved = np.tensordot(gate, tensor, axes=(range(count, 2 * count), axes))
    return np.moveaxis(moved, range(count), axes).reshape(array.shape)


def evolve(circuit, array):
    dtype = array.dtype
    for op in circuit.operations:
        if op.name not in NOT_GATES:
            matrix = MATRICES[op.name](*op.params).astype(dtype)
            array = apply(matrix, op.qubits, array, circuit.num_qubits)
    return array


def unitary(circuit):
    return evolve(circuit, np.eye(2**circuit.num_qubits, dtype=C))


def final_state(circuit):
    """The state before measurement, in complex128."""
    state = np.zeros((2**circuit.num_qubits, 1), dtype=complex)
    state[0] = 1
    return evolve(circuit, state)[:, 0]


def distance(one, other):
    """Largest difference of two matrices or states after the global phase is taken out."""
    overlap = complex(np.vdot(other, one))
    turn = overlap / abs(overlap) if overlap else cmath.exp(0)
    return float(np.abs(one - turn * other).max())
