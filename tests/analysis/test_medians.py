"""The interval of a median: what it is called must hold, and no narrower symmetric one would do."""

from __future__ import annotations

import random

import pytest
from scipy.stats import binom

from qbench.analysis.medians import CONFIDENCE, median_of


@pytest.mark.parametrize("count", range(1, 60))
def test_its_order_statistics_are_the_innermost_that_hold_the_confidence(count: int) -> None:
    """Of 1 to n, the k-th smallest is k; the coverage of [k, n + 1 - k] is that of the binomial law."""
    found = median_of(list(range(1, count + 1)))
    covered = {k: 1 - 2 * binom.cdf(k - 1, count, 0.5) for k in range(1, count // 2 + 1)}
    enough = [k for k, coverage in covered.items() if coverage >= CONFIDENCE]
    assert (found.low, found.high) == ((enough[-1], count + 1 - enough[-1]) if enough else (None, None))


def test_it_holds_the_median_of_a_skewed_law_as_often_as_it_says() -> None:
    rng = random.Random(7)
    held = 0
    for _ in range(2000):
        found = median_of([rng.expovariate(1) for _ in range(9)])
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.6931471805599453 <= found.high
    assert held >= 0.94 * 2000  # 1922 are expected, and 9.7 is their standard deviation


def test_no_values_have_no_median() -> None:
    with pytest.raises(ValueError, match="no values"):
        median_of([])
