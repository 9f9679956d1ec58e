"""The front door of the judge: one judgement per answer, one verdict."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from qbench.errors import QbenchError
from qbench.ir import COUNTED, KINDS, Circuit, Task, canonical_json
from qbench.model import Judgement, Verdict
from qbench.verify.matrices import judge_density
from qbench.verify.sampling import judge_counts
from qbench.verify.state import judge_state
from qbench.verify.task_reference import Reference, prepare, unjudged
from qbench.verify.values import ERRORS, judge_values

__all__ = [
    "JUDGED",
    "Reference",
    "answer_digest",
    "judge",
    "no_approximation",
    "prepare",
    "unjudged",
    "verdict",
]

JUDGED = KINDS
"""Task kinds that have a judge: all."""

GROSS = 0.5
"""What an approximation may miss of an answer: half of it.  See ``docs/accuracy.md``."""


def judge(
    task: Task, answer: Any, reference: Reference, precision: str, executed: Circuit | None = None
) -> Judgement:
    """Judge one answer against its reference.

    ``precision`` is the declared one; ``executed`` the circuit after lowering (see ``amplitude_bound``).  A
    task may differ from the reference's in its shots.  Where the reference was certified its proven
    ``reference_radius`` is among the figures.  Raises ``QbenchError`` where the reference is of another kind.

    >>> from qbench.ir import Operation
    >>> ten = Task("sample", shots=10)
    >>> coin = prepare(Circuit(1, (Operation("h", (0,)),)), ten)
    >>> judge(ten, {0: 4, 1: 6}, coin, "complex128").passed
    True
    """
    judgement = _judged(task, answer, reference, precision, executed)
    if reference.radius is None:
        return judgement
    return replace(judgement, figures={**judgement.figures, "reference_radius": reference.radius})


def _judged(
    task: Task, answer: Any, reference: Reference, precision: str, executed: Circuit | None
) -> Judgement:
    if task.kind == reference.task.kind:
        circuit = reference.circuit
        if reference.state is not None:
            return judge_state(answer, reference.state, circuit, precision, executed)
        if reference.distribution is not None and task.shots is not None:
            return judge_counts(answer, reference.distribution, task.shots)
        if reference.values:
            return judge_values(answer, reference.values, circuit, task, precision, executed)
        if reference.density is not None:
            return judge_density(answer, reference.density, circuit, precision, executed)
    raise QbenchError(
        f"the answer to a {task.kind} task cannot be judged: the reference is of a {reference.task.kind} task"
    )


def verdict(kind: str, judgement: Judgement) -> Verdict:
    """The verdict on a judged answer from a simulator of this declared kind.

    An approximate simulator is ``wrong`` where its answer has no form or is ``no_approximation``.

    >>> far = Judgement(passed=False, figures={"infidelity": 1e-3, "norm_error": 0.0}, reason="off")
    >>> str(verdict("exact", far)), str(verdict("approximate", far))
    ('wrong', 'approximate')
    """
    if kind == "approximate":
        return Verdict.WRONG if no_approximation(judgement) else Verdict.APPROXIMATE
    return Verdict.OK if judgement.passed else Verdict.WRONG


def no_approximation(judgement: Judgement) -> str | None:
    """Why an answer does not even approximate the right one; None where it does.

    A state misses more than ``GROSS`` of the fidelity or of the norm.  Of a sample's shots more than
    ``GROSS`` are on impossible outcomes, or its total variation distance has gone more than ``GROSS`` of
    the way from an honest sample's mean (``tvd_floor``) to 1.  A number is off by more than ``GROSS`` of the
    largest size that it can have (``weight``).  A density matrix has an ``overlap_error``, which for pure
    states is the infidelity, or an error of the trace of more than ``GROSS``; its largest element says little
    of a wide state.

    >>> no_approximation(Judgement(passed=False, figures={"infidelity": 0.75, "norm_error": 0.0}))
    'no approximation of the answer: the infidelity is 0.75, at most 0.5 is allowed'
    """
    if judgement.malformed:
        return judgement.reason or "the answer has no form"
    for name, value, allowed in _gross_figures(judgement.figures):
        if value > allowed:
            return (
                f"no approximation of the answer: the {name} is {value:.2g}, at most {allowed:.2g} is allowed"
            )
    return None


def _gross_figures(figures: Mapping[str, float | int]) -> list[tuple[str, float, float]]:
    """(name, value, the most that an approximation may have) of the figures that there are."""
    found: list[tuple[str, float, float]] = []
    if "infidelity" in figures:
        found += [
            ("infidelity", figures["infidelity"], GROSS),
            ("norm error", figures["norm_error"], GROSS),
        ]
    if "tvd" in figures:
        floor = min(1.0, figures["tvd_floor"])
        found += [
            ("share of shots on impossible outcomes", figures["impossible"] / figures["shots"], GROSS),
            ("total variation distance", figures["tvd"], floor + GROSS * (1.0 - floor)),
        ]
    for name in dict.fromkeys(ERRORS.values()):
        if name in figures:
            found.append((name.replace("_", " "), figures[name], GROSS * figures["weight"]))
    if "overlap_error" in figures:
        found += [
            ("overlap error", figures["overlap_error"], GROSS),
            ("error of the trace", figures["trace_error"], GROSS),
        ]
    return found


def answer_digest(kind: str, answer: Any) -> str | None:
    """16 hexadecimal digits of the SHA-256 of a raw answer; None for one without the task kind's form.

    An array is hashed as its little-endian bytes, counts as canonical JSON of [outcome, count] in order, one
    number as the array of it.

    >>> answer_digest("sample", {1: 6, 0: 4}) == answer_digest("sample", {0: 4, 1: 6})
    True
    >>> answer_digest("expval", 0.5) == answer_digest("expval", np.array(0.5))
    True
    >>> answer_digest("state", "not an answer") is None
    True
    """
    if kind in COUNTED:
        return _counts_digest(answer)
    if kind == "expval" and isinstance(answer, float):
        answer = np.array(answer)
    if not isinstance(answer, np.ndarray) or answer.dtype.kind not in "iufc":
        return None
    raw = np.ascontiguousarray(answer).astype(answer.dtype.newbyteorder("<"), copy=False).tobytes()
    return hashlib.sha256(raw).hexdigest()[:16]


def _counts_digest(answer: Any) -> str | None:
    if not isinstance(answer, Mapping):
        return None
    try:
        pairs = sorted([int(outcome), int(count)] for outcome, count in answer.items())
    except (TypeError, ValueError):
        return None
    return hashlib.sha256(canonical_json(pairs).encode("ascii")).hexdigest()[:16]
