"""How often qbench's intervals hold the truth and its verdicts are false alarms, on synthetic nested data.

    python results/calibration/coverage.py [--quick | --summary]

writes coverage.csv, errors.csv, families.csv and totals.csv beside this file; ``--summary`` prints from them
the tables of docs/statistics.md.  Times are drawn as on a busy machine: a
slowness per round that all simulators share (AR(1) with 0.8, sd 20 %), an effect per process (the case's sd,
autocorrelation between rounds and tails), 1 % between the visits of a process, 2 % between samples, of which
one in twenty is interrupted.  What follows is what qbench does: medians of samples, medians of visits,
paired ratios, and the stopping rule in the loop.
"""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.stats

from qbench.analysis.families import over_families
from qbench.analysis.stats import (
    Standing,
    compare,
    differs,
    geometric_mean,
    holm,
    log_interval,
    paired_ratio,
)
from qbench.analysis.stopping import StoppingRule, rounds_to_run

Reals = npt.NDArray[np.float64]

FOLDER = Path(__file__).resolve().parent
VISITS, SAMPLES = 3, 5
BATCH = 250
RULES = {
    "core": StoppingRule(rounds=6, most_rounds=30, width=0.05, extra_rounds=3),
    "precise": StoppingRule(rounds=10, most_rounds=60, width=0.03, extra_rounds=3),
    "core, no extra": StoppingRule(rounds=6, most_rounds=30, width=0.05, extra_rounds=0),
    "6 rounds": StoppingRule(rounds=6),
    "20 rounds": StoppingRule(rounds=20),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """``sd`` of a process's effect, its autocorrelation ``rho`` between rounds, and its ``tails``.

    ``contestants`` share one baseline, and the question stops when all of them are narrow.
    """

    rule: str
    sd: float
    rho: float
    tails: str = "normal"
    contestants: int = 1
    truth: float = 1.0


# ---- the data


def innovations(draw: np.random.Generator, tails: str, shape: tuple[int, ...]) -> Reals:
    """Independent draws of mean 0 and variance 1."""
    if tails == "normal":
        return draw.standard_normal(shape)
    if tails == "contaminated":  # one in ten processes has four times the spread
        wide = np.where(draw.random(shape) < 0.1, 4.0, 1.0)
        return draw.standard_normal(shape) * wide / math.sqrt(0.9 + 0.1 * 16)
    if tails == "t3":
        return draw.standard_t(3, shape) / math.sqrt(3)
    if tails == "slow side":  # slow processes only, of the contestant only: see process_effects
        return draw.exponential(1.0, shape) - 1.0
    raise ValueError(tails)


def autocorrelated(start: Reals, rho: float) -> Reals:
    """AR(1) of variance 1 along the last axis, from innovations of variance 1."""
    found = start.copy()
    for number in range(1, start.shape[-1]):
        found[..., number] = rho * found[..., number - 1] + math.sqrt(1 - rho**2) * start[..., number]
    return found


def round_times(draw: np.random.Generator, case: Case, count: int, rounds: int) -> Reals:
    """Times of (replicate, simulator, round); the first simulator is the baseline."""
    simulators = 1 + case.contestants
    machine = 0.20 * autocorrelated(draw.standard_normal((count, 1, rounds)), 0.8)
    process = case.sd * autocorrelated(innovations(draw, case.tails, (count, simulators, rounds)), case.rho)
    if case.tails == "slow side":
        process[:, 0] = 0.0
    shape = (count, simulators, rounds, VISITS, SAMPLES)
    visit = 0.01 * draw.standard_normal(shape[:-1])
    sample = 0.02 * draw.standard_normal(shape)
    sample += np.where(draw.random(shape) < 0.05, draw.exponential(0.5, shape), 0.0)
    logs = machine[..., None, None] + process[..., None, None] + visit[..., None] + sample
    logs[:, 1:] += math.log(case.truth)
    return np.median(np.median(np.exp(logs), axis=-1), axis=-1)


# ---- coverage


def log_ratios(times: Reals) -> list[dict[int, float]]:
    return [dict(enumerate(np.log(row / times[0]).tolist())) for row in times[1:]]


def replicates(case: Case, runs: int) -> Iterator[tuple[Reals, int]]:
    """Times of all rounds that may be run, and how many the rule runs."""
    rule = RULES[case.rule]
    draw = np.random.default_rng([2026, *map(ord, repr(case))])
    for begin in range(0, runs, BATCH):
        for times in round_times(draw, case, min(BATCH, runs - begin), rule.most_rounds or rule.rounds):
            rounds = rounds_to_run(rule, log_ratios(times))
            assert rounds is not None
            yield times, rounds


def coverage(case: Case, runs: int) -> dict[str, object]:
    held, plain, called, spent, widths, asked = 0, 0, 0, 0, [], 0
    for times, rounds in replicates(case, runs):
        baseline = dict(enumerate(times[0, :rounds].tolist()))
        for row in times[1:, :rounds].tolist():
            ratio = paired_ratio(dict(enumerate(row)), baseline)
            assert ratio is not None
            assert ratio.low is not None
            assert ratio.high is not None
            held += ratio.low <= case.truth <= ratio.high
            uncorrected = geometric_mean([row[r] / baseline[r] for r in range(rounds)])
            assert uncorrected.low is not None
            assert uncorrected.high is not None
            plain += uncorrected.low <= case.truth <= uncorrected.high
            called += differs(ratio) is True
            widths.append(ratio.half_width or math.inf)
            asked += 1
        spent += rounds
    return {
        "rule": case.rule,
        "process_sd": case.sd,
        "rho": case.rho,
        "tails": case.tails,
        "contestants": case.contestants,
        "truth": case.truth,
        "replicates": runs,
        "coverage_percent": f"{100 * held / asked:.1f}",
        "plain_t_percent": f"{100 * plain / asked:.1f}",
        "differs_percent": f"{100 * called / asked:.1f}",
        "mean_rounds": f"{spent / runs:.1f}",
        "half_width_percent": f"{100 * float(np.median(widths)):.1f}",
    }


# ---- false verdicts


def errors(case: Case, runs: int) -> dict[str, object]:
    """Identical simulators: how often at least one of them is called faster or slower."""
    counts = dict.fromkeys(("significant", "verdict", "fastest", "fastest_uncorrected"), 0)
    for times, rounds in replicates(case, runs):
        rows = [dict(enumerate(row)) for row in times[:, :rounds].tolist()]
        ratios = [paired_ratio(row, rows[0]) for row in rows[1:]]
        adjusted = holm([ratio.p_value for ratio in ratios if ratio])
        counts["significant"] += any(p is not None and p < 0.05 for p in adjusted)
        counts["verdict"] += _told(compare(ratios))
        fastest = int(np.argmin(np.log(times[:, :rounds]).mean(axis=1)))
        raced = [paired_ratio(row, rows[fastest]) for place, row in enumerate(rows) if place != fastest]
        counts["fastest"] += _told(compare(raced, chosen=True))
        counts["fastest_uncorrected"] += _told(compare(raced))
    shares = {f"{name}_percent": f"{100 * number / runs:.1f}" for name, number in counts.items()}
    return {
        "rule": case.rule,
        "process_sd": case.sd,
        "rho": case.rho,
        "simulators": 1 + case.contestants,
        "replicates": runs,
    } | shares


def _told(standings: Sequence[Standing]) -> bool:
    return Standing.FASTER in standings or Standing.SLOWER in standings


# ---- intervals over families alone


def family_logs(draw: np.random.Generator, kind: str, families: int) -> dict[str, list[float]]:
    """Log ratios of 1 to 4 circuits of each family; their true mean is 0."""
    if kind == "normal":
        effects = 0.5 * draw.standard_normal(families)
    elif kind == "skewed":
        effects = draw.exponential(0.5, families) - 0.5
    elif kind == "heavy tails":
        effects = 0.35 * draw.standard_t(3, families)
    else:  # "a fifth apart": a fifth of the families is 4.5 times slower than the others
        effects = np.where(draw.random(families) < 0.2, 1.2, -0.3)
    sizes = draw.integers(1, 5, families)
    return {
        str(place): (effect + 0.25 * draw.standard_normal(size)).tolist()
        for place, (effect, size) in enumerate(zip(effects, sizes, strict=True))
    }


def resampled(draw: np.random.Generator, logs: dict[str, list[float]]) -> dict[str, tuple[float, float]]:
    """Intervals by resampling families: percentile, bias-corrected (BCa), studentised."""
    means = np.array([np.mean(values) for values in logs.values()])
    mean = lambda values, axis=-1: np.mean(values, axis=axis)  # noqa: E731
    found = {
        method: scipy.stats.bootstrap((means,), mean, n_resamples=999, method=method, rng=draw)
        for method in ("percentile", "BCa")
    }
    intervals = {name: (r.confidence_interval.low, r.confidence_interval.high) for name, r in found.items()}
    again = means[draw.integers(0, len(means), (999, len(means)))]
    error = again.std(axis=1, ddof=1) / math.sqrt(len(means))
    kept = error > 0
    low, high = np.quantile((again.mean(axis=1) - means.mean())[kept] / error[kept], [0.025, 0.975])
    scale = means.std(ddof=1) / math.sqrt(len(means))
    intervals["studentised"] = (means.mean() - high * scale, means.mean() - low * scale)
    return intervals


def family_intervals(case: tuple[str, int], runs: int) -> dict[str, object]:
    """Families alone, the rounds left out: Student's t beside resampling."""
    kind, families = case
    draw = np.random.default_rng([2027, families, *map(ord, kind)])
    held: dict[str, int] = {}
    for _ in range(runs):
        logs = family_logs(draw, kind, families)
        told = geometric_mean([math.exp(math.fsum(values) / len(values)) for values in logs.values()])
        assert told.low is not None
        assert told.high is not None
        intervals = {"t": (math.log(told.low), math.log(told.high))} | resampled(draw, logs)
        for name, (low, high) in intervals.items():
            held[name] = held.get(name, 0) + (low <= 0 <= high)
    shares = {f"{name.lower()}_percent": f"{100 * number / runs:.1f}" for name, number in held.items()}
    return {"families_are": kind, "families": families, "replicates": runs} | shares


# ---- totals: families and rounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """One simulator over its baseline on 1 to 3 circuits of each family, their true mean ratio 1.

    ``shared`` is the sd of what the two processes of a round add in all circuits alike, autocorrelated with
    0.1; ``spread`` that of the families' true ratios, half of it between the circuits of a family; each
    circuit and round adds 3 % of its own.
    """

    rule: str
    families: int
    spread: float
    shared: float


def crossed_logs(draw: np.random.Generator, case: Total) -> dict[str, list[dict[int, float]]]:
    """Log ratios by family, circuit and round, as many rounds of each circuit as the rule runs."""
    rule = RULES[case.rule]
    rounds = rule.most_rounds or rule.rounds
    shared = case.shared * autocorrelated(draw.standard_normal(rounds), 0.1)
    found: dict[str, list[dict[int, float]]] = {}
    for family in range(case.families):
        effect = case.spread * draw.standard_normal()
        for _ in range(draw.integers(1, 4)):
            truth = effect + case.spread / 2 * draw.standard_normal()
            logs = dict(enumerate((truth + shared + 0.03 * draw.standard_normal(rounds)).tolist()))
            told = rounds_to_run(rule, [logs])
            assert told is not None
            circuits = found.setdefault(str(family), [])
            circuits.append({number: logs[number] for number in range(told)})
    return found


def totals(case: Total, runs: int) -> dict[str, object]:
    draw = np.random.default_rng([2028, *map(ord, repr(case))])
    held = dict.fromkeys(("held", "families_only", "rounds_only"), 0)
    widths = []
    for _ in range(runs):
        logs = crossed_logs(draw, case)
        told = over_families(logs)
        assert told.low is not None
        assert told.high is not None
        held["held"] += told.low <= 1 <= told.high
        widths.append(told.half_width or math.inf)
        circuits = [[math.fsum(c.values()) / len(c) for c in family] for family in logs.values()]
        only = geometric_mean([math.exp(math.fsum(means) / len(means)) for means in circuits])
        assert only.low is not None
        assert only.high is not None
        held["families_only"] += only.low <= 1 <= only.high
        mean, reach = log_interval(_round_means(logs))
        held["rounds_only"] += abs(mean) <= reach
    shares = {f"{name}_percent": f"{100 * number / runs:.1f}" for name, number in held.items()}
    return {
        "rule": case.rule,
        "families": case.families,
        "spread": case.spread,
        "shared_sd": case.shared,
        "replicates": runs,
        **shares,
        "half_width_percent": f"{100 * float(np.median(widths)):.1f}",
    }


def _round_means(logs: dict[str, list[dict[int, float]]]) -> list[float]:
    """By round the mean over the families of those circuits that have it."""
    longest = max(len(rounds) for circuits in logs.values() for rounds in circuits)
    found = []
    for number in range(longest):
        had = [[rounds[number] for rounds in circuits if number in rounds] for circuits in logs.values()]
        found.append(float(np.mean([np.mean(values) for values in had if values])))
    return found


# ---- the tables


def coverage_cases() -> list[Case]:
    spreads = (0.02, 0.05, 0.075, 0.10, 0.15, 0.22)
    cases = [
        Case(rule=rule, sd=sd, rho=rho, tails=tails)
        for rule in ("core", "precise")
        for tails in ("normal", "contaminated")
        for sd in spreads
        for rho in (0.0, 0.1, 0.2, 0.3)
    ]
    cases += [Case(rule="core", sd=sd, rho=0.1, tails=t) for t in ("t3", "slow side") for sd in spreads]
    cases += [Case(rule="core", sd=sd, rho=0.1, truth=1.3) for sd in spreads]
    cases += [Case(rule="core", sd=sd, rho=0.1, contestants=4) for sd in spreads]
    return cases + [Case(rule=r, sd=sd, rho=0.0) for r in ("core, no extra", "6 rounds") for sd in spreads]


def error_cases() -> list[Case]:
    return [
        Case(rule=rule, sd=sd, rho=rho, contestants=contestants)
        for rule in ("6 rounds", "core")
        for contestants in (1, 2, 4, 10)
        for sd in (0.05, 0.10, 0.15)
        for rho in (0.0, 0.1)
    ]


def total_cases() -> list[Total]:
    return [
        Total(rule=rule, families=families, spread=spread, shared=shared)
        for rule, counts in (("6 rounds", (5, 8, 12)), ("20 rounds", (12,)), ("core", (5, 12)))
        for families in counts
        for spread in (0.0, 0.05, 0.5)
        for shared in (0.0, 0.01, 0.02, 0.05, 0.10)
    ]


def family_cases() -> list[tuple[str, int]]:
    kinds = ("normal", "skewed", "heavy tails", "a fifth apart")
    return [(kind, families) for kind in kinds for families in (5, 8, 12, 20, 30)]


def write(name: str, rows: Sequence[dict[str, object]]) -> None:
    with (FOLDER / name).open("w", newline="", encoding="ascii") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


# ---- what the page shows of them


def read(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(newline="", encoding="ascii") as file:
        return list(csv.DictReader(file))


def summary() -> str:
    """The tables of docs/statistics.md: from the smallest to the largest figure over the spreads."""
    return "\n".join([_coverage_summary(), _error_summary(), _family_summary(), _total_summary()])


def _coverage_summary() -> str:
    rhos = ("0.0", "0.1", "0.2", "0.3")
    groups: dict[tuple[str, ...], dict[str, list[float]]] = {}
    for row in read("coverage.csv"):
        for interval in ("coverage", "plain_t"):
            key = (row["rule"], row["tails"], row["contestants"], "qbench" if interval == "coverage" else "t")
            shares = groups.setdefault(key, {}).setdefault(row["rho"], [])
            shares.append(float(row[f"{interval}_percent"]))
    lines = ["| rule | tails | contestants | interval | " + " | ".join(f"rho {rho}" for rho in rhos) + " |"]
    lines.append("| :--- | :--- | ---: | :--- | " + " | ".join([":---"] * len(rhos)) + " |")
    for key, found in groups.items():
        lines.append(f"| {' | '.join([*key, *(_range(found.get(rho, [])) for rho in rhos)])} |")
    return "\n".join(lines) + "\n"


def _error_summary() -> str:
    columns = ("significant", "verdict", "fastest_uncorrected", "fastest")
    groups: dict[tuple[str, str], dict[str, list[float]]] = {}
    for row in read("errors.csv"):
        found = groups.setdefault((row["rule"], row["simulators"]), {})
        for column in columns:
            found.setdefault(column, []).append(float(row[f"{column}_percent"]))
    lines = [
        "| rule | simulators | significant after Holm | `faster` or `slower` | against the fastest, unpaid "
        "| against the fastest |",
        "| :--- | ---: | :--- | :--- | :--- | :--- |",
    ]
    for (rule, simulators), found in groups.items():
        entries = " | ".join(_range(found[column]) for column in columns)
        lines.append(f"| {rule} | {simulators} | {entries} |")
    return "\n".join(lines) + "\n"


def _family_summary() -> str:
    columns = ("t", "percentile", "bca", "studentised")
    lines = ["| families | how many | t (used) | percentile | BCa | studentised |"]
    lines.append("| :--- | ---: | ---: | ---: | ---: | ---: |")
    for row in read("families.csv"):
        entries = " | ".join(row[f"{column}_percent"] for column in columns)
        lines.append(f"| {row['families_are']} | {row['families']} | {entries} |")
    return "\n".join(lines) + "\n"


def _total_summary() -> str:
    columns = ("held", "families_only", "rounds_only")
    groups: dict[tuple[str, str], dict[str, list[float]]] = {}
    for row in read("totals.csv"):
        found = groups.setdefault((row["shared_sd"], row["spread"]), {})
        for column in columns:
            found.setdefault(column, []).append(float(row[f"{column}_percent"]))
    lines = ["| processes differ by | families differ by | qbench | over families only | over rounds only |"]
    lines.append("| ---: | ---: | :--- | :--- | :--- |")
    for (shared, spread), found in sorted(groups.items(), key=lambda item: [*map(float, item[0])]):
        entries = " | ".join(_range(found[column]) for column in columns)
        lines.append(f"| {float(shared):.0%} | {float(spread):.0%} | {entries} |".replace("%", " %"))
    return "\n".join(lines) + "\n"


def _range(values: Sequence[float]) -> str:
    if not values:
        return ""
    low, high = f"{min(values):.1f}", f"{max(values):.1f}"
    return low if low == high else f"{low} to {high}"


def main() -> None:
    if "--summary" in sys.argv:
        print(summary())
        return
    quick = "--quick" in sys.argv
    made: tuple[tuple[str, Callable[..., dict[str, object]], Sequence[object], int], ...] = (
        ("coverage.csv", coverage, coverage_cases(), 200 if quick else 5000),
        ("errors.csv", errors, error_cases(), 100 if quick else 3000),
        ("families.csv", family_intervals, family_cases(), 50 if quick else 2000),
        ("totals.csv", totals, total_cases(), 50 if quick else 1500),
    )
    with ProcessPoolExecutor() as pool:
        for name, measure, cases, runs in made:
            write(name, list(pool.map(measure, cases, [runs] * len(cases))))


if __name__ == "__main__":
    main()
