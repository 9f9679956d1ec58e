"""What of an earlier run held when its plan was run again: verdicts, answers, ratios to the baseline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from qbench.analysis.answer_errors import answer_error
from qbench.analysis.matching import CellKey, cells_by_key, natural_cell_order, run_differences
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.analysis.stats import Estimate, Standing, holm, standing
from qbench.analysis.unpaired import Drift, drift, log_ratios, unpaired_ratio
from qbench.model import RANKED_PHASES, VERDICTS, Metric, Phase, Verdict

__all__ = ["WIDEST", "CellHolding", "Held", "Holding", "RatioHolding", "counted", "what_held"]

WIDEST = 0.25
"""Of a ratio whose change is known less well than to within 25 % nothing is said."""


class Held(StrEnum):
    """Whether something came out again."""

    HELD = "held"
    NOT_HELD = "not held"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioHolding:
    """A cell's ratio to the baseline in one phase: the new one over the earlier one."""

    phase: str
    change: Estimate
    held: Held


@dataclass(frozen=True, slots=True, kw_only=True)
class CellHolding:
    """One cell of both runs.  ``accuracy`` is None where an answer is missing; ``said`` explains it.

    ``verdict`` is None where the simulator is not installed any more: it could not be run, so nothing is said
    of it.
    """

    old: CellReadings
    new: CellReadings
    verdict: Held | None
    accuracy: Held | None
    said: str
    ratios: tuple[RatioHolding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Two runs of one plan.  ``missing`` are the earlier run's cells that were not run again.

    ``baseline`` is what ratios refer to, None where the runs share none; ``drift`` is how much the times of
    simulators moved that are the same in both.
    """

    old: RunReadings
    new: RunReadings
    baseline: str | None
    margin: float
    drift: Drift | None
    cells: tuple[CellHolding, ...]
    missing: tuple[CellReadings, ...]

    @property
    def ratios(self) -> tuple[RatioHolding, ...]:
        return tuple(ratio for cell in self.cells for ratio in cell.ratios)

    @property
    def lost(self) -> tuple[CellReadings, ...]:
        """The missing cells whose simulator did take part again: nobody left them out, they did not come."""
        again = self.new.records.manifest["simulators"]
        return tuple(cell for cell in self.missing if cell.simulator in again)

    @property
    def absent(self) -> tuple[CellHolding, ...]:
        """The cells that could not be run again, their simulator not being installed any more."""
        return tuple(cell for cell in self.cells if cell.verdict is None)

    @property
    def nothing_ran(self) -> bool:
        """Whether no cell of both runs had its simulator installed in the new one."""
        return all(cell.new.verdict == Verdict.NOT_INSTALLED for cell in self.cells)

    @property
    def failed(self) -> bool:
        """Whether a verdict or an accuracy did not hold, a cell was lost, or nothing could be run again.

        Ratios take no part, for machines differ in them, nor do cells that could not be run where others
        were.
        """
        held = not any(Held.NOT_HELD in (cell.verdict, cell.accuracy) for cell in self.cells)
        return self.nothing_ran or not held or bool(self.lost)


def what_held(
    old: RunReadings,
    new: RunReadings,
    *,
    phases: Sequence[str] = RANKED_PHASES,
) -> Holding:
    """Compare two runs of one plan, cell by cell, where both judged, by the earlier one's clock and margin.

    A ratio **held** where its change is known to within ``WIDEST`` and is inside the margin, or its 95 %
    interval includes 1.  It did **not** hold where the change is significant after Holm's correction over all
    ratios and beyond the margin.  Everything else is unresolved.
    """
    mine, theirs = cells_by_key(old), cells_by_key(new)
    metric, margin = old.metric, old.margin
    baseline = _baseline(old, new)
    judged = {
        key: (mine[key], theirs[key])
        for key in mine
        if key in theirs and mine[key].verdict is not None and theirs[key].verdict is not None
    }
    changes = {
        (key, phase): change
        for key in judged
        for phase in phases
        if (change := _change(key, judged, baseline, phase, metric)) is not None
    }
    adjusted = dict(zip(changes, holm([change.p_value for change in changes.values()]), strict=True))
    cells = [
        replace(
            _answers(*sides),
            ratios=tuple(
                RatioHolding(
                    phase=str(phase),
                    change=changes[key, phase],
                    held=_ratio_held(changes[key, phase], adjusted[key, phase], margin),
                )
                for phase in phases
                if (key, phase) in changes
            ),
        )
        for key, sides in judged.items()
    ]
    missing = [cell for key, cell in mine.items() if cell.verdict is not None and key not in judged]
    return Holding(
        old=old,
        new=new,
        baseline=baseline,
        margin=margin,
        drift=_drift(old, new, judged.values(), metric),
        cells=tuple(sorted(cells, key=lambda cell: natural_cell_order(cell.new))),
        missing=tuple(sorted(missing, key=natural_cell_order)),
    )


def _baseline(old: RunReadings, new: RunReadings) -> str | None:
    """The earlier run's baseline if it took part again, else the new one's if it did before."""
    for run, other in ((old, new), (new, old)):
        name = run.records.manifest["baseline"]
        if name in other.records.manifest["simulators"]:
            return str(name)
    return None


def _drift(
    old: RunReadings, new: RunReadings, judged: Iterable[tuple[CellReadings, CellReadings]], metric: Metric
) -> Drift | None:
    unchanged = run_differences(old.records.manifest, new.records.manifest).unchanged
    same = [pair for pair in judged if pair[0].simulator in unchanged]
    return drift([pair for pair in same if all(map(_answered, pair))], Phase.EXECUTE, metric)


def _answers(old: CellReadings, new: CellReadings) -> CellHolding:
    verdict: Held | None = Held.HELD if old.verdict == new.verdict else Held.NOT_HELD
    if verdict == Held.NOT_HELD and new.verdict == Verdict.NOT_INSTALLED:
        verdict = None
    accuracy, said = _accuracy(old, new)
    return CellHolding(old=old, new=new, verdict=verdict, accuracy=accuracy, said=said)


def _accuracy(old: CellReadings, new: CellReadings) -> tuple[Held | None, str]:
    """Bit for bit the same, or both within the judge's bound, or (wrong or approximate) off by as much."""
    a, b = old.outcome, new.outcome
    if a is None or b is None or a.answer_digest is None or b.answer_digest is None:
        return None, "no answer to compare"
    error = answer_error(new.task["kind"])
    if a.answer_digest == b.answer_digest:
        return Held.HELD, "the same counts" if error.counted else "the same bits"
    if old.judged == new.judged == Verdict.OK:
        return Held.HELD, "both pass the tests" if error.counted else "both within the bound"
    errors = a.figures.get(error.figure), b.figures.get(error.figure)
    if old.judged != new.judged or errors[0] is None or errors[1] is None:
        return Held.NOT_HELD, f"{old.judged} -> {new.judged}"
    # As much as the judge lets an honest answer be off: the bound of rounding, or the noise of the shots.
    slack = max(side.figures.get(error.allowed, 0.0) for side in (a, b))
    near = abs(errors[0] - errors[1]) <= max(slack, 0.01 * max(errors[0], errors[1]))
    return Held.HELD if near else Held.NOT_HELD, f"{error.figure} {errors[0]:.2g} -> {errors[1]:.2g}"


def _change(
    key: CellKey,
    judged: Mapping[CellKey, tuple[CellReadings, CellReadings]],
    baseline: str | None,
    phase: str,
    metric: Metric,
) -> Estimate | None:
    """The new ratio to the baseline over the earlier one; None where either run has none."""
    if baseline is None or key.simulator == baseline or key._replace(simulator=baseline) not in judged:
        return None
    sides = [*judged[key], *judged[key._replace(simulator=baseline)]]
    if not all(_answered(cell) for cell in sides):
        return None
    phases = [cell.phases.get(phase) for cell in sides]
    return unpaired_ratio(log_ratios(phases[1], phases[3], metric), log_ratios(phases[0], phases[2], metric))


def _answered(cell: CellReadings) -> bool:
    """Whether the cell's times belong to an answer that passed and that nothing speaks against."""
    return cell.verdict is not None and VERDICTS[cell.verdict].ranked and not cell.blocking_flags


def _ratio_held(change: Estimate, adjusted_p: float | None, margin: float) -> Held:
    found = standing(change, adjusted_p, margin=margin)
    if found in (Standing.FASTER, Standing.SLOWER):
        return Held.NOT_HELD
    width = change.half_width
    if width is None or change.low is None or change.high is None or width > WIDEST:
        return Held.UNRESOLVED
    inside = 1 / (1 + margin) <= change.value <= 1 + margin
    return Held.HELD if inside or change.low <= 1 <= change.high else Held.UNRESOLVED


def counted(held: Iterable[Held | None]) -> dict[Held, int]:
    """How many of each; what is None is not counted.

    >>> counted([Held.HELD, None, Held.HELD])[Held.HELD]
    2
    """
    found = list(held)
    return {one: found.count(one) for one in Held}
