"""What was measured and is lost: blocks of which lines of visits are no longer there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from qbench.results.records import RunRecords, lost_lines

__all__ = ["lost_sentence", "measured_again_sentence"]

_NAMED = 4


def lost_sentence(records: RunRecords) -> str | None:
    """Which finished blocks lack lines of visits, and what that means; None where nothing is lost."""
    lacking = records.lacking
    if not lacking:
        return None
    told = _lost(**lost_lines(lacking), verb="lack" if len(lacking) > 1 else "lacks")
    them = "it" if len(lacking) == 1 else "them"
    named = ", ".join(list(lacking)[:_NAMED])
    more = f" and {len(lacking) - _NAMED} more" if len(lacking) > _NAMED else ""
    return (
        f"{told}: {named}{more}. No figure is made from {them}. "
        f"Merge with a copy that has the lines, or resume the run: that measures {them} again."
    )


def measured_again_sentence(events: Iterable[Mapping[str, Any]]) -> str | None:
    """What the last session found lost, and measured again; None where it found everything."""
    last = None
    for event in events:
        if event["event"] == "session_started":
            last = None
        elif event["event"] == "visits_lost":
            last = event
    if last is None:
        return None
    told = _lost(last["blocks"], last["lost"], last["written"])
    return f"When this run was resumed, {told}. Such blocks are measured again."


def _lost(blocks: int, lost: int, written: int, verb: str = "lacked") -> str:
    """The loss in words.

    >>> _lost(3, 34, 64), _lost(1, 1, 4)
    ('3 blocks lacked 34 of 64 lines of visits', '1 block lacked 1 of 4 lines of visits')
    """
    return f"{blocks} block{'s' * (blocks != 1)} {verb} {lost} of {written} lines of visits"
