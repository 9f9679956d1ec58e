"""The map of simulators by circuits: what became of every cell, or its multiple of the shortest time."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from qbench.analysis.readings import CellReadings
from qbench.analysis.render import visible
from qbench.analysis.stats import Standing
from qbench.model import RANKED_PHASES, Verdict
from qbench.report.html.charts.chart import Axis, Chart, Choices, Target, hover
from qbench.report.html.charts.targets import of_column
from qbench.report.html.series import Series, key_of
from qbench.report.html.view import RunView, circuit_labels, clock_words
from qbench.report.matrix import Race
from qbench.results.reasons import cut_short

__all__ = ["CLEAR", "CLOSE", "LETTERS", "NO_FRAME", "VERDICT_CODES", "verdicts_chart"]

BECAME = "verdicts"
_TIMES = "times the shortest, "
_LONGEST = 120
_NAMED = 6

VERDICT_CODES = (*map(str, Verdict), "not run")
"""Places in this are the values of the map of verdicts."""

LETTERS = {
    "ok": "✓",
    "approximate": "≈",
    "wrong": "✗",
    "unsupported": "u",
    "not_installed": "n",
    "timeout": "T",
    "oom": "M",
    "crash": "C",
    "error": "E",
    "not run": "?",
}
"""The same letters as in ``qbench plot --kind verdicts``: the colour says nothing that they do not."""

NO_FRAME, CLEAR, CLOSE = 0, 1, 2
"""How a multiple is framed, as in ``qbench plot --kind heatmap``: solid, clearly the fastest of its class;
dashed, nobody is, and it has the shortest time or is not known to be slower.
"""

_FRAME_WORDS = {
    CLEAR: "clearly the fastest of its class",
    CLOSE: "nobody is clearly the fastest; this one is not told apart from the shortest time",
}


def verdicts_chart(views: Sequence[RunView], series: Sequence[Series]) -> Chart:
    """Simulators by circuits, a map per run and workload: verdicts, and multiples of the shortest time."""
    choices = Choices(names=("run", "workload", "show"))
    places = {one.key: place for place, one in enumerate(series)}
    labels = circuit_labels(views)
    columns = {key: place for place, key in enumerate(labels)}
    traces: list[Mapping[str, Any]] = []
    for view in views:
        for workload in view.run.workloads:
            cells = [cell for cell in view.run.cells if cell.workload == workload]
            chosen = choices.places(run=view.name, workload=workload, show=BECAME)
            points: list[list[Any]] = [
                [places[key_of(cell)], columns[cell.circuit_id], *_verdict(cell, labels[cell.circuit_id])]
                for cell in cells
            ]
            if points:
                traces.append({"c": chosen, "points": points})
            for phase in map(str, RANKED_PHASES):
                races = [race for race in view.races[phase] if race.others]
                races = [race for race in races if race.fastest.workload == workload]
                found = _multiples(races)
                points = [
                    [
                        places[key_of(cell)],
                        columns[cell.circuit_id],
                        *_multiple(found[cell.id], labels[cell.circuit_id]),
                    ]
                    for cell in cells
                    if cell.id in found
                ]
                if points:
                    chosen = choices.places(run=view.name, workload=workload, show=_TIMES + phase)
                    traces.append({"c": chosen, "points": points, "told": _led(races)})
    return Chart(
        id="verdicts",
        title="Simulators by circuits",
        kind="map",
        about=(
            "What became of every question; a letter says what a colour says. Times the shortest: each "
            f"ranked simulator's {clock_words(views)} over the shortest of its class on that circuit, rounds "
            "paired. "
            "A solid frame stands around who is clearly the fastest: all others of the class are slower, "
            "beyond chance and beyond the margin. Where nobody is, dashed frames stand around the shortest "
            "time and all that are not told apart from it. Who is alone in its class has no multiple."
        ),
        alt=(
            "A map of simulators by circuits: the verdict of every cell, or its multiple of the shortest "
            "time of its class."
        ),
        table="cells",
        x=Axis(title="", scale="category"),
        y=Axis(title="", scale="category"),
        choices=(
            choices.choice("run", "run"),
            choices.choice("workload", "workload"),
            choices.choice("show", "show"),
        ),
        traces=tuple(traces),
        targets={
            "workload": of_column(choices, "workload", "workload"),
            "show": tuple(map(_target, choices.known("show"))),
        },
        more={
            "columns": [visible(label) for label in labels.values()],
            "verdicts": [{"name": name.replace("_", " "), "letter": LETTERS[name]} for name in VERDICT_CODES],
        },
    )


def _target(show: str) -> Target:
    return Target() if show == BECAME else Target(rows={"phase": (show.removeprefix(_TIMES),)})


def _multiples(races: Sequence[Race]) -> dict[str, tuple[float, int]]:
    """By cell id, the time over the shortest of its contest, paired round by round, and the cell's frame."""
    found: dict[str, tuple[float, int]] = {}
    for race in races:
        found[race.fastest.id] = 1.0, CLEAR if race.clear else CLOSE
        for one in race.others:
            if one.ratio is not None and math.isfinite(one.ratio.value):
                frame = NO_FRAME if one.standing == Standing.SLOWER else CLOSE
                found[one.contestant.id] = one.ratio.value, frame
    return found


def _led(races: Sequence[Race]) -> str:
    """On how many circuits who is clearly the fastest of its class, and on how many nobody is."""
    wins = Counter(race.fastest.simulator for race in races if race.clear)
    named = wins.most_common(_NAMED)
    parts = [f"{visible(name)} {number}" for name, number in named]
    if len(wins) > len(named):
        others = wins.total() - sum(number for _, number in named)
        parts.append(f"{len(wins) - len(named)} more together {others}")
    nobody = len(races) - wins.total()
    parts += [f"nobody {nobody}"] if nobody else []
    return f"Clearly the fastest of its class on how many circuits: {', '.join(parts)}."


def _verdict(cell: CellReadings, label: str) -> tuple[int, str, str]:
    """Value, letter, hover text."""
    verdict = str(cell.verdict) if cell.verdict else "not run"
    flags = f"flags: {', '.join(cell.flags)}" if cell.flags else ""
    letter = LETTERS[verdict] + ("!" if cell.blocking_flags else "")
    reason = cut_short(cell.reason, _LONGEST) if cell.reason else ""
    told = hover(f"{label}: {verdict.replace('_', ' ')}", reason, flags)
    return VERDICT_CODES.index(verdict), letter, told


def _multiple(found: tuple[float, int], label: str) -> tuple[float, str, str, int]:
    """Value, figure, hover text, frame."""
    multiple, frame = found
    told = hover(f"{label}: {_short(multiple)} times the shortest time", _FRAME_WORDS.get(frame, "slower"))
    return round(multiple, 3), _short(multiple), told, frame


def _short(multiple: float) -> str:
    """Two digits, without an exponent.

    >>> _short(1.0), _short(1.849), _short(23.4), _short(1234.0)
    ('1.0', '1.8', '23', '1200')
    """
    if multiple < 10:
        return f"{multiple:.1f}"
    digits = int(math.log10(multiple)) - 1
    return f"{round(multiple / 10**digits) * 10**digits:.0f}"
