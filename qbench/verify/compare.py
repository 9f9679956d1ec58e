"""Is a timed visit's answer the judged answer again, and was it computed or remembered?

Cheap checks for the answers of timed visits, which are not judged in full.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from qbench.errors import QbenchError
from qbench.ir import Circuit, Task
from qbench.verify.distribution import Distribution
from qbench.verify.judge import Reference
from qbench.verify.matrices import density_bound
from qbench.verify.sampling import IMPOSSIBLE, malformed_counts
from qbench.verify.state import amplitude_bound
from qbench.verify.values import FACTORS, malformed_values, values_bound

__all__ = [
    "REPEAT",
    "Comparison",
    "repeated",
    "same_answer",
    "same_counts",
    "same_matrix",
    "same_state",
    "same_values",
]

REPEAT = 1e-9
"""Counts repeated under another seed are called cached where chance repeats them more rarely than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """``agrees``: the answers can both be right; ``cached``: the second was not computed anew."""

    agrees: bool
    cached: bool
    reason: str | None = None


def same_answer(
    task: Task,
    judged: Any,
    timed: Any,
    reference: Reference,
    precision: str,
    executed: Circuit | None = None,
    *,
    kind: str = "exact",
) -> Comparison:
    """Whether a timed visit's answer agrees with the judged one; samples must come from another seed.

    A simulator of the declared ``kind`` approximate may sample from another distribution.
    Raises ``QbenchError`` where the reference is of another kind of task.

    >>> from qbench.ir import Operation
    >>> from qbench.verify.judge import prepare
    >>> ten = Task("sample", shots=10)
    >>> coin = prepare(Circuit(1, (Operation("h", (0,)),)), ten)
    >>> same_answer(ten, {0: 4, 1: 6}, {0: 7, 1: 3}, coin, "complex128").agrees
    True
    """
    if task.kind != reference.task.kind:
        raise QbenchError(f"a reference of a {reference.task.kind} task for answers to a {task.kind} task")
    circuit = reference.circuit
    if task.kind == "state":
        return same_state(judged, timed, amplitude_bound(circuit, precision, executed))
    if task.kind in FACTORS:
        return same_values(judged, timed, values_bound(circuit, task, precision, executed))
    if task.kind == "density_matrix":
        return same_matrix(judged, timed, density_bound(circuit, precision, executed))
    assert reference.distribution is not None
    assert task.shots is not None
    return same_counts(judged, timed, reference.distribution, task.shots, exact=kind != "approximate")


def same_values(judged: Any, timed: Any, bound: float) -> Comparison:
    """Whether numbers are equal within twice the bound.  They may be the same twice.

    >>> same_values(np.array([0.5, 1.0]), np.array([0.5, 1.0 + 3e-15]), 1e-15).reason
    "values differ by 3.1e-15 from the judged answer's; allowed are 2e-15"
    """
    shapes = [np.shape(answer) for answer in (judged, timed)]
    count = math.prod(shapes[0])
    reason = malformed_values(judged, count, "complex64") or malformed_values(timed, count, "complex64")
    if reason:
        return Comparison(agrees=False, cached=False, reason=reason)
    return _within("values", np.ravel(judged), np.ravel(timed), bound)


def same_matrix(judged: Any, timed: Any, bound: float) -> Comparison:
    """Whether two density matrices are equal within twice the bound.  They may be the same twice.

    >>> same_matrix(np.eye(2) + 0j, np.eye(2) + 0j, 1e-15).agrees
    True
    """
    if not isinstance(judged, np.ndarray) or not isinstance(timed, np.ndarray) or judged.shape != timed.shape:
        return Comparison(agrees=False, cached=False, reason="the answers do not have one form")
    if not (np.isfinite(judged).all() and np.isfinite(timed).all()):
        return Comparison(agrees=False, cached=False, reason="an element is not finite")
    return _within("elements", judged.astype(np.complex128), timed.astype(np.complex128), bound)


def _within(what: str, first: Any, second: Any, bound: float) -> Comparison:
    apart = float(np.max(np.abs(second - first)))
    if apart <= 2.0 * bound:
        return Comparison(agrees=True, cached=False)
    reason = f"{what} differ by {apart:.2g} from the judged answer's; allowed are {2.0 * bound:.2g}"
    return Comparison(agrees=False, cached=False, reason=reason)


def same_state(judged: Any, timed: Any, bound: float) -> Comparison:
    """Whether two state vectors are equal within twice the bound after alignment of the global phase.

    A state is allowed to be the same twice: ``cached`` is never set.

    >>> same_state(np.array([1, 0j]), np.array([1j, 0]), 1e-15).agrees
    True
    """
    if not isinstance(judged, np.ndarray) or not isinstance(timed, np.ndarray) or judged.shape != timed.shape:
        return Comparison(agrees=False, cached=False, reason="the answers do not have one form")
    if not (np.isfinite(judged).all() and np.isfinite(timed).all()):
        return Comparison(agrees=False, cached=False, reason="an amplitude is not finite")
    first, second = judged.astype(np.complex128), timed.astype(np.complex128)
    overlap = complex(np.sum(first.conj() * second))
    phase = overlap / abs(overlap) if overlap else 1.0
    apart = float(np.max(np.abs(second - phase * first)))
    if apart <= 2.0 * bound:
        return Comparison(agrees=True, cached=False)
    reason = f"amplitudes differ by {apart:.2g} from the judged answer's; allowed are {2.0 * bound:.2g}"
    return Comparison(agrees=False, cached=False, reason=reason)


def same_counts(
    judged: Any, timed: Any, distribution: Distribution, shots: int, *, exact: bool = True
) -> Comparison:
    """Whether counts from another seed can be right: well-formed, as many shots, no impossible outcome.

    ``cached`` is set by ``repeated``.  The seeds of the two answers must differ.  Where the counts are not
    from the distribution (an impossible outcome, or not ``exact``) they are cached only if no distribution
    would repeat them: a simulator that always gives one wrong outcome remembers nothing.

    >>> even = Distribution(shown=(0,), probabilities=np.array([0.5, 0.5]))
    >>> same_counts({0: 3, 1: 1}, {0: 3, 1: 1}, even, 4)
    Comparison(agrees=True, cached=False, reason=None)
    """
    reason = malformed_counts(timed, distribution.bits, shots)
    if reason:
        return Comparison(agrees=False, cached=False, reason=reason)
    likely = distribution.probabilities
    strange = [
        outcome
        for (outcome, count), index in zip(timed.items(), distribution.indices(timed), strict=True)
        if count and (index is None or likely[index] < IMPOSSIBLE)
    ]
    if repeated(judged, timed, distribution if exact and not strange else None):
        return Comparison(agrees=not strange, cached=True, reason="the same counts under different seeds")
    if strange:
        return Comparison(agrees=False, cached=False, reason=f"the impossible outcome {strange[0]} was seen")
    return Comparison(agrees=True, cached=False)


def repeated(first: Any, second: Any, distribution: Distribution | None) -> bool:
    """Whether two samples are the same counts although chance would hardly repeat them.

    Given the first sample, an independent second repeats it with its own multinomial probability P(first),
    known exactly.  Only repeats with P < ``REPEAT`` are called cached, so an honest pair is accused with
    probability sum over such k of P(k)^2 < ``REPEAT``: no approximation, no assumption on the distribution.
    Where the distribution is not known (None) the bound is P(first) under the one that makes it likeliest,
    the first sample's own shares.

    >>> wide = Distribution(shown=tuple(range(6)), probabilities=np.full(64, 1 / 64))
    >>> counts = dict.fromkeys(range(64), 16)
    >>> repeated(counts, counts, wide), repeated({0: 1}, {0: 1}, wide)
    (True, False)
    """
    if not isinstance(first, Mapping) or not isinstance(second, Mapping):
        return False
    bits = sys.maxsize if distribution is None else distribution.bits
    if malformed_counts(first, bits, sum(first.values())):
        return False
    seen = [{int(k): int(v) for k, v in counts.items() if v} for counts in (first, second)]
    if seen[0] != seen[1]:
        return False
    likeliest = _largest_log_probability if distribution is None else distribution.log_probability
    return likeliest(seen[0]) < math.log(REPEAT)


def _largest_log_probability(counts: Mapping[int, int]) -> float:
    """ln of the multinomial probability of counts under their own shares, which no distribution exceeds."""
    shots = sum(counts.values())
    terms = [count * math.log(count / shots) - math.lgamma(count + 1) for count in counts.values()]
    return math.fsum([math.lgamma(shots + 1), *terms])
