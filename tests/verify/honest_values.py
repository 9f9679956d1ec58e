"""Expectation values and gradients as an honest simulator computes them, in double or single precision.

Plain NumPy on top of ``misbehaving.simulate``; no part of qbench's reference takes part.  Two ways of summing
(BLAS, and one number after the other) and two of differentiating (adjoint, parameter shift).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from misbehaving import MATRICES, X, Y, Z, apply, controlled, simulate

from qbench.ir import GATES, Circuit, Observable, Operation, Parameter, PauliTerm

PAULIS = {"X": X, "Y": Y, "Z": Z}
Sum = Callable[[np.ndarray, np.ndarray], float]


def by_blas(left: np.ndarray, right: np.ndarray) -> complex:
    return np.vdot(left, right)


def one_by_one(left: np.ndarray, right: np.ndarray) -> complex:
    return np.cumsum(left.conj() * right)[-1]


def observed(observable: Observable, state: np.ndarray) -> np.ndarray:
    n = state.size.bit_length() - 1
    made = np.zeros_like(state)
    for coefficient, paulis in observable.terms:
        product = state
        for qubit, letter in paulis:
            product = apply(product, n, PAULIS[letter], (qubit,))
        made = made + state.dtype.type(coefficient) * product
    return made


def term_by_term(observable: Observable, state: np.ndarray, inner: Sum = by_blas) -> float:
    """The expectation value, every number of the state's own precision."""
    n = state.size.bit_length() - 1
    real = state.real.dtype.type
    value = real(0)
    for coefficient, paulis in observable.terms:
        product = state
        for qubit, letter in paulis:
            product = apply(product, n, PAULIS[letter], (qubit,))
        value += real(coefficient) * real(inner(state, product).real)
    return float(value)


def honest_expectation(circuit: Circuit, observable: Observable, dtype: type, inner: Sum = by_blas) -> float:
    return term_by_term(observable, simulate(circuit, dtype=dtype), inner)


# ---- parameter shift

FOUR_TERMS = {("crx", 0), ("cry", 0), ("crz", 0), ("cu", 0)}
ROOT = math.sqrt(2.0)
TWO = ((math.pi / 2, 0.5),)
FOUR = ((math.pi / 2, (ROOT + 1) / (4 * ROOT)), (3 * math.pi / 2, -(ROOT - 1) / (4 * ROOT)))


def shifted_gradient(
    circuit: Circuit, values: Mapping[str, float], observable: Observable, dtype: type = np.complex128
) -> dict[str, float]:
    """Schuld and others 2019 (arXiv:1811.11184); four terms under a control: Anselmetti and others 2021."""
    bound = circuit.bind(values)
    found = dict.fromkeys(circuit.parameters, 0.0)
    for place, op in enumerate(circuit.operations):
        for which, angle in enumerate(op.params):
            if isinstance(angle, Parameter):
                for shift, weight in FOUR if (op.name, which) in FOUR_TERMS else TWO:
                    for sign in (1, -1):
                        turned = turn(bound, place, which, sign * shift)
                        value = honest_expectation(turned, observable, dtype)
                        found[angle.name] += angle.scale * sign * weight * value
    return found


def turn(circuit: Circuit, place: int, which: int, by: float) -> Circuit:
    ops = list(circuit.operations)
    params = list(ops[place].params)
    params[which] += by
    ops[place] = ops[place]._replace(params=tuple(params))
    return Circuit(circuit.num_qubits, tuple(ops), circuit.num_clbits)


# ---- adjoint

GENERATORS = {
    "rx": X,
    "ry": Y,
    "rz": Z,
    "crx": controlled(X) - np.diag([1, 0, 1, 0]),
    "cry": controlled(Y) - np.diag([1, 0, 1, 0]),
    "crz": controlled(Z) - np.diag([1, 0, 1, 0]),
    "rxx": np.kron(X, X),
    "ryy": np.kron(Y, Y),
    "rzz": np.kron(Z, Z),
    "p": np.diag([0, -2]),
    "cp": np.diag([0, 0, 0, -2]),
}
"""G with d/da gate = -i/2 G gate."""


def adjoint_gradient(
    circuit: Circuit, values: Mapping[str, float], observable: Observable, dtype: type = np.complex128
) -> dict[str, float]:
    n = circuit.num_qubits
    psi = simulate(circuit.bind(values), dtype=dtype)
    bra = observed(observable, psi)
    found = dict.fromkeys(circuit.parameters, 0.0)
    for op in reversed(circuit.gates):
        angles = [a.value(values) if isinstance(a, Parameter) else a for a in op.params]
        if op.params and isinstance(op.params[0], Parameter):
            (parameter,) = op.params
            generated = apply(psi, n, GENERATORS[op.name].astype(complex), op.qubits)
            found[parameter.name] += parameter.scale * float(np.vdot(bra, generated).imag)
        inverse = MATRICES[op.name](*angles).conj().T
        psi, bra = (apply(vector, n, inverse, op.qubits) for vector in (psi, bra))
    return found


# ---- what to ask


def random_observable(
    rng: np.random.Generator, n: int, terms: int, size: float = 1.0, letters: str = "XYZ"
) -> Observable:
    found = []
    for _ in range(terms):
        qubits = rng.permutation(n)[: rng.integers(0 if terms > 1 else 1, n + 1)]
        paulis = tuple((int(q), letters[rng.integers(len(letters))]) for q in sorted(qubits))
        found.append((float(size * rng.normal()), paulis))
    return Observable(tuple(PauliTerm(c, paulis) for c, paulis in found))


def random_free_circuit(
    rng: np.random.Generator, n: int, gates: int, names: Sequence[str], parameters: int
) -> tuple[Circuit, dict[str, float]]:
    """Gates with an angle get a parameter, some share one; others stay as they are."""
    names = [name for name in names if GATES[name][0] <= n]
    ops = []
    for _ in range(gates):
        name = names[rng.integers(len(names))]
        size, count = GATES[name]
        angles = tuple(
            Parameter(
                f"t{rng.integers(parameters)}",
                float(rng.choice([1.0, 2.0, -1.0, 0.5, 1.7])),
                float(rng.choice([0.0, 0.0, 0.3])),
            )
            for _ in range(count)
        )
        ops.append(Operation(name, tuple(int(q) for q in rng.permutation(n)[:size]), angles))
    circuit = Circuit(n, tuple(ops))
    return circuit, {name: float(rng.uniform(-3, 3)) for name in circuit.parameters}
