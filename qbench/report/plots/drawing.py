"""The plots by name, from a run's raw records alone; how a large run becomes several sheets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from matplotlib.figure import Figure

from qbench.analysis.controls import contestants
from qbench.analysis.readings import RunReadings, take_readings
from qbench.analysis.shots import without_shots
from qbench.analysis.times import RANKED_PHASES
from qbench.errors import QbenchError
from qbench.report.plots.accuracy import draw_accuracy
from qbench.report.plots.chart import chart_rows
from qbench.report.plots.gradients import draw_gradients
from qbench.report.plots.phases import draw_phases, panels_per_sheet
from qbench.report.plots.plot import NothingToDrawError, Plot, View
from qbench.report.plots.sampling import PANELS, draw_sampling, sampled
from qbench.report.plots.sheet import drawing
from qbench.report.plots.styles import series_of
from qbench.report.plots.sweeps import draw_sweeps
from qbench.report.plots.times import draw_times
from qbench.report.plots.verdicts import draw_verdicts
from qbench.results.records import RunRecords

__all__ = ["KINDS", "Drawn", "draw", "figure"]

MOST_CHART_ROWS = 4
MOST_MAP_ROWS = 70

Draw = Callable[[RunReadings, View, str], Plot]
Split = Callable[[RunReadings, View], tuple[bool, Sequence[tuple[str, ...]]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The plots of a run, and by name why others could not be drawn."""

    plots: tuple[Plot, ...]
    undrawn: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recipe:
    """One plot: how it becomes sheets (``together``: all workloads on each) and how a sheet is drawn.

    ``of`` are the kinds of tasks that it shows; None is all.
    """

    name: str
    split: Split
    make: Draw
    together: bool = False
    of: frozenset[str] | None = None


def _by_chart_rows(connected: bool, charts: int = 1) -> Split:
    """``charts`` is how many a workload has."""

    def rows(run: RunReadings, view: View) -> list[list[tuple[str, ...]]]:
        found = chart_rows(view.facts(run), len(series_of(run)[1]), connected=connected)
        return [[block.problems for block in row] for row in found]

    def split(run: RunReadings, view: View) -> tuple[bool, Sequence[tuple[str, ...]]]:
        most = max(1, MOST_CHART_ROWS // charts)
        mine = rows(run, view)
        sheets = [mine[start : start + most] for start in range(0, len(mine), most)]
        chunks = [tuple(p for row in sheet for problems in row for p in problems) for sheet in sheets]
        return sum(len(rows(run, view.of(run, one))) for one in view.workloads) <= most, chunks

    return split


def _by_panels(run: RunReadings, view: View) -> tuple[bool, Sequence[tuple[str, ...]]]:
    most = panels_per_sheet(len(series_of(run)[1]))
    asked = sum(len(view.of(run, workload).problems) for workload in view.workloads)
    return asked <= most, _chunks(view.problems, most)


def _by_map_rows(run: RunReadings, view: View) -> tuple[bool, Sequence[tuple[str, ...]]]:
    del run
    return len(view.problems) <= MOST_MAP_ROWS, _chunks(view.problems, MOST_MAP_ROWS)


def _by_circuits(run: RunReadings, view: View) -> tuple[bool, Sequence[tuple[str, ...]]]:
    kinds = {without_shots(cell) for cell in run.cells if cell.task.get("shots") is not None}
    most = max(1, PANELS // max(1, len(kinds)))
    return len(view.problems) <= most, _chunks(view.problems, most)


def _on_one_sheet(run: RunReadings, view: View) -> tuple[bool, Sequence[tuple[str, ...]]]:
    del run
    return True, [view.problems]


def _chunks(problems: Sequence[str], most: int) -> list[tuple[str, ...]]:
    return [tuple(problems[start : start + most]) for start in range(0, len(problems), most)]


def _plain_name(label: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "_", label)[:60]


def _sheets(run: RunReadings, recipe: _Recipe) -> Iterator[tuple[str, View]]:
    """The whole run on one sheet; where that is too much one workload each, then so many circuits each."""
    whole = View.whole(run, recipe.of)
    fits, chunks = recipe.split(run, whole)
    if fits or not whole.workloads:
        yield recipe.name, whole
        return
    names: dict[str, int] = {}
    parts = [whole] if recipe.together else [whole.of(run, workload) for workload in whole.workloads]
    for part in parts:
        found = recipe.name if recipe.together else f"{recipe.name}-{_plain_name(part.workloads[0])}"
        for chunk in chunks if recipe.together else recipe.split(run, part)[1]:
            names[found] = names.get(found, 0) + 1
            suffix = f"-{names[found]}" if names[found] > 1 else ""
            yield found + suffix, replace(part, problems=chunk)


def _timed(phase: str) -> Draw:
    return lambda run, view, name: draw_times(run, view, phase, name)


_KINDS: Mapping[str, Sequence[_Recipe]] = {
    "time": [
        _Recipe(name=f"time-{phase}", split=_by_chart_rows(connected=True), make=_timed(phase))
        for phase in RANKED_PHASES
    ],
    "phases": [_Recipe(name="phases", split=_by_panels, make=draw_phases)],
    "accuracy": [_Recipe(name="accuracy", split=_by_chart_rows(connected=False), make=draw_accuracy)],
    "verdicts": [_Recipe(name="verdicts", split=_by_map_rows, make=draw_verdicts, together=True)],
    "gradients": [
        _Recipe(name="gradients", split=_on_one_sheet, make=draw_gradients, of=frozenset({"gradient"}))
    ],
    "sweeps": [
        _Recipe(
            name="sweeps",
            split=_by_chart_rows(connected=True, charts=2),
            make=draw_sweeps,
            of=frozenset({"sweep"}),
        )
    ],
    "sampling": [
        _Recipe(
            name="sampling",
            split=_by_circuits,
            make=draw_sampling,
            together=True,
            of=frozenset({"sample", "noisy_sample"}),
        )
    ],
}
KINDS = tuple(_KINDS)


def _asked(run: RunReadings) -> tuple[str, ...]:
    """The kinds that this run was made for: of costs those that its workloads have."""
    kinds = {cell.task["kind"] for cell in run.cells}
    asked = {"gradients": "gradient" in kinds, "sweeps": "sweep" in kinds, "sampling": sampled(run)}
    return tuple(kind for kind in KINDS if asked.get(kind, True))


def _draw_sheets(run: RunReadings, recipe: _Recipe) -> tuple[list[Plot], dict[str, str]]:
    """All sheets of one plot; where not one can be drawn, ``NothingToDrawError`` says why of the whole."""
    plots: list[Plot] = []
    undrawn: dict[str, str] = {}
    for sheet, view in _sheets(run, recipe):
        try:
            plots.append(recipe.make(run, view, sheet))
        except NothingToDrawError as nothing:
            undrawn[sheet] = str(nothing)
    if not plots:
        plots.append(recipe.make(run, View.whole(run, recipe.of), recipe.name))
    return plots, undrawn


def draw(records: RunRecords, kinds: Sequence[str] | None = None) -> Drawn:
    """The plots of these kinds: of a small run one sheet each (``time``: one per phase), of a large one more.

    None is every kind, but of ``gradients``, ``sweeps`` and ``sampling`` those that the run asked for.
    Raises ``QbenchError`` on a kind that is none.
    """
    for kind in kinds or ():
        if kind not in KINDS:
            raise QbenchError(f"there is no plot {kind!r}: the plots of a run are {', '.join(KINDS)}")
    run = contestants(take_readings(records))
    plots: list[Plot] = []
    undrawn: dict[str, str] = {}
    wanted = dict.fromkeys(_asked(run) if kinds is None else kinds)
    with drawing():
        for recipe in (one for kind in wanted for one in _KINDS[kind]):
            try:
                made, empty = _draw_sheets(run, recipe)
                plots += made
                undrawn |= empty
            except NothingToDrawError as nothing:
                undrawn[recipe.name] = str(nothing)
    return Drawn(plots=tuple(plots), undrawn=MappingProxyType(undrawn))


def figure(
    records: RunRecords,
    kind: str = "time",
    *,
    phase: str = "execute",
    circuits: Sequence[str] | None = None,
    workloads: Sequence[str] | None = None,
) -> Figure:
    """One plot on one sheet, however large: any of ``KINDS``.

    ``time`` shows the warm times of one ``phase``, in microseconds; the other kinds have no phase to choose.
    ``circuits`` and ``workloads`` choose by name; None is all.  Raises ``QbenchError`` for a kind, phase or
    name that there is not, and where the run has nothing to draw.
    """
    if kind not in KINDS:
        raise QbenchError(f"there is no plot {kind!r}: the plots of a run are {', '.join(KINDS)}")
    run = contestants(take_readings(records))
    if phase not in run.phases and phase not in RANKED_PHASES:
        raise QbenchError(f"the run has no phase {phase!r}: it has {', '.join(run.phases)}")
    whole, problems = View.whole(run), records.manifest["problems"]
    names = {problem: str(problems[problem]["name"]) for problem in whole.problems}
    view = View(
        problems=_chosen(names, circuits, "circuit"),
        workloads=_chosen({one: one for one in whole.workloads}, workloads, "workload"),
    )
    asked = tuple(one for one in view.workloads if view.cells(run, one))
    view = replace(view, workloads=asked or view.workloads)
    make = _timed(phase) if kind == "time" else _KINDS[kind][0].make
    with drawing():
        return make(run, view, kind).figure


def _chosen(names: Mapping[str, str], wanted: Sequence[str] | None, noun: str) -> tuple[str, ...]:
    """The ids whose names are wanted."""
    if wanted is None:
        return tuple(names)
    wanted = [wanted] if isinstance(wanted, str) else wanted
    known = dict.fromkeys(names.values())
    if strange := [name for name in wanted if name not in known]:
        raise QbenchError(f"the run has no {noun} {strange[0]!r}: it has {', '.join(known)}")
    return tuple(one for one, name in names.items() if name in wanted)
