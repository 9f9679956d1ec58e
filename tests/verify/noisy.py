"""A plain NumPy simulator of density matrices for the tests: Kraus sums, or mixtures of Paulis.

Nothing of qbench's own channels is used.  Three honest ways of writing one, as packages differ in that:
``kraus`` (sum over K rho K^dagger), ``superoperator`` (one matrix per channel on rho as a vector, in the
working precision) and ``mixture`` (Pauli errors with probabilities, where the channel is one).
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from itertools import product

import numpy as np
from misbehaving import X, Y, Z, apply, honest, honest_matrix

from qbench.ir import CHANNELS, GATES, Circuit, Operation

PAULIS = (np.eye(2, dtype=complex), X, Y, Z)
WAYS = ("kraus", "superoperator", "mixture")


def paulis(qubits: int) -> list[np.ndarray]:
    """All products of Paulis, the identity first; the first qubit is the lowest bit."""
    found = []
    for letters in product(range(4), repeat=qubits):
        made = np.eye(1, dtype=complex)
        for letter in letters:
            made = np.kron(PAULIS[letter], made)
        found.append(made)
    return found


def kraus(op: Operation) -> list[np.ndarray]:
    (p,) = op.params
    if op.name == "depolarizing":
        size = 4 ** len(op.qubits)
        shares = [1 - p * (size - 1) / size] + [p / size] * (size - 1)
        return [math.sqrt(share) * pauli for share, pauli in zip(shares, paulis(len(op.qubits)), strict=True)]
    if op.name == "amplitude_damping":
        return [
            np.array([[1, 0], [0, math.sqrt(1 - p)]], dtype=complex),
            np.array([[0, math.sqrt(p)], [0, 0]], dtype=complex),
        ]
    return [
        np.array([[1, 0], [0, math.sqrt(1 - p)]], dtype=complex),
        np.array([[0, 0], [0, math.sqrt(p)]], dtype=complex),
    ]


def mixed(op: Operation) -> list[tuple[float, np.ndarray]] | None:
    """The channel as Pauli errors with probabilities; None for what is no such mixture."""
    (p,) = op.params
    if op.name == "depolarizing":
        errors = paulis(len(op.qubits))
        each = p / len(errors)
        return [(1 - each * (len(errors) - 1), errors[0]), *((each, error) for error in errors[1:])]
    if op.name == "phase_damping":
        flip = (1 - math.sqrt(1 - p)) / 2
        return [(1 - flip, PAULIS[0]), (flip, Z)]
    return None


def turned(rho: np.ndarray, n: int, gate: np.ndarray, qubits: tuple[int, ...]) -> np.ndarray:
    """gate rho gate^dagger, for rho as a vector of 2n qubits (row's qubits above the column's)."""
    rho = apply(rho, 2 * n, gate, tuple(n + q for q in qubits))
    return apply(rho, 2 * n, gate.conj(), qubits)


def channelled(rho: np.ndarray, n: int, op: Operation, way: str) -> np.ndarray:
    mixture = mixed(op) if way == "mixture" else None
    if mixture:
        real = rho.real.dtype.type
        return sum(real(share) * turned(rho, n, error, op.qubits) for share, error in mixture)
    if way == "superoperator":
        small = [k.astype(rho.dtype) for k in kraus(op)]
        whole = sum(np.kron(k, k.conj()) for k in small)
        return apply(rho, 2 * n, whole, op.qubits + tuple(n + q for q in op.qubits))
    return sum(turned(rho, n, k, op.qubits) for k in kraus(op))


def simulate_density(
    circuit: Circuit,
    dtype: type = np.complex128,
    way: str = "kraus",
    rewrite: Callable[[Operation], Operation | None] = honest,
    gate_matrix: Callable[[str, tuple[float, ...]], np.ndarray] = honest_matrix,
) -> np.ndarray:
    """The density matrix after all gates and channels; ``rewrite`` changes or drops operations."""
    n = circuit.num_qubits
    rho = np.zeros(4**n, dtype=dtype)
    rho[0] = 1
    for op in map(rewrite, circuit.operations):
        if op is not None and op.name in CHANNELS:
            rho = channelled(rho, n, op, way)
        elif op is not None and op.name in GATES:
            rho = turned(rho, n, gate_matrix(op.name, op.params), op.qubits)
    return rho.reshape(2**n, 2**n)


def random_noisy_circuit(
    seed: int, n: int, gates: int, strengths: tuple[float, ...] = (1e-9, 1e-4, 0.01, 0.3, 1.0)
) -> Circuit:
    """Random gates on up to three qubits, and behind each with a chance of 2/3 a random channel."""
    rng = random.Random(f"noisy {seed} {n} {gates}")
    names = [name for name in GATES if GATES[name][0] <= min(3, n)]
    ops = []
    for _ in range(gates):
        name = rng.choice(names)
        size, count = GATES[name]
        ops.append(
            Operation(
                name, tuple(rng.sample(range(n), size)), tuple(rng.uniform(-3, 3) for _ in range(count))
            )
        )
        if rng.random() < 2 / 3:
            kind = rng.choice(list(CHANNELS))
            size = rng.randint(1, min(n, CHANNELS[kind]))
            ops.append(Operation(kind, tuple(rng.sample(range(n), size)), (rng.choice(strengths),)))
    return Circuit(n, tuple(ops))
