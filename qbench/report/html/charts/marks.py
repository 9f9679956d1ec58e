"""How a point is marked: by what may be done with the answer and the times behind it."""

from __future__ import annotations

from qbench.analysis.readings import CellReadings
from qbench.model import Verdict

__all__ = ["FLAGGED", "LOST", "PASSED", "WRONG", "mark_of", "mark_words"]

PASSED, FLAGGED, WRONG, LOST = 0, 1, 2, 3
"""Full; hollow, flagged and not ranked; with a cross, a wrong answer; with a plus, answered and then lost:
a timeout, a crash or an error while it was timed.
"""

_ANSWERED = (Verdict.OK, Verdict.APPROXIMATE)


def mark_of(cell: CellReadings) -> int:
    """How a cell's point is drawn."""
    if cell.verdict == Verdict.WRONG:
        return WRONG
    if cell.verdict not in _ANSWERED:
        return LOST
    return FLAGGED if cell.blocking_flags else PASSED


def mark_words(cell: CellReadings) -> tuple[str, str]:
    """The verdict where it is no plain "ok", and the flags; each empty where there is nothing to say."""
    verdict = "" if cell.verdict == Verdict.OK else f"verdict: {cell.verdict or 'not run'}"
    return verdict, f"flags: {', '.join(cell.flags)}" if cell.flags else ""
