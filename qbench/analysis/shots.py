"""What a sample costs: a fixed part and a part per shot, from samples of several numbers of shots.

A straight line ``time = fixed + shots x per shot`` is laid through the execute times of each round, and the
interval is over rounds, as a round is the only independent unit.  Times err in proportion to themselves, so
the line minimises the relative deviations; how far it is from the times at worst is told beside it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from qbench.analysis.executions import share
from qbench.analysis.figures import Figures, rounded, supported, supported_sum
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.analysis.stats import Estimate, geometric_mean, log_interval
from qbench.analysis.table import Table, Value
from qbench.model import Metric, Phase

__all__ = ["Line", "ShotCost", "line_through", "sampling_table", "shot_costs", "without_shots"]

_LEAST_COUNTS = 3
"""A line through two points fits whatever they are: with fewer numbers of shots there is none."""

_SAMPLING = (
    "circuit qubits# workload kind precision threads# gate_mode metric simulator shots most_shots# "
    "mean_per_shot_us# mean_per_shot_low_us# mean_per_shot_high_us# fixed_us# fixed_low_us# fixed_high_us# "
    "per_shot_us# per_shot_low_us# per_shot_high_us# residual_percent# rounds# circuit_id?"
)

_US = 1e-3  # readings are in ns


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Fixed and per-shot cost in ns, means over rounds; ``residual`` is the largest relative deviation."""

    fixed: Estimate
    per_shot: Estimate
    residual: float

    def at(self, shots: float) -> float:
        """The time of so many shots by this line, in ns."""
        return self.fixed.value + self.per_shot.value * shots


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotCost:
    """The samples of one circuit by one simulator that passed and were timed, the fewest shots first.

    ``workload`` is the samples' without the number of shots; ``line`` is None with fewer than three numbers
    of shots that have a round in common.
    """

    workload: str
    cells: tuple[CellReadings, ...]
    line: Line | None

    @property
    def shots(self) -> tuple[int, ...]:
        return tuple(cell.task["shots"] for cell in self.cells)


def shot_costs(run: RunReadings) -> tuple[ShotCost, ...]:
    """By circuit, workload and simulator, in plan order."""
    groups: dict[tuple[object, ...], list[CellReadings]] = {}
    for cell in run.cells:
        sampled = cell.task.get("shots") is not None and cell.ranked
        if sampled and cell.warm(Phase.EXECUTE, run.metric) is not None:
            key = (cell.circuit_id, without_shots(cell), cell.simulator, cell.ranking_class)
            groups.setdefault(key, []).append(cell)
    found = []
    for cells in groups.values():
        cells.sort(key=lambda cell: int(cell.task["shots"]))
        times = {cell.task["shots"]: cell.phases[Phase.EXECUTE].by_round(run.metric) for cell in cells}
        found.append(ShotCost(workload=without_shots(cells[0]), cells=tuple(cells), line=line_through(times)))
    return tuple(found)


def without_shots(cell: CellReadings) -> str:
    """A sample's workload without its number of shots: ``sample`` of ``sample-1024``."""
    return cell.workload.removesuffix(f"-{cell.task['shots']}")


def line_through(times: Mapping[int, Mapping[int, float]]) -> Line | None:
    """The line through execute times, given by number of shots and round.

    Of the rounds that have all numbers of shots; None without any, or with fewer than three numbers.

    >>> times = {shots: {1: 500.0 + 2.0 * shots, 2: 520.0 + 2.0 * shots} for shots in (10, 100, 1000)}
    >>> line = line_through(times)
    >>> f"{line.fixed.value:.0f} + {line.per_shot.value:.1f} x shots"
    '510 + 2.0 x shots'
    """
    if len(times) < _LEAST_COUNTS:
        return None
    rounds = sorted(set.intersection(*(set(by_round) for by_round in times.values())))
    if not rounds:
        return None
    lines = [_line({shots: times[shots][number] for shots in times}) for number in rounds]
    fixed, per_shot = (_mean([line[part] for line in lines]) for part in (0, 1))
    means = {shots: geometric_mean(times[shots][number] for number in rounds).value for shots in times}
    residual = max(abs(fixed.value + per_shot.value * shots - mean) / mean for shots, mean in means.items())
    return Line(fixed=fixed, per_shot=per_shot, residual=residual)


def _line(times: Mapping[int, float]) -> tuple[float, float]:
    """Intercept and slope that minimise the sum of squared relative deviations.

    Weighted least squares with weights 1 / time^2; the slope over pairs of points, so that nothing cancels.
    """
    points = [(float(shots), time, time**-2) for shots, time in times.items()]
    pairs = list(combinations(points, 2))
    above = math.fsum(v * w * (m - n) * (s - t) for (m, s, v), (n, t, w) in pairs)
    below = math.fsum(v * w * (m - n) ** 2 for (m, _, v), (n, _, w) in pairs)
    slope = above / below
    weight = math.fsum(w for *_, w in points)
    return math.fsum(w * (time - slope * shots) for shots, time, w in points) / weight, slope


def _mean(values: Sequence[float]) -> Estimate:
    """The arithmetic mean over rounds with its t-interval: a fixed cost may come out as 0 or below."""
    if len(values) < 2:
        return Estimate(values[0], None, None, None, len(values))
    mean, reach = log_interval(values)
    return Estimate(mean, mean - reach, mean + reach, None, len(values))


def sampling_table(run: RunReadings) -> Table:
    """One row per circuit, workload and simulator whose samples passed: cost per shot, and fixed cost."""
    return Table.of("sampling", _SAMPLING, [_row(cost, run.metric) for cost in shot_costs(run)])


def _row(cost: ShotCost, metric: Metric) -> dict[str, Value]:
    last = cost.cells[-1]
    warm = last.warm(Phase.EXECUTE, metric)
    assert warm is not None
    row: dict[str, Value] = {
        "circuit": last.problem["name"],
        "circuit_id": last.circuit_id,
        "qubits": last.problem["qubits"],
        "workload": cost.workload,
        **last.ranking_class._asdict(),
        "metric": str(metric),
        "simulator": last.simulator,
        "shots": " ".join(map(str, cost.shots)),
        "most_shots": cost.shots[-1],
        "rounds": warm.rounds,
    }
    row |= _three("mean_per_shot", supported(share(warm, cost.shots[-1]), _US))
    if cost.line is not None:
        row |= _three("fixed", supported_sum(cost.line.fixed, _US))
        row |= _three("per_shot", supported_sum(cost.line.per_shot, _US))
        row["residual_percent"] = rounded(cost.line.residual * 100, 2)
        row["rounds"] = cost.line.fixed.rounds
    return row


def _three(name: str, figures: Figures) -> dict[str, Value]:
    return dict(zip((f"{name}_us", f"{name}_low_us", f"{name}_high_us"), figures, strict=True))
