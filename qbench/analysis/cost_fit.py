"""Fits costs to times: no coefficient below zero, errors as factors, forms chosen by held-out families.

Times span five powers of ten and err in proportion to themselves, so what is minimised is the sum of squared
logarithms of predicted over measured.  Squared relative deviations alone, with which the search starts, would
pull a fit with large errors far too low (a deviation downward is at most 100 %): to a factor of 0.5 where
times scatter by a factor of two around the form.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from qbench.analysis.cost_forms import Form, Size, candidate_forms
from qbench.analysis.stats import CONFIDENCE

__all__ = ["LEAST_CIRCUITS", "LEAST_FAMILIES", "Fitted", "Point", "fit_form", "fit_points", "off_by"]

Numbers = npt.NDArray[np.float64]

SPARE_POINTS = 2
"""A form needs so many points more than it has terms."""

LEAST_CIRCUITS, LEAST_FAMILIES = 6, 3
"""With fewer there is no cross-validation: what is left to fit would say next to nothing."""

ENOUGH_FAMILIES = 5
"""With fewer families there is no interval over them, as for the totals (``qbench.analysis.families``), and
forms are not chosen by them: one family of three sizes would decide."""

SIMPLER = 1.1
"""Of forms whose held-out errors are within this factor of the smallest, the one with the fewest terms."""

_STEPS, _FOLD_STEPS = 30, 4
_CLOSE = 1e-7
_LEAST_PART = 1e-3
_LEAST_SHARE = 1e-6  # of what is measured: where a form predicts nothing at all (no gates, no fixed cost)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One measured time and its size.  ``circuit`` is counted, ``family`` is left out whole."""

    circuit: str
    family: str
    size: Size
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A form with its coefficients, in seconds, in the order of its terms.

    ``low`` and ``high`` are 95 % intervals over families, None with fewer than five.  ``held_out`` are, by
    family, the coefficients of the fit to all the others; empty where there is no cross-validation.
    """

    form: Form
    coefficients: tuple[float, ...]
    low: tuple[float, ...] | None
    high: tuple[float, ...] | None
    held_out: Mapping[str, tuple[float, ...]]

    def seconds(self, size: Size, without: str | None = None) -> float:
        """What the form gives for a size; ``without`` names the family that the fit should not have seen."""
        used = self.coefficients if without is None else self.held_out[without]
        return math.fsum(c * count for c, count in zip(used, self.form.counts(size), strict=True) if c)


def off_by(predicted: float, measured: float) -> float:
    """By which share the larger of two times exceeds the smaller: 0.25 reads "off by a factor of 1.25".

    >>> off_by(2.0, 1.0), off_by(1.0, 2.0), off_by(3.0, 3.0)
    (1.0, 1.0, 0.0)
    """
    if min(predicted, measured) <= 0:
        return math.inf
    return max(predicted / measured, measured / predicted) - 1


def fit_points(points: Sequence[Point], kind: str = "exact") -> Fitted | None:
    """The form that predicts held-out families best, fitted to all points; None with too few points.

    ``kind`` is the simulator's.  Every form has at least two points more than terms, and each of its terms
    costs something (else a form with fewer terms says the same).  Forms are chosen by their mean absolute
    logarithm of predicted over measured, each family predicted by a fit to the others; leaving out single
    circuits would flatter, as a family's sizes resemble each other.  With fewer than five families or six
    circuits that is all that can be done: circuits are left out one by one.  Three families and six circuits
    are enough to tell the error on families.

    >>> sizes = [Size(qubits=n, gates=5 * n + n % 3) for n in range(3, 13)]
    >>> cost = lambda s: 1e-4 + 1e-6 * s.gates + 2e-9 * s.gates * s.amplitudes
    >>> points = [
    ...     Point(circuit=f"c{s.qubits}", family=f"f{s.qubits % 4}", size=s, seconds=cost(s)) for s in sizes
    ... ]
    >>> found = fit_points(points)
    >>> found.form.name, [f"{c:.3g}" for c in found.coefficients]
    ('state vector', ['0.0001', '1e-06', '2e-09'])
    """
    seconds = np.array([point.seconds for point in points])
    tried: list[Tried] = []
    for form in candidate_forms([point.size for point in points], kind):
        if len(points) < len(form.terms) + SPARE_POINTS:
            continue
        design = np.array([form.counts(point.size) for point in points])
        if not _independent(design):
            continue
        found = fit_form(design, seconds)
        if _each_matters(design, found):
            tried.append(Tried(form, design, found))
    if not tried:
        return None
    circuits = sorted({point.circuit for point in points})
    families = sorted({point.family for point in points})
    if len(families) >= ENOUGH_FAMILIES and len(circuits) >= LEAST_CIRCUITS:
        groups = [families.index(point.family) for point in points]
    else:
        groups = [circuits.index(point.circuit) for point in points]
    best = _chosen(tried, seconds, groups)
    if best is None:
        return Fitted(
            form=tried[0].form, coefficients=_plain(tried[0].found), low=None, high=None, held_out={}
        )
    form, _, found = best.tried
    told: HeldOut | None = None
    if len(families) >= LEAST_FAMILIES and len(circuits) >= LEAST_CIRCUITS:
        told = _held_out(best.tried, seconds, [families.index(point.family) for point in points])
    low, high = (None, None) if told is None else _intervals(found, told.folds)
    return Fitted(
        form=form,
        coefficients=_plain(found),
        low=low,
        high=high,
        held_out={} if told is None else dict(zip(families, map(_plain, told.folds), strict=True)),
    )


def fit_form(design: Numbers, seconds: Numbers, start: Numbers | None = None, steps: int = _STEPS) -> Numbers:
    """Coefficients of at least 0 that minimise the sum of log(predicted / measured)^2.

    ``design`` has a row for each time and a column for each term.  Each step solves the problem linearised
    around the last prediction by non-negative least squares (Gauss-Newton with the method of Lawson and
    Hanson 1974) and goes as far that way as the sum falls.

    >>> found = fit_form(np.array([[1.0, 1.0], [1.0, 2.0], [1.0, 4.0]]), np.array([5.0, 8.0, 14.0]))
    >>> [round(float(c), 6) for c in found]
    [2.0, 3.0]
    """
    from scipy.optimize import nnls  # 0.1 s to import, and a run without a fit does not need it

    scale = np.sqrt(np.mean((design / seconds[:, None]) ** 2, axis=0))
    scaled = design / scale
    if start is None:
        now = nnls(scaled / seconds[:, None], np.ones(len(seconds)), maxiter=100)[0]
    else:
        now = start * scale
    least = _LEAST_SHARE * seconds

    def logs(coefficients: Numbers) -> Numbers:
        rest: Numbers = np.log(seconds / np.maximum(scaled @ coefficients, least))
        return rest

    rest = logs(now)
    total = float(rest @ rest)
    for _ in range(steps):
        predicted = np.maximum(scaled @ now, least)
        aim = nnls(scaled / predicted[:, None], 1 + rest, maxiter=100)[0]
        for share in (1.0, 0.5, 0.25, 0.1):
            trial = now + share * (aim - now)
            trial_rest = logs(trial)
            trial_total = float(trial_rest @ trial_rest)
            if trial_total < total:
                break
        else:
            break
        gained = total - trial_total
        now, rest, total = trial, trial_rest, trial_total
        if gained <= _CLOSE * total:
            break
    result: Numbers = now / scale
    return result


def _independent(design: Numbers) -> bool:
    """Whether these points can tell the terms apart: those of one size cannot tell gates from gates x 2^n."""
    largest = design.max(axis=0)
    if not np.all(np.isfinite(largest)) or not np.all(largest > 0):
        return False
    return bool(np.linalg.matrix_rank(design / largest) == design.shape[1])


def _each_matters(design: Numbers, coefficients: Numbers) -> bool:
    """Whether every term but the first is somewhere at least a thousandth of what is predicted."""
    parts = design * coefficients
    whole = parts.sum(axis=1)
    if not np.all(whole > 0):
        return False
    return bool(np.all((parts / whole[:, None]).max(axis=0)[1:] > _LEAST_PART))


def _plain(coefficients: Numbers) -> tuple[float, ...]:
    return tuple(float(c) for c in coefficients)


class Tried(NamedTuple):
    """A form, its terms' counts by point, and the coefficients that fit all points."""

    form: Form
    design: Numbers
    found: Numbers

    def error(self, seconds: Numbers) -> float:
        return _mean_log(self.design @ self.found, seconds)


class HeldOut(NamedTuple):
    """A form with the coefficients without each group of points, and how far these are off on the group."""

    tried: Tried
    folds: list[Numbers]
    error: float


def _chosen(tried: Sequence[Tried], seconds: Numbers, groups: Sequence[int]) -> HeldOut | None:
    """The form whose error on held-out groups is the smallest, or nearly so with fewer terms.

    None where every form has more terms than is left without some group.
    """
    best = math.inf
    found: list[HeldOut] = []
    for one in sorted(tried, key=lambda one: one.error(seconds)):
        if one.error(seconds) > best * SIMPLER:
            break  # held-out errors are larger still
        held_out = _held_out(one, seconds, groups)
        if held_out is not None:
            best = min(best, held_out.error)
            found.append(held_out)
    near = [one for one in found if one.error <= best * SIMPLER]
    return min(near, key=lambda one: (len(one.tried.form.terms), one.error)) if near else None


def _held_out(one: Tried, seconds: Numbers, groups: Sequence[int]) -> HeldOut | None:
    mine = np.array(groups)
    rest = [mine != place for place in range(max(groups) + 1)]
    if any(np.count_nonzero(kept) < len(one.form.terms) for kept in rest):
        return None
    folds = [fit_form(one.design[kept], seconds[kept], one.found, _FOLD_STEPS) for kept in rest]
    predicted = np.array([one.design[row] @ folds[place] for row, place in enumerate(groups)])
    return HeldOut(one, folds, _mean_log(predicted, seconds))


def _mean_log(predicted: Numbers, seconds: Numbers) -> float:
    return float(np.mean(np.abs(np.log(np.maximum(predicted, _LEAST_SHARE * seconds) / seconds))))


def _intervals(
    found: Numbers, folds: Sequence[Numbers]
) -> tuple[tuple[float, ...] | None, tuple[float, ...] | None]:
    """Student's t around the coefficients, with the jackknife's error over families (Efron and Stein 1981).

    What is resampled is the choice of families, and with it the form's misfit and the noise of the times.
    """
    count = len(folds)
    if count < ENOUGH_FAMILIES:
        return None, None
    from scipy.special import stdtrit

    every = np.array(folds)
    errors = np.sqrt((count - 1) / count * np.sum((every - every.mean(axis=0)) ** 2, axis=0))
    reach = float(stdtrit(count - 1, (1 + CONFIDENCE) / 2)) * errors
    return _plain(np.maximum(0.0, found - reach)), _plain(found + reach)
