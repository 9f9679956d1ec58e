"""Axes: their limits and their ticks, with units; logarithmic ones with a place for zero."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = [
    "Scale",
    "count_scale",
    "error_scale",
    "linear_scale",
    "number_label",
    "number_scale",
    "power_text",
    "time_label",
    "time_scale",
]

_UNITS = ((-3, "ns"), (0, "µs"), (3, "ms"), (6, "s"))
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_MOST_TICKS = 8
_MOST_COUNTS = 6
_LABEL_SHARE = 0.07  # of an axis: the room of one label
_LEAST_RANGE = 6.0  # so that at least two of 1, 2, 5, 10 are on the axis


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A log axis from ``low`` to ``high``; ``linear`` is one that is none.

    ``zero`` is where values below ``tiny`` are drawn, which a logarithm cannot show; None without any.
    """

    label: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    minor: tuple[float, ...]
    zero: float | None = None
    tiny: float = 0.0
    linear: bool = False

    def place(self, value: float) -> float:
        """Where a value is drawn."""
        return self.zero if self.zero is not None and value < self.tiny else value


def time_scale(label: str, values: Iterable[float], ends: Iterable[float] = ()) -> Scale:
    """An axis of times in microseconds.  ``ends`` of intervals stretch it threefold at most.

    >>> scale = time_scale("execute time per call", [90.0, 4000.0])
    >>> [text for _, text in scale.ticks]
    ['100 µs', '300 µs', '1 ms', '3 ms']
    """
    low, high = _stretched(values, ends)
    return Scale(
        label=label,
        low=low,
        high=high,
        ticks=tuple((value, time_label(value)) for value in _ticks(low, high)),
        minor=_minor(low, high),
    )


def number_scale(label: str, values: Iterable[float], ends: Iterable[float] = ()) -> Scale:
    """An axis of plain positive numbers, as ratios are.  ``ends`` of intervals stretch it threefold at most.

    >>> [text for _, text in number_scale("executions", [0.3, 30.0]).ticks]
    ['0.3', '1', '3', '10', '30']
    """
    low, high = _stretched(values, ends)
    ticks = tuple((value, number_label(value)) for value in _ticks(low, high))
    return Scale(label=label, low=low, high=high, ticks=ticks, minor=_minor(low, high))


def count_scale(label: str, counts: Iterable[int], *, own: bool = False) -> Scale:
    """An axis of whole numbers, each of which is a tick where there are few.

    With ``own`` ticks stand at these numbers only, as many as have room for their labels.

    >>> [text for _, text in count_scale("shots", [100, 1000, 100_000]).ticks]
    ['100', '1000', '10⁵']
    >>> [text for _, text in count_scale("parameters", [4, 8, 9, 40, 41, 42, 400], own=True).ticks]
    ['4', '8', '40', '400']
    """
    found = sorted({*counts})
    low, high = _stretched(found, ())
    spread = [b / a for a, b in pairwise(found)]
    apart = len(found) <= _MOST_COUNTS and min(spread, default=math.inf) > (high / low) ** 0.1
    if apart:
        places = found
    elif own:
        places = _roomy(found, (high / low) ** _LABEL_SHARE)
    else:
        places = [round(value) for value in _ticks(low, high) if value >= 1]
    ticks = tuple((float(value), number_label(value)) for value in places)
    return Scale(label=label, low=low, high=high, ticks=ticks, minor=())


def linear_scale(label: str, low: float, high: float, text: Callable[[float], str]) -> Scale:
    """A linear axis with about five round ticks.

    >>> [text for _, text in linear_scale("share", 0.0, 1.0, "{:g}".format).ticks]
    ['0', '0.2', '0.4', '0.6', '0.8', '1']
    >>> [text for _, text in linear_scale("time", 391.0, 446.0, time_label).ticks]
    ['400 µs', '410 µs', '420 µs', '430 µs', '440 µs']
    """
    power = 10.0 ** math.floor(math.log10((high - low) / 5))
    step = next(digit * power for digit in (1, 2, 5, 10) if (high - low) / (digit * power) <= 6)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    ticks = tuple((round(n * step, 12), text(round(n * step, 12))) for n in range(first, last + 1))
    return Scale(label=label, low=low, high=high, ticks=ticks, minor=(), linear=True)


def _roomy(counts: Sequence[int], least: float) -> list[int]:
    """Those of ascending numbers that are at least a factor apart, from the first on."""
    kept: list[int] = []
    for count in counts:
        if not kept or count / kept[-1] >= least:
            kept.append(count)
    return kept


def _stretched(values: Iterable[float], ends: Iterable[float]) -> tuple[float, float]:
    """Where an axis begins and ends: ends of intervals may stretch it threefold."""
    values, ends = list(values), list(ends)
    least, most = min(values), max(values)
    low = max(least / 3, min([least, *ends])) / 1.3
    high = min(most * 3, max([most, *ends])) * 1.3
    widen = max(1.0, math.sqrt(_LEAST_RANGE * low / high))
    return low / widen, high * widen


def number_label(number: float) -> str:
    """A number, above 9999 as a power of ten where it is round.

    >>> number_label(0.3), number_label(1000), number_label(20000), number_label(16384)
    ('0.3', '1000', '2·10⁴', '16384')
    """
    digits = f"{number:.0f}"
    if number >= 1e4:
        return power_text(number) if digits[1:].count("0") == len(digits) - 1 else digits
    return digits if isinstance(number, int) else f"{float(f'{number:.3g}'):g}"


def time_label(microseconds: float) -> str:
    """A round time with its unit.

    >>> time_label(0.2), time_label(20000.0), time_label(1e8)
    ('200 ns', '20 ms', '100 s')
    """
    exponent = math.floor(math.log10(microseconds) + 1e-9)
    power, unit = next(
        ((power, unit) for power, unit in reversed(_UNITS) if exponent >= power), (_UNITS[0][0], _UNITS[0][1])
    )
    return f"{float(f'{microseconds / 10.0**power:.3g}'):g} {unit}"


def error_scale(label: str, values: Iterable[float], tiny: float, most: float = math.inf) -> Scale:
    """An axis of errors; values below ``tiny`` are drawn as zero on a strip under it.

    ``most`` is the largest value that such an error can have: an axis goes beyond it for a value that is.

    >>> scale = error_scale("error", [0.0, 2e-16, 3e-8], 1e-20)
    >>> scale.place(0.0) < scale.place(2e-16), scale.ticks[0][1]
    (True, '0')
    """
    values = list(values)
    seen = [value for value in values if value >= tiny] or [1e-16]
    low, high = min(seen) / 3, min(max(seen) * 3, max(most, *seen))
    ticks = [(value, power_text(value)) for value in _ticks(low, high)]
    zero = None
    if any(value < tiny for value in values):
        strip = (high / low) ** 0.1
        zero = low / strip
        low = zero / strip
        ticks.insert(0, (zero, "0"))
    return Scale(
        label=label,
        low=low,
        high=high,
        ticks=tuple(ticks),
        minor=_minor(low if zero is None else zero * strip, high),
        zero=zero,
        tiny=tiny,
    )


def power_text(value: float) -> str:
    """A round number as a power of ten.

    >>> power_text(1e-16), power_text(2e-3)
    ('10⁻¹⁶', '2·10⁻³')
    """
    exponent = math.floor(math.log10(value) + 1e-9)
    mantissa = round(value / 10.0**exponent)
    power = f"10{str(exponent).translate(_SUPERSCRIPT)}"
    return power if mantissa == 1 else f"{mantissa}·{power}"


def _ticks(low: float, high: float) -> Sequence[float]:
    """Powers of ten, thinned out where they are many; with twos and fives where they are few."""
    first, last = math.ceil(math.log10(low)), math.floor(math.log10(high))
    step = -(-(last - first + 1) // _MOST_TICKS)
    decades = [10.0**power for power in range(first, last + 1) if power % max(1, step) == 0]
    if len(decades) >= 3:
        return decades
    for digits in ((1, 2, 5), range(1, 10)) if len(decades) < 2 else ((1, 3),):
        found = [
            digit * 10.0**power
            for power in range(first - 1, last + 1)
            for digit in digits
            if low <= digit * 10.0**power <= high
        ]
        if len(found) >= 2:
            return found
    return decades


def _minor(low: float, high: float) -> tuple[float, ...]:
    if high / low > 1e8:
        return ()
    first, last = math.floor(math.log10(low)), math.floor(math.log10(high))
    return tuple(
        digit * 10.0**power
        for power in range(first, last + 1)
        for digit in (range(2, 10) if high / low <= 1e3 else (2, 5))
        if low <= digit * 10.0**power <= high
    )
