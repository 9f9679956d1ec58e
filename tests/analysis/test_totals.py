"""Totals over circuits and performance profiles: against other implementations, by hand, and against laws."""

import math
import statistics
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
import scipy.integrate
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from synthetic_runs import Plan, Sim, build

from qbench.analysis.contests import contests
from qbench.analysis.profiles import AREA_TO, GRID, area, performance_ratios, share_within
from qbench.analysis.readings import take_readings
from qbench.analysis.tables import make_table
from qbench.analysis.totals import over_families

BASE = Sim(name="base.statevector", execute_ns=100_000)
SLOW = Sim(name="slow.statevector", execute_ns=200_000)
QUICK = Sim(name="quick.statevector", execute_ns=50_000)
SINGLE = Sim(name="base.c64", execute_ns=60_000, precision="complex64")
FAMILIES = ("ghz_2", "ghz_4", "ghz_6", "qft_4", "grover_5", "qaoa_6", "hea_4", "qv_4", "qv_6")


def rows_of(table, **wanted):
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return [row for row in rows if all(row[key] == value for key, value in wanted.items())]


def plan_of(*sims, **changes):
    circuits = tuple((name, int(name.split("_")[1])) for name in FAMILIES)
    given = {"sims": sims, "circuits": circuits, "rounds": 5, "phases": ("execute",), "baseline": BASE.name}
    return Plan(**(given | changes))


# ---- the mean over families


logs_by_family = st.dictionaries(
    st.sampled_from("abcdefgh"),
    st.lists(st.floats(min_value=-5, max_value=5), min_size=1, max_size=5),
    min_size=1,
)


@given(logs_by_family)
def test_families_weigh_equally(logs):
    total = over_families(logs)
    means = [statistics.geometric_mean(map(math.exp, values)) for values in logs.values()]
    assert total.value == pytest.approx(statistics.geometric_mean(means), rel=1e-9)
    assert total.rounds == len(logs)


@given(logs_by_family)
def test_the_interval_is_students_over_the_families_and_needs_five(logs):
    total = over_families(logs)
    if len(logs) < 5:
        assert (total.low, total.high, total.p_value) == (None, None, None)
        return
    means = [statistics.fmean(values) for values in logs.values()]
    if statistics.pstdev(means) < 1e-9:
        return
    low, high = scipy.stats.t.interval(
        0.95, len(means) - 1, loc=statistics.fmean(means), scale=scipy.stats.sem(means)
    )
    assert math.log(total.low) == pytest.approx(low, abs=1e-9)
    assert math.log(total.high) == pytest.approx(high, abs=1e-9)


@given(logs_by_family, st.randoms())
def test_the_order_of_families_and_circuits_changes_no_bit(logs, shuffle):
    items = [(name, shuffle.sample(values, len(values))) for name, values in logs.items()]
    shuffle.shuffle(items)
    assert over_families(dict(items)) == over_families(logs)


# ---- the table


def test_the_table_agrees_with_the_ratios_counted_by_hand():
    records = build(plan_of(BASE, SLOW, QUICK))
    ratios = rows_of(make_table(records, "ratios"))
    for name, truth in ((SLOW.name, 2.0), (QUICK.name, 0.5)):
        (row,) = rows_of(make_table(records, "totals"), simulator=name)
        mine = [ratio for ratio in ratios if ratio["simulator"] == name]
        by_family = {}
        for ratio in mine:
            by_family.setdefault(ratio["circuit"].split("_")[0], []).append(math.log(ratio["ratio"]))
        expected = math.exp(statistics.fmean(map(statistics.fmean, by_family.values())))
        assert float(row["ratio"]) == pytest.approx(expected, rel=0.01)
        assert row["low"] <= truth <= row["high"]
        assert (row["asked"], row["solved"], row["circuits"], row["families"]) == (9, 9, 9, 6)
        verdicts = Counter(ratio["verdict"] for ratio in mine)
        assert {name: row[name] for name in ("faster", "slower", "tie", "unresolved")} == {
            name: verdicts[name] for name in ("faster", "slower", "tie", "unresolved")
        }
    (base,) = rows_of(make_table(records, "totals"), simulator=BASE.name)
    assert (base["ratio"], base["low"], base["circuits"], base["solved"]) == (1, None, None, 9)


def test_a_family_of_many_circuits_does_not_outweigh_the_others():
    # Twice as slow on the three of ghz, half as slow on all others.
    plan = plan_of(BASE, replace(QUICK, execute_ns=100_000))
    records = build(plan)
    visits = tuple(
        replace(
            visit,
            wall_ns=tuple(round(w * factor) for w in visit.wall_ns),
            quantiles_ns=tuple(round(q * factor) for q in visit.quantiles_ns),
        )
        for visit in records.visits
        for factor in [1 if QUICK.name not in visit.cell else 4 if visit.cell.startswith("ghz") else 0.5]
    )
    (row,) = rows_of(make_table(replace(records, visits=visits), "totals"), simulator=QUICK.name)
    assert float(row["ratio"]) == pytest.approx((4 * 0.5**5) ** (1 / 6), rel=0.03)


def test_circuits_without_a_family_are_families_of_their_own():
    records = build(plan_of(BASE, SLOW))
    for problem in records.manifest["problems"].values():
        problem["family"] = None
    (row,) = rows_of(make_table(records, "totals"), simulator=SLOW.name)
    assert (row["circuits"], row["families"]) == (9, 9)


def test_failures_are_counted_beside_and_only_what_both_solved_is_compared():
    plan = plan_of(BASE, SLOW, QUICK)
    plan.verdicts = {
        ("ghz_2", SLOW.name): ("wrong", "off"),
        ("ghz_4", SLOW.name): ("timeout", "late"),
        ("ghz_6", SLOW.name): ("unsupported", "too large"),
        ("hea_4", BASE.name): ("crash", "signal 11"),
    }
    plan.flags = {("qft_4", SLOW.name): ("cached",)}
    plan.unfinished = frozenset({"qv_6"})
    records = build(plan)
    (row,) = rows_of(make_table(records, "totals"), simulator=SLOW.name)
    counted = {name: row[name] for name in ("asked", "solved", "unsupported", "failed", "flagged", "not_run")}
    assert counted == {"asked": 9, "solved": 4, "unsupported": 1, "failed": 2, "flagged": 1, "not_run": 1}
    assert sum(counted.values()) == 2 * counted["asked"]
    assert (row["circuits"], row["families"], row["low"]) == (3, 3, None)  # hea_4 has no baseline
    assert sum(row[name] for name in ("faster", "slower", "tie", "unresolved")) == 3
    (base,) = rows_of(make_table(records, "totals"), simulator=BASE.name)
    assert (base["solved"], base["failed"], base["not_run"]) == (7, 1, 1)


def test_one_baseline_serves_all_circuits_of_a_class():
    # The first of the plan in single precision fails once: it stays the reference on the others.
    other = Sim(name="other.c64", execute_ns=90_000, precision="complex64")
    third = Sim(name="third.c64", execute_ns=30_000, precision="complex64")
    plan = plan_of(BASE, SINGLE, other, third, verdicts={("ghz_2", SINGLE.name): ("crash", "x")})
    rows = rows_of(make_table(build(plan), "totals"), precision="complex64")
    assert {row["baseline"] for row in rows} == {SINGLE.name}
    assert [row["circuits"] for row in rows] == [None, 8, 8]


def test_doubles_and_controls_are_in_no_total():
    alias = replace(BASE, name=f"{BASE.name}~alias", control="alias")
    liar = replace(BASE, name=f"{BASE.name}~liar", control="liar")
    records = build(plan_of(BASE, SLOW, alias, liar, Sim(name="null", execute_ns=100, kind="double")))
    for kind in ("totals", "profile"):
        assert set(make_table(records, kind).column("simulator")) == {BASE.name, SLOW.name}


def test_who_solved_nothing_has_a_row_that_says_so():
    plan = plan_of(BASE, SLOW, verdicts={("*", SLOW.name): ("error", "no")})
    records = build(plan)
    (row,) = rows_of(make_table(records, "totals"), simulator=SLOW.name)
    assert (row["asked"], row["solved"], row["failed"], row["ratio"], row["best"]) == (9, 0, 9, None, 0)
    assert set(rows_of(make_table(records, "profile"), simulator=SLOW.name)[-1].values()) >= {Decimal(0), 9}


# ---- performance profiles


SOLVED = {  # five problems, three solvers, by hand
    "a": [10.0, 20.0, 30.0, None, None],
    "b": [20.0, 20.0, 10.0, 5.0, None],
    "c": [40.0, 10.0, None, None, None],
}


def test_a_worked_example():
    ratios = performance_ratios(SOLVED)
    assert ratios == {
        "a": (1.0, 2.0, 3.0, math.inf, math.inf),
        "b": (2.0, 2.0, 1.0, 1.0, math.inf),
        "c": (4.0, 1.0, math.inf, math.inf, math.inf),
    }
    rho = {name: [share_within(row, tau) for tau in (1, 1.99, 2, 3, 4, 1e6)] for name, row in ratios.items()}
    assert rho == {
        "a": [0.2, 0.2, 0.4, 0.6, 0.6, 0.6],
        "b": [0.4, 0.4, 0.8, 0.8, 0.8, 0.8],
        "c": [0.2, 0.2, 0.2, 0.2, 0.4, 0.4],
    }


problems = st.lists(
    st.lists(st.none() | st.floats(min_value=1e-6, max_value=1e6), min_size=3, max_size=3),
    min_size=1,
    max_size=12,
)
taus = st.lists(st.floats(min_value=1, max_value=1e9), min_size=2, max_size=6).map(sorted)


def solvers(rows):
    return {name: [row[place] for row in rows] for place, name in enumerate("abc")}


@given(problems, taus)
def test_a_profile_rises_from_the_share_of_wins_to_the_share_of_what_was_solved(rows, levels):
    for name, ratios in performance_ratios(solvers(rows)).items():
        shares = [share_within(ratios, tau) for tau in levels]
        assert shares == sorted(shares)
        assert all(0 <= share <= 1 for share in shares)
        solved = sum(time is not None for time in solvers(rows)[name]) / len(rows)
        assert share_within(ratios, 1e300) == pytest.approx(solved)
        assert 0 <= area(ratios) <= solved + 1e-12
        assert all(ratio >= 1 for ratio in ratios)


@given(problems)
def test_somebody_is_the_best_at_every_problem_that_was_solved(rows):
    ratios = performance_ratios(solvers(rows))
    solved = sum(any(time is not None for time in row) for row in rows)
    wins = sum(ratio == 1 for row in ratios.values() for ratio in row)
    assert wins >= solved


@given(problems, st.lists(st.integers(min_value=-30, max_value=30), min_size=12, max_size=12))
def test_a_problems_unit_changes_nothing(rows, powers):
    scaled = [
        [None if time is None else time * 2.0**power for time in row]
        for row, power in zip(rows, powers, strict=False)
    ]
    assert performance_ratios(solvers(scaled)) == performance_ratios(solvers(rows))


@given(problems)
def test_the_area_is_the_integral_over_the_logarithm(rows):
    ratios = performance_ratios(solvers(rows))["a"]
    steps = sorted({math.log(r) for r in ratios if 1 < r < AREA_TO} | {0.0, math.log(AREA_TO)})
    pieces = [
        scipy.integrate.quad(lambda x: share_within(ratios, math.exp(x)), low, high)[0]
        for low, high in pairwise(steps)
    ]
    assert area(ratios) == pytest.approx(sum(pieces) / math.log(AREA_TO), abs=1e-6)


def test_the_table_is_the_step_function_of_its_own_tau():
    plan = plan_of(BASE, SLOW, QUICK, verdicts={("ghz_2", QUICK.name): ("crash", "x")})
    records = build(plan)
    table = make_table(records, "profile")
    found = contests(take_readings(records), "execute")
    for name in (BASE.name, SLOW.name, QUICK.name):
        rows = rows_of(table, simulator=name)
        assert [row["tau"] for row in rows] == sorted({row["tau"] for row in rows})
        assert set(GRID) <= {row["tau"] for row in rows}
        ratios = []
        for contest in found:
            fastest, others = contest.race()
            own = {fastest.simulator: 1.0} | {o.contestant.simulator: o.ratio.value for o in others}
            ratios.append(own.get(name, math.inf))
        for row in rows:
            assert row["problems"] == 9
            within = sum(ratio <= float(row["tau"]) for ratio in ratios) / 9
            assert float(row["share"]) == pytest.approx(within, abs=1e-4)
        # every step is there: just below each of its own tau the share is smaller
        for earlier, later in pairwise(rows):
            if later["tau"] not in GRID:
                assert later["share"] > earlier["share"]
        (total,) = rows_of(make_table(records, "totals"), simulator=name)
        assert float(total["best"]) == pytest.approx(float(rows[0]["share"]), abs=1e-3)
        assert float(total["area"]) == pytest.approx(area(ratios), abs=1e-3)
    assert [row["share"] for row in rows_of(table, simulator=QUICK.name)][-1] == Decimal("0.8889")
