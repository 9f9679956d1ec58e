"""A form fitted without each group of points: how far off it is there, and how far its costs move.

Every such fit starts afresh: one that started from the fit to all points and took a few steps would still
know something of the group that it should not have seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from qbench.analysis.cost_forms import Form
from qbench.analysis.cost_search import Numbers, fit_form, independent, mean_log
from qbench.analysis.stats import CONFIDENCE

__all__ = ["ENOUGH_FAMILIES", "Chosen", "Ends", "Tried", "chosen", "fits_without", "intervals"]

SIMPLER = 1.1
"""Of forms whose held-out errors are within this factor of the smallest, the one with the fewest terms."""

ENOUGH_FAMILIES = 5
"""With fewer families there is no interval over them, as for the totals (``qbench.analysis.families``), and
forms are not chosen by them: one family of three sizes would decide."""

Ends = tuple[float | None, ...]


class Tried(NamedTuple):
    """A form, its terms' counts by point, and the coefficients that fit all points."""

    form: Form
    design: Numbers
    found: Numbers


def fits_without(design: Numbers, seconds: Numbers, groups: Sequence[int]) -> tuple[Numbers | None, ...]:
    """The coefficients without each group of points, in the order of their numbers 0, 1, ...

    None where the points that are left cannot tell the terms apart: nothing is known of that group.

    >>> design, seconds = np.array([[1.0, 1.0], [1.0, 2.0], [1.0, 4.0]]), np.array([5.0, 8.0, 14.0])
    >>> fits_without(design, seconds, [0, 0, 1])[0] is None  # one point is left for two terms
    True
    """
    mine = np.array(groups)
    rests = [mine != place for place in range(max(groups) + 1)]
    return tuple(
        fit_form(design[kept], seconds[kept]) if independent(design[kept]) else None for kept in rests
    )


class Chosen(NamedTuple):
    """A form with its coefficients without each group, and how far these are off on the groups."""

    tried: Tried
    folds: tuple[Numbers | None, ...]
    error: float


def chosen(tried: Sequence[Tried], seconds: Numbers, groups: Sequence[int]) -> Chosen | None:
    """The form whose error on held-out groups is the smallest, or nearly so with fewer terms.

    A form that one group alone tells from another form takes no part: of that group it knows only what it
    has learnt from it.  None where that is so of every form.
    """
    found: list[Chosen] = []
    for one in tried:
        folds = fits_without(one.design, seconds, groups)
        predicted = np.empty(len(seconds))
        for place, fold in enumerate(folds):
            if fold is None:
                break
            held = np.array(groups) == place
            predicted[held] = one.design[held] @ fold
        else:
            found.append(Chosen(one, folds, mean_log(predicted, seconds)))
    best = min((one.error for one in found), default=0.0)
    near = [one for one in found if one.error <= best * SIMPLER]
    return min(near, key=lambda one: (len(one.tried.form.terms), one.error)) if near else None


def intervals(found: Numbers, folds: Sequence[Numbers | None]) -> tuple[Ends, Ends] | None:
    """Lower and upper ends: Student's t with the jackknife's error over families (Efron and Stein 1981).

    What is resampled is the choice of families, and with it the form's misfit and the noise of the times.
    None with fewer than five families, or where one of them cannot be left out.  A cost of 0 has no ends
    (None): the fit stands at the edge of what it may be, where leaving families out moves it to one side
    only or not at all.
    """
    told = [fold for fold in folds if fold is not None]
    count = len(told)
    if count < max(ENOUGH_FAMILIES, len(folds)):
        return None
    from scipy.special import stdtrit

    every = np.array(told)
    errors = np.sqrt((count - 1) / count * np.sum((every - every.mean(axis=0)) ** 2, axis=0))
    reach = float(stdtrit(count - 1, (1 + CONFIDENCE) / 2)) * errors
    ends = [
        (max(0.0, value - off), value + off) if value > 0 else (None, None)
        for value, off in zip(found.tolist(), reach.tolist(), strict=True)
    ]
    return tuple(low for low, _ in ends), tuple(high for _, high in ends)
