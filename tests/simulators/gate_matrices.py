"""The gates as matrices, and circuits applied to |0...0>: what the simulators are compared with.

Written down from the definitions, in double precision; the first qubit of a gate is least significant.
"""

import math

import numpy as np

from qbench.ir import Circuit

ROOT = math.sqrt(0.5)
X = np.array([[0, 1], [1, 0]], complex)
Y = np.array([[0, -1j], [1j, 0]])
Z = np.diag([1, -1]).astype(complex)
H = np.array([[ROOT, ROOT], [ROOT, -ROOT]], complex)
SX = np.array([[1 + 1j, 1 - 1j], [1 - 1j, 1 + 1j]]) / 2
SWAP = np.eye(4, dtype=complex)[[0, 2, 1, 3]]


def turn(angle):
    return complex(math.cos(angle), math.sin(angle))


def rotation(pauli, angle):
    return math.cos(angle / 2) * np.eye(len(pauli)) - 1j * math.sin(angle / 2) * pauli


def rz(angle):
    return np.diag([turn(-angle / 2), turn(angle / 2)])


def phase(angle):
    return np.diag([1, turn(angle)])


def u(theta, phi, lam):
    cosine, sine = math.cos(theta / 2), math.sin(theta / 2)
    return np.array([[cosine, -turn(lam) * sine], [turn(phi) * sine, turn(phi) * turn(lam) * cosine]])


def controlled(matrix, controls=1):
    size = len(matrix) << controls
    whole = np.eye(size, dtype=complex)
    acting = [((1 << controls) - 1) | (index << controls) for index in range(len(matrix))]
    whole[np.ix_(acting, acting)] = matrix
    return whole


# Toffoli's gate up to phases (Margolus): ccx but for a sign at 5 (control 0 and target) and Y in place of X.
RCCX = np.diag([1, 1, 1, 0, 1, -1, 1, 0]).astype(complex)
RCCX[3, 7], RCCX[7, 3] = -1j, 1j

FIXED = {
    "id": np.eye(2, dtype=complex),
    "x": X,
    "y": Y,
    "z": Z,
    "h": H,
    "s": np.diag([1, 1j]),
    "sdg": np.diag([1, -1j]),
    "t": np.diag([1, complex(ROOT, ROOT)]),
    "tdg": np.diag([1, complex(ROOT, -ROOT)]),
    "sx": SX,
    "sxdg": SX.conj().T,
    "cx": controlled(X),
    "cy": controlled(Y),
    "cz": controlled(Z),
    "ch": controlled(H),
    "csx": controlled(SX),
    "swap": SWAP,
    "ccx": controlled(X, 2),
    "rccx": RCCX,
    "cswap": controlled(SWAP),
    "c3x": controlled(X, 3),
    "c3sx": controlled(SX, 3),
    "c4x": controlled(X, 4),
}
TURNED = {
    "rx": lambda a: rotation(X, a),
    "ry": lambda a: rotation(Y, a),
    "rz": rz,
    "p": phase,
    "u2": lambda a, b: u(math.pi / 2, a, b),
    "u": u,
    "cp": lambda a: controlled(phase(a)),
    "crx": lambda a: controlled(rotation(X, a)),
    "cry": lambda a: controlled(rotation(Y, a)),
    "crz": lambda a: controlled(rz(a)),
    "rxx": lambda a: rotation(np.kron(X, X), a),
    "ryy": lambda a: rotation(np.kron(Y, Y), a),
    "rzz": lambda a: rotation(np.kron(Z, Z), a),
}


def gate_matrix(name, angles):
    return TURNED[name](*angles) if angles else FIXED[name]


def final_state(circuit: Circuit) -> np.ndarray:
    """Amplitudes of all 2^n basis states after the circuit's gates."""
    n = circuit.num_qubits
    state = np.zeros((2,) * n, complex)
    state[(0,) * n] = 1
    for gate in circuit.gates:
        k = len(gate.qubits)
        axes = [n - 1 - qubit for qubit in reversed(gate.qubits)]
        matrix = gate_matrix(gate.name, gate.params).reshape((2,) * (2 * k))
        state = np.moveaxis(np.tensordot(matrix, state, axes=(range(k, 2 * k), axes)), range(k), axes)
    return state.reshape(-1)


def distance(state, reference) -> float:
    """Largest difference of an amplitude after the global phase is aligned."""
    state = np.asarray(state)
    overlap = np.vdot(state, reference)
    return float(abs(state * (overlap / abs(overlap)) - reference).max())
