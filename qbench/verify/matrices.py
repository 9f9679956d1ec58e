"""Is this density matrix right?  Every figure computed beyond double.

What decides is the Frobenius norm of the difference from the reference, the error of the trace and the
distance from Hermitian, each against

    bound = 2 FACTOR u sqrt(path^2 + sum over distinct channels of size * times^2)

* ``path`` is the path length of the circuit's gates, as for amplitudes (``state.py``).  Twice, as an error
  d|psi> of a state is |d psi><psi| + |psi><d psi| in its density matrix.
* A channel is a gate that rounds: 1 - p, p / 2^k and the roots in Kraus operators each to half an ulp.  The
  same channel (kind, qubits, strength) rounds alike each time, so ``times`` of them add up straight.
  ``size`` is the square of what one adds, in units of 2u (``CHANNEL_SIZES``).

Why the Frobenius norm and not the largest element: rounding errors are relative to the norm of what is
rounded, whatever its number of elements, while a fault of a wide state is spread over all 4^n.  p replaced by
3p/4 in one channel with p = 1e-9 changes no element of a uniform state of ten qubits by more than 2.4e-13,
but the norm by 1e-10.  The largest element's error is below the norm, so it passes with it.

Measured on 209 noisy circuits (results/calibration/density_error.csv), largest, in units of bound / FACTOR:
Qiskit 0.64, Aer 0.70 (single precision 0.37) without the channels of 1e-9 of which it drops a part, PennyLane
0.86 with its ``QubitChannel`` (179 with its channels by name), NumPy in three ways 0.86 (single 1.7).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from qbench.ir import CHANNELS, Circuit
from qbench.model import Judgement
from qbench.verify.density import DDMatrix
from qbench.verify.doubledouble import Pair, add, negate, total
from qbench.verify.state import FACTOR, ROUNDOFF, malformed_array, path_length

__all__ = ["CHANNEL_SIZES", "density_bound", "judge_density"]

CHANNEL_SIZES: Mapping[tuple[str, int], float] = {
    ("depolarizing", 1): 1.0,
    ("depolarizing", 2): 4.0,
    ("amplitude_damping", 1): 4.0,
    ("phase_damping", 1): 4.0,
}
"""By kind and number of qubits.  300 of one in a row, in NumPy in three ways and both precisions, were off by
at most 0.8 (one qubit) and 1.3 (two qubits) times 2u each; 30 of one by at most 0.8 and 2.1.  Dampings have
the size of two: Qiskit's canonical Kraus operators, Aer's default, miss the trace by up to 22 u at some
strengths, of one sign, so that those of several strengths add up straight."""

LARGEST_BOUND: Mapping[str, float] = {"complex128": 5e-10, "complex64": 1e-2}
"""Whatever the circuit, an error above this does not pass.  In single precision ten times that of states:
18 910 channels of two kinds left the trace of an honest answer wrong by 1.7e-3."""

MOST_DIGITS = 17.0
"""What ``correct_digits`` shows for an answer without error."""


def density_bound(circuit: Circuit, precision: str, executed: Circuit | None = None) -> float:
    """The largest honest error of a density matrix in the Frobenius norm, at a declared precision.

    ``executed`` is the circuit after lowering, where one was lowered: the bound is then the larger of both.
    Raises ``QbenchError`` for a precision that is not in ``ROUNDOFF``.

    >>> from qbench.ir import Operation
    >>> noisy = Circuit(1, 2 * (Operation("x", (0,)), Operation("depolarizing", (0,), (0.25,))))
    >>> density_bound(noisy, "complex128") == 2 * FACTOR * 2.0**-53 * math.hypot(math.sqrt(2), 2)
    True
    """
    paths = [circuit] if executed is None else [circuit, executed]
    longest = max(math.hypot(path_length(path, precision), _channel_length(path)) for path in paths)
    return min(2 * FACTOR * ROUNDOFF[precision] * longest, LARGEST_BOUND[precision])


def _channel_length(circuit: Circuit) -> float:
    times = Counter((op.name, len(op.qubits), op.params) for op in circuit.operations if op.name in CHANNELS)
    return math.sqrt(
        math.fsum(CHANNEL_SIZES[name, qubits] * count**2 for (name, qubits, _), count in times.items())
    )


def judge_density(
    answer: np.ndarray[Any, Any],
    reference: DDMatrix,
    circuit: Circuit,
    precision: str,
    executed: Circuit | None = None,
) -> Judgement:
    """Judge a density matrix: complex128 or complex64, 2^n x 2^n, element [r, c] being <r|rho|c>.

    ``circuit`` has the channels and is the one before lowering, ``executed`` after; only the bound depends
    on them.  Figures: ``frobenius_error`` (norm of the difference), ``max_element_error`` (its largest
    element), ``trace_error`` (|trace - 1|), ``hermiticity_error`` (largest element of rho minus its
    conjugate transpose), ``overlap_error`` (1 - |tr(reference^dagger answer)| over both Frobenius norms: the
    infidelity, where both are pure), ``correct_digits`` (-log10 of the largest element's error, at most 17),
    ``bound``, ``gates``, ``channels``.  A malformed answer has no figures but the last three.

    >>> from qbench.ir import Operation
    >>> from qbench.verify.density import reference_density
    >>> noisy = Circuit(1, (Operation("x", (0,)), Operation("depolarizing", (0,), (0.25,))))
    >>> right = reference_density(noisy)
    >>> judge_density(np.diag([0.125, 0.875]) + 0j, right, noisy, "complex128").passed
    True
    >>> judge_density(np.diag([0.09375, 0.90625]) + 0j, right, noisy, "complex128").reason
    'the matrix is off by 0.044 (Frobenius), the trace by 0, Hermiticity by 0; allowed are 3.1e-15 each'
    """
    bound = density_bound(circuit, precision, executed)
    channels = sum(op.name in CHANNELS for op in circuit.operations)
    figures: dict[str, float | int] = {"bound": bound, "gates": len(circuit.gates), "channels": channels}
    size = 1 << reference.num_qubits
    reason = malformed_array(answer, (size, size), precision, "elements", "a density matrix")
    if reason:
        return Judgement(passed=False, figures=figures, reason=reason, malformed=True)
    element, frobenius, trace, hermiticity = _errors(answer, reference)
    figures |= {
        "max_element_error": element,
        "frobenius_error": frobenius,
        "trace_error": trace,
        "hermiticity_error": hermiticity,
        "overlap_error": _overlap_error(answer, reference),
        "correct_digits": min(MOST_DIGITS, -math.log10(element)) if element else MOST_DIGITS,
    }
    passed = max(frobenius, trace, hermiticity) <= bound
    return Judgement(
        passed=passed,
        figures=figures,
        reason=None
        if passed
        else f"the matrix is off by {frobenius:.2g} (Frobenius), the trace by {trace:.2g}, "
        f"Hermiticity by {hermiticity:.2g}; allowed are {bound:.2g} each",
    )


def _errors(answer: np.ndarray[Any, Any], reference: DDMatrix) -> tuple[float, float, float, float]:
    """(largest element of the difference, its Frobenius norm, |trace - 1|, distance from Hermitian)."""
    zero = np.zeros(answer.shape)
    re: Pair = (answer.real.astype(np.float64), zero)
    im: Pair = (answer.imag.astype(np.float64), zero)
    off = np.hypot(add(re, negate(reference.re))[0], add(im, negate(reference.im))[0])
    trace_re = total((re[0].diagonal(), zero[0]))
    trace_im = total((im[0].diagonal(), zero[0]))
    trace = math.hypot((trace_re[0] - 1.0) + trace_re[1], trace_im[0] + trace_im[1])
    skew = np.hypot(re[0] - re[0].T, im[0] + im[0].T)
    return float(off.max()), math.sqrt(float(np.sum(np.square(off)))), trace, float(skew.max())


def _overlap_error(answer: np.ndarray[Any, Any], reference: DDMatrix) -> float:
    """1 - |tr(reference^dagger answer)| over both Frobenius norms: 0 for a multiple of the reference.

    It is at most 1, tells an approximation from none, and is computed in doubles.
    """
    right = reference.re[0] - 1j * reference.im[0]
    norms = float(np.linalg.norm(right)) * float(np.linalg.norm(answer))
    overlap = abs(complex(np.sum(right * answer))) / norms if norms else 0.0
    return max(0.0, 1.0 - overlap)
