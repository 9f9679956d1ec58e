"""The circuits of the runs: drawing, facts, and how every simulator did on each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qbench.analysis.figures import supported
from qbench.analysis.readings import CellReadings
from qbench.analysis.stats import Standing
from qbench.model import RANKED_PHASES, VERDICTS
from qbench.report.html.encoding import time_words
from qbench.report.html.reported import DrawnCircuit
from qbench.report.html.series import Series, key_of
from qbench.report.html.view import RunView, circuit_labels

__all__ = ["CircuitEntry", "circuit_entries", "circuit_times"]

_NOT_DRAWN = DrawnCircuit(missing="it was not drawn")
_DIGITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitEntry:
    """A circuit of one or several runs; ``id`` is its content id, ``place`` its number on the page."""

    place: int
    label: str
    id: str
    facts: tuple[tuple[str, str], ...]
    drawing: DrawnCircuit
    answered: int
    cells: int


def circuit_entries(views: Sequence[RunView]) -> tuple[CircuitEntry, ...]:
    """All circuits that are shown, each once, in plan order."""
    entries: list[CircuitEntry] = []
    labels = circuit_labels(views)
    for place, (key, label) in enumerate(labels.items()):
        cells = [cell for view in views for cell in view.run.cells if cell.circuit_id == key]
        problem: Mapping[str, Any] = next(
            (view.manifest["problems"][key] for view in views if key in view.manifest["problems"]), {}
        )
        drawings = (view.reported.drawings.get(key) for view in views)
        answered = sum(cell.judged is not None and VERDICTS[cell.judged].answered for cell in cells)
        entries.append(
            CircuitEntry(
                place=place,
                label=label,
                id=key,
                facts=tuple(_facts(problem)),
                drawing=next((one for one in drawings if one is not None), _NOT_DRAWN),
                answered=answered,
                cells=len(cells),
            )
        )
    return tuple(entries)


def _facts(problem: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    named = ("qubits", "gates", "depth", "family", "area", "known_answer")
    found = [(name.replace("_", " "), problem.get(name)) for name in named]
    if problem.get("clbits"):
        found.insert(1, ("classical bits", problem["clbits"]))
    return [(label, str(value)) for label, value in found if value is not None]


def circuit_times(views: Sequence[RunView], series: Sequence[Series]) -> dict[str, Any]:
    """For each circuit's place a row per cell: run, workload, series, verdict, both times and their standing.

    ``words`` are what ``workload``, ``verdict`` and ``standing`` of the rows count in.
    """
    words: dict[str, int] = {}
    places = {key: place for place, key in enumerate(circuit_labels(views))}
    of_series = {one.key: place for place, one in enumerate(series)}
    rows: list[list[list[Any]]] = [[] for _ in places]
    for number, view in enumerate(views):
        standings = {phase: _standings(view, phase) for phase in map(str, RANKED_PHASES)}
        for cell in view.run.cells:
            row: list[Any] = [number, _word(words, cell.workload), of_series[key_of(cell)]]
            row.append(_word(words, str(cell.verdict).replace("_", " ") if cell.verdict else "not run"))
            for phase, found in standings.items():
                warm = cell.warm(phase, view.run.metric)
                row.append(time_words(supported(warm, most=_DIGITS).value) if warm else "")
                row.append(_word(words, found.get(cell.id, _alone(cell) if warm else "")))
            rows[places[cell.circuit_id]].append(row)
    return {"words": list(words), "rows": rows}


def _standings(view: RunView, phase: str) -> dict[str, str]:
    """How each ranked cell stands to the shortest time of its class, in a few words."""
    found: dict[str, str] = {}
    for race in view.races[phase]:
        alone = "alone in its class"
        led = "clearly fastest" if race.clear else "shortest, not told apart"
        found[race.fastest.id] = led if race.others else alone
        for one in race.others:
            # Of the fastest nobody is ahead: what chance makes "faster" here is not resolved.
            faster = one.standing == Standing.FASTER
            found[one.contestant.id] = str(Standing.UNRESOLVED if faster else one.standing)
    return found


def _alone(cell: CellReadings) -> str:
    return "flagged, not ranked" if cell.blocking_flags else "not ranked"


def _word(words: dict[str, int], word: str) -> int:
    return words.setdefault(word, len(words))
