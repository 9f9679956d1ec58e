"""The plots by name, from a run's raw records alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from matplotlib.figure import Figure

from qbench.analysis.controls import contestants
from qbench.analysis.readings import RunReadings, take_readings
from qbench.errors import QbenchError
from qbench.model import RANKED_PHASES
from qbench.report.plots.choosing import chosen_view
from qbench.report.plots.kinds import KINDS, asked_kinds, recipes
from qbench.report.plots.leaders import Leaders
from qbench.report.plots.plot import NothingToDrawError, Plot, View
from qbench.report.plots.print_width import inches
from qbench.report.plots.sheet import drawing
from qbench.report.plots.sheets import Recipe, sheets
from qbench.results.records import RunRecords

__all__ = ["KINDS", "Drawn", "draw", "figure"]

Names = Sequence[str] | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The plots of a run, and by name why others could not be drawn."""

    plots: tuple[Plot, ...]
    undrawn: Mapping[str, str]


def _draw_sheets(
    run: RunReadings, recipe: Recipe, view: View, leaders: Leaders, *, first: bool
) -> tuple[list[Plot], dict[str, str]]:
    """All sheets of one plot; where not one can be drawn, ``NothingToDrawError`` says why of the whole."""
    plots: list[Plot] = []
    undrawn: dict[str, str] = {}
    for sheet, part in sheets(run, recipe, view, leaders, first=first):
        try:
            plots.append(recipe.make(run, part, sheet))
        except NothingToDrawError as nothing:
            undrawn[sheet] = str(nothing)
    if not plots:
        plots.append(recipe.make(run, view.asked(run, recipe.of), recipe.name))
    return plots, undrawn


def draw(
    records: RunRecords,
    kinds: Sequence[str] | None = None,
    *,
    phases: Sequence[str] | None = None,
    circuits: Names = None,
    workloads: Names = None,
    simulators: Names = None,
    width: str | float | None = None,
) -> Drawn:
    """The plots of these kinds: of a small run one sheet each (``time``: one per phase), of a large one more.

    None is the kinds that are of use in every run, with what this one was made for (gradients, sweeps,
    numbers of shots and threads), and of a large run the first sheet of simulators alone.  ``phases`` are for
    the kinds that show one.  ``circuits``, ``workloads`` and ``simulators`` choose by name (``chosen_view``).
    ``width`` is for print: ``one-column``, ``two-column``, a number with its unit (``86mm``) or inches.
    Sheets of that width have no title and no notes, which are their captions'.  Raises ``QbenchError`` on a
    kind, a phase, a name or a width that there is not.
    """
    for kind in kinds or ():
        recipes(kind)
    run = contestants(take_readings(records))
    for phase in phases or ():
        _known(run, phase)
    view = chosen_view(run, circuits=circuits, workloads=workloads, simulators=simulators)
    leaders = Leaders(run=run)
    view = replace(view, palette=leaders.palette(view), width=None if width is None else inches(width))
    first = kinds is None and simulators is None
    plots: list[Plot] = []
    undrawn: dict[str, str] = {}
    wanted = dict.fromkeys(asked_kinds(run) if kinds is None else kinds)
    with drawing():
        for recipe in (one for kind in wanted for one in recipes(kind, phases)):
            try:
                made, empty = _draw_sheets(run, recipe, view, leaders, first=first)
                plots += made
                undrawn |= empty
            except NothingToDrawError as nothing:
                undrawn[recipe.name] = str(nothing)
    return Drawn(plots=tuple(plots), undrawn=MappingProxyType(undrawn))


def figure(
    records: RunRecords,
    kind: str = "time",
    *,
    phase: str = "execute",
    circuits: Names = None,
    workloads: Names = None,
    simulators: Names = None,
    width: str | float | None = None,
) -> Figure:
    """One plot on one sheet, however many circuits it has: any of ``KINDS``.

    ``phase`` is what the kinds that show one phase show; the others have none to choose.  ``circuits``,
    ``workloads`` and ``simulators`` choose by name (``chosen_view``); None is all, of more simulators than
    a sheet holds those that lead.  ``width`` is for print, as in ``draw``.  Raises ``QbenchError`` for a
    kind, phase, name or width that there is not, where such a width has no room for all that is chosen, and
    where the run has nothing to draw.
    """
    (recipe,) = recipes(kind, [phase])
    run = contestants(take_readings(records))
    _known(run, phase)
    view = chosen_view(run, circuits=circuits, workloads=workloads, simulators=simulators)
    leaders = Leaders(run=run)
    view = replace(view, palette=leaders.palette(view), width=None if width is None else inches(width))
    most = recipe.most_on(view.width)
    if simulators is None and most is not None and not recipe.everybody:
        of = view.asked(run, recipe.of)
        if of.workloads and len(of.answering(run)) > most:
            view = leaders.groups(of, recipe.phase, most)[0]
    with drawing():
        return recipe.make(run, view, kind).figure


def _known(run: RunReadings, phase: str) -> None:
    if phase not in run.phases and phase not in RANKED_PHASES:
        raise QbenchError(f"the run has no phase {phase!r}: it has {', '.join(run.phases)}")
