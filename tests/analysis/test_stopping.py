"""The stopping rule: what it waits for, and that it depends on the rounds before it alone."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qbench.analysis.stats import log_interval
from qbench.analysis.stopping import StoppingRule, narrow_after, rounds_to_run

CORE = StoppingRule(rounds=6, most_rounds=30)
PRECISE = StoppingRule(rounds=10, most_rounds=60, width=0.03)

values = st.floats(min_value=-0.5, max_value=0.5)
series = st.dictionaries(st.integers(min_value=0, max_value=40), values, max_size=40)


def wave(size, rounds, level=0.0):
    return {r: level + (-1) ** r * size for r in range(rounds)}


def test_narrow_from_the_start_is_three_rounds_more():
    assert rounds_to_run(CORE, [wave(0.01, 6)]) == 9
    assert rounds_to_run(PRECISE, [wave(0.01, 10)]) == 13
    assert rounds_to_run(CORE, [wave(0.01, 5)]) is None


def test_the_width_is_that_of_the_interval():
    # With alternating values of size s the sd is s sqrt(n / (n - 1)), and the half-width t s / sqrt(n - 1).
    t_of_5 = 2.570582  # t(0.975, 5) from a printed table
    limit = math.log(1.05) * math.sqrt(5) / t_of_5
    assert rounds_to_run(CORE, [wave(limit * 0.9999, 6)]) == 9
    assert rounds_to_run(CORE, [wave(limit * 1.0001, 6)]) is None


def test_the_widest_decides():
    noisy = wave(0.1, 30)
    alone = rounds_to_run(CORE, [noisy])
    assert 9 < alone <= 30
    assert rounds_to_run(CORE, [wave(0.001, 30), noisy, wave(0.01, 30)]) == alone


def test_at_the_most_rounds_it_ends():
    assert rounds_to_run(CORE, [wave(3.0, 29)]) is None
    assert rounds_to_run(CORE, [wave(3.0, 30)]) == 30
    late = StoppingRule(rounds=6, most_rounds=8)
    assert rounds_to_run(late, [wave(0.001, 6)]) == 8  # three more would be nine


def test_whether_it_was_narrow_is_told_apart_from_how_many_rounds_that_takes():
    late = StoppingRule(rounds=6, most_rounds=8)
    narrow, wide = wave(0.001, 8), wave(3.0, 8)
    for found, after in (([narrow], 6), ([wide], None), ([narrow, wide], None)):
        assert rounds_to_run(late, found) == 8
        assert narrow_after(late, found) == after
    assert narrow_after(late, []) is None


def test_far_apart_need_not_be_narrow():
    wide = 0.08  # a half-width of 9.6 % in six rounds
    assert rounds_to_run(CORE, [wave(wide, 6, level=0.0)]) is None
    assert rounds_to_run(CORE, [wave(wide, 6, level=math.log(1.45))]) is None
    for factor in (1.55, 1 / 1.55, 40.0):
        assert rounds_to_run(CORE, [wave(wide, 6, level=math.log(factor))]) == 9
    assert rounds_to_run(CORE, [wave(0.15, 6, level=math.log(40.0))]) is None


def test_significance_does_not_stop():
    clear = wave(0.07, 6, level=math.log(1.4))
    mean, reach = log_interval(list(clear.values()))
    assert mean - reach > 0
    assert rounds_to_run(CORE, [clear]) is None


def test_a_given_number_of_rounds_is_kept():
    for rule in (StoppingRule(rounds=5), StoppingRule(rounds=5, most_rounds=5)):
        assert rounds_to_run(rule, []) == 5
        assert rounds_to_run(rule, [wave(0.001, 3)]) == 5
        assert rounds_to_run(rule, [wave(2.0, 9)]) == 5


def test_nobody_to_compare_with_is_nothing_to_wait_for():
    assert rounds_to_run(CORE, []) == 6


def test_a_contestant_without_a_time_is_waited_for():
    assert rounds_to_run(CORE, [wave(0.001, 12), {}]) is None
    assert rounds_to_run(CORE, [{}]) is None


def test_a_missed_round_is_made_up_for():
    missed = {r: x for r, x in wave(0.01, 12).items() if r != 2}
    assert rounds_to_run(CORE, [missed]) == 10


@given(st.lists(series, min_size=1, max_size=4))
@settings(max_examples=200)
def test_later_rounds_change_no_decision(found):
    known = [
        rounds_to_run(CORE, [{r: x for r, x in one.items() if r < count} for one in found])
        for count in range(42)
    ]
    decided = [wanted for wanted in known if wanted is not None]
    assert len(set(decided)) <= 1
    if decided:
        assert all(wanted is not None for wanted in known[known.index(decided[0]) :])
        assert 9 <= decided[0] <= 30
        if decided[0] < 30:  # found out before all of them are run
            assert known.index(decided[0]) <= decided[0]


@given(st.lists(series, min_size=1, max_size=4))
def test_narrow_is_three_rounds_before_the_end_or_nearer(found):
    after, wanted = narrow_after(CORE, found), rounds_to_run(CORE, found)
    if after is None:
        assert wanted in (None, 30)
    else:
        assert wanted == min(after + 3, 30)


@given(st.lists(series, min_size=1, max_size=4), st.randoms())
def test_the_order_of_contestants_and_records_changes_nothing(found, shuffle):
    expected = rounds_to_run(CORE, found)
    other = []
    for one in found:
        items = list(one.items())
        shuffle.shuffle(items)
        other.append(dict(items))
    shuffle.shuffle(other)
    assert rounds_to_run(CORE, other) == expected


@pytest.mark.parametrize("half", [1.5, 800.0])
def test_ratios_beyond_all_measure_do_not_overflow(half):
    assert rounds_to_run(CORE, [wave(half, 10)]) is None
