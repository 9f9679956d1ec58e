"""How long the rest of a run takes: what is ahead, estimated, times how much longer it took so far.

What is ahead is counted in seconds and not in steps: a step of three qubits and one of sixteen are not
alike, and a pace in steps per second would jump whenever the large ones come.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["Forecast", "TimeLeft", "Work"]

TRUST = 0.05
"""The estimate counts like so much of the first work ahead, measured: the first steps change little."""

MOST = 0.005
"""No single step counts for more than this share of the first work: one that surprises is not the pace.

Of 300 simulated runs, whose steps are off by a factor of two each and the machine by up to five, the end
moved in one step by at most 1.55 times in 95 %; without this by 2.2 times.
"""


class TimeLeft(NamedTuple):
    """Seconds until the end: at least, and at most.  ``by_budget``: the most is where the budget ends."""

    least_s: float
    most_s: float
    by_budget: bool = False


class Work(NamedTuple):
    """Seconds of work by where they come from: ``guessed`` from constants, ``known`` from earlier rounds.

    >>> Work(guessed=2.0).plus(Work(known=3.0)).times(2)
    Work(guessed=4.0, known=6.0)
    """

    guessed: float = 0.0
    known: float = 0.0

    def plus(self, more: Work) -> Work:
        return Work(self.guessed + more.guessed, self.known + more.known)

    def minus(self, less: Work) -> Work:
        """What is left of this work; never less than none, whatever sums of floats come to."""
        return Work(max(0.0, self.guessed - less.guessed), max(0.0, self.known - less.known))

    def times(self, number: float) -> Work:
        return Work(self.guessed * number, self.known * number)


@dataclass(slots=True)
class _Pace:
    """How much longer things take than they were estimated to; 1 before anything was seen."""

    trust_s: float
    most_s: float
    estimated_s: float = 0.0
    taken_s: float = 0.0

    def saw(self, estimated_s: float, factor: float) -> None:
        """A step took so many times what was estimated."""
        weight = min(estimated_s, self.most_s)
        self.estimated_s += weight
        self.taken_s += weight * factor

    @property
    def factor(self) -> float:
        estimated = self.estimated_s + self.trust_s
        return (self.taken_s + self.trust_s) / estimated if estimated > 0 else 1.0


class Forecast:
    """Learns from what was done how long the rest takes.

    What was guessed and what is known have a pace each: the constants may be wrong by a factor, and what
    was measured is not, so that the one must not spoil the other.

    >>> forecast = Forecast(Work(guessed=100.0))
    >>> forecast.left(Work(guessed=100.0), Work(guessed=100.0))
    TimeLeft(least_s=100.0, most_s=100.0, by_budget=False)
    >>> for _ in range(90):  # each takes three times as long as estimated
    ...     forecast.done(Work(guessed=0.5), 1.5)
    >>> forecast.left(Work(guessed=55.0), Work(guessed=110.0))
    TimeLeft(least_s=154.0, most_s=308.0, by_budget=False)
    >>> forecast.left(Work(guessed=55.0), Work(guessed=110.0), budget_s=200.0)
    TimeLeft(least_s=154.0, most_s=200.0, by_budget=True)
    """

    def __init__(self, first: Work) -> None:
        """``first`` is the work ahead, or that of one round where there are several."""
        ahead = first.guessed + first.known
        self._guessed, self._known = (_Pace(TRUST * ahead, MOST * ahead) for _ in range(2))

    def done(self, work: Work, seconds: float) -> None:
        """This work is done and took so many seconds of wall time, with all that went on around it."""
        estimated = work.guessed + work.known
        if estimated > 0:
            self._guessed.saw(work.guessed, seconds / estimated)
            self._known.saw(work.known, seconds / estimated)

    def seconds(self, work: Work) -> float:
        """How long this work takes, at the pace so far."""
        return work.guessed * self._guessed.factor + work.known * self._known.factor

    def left(self, least: Work, most: Work, budget_s: float | None = None) -> TimeLeft:
        """The time until the end, given the least and the most work ahead and what is left of a budget."""
        low, high = sorted((self.seconds(least), self.seconds(most)))
        if budget_s is None or high <= budget_s:
            return TimeLeft(low, high)
        end = max(0.0, budget_s)
        return TimeLeft(min(low, end), end, by_budget=True)
