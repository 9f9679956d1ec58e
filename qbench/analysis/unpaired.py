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
from qbench.analysis.stats import CONFIDENCE, Estimate, geometric_mean
from qbench.model import Metric

__all__ = ["Drift", "drift", "log_ratios", "log_times", "unpaired_ratio"]


def unpaired_ratio(
    new: Sequence[float], old: Sequence[float], confidence: float = CONFIDENCE
) -> Estimate | None:
    """Geometric mean of one sample over that of the other, both given as natural logarithms.

    Welch's t-interval (Welch 1947), which lets the two spreads differ.  None where a sample is empty; no
    interval where one has a single value.  ``rounds`` is the smaller number of values.

    >>> ratio = unpaired_ratio([0.69, 0.70, 0.68], [0.01, -0.01, 0.0, 0.0])
    >>> f"{ratio.value:.2f} from {ratio.low:.2f} to {ratio.high:.2f}"
    '1.99 from 1.95 to 2.03'
    """
    if not new or not old:
        return None
    fewest = min(len(new), len(old))
    means = [math.fsum(logs) / len(logs) for logs in (new, old)]
    difference = means[0] - means[1]
    if fewest < 2:
        return Estimate(_exp(difference), None, None, None, fewest)
    parts = [
        math.fsum((x - mean) ** 2 for x in logs) / (len(logs) - 1) / len(logs)
        for logs, mean in zip((new, old), means, strict=True)
    ]
    error = math.sqrt(math.fsum(parts))
    if error == 0:  # identical values in each: no spread to judge by
        return Estimate(_exp(difference), _exp(difference), _exp(difference), float(difference == 0), fewest)
    # relative to the larger part, so that tiny variances do not underflow when squared
    shares = [part / max(parts) for part in parts]
    freedom = math.fsum(shares) ** 2 / (shares[0] ** 2 / (len(new) - 1) + shares[1] ** 2 / (len(old) - 1))
    from scipy.special import stdtr, stdtrit  # scipy.stats takes 10 times as long to import

    reach = float(stdtrit(freedom, (1 + confidence) / 2)) * error
    p_value = 2 * float(stdtr(freedom, -abs(difference) / error))
    return Estimate(
        _exp(difference), _exp(difference - reach), _exp(difference + reach), min(1.0, p_value), fewest
    )


def _exp(x: float) -> float:
    return math.exp(x) if x < 709 else math.inf


def log_times(readings: PhaseReadings | None, metric: Metric) -> list[float]:
    """The logarithms of a cell's round medians, in ns per call; empty where nothing was sampled."""
    return [math.log(time) for time in readings.by_round(metric).values()] if readings else []


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
    logs = []
    for number, time in times.by_round(metric).items():
        if number in blocks:
            logs.append(math.fsum(blocks[number]) / len(blocks[number]))
        elif number in other_rounds:
            logs.append(math.log(time) - math.log(other_rounds[number]))
    return logs


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How much a machine moved between two runs: what simulators did that are the same in both.

    ``shift`` is the geometric mean of the second run's times over the first's, its interval over questions
    (circuit and workload), because the simulators of one question were measured within seconds of each other.
    ``low`` to ``high`` hold nine tenths of the single cells' shifts.
    """

    shift: Estimate
    cells: int
    simulators: int
    low: float
    high: float


def drift(pairs: Iterable[tuple[CellReadings, CellReadings]], phase: str, metric: Metric) -> Drift | None:
    """The shift of unchanged cells from the first of each pair to the second; None without any time."""
    questions: dict[tuple[str, str, int, str], list[float]] = {}
    simulators: set[str] = set()
    for old, new in pairs:
        logs = [log_times(cell.phases.get(phase), metric) for cell in (old, new)]
        if all(logs):
            moved = math.fsum(logs[1]) / len(logs[1]) - math.fsum(logs[0]) / len(logs[0])
            key = (old.problem_id, old.task_id, old.threads, old.gate_mode)
            questions.setdefault(key, []).append(moved)
            simulators.add(old.simulator)
    if not questions:
        return None
    means = [math.fsum(moved) / len(moved) for moved in questions.values()]
    singles = sorted(moved for moveds in questions.values() for moved in moveds)
    edge = len(singles) // 20
    return Drift(
        shift=geometric_mean([_exp(mean) for mean in means]),
        cells=len(singles),
        simulators=len(simulators),
        low=_exp(singles[edge]),
        high=_exp(singles[-1 - edge]),
    )
