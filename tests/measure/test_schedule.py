"""The order of a run: every cell in every round, the baseline in every group, the same from the same seed."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from qbench.measure.schedule import groups, plan_round
from qbench.model import Cell


def cells(simulators: list[str], problems: int = 3) -> list[Cell]:
    return [
        Cell(problem=f"p{p}", task=task, simulator=name, simulator_id="v1", threads=1, gate_mode="native")
        for p in range(problems)
        for task in ("state", "sample")
        for name in simulators
    ]


names = st.lists(st.text("abcdef", min_size=1, max_size=4), min_size=1, max_size=20, unique=True)


@given(names, st.integers(2, 8), st.booleans())
def test_groups_hold_everyone_once_and_the_baseline_always(
    simulators: list[str], size: int, with_baseline: bool
) -> None:
    baseline = simulators[-1] if with_baseline else None
    found = groups(simulators, baseline, size)
    assert all(len(group) <= size for group in found)
    counts = Counter(name for group in found for name in group)
    assert set(counts) == set(simulators)
    assert all(count == 1 for name, count in counts.items() if name != baseline)
    if baseline is not None:
        assert all(baseline in group for group in found)


@given(names, st.integers(0, 50), st.integers(0, 5))
def test_a_round_visits_every_cell_once_in_blocks_of_one_problem_and_task(
    simulators: list[str], seed: int, number: int
) -> None:
    planned = cells(simulators)
    found = plan_round(cells=planned, group=simulators, round_number=number, seed=seed)
    visited = [cell for block in found.blocks for cell in block.cells]
    assert Counter(visited) == Counter(planned)
    for block in found.blocks:
        assert len({(cell.problem, cell.task) for cell in block.cells}) == 1
    assert len({block.id for block in found.blocks}) == len(found.blocks)
    assert sorted(found.simulators) == sorted(simulators)
    assert found == plan_round(cells=planned, group=simulators, round_number=number, seed=seed)


def test_rounds_and_seeds_differ_in_order_and_set_up_but_block_ids_only_in_the_round() -> None:
    planned = cells(list("abcdef"), problems=6)
    first = plan_round(cells=planned, group="abcdef", round_number=0, seed=1)
    second = plan_round(cells=planned, group="abcdef", round_number=1, seed=1)
    other = plan_round(cells=planned, group="abcdef", round_number=0, seed=2)
    assert first.blocks != second.blocks
    assert first.hash_seed != second.hash_seed
    assert [b.cells for b in first.blocks] != [b.cells for b in other.blocks]
    assert {b.id for b in first.blocks} == {b.id for b in other.blocks}
    assert not {b.id for b in first.blocks} & {b.id for b in second.blocks}
