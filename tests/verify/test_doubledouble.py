"""Double-double arithmetic against mpmath at 60 digits, and its error bounds."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbench.verify import doubledouble as dd

numbers = st.floats(min_value=-1e60, max_value=1e60, allow_subnormal=False).filter(
    lambda x: x == 0 or abs(x) > 1e-60
)
mp = mpmath.mp.clone()
mp.dps = 60


def exact(hi: object, lo: object) -> Fraction:
    return Fraction(float(hi)) + Fraction(float(lo))


def pair(hi: float, lo_part: float) -> dd.Pair:
    """A normalised double-double: lo is at most half an ulp of hi."""
    hi_array, lo_array = dd.two_sum(np.array([hi]), np.array([hi * lo_part * 2.0**-54]))
    return hi_array, lo_array


@given(numbers, numbers)
def test_two_sum_and_two_prod_are_exact(a: float, b: float) -> None:
    x, y = np.array([a]), np.array([b])
    s, e = dd.two_sum(x, y)
    assert exact(s[0], e[0]) == Fraction(a) + Fraction(b)
    p, f = dd.two_prod(x, y)
    assert exact(p[0], f[0]) == Fraction(a) * Fraction(b)


@given(numbers)
def test_split_halves_have_26_bits(a: float) -> None:
    high, low = dd.split(np.array([a]))
    assert exact(high[0], low[0]) == Fraction(a)
    for half in (float(high[0]), float(low[0])):
        odd = abs(Fraction(half).numerator)
        while odd and odd % 2 == 0:
            odd //= 2
        assert odd.bit_length() <= 26


@given(numbers, st.floats(-1, 1), numbers, st.floats(-1, 1))
def test_relative_errors_stay_within_the_documented_bounds(a: float, da: float, b: float, db: float) -> None:
    x, y = pair(a, da), pair(b, db)
    ex, ey = exact(x[0][0], x[1][0]), exact(y[0][0], y[1][0])
    s = dd.add(x, y)
    assert abs(exact(s[0][0], s[1][0]) - (ex + ey)) <= 3 * abs(ex + ey) / 2**106
    p = dd.multiply(x, y)
    assert abs(exact(p[0][0], p[1][0]) - ex * ey) <= 8 * abs(ex * ey) / 2**106


def test_total_keeps_what_a_double_loses() -> None:
    rng = np.random.default_rng(1)
    for size in (1, 2, 3, 7, 1000):
        values = rng.normal(size=size) * 10.0 ** rng.integers(-20, 20, size)
        hi, lo = dd.total((values, np.zeros(size)))
        right = sum((Fraction(v) for v in values.tolist()), Fraction(0))
        assert abs(exact(hi, lo) - right) <= size * sum(map(abs, values.tolist())) / 2**104
    assert dd.total((np.zeros(0), np.zeros(0))) == (0.0, 0.0)


@pytest.mark.parametrize("terms", [1, 2, 3, 8])
def test_the_combiner_agrees_with_mpmath_at_60_digits(terms: int) -> None:
    rng = np.random.default_rng(terms)
    size = 200
    combiner = dd.Combiner(terms, 256)
    his = rng.normal(size=(terms, size))
    los = his * rng.uniform(-1, 1, size=(terms, size)) * 2.0**-54
    his[0, :5], los[0, :5] = 0.0, 0.0
    constants = [mp.mpf(int(rng.integers(-(10**9), 10**9))) / 7**11 for _ in range(terms)]
    row = []
    for j, constant in enumerate(constants):
        combiner.load(j, his[j].reshape(10, 20), los[j].reshape(10, 20), halves=True)
        hi = float(constant)
        row.append((j, dd.coefficient(hi, float(constant - hi))))
    out = (np.empty(size), np.empty(size))
    combiner.combine(row, out)
    for k in range(size):
        parts = [c * (mp.mpf(his[j, k]) + mp.mpf(los[j, k])) for j, c in enumerate(constants)]
        error = abs(mp.mpf(out[0][k]) + mp.mpf(out[1][k]) - mp.fsum(parts))
        assert error <= mp.fsum(map(abs, parts)) / 2**102
        assert out[0][k] == out[0][k] + out[1][k]  # normalised
