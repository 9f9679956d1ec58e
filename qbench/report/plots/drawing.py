"""The four plots by name, from a run's raw records alone; how a large run becomes several sheets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from matplotlib.figure import Figure

from qbench.analysis.controls import contestants
from qbench.analysis.readings import RunReadings, take_readings
from qbench.analysis.times import RANKED_PHASES
from qbench.errors import QbenchError
from qbench.report.plots.accuracy import draw_accuracy
from qbench.report.plots.chart import chart_rows
from qbench.report.plots.phases import draw_phases, panels_per_sheet
from qbench.report.plots.plot import NothingToDrawError, Plot, View
from qbench.report.plots.sheet import drawing
from qbench.report.plots.styles import series_of
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


def _by_chart_rows(connected: bool) -> Split:
    def split(run: RunReadings, view: View) -> tuple[bool, Sequence[tuple[str, ...]]]:
        rows = chart_rows(view.facts(run), len(series_of(run)[1]), connected=connected)
        sheets = [rows[start : start + MOST_CHART_ROWS] for start in range(0, len(rows), MOST_CHART_ROWS)]
        chunks = [tuple(p for row in sheet for block in row for p in block.problems) for sheet in sheets]
        return len(rows) * len(view.tasks) <= MOST_CHART_ROWS, chunks

    return split


def _by_panels(run: RunReadings, view: View) -> tuple[bool, Sequence[tuple[str, ...]]]:
    most = panels_per_sheet(len(series_of(run)[1]))
    return len(view.problems) * len(view.tasks) <= most, _chunks(view.problems, most)


def _by_map_rows(run: RunReadings, view: View) -> tuple[bool, Sequence[tuple[str, ...]]]:
    del run
    return len(view.problems) <= MOST_MAP_ROWS, _chunks(view.problems, MOST_MAP_ROWS)


def _chunks(problems: Sequence[str], most: int) -> list[tuple[str, ...]]:
    return [tuple(problems[start : start + most]) for start in range(0, len(problems), most)]


def _plain_name(label: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "_", label)[:60]


def _sheets(name: str, run: RunReadings, split: Split, together: bool = False) -> Iterator[tuple[str, View]]:
    """The whole run on one sheet; where that is too much one workload each, and then so many circuits each.

    ``together`` keeps the workloads on one sheet whatever their number.
    """
    whole = View.whole(run)
    fits, chunks = split(run, whole)
    if fits or not whole.tasks:
        yield name, whole
        return
    names: dict[str, int] = {}
    for tasks in (whole.tasks,) if together else ((task,) for task in whole.tasks):
        label = "" if together else "-" + _plain_name(run.records.manifest["tasks"][tasks[0]]["label"])
        for chunk in chunks:
            found = name + label
            names[found] = names.get(found, 0) + 1
            suffix = f"-{names[found]}" if names[found] > 1 else ""
            yield found + suffix, View(problems=chunk, tasks=tasks)


def _timed(phase: str) -> Draw:
    return lambda run, view, name: draw_times(run, view, phase, name)


_Recipe = tuple[str, Split, Draw, bool]
_KINDS: Mapping[str, Sequence[_Recipe]] = {
    "time": [
        (f"time-{phase}", _by_chart_rows(connected=True), _timed(phase), False) for phase in RANKED_PHASES
    ],
    "phases": [("phases", _by_panels, draw_phases, False)],
    "accuracy": [("accuracy", _by_chart_rows(connected=False), draw_accuracy, False)],
    "verdicts": [("verdicts", _by_map_rows, draw_verdicts, True)],
}
KINDS = tuple(_KINDS)


def _draw_sheets(
    run: RunReadings, name: str, split: Split, make: Draw, together: bool
) -> tuple[list[Plot], dict[str, str]]:
    """All sheets of one plot; where not one can be drawn, ``NothingToDrawError`` says why of the whole."""
    plots: list[Plot] = []
    undrawn: dict[str, str] = {}
    for sheet, view in _sheets(name, run, split, together):
        try:
            plots.append(make(run, view, sheet))
        except NothingToDrawError as nothing:
            undrawn[sheet] = str(nothing)
    if not plots:
        plots.append(make(run, View.whole(run), name))
    return plots, undrawn


def draw(records: RunRecords, kinds: Sequence[str] = KINDS) -> Drawn:
    """The plots of these kinds: of a small run one sheet each (``time``: one per phase), of a large one more.

    Raises ``QbenchError`` on a kind that is none.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise QbenchError(f"there is no plot {kind!r}: the plots of a run are {', '.join(KINDS)}")
    run = contestants(take_readings(records))
    plots: list[Plot] = []
    undrawn: dict[str, str] = {}
    with drawing():
        for name, split, make, together in (one for kind in dict.fromkeys(kinds) for one in _KINDS[kind]):
            try:
                made, empty = _draw_sheets(run, name, split, make, together)
                plots += made
                undrawn |= empty
            except NothingToDrawError as nothing:
                undrawn[name] = str(nothing)
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
    whole, manifest = View.whole(run), records.manifest
    view = View(
        problems=_chosen(whole.problems, manifest["problems"], "name", circuits, "circuit"),
        tasks=_chosen(whole.tasks, manifest["tasks"], "label", workloads, "workload"),
    )
    make = _timed(phase) if kind == "time" else _KINDS[kind][0][2]
    with drawing():
        return make(run, view, kind).figure


def _chosen(
    ids: Sequence[str],
    facts: Mapping[str, Mapping[str, str]],
    field: str,
    wanted: Sequence[str] | None,
    noun: str,
) -> tuple[str, ...]:
    if wanted is None:
        return tuple(ids)
    wanted = [wanted] if isinstance(wanted, str) else wanted
    known = [facts[one][field] for one in ids]
    if strange := [name for name in wanted if name not in known]:
        raise QbenchError(f"the run has no {noun} {strange[0]!r}: it has {', '.join(dict.fromkeys(known))}")
    return tuple(one for one in ids if facts[one][field] in wanted)
