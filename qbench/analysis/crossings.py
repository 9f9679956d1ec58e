"""Where two simulators take equally long: the number of qubits at which their ratio passes 1.

Between two measured sizes nobody has measured, so what is assumed there decides as much as noise does.  Two
assumptions are made side by side.  ``straight``: the logarithm of the ratio is a straight line in the number
of qubits, as it is where both times grow by a factor per qubit.  ``cost``: the difference of both times is a
straight line in 2^n, as it is where both are a fixed cost and one per amplitude.  They bend to opposite
sides of most curves.  From 4 to 8 qubits they may lie 1.3 qubits apart where both times hardly grow, and 2
where they grow as 4^n.  The estimate is the middle of both, its interval reaches from the lower end of
either to the upper end of either.

For one assumption the 95 % interval holds every n at which the t-interval of the interpolated value holds
equality, where what is interpolated is formed round by round.  That is Fieller's set (E. C. Fieller, "Some
problems in interval estimation", J. Royal Statistical Society B 16 (1954)): exact for normal noise, also
where the noise of both sizes has a part in common, as it has, for a round's process meets all circuits.  The
crossing of each single round is not used: where the line is flat it has no mean.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qbench.analysis.stats import CONFIDENCE, Estimate, Standing, autocorrelation_factor

__all__ = ["LEAST_ROUNDS", "Crossing", "SizeRatio", "find_crossings"]

_SURE = (Standing.FASTER, Standing.SLOWER)
LEAST_ROUNDS = 4
"""Two or three rounds have opposite verdicts at both ends where they happen to agree: of such crossings among
21 simulators, the interval of three rounds held 84 to 94 % only, of four rounds 96 to 98 %."""

_FARTHEST = 700.0  # logarithms beyond this leave the range of doubles


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeRatio:
    """One simulator's time over another's at one number of qubits.

    ``logs`` are the logarithms of the ratio by round, ``time_ns`` the geometric mean of both times.
    """

    qubits: int
    logs: Mapping[int, float]
    time_ns: float
    ratio: Estimate
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """``before`` is the verdict up to ``until`` qubits; from ``since`` qubits on it is the opposite one.

    ``qubits`` is where the ratio is 1, between these two sizes, ``low`` to ``high`` its 95 % interval;
    ``rounds`` stand behind it: those that all sizes from ``until`` to ``since`` have.  Where these are fewer
    than four or contradict the verdicts, ``rounds`` is 0 and the interval reaches from size to size.
    """

    before: Standing
    until: int
    since: int
    qubits: float
    low: float
    high: float
    rounds: int

    @property
    def after(self) -> Standing:
        """The verdict from ``since`` qubits on."""
        return Standing.SLOWER if self.before == Standing.FASTER else Standing.FASTER


def find_crossings(points: Sequence[SizeRatio]) -> tuple[Crossing, ...]:
    """Every change from ``faster`` to ``slower`` or back between sizes, in the order of the sizes.

    What is a tie or unresolved in between belongs to no side: the crossing is somewhere among these sizes.
    ``points`` are in the order of their qubits.

    >>> def point(qubits, log, standing):
    ...     logs = {number: log + noise for number, noise in enumerate((-0.02, 0.0, 0.0, 0.02))}
    ...     ratio = Estimate(math.exp(log), None, None, None, 4)
    ...     return SizeRatio(qubits=qubits, logs=logs, time_ns=1e5, ratio=ratio, standing=standing)
    >>> (found,) = find_crossings([point(4, -1.0, Standing.FASTER), point(8, 3.0, Standing.SLOWER)])
    >>> f"{found.qubits:.2f}, {found.low:.2f} to {found.high:.2f}", found.until, found.since
    ('5.49, 4.97 to 6.02', 4, 8)
    """
    told = [place for place, point in enumerate(points) if point.standing in _SURE]
    return tuple(
        _crossing(points[first : last + 1])
        for first, last in pairwise(told)
        if points[first].standing != points[last].standing
    )


def _crossing(points: Sequence[SizeRatio]) -> Crossing:
    """The crossing between the first and the last of these sizes, whose verdicts are opposite."""
    sizes = [point.qubits for point in points]
    rounds = sorted(set(points[0].logs).intersection(*(point.logs for point in points[1:])))
    places: list[float] = []
    ends: list[float] = []
    for value, between in ((_straight, _by_qubits), (_cost, _by_amplitudes)):
        values = [[value(point, point.logs[number]) for number in rounds] for point in points]
        means = [math.fsum(one) / len(rounds) for one in values] if len(rounds) >= LEAST_ROUNDS else [0.0]
        if means[0] * means[-1] >= 0:  # what these rounds say of the ends is not what all rounds say
            places, ends, rounds = [], [], []
            break
        places.append(_equal_at(sizes, means, between))
        ends += _interval(sizes, values, between)
    if not places:
        ends = [float(sizes[0]), float(sizes[-1])]
        for value, between in ((_straight, _by_qubits), (_cost, _by_amplitudes)):
            means = [value(point, math.log(point.ratio.value)) for point in points]
            places.append(_equal_at(sizes, means, between))
    return Crossing(
        before=points[0].standing,
        until=sizes[0],
        since=sizes[-1],
        qubits=math.fsum(places) / len(places),
        low=min(ends),
        high=max(ends),
        rounds=len(rounds),
    )


Between = Callable[[int, int, float], float]
"""Where between two sizes a weight from 0 to 1 lies."""


def _straight(point: SizeRatio, log: float) -> float:
    return log


def _by_qubits(here: int, there: int, weight: float) -> float:
    return here + (there - here) * weight


def _cost(point: SizeRatio, log: float) -> float:
    """Half the difference of the two times: their geometric mean times sinh(log ratio / 2)."""
    return point.time_ns * math.sinh(max(-_FARTHEST, min(_FARTHEST, log / 2)))


def _by_amplitudes(here: int, there: int, weight: float) -> float:
    """On the axis of 2^n.

    >>> _by_amplitudes(4, 8, 0.2)
    6.0
    """
    return here + math.log2(1 + weight * (2.0 ** (there - here) - 1))


def _equal_at(sizes: Sequence[int], means: Sequence[float], between: Between) -> float:
    """Where the line through the means is 0; of several places (an odd number) the middle one."""
    zeros: list[float] = []
    for (here, x), (there, y) in pairwise(zip(sizes, means, strict=True)):
        if x == 0:
            zeros.append(float(here))
        elif (x < 0) != (y < 0) and y != 0:
            zeros.append(between(here, there, x / (x - y)))
    return zeros[len(zeros) // 2]


def _interval(
    sizes: Sequence[int], values: Sequence[Sequence[float]], between: Between
) -> tuple[float, float]:
    """From the first to the last number of qubits at which equal times are not excluded."""
    ends = []
    for (here, there), (x, y) in zip(pairwise(sizes), pairwise(values), strict=True):
        ends += [between(here, there, weight) for weight in _not_excluded(x, y)]
    return min(ends), max(ends)


def _not_excluded(x: Sequence[float], y: Sequence[float]) -> list[float]:
    """The ends of the weights w in 0 to 1 at which the interval of the mean of (1 - w) x + w y holds 0.

    mean^2 <= t^2 var is a quadratic inequality in w.  The variance is widened for autocorrelation by the
    factor found where the mean is nearest to 0.
    """
    from scipy.special import stdtrit  # scipy.stats takes 10 times as long to import

    count = len(x)
    unit = max(map(abs, (*x, *y)))  # squares of times in ns would do, of stranger numbers not
    if unit == 0:  # equal at both sizes in every round, as a coarse clock reads them: nowhere excluded
        return [0.0, 1.0]
    x, y = [one / unit for one in x], [one / unit for one in y]
    mine, theirs = math.fsum(x) / count, math.fsum(y) / count
    rests = [(a - mine, b - theirs) for a, b in zip(x, y, strict=True)]
    step = theirs - mine
    crosses = mine * theirs < 0
    near = -mine / step if crosses else float(abs(theirs) < abs(mine))
    factor = autocorrelation_factor([(1 - near) * a + near * b for a, b in rests], count)
    t = float(stdtrit(count - 1, (1 + CONFIDENCE) / 2))
    scale = t * t * factor / (count * (count - 1))
    aa, ab, bb = (math.fsum(one) for one in zip(*((a * a, a * b, b * b) for a, b in rests), strict=True))
    square = step * step - scale * (aa - 2 * ab + bb)
    linear = 2 * mine * step - 2 * scale * (ab - aa)
    constant = mine * mine - scale * aa
    ends = [near] if crosses else []
    ends += [end for end, value in ((0.0, constant), (1.0, square + linear + constant)) if value <= 0]
    return ends + [root for root in _roots(square, linear, constant) if 0 <= root <= 1]


def _roots(square: float, linear: float, constant: float) -> tuple[float, ...]:
    """The real roots of a quadratic, without cancellation."""
    if square == 0:
        return (-constant / linear,) if linear else ()
    under = linear * linear - 4 * square * constant
    if under < 0:
        return ()
    q = -(linear + math.copysign(math.sqrt(under), linear)) / 2
    return (q / square, constant / q) if q else (0.0,)
