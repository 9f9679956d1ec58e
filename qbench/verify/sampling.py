"""Could these counts come from this distribution?  Tests that accuse honest samplers about once in 10 000.

Five tests, each at ALPHA = 1e-4; which of them apply is a function of the distribution and the number of
shots alone, and the answer fails when one of them does:

impossible
    no outcome with probability below ``IMPOSSIBLE``.  The threshold is 1e-18 and not 0 because the reference
    is rounded (its zeros are below 1e-60), and far below what precision can explain: in single precision all
    impossible outcomes of a circuit of 2000 gates together get about 7e-12.
rare
    where the outcomes with few expected counts have fewer than ``ENOUGH`` expected counts together: the exact
    binomial probability of so many shots among them.
pearson
    chi-square over the outcomes with at least ``ENOUGH`` expected counts, all others being one bin.  Its tail
    is Pearson's type III curve through the exact first three moments of the statistic under the multinomial
    (Haldane 1937): the plain chi-square tail is too light where counts are few (``docs/accuracy.md``).
log_likelihood
    the mean of ln p(x) over the shots, against its exact mean, variance and skewness (type III again).  It
    sees what Pearson cannot where shots are fewer than outcomes, such as a uniform sampler.
marginals
    every written bit and every parity of two, exact binomial, Bonferroni over all of them.

On failure the caller samples once more with a new seed and ten times the shots; wrong is who fails twice.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Integral
from typing import Any

import numpy as np
from scipy import special

from qbench.model import Judgement
from qbench.verify.distribution import Distribution
from qbench.verify.doubledouble import Floats

__all__ = ["ALPHA", "ENOUGH", "IMPOSSIBLE", "judge_counts", "malformed_counts"]

ALPHA = 1e-4
ENOUGH = 5.0
IMPOSSIBLE = 1e-18
MOST_SKEWED = 0.5
"""The likelihood test applies where the mean's skewness is below this: the fitted curve is then good."""
CHUNK = 1 << 16

SAY = {
    "rare": "too many or too few improbable outcomes",
    "pearson": "the counts do not fit the probabilities",
    "log_likelihood": "the mean of ln p(x) does not fit",
    "marginals": "a bit or a parity of two bits is biased",
}


def judge_counts(counts: Mapping[int, int], distribution: Distribution, shots: int) -> Judgement:
    """Judge counts by outcome (bit ``c`` of the key is classical bit ``c``).

    Figures: ``shots``; ``p_value``, the smallest of ``p_rare``, ``p_pearson``, ``p_log_likelihood`` and
    ``p_marginals`` (after Bonferroni), those that apply; ``impossible``, the number of shots on impossible
    outcomes; ``tvd`` beside ``tvd_floor``, what an honest sampler shows on average; ``hellinger_fidelity``.
    Malformed counts have no figures but ``shots``.

    >>> even = Distribution(shown=(0,), probabilities=np.array([0.5, 0.5]))
    >>> judge_counts({0: 510, 1: 490}, even, 1000).passed
    True
    >>> judge_counts({0: 610, 1: 390}, even, 1000).reason
    'the counts do not fit the probabilities (pearson: p = 3.3e-12)'
    """
    reason = malformed_counts(counts, distribution.bits, shots)
    if reason:
        return Judgement(passed=False, figures={"shots": int(shots)}, reason=reason, malformed=True)
    observed, stray = _observed(counts, distribution)
    p = distribution.probabilities
    impossible = stray + int(observed[p < IMPOSSIBLE].sum())
    found = _p_values(observed, p, shots)
    figures: dict[str, float | int] = {"shots": int(shots), "impossible": impossible}
    figures |= {f"p_{name}": value for name, value in found.items()}
    if found:
        figures["p_value"] = min(found.values())
    figures |= _distances(observed, p, shots, stray)
    if impossible:
        worst = f"{impossible} of {shots} shots on impossible outcomes"
        return Judgement(passed=False, figures=figures, reason=worst)
    failed = {name: value for name, value in found.items() if value < ALPHA}
    if failed:
        name = min(failed, key=lambda test: failed[test])
        return Judgement(
            passed=False, figures=figures, reason=f"{SAY[name]} ({name}: p = {failed[name]:.2g})"
        )
    return Judgement(passed=True, figures=figures)


def malformed_counts(counts: Any, bits: int, shots: int) -> str | None:
    """What is wrong with the form of counts, or None.

    >>> malformed_counts({4: 10}, 2, 10)
    'outcome 4 does not fit into 2 bits'
    """
    if not isinstance(counts, Mapping):
        return f"the answer is a {type(counts).__name__}, expected a mapping from outcome to count"
    for outcome, count in counts.items():
        if not isinstance(outcome, Integral) or isinstance(outcome, bool):
            return f"outcome {outcome!r} is not an integer"
        if not isinstance(count, Integral) or isinstance(count, bool) or count < 0:
            return f"the count {count!r} of outcome {outcome} is not a natural number"
        if outcome < 0 or int(outcome) >> bits:
            return f"outcome {outcome} does not fit into {bits} bits"
    found = sum(int(count) for count in counts.values())
    return None if found == shots else f"{found} shots were counted, {shots} were asked for"


def _observed(counts: Mapping[int, int], distribution: Distribution) -> tuple[Floats, int]:
    """Counts by compact index, and the number of shots on outcomes that the readout cannot show."""
    observed = np.zeros(distribution.probabilities.size)
    stray = 0
    for outcome, count in counts.items():
        index = distribution.index(int(outcome))
        if index is None:
            stray += int(count)
        else:
            observed[index] += int(count)
    return observed, stray


def _p_values(observed: Floats, p: Floats, shots: int) -> dict[str, float]:
    """The p-value of every test that applies to (p, shots); ``observed`` decides nothing but the values."""
    found: dict[str, float] = {}
    enough = p * shots >= ENOUGH
    rest = math.fsum(p[~enough])
    rest_observed = shots - float(observed[enough].sum())
    bins, bin_counts = p[enough], observed[enough]
    if rest * shots >= ENOUGH:
        bins, bin_counts = np.append(bins, rest), np.append(bin_counts, rest_observed)
    elif rest >= IMPOSSIBLE:
        found["rare"] = float(_two_sided(np.array([rest_observed]), shots, np.array([rest]))[0])
    if bins.size >= 2:
        found["pearson"] = _pearson(bin_counts, bins)
    likelihood = _log_likelihood(observed, p, shots)
    if likelihood is not None:
        found["log_likelihood"] = likelihood
    marginals = _marginals(observed, p, shots)
    if marginals is not None:
        found["marginals"] = marginals
    return found


def _two_sided(counts: Floats, shots: int, p: Floats) -> Floats:
    """Exact binomial p-values, twice the smaller tail and at most 1, through the incomplete beta function."""
    inner = np.clip(counts, 1, None)
    high = np.where(counts > 0, special.betainc(inner, shots - inner + 1, p), 1.0)
    inner = np.clip(counts, None, shots - 1)
    low = np.where(counts < shots, special.betainc(shots - inner, inner + 1, 1.0 - p), 1.0)
    return np.asarray(np.minimum(1.0, 2.0 * np.minimum(low, high)), dtype=np.float64)


def _pearson(counts: Floats, p: Floats) -> float:
    shots = float(counts.sum())
    p = p / math.fsum(p)
    if shots == 0:
        return 0.0
    expected = shots * p
    statistic = math.fsum((counts - expected) ** 2 / expected)
    k = float(p.size)
    first, second = math.fsum(1.0 / p), math.fsum(1.0 / p**2)
    variance = 2.0 * (k - 1.0) + (first - k * k - 2.0 * k + 2.0) / shots
    third = (
        8.0 * (k - 1.0)
        + (22.0 * first - 18.0 * k**2 - 36.0 * k + 32.0) / shots
        + (second - 3.0 * k * first - 22.0 * first + 2.0 * k**3 + 18.0 * k**2 + 28.0 * k - 24.0) / shots**2
    )
    return _upper_tail((statistic - (k - 1.0)) / math.sqrt(variance), third / variance**1.5)


def _upper_tail(z: float, skewness: float) -> float:
    """P(Z >= z) for the standardised type III curve, a shifted gamma distribution, of this skewness."""
    if abs(skewness) < 1e-6:
        return float(special.ndtr(-z))
    shape = 4.0 / skewness**2
    reach = max(0.0, shape + math.copysign(math.sqrt(shape), skewness) * z)
    return float(special.gammaincc(shape, reach) if skewness > 0 else special.gammainc(shape, reach))


def _log_likelihood(observed: Floats, p: Floats, shots: int) -> float | None:
    possible = p >= IMPOSSIBLE
    q, logs = p[possible], np.log(p[possible])
    mean = math.fsum(q * logs)
    centred = logs - mean
    variance = math.fsum(q * centred**2)
    if variance < 1e-6:  # all outcomes alike: ln p says nothing
        return None
    skewness = math.fsum(q * centred**3) / variance**1.5 / math.sqrt(shots)
    if abs(skewness) > MOST_SKEWED:
        return None
    z = math.fsum(observed[possible] * centred) / math.sqrt(shots * variance)
    return min(1.0, 2.0 * min(_upper_tail(z, skewness), _upper_tail(-z, -skewness)))


def _marginals(observed: Floats, p: Floats, shots: int) -> float | None:
    bits = p.size.bit_length() - 1
    if not bits:
        return None
    both = np.zeros((2, bits, bits))  # counts and chance of 1 in both of two bits
    for start in range(0, p.size, CHUNK):
        part = slice(start, min(start + CHUNK, p.size))
        ones = ((np.arange(part.start, part.stop) >> np.arange(bits)[:, None]) & 1).astype(np.float64)
        for table, values in zip(both, (observed, p), strict=True):
            table += (ones * values[part]) @ ones.T
    single = np.diagonal(both, axis1=1, axis2=2)
    a, b = np.tril_indices(bits, -1)
    parity = single[:, a] + single[:, b] - 2.0 * both[:, a, b]
    counts, chance = np.concatenate((single, parity), axis=1)
    chance = np.clip(chance, 0.0, 1.0)
    smallest = float(_two_sided(counts, shots, chance).min())
    return min(1.0, smallest * int(counts.size))


def _distances(observed: Floats, p: Floats, shots: int, stray: int) -> dict[str, float]:
    q = observed / shots
    overlap = math.fsum(np.sqrt(p * q))
    return {
        "tvd": 0.5 * (math.fsum(np.abs(p - q)) + stray / shots),
        "tvd_floor": _expected_distance(p, shots),
        "hellinger_fidelity": min(1.0, overlap * overlap),
    }


def _expected_distance(p: Floats, shots: int) -> float:
    """The mean total variation distance of an honest sample, exactly.

    Half the sum of the outcomes' mean deviations: E|K - N p| = 2 m (1 - p) P(K = m) with m = floor(N p) + 1
    for K binomial (De Moivre; Diaconis and Zabell 1991, doi:10.1214/ss/1177011699).  The normal approximation
    sqrt(2 p (1 - p) / (pi N)) of each is too large where few counts are expected: over 1 for a wide output.
    """
    p = p[(p > 0.0) & (p < 1.0)]
    m = np.minimum(np.floor(shots * p) + 1.0, shots)
    choices = special.gammaln(shots + 1.0) - special.gammaln(m + 1.0) - special.gammaln(shots - m + 1.0)
    mass = np.exp(choices + special.xlogy(m, p) + special.xlog1py(shots - m, -p))
    return math.fsum(m * (1.0 - p) * mass) / shots
