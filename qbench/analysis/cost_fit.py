"""Fits costs to times: the form is chosen by families that the fit had not seen."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qbench.analysis.cost_folds import ENOUGH_FAMILIES, Ends, Tried, chosen, fits_without, intervals
from qbench.analysis.cost_forms import Form, Size, candidate_forms
from qbench.analysis.cost_search import Numbers, each_matters, fit_form, independent

__all__ = ["LEAST_CIRCUITS", "LEAST_FAMILIES", "Fitted", "Point", "fit_points", "off_by"]

SPARE_POINTS = 2
"""A form needs so many points more than it has terms."""

LEAST_CIRCUITS, LEAST_FAMILIES = 6, 3
"""With fewer there is no cross-validation: what is left to fit would say next to nothing."""


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

    ``low`` and ``high`` are 95 % intervals over families: None with fewer than five, and an end of None for
    a coefficient of 0.  ``held_out`` are, by family, the coefficients of the fit to all the others; a family
    without which the terms could not be told apart is not there, and none is without cross-validation.
    """

    form: Form
    coefficients: tuple[float, ...]
    low: Ends | None
    high: Ends | None
    held_out: Mapping[str, tuple[float, ...]]

    def seconds(self, size: Size, without: str | None = None) -> float:
        """What the form gives for a size; ``without`` names the family that the fit should not have seen.

        Raises ``KeyError`` for a family that was not held out.
        """
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
        if not independent(design):
            continue
        found = fit_form(design, seconds)
        if each_matters(design, found):
            tried.append(Tried(form, design, found))
    if not tried:
        return None
    circuits = sorted({point.circuit for point in points})
    families = sorted({point.family for point in points})
    by_family = [families.index(point.family) for point in points]
    by_circuit = [circuits.index(point.circuit) for point in points]
    enough = len(circuits) >= LEAST_CIRCUITS
    groups = by_family if enough and len(families) >= ENOUGH_FAMILIES else by_circuit
    best = chosen(tried, seconds, groups)
    if best is None:  # one circuit with several numbers of shots: the first form, a constant, describes it
        return _fitted(tried[0], {})
    if not enough or len(families) < LEAST_FAMILIES:
        return _fitted(best.tried, {})
    folds = best.folds if groups is by_family else fits_without(best.tried.design, seconds, by_family)
    return _fitted(best.tried, dict(zip(families, folds, strict=True)))


def _fitted(one: Tried, folds: Mapping[str, Numbers | None]) -> Fitted:
    ends = intervals(one.found, list(folds.values()))
    return Fitted(
        form=one.form,
        coefficients=_plain(one.found),
        low=None if ends is None else ends[0],
        high=None if ends is None else ends[1],
        held_out={family: _plain(fold) for family, fold in folds.items() if fold is not None},
    )


def _plain(coefficients: Numbers) -> tuple[float, ...]:
    return tuple(float(c) for c in coefficients)
