"""Who is fastest, by which clock, and what is known of one side that ended at the time limit."""

import math
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_runs import Plan, Sim, build

from qbench.analysis.bounds import least_ns, least_ratio
from qbench.analysis.contests import contests, ranked_by
from qbench.analysis.phase_readings import PhaseReadings
from qbench.analysis.readings import take_readings
from qbench.analysis.stats import Standing
from qbench.analysis.tables import make_table
from qbench.model import Metric
from qbench.report.matrix import races

ONE = Sim(name="one.statevector", execute_ns=100_000)
TWO = Sim(name="two.statevector", execute_ns=100_000)
THREE = Sim(name="three.statevector", execute_ns=100_000)
CIRCUIT = (("ghz_2", 2),)


def rows_of(table, **wanted):
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return [row for row in rows if all(row[key] == value for key, value in wanted.items())]


def with_times(times, blocks=None):
    """A run of one circuit and phase in which these simulators took these times, by round.

    ``blocks`` may name the block of a simulator, by simulator; all others ran in one.
    """
    names = tuple(times)
    plan = Plan(
        sims=tuple(Sim(name=name, execute_ns=1e5) for name in names),
        circuits=CIRCUIT,
        rounds=1 + max(number for own in times.values() for number in own),
        phases=("execute",),
        samples=1,
        baseline=names[0],
    )
    records = build(plan)
    visits = []
    for visit in records.visits:
        name = visit.cell.split("/")[2]
        number = visit.round - 1
        if visit.place == "warm" and number in times[name]:
            wall = round(times[name][number] * visit.loops)
            visits.append(
                replace(
                    visit,
                    round=number,
                    block=f"{(blocks or {}).get(name, '')}:{number}",
                    wall_ns=(wall,),
                    quantiles_ns=(wall,) * 5,
                    total_wall_ns=wall,
                )
            )
    return replace(records, visits=tuple(visits))


def contest_of(records, phase="execute"):
    (contest,) = contests(take_readings(records), phase)
    return contest


# ---- who is fastest


def test_the_fastest_is_found_in_the_rounds_that_both_have():
    # In round 5, which only "lucky" took part in, the machine was four times as fast.
    common = dict.fromkeys(range(5), 1e6)
    lucky = dict.fromkeys(range(5), 1.05e6) | {5: 0.25e6}
    contest = contest_of(with_times({"lucky": lucky, "steady": common}))
    absolute = {cell.simulator: cell.warm("execute").value for cell in contest.members}
    assert absolute["lucky"] < absolute["steady"]
    fastest, (second,) = contest.race()
    assert fastest.simulator == "steady"
    assert second.ratio.value == pytest.approx(1.05)


def test_a_slow_moment_of_one_block_does_not_choose_the_fastest():
    # Two blocks: the baseline ran in both; the machine was three times slower in the second.
    records = with_times(
        {"base": dict.fromkeys(range(6), 1e6), "quick": dict.fromkeys(range(6), 2.7e6)}, {"quick": "b"}
    )
    again = [
        replace(visit, block=f"b:{visit.round}", **{name: scaled(visit, name) for name in FIGURES})
        for visit in records.visits
        if "base" in visit.cell
    ]
    contest = contest_of(replace(records, visits=(*records.visits, *again)))
    absolute = {cell.simulator: cell.warm("execute").value for cell in contest.members}
    assert absolute["base"] < absolute["quick"]
    assert contest.by_time()[0].simulator == "quick"  # 2.7 where the baseline took 3


FIGURES = ("wall_ns", "quantiles_ns")


def scaled(visit, name):
    return tuple(3 * value for value in getattr(visit, name))


times_in_rounds = st.lists(st.floats(min_value=1e5, max_value=1e8), min_size=3, max_size=6)


@given(st.lists(times_in_rounds, min_size=2, max_size=5))
@settings(max_examples=60, deadline=None)
def test_nobody_is_ahead_of_the_fastest_where_all_share_their_rounds(rows):
    rounds = min(map(len, rows))
    times = {f"sim{i}": dict(enumerate(row[:rounds])) for i, row in enumerate(rows)}
    (race,) = races(take_readings(with_times(times)), "execute")
    assert all(comparison.ratio.value >= 1 for comparison in race.others)
    assert len(race.others) == len(rows) - 1
    values = [comparison.ratio.value for comparison in race.others]
    assert values == sorted(values)


@given(st.lists(st.dictionaries(st.integers(0, 4), st.floats(1e5, 1e8), min_size=1), min_size=2, max_size=5))
@settings(max_examples=60, deadline=None)
def test_whatever_rounds_they_took_part_in_all_are_ordered(rows):
    times = {f"sim{i}": row for i, row in enumerate(rows)}
    contest = contest_of(with_times(times))
    order = contest.by_time()
    assert sorted(cell.id for cell in order) == sorted(cell.id for cell in contest.members)
    fastest, others = contest.race()
    assert fastest.id == order[0].id
    assert [one.contestant.id for one in others] == [cell.id for cell in order[1:]]


def test_of_equals_the_first_of_the_plan_is_the_fastest():
    same = dict.fromkeys(range(3), 2e6)
    assert contest_of(with_times({"b": same, "a": same, "c": same})).by_time()[0].simulator == "b"


def test_pairs_that_contradict_each_other_in_a_circle_still_give_an_order():
    # a beats b in the one round that they share, b beats c, c beats a.
    times = {
        "a": {0: 1e6, 2: 9e6},
        "b": {0: 2e6, 1: 1e6},
        "c": {1: 2e6, 2: 1e6},
    }
    order = contest_of(with_times(times)).by_time()
    assert sorted(cell.simulator for cell in order) == ["a", "b", "c"]


# ---- by which clock


def cpu_halved(records, name):
    """As if this simulator had waited half of its time."""
    return replace(
        records,
        visits=tuple(
            replace(visit, cpu_ns=visit.cpu_ns // 2) if f"/{name}/" in visit.cell else visit
            for visit in records.visits
        ),
    )


def test_cpu_time_ranks_where_it_is_asked_for():
    records = cpu_halved(
        build(Plan(sims=(ONE, TWO), circuits=CIRCUIT, rounds=8, baseline=ONE.name)), TWO.name
    )
    (wall,) = rows_of(make_table(records, "ratios"), phase="execute")
    assert (wall["metric"], wall["verdict"]) == ("wall", "tie")
    (cpu,) = rows_of(make_table(ranked_by(records, Metric.CPU), "ratios"), phase="execute")
    assert (cpu["metric"], cpu["verdict"]) == ("cpu", "faster")
    assert float(cpu["ratio"]) == pytest.approx(0.5, rel=0.05)
    assert float(cpu["time_us"] / cpu["baseline_us"]) == pytest.approx(0.5, rel=0.05)
    (race,) = races(take_readings(ranked_by(records, Metric.CPU)), "execute")
    assert (race.fastest.simulator, race.others[0].standing) == (TWO.name, Standing.SLOWER)
    assert set(make_table(ranked_by(records, Metric.CPU), "totals").column("metric")) == {"cpu"}
    assert set(make_table(ranked_by(records, Metric.CPU), "profile").column("metric")) == {"cpu"}


def test_the_cpu_time_of_a_round_is_the_median_of_its_visits_means():
    records = build(Plan(sims=(ONE,), circuits=CIRCUIT, rounds=2, visits_per_round=3, phases=("execute",)))
    warm = [visit for visit in records.visits if visit.place == "warm"]
    told = [replace(visit, cpu_ns=cpu) for visit, cpu in zip(warm, (40, 10, 20, 7, 9, 8), strict=True)]
    calls = told[0].count * told[0].loops
    readings = PhaseReadings.of(told)
    assert readings.by_round(Metric.CPU) == {1: 20 / calls, 2: 8 / calls}


def test_who_has_no_cpu_time_has_a_row_without_a_ratio():
    records = build(Plan(sims=(ONE, TWO, THREE), circuits=CIRCUIT, rounds=4, baseline=ONE.name))
    silent = tuple(
        replace(visit, cpu_ns=None) if f"/{TWO.name}/" in visit.cell else visit for visit in records.visits
    )
    table = make_table(ranked_by(replace(records, visits=silent), Metric.CPU), "ratios")
    rows = {row["simulator"]: row for row in rows_of(table, phase="execute")}
    assert rows[THREE.name]["ratio"] is not None
    assert {rows[TWO.name][name] for name in ("ratio", "low", "verdict", "differs", "time_us")} == {None}
    assert rows[TWO.name]["rounds"] == 0
    assert all(row["ratio"] for row in rows_of(make_table(records, "ratios"), simulator=TWO.name))
    nobody = tuple(replace(visit, cpu_ns=None) for visit in records.visits)
    assert make_table(ranked_by(replace(records, visits=nobody), Metric.CPU), "ratios").rows == ()


def test_the_margin_is_the_runs_own():
    records = build(
        Plan(
            sims=(ONE, replace(TWO, execute_ns=130_000)),
            circuits=CIRCUIT,
            rounds=20,
            process_sd=0.02,
            phases=("execute",),
        )
    )
    (row,) = rows_of(make_table(records, "ratios"))
    assert row["verdict"] == "slower"
    manifest = {**records.manifest, "settings": {**records.manifest["settings"], "margin": 0.5}}
    (row,) = rows_of(make_table(replace(records, manifest=manifest), "ratios"))
    assert row["verdict"] == "tie"


# ---- one side timed out


LATE = ("timeout", "no answer to 'ask' within 20 s; it was in execute")


def test_who_ended_at_the_limit_has_a_bound_and_no_verdict():
    plan = Plan(sims=(ONE, TWO), circuits=CIRCUIT, rounds=5, baseline=ONE.name)
    plan.verdicts = {("*", TWO.name): LATE}
    records = build(plan)
    (row,) = rows_of(make_table(records, "ratios"))
    assert (row["phase"], row["bound"], row["verdict"], row["differs"]) == (
        "end_to_end",
        "at least",
        None,
        None,
    )
    assert (row["low"], row["high"], row["time_us"], row["rounds"]) == (None, None, None, 0)
    baseline_us = float(row["baseline_us"])
    assert float(row["ratio"]) <= 20e6 / baseline_us * 1.01
    assert float(row["ratio"]) == pytest.approx(20e6 / baseline_us, rel=0.1)


def test_a_baseline_that_ended_at_the_limit_is_bounded_by_the_next():
    plan = Plan(sims=(ONE, TWO, THREE), circuits=CIRCUIT, rounds=5, baseline=ONE.name)
    plan.verdicts = {("*", ONE.name): LATE}
    rows = rows_of(make_table(build(plan), "ratios"), phase="end_to_end")
    assert [(row["simulator"], row["baseline"], row["bound"]) for row in rows] == [
        (THREE.name, TWO.name, None),
        (ONE.name, TWO.name, "at least"),
    ]


@pytest.mark.parametrize(
    "ended",
    [
        ("timeout", "not asked: qft_14, which is smaller, ended so"),
        ("timeout", "no answer to 'load' within 60 s"),
        ("crash", "killed by signal 11"),
        ("wrong", "amplitudes are off"),
    ],
)
def test_what_says_nothing_of_a_call_gives_no_bound(ended):
    plan = Plan(sims=(ONE, TWO), circuits=CIRCUIT, rounds=3, verdicts={("*", TWO.name): ended})
    assert make_table(build(plan), "ratios").rows == ()


def test_a_bound_is_one_of_wall_time_and_of_contestants_alone():
    plan = Plan(sims=(ONE, TWO), circuits=CIRCUIT, rounds=3, verdicts={("*", TWO.name): LATE})
    assert make_table(ranked_by(build(plan), Metric.CPU), "ratios").rows == ()
    for kind in ({"kind": "double"}, {"control": "liar"}):
        plan.sims = (ONE, replace(TWO, **kind))
        assert rows_of(make_table(build(plan), "ratios"), simulator=TWO.name) == []


@given(st.floats(min_value=1e-3, max_value=1e5), st.floats(min_value=1.0, max_value=1e11))
def test_a_bound_is_never_rounded_up(limit_s, time_ns):
    told = least_ratio(limit_s * 1e9, time_ns)
    assert told <= Decimal(limit_s * 1e9 / time_ns)
    assert float(told) == pytest.approx(limit_s * 1e9 / time_ns, rel=0.1)
    assert len(told.as_tuple().digits) <= 2


def test_the_bound_is_read_from_the_reason():
    plan = Plan(sims=(ONE,), circuits=CIRCUIT, rounds=1, verdicts={("*", ONE.name): LATE})
    (cell,) = take_readings(build(plan)).cells
    assert least_ns(cell) == 20e9
    assert math.isclose(least_ns(cell), 2e10)
