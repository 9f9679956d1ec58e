"""The file of a model: the same again, and whatever is damaged is refused in words or can be asked."""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recommend_runs import asked, known_model

from qbench.analysis.recommend_file import read_model, write_model
from qbench.analysis.recommending import rank
from qbench.analysis.resemblance import Traits
from qbench.errors import QbenchError


def test_a_file_gives_the_same_recommendations():
    model = known_model()
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


def with_predictor(**changed):
    return lambda data: data | {"predictors": [{**data["predictors"][0], **changed}]}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda data: data | {"format": 2}, "format 1"),
        (lambda data: {k: v for k, v in data.items() if k != "circuits"}, "KeyError"),
        (lambda data: data | {"about": ["a"]}, "AttributeError"),
        (with_predictor(form="magic"), "magic"),
        (with_predictor(coefficients=[]), "does not fit its form"),
        (with_predictor(coefficients=[float("nan")] * 3), "a cost of quick.statevector of nan s"),
        (with_predictor(coefficients=[-1e-6, 1e-6, 1e-9]), "a cost of quick.statevector of -1e-06 s"),
        (with_predictor(coefficients=[0, 0, 0]), "the fit of quick.statevector has a time of 0"),
        (with_predictor(cells=[]), "does not fit its form"),
        (with_predictor(cells=[[999, 1, 0, 1.0, None]]), "IndexError"),
        (with_predictor(cells=[[-1, 1, 0, 1.0, None]]), "a circuit's place -1"),
        (with_predictor(cells=[[0, 1, 0, -1.0, None]]), "a time of -1.0"),
        (with_predictor(cells=[[0, 1, 0, 1.0, 0.0]]), "a time held out of 0.0"),
        (with_predictor(cells=[[0, 1, 0, 1.0, float("inf")]]), "a time held out of inf"),
        (with_predictor(cells=[[0, 1.5, 0, 1.0, None]]), "gates 1.5, expected a whole number"),
        (with_predictor(bindings=-1), "bindings -1"),
        (lambda data: [data], "format 1"),
    ],
)
def test_a_damaged_file_is_refused_in_words(change, told):
    damaged = json.dumps(change(json.loads(write_model(known_model()))))
    with pytest.raises(QbenchError, match=r"model\.json") as refused:
        read_model(damaged, "model.json")
    assert told in str(refused.value)


def test_what_is_no_json_is_refused():
    for text in ("", "{", "nonsense", '{"format": 1}', "[" * 100_000):
        with pytest.raises(QbenchError, match=r"x\.json"):
            read_model(text, "x.json")


def small_file():
    data = json.loads(write_model(known_model()))
    for one in data["predictors"]:
        one["cells"] = one["cells"][:9]
    return data


SMALL = small_file()
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.integers(10**11, 10**400),
    st.floats(),
    st.sampled_from(["", "state", "exact"]),
    st.just([]),
    st.just({}),
)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_can_be_read_can_be_asked(data):
    """One value somewhere in the file is another: it is refused in words, or answers without a crash."""
    damaged = copy.deepcopy(SMALL)
    node, path = damaged, []
    while isinstance(node, dict | list) and node:
        keys = sorted(node) if isinstance(node, dict) else range(len(node))
        path.append(data.draw(st.sampled_from(list(keys))))
        parent, node = node, node[path[-1]]
    parent[path[-1]] = data.draw(ODD)
    try:
        model = read_model(json.dumps(damaged), "damaged.json")
    except QbenchError:
        return
    traits = Traits(qubits=5, gates=15, depth=6, entangling=5, rotations=0)
    for part in rank(model, asked(5), traits, "state", "execute"):
        assert part.predictions[0].seconds > 0
        assert all(one.predictor.rough_factor >= 1 for one in part.predictions)


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
from recommend_runs import known_model, known_run
from threadpoolctl import threadpool_info
from qbench.analysis.cost_table import costs_table
from qbench.analysis.recommend_file import write_model
from qbench.analysis.render import render_csv
sys.stdout.write(write_model(known_model()) + render_csv(costs_table(known_run())))
print(sorted(str(one.get("architecture")) for one in threadpool_info()), file=sys.stderr)
"""


def test_another_processor_s_arithmetic_gives_the_same_bytes():
    """The same wheels on an older processor: OpenBLAS and NumPy take other kernels, the last bits differ."""
    pytest.importorskip("threadpoolctl")
    newer = numpy.show_config(mode="dicts").get("SIMD Extensions", {}).get("found", [])
    made = {}
    for core, without in (("Prescott", newer), ("Haswell", [])):
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(Path(__file__).parent)],
            env={**os.environ, "OPENBLAS_CORETYPE": core, "NPY_DISABLE_CPU_FEATURES": " ".join(without)},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        made[done.stderr.strip().splitlines()[-1]] = done.stdout
    if len(made) < 2:
        pytest.skip(f"NumPy's arithmetic cannot be chosen here: {', '.join(made)}")
    first, second = made.values()
    assert first == second
