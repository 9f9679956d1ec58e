"""Sums of Pauli products that families share, and what such a sum is worth in a state that is known."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from qbench.ir import Observable, PauliTerm

__all__ = ["in_state", "ising_chain", "mean", "mean_z", "pauli_sum", "spin_glass"]


def pauli_sum(terms: Mapping[str, float]) -> Observable:
    """An observable from products such as "Z0 X3", the empty one the identity, with their coefficients.

    >>> pauli_sum({"": 1.5, "X3 Z0": -1.0}).terms[1]
    PauliTerm(coefficient=-1.0, paulis=((0, 'Z'), (3, 'X')))
    """
    return Observable(
        tuple(
            PauliTerm(
                float(coefficient), tuple(sorted((int(factor[1:]), factor[0]) for factor in product.split()))
            )
            for product, coefficient in terms.items()
        )
    )


def mean(products: Sequence[str]) -> Observable:
    """The mean of some products; 1 / their number is the same double everywhere."""
    return pauli_sum(dict.fromkeys(products, 1 / len(products)))


def mean_z(size: int) -> Observable:
    """The mean of Z over the qubits.

    >>> mean_z(2).terms[0]
    PauliTerm(coefficient=0.5, paulis=((0, 'Z'),))
    """
    return mean([f"Z{q}" for q in range(size)])


def ising_chain(size: int) -> Observable:
    """The energy of the critical transverse-field Ising chain with open ends, -sum ZZ - sum X."""
    bonds = {f"Z{q} Z{q + 1}": -1.0 for q in range(size - 1)}
    return pauli_sum(bonds | {f"X{q}": -1.0 for q in range(size)})


def spin_glass(couplings: Mapping[tuple[int, int], float]) -> Observable:
    """sum J_ij Z_i Z_j."""
    return pauli_sum({f"Z{i} Z{j}": float(coupling) for (i, j), coupling in couplings.items()})


def in_state(observable: Observable, amplitudes: Sequence[complex]) -> float:
    """The expectation value in a state: a product takes basis state k to one other, with a phase.

    >>> round(in_state(pauli_sum({"X0": 1.0, "Y0": 0.5, "": 2.0}), [0.6, 0.8j]), 12)
    2.48
    """
    parts: list[float] = []
    for coefficient, paulis in observable.terms:
        flips = sum(1 << q for q, letter in paulis if letter in "XY")
        signs = sum(1 << q for q, letter in paulis if letter in "YZ")
        turn = 1j ** sum(letter == "Y" for _, letter in paulis)
        for k, amplitude in enumerate(amplitudes):
            if amplitude:
                # P|k> = i^(number of Y) (-1)^(ones among Y and Z) |k ^ flips>
                overlap = amplitudes[k ^ flips].conjugate() * amplitude * turn
                parts.append(coefficient * (-overlap.real if (k & signs).bit_count() % 2 else overlap.real))
    return math.fsum(parts)
