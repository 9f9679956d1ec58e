"""The example in docs/simulators.md is a simulator's file that works as it stands."""

import ast
import random
import re
from pathlib import Path

import pytest
from gate_matrices import distance, final_state
from loading import answer, load, outcomes

from qbench.ir import GATES, KINDS, Circuit, Operation, Task
from qbench.simulators.contract import OPTIONAL, REQUIRED
from qbench.simulators.fact_values import FEATURES

PAGE = (Path(__file__).parents[2] / "docs" / "simulators.md").read_text()


@pytest.fixture
def tiny(tmp_path):
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "tiny.py"
    path.write_text(example)
    ast.parse(example, feature_version=(3, 9))
    return load(str(path))


def test_its_states_are_right(tiny):
    facts, engine = tiny
    for seed in range(5):
        source = random.Random(seed)
        operations = [Operation("ry", (qubit,), (source.uniform(0.4, 2.7),)) for qubit in range(4)]
        for name in sorted(facts.gates) * 3:
            arity, angles = GATES[name]
            on = tuple(source.sample(range(4), arity))
            operations.append(Operation(name, on, tuple(source.uniform(-4, 4) for _ in range(angles))))
        circuit = Circuit(4, tuple(operations))
        assert distance(answer(engine, circuit, Task("state")), final_state(circuit)) < 1e-14


def test_its_samples_are_right(tiny):
    _, engine = tiny
    measured = (Operation("measure", (2,), (), (0,)), Operation("measure", (0,), (), (3,)))
    circuit = Circuit(3, (Operation("x", (0,)), Operation("h", (2,)), *measured), 4)
    first, again, other = (
        outcomes(answer(engine, circuit, Task("sample", shots=300), seed)) for seed in (1, 1, 2)
    )
    assert first == again != other
    assert set(first) == {0b1000, 0b1001}
    assert sum(first.values()) == 300


def test_the_page_knows_every_fact_gate_feature_and_task():
    facts = re.findall(r"^\| `([A-Z_]+)` \|", PAGE, re.MULTILINE)
    assert sorted(facts) == sorted(["CONTRACT", "CONFIGURATIONS", *REQUIRED, *OPTIONAL])
    words = set(re.findall(r"\w+", PAGE))
    assert words >= {*GATES, *FEATURES, *KINDS}
