"""The median of a few values and its interval, without any assumption on how they are distributed."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Median", "median_of"]

CONFIDENCE = 0.95


class Median(NamedTuple):
    """``low`` and ``high`` are None where there are too few values for an interval: five or fewer."""

    value: float
    low: float | None
    high: float | None


def median_of(values: Sequence[float]) -> Median:
    """The sample median, and the two order statistics that hold the median of what was drawn from.

    The interval is the narrowest symmetric one of at least 95 %: by the sign test, between the k-th smallest
    and the k-th largest of n independent values lies the median with probability 1 - 2 P(B < k), B binomial
    with n and 1/2.  Of six to eight values it is their range, of nine the second and the eighth.  Raises
    ``ValueError`` without values.

    >>> median_of([3.0, 1.0, 2.0, 5.0, 4.0, 9.0, 6.0, 7.0, 8.0])
    Median(value=5.0, low=2.0, high=8.0)
    >>> median_of([3.0, 1.0])
    Median(value=2.0, low=None, high=None)
    """
    if not values:
        raise ValueError("the median of no values")
    ordered, count = sorted(values), len(values)
    tail, inside = 0.5**count, 0
    while 2 * tail <= 1 - CONFIDENCE:
        inside += 1
        tail += math.comb(count, inside) * 0.5**count
    middle = statistics.median(ordered)
    if not inside:
        return Median(middle, None, None)
    return Median(middle, ordered[inside - 1], ordered[-inside])
