"""Coverage and false alarms with the stopping rule in the loop, through the real path: visits to verdicts.

results/calibration/coverage.py measures the same with more cases and replicates and a generator of its own.
"""

import math

import pytest
from nested_runs import Nested, records_of, stopped

from qbench.analysis.contests import contests
from qbench.analysis.readings import take_readings
from qbench.analysis.stats import Standing, differs
from qbench.analysis.stopping import StoppingRule

CORE = StoppingRule(rounds=6, most_rounds=20)
LEAN = 700


def comparisons(nested, rule):
    records, rounds = stopped(records_of(nested), rule)
    found = contests(take_readings(records), "execute")
    assert len(found) == nested.questions
    return [contest.against(contest.baseline("base")) for contest in found], found, rounds


def assert_covers(nested, rule):
    found, _, rounds = comparisons(nested, rule)
    ratios = [comparison.ratio for told in found for comparison in told]
    assert {ratio.rounds for ratio in ratios} == set(rounds.values())
    held = sum(ratio.low <= nested.truth <= ratio.high for ratio in ratios)
    noise = 2.5 * math.sqrt(0.05 * 0.95 / nested.questions)
    assert 0.93 - noise <= held / len(ratios) <= 0.97 + noise
    return found, rounds


@pytest.mark.parametrize(
    "nested",
    [
        Nested(questions=LEAN, rounds=20, sd=0.03, seed=11),
        Nested(questions=LEAN, rounds=20, sd=0.06, rho=0.1, seed=12),
        Nested(questions=LEAN, rounds=20, sd=0.05, rho=0.1, outliers=0.1, truth=1.3, seed=13),
    ],
    ids=repr,
)
def test_95_percent_of_the_intervals_hold_the_truth(nested):
    found, rounds = assert_covers(nested, CORE)
    assert min(rounds.values()) >= 9
    if nested.truth == 1:
        called = sum(differs(comparison.ratio) for told in found for comparison in told)
        assert 0.02 <= called / nested.questions <= 0.08


@pytest.mark.slow
@pytest.mark.parametrize("outliers", [0.0, 0.1])
@pytest.mark.parametrize("rho", [0.0, 0.1])
@pytest.mark.parametrize("sd", [0.03, 0.07, 0.15])
@pytest.mark.parametrize(
    "rule", [CORE, StoppingRule(rounds=10, most_rounds=60, width=0.03)], ids=["core", "precise"]
)
def test_coverage_of_every_realistic_kind(rule, sd, rho, outliers):
    assert_covers(
        Nested(questions=3000, rounds=rule.most_rounds, sd=sd, rho=rho, outliers=outliers, seed=21), rule
    )


def test_identical_simulators_are_hardly_ever_called_faster_or_slower():
    # At 12 % spread all of the error rate is left: with less the margin takes most of it.
    nested = Nested(questions=500, rounds=6, sd=0.12, contestants=4, seed=31)
    found, held, _ = comparisons(nested, StoppingRule(rounds=6))
    limit = 0.05 + 2.5 * math.sqrt(0.05 * 0.95 / nested.questions)

    def told(standings):
        return sum(not {Standing.FASTER, Standing.SLOWER}.isdisjoint(one) for one in standings)

    against_the_baseline = told([comparison.standing for comparison in one] for one in found)
    against_the_fastest = told([comparison.standing for comparison in one.race()[1]] for one in held)
    assert against_the_baseline / nested.questions <= limit
    assert against_the_fastest / nested.questions <= limit
    # Without paying for the choice of the fastest it would be more.
    unpaid = told([c.standing for c in one.against(one.by_time()[0])] for one in held)
    assert against_the_fastest < unpaid


def test_a_real_difference_is_found():
    nested = Nested(questions=100, rounds=20, sd=0.05, truth=1.2, seed=41)
    found, _, _ = comparisons(nested, CORE)
    standings = [comparison.standing for told in found for comparison in told]
    assert standings.count(Standing.SLOWER) >= 97
    assert Standing.FASTER not in standings
