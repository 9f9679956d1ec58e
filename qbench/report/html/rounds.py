"""How many rounds the cells of a run had: what was run, beside what was wanted."""

from __future__ import annotations

from collections import Counter

from qbench.analysis.progress import can_be_timed
from qbench.analysis.readings import RunReadings

__all__ = ["FEW_ROUNDS", "few_rounds_sentence", "rounds_had", "rounds_run"]

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
    span = f"{had[0]}" if had[0] == had[-1] else f"{had[0]} to {had[-1]}"
    told = f"{span} round{'s' * (had[-1] != 1)}"
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
