"""How often qbench's intervals hold the truth and its verdicts are false alarms, on synthetic nested data.

    python results/calibration/coverage.py [--quick] [TABLE.csv ...]
    python results/calibration/coverage.py --summary
    python results/calibration/coverage.py --pairs RUN

writes weights.csv, widening.csv, coverage.csv, errors.csv, power.csv, families.csv and totals.csv beside this
file, or those named; ``--summary`` prints from them the tables of docs/statistics.md.  ``--pairs`` says how
much neighbouring rounds of a real run resemble each other.

Times are drawn as on a busy machine: a slowness that all simulators share and that moves from visit to visit
(``machine_slowness``), an effect per process (the case's sd, autocorrelation between rounds and tails), 1 %
between the visits of a process, 2 % between samples, of which one in twenty is interrupted.  What follows is
what qbench does: medians of samples, medians of visits, paired ratios, and the stopping rule in the loop.
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

from qbench.analysis.contests import contests, paired_logs
from qbench.analysis.families import over_families
from qbench.analysis.readings import take_readings
from qbench.analysis.stats import (
    Estimate,
    Standing,
    compare,
    differs,
    geometric_mean,
    holm,
    log_interval,
    paired_ratio,
)
from qbench.analysis.stopping import StoppingRule, rounds_to_run
from qbench.results.reading import read_run

Reals = npt.NDArray[np.float64]

FOLDER = Path(__file__).resolve().parent
SAMPLES = 5
BATCH = 250
FIRST = 250
"""So many replicates of each row are published on their own, and computed again by a test."""
RULES = {
    "core": StoppingRule(rounds=6, most_rounds=20, width=0.05, extra_rounds=3),
    "precise": StoppingRule(rounds=10, most_rounds=60, width=0.03, extra_rounds=3),
    "core, no extra": StoppingRule(rounds=6, most_rounds=20, width=0.05, extra_rounds=0),
    "6 rounds": StoppingRule(rounds=6),
    "9 rounds": StoppingRule(rounds=9),
    "20 rounds": StoppingRule(rounds=20),
}
VISITS = dict.fromkeys(RULES, 1) | {"precise": 3}
"""Of a simulator in a round: as the suites have it (``core``) and ``--precise``, which a test compares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """``sd`` of a process's effect, its autocorrelation ``rho`` between rounds, and its ``tails``.

    ``contestants`` share one baseline, and the question stops when all of them are narrow.  ``truth`` is
    every contestant's time over the baseline's, or the last one's, where ``only_last`` says so.
    """

    rule: str
    sd: float
    rho: float
    tails: str = "normal"
    contestants: int = 1
    truth: float = 1.0
    only_last: bool = False


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


def machine_slowness(
    draw: np.random.Generator, count: int, simulators: int, rounds: int, visits: int
) -> Reals:
    """Logarithms of (replicate, simulator, round, visit), an Ornstein-Uhlenbeck process of sd 20 %.

    Its correlation from round to round is 0.8.  The passes of visits begin evenly over a round; in a pass
    the simulators follow each other in random order, a fiftieth of a round apart.  So it cancels in a ratio
    but for 2 % between neighbours.
    """
    between, after = 1 / 50, 1 / visits - (simulators - 1) / 50
    assert after > 0
    here = draw.standard_normal(count)
    found = np.empty((count, rounds, visits, simulators))
    for number in np.ndindex(rounds, visits, simulators):
        found[:, *number] = here
        kept = 0.8 ** (between if number[-1] < simulators - 1 else after)
        here = kept * here + math.sqrt(1 - kept**2) * draw.standard_normal(count)
    draw.permuted(found, axis=-1, out=found)
    return 0.20 * np.moveaxis(found, -1, 1)


def round_times(draw: np.random.Generator, case: Case, count: int, rounds: int) -> Reals:
    """Times of (replicate, simulator, round); the first simulator is the baseline."""
    simulators, visits = 1 + case.contestants, VISITS[case.rule]
    process = case.sd * autocorrelated(innovations(draw, case.tails, (count, simulators, rounds)), case.rho)
    if case.tails == "slow side":
        process[:, 0] = 0.0
    shape = (count, simulators, rounds, visits, SAMPLES)
    visit = machine_slowness(draw, count, simulators, rounds, visits)
    visit += 0.01 * draw.standard_normal(shape[:-1])
    sample = 0.02 * draw.standard_normal(shape)
    sample += np.where(draw.random(shape) < 0.05, draw.exponential(0.5, shape), 0.0)
    logs = process[..., None, None] + visit[..., None] + sample
    logs[:, -1 if case.only_last else 1 :] += math.log(case.truth)
    return np.median(np.median(np.exp(logs), axis=-1), axis=-1)


# ---- coverage


def log_ratios(times: Reals) -> list[dict[int, float]]:
    return [dict(enumerate(np.log(row / times[0]).tolist())) for row in times[1:]]


def replicates(case: Case, runs: int) -> Iterator[tuple[Reals, int]]:
    """Times of all rounds there may be, and how many the rule runs; more ``runs`` do not change the first."""
    rule = RULES[case.rule]
    draw = np.random.default_rng([2026, *map(ord, repr(case))])
    for _ in range(0, runs, BATCH):
        for times in round_times(draw, case, BATCH, rule.most_rounds or rule.rounds):
            rounds = rounds_to_run(rule, log_ratios(times))
            assert rounds is not None
            yield times, rounds


def counted(runs: int) -> None:
    if runs % BATCH:
        raise ValueError(f"{runs} replicates: a multiple of {BATCH} is drawn")


def plain_ratio(row: Sequence[float], baseline: Sequence[float]) -> Estimate:
    """The same rounds with Student's t-interval as it is."""
    return geometric_mean([mine / theirs for mine, theirs in zip(row, baseline, strict=True)])


def holds(estimate: Estimate, truth: float) -> bool:
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.low <= truth <= estimate.high


def coverage(case: Case, runs: int) -> dict[str, object]:
    """One row of coverage.csv.  ``first`` has the figures of the first replicates alone.

    tests/analysis/test_published_statistics.py computes those again, so that statistics that were changed
    later do not pass for those behind the tables.
    """
    counted(runs)
    held, plain, called, spent, widths = 0, 0, 0, 0, []
    times_held, times_apart, earlier, first = 0, 0, None, ""
    for number, (times, rounds) in enumerate(replicates(case, runs), 1):
        baseline = dict(enumerate(times[0, :rounds].tolist()))
        for row in times[1:, :rounds].tolist():
            ratio = paired_ratio(dict(enumerate(row)), baseline)
            assert ratio is not None
            held += holds(ratio, case.truth)
            plain += holds(plain_ratio(row, list(baseline.values())), case.truth)
            called += differs(ratio) is True
            widths.append(ratio.half_width or math.inf)
        spent += rounds
        time = geometric_mean(baseline.values(), in_order=True)
        times_held += holds(time, 1.0)
        times_apart += earlier is not None and disjoint(time, earlier)
        earlier = time
        if number == FIRST:
            width = 100 * math.fsum(widths) / len(widths)
            first = f"{held} {plain} {called} {spent} {times_held} {width:.4f}"
    asked = runs * case.contestants
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
        "times_hold_percent": f"{100 * times_held / runs:.1f}",
        "times_apart_percent": f"{100 * times_apart / (runs - 1):.1f}",
        "first": first,
    }


def disjoint(one: Estimate, other: Estimate) -> bool:
    """Whether two intervals have nothing in common: here those of one simulator's time on two days."""
    assert one.low is not None
    assert one.high is not None
    assert other.low is not None
    assert other.high is not None
    return one.high < other.low or other.high < one.low


# ---- false verdicts


def errors(case: Case, runs: int) -> dict[str, object]:
    """Identical simulators: how often at least one of them is called faster or slower."""
    counted(runs)
    counts = dict.fromkeys(("significant", "verdict", "fastest", "fastest_uncorrected"), 0)
    first = ""
    for number, (times, rounds) in enumerate(replicates(case, runs), 1):
        rows = [dict(enumerate(row)) for row in times[:, :rounds].tolist()]
        ratios = [paired_ratio(row, rows[0]) for row in rows[1:]]
        adjusted = holm([ratio.p_value for ratio in ratios if ratio])
        counts["significant"] += any(p is not None and p < 0.05 for p in adjusted)
        counts["verdict"] += _told(compare(ratios))
        fastest = int(np.argmin(np.log(times[:, :rounds]).mean(axis=1)))
        raced = [paired_ratio(row, rows[fastest]) for place, row in enumerate(rows) if place != fastest]
        counts["fastest"] += _told(compare(raced, chosen=True))
        counts["fastest_uncorrected"] += _told(compare(raced))
        if number == FIRST:
            first = " ".join(map(str, counts.values()))
    shares = {f"{name}_percent": f"{100 * number / runs:.1f}" for name, number in counts.items()}
    return {
        "rule": case.rule,
        "process_sd": case.sd,
        "rho": case.rho,
        "simulators": 1 + case.contestants,
        "replicates": runs,
        **shares,
        "first": first,
    }


def _told(standings: Sequence[Standing]) -> bool:
    return Standing.FASTER in standings or Standing.SLOWER in standings


# ---- how far to widen: weights of the autocorrelation, from intervals of its own

WEIGHTS = (0.0, 0.5, 1.0, 1.5, 2.0)


def weights(case: Case, runs: int) -> dict[str, object]:
    """How often identical simulators differ with rho = weight (n r1 + 1) / (n + 4); weight 0 is plain t."""
    counted(runs)
    rule = RULES[case.rule]
    assert rule.most_rounds is not None
    draw = np.random.default_rng([2030, *map(ord, repr(case))])
    drawn = [round_times(draw, case, BATCH, rule.most_rounds) for _ in range(0, runs, BATCH)]
    logs = np.concatenate([np.log(times[:, 1] / times[:, 0]) for times in drawn])
    shares: dict[str, object] = {}
    for weight in WEIGHTS:
        stop = np.full(runs, rule.most_rounds)
        for count in range(rule.most_rounds, rule.rounds - 1, -1):
            mean, reach = _weighted(logs[:, :count], weight)
            width = np.expm1(np.minimum(reach, 1.0))
            far = (np.abs(mean) > math.log(rule.far)) & (width < rule.far_width)
            stop[(width <= rule.width) | far] = min(count + rule.extra_rounds, rule.most_rounds)
        called = 0
        for count in np.unique(stop):
            mean, reach = _weighted(logs[stop == count, :count], weight)
            called += int((np.abs(mean) > reach).sum())
        shares[f"weight_{weight}_percent"] = f"{100 * called / runs:.1f}"
    return {
        "rule": case.rule,
        "process_sd": case.sd,
        "rho": case.rho,
        "tails": case.tails,
        "replicates": runs,
    } | shares


def _weighted(logs: Reals, weight: float) -> tuple[Reals, Reals]:
    count = logs.shape[1]
    mean = logs.mean(axis=1)
    rest = logs - mean[:, None]
    squares = (rest**2).sum(axis=1)
    r1 = (rest[:, 1:] * rest[:, :-1]).sum(axis=1) / squares
    rho = np.clip(weight * (count * r1 + 1) / (count + 4), 0.0, 0.6)
    error = np.sqrt(squares / (count - 1) / count * (1 + rho) / (1 - rho))
    return mean, error * scipy.stats.t.ppf(0.975, count - 1)


# ---- power


def power(case: Case, runs: int) -> dict[str, object]:
    """The last simulator takes ``truth`` times as long as all others: how often that is found.

    ``found``: its ratio to the baseline differs, and upwards.  ``verdict``: it is called slower than the
    baseline, after Holm.  ``fastest``: than the fastest of the row; ``unpaid`` without the price of having
    chosen that one.  ``plain`` is the plain t-interval on the same rounds.
    """
    counted(runs)
    names = ("found", "verdict", "fastest", "fastest_unpaid")
    counts = {interval + name: 0 for interval in ("", "plain_") for name in names}
    spent, first = 0, ""
    for number, (times, rounds) in enumerate(replicates(case, runs), 1):
        rows = times[:, :rounds].tolist()
        fastest = int(np.argmin(np.log(times[:, :rounds]).mean(axis=1)))
        for interval, ratio_of in (("", _ratio), ("plain_", plain_ratio)):
            ratios = [ratio_of(row, rows[0]) for row in rows[1:]]
            counts[f"{interval}found"] += differs(ratios[-1]) is True and ratios[-1].value > 1
            counts[f"{interval}verdict"] += compare(ratios)[-1] == Standing.SLOWER
            if fastest != len(rows) - 1:
                raced = [ratio_of(row, rows[fastest]) for place, row in enumerate(rows) if place != fastest]
                counts[f"{interval}fastest"] += compare(raced, chosen=True)[-1] == Standing.SLOWER
                counts[f"{interval}fastest_unpaid"] += compare(raced)[-1] == Standing.SLOWER
        spent += rounds
        if number == FIRST:
            first = " ".join(map(str, counts.values()))
    shares = {f"{name}_percent": f"{100 * number / runs:.1f}" for name, number in counts.items()}
    return {
        "rule": case.rule,
        "process_sd": case.sd,
        "truth": case.truth,
        "simulators": 1 + case.contestants,
        "replicates": runs,
        "mean_rounds": f"{spent / runs:.1f}",
        **shares,
        "first": first,
    }


def _ratio(row: Sequence[float], baseline: Sequence[float]) -> Estimate:
    found = paired_ratio(dict(enumerate(row)), dict(enumerate(baseline)))
    assert found is not None
    return found


def widening(rounds: int, runs: int) -> dict[str, object]:
    """How much wider than Student's t the interval of independent rounds is."""
    draw = np.random.default_rng([2029, rounds])
    factors = []
    for logs in draw.standard_normal((runs, rounds)).tolist():
        values = [math.exp(x) for x in logs]
        wide, plain = geometric_mean(values, in_order=True), geometric_mean(values)
        assert wide.high is not None
        assert plain.high is not None
        factors.append(math.log(wide.high / wide.value) / math.log(plain.high / plain.value))
    return {
        "rounds": rounds,
        "replicates": runs,
        "mean_factor": f"{math.fsum(factors) / runs:.3f}",
        "not_wider_percent": f"{100 * sum(factor < 1 + 1e-9 for factor in factors) / runs:.1f}",
    }


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


# ---- real pairs


def pairs(run: Path) -> str:
    """The autocorrelation between rounds of a run's ratios to the baseline, by phase.

    r1 of each ratio of six rounds or more, plus 1 / n, by which it is too low where there is none.  All
    circuits of a round share their processes, so the ratios are not independent, and no error is given.
    """
    records = read_run(run)
    readings = take_readings(records)
    lines = []
    for phase in ("execute", "end_to_end"):
        found = []
        for contest in contests(readings, phase):
            base = contest.baseline(records.manifest["baseline"])
            for cell in contest.members:
                logs = paired_logs(cell.phases[phase], base.phases[phase], contest.metric)
                rest = np.array(list(logs.values())) - np.mean(list(logs.values()))
                if len(rest) >= 6 and cell is not base and (rest**2).sum() > 0:
                    found.append((rest[1:] * rest[:-1]).sum() / (rest**2).sum() + 1 / len(rest))
        if found:
            lines.append(f"{phase}: {len(found)} ratios, {np.mean(found):+.3f} on average")
    return "\n".join(lines)


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


def weight_cases() -> list[Case]:
    return [
        case for case in coverage_cases() if (case.truth, case.contestants) == (1.0, 1) and _realistic(case)
    ]


def _realistic(case: Case) -> bool:
    return case.rule in ("core", "precise") and case.tails in ("normal", "contaminated")


def error_cases() -> list[Case]:
    return [
        Case(rule=rule, sd=sd, rho=rho, contestants=contestants)
        for rule in ("6 rounds", "core")
        for contestants in (1, 2, 4, 10)
        for sd in (0.05, 0.10, 0.15)
        for rho in (0.0, 0.1)
    ]


def power_cases() -> list[Case]:
    single = [
        Case(rule=rule, sd=sd, rho=0.0, truth=truth)
        for rule in ("core", "precise")
        for truth, spreads in ((1.05, (0.02, 0.035, 0.05, 0.075, 0.10)), (1.2, (0.10, 0.15, 0.22)))
        for sd in spreads
    ]
    rows = [
        Case(rule=rule, sd=sd, rho=0.0, truth=1.3, contestants=contestants, only_last=True)
        for rule, sd in (("6 rounds", 0.10), ("9 rounds", 0.10), ("core", 0.22))
        for contestants in (1, 4, 10)
    ]
    return single + rows


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
    return "\n".join(
        [
            _weight_summary(),
            _widening_summary(),
            _coverage_summary(),
            _error_summary(),
            _single_power_summary(),
            _row_power_summary(),
            _family_summary(),
            _total_summary(),
        ]
    )


def _weight_summary() -> str:
    groups: dict[tuple[str, str], dict[float, list[float]]] = {}
    for row in read("weights.csv"):
        found = groups.setdefault((row["rule"], row["rho"]), {})
        for weight in WEIGHTS:
            found.setdefault(weight, []).append(float(row[f"weight_{weight}_percent"]))
    lines = ["| rule | rho | plain t | " + " | ".join(f"weight {w:g}" for w in WEIGHTS[1:]) + " |"]
    lines.append("| :--- | ---: | " + " | ".join([":---"] * len(WEIGHTS)) + " |")
    for (rule, rho), found in groups.items():
        lines.append(f"| {rule} | {rho} | {' | '.join(_range(found[weight]) for weight in WEIGHTS)} |")
    return "\n".join(lines) + "\n"


def _widening_summary() -> str:
    rows = read("widening.csv")
    lines = [
        "| rounds | " + " | ".join(row["rounds"] for row in rows) + " |",
        "| :--- | " + " | ".join(["---:"] * len(rows)) + " |",
        "| wider, on average, by (%) | "
        + " | ".join(f"{100 * (float(row['mean_factor']) - 1):.0f}" for row in rows)
        + " |",
        "| not wider, of all (%) | " + " | ".join(row["not_wider_percent"] for row in rows) + " |",
    ]
    return "\n".join(lines) + "\n"


def _single_power_summary() -> str:
    columns = ("found", "plain_found", "verdict", "plain_verdict")
    lines = [
        "| rule | slower by | process sd | rounds | found | by plain t | `slower` | by plain t |",
        "| :--- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in read("power.csv"):
        if row["simulators"] == "2" and float(row["truth"]) < 1.3:
            sizes = _percents(float(row["truth"]) - 1, float(row["process_sd"]))
            figures = [row[f"{column}_percent"] for column in columns]
            lines.append(f"| {' | '.join([row['rule'], *sizes, row['mean_rounds'], *figures])} |")
    return "\n".join(lines) + "\n"


def _row_power_summary() -> str:
    columns = ("verdict", "plain_verdict", "fastest", "plain_fastest", "fastest_unpaid")
    lines = [
        "| rule | process sd | simulators | than the baseline | by plain t "
        "| than the fastest | by plain t | unpaid |",
        "| :--- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in read("power.csv"):
        if float(row["truth"]) == 1.3:
            figures = [row[f"{column}_percent"] for column in columns]
            what = [row["rule"], *_percents(float(row["process_sd"])), row["simulators"]]
            lines.append(f"| {' | '.join(what + figures)} |")
    return "\n".join(lines) + "\n"


def _percents(*shares: float) -> list[str]:
    return [f"{100 * share:.3g} %" for share in shares]


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
    if "--pairs" in sys.argv:
        print(pairs(Path(sys.argv[-1])))
        return
    if "--summary" in sys.argv:
        print(summary())
        return
    quick, wanted = "--quick" in sys.argv, [name for name in sys.argv[1:] if name.endswith(".csv")]
    made: tuple[tuple[str, Callable[..., dict[str, object]], Sequence[object], int], ...] = (
        ("weights.csv", weights, weight_cases(), BATCH if quick else 5000),
        ("widening.csv", widening, (5, 6, 9, 16, 30, 60), 500 if quick else 10000),
        ("coverage.csv", coverage, coverage_cases(), FIRST if quick else 5000),
        ("errors.csv", errors, error_cases(), FIRST if quick else 3000),
        ("power.csv", power, power_cases(), FIRST if quick else 3000),
        ("families.csv", family_intervals, family_cases(), 50 if quick else 2000),
        ("totals.csv", totals, total_cases(), 50 if quick else 1500),
    )
    with ProcessPoolExecutor() as pool:
        for name, measure, cases, runs in made:
            if name in wanted or not wanted:
                write(name, list(pool.map(measure, cases, [runs] * len(cases))))


if __name__ == "__main__":
    main()
