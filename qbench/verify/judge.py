"""The front door of the judge: one reference per problem and task, one judgement per answer, one verdict."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from qbench.errors import QbenchError
from qbench.ir import Circuit, Problem, Task, canonical_json
from qbench.model import Judgement, Verdict
from qbench.verify.distribution import Distribution, outcome_distribution
from qbench.verify.reference import MAX_QUBITS, DDVector, reference_state
from qbench.verify.sampling import judge_counts
from qbench.verify.state import judge_state

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

JUDGED = ("state", "sample")
"""Task kinds that have a judge."""


GROSS = 0.5
"""What an approximation may miss of an answer: half of it.  See ``docs/accuracy.md``."""

WORDS = {
    "reset": "reset",
    "mid_circuit_measurement": "measurement before its end",
    "feed_forward": "feed-forward",
    "parameters": "free parameters",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reference:
    """What is right about one circuit, for every kind of task; ``circuit`` is the one before lowering."""

    circuit: Circuit
    state: DDVector
    distribution: Distribution


def prepare(problem: Problem) -> Reference:
    """Compute the reference of a circuit, before lowering and with its parameters bound.

    Raises ``QbenchError`` for a problem that is no circuit, and for what ``reference_state`` refuses.

    >>> from qbench.ir import Operation
    >>> prepare(Circuit(1, (Operation("h", (0,)),))).distribution.probabilities.tolist()
    [0.5, 0.5]
    """
    if not isinstance(problem, Circuit):
        raise QbenchError(f"an {type(problem).__name__} problem is not judged yet; expected a circuit")
    state = reference_state(problem)
    return Reference(circuit=problem, state=state, distribution=outcome_distribution(problem, state))


def unjudged(circuit: Circuit) -> str | None:
    """Why no reference can be made of this circuit, whoever answers; None where ``prepare`` makes one.

    >>> from qbench.ir import Operation
    >>> unjudged(Circuit(1, (Operation("reset", (0,)),)))
    'qbench cannot judge a circuit with reset yet'
    """
    if circuit.features:
        found = " and ".join(WORDS.get(feature, feature) for feature in sorted(circuit.features))
        return f"qbench cannot judge a circuit with {found} yet"
    if circuit.num_qubits > MAX_QUBITS:
        return f"{circuit.num_qubits} qubits; qbench's exact reference takes at most {MAX_QUBITS}"
    return None


def judge(
    task: Task, answer: Any, reference: Reference, precision: str, executed: Circuit | None = None
) -> Judgement:
    """Judge one answer against its reference.

    ``precision`` is the declared one; ``executed`` the circuit after lowering (see ``amplitude_bound``).
    Raises ``QbenchError`` for a task kind that is not judged yet.

    >>> from qbench.ir import Operation
    >>> coin = prepare(Circuit(1, (Operation("h", (0,)),)))
    >>> judge(Task("sample", shots=10), {0: 4, 1: 6}, coin, "complex128").passed
    True
    """
    if task.kind == "state":
        return judge_state(answer, reference.state, reference.circuit, precision, executed)
    if task.kind == "sample" and task.shots is not None:
        return judge_counts(answer, reference.distribution, task.shots)
    raise QbenchError(f"{task.kind} tasks are not judged yet; expected one of {', '.join(JUDGED)}")


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
    the way from an honest sample's mean (``tvd_floor``) to 1.

    >>> no_approximation(Judgement(passed=False, figures={"infidelity": 0.75, "norm_error": 0.0}))
    'no approximation of the answer: the infidelity is 0.75, at most 0.5 is allowed'
    """
    if judgement.malformed:
        return judgement.reason or "the answer has no form"
    figures = judgement.figures
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
    for name, value, allowed in found:
        if value > allowed:
            return (
                f"no approximation of the answer: the {name} is {value:.2g}, at most {allowed:.2g} is allowed"
            )
    return None


def answer_digest(kind: str, answer: Any) -> str | None:
    """16 hexadecimal digits of the SHA-256 of a raw answer; None for one without the task kind's form.

    An array is hashed as its little-endian bytes, counts as canonical JSON of [outcome, count] in order.

    >>> answer_digest("sample", {1: 6, 0: 4}) == answer_digest("sample", {0: 4, 1: 6})
    True
    >>> answer_digest("state", "not an answer") is None
    True
    """
    if kind == "state" and isinstance(answer, np.ndarray) and answer.dtype.kind in "iufc":
        raw = np.ascontiguousarray(answer).astype(answer.dtype.newbyteorder("<"), copy=False).tobytes()
        return hashlib.sha256(raw).hexdigest()[:16]
    if kind == "sample" and isinstance(answer, Mapping):
        try:
            pairs = sorted([int(outcome), int(count)] for outcome, count in answer.items())
        except (TypeError, ValueError):
            return None
        return hashlib.sha256(canonical_json(pairs).encode("ascii")).hexdigest()[:16]
    return None
