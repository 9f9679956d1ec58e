"""The raw records of one run as they are read back: what every table is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from qbench.model import Metric, NoAnswer, Outcome, Visit

__all__ = ["Lacking", "RunRecords", "lost_lines"]


class Lacking(NamedTuple):
    """How many lines of visits a finished block has, and how many were written of it."""

    there: int
    written: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecords:
    """Manifest, visits, outcomes and events of one results folder.

    ``visits`` holds only the visits that count: those of the attempt that finished its block.  What is read
    from a folder is a ``qbench.results.visits.Visits``, which keeps a million of them.
    ``outcomes`` is keyed by cell id and holds what was judged.  ``failures``, by cell id too, holds how the
    timed rounds ended for cells whose worker was lost or never loaded there: it says nothing about the
    judged answer.  ``events`` are in the order in which they were written.

    ``lacking`` names the finished blocks of which lines of visits were lost since they were written; what is
    left of such a block counts no more than an interrupted one.  ``attempts`` is, by block, the highest
    attempt of which anything was written.

    ``orphans`` names the blocks that have lines of visits, but no event that tells of them: lines of
    ``events.jsonl`` were lost.  By block, how many lines of visits; they do not count.  What a kill
    interrupts is no orphan: its block was begun, and is the last one of its session.

    ``ranked_by`` is the clock that was asked for when the records were read, None for the plan's own.
    """

    manifest: Mapping[str, Any]
    visits: Sequence[Visit]
    outcomes: Mapping[str, Outcome]
    events: tuple[Mapping[str, Any], ...]
    failures: Mapping[str, NoAnswer] = field(default_factory=dict)
    lacking: Mapping[str, Lacking] = field(default_factory=dict)
    attempts: Mapping[str, int] = field(default_factory=dict)
    orphans: Mapping[str, int] = field(default_factory=dict)
    ranked_by: Metric | None = None


def lost_lines(lacking: Mapping[str, Lacking]) -> dict[str, int]:
    """How many ``blocks`` lack lines of visits, how many lines are ``lost``, of how many ``written``.

    >>> lost_lines({"b": Lacking(there=3, written=4), "c": Lacking(there=0, written=4)})
    {'blocks': 2, 'lost': 5, 'written': 8}
    """
    written = sum(block.written for block in lacking.values())
    there = sum(block.there for block in lacking.values())
    return {"blocks": len(lacking), "lost": written - there, "written": written}
