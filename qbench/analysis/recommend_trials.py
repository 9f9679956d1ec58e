"""Recommendations held against measured times of circuits that the model has not seen.

What is asked of one is a decision, so what counts is what the decision costs: the measured time of the
recommended simulator over that of the fastest.  Beside it stand rules that need no model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qbench.analysis.cost_model import executed_size, fit_costs
from qbench.analysis.families import family_of
from qbench.analysis.readings import CellReadings, RankingClass, RunReadings
from qbench.analysis.recommend_model import bindings_of, model_of_fits
from qbench.analysis.recommend_predictor import RecommendModel
from qbench.analysis.recommend_rules import RULES, WITHOUT_RESEMBLANCE, Case, Models, Trial, tried
from qbench.analysis.resemblance import Traits

__all__ = ["Evaluation", "left_out_trials", "seen_apart_trials"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The cases that the rules were asked, and what they said.

    A rule that has no trial of a case said nothing of it: no simulator was known in its class, or it lies too
    far from what was measured.  ``rules`` are those that were tried at all.
    """

    rules: tuple[str, ...]
    cases: tuple[Case, ...]
    trials: tuple[Trial, ...]


def left_out_trials(run: RunReadings, traits: Mapping[str, Traits], phase: str = "execute") -> Evaluation:
    """Every rule on every circuit of a run, from a model made without the circuit's family.

    All is made anew for each family: the choice of the forms, the fits, the errors that intervals and sets
    come from.
    """
    families = list(dict.fromkeys(family_of(cell) for cell in run.cells))
    cases: list[Case] = []
    trials: list[Trial] = []
    for family in families:
        asked = _cases(_of(run, [cell for cell in run.cells if family_of(cell) == family]), phase)
        if not asked:
            continue
        tasks = {case.task for case in asked}
        others = [cell for cell in run.cells if family_of(cell) != family and _kind(cell) in tasks]
        models = _models(_of(run, others), traits, phase)
        cases += asked
        trials += [trial for case in asked for trial in tried(models, case, traits.get(case.problem_id))]
    return Evaluation(rules=tuple(RULES), cases=tuple(cases), trials=tuple(trials))


def _models(run: RunReadings, traits: Mapping[str, Traits], phase: str) -> Models:
    fits = fit_costs(run, phase)
    there = {cell.problem_id for cell in run.cells}
    known = {problem: one for problem, one in traits.items() if problem in there}
    return Models(model_of_fits(run, fits, known), model_of_fits(run, fits, {}))


def _of(run: RunReadings, cells: Sequence[CellReadings]) -> RunReadings:
    return replace(run, cells=tuple(cells))


def seen_apart_trials(
    model: RecommendModel,
    run: RunReadings,
    traits: Mapping[str, Traits],
    phase: str = "execute",
    bare: RecommendModel | None = None,
) -> Evaluation:
    """Every rule on the circuits of a run that the model was not made from.

    ``bare`` is the model of the same run without traits; None leaves out the rule that needs it.
    """
    seen = {cell.problem_id for predictor in model.predictors for cell in predictor.cells}
    cases = tuple(case for case in _cases(run, phase) if case.problem_id not in seen)
    models = Models(model, bare)
    return Evaluation(
        rules=tuple(rule for rule in RULES if bare is not None or rule != WITHOUT_RESEMBLANCE),
        cases=cases,
        trials=tuple(one for case in cases for one in tried(models, case, traits.get(case.problem_id))),
    )


def _kind(cell: CellReadings) -> str:
    return str(cell.task["kind"])


def _cases(run: RunReadings, phase: str) -> list[Case]:
    """Those in which there is a choice: with two simulators of one class or more."""
    groups: dict[tuple[str, str, RankingClass], list[CellReadings]] = {}
    for cell in run.cells:
        if cell.ranked and cell.warm(phase, run.metric) is not None and executed_size(cell) is not None:
            groups.setdefault((cell.problem_id, cell.task_id, cell.ranking_class), []).append(cell)
    return [_case(run, members, phase) for members in groups.values() if len(members) > 1]


def _case(run: RunReadings, members: list[CellReadings], phase: str) -> Case:
    first = members[0]
    warm = {cell.simulator: cell.warm(phase, run.metric) for cell in members}
    sizes = {cell.simulator: executed_size(cell) for cell in members}
    return Case(
        problem=first.problem["name"],
        problem_id=first.problem_id,
        family=family_of(first),
        task=_kind(first),
        workload=first.workload,
        bindings=bindings_of(first),
        phase=phase,
        ranking_class=first.ranking_class,
        sizes={name: size for name, size in sizes.items() if size is not None},
        seconds={name: time.value * 1e-9 for name, time in warm.items() if time is not None},
    )
