"""Shares and quantiles, with what is known of their errors."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qbench.analysis.stats import CONFIDENCE

__all__ = ["Mean", "Share", "mean", "mean_of_groups", "quantile", "share"]


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``total``, with the exact binomial interval (Clopper and Pearson 1934)."""

    count: int
    total: int
    low: float
    high: float

    @property
    def value(self) -> float:
        return self.count / self.total


@dataclass(frozen=True, slots=True)
class Mean:
    """An arithmetic mean with its t-interval; low and high are None for fewer than two values."""

    value: float
    low: float | None
    high: float | None
    count: int


def share(found: Iterable[bool], confidence: float = CONFIDENCE) -> Share | None:
    """How many are true, with its interval; None of none.

    >>> found = share([True] * 5 + [False] * 95)
    >>> f"{found.value:.2f} from {found.low:.4f} to {found.high:.4f}"
    '0.05 from 0.0164 to 0.1128'
    """
    values = list(found)
    if not values:
        return None
    from scipy.special import betaincinv

    k, n, tail = sum(values), len(values), (1 - confidence) / 2
    low = float(betaincinv(k, n - k + 1, tail)) if k else 0.0
    high = float(betaincinv(k + 1, n - k, 1 - tail)) if k < n else 1.0
    return Share(k, n, low, high)


def mean(values: Sequence[float], confidence: float = CONFIDENCE) -> Mean | None:
    """The mean with its t-interval; None of none.

    >>> found = mean([1.0, 2.0, 3.0])
    >>> f"{found.value:.1f} from {found.low:.3f} to {found.high:.3f}"
    '2.0 from -0.484 to 4.484'
    """
    count = len(values)
    if count == 0:
        return None
    middle = math.fsum(values) / count
    if count == 1:
        return Mean(middle, None, None, 1)
    from scipy.special import stdtrit

    error = math.sqrt(math.fsum((x - middle) ** 2 for x in values) / (count - 1) / count)
    reach = float(stdtrit(count - 1, (1 + confidence) / 2)) * error
    return Mean(middle, middle - reach, middle + reach, count)


def quantile(values: Iterable[float], part: float) -> float | None:
    """By nearest rank; None of none.

    >>> quantile([3.0, 1.0, 2.0, 4.0], 0.5)
    2.0
    """
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * part - 1e-9) - 1)] if ordered else None


def mean_of_groups(found: Iterable[tuple[str, bool]]) -> Mean | None:
    """The mean of the groups' shares of true ones, with the groups as the unit; None of no group.

    A share lies between 0 and 1, and so does its interval.  Groups that are all equal show no spread to make
    an interval of: it is left out, for one of no width would say that nothing is left to know.

    >>> found = mean_of_groups([("x", True), ("x", False), ("y", False), ("z", False)])
    >>> f"{found.value:.3f} from {found.low:.3f} to {found.high:.3f}"
    '0.167 from 0.000 to 0.884'
    >>> mean_of_groups([("x", False), ("y", False)])
    Mean(value=0.0, low=None, high=None, count=2)
    """
    groups: dict[str, list[bool]] = {}
    for name, value in found:
        groups.setdefault(name, []).append(value)
    shares = [sum(values) / len(values) for values in groups.values()]
    whole = mean(shares)
    if whole is None or whole.low is None or whole.high is None:
        return whole
    if len(set(shares)) == 1:
        return Mean(whole.value, None, None, whole.count)
    return Mean(whole.value, max(0.0, whole.low), min(1.0, whole.high), whole.count)
