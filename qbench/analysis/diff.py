"""What changed between two runs, or between two simulators of one run, cell by cell.

Two runs are unpaired, two simulators of one run are paired: they took turns.  Pure functions of the records.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from qbench.analysis.cell_changes import both_sides, one_side, without_times
from qbench.analysis.changes import CellDiff, Change, RunDiff, View
from qbench.analysis.matching import (
    CellKey,
    cells_by_key,
    natural_cell_order,
    run_differences,
    simulator_change,
)
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.analysis.stats import MARGIN, Estimate, Standing, geometric_mean, holm, standing
from qbench.analysis.unpaired import drift, log_ratios, log_times, unpaired_ratio
from qbench.errors import QbenchError
from qbench.model import VERDICTS, Metric, Phase

__all__ = ["diff_runs", "diff_within"]

ALONE = "no unchanged simulator was timed beside it in both runs"


def diff_runs(
    old: RunReadings,
    new: RunReadings,
    *,
    phase: str = Phase.EXECUTE,
    metric: Metric = Metric.WALL,
    margin: float = MARGIN,
    view: View | None = None,
    across_machines: bool = False,
) -> RunDiff:
    """Classify every cell of two runs; ``view`` None is both views where unchanged simulators allow it.

    Neither view is enough alone.  A machine that is slower as a whole makes every absolute time longer; a
    busy one lengthens long calls (they are interrupted) and not short ones: once it is quiet again, every
    short call looks slow beside a long yardstick.  So what is said is what both say: of two tests the larger
    p-value counts, which keeps the level whichever of the two misleads (an intersection-union test, Berger
    1982).  Where nothing unchanged was timed beside any cell in both runs, the absolute view is all there is:
    it does not separate the machine from the simulators.

    Raises ``QbenchError`` where the relative view is asked for and no simulator is the same in both runs.
    """
    differences = run_differences(old.records.manifest, new.records.manifest)
    mine, theirs = cells_by_key(old), cells_by_key(new)
    keys = {**dict.fromkeys(mine), **dict.fromkeys(theirs)}
    cells = {key: without_times(mine.get(key), theirs.get(key), differences) for key in keys}
    baseline = old.records.manifest["baseline"]
    unchanged = sorted(differences.unchanged, key=lambda label: label != baseline)
    if view in (View.RELATIVE, View.BOTH) and not unchanged:
        raise QbenchError(
            "no simulator is the same in both runs, so there is nothing that times could be relative to; "
            "leave --view out, or compare both versions in one run"
        )
    chosen = view or (View.BOTH if unchanged else View.ABSOLUTE)
    refused = None
    if not differences.same_machine and not across_machines:
        told = "; ".join(f"{key} {a} -> {b}" for key, a, b in differences.machine)
        refused = f"the runs are of different machines ({told}); --across-machines compares them all the same"
    else:
        compared = _timed(cells, phase, metric, chosen, unchanged)
        if view is None and _all_alone(compared.values()):
            chosen = View.ABSOLUTE
            compared = _timed(cells, phase, metric, chosen, unchanged)
        cells = compared
    common = [(mine[key], theirs[key]) for key in mine if key in theirs and key.simulator in unchanged]
    timed = [(a, b) for a, b in common if a.verdict == b.verdict and _comparable(a) and _comparable(b)]
    return RunDiff(
        old=old,
        new=new,
        between=None,
        phase=phase,
        metric=metric,
        margin=margin,
        view=chosen,
        refused=refused,
        drift=None if refused else drift(timed, phase, metric),
        differences=differences,
        cells=_classified(cells.values(), margin),
    )


def _comparable(cell: CellReadings) -> bool:
    """Whether its times mean anything: as for a ranking, but a double may be compared with itself."""
    return cell.verdict is not None and VERDICTS[cell.verdict].ranked and not cell.blocking_flags


def _timed(
    cells: Mapping[CellKey, CellDiff], phase: str, metric: Metric, view: View, unchanged: Sequence[str]
) -> dict[CellKey, CellDiff]:
    """The cells with their ratios, or the reason why there is none."""
    timed = {}
    for key, cell in cells.items():
        if cell.old is None or cell.new is None or cell.untimed:
            timed[key] = cell
            continue
        reason = _untimed(cell.old, cell.new, phase, metric)
        if reason:
            timed[key] = _not_timed(cell, reason, phase, metric)
        elif _one_measurement(cell.old, cell.new):
            one = Estimate(1.0, 1.0, 1.0, 1.0, len(log_times(cell.new.phases[phase], metric)))
            timed[key] = replace(cell, ratios={View.ABSOLUTE: one})
        elif view == View.ABSOLUTE:
            timed[key] = _absolute(cell, phase, metric)
        else:
            timed[key] = _relative(cell, key, cells, phase, metric, unchanged)
            if view == View.BOTH and timed[key].ratios:
                both = _absolute(cell, phase, metric).ratios
                timed[key] = replace(timed[key], ratios={**both, **timed[key].ratios})
    return timed


def _untimed(old: CellReadings, new: CellReadings, phase: str, metric: Metric) -> str | None:
    for name, cell in (("A", old), ("B", new)):
        if not _comparable(cell):
            flags = f", {' '.join(cell.blocking_flags)}" if cell.blocking_flags else ""
            return f"not ranked in {name}: {cell.verdict or 'not run'}{flags}"
        if not log_times(cell.phases.get(phase), metric):
            return f"no {metric} time of {phase} in {name}"
    if old.verdict != new.verdict:
        return "the verdict changed"
    return None


def _not_timed(cell: CellDiff, reason: str, phase: str, metric: Metric) -> CellDiff:
    """The cell whose times are not compared; times of one side alone do not say that they are the same.

    Both sides without times (a phase that the simulator does not have) are the same in that.
    """
    assert cell.old is not None
    assert cell.new is not None
    lost = cell.old.verdict == cell.new.verdict and _comparable(cell.old) and _comparable(cell.new)
    lost &= any(log_times(side.phases.get(phase), metric) for side in (cell.old, cell.new))
    return replace(cell, changes=(*cell.changes, *[Change.UNRESOLVED] * lost), untimed=reason)


def _one_measurement(old: CellReadings, new: CellReadings) -> bool:
    """Whether both sides are the same records: a run compared with itself, or with a part of itself."""
    return old.outcome == new.outcome and all(
        phase in new.phases and readings.by_round() == new.phases[phase].by_round()
        for phase, readings in old.phases.items()
    )


def _absolute(cell: CellDiff, phase: str, metric: Metric) -> CellDiff:
    assert cell.old is not None
    assert cell.new is not None
    now, before = (log_times(side.phases[phase], metric) for side in (cell.new, cell.old))
    ratio = unpaired_ratio(now, before)
    return cell if ratio is None else replace(cell, ratios={View.ABSOLUTE: ratio})


def _relative(
    cell: CellDiff,
    key: CellKey,
    cells: Mapping[CellKey, CellDiff],
    phase: str,
    metric: Metric,
    unchanged: Sequence[str],
) -> CellDiff:
    """The cell's ratio to the first unchanged simulator that both runs measured at the same question."""
    assert cell.old is not None
    assert cell.new is not None
    for name in unchanged:
        rod = cells.get(key._replace(simulator=name))
        if name == key.simulator or rod is None or rod.old is None or rod.new is None:
            continue
        if not (_comparable(rod.old) and _comparable(rod.new)):
            continue
        now, before = (
            log_ratios(side.phases.get(phase), rod_side.phases.get(phase), metric)
            for side, rod_side in ((cell.new, rod.new), (cell.old, rod.old))
        )
        ratio = unpaired_ratio(now, before)
        if ratio is not None:
            return replace(cell, ratios={View.RELATIVE: ratio}, yardstick=name)
    return replace(cell, changes=(*cell.changes, Change.UNRESOLVED), untimed=ALONE)


def _all_alone(cells: Iterable[CellDiff]) -> bool:
    """Whether there are times to compare, and not one of them has a yardstick."""
    found = [cell for cell in cells if cell.yardstick is not None or cell.untimed == ALONE]
    return bool(found) and all(cell.untimed == ALONE for cell in found)


def _classified(cells: Iterable[CellDiff], margin: float) -> tuple[CellDiff, ...]:
    """Holm's correction over all cells compared, then the classes by importance, in natural order."""
    cells = sorted(cells, key=lambda one: natural_cell_order(one.cell))
    adjusted = holm([_p_value(one.ratios.values()) for one in cells])
    order = list(Change)
    done = []
    for one, p_value in zip(cells, adjusted, strict=True):
        said = {standing(ratio, p_value, margin=margin) for ratio in one.ratios.values()}
        found = None if not said else said.pop() if len(said) == 1 else Standing.UNRESOLVED
        changes = set(one.changes)
        changes |= {Change(found)} if found is not None and found != Standing.TIE else set()
        changes = changes or {Change.SAME}
        done.append(replace(one, standing=found, changes=tuple(sorted(changes, key=order.index))))
    return tuple(done)


def _p_value(ratios: Iterable[Estimate]) -> float | None:
    values = [ratio.p_value for ratio in ratios]
    known = [value for value in values if value is not None]
    return max(known) if known and len(known) == len(values) else None


# ---- two simulators of one run


def diff_within(
    run: RunReadings,
    between: tuple[str, str],
    *,
    phase: str = Phase.EXECUTE,
    metric: Metric = Metric.WALL,
    margin: float = MARGIN,
) -> RunDiff:
    """Classify the cells of two simulators that took turns in one run, the first being the old one.

    Times are compared round by round, as in the table of ratios.  Raises ``QbenchError`` for a simulator that
    takes no part in the run.
    """
    simulators = run.records.manifest["simulators"]
    known = [label for label, facts in simulators.items() if facts.get("control") is None]
    strange = list(dict.fromkeys(name for name in between if name not in known))
    if strange or between[0] == between[1]:
        take = "takes" if len(strange) == 1 else "take"
        wrong = f"{' and '.join(map(repr, strange))} {take} no part in it"
        wrong = wrong if strange else f"{between[0]!r} is named twice"
        raise QbenchError(f"two different simulators are expected, {wrong}: the run has {', '.join(known)}")
    sides: list[dict[CellKey, CellReadings]] = [
        {key._replace(simulator=""): cell for key, cell in cells_by_key(run).items() if key.simulator == name}
        for name in between
    ]
    version = simulator_change(*(simulators[name] for name in between)).told
    cells = []
    for key in {**dict.fromkeys(sides[0]), **dict.fromkeys(sides[1])}:
        old, new = (side.get(key) for side in sides)
        if old is None or new is None:
            cells.append(one_side(old, new, "only one of the two has it"))
            continue
        cell = both_sides(old, new, version)
        reason = _untimed(old, new, phase, metric)
        logs = [] if reason else log_ratios(new.phases[phase], old.phases[phase], metric)
        if not logs:
            cells.append(_not_timed(cell, reason or "they have no round in common", phase, metric))
            continue
        ratio = geometric_mean([math.exp(x) for x in logs], in_order=True)
        cells.append(replace(cell, ratios={View.PAIRED: ratio}))
    return RunDiff(
        old=run,
        new=run,
        between=between,
        phase=phase,
        metric=metric,
        margin=margin,
        view=View.PAIRED,
        refused=None,
        drift=None,
        differences=run_differences(run.records.manifest, run.records.manifest),
        cells=_classified(cells, margin),
    )
