"""Recommendations from a model whose truth is known: order, intervals, sets, limits, and the file."""

import json
import math
from dataclasses import replace

import pytest
from cost_runs import CostlySim, costly_run
from hypothesis import given, settings
from hypothesis import strategies as st

from qbench.analysis.cost_forms import Size
from qbench.analysis.readings import RankingClass, take_readings
from qbench.analysis.recommend_file import read_model, write_model
from qbench.analysis.recommend_model import recommend_model
from qbench.analysis.recommend_trials import RULES, left_out_trials, seen_apart_trials, trials_table
from qbench.analysis.recommending import Known, Predictor, RecommendModel, beyond_measured, rank
from qbench.analysis.resemblance import Traits, distance, likeness, weighed_mean
from qbench.errors import QbenchError

QUICK = CostlySim(name="quick.statevector", fixed_ns=2e4, gate_ns=5e3, amplitude_ns=2.0)
STEADY = CostlySim(name="steady.statevector", fixed_ns=4e5, gate_ns=5e3, amplitude_ns=0.05)
SINGLE = CostlySim(name="steady.c64", fixed_ns=1e5, precision="complex64")
ROUGH = CostlySim(name="rough.mps", fixed_ns=1e3, kind="approximate")


def traits_of(run):
    return {
        id: Traits(
            qubits=p["qubits"], gates=p["gates"], depth=p["depth"], entangling=p["qubits"], rotations=0
        )
        for id, p in run.records.manifest["problems"].items()
    }


@pytest.fixture(scope="module")
def run():
    return take_readings(costly_run(QUICK, STEADY, SINGLE, ROUGH))


@pytest.fixture(scope="module")
def model(run):
    return recommend_model(
        run, traits_of(run), about={"run": "r", "suite": "s 1", "machine": None, "qbench": "0"}
    )


def asked(qubits, gates=None):
    size = Size(qubits=qubits, gates=gates or 3 * qubits)
    return {sim.name: size for sim in (QUICK, STEADY, SINGLE, ROUGH)}


def test_small_circuits_go_to_low_fixed_costs_and_large_ones_to_low_costs_per_amplitude(model):
    for qubits, first in ((5, "quick.statevector"), (15, "steady.statevector")):
        exact = rank(model, asked(qubits), None, "state", "execute")[0]
        assert (exact.ranking_class.kind, exact.ranking_class.precision) == ("exact", "complex128")
        assert exact.predictions[0].predictor.simulator == first
        assert exact.together == (first,)
        for one in exact.predictions:
            sim = QUICK if one.predictor.simulator == QUICK.name else STEADY
            assert one.seconds == pytest.approx(1e-9 * sim.truth("execute", qubits), rel=0.3)
            if qubits == 5:
                assert one.low < one.seconds < one.high
            else:  # more qubits than were measured: nothing of the kind was held out
                assert (one.low, one.high) == (None, None)
                assert one.beyond


def test_classes_are_ranked_apart(model):
    found = rank(model, asked(7), None, "state", "execute")
    assert sorted((part.ranking_class.kind, part.ranking_class.precision) for part in found) == [
        ("approximate", "complex128"),
        ("exact", "complex128"),
        ("exact", "complex64"),
    ]
    assert [len(part.predictions) for part in found if part.ranking_class.precision == "complex64"] == [1]


def test_twins_are_not_told_apart_and_are_together():
    twins = [CostlySim(name=f"{name}.statevector") for name in "ab"]
    run = take_readings(costly_run(*twins))
    sizes = {twin.name: Size(qubits=9, gates=27) for twin in twins}
    (part,) = rank(recommend_model(run, traits_of(run)), sizes, None, "state", "execute")
    assert set(part.together) == {"a.statevector", "b.statevector"}


def test_the_nearest_measured_circuits_are_the_evidence(model):
    traits = Traits(qubits=11, gates=33, depth=12, entangling=11, rotations=0)
    part = rank(model, asked(11), traits, "state", "execute")[0]
    for one in part.predictions:
        assert len(one.nearest) == 3
        assert {cell.size.qubits for cell in one.nearest} == {11}
        gone = [distance(traits, model.traits[cell.problem_id]) for cell in one.predictor.cells]
        shown = [distance(traits, model.traits[cell.problem_id]) for cell in one.nearest]
        assert shown == sorted(gone)[:3]


def test_what_lies_too_far_from_what_was_measured_is_left_out(model):
    assert rank(model, asked(16), None, "state", "execute")[0].predictions[0].beyond == (
        "16 qubits; measured up to 14; 48 gates; measured up to 42"
    )
    assert rank(model, asked(17), None, "state", "execute") == ()
    assert rank(model, asked(10, 169), None, "state", "execute") == ()
    approximate = next(one for one in model.of("state", "execute") if one.ranking_class.kind == "approximate")
    assert beyond_measured(approximate, Size(qubits=15, gates=20)) == ("15 qubits; measured up to 14", True)


def test_the_interval_is_the_ninetieth_percent_of_held_out_errors_by_hand(model):
    for predictor in model.predictors:
        errors = sorted(abs(math.log(cell.seconds / cell.held_out_seconds)) for cell in predictor.cells)
        assert len(errors) == 24
        assert predictor.factor == pytest.approx(math.exp(errors[math.ceil(0.9 * 25) - 1]))


def test_a_held_out_prediction_knows_nothing_of_its_family(run):
    """Made again without the family, the model predicts what the whole model said of it held out."""
    whole = recommend_model(run, traits_of(run), phases=("execute",))
    rest = replace(run, cells=tuple(cell for cell in run.cells if not cell.problem["name"].startswith("qv")))
    traits = traits_of(run)
    apart = recommend_model(rest, {id: t for id, t in traits.items() if "qv" not in id}, phases=("execute",))
    sizes = asked(11)
    for part in rank(apart, sizes, traits["p-qv_11"], "state", "execute"):
        for one in part.predictions:
            twin = next(p for p in whole.predictors if p.simulator == one.predictor.simulator)
            if twin.form == one.predictor.form:
                cell = next(cell for cell in twin.cells if cell.problem == "qv_11")
                assert one.seconds == pytest.approx(cell.held_out_seconds, rel=0.02)


# ---- resemblance


TRAITS = st.builds(
    Traits,
    qubits=st.integers(1, 64),
    gates=st.integers(0, 10**5),
    depth=st.integers(0, 10**5),
    entangling=st.integers(0, 10**5),
    rotations=st.integers(0, 10**5),
)


@given(one=TRAITS, other=TRAITS)
def test_a_distance_is_one(one, other):
    assert distance(one, other) == distance(other, one) >= 0
    assert distance(one, one) == 0
    assert 0 <= likeness(one, other) <= 1 == likeness(one, one)


@given(values=st.lists(st.tuples(st.floats(0, 1), st.floats(-3, 3)), max_size=9))
def test_a_correction_is_never_larger_than_the_errors_it_comes_from(values):
    found = weighed_mean(values, 1.0)
    assert min([0.0, *(v for _, v in values)]) - 1e-9 <= found <= max([0.0, *(v for _, v in values)]) + 1e-9


# ---- the file


def test_a_file_gives_the_same_recommendations(model):
    text = write_model(model)
    again = read_model(text, "model.json")
    assert write_model(again) == text
    assert json.loads(text)["format"] == 1
    for qubits in (4, 9, 15):
        traits = Traits(qubits=qubits, gates=3 * qubits, depth=5, entangling=2, rotations=1)
        for mine, theirs in zip(
            rank(model, asked(qubits), traits, "state", "execute"),
            rank(again, asked(qubits), traits, "state", "execute"),
            strict=True,
        ):
            names = [one.predictor.simulator for one in mine.predictions]
            assert names == [one.predictor.simulator for one in theirs.predictions]
            for one, other in zip(mine.predictions, theirs.predictions, strict=True):
                assert other.seconds == pytest.approx(one.seconds, rel=2e-3)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda data: data | {"format": 2}, "format 1"),
        (lambda data: {k: v for k, v in data.items() if k != "circuits"}, "KeyError"),
        (lambda data: data | {"predictors": [{**data["predictors"][0], "form": "magic"}]}, "magic"),
        (
            lambda data: data | {"predictors": [{**data["predictors"][0], "coefficients": []}]},
            "does not fit its form",
        ),
        (
            lambda data: (
                data | {"predictors": [{**data["predictors"][0], "cells": [[999, 1, 0, 1.0, None]]}]}
            ),
            "IndexError",
        ),
        (
            lambda data: data | {"predictors": [{**data["predictors"][0], "cells": [[0, 1, 0, -1.0, None]]}]},
            "a time of -1.0",
        ),
        (lambda data: [data], "format 1"),
    ],
)
def test_a_damaged_file_is_refused_in_words(model, change, told):
    damaged = json.dumps(change(json.loads(write_model(model))))
    with pytest.raises(QbenchError, match=r"model\.json") as refused:
        read_model(damaged, "model.json")
    assert told in str(refused.value)


def test_what_is_no_json_is_refused():
    for text in ("", "{", "nonsense", '{"format": 1}'):
        with pytest.raises(QbenchError, match=r"x\.json"):
            read_model(text, "x.json")


# ---- trials


def test_left_out_trials_by_hand(run):
    """The order of two follows from the size: the model is right wherever they are clearly apart."""
    trials = left_out_trials(run, traits_of(run))
    assert {trial.rule for trial in trials} == set(RULES)
    mine = [trial for trial in trials if trial.rule == "model"]
    assert len(mine) == 24  # of the class of two
    for trial in mine:
        times = trial.case.seconds
        assert set(times) == {"quick.statevector", "steady.statevector"}
        assert trial.best == min(times, key=times.get)
        assert trial.regret == pytest.approx(times[trial.first] / min(times.values()))
        if max(times.values()) > 2 * min(times.values()):
            assert trial.first == trial.best
    table = trials_table(trials)
    rows = {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}
    right = sum(trial.first == trial.best for trial in mine)
    assert float(rows["model"]["first_is_fastest"]) == pytest.approx(right / 24, abs=0.006)
    assert rows["model"]["cases"] == 24
    assert float(rows["overall best"]["first_is_fastest"]) < float(rows["model"]["first_is_fastest"])
    assert rows["model"]["regret_worst"] >= rows["model"]["regret_p90"] >= rows["model"]["regret_median"] >= 1


def test_circuits_that_the_model_was_made_from_are_no_trial(run, model):
    assert seen_apart_trials(model, run, traits_of(run)) == ()
    fewer = recommend_model(
        replace(run, cells=tuple(cell for cell in run.cells if cell.problem["qubits"] != 11)), traits_of(run)
    )
    trials = seen_apart_trials(fewer, run, traits_of(run))
    assert {trial.case.problem.split("_")[1] for trial in trials} == {"11"}
    assert len([trial for trial in trials if trial.rule == "model"]) == 6


@settings(max_examples=20, deadline=None)
@given(
    times=st.lists(st.floats(1e-6, 1.0), min_size=2, max_size=6),
    scatter=st.lists(st.floats(0.5, 2.0), min_size=10, max_size=10),
)
def test_predictions_are_in_order_and_the_first_is_in_its_set(times, scatter):
    predictors = tuple(
        Predictor(
            simulator=f"s{i}",
            version=None,
            workload="state",
            task="state",
            bindings=0,
            ranking_class=RankingClass("exact", "complex128", 1, "native"),
            phase="execute",
            form="constant",
            coefficients=(time,),
            cells=tuple(
                Known(
                    problem=f"c{j}",
                    problem_id=f"c{j}",
                    family=f"f{j}",
                    size=Size(qubits=4, gates=9),
                    seconds=time * s,
                    predicted_seconds=time,
                    held_out_seconds=time,
                )
                for j, s in enumerate(scatter)
            ),
        )
        for i, time in enumerate(times)
    )
    model = RecommendModel(about={}, traits={}, predictors=predictors)
    sizes = {one.simulator: Size(qubits=4, gates=9) for one in predictors}
    (part,) = rank(model, sizes, None, "state", "execute")
    seconds = [one.seconds for one in part.predictions]
    assert seconds == sorted(seconds)
    assert part.together[0] == part.predictions[0].predictor.simulator
    assert set(part.together) <= set(sizes)
    equal = {one.predictor.simulator for one in part.predictions if one.seconds <= seconds[0] * (1 + 1e-12)}
    assert set(part.together) == equal  # errors that all share cancel


def test_more_terms_than_were_measured_are_said_and_many_more_refused(model):
    """A form without a term for the observable answers 2000 Pauli terms as it answers one."""
    (predictor, *_) = model.predictors
    measured = max(cell.size.paulis for cell in predictor.cells)
    assert measured == 0
    told, far = beyond_measured(predictor, Size(qubits=6, gates=20, paulis=3))
    assert told == "3 terms of the observable; measured up to 0"
    assert far
    told, far = beyond_measured(predictor, Size(qubits=6, gates=20, parameters=3))
    assert "3 parameters" in told
    assert far
    assert beyond_measured(predictor, Size(qubits=1, gates=20))[0].startswith("1 qubits; measured from ")


@pytest.mark.parametrize(("known", "told"), [(8, False), (9, True)])
def test_of_fewer_than_nine_held_out_circuits_there_is_no_interval_of_90_percent(model, known, told):
    (predictor, *_) = model.predictors
    cells = [cell for cell in predictor.cells if cell.held_out_seconds][:known]
    assert len({cell.problem_id for cell in cells}) == known
    fewer = replace(predictor, cells=tuple(cells))
    assert (fewer.factor is not None) == told
    assert fewer.rough_factor >= 1
