"""The order of a run: rounds, groups of live workers, shuffled blocks, passes over shuffled simulators.

Everything here is a pure function of the plan and its seed, so a resumed run meets the same blocks.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from qbench.ir import content_id
from qbench.model import Cell

__all__ = [
    "GROUP_SIZE",
    "Block",
    "ProcessSetup",
    "RoundPlan",
    "extra_passes",
    "group_size",
    "groups",
    "plan_round",
    "plan_rounds",
    "process_setup",
    "rounds_cap",
    "turns",
    "visits_in_round",
]

GROUP_SIZE = 7
"""Simulators in a group, the baseline among them: distance between two visits widens the interval on their
ratio."""

WORKER_BYTES = 400_000_000
"""What a large worker takes (PennyLane: 385 MB after its import)."""

MEMORY_SHARE = 0.5
"""Of the machine's memory, for all live workers together: the simulations need the rest."""

MOST_EXTRA = 3
"""Passes that contention may add to a block in one round."""

# The sample plan, by the duration of one call in ns: visits in a round, and the most rounds where a plan
# allows 30.
_VISITS = ((10_000_000, 3), (2_000_000_000, 2))
_ROUNDS = ((10_000_000, 30), (200_000_000, 20), (2_000_000_000, 10))
_LONGEST = {"visits": 1, "rounds": 6}
_PLANNED_MOST = 30


def visits_in_round(call_ns: float, most: int) -> int:
    """Visits of a cell in one round, by the duration of one of its calls and the plan's own ``most``.

    >>> [visits_in_round(call_ns, 3) for call_ns in (1e4, 5e7, 5e9)], visits_in_round(1e4, 1)
    ([3, 2, 1], 1)
    """
    return min(most, next((visits for below, visits in _VISITS if call_ns < below), _LONGEST["visits"]))


def rounds_cap(call_ns: float, most: int) -> int:
    """The most rounds of a question whose slowest call takes ``call_ns``, in a plan of ``most`` rounds.

    A plan of twice 30 rounds (``--precise``) doubles the table's caps.

    >>> [rounds_cap(call_ns, 30) for call_ns in (1e4, 5e7, 5e8, 5e9)]
    [30, 20, 10, 6]
    >>> [rounds_cap(call_ns, 60) for call_ns in (1e4, 5e9)], rounds_cap(1e4, 20)
    ([60, 12], 20)
    """
    cap = next((rounds for below, rounds in _ROUNDS if call_ns < below), _LONGEST["rounds"])
    return min(most, cap * max(1, most // _PLANNED_MOST))


def extra_passes(planned: int) -> int:
    """The most passes that contention adds: as many as were planned, at least one, at most three."""
    return max(1, min(planned, MOST_EXTRA))


def group_size(memory_bytes: int | None, thread_counts: int = 1) -> int:
    """Simulators alive at a time on a machine with so much memory, each once for every number of threads.

    At least two, for nobody can be compared with the baseline otherwise.

    >>> group_size(16 * 2**30), group_size(4 * 2**30), group_size(2**30), group_size(None)
    (7, 5, 2, 7)
    >>> group_size(8 * 2**30, thread_counts=2)
    5
    """
    if memory_bytes is None:
        return GROUP_SIZE
    workers = int(MEMORY_SHARE * memory_bytes / WORKER_BYTES)
    return max(2, min(GROUP_SIZE, workers // max(1, thread_counts)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One problem and task, its simulators' cells in the order of their turns, one round."""

    id: str
    round: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundPlan:
    """One group of simulators in one round: the order of start, and blocks."""

    round: int
    simulators: tuple[str, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessSetup:
    """What a worker's process is started with: ``PYTHONHASHSEED``, and a variable's length in bytes."""

    hash_seed: int
    padding: int


def groups(
    simulators: Sequence[str], baseline: str | None, size: int = GROUP_SIZE
) -> tuple[tuple[str, ...], ...]:
    """Split the simulators into groups of at most ``size`` that each contain the baseline.

    No two groups differ by more than one simulator: a group of two would cost a worker of the baseline's
    for one ratio.

    >>> groups(["a", "b", "c", "d", "e"], "a", size=4)
    (('a', 'b', 'c'), ('a', 'd', 'e'))
    >>> groups(["a", "b", "c"], None, size=2)
    (('a', 'b'), ('c',))
    """
    shared = () if baseline is None or baseline not in simulators else (baseline,)
    others = [name for name in simulators if name not in shared]
    if not others:
        return (shared,) if shared else ()
    count = -(-len(others) // max(1, size - len(shared)))
    least, larger = divmod(len(others), count)
    found, start = [], 0
    for number in range(count):
        end = start + least + (number < larger)
        found.append((*shared, *others[start:end]))
        start = end
    return tuple(found)


def plan_rounds(
    *, cells: Sequence[Cell], baseline: str | None, round_number: int, seed: int, size: int = GROUP_SIZE
) -> tuple[RoundPlan, ...]:
    """One round: its groups, put together and ordered anew each time, each with its blocks."""
    draw = random.Random(f"{seed}/{round_number}")
    simulators = list(dict.fromkeys(cell.simulator for cell in cells))
    draw.shuffle(simulators)
    found = list(groups(simulators, baseline, size))
    draw.shuffle(found)
    return tuple(
        plan_round(cells=cells, group=group, round_number=round_number, seed=seed) for group in found
    )


def plan_round(*, cells: Sequence[Cell], group: Sequence[str], round_number: int, seed: int) -> RoundPlan:
    """Shuffle one group's cells of one round into blocks.

    Cells of one block share problem, task, threads and gate mode.  Blocks that differ in the gate mode alone
    follow each other, in either order: a simulator's two times are compared, and so are of neighbouring
    moments.  The same arguments give the same plan; another round, group or seed another order.
    """
    draw = random.Random(f"{seed}/{round_number}/{'/'.join(group)}")
    together: dict[tuple[str, str, int, str], list[Cell]] = {}
    for cell in cells:
        if cell.simulator in group:
            key = (cell.problem, cell.task, cell.threads, cell.gate_mode)
            together.setdefault(key, []).append(cell)
    neighbours: dict[tuple[str, str, int], list[Block]] = {}
    for members in together.values():
        draw.shuffle(members)
        identity = content_id([round_number, sorted(group), sorted(cell.id for cell in members)])
        block = Block(id=identity, round=round_number, cells=tuple(members))
        neighbours.setdefault((members[0].problem, members[0].task, members[0].threads), []).append(block)
    shuffled = list(neighbours.values())
    for modes in shuffled:
        draw.shuffle(modes)
    draw.shuffle(shuffled)
    order = list(group)
    draw.shuffle(order)
    return RoundPlan(
        round=round_number,
        simulators=tuple(order),
        blocks=tuple(block for modes in shuffled for block in modes),
    )


def process_setup(round_plan: RoundPlan, simulator: str, threads: int, seed: int) -> ProcessSetup:
    """Drawn for each process: a set-up that a round's workers shared would cancel between identical code.

    >>> group = RoundPlan(round=0, simulators=("a", "a~alias"), blocks=())
    >>> one, other = (process_setup(group, simulator, threads=1, seed=1) for simulator in group.simulators)
    >>> one == other, one == process_setup(group, "a", threads=1, seed=1)
    (False, True)
    """
    others = "/".join(sorted(round_plan.simulators))
    draw = random.Random(f"set-up {seed}/{round_plan.round}/{others}/{simulator}/{threads}")
    return ProcessSetup(hash_seed=draw.randrange(1, 2**32), padding=draw.randrange(4096))


def turns(block: Block, number: int, seed: int) -> tuple[Cell, ...]:
    """The order of a block's cells in its pass ``number``, from 0: each pass shuffles anew.

    The first pass is in the block's own order; the block's id depends on no order.
    """
    if number == 0:
        return block.cells
    order = list(block.cells)
    random.Random(f"{seed}/{block.id}/{number}").shuffle(order)
    return tuple(order)
