"""The reading of a simulator's facts: every mistake is said, all at once, and nothing is run."""

import pytest

from qbench.errors import QbenchError
from qbench.simulators.contract import read_facts

GOOD = '''"""First line.

More."""
CONTRACT = 1
DISTRIBUTIONS = []
LICENCE = "MIT"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["state"]
GATES = ("h", "cx")
MAX_QUBITS = 4
OPTIONS = {"fast": False}
CONFIGURATIONS = {"a": {}, "b": {"PRECISION": "complex64", "OPTIONS": {"fast": True}}}
'''


def mistakes(tmp_path, source):
    path = tmp_path / "simulator.py"
    path.write_text(source)
    with pytest.raises(QbenchError) as caught:
        read_facts(path)
    return str(caught.value)


def test_a_configuration_differs_in_what_it_says(tmp_path):
    path = tmp_path / "simulator.py"
    path.write_text(GOOD)
    first, second = read_facts(path)
    assert (first.name, first.precision, first.gates) == ("a", "complex128", {"h", "cx"})
    assert (second.name, second.precision, dict(second.options)) == ("b", "complex64", {"fast": True})
    assert first.digest == second.digest
    assert first.summary == "First line."


def test_all_mistakes_at_once(tmp_path):
    source = GOOD.replace("CONTRACT = 1", "CONTRACT = 9").replace('LICENCE = "MIT"\n', "")
    source = source.replace('KIND = "exact"', 'KIND = "precise"').replace(
        "MAX_QUBITS = 4", "MAX_QUBITS = 2 ** 4"
    )
    source = source.replace('"a": {}', '"a b": {}, "c": {"SPEED": 1, "LICENCE": "MIT", "MAX_QUBITS": 3}')
    said = mistakes(tmp_path, source)
    for expected in ("CONTRACT = 1 is expected", "MAX_QUBITS must be a literal", "'a b'", "'SPEED'"):
        assert expected in said
    assert "configuration 'b': LICENCE is missing" in said
    assert "docs/simulators.md" in said


@pytest.mark.parametrize(
    ("found", "replaced", "said"),
    [
        ('["state"]', '["state", "dream"]', "TASKS knows state"),
        ('("h", "cx")', '["h", "cnot"]', "not ['cnot']"),
        ('"exact"', '"precise"', "KIND knows exact"),
        ("MAX_QUBITS = 4", "MAX_QUBITS = 0", "MAX_QUBITS must be at least 1"),
        ("MAX_QUBITS = 4", "MAX_QUBITS = '4'", "MAX_QUBITS must be a int"),
        ('"complex64"', '"float32"', "PRECISION knows complex128"),
        ("DISTRIBUTIONS = []", "DISTRIBUTIONS = [1]", "DISTRIBUTIONS must be a list of text"),
    ],
)
def test_a_wrong_value_is_said_with_what_is_allowed(tmp_path, found, replaced, said):
    assert said in mistakes(tmp_path, GOOD.replace(found, replaced))


def test_not_python(tmp_path):
    assert "not a Python file" in mistakes(tmp_path, "def (:\n")
    assert "not a Python file" in mistakes(tmp_path, "\0")


def test_no_configurations(tmp_path):
    assert "CONFIGURATIONS is expected" in mistakes(tmp_path, "x = 1\n")
