"""Which line, colour and marker stands for which simulator, the same in every figure of a run.

The colours are Okabe and Ito's (https://jfly.uni-koeln.de/color/) without their yellow, which is lost on
white, and with a dark wine: they stay apart for all common kinds of colour blindness.  A marker goes with
each, so that the figures read in grey too, and eight colours by eleven markers do not repeat before the 89th.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from qbench.analysis.readings import CellReadings, RankingClass, RunReadings
from qbench.model import VERDICTS, Verdict
from qbench.report.matrix import DOUBLES, class_labels
from qbench.report.plots.lettering import plain

__all__ = [
    "COLOURS",
    "CROSS",
    "GREY",
    "NO_PALETTE",
    "Look",
    "Palette",
    "Series",
    "SeriesKey",
    "key_of",
    "look_of",
    "numbered",
    "series_of",
]

SeriesKey = tuple[str, int, str]
"""Simulator, number of threads, gate mode."""

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#E69F00", "#56B4E9", "#882255")
# No two in a row make the shape of a third where they touch, as < and > do; those of one colour, eight apart,
# are no two round ones (o, h, p).
MARKERS = ("o", "s", "^", "D", "p", "P", "h", "<", "v", "*", ">")
GREY = "#808080"

Palette = Mapping[SeriesKey, tuple[str, str]]
"""Colour and marker by simulator."""

NO_PALETTE: Palette = MappingProxyType({})

_DASHES: dict[tuple[str, str], object] = {
    ("exact", "complex128"): "-",
    ("exact", "complex64"): (0, (4, 2)),
    ("approximate", "complex128"): (0, (1, 1.2)),
    ("approximate", "complex64"): (0, (1, 3)),
    ("clifford", "complex128"): (0, (6, 1.5, 1, 1.5)),
}
_OTHER = (0, (6, 1.5, 1, 1.5))


CROSS: dict[str, Any] = {"marker": "x", "color": "#000000", "markersize": 3.6, "markeredgewidth": 1.0}


class Look(StrEnum):
    """How a point is drawn, by what may be done with it."""

    PASSED = "passed"
    FLAGGED = "flagged: not ranked"
    WRONG = "wrong answer: never ranked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A simulator at one number of threads and in one gate mode."""

    key: SeriesKey
    label: str
    group: str
    colour: str
    marker: str
    dashes: object

    def style(self, look: Look, size: float = 4.6) -> dict[str, Any]:
        """Matplotlib's properties for its markers."""
        return {
            "color": self.colour,
            "marker": self.marker,
            "markersize": size + 2.0 * (look is Look.WRONG),  # room for the cross in it
            "markerfacecolor": self.colour if look is Look.PASSED else "white",
            "markeredgecolor": self.colour,
            "markeredgewidth": 0.9,
        }


def key_of(cell: CellReadings) -> SeriesKey:
    """The key of the series that a cell belongs to."""
    return (cell.simulator, cell.threads, cell.gate_mode)


def look_of(cell: CellReadings, verdict: Verdict | None) -> Look | None:
    """How a cell with that verdict is drawn; None where there is no answer."""
    if verdict is None or not VERDICTS[verdict].answered:
        return None
    if VERDICTS[verdict].failed:
        return Look.WRONG
    return Look.FLAGGED if cell.blocking_flags else Look.PASSED


def series_of(run: RunReadings, palette: Palette = NO_PALETTE) -> tuple[str, tuple[Series, ...]]:
    """What all classes of a run share, and its series in plan order, each class together.

    A class is what may be ranked together; doubles are a group of their own, in grey.  Colours and markers
    are those of the ``palette``; who has none there gets the next pair that nobody has.
    """
    firsts: dict[SeriesKey, CellReadings] = {}
    for cell in run.cells:
        firsts.setdefault(key_of(cell), cell)
    ordinary = [cell for cell in firsts.values() if cell.facts["kind"] != "double"]
    classes = tuple(dict.fromkeys(cell.ranking_class for cell in ordinary))
    shared, labels = class_labels(classes)
    members: dict[str, list[CellReadings]] = {label: [] for label in (*labels.values(), DOUBLES)}
    for cell in firsts.values():
        members[DOUBLES if cell.facts["kind"] == "double" else labels[cell.ranking_class]].append(cell)
    # Numbered in the order in which they are drawn, doubles last: neighbours differ in shape and colour.
    drawn = [key_of(cell) for cells in members.values() for cell in cells]
    styles = numbered(drawn, palette)
    found = [
        Series(
            key=key_of(cell),
            label=_label(key_of(cell), firsts),
            group=group,
            colour=GREY if group == DOUBLES else styles[key_of(cell)][0],
            marker=styles[key_of(cell)][1],
            dashes=_dashes(cell.ranking_class),
        )
        for group, cells in members.items()
        for cell in cells
    ]
    return shared, tuple(found)


def numbered(keys: Iterable[SeriesKey], palette: Palette = NO_PALETTE) -> Palette:
    """A colour and a marker for every key: the palette's, else the next pair that nobody has.

    >>> numbered([("a", 1, "native"), ("b", 1, "native")])[("b", 1, "native")]
    ('#D55E00', 's')
    """
    every = len(COLOURS) * len(MARKERS)
    pairs = [(COLOURS[n % len(COLOURS)], MARKERS[n % len(MARKERS)]) for n in range(every)]
    free = [pair for pair in pairs if pair not in set(palette.values())] or pairs
    others = [key for key in keys if key not in palette]
    return {**palette, **{key: free[n % len(free)] for n, key in enumerate(others)}}


def _dashes(ranking_class: RankingClass) -> object:
    return _DASHES.get((ranking_class.kind, ranking_class.precision), _OTHER)


def _label(key: SeriesKey, others: Iterable[SeriesKey]) -> str:
    """The simulator's name, with what sets it apart from another series of the same name."""
    namesakes = [other for other in others if other[0] == key[0]]
    parts = [plain(key[0])]
    if len({threads for _, threads, _ in namesakes}) > 1:
        parts.append(f"{key[1]} thread{'s' * (key[1] != 1)}")
    if len({mode for _, _, mode in namesakes}) > 1:
        parts.append(f"{key[2]} gates")
    return ", ".join(parts)
