"""The time left in words, as coarse as it is known: what decides the end is said with it."""

from __future__ import annotations

from qbench.analysis.forecast import TimeLeft

__all__ = ["time_left_text"]


def time_left_text(left: TimeLeft) -> str:
    """A figure, a range where the stopping rule decides, or the end of the budget.

    >>> time_left_text(TimeLeft(242.0, 250.0))
    'about 4 min left'
    >>> time_left_text(TimeLeft(100.0, 560.0))
    '2 to 9 min left'
    >>> time_left_text(TimeLeft(40.0, 560.0))
    '40 s to 9 min left'
    >>> time_left_text(TimeLeft(3.0, 4.0))
    'a few seconds left'
    >>> time_left_text(TimeLeft(100.0, 560.0, by_budget=True))
    '2 to at most 9 min left (budget)'
    >>> time_left_text(TimeLeft(560.0, 560.0, by_budget=True))
    'about 9 min left (budget)'
    """
    least, most = _duration(left.least_s), _duration(left.most_s)
    if left.most_s < 5:
        return "a few seconds left"
    if least == most:
        return f"about {most} left{' (budget)' if left.by_budget else ''}"
    number, unit = least.split()
    low = number if most.endswith(f" {unit}") else least
    if left.by_budget:
        return f"{low} to at most {most} left (budget)"
    return f"{low} to {most} left"


def _duration(seconds: float) -> str:
    """Coarse: steps of 5 s below a minute and a half, of a minute below ninety, then of a tenth of an hour.

    >>> [_duration(seconds) for seconds in (0.2, 33.0, 89.0, 100.0, 3000.0, 9000.0)]
    ['5 s', '35 s', '90 s', '2 min', '50 min', '2.5 h']
    """
    if seconds < 90:
        return f"{max(5, 5 * round(seconds / 5))} s"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"
