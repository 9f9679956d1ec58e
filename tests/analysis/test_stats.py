"""The statistics against values computed another way, against laws, and against a known truth."""

import math
import random

import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from qbench.analysis.stats import (
    MARGIN,
    Estimate,
    Standing,
    compare,
    differs,
    geometric_mean,
    holm,
    log_interval,
    paired_ratio,
    standing,
)

TIMES = [412.0, 398.5, 431.25, 405.0, 520.0, 401.0]
positive = st.floats(min_value=1e-3, max_value=1e9)
rounds_of_times = st.lists(st.tuples(positive, positive), min_size=2, max_size=30)


def test_geometric_mean_agrees_with_scipys_t_test():
    logs = [math.log(time) for time in TIMES]
    expected = scipy.stats.ttest_1samp(logs, 0.0)
    low, high = expected.confidence_interval(0.95)
    estimate = geometric_mean(TIMES)
    assert estimate.value == pytest.approx(scipy.stats.gmean(TIMES), rel=1e-13)
    assert estimate.low == pytest.approx(math.exp(low), rel=1e-12)
    assert estimate.high == pytest.approx(math.exp(high), rel=1e-12)
    assert estimate.p_value == pytest.approx(expected.pvalue, rel=1e-9)
    assert estimate.rounds == 6


def test_geometric_mean_agrees_with_a_table_of_t():
    # By hand: logs are -1, 0, 1 (sd 1), t(0.975, 2) = 4.30265 from a printed table.
    estimate = geometric_mean([math.exp(-1), 1.0, math.exp(1)])
    assert math.log(estimate.high) == pytest.approx(4.30265 / math.sqrt(3), abs=1e-5)
    assert math.log(estimate.low) == pytest.approx(-4.30265 / math.sqrt(3), abs=1e-5)
    assert estimate.value == pytest.approx(1.0, abs=1e-15)


def test_paired_ratio_agrees_with_scipys_paired_test():
    reference = [400.0, 390.0, 410.0, 404.0, 480.0, 399.0]
    expected = scipy.stats.ttest_rel([math.log(x) for x in TIMES], [math.log(x) for x in reference])
    low, high = expected.confidence_interval(0.95)
    ratio = paired_ratio(dict(enumerate(TIMES)), dict(enumerate(reference)))
    assert ratio.low == pytest.approx(math.exp(low), rel=1e-12)
    assert ratio.high == pytest.approx(math.exp(high), rel=1e-12)
    assert ratio.p_value == pytest.approx(expected.pvalue, rel=1e-9)


RISING_AND_FALLING = [1.02, 1.07, 1.05, 0.99, 1.01, 0.96, 1.03, 1.04, 1.06, 1.00]


def test_rounds_that_resemble_each_other_widen_the_interval():
    # statsmodels 0.15.0: tsa.stattools.acf(log, nlags=1, fft=False)[1], mean and standard error of the log
    r1, mean, error = 0.08761071874862986, 0.02223778639376397, 0.010582391978870958
    rho = (10 * r1 + 1) / (10 + 4)
    assert 0.1 < rho < 0.6
    reach = scipy.stats.t(9).ppf(0.975) * error * math.sqrt((1 + rho) / (1 - rho))
    ratio = paired_ratio(dict(enumerate(RISING_AND_FALLING)), dict.fromkeys(range(10), 1.0))
    assert math.log(ratio.low) == pytest.approx(mean - reach, rel=1e-9)
    assert math.log(ratio.high) == pytest.approx(mean + reach, rel=1e-9)
    inflated = scipy.stats.t(9).sf(mean / (error * math.sqrt((1 + rho) / (1 - rho)))) * 2
    assert ratio.p_value == pytest.approx(inflated, rel=1e-9)
    assert geometric_mean(RISING_AND_FALLING, in_order=True)[:4] == ratio[:4]
    assert log_interval([math.log(x) for x in RISING_AND_FALLING]) == pytest.approx((mean, reach), rel=1e-9)


def test_rounds_are_taken_in_their_order_whatever_the_order_of_the_records():
    there = dict(enumerate(RISING_AND_FALLING))
    back = dict(reversed(there.items()))
    ones = dict.fromkeys(range(10), 1.0)
    assert paired_ratio(there, ones) == paired_ratio(back, ones)


@given(st.lists(positive, min_size=2, max_size=30))
def test_an_interval_in_order_is_never_narrower_and_at_most_twice_as_wide(values):
    plain, ordered = (geometric_mean(values, in_order=flag) for flag in (False, True))
    assert ordered.value == plain.value
    assert ordered.low <= plain.low * (1 + 1e-12)
    assert ordered.high >= plain.high * (1 - 1e-12)
    if ordered.high < 1e300 and ordered.low > 1e-300:
        widths = [math.log(e.high) - math.log(e.low) for e in (plain, ordered)]
        assert widths[1] <= 2 * widths[0] + 1e-9


def test_only_common_rounds_count():
    ratio = paired_ratio({1: 2.0, 2: 6.0, 4: 1.0}, {1: 1.0, 2: 3.0, 3: 1.0})
    assert ratio.value == pytest.approx(2.0)
    assert ratio.rounds == 2
    assert paired_ratio({1: 2.0}, {2: 1.0}) is None


@pytest.mark.parametrize("values", [[], [1.0, 0.0], [1.0, -2.0]])
def test_no_mean_of_nothing_or_of_what_is_not_positive(values):
    with pytest.raises(ValueError, match="positive"):
        geometric_mean(values)


def test_one_round_gives_no_interval_and_no_verdict():
    ratio = paired_ratio({1: 3.0}, {1: 1.0})
    assert ratio.value == pytest.approx(3.0, rel=1e-15)
    assert (ratio.low, ratio.high, ratio.p_value, differs(ratio), ratio.half_width) == (None,) * 5
    assert compare([ratio]) == (Standing.UNRESOLVED,)


def test_two_rounds_far_apart_do_not_overflow():
    estimate = geometric_mean([1e-200, 1e200])
    assert estimate.high == math.inf
    assert estimate.half_width == math.inf
    assert differs(estimate) is False


def test_equal_rounds_leave_no_doubt():
    assert geometric_mean([1.0, 1.0, 1.0]).p_value == 1.0
    ratio = paired_ratio({1: 2.0, 2: 2.0}, {1: 1.0, 2: 1.0})
    assert (ratio.low, ratio.high, ratio.p_value) == (ratio.value, ratio.value, 0.0)
    assert compare([ratio]) == (Standing.SLOWER,)


def test_half_width_is_relative():
    assert geometric_mean([100.0, 100.0 * 1.02]).half_width > 0.02
    assert Estimate(2.0, 2.0 / 1.05, 2.0 * 1.05, 0.0, 6).half_width == pytest.approx(0.05)


# ---- Holm's correction


def test_holm_agrees_with_a_worked_example():
    # Sorted 0.005, 0.01, 0.03, 0.04 times 4, 3, 2, 1 is 0.02, 0.03, 0.06, 0.04; then never decreasing.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert holm([0.9, 0.8]) == (1.0, 1.0)
    assert holm([]) == ()


def test_holm_agrees_with_statsmodels():
    # statsmodels 0.15.0: stats.multitest.multipletests(p, method="holm")[1]
    found = holm([0.0021, 0.0412, 0.0004, 0.8123, 0.0333, 0.0099, 0.5, 0.0121])
    assert found == pytest.approx((0.0147, 0.1332, 0.0032, 1.0, 0.1332, 0.0594, 1.0, 0.0605), rel=1e-12)


def test_holm_leaves_out_what_has_no_p_value():
    assert holm([None, 0.02, None]) == (None, 0.02, None)


@given(st.lists(st.floats(min_value=0, max_value=1), max_size=12))
def test_holm_lies_between_no_correction_and_bonferroni(p_values):
    for p, adjusted in zip(p_values, holm(p_values), strict=True):
        assert p <= adjusted <= min(1.0, p * len(p_values)) or math.isclose(adjusted, p * len(p_values))


def test_holm_can_take_a_verdict_away():
    alone = Estimate(1.30, 1.01, 1.67, 0.045, 6)
    assert compare([alone]) == (Standing.SLOWER,)
    unclear = Estimate(1.05, 0.9, 1.22, 0.4, 6)
    assert compare([alone, unclear]) == (Standing.UNRESOLVED, Standing.UNRESOLVED)


def test_a_reference_that_was_chosen_by_the_same_ratios_asks_for_more():
    ratios = [Estimate(1.3, 1.1, 1.5, p, 6) for p in (0.012, 0.012, 0.012)]
    assert compare(ratios) == (Standing.SLOWER,) * 3  # 3 * 0.012 is below 0.05
    assert compare(ratios, chosen=True) == (Standing.UNRESOLVED,) * 3  # and (4 + 1) / 3 times that is not
    for k in (2, 3, 5, 8, 11, 16):  # Holm's first threshold becomes Tukey's
        tukey = 2 * scipy.stats.norm.sf(scipy.stats.studentized_range.ppf(0.95, k, 1e6) / math.sqrt(2))
        for p, told in ((0.93 * tukey, Standing.SLOWER), (1.07 * tukey, Standing.UNRESOLVED)):
            row = [Estimate(1.3, 1.1, 1.5, p, 6), *[Estimate(1.3, 1.1, 1.5, 0.9, 6)] * (k - 2)]
            assert compare(row, chosen=True)[0] == told
    pair = [Estimate(1.3, 1.1, 1.5, 0.049, 6)]
    assert compare(pair, chosen=True) == compare(pair) == (Standing.SLOWER,)  # of two there is one difference


# ---- verdicts


@pytest.mark.parametrize(
    ("ratio", "low", "high", "p", "expected"),
    [
        (0.50, 0.48, 0.52, 1e-6, Standing.FASTER),
        (2.00, 1.90, 2.10, 1e-6, Standing.SLOWER),
        (1.00, 0.96, 1.04, 0.90, Standing.TIE),
        (1.03, 1.02, 1.04, 1e-6, Standing.TIE),  # real, and known to be small
        (1.08, 1.02, 1.14, 1e-3, Standing.UNRESOLVED),  # real, but perhaps beyond the margin
        (1.12, 1.02, 1.23, 1e-2, Standing.SLOWER),  # the ratio leaves the margin, the interval excludes 1
        (1.50, 0.90, 2.50, 0.10, Standing.UNRESOLVED),
        (1.00, 0.80, 1.25, 0.99, Standing.UNRESOLVED),
        (1.05, 1.00, 1.1000001, 0.05, Standing.UNRESOLVED),
    ],
)
def test_verdicts(ratio, low, high, p, expected):
    assert standing(Estimate(ratio, low, high, p, 6), p) == expected
    swapped = Estimate(1 / ratio, 1 / high, 1 / low, p, 6)
    opposite = {Standing.FASTER: Standing.SLOWER, Standing.SLOWER: Standing.FASTER}
    assert standing(swapped, p) == opposite.get(expected, expected)


def test_a_wider_margin_ties_more():
    ratio = Estimate(1.15, 1.12, 1.18, 1e-6, 6)
    assert standing(ratio, 1e-6) == Standing.SLOWER
    assert standing(ratio, 1e-6, margin=0.2) == Standing.TIE


@given(rounds_of_times)
def test_exchanging_the_two_inverts_the_ratio_and_the_verdict(pairs):
    a = {r: first for r, (first, _) in enumerate(pairs)}
    b = {r: second for r, (_, second) in enumerate(pairs)}
    there, back = paired_ratio(a, b), paired_ratio(b, a)
    assert math.log(there.value) == pytest.approx(-math.log(back.value), abs=1e-12)
    assert there.p_value == back.p_value
    assert differs(there) == differs(back)
    opposite = {Standing.FASTER: Standing.SLOWER, Standing.SLOWER: Standing.FASTER}
    (forth,), (reverse,) = compare([there]), compare([back])
    edges = (1 + MARGIN, 1 / (1 + MARGIN))
    figures = (there.value, there.low, there.high)
    if not any(math.isclose(x, edge, rel_tol=1e-12) for x in figures for edge in edges):
        assert reverse == opposite.get(forth, forth)


@given(rounds_of_times, st.integers(min_value=-20, max_value=20))
def test_a_change_of_unit_changes_nothing(pairs, power):
    scale = 2.0**power
    a = {r: first for r, (first, _) in enumerate(pairs)}
    b = {r: second for r, (_, second) in enumerate(pairs)}
    plain = paired_ratio(a, b)
    scaled = paired_ratio({r: x * scale for r, x in a.items()}, {r: x * scale for r, x in b.items()})
    assert math.log(scaled.value) == pytest.approx(math.log(plain.value), abs=1e-12)
    assert geometric_mean(x * scale for x in a.values()).value == pytest.approx(
        geometric_mean(a.values()).value * scale, rel=1e-12
    )


@given(rounds_of_times, st.randoms())
@settings(max_examples=50)
def test_the_order_of_the_rounds_changes_no_bit(pairs, shuffle):
    values = [first for first, _ in pairs]
    other = list(values)
    shuffle.shuffle(other)
    assert geometric_mean(values) == geometric_mean(other)


# ---- against a known truth


def _rounds(draw, truth, count, process_sd):
    machine = [draw.lognormvariate(0, 0.2) for _ in range(count)]
    ours = {r: truth * slow * draw.lognormvariate(0, process_sd) for r, slow in enumerate(machine)}
    theirs = {r: slow * draw.lognormvariate(0, process_sd) for r, slow in enumerate(machine)}
    return ours, theirs


@pytest.mark.parametrize("truth", [1.0, 1.3])
def test_coverage_is_95_percent_whatever_the_machine_does(truth):
    draw = random.Random(20)
    runs = 3000
    held = 0
    for _ in range(runs):
        ratio = paired_ratio(*_rounds(draw, truth, 6, 0.05))
        held += ratio.low <= truth <= ratio.high
    # 0.95 +- 4 standard deviations of a binomial
    assert abs(held / runs - 0.95) < 4 * math.sqrt(0.95 * 0.05 / runs)


def test_identical_code_is_hardly_ever_called_faster_or_slower():
    draw = random.Random(21)
    verdicts = []
    for _ in range(400):
        ratios = [paired_ratio(*_rounds(draw, 1.0, 6, 0.05)) for _ in range(4)]
        verdicts.append(compare(ratios))
    families_with_alarm = sum(Standing.FASTER in family or Standing.SLOWER in family for family in verdicts)
    assert families_with_alarm / 400 < 0.05


def test_a_real_difference_is_found():
    draw = random.Random(22)
    found = [compare([paired_ratio(*_rounds(draw, 1.3, 6, 0.05))])[0] for _ in range(300)]
    assert found.count(Standing.SLOWER) / 300 > 0.95
    assert Standing.FASTER not in found
