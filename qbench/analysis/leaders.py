"""Who is fastest over several circuits together: the smallest geometric mean, and who cannot be told from it.

A single circuit of a run of two or three rounds has hardly ever a clear winner; all circuits of a range of
sizes may have one.  Ratios and intervals are those of ``totals`` (families weigh equally; over families and
rounds), verdicts those of a contest: the fastest is chosen by these very data, which is paid for.

Means over different circuits have no order.  So the first is sought among those that solved all of the
circuits; who solved fewer is compared with it on these alone, and is named where it is faster there or cannot
be told apart: a simulator that is twice as fast and lost one circuit of ten is not forgotten.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from qbench.analysis.contests import Contest, paired_logs
from qbench.analysis.families import LEAST_FAMILIES, family_of, over_families
from qbench.analysis.stats import MARGIN, Estimate, Standing, compare

__all__ = ["Leaders", "OnFewer", "lead", "leaders"]

Over = Callable[[str, str], Estimate | None]
"""One simulator's time over another's on the circuits that both solved; None without a common round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnFewer:
    """Who solved only ``circuits`` of them: on these ``faster`` than the first, or not told apart from it."""

    name: str
    circuits: int
    faster: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaders:
    """The fastest of those that solved all, then all of these not known to be slower, the nearest first.

    ``whole`` is how many solved all of the circuits; ``fewer`` are those that did not and that the first is
    not ahead of, the fastest first.
    """

    names: tuple[str, ...]
    whole: int
    fewer: tuple[OnFewer, ...] = ()


def leaders(contests: Sequence[Contest]) -> Leaders | None:
    """The leaders over these contests of one class, workload and phase.

    None where there are fewer than five families, which have no interval, where nobody has a rival, and where
    nobody solved all of the circuits.
    """
    families = {family_of(contest.members[0]) for contest in contests}
    if len(families) < LEAST_FAMILIES:
        return None
    solved = Counter(cell.simulator for contest in contests for cell in contest.members)
    whole = [name for name, count in solved.items() if count == len(contests)]
    if not whole or len(solved) < 2:
        return None
    fewer = {name: count for name, count in solved.items() if count < len(contests)}
    return lead(whole, fewer, partial(_over, contests), contests[0].margin)


def lead(whole: Sequence[str], fewer: Mapping[str, int], over: Over, margin: float = MARGIN) -> Leaders:
    """The leaders of those that solved all (``whole``, one at least) and of ``fewer``, with how many each.

    All verdicts against the first are corrected together, with the price of having chosen it.

    >>> times = {"a": 1.0, "b": 2.0, "c": 0.5}
    >>> def over(one, other):
    ...     ratio = times[one] / times[other]
    ...     return Estimate(ratio, ratio / 1.05, ratio * 1.05, 0.5 if ratio == 1 else 1e-6, 6)
    >>> found = lead(["b", "a"], {"c": 9}, over)
    >>> found.names, found.fewer
    (('a',), (OnFewer(name='c', circuits=9, faster=True),))
    """
    to_one = {name: over(name, whole[0]) for name in whole[1:]}
    means = {whole[0]: 0.0} | {name: _log(ratio) for name, ratio in to_one.items()}
    fastest, *others = sorted(whole, key=means.__getitem__)
    ratios = {name: over(name, fastest) for name in (*others, *fewer)}
    found = dict(zip(ratios, compare(list(ratios.values()), margin=margin, chosen=True), strict=True))
    close = [name for name in others if found[name] != Standing.SLOWER]
    apart = [name for name in fewer if found[name] != Standing.SLOWER and _may_lead(ratios[name])]
    return Leaders(
        names=(fastest, *close),
        whole=len(whole),
        fewer=tuple(
            OnFewer(name=name, circuits=fewer[name], faster=found[name] == Standing.FASTER)
            for name in sorted(apart, key=lambda name: (found[name] != Standing.FASTER, _log(ratios[name])))
        ),
    )


def _may_lead(ratio: Estimate | None) -> bool:
    """Whether who is not known to be slower is worth a word: without an interval, where it is ahead."""
    return ratio is not None and (ratio.low is not None or ratio.value < 1)


def _log(ratio: Estimate | None) -> float:
    return math.log(ratio.value) if ratio is not None else math.inf


def _over(contests: Sequence[Contest], simulator: str, reference: str) -> Estimate | None:
    logs: dict[str, list[dict[int, float]]] = {}
    for contest in contests:
        cells = {cell.simulator: cell for cell in contest.members}
        if simulator in cells and reference in cells:
            mine, theirs = (cells[name].phases[contest.phase] for name in (simulator, reference))
            found = paired_logs(mine, theirs, contest.metric)
            if found:
                logs.setdefault(family_of(cells[simulator]), []).append(found)
    return over_families(logs, cautious=True) if logs else None
