"""Which colour and marker stand for which simulator in all charts of a report, and which are shown at first.

Colours are numbers of the page's palette: Okabe and Ito's without their yellow, orange and sky blue darkened
for a white ground and all lightened for a dark one.  A marker goes with each, so that no chart is read by
colour alone, and seven colours by eleven markers do not repeat before the 78th simulator.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from qbench.analysis.readings import CellReadings, RankingClass
from qbench.analysis.render import visible
from qbench.analysis.stats import Standing
from qbench.report.html.view import RunView
from qbench.report.matrix import DOUBLES, class_labels

__all__ = ["COLOURS", "MARKERS", "SHOWN", "Key", "Series", "class_names", "key_of", "series_of"]

COLOURS = 7
MARKERS = 11
SHOWN = 10
"""Of a larger class so many are drawn at first, where a run has more than ``ALL_UP_TO``: more is no chart."""
ALL_UP_TO = 14

Key = tuple[str, int, str]

_POINTS = {Standing.TIE: 2, Standing.UNRESOLVED: 1}
"""Beside 4 for the fastest: who leads is a matter of what is drawn first, and of nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A simulator at one number of threads and in one gate mode.

    ``colour`` and ``marker`` are its own, which it has where no other of a lower ``rank``, drawn in the same
    charts, has them: the page decides that by what is shown.  ``workloads`` are places of those with a time.
    """

    key: Key
    label: str
    package: str
    ranking_class: str
    colour: int
    marker: int
    rank: int
    workloads: tuple[int, ...]
    shown: bool
    double: bool


def key_of(cell: CellReadings) -> Key:
    """The key of the series that a cell belongs to."""
    return (cell.simulator, cell.threads, cell.gate_mode)


def class_names(views: Sequence[RunView]) -> tuple[str, Mapping[RankingClass, str]]:
    """What all classes of the runs share, and the name of each; the shared words where there is one class."""
    classes = dict.fromkeys(
        cell.ranking_class for view in views for cell in view.run.cells if cell.facts["kind"] != "double"
    )
    shared, apart = class_labels(tuple(classes))
    return shared, {ranking_class: name or shared for ranking_class, name in apart.items()}


def series_of(views: Sequence[RunView]) -> tuple[Series, ...]:
    """The series of all runs, in plan order, class by class and doubles last, as in ``qbench plot``."""
    firsts: dict[Key, CellReadings] = {}
    for view in views:
        for cell in view.run.cells:
            firsts.setdefault(key_of(cell), cell)
    names = class_names(views)[1]
    members: dict[str, list[CellReadings]] = {name: [] for name in (*names.values(), DOUBLES)}
    for cell in firsts.values():
        members[_group(cell, names)].append(cell)
    ordered = [cell for cells in members.values() for cell in cells]
    leading = _leading(views, [key_of(cell) for cell in ordered])
    # Who leads takes the first colours, so that few that are drawn together share one.
    number = {key: place for place, key in enumerate(dict.fromkeys([*leading, *map(key_of, ordered)]))}
    workloads = _workloads(views)
    return tuple(
        Series(
            key=key_of(cell),
            label=visible(_label(key_of(cell), firsts)),
            package=visible(str(cell.facts.get("package") or "no package")),
            ranking_class=_group(cell, names),
            colour=number[key_of(cell)] % COLOURS,
            marker=number[key_of(cell)] % MARKERS,
            rank=number[key_of(cell)],
            workloads=workloads[key_of(cell)],
            shown=key_of(cell) in leading,
            double=cell.facts["kind"] == "double",
        )
        for cell in ordered
    )


def _workloads(views: Sequence[RunView]) -> Mapping[Key, tuple[int, ...]]:
    """By series the workloads in which it has a time, as places among all workloads of the runs."""
    names = {
        name: place for place, name in enumerate(dict.fromkeys(n for v in views for n in v.run.workloads))
    }
    found: dict[Key, set[int]] = {}
    for view in views:
        for cell in view.run.cells:
            mine = found.setdefault(key_of(cell), set())
            if cell.rounds:
                mine.add(names[cell.workload])
    return {key: tuple(sorted(mine)) for key, mine in found.items()}


def _group(cell: CellReadings, names: Mapping[RankingClass, str]) -> str:
    return DOUBLES if cell.facts["kind"] == "double" else names[cell.ranking_class]


def _leading(views: Sequence[RunView], keys: Sequence[Key]) -> tuple[Key, ...]:
    """Who is drawn at first: all of few; of many those that lead, class by class, in this order.

    Of every workload of a class the first are taken, as many as leave at most ``SHOWN`` in each workload's
    charts; and the baseline.  ``SHOWN`` of every workload would be 46 of the 58 of ``standard``.
    """
    if len(keys) <= ALL_UP_TO:
        return tuple(keys)
    baselines = {view.manifest["baseline"] for view in views}
    leading: dict[Key, None] = {}
    for workloads in _orders(views, keys):
        chosen: dict[Key, None] = {}
        for turn in zip_longest(*workloads):
            more = chosen | dict.fromkeys(key for key in turn if key is not None)
            if chosen and any(len(more.keys() & set(order)) > SHOWN for order in workloads):
                break
            chosen = more
        leading |= chosen
        leading |= dict.fromkeys(key for order in workloads for key in order if key[0] in baselines)
    return tuple(leading or keys[:SHOWN])


def _orders(views: Sequence[RunView], keys: Sequence[Key]) -> list[list[list[Key]]]:
    """By class and workload, who was ranked there: first who is the fastest or ties with it most often.

    Then those with the fewest ahead of them.
    """
    found: dict[str, dict[str, dict[Key, list[tuple[int, int]]]]] = {}
    for view in views:
        for races in view.races.values():
            for race in races:
                of_class = found.setdefault(str(race.ranking_class), {})
                mine = of_class.setdefault(race.fastest.workload, {})
                mine.setdefault(key_of(race.fastest), []).append((4, 0))
                for place, one in enumerate(race.others, 1):
                    points = _POINTS.get(one.standing, 0)
                    mine.setdefault(key_of(one.contestant), []).append((points, place))

    def rank(key: Key, races: Sequence[tuple[int, int]]) -> tuple[int, float, int]:
        ahead = statistics.fmean(place for _, place in races)
        return -sum(points for points, _ in races), ahead, keys.index(key)

    return [
        [[key for key, _ in sorted(mine.items(), key=lambda one: rank(*one))] for mine in of_class.values()]
        for of_class in found.values()
    ]


def _label(key: Key, others: Mapping[Key, CellReadings]) -> str:
    """The simulator's name, with what sets it apart from another series of the same name."""
    namesakes = [other for other in others if other[0] == key[0]]
    parts = [key[0]]
    if len({threads for _, threads, _ in namesakes}) > 1:
        parts.append(f"{key[1]} thread{'s' * (key[1] != 1)}")
    if len({mode for _, _, mode in namesakes}) > 1:
        parts.append(f"{key[2]} gates")
    return ", ".join(parts)
