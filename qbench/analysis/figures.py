"""How many digits a figure deserves, and how it is written.

Figures are decimals of at most four significant digits, so that a table made again from the same records
is the same byte for byte, whatever the last bits of ``log`` and ``exp`` on another CPU.
"""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from qbench.analysis.stats import Estimate

__all__ = [
    "LEAST_DIGITS",
    "Figures",
    "number_text",
    "rounded",
    "rounded_up",
    "supported",
    "supported_sum",
    "time_text",
]

MOST_DIGITS = 4
LEAST_DIGITS = 2
DIGITS_WITHOUT_INTERVAL = 3

# The Particle Data Group's rule: an uncertainty that starts with 100 to 354 keeps two digits, with 355 to
# 949 one.  Rounding then moves a figure by at most a seventh of its uncertainty.
_KEEP_ABOVE = 3.55

_UNITS = ((3, 0, "ns"), (6, 3, "us"), (9, 6, "ms"))


class Figures(NamedTuple):
    """A value and its interval, written to the same last place."""

    value: Decimal
    low: Decimal | None
    high: Decimal | None


def rounded(value: float, digits: int) -> Decimal:
    """``value`` with that many significant digits, trailing zeros kept; half goes to even.

    Raises ``ValueError`` on a value that is not finite.

    >>> rounded(0.0499961, 3), rounded(123456.0, 2), rounded(0.0, 3)
    (Decimal('0.0500'), Decimal('1.2E+5'), Decimal('0'))
    """
    if not math.isfinite(value):
        raise ValueError(f"{value} has no digits")
    if value == 0:
        return Decimal(0)
    exact = Decimal(value)
    result = _to_place(exact, exact.adjusted() - digits + 1)
    if result.adjusted() > exact.adjusted():  # 9.996 became 10.00
        result = _to_place(exact, result.adjusted() - digits + 1)
    return result


def rounded_up(value: Decimal, digits: int) -> Decimal:
    """The least decimal with that many significant digits that is not below ``value``.

    >>> rounded_up(Decimal("1.2001e-33"), 2), rounded_up(Decimal("9.91"), 2), rounded_up(Decimal(0), 2)
    (Decimal('1.3E-33'), Decimal('10'), Decimal('0'))
    """
    if value == 0:
        return Decimal(0)
    place = value.adjusted() - digits + 1
    result = value.quantize(Decimal((0, (1,), place)), rounding=ROUND_CEILING)
    if result.adjusted() > value.adjusted():  # 9.91 became 10.0
        result = result.quantize(Decimal((0, (1,), place + 1)))
    return result


def _to_place(exact: Decimal, place: int) -> Decimal:
    return exact.quantize(Decimal((0, (1,), place)))


def supported(estimate: Estimate, scale: float = 1.0, most: int = MOST_DIGITS) -> Figures:
    """The estimate times ``scale``, with as many digits as its interval supports (2 to ``most``).

    Without an interval three digits.  The ends have the value's last place, but two to ``most`` digits.
    A value that rounding carries to the next power of ten (0.998 to 1.00) keeps the place that its interval
    supports: it has one digit more then.

    >>> [str(figure) for figure in supported(Estimate(0.998, 0.9585, 1.0392, None, 6))]
    ['1.00', '0.96', '1.04']
    >>> supported(Estimate(412.345, 398.0, 427.2, None, 6))
    Figures(value=Decimal('412'), low=Decimal('398'), high=Decimal('427'))
    >>> supported(Estimate(412.345, 412.1, 412.6, None, 6)).value
    Decimal('412.3')
    """
    value = estimate.value * scale
    if estimate.low is None or estimate.high is None or not math.isfinite(estimate.high):
        return Figures(rounded(value, min(DIGITS_WITHOUT_INTERVAL, most)), None, None)
    low, high = estimate.low * scale, estimate.high * scale
    half = (high - low) / 2
    exact = Decimal(value)
    digits = wanted = most
    if half > 0:
        wanted = exact.adjusted() - Decimal(half / _KEEP_ABOVE).adjusted() + 1
        digits = max(min(LEAST_DIGITS, most), min(most, wanted))
    figure = rounded(value, digits)
    if figure.adjusted() > exact.adjusted() and digits < most and digits <= wanted:
        figure = _to_place(exact, exact.adjusted() - digits + 1)
    place = int(figure.as_tuple().exponent)
    return Figures(figure, _end(low, place, most), _end(high, place, most))


def supported_sum(estimate: Estimate, scale: float = 1.0) -> Figures:
    """As ``supported``, for a figure that may be 0 or below, as what is left of a difference of times may.

    Where the interval reaches 0, all three are written to the place that its half-width supports.

    >>> supported_sum(Estimate(1.23, -3.21, 5.67, None, 6))
    Figures(value=Decimal('1'), low=Decimal('-3'), high=Decimal('6'))
    """
    if estimate.low is None or estimate.high is None or estimate.low > 0:
        return supported(estimate, scale)
    half = (estimate.high - estimate.low) * scale / 2
    place = Decimal(half / _KEEP_ABOVE).adjusted() if half > 0 else 0
    ends = (estimate.value * scale, estimate.low * scale, estimate.high * scale)
    return Figures(*(_to_place(Decimal(end), place) + 0 for end in ends))  # + 0: no -0


def _end(value: float, place: int, most: int) -> Decimal:
    exact = Decimal(value)
    digits = exact.adjusted() - place + 1
    if exact == 0 or not LEAST_DIGITS <= digits <= most:
        return rounded(value, LEAST_DIGITS if digits < LEAST_DIGITS else most)
    return _to_place(exact, place)


def number_text(number: Decimal | int) -> str:
    """Plain digits, in scientific notation below 0.001.

    >>> number_text(Decimal("1.2E+5")), number_text(Decimal("0.00000050")), number_text(7)
    ('120000', '5.0e-7', '7')
    """
    if isinstance(number, int):
        return str(number)
    if number and number.adjusted() < -3:
        mantissa = number.scaleb(-number.adjusted())
        return f"{mantissa:f}e{number.adjusted()}"
    return f"{number:f}"


def time_text(nanoseconds: Decimal) -> str:
    """A time with its unit, ns to s, keeping the digits it has.

    >>> time_text(Decimal("412000")), time_text(Decimal("1.2E+7")), time_text(Decimal("0.8"))
    ('412.000 us', '12 ms', '0.8 ns')
    """
    for limit, shift, unit in _UNITS:
        if nanoseconds.adjusted() < limit:
            return f"{nanoseconds.scaleb(-shift):f} {unit}"
    return f"{nanoseconds.scaleb(-9):f} s"
