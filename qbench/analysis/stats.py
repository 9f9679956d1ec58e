"""How sure are we: geometric means over rounds, ratios of paired rounds, and the verdict on two simulators.

The round (a fresh process per simulator) is the only independent unit: samples inside one process are
not.  On identical code, pooled t-tests called 31 to 54 % of the comparisons different, the t-interval
on the log ratios of paired rounds 3 to 7 %.  Rounds that follow each other may resemble each other, so
their order counts, and intervals widen with the autocorrelation that is found.  Sums are exact
(``math.fsum``), so that the digits do not depend on NumPy or on the CPU.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

__all__ = [
    "CONFIDENCE",
    "MARGIN",
    "Estimate",
    "Standing",
    "autocorrelation_factor",
    "compare",
    "corrected",
    "differs",
    "geometric_mean",
    "holm",
    "log_interval",
    "paired_ratio",
    "standing",
]

CONFIDENCE = 0.95
MARGIN = 0.10
"""The equivalence margin: ratios from 1/1.10 to 1.10 are a difference that nobody should act upon."""


class Estimate(NamedTuple):
    """A geometric mean over rounds with its interval, a t-interval on logarithms.

    ``low``, ``high`` and ``p_value`` are None with fewer than two rounds.  ``p_value`` tests, two-sided,
    that the true value is 1: of use for ratios only.
    """

    value: float
    low: float | None
    high: float | None
    p_value: float | None
    rounds: int

    @property
    def half_width(self) -> float | None:
        """Half the interval's width relative to the value: 0.03 reads "within 3 %"."""
        if self.low is None or self.high is None:
            return None
        return _exp((math.log(self.high) - math.log(self.low)) / 2) - 1 if self.low > 0 else math.inf


class Standing(StrEnum):
    """What two simulators' times say about each other."""

    FASTER = "faster"
    SLOWER = "slower"
    TIE = "tie"
    UNRESOLVED = "unresolved"


def geometric_mean(
    values: Iterable[float], confidence: float = CONFIDENCE, *, in_order: bool = False
) -> Estimate:
    """Geometric mean of one value per round, with the t-interval of its logarithm.

    ``in_order`` says that the values follow each other in time, as rounds do: where neighbours resemble
    each other, the interval is wider.  Raises ``ValueError`` on no values or on one that is not positive.

    >>> estimate = geometric_mean([1.0, 2.0, 4.0])
    >>> f"{estimate.value:.3f} from {estimate.low:.3f} to {estimate.high:.2f}"
    '2.000 from 0.357 to 11.19'
    >>> geometric_mean([8.0])
    Estimate(value=8.0, low=None, high=None, p_value=None, rounds=1)
    """
    values = tuple(values)
    if not values or min(values) <= 0:
        raise ValueError(f"a geometric mean needs positive values, got {values!r}")
    if len(values) == 1:  # exp(log(x)) may differ from x in the last bit
        return Estimate(values[0], None, None, None, 1)
    return _from_logs([math.log(value) for value in values], confidence, in_order)


def paired_ratio(
    times: Mapping[int, float], reference: Mapping[int, float], confidence: float = CONFIDENCE
) -> Estimate | None:
    """Geometric mean of ``times[r] / reference[r]`` over the rounds that both have; None without any.

    Below 1 is faster than the reference.  Rounds are pairs because simulators are visited back to back
    within a round: what slows one down usually slows the other down too.

    >>> ratio = paired_ratio({1: 2.0, 2: 4.0, 3: 9.0}, {1: 1.0, 2: 2.0})
    >>> f"{ratio.value:.3f}", ratio.rounds
    ('2.000', 2)
    """
    logs = [math.log(times[r]) - math.log(reference[r]) for r in sorted(times) if r in reference]
    return _from_logs(logs, confidence, in_order=True) if logs else None


def log_interval(logs: Sequence[float], confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Mean and reach of the interval ``mean +- reach`` on logarithms: one per round, in order, two at least.

    Student's t-interval, its standard error widened for autocorrelation (``_mean_and_error``).

    >>> mean, reach = log_interval([0.02, -0.01, 0.0, 0.03, -0.02, 0.01])
    >>> f"{mean:.3f} +- {reach:.3f}"
    '0.005 +- 0.020'
    """
    mean, error = _mean_and_error(logs, in_order=True)
    return mean, _t_quantile(len(logs) - 1, (1 + confidence) / 2) * error


def _mean_and_error(logs: Sequence[float], in_order: bool) -> tuple[float, float]:
    """The mean and its standard error, in order widened where neighbouring rounds resemble each other.

    docs/statistics.md has how often such intervals hold the truth, beside plain ones.
    """
    count = len(logs)
    mean = math.fsum(logs) / count
    rest = [x - mean for x in logs]
    squares = math.fsum(x * x for x in rest)
    if squares == 0:
        return mean, 0.0
    if not in_order:
        return mean, math.sqrt(squares / (count - 1) / count)
    return mean, math.sqrt(squares / (count - 1) / count * autocorrelation_factor(rest, count))


def autocorrelation_factor(rest: Sequence[float], count: float) -> float:
    """What neighbours that resemble each other make of the variance of a mean: a factor from 1 to 4.

    ``rest`` are the deviations from the mean, in order, ``count`` how many values they are worth.  The
    variance of a mean of n values with lag-1 autocorrelation rho (AR(1)) is (1 + rho) / (1 - rho) times
    that of independent ones.  The estimate r1 from n values is too low by (1 + 4 rho) / n and as uncertain
    as 1 / sqrt(n), so rho = (n r1 + 1) / (n + 4), kept within 0 and 0.6: the error is never made smaller,
    and at most doubled.  Half of that, 1.5 times and twice that were simulated too (docs/statistics.md).

    >>> autocorrelation_factor([1.0, -1.0, 1.0, -1.0], 4), autocorrelation_factor([1.0, 1.0, -1.0, -1.0], 4)
    (1.0, 1.6666666666666667)
    """
    squares = math.fsum(x * x for x in rest)
    if squares == 0:
        return 1.0
    r1 = math.fsum(x * y for x, y in pairwise(rest)) / squares
    rho = min(0.6, max(0.0, (count * r1 + 1) / (count + 4)))
    return (1 + rho) / (1 - rho)


def _from_logs(logs: Sequence[float], confidence: float, in_order: bool) -> Estimate:
    count = len(logs)
    if count < 2:
        return Estimate(math.exp(math.fsum(logs) / count), None, None, None, count)
    mean, error = _mean_and_error(logs, in_order)
    reach = _t_quantile(count - 1, (1 + confidence) / 2) * error
    t = abs(mean) / error if error > 0 else math.inf if mean else 0.0
    p_value = 2 * _t_below(count - 1, -t)
    return Estimate(_exp(mean), _exp(mean - reach), _exp(mean + reach), p_value, count)


def _exp(x: float) -> float:
    # Two rounds multiply the error by 12.7: an interval may leave the range of doubles.
    return math.exp(x) if x < 709 else math.inf


@lru_cache(maxsize=256)
def _t_quantile(freedom: int, probability: float) -> float:
    from scipy.special import stdtrit  # scipy.stats takes 10 times as long to import

    return float(stdtrit(freedom, probability))


def _t_below(freedom: int, t: float) -> float:
    from scipy.special import stdtr

    return float(stdtr(freedom, t))


def holm(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Holm's step-down adjusted p-values (Holm 1979), in the order given; None stays None.

    Comparing each with alpha keeps the chance of any false alarm among them at alpha.

    >>> holm([0.01, 0.04, 0.03])
    (0.03, 0.06, 0.06)
    """
    order = sorted((p, position) for position, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    largest = 0.0
    for rank, (p, position) in enumerate(order):
        largest = max(largest, min(1.0, p * (len(order) - rank)))
        adjusted[position] = largest
    return tuple(adjusted)


def differs(ratio: Estimate) -> bool | None:
    """Whether the ratio's own interval excludes 1 (false alarms and power are defined on this).

    None where one round or none leaves no interval.

    >>> differs(paired_ratio({1: 2.0, 2: 2.1, 3: 1.9}, {1: 1.0, 2: 1.0, 3: 1.0}))
    True
    """
    if ratio.low is None or ratio.high is None:
        return None
    return ratio.low > 1 or ratio.high < 1


def standing(
    ratio: Estimate,
    adjusted_p: float | None,
    *,
    margin: float = MARGIN,
    confidence: float = CONFIDENCE,
) -> Standing:
    """The verdict on one ratio, given its p-value after Holm's correction over the contestants.

    ``faster`` or ``slower``: 1 is excluded after the correction and the ratio lies outside the margin
    (1/1.1 to 1.1, symmetric under exchange of the two).  ``tie``: the uncorrected interval lies inside
    the margin, whether it excludes 1 or not: a difference that is real and known to be small is a tie.
    Everything else is ``unresolved``, among it a real difference whose interval still reaches over
    the edge of the margin while the ratio does not.

    >>> standing(Estimate(1.03, 1.02, 1.04, 0.001, 10), 0.001)
    <Standing.TIE: 'tie'>
    >>> standing(Estimate(1.08, 1.02, 1.14, 0.001, 10), 0.001)
    <Standing.UNRESOLVED: 'unresolved'>
    """
    if ratio.low is None or ratio.high is None or adjusted_p is None:
        return Standing.UNRESOLVED
    edge = 1 + margin
    if adjusted_p < 1 - confidence and not 1 / edge <= ratio.value <= edge:
        return Standing.FASTER if ratio.value < 1 else Standing.SLOWER
    if 1 / edge < ratio.low and ratio.high < edge:
        return Standing.TIE
    return Standing.UNRESOLVED


def corrected(ratios: Sequence[Estimate | None], *, chosen: bool = False) -> tuple[float | None, ...]:
    """The p-values of all contestants against one reference after Holm's correction; None stays None.

    ``chosen`` says that the reference was picked by these very ratios, as the fastest of k contestants is.
    Then the largest of k (k - 1) / 2 differences is looked at, not k - 1 given ones, and all p-values are
    multiplied by (k + 1) / 3.  That takes the first of Holm's thresholds to that of Tukey's studentised
    range (within 6 % for k up to 25, with many rounds).  With 5 to 11 identical contestants some false
    verdict came up in up to 8 to 16 % of simulated rows without it (docs/statistics.md).

    >>> corrected([Estimate(1.5, 1.4, 1.6, 0.01, 6), None, Estimate(0.8, 0.7, 0.99, 0.04, 6)])
    (0.02, None, 0.04)
    """
    p_values = [None if ratio is None else ratio.p_value for ratio in ratios]
    if chosen:
        told = 1 + sum(p is not None for p in p_values)
        p_values = [None if p is None else min(1.0, p * max(1.0, (told + 1) / 3)) for p in p_values]
    return holm(p_values)


def compare(
    ratios: Sequence[Estimate | None], *, margin: float = MARGIN, chosen: bool = False
) -> tuple[Standing, ...]:
    """The verdicts of all contestants against one reference, corrected together (``corrected``).

    None (no round in common) is unresolved and takes no part in the correction.

    >>> compare([Estimate(1.5, 1.4, 1.6, 1e-6, 6), None, Estimate(0.8, 0.7, 0.99, 0.04, 6)])
    (<Standing.SLOWER: 'slower'>, <Standing.UNRESOLVED: 'unresolved'>, <Standing.FASTER: 'faster'>)
    """
    return tuple(
        Standing.UNRESOLVED if ratio is None else standing(ratio, p, margin=margin)
        for ratio, p in zip(ratios, corrected(ratios, chosen=chosen), strict=True)
    )
