"""The four plots by name, from a run's raw records alone; how a large run becomes several sheets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from matplotlib.figure import Figure

from qbench.analysis.readings import RunReadings, take_readings
from qbench.analysis.times import RANKED_PHASES
from qbench.errors import QbenchError
from qbench.report.plots.accuracy import draw_accuracy
from qbench.report.plots.chart import chart_rows
from qbench.report.plots.phases import draw_phases
from qbench.report.plots.plot import NothingToDrawError, Plot, View
from qbench.report.plots.sheet import drawing
from qbench.report.plots.styles import series_of
from qbench.report.plots.times import draw_times
from qbench.report.plots.verdicts import draw_verdicts
from qbench.results.records import RunRecords

__all__ = ["KINDS", "Drawn", "accuracy_figure", "draw", "phases_figure", "time_figure", "verdicts_figure"]

KINDS = ("time", "phases", "accuracy", "verdicts")

MOST_CHART_ROWS = 4
MOST_PANELS = 12
MOST_MAP_ROWS = 70

Draw = Callable[[RunReadings, View, str], Plot]
Split = Callable[[RunReadings, View], tuple[bool, Sequence[tuple[str, ...]]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The plots of a run, and by name why others could not be drawn."""

    plots: tuple[Plot, ...]
    undrawn: Mapping[str, str]


def _by_chart_rows(run: RunReadings, view: View) -> tuple[bool, Sequence[tuple[str, ...]]]:
    rows = chart_rows(view.facts(run), len(series_of(run)[1]))
    sheets = [rows[start : start + MOST_CHART_ROWS] for start in range(0, len(rows), MOST_CHART_ROWS)]
    chunks = [tuple(p for row in sheet for block in row for p in block.problems) for sheet in sheets]
    return len(rows) * len(view.tasks) <= MOST_CHART_ROWS, chunks


def _by_number(most: int, together: bool) -> Split:
    def split(run: RunReadings, view: View) -> tuple[bool, Sequence[tuple[str, ...]]]:
        del run
        sheets = range(0, len(view.problems), most)
        chunks = [view.problems[start : start + most] for start in sheets]
        return len(view.problems) * (1 if together else len(view.tasks)) <= most, chunks

    return split


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


def _sheets_of(kind: str, run: RunReadings) -> Iterator[tuple[str, View, Draw]]:
    if kind == "time":
        for phase in RANKED_PHASES:
            for name, view in _sheets(f"time-{phase}", run, _by_chart_rows):
                yield name, view, _timed(phase)
    elif kind == "phases":
        for name, view in _sheets("phases", run, _by_number(MOST_PANELS, together=False)):
            yield name, view, draw_phases
    elif kind == "accuracy":
        for name, view in _sheets("accuracy", run, _by_chart_rows):
            yield name, view, draw_accuracy
    else:
        for name, view in _sheets("verdicts", run, _by_number(MOST_MAP_ROWS, together=True), together=True):
            yield name, view, draw_verdicts


def draw(records: RunRecords, kinds: Sequence[str] = KINDS) -> Drawn:
    """The plots of these kinds: of a small run one sheet each (``time``: one per phase), of a large one more.

    Raises ``QbenchError`` on a kind that is none.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise QbenchError(f"there is no plot {kind!r}: the plots of a run are {', '.join(KINDS)}")
    run = take_readings(records)
    plots, undrawn = [], {}
    with drawing():
        for kind in dict.fromkeys(kinds):
            for name, view, make in _sheets_of(kind, run):
                try:
                    plots.append(make(run, view, name))
                except NothingToDrawError as nothing:
                    undrawn[name] = str(nothing)
    return Drawn(plots=tuple(plots), undrawn=MappingProxyType(undrawn))


def _figure(
    records: RunRecords,
    make: Draw,
    name: str,
    circuits: Sequence[str] | None,
    workloads: Sequence[str] | None,
) -> Figure:
    run = take_readings(records)
    whole = View.whole(run)
    manifest = records.manifest
    view = View(
        problems=_chosen(whole.problems, manifest["problems"], "name", circuits, "circuit"),
        tasks=_chosen(whole.tasks, manifest["tasks"], "label", workloads, "workload"),
    )
    with drawing():
        return make(run, view, name).figure


def _chosen(
    ids: Sequence[str],
    facts: Mapping[str, Mapping[str, str]],
    field: str,
    wanted: Sequence[str] | None,
    noun: str,
) -> tuple[str, ...]:
    if wanted is None:
        return tuple(ids)
    known = [facts[one][field] for one in ids]
    if strange := [name for name in wanted if name not in known]:
        raise QbenchError(f"the run has no {noun} {strange[0]!r}: it has {', '.join(dict.fromkeys(known))}")
    return tuple(one for one in ids if facts[one][field] in wanted)


def time_figure(
    records: RunRecords,
    phase: str = "execute",
    *,
    circuits: Sequence[str] | None = None,
    workloads: Sequence[str] | None = None,
) -> Figure:
    """Warm time per call of one phase against the number of qubits, on one sheet, however large.

    ``circuits`` and ``workloads`` choose by name; None is all.  Times are the table's, in microseconds.
    Raises ``QbenchError`` for a name that the run does not have and where nothing was timed.
    """
    return _figure(records, _timed(phase), "time", circuits, workloads)


def phases_figure(
    records: RunRecords, *, circuits: Sequence[str] | None = None, workloads: Sequence[str] | None = None
) -> Figure:
    """Where the time of one call goes, in per cent, and the import times.  As ``time_figure`` otherwise."""
    return _figure(records, draw_phases, "phases", circuits, workloads)


def accuracy_figure(
    records: RunRecords, *, circuits: Sequence[str] | None = None, workloads: Sequence[str] | None = None
) -> Figure:
    """Errors of the judged answers against the number of qubits.  As ``time_figure`` otherwise."""
    return _figure(records, draw_accuracy, "accuracy", circuits, workloads)


def verdicts_figure(
    records: RunRecords, *, circuits: Sequence[str] | None = None, workloads: Sequence[str] | None = None
) -> Figure:
    """The map of verdicts and flags.  As ``time_figure`` otherwise."""
    return _figure(records, draw_verdicts, "verdicts", circuits, workloads)
