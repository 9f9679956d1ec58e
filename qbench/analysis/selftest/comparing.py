"""Findings from comparisons: identical code, a known slowdown, and the turn within a block."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from qbench.analysis.selftest.evidence import Evidence, Pair
from qbench.analysis.selftest.finding import Finding, percent, percent_mean, percent_share, ratio_text
from qbench.analysis.selftest.shares import mean, mean_of_groups, quantile, share
from qbench.analysis.stats import Standing, differs, geometric_mean

__all__ = ["POWER", "aa_findings", "found_share", "margin_percent", "position_findings", "slowdown_findings"]

ENOUGH = 200
"""Of fewer comparisons nothing is told: of 200, an honest 5 % test leaves 2 to 8 % in one of thirty times."""

POWER = 0.90
PRECISE_PERCENT = 5

CROWDED = 0.25
"""Of the visits, so many at least are flagged where a busy process is on every core."""

CLAIM = 0.005
"""So near must a slowed double come to its share, in plain loops that know it to within as much."""

AIM_OF_POWER = "at least 90 %"
AIM_OF_CLAIM = f"within {CLAIM}"


def identical(evidence: Evidence) -> list[Pair]:
    """The comparisons of a simulator with itself that have an interval."""
    return [pair for pair in evidence.pairs if pair.run.startswith("aa") and pair.has_interval]


def aa_findings(evidence: Evidence) -> Iterator[Finding]:
    pairs = identical(evidence)
    loaded = bool(evidence.request["load"])
    told = [bool(differs(pair.ratio)) for pair in pairs]
    found = share(told)
    low, aim = (0.0, "at most 8 %") if loaded else (0.02, "2 to 8 %")
    if found is None:
        yield Finding(
            experiment="A/A", about="identical code under two names", figure="no comparison", aim=aim
        )
        return
    yield Finding(
        experiment="A/A",
        about="identical code, wall: differs",
        figure=percent_share(found),
        aim=aim,
        met=low <= found.value <= 0.08 if found.total >= ENOUGH else None,
    )
    yield from _by_runs("A/A", "the same", zip(pairs, told, strict=True))
    plain = share(_excludes_zero(pair.wall) for pair in pairs)
    if plain is not None:
        yield Finding(
            experiment="A/A", about="the same, plain t-interval of rounds", figure=percent_share(plain)
        )
    cpu = share(bool(differs(pair.cpu_ratio)) for pair in pairs if pair.cpu_ratio)
    if cpu is not None:
        yield Finding(experiment="A/A", about="identical code, CPU time: differs", figure=percent_share(cpu))
    for name in ("phase", "simulator"):
        for group in dict.fromkeys(getattr(pair, name) for pair in pairs):
            part = share(bool(differs(pair.ratio)) for pair in pairs if getattr(pair, name) == group)
            if part is not None:
                yield Finding(experiment="A/A", about=f"  {group}", figure=percent_share(part))
    wrong = share(pair.standing in (Standing.FASTER, Standing.SLOWER) for pair in pairs)
    ties = share(pair.standing == Standing.TIE for pair in pairs)
    if wrong is not None and ties is not None:
        yield Finding(
            experiment="A/A",
            about="verdict faster or slower",
            figure=percent_share(wrong),
            aim="at most 1 %",
            met=wrong.value <= 0.01 if wrong.total >= ENOUGH else None,
        )
        yield Finding(experiment="A/A", about="verdict tie", figure=percent_share(ties))
    yield from _widths(pairs)
    contended = mean([pair.contended for pair in pairs])
    if contended is not None:
        # While a core is free for the worker, its visits need not be contended: then the share is no aim.
        crowded = evidence.request["load"] >= (evidence.machine.get("usable_cores") or math.inf)
        yield Finding(
            experiment="A/A",
            about="contended visits",
            figure=percent(contended.value),
            aim="at least 25 %" if crowded else "",
            met=contended.value >= CROWDED if crowded and len(pairs) >= ENOUGH else None,
        )


def _by_runs(experiment: str, about: str, told: Iterable[tuple[Pair, bool]]) -> Iterator[Finding]:
    """A share with the runs as the unit: comparisons of one run share its processes and its minutes."""
    found = mean_of_groups((pair.run, value) for pair, value in told)
    if found is not None and found.count > 1:
        yield Finding(
            experiment=experiment, about=f"{about}, by {found.count} runs", figure=percent_mean(found)
        )


def _excludes_zero(logs: Sequence[float]) -> bool:
    """Whether a t-interval that takes the rounds as independent excludes 1."""
    found = mean(logs)
    return found is not None and found.low is not None and (found.low > 0 or (found.high or 0) < 0)


def _widths(pairs: Sequence[Pair]) -> Iterator[Finding]:
    off = [abs(math.log(pair.ratio.value)) for pair in pairs]
    half = [pair.ratio.half_width or 0.0 for pair in pairs]
    rounds = [pair.ratio.rounds for pair in pairs]
    for about, values in (("|ratio - 1|", off), ("half-width of the interval", half)):
        middle, most = quantile(values, 0.5), quantile(values, 0.95)
        yield Finding(
            experiment="A/A",
            about=about,
            figure=f"median {percent(middle or 0)}, 95 % below {percent(most or 0)}",
        )
    yield Finding(
        experiment="A/A",
        about="rounds until the stop",
        figure=f"median {quantile(rounds, 0.5):g}, {min(rounds)} to {max(rounds)}",
    )


def margin_percent(evidence: Evidence) -> int | None:
    """The least whole margin within which 95 % of the intervals on identical code lie: they are ties then.

    None without enough comparisons.
    """
    pairs = identical(evidence)
    if len(pairs) < ENOUGH:
        return None
    edges = [max(abs(math.log(end)) for end in (pair.ratio.low or 1, pair.ratio.high or 1)) for pair in pairs]
    return math.ceil(100 * math.expm1(quantile(edges, 0.95) or 0.0))


def slowed(evidence: Evidence, percents: int) -> list[Pair]:
    """The comparisons with a slowdown of so many percent that have an interval, each stopped by itself."""
    return [
        pair.alone
        for pair in evidence.pairs
        if pair.run.startswith("slowdown") and pair.slower_percent == percents and pair.alone.has_interval
    ]


def found_share(pairs: Sequence[Pair]) -> float:
    """The power: which part of the slowdowns was found, with the right sign."""
    return sum(_found(pair) for pair in pairs) / len(pairs)


def _found(pair: Pair) -> bool:
    return bool(differs(pair.ratio)) and pair.ratio.value > 1


def slowdown_findings(evidence: Evidence) -> Iterator[Finding]:
    precise = bool(evidence.request["precise"])
    known = sorted({pair.slower_percent for pair in evidence.pairs if pair.slower_percent})
    if not known:
        aim = AIM_OF_POWER if precise else AIM_OF_CLAIM
        yield Finding(experiment="slowdown", about="a known slowdown", figure="no comparison", aim=aim)
    for percents in known:
        yield from _injected(evidence, percents)
    for percents in known:
        pairs = slowed(evidence, percents)
        power = share(_found(pair) for pair in pairs)
        if power is None:
            continue
        due = precise and percents == PRECISE_PERCENT
        yield Finding(
            experiment="slowdown",
            about=f"{percents} % slower: found",
            figure=percent_share(power),
            aim=AIM_OF_POWER if due else "",
            met=power.value >= POWER if due and power.total >= ENOUGH else None,
        )
        yield from _by_runs("slowdown", "  the same", ((pair, _found(pair)) for pair in pairs))
        truth = 1 + percents / 100
        ratio = geometric_mean([pair.ratio.value for pair in pairs])
        held = share((p.ratio.low or 0) <= truth <= (p.ratio.high or 0) for p in pairs)
        verdict = share(pair.standing == Standing.SLOWER for pair in pairs)
        if held is not None and verdict is not None:
            yield Finding(
                experiment="slowdown",
                about=f"  mean ratio (truth {truth:.2f})",
                figure=f"{ratio.value:.3f}; {percent(held.value)} of intervals hold the truth",
            )
            yield Finding(experiment="slowdown", about="  verdict slower", figure=percent_share(verdict))
        rounds = [pair.ratio.rounds for pair in pairs]
        yield Finding(
            experiment="slowdown",
            about="  rounds, stopped by itself",
            figure=f"median {quantile(rounds, 0.5):g}, {min(rounds)} to {max(rounds)}",
        )


def _injected(evidence: Evidence, percents: int) -> Iterator[Finding]:
    """What the slowed double really adds, read by plain loops in one process."""
    ratios = [
        late / early
        for record in evidence.plain
        if record["kind"] == "slowed" and str(percents) in record["quartile_ns"]
        for late, early in zip(record["quartile_ns"][str(percents)], record["quartile_ns"]["0"], strict=True)
    ]
    about = f"{percents} % injected, plain loops"
    if not ratios:
        yield Finding(experiment="slowdown", about=about, figure="no plain loop", aim=AIM_OF_CLAIM)
        return
    ratio, truth = geometric_mean(ratios), 1 + percents / 100
    sure = (ratio.half_width or math.inf) <= CLAIM
    yield Finding(
        experiment="slowdown",
        about=about,
        figure=ratio_text(ratio, 4),
        aim=AIM_OF_CLAIM,
        met=abs(ratio.value - truth) <= CLAIM if sure else None,
    )


def position_findings(evidence: Evidence) -> Iterator[Finding]:
    """Whether who is visited second in a block is slower: one value per run and round, a pair of workers."""
    by_round: dict[tuple[str, int], list[float]] = {}
    turned = [pair for pair in evidence.pairs if pair.run.startswith("aa") and pair.turns]
    for pair in turned:
        for number, log in pair.turns.items():
            by_round.setdefault((pair.run, number), []).append(log)
    effect = mean([math.fsum(logs) / len(logs) for logs in by_round.values()])
    if effect is None:
        about, figure = "second turn against first", "no pair of turns"
        yield Finding(experiment="position", about=about, figure=figure, aim="within 1 %")
        return
    enough = effect.low is not None and effect.high is not None and effect.count >= ENOUGH
    yield Finding(
        experiment="position",
        about=f"second turn against first, {effect.count} rounds of {len(turned)} pairs",
        figure=percent_mean(effect, 2, sign=True),
        aim="within 1 %",
        met=max(abs(effect.low or 0), abs(effect.high or 0)) <= 0.01 if enough else None,
    )
