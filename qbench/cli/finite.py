"""Numbers on the command line that are numbers."""

from __future__ import annotations

import math
from typing import Any

import click

__all__ = ["FiniteRange"]


class FiniteRange(click.FloatRange):
    """A range of floats that ``nan`` is not in: it compares with no bound, so click lets it pass.

    >>> FiniteRange(0, 1)("0.5")
    0.5
    >>> FiniteRange(0, 1)("nan")
    Traceback (most recent call last):
        ...
    click.exceptions.BadParameter: nan is not a number.
    """

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        found: float = super().convert(value, param, ctx)
        if math.isnan(found):
            self.fail(f"{value} is not a number.", param, ctx)
        return found
