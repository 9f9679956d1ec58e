"""How often a recommendation is right: against measured times of circuits that the model has not seen.

What is asked of it is a decision, so what counts is what the decision costs: the measured time of the
recommended simulator over that of the fastest.  Beside it stand rules that need no model.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from qbench.analysis.cost_forms import Size
from qbench.analysis.cost_model import executed_size
from qbench.analysis.families import family_of
from qbench.analysis.figures import rounded
from qbench.analysis.readings import RankingClass, RunReadings
from qbench.analysis.recommend_model import recommend_model
from qbench.analysis.recommending import RecommendModel, rank
from qbench.analysis.resemblance import Traits, distance
from qbench.analysis.stats import MARGIN
from qbench.analysis.table import Table, Value

__all__ = ["RULES", "Trial", "left_out_trials", "seen_apart_trials", "trials_table"]


TOGETHER = 3
"""The set of a rule that needs no model: about as many as the model does not tell apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One circuit and workload in one class with the sizes and measured seconds of who was ranked there."""

    problem: str
    problem_id: str
    family: str
    task: str
    workload: str
    phase: str
    ranking_class: RankingClass
    sizes: Mapping[str, Size]
    seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What one rule said of one case.

    ``regret`` is the measured time of the first over that of the fastest; ``together`` the set that the rule
    does not tell apart, the first among them (of rules without a model, their first three).  ``errors`` are
    logarithms of measured over predicted by simulator, ``held`` how many measured times were inside of their
    intervals, of ``intervals``.
    """

    rule: str
    case: Case
    first: str
    together: tuple[str, ...]
    errors: tuple[float, ...] = ()
    held: int = 0
    intervals: int = 0

    @property
    def best(self) -> str:
        return min(self.case.seconds, key=lambda name: (self.case.seconds[name], name))

    @property
    def regret(self) -> float:
        return self.case.seconds[self.first] / self.case.seconds[self.best]

    @property
    def set_regret(self) -> float:
        """The best of the set, over the fastest: what is left to lose after the set was measured."""
        return min(self.case.seconds[name] for name in self.together) / self.case.seconds[self.best]


Rule = Callable[[RecommendModel, Case, Traits | None], Trial | None]


def left_out_trials(
    run: RunReadings, traits: Mapping[str, Traits], phase: str = "execute"
) -> tuple[Trial, ...]:
    """Every rule on every circuit of a run, from a model made without the circuit's family.

    All is made anew for each family: the choice of the forms, the fits, the errors that intervals and sets
    come from.
    """
    families = list(dict.fromkeys(family_of(cell) for cell in run.cells))
    trials: list[Trial] = []
    for family in families:
        rest = replace(run, cells=tuple(cell for cell in run.cells if family_of(cell) != family))
        known = {cell.problem_id for cell in rest.cells}
        model = recommend_model(rest, {id: one for id, one in traits.items() if id in known}, phases=(phase,))
        mine = replace(run, cells=tuple(cell for cell in run.cells if family_of(cell) == family))
        trials += _tried(model, _cases(mine, phase), traits)
    return tuple(trials)


def seen_apart_trials(
    model: RecommendModel, run: RunReadings, traits: Mapping[str, Traits], phase: str = "execute"
) -> tuple[Trial, ...]:
    """Every rule on the circuits of a run that the model was not made from."""
    seen = {cell.problem_id for predictor in model.predictors for cell in predictor.cells}
    cases = [case for case in _cases(run, phase) if case.problem_id not in seen]
    return tuple(_tried(model, cases, traits))


def _cases(run: RunReadings, phase: str) -> list[Case]:
    groups: dict[tuple[str, str, RankingClass], list[tuple[str, Size, float, tuple[str, str, str, str]]]] = {}
    for cell in run.cells:
        warm, size = cell.warm(phase, run.metric), executed_size(cell)
        if not cell.ranked or warm is None or size is None:
            continue
        named = (cell.problem["name"], family_of(cell), cell.task["kind"], cell.workload)
        key = (cell.problem_id, cell.task_id, cell.ranking_class)
        groups.setdefault(key, []).append((cell.simulator, size, warm.value * 1e-9, named))
    return [
        Case(
            problem=members[0][3][0],
            problem_id=problem_id,
            family=members[0][3][1],
            task=members[0][3][2],
            workload=members[0][3][3],
            phase=phase,
            ranking_class=ranking_class,
            sizes={name: size for name, size, _, _ in members},
            seconds={name: seconds for name, _, seconds, _ in members},
        )
        for (problem_id, _, ranking_class), members in groups.items()
        if len(members) > 1
    ]


def _tried(model: RecommendModel, cases: Iterable[Case], traits: Mapping[str, Traits]) -> list[Trial]:
    found = []
    for case in cases:
        said = [rule(model, case, traits.get(case.problem_id)) for rule in RULES.values()]
        if all(said):  # where one rule has nothing to say, none is tried: all stand on the same cases
            found += [trial for trial in said if trial is not None]
    return found


def _by_model(model: RecommendModel, case: Case, traits: Traits | None) -> Trial | None:
    return _ranked(model, case, traits, "model")


def _by_size_alone(model: RecommendModel, case: Case, traits: Traits | None) -> Trial | None:
    return _ranked(model, case, None, "model without resemblance")


def _ranked(model: RecommendModel, case: Case, traits: Traits | None, rule: str) -> Trial | None:
    mine = [
        one
        for one in rank(model, case.sizes, traits, case.task, case.phase)
        if one.ranking_class == case.ranking_class
    ]
    if not mine:
        return None
    (ranked,) = mine
    errors, held, intervals = [], 0, 0
    for one in ranked.predictions:
        measured = case.seconds[one.predictor.simulator]
        errors.append(math.log(measured / one.seconds))
        if one.low is not None and one.high is not None:
            intervals += 1
            held += one.low <= measured <= one.high
    return Trial(
        rule=rule,
        case=case,
        first=ranked.predictions[0].predictor.simulator,
        together=ranked.together,
        errors=tuple(errors),
        held=held,
        intervals=intervals,
    )


def _overall_best(model: RecommendModel, case: Case, traits: Traits | None) -> Trial | None:
    """Always the simulator whose time over the fastest was the smallest on the model's circuits."""
    times = _known_times(model, case)
    logs: dict[str, list[float]] = {}
    for mine in times.values():
        least = min(mine.values())
        for name, seconds in mine.items():
            logs.setdefault(name, []).append(math.log(seconds / least))
    most = max((len(values) for values in logs.values()), default=0)
    means = {name: statistics.fmean(values) for name, values in logs.items() if 2 * len(values) >= most}
    return _by_order("overall best", case, means)


def _nearest_circuit(model: RecommendModel, case: Case, traits: Traits | None) -> Trial | None:
    """The fastest of the measured circuit that resembles this one the most."""
    times = _known_times(model, case)
    if traits is None:
        return None
    near = sorted(
        (distance(traits, model.traits[problem]), problem) for problem in times if problem in model.traits
    )
    return _by_order("nearest circuit", case, times[near[0][1]]) if near else None


def _known_times(model: RecommendModel, case: Case) -> dict[str, dict[str, float]]:
    """What the model's run measured in the case's workload and class, by circuit: of who is in the case."""
    times: dict[str, dict[str, float]] = {}
    for predictor in model.of(case.task, case.phase):
        if predictor.ranking_class != case.ranking_class or predictor.simulator not in case.seconds:
            continue
        for cell in predictor.cells:
            times.setdefault(cell.problem_id, {})[predictor.simulator] = cell.seconds
    return times


def _by_order(rule: str, case: Case, order: Mapping[str, float]) -> Trial | None:
    if not order:
        return None
    ordered = sorted(order, key=lambda name: (order[name], name))
    return Trial(rule=rule, case=case, first=ordered[0], together=tuple(ordered[:TOGETHER]))


RULES: Mapping[str, Rule] = {
    "model": _by_model,
    "model without resemblance": _by_size_alone,
    "overall best": _overall_best,
    "nearest circuit": _nearest_circuit,
}
"""What is tried: the recommendation, the same without resemblance, and trivial rules."""

_COLUMNS = (
    "rule workload kind precision threads# phase cases# circuits# families# simulators# first_is_fastest# "
    "first_within_margin# set_has_fastest# set_within_margin# set_size# regret_median# regret_p90# "
    "regret_worst# set_regret_worst# error_percent# within_interval#"
)


def trials_table(trials: Sequence[Trial]) -> Table:
    """One row for each rule, workload and class, and for each rule one over all workloads of exact doubles.

    Shares of cases have two digits after the point; regrets are factors.
    """
    groups: dict[tuple[str, str, str, str, int, str], list[Trial]] = {}
    for trial in trials:
        of = trial.case.ranking_class
        groups.setdefault(
            (trial.rule, trial.case.workload, of.kind, of.precision, of.threads, trial.case.phase), []
        ).append(trial)
    rows = []
    for rule in RULES:
        mine = {key: found for key, found in groups.items() if key[0] == rule}
        rows += [_row(key, found) for key, found in mine.items()]
        every = [one for key, found in mine.items() if key[2:4] == ("exact", "complex128") for one in found]
        if len(mine) > 1 and every:
            first = next(key for key in mine if key[2:4] == ("exact", "complex128"))
            rows.append(_row((rule, "all", *first[2:]), every))
    return Table.of("recommend", _COLUMNS, rows)


def _row(key: tuple[str, str, str, str, int, str], trials: Sequence[Trial]) -> dict[str, Value]:
    rule, workload, kind, precision, threads, phase = key
    regrets = sorted(trial.regret for trial in trials)
    errors = [abs(error) for trial in trials for error in trial.errors]
    intervals = sum(trial.intervals for trial in trials)
    row: dict[str, Value] = {
        "rule": rule,
        "workload": workload,
        "kind": kind,
        "precision": precision,
        "threads": threads,
        "phase": phase,
        "cases": len(trials),
        "circuits": len({trial.case.problem for trial in trials}),
        "families": len({trial.case.family for trial in trials}),
        "simulators": _figure(statistics.fmean(len(trial.case.seconds) for trial in trials)),
        "first_is_fastest": _share(trial.first == trial.best for trial in trials),
        "first_within_margin": _share(trial.regret <= 1 + MARGIN for trial in trials),
        "set_has_fastest": _share(trial.best in trial.together for trial in trials),
        "set_within_margin": _share(trial.set_regret <= 1 + MARGIN for trial in trials),
        "set_size": _figure(statistics.fmean(len(trial.together) for trial in trials)),
        "regret_median": _figure(statistics.median(regrets)),
        "regret_p90": _figure(regrets[max(0, math.ceil(0.9 * len(regrets)) - 1)]),
        "regret_worst": _figure(regrets[-1]),
        "set_regret_worst": _figure(max(trial.set_regret for trial in trials)),
    }
    if errors:
        row["error_percent"] = _figure(100 * (math.exp(statistics.median(errors)) - 1))
    if intervals:
        held = sum(trial.held for trial in trials)
        row["within_interval"] = Decimal(held / intervals).quantize(Decimal("0.01"))
    return row


def _share(flags: Iterable[bool]) -> Decimal:
    told = list(flags)
    return Decimal(sum(told) / len(told)).quantize(Decimal("0.01"))


def _figure(value: float) -> Decimal:
    return rounded(value, 3)
