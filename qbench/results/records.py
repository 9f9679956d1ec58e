"""The raw records of one run as they are read back: what every table is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qbench.model import NoAnswer, Outcome, Visit

__all__ = ["RunRecords"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecords:
    """Manifest, visits, outcomes and events of one results folder.

    ``visits`` holds only the visits that count: those of the attempt that finished its block.  What is read
    from a folder is a ``qbench.results.visits.Visits``, which keeps a million of them.
    ``outcomes`` is keyed by cell id and holds what was judged.  ``failures``, by cell id too, holds how the
    timed rounds ended for cells whose worker was lost or never loaded there: it says nothing about the
    judged answer.  ``events`` are in the order in which they were written.
    """

    manifest: Mapping[str, Any]
    visits: Sequence[Visit]
    outcomes: Mapping[str, Outcome]
    events: tuple[Mapping[str, Any], ...]
    failures: Mapping[str, NoAnswer] = field(default_factory=dict)
