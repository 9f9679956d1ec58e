"""What is the right expectation value?  Pauli sums on the reference state, beyond double.

All terms on one set of flipped qubits (``paulis.PauliMasks.x``) share one pass over the state: the terms
with only Z share the probabilities.  On 20 qubits 27 terms with 9 such sets take 1.1 s on one core of a
shared 2-core machine.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from qbench.ir import Observable
from qbench.verify.doubledouble import Floats
from qbench.verify.gates import mp
from qbench.verify.paulis import SIGNS, fits, masks, signed_sums
from qbench.verify.reference import DDVector

__all__ = ["exact_sum", "expectation", "parts_of"]


def expectation(state: DDVector, observable: Observable) -> tuple[float, float]:
    """<state| O |state> as (hi, lo), within about 2^-98 of the observable's weight, for a state that is
    exact.

    Raises ``QbenchError`` for an observable on more qubits than the state has.

    >>> from qbench.ir import Circuit, Operation, PauliTerm
    >>> from qbench.verify.reference import reference_state
    >>> bell = reference_state(Circuit(2, (Operation("h", (0,)), Operation("cx", (0, 1)))))
    >>> both = Observable(tuple(PauliTerm(1.0, ((0, letter), (1, letter))) for letter in "XYZ"))
    >>> round(expectation(bell, both)[0], 15)
    1.0
    """
    fits(observable, state.num_qubits)
    groups: dict[tuple[int, int], list[tuple[float, int]]] = {}
    for coefficient, paulis in observable.terms:
        x, z, ys = masks(paulis)
        groups.setdefault((x, ys % 2), []).append((coefficient * SIGNS[ys % 4], z))
    vector = parts_of(state)
    products: list[tuple[float, tuple[float, float]]] = []
    for (x, odd), terms in groups.items():
        # without its sign, Re(i^ys w) is Re(w) for an even number of Y and Im(w), 3 quarter turns, for an
        # odd one
        sums = signed_sums(vector, vector, x, 3 if odd else 0, [z for _, z in terms])
        products += [(factor, found) for (factor, _), found in zip(terms, sums, strict=True)]
    return exact_sum(products)


def parts_of(state: DDVector) -> Floats:
    """The state as one array of shape (4, 2^n): real hi, real lo, imaginary hi, imaginary lo."""
    return np.stack([state.re_hi, state.re_lo, state.im_hi, state.im_lo])


def exact_sum(products: Iterable[tuple[float, tuple[float, float]]]) -> tuple[float, float]:
    """The sum of doubles times double-double numbers, with 50 digits, as the nearest (hi, lo).

    >>> exact_sum([(2.0, (1.0, 2.0**-60)), (-2.0, (1.0, 0.0))]) == (2.0**-59, 0.0)
    True
    """
    found: Any = mp.fsum(mp.mpf(factor) * (mp.mpf(hi) + mp.mpf(lo)) for factor, (hi, lo) in products)
    hi = float(found)
    return hi, float(found - hi)
