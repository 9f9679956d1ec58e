"""The phases of one call as parts of a bar: which kind of call is shown, and how long each phase of it took.

Shared by ``qbench plot --kind phases`` and the report's chart, so that both show the same figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qbench.analysis.figures import rounded, supported
from qbench.analysis.readings import CellReadings
from qbench.model import VERDICTS, Phase, Place

__all__ = ["CALLS", "PARTS", "PhaseBar", "phase_bar", "shown_call"]

PARTS = (Phase.TRANSLATE, Phase.COMPILE, Phase.EXECUTE, Phase.READBACK)
"""The phases of a call, in their order."""

CALLS: Mapping[Place, str] = {
    Place.WARM: "a warm call (geometric mean over rounds)",
    Place.FIRST_FOR_CELL: "the first call for a circuit in a warm process (median over rounds)",
    Place.FIRST_IN_PROCESS: "the first call in a fresh process (median over rounds; loads libraries)",
}
"""The kinds of calls in words, the preferred one first."""

_WANTED = (Phase.TRANSLATE, Phase.EXECUTE, Phase.READBACK)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseBar:
    """One cell's call: microseconds by phase, as in the table ``cells``; or why there are none."""

    parts: Mapping[Phase, float]
    message: str = ""

    @property
    def total_us(self) -> float:
        """The whole call in microseconds: the sum of the phases that were measured."""
        return sum(self.parts.values())


def shown_call(cells: Iterable[CellReadings]) -> Place | None:
    """The first kind of call of which some cell has translate, execute and readback; None without any.

    One figure shows one kind of call: a warm call and one that loads libraries are never mixed.
    """
    timed = [cell for cell in cells if cell.phases]
    for place in CALLS:
        if any(all(_us(cell, phase, place) is not None for phase in _WANTED) for cell in timed):
            return place
    return None


def phase_bar(cell: CellReadings, place: Place) -> PhaseBar:
    """The phases of a cell's call, by the wall clock: first calls have no other."""
    if cell.verdict is None or not VERDICTS[cell.verdict].answered:
        message = "not run" if cell.verdict is None else cell.verdict.replace("_", " ")
        return PhaseBar(parts={}, message=message)
    times = {phase: _us(cell, phase, place) for phase in PARTS}
    if times[Phase.EXECUTE] is None:
        return PhaseBar(parts={}, message="no such call timed")
    return PhaseBar(parts={phase: time for phase, time in times.items() if time is not None})


def _us(cell: CellReadings, phase: Phase, place: Place) -> float | None:
    readings = cell.phases.get(phase)
    if readings is None:
        return None
    if place == Place.WARM:
        warm = readings.warm()
        return float(supported(warm, 1e-3).value) if warm else None
    first = readings.first(place)
    return None if first is None else float(rounded(first * 1e-3, 3))
