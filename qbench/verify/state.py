"""Is this state vector right?  The amplitude gate, with every figure computed beyond double.

Infidelity is reported but decides nothing: an angle wrong by 1e-9 changes it by 2.5e-19.  What decides is
the largest amplitude error after the global phase is aligned, and the error of the norm, each against

    bound = FACTOR * u * sqrt(sum over distinct gates of size * (times * weight)^2)

* ``u`` is the unit roundoff of the *declared* precision: 2^-53 or 2^-24.
* Errors of *different* gates add like a random walk, hence the root of a sum of squares.  The *same* gate
  (one name, the same angles) makes the same rounding error each time, and ``times`` of them add up straight:
  2000 honest Hadamard gates in double leave the norm wrong by 1600 u, 36 times u sqrt(gates).
  Angles below 10 sqrt(u) count as the same: their cosines all round alike to 1.
* Gates without rounding (``EXACT``) walk at random with ``times`` instead of its square.
* ``size`` is the number of gates that a textbook writes the gate with (``SIZES``): a simulator that
  lacks ccx runs fifteen gates, and that is honest.
* ``weight`` is 1 for a gate with one angle, as halving it is exact and its cosine rounds once; for a gate
  with several it is max(1, sum of |angles| / (2 pi)): adding angles near 1000 costs that many ulps.

The bound never exceeds ``LARGEST_BOUND``, so that no angle, however large, makes the judge look away.

With the plain root of the number of gates the factor would have to be over 100, and small circuits be judged
over a hundred times too mildly.  How FACTOR was chosen, and what it still catches: ``docs/accuracy.md``.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from qbench.errors import QbenchError
from qbench.ir import Circuit, Parameter
from qbench.model import Judgement
from qbench.verify.doubledouble import Floats, Pair, add, multiply, negate, total
from qbench.verify.gates import mp
from qbench.verify.reference import DDVector

__all__ = [
    "FACTOR",
    "LARGEST_BOUND",
    "ROUNDOFF",
    "SIZES",
    "amplitude_bound",
    "judge_state",
    "malformed_array",
    "path_length",
]

ROUNDOFF: Mapping[str, float] = {"complex128": 2.0**-53, "complex64": 2.0**-24}
"""Unit roundoff by declared precision."""

FACTOR = 10.0
"""Largest honest value: 1.8 among packages (results/calibration/amplitude_error.csv), 3.7 elsewhere."""

LARGEST_BOUND: Mapping[str, float] = {"complex128": 5e-10, "complex64": 1e-3}
"""Whatever the circuit, an error above this does not pass: 1e-9 is wrong in double, always."""

EXACT = frozenset(("id", "x", "y", "z", "cx", "cz", "swap"))
"""Gates that move amplitudes or change signs: no rounding."""

SIZES: Mapping[str, int] = {
    **dict.fromkeys(("u2", "u", "cy", "rzz"), 3),
    **dict.fromkeys(("cry", "crz"), 4),
    "cp": 5,
    "crx": 6,
    **dict.fromkeys(("ch", "csx", "rxx", "ryy"), 7),
    "rccx": 9,
    **dict.fromkeys(("cu", "ccx"), 15),
    "cswap": 17,
    "rc3x": 18,
    "c3x": 31,
    "c3sx": 55,
    "c4x": 105,
}
"""How many gates out of h t rx ry rz cx a textbook writes the gate with; every other gate counts 1."""

MOST_DIGITS = 17.0
"""What ``correct_digits`` shows for an answer without error."""


def amplitude_bound(circuit: Circuit, precision: str, executed: Circuit | None = None) -> float:
    """The largest honest amplitude error (and norm error) for a circuit at a declared precision.

    ``executed`` is the circuit after lowering, where one was lowered: the bound is then the larger of both.
    Raises ``QbenchError`` for a precision that is not in ``ROUNDOFF``.

    >>> from qbench.ir import Operation
    >>> chain = Circuit(1, tuple(Operation("rx", (0,), (0.01 * k,)) for k in range(1, 101)))
    >>> amplitude_bound(chain, "complex128") == FACTOR * 2.0**-53 * 10
    True
    """
    if precision not in ROUNDOFF:
        raise QbenchError(f"precision {precision!r} is not one of {', '.join(ROUNDOFF)}")
    paths = [circuit] if executed is None else [circuit, executed]
    bound = FACTOR * ROUNDOFF[precision] * max(path_length(path, precision) for path in paths)
    return min(bound, LARGEST_BOUND[precision])


def path_length(circuit: Circuit, precision: str, bindings: Mapping[str, float] | None = None) -> float:
    """How far rounding errors may walk in a circuit, in units of u: the root in the bound, at least 1.

    ``bindings`` are the values of free parameters.  An angle of a parameter is scale times value plus shift:
    where that rounds, it counts as a sum of angles does.  Raises ``QbenchError`` for an unknown precision.

    >>> from qbench.ir import Operation
    >>> free = Circuit(1, (Operation("rx", (0,), (Parameter("a", 3.0, 0.1),)),))
    >>> path_length(free, "complex128", {"a": 1.0}), path_length(free, "complex128", {"a": 400.0}) > 190
    (1.0, True)
    """
    if precision not in ROUNDOFF:
        raise QbenchError(f"precision {precision!r} is not one of {', '.join(ROUNDOFF)}")
    tiny = 10 * math.sqrt(ROUNDOFF[precision])
    times: Counter[tuple[str, tuple[float, ...], float]] = Counter()
    for op in circuit.gates:
        angles = [abs(_value(angle, bindings)) for angle in op.params]
        alike = tuple(0.0 if angle < tiny else angle for angle in angles)
        times[op.name, alike, _weight(op.params, bindings, tiny)] += 1
    squares = [
        count if name in EXACT else SIZES.get(name, 1) * (count * weight) ** 2
        for (name, _, weight), count in times.items()
    ]
    return math.sqrt(max(1.0, math.fsum(squares)))


def _value(angle: float | Parameter, bindings: Mapping[str, float] | None) -> float:
    return angle.value(bindings or {}) if isinstance(angle, Parameter) else angle


def _weight(angles: Sequence[float | Parameter], bindings: Mapping[str, float] | None, tiny: float) -> float:
    """How many ulps the sums of a gate's angles may cost; halving a single angle is exact."""
    sizes: list[float] = []
    for angle in angles:
        if isinstance(angle, Parameter) and not _exact(angle):
            sizes += [abs(angle.scale * (bindings or {})[angle.name]), abs(angle.shift)]
        else:
            sizes.append(abs(_value(angle, bindings)))
    total_size = math.fsum(size for size in sizes if size >= tiny)
    return min(max(1.0, total_size / math.tau), 1e100) if len(sizes) > 1 else 1.0


def _exact(angle: Parameter) -> bool:
    """Whether scale times value plus shift is a double whatever the value: a power of two, and no shift."""
    return angle.shift == 0.0 and abs(math.frexp(angle.scale)[0]) in (0.0, 0.5)


def judge_state(
    answer: np.ndarray[Any, Any],
    reference: DDVector,
    circuit: Circuit,
    precision: str,
    executed: Circuit | None = None,
) -> Judgement:
    """Judge a state vector: complex128 or complex64, length 2^n, qubit 0 least significant.

    ``circuit`` is the circuit before lowering and ``executed`` after; only the bound depends on them.
    The global phase is free.  Figures: ``max_amplitude_error`` and ``norm_error`` (absolute),
    ``infidelity`` of the normalised state, ``correct_digits`` (-log10 of the largest error, at most 17),
    ``bound``, ``gates``.  A malformed answer has no figures but ``bound`` and ``gates``.

    >>> from qbench.ir import Operation
    >>> from qbench.verify.reference import reference_state
    >>> circuit = Circuit(1, (Operation("h", (0,)),))
    >>> answer = np.array([1.0, 1.0], dtype=complex) / np.sqrt(2)
    >>> judge_state(answer, reference_state(circuit), circuit, "complex128").passed
    True
    >>> judge_state(np.array([1.0, 0j]), reference_state(circuit), circuit, "complex128").reason
    'amplitudes are off by up to 0.71, norm by 0; allowed are 1.1e-15 each'
    """
    bound = amplitude_bound(circuit, precision, executed)
    figures: dict[str, float | int] = {"bound": bound, "gates": len(circuit.gates)}
    reason = malformed_array(answer, (reference.re_hi.size,), precision, "amplitudes", "a state")
    if reason:
        return Judgement(passed=False, figures=figures, reason=reason, malformed=True)
    amplitude, norm, infidelity = _errors(answer, reference)
    figures |= {
        "max_amplitude_error": amplitude,
        "norm_error": norm,
        "infidelity": infidelity,
        "correct_digits": min(MOST_DIGITS, -math.log10(amplitude)) if amplitude else MOST_DIGITS,
    }
    passed = amplitude <= bound and norm <= bound
    return Judgement(
        passed=passed,
        figures=figures,
        reason=None
        if passed
        else f"amplitudes are off by up to {amplitude:.2g}, norm by {norm:.2g}; allowed are {bound:.2g} each",
    )


def malformed_array(
    answer: Any, shape: tuple[int, ...], precision: str, elements: str, whole: str
) -> str | None:
    """Why an answer is no complex array of this shape and declared precision; None where it is one.

    ``elements`` and ``whole`` are what its numbers and all of it are called.

    >>> malformed_array(np.zeros(2), (2,), "complex128", "amplitudes", "a state")
    'the array holds float64, expected complex128 or complex64'
    """
    if not isinstance(answer, np.ndarray):
        return f"the answer is a {type(answer).__name__}, expected an array"
    if answer.dtype not in (np.dtype(np.complex64), np.dtype(np.complex128)):
        return f"the array holds {answer.dtype}, expected complex128 or complex64"
    if precision == "complex128" and answer.dtype == np.complex64:
        return "the array holds complex64, declared is complex128"
    if answer.shape != shape:
        return f"the array has shape {answer.shape}, expected {shape}"
    strange = int(np.count_nonzero(~np.isfinite(answer)))
    if strange:
        return f"{strange} of {math.prod(shape)} {elements} are not finite"
    # split() would overflow near 2^996, squares near 1e154, and no rounding error makes such a number
    if max(float(np.abs(answer.real).max()), float(np.abs(answer.imag).max())) > 1e9:
        return f"{elements} beyond 1e9 are not {whole}"
    return None


def _errors(answer: np.ndarray[Any, Any], reference: DDVector) -> tuple[float, float, float]:
    """(largest amplitude error, norm error, infidelity), from differences taken beyond double."""
    zero = np.zeros(answer.size)
    re: Pair = (answer.real.astype(np.float64), zero)
    im: Pair = (answer.imag.astype(np.float64), zero)
    norm_hi, norm_lo = total(add(multiply(re, re), multiply(im, im)))
    excess = (norm_hi - 1.0) + norm_lo
    # <reference|answer>, whose phase is the global phase of the answer
    overlap_re = mp.fsum(total(add(multiply(reference.re, re), multiply(reference.im, im))))
    overlap_im = mp.fsum(total(add(multiply(reference.re, im), negate(multiply(reference.im, re)))))
    size = mp.hypot(overlap_re, overlap_im)
    phase = (overlap_re / size, overlap_im / size) if size else (mp.mpf(1), mp.mpf(0))
    aligned = _rotated(reference, *phase)
    amplitude = float(np.max(np.hypot(*_difference((re, im), aligned))))
    # 1 - |<r|a>|^2 / <a|a> as the squared length of what is orthogonal to r: nothing cancels
    away = _difference((re, im), _rotated(reference, overlap_re, overlap_im))
    residual = float(np.sum(np.square(away[0])) + np.sum(np.square(away[1])))
    infidelity = residual / norm_hi if norm_hi else 1.0
    return amplitude, abs(excess) / (math.sqrt(norm_hi) + 1.0), min(1.0, infidelity)


def _rotated(reference: DDVector, re: Any, im: Any) -> tuple[Pair, Pair]:
    """The reference times a complex 50-digit number."""
    c, s = _constant(re), _constant(im)
    return (
        add(multiply(reference.re, c), negate(multiply(reference.im, s))),
        add(multiply(reference.re, s), multiply(reference.im, c)),
    )


def _constant(number: Any) -> Pair:
    hi = float(number)
    return np.array([hi]), np.array([float(number - hi)])


def _difference(first: tuple[Pair, Pair], second: tuple[Pair, Pair]) -> tuple[Floats, Floats]:
    re = add(first[0], negate(second[0]))
    im = add(first[1], negate(second[1]))
    return re[0], im[0]
