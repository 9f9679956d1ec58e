"""The one line: what this machine can resolve."""

from __future__ import annotations

import math

from qbench.analysis.selftest.comparing import ENOUGH, POWER, found_share, identical, margin_percent, slowed
from qbench.analysis.selftest.evidence import Evidence
from qbench.analysis.selftest.finding import percent
from qbench.analysis.selftest.shares import quantile

__all__ = ["resolution"]


def resolution(evidence: Evidence) -> str:
    """What was found of this machine, in one sentence per source: injected slowdowns, identical code."""
    if evidence.request["reduced"]:
        return "What this machine resolves is not known: the reduced form shows structure, not times."
    parts = []
    protocol = "under --precise" if evidence.request["precise"] else "under the usual protocol"
    known = sorted({pair.slower_percent for pair in evidence.pairs if pair.slower_percent})
    enough = [percents for percents in known if len(slowed(evidence, percents)) >= ENOUGH]
    for percents in enough:
        power = found_share(slowed(evidence, percents))
        if power >= POWER:
            parts.append(
                f"resolves slowdowns of {percents} % and more {protocol} (found in {percent(power, 0)})"
            )
            break
    else:
        if enough:
            parts.append(f"finds no slowdown up to {enough[-1]} % in 90 % of the cases {protocol}")
    pairs = identical(evidence)
    if len(pairs) >= ENOUGH:
        off = quantile((abs(math.log(pair.ratio.value)) for pair in pairs), 0.95) or 0.0
        parts.append(f"reads identical code as equal to within {percent(off)} in 95 % of the comparisons")
        parts.append(f"--margin {margin_percent(evidence)} makes 95 % of these a tie")
    if not parts:
        return "What this machine resolves is not known: fewer than 200 comparisons were made."
    return f"This machine {'; '.join(parts)}."
