"""Which colour and marker stand for which simulator in all charts of a report, and which are shown at first.

Colours are numbers of the page's palette (Okabe and Ito's without their yellow, as in ``qbench plot``), with a
light and a dark form; a marker goes with each, so that no chart is read by colour alone, and seven colours by
eleven markers do not repeat before the 78th simulator.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qbench.analysis.readings import CellReadings, RankingClass
from qbench.analysis.render import visible
from qbench.analysis.stats import Standing
from qbench.report.html.view import RunView
from qbench.report.matrix import DOUBLES, class_labels

__all__ = ["COLOURS", "MARKERS", "SHOWN", "Key", "Series", "class_names", "key_of", "series_of"]

COLOURS = 7
MARKERS = 11
SHOWN = 10
"""So many simulators are drawn at first where there are more than ``ALL_UP_TO``: more lines are no chart."""
ALL_UP_TO = 14

Key = tuple[str, int, str]

_POINTS = {Standing.TIE: 0.5, Standing.UNRESOLVED: 0.25}


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A simulator at one number of threads and in one gate mode."""

    key: Key
    label: str
    package: str
    ranking_class: str
    colour: int
    marker: int
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
    return tuple(
        Series(
            key=key_of(cell),
            label=visible(_label(key_of(cell), firsts)),
            package=visible(str(cell.facts.get("package") or "no package")),
            ranking_class=_group(cell, names),
            colour=place % COLOURS,
            marker=place % MARKERS,
            shown=key_of(cell) in leading,
            double=cell.facts["kind"] == "double",
        )
        for place, cell in enumerate(ordered)
    )


def _group(cell: CellReadings, names: Mapping[RankingClass, str]) -> str:
    return DOUBLES if cell.facts["kind"] == "double" else names[cell.ranking_class]


def _leading(views: Sequence[RunView], keys: Sequence[Key]) -> set[Key]:
    """Who is drawn at first: all of few; of many the baselines, then who is fastest or ties most often."""
    if len(keys) <= ALL_UP_TO:
        return set(keys)
    points: Counter[Key] = Counter()
    for view in views:
        for found in view.races.values():
            for race in found:
                if race.others:
                    points[key_of(race.fastest)] += 4
                    for one in race.others:
                        points[key_of(one.contestant)] += int(4 * _POINTS.get(one.standing, 0))
    baselines = {view.manifest["baseline"] for view in views}
    first = [key for key in keys if key[0] in baselines][:2]
    by_points = sorted(keys, key=lambda key: -points[key])  # stable: of equals the first in the plan
    return set(dict.fromkeys([*first, *by_points][: SHOWN + len(first)]))


def _label(key: Key, others: Mapping[Key, CellReadings]) -> str:
    """The simulator's name, with what sets it apart from another series of the same name."""
    namesakes = [other for other in others if other[0] == key[0]]
    parts = [key[0]]
    if len({threads for _, threads, _ in namesakes}) > 1:
        parts.append(f"{key[1]} thread{'s' * (key[1] != 1)}")
    if len({mode for _, _, mode in namesakes}) > 1:
        parts.append(f"{key[2]} gates")
    return ", ".join(parts)
