"""How is arithmetic done beyond double?  Double-double numbers in NumPy arrays.

A double-double number is an unevaluated sum ``hi + lo`` of two doubles with ``|lo| <= ulp(hi) / 2``:
about 106 bits.  Only ``+ - *`` on float64 are used, each an operation of its own that rounds to nearest, so
every IEEE machine gives the same bits: no fused multiply-add, no long double, no BLAS, no ``np.sum``.

Sources: Dekker 1971 (split, two_prod); Knuth, TAOCP 2 (two_sum); Ogita, Rump and Oishi 2005 (Dot2, of which
``Combiner`` is the double-double form).  Numbers must stay below 2^970 and products above 2^-960, where
nothing over- or underflows; amplitudes do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Coefficient",
    "Combiner",
    "Floats",
    "Pair",
    "add",
    "coefficient",
    "multiply",
    "negate",
    "split",
    "total",
    "two_prod",
    "two_sum",
]

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]
"""(hi, lo): two float64 arrays of one shape."""

SPLITTER = 134217729.0  # 2^27 + 1: halves of 26 bits


def two_sum(a: Floats, b: Floats) -> Pair:
    """The rounded sum and its exact error: ``s + e == a + b`` (Knuth, six operations, any order of size).

    >>> s, e = two_sum(np.array([1.0]), np.array([2.0**-60]))
    >>> float(s[0]), float(e[0]) == 2.0**-60
    (1.0, True)
    """
    s = a + b
    bb = s - a
    return s, (a - (s - bb)) + (b - bb)


def split(a: Floats) -> Pair:
    """Two halves of at most 26 significant bits with ``high + low == a`` (Dekker).

    >>> high, low = split(np.array([0.1]))
    >>> bool(high[0] + low[0] == 0.1), float(high[0])
    (True, 0.09999999962747097)
    """
    t = SPLITTER * a
    high = t - (t - a)
    return high, a - high


def two_prod(a: Floats, b: Floats) -> Pair:
    """The rounded product and its exact error: ``p + e == a * b`` (Dekker, without fused multiply-add).

    >>> p, e = two_prod(np.array([0.1]), np.array([0.1]))
    >>> from fractions import Fraction
    >>> Fraction(float(p[0])) + Fraction(float(e[0])) == Fraction(0.1) ** 2
    True
    """
    p = a * b
    a1, a2 = split(a)
    b1, b2 = split(b)
    return p, ((a1 * b1 - p) + a1 * b2 + a2 * b1) + a2 * b2


def _renormalise(s: Floats, e: Floats) -> Pair:
    # Dekker's three operations; right because |e| is far below |s| or s is 0.
    hi = s + e
    return hi, e - (hi - s)


def negate(x: Pair) -> Pair:
    """The number with its sign changed; exact."""
    return -x[0], -x[1]


def add(x: Pair, y: Pair) -> Pair:
    """The sum, with a relative error of at most 3 * 2^-106 (both error terms are kept: no cancellation loss).

    >>> one, tiny = (np.ones(1), np.zeros(1)), (np.array([2.0**-100]), np.zeros(1))
    >>> hi, lo = add(add(one, tiny), negate(one))
    >>> float(hi[0]) == 2.0**-100
    True
    """
    s, e = two_sum(x[0], y[0])
    t, f = two_sum(x[1], y[1])
    s, e = _renormalise(s, e + t)
    return _renormalise(s, e + f)


def multiply(x: Pair, y: Pair) -> Pair:
    """The product, with a relative error of at most 8 * 2^-106.

    >>> third = (np.array([1 / 3]), np.array([2.0**-54 / 3]))
    >>> three = (np.array([3.0]), np.zeros(1))
    >>> hi, lo = multiply(third, three)
    >>> abs(float((hi - 1.0 + lo)[0])) < 2.0**-103
    True
    """
    p, e = two_prod(x[0], y[0])
    return _renormalise(p, e + (x[0] * y[1] + x[1] * y[0]))


def total(x: Pair) -> tuple[float, float]:
    """The sum of all elements as one (hi, lo), added in a fixed tree: the same bits everywhere.

    >>> total((np.array([1e16, 1.0, -1e16]), np.zeros(3)))
    (1.0, 0.0)
    """
    hi, lo = x[0].ravel(), x[1].ravel()
    if not hi.size:
        return 0.0, 0.0
    while hi.size > 1:
        half = hi.size // 2
        odd = (hi[2 * half :], lo[2 * half :])
        s, e = add((hi[:half], lo[:half]), (hi[half : 2 * half], lo[half : 2 * half]))
        hi, lo = np.concatenate((s, odd[0])), np.concatenate((e, odd[1]))
    return float(hi[0]), float(lo[0])


class Coefficient(NamedTuple):
    """A double-double constant with the halves of ``hi`` ready for two_prod."""

    hi: float
    lo: float
    high: float
    low: float


def coefficient(hi: float, lo: float) -> Coefficient:
    """Prepare a constant.

    >>> coefficient(0.5, 0.0)
    Coefficient(hi=0.5, lo=0.0, high=0.5, low=0.0)
    """
    t = SPLITTER * hi
    high = t - (t - hi)
    return Coefficient(hi, lo, high, hi - high)


class Combiner:
    """Sums of constants times arrays, sum_j c_j x_j, on blocks that stay in the cache.

    Made once per circuit: it owns ``sources`` input blocks and the work space, all of at most ``width``
    elements.  The error is at most about 2^-103 sum_j |c_j x_j|: each product keeps its exact error term and
    those are added in double.
    """

    def __init__(self, sources: int, width: int) -> None:
        self._inputs = np.empty((sources, 4, width))
        self._work = np.empty((5, width))

    def load(self, source: int, hi: Floats, lo: Floats, *, halves: bool) -> None:
        """Copy one input (any shape) into block ``source``; ``halves`` where ``combine`` will use it."""
        size = hi.size
        block = self._inputs[source, :, :size]
        np.copyto(block[0].reshape(hi.shape), hi)
        np.copyto(block[1].reshape(lo.shape), lo)
        if halves:
            x, high, low = block[0], block[2], block[3]
            np.multiply(x, SPLITTER, out=low)
            np.subtract(low, x, out=high)
            np.subtract(low, high, out=high)
            np.subtract(x, high, out=low)

    def loaded(self, source: int, size: int) -> Pair:
        """The block as it was loaded: views, valid until the next load."""
        return self._inputs[source, 0, :size], self._inputs[source, 1, :size]

    def combine(self, terms: Sequence[tuple[int, Coefficient]], out: Pair) -> None:
        """Write sum_j c_j x_j over (source, coefficient) into ``out``; the sources need their halves."""
        size = out[0].size
        s, p, e, t, d = (row[:size] for row in self._work)
        err = out[1]
        for position, (source, c) in enumerate(terms):
            hi, lo, high, low = (row[:size] for row in self._inputs[source])
            target, error = (p, e) if position else (s, err)
            np.multiply(hi, c.hi, out=target)
            np.multiply(high, c.high, out=error)
            np.subtract(error, target, out=error)
            np.multiply(low, c.high, out=t)
            np.add(error, t, out=error)
            if c.low:
                np.multiply(high, c.low, out=t)
                np.add(error, t, out=error)
                np.multiply(low, c.low, out=t)
                np.add(error, t, out=error)
            np.multiply(lo, c.hi, out=t)
            np.add(error, t, out=error)
            if c.lo:
                np.multiply(hi, c.lo, out=t)
                np.add(error, t, out=error)
            if position:  # two_sum(s, p), its error and the product's into err
                np.add(s, p, out=t)
                np.subtract(t, s, out=d)
                np.subtract(p, d, out=p)
                np.subtract(t, d, out=d)
                np.subtract(s, d, out=d)
                np.add(d, p, out=d)
                np.add(e, d, out=e)
                np.add(err, e, out=err)
                s, t = t, s
        np.add(s, err, out=out[0])
        np.subtract(out[0], s, out=t)
        np.subtract(err, t, out=out[1])
