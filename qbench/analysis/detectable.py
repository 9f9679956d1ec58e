"""How large a change would have had to be for a comparison to show it."""

from __future__ import annotations

import math

from qbench.analysis.stats import CONFIDENCE, MARGIN, Estimate

__all__ = ["detectable_change"]


def detectable_change(
    ratio: Estimate, compared: int = 1, *, margin: float = MARGIN, confidence: float = CONFIDENCE
) -> float | None:
    """The least change that is called slower at this ratio's spread: 0.2 for 20 %; None without an interval.

    It is beyond the margin, and significant by Holm's correction over ``compared`` cells where no other cell
    changed, which is the hardest case: a t quantile at 1 - 0.025 / compared in place of 0.975.  Degrees of
    freedom are those of the run with fewer rounds: for Welch's interval that is at most too cautious.

    >>> spread = Estimate(1.0, 1 / 1.05, 1.05, 1.0, 10)
    >>> f"{detectable_change(spread):.2f} {detectable_change(spread, 40):.3f}"
    '0.10 0.105'
    """
    if ratio.low is None or ratio.high is None:
        return None
    if ratio.low <= 0 or math.isinf(ratio.high):
        return math.inf
    from scipy.special import stdtrit  # scipy.stats takes 10 times as long to import

    tail, freedom = (1 - confidence) / 2, ratio.rounds - 1
    wider = float(stdtrit(freedom, 1 - tail / max(compared, 1))) / float(stdtrit(freedom, 1 - tail))
    reach = (math.log(ratio.high) - math.log(ratio.low)) / 2 * wider
    return max(margin, math.expm1(reach) if reach < 709 else math.inf)
