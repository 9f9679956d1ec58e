"""How maps of tiles are laid out: circuits below each other, simulators side by side, for any width."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qbench.errors import QbenchError
from qbench.report.plots.heading import Heading
from qbench.report.plots.lettering import measured, plain, shortened
from qbench.report.plots.print_width import TILE, print_room, tile_names, tiles_across

__all__ = ["Tiling", "tiling"]

SIZE = 7.2
MOST_NAME = 2.2
QUBITS = 0.3  # the number in brackets
AFTER = 0.08  # a name
MOST_HEAD_IN_PRINT = 1.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiling:
    """Inches: ``width`` of a tile, ``left`` where the first one stands, ``room`` of a row of maps.

    ``names`` are the circuits' by id, ``most_head`` is how long a simulator's name may be.
    """

    width: float
    left: float
    room: float
    most_head: float
    names: Mapping[str, str]

    def head(self, labels: Sequence[str]) -> float:
        """The room of the simulators' names over a map."""
        return max(measured(self.short(text), SIZE) for text in labels) + AFTER

    def short(self, label: str) -> str:
        """A simulator's name as it stands over its column."""
        return shortened(label, SIZE, self.most_head)


def tiling(
    facts: Mapping[str, Mapping[str, Any]], heading: Heading, tile: float, room: float, columns: float
) -> Tiling:
    """For a widest map of so many ``columns`` of ``tile`` inches in ``room``; for print in what it has.

    Raises ``QbenchError`` where a sheet for print is too narrow.
    """
    most = (MOST_NAME if heading.width is None else tile_names(heading.width) - AFTER) - QUBITS
    names = {p: f"{shortened(plain(facts[p]['name']), SIZE, most)} ({facts[p]['qubits']})" for p in facts}
    left = heading.margin + max(measured(text, SIZE) for text in names.values()) + AFTER
    if heading.width is None:
        return Tiling(width=tile, left=left, room=room, most_head=MOST_NAME, names=names)
    if left + columns * TILE > heading.width - heading.margin:
        raise QbenchError(
            f"a sheet {heading.width:.3g} in wide has no room for {columns:.0f} simulators side by side: "
            f"name at most {tiles_across(heading.width)} of them (--simulator), or a wider sheet"
        )
    return Tiling(
        width=TILE, left=left, room=print_room(heading.width), most_head=MOST_HEAD_IN_PRINT, names=names
    )
