"""A mean over several circuits with an interval over rounds: laws, and how often it holds the truth."""

import math
import random
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qbench.analysis.families import over_circuits
from qbench.analysis.stats import log_interval

logs = st.floats(min_value=-5, max_value=5)


@settings(deadline=None, max_examples=60)
@given(st.integers(2, 8).flatmap(lambda n: st.lists(st.lists(logs, min_size=n, max_size=n), min_size=1)))
def test_where_no_round_is_missing_it_is_the_interval_of_the_rounds_means(circuits):
    found = over_circuits([dict(enumerate(rounds)) for rounds in circuits])
    means = [math.fsum(of) / len(of) for of in zip(*circuits, strict=True)]
    mean, reach = log_interval(means)
    assert math.log(found.value) == pytest.approx(mean, abs=1e-9)
    assert math.log(found.low) == pytest.approx(mean - reach, rel=1e-6, abs=1e-9)
    assert math.log(found.high) == pytest.approx(mean + reach, rel=1e-6, abs=1e-9)
    assert found.rounds == len(means)


by_round = st.dictionaries(st.integers(0, 9), logs, min_size=1)


@settings(deadline=None, max_examples=60)
@given(st.lists(by_round, min_size=1, max_size=5))
def test_circuits_weigh_equally_and_one_round_tells_nothing(circuits):
    found = over_circuits(circuits)
    mean = statistics.fmean(statistics.fmean(one.values()) for one in circuits)
    assert math.log(found.value) == pytest.approx(mean, abs=1e-9)
    assert found.rounds == len(set().union(*circuits))
    if max(map(len, circuits)) == 1:
        assert found.low is None
    if found.low is not None:
        assert found.low <= found.value <= found.high


@pytest.mark.parametrize("rounds", [(3, 9, 9), (6, 20), (5, 6, 7, 8)])
def test_95_percent_of_the_intervals_hold_the_truth_whatever_rounds_are_missing(rounds):
    """A process that acts on all circuits of a round, and 3 % of each circuit's own."""
    draw = random.Random(repr(rounds))
    held = 0
    for _ in range(600):
        shared = [draw.gauss(0, 0.1) for _ in range(max(rounds))]
        circuits = [
            {number: place + shared[number] + draw.gauss(0, 0.03) for number in range(count)}
            for place, count in enumerate(rounds)
        ]
        found = over_circuits(circuits)
        held += math.log(found.low) <= statistics.fmean(range(len(rounds))) <= math.log(found.high)
    assert 0.95 - 0.03 <= held / 600 <= 0.99  # 0.018 is two standard deviations


@pytest.mark.parametrize("circuits", [[], [{}], [{0: 1.0}, {}]])
def test_without_a_circuit_or_a_round_it_is_refused(circuits):
    with pytest.raises(ValueError, match="needs a circuit, and rounds of each"):
        over_circuits(circuits)
