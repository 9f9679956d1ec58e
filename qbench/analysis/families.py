"""A ratio over all circuits: families weigh equally, and two things are sampled, families and rounds.

The circuits of a round share one process per simulator, so what a process adds is the same in all of them
and no number of families averages it out.  An interval over the families alone called identical code
different in 19 % of simulated runs where processes differ by 1 %, in 39 % at 2 %, in 73 % at 5 % (12
families, 6 rounds, 3 % of each circuit's own).  So the variance is that over families plus that over
rounds; what both contain is counted twice, which errs towards a wider interval.  Subtracting it, as
two-way clustering does (Cameron, Gelbach, Miller 2011), held the truth less often (docs/statistics.md).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

from qbench.analysis.readings import CellReadings
from qbench.analysis.stats import CONFIDENCE, Estimate, autocorrelation_factor

__all__ = ["LEAST_FAMILIES", "family_of", "over_circuits", "over_families"]

LEAST_FAMILIES = 5
"""With fewer families there is no interval over them."""

_LEAST_ROUNDS = 1.5
"""With fewer rounds, counted by their weight, there is none either: one round knows nothing of processes."""

_PROCESS_SPREAD = 0.25
"""A simulator's processes differ by less: by 20 to 22 % (standard deviation) on a shared machine."""
_KNOWN = 1e6
"""Degrees of freedom of a variance that is supposed."""


def family_of(cell: CellReadings) -> str:
    """The family of a cell's circuit; a circuit without one is a family of its own."""
    family = cell.problem.get("family")
    return f"family {family}" if family else f"circuit {cell.problem_id}"


def over_families(logs: Mapping[str, Collection[Mapping[int, float]]], *, cautious: bool = False) -> Estimate:
    """The geometric mean of ratios in which families weigh equally, its interval over families and rounds.

    ``logs`` hold by family, for each of its circuits, the logarithm of the ratio by round; circuits may have
    different rounds.  ``rounds`` of the estimate is the number of families.  No interval with fewer than five
    families or two rounds.  Degrees of freedom after Satterthwaite (1946).  Raises ``ValueError`` without any
    family, circuit or round.

    ``cautious`` is for p-values that many comparisons share.  Two rounds that happen to agree know nothing of
    processes, and Satterthwaite's freedom, found from the data, promises what they cannot: of 21 identical
    simulators one was called slower in 55 % of runs of two rounds.  So processes are taken to differ by 25 %
    at least; or, where that says more, as they were seen to, with the smaller of both freedoms.  The p-value
    is twice the smaller one of these two, the interval that of the first.

    >>> total = over_families({"ghz": [{0: 0.0}, {0: 0.0}], "qft": [{0: math.log(4.0), 1: math.log(4.0)}]})
    >>> f"{total.value:.3f}", total.low
    ('2.000', None)
    >>> spread = {f: [{r: 0.01 * (f - 2) + 0.02 * (r - 1) for r in range(3)}] for f in range(5)}
    >>> total = over_families(spread)
    >>> f"{total.low:.2f} to {total.high:.2f}"
    '0.95 to 1.05'
    >>> total = over_families(spread, cautious=True)
    >>> f"{total.low:.2f} to {total.high:.2f}"
    '0.67 to 1.49'
    """
    if not logs or not all(circuits and all(circuits) for circuits in logs.values()):
        raise ValueError("a mean over families needs a family, and rounds of every circuit")
    families = len(logs)
    means = [_mean([_mean(rounds.values()) for rounds in circuits]) for circuits in logs.values()]
    mean = _mean(means)
    nothing = Estimate(math.exp(mean), None, None, None, families)
    if families < LEAST_FAMILIES:
        return nothing
    of_rounds, effective = _rounds_variance(logs)
    if effective < _LEAST_ROUNDS:
        return nothing
    of_families = math.fsum((x - mean) ** 2 for x in means) / (families - 1) / families
    parts = (of_families, families - 1.0), (of_rounds, effective - 1)
    seen = _estimate(mean, parts, families)
    if not cautious:
        return seen
    floor = 2 * _PROCESS_SPREAD**2 / effective
    supposed = _estimate(mean, (parts[0], parts[1] if of_rounds > floor else (floor, _KNOWN)), families)
    least = _estimate(mean, [(of_families + of_rounds, min(families, effective) - 1)], families)
    p_values = [one.p_value for one in (supposed, least) if one.p_value is not None]
    return supposed._replace(p_value=min(1.0, 2 * min(p_values)))


def over_circuits(circuits: Collection[Mapping[int, float]]) -> Estimate:
    """The geometric mean of ratios over circuits that weigh equally, its interval over rounds alone.

    It speaks of these very circuits and of no others.  ``circuits`` hold the logarithm of the ratio by round
    and may have different rounds, each of which counts: a circuit with few takes none away from the others.
    ``rounds`` of the estimate is how many rounds there are in all.  Where no round is missing this is the
    interval of the rounds' means; where one of two circuits has 6 of 20 rounds it holds the truth in 95 %,
    with 2 of 20 in 89 %.  No interval with one round.  Raises ``ValueError`` without any circuit, or with one
    without a round.

    >>> total = over_circuits([{0: 0.0, 1: 0.02, 2: -0.02}, {0: 0.7, 1: 0.72}])
    >>> f"{total.value:.3f}", total.low < total.value < total.high, total.rounds
    ('1.426', True, 3)
    >>> over_circuits([{0: 0.0}, {1: 0.5}]).low is None
    True
    """
    if not circuits or not all(circuits):
        raise ValueError("a mean over circuits needs a circuit, and rounds of each")
    mean = _mean([_mean(rounds.values()) for rounds in circuits])
    count = len(set[int]().union(*circuits))
    variance, effective = _rounds_variance({"": circuits})
    if effective < _LEAST_ROUNDS:
        return Estimate(math.exp(mean), None, None, None, count)
    return _estimate(mean, [(variance, effective - 1)], count)


def _estimate(mean: float, parts: Sequence[tuple[float, float]], count: int) -> Estimate:
    """Student's t on logarithms around the mean of ``count`` families or rounds.

    ``parts`` are variances that add up, each with its degrees of freedom.
    """
    from scipy.special import stdtr, stdtrit  # scipy.stats takes 10 times as long to import

    variance = math.fsum(part for part, _ in parts)
    if variance == 0:
        return Estimate(math.exp(mean), math.exp(mean), math.exp(mean), float(mean == 0), count)
    # by shares: squares of tiny variances would underflow
    freedom = 1 / math.fsum((part / variance) ** 2 / own for part, own in parts)
    error = math.sqrt(variance)
    reach = float(stdtrit(freedom, (1 + CONFIDENCE) / 2)) * error
    p_value = 2 * float(stdtr(freedom, -abs(mean) / error))
    high = math.exp(mean + reach) if mean + reach < 709 else math.inf  # the range of doubles
    return Estimate(math.exp(mean), math.exp(mean - reach), high, p_value, count)


def _rounds_variance(logs: Mapping[str, Collection[Mapping[int, float]]]) -> tuple[float, float]:
    """What rounds add to the variance of the mean, and how many rounds that is by their weight.

    A round's effect enters the mean with weight w_r = sum over circuits of weight / rounds of the circuit,
    so it adds sum(w_r^2) times its variance.  That variance is read from u_r, the weighted deviations of a
    round's ratios from their circuits' means, whose expected sum of squares is known for any pattern of
    missing rounds; where no round is missing this is s^2 / R of the rounds' means.
    """
    deviations: dict[int, list[float]] = {}
    patterns: dict[tuple[int, ...], list[float]] = {}  # weight of all circuits that have just these rounds
    for circuits in logs.values():
        weight = 1 / (len(logs) * len(circuits))
        for rounds in circuits:
            mean = _mean(rounds.values())
            patterns.setdefault(tuple(sorted(rounds)), []).append(weight)
            for number, value in rounds.items():
                deviations.setdefault(number, []).append(weight / len(rounds) * (value - mean))
    order = sorted(deviations)
    if max(map(len, patterns)) < 2:
        return 0.0, 1.0
    sums = [math.fsum(deviations[number]) for number in order]
    weights = {rounds: math.fsum(found) for rounds, found in sorted(patterns.items())}
    shares = _round_weights(weights)
    squares = math.fsum(w * w for w in shares.values())
    effective = 1 / squares
    variance = math.fsum(u * u for u in sums) * squares / _expected_squares(weights, shares)
    return variance * autocorrelation_factor(sums, effective), effective


def _round_weights(patterns: Mapping[tuple[int, ...], float]) -> dict[int, float]:
    found: dict[int, list[float]] = {}
    for rounds, weight in patterns.items():
        for number in rounds:
            found.setdefault(number, []).append(weight / len(rounds))
    return {number: math.fsum(parts) for number, parts in found.items()}


def _expected_squares(patterns: Mapping[tuple[int, ...], float], shares: Mapping[int, float]) -> float:
    """The expected sum of u_r^2 where the rounds' effects x_r have variance 1.

    u_r = w_r x_r - sum over s of g_rs x_s, where g_rs = sum over the circuits that have both of
    weight / rounds^2; so it is the sum over all r and s of (w_r [r = s] - g_rs)^2.
    """
    parts = [(frozenset(rounds), weight / len(rounds) ** 2) for rounds, weight in patterns.items()]
    own = math.fsum(w * w for w in shares.values())
    crossed = math.fsum(g * math.fsum(shares[number] for number in rounds) for rounds, g in parts)
    both = math.fsum(g * h * len(mine & theirs) ** 2 for mine, g in parts for theirs, h in parts)
    return own - 2 * crossed + both


def _mean(values: Collection[float]) -> float:
    return math.fsum(values) / len(values)
