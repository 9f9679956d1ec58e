"""The order of a run: rounds, groups of live workers, shuffled blocks, shuffled simulators.

Everything here is a pure function of the plan and its seed, so a resumed run meets the same blocks.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from qbench.ir import content_id
from qbench.model import Cell

__all__ = ["GROUP_SIZE", "Block", "RoundPlan", "groups", "plan_round", "plan_rounds"]

GROUP_SIZE = 6
"""Workers alive at a time: distance between two visits widens the interval on their ratio."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One problem and task, its simulators' cells in the order of their turns, one round."""

    id: str
    round: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundPlan:
    """One group of simulators in one round: the order of start, set-up randomisation and blocks."""

    round: int
    simulators: tuple[str, ...]
    hash_seed: int
    padding: int
    blocks: tuple[Block, ...]


def groups(
    simulators: Sequence[str], baseline: str | None, size: int = GROUP_SIZE
) -> tuple[tuple[str, ...], ...]:
    """Split the simulators into groups of at most ``size`` that each contain the baseline.

    >>> groups(["a", "b", "c", "d"], "a", size=3)
    (('a', 'b', 'c'), ('a', 'd'))
    >>> groups(["a", "b", "c"], None, size=2)
    (('a', 'b'), ('c',))
    """
    if baseline is None or baseline not in simulators:
        return tuple(tuple(simulators[i : i + size]) for i in range(0, len(simulators), size))
    others = [name for name in simulators if name != baseline]
    if not others:
        return ((baseline,),)
    step = size - 1
    return tuple((baseline, *others[i : i + step]) for i in range(0, len(others), step))


def plan_rounds(
    *, cells: Sequence[Cell], baseline: str | None, round_number: int, seed: int
) -> tuple[RoundPlan, ...]:
    """One round: its groups, put together and ordered anew each time, each with its blocks."""
    draw = random.Random(f"{seed}/{round_number}")
    simulators = list(dict.fromkeys(cell.simulator for cell in cells))
    draw.shuffle(simulators)
    found = list(groups(simulators, baseline))
    draw.shuffle(found)
    return tuple(
        plan_round(cells=cells, group=group, round_number=round_number, seed=seed) for group in found
    )


def plan_round(*, cells: Sequence[Cell], group: Sequence[str], round_number: int, seed: int) -> RoundPlan:
    """Shuffle one group's cells of one round into blocks.

    Cells of one block share problem, task, threads and gate mode.  The same arguments give the same
    plan; another round, group or seed another order, hash seed and padding.
    """
    draw = random.Random(f"{seed}/{round_number}/{'/'.join(group)}")
    together: dict[tuple[str, str, int, str], list[Cell]] = {}
    for cell in cells:
        if cell.simulator in group:
            key = (cell.problem, cell.task, cell.threads, cell.gate_mode)
            together.setdefault(key, []).append(cell)
    blocks = []
    for members in together.values():
        draw.shuffle(members)
        identity = content_id([round_number, sorted(group), sorted(cell.id for cell in members)])
        blocks.append(Block(id=identity, round=round_number, cells=tuple(members)))
    draw.shuffle(blocks)
    order = list(group)
    draw.shuffle(order)
    return RoundPlan(
        round=round_number,
        simulators=tuple(order),
        hash_seed=draw.randrange(1, 2**32),
        padding=draw.randrange(4096),
        blocks=tuple(blocks),
    )
