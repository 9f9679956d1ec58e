"""Shares and quantiles, with what is known of their errors."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qbench.analysis.stats import CONFIDENCE

__all__ = ["Mean", "Share", "group_shares", "mean", "quantile", "share"]


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


def group_shares(found: Iterable[tuple[str, bool]]) -> Mapping[str, float]:
    """The share of true ones in each group."""
    groups: dict[str, list[bool]] = {}
    for name, value in found:
        groups.setdefault(name, []).append(value)
    return {name: sum(values) / len(values) for name, values in groups.items()}
