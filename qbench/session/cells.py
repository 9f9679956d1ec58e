"""The cells of a plan: who is asked what, on how many threads, in which gate mode."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qbench.model import Cell
from qbench.session.controls import LIAR
from qbench.session.questions import Asked

if TYPE_CHECKING:
    from qbench.session.plan import PlannedSimulator

__all__ = ["planned_cells"]

PLAIN = frozenset({"state", "sample"})


def planned_cells(
    asked: Sequence[Asked],
    threads: Sequence[int],
    gate_modes: Sequence[str],
    simulators: Sequence[PlannedSimulator],
) -> Iterator[Cell]:
    """Every question in every gate mode, on every number of threads, to everybody whom it says something of.

    The liar is asked on the first number of threads alone: its lie does not depend on them.  It is asked in
    every gate mode, as the bounds that it is judged by follow the circuit that is executed.
    """
    for question in asked:
        for count in threads:
            for gate_mode in gate_modes:
                for planned in simulators:
                    if _another_is_asked(planned, question.task.kind, simulators):
                        continue
                    if planned.control == LIAR and count != threads[0]:
                        continue
                    yield Cell(
                        problem=question.problem.circuit.id,
                        task=question.task.id,
                        simulator=planned.label,
                        simulator_id=planned.id,
                        threads=count,
                        gate_mode=gate_mode,
                    )


def _another_is_asked(planned: PlannedSimulator, kind: str, every: Sequence[PlannedSimulator]) -> bool:
    """Whether this configuration lacks a kind for which another one of its package takes part.

    Such a cell would say nothing of the package.  A configuration for states or samples is asked for both all
    the same, as since the first suites.
    """
    mine = planned.simulator.facts
    if kind in mine.tasks or (kind in PLAIN and PLAIN.intersection(mine.tasks)):
        return False
    return any(
        kind in one.simulator.facts.tasks and one.simulator.facts.distributions[:1] == mine.distributions[:1]
        for one in every
        if one.control is None
    )
