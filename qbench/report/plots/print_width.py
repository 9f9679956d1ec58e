"""Sheets of a given width, for print: that of a column, or any number with its unit.

Letters keep their size, so that they can be read; what gives way is how much stands side by side.  A sheet
for print has neither title nor notes: a paper has captions for these, and ``captions.txt`` has the words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from types import MappingProxyType

from qbench.errors import QbenchError

__all__ = [
    "AXIS_ROOM",
    "COLUMN_WIDTHS",
    "LEAST_WIDTH",
    "MOST_WIDTH",
    "PRINT_MARGIN",
    "TILE",
    "inches",
    "narrow",
    "points_across",
    "print_room",
    "tile_names",
    "tiles_across",
]

COLUMN_WIDTHS: Mapping[str, float] = MappingProxyType({"one-column": 3.4, "two-column": 7.0})
"""Inches of one column and of both, as journals of two columns have them (86 and 178 mm)."""

UNITS: Mapping[str, float] = MappingProxyType({"in": 1.0, "cm": 1 / 2.54, "mm": 1 / 25.4, "pt": 1 / 72.27})
"""In inches.  A point is TeX's, in which LaTeX tells a \\columnwidth."""

LEAST_WIDTH, MOST_WIDTH = 3.2, 24.0
"""Inches: what axes beside their labels need, and more than any page has."""

PRINT_MARGIN = 0.04
"""Inches around a sheet for print: the page has margins of its own."""

AXIS_ROOM = 0.72
"""Inches on the left of an axis: its title and its tick labels (at most ``2·10⁻¹⁶``)."""

TILE = 0.26
"""Inches: a column of a map."""

_NARROW = 5.0
_TEXT = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*(in|cm|mm|pt)\s*")


def inches(width: str | float) -> float:
    r"""A width in inches: a name, a text with a unit, or inches as a number.

    Raises ``QbenchError`` for a text that is none, and a width that no sheet can have.

    >>> inches("one-column"), inches("7 in"), round(inches("86mm"), 2), round(inches("246pt"), 2), inches(5)
    (3.4, 7.0, 3.39, 3.4, 5.0)
    """
    found = COLUMN_WIDTHS.get(width) if isinstance(width, str) else float(width)
    if found is None:
        parts = _TEXT.fullmatch(str(width))
        if parts is None:
            names = ", ".join(f"{name} ({size:g} in)" for name, size in COLUMN_WIDTHS.items())
            raise QbenchError(
                f"a sheet cannot be {str(width)!r} wide: give {names} or a number with its unit, such as "
                f"3.25in, 86mm, 8.6cm or 246pt"
            )
        found = float(parts[1]) * UNITS[parts[2]]
    if not (math.isfinite(found) and LEAST_WIDTH <= found <= MOST_WIDTH):
        raise QbenchError(
            f"a sheet cannot be {found:.3g} in wide: between {LEAST_WIDTH:g} and {MOST_WIDTH:g} in are "
            "possible"
        )
    return found


def narrow(width: float | None) -> bool:
    """Whether a sheet is one column's."""
    return width is not None and width < _NARROW


def print_room(width: float) -> float:
    """Inches between the margins."""
    return width - 2 * PRINT_MARGIN


def points_across(width: float) -> int:
    """How many simulators' points have room side by side.

    >>> points_across(3.4), points_across(7.0)
    (6, 12)
    """
    return 6 if narrow(width) else 12


def tile_names(width: float) -> float:
    """Inches for the names on the left of a map."""
    return 1.3 if narrow(width) else 1.75


def tiles_across(width: float) -> int:
    """How many columns of a map have room beside its names, with one to spare for gaps between classes.

    >>> tiles_across(3.4), tiles_across(7.0)
    (6, 18)
    """
    return int((print_room(width) - tile_names(width)) / TILE) - 1
