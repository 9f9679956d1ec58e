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
from dataclasses import dataclass
from functools import lru_cache
from numbers import Integral
from typing import Any

import numpy as np
import numpy.typing as npt
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
MOST_BITS = 128  # of an integer that a reason spells out: 39 digits
LONGEST_VALUE = 60  # characters of anything else in a reason

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
    expected = _expected(distribution, shots)
    impossible = stray + int(observed[~expected.possible].sum())
    found = _tests(observed, expected)
    figures: dict[str, float | int] = {"shots": int(shots), "impossible": impossible}
    figures |= {f"p_{name}": value for name, value in found.items()}
    if found:
        figures["p_value"] = min(found.values())
    figures |= _distances(observed, expected, stray)
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
        # plain integers first: asking the abstract class took a third of a timed visit's judging
        if type(outcome) is int and type(count) is int and count >= 0 and not outcome >> bits:
            continue
        if not isinstance(outcome, Integral) or isinstance(outcome, bool):
            return f"outcome {_shown(outcome)} is not an integer"
        if not isinstance(count, Integral) or isinstance(count, bool) or count < 0:
            return f"the count {_shown(count)} of outcome {_shown(outcome)} is not a natural number"
        if outcome < 0 or int(outcome) >> bits:
            return f"outcome {_shown(outcome)} does not fit into {bits} bits"
    found = sum(int(count) for count in counts.values())
    return None if found == shots else f"{_shown(found)} shots were counted, {shots} were asked for"


def _shown(value: Any) -> str:
    """A simulator's number in a reason: of thousands of digits only how many bits it has.

    >>> _shown(2**100), _shown(2**4000)
    ('1267650600228229401496703205376', '(an integer of 4001 bits)')
    """
    if isinstance(value, Integral) and int(value).bit_length() > MOST_BITS:
        return f"(an integer of {int(value).bit_length()} bits)"
    text = str(value) if isinstance(value, Integral) else repr(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]} ..."


def _observed(counts: Mapping[int, int], distribution: Distribution) -> tuple[Floats, int]:
    """Counts by compact index, and the number of shots on outcomes that the readout cannot show."""
    observed = np.zeros(distribution.probabilities.size)
    stray = 0
    for index, count in zip(distribution.indices(counts), counts.values(), strict=True):
        if index is None:
            stray += int(count)
        else:
            observed[index] += int(count)
    return observed, stray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Expected:
    """What the tests need of a distribution at a number of shots: the same for every answer.

    ``enough`` are the outcomes with ``ENOUGH`` expected counts, ``rest`` the probability of all others.
    ``centred`` is ln p less its mean, over ``possible`` outcomes; None where the likelihood test does not
    apply.  ``chances`` are the probabilities of 1 of every bit and every parity.  The parts of ``whole`` add
    up to the sum of all probabilities exactly.
    """

    p: Floats
    shots: int
    possible: npt.NDArray[np.bool_]
    enough: npt.NDArray[np.bool_]
    rest: float
    centred: Floats | None
    variance: float
    skewness: float
    chances: Floats
    distance: float
    whole: tuple[float, ...]

    @classmethod
    def of(cls, p: Floats, shots: int) -> _Expected:
        possible, enough = p >= IMPOSSIBLE, p * shots >= ENOUGH
        q, logs = p[possible], np.log(p[possible])
        centred = np.zeros(p.size)
        centred[possible] = logs - _sum(q * logs)
        variance = _sum(q * centred[possible] ** 2)
        skewness = math.inf  # all outcomes alike: ln p says nothing
        if variance >= 1e-6:
            skewness = _sum(q * centred[possible] ** 3) / variance**1.5 / math.sqrt(shots)
        return cls(
            p=p,
            shots=shots,
            possible=possible,
            enough=enough,
            rest=_sum(p[~enough]),
            centred=centred if abs(skewness) <= MOST_SKEWED else None,
            variance=variance,
            skewness=skewness,
            chances=np.clip(_ones(p), 0.0, 1.0),
            distance=_expected_distance(p, shots),
            whole=_exact_sum(p),
        )


@lru_cache(maxsize=2)  # a block asks for one circuit again and again; 20 qubits take 42 MB
def _expected(distribution: Distribution, shots: int) -> _Expected:
    return _Expected.of(distribution.probabilities, shots)


def _p_values(observed: Floats, p: Floats, shots: int) -> dict[str, float]:
    """The p-value of every test that applies to (p, shots); ``observed`` decides nothing but the values."""
    return _tests(observed, _Expected.of(p, shots))


def _tests(observed: Floats, expected: _Expected) -> dict[str, float]:
    found: dict[str, float] = {}
    shots, enough, rest = expected.shots, expected.enough, expected.rest
    rest_observed = shots - float(observed[enough].sum())
    bins, bin_counts = expected.p[enough], observed[enough]
    if rest * shots >= ENOUGH:
        bins, bin_counts = np.append(bins, rest), np.append(bin_counts, rest_observed)
    elif rest >= IMPOSSIBLE:
        found["rare"] = float(_two_sided(np.array([rest_observed]), shots, np.array([rest]))[0])
    if bins.size >= 2:
        found["pearson"] = _pearson(bin_counts, bins)
    if expected.centred is not None:
        found["log_likelihood"] = _log_likelihood(observed, expected.centred, expected)
    if expected.chances.size:
        smallest = float(_two_sided(_ones(observed), shots, expected.chances).min())
        found["marginals"] = min(1.0, smallest * expected.chances.size)
    return found


def _sum(values: Floats) -> float:
    return math.fsum(values.tolist())  # a list's items are floats: a third of the time of an array's


def _exact_sum(values: Floats) -> tuple[float, ...]:
    """Numbers whose sum is that of the values without any rounding."""
    terms, parts = values[values != 0.0].tolist(), list[float]()
    while rest := math.fsum(terms):
        parts.append(rest)
        terms.append(-rest)
    return tuple(parts)


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


def _log_likelihood(observed: Floats, centred: Floats, expected: _Expected) -> float:
    seen = np.flatnonzero(observed)
    z = _sum(observed[seen] * centred[seen]) / math.sqrt(expected.shots * expected.variance)
    return min(1.0, 2.0 * min(_upper_tail(z, expected.skewness), _upper_tail(-z, -expected.skewness)))


def _ones(values: Floats) -> Floats:
    """Sums of the values whose bit is 1, for every bit of their index; and for every parity of two bits."""
    bits = values.size.bit_length() - 1
    both = np.zeros((bits, bits))
    where = np.flatnonzero(values)
    for start in range(0, where.size, CHUNK):
        part = where[start : start + CHUNK]
        ones = ((part >> np.arange(bits)[:, None]) & 1).astype(np.float64)
        both += (ones * values[part]) @ ones.T
    single = np.diagonal(both)
    a, b = np.tril_indices(bits, -1)
    return np.concatenate((single, single[a] + single[b] - 2.0 * both[a, b]))


def _distances(observed: Floats, expected: _Expected, stray: int) -> dict[str, float]:
    seen = np.flatnonzero(observed)  # of an outcome not seen the distance is its probability
    p, q = expected.p[seen], observed[seen] / expected.shots
    overlap = _sum(np.sqrt(p * q))
    apart = math.fsum([*expected.whole, *(-p).tolist(), *np.abs(p - q).tolist()])
    return {
        "tvd": 0.5 * (apart + stray / expected.shots),
        "tvd_floor": expected.distance,
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
    return _sum(m * (1.0 - p) * mass) / shots
