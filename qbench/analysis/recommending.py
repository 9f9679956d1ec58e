"""Which simulators are predicted fastest for a circuit, how sure that is, and what was measured near it.

A prediction is the cost model's (``qbench.analysis.cost_model``) times a correction: what the model is off by
on circuits that resemble this one.  Its interval comes from the errors on families that neither had seen.
Simulators are ranked within their class alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qbench.analysis.cost_forms import FORMS, Size
from qbench.analysis.readings import RankingClass
from qbench.analysis.resemblance import Traits, distance, likeness, weighed_mean

__all__ = [
    "COVERAGE",
    "Known",
    "Prediction",
    "Predictor",
    "Ranked",
    "RecommendModel",
    "beyond_measured",
    "rank",
]

COVERAGE = 0.9
"""Of the circuits whose family was held out, so many are within the interval of a prediction."""

DOUBT = 0.1
"""Who would be faster than the first in more than this share of the held-out circuits is not told apart."""

PULL = 0.5
"""How many circuits without any error the correction by resemblance counts against those that resemble."""

COMMON_CIRCUITS = 8
"""With fewer held-out circuits in common, two predictions are compared by their intervals alone."""

QUBITS_BEYOND, MUCH_BEYOND = 2, 4.0
"""A model is followed so many qubits, and by such a factor in gates, beyond what it was fitted to."""

NEAREST = 3


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
        return math.exp(errors[place - 1]) if place <= len(errors) else None

    @property
    def rough_factor(self) -> float:
        """By which factor a prediction may be off, for telling simulators apart: ``factor``, or a guess.

        Of fewer than nine held-out predictions it is the worst, without any the square of the worst error on
        the circuits that were fitted.
        """
        if self.factor is not None:
            return self.factor
        if held_out := self.held_out_logs():
            return math.exp(max(abs(log) for log in held_out.values()))
        fitted = [cell for cell in self.cells if cell.predicted_seconds > 0]
        return math.exp(2 * max(abs(math.log(one.seconds / one.predicted_seconds)) for one in fitted))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendModel:
    """All predictors of one run; ``traits`` are those of its circuits, by their ids.

    ``about`` says which run and machine: for people.
    """

    about: Mapping[str, str | None]
    traits: Mapping[str, Traits]
    predictors: tuple[Predictor, ...]

    def of(self, task: str, phase: str) -> tuple[Predictor, ...]:
        return tuple(one for one in self.predictors if one.task == task and one.phase == phase)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """One simulator's predicted time for one circuit, in seconds.

    ``low`` and ``high`` hold 90 % of such predictions for circuits of families that the model had not seen;
    None of fewer than nine of them, and outside of what was measured, where nothing was held out.
    ``beyond`` says how the circuit lies outside.
    """

    predictor: Predictor
    size: Size
    seconds: float
    low: float | None
    high: float | None
    beyond: str | None
    nearest: tuple[Known, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """The predictions of one class, the fastest first; ``together`` are not told apart from the first."""

    ranking_class: RankingClass
    predictions: tuple[Prediction, ...]
    together: tuple[str, ...]


def beyond_measured(predictor: Predictor, size: Size) -> tuple[str | None, bool]:
    """How a size lies outside of what a predictor was fitted to, and whether it is too far to say anything.

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
    >>> beyond_measured(one, Size(qubits=2, gates=50))
    ('2 qubits; measured from 4', False)
    """
    measured = [cell.size for cell in predictor.cells]
    exact = predictor.ranking_class.kind != "approximate"
    told, far = [], False
    for noun, amounts, mine in (
        ("qubits", [one.qubits for one in measured], size.qubits),
        ("gates", [one.gates for one in measured], size.gates),
        ("terms of the observable", [one.paulis for one in measured], size.paulis),
        ("parameters", [one.parameters for one in measured], size.parameters),
    ):
        most = max(amounts)
        if mine > most:
            told.append(f"{mine} {noun}; measured up to {most}")
            room = most * MUCH_BEYOND if noun != "qubits" else most + (QUBITS_BEYOND if exact else 0)
            far = far or mine > room
    if size.qubits < (least := min(one.qubits for one in measured)):
        told.append(f"{size.qubits} qubits; measured from {least}")
    return "; ".join(told) or None, far


def rank(
    model: RecommendModel,
    sizes: Mapping[str, Size],
    traits: Traits | None,
    task: str,
    phase: str,
) -> tuple[Ranked, ...]:
    """The predictions for one circuit by class, in the model's order of classes.

    ``sizes`` has the circuit's size by simulator, as lowering makes it for each; who is not in it, or is
    asked for a size too far from what was measured, is left out.
    """
    found: dict[RankingClass, list[Prediction]] = {}
    for predictor in model.of(task, phase):
        size = sizes.get(predictor.simulator)
        if size is None or beyond_measured(predictor, size)[1] or predictor.base_seconds(size) <= 0:
            continue
        found.setdefault(predictor.ranking_class, []).append(_predict(model, predictor, size, traits))
    ranked = []
    for ranking_class, predictions in found.items():
        ordered = tuple(sorted(predictions, key=lambda one: (one.seconds, one.predictor.simulator)))
        ranked.append(Ranked(ranking_class=ranking_class, predictions=ordered, together=_together(ordered)))
    return tuple(ranked)


def _predict(model: RecommendModel, predictor: Predictor, size: Size, traits: Traits | None) -> Prediction:
    correction = 0.0
    if traits is not None:
        correction = weighed_mean(
            (
                (
                    likeness(traits, model.traits[cell.problem_id]),
                    math.log(cell.seconds / cell.predicted_seconds),
                )
                for cell in predictor.cells
                if cell.problem_id in model.traits and cell.predicted_seconds > 0
            ),
            PULL,
        )
    seconds = predictor.base_seconds(size) * math.exp(correction)
    beyond = beyond_measured(predictor, size)[0]
    factor = None if beyond else predictor.factor
    return Prediction(
        predictor=predictor,
        size=size,
        seconds=seconds,
        low=None if factor is None else seconds / factor,
        high=None if factor is None else seconds * factor,
        beyond=beyond,
        nearest=_nearest(model, predictor, size, traits),
    )


def _nearest(
    model: RecommendModel, predictor: Predictor, size: Size, traits: Traits | None
) -> tuple[Known, ...]:
    def away(cell: Known) -> tuple[float, str, int]:
        theirs = model.traits.get(cell.problem_id)
        if traits is not None and theirs is not None:
            return distance(traits, theirs), cell.problem, cell.size.shots
        gates = math.log((1 + cell.size.gates) / (1 + size.gates), 4)
        return math.hypot((cell.size.qubits - size.qubits) / 4, gates), cell.problem, cell.size.shots

    return tuple(sorted(predictor.cells, key=away)[:NEAREST])


def _together(ordered: Sequence[Prediction]) -> tuple[str, ...]:
    """The first, and everybody whom the model's errors on held-out families do not put behind it."""
    first = ordered[0]
    return tuple(one.predictor.simulator for one in ordered if one is first or not _told_apart(first, one))


def _told_apart(first: Prediction, other: Prediction) -> bool:
    """Whether the other is behind in all but a tenth of cases, were their errors those of held-out circuits.

    Errors on one circuit go together (many entangling gates cost everybody), so they are taken in pairs.
    """
    behind = math.log(other.seconds / first.seconds)
    mine, theirs = first.predictor.held_out_logs(), other.predictor.held_out_logs()
    common = [theirs[key] - mine[key] for key in mine if key in theirs]
    if len(common) >= COMMON_CIRCUITS:
        return sum(behind + error <= 0 for error in common) <= DOUBT * len(common)
    return math.exp(behind) > first.predictor.rough_factor * other.predictor.rough_factor
