"""Two runs that did not take turns: Welch's interval on the logarithms of round means.

Within a run simulators take turns, so a slow minute slows all of them and cancels in their ratio.  Between
two runs nothing cancels: what the machine did differently in the second one is in every time of it.  Dividing
each run's times by those of a simulator that is the same in both (a yardstick) puts the turns back.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qbench.analysis.readings import CellReadings, PhaseReadings
from qbench.analysis.stats import CONFIDENCE, Estimate, log_interval
from qbench.model import Metric

__all__ = ["Drift", "drift", "log_ratios", "log_times", "unpaired_ratio"]


def unpaired_ratio(
    new: Sequence[float], old: Sequence[float], confidence: float = CONFIDENCE, *, in_order: bool = True
) -> Estimate | None:
    """Geometric mean of one sample over that of the other, both given as natural logarithms.

    Welch's t-interval (Welch 1947), which lets the two spreads differ; ``in_order`` says that the values
    follow each other in time, as rounds do: where neighbours resemble each other, the interval is wider
    (``log_interval``).  None where a sample is empty; no interval where one has a single value;
    ``rounds`` is the smaller number of values.

    >>> ratio = unpaired_ratio([0.69, 0.70, 0.68], [0.01, -0.01, 0.0, 0.0])
    >>> f"{ratio.value:.2f} from {ratio.low:.2f} to {ratio.high:.2f}"
    '1.99 from 1.95 to 2.03'
    """
    if not new or not old:
        return None
    counts = len(new), len(old)
    difference = math.fsum(new) / counts[0] - math.fsum(old) / counts[1]
    if min(counts) < 2:
        return Estimate(_exp(difference), None, None, None, min(counts))
    errors = [_error(logs, in_order) for logs in (new, old)]
    error = math.hypot(*errors)
    if error == 0:  # identical values in each: no spread to judge by
        value = _exp(difference)
        return Estimate(value, value, value, float(difference == 0), min(counts))
    # relative to the larger one, so that no square underflows
    parts = [(one / max(errors)) ** 2 for one in errors]
    freedom = math.fsum(parts) ** 2 / (parts[0] ** 2 / (counts[0] - 1) + parts[1] ** 2 / (counts[1] - 1))
    from scipy.special import stdtr, stdtrit  # scipy.stats takes 10 times as long to import

    reach = float(stdtrit(freedom, (1 + confidence) / 2)) * error
    p_value = min(1.0, 2 * float(stdtr(freedom, -abs(difference) / error)))
    ends = _exp(difference - reach), _exp(difference + reach)
    return Estimate(_exp(difference), *ends, p_value, min(counts))


def _error(logs: Sequence[float], in_order: bool) -> float:
    """The standard error of the mean."""
    if in_order:
        from scipy.special import stdtrit

        _, reach = log_interval(logs)
        return reach / float(stdtrit(len(logs) - 1, (1 + CONFIDENCE) / 2))
    mean = math.fsum(logs) / len(logs)
    return math.sqrt(math.fsum((x - mean) ** 2 for x in logs) / (len(logs) - 1) / len(logs))


def _exp(x: float) -> float:
    return math.exp(x) if x < 709 else math.inf


def log_times(readings: PhaseReadings | None, metric: Metric) -> list[float]:
    """The logarithms of a cell's round medians, in ns per call, by round; empty where nothing was sampled."""
    times = readings.by_round(metric) if readings else {}
    return [math.log(times[number]) for number in sorted(times)]


def log_ratios(times: PhaseReadings | None, yardstick: PhaseReadings | None, metric: Metric) -> list[float]:
    """The logarithms of a cell's ratio to the yardstick, one per round that both have, within one run.

    As in every ratio of a run: times of the same block are paired, else those of the same round.
    """
    if times is None or yardstick is None:
        return []
    own_blocks, other_blocks = times.by_block(metric), yardstick.by_block(metric)
    blocks: dict[int, list[float]] = {}
    for key, time in own_blocks.items():
        if key in other_blocks:
            blocks.setdefault(key[0], []).append(math.log(time) - math.log(other_blocks[key]))
    other_rounds = yardstick.by_round(metric)
    logs = {}
    for number, time in times.by_round(metric).items():
        if number in blocks:
            logs[number] = math.fsum(blocks[number]) / len(blocks[number])
        elif number in other_rounds:
            logs[number] = math.log(time) - math.log(other_rounds[number])
    return [logs[number] for number in sorted(logs)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How much a machine moved between two runs: what simulators did that are the same in both.

    ``shift`` is the geometric mean over simulators of the second run's times over the first's, and
    ``by_simulator`` the least and the largest of them.  There is no interval: the cells of one simulator
    share its worker processes in every round, so only simulators could be counted, and they are a few that
    nobody drew at random.  ``low`` to ``high`` hold nine tenths of the single cells' shifts.
    """

    shift: float
    by_simulator: tuple[float, float]
    cells: int
    simulators: int
    low: float
    high: float


def drift(pairs: Iterable[tuple[CellReadings, CellReadings]], phase: str, metric: Metric) -> Drift | None:
    """The shift of unchanged cells from the first of each pair to the second; None without any time."""
    simulators: dict[str, list[float]] = {}
    for old, new in pairs:
        logs = [log_times(cell.phases.get(phase), metric) for cell in (old, new)]
        if all(logs):
            moved = math.fsum(logs[1]) / len(logs[1]) - math.fsum(logs[0]) / len(logs[0])
            simulators.setdefault(old.simulator, []).append(moved)
    if not simulators:
        return None
    means = sorted(math.fsum(moved) / len(moved) for moved in simulators.values())
    singles = sorted(moved for moveds in simulators.values() for moved in moveds)
    edge = len(singles) // 20
    return Drift(
        shift=_exp(math.fsum(means) / len(means)),
        by_simulator=(_exp(means[0]), _exp(means[-1])),
        cells=len(singles),
        simulators=len(simulators),
        low=_exp(singles[edge]),
        high=_exp(singles[-1 - edge]),
    )
