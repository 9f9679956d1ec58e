"""A pure NumPy simulator for the tests, with faults on request.  Gate matrices come from the definitions in
terms of U and CX, not from qbench's reference."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from functools import cache

import numpy as np

from qbench.ir import Circuit, Operation

HALF, PI = math.pi / 2, math.pi


def u(theta: float, phi: float, lam: float) -> np.ndarray:
    c, s = math.cos(theta / 2), math.sin(theta / 2)
    return np.array(
        [
            [c, -cmath.exp(1j * lam) * s],
            [cmath.exp(1j * phi) * s, cmath.exp(1j * phi) * cmath.exp(1j * lam) * c],
        ]
    )


def controlled(gate: np.ndarray, controls: int = 1) -> np.ndarray:
    size = gate.shape[0] << controls
    made = np.eye(size, dtype=complex)
    inside = np.arange(gate.shape[0]) << controls | (1 << controls) - 1
    made[np.ix_(inside, inside)] = gate
    return made


def rotation(pauli: np.ndarray, theta: float) -> np.ndarray:
    return math.cos(theta / 2) * np.eye(pauli.shape[0]) - 1j * math.sin(theta / 2) * pauli


X = np.array([[0, 1], [1, 0]], dtype=complex)
Y = np.array([[0, -1j], [1j, 0]])
Z = np.diag([1, -1]).astype(complex)
H = np.array([[1, 1], [1, -1]], dtype=complex) / math.sqrt(2)
SX = np.array([[1 + 1j, 1 - 1j], [1 - 1j, 1 + 1j]]) / 2
SWAP = np.eye(4, dtype=complex)[[0, 2, 1, 3]]


def phase(angle: float) -> np.ndarray:
    return np.diag([1, cmath.exp(1j * angle)])


def product_of(size: int, *steps: tuple[np.ndarray, tuple[int, ...]]) -> np.ndarray:
    made = np.eye(1 << size, dtype=complex)
    return np.stack([run_steps(column, size, steps) for column in made.T], axis=1)


def run_steps(state: np.ndarray, n: int, steps: tuple) -> np.ndarray:
    for gate, qubits in steps:
        state = apply(state, n, gate, qubits)
    return state


def apply(state: np.ndarray, n: int, gate: np.ndarray, qubits: tuple[int, ...]) -> np.ndarray:
    k = len(qubits)
    axes = [n - 1 - q for q in reversed(qubits)]
    tensor = np.moveaxis(state.reshape((2,) * n), axes, range(k)).reshape(1 << k, -1)
    moved = (gate.astype(state.dtype) @ tensor).reshape((2,) * n)
    return np.moveaxis(moved, range(k), axes).reshape(-1)


def rccx() -> np.ndarray:
    a, t, d = H, phase(PI / 4), phase(-PI / 4)
    cx = controlled(X)
    return product_of(
        3,
        (a, (2,)),
        (t, (2,)),
        (cx, (1, 2)),
        (d, (2,)),
        (cx, (0, 2)),
        (t, (2,)),
        (cx, (1, 2)),
        (d, (2,)),
        (a, (2,)),
    )


def rc3x() -> np.ndarray:
    h, t, d, cx = (H, (3,)), (phase(PI / 4), (3,)), (phase(-PI / 4), (3,)), controlled(X)
    first, second, third = (cx, (0, 3)), (cx, (1, 3)), (cx, (2, 3))
    return product_of(4, h, t, third, d, h, first, t, second, d, first, t, second, d, h, t, third, d, h)


MATRICES: dict[str, Callable[..., np.ndarray]] = {
    "id": lambda: np.eye(2, dtype=complex),
    "x": lambda: X,
    "y": lambda: Y,
    "z": lambda: Z,
    "h": lambda: H,
    "s": lambda: np.diag([1, 1j]),
    "sdg": lambda: np.diag([1, -1j]),
    "t": lambda: phase(PI / 4),
    "tdg": lambda: phase(-PI / 4),
    "sx": lambda: SX,
    "sxdg": lambda: SX.conj().T,
    "rx": lambda a: rotation(X, a),
    "ry": lambda a: rotation(Y, a),
    "rz": lambda a: rotation(Z, a),
    "p": phase,
    "u2": lambda a, b: u(HALF, a, b),
    "u": u,
    "cx": lambda: controlled(X),
    "cy": lambda: controlled(Y),
    "cz": lambda: controlled(Z),
    "ch": lambda: controlled(H),
    "csx": lambda: controlled(SX),
    "cp": lambda a: controlled(phase(a)),
    "crx": lambda a: controlled(rotation(X, a)),
    "cry": lambda a: controlled(rotation(Y, a)),
    "crz": lambda a: controlled(rotation(Z, a)),
    "cu": lambda a, b, c, d: controlled(cmath.exp(1j * d) * u(a, b, c)),
    "swap": lambda: SWAP,
    "rxx": lambda a: rotation(np.kron(X, X), a),
    "ryy": lambda a: rotation(np.kron(Y, Y), a),
    "rzz": lambda a: rotation(np.kron(Z, Z), a),
    "ccx": lambda: controlled(X, 2),
    "cswap": lambda: controlled(SWAP),
    "rccx": rccx,
    "c3x": lambda: controlled(X, 3),
    "c3sx": lambda: controlled(SX, 3),
    "rc3x": rc3x,
    "c4x": lambda: controlled(X, 4),
}


@cache
def honest_matrix(name: str, params: tuple[float, ...]) -> np.ndarray:
    return MATRICES[name](*params)


def honest(op: Operation) -> Operation:
    return op


def simulate(
    circuit: Circuit,
    rewrite: Callable[[Operation], Operation | None] = honest,
    matrices: dict[str, np.ndarray] | None = None,
    dtype: type = np.complex128,
) -> np.ndarray:
    """The final state; ``rewrite`` changes or drops operations, ``matrices`` replaces gates."""
    state = np.zeros(1 << circuit.num_qubits, dtype=dtype)
    state[0] = 1
    for op in map(rewrite, circuit.gates):
        if op is not None:
            gate = (matrices or {}).get(op.name)
            gate = honest_matrix(op.name, op.params) if gate is None else gate
            state = apply(state, circuit.num_qubits, gate, op.qubits)
    return state


def sample(circuit: Circuit, state: np.ndarray, shots: int, seed: int) -> dict[int, int]:
    """Counts by outcome, following the circuit's readout."""
    chance = np.abs(state.astype(np.complex128)) ** 2
    drawn = np.random.default_rng(seed).multinomial(shots, chance / chance.sum())
    counts: dict[int, int] = {}
    for index in np.flatnonzero(drawn):
        bits = enumerate(circuit.readout)
        outcome = sum(((int(index) >> q) & 1) << bit for bit, q in bits if q is not None)
        counts[outcome] = counts.get(outcome, 0) + int(drawn[index])
    return counts


def big_endian(state: np.ndarray) -> np.ndarray:
    n = state.size.bit_length() - 1
    return state.reshape((2,) * n).transpose(*reversed(range(n))).reshape(-1)


# ---- Clifford gates that are other Clifford gates, and truncation


def clifford_group() -> list[np.ndarray]:
    """The 24 Clifford gates on one qubit, the identity first."""
    found = [np.eye(2, dtype=complex)]
    for made in found:  # grows while it is walked
        for gate in (H, phase(HALF)):
            new = gate @ made
            if not any(equal_up_to_phase(new, old) for old in found):
                found.append(new)
    return found


def equal_up_to_phase(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(abs(abs(np.trace(one.conj().T @ other)) - len(one)) < 1e-9)


def other_cliffords(name: str) -> list[tuple[str, np.ndarray]]:
    """What a Clifford gate may be mistaken for: on one qubit all 23; on two another gate, itself turned
    round, nothing, iswap, itself then any Pauli or an s on one of its qubits."""
    own = MATRICES[name]()
    if len(own) == 2:
        candidates = [(f"{name} is Clifford {k}", gate) for k, gate in enumerate(clifford_group())]
    else:
        paulis = (np.eye(2, dtype=complex), X, Y, Z)
        candidates = [
            (f"{name} then Paulis {a}{b}", np.kron(paulis[b], paulis[a]) @ own)
            for a in range(4)
            for b in range(4)
        ]
        candidates += [(f"{name} is {other}", MATRICES[other]()) for other in ("cx", "cy", "cz", "swap")]
        candidates += [
            (f"{name} turned round", SWAP @ own @ SWAP),
            (f"{name} is nothing", np.eye(4, dtype=complex)),
            (f"{name} is iswap", np.diag([1, 1j, 1j, 1]) @ SWAP),
            (f"{name} then s on its first", np.kron(np.eye(2), phase(HALF)) @ own),
            (f"{name} then s on its second", np.kron(phase(HALF), np.eye(2)) @ own),
        ]
    return [(title, gate) for title, gate in candidates if not equal_up_to_phase(gate, own)]


def without_signs(op: Operation) -> Operation | None:
    """A tableau that forgets its column of signs."""
    named = {"sdg": "s", "sxdg": "sx"}.get(op.name, op.name)
    return None if op.name in ("x", "y", "z") else op._replace(name=named)


def truncated(circuit: Circuit, bond: int = 8) -> np.ndarray:
    """What a matrix product state keeps that is cut to ``bond`` in the end: all, up to six qubits."""
    state = simulate(circuit)
    n = circuit.num_qubits
    for left in range(1, n):
        rows, values, columns = np.linalg.svd(state.reshape(1 << left, -1), full_matrices=False)
        state = ((rows[:, :bond] * values[:bond]) @ columns[:bond]).reshape(-1)
    return state / np.linalg.norm(state)
