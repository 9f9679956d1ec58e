"""Where the points of one circuit stand beside each other, so that none hides another."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qbench.report.plots.blocks import Block
from qbench.report.plots.styles import Series

__all__ = ["shifts_of"]

# The share of a slot over which its points are set side by side.
SPREAD = 0.84
SPREAD_IN_FAMILY = 0.76  # the next size follows
SPREAD_ON_LINE = 0.56
SPREAD_IN_PRINT = 0.80  # on lines, where slots are narrow

STEP, STEP_ON_LINE = 0.2, 0.085  # of a slot, from point to point, at most
STEP_IN_PRINT = 0.04  # inches: more is not needed


def shifts_of(
    block: Block, series: Sequence[Series], joined: bool, slot: float = math.inf
) -> tuple[list[float], list[float]]:
    """Where in a slot every simulator has its place, in qubits, and the borders between classes.

    Without lines a circuit's points are set side by side, each class by itself.  Along lines they are moved
    just enough not to cover each other.  ``slot`` is the inches from one size to the next on a sheet for
    print, else infinite.
    """
    places: list[float] = []
    borders: list[float] = []
    for position, one in enumerate(series):
        if not places:
            places.append(0.0)
        elif one.group == series[position - 1].group:
            places.append(places[-1] + 1.0)
        else:
            borders.append(places[-1] + 0.9)
            places.append(places[-1] + 1.8)
    reach = places[-1] if places and places[-1] else 1.0
    alone = len(block.problems) == 1
    spread = SPREAD if alone else SPREAD_IN_FAMILY
    if not joined:
        step = min(spread / reach, STEP)
    elif math.isinf(slot):
        step = min(SPREAD_ON_LINE / reach, STEP_ON_LINE)
    else:
        step = min(SPREAD_IN_PRINT / reach, STEP_IN_PRINT / slot)
    middle = places[-1] / 2 if places else 0.0
    shifts = [(place - middle) * step * block.gap for place in places]
    return shifts, [(border - middle) * step for border in borders] if alone else []
