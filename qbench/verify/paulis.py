"""Pauli products on vectors beyond double: what an observable needs, as bit masks.

On basis states ``P |k> = i^ys (-1)^|k & z| |k ^ x>``: ``x`` is the mask of the qubits with X or Y, ``z`` of
those with Z or Y, ``ys`` the number of Y.  So all products of one ``x`` share the numbers conj(left[k ^ x])
right[k] and differ in signs only, which are exact.

Vectors are float64 arrays of shape (4, 2^n): real hi, real lo, imaginary hi, imaginary lo.  They are worked
through in chunks that stay in the cache, and chunks are added up in a fixed tree: the same bits everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from qbench.errors import QbenchError
from qbench.ir import Observable
from qbench.verify.doubledouble import Floats, Pair, add, multiply, negate, total

__all__ = ["SIGNS", "PauliMasks", "apply_observable", "fits", "masks", "signed_sums"]

CHUNK = 1 << 14
"""Basis states at a time: the dozen arrays that a product of vectors takes are then 1.5 MiB."""

SIGNS = (1.0, -1.0, -1.0, 1.0)
"""Re(i^t w) is w's real part for an even t, its imaginary part for an odd one, times this."""


class PauliMasks(NamedTuple):
    """A Pauli product as ``x``, ``z`` and ``ys``: see the module."""

    x: int
    z: int
    ys: int


def masks(paulis: Sequence[tuple[int, str]]) -> PauliMasks:
    """The masks of a product of Paulis, given as in ``PauliTerm.paulis``.

    >>> masks(((0, "X"), (1, "Y"), (3, "Z")))
    PauliMasks(x=3, z=10, ys=1)
    """
    x = sum(1 << qubit for qubit, letter in paulis if letter in "XY")
    z = sum(1 << qubit for qubit, letter in paulis if letter in "YZ")
    return PauliMasks(x, z, sum(letter == "Y" for _, letter in paulis))


def fits(observable: Observable, num_qubits: int) -> None:
    """Raise ``QbenchError`` where an observable names a qubit that is not there."""
    if observable.num_qubits > num_qubits:
        raise QbenchError(
            f"the observable acts on qubit {observable.num_qubits - 1}, but there are {num_qubits} qubits "
            f"(0 to {num_qubits - 1}): give an observable on these"
        )


def signed_sums(
    left: Floats, right: Floats, x: int, turns: int, zs: Sequence[int], ones: int = 0
) -> list[tuple[float, float]]:
    """Re(i^turns sum_k (-1)^|k & z| conj(left[k ^ x]) right[k]) for each z, as (hi, lo).

    The sum is over the basis states k in which all bits of ``ones`` are 1; these must not be in ``x``.  Each
    is right within about 2^-99 |left| |right|.

    >>> one = np.zeros((4, 4))
    >>> one[0, 2] = 1.0  # the basis state |10>: qubit 1 is 1
    >>> signed_sums(one, one, 0, 0, [0, 1, 2, 3])
    [(1.0, 0.0), (1.0, 0.0), (-1.0, 0.0), (-1.0, 0.0)]
    """
    found: list[list[tuple[float, float]]] = [[] for _ in zs]
    size = right.shape[1]
    width = min(CHUNK, size)
    low = np.arange(width)
    inside: Any = slice(None)
    if ones & (width - 1):
        low = low[(low & ones) == (ones & (width - 1))]
        inside = low
    partner: Any = low ^ (x & (width - 1)) if x & (width - 1) else inside
    signs = [_signs(low, z) if z & (width - 1) else None for z in zs]
    high = ~(width - 1)
    for start in range(0, size, width):
        if (start & ones) != (ones & high):
            continue
        other = start ^ (x & high)
        product = _part(
            left[:, other : other + width][:, partner], right[:, start : start + width][:, inside], turns
        )
        for sums, z, sign in zip(found, zs, signs, strict=True):
            hi, lo = total(product if sign is None else (product[0] * sign, product[1] * sign))
            sums.append((-hi, -lo) if (start & z).bit_count() & 1 else (hi, lo))
    factor = SIGNS[turns % 4]
    return [_turned(sums, factor) for sums in found]


def _turned(sums: Sequence[tuple[float, float]], factor: float) -> tuple[float, float]:
    hi, lo = total((np.array([hi for hi, _ in sums]), np.array([lo for _, lo in sums])))
    return factor * hi, factor * lo


def _signs(index: np.ndarray[Any, Any], z: int) -> Floats:
    found: Floats = 1.0 - 2.0 * (np.bitwise_count(index & z) & 1)
    return found


def _part(left: Floats, right: Floats, turns: int) -> Pair:
    """The real (even turns) or imaginary part of conj(left) * right."""
    left_re, left_im = (left[0], left[1]), (left[2], left[3])
    right_re, right_im = (right[0], right[1]), (right[2], right[3])
    if turns % 2 == 0:
        return add(multiply(left_re, right_re), multiply(left_im, right_im))
    return add(multiply(left_re, right_im), negate(multiply(left_im, right_re)))


def apply_observable(observable: Observable, vector: Floats, out: Floats) -> None:
    """Write the observable times the vector, both of shape (4, 2^n), into ``out``, which must be zeros.

    Raises ``QbenchError`` for an observable on more qubits than the vector has.

    >>> from qbench.ir import PauliTerm
    >>> up, out = np.zeros((4, 2)), np.zeros((4, 2))
    >>> up[0, 0] = 1.0
    >>> apply_observable(Observable((PauliTerm(0.5, ((0, "X"),)), PauliTerm(2.0, ((0, "Y"),)))), up, out)
    >>> out[0].tolist(), out[2].tolist()
    ([0.0, 0.5], [0.0, 2.0])
    """
    size = vector.shape[1]
    fits(observable, size.bit_length() - 1)
    width = min(CHUNK, size)
    groups: dict[int, list[tuple[float, PauliMasks]]] = {}
    for coefficient, paulis in observable.terms:
        found = masks(paulis)
        groups.setdefault(found.x, []).append((coefficient, found))
    for x, terms in groups.items():
        back = np.arange(width) ^ (x & (width - 1))
        for start in range(0, size, width):
            other = start ^ (x & ~(width - 1))
            source, target = vector[:, start : start + width], out[:, other : other + width]
            parts = {0: (source[0], source[1]), 1: (source[2], source[3])}
            for turned, factor in _diagonals(terms, start, width):
                # i^turned times a real diagonal: real and imaginary part change places for an odd turn
                for part, (hi, lo) in parts.items():
                    product = multiply((hi, lo), factor)
                    place = part ^ turned
                    if part == 1 and turned == 1:
                        product = negate(product)
                    into = (target[2 * place], target[2 * place + 1])
                    made = add(into, (product[0][back], product[1][back]))
                    into[0][:], into[1][:] = made


def _diagonals(
    terms: Sequence[tuple[float, PauliMasks]], start: int, width: int
) -> Iterator[tuple[int, Pair]]:
    """The real diagonals D of sum_t c_t i^ys (-1)^|k & z| = D_0 + i D_1 that there are, for a chunk of k."""
    index = np.arange(start, start + width)
    for turned in (0, 1):
        chosen = [(c, product) for c, product in terms if product.ys % 2 == turned]
        if chosen:
            diagonal: Pair = (np.zeros(width), np.zeros(width))
            for c, product in chosen:
                # i^ys is 1, i, -1, -i
                signed = c * (-1.0 if product.ys % 4 in (2, 3) else 1.0) * _signs(index, product.z)
                diagonal = add(diagonal, (signed, np.zeros(width)))
            yield turned, diagonal
