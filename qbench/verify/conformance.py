"""Did the simulator answer a probe as it declares?  One judgement per probe.

An approximate simulator is held to a bound too, ``APPROXIMATE_BOUND``: what a probe asks is too small to
truncate anything, so that a wrong sign, gate or bit order is no approximation.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from qbench.errors import QbenchError
from qbench.ir import Circuit
from qbench.model import Judgement
from qbench.verify.compare import repeated
from qbench.verify.judge import Reference, judge, no_approximation
from qbench.verify.probes import Probe
from qbench.verify.values import ERRORS

__all__ = ["APPROXIMATE_BOUND", "judge_probe"]

APPROXIMATE_BOUND = 1e-4
"""Largest error of an approximate simulator on a probe, of amplitudes, the norm, elements, and of values in
units of the largest size that they can have: see ``docs/accuracy.md``."""


def judge_probe(
    probe: Probe,
    answers: Sequence[Any],
    reference: Reference,
    precision: str,
    executed: Circuit | None = None,
    kind: str = "exact",
) -> Judgement:
    """Judge the answers to a probe, one per entry of ``probe.seeds``, against what ``prepare`` made of it.

    Every answer is judged as any other, but a simulator of the declared ``kind`` approximate is given
    ``APPROXIMATE_BOUND`` for amplitudes, elements and values, and where the probe is ``entangled`` all that
    a run allows it (``no_approximation``).
    Then equal seeds must have given equal counts, and different seeds different ones (unless chance would
    repeat them more often than once in 1e9).

    >>> from qbench.verify.judge import prepare
    >>> from qbench.verify.probes import run_probes
    >>> probe = run_probes(["ry", "rz", "cx"], 3, ["state"])[0]
    >>> reference = prepare(probe.circuit, probe.task)
    >>> judge_probe(probe, [reference.state.rounded()], reference, "complex128").passed
    True
    """
    if len(answers) != len(probe.seeds):
        raise QbenchError(f"probe {probe.name}: {len(answers)} answers for {len(probe.seeds)} seeds")
    judgements = [judge(probe.task, answer, reference, precision, executed) for answer in answers]
    if kind == "approximate":
        judgements = [_forgiven(judgement, probe) for judgement in judgements]
    failed = next((judgement for judgement in judgements if not judgement.passed), None)
    if failed or not probe.task.counted:
        return failed or judgements[0]
    for (seed, first), (other, second) in combinations(zip(probe.seeds, answers, strict=True), 2):
        reason = None
        if seed == other and dict(first) != dict(second):
            reason = f"seed {seed} gave different counts in two runs"
        elif seed != other and repeated(first, second, reference.distribution):
            reason = f"seeds {seed} and {other} gave the same counts"
        if reason:
            return Judgement(passed=False, figures=judgements[0].figures, reason=reason)
    return judgements[0]


def _forgiven(judgement: Judgement, probe: Probe) -> Judgement:
    """What an approximation excuses.  Sampling tests resolve no error below 1e-2, and stay as they are."""
    if judgement.passed or judgement.malformed:
        return judgement
    if probe.entangled:
        gross = no_approximation(judgement)
        return replace(judgement, passed=gross is None, reason=gross)
    worst = _worst(judgement.figures)
    if worst is None:
        return judgement
    if worst <= APPROXIMATE_BOUND:
        return replace(judgement, passed=True, reason=None)
    reason = f"{judgement.reason}; an approximate simulator is allowed {APPROXIMATE_BOUND:g} on a probe"
    return replace(judgement, reason=reason)


def _worst(figures: Mapping[str, float | int]) -> float | None:
    """The largest error of what ``APPROXIMATE_BOUND`` is for; None for counts."""
    whole = ("max_amplitude_error", "norm_error", "frobenius_error", "trace_error", "hermiticity_error")
    errors = [figures[name] for name in whole if name in figures]
    weight = figures.get("weight", 0.0)
    errors += [figures[name] / weight if weight else math.inf for name in ERRORS.values() if name in figures]
    return max(errors, default=None)
