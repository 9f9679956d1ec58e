"""When enough rounds were run: decided by the width of the intervals, never by what they say.

Stopping when a result becomes significant looks at the data until it agrees: on identical code it called 14
to 20 % of the comparisons different where 5 % would be honest; stopping on the width of the interval 3 to
6 %.  The first narrow interval is narrow partly by luck, so stopping right there loses coverage (of plain
t-intervals 93 to 95 % hold the truth); three more rounds give it back (94 to 96 %).  docs/statistics.md has
the coverage with this very function in the loop, simulated.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qbench.analysis.stats import log_interval

__all__ = ["StoppingRule", "narrow_after", "rounds_to_run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppingRule:
    """From ``rounds`` rounds on: ``extra_rounds`` more once all ratios are narrow, ``most_rounds`` in all.

    A ratio is narrow when its 95 % half-width is at most ``width`` (0.05 reads "within 5 %"), or when it is
    beyond a factor of ``far`` either way and its half-width is below ``far_width``: who is 3 times slower
    need not be known to within 5 %.  ``most_rounds`` None means exactly ``rounds``.
    """

    rounds: int
    most_rounds: int | None = None
    width: float = 0.05
    extra_rounds: int = 3
    far: float = 1.5
    far_width: float = 0.1


def rounds_to_run(rule: StoppingRule, log_ratios: Sequence[Mapping[int, float]]) -> int | None:
    """How many rounds this question is to run in all; None while that is not known.

    ``log_ratios`` holds one mapping per contestant and ranked phase: the round's number, counted from 0, to
    the logarithm of the ratio to the baseline in that round.  Give whole rounds only, and leave out who
    failed for good: a contestant with fewer than ``rule.rounds`` values is never narrow.  Without any
    contestant there is nothing to wait for, and ``rule.rounds`` it is.

    The answer depends on the rounds before it alone: later rounds do not change it, so a run that was
    interrupted decides the same.  It may be smaller than the number of rounds already there.

    >>> rule = StoppingRule(rounds=6, most_rounds=30)
    >>> steady = {r: (-1) ** r * 0.02 for r in range(6)}
    >>> rounds_to_run(rule, [steady])
    9
    >>> rounds_to_run(rule, [steady, {r: (-1) ** r * 0.2 for r in range(6)}]) is None
    True
    >>> rounds_to_run(StoppingRule(rounds=5), [])
    5
    """
    if rule.most_rounds is None or rule.most_rounds <= rule.rounds or not log_ratios:
        return rule.rounds
    count = narrow_after(rule, log_ratios)
    if count is not None:
        return min(count + rule.extra_rounds, rule.most_rounds)
    return rule.most_rounds if _rounds_there(log_ratios) >= rule.most_rounds else None


def narrow_after(rule: StoppingRule, log_ratios: Sequence[Mapping[int, float]]) -> int | None:
    """After how many rounds all ratios were narrow, the first time; None: they never were, or there are none.

    With few rounds left for the extra ones ``rounds_to_run`` is ``most_rounds`` either way.

    >>> rule = StoppingRule(rounds=6, most_rounds=8)
    >>> steady, wide = ({r: (-1) ** r * size for r in range(8)} for size in (0.02, 0.2))
    >>> narrow_after(rule, [steady]), narrow_after(rule, [steady, wide])
    (6, None)
    """
    last = min(_rounds_there(log_ratios), max(rule.rounds, rule.most_rounds or rule.rounds))
    for count in range(rule.rounds, last + 1):
        if all(_narrow(rule, [x for r, x in found.items() if r < count]) for found in log_ratios):
            return count
    return None


def _rounds_there(log_ratios: Sequence[Mapping[int, float]]) -> int:
    return 1 + max((max(found, default=-1) for found in log_ratios), default=-1)


def _narrow(rule: StoppingRule, logs: Sequence[float]) -> bool:
    if len(logs) < max(rule.rounds, 2):
        return False
    mean, reach = log_interval(logs)
    half_width = math.expm1(reach) if reach < 1 else math.inf  # a factor of e is never narrow
    return half_width <= rule.width or (abs(mean) > math.log(rule.far) and half_width < rule.far_width)
