"""Circuits by simulators: how many times the fastest of its class each took, by colour and as a number."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from qbench.analysis.contests import Contest, contests
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.analysis.stats import Standing
from qbench.model import VERDICTS, Verdict
from qbench.report.plots.heading import Heading, clock_name, conditions, machine_class, suite_name
from qbench.report.plots.heatmap_page import ROOM, WIDTH, Tile, draw_map
from qbench.report.plots.lettering import plain
from qbench.report.plots.plot import NothingToDrawError, Plot, View, left_out
from qbench.report.plots.styles import Series, SeriesKey, key_of, series_of
from qbench.report.plots.verdict_page import FILLS

__all__ = ["by_heat_rows", "draw_heatmap"]

MOST_ROWS = 45


def by_heat_rows(run: RunReadings, view: View) -> tuple[bool, Sequence[tuple[str, ...]]]:
    """So many circuits and columns on a sheet; see ``Split``."""
    columns = sum(len(view.of(run, workload).answering(run)) for workload in view.workloads)
    several = view.width is not None and len(view.workloads) > 1  # for print each has a sheet of its own
    fits = len(view.problems) <= MOST_ROWS and columns * WIDTH <= 2 * ROOM and not several
    chunks = [view.problems[at : at + MOST_ROWS] for at in range(0, len(view.problems), MOST_ROWS)]
    return fits, chunks


def draw_heatmap(run: RunReadings, view: View, phase: str, name: str) -> Plot:
    """Every ranked cell's time over the fastest of its circuit and class, rounds paired, as in ``profile``.

    Simulators of which nothing was measured in a workload are left out of its map and counted.  Raises
    ``NothingToDrawError`` where no cell in view is ranked.
    """
    shared, series = series_of(run)
    tiles: dict[str, Tile] = {}
    for contest in contests(run, phase):
        tiles |= _tiles(contest)
    asked = {workload: view.cells(run, workload) for workload in view.workloads}
    cells = {
        workload: [cell for cell in found if cell.facts["kind"] != "double"]
        for workload, found in asked.items()
    }
    every = [cell for found in cells.values() for cell in found]
    ranked = [cell for cell in every if cell.id in tiles]
    if not ranked:
        raise NothingToDrawError(
            f"no factors of {phase} to draw: {left_out(every, 'not ranked or not timed') or 'no cell'}"
        )
    for cell in every:
        tiles.setdefault(cell.id, _unranked(cell))
    columns = {
        workload: tuple(one for one in series if one.key in _measured(found))
        for workload, found in cells.items()
    }
    heading = Heading(
        title=f"{phase}: {clock_name(run)} over the shortest of the class, {suite_name(run)}",
        lines=(conditions(run, shared), machine_class(run)),
        width=view.width,
        notes=tuple(filter(None, [*_notes(cells, columns, clock_name(run), phase), view.note])),
    )
    shown = {
        workload: [cell for cell in cells[workload] if key_of(cell) in {one.key for one in mine}]
        for workload, mine in columns.items()
        if mine
    }
    figure = draw_map(run, view, shown, columns, tiles, heading)
    left = [
        plain(f"{workload}, without an answer: {', '.join(names)}")
        for workload, names in _silent(cells, columns).items()
        if names
    ]
    return Plot(
        name=name,
        title=heading.title,
        caption=(*heading.lines, *heading.notes, *_winners(shown, tiles), *left),
        figure=figure,
    )


def _tiles(contest: Contest) -> dict[str, Tile]:
    fastest, others = contest.race()
    close = {one.contestant.id for one in others if one.standing != Standing.SLOWER}
    leading = {fastest.id, *close} if close else set()
    return {
        cell.id: Tile(
            factor=math.exp(contest.log_ratio(cell, fastest)),
            fastest=cell.id == fastest.id and bool(others) and not close,
            close=cell.id in leading,
            alone=not others,
        )
        for cell in contest.members
    }


def _unranked(cell: CellReadings) -> Tile:
    verdict = cell.verdict
    if verdict is not None and VERDICTS[verdict].ranked:
        return Tile(symbol="!" if cell.blocking_flags else "-", hatched=bool(cell.blocking_flags))
    failed = verdict is not None and VERDICTS[verdict].failed
    return Tile(symbol=FILLS[verdict].symbol, hatched=failed)


def _measured(cells: Sequence[CellReadings]) -> set[SeriesKey]:
    """The simulators that a map shows: those that were measured, or failed at what they take."""
    quiet = (None, Verdict.UNSUPPORTED, Verdict.NOT_INSTALLED)
    return {key_of(cell) for cell in cells if cell.verdict not in quiet}


def _notes(
    cells: Mapping[str, Sequence[CellReadings]],
    columns: Mapping[str, Sequence[Series]],
    clock: str,
    phase: str,
) -> list[str]:
    notes = [
        f"A number is the {phase} {clock} over the shortest of a ranked simulator of the same class on the "
        "same circuit, rounds paired. A solid frame: all others of its class are slower, significantly and "
        "by more than the margin; dashed frames: nobody is ahead of all so clearly, and these are not known "
        "to be slower by so much than the one with the shortest time. Classes are not compared with each "
        "other, nor are circuits.",
    ]
    silent = {workload: len(names) for workload, names in _silent(cells, columns).items() if names}
    if silent:
        told = ", ".join(f"{plain(workload)} {number}" for workload, number in silent.items())
        notes.append(f"Left out, as they gave no answer (simulators; the caption names them): {told}.")
    return notes


def _silent(
    cells: Mapping[str, Sequence[CellReadings]], columns: Mapping[str, Sequence[Series]]
) -> dict[str, list[str]]:
    """By workload the simulators that its map does not show."""
    found = {}
    for workload, mine in cells.items():
        shown = {one.key for one in columns[workload]}
        found[workload] = list(dict.fromkeys(cell.simulator for cell in mine if key_of(cell) not in shown))
    return found


def _winners(cells: Mapping[str, Sequence[CellReadings]], tiles: Mapping[str, Tile]) -> list[str]:
    """What the caption says: how often each simulator is clearly the fastest of its class."""
    told = []
    for workload, found in cells.items():
        wins = Counter(cell.simulator for cell in found if tiles[cell.id].fastest)
        parts = [f"{plain(name)} {number}" for name, number in wins.most_common()]
        asked = {(cell.circuit_id, cell.ranking_class): False for cell in found if tiles[cell.id].close}
        parts += [f"nobody {len(asked)}"] if asked else []
        if parts:
            words = "clearly fastest of its class on how many circuits"
            told.append(f"{plain(workload)}, {words}: {', '.join(parts)}")
    return told
