"""An unfinished run says so: how far it came, and what goes on with it."""

from __future__ import annotations

from qbench.analysis.progress import progress, rounds_text
from qbench.analysis.readings import RunReadings

__all__ = ["unfinished_sentence"]


def unfinished_sentence(run: RunReadings) -> str | None:
    """How far a run came that has not ended; None of one that has, by its plan, its rule or its budget."""
    found = progress(run)
    if found.finished:
        return None
    done = f"{found.blocks} block{'s' * (found.blocks != 1)} of visits"
    if found.judged < found.cells:
        come = f"{found.judged} of {found.cells} cells are judged, {done} done"
    else:
        come = f"all cells are judged, {found.rounds} of {rounds_text(run)} and {done} done"
    return f"UNFINISHED: {come}. The same command with -o and the run's folder resumes it."
