"""Which simulators are predicted fastest for a circuit, how sure that is, and what was measured near it.

A prediction is the cost model's (``qbench.analysis.cost_model``) times a correction: what the model is off by
on circuits that resemble this one.  Its interval comes from the errors on families that neither had seen.
Simulators are ranked within their class alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qbench.analysis.cost_forms import Size
from qbench.analysis.readings import RankingClass
from qbench.analysis.recommend_predictor import Known, Predictor, RecommendModel, beyond_measured
from qbench.analysis.resemblance import Traits, distance, likeness, weighed_mean

__all__ = ["PULL", "Prediction", "Ranked", "rank"]

DOUBT = 0.1
"""Who would be faster than the first in more than this share of the held-out circuits is not told apart."""

PULL = 0.5
"""How many circuits without any error the correction by resemblance counts against those that resemble."""

COMMON_CIRCUITS = 8
"""With fewer held-out circuits in common, two predictions are compared by their intervals alone."""

NEAREST = 3


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
    """The predictions of one class, the fastest first; ``together`` are not told apart from the first.

    ``roughly`` are those of them that have too few held-out circuits in common with the first: they are in
    the set since both may be off by as much as at worst, not since the errors were seen to change the order.
    """

    ranking_class: RankingClass
    predictions: tuple[Prediction, ...]
    together: tuple[str, ...]
    roughly: tuple[str, ...]


def rank(
    model: RecommendModel,
    sizes: Mapping[str, Size],
    traits: Traits | None,
    task: str,
    phase: str,
    bindings: int = 0,
) -> tuple[Ranked, ...]:
    """The predictions for one circuit by class, in the model's order of classes.

    ``sizes`` has the circuit's size by simulator, as lowering makes it for each; who is not in it, or is
    asked for a size too far from what was measured, is left out.  ``bindings`` are those of a sweep: what
    another number of them costs does not follow from the model.
    """
    found: dict[RankingClass, list[Prediction]] = {}
    for predictor in model.of(task, phase, bindings):
        size = sizes.get(predictor.simulator)
        if size is None or beyond_measured(predictor, size)[1] or predictor.base_seconds(size) <= 0:
            continue
        found.setdefault(predictor.ranking_class, []).append(_predict(model, predictor, size, traits))
    return tuple(_ranked(ranking_class, predictions) for ranking_class, predictions in found.items())


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
    """The measured circuits that resemble this one most, each once: with the nearest number of shots."""

    def away(cell: Known) -> tuple[float, str, str, float, int]:
        theirs = model.traits.get(cell.problem_id)
        if traits is not None and theirs is not None:
            apart = distance(traits, theirs)
        else:
            gates = math.log((1 + cell.size.gates) / (1 + size.gates), 4)
            apart = math.hypot((cell.size.qubits - size.qubits) / 4, gates)
        shots = abs(math.log((1 + cell.size.shots) / (1 + size.shots)))
        return apart, cell.problem, cell.problem_id, shots, cell.size.shots

    found: dict[str, Known] = {}
    for cell in sorted(predictor.cells, key=away):
        found.setdefault(cell.problem_id, cell)
    return tuple(found.values())[:NEAREST]


def _ranked(ranking_class: RankingClass, predictions: Sequence[Prediction]) -> Ranked:
    """In order, with everybody whom the model's errors on held-out families do not put behind the first."""
    ordered = tuple(sorted(predictions, key=lambda one: (one.seconds, one.predictor.simulator)))
    first, *others = ordered
    together, roughly = [first.predictor.simulator], []
    for one in others:
        errors = _common_errors(first.predictor, one.predictor)
        if not _told_apart(first, one, errors):
            together.append(one.predictor.simulator)
            roughly += [one.predictor.simulator] if errors is None else []
    return Ranked(
        ranking_class=ranking_class, predictions=ordered, together=tuple(together), roughly=tuple(roughly)
    )


def _common_errors(first: Predictor, other: Predictor) -> list[float] | None:
    """By how much more the other's held-out predictions were too low, in logarithms; None of fewer than 8.

    Errors on one circuit go together (many entangling gates cost everybody), so they are taken in pairs.
    """
    mine, theirs = first.held_out_logs(), other.held_out_logs()
    common = [theirs[key] - mine[key] for key in mine if key in theirs]
    return common if len(common) >= COMMON_CIRCUITS else None


def _told_apart(first: Prediction, other: Prediction, errors: Sequence[float] | None) -> bool:
    """Whether the other is behind in all but a tenth of cases, were their errors those of held-out circuits.

    Without such errors: whether it is behind by more than both may be off at worst.
    """
    behind = math.log(other.seconds / first.seconds)
    if errors is not None:
        return sum(behind + error <= 0 for error in errors) <= DOUBT * len(errors)
    return behind > math.log(first.predictor.rough_factor) + math.log(other.predictor.rough_factor)
