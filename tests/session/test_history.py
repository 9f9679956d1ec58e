"""The stopping rule's view of a run: earlier rounds alone decide, and pairs are those of the tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbench.analysis.contests import paired_times
from qbench.analysis.phase_readings import PhaseReadings
from qbench.model import Cell, Metric, Outcome, Visit
from qbench.session.history import BlockTimes, History, log_ratios, visit_ns
from qbench.session.plan import Plan, make_plan

SIMULATOR = Path(__file__).parent / "numpy_simulator.py"
NAMES = ("numpy", "numpy.single", "liar.rz", "approximate")


def visit(cell: str, number: int, block: str, wall: int, cpu: int = 1, **changes: Any) -> Visit:
    values: dict[str, Any] = {
        "block": block,
        "attempt": 1,
        "round": number,
        "cell": cell,
        "visit": 0,
        "phase": "execute",
        "place": "warm",
        "loops": 1,
        "count": 1,
        "wall_ns": (wall,),
        "quantiles_ns": (wall,) * 5,
        "total_wall_ns": wall,
        "cpu_ns": cpu,
        "minor_faults": 0,
        "major_faults": 0,
        "voluntary_switches": 0,
        "involuntary_switches": 0,
        "rss_before_bytes": None,
        "rss_peak_bytes": None,
        "os_threads": 1,
        "seed": 1,
    }
    return Visit(**(values | changes))


@pytest.fixture(scope="module")
def planned() -> Plan:
    """One question: two contestants and the alias in one class, and others alone in theirs."""
    made = make_plan(
        ["ghz_3"], simulators=[f"{SIMULATOR}:{n}" for n in NAMES], workloads=["state"], controls=True
    )
    rule = replace(made.measure, rounds=3, most_rounds=8, extra_rounds=2, width=0.05, phases=("execute",))
    return replace(made, measure=rule)


def history(plan: Plan, visits: Sequence[Visit], verdict: str = "ok") -> History:
    outcomes = {
        cell.id: Outcome(
            cell=cell.id,
            verdict=verdict,
            reason=None,
            figures={},
            answer_digest="d",
            seed=1,
            gates_executed=1,
        )
        for cell in plan.cells
    }
    found = History(plan=plan, outcomes=outcomes)
    found.take_part(cell for cell in plan.cells if plan.simulators[cell.simulator].control != "liar")
    found.add(visits)
    return found


def cell_of(plan: Plan, name: str) -> Cell:
    return next(cell for cell in plan.cells if cell.simulator == name)


def steady(plan: Plan, rounds: int, spread: float = 0.0) -> list[Visit]:
    """Everybody in every round; the second contestant's times alternate by ``spread``."""
    found = []
    for number in range(rounds):
        for cell in plan.cells:
            odd = cell.simulator == "liar.rz" and number % 2
            found.append(visit(cell.id, number, "b", int(1_000_000 * (1 + spread * odd))))
    return found


def test_narrow_ratios_stop_after_the_extra_rounds_wide_ones_at_the_most(planned: Plan) -> None:
    narrow, wide = history(planned, steady(planned, 8)), history(planned, steady(planned, 8, 0.5))
    (question,) = narrow.questions
    asked = [bool(narrow.decide(question, number).cells) for number in range(9)]
    assert asked == [True] * 5 + [False] * 4
    assert narrow.decide(question, 5)[1:] == ("width", 5)
    assert [bool(wide.decide(question, number).cells) for number in range(9)] == [True] * 8 + [False]
    assert wide.decide(question, 8)[1:] == ("most", 8)
    assert wide.decide(question, 4).rounds == 8


def test_narrow_with_too_few_rounds_left_for_the_extra_ones_is_narrow(planned: Plan) -> None:
    """Two rounds 8.3 % to either side: of t-intervals that of six rounds reaches 5.7 %, of seven 4.5 %."""
    odd = cell_of(planned, "liar.rz").id
    visits = [
        replace(v, wall_ns=(round(1e6 * math.exp((0.083, -0.083)[v.round])),))
        if v.cell == odd and v.round < 2
        else v
        for v in steady(planned, 8)
    ]
    found = history(planned, visits)
    (question,) = found.questions
    assert found.decide(question, 6)[1:] == (None, 8)
    assert found.decide(question, 7)[1:] == (None, 8)  # narrow since the seventh, two more would be nine
    assert found.decide(question, 8)[1:] == ("width", 8)


WAITING = {"count": 10, "voluntary_switches": 10, "involuntary_switches": 0, "flags": ("contended",)}
PREEMPTED = {"count": 10, "voluntary_switches": 0, "involuntary_switches": 3, "flags": ("contended",)}
SECOND_THREAD = {"count": 10, "voluntary_switches": 30, "involuntary_switches": 40, "flags": ("contended",)}
STOLEN = {"count": 10, "voluntary_switches": 0, "involuntary_switches": 0, "flags": ("contended",)}


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        (WAITING, {}, True),
        (WAITING, WAITING, True),  # a second one that waits is no machine that is busy
        (WAITING, PREEMPTED, False),  # nor does a busy machine tell who waits
        (PREEMPTED, {}, False),
        (SECOND_THREAD, {}, False),
        (STOLEN, {}, False),
        ({}, PREEMPTED, False),
    ],
)
def test_a_simulator_that_waits_is_told_from_one_that_other_work_disturbs(
    mine: dict[str, Any], theirs: dict[str, Any], expected: bool, planned: Plan
) -> None:
    one, other = cell_of(planned, "numpy.single"), cell_of(planned, "numpy")
    visits = [
        visit(cell.id, number, "b", 10**7, cpu=10**6 if changes else 10**7, visit=turn, **changes)
        for number in range(2)
        for turn in range(2)
        for cell, changes in ((one, mine), (other, theirs))
    ]
    found = history(planned, visits)
    assert found.waits(one, 1) is expected
    assert not found.waits(one, 0)  # by earlier rounds alone
    assert not history(planned, visits[:1]).waits(one, 2)  # one visit is chance


def test_the_alias_is_waited_for_and_the_liar_is_not(planned: Plan) -> None:
    visits = [v for v in steady(planned, 8) if v.cell != cell_of(planned, "numpy~alias").id]
    alias = cell_of(planned, "numpy~alias").id
    wild = [visit(alias, number, "b", 10**6 * (1 + number % 3)) for number in range(8)]
    assert history(planned, visits + wild).decide(history(planned, visits).questions[0], 8).why == "most"
    assert "planted~liar" not in {
        c.simulator for c in history(planned, visits).decide(history(planned, visits).questions[0], 0).cells
    }


def test_who_is_flagged_lost_or_wrong_is_not_waited_for(planned: Plan) -> None:
    wide = steady(planned, 8, 0.5)
    odd = cell_of(planned, "liar.rz").id
    (question,) = history(planned, wide).questions
    flagged = [replace(v, flags=("irreproducible",)) if v.cell == odd and v.round == 1 else v for v in wide]
    assert history(planned, flagged).decide(question, 5).why == "width"
    left = history(planned, wide)
    left.leave(odd, 4)
    assert left.decide(question, 4).why is None
    assert left.decide(question, 5).why == "width"  # from the round after the loss on
    assert history(planned, wide, verdict="wrong").decide(question, 3).why == "rounds"


def test_rounds_that_were_run_for_who_has_left_since_are_told(planned: Plan) -> None:
    rival, alias = cell_of(planned, "liar.rz").id, cell_of(planned, "numpy~alias").id
    (question,) = history(planned, []).questions

    def run(budget_s: float | None, alone: bool) -> History:
        """Seven rounds for a wide rival, with or without the alias, which is narrow."""
        limited = replace(planned, measure=replace(planned.measure, cell_budget_s=budget_s))
        found = history(limited, steady(planned, 7, 0.5))
        if alone:
            found.leave(alias, 0)
        assert found.decide(question, 6).why is None
        return found

    for alone, why in ((False, "width"), (True, "left")):
        found = run(None, alone)
        found.leave(rival, 6)
        assert found.decide(question, 7) == found.decide(question, 8) == ((), why, 7)
    for alone, why in ((False, "width"), (True, "cell_budget")):
        found = run(1.0, alone)
        found.spend(6, {rival: 10**9})
        assert found.decide(question, 7) == ((), why, 7)
    never = history(planned, steady(planned, 7, 0.5), verdict="wrong")
    assert never.decide(question, 3) == never.decide(question, 7)._replace(rounds=3) == ((), "rounds", 3)


def test_who_does_not_load_in_two_rounds_on_end_is_given_up(planned: Plan) -> None:
    rival = cell_of(planned, "liar.rz")
    late = [v for v in steady(planned, 8) if v.cell != rival.id or v.round == 1]
    everybody = {cell.id for cell in planned.cells}

    def run(failed: Sequence[int], asked: Sequence[int] = range(8)) -> History:
        found = history(planned, late)
        for number in asked:
            found.loading.asked(number, everybody)
        for number in failed:
            found.loading.failed("liar.rz", number)
        return found

    (question,) = history(planned, []).questions
    found = run([2, 3, 5])
    assert rival in found.decide(question, 3).cells
    assert rival not in found.decide(question, 4).cells
    assert found.decide(question, 5)[1:] == ("width", 5)  # by the alias, which is narrow
    for failed, asked in (
        ([2, 4], range(8)),  # between them it loaded
        ([0, 1], range(8)),  # it did not load for one group of two, and was visited in the other
        ([2, 3], [0, 1, 2, 4]),  # it was not due: its question was done
    ):
        assert rival in run(failed, asked).decide(question, 5).cells
    nobody = history(planned, [])
    for number in range(2):
        nobody.loading.asked(number, everybody)
        for name in planned.simulators:
            nobody.loading.failed(name, number)
    assert nobody.decide(question, 1).why is None
    assert nobody.decide(question, 2) == ((), "left", 0)


def test_the_first_round_of_a_cell_is_the_lowest_in_whatever_order_they_come(planned: Plan) -> None:
    """A block that lost its lines is run again: its visits stand after those of later rounds."""
    cell = cell_of(planned, "numpy").id
    visits = [visit(cell, number, "b", wall) for number, wall in ((1, 900), (2, 700), (0, 400), (0, 500))]
    for found in (history(planned, visits), history(planned, visits[::-1])):
        assert [found.call_ns(cell, number) for number in range(3)] == [None, 500, 500]
    early = history(planned, visits[:2])
    early.add(visits[2:])
    assert early.call_ns(cell, 3) == 500


def test_the_cpu_clock_decides_where_it_ranks(planned: Plan) -> None:
    by_cpu = replace(planned, measure=replace(planned.measure, metric=Metric.CPU))
    visits = [replace(v, cpu_ns=10**6) for v in steady(planned, 8, 0.5)]
    (question,) = history(by_cpu, visits).questions
    assert history(by_cpu, visits).decide(question, 5).why == "width"
    assert history(planned, visits).decide(question, 5).why is None


def test_a_slow_call_caps_the_rounds(planned: Plan) -> None:
    slow = [replace(v, wall_ns=(3000 * v.wall_ns[0],)) for v in steady(planned, 8, 0.5)]  # 3 s
    (question,) = history(planned, slow).questions
    assert history(planned, slow).decide(question, 6)[1:] == ("most", 6)


def test_a_cell_budget_drops_the_cell_a_class_with_its_reference_and_at_last_the_question(
    planned: Plan,
) -> None:
    limited = replace(planned, measure=replace(planned.measure, cell_budget_s=1.0))
    found = history(limited, steady(planned, 8, 0.5))
    (question,) = found.questions
    single, rival = cell_of(planned, "numpy.single").id, cell_of(planned, "liar.rz").id
    found.spend(1, {single: 2 * 10**9, rival: 10**9})
    assert single in {cell.id for cell in found.decide(question, 1).cells}
    later = {cell.id for cell in found.decide(question, 2).cells}
    assert not {single, rival} & later
    assert cell_of(planned, "numpy").id in later  # the alias is still its contestant
    found.spend(2, {cell_of(planned, "numpy").id: 10**9})
    assert found.decide(question, 3) == ((), "cell_budget", 3)


def test_given_rounds_that_a_cell_budget_cut_short_stay_so(planned: Plan) -> None:
    terms = replace(planned.measure, rounds=5, most_rounds=None, cell_budget_s=1.0)
    found = history(replace(planned, measure=terms), steady(planned, 2))
    (question,) = found.questions
    found.spend(1, {cell_of(planned, "numpy").id: 10**9})
    for number in (2, 5, 6):  # other questions go on
        assert found.decide(question, number) == ((), "cell_budget", 2)
    whole = history(replace(planned, measure=terms), steady(planned, 5))
    whole.spend(4, {cell_of(planned, "numpy").id: 10**9})
    assert whole.decide(question, 5) == ((), "rounds", 5)


walls = st.integers(1, 10**7) | st.just(3 * 10**9)  # calls of 3 s are asked in fewer rounds
visits_of_one = st.lists(
    st.tuples(st.integers(0, 7), st.sampled_from("abc"), walls, st.integers(0, 10**7)),
    max_size=40,
)


@given(st.lists(visits_of_one, min_size=4, max_size=4), st.integers(0, 9))
def test_rounds_from_this_one_on_change_nothing(
    planned: Plan, drawn: list[list[tuple[int, str, int, int]]], number: int
) -> None:
    cells = [cell for cell in planned.cells if not cell.simulator.endswith("liar")]
    visits = [
        visit(cell.id, r, f"{r}{block}", wall, cpu, visit=k)
        for cell, own in zip(cells, drawn, strict=False)
        for k, (r, block, wall, cpu) in enumerate(own)
    ]
    whole = history(planned, visits)
    before = history(planned, [v for v in visits if v.round < number])
    (question,) = whole.questions
    assert whole.decide(question, number) == before.decide(question, number)


@given(visits_of_one, visits_of_one, st.sampled_from(list(Metric)))
def test_the_pairs_are_those_of_the_tables(
    mine: list[tuple[int, str, int, int]], theirs: list[tuple[int, str, int, int]], metric: Metric
) -> None:
    def both(drawn: list[tuple[int, str, int, int]]) -> tuple[BlockTimes, PhaseReadings]:
        visits = [
            visit("c", r, f"{r}{block}", wall, cpu, visit=k) for k, (r, block, wall, cpu) in enumerate(drawn)
        ]
        times: dict[tuple[int, str], list[float]] = {}
        for one in visits:
            times.setdefault((one.round, one.block), []).append(visit_ns(one, metric) or math.nan)
        return times, PhaseReadings.of(visits)

    (times, readings), (others, reference) = both(mine), both(theirs)
    found = log_ratios(times, others, before=10)
    expected = paired_times(readings, reference, metric)
    assert list(found) == sorted(found)
    assert (expected is None) == (not found)
    if expected is not None:
        assert expected.rounds == len(found)
        assert math.log(expected.value) == pytest.approx(math.fsum(found.values()) / len(found), abs=1e-9)
