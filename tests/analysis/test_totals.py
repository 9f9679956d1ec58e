"""Totals over circuits and performance profiles: against other implementations, by hand, and against laws."""

import math
import random
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
from qbench.analysis.families import _rounds_variance, over_families
from qbench.analysis.profiles import AREA_TO, GRID, area, performance_ratios, share_within
from qbench.analysis.readings import take_readings
from qbench.analysis.stats import autocorrelation_factor, differs
from qbench.analysis.tables import make_table

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


ratios_by_round = st.dictionaries(
    st.integers(0, 6), st.floats(min_value=-5, max_value=5), min_size=1, max_size=6
)
logs_by_family = st.dictionaries(
    st.sampled_from("abcdefgh"), st.lists(ratios_by_round, min_size=1, max_size=4), min_size=1
)


def family_means(logs):
    return [statistics.fmean(statistics.fmean(c.values()) for c in circuits) for circuits in logs.values()]


@given(logs_by_family)
def test_families_weigh_equally(logs):
    total = over_families(logs)
    assert total.value == pytest.approx(math.exp(statistics.fmean(family_means(logs))), rel=1e-9)
    assert total.rounds == len(logs)
    if len(logs) < 5 or all(len(rounds) == 1 for circuits in logs.values() for rounds in circuits):
        assert (total.low, total.high, total.p_value) == (None, None, None)
    elif total.low is not None:
        assert total.low <= total.value <= total.high
        if abs(math.log(total.value)) > 1e-9:
            assert (total.p_value < 0.05) == (total.low > 1 or total.high < 1)


@given(logs_by_family, st.randoms())
def test_the_order_of_families_circuits_and_rounds_changes_no_bit(logs, shuffle):
    def mixed(mapping):
        return dict(shuffle.sample(list(mapping.items()), len(mapping)))

    items = {
        name: [mixed(c) for c in shuffle.sample(circuits, len(circuits))] for name, circuits in logs.items()
    }
    assert over_families(mixed(items)) == over_families(logs)


def table_of(families, rounds):
    """Log ratios of one circuit per family, all rounds of each, from effects of both."""
    return {
        str(place): [{r: effect + shift for r, shift in enumerate(rounds)}]
        for place, effect in enumerate(families)
    }


SPREAD = (0.3, -0.1, 0.25, -0.3, 0.1, -0.2)
SHIFTS = (0.02, -0.05, 0.04, -0.03, 0.01, -0.02, 0.03)  # neighbours do not resemble each other


def test_without_an_effect_of_rounds_the_interval_is_students_over_families():
    total = over_families(table_of(SPREAD, (0.0,) * 7))
    low, high = scipy.stats.t.interval(
        0.95, len(SPREAD) - 1, loc=statistics.fmean(SPREAD), scale=scipy.stats.sem(SPREAD)
    )
    assert (math.log(total.low), math.log(total.high)) == pytest.approx((low, high), abs=1e-9)
    assert total.p_value == pytest.approx(scipy.stats.ttest_1samp(SPREAD, 0.0).pvalue, abs=1e-9)


def test_what_a_round_does_to_all_circuits_alike_counts_as_few_as_there_are_rounds():
    total = over_families(table_of((0.0,) * 12, SHIFTS))
    low, high = scipy.stats.t.interval(
        0.95, len(SHIFTS) - 1, loc=statistics.fmean(SHIFTS), scale=scipy.stats.sem(SHIFTS)
    )
    assert (math.log(total.low), math.log(total.high)) == pytest.approx((low, high), abs=1e-9)


def test_both_variances_add_up_with_satterthwaites_degrees_of_freedom():
    total = over_families(table_of(SPREAD, SHIFTS))
    parts = [scipy.stats.sem(SPREAD) ** 2, scipy.stats.sem(SHIFTS) ** 2]
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / (len(SPREAD) - 1) + parts[1] ** 2 / (len(SHIFTS) - 1))
    reach = scipy.stats.t.ppf(0.975, freedom) * math.sqrt(sum(parts))
    mean = statistics.fmean(SPREAD) + statistics.fmean(SHIFTS)
    assert (math.log(total.low), math.log(total.high)) == pytest.approx(
        (mean - reach, mean + reach), abs=1e-9
    )


@pytest.mark.parametrize("fewest", [1, 2, 6])
def test_the_variance_of_rounds_is_that_of_any_pattern_of_missing_rounds(fewest):
    # Half of the circuits stop early: independent rounds of variance 1 add sum(w^2) to the mean's variance.
    draw = random.Random(7)
    kept = [fewest if place % 2 else 10 for place in range(6)]
    weights = [sum(1 / 6 / count for count in kept if number < count) for number in range(10)]
    found = []
    for _ in range(2000):
        shifts = [draw.gauss(0, 1) for _ in range(10)]
        logs = {str(place): [dict(enumerate(shifts[:count]))] for place, count in enumerate(kept)}
        found.append(_rounds_variance(logs)[0] / autocorrelation_of(logs, kept))
    assert statistics.fmean(found) == pytest.approx(sum(w * w for w in weights), rel=0.08)


def autocorrelation_of(logs, kept):
    """The factor for neighbours that resemble each other, to be taken out again."""
    sums = [0.0] * 10
    for (circuit,), count in zip(logs.values(), kept, strict=True):
        mean = statistics.fmean(circuit.values())
        for number, value in circuit.items():
            sums[number] += (value - mean) / 6 / count
    weights = [sum(1 / 6 / count for count in kept if number < count) for number in range(10)]
    return autocorrelation_factor(sums, 1 / sum(w * w for w in weights))


def test_identical_code_in_shared_processes_is_called_different_in_five_percent():
    # Processes differ by 5 %: the interval over families alone calls some 73 % different.
    draw = random.Random(11)
    called = 0
    for _ in range(600):
        shared = [draw.gauss(0, 0.05) for _ in range(6)]
        logs = {
            str(f): [{r: shift + draw.gauss(0, 0.03) for r, shift in enumerate(shared)}] for f in range(12)
        }
        called += differs(over_families(logs))
    assert called <= 0.075 * 600


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


def test_twins_share_the_best_times_and_nobody_is_clearly_the_fastest():
    twin = replace(QUICK, name="quick.twin")
    table = make_table(build(plan_of(BASE, QUICK, twin)), "totals")
    rows = {name: rows_of(table, simulator=name)[0] for name in (BASE.name, QUICK.name, twin.name)}
    assert rows[QUICK.name]["best"] + rows[twin.name]["best"] == 1
    assert {row["clear"] for row in rows.values()} == {0}
    (alone,) = rows_of(make_table(build(plan_of(BASE, QUICK)), "totals"), simulator=QUICK.name)
    assert (alone["best"], alone["clear"]) == (1, 1)


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
