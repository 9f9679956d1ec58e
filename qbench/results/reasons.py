"""Why something failed, as it is kept and told: without places and names, and not at any length."""

from __future__ import annotations

from qbench.results.redact import redact

__all__ = ["RECORDED", "cut_short", "recorded_reason"]

RECORDED = 300
"""Characters of a reason in the records: a simulator may put a number of 4000 digits into one."""
GAP = " ... "


def cut_short(text: str, longest: int) -> str:
    """A text of at most ``longest`` characters: of a longer one, two thirds from its start, then its end.

    The end of a reason says in which phase it was, and often what it was.

    >>> cut_short("ValueError: a long story (execute)", 26)
    'ValueError: a ... xecute)'
    """
    if len(text) <= longest:
        return text
    tail = max(1, (longest - len(GAP)) // 3)
    return text[: longest - len(GAP) - tail].rstrip() + GAP + text[-tail:].lstrip()


def recorded_reason(text: str) -> str:
    """A reason as it goes into records: redacted first, so that no half of a path is left, then cut."""
    return cut_short(redact(text), RECORDED)
