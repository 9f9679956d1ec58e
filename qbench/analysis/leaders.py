"""Who is fastest over several circuits together: the smallest geometric mean, and who cannot be told from it.

A single circuit of a run of two or three rounds has hardly ever a clear winner; all circuits of a range of
sizes may have one.  Ratios and intervals are those of ``totals`` (families weigh equally; over families and
rounds), verdicts those of a contest: the fastest is chosen by these very data, which is paid for.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from qbench.analysis.contests import Contest, paired_logs
from qbench.analysis.families import LEAST_FAMILIES, family_of, over_families
from qbench.analysis.stats import Estimate, Standing, compare

__all__ = ["Leaders", "leaders"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaders:
    """The fastest, then all that are not known to be slower over these circuits, the nearest first.

    ``asked`` is how many were compared: those that solved most of the circuits.
    """

    names: tuple[str, ...]
    asked: int


def leaders(contests: Sequence[Contest]) -> Leaders | None:
    """The leaders over these contests of one class, workload and phase.

    None where there are fewer than five families, which have no interval, or where nobody has a rival.
    """
    families = {family_of(contest.members[0]) for contest in contests}
    if len(families) < LEAST_FAMILIES:
        return None
    solved = Counter(cell.simulator for contest in contests for cell in contest.members)
    names = [name for name, count in solved.items() if count == max(solved.values())]
    if len(names) < 2:
        return None
    first = {name: _over(contests, name, names[0]) for name in names[1:]}
    means = {names[0]: 0.0} | {name: _log(ratio) for name, ratio in first.items()}
    fastest = min(names, key=means.__getitem__)
    others = sorted((name for name in names if name != fastest), key=means.__getitem__)
    ratios = [_over(contests, name, fastest) for name in others]
    standings = compare(ratios, margin=contests[0].margin, chosen=True)
    close = [name for name, found in zip(others, standings, strict=True) if found != Standing.SLOWER]
    return Leaders(names=(fastest, *close), asked=len(names))


def _log(ratio: Estimate | None) -> float:
    return math.log(ratio.value) if ratio is not None else math.inf


def _over(contests: Sequence[Contest], simulator: str, reference: str) -> Estimate | None:
    """One simulator's time over another's on the circuits that both solved; None without a common round."""
    logs: dict[str, list[dict[int, float]]] = {}
    for contest in contests:
        cells = {cell.simulator: cell for cell in contest.members}
        if simulator in cells and reference in cells:
            mine, theirs = (cells[name].phases[contest.phase] for name in (simulator, reference))
            found = paired_logs(mine, theirs, contest.metric)
            if found:
                logs.setdefault(family_of(cells[simulator]), []).append(found)
    return over_families(logs) if logs else None
