"""The order of a run: every cell in every round, the baseline in every group, the same from the same seed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from qbench.measure.schedule import (
    GROUP_SIZE,
    WORKER_BYTES,
    RoundPlan,
    extra_passes,
    group_size,
    groups,
    plan_round,
    process_setup,
    rounds_cap,
    turns,
    visits_in_round,
)
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
    sizes = [len(group) for group in found]
    assert max(sizes) - min(sizes) <= 1
    others = len(simulators) - with_baseline
    room = size - with_baseline
    assert len(found) == max(1, -(-others // room))  # no more groups than needed


def test_a_suite_of_twelve_is_two_equal_groups() -> None:
    assert [len(group) for group in groups([*"abcdefghijkl"], "a")] == [7, 6]


@given(st.integers(1, 2**42), st.integers(1, 4))
def test_groups_fit_the_memory_and_always_hold_two(memory_bytes: int, threads: int) -> None:
    size = group_size(memory_bytes, threads)
    assert 2 <= size <= GROUP_SIZE
    assert size == 2 or size * threads * WORKER_BYTES <= memory_bytes / 2
    assert group_size(2 * memory_bytes, threads) >= size
    assert group_size(memory_bytes, threads + 1) <= size


# ---- the sample plan: longer calls are never visited more often

durations = st.floats(1, 1e12)


@given(durations, durations, st.integers(1, 5), st.integers(1, 200))
def test_longer_calls_get_no_more_visits_and_rounds(
    one: float, other: float, visits: int, rounds: int
) -> None:
    short, long = sorted((one, other))
    assert 1 <= visits_in_round(long, visits) <= visits_in_round(short, visits) <= visits
    assert 1 <= rounds_cap(long, rounds) <= rounds_cap(short, rounds) <= rounds


def test_the_table_of_the_protocol() -> None:
    us, ms, s = 1e3, 1e6, 1e9
    table = {50 * us: (3, 30), 5 * ms: (3, 30), 100 * ms: (2, 20), 1 * s: (2, 10), 10 * s: (1, 6)}
    for call_ns, (visits, most) in table.items():
        assert visits_in_round(call_ns, 3) == visits
        assert rounds_cap(call_ns, 30) == most
        assert rounds_cap(call_ns, 60) == 2 * most  # --precise
    assert [extra_passes(planned) for planned in (1, 2, 3, 9)] == [1, 2, 3, 3]


@given(st.integers(0, 8), st.integers(0, 3))
def test_every_pass_takes_everybodys_turn_in_an_order_of_its_own(number: int, seed: int) -> None:
    (block,) = plan_round(
        cells=cells([*"abcdefg"], problems=1)[:7], group="abcdefg", round_number=0, seed=seed
    ).blocks
    order = turns(block, number, seed)
    assert sorted(cell.id for cell in order) == sorted(cell.id for cell in block.cells)
    assert order == turns(block, number, seed)


def test_passes_and_seeds_differ_in_their_order() -> None:
    (block,) = plan_round(
        cells=cells([*"abcdefg"], problems=1)[:7], group="abcdefg", round_number=0, seed=1
    ).blocks
    orders = [turns(block, number, seed) for number in range(4) for seed in (1, 2)]
    assert len(set(orders)) == 7  # the first pass is the block's own order under either seed


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


def test_both_gate_modes_of_a_question_follow_each_other_in_either_order() -> None:
    native = cells(list("abc"), problems=6)
    both = [*native, *(replace(cell, gate_mode="common") for cell in native)]
    first: Counter[str] = Counter()
    for number in range(20):
        blocks = plan_round(cells=both, group="abc", round_number=number, seed=1).blocks
        assert Counter(cell for block in blocks for cell in block.cells) == Counter(both)
        assert all(len({cell.gate_mode for cell in block.cells}) == 1 for block in blocks)
        for one, other in zip(blocks[::2], blocks[1::2], strict=True):
            questions = {(cell.problem, cell.task) for block in (one, other) for cell in block.cells}
            assert len(questions) == 1
            first[one.cells[0].gate_mode] += 1
            assert one.cells[0].gate_mode != other.cells[0].gate_mode
    assert all(80 < count < 160 for count in first.values()), first  # of 240


def test_the_order_of_a_run_in_one_gate_mode_is_what_it_was() -> None:
    """Runs that were begun before there were two modes are resumed with the same blocks in the same order."""
    blocks = plan_round(cells=cells(list("ab")), group="ab", round_number=3, seed=7).blocks
    order = [f"{block.cells[0].problem} {block.cells[0].task}" for block in blocks]
    assert order == ["p0 state", "p1 state", "p2 state", "p0 sample", "p2 sample", "p1 sample"]


def test_rounds_and_seeds_differ_in_order_but_block_ids_only_in_the_round() -> None:
    planned = cells(list("abcdef"), problems=6)
    first = plan_round(cells=planned, group="abcdef", round_number=0, seed=1)
    second = plan_round(cells=planned, group="abcdef", round_number=1, seed=1)
    other = plan_round(cells=planned, group="abcdef", round_number=0, seed=2)
    assert first.blocks != second.blocks
    assert [b.cells for b in first.blocks] != [b.cells for b in other.blocks]
    assert {b.id for b in first.blocks} == {b.id for b in other.blocks}
    assert not {b.id for b in first.blocks} & {b.id for b in second.blocks}


def test_every_process_has_a_set_up_of_its_own_that_its_plan_decides() -> None:
    """Were hash order and environment shared by identical code, the A/A test would not see what they do."""
    found = [
        process_setup(RoundPlan(round=number, simulators=group, blocks=()), name, threads, seed)
        for seed in (1, 2)
        for number in range(3)
        for group in (("a", "a~alias"), ("a", "b"))
        for name in group
        for threads in (1, 2)
    ]
    assert len(set(found)) == len(found)
    assert all(0 < one.hash_seed < 2**32 and 0 <= one.padding < 4096 for one in found)
    assert max(one.padding for one in found) - min(one.padding for one in found) > 2048
    shuffled = RoundPlan(round=0, simulators=("a~alias", "a"), blocks=())
    assert process_setup(shuffled, "a", 1, 1) == found[0]
