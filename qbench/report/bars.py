"""Ratios as bars of text on a logarithmic axis around 1: how far from 1 is sure, and how far it may be.

From the axis a bar is solid up to the nearer end of the interval and light up to the farther one: what is
solid is there at 95 %, and a bar without anything solid cannot be told from 1.  The characters are block
elements of Unicode; ``in_ascii`` has a plain one for each.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qbench.analysis.stats import Estimate

__all__ = ["AXIS", "BEYOND", "LIGHT", "SOLID", "Scale", "in_ascii", "scale_of"]

SOLID, LIGHT, AXIS = "█", "░", "│"
BEYOND = ("«", "»")
"""An interval that leaves the axis to the left, to the right."""

_ASCII = str.maketrans({SOLID: "#", LIGHT: "-", AXIS: "|", BEYOND[0]: "<", BEYOND[1]: ">"})
_STRETCH = 3.0
"""An interval may stretch the axis so far beyond the ratios themselves."""
_LEAST = 2.0
"""The axis reaches this far to one side at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """An axis of ``left`` cells below 1, one cell for 1, and ``right`` cells above, ``per_cell`` in ln."""

    left: int
    right: int
    per_cell: float

    @property
    def width(self) -> int:
        return self.left + 1 + self.right

    def bar(self, ratio: Estimate) -> str:
        """The bar of a ratio, as wide as the scale; one without an interval is light up to its value.

        >>> scale = Scale(left=4, right=4, per_cell=math.log(2))
        >>> scale.bar(Estimate(0.2, 0.1, 0.25, None, 6)), scale.bar(Estimate(4.0, None, None, None, 1))
        (' ░██│    ', '    │░░  ')
        """
        value = math.log(ratio.value)
        low = value if ratio.low is None or ratio.low <= 0 else math.log(ratio.low)
        high = value if ratio.high is None or math.isinf(ratio.high) else math.log(ratio.high)
        told = ratio.low is not None and ratio.high is not None
        below = self._side(-high if told else 0.0, -low, self.left, BEYOND[0])[::-1]
        return below + AXIS + self._side(low if told else 0.0, high, self.right, BEYOND[1])

    def _side(self, near: float, far: float, cells: int, beyond: str) -> str:
        """One side from the axis outwards: a cell is filled where the middle of it is."""
        middles = [(cell + 0.5) * self.per_cell for cell in range(cells)]
        drawn = "".join(SOLID if at <= near else LIGHT if at <= far else " " for at in middles)
        return drawn[:-1] + beyond if cells and far > cells * self.per_cell * (1 + 1e-9) else drawn

    def labels(self) -> str:
        """The line of numbers above the bars: 1 stands over the axis, others where there is room.

        >>> Scale(left=4, right=8, per_cell=math.log(10) / 4).labels()
        '0.1 1   10'
        """
        line = [" "] * self.width
        line[self.left] = "1"
        for text, log in self._ticks():
            place = self.left + round(log / self.per_cell)
            around = line[max(0, place - 1) : place + len(text) + 1]
            if place >= 0 and place + len(text) <= len(line) and not "".join(around).strip():
                line[place : place + len(text)] = text
        return "".join(line).rstrip()

    def _ticks(self) -> list[tuple[str, float]]:
        """Powers of ten, the near ones first; where there is none on the axis, 2 and 5 and their inverses."""
        reach = max(self.left, self.right) * self.per_cell
        ticks = [(text, math.log(float(text))) for text in _POWERS]
        on_axis = [one for one in ticks if abs(one[1]) <= reach]
        return on_axis or [(text, math.log(float(text))) for text in ("0.5", "2", "0.2", "5")]


_POWERS = ("0.1", "10", "0.01", "100", "0.001", "1000", "0.0001", "10000", "0.00001", "100000")


def scale_of(ratios: Sequence[Estimate], width: int) -> Scale:
    """The scale on which all of these fit into ``width`` cells (three at least), with 1 on it.

    >>> scale = scale_of([Estimate(0.01, 0.009, 0.011, None, 6), Estimate(1.0, None, None, None, 1)], 20)
    >>> scale.left, scale.right
    (17, 2)
    """
    values = [1.0, *(ratio.value for ratio in ratios)]
    least, most = min(values), max(values)
    lows = [ratio.low for ratio in ratios if ratio.low is not None and ratio.low > 0]
    highs = [ratio.high for ratio in ratios if ratio.high is not None]
    least = min(1 / _LEAST, max(least / _STRETCH, min([least, *lows])))
    most = max(_LEAST, min(most * _STRETCH, max([most, *highs])))
    below, above = -math.log(least), math.log(most)
    cells = max(2, width - 1)
    left = min(cells - 1, max(1, round(cells * below / (below + above))))
    right = cells - left
    return Scale(left=left, right=right, per_cell=max(below / left, above / right))


def in_ascii(text: str) -> str:
    """The text with plain characters for those of the bars.

    >>> in_ascii("░██│░»")
    '-##|->'
    """
    return text.translate(_ASCII)
