"""Coefficients of a cost: none below zero, errors as factors.

Times span five powers of ten and err in proportion to themselves, so what is minimised is the sum of squared
logarithms of predicted over measured.  Squared relative deviations alone, with which the search starts, would
pull a fit with large errors far too low (a deviation downward is at most 100 %): to a factor of 0.5 where
times scatter by a factor of two around the form.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["Numbers", "each_matters", "fit_form", "independent", "mean_log"]

Numbers = npt.NDArray[np.float64]

_STEPS = 30
_CLOSE = 1e-7
_LEAST_PART = 1e-3
_LEAST_SHARE = 1e-6  # of what is measured: where a form predicts nothing at all (no gates, no fixed cost)


def fit_form(design: Numbers, seconds: Numbers) -> Numbers:
    """Coefficients of at least 0 that minimise the sum of log(predicted / measured)^2.

    ``design`` has a row for each time and a column for each term; a column of zeros has the coefficient 0.
    Each step solves the problem linearised around the last prediction by non-negative least squares
    (Gauss-Newton with the method of Lawson and Hanson 1974) and goes as far that way as the sum falls.  The
    start follows from these times alone, so that a fit to some families owes nothing to the others.

    >>> found = fit_form(np.array([[1.0, 1.0], [1.0, 2.0], [1.0, 4.0]]), np.array([5.0, 8.0, 14.0]))
    >>> [round(float(c), 6) for c in found]
    [2.0, 3.0]
    """
    from scipy.optimize import nnls  # 0.1 s to import, and a run without a fit does not need it

    scale = np.sqrt(np.mean((design / seconds[:, None]) ** 2, axis=0))
    scale[scale == 0] = 1.0
    scaled = design / scale
    least = _LEAST_SHARE * seconds

    def logs(coefficients: Numbers) -> Numbers:
        rest: Numbers = np.log(seconds / np.maximum(scaled @ coefficients, least))
        return rest

    now = nnls(scaled / seconds[:, None], np.ones(len(seconds)), maxiter=100)[0]
    rest = logs(now)
    total = float(rest @ rest)
    for _ in range(_STEPS):
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


def mean_log(predicted: Numbers, seconds: Numbers) -> float:
    """The mean absolute logarithm of predicted over measured."""
    return float(np.mean(np.abs(np.log(np.maximum(predicted, _LEAST_SHARE * seconds) / seconds))))


def independent(design: Numbers) -> bool:
    """Whether these points can tell the terms apart: those of one size cannot tell gates from gates x 2^n.

    >>> independent(np.array([[1.0, 4.0], [1.0, 9.0]])), independent(np.array([[1.0, 4.0], [1.0, 4.0]]))
    (True, False)
    """
    if len(design) < design.shape[1]:
        return False
    largest = design.max(axis=0)
    if not np.all(np.isfinite(largest)) or not np.all(largest > 0):
        return False
    return bool(np.linalg.matrix_rank(design / largest) == design.shape[1])


def each_matters(design: Numbers, coefficients: Numbers) -> bool:
    """Whether every term but the first is somewhere at least a thousandth of what is predicted."""
    parts = design * coefficients
    whole = parts.sum(axis=1)
    if not np.all(whole > 0):
        return False
    return bool(np.all((parts / whole[:, None]).max(axis=0)[1:] > _LEAST_PART))
