"""What recommendations are made from: each simulator's cost, the circuits behind it, and its errors."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from qbench.analysis.cost_forms import FORMS, Size
from qbench.analysis.readings import RankingClass
from qbench.analysis.resemblance import Traits

__all__ = ["COVERAGE", "TOO_FAR", "Known", "Predictor", "RecommendModel", "beyond_measured"]

TOO_FAR = "too far from what was measured"
"""How the reason begins for whoever takes the circuit, and of whom nothing is known at its size."""

COVERAGE = 0.9
"""Of the circuits whose family was held out, so many are within the interval of a prediction."""

QUBITS_BEYOND, MUCH_BEYOND = 2, 4.0
"""A model is followed so many qubits, and by such a factor in all else, beyond what it was fitted to."""

_LARGEST_LOG = 300.0  # a factor of e^300 says no less than one that leaves the range of doubles


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One measured circuit of a predictor.

    ``predicted_seconds`` is the fit's; ``held_out_seconds`` is what fit and correction give when both were
    made without its family, None where there is no cross-validation.
    """

    problem: str
    problem_id: str
    family: str
    size: Size
    seconds: float
    predicted_seconds: float
    held_out_seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Predictor:
    """The cost of one simulator in one workload, class and phase, with the circuits that it was fitted to.

    ``bindings`` is the number of bindings of a sweep, 0 for other workloads; ``coefficients`` are seconds.
    """

    simulator: str
    version: str | None
    workload: str
    task: str
    bindings: int
    ranking_class: RankingClass
    phase: str
    form: str
    coefficients: tuple[float, ...]
    cells: tuple[Known, ...]

    def base_seconds(self, size: Size) -> float:
        counts = FORMS[self.form].counts(size)
        return math.fsum(c * count for c, count in zip(self.coefficients, counts, strict=True) if c)

    @property
    def shots(self) -> tuple[int, ...]:
        """The numbers of shots that were measured, the smallest first."""
        return tuple(sorted({cell.size.shots for cell in self.cells}))

    def held_out_logs(self) -> dict[tuple[str, int], float]:
        """Logarithm of measured over predicted, by circuit and shots, of those whose family was held out."""
        return {
            (cell.problem_id, cell.size.shots): math.log(cell.seconds / cell.held_out_seconds)
            for cell in self.cells
            if cell.held_out_seconds
        }

    @property
    def factor(self) -> float | None:
        """By which factor 90 % of the held-out predictions are off at most; None of fewer than nine.

        The ceil(0.9 (k + 1))-th smallest of k, as split conformal prediction has it.
        """
        errors = sorted(abs(log) for log in self.held_out_logs().values())
        place = math.ceil(COVERAGE * (len(errors) + 1))
        return _factor(errors[place - 1]) if place <= len(errors) else None

    @property
    def rough_factor(self) -> float:
        """By which factor a prediction may be off, for telling simulators apart: ``factor``, or a guess.

        Of fewer than nine held-out predictions it is the worst, without any the square of the worst error on
        the circuits that were fitted.
        """
        if self.factor is not None:
            return self.factor
        if held_out := self.held_out_logs():
            return _factor(max(abs(log) for log in held_out.values()))
        fitted = [abs(math.log(one.seconds / one.predicted_seconds)) for one in self.cells]
        return _factor(2 * max(fitted))


def _factor(log: float) -> float:
    return math.exp(min(log, _LARGEST_LOG))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendModel:
    """All predictors of one run; ``traits`` are those of its circuits, by their ids.

    ``about`` says which run and machine: for people.
    """

    about: Mapping[str, str | None]
    traits: Mapping[str, Traits]
    predictors: tuple[Predictor, ...]

    def of(self, task: str, phase: str, bindings: int | None = None) -> tuple[Predictor, ...]:
        """Those of a kind of task; of sweeps those of so many bindings, or with None of any number."""
        return tuple(
            one
            for one in self.predictors
            if one.task == task and one.phase == phase and bindings in (None, one.bindings)
        )


_AMOUNTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "qubits": ("qubit", "qubits"),
        "gates": ("gate", "gates"),
        "paulis": ("term of the observable", "terms of the observable"),
        "parameters": ("parameter", "parameters"),
        "shots": ("shot", "shots"),
    }
)


def beyond_measured(predictor: Predictor, size: Size) -> tuple[str | None, bool]:
    """How a size lies outside of what a predictor was fitted to, and whether it is too far to say anything.

    Too far are more than two qubits more (for approximate simulators any), four times as many of anything
    else, and one more of what the fit has no cost of: a form without the observable's terms answers a
    thousand of them as it answers one.  Fewer of anything are only said, but for shots that the fit has no
    cost of.

    >>> cells = tuple(
    ...     Known(problem=f"c{n}", problem_id=f"c{n}", family="f", size=Size(qubits=n, gates=9 * n),
    ...           seconds=1.0, predicted_seconds=1.0, held_out_seconds=None)
    ...     for n in (4, 8)
    ... )
    >>> one = Predictor(simulator="s", version=None, workload="state", task="state", bindings=0,
    ...                 ranking_class=RankingClass("exact", "complex128", 1, "native"), phase="execute",
    ...                 form="constant", coefficients=(1.0,), cells=cells)
    >>> beyond_measured(one, Size(qubits=8, gates=50))
    (None, False)
    >>> beyond_measured(one, Size(qubits=9, gates=50))
    ('9 qubits; measured up to 8', False)
    >>> beyond_measured(one, Size(qubits=20, gates=50))
    ('20 qubits; measured up to 8', True)
    >>> beyond_measured(one, Size(qubits=1, gates=50))
    ('1 qubit; measured from 4', False)
    >>> beyond_measured(one, Size(qubits=8, gates=50, paulis=3))
    ('3 terms of the observable; measured up to 0, and the fit has no cost of them', True)
    """
    told, far = [], False
    for name, nouns in _AMOUNTS.items():
        amounts = [getattr(cell.size, name) for cell in predictor.cells]
        mine, least, most = getattr(size, name), min(amounts), max(amounts)
        if least <= mine <= most:
            continue
        counted = f"{mine} {nouns[mine != 1]}; measured "
        counted += f"up to {most}" if mine > most else f"from {least}"
        unknown = name in _COSTED and not any(name in term for term in FORMS[predictor.form].terms)
        if unknown and (mine > most or name == "shots"):
            counted += ", and the fit has no cost of them"
            far = True
        told.append(counted)
        far = far or mine > _room(predictor, name, most)
    return "; ".join(told) or None, far


_COSTED = ("paulis", "parameters", "shots")


def _room(predictor: Predictor, name: str, most: int) -> float:
    if name != "qubits":
        return most * MUCH_BEYOND
    return most if predictor.ranking_class.kind == "approximate" else most + QUBITS_BEYOND
