"""Where the points of one circuit stand beside each other, so that none hides another."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qbench.report.plots.blocks import Block
from qbench.report.plots.styles import Series

__all__ = ["MOST_SHIFT", "places_of", "shift_words", "shifts_of"]

MOST_SHIFT = 0.15
"""Qubits by which a point on a line stands beside its number of qubits, at most: where lines cross is read
off, and a crossing that has moved by a qubit names another circuit."""

# The share of a slot over which its points are set side by side.
SPREAD = 0.84
SPREAD_IN_FAMILY = 0.76  # the next size follows
SPREAD_ON_LINE = 0.56
SPREAD_IN_PRINT = 0.80  # on lines, where slots are narrow

STEP, STEP_ON_LINE = 0.2, 0.085  # of a slot, from point to point, at most
STEP_IN_PRINT = 0.04  # inches: more is not needed


def places_of(block: Block, joined: bool) -> tuple[int, ...]:
    """Where its circuits stand on the axis: along lines (or alone) at their qubits, else in columns 0, 1, ...

    A column holds many points side by side, which on an axis of qubits would be read as other sizes.

    >>> block = Block(label="ghz", problems=("a", "b"), qubits=(4, 12))
    >>> places_of(block, True), places_of(block, False)
    ((4, 12), (0, 1))
    """
    return block.qubits if joined or len(block.qubits) == 1 else tuple(range(len(block.qubits)))


def shift_words(*, joined: bool, columns: bool) -> str:
    """What a sheet says of the shifts: of those along lines, and of ``columns`` without lines.

    >>> shift_words(joined=False, columns=True)
    "Points of one circuit are set side by side in a column, in the legend's order."
    """
    parts = []
    if joined:
        parts.append(
            f"Lines go through the true numbers of qubits; points stand up to {MOST_SHIFT} qubit beside "
            "theirs, so that fewer hide another."
        )
    if columns:
        where = ", where no line is drawn," if joined else ""
        parts.append(f"Points of one circuit{where} are set side by side in a column, in the legend's order.")
    return " ".join(parts)


def shifts_of(
    block: Block, series: Sequence[Series], joined: bool, slot: float = math.inf
) -> tuple[list[float], list[float]]:
    """How far beside its circuit every simulator's point stands, and the borders between classes.

    Without lines a circuit's points are set side by side, each class by itself, in shares of a column.
    Along lines they are moved by ``MOST_SHIFT`` qubits at most.  ``slot`` is the inches from one size to the
    next on a sheet for print, else infinite.
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
    if joined:
        step = min(step * block.gap, 2 * MOST_SHIFT / reach)
    shifts = [(place - middle) * step for place in places]
    return shifts, [(border - middle) * step for border in borders] if alone else []
