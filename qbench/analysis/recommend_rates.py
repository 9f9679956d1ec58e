"""How often each rule is right, as a table, with intervals over families.

The circuits of one family resemble each other, so that a family is right or wrong more or less as a whole:
what an interval is over is families.  Student's t covers more than drawing few families again and again does
(``results/calibration/families.csv``).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from qbench.analysis.families import LEAST_FAMILIES
from qbench.analysis.figures import rounded
from qbench.analysis.readings import RankingClass
from qbench.analysis.recommend_rules import MODEL, Case, Trial
from qbench.analysis.recommend_trials import Evaluation
from qbench.analysis.stats import CONFIDENCE, MARGIN
from qbench.analysis.table import Table, Value

__all__ = ["mean_over_families", "rates_table", "share_over_families"]

_COLUMNS = (
    "rule workload kind precision threads# phase asked# cases# circuits# families# simulators# "
    "first_is_fastest# first_within_margin# first_within_margin_low# first_within_margin_high# "
    "set_has_fastest# set_within_margin# set_within_margin_low# set_within_margin_high# set_size# "
    "regret_mean# regret_mean_low# regret_mean_high# regret_median# regret_p90# regret_worst# worst_case "
    "set_regret_worst# within_margin_over_model# within_margin_over_model_low# "
    "within_margin_over_model_high# regret_over_model# regret_over_model_low# regret_over_model_high# "
    "error_percent# within_interval# first_within_interval# first_over_predicted#"
)

Key = tuple[str, str, str, int]
"""Workload, kind, precision, threads."""

ALL = "all"
Thing = TypeVar("Thing")
Ends = tuple[float, float]


def rates_table(found: Evaluation) -> Table:
    """One row for each rule, workload and class, and for each rule one over all workloads of exact doubles.

    ``asked`` are all cases, ``cases`` those of which the rule said something; all else is of these, and what
    stands ``over_model`` of those of which the model said something too.  Shares have two digits after the
    point; regrets are factors.
    """
    asked = _grouped(found.cases, lambda case: case)
    said = _grouped(found.trials, lambda trial: trial.case)
    rows = []
    for rule in found.rules:
        for key, cases in asked.items():
            mine = [trial for trial in said.get(key, ()) if trial.rule == rule]
            model = [trial for trial in said.get(key, ()) if trial.rule == MODEL]
            rows.append(_row(rule, key, cases, mine, model))
    return Table.of("recommend", _COLUMNS, rows)


def _grouped(things: Sequence[Thing], case_of: Callable[[Thing], Case]) -> dict[Key, list[Thing]]:
    """By workload and class; then those of exact doubles over all workloads, by threads."""
    groups: dict[Key, list[Thing]] = {}
    every: dict[Key, list[Thing]] = {}
    for thing in things:
        case = case_of(thing)
        of = case.ranking_class
        groups.setdefault((case.workload, of.kind, of.precision, of.threads), []).append(thing)
        if (of.kind, of.precision) == ("exact", "complex128"):
            every.setdefault((ALL, of.kind, of.precision, of.threads), []).append(thing)
    return groups | every


def _row(
    rule: str, key: Key, cases: Sequence[Case], trials: Sequence[Trial], model: Sequence[Trial]
) -> dict[str, Value]:
    workload, kind, precision, threads = key
    row: dict[str, Value] = {
        "rule": rule,
        "workload": workload,
        "kind": kind,
        "precision": precision,
        "threads": threads,
        "phase": cases[0].phase,
        "asked": len(cases),
        "cases": len(trials),
    }
    if trials:
        row |= _hits(trials) | _regrets(trials)
        row |= _predictions(trials) | (_over_model(trials, model) if rule != MODEL else {})
    return row


def _hits(trials: Sequence[Trial]) -> dict[str, Value]:
    first = _by_family(trials, lambda one: float(one.regret <= 1 + MARGIN))
    together = _by_family(trials, lambda one: float(one.set_regret <= 1 + MARGIN))
    return {
        "circuits": len({trial.case.problem for trial in trials}),
        "families": len(first),
        "simulators": rounded(statistics.fmean(len(trial.case.seconds) for trial in trials), 3),
        "first_is_fastest": _share(trial.first == trial.case.best for trial in trials),
        "first_within_margin": _share(trial.regret <= 1 + MARGIN for trial in trials),
        **_ends("first_within_margin", share_over_families(first), _two),
        "set_has_fastest": _share(trial.case.best in trial.together for trial in trials),
        "set_within_margin": _share(trial.set_regret <= 1 + MARGIN for trial in trials),
        **_ends("set_within_margin", share_over_families(together), _two),
        "set_size": _figure(statistics.fmean(len(trial.together) for trial in trials)),
    }


def _regrets(trials: Sequence[Trial]) -> dict[str, Value]:
    regrets = sorted(trial.regret for trial in trials)
    logs = _by_family(trials, lambda one: math.log(one.regret))
    worst = max(trials, key=lambda one: one.regret).case
    return {
        "regret_mean": _figure(math.exp(_mean(logs))),
        **_ends("regret_mean", mean_over_families(logs), _regret),
        "regret_median": _figure(statistics.median(regrets)),
        "regret_p90": _figure(regrets[max(0, math.ceil(0.9 * len(regrets)) - 1)]),
        "regret_worst": _figure(regrets[-1]),
        "worst_case": f"{worst.problem}, {worst.workload}",
        "set_regret_worst": _figure(max(trial.set_regret for trial in trials)),
    }


def _over_model(trials: Sequence[Trial], model: Sequence[Trial]) -> dict[str, Value]:
    """The rule against the model, in pairs: cases that are hard are hard for both."""
    theirs = {_case_id(trial.case): trial for trial in model}
    both = [trial for trial in trials if _case_id(trial.case) in theirs]
    if not both:
        return {}

    def behind(one: Trial) -> float:
        return math.log(one.regret) - math.log(theirs[_case_id(one.case)].regret)

    def hits(one: Trial) -> float:
        other = theirs[_case_id(one.case)]
        return float(one.regret <= 1 + MARGIN) - float(other.regret <= 1 + MARGIN)

    shares, logs = _by_family(both, hits), _by_family(both, behind)
    return {
        "within_margin_over_model": _two(_mean(shares)),
        **_ends("within_margin_over_model", mean_over_families(shares), _two),
        "regret_over_model": _figure(math.exp(_mean(logs))),
        **_ends("regret_over_model", mean_over_families(logs), _exp),
    }


def _case_id(case: Case) -> tuple[str, str, int, RankingClass]:
    return case.problem_id, case.workload, case.bindings, case.ranking_class


def _predictions(trials: Sequence[Trial]) -> dict[str, Value]:
    """Of the rules that predict times: how far off, and how many measured times their intervals held."""
    row: dict[str, Value] = {}
    errors = [abs(error) for trial in trials for error in trial.errors]
    firsts = [trial.errors[0] for trial in trials if trial.errors]
    held = [inside for trial in trials for inside in trial.held]
    first_held = [trial.first_held for trial in trials if trial.first_held is not None]
    if errors:
        row["error_percent"] = _figure(100 * (math.exp(statistics.median(errors)) - 1))
        row["first_over_predicted"] = _figure(math.exp(statistics.median(firsts)))
    if held:
        row["within_interval"] = _share(held)
    if first_held:
        row["first_within_interval"] = _share(first_held)
    return row


# ---- intervals


def mean_over_families(values: Mapping[str, Sequence[float]]) -> Ends | None:
    """The 95 % interval of the mean over all values, were other families drawn.

    Student's t with the standard error over clusters: a family's share in the error is its sum less as many
    means, whatever its circuits have in common.  None with fewer than five families, and where all values
    are equal: then their scatter says nothing.

    >>> low, high = mean_over_families({name: [float(place)] for place, name in enumerate("abcde")})
    >>> f"{low:.3f} to {high:.3f}"
    '0.037 to 3.963'
    """
    count, every = len(values), [value for mine in values.values() for value in mine]
    if count < LEAST_FAMILIES or len(set(every)) == 1:
        return None
    from scipy.special import stdtrit  # scipy.stats takes 10 times as long to import

    mean = math.fsum(every) / len(every)
    off = [math.fsum(mine) - mean * len(mine) for mine in values.values()]
    error = math.sqrt(count / (count - 1) * math.fsum(x * x for x in off)) / len(every)
    reach = float(stdtrit(count - 1, (1 + CONFIDENCE) / 2)) * error
    return mean - reach, mean + reach


def share_over_families(hits: Mapping[str, Sequence[float]]) -> Ends | None:
    """The same of a share of hits (1.0) among misses (0.0); of hits alone, or misses alone, the exact one.

    k families that are right without exception leave open that one in so many is wrong: a share s of families
    that are right gives k of k with a chance of s^k, 2.5 % at the lower end.

    >>> print(f"{share_over_families({name: [1.0, 1.0] for name in 'abcdef'})[0] ** 6:.3f}")
    0.025
    """
    told = {value for mine in hits.values() for value in mine}
    if len(hits) >= LEAST_FAMILIES and len(told) == 1:
        edge = ((1 - CONFIDENCE) / 2) ** (1 / len(hits))
        return (edge, 1.0) if told == {1.0} else (0.0, 1 - edge)
    ends = mean_over_families(hits)
    return None if ends is None else (max(0.0, ends[0]), min(1.0, ends[1]))


def _by_family(trials: Sequence[Trial], value: Callable[[Trial], float]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for trial in trials:
        found.setdefault(trial.case.family, []).append(value(trial))
    return found


def _mean(values: Mapping[str, Sequence[float]]) -> float:
    return statistics.fmean(value for mine in values.values() for value in mine)


# ---- figures


def _ends(name: str, ends: Ends | None, figure: Callable[[float], Decimal]) -> dict[str, Value]:
    return {} if ends is None else {f"{name}_low": figure(ends[0]), f"{name}_high": figure(ends[1])}


def _share(flags: Iterable[bool]) -> Decimal:
    told = list(flags)
    return _two(sum(told) / len(told))


def _two(value: float) -> Decimal:
    return Decimal(value).quantize(Decimal("0.01")) + 0  # + 0: no -0.00


def _figure(value: float) -> Decimal:
    return rounded(value, 3)


def _exp(log: float) -> Decimal:
    return _figure(math.exp(log))


def _regret(log: float) -> Decimal:
    return _exp(max(0.0, log))  # nothing is faster than the fastest
