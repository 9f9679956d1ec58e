"""How far off can the reference itself be?  A proven bound, so that a table may print an error as proven.

The double-double reference of a small problem is computed again in rigorous ball arithmetic (``balls.py``,
which shares no gate, no path and no arithmetic with it), and every number of it is compared with its ball.
This file does not load python-flint: ``reference_radius`` does.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from qbench.errors import QbenchError
from qbench.ir import Circuit, Task

if TYPE_CHECKING:
    from qbench.verify.ball_distance import Gap
    from qbench.verify.task_reference import Reference

__all__ = ["MOST_COST", "proven_error", "reference_radius"]

MOST_COST = 2.0**21
"""Updates (``ball_effort.Effort.cost``) that a proof may take: up to 2 s of CPU time, once 3.5 s, in
870 proofs of stored circuits on a busy 2-core machine."""

TOLERANCE = 2.0**-90
"""A reference that is off by more, relative to its scale, is wrong; ``gates`` 2^-100 where that is more."""

UNDERFLOW = 2.0**-960
"""Nothing below is held against a reference: double-double is no better than double there."""

ALIGNED = 2.0**-95
"""What the judge's own arithmetic beyond double adds to an amplitude error: see ``proven_error``."""

JUDGE_ROUNDING = Fraction(1, 2**48)
"""Relative rounding of a judged error, with room: a difference to half an ulp, a hypotenuse to 4 ulp."""


def reference_radius(circuit: Circuit, task: Task, reference: Reference) -> float | None:
    """An upper bound of what a reference's own error does to the judged figure; None where not certified.

    ``circuit`` is what ``prepare`` had.  The unit is that of the figure:

    * expval, sweep, gradient: the largest error of a value;
    * density_matrix: the Frobenius norm of the error;
    * sample, noisy_sample: the largest error of a probability, as the double that samples are tested against;
    * state: the largest error of an amplitude, plus 4 times the 2-norm of all and ``ALIGNED``, as an error of
      the reference also turns the global phase that answers are aligned to (see ``proven_error``).

    None where python-flint is not installed, or a distribution has no remainders, or the proof would cost
    more than ``MOST_COST``, or balls that large angles or many gates made too wide prove nothing.  Raises
    ``QbenchError`` where the reference is off, proven, by more than ``TOLERANCE``.

    >>> from qbench.ir import Operation
    >>> from qbench.verify.judge import prepare
    >>> circuit, task = Circuit(1, (Operation("h", (0,)),)), Task("state")
    >>> reference_radius(circuit, task, prepare(circuit, task)) < 1e-28
    True
    """
    if importlib.util.find_spec("flint") is None:
        return None
    from qbench.verify.ball_distance import largest, root_sum

    _finite(circuit, task, reference)
    found = _gaps(circuit, task, reference)
    if found is None:
        return None
    checked, judged = found
    allowed = max(TOLERANCE, len(circuit.operations) * 2.0**-100)
    limits = [max(gap.scale * allowed, UNDERFLOW) for gap in checked]
    if any(gap.low > limit for gap, limit in zip(checked, limits, strict=True)):
        raise QbenchError(
            "the reference is wrong: please report it.  "
            f"{task.label} of circuit {circuit.name or circuit.id} is off by up to {largest(checked):.3g}, "
            f"proven by ball arithmetic; allowed are {allowed:.2g} of its scale"
        )
    if not all(gap.high <= limit for gap, limit in zip(checked, limits, strict=True)):
        return None
    radius = largest(judged)
    if task.kind == "density_matrix":
        radius = root_sum(judged)
    if task.kind == "state":
        radius = _up(Fraction(radius) + 4 * Fraction(root_sum(judged)) + Fraction(ALIGNED))
    return radius


def _gaps(circuit: Circuit, task: Task, reference: Reference) -> tuple[Sequence[Gap], Sequence[Gap]] | None:
    """(distances that say whether the reference is right, distances that the radius is the largest of)."""
    from qbench.verify import ball_distance

    gaps: list[Gap] | None
    if task.counted:
        error = task.noise.readout_error if task.noise is not None else None
        return ball_distance.distribution_gaps(
            circuit, _needed(reference.distribution, task), error, MOST_COST
        )
    if task.kind == "state":
        state = _needed(reference.state, task)
        gaps = ball_distance.state_gaps(circuit, [*state.re, *state.im], MOST_COST)
    elif task.kind == "density_matrix":
        density = _needed(reference.density, task)
        gaps = ball_distance.density_gaps(circuit, [*density.re, *density.im], MOST_COST)
    elif task.kind == "gradient":
        gaps = ball_distance.gradient_gaps(circuit, task, _needed(reference.values, task), MOST_COST)
    else:
        rows = task.bindings or ((),)
        circuits = [circuit.bind(dict(zip(task.parameters, row, strict=True))) for row in rows]
        observable, values = _needed(task.observable, task), _needed(reference.values, task)
        gaps = ball_distance.values_gaps(circuits, observable, values, MOST_COST)
    return None if gaps is None else (gaps, gaps)


def _needed(part: Any, task: Task) -> Any:
    if part is None or part == ():
        raise QbenchError(f"a reference without what a {task.kind} task needs: prepare it for this task")
    return part


def _finite(circuit: Circuit, task: Task, reference: Reference) -> None:
    """Raise where a number is not finite, as no comparison with one says anything."""
    parts: list[Any] = []
    if task.counted:
        distribution = _needed(reference.distribution, task)
        parts += [distribution.probabilities, distribution.remainders]
    elif task.kind in ("state", "density_matrix"):
        numbers = _needed(reference.state if task.kind == "state" else reference.density, task)
        parts += [*numbers.re, *numbers.im]
    else:
        parts += [np.array(_needed(reference.values, task))]
    if not all(np.isfinite(part).all() for part in parts if part is not None):
        raise QbenchError(
            "the reference is wrong: please report it.  "
            f"{task.label} of circuit {circuit.name or circuit.id} holds a number that is not finite"
        )


def proven_error(error: float, radius: float) -> tuple[float, float]:
    """What is proven of an answer's true error, given its judged ``error`` and the ``reference_radius``.

    The true error is that against the exact answer, not against the reference.  It lies in (low, high):
    error (1 -+ 2^-48) -+ radius, rounded outwards.  So the digits on which low and high agree are proven:
    twelve of an error of 1e-16 where the radius is 1e-28.

    Why this holds.  Each difference ``answer - reference`` is taken in double-double from exact doubles,
    within 3 2^-106 of itself, then rounded to a double (2^-53) and, if complex, put into a hypotenuse (2^-52
    in C libraries, 2^-50 is allowed for): together below 2^-48.  By the triangle inequality the reference's
    own error adds at most ``radius``, which the balls prove.  The maximum over many numbers moves by no more
    than each of them.

    States are aligned first, to the phase of the overlap <reference|answer>.  Claimed is the error at the
    phase of the exact overlap <exact|answer>.  With the 2-norm N of the reference's error, the two overlaps
    differ by at most N |answer|, so their phases (Dunkl and Williams 1964: |z/|z| - w/|w|| <= 2 |z - w| /
    (|z| + |w|)) by at most 4 N while the fidelity is at least 1/4, and each aligned amplitude by that at
    most.  The judge's overlap, its phase and the rotated reference are in double-double: another 2^-96 at up
    to 26 qubits.  Both are in the radius of a state.  An ``error`` below 1e-4 implies that fidelity up to 26
    qubits (else 2^-13 sqrt(3/4) of error would be somewhere); above, the claim is the error at the judge's
    own phase.  At another phase the largest error may be smaller: ``high`` bounds it at the best one, too,
    ``low`` does not.

    >>> low, high = proven_error(1.25e-16, 1e-30)
    >>> f"{low:.3g} {high:.3g}", low < 1.25e-16 < high
    ('1.25e-16 1.25e-16', True)
    """
    if not (error >= 0.0 and radius >= 0.0):  # also what is not a number
        raise QbenchError(
            f"an error of {error!r} with a radius of {radius!r}; expected two numbers from 0 upwards"
        )
    if math.isinf(error) or math.isinf(radius):
        return (0.0 if math.isinf(radius) else error), math.inf
    low = Fraction(error) * (1 - JUDGE_ROUNDING) - Fraction(radius)
    high = Fraction(error) * (1 + JUDGE_ROUNDING) + Fraction(radius)
    return (-_up(-low) if low > 0 else 0.0), _up(high)


def _up(number: Fraction) -> float:
    """The least double that is not below a number."""
    nearest = float(number)
    return math.nextafter(nearest, math.inf) if Fraction(nearest) < number else nearest
