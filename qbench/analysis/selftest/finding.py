"""One line of the self-test's table, and how its figures are written."""

from __future__ import annotations

from dataclasses import dataclass

from qbench.analysis.figures import rounded, time_text
from qbench.analysis.selftest.shares import Mean, Share
from qbench.analysis.stats import Estimate

__all__ = ["Finding", "nanoseconds", "percent", "percent_mean", "percent_share", "ratio_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """``met`` is None where there is no aim, or too little to tell."""

    experiment: str
    about: str
    figure: str
    aim: str = ""
    met: bool | None = None


def percent(part: float, places: int = 1, sign: bool = False) -> str:
    """A part as percent.

    >>> percent(0.0512), percent(0.0012, 2, sign=True)
    ('5.1 %', '+0.12 %')
    """
    return f"{100 * part:{'+' if sign else ''}.{places}f} %"


def percent_share(found: Share) -> str:
    """A count with its share and interval.

    >>> percent_share(Share(5, 100, 0.0164, 0.1128))
    '5 of 100: 5.0 % [1.6, 11.3]'
    """
    low, high = 100 * found.low, 100 * found.high
    return f"{found.count} of {found.total}: {percent(found.value)} [{low:.1f}, {high:.1f}]"


def percent_mean(found: Mean, places: int = 1, sign: bool = False) -> str:
    """A mean of parts with its interval.

    >>> percent_mean(Mean(0.05, 0.04, 0.06, 10))
    '5.0 % [4.0, 6.0]'
    """
    if found.low is None or found.high is None:
        return percent(found.value, places, sign)
    form = f"{'+' if sign else ''}.{places}f"
    return f"{percent(found.value, places, sign)} [{100 * found.low:{form}}, {100 * found.high:{form}}]"


def ratio_text(found: Estimate, places: int = 3) -> str:
    """A ratio with its interval.

    >>> ratio_text(Estimate(1.0123, 0.99, 1.04, 0.3, 10))
    '1.012 [0.990, 1.040]'
    """
    if found.low is None or found.high is None:
        return f"{found.value:.{places}f}"
    return f"{found.value:.{places}f} [{found.low:.{places}f}, {found.high:.{places}f}]"


def nanoseconds(time_ns: float) -> str:
    """A time with its unit and three digits.

    >>> nanoseconds(412345.0)
    '412 us'
    """
    return time_text(rounded(time_ns, 3))
