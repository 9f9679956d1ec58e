"""How many rounds the cells of a run had: what was run, beside what was wanted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from qbench.analysis.progress import can_be_timed
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.report.controls import rounds_sentence

__all__ = ["FEW_ROUNDS", "ending_sentence", "few_rounds_sentence", "rounds_had", "rounds_run"]

FEW_ROUNDS = 5
"""With four rounds an interval of 95 % reaches 3.2 standard errors to each side (Student's t of three degrees
of freedom), and the correction over ten rivals asks for 7.5: hardly anything is told apart.
"""


def rounds_run(run: RunReadings) -> list[int]:
    """The number of rounds of every cell that was timed and could be, in ascending order."""
    return sorted(len(cell.rounds) for cell in run.cells if cell.rounds and can_be_timed(cell))


def rounds_had(run: RunReadings) -> str:
    """The rounds of the cells in words: a number, or the least and the most, and what most cells had."""
    had = rounds_run(run)
    if not had:
        return "none"
    told = _span(had[0], had[-1], "round")
    ((usual, cells),) = Counter(had).most_common(1)
    return f"{told}, most in {usual}" if had[0] != had[-1] and 2 * cells > len(had) else told


def few_rounds_sentence(run: RunReadings) -> str | None:
    """What few rounds mean for who is told apart; None where at least half of the cells had enough."""
    had = rounds_run(run)
    middle = had[len(had) // 2] if had else FEW_ROUNDS
    if middle >= FEW_ROUNDS:
        return None
    rounds = f"{middle} round{'s' * (middle != 1)}"
    return (
        f"Few rounds: half of the cells had {rounds} or fewer, which tells only large differences from "
        'chance. That "nobody is clearly fastest" somewhere then says little; more rounds would tell more.'
    )


WHY: Mapping[str, str] = MappingProxyType(
    {
        "width": "the intervals were narrow enough",
        "most": "the most rounds of the plan were done",
        "budget": "the time given to the run was used up",
        "cell_budget": "the time given to each cell was used up",
        "left": "nobody was left to compare",
        "rounds": "there was nothing to compare",
    }
)
"""Why no more rounds of a question were run, by the word of the records."""

_QUESTION = ("problem", "task", "threads", "gate_mode")


def ending_sentence(run: RunReadings) -> str | None:
    """Why the rounds ended, for how many questions, after how many whole rounds.

    And in how many cells a further round counts that the end of the run's time cut short.  None where every
    question had the rounds that were given.
    """
    records = run.records
    if rounds_sentence(records.manifest, records.events) is None:
        return None
    ends = [event for event in records.events if event["event"] == "question_done"]
    # A run that is resumed with a larger budget ends its questions again: the last word counts.
    done = {tuple(event.get(name) for name in _QUESTION): event for event in ends}
    settings = records.manifest["settings"]
    given = (settings.get("most_rounds") or settings["rounds"]) <= settings["rounds"]
    meaning = dict(WHY) | ({"rounds": "all rounds were run"} if given else {})
    parts = []
    for why, number in Counter(event["why"] for event in done.values()).most_common():
        share = f"{number} of {len(done)}" if number < len(done) else f"all {number}" if number > 1 else "the"
        had = [event["rounds"] for event in done.values() if event["why"] == why]
        rounds = _span(min(had), max(had), "whole round")
        plural = "s" * (len(done) > 1)
        parts.append(f"{meaning.get(why, why)} ({share} question{plural}, after {rounds})")
    told = f"Why the rounds ended: {'; '.join(parts)}."
    further = sum(_further(cell, done) for cell in run.cells if cell.rounds and can_be_timed(cell))
    if further:
        told += (
            f" One more round was cut short when that time was up: it counts in the {further} of "
            f"{len(rounds_run(run))} timed cells that had their turn in it."
        )
    return told


def _further(cell: CellReadings, done: Mapping[tuple[Any, ...], Mapping[str, Any]]) -> bool:
    """Whether a cell has a round more than its question has whole ones, at the end of the run's time."""
    end = done.get((cell.problem_id, cell.task_id, cell.threads, cell.gate_mode))
    return end is not None and end["why"] == "budget" and len(cell.rounds) > end["rounds"]


def _span(least: int, most: int, noun: str) -> str:
    span = f"{least}" if least == most else f"{least} to {most}"
    return f"{span} {noun}{'s' * (most != 1)}"
