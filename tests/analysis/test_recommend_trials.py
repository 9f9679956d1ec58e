"""Rules held against measured times: cases, silence, sets of one size, rates and their intervals."""

import math
import random
import statistics
from dataclasses import replace

import pytest
from cost_runs import CostlySim, costly_run
from hypothesis import given, settings
from hypothesis import strategies as st
from recommend_runs import known_model, known_run, traits_of

from qbench.analysis.readings import take_readings
from qbench.analysis.recommend_model import recommend_model
from qbench.analysis.recommend_rates import mean_over_families, rates_table, share_over_families
from qbench.analysis.recommend_rules import MODEL, RULES, WITHOUT_RESEMBLANCE
from qbench.analysis.recommend_trials import left_out_trials, seen_apart_trials

THREE = [
    CostlySim(name="quick.statevector", fixed_ns=2e4, gate_ns=5e3, amplitude_ns=2.0),
    CostlySim(name="steady.statevector", fixed_ns=4e5, gate_ns=5e3, amplitude_ns=0.05),
    CostlySim(name="slow.statevector", fixed_ns=9e5, gate_ns=9e3, amplitude_ns=4.0),
]


def rows_of(table):
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


@pytest.fixture(scope="module")
def run():
    return known_run()


@pytest.fixture(scope="module")
def left_out(run):
    return left_out_trials(run, traits_of(run))


def test_left_out_trials_by_hand(left_out):
    """The order of two follows from the size: the model is right wherever they are clearly apart."""
    assert {trial.rule for trial in left_out.trials} == set(RULES) == set(left_out.rules)
    mine = [trial for trial in left_out.trials if trial.rule == MODEL]
    assert len(mine) == len(left_out.cases) == 24  # of the class of two
    for trial in mine:
        times = trial.case.seconds
        assert set(times) == {"quick.statevector", "steady.statevector"}
        assert trial.case.best == min(times, key=times.get)
        assert trial.regret == pytest.approx(times[trial.first] / min(times.values()))
        if max(times.values()) > 2 * min(times.values()):
            assert trial.first == trial.case.best
    rows = {row["rule"]: row for row in rows_of(rates_table(left_out)) if row["workload"] == "all"}
    right = sum(trial.first == trial.case.best for trial in mine)
    assert float(rows[MODEL]["first_is_fastest"]) == pytest.approx(right / 24, abs=0.006)
    assert rows[MODEL]["cases"] == rows[MODEL]["asked"] == 24
    assert float(rows["overall best"]["first_is_fastest"]) < float(rows[MODEL]["first_is_fastest"])
    assert rows[MODEL]["regret_worst"] >= rows[MODEL]["regret_p90"] >= rows[MODEL]["regret_median"] >= 1
    firsts = [trial.case.seconds[trial.first] for trial in mine]
    told = [math.exp(trial.errors[0]) for trial in mine]
    predicted = [seconds / factor for seconds, factor in zip(firsts, told, strict=True)]
    by_hand = statistics.median(s / p for s, p in zip(firsts, predicted, strict=True))
    assert float(rows[MODEL]["first_over_predicted"]) == pytest.approx(by_hand, rel=0.01)
    held = [trial.first_held for trial in mine if trial.first_held is not None]
    assert float(rows[MODEL]["first_within_interval"]) == pytest.approx(sum(held) / len(held), abs=0.006)


def test_the_rows_over_all_workloads_keep_threads_apart():
    found = left_out_trials(
        take_readings(costly_run(*THREE[:2], threads=(1, 2), circuits=CIRCUITS)), {}, "execute"
    )
    rows = [row for row in rows_of(rates_table(found)) if row["workload"] == "all" and row["rule"] == MODEL]
    assert [(row["threads"], row["asked"]) for row in rows] == [(1, 10), (2, 10)]


CIRCUITS = tuple((f"{family}_{n}", n) for family in ("ghz", "qft", "qv", "hea", "w") for n in (5, 9))


@pytest.fixture(scope="module")
def three():
    return take_readings(costly_run(*THREE, circuits=CIRCUITS))


def test_a_rule_that_says_nothing_is_silent_for_itself_alone(three):
    """Circuits without traits: nobody resembles them, and the other rules are asked all the same."""
    traits = {id: one for id, one in traits_of(three).items() if "qft" not in id and "w_" not in id}
    found = left_out_trials(three, traits)
    rows = {row["rule"]: row for row in rows_of(rates_table(found)) if row["workload"] == "all"}
    assert {rule: (row["asked"], row["cases"]) for rule, row in rows.items()} == {
        MODEL: (10, 10),
        WITHOUT_RESEMBLANCE: (10, 10),
        "overall best": (10, 10),
        "nearest circuit": (10, 6),
    }
    pairs = {trial.case.problem: trial for trial in found.trials if trial.rule == MODEL}
    near = [trial for trial in found.trials if trial.rule == "nearest circuit"]
    behind = statistics.fmean(
        math.log(trial.regret) - math.log(pairs[trial.case.problem].regret) for trial in near
    )
    assert float(rows["nearest circuit"]["regret_over_model"]) == pytest.approx(math.exp(behind), rel=0.01)


def test_sets_are_as_large_as_the_model_s_in_the_same_case(three):
    found = left_out_trials(three, traits_of(three))
    sizes = {t.case.problem: len(t.together) for t in found.trials if t.rule == MODEL}
    checked = 0
    for trial in found.trials:
        assert trial.first == trial.together[0] or trial.rule in (MODEL, WITHOUT_RESEMBLANCE)
        if trial.rule in ("overall best", "nearest circuit"):
            assert len(trial.together) == sizes[trial.case.problem]
            checked += 1
    assert checked == 20


def test_without_resemblance_nothing_of_it_is_left(three):
    """Neither in the prediction nor in the errors that intervals and sets are made from."""
    traits = traits_of(three)
    bare = recommend_model(three, {})
    for one in bare.predictors:
        for cell, twin in zip(one.cells, known_fit(three, one).cells, strict=True):
            assert cell.held_out_seconds == twin.held_out_seconds
    rest = replace(three, cells=tuple(c for c in three.cells if not c.problem["name"].startswith("qft")))
    whole = recommend_model(rest, {id: t for id, t in traits.items() if "qft" not in id})
    without = recommend_model(rest, {})
    found = seen_apart_trials(whole, three, traits, "execute", without)
    mine = [trial for trial in found.trials if trial.rule == WITHOUT_RESEMBLANCE]
    assert [trial.case.problem for trial in mine] == ["qft_5", "qft_9"]
    for trial in mine:
        (first,) = [one for one in without.of("state", "execute") if one.simulator == trial.first]
        predicted = first.base_seconds(trial.case.sizes[trial.first])
        assert trial.errors[0] == pytest.approx(math.log(trial.case.seconds[trial.first] / predicted))
        inside = abs(trial.errors[0]) <= math.log(first.factor) if first.factor else None
        assert trial.first_held == inside


def known_fit(run, predictor):
    from qbench.analysis.cost_model import fit_costs

    return next(fit for fit in fit_costs(run, predictor.phase) if fit.simulator == predictor.simulator)


def test_circuits_that_the_model_was_made_from_are_no_trial(run):
    assert seen_apart_trials(known_model(), run, traits_of(run)).cases == ()
    fewer = recommend_model(
        replace(run, cells=tuple(cell for cell in run.cells if cell.problem["qubits"] != 11)), traits_of(run)
    )
    found = seen_apart_trials(fewer, run, traits_of(run))
    assert {trial.case.problem.split("_")[1] for trial in found.trials} == {"11"}
    assert len([trial for trial in found.trials if trial.rule == MODEL]) == 6
    assert WITHOUT_RESEMBLANCE not in {*found.rules, *(trial.rule for trial in found.trials)}


# ---- intervals over families


@settings(deadline=None)  # SciPy is imported in the first
@given(values=st.lists(st.integers(-500, 500), min_size=5, max_size=12, unique=True))
def test_of_one_value_a_family_it_is_student_s_interval(values):
    from scipy import stats

    ends = mean_over_families({f"f{place}": [value] for place, value in enumerate(values)})
    scale = statistics.stdev(values) / math.sqrt(len(values))
    by_scipy = stats.t.interval(0.95, len(values) - 1, loc=statistics.fmean(values), scale=scale)
    assert ends == pytest.approx(by_scipy, rel=1e-6, abs=1e-9)


@given(
    values=st.dictionaries(
        st.text("abcdefgh", min_size=1, max_size=3),
        st.lists(st.floats(-1, 1), min_size=1, max_size=4),
        min_size=5,
        max_size=8,
    )
)
def test_the_order_of_families_does_not_matter_nor_how_often_a_circuit_is_repeated(values):
    ends = mean_over_families(values)
    assert mean_over_families(dict(reversed(values.items()))) == ends
    doubled = mean_over_families({name: [*mine, *mine] for name, mine in values.items()})
    assert (ends is None) == (doubled is None)
    if ends is not None:
        assert doubled == pytest.approx(ends, abs=1e-9)


def test_it_holds_the_truth_about_as_often_as_it_says_where_circuits_go_by_families():
    """12 families of one to four circuits: taken as independent, circuits would hold it far less often."""
    draw, runs, held = random.Random(11), 400, 0
    for _ in range(runs):
        values = {}
        for family in range(12):
            own = draw.gauss(0, 1)
            values[f"f{family}"] = [own + draw.gauss(0, 0.3) for _ in range(1 + family % 4)]
        low, high = mean_over_families(values)
        held += low <= 0 <= high
    assert 0.90 * runs <= held <= 0.985 * runs


def test_hits_without_a_miss_leave_room_for_one():
    families = {f"f{i}": [1.0, 1.0] for i in range(19)}
    low, high = share_over_families(families)
    assert high == 1.0
    assert low**19 == pytest.approx(0.025)
    assert share_over_families({name: [0.0] for name in families}) == (0.0, pytest.approx(1 - low))
    assert share_over_families({name: [1.0] for name in list(families)[:4]}) is None
