"""Are these numbers right?  The judge of expectation values, sweeps and gradients.

Each number's error is taken beyond double against the reference, and the largest is held to

    bound = u * (factor * path + (2^n + terms) / 2) * weight                   (gradients: * steepness)

* ``u`` and ``path`` are those of the states' bound (``qbench.verify.state``): how far the state's rounding
  errors may walk.  An expectation value is off by at most 2 ||O|| times what the state is off by in the
  2-norm, and ``weight``, the sum of the coefficients' sizes, is at least ||O||.
* (2^n + terms) / 2 is the worst that adding so many numbers one after the other can do while the partial
  sums grow evenly: each addition is off by at most half an ulp.  Equal probabilities come near it, as they
  round alike (``docs/accuracy.md`` has an honest package at a sixth of it).
* ``steepness`` is the sum of |scale| over all angles that a parameter is in, of the parameter with the
  largest: what the derivative by it is made of.  Each such angle adds at most one derivative of at most
  ``weight``.

Before it is scaled by weight and steepness the bound never exceeds ``LARGEST_BOUND``, so an expectation
value that is off by 1e-9 of the weight is wrong in double precision, always.
How the factors were chosen: ``docs/accuracy.md``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from qbench.errors import QbenchError
from qbench.ir import Circuit, Observable, Parameter, Task
from qbench.model import Judgement
from qbench.verify.gates import mp
from qbench.verify.state import FACTOR, LARGEST_BOUND, ROUNDOFF, path_length

__all__ = ["ERRORS", "FACTORS", "asked_observable", "judge_values", "malformed_values", "values_bound"]

FACTORS: Mapping[str, float] = dict.fromkeys(("expval", "sweep", "gradient"), 2 * FACTOR)
"""By task kind: twice that of states, as a value is off by at most 2 ||O|| times what the state is.  Largest
honest values: packages 2.7 (single 5.7), gradients 1.3 (results/calibration), NumPy's adjoint way 3.0."""

SMALLEST_STEEPNESS = 2.0**-20
"""Angles that do not depend on their parameters, of scale 0: an honest 1e-17 is no fault."""

COMMON_SCALE = 64.0
"""Up to this weight times steepness the largest bound is absolute: an error of 1e-9 is wrong in double."""

ERRORS: Mapping[str, str] = {
    "expval": "expectation_error",
    "sweep": "expectation_error",
    "gradient": "gradient_error",
}
"""The figure that holds the largest error, by task kind."""


def values_bound(circuit: Circuit, task: Task, precision: str, executed: Circuit | None = None) -> float:
    """The largest honest error of any of the numbers that a task asks for, at a declared precision.

    ``circuit`` is the circuit before lowering, with free parameters where the task binds them, and
    ``executed`` the one after: the larger of both bounds holds.  Raises ``QbenchError`` for an unknown
    precision, and for a task kind that does not ask for numbers.

    >>> from qbench.ir import Operation, PauliTerm
    >>> energy = Task("expval", observable=Observable((PauliTerm(3.0, ((0, "Z"),)),)))
    >>> values_bound(Circuit(1, (Operation("h", (0,)),)), energy, "complex128") / 2.0**-53
    64.5
    """
    observable = asked_observable(task)
    paths = [circuit] if executed is None else [circuit, executed]
    rows = [dict(zip(task.parameters, row, strict=True)) for row in task.bindings] or [{}]
    path = max(path_length(one, precision, row) for one in paths for row in rows)
    summing = (2.0**circuit.num_qubits + len(observable.terms)) / 2
    bound = ROUNDOFF[precision] * (FACTORS[task.kind] * path + summing)
    scale = observable.weight * max(_steepness(one, task) for one in paths)
    largest = LARGEST_BOUND[precision] * (scale if scale < 1.0 else max(1.0, scale / COMMON_SCALE))
    return min(bound * scale, largest)


def asked_observable(task: Task) -> Observable:
    """The observable of a task that asks for numbers.  Raises ``QbenchError`` for a task of another kind."""
    if task.kind not in FACTORS or task.observable is None:
        raise QbenchError(f"a {task.kind} task asks for no numbers; expected one of {', '.join(FACTORS)}")
    return task.observable


def _steepness(circuit: Circuit, task: Task) -> float:
    """The largest sum of |scale| over a parameter's angles; 1.0 where no derivative is asked for."""
    if task.kind != "gradient":
        return 1.0
    scales: dict[str, list[float]] = {name: [] for name in task.parameters}
    for op in circuit.gates:
        for angle in op.params:
            if isinstance(angle, Parameter):
                scales.setdefault(angle.name, []).append(abs(angle.scale))
    return max(SMALLEST_STEEPNESS, *(math.fsum(found) for found in scales.values()))


def judge_values(
    answer: Any,
    values: Sequence[tuple[float, float]],
    circuit: Circuit,
    task: Task,
    precision: str,
    executed: Circuit | None = None,
) -> Judgement:
    """Judge the numbers of an ``expval``, ``sweep`` or ``gradient`` task against the reference's (hi, lo).

    The answer is a real number or a one-dimensional array of as many as there are ``values``.  Figures:
    ``expectation_error`` or ``gradient_error``, the largest absolute error; ``weight``, the largest size
    that a value can have (of a gradient: times the steepness); ``bound`` and ``gates``.  A malformed answer
    has no error.

    >>> from qbench.ir import Operation, PauliTerm
    >>> energy = Task("expval", observable=Observable((PauliTerm(1.0, ((0, "Z"),)),)))
    >>> one = Circuit(1, (Operation("x", (0,)),))
    >>> judge_values(-1.0, [(-1.0, 0.0)], one, energy, "complex128").passed
    True
    >>> judge_values(1.0, [(-1.0, 0.0)], one, energy, "complex128").reason
    'the expectation value is off by 2; allowed is 2.4e-15'
    """
    bound = values_bound(circuit, task, precision, executed)
    figures: dict[str, float | int] = {
        "bound": bound,
        "gates": len(circuit.gates),
        "weight": asked_observable(task).weight * _steepness(circuit, task),
    }
    reason = malformed_values(answer, len(values), precision)
    if reason:
        return Judgement(passed=False, figures=figures, reason=reason, malformed=True)
    numbers = np.atleast_1d(np.asarray(answer, dtype=np.float64)).tolist()
    errors = [_error(number, *value) for number, value in zip(numbers, values, strict=True)]
    worst = max(range(len(errors)), key=errors.__getitem__)
    figures[ERRORS[task.kind]] = errors[worst]
    if errors[worst] <= bound:
        return Judgement(passed=True, figures=figures)
    reason = f"{_named(task, worst)} is off by {errors[worst]:.2g}; allowed is {bound:.2g}"
    return Judgement(passed=False, figures=figures, reason=reason)


def _error(number: float, hi: float, lo: float) -> float:
    """|number - hi - lo|, exact and then rounded once."""
    return float(abs(mp.mpf(number) - mp.mpf(hi) - mp.mpf(lo)))


def _named(task: Task, index: int) -> str:
    if task.kind == "gradient":
        return f"the derivative by {task.parameters[index]}"
    if task.kind == "sweep":
        return f"the expectation value at binding {index}"
    return "the expectation value"


def malformed_values(answer: Any, count: int, precision: str) -> str | None:
    """What is wrong with the form of an answer that should be ``count`` real numbers, or None.

    >>> malformed_values(np.array([0.5, np.nan]), 2, "complex128")
    '1 of 2 values are not finite'
    """
    if isinstance(answer, (bool, np.bool_)) or not isinstance(answer, (int, float, np.number, np.ndarray)):
        return f"the answer is a {type(answer).__name__}, expected {_numbers(count)}"
    array = np.asarray(answer)
    if array.dtype.kind not in "fiu" or array.dtype.itemsize > 8:
        return f"the answer holds {array.dtype}, expected real numbers of at most 64 bits"
    if precision == "complex128" and array.dtype.kind == "f" and array.dtype.itemsize < 8:
        return f"the answer holds {array.dtype}, declared is complex128"
    if array.shape != (count,) and not (count == 1 and array.shape == ()):
        return f"the answer has shape {array.shape}, expected {_numbers(count)}"
    strange = int(np.count_nonzero(~np.isfinite(array)))
    return f"{strange} of {count} values are not finite" if strange else None


def _numbers(count: int) -> str:
    return "one number" if count == 1 else f"{count} numbers in one dimension"
