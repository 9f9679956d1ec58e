"""What a phase read, against plain loops over its visits with exact fractions."""

from __future__ import annotations

import statistics
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_runs import Plan, Sim, build

from qbench.analysis.readings import PhaseReadings, take_readings
from qbench.model import Metric, Place, Visit
from qbench.results.records import RunRecords

(PATTERN, *_) = build(Plan(sims=(Sim(name="a", execute_ns=1e5),), rounds=1, phases=("execute",))).visits


@st.composite
def made(draw: st.DrawFn) -> Visit:
    wall = tuple(draw(st.lists(st.integers(1, 2**40), min_size=1, max_size=5)))
    ordered = sorted(wall)
    return replace(
        PATTERN,
        round=draw(st.integers(0, 2)),
        block=draw(st.sampled_from("ab")),
        place=draw(st.sampled_from([*Place, Place.WARM])),
        loops=draw(st.integers(1, 3)),
        count=len(wall) + draw(st.sampled_from([0, 0, 3, 40])),
        wall_ns=wall,
        quantiles_ns=(ordered[0], ordered[0], ordered[len(wall) // 2], ordered[-1], ordered[-1]),
        cpu_ns=draw(st.none() | st.integers(0, 2**40)),
        flags=draw(st.sampled_from([(), ("contended",), ("contended", "drift")])),
    )


def wall(visit: Visit) -> float:
    whole = len(visit.wall_ns) == visit.count
    return (statistics.median(visit.wall_ns) if whole else visit.quantiles_ns[2]) / visit.loops


def cpu(visit: Visit) -> float | None:
    return None if visit.cpu_ns is None else max(1, visit.cpu_ns) / (visit.count * visit.loops)


def plain_quantile(visits: list[Visit], percent: int) -> float:
    weighted = sorted((x / v.loops, Fraction(v.count, len(v.wall_ns))) for v in visits for x in v.wall_ns)
    wanted, below = sum(v.count for v in visits) * Fraction(percent, 100), Fraction(0)
    for value, weight in weighted:
        below += weight
        if below >= wanted:
            return value
    raise AssertionError("the weights add up to all samples")


@settings(deadline=None)
@given(st.lists(made(), min_size=1, max_size=8))
def test_readings_are_those_of_plain_loops(visits: list[Visit]) -> None:
    readings = PhaseReadings.of(visits)
    warm = [visit for visit in visits if visit.place == Place.WARM]
    for metric, clock in ((Metric.WALL, wall), (Metric.CPU, cpu)):
        told = [(visit, clock(visit)) for visit in warm if clock(visit) is not None]
        rounds = {visit.round for visit, _ in told}
        blocks = {(visit.round, visit.block) for visit, _ in told}
        assert readings.by_round(metric) == {
            number: statistics.median([time for visit, time in told if visit.round == number])
            for number in rounds
        }
        assert readings.by_block(metric) == {
            key: statistics.median([time for visit, time in told if (visit.round, visit.block) == key])
            for key in blocks
        }
        assert (readings.warm(metric) is None) == (not told)
    for place in Place:
        times = [wall(visit) for visit in visits if visit.place == place]
        assert readings.first(place) == (statistics.median(times) if times else None)
    for percent in (1, 10, 50, 90, 100):
        assert readings.quantile(percent) == (plain_quantile(warm, percent) if warm else None)
    assert readings.samples == sum(visit.count for visit in warm)
    assert readings.minimum == min((v.quantiles_ns[0] / v.loops for v in warm), default=None)
    assert readings.loops == min((visit.loops for visit in warm), default=None)
    told_cpu = [visit for visit in warm if visit.cpu_ns is not None]
    calls = sum(visit.count * visit.loops for visit in told_cpu)
    spent = sum(visit.cpu_ns or 0 for visit in told_cpu)
    assert readings.cpu == (spent / calls if calls else None)
    assert readings.busy == (spent / sum(v.total_wall_ns for v in told_cpu) if told_cpu else None)
    for flag in ("contended", "drift", "cached"):
        carry = [flag in visit.flags for visit in warm]
        assert readings.share(flag) == (sum(carry) / len(carry) if carry else None)
    assert list(readings.warm_visits) == warm


def test_samples_in_the_middle_that_weigh_less_count_for_less() -> None:
    warm = replace(PATTERN, place=Place.WARM, loops=1)
    outer = replace(warm, count=80, wall_ns=(10, 10, 90, 90))  # 20 samples each
    inner = replace(warm, count=4, wall_ns=(50, 60, 70, 80))  # 1 each
    readings = PhaseReadings.of((outer, inner))
    assert [readings.quantile(percent) for percent in (45, 50, 53, 90)] == [10, 60, 90, 90]


@pytest.mark.parametrize(("contended", "shown"), [(1, ()), (2, ("contended",)), (3, ("contended",))])
def test_a_passing_disturbance_is_the_cells_from_half_of_its_visits_on(
    contended: int, shown: tuple[str, ...]
) -> None:
    records = build(Plan(sims=(Sim(name="a", execute_ns=1e5),), rounds=4, phases=("execute",)))
    warm = [
        visit for visit in records.visits if visit.place == Place.WARM and visit.cell.startswith("ghz_2/")
    ]
    flagged = [replace(visit, flags=("contended",)) for visit in warm[:contended]]
    rest = [replace(visit, place=Place.FIRST_FOR_CELL, flags=("drift",)) for visit in warm[:1]]
    run = RunRecords(
        manifest=records.manifest,
        visits=[*flagged, *warm[contended:], *rest],
        outcomes=records.outcomes,
        events=records.events,
    )
    (cell, *_) = take_readings(run).cells
    assert cell.flags == shown
    assert cell.phases["execute"].share("contended") == contended / 4


def test_one_visit_with_a_blocking_flag_blocks_the_cell() -> None:
    records = build(Plan(sims=(Sim(name="a", execute_ns=1e5),), rounds=4, phases=("execute",)))
    (first, *rest) = records.visits
    run = replace(records, visits=[replace(first, flags=("cached",)), *rest])
    (cell, *_) = take_readings(run).cells
    assert cell.flags == ("cached",)
    assert not cell.ranked
