"""Digits: no more than four, no more than the interval supports."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbench.analysis.figures import number_text, rounded, supported, time_text
from qbench.analysis.stats import Estimate

positive = st.floats(min_value=1e-30, max_value=1e30)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (9.996, 3, "10.0"),
        (9.994, 3, "9.99"),
        (0.00099996, 3, "0.00100"),
        (2.5e-33, 2, "2.5e-33"),
        (-0.0123, 2, "-0.012"),
        (1e21, 2, "1000000000000000000000"),
        (0.0, 4, "0"),
    ],
)
def test_rounded(value, digits, text):
    assert number_text(rounded(value, digits)) == text


@given(positive, st.integers(min_value=1, max_value=6))
def test_rounding_keeps_that_many_digits_and_half_a_unit(value, digits):
    figure = rounded(value, digits)
    assert len(figure.as_tuple().digits) == digits
    unit = Decimal((0, (1,), figure.as_tuple().exponent))
    assert abs(figure - Decimal(value)) <= unit / 2


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_not_finite_has_no_digits(value):
    with pytest.raises(ValueError, match="no digits"):
        rounded(value, 3)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (412.30, 412.40, ("412.3", "412.3", "412.4")),  # four digits are the most
        (410.0, 414.6, ("412.3", "410.0", "414.6")),  # half-width 2.3 keeps tenths
        (398.0, 427.0, ("412", "398", "427")),  # half-width 14.5 keeps ones
        (360.0, 472.0, ("410", "360", "470")),  # half-width 56 keeps tens
        (4.0, 42000.0, ("410", "4.0", "42000")),  # two digits are the least; the low end has its own
        (412.34, 412.34, ("412.3", "412.3", "412.3")),
        (1.0, 987654.0, ("410", "1.0", "987700")),  # and no end more than four
    ],
)
def test_digits_that_the_interval_supports(low, high, expected):
    figures = supported(Estimate(412.34, low, high, None, 6))
    assert tuple(number_text(figure) for figure in figures) == expected


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        (0.998, 0.9585, 1.0392, ("1.00", "0.96", "1.04")),  # half-width 0.04 keeps hundredths
        (0.9996, 0.967, 1.033, ("1.000", "0.967", "1.033")),  # 0.033 keeps thousandths
        (0.998, 0.3, 3.3, ("1.0", "0.30", "3.3")),  # two digits are the least, and 1.0 has them
        (9.9999, 9.9998, 10.0001, ("10.00", "10.00", "10.00")),  # four are the most
        (998.0, 910.0, 1100.0, ("1000", "910", "1100")),
    ],
)
def test_a_value_that_is_rounded_up_to_a_power_of_ten_keeps_its_last_place(value, low, high, expected):
    figures = supported(Estimate(value, low, high, None, 6))
    assert tuple(number_text(figure) for figure in figures) == expected


@given(st.floats(min_value=0.5, max_value=1.5), st.floats(min_value=0.004, max_value=0.3))
def test_the_interval_keeps_as_many_decimals_as_its_half_width_supports(value, half):
    """Around 1 the last place must not depend on which side of 1 the value lies.  Four digits at most."""
    figures = supported(Estimate(value, value - half, value + half, None, 6))
    wanted = Decimal(half / 3.55).adjusted()
    assert int(figures.value.as_tuple().exponent) <= max(wanted, -1)
    for figure, exact in zip(figures, (value, value - half, value + half), strict=True):
        assert abs(figure - Decimal(exact)) <= Decimal(half) / 7


def test_without_an_interval_three_digits():
    assert supported(Estimate(412.34, None, None, None, 1)).value == Decimal("412")
    assert supported(Estimate(412.34, 0.0, float("inf"), None, 2)) == (Decimal("412"), None, None)


@given(positive, st.floats(min_value=1.0, max_value=1e6))
def test_ends_stay_around_the_value(value, spread):
    figures = supported(Estimate(value, value / spread, value * spread, None, 6))
    assert 0 < figures.low <= figures.value <= figures.high
    assert 2 <= len(figures.value.as_tuple().digits) <= 4


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (0.80, "0.800 ns"),
        (999.4, "999 ns"),
        (999.96, "1.00 us"),
        (412_345.0, "412 us"),
        (999_960.0, "1.00 ms"),
        (1_234_567.0, "1.23 ms"),
        (2.5e9, "2.50 s"),
        (1.5e12, "1500 s"),
    ],
)
def test_times_have_units(nanoseconds, text):
    assert time_text(rounded(nanoseconds, 3)) == text


def test_figures_are_written_plainly():
    assert number_text(Decimal("1.23E+6")) == "1230000"
    assert number_text(Decimal("0.0010")) == "0.0010"
    assert number_text(Decimal("0.00099")) == "9.9e-4"
