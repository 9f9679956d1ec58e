"""Recommendations from a model whose truth is known: order, intervals, sets, and where they end."""

import math
from dataclasses import replace

import pytest
from cost_runs import CostlySim, costly_run
from hypothesis import given, settings
from hypothesis import strategies as st
from recommend_runs import (
    QUICK,
    STEADY,
    asked,
    known_cell,
    known_model,
    known_predictor,
    known_run,
    traits_of,
)

from qbench.analysis.cost_forms import Size
from qbench.analysis.readings import take_readings
from qbench.analysis.recommend_model import recommend_model
from qbench.analysis.recommend_predictor import RecommendModel, beyond_measured
from qbench.analysis.recommending import rank
from qbench.analysis.resemblance import Traits, distance, likeness, weighed_mean


@pytest.fixture
def run():
    return known_run()


@pytest.fixture
def model():
    return known_model()


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
    assert part.roughly == ()  # 24 circuits were held out


def test_the_nearest_measured_circuits_are_the_evidence(model):
    traits = Traits(qubits=11, gates=33, depth=12, entangling=11, rotations=0)
    part = rank(model, asked(11), traits, "state", "execute")[0]
    for one in part.predictions:
        assert len(one.nearest) == 3
        assert {cell.size.qubits for cell in one.nearest} == {11}
        gone = [distance(traits, model.traits[cell.problem_id]) for cell in one.predictor.cells]
        shown = [distance(traits, model.traits[cell.problem_id]) for cell in one.nearest]
        assert shown == sorted(gone)[:3]


def test_a_circuit_of_several_numbers_of_shots_is_evidence_once():
    cells = [
        known_cell(f"c{n}", Size(qubits=n, gates=3 * n, shots=shots), 1.0)
        for n in (4, 5, 6, 7)
        for shots in (100, 1000, 10_000)
    ]
    one = known_predictor("s", cells, form="constant, shots", coefficients=(1.0, 1e-6), task="sample")
    model = RecommendModel(about={}, traits={}, predictors=(one,))
    for shots in (100, 2000):
        sizes = {"s": Size(qubits=5, gates=15, shots=shots)}
        ((found,),) = (part.predictions for part in rank(model, sizes, None, "sample", "execute"))
        assert [cell.problem for cell in found.nearest] == ["c5", "c6", "c4"]
        assert {cell.size.shots for cell in found.nearest} == {min(1000, shots)}


def test_sweeps_are_predicted_for_the_bindings_that_were_measured():
    cells = [known_cell(f"c{n}", Size(qubits=n, gates=9), 1.0) for n in (4, 5, 6)]
    model = RecommendModel(
        about={},
        traits={},
        predictors=tuple(
            known_predictor(
                "s", cells, task="sweep", workload=f"sweep-{n}", bindings=n, coefficients=(1.0 * n,)
            )
            for n in (8, 32)
        ),
    )
    sizes = {"s": Size(qubits=5, gates=9)}
    for bindings in (8, 32):
        (part,) = rank(model, sizes, None, "sweep", "execute", bindings)
        assert [one.seconds for one in part.predictions] == [bindings]
    assert rank(model, sizes, None, "sweep", "execute", 16) == ()


def test_what_lies_too_far_from_what_was_measured_is_left_out(model):
    assert rank(model, asked(16), None, "state", "execute")[0].predictions[0].beyond == (
        "16 qubits; measured up to 14; 48 gates; measured up to 42"
    )
    assert rank(model, asked(17), None, "state", "execute") == ()
    assert rank(model, asked(10, 169), None, "state", "execute") == ()
    approximate = next(one for one in model.of("state", "execute") if one.ranking_class.kind == "approximate")
    assert beyond_measured(approximate, Size(qubits=15, gates=20)) == ("15 qubits; measured up to 14", True)


OBSERVED = [known_cell(f"c{n}", Size(qubits=n, gates=9 * n, paulis=n, shots=0), 1.0) for n in (4, 8)]
DRAWN = [known_cell(f"c{n}", Size(qubits=n, gates=9 * n, shots=1000), 1.0) for n in (4, 8)]


@pytest.mark.parametrize(
    ("form", "cells", "size", "told", "far"),
    [
        ("gates", OBSERVED, Size(qubits=6, gates=50, paulis=6), None, False),
        (
            "gates and terms",
            OBSERVED,
            Size(qubits=6, gates=50, paulis=9),
            "9 terms of the observable; ",
            False,
        ),
        ("gates and terms", OBSERVED, Size(qubits=6, gates=50, paulis=33), "33 terms", True),
        ("gates", OBSERVED, Size(qubits=6, gates=50, paulis=9), "has no cost of them", True),
        (
            "gates",
            OBSERVED,
            Size(qubits=6, gates=50, paulis=1),
            "1 term of the observable; measured from 4",
            False,
        ),
        ("gates", OBSERVED, Size(qubits=3, gates=50, paulis=5), "3 qubits; measured from 4", False),
        ("gates", OBSERVED, Size(qubits=4, gates=5, paulis=5), "5 gates; measured from 36", False),
        ("gates", OBSERVED, Size(qubits=4, gates=50, paulis=5, parameters=2), "2 parameters", True),
        ("gates", DRAWN, Size(qubits=4, gates=50, shots=1000), None, False),
        ("gates", DRAWN, Size(qubits=4, gates=50, shots=100), "100 shots; measured from 1000", True),
        ("gates", DRAWN, Size(qubits=4, gates=50, shots=1001), "1001 shots; measured up to 1000", True),
        ("gates, shots", DRAWN, Size(qubits=4, gates=50, shots=2000), "2000 shots", False),
    ],
)
def test_what_lies_outside_is_said_and_without_a_cost_of_it_refused(form, cells, size, told, far):
    """A form without a term for the observable answers 2000 Pauli terms as it answers one."""
    terms = {"gates": 2, "gates and terms": 3, "gates, shots": 3}
    one = known_predictor("s", cells, form=form, coefficients=(1e-6,) * terms[form])
    said, too_far = beyond_measured(one, size)
    assert too_far == far
    assert said is None if told is None else told in said
    model = RecommendModel(about={}, traits={}, predictors=(one,))
    parts = rank(model, {"s": size}, None, "state", "execute")
    assert bool(parts) == (not far)
    if parts and told:
        assert parts[0].predictions[0].low is None


def test_the_interval_is_the_ninetieth_percent_of_held_out_errors_by_hand(model):
    for predictor in model.predictors:
        errors = sorted(abs(math.log(cell.seconds / cell.held_out_seconds)) for cell in predictor.cells)
        assert len(errors) == 24
        assert predictor.factor == pytest.approx(math.exp(errors[math.ceil(0.9 * 25) - 1]))


def test_a_held_out_prediction_knows_nothing_of_its_family(run):
    """Made again without the family, the model predicts what the whole model said of it held out."""
    traits = traits_of(run)
    whole = {one.simulator: one for one in recommend_model(run, traits, phases=("execute",)).predictors}
    checked = []
    for family in ("qv", "hea", "adder"):
        cells = tuple(cell for cell in run.cells if not cell.problem["name"].startswith(family))
        others = {id: one for id, one in traits.items() if family not in id}
        apart = recommend_model(replace(run, cells=cells), others, phases=("execute",))
        for part in rank(apart, asked(11), traits[f"p-{family}_11"], "state", "execute"):
            for one in part.predictions:
                twin = whole[one.predictor.simulator]
                cell = next(cell for cell in twin.cells if cell.problem == f"{family}_11")
                if twin.form == one.predictor.form:  # it was chosen with the family, too
                    assert one.seconds == pytest.approx(cell.held_out_seconds, rel=1e-9)
                    checked.append((family, twin.simulator))
    assert len(checked) >= 8, checked


@pytest.mark.parametrize(("known", "told"), [(8, False), (9, True)])
def test_of_fewer_than_nine_held_out_circuits_there_is_no_interval_of_90_percent(model, known, told):
    (predictor, *_) = model.predictors
    cells = [cell for cell in predictor.cells if cell.held_out_seconds][:known]
    assert len({cell.problem_id for cell in cells}) == known
    fewer = replace(predictor, cells=tuple(cells))
    assert (fewer.factor is not None) == told
    assert fewer.rough_factor >= 1


@pytest.mark.parametrize(("common", "roughly"), [(7, ("b",)), (8, ())])
def test_who_is_told_apart_roughly_is_known(common, roughly):
    """Of seven circuits in common the worst errors decide, of eight the errors in pairs."""

    def one(name, seconds):
        cells = [
            known_cell(f"c{i}", Size(qubits=4, gates=9), 1.0, held_out=1.5 if i % 2 else 1 / 1.5)
            for i in range(common)
        ]
        return known_predictor(name, cells, coefficients=(seconds,))

    model = RecommendModel(about={}, traits={}, predictors=(one("a", 1.0), one("b", 1.2)))
    sizes = dict.fromkeys("ab", Size(qubits=4, gates=9))
    (part,) = rank(model, sizes, None, "state", "execute")
    assert part.roughly == roughly
    assert part.together == ("a", *roughly)  # errors that both share cancel, where they can be compared


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


@settings(max_examples=20, deadline=None)
@given(
    times=st.lists(st.floats(1e-6, 1.0), min_size=2, max_size=6),
    scatter=st.lists(st.floats(0.5, 2.0), min_size=10, max_size=10),
)
def test_predictions_are_in_order_and_the_first_is_in_its_set(times, scatter):
    predictors = tuple(
        known_predictor(
            f"s{i}",
            [
                known_cell(f"c{j}", Size(qubits=4, gates=9), time * s, predicted=time, held_out=time)
                for j, s in enumerate(scatter)
            ],
            coefficients=(time,),
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
