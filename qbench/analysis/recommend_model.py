"""The model that recommendations are made from: a run's cost fits, and how far off they are held out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from qbench.analysis.cost_model import CostCell, CostFit, fit_costs
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.analysis.recommend_predictor import Known, Predictor, RecommendModel
from qbench.analysis.recommending import PULL
from qbench.analysis.resemblance import Traits, likeness, weighed_mean
from qbench.model import RANKED_PHASES

__all__ = ["bindings_of", "model_of_fits", "recommend_model"]

Likeness = Mapping[tuple[str, str], float]


def recommend_model(
    run: RunReadings,
    traits: Mapping[str, Traits],
    *,
    about: Mapping[str, str | None] | None = None,
    phases: Sequence[str] = RANKED_PHASES,
) -> RecommendModel:
    """The predictors of every simulator, workload and class of a run, for these phases.

    ``traits`` are those of the run's circuits, by id; where one is missing, its times are predicted from the
    numbers of qubits and gates alone.  ``about`` says for people what run this is.
    """
    fits = [fit for phase in phases if phase in run.phases for fit in fit_costs(run, phase)]
    return model_of_fits(run, fits, traits, about)


def model_of_fits(
    run: RunReadings,
    fits: Sequence[CostFit],
    traits: Mapping[str, Traits],
    about: Mapping[str, str | None] | None = None,
) -> RecommendModel:
    """The same of fits that are there already; without traits nothing is corrected, nor held out so."""
    alike = {(one, other): likeness(traits[one], traits[other]) for one in traits for other in traits}
    facts = run.records.manifest["simulators"]
    bindings = {cell.workload: bindings_of(cell) for cell in run.cells}
    return RecommendModel(
        about=dict(about or {}),
        traits=dict(traits),
        predictors=tuple(
            Predictor(
                simulator=fit.simulator,
                version=facts[fit.simulator]["version"],
                workload=fit.workload,
                task=fit.task,
                bindings=bindings.get(fit.workload, 0),
                ranking_class=fit.ranking_class,
                phase=fit.phase,
                form=fit.form,
                coefficients=fit.fitted.coefficients,
                cells=tuple(_known(fit, cell, alike) for cell in fit.cells),
            )
            for fit in fits
        ),
    )


def bindings_of(cell: CellReadings) -> int:
    """How many bindings a sweep has; 0 for other workloads."""
    return len(cell.task["bindings"]) if cell.task["kind"] == "sweep" else 0


def _known(fit: CostFit, cell: CostCell, alike: Likeness) -> Known:
    return Known(
        problem=cell.problem,
        problem_id=cell.problem_id,
        family=cell.family,
        size=cell.size,
        seconds=cell.seconds,
        predicted_seconds=cell.predicted_seconds,
        held_out_seconds=_held_out(fit, cell, alike),
    )


def _held_out(fit: CostFit, cell: CostCell, alike: Likeness) -> float | None:
    """What is predicted for a circuit by the fit and the errors of the other families alone."""
    if not cell.held_out_seconds:
        return None
    others = []
    for other in fit.cells:
        weight = alike.get((cell.problem_id, other.problem_id))
        if other.family == cell.family or weight is None:
            continue
        predicted = fit.fitted.seconds(other.size, without=cell.family)
        if predicted > 0:
            others.append((weight, math.log(other.seconds / predicted)))
    return cell.held_out_seconds * math.exp(weighed_mean(others, PULL))
