"""Rules that name a simulator for a circuit: the recommendation, and trivial ones that it is held against."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from qbench.analysis.cost_forms import Size
from qbench.analysis.readings import RankingClass
from qbench.analysis.recommend_predictor import RecommendModel
from qbench.analysis.recommending import rank
from qbench.analysis.resemblance import Traits, distance

__all__ = ["MODEL", "RULES", "WITHOUT_RESEMBLANCE", "Case", "Models", "Trial", "tried"]

MODEL, WITHOUT_RESEMBLANCE = "model", "model without resemblance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One circuit and workload in one class with the sizes and measured seconds of who was ranked there."""

    problem: str
    problem_id: str
    family: str
    task: str
    workload: str
    bindings: int
    phase: str
    ranking_class: RankingClass
    sizes: Mapping[str, Size]
    seconds: Mapping[str, float]

    @property
    def best(self) -> str:
        return min(self.seconds, key=lambda name: (self.seconds[name], name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What one rule said of one case.

    ``regret`` is the measured time of the first over that of the fastest; ``together`` the set that the rule
    does not tell apart, the first among them.  ``errors`` are logarithms of measured over predicted, the
    first's before the others', ``held`` whether each measured time is inside of its interval: of those that
    have one.  ``first_held`` is None where the first has none.
    """

    rule: str
    case: Case
    first: str
    together: tuple[str, ...]
    errors: tuple[float, ...] = ()
    held: tuple[bool, ...] = ()
    first_held: bool | None = None

    @property
    def regret(self) -> float:
        return self.case.seconds[self.first] / self.case.seconds[self.case.best]

    @property
    def set_regret(self) -> float:
        """The best of the set, over the fastest: what is left to lose after the set was measured."""
        return min(self.case.seconds[name] for name in self.together) / self.case.seconds[self.case.best]


class Models(NamedTuple):
    """A model, and one of the same run that knows no circuit's traits, where there is the run to make it of.

    The second cannot be had from the first: its errors on held-out families are others.
    """

    whole: RecommendModel
    bare: RecommendModel | None


Rule = Callable[[Models, Case, Traits | None, int], Trial | None]


def tried(models: Models, case: Case, traits: Traits | None) -> list[Trial]:
    """What each rule says of a case; a rule that says nothing has no trial.

    The sets of the rules that need no model are as large as the model's in the same case, so that none is
    better for naming more; of the first alone where the model says nothing.
    """
    mine = _by_model(models, case, traits, 0)
    size = len(mine.together) if mine else 1
    found = [mine if rule is _by_model else rule(models, case, traits, size) for rule in RULES.values()]
    return [trial for trial in found if trial is not None]


def _by_model(models: Models, case: Case, traits: Traits | None, _: int) -> Trial | None:
    return _ranked(models.whole, case, traits, MODEL)


def _by_size_alone(models: Models, case: Case, _: Traits | None, __: int) -> Trial | None:
    return None if models.bare is None else _ranked(models.bare, case, None, WITHOUT_RESEMBLANCE)


def _ranked(model: RecommendModel, case: Case, traits: Traits | None, rule: str) -> Trial | None:
    mine = [
        one
        for one in rank(model, case.sizes, traits, case.task, case.phase, case.bindings)
        if one.ranking_class == case.ranking_class
    ]
    if not mine:
        return None
    (ranked,) = mine
    errors, held = [], []
    for one in ranked.predictions:
        measured = case.seconds[one.predictor.simulator]
        errors.append(math.log(measured / one.seconds))
        if one.low is not None and one.high is not None:
            held.append(one.low <= measured <= one.high)
    first = ranked.predictions[0]
    return Trial(
        rule=rule,
        case=case,
        first=first.predictor.simulator,
        together=ranked.together,
        errors=tuple(errors),
        held=tuple(held),
        first_held=None if first.low is None else held[0],
    )


def _overall_best(models: Models, case: Case, _: Traits | None, size: int) -> Trial | None:
    """Always the simulator whose time over the fastest was the smallest on the model's circuits."""
    logs: dict[str, list[float]] = {}
    for mine in _known_times(models.whole, case).values():
        least = min(mine.values())
        for name, seconds in mine.items():
            logs.setdefault(name, []).append(math.log(seconds / least))
    most = max((len(values) for values in logs.values()), default=0)
    means = {name: statistics.fmean(values) for name, values in logs.items() if 2 * len(values) >= most}
    return _by_order("overall best", case, means, size)


def _nearest_circuit(models: Models, case: Case, traits: Traits | None, size: int) -> Trial | None:
    """The fastest of the measured circuit that resembles this one the most."""
    times, known = _known_times(models.whole, case), models.whole.traits
    if traits is None:
        return None
    near = sorted((distance(traits, known[problem]), problem) for problem in times if problem in known)
    return _by_order("nearest circuit", case, times[near[0][1]], size) if near else None


def _known_times(model: RecommendModel, case: Case) -> dict[str, dict[str, float]]:
    """What the model was made from in the very workload and class, by circuit: of who is in the case."""
    times: dict[str, dict[str, float]] = {}
    for predictor in model.of(case.task, case.phase, case.bindings):
        name = predictor.simulator
        if predictor.ranking_class != case.ranking_class or name not in case.seconds:
            continue
        for cell in predictor.cells:
            if cell.size.shots == case.sizes[name].shots:
                times.setdefault(cell.problem_id, {})[name] = cell.seconds
    return times


def _by_order(rule: str, case: Case, order: Mapping[str, float], size: int) -> Trial | None:
    if not order:
        return None
    ordered = sorted(order, key=lambda name: (order[name], name))
    return Trial(rule=rule, case=case, first=ordered[0], together=tuple(ordered[:size]))


RULES: Mapping[str, Rule] = {
    MODEL: _by_model,
    WITHOUT_RESEMBLANCE: _by_size_alone,
    "overall best": _overall_best,
    "nearest circuit": _nearest_circuit,
}
"""What is tried: the recommendation, the same without resemblance, and trivial rules."""
