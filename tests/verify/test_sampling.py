"""The sampling tests: honest samplers pass as often as they should, liars do not."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from qbench.verify.compare import repeated
from qbench.verify.distribution import Distribution
from qbench.verify.sampling import ALPHA, _expected_distance, _p_values, _pearson, judge_counts


def of(p: np.ndarray) -> Distribution:
    return Distribution(shown=tuple(range(p.size.bit_length() - 1)), probabilities=p)


def random_state(n: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    p = rng.exponential(size=2**n)
    return p / p.sum()


def ghz(n: int) -> np.ndarray:
    p = np.zeros(2**n)
    p[[0, -1]] = 0.5
    return p


def peaked(n: int) -> np.ndarray:
    p = 0.05 * random_state(n, 9)
    p[3] += 1 - p.sum()
    return p


def drawn(p: np.ndarray, shots: int, seed: int) -> dict[int, int]:
    counts = np.random.default_rng(seed).multinomial(shots, p)
    return {int(k): int(counts[k]) for k in np.flatnonzero(counts)}


KINDS = {
    "ghz": ghz(5),
    "uniform": np.full(64, 1 / 64),
    "random 5": random_state(5, 1),
    "random 12": random_state(12, 2),
    "peaked": peaked(6),
}


@pytest.mark.parametrize("kind", KINDS)
def test_honest_samplers_are_accused_as_rarely_as_stated(kind: str) -> None:
    p = KINDS[kind]
    runs = 300 if p.size > 1000 else 2000
    low = 0
    tests = set()
    for counts in np.random.default_rng(7).multinomial(1024, p, size=runs):
        found = _p_values(counts.astype(float), p, 1024)
        tests.add(tuple(found))
        low += sum(value < 1e-2 for value in found.values())
        assert all(0 <= value <= 1 for value in found.values())
        assert all(value > 1e-6 for value in found.values())  # 1e-2 chance over all runs and tests at most
    assert len(tests) == 1  # which tests apply does not depend on the counts
    assert low <= stats.binom.isf(1e-4, runs * len(tests.pop()), 1e-2)


def test_the_moments_of_pearsons_statistic_are_exact() -> None:
    """Against enumeration of all counts: the fitted curve's mean, variance and third moment."""
    p, shots = np.array([0.1, 0.25, 0.65]), 6
    values, chances = [], []
    for a, b in product(range(shots + 1), repeat=2):
        if a + b <= shots:
            n = np.array([a, b, shots - a - b])
            values.append(float(((n - shots * p) ** 2 / (shots * p)).sum()))
            chances.append(stats.multinomial.pmf(n, shots, p))
    mean = np.dot(chances, values)
    sd = math.sqrt(np.dot(chances, (np.array(values) - mean) ** 2))
    skewness = np.dot(chances, (np.array(values) - mean) ** 3) / sd**3
    assert mean == pytest.approx(2.0)
    counts = np.array([3.0, 1.0, 2.0])
    statistic = float(((counts - shots * p) ** 2 / (shots * p)).sum())
    assert _pearson(counts, p) == pytest.approx(stats.pearson3.sf((statistic - 2) / sd, skewness), rel=1e-9)


def test_binomial_p_values_agree_with_scipy() -> None:
    p = np.array([0.3, 0.7])
    for ones in (0, 1, 650, 700, 760, 1000):
        found = _p_values(np.array([1000.0 - ones, ones]), p, 1000)["marginals"]
        tails = stats.binom.cdf(ones, 1000, 0.7), stats.binom.sf(ones - 1, 1000, 0.7)
        assert found == pytest.approx(min(1.0, 2 * min(tails)), rel=1e-9)


def test_a_uniform_sampler_is_caught_on_a_random_12_qubit_state() -> None:
    p = random_state(12, 3)
    judged = judge_counts(drawn(np.full(4096, 1 / 4096), 1024, 1), of(p), 1024)
    assert not judged.passed
    assert judged.figures["p_log_likelihood"] < 1e-20


def test_big_endian_order_is_caught() -> None:
    for n, seed in ((3, 1), (5, 2), (12, 3)):
        p = random_state(n, seed)
        turned = p.reshape((2,) * n).transpose(*reversed(range(n))).ravel()
        assert not judge_counts(drawn(turned, 1024, 1), of(p), 1024).passed


def test_a_bias_of_2_percent_is_seen_on_64_outcomes_in_100_000_shots() -> None:
    p = np.full(64, 1 / 64)
    biased = p + 0.02 / 32 * np.where(np.arange(64) % 7 < 3, 1, -1)
    biased /= biased.sum()
    caught = sum(not judge_counts(drawn(biased, 100_000, seed), of(p), 100_000).passed for seed in range(20))
    assert caught == 20


def test_a_flipped_rz_sign_is_seen_where_it_shows() -> None:
    angle = 0.4  # H, Rz, then S and H: P(1) = (1 + sin angle) / 2, and (1 - sin angle) / 2 for the other sign
    right = np.array([1 - math.sin(angle), 1 + math.sin(angle)]) / 2
    assert judge_counts(drawn(right, 1024, 4), of(right), 1024).passed
    assert not judge_counts(drawn(right[::-1], 1024, 4), of(right), 1024).passed


def test_few_shots_too_many_on_improbable_outcomes_are_seen() -> None:
    p = np.array([1 - 3e-6, 1e-6, 1e-6, 1e-6])
    judged = judge_counts({0: 1020, 1: 4}, of(p), 1024)
    assert not judged.passed
    assert judged.figures["p_rare"] < 1e-9


def test_impossible_outcomes() -> None:
    judged = judge_counts({0: 500, 31: 523, 4: 1}, of(ghz(5)), 1024)
    assert not judged.passed
    assert judged.figures["impossible"] == 1
    assert "1 of 1024 shots" in (judged.reason or "")
    # one qubit shown in two bits: 01 and 10 cannot be read
    twice = Distribution(shown=(0, 0), probabilities=np.array([0.5, 0.5]))
    assert judge_counts({0: 5, 3: 5}, twice, 10).passed
    stray = judge_counts({0: 5, 1: 5}, twice, 10)
    assert stray.figures["impossible"] == 5
    assert stray.figures["tvd"] == pytest.approx(0.5)


def test_what_single_precision_leaves_on_impossible_outcomes_is_no_offence() -> None:
    leaked = ghz(12) + 1e-14  # amplitude errors of 1e-7, more than Aer in single precision makes in 100 gates
    seen = np.random.default_rng(2).multinomial(1_000_000, leaked / leaked.sum())
    assert judge_counts({int(k): int(seen[k]) for k in np.flatnonzero(seen)}, of(ghz(12)), 1_000_000).passed


@pytest.mark.parametrize(
    ("counts", "word"),
    [
        ({-1: 10}, "-1"),
        ({4: 10}, "does not fit"),
        ({10**1500: 10}, "outcome (an integer of 4983 bits) does not fit into 2 bits"),
        ({0: -(10**5000)}, "the count (an integer of 16610 bits) of outcome 0"),
        ({0: 10**5000}, "(an integer of 16610 bits) shots were counted"),
        ({"0" * 999: 10}, "0 ... is not an integer"),
        ({"0": 10}, "not an integer"),
        ({True: 10}, "not an integer"),
        ({0: 10.0}, "natural number"),
        ({0: 11, 1: -1}, "natural number"),
        ({0: 9}, "9 shots were counted, 10"),
        ({}, "0 shots"),
        ([0, 1], "list"),
        (np.array([1, 2]), "ndarray"),
    ],
)
def test_malformed_counts_are_named(counts: object, word: str) -> None:
    judged = judge_counts(counts, of(np.full(4, 0.25)), 10)  # type: ignore[arg-type]
    assert not judged.passed
    assert judged.malformed
    assert word in (judged.reason or "")


def test_figures_are_plain_finite_numbers_and_consistent() -> None:
    for p in KINDS.values():
        for shots in (1, 7, 1024):
            judged = judge_counts(drawn(p, shots, 3), of(p), shots)
            figures = judged.figures
            assert judged.passed, judged
            assert all(type(v) in (int, float) and math.isfinite(v) for v in figures.values())
            parts = [v for k, v in figures.items() if k.startswith("p_") and k != "p_value"]
            assert figures.get("p_value") == (min(parts) if parts else None)
            assert "p_value" not in figures or figures["p_value"] >= ALPHA
    assert judge_counts({0: 1000}, of(np.array([1.0, 0.0])), 1000).passed
    assert judge_counts({np.int64(0): np.int64(3)}, of(np.array([1.0])), 3).passed


@pytest.mark.parametrize(
    ("probabilities", "shots"), [([0.5, 0.5], 7), ([0.9, 0.1, 0.0, 0.0], 40), ([0.25] * 4, 3)]
)
def test_the_floor_of_the_distance_is_its_exact_mean(probabilities, shots):
    exact = sum(
        abs(count / shots - p) * stats.binom.pmf(count, shots, p) / 2
        for p in probabilities
        for count in range(shots + 1)
    )
    assert math.isclose(_expected_distance(np.array(probabilities), shots), exact, rel_tol=1e-12)


def test_the_floor_of_the_distance_stays_below_one_where_outcomes_outnumber_shots():
    p = np.full(2**14, 2.0**-14)
    draws = np.random.default_rng(3).multinomial(1000, p, size=20)
    seen = 0.5 * np.abs(draws / 1000 - p).sum(axis=1).mean()
    assert math.isclose(_expected_distance(p, 1000), seen, rel_tol=0.01)


@settings(deadline=None)
@given(
    st.lists(st.none() | st.integers(0, 3), min_size=1, max_size=70),
    st.lists(st.integers(-2, 2**70), max_size=6),
    st.lists(st.integers(0, 15), max_size=3),
)
def test_many_indices_are_those_of_each(
    places: list[int | None], outcomes: list[int], shown: list[int]
) -> None:
    order = sorted({place for place in places if place is not None})
    readout = tuple(None if place is None else order.index(place) for place in places)
    size = 1 << len(order)
    distribution = Distribution(shown=readout, probabilities=np.full(size, 1 / size))
    outcomes += [distribution.outcome(index % size) for index in shown]
    assert distribution.indices(outcomes) == [distribution.index(outcome) for outcome in outcomes]


def test_a_repeat_with_another_outcome_seen_never_is_a_repeat() -> None:
    wide = Distribution(shown=tuple(range(6)), probabilities=np.full(64, 1 / 64))
    counts = dict.fromkeys(range(40), 25)
    assert repeated(counts | {50: 0}, counts | {60: 0}, wide)
