"""Whether a run came to its end, and if not, how far it came: from its records alone."""

from __future__ import annotations

from dataclasses import dataclass

from qbench.analysis.readings import CellReadings, RunReadings
from qbench.model import VERDICTS

__all__ = ["Progress", "can_be_timed", "progress", "rounds_text"]

_QUESTION = ("problem", "task", "threads", "gate_mode")


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """``judged`` of ``cells`` cells have a verdict, ``blocks`` of visits are done.

    ``rounds`` is how many rounds are whole: in them every cell was visited that is to be visited in all of
    them.  Cells without an answer, lost, over their budget or of a question that has ended never are.
    """

    finished: bool
    judged: int
    cells: int
    rounds: int
    blocks: int


def progress(run: RunReadings) -> Progress:
    """How far a run came.

    It has ended when an event says so: all that the plan asks for is ``measured``, its budget was used, or
    (older records) its session was complete; and no block was begun after that.  A run of a given number of
    rounds has also ended when it has them all: its last session was killed while it wrote its tables, or it
    is older than these events.
    """
    events = run.records.events
    ended = False
    for event in events:
        if event["event"] in ("measured", "budget_used") or (event["event"] == "costs" and event["complete"]):
            ended = True
        elif event["event"] == "block_started":
            ended = False
    judged = sum(cell.outcome is not None for cell in run.cells)
    settings = run.records.manifest["settings"]
    given = not settings.get("most_rounds") or settings["most_rounds"] <= settings["rounds"]
    told = any(event["event"] == "session_started" for event in events)  # then an end is told too
    rounds = [cell.rounds for cell in _wanted(run)]
    if rounds:
        whole = len(set.intersection(*rounds))
        nothing_left = whole >= settings["rounds"] and (given or not told)
    else:
        whole = max((len(cell.rounds) for cell in run.cells), default=0)
        nothing_left = True
    return Progress(
        finished=ended or (judged == len(run.cells) and nothing_left),
        judged=judged,
        cells=len(run.cells),
        rounds=whole,
        blocks=len({event["block"] for event in events if event["event"] == "block_done"}),
    )


def rounds_text(run: RunReadings) -> str:
    """The rounds that the run's plan names: a number, or from the least to the most."""
    settings = run.records.manifest["settings"]
    least, most = settings["rounds"], settings.get("most_rounds")
    if most is not None and most > least:
        return f"{least} to {most} rounds"
    return f"{least} round{'s' * (least != 1)}"


def _wanted(run: RunReadings) -> list[CellReadings]:
    """The cells that have to be visited in every round that their question has not ended before."""
    ended: dict[tuple[object, ...], str] = {}
    left = set()
    for event in run.records.events:
        if event["event"] == "question_done":
            ended[tuple(event[name] for name in _QUESTION)] = event["why"]
        elif event["event"] == "cell_budget_used":
            left.add(event["cell"])
        elif event["event"] == "block_started":  # a larger budget goes on with what a smaller one ended
            ended = {question: why for question, why in ended.items() if why != "budget"}
    return [
        cell
        for cell in run.cells
        if can_be_timed(cell)
        and cell.id not in left
        and (cell.problem_id, cell.task_id, cell.threads, cell.gate_mode) not in ended
    ]


def can_be_timed(cell: CellReadings) -> bool:
    """Whether a cell gave an answer, is no planted liar and was not lost while it was timed."""
    if cell.control == "liar" or cell.judged is None:
        return False  # a planted liar is only judged
    return VERDICTS[cell.judged].answered and cell.failure is None
