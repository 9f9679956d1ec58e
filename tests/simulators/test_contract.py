"""The reading of a simulator's facts: every mistake is said, all at once, and nothing is run."""

import os

import pytest

from qbench.errors import QbenchError
from qbench.measure.environment import worker_environment
from qbench.simulators.contract import MAX_BYTES, read_facts

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


def load(options):
    pass
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


def test_why_a_task_is_not_offered_is_said_per_configuration(tmp_path):
    path = tmp_path / "simulator.py"
    path.write_text(GOOD.replace('"a": {}', '"a": {"UNSUPPORTED": {"sample": "it draws nothing"}}'))
    first, second = read_facts(path)
    assert (dict(first.unsupported), dict(second.unsupported)) == ({"sample": "it draws nothing"}, {})


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
        ("MAX_QUBITS = 4", f"MAX_QUBITS = 0x{'f' * 5000}", "found an unprintable int"),
        ("DISTRIBUTIONS = []", "DISTRIBUTIONS = [1]", "DISTRIBUTIONS must be a list of text"),
        ("DISTRIBUTIONS = []", "DISTRIBUTIONS = ['a', '']", "DISTRIBUTIONS: a distribution's name has"),
        ("DISTRIBUTIONS = []", "DISTRIBUTIONS = ['--help']", "not ['--help']"),
        ("DISTRIBUTIONS = []", "DISTRIBUTIONS = ['a\\n']", "not ['a\\n']"),
        ("DISTRIBUTIONS = []", "DISTRIBUTIONS = ['a>=1']", "not ['a>=1']"),
        ('{"fast": False}', '{"fast": float}', "OPTIONS must be a literal"),
        ('{"fast": False}', '{"fast": 1e999}', "OPTIONS must be what JSON can hold"),
        ('{"fast": False}', '{"fast": {1, 2}}', "OPTIONS must be what JSON can hold"),
        ('{"fast": False}', f'{{"fast": 0x{"f" * 5000}}}', "OPTIONS must be what JSON can hold"),
        *(
            ("OPTIONS =", f"UNSUPPORTED = {wrong}\nOPTIONS =", "UNSUPPORTED must map a task kind")
            for wrong in ('{"state": "why"}', '{"dream": "why"}', '{"sample": " "}', '{"sample": 1}')
        ),
    ],
)
def test_a_wrong_value_is_said_with_what_is_allowed(tmp_path, found, replaced, said):
    assert said in mistakes(tmp_path, GOOD.replace(found, replaced))


NEEDS = 'DISTRIBUTIONS = ["a"]'


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ("REQUIREMENTS = ['--pre']", "REQUIREMENTS: expected are requirements such as"),
        ("REQUIREMENTS = ['-r other.txt']", "not '-r other.txt'"),
        ("REQUIREMENTS = ['a==1\\n--pre']", "not 'a==1\\n--pre'"),
        ("REQUIREMENTS = [1]", "(PEP 508); not 1"),
        ("REQUIREMENTS = ['a=1']", "not 'a=1'"),
        ("REQUIREMENTS = 'a==1'", "REQUIREMENTS must be a list"),
        ("REQUIREMENTS = ['a==1']\nDISTRIBUTIONS = []", "then DISTRIBUTIONS must name what they bring"),
        ("REQUIRES_PYTHON = '>=3.9'", "REQUIRES_PYTHON is for an environment of its own"),
        ("REQUIREMENTS = ['a==1']\nREQUIRES_PYTHON = '3.9'", "(PEP 440); not '3.9'"),
        ("REQUIREMENTS = ['a==1']\nREQUIRES_PYTHON = '<3.9'", "<3.9 allows no Python from 3.9 to 3.14"),
    ],
)
def test_requirements_are_what_an_installer_can_be_given(tmp_path, facts, said):
    assert said in mistakes(tmp_path, f"{GOOD.replace('DISTRIBUTIONS = []', NEEDS)}\n{facts}\n")


def test_requirements_differ_by_configuration(tmp_path):
    path = tmp_path / "simulator.py"
    own = '"a": {"REQUIREMENTS": ["a[x]>=1,<2; python_version > \'3\'", "b @ https://example.org/b.whl"]}'
    path.write_text(GOOD.replace("DISTRIBUTIONS = []", NEEDS).replace('"a": {}', own))
    first, second = read_facts(path)
    assert first.requirements == ("a[x]>=1,<2; python_version > '3'", "b @ https://example.org/b.whl")
    assert (second.requirements, second.requires_python) == ((), "")


THREADS = "THREAD_VARIABLES = ['TOY_THREADS']\nENVIRONMENT = "
OWN = worker_environment(
    parent={"PATH": "", "HOME": ""}, threads=1, hash_seed=0, padding=0, extra={}, thread_variables=[]
)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"1ST": "x"}, "not '1ST'"),
        ({"": "x"}, "not ''"),
        ({"A=B": "x"}, "not 'A=B'"),
        ({"A\n": "x"}, "not 'A\\n'"),
        ({"A": "x\0y"}, "A's value must be text without NUL"),
        ({"A": "\ud800"}, "A's value must be text without NUL"),
        ({"A": 1}, "ENVIRONMENT must map text to text"),
        *(({name: "1"}, f"ENVIRONMENT must not set {name}: ") for name in OWN),
        *(
            ({name: "1"}, f"ENVIRONMENT must not set {name}: ")
            for name in (
                "PYTHONPATH",
                "LD_PRELOAD",
                "DYLD_INSERT_LIBRARIES",
                "QBENCH_X",
                "TMPDIR",
                "QULACS_NUM_THREADS",
                "TOY_THREADS",
                "TOY_DYNAMIC",
            )
        ),
    ],
)
def test_the_environment_is_qbenchs_own(tmp_path, environment, said):
    assert said in mistakes(tmp_path, f"{GOOD}{THREADS}{environment!r}\n")


def test_an_environment_that_is_the_files_to_set(tmp_path):
    path = tmp_path / "simulator.py"
    wanted = {"TOY_HOME": "/x=y", "_A1": "", "JAX_PLATFORMS": "cpu", "MY_PATH": "\u00e9"}
    path.write_text(f"{GOOD}{THREADS}{wanted!r}\n", encoding="utf-8")
    facts, _ = read_facts(path)
    assert dict(facts.environment) == wanted
    assert facts.thread_variables == ("TOY_THREADS",)


@pytest.mark.parametrize("name", ["", "1ST", "A B", "A=B", "PATH", "PYTHONHASHSEED", "LD_PRELOAD"])
def test_thread_variables_are_variables(tmp_path, name):
    assert "THREAD_VARIABLES" in mistakes(tmp_path, f"{GOOD}THREAD_VARIABLES = [{name!r}]\n")


LOAD = GOOD[GOOD.index("def load") :]


@pytest.mark.parametrize(
    "other", ["", "def loads(options): ...", "class A:\n    def load(self): ...", "load: int"]
)
def test_a_file_without_load(tmp_path, other):
    assert "a function load(options) is expected" in mistakes(tmp_path, GOOD.replace(LOAD, other))


@pytest.mark.parametrize(
    "other",
    [
        "load = print",
        "load, close = print, print",
        "from os import walk as load",
        "try:\n    pass\nexcept OSError:\n    def load(options): ...",
    ],
)
def test_ways_to_have_load(tmp_path, other):
    path = tmp_path / "simulator.py"
    path.write_text(GOOD.replace(LOAD, other))
    assert len(read_facts(path)) == 2


def test_a_file_that_is_too_large(tmp_path):
    said = mistakes(tmp_path, GOOD + "#" * MAX_BYTES)
    assert "not a simulator's file" in said
    assert f"at most {MAX_BYTES} bytes" in said
    path = tmp_path / "simulator.py"
    path.write_text(GOOD + "#" * (MAX_BYTES - len(GOOD)))
    assert len(read_facts(path)) == 2


def test_no_regular_file(tmp_path):
    (tmp_path / "folder.py").mkdir()
    os.mkfifo(tmp_path / "fifo.py")  # read, it would never end
    for name in ("folder.py", "fifo.py"):
        with pytest.raises(QbenchError, match="a regular file is expected"):
            read_facts(tmp_path / name)
    for name in ("nowhere.py", "a\0b.py"):
        with pytest.raises(QbenchError, match="cannot read the simulator's file"):
            read_facts(tmp_path / name)


def test_not_python(tmp_path):
    assert "not a Python file" in mistakes(tmp_path, "def (:\n")
    assert "not a Python file" in mistakes(tmp_path, "\0")


def test_no_configurations(tmp_path):
    assert "CONFIGURATIONS is expected" in mistakes(tmp_path, "x = 1\n")


def test_an_option_among_the_facts_is_told_where_it_belongs(tmp_path):
    told = mistakes(tmp_path, GOOD.replace('"a": {}', '"a": {"work": 3}'))
    assert "unknown fact 'work'; what load() is to be given stands under OPTIONS" in told
    assert """{"OPTIONS": {'work': 3}}""" in told
    assert "unknown fact 'WORK'; the facts are DISTRIBUTIONS" in mistakes(
        tmp_path, GOOD.replace('"a": {}', '"a": {"WORK": 3}')
    )
