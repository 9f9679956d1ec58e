"""What was measured and is lost: blocks of which lines of visits, or of events, are no longer there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from qbench.results.records import RunRecords, lost_lines

__all__ = ["lost_sentence", "measured_again_sentence"]

_NAMED = 4


def lost_sentence(records: RunRecords) -> str | None:
    """Which blocks lack lines of visits or of events, and what that means; None where nothing is lost."""
    lacking, orphans = records.lacking, records.orphans
    told = []
    if lacking:
        some = _lost(**lost_lines(lacking), verb="lack" if len(lacking) > 1 else "lacks")
        told.append(f"{some}: {_named(lacking)}.")
    if orphans:
        some = _untold(len(orphans), sum(orphans.values()), verb="have" if len(orphans) > 1 else "has")
        told.append(f"{some}: {_named(orphans)}. Lines of events.jsonl are lost.")
    if not told:
        return None
    them = "it" if len(lacking) + len(orphans) == 1 else "them"
    return (
        f"{' '.join(told)} No figure is made from {them}. "
        f"Merge with a copy that has the lines, or resume the run: that measures {them} again."
    )


def _named(blocks: Mapping[str, Any]) -> str:
    more = f" and {len(blocks) - _NAMED} more" if len(blocks) > _NAMED else ""
    return ", ".join(list(blocks)[:_NAMED]) + more


def measured_again_sentence(events: Iterable[Mapping[str, Any]]) -> str | None:
    """What the last session found lost, and measured again; None where it found everything."""
    told: dict[str, str] = {}
    for event in events:
        if event["event"] == "session_started":
            told = {}
        elif event["event"] == "visits_lost":
            told["visits"] = _lost(event["blocks"], event["lost"], event["written"])
        elif event["event"] == "events_lost":
            told["events"] = _untold(event["blocks"], event["visits"])
    if not told:
        return None
    return f"When this run was resumed, {' and '.join(told.values())}. Such blocks are measured again."


def _untold(blocks: int, visits: int, verb: str = "had") -> str:
    """The loss of events in words.

    >>> _untold(3, 34)
    '3 blocks had 34 lines of visits and no event of them'
    >>> _untold(1, 1, "has")
    '1 block has 1 line of visits and no event of it'
    """
    it = "it" if blocks == 1 else "them"
    return (
        f"{blocks} block{'s' * (blocks != 1)} {verb} {visits} line{'s' * (visits != 1)} of visits "
        f"and no event of {it}"
    )


def _lost(blocks: int, lost: int, written: int, verb: str = "lacked") -> str:
    """The loss in words.

    >>> _lost(3, 34, 64), _lost(1, 1, 4)
    ('3 blocks lacked 34 of 64 lines of visits', '1 block lacked 1 of 4 lines of visits')
    """
    return f"{blocks} block{'s' * (blocks != 1)} {verb} {lost} of {written} lines of visits"
