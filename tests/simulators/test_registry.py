"""Which simulators there are, which a spec means, and under which interpreter."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from qbench.errors import QbenchError
from qbench.simulators.installed import installation
from qbench.simulators.registry import (
    all_simulators,
    builtin_simulators,
    inspect,
    installed_versions,
    resolve,
)

OWN = Path(sys.executable)
BUILTINS = [
    *("qiskit.statevector", "qiskit.sampler", "qiskit.basic"),
    *(
        "aer.statevector",
        "aer.statevector.c64",
        "aer.density_matrix",
        "aer.mps",
        "aer.stabilizer",
        "aer.unitary",
    ),
    *("pennylane.default", "pennylane.lightning", "pennylane.lightning.c64"),
    *("qulacs.statevector", "qulacs.opt", "stim.tableau", "stim.sampler", "ddsim.statevector", "ddsim.exact"),
]
AER = [name for name in BUILTINS if name.startswith("aer.")]
DOUBLES = ["null", "spin", "honest", "wrong", "phase_flip", "big_endian", "crash", "hang"]

TOY = '''"""A toy."""
CONTRACT = 1
DISTRIBUTIONS = ["toy-sim"]
LICENCE = "MIT"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["state"]
GATES = ["h", "cx"]
MAX_QUBITS = 4
CONFIGURATIONS = {"toy.slow": {}, "toy.fast": {"MAX_QUBITS": 8}}

def load():
    pass
raise RuntimeError("a simulator's file is read, not run")
'''


def labels(*specs):
    return [simulator.label for simulator in resolve(specs)]


@pytest.fixture
def toy(tmp_path):
    path = tmp_path / "toy.py"
    path.write_text(TOY)
    return path


@pytest.fixture
def distribution(tmp_path, monkeypatch):
    """Makes a distribution with one simulator's file, installed as far as Python can tell."""

    def make(name, configuration, value=None):
        site = tmp_path / name
        package = site / f"{name}_package"
        package.mkdir(parents=True)
        package.joinpath("__init__.py").write_text("raise ImportError('not to be imported')\n")
        package.joinpath("simulator.py").write_text(
            TOY.replace("toy.slow", configuration).replace("toy.fast", f"{configuration}.fast")
        )
        info = site / f"{name}-1.0.dist-info"
        info.mkdir()
        info.joinpath("METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        target = value or f"{package.name}.simulator"
        info.joinpath("entry_points.txt").write_text(f"[qbench.simulators]\nany = {target}\n")
        monkeypatch.syspath_prepend(str(site))
        return package / "simulator.py"

    return make


@pytest.fixture
def interpreter(tmp_path):
    """Writes a program that stands where an interpreter is expected."""

    def make(script):
        path = tmp_path / "other" / "bin" / "python"
        path.parent.mkdir(parents=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    return make


# ---- what there is


def test_builtins_and_doubles():
    assert [simulator.name for simulator in builtin_simulators()] == BUILTINS
    assert [simulator.name for simulator in builtin_simulators(doubles=True)] == BUILTINS + DOUBLES
    assert {simulator.origin for simulator in builtin_simulators(doubles=True)} == {"builtin"}
    assert {one.facts.kind for one in builtin_simulators(doubles=True)[len(BUILTINS) :]} == {"double"}


def test_listing_imports_no_simulator():
    script = """
        import sys
        from qbench.simulators.registry import all_simulators, inspect
        for simulator in all_simulators(doubles=True):
            inspect(simulator)
        loaded = {name.partition(".")[0] for name in sys.modules}
        print(loaded & {"numpy", "qiskit", "qiskit_aer", "pennylane"})
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True
    )
    assert run.stdout == "set()\n"


def test_another_distribution_adds_a_simulator_and_is_not_imported(distribution):
    path = distribution("plugin", "plug.exact")
    found = [simulator for simulator in all_simulators() if simulator.name.startswith("plug.")]
    assert [(one.name, one.origin, one.facts.path) for one in found] == [
        ("plug.exact", "entry point plugin", path),
        ("plug.exact.fast", "entry point plugin", path),
    ]
    assert labels("plug") == ["plug.exact", "plug.exact.fast"]
    assert "plugin_package" not in sys.modules


def test_a_name_claimed_twice_names_both_distributions(distribution):
    distribution("one", "same")
    distribution("two", "same")
    with pytest.raises(QbenchError, match=r"'same' is claimed by one and by two"):
        all_simulators()


def test_a_builtin_name_cannot_be_taken(distribution):
    distribution("greedy", "aer.statevector")
    with pytest.raises(QbenchError, match=r"claimed by qbench-harness and by greedy"):
        resolve(["aer.statevector"])


@pytest.mark.parametrize("value", ["lost_package.elsewhere", "nowhere.at.all"])
def test_an_entry_point_to_nowhere_names_its_distribution(distribution, value):
    distribution("lost", "lost.exact", value)
    with pytest.raises(QbenchError, match=f"lost: its entry point any = {value}"):
        all_simulators()


# ---- which a spec means


def test_names_groups_and_all():
    assert labels("aer.statevector") == ["aer.statevector"]
    assert labels("aer") == AER
    assert labels("aer.unitary", "aer", "null") == [AER[-1], *AER[:-1], "null"]
    assert labels("all") == BUILTINS


@pytest.mark.parametrize(
    ("spec", "nearest"), [("aer.statevectr", "aer.statevector"), ("pennylan", "pennylane"), ("nul", "null")]
)
def test_an_unknown_name_brings_the_nearest(spec, nearest):
    with pytest.raises(QbenchError, match="qbench list simulators") as caught:
        resolve([spec])
    assert f"Did you mean {nearest}" in str(caught.value)


def test_all_mistakes_come_at_once():
    with pytest.raises(QbenchError) as caught:
        resolve(["nonsense", "missing.py", "aer.statevector@/nowhere/python"])
    assert len(str(caught.value).splitlines()) == 3


def test_files(toy):
    assert labels(str(toy)) == ["toy.slow", "toy.fast"]
    assert labels(f"{toy}:toy.fast") == ["toy.fast"]
    (simulator,) = resolve([f"{toy}:toy.fast"])
    assert (simulator.origin, simulator.interpreter, simulator.facts.max_qubits) == ("file", OWN, 8)
    with pytest.raises(QbenchError, match=r"toy\.py has no configuration 'toy'.*toy\.slow, toy\.fast"):
        resolve([f"{toy}:toy"])


def test_one_file_spelled_in_two_ways_is_one_simulator(toy, monkeypatch):
    monkeypatch.chdir(toy.parent)
    assert labels("toy.py", f"{toy}:toy.slow", "./toy.py") == ["toy.slow", "toy.fast"]


def test_two_files_with_one_name_collide(toy):
    other = toy.with_name("second.py")
    other.write_text(TOY.replace("A toy", "Another toy"))
    with pytest.raises(QbenchError, match=r"two simulators are called toy\.slow") as caught:
        resolve([str(toy), str(other)])
    assert "second.py" in str(caught.value)


# ---- other interpreters


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """An environment without packages but for the trace of one."""
    folder = tmp_path_factory.mktemp("environments") / "older"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (site,) = folder.glob("lib/python*/site-packages")
    info = site / "toy_sim-0.0.7.dist-info"
    info.mkdir()
    info.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: toy-sim\nVersion: 0.0.7\n")
    return folder


def test_another_environment(environment, toy):
    python = environment / "bin" / "python"
    (simulator,) = resolve([f"{toy}:toy.slow@{python}"])
    assert simulator.label == "toy.slow@older"
    assert simulator.interpreter == python, "the link must be kept: it is what makes the environment"
    assert dict(inspect(simulator).versions) == {"toy-sim": "0.0.7"}
    assert inspect(simulator).python.startswith("3.")
    assert dict(installed_versions(["toy-sim", "qiskit"], python)) == {"toy-sim": "0.0.7", "qiskit": None}
    assert dict(installed_versions(["toy-sim"], OWN)) == {"toy-sim": None}


def test_one_simulator_under_two_interpreters(environment):
    assert labels("honest", f"honest@{environment}/bin/python") == ["honest", "honest@older"]
    assert labels(f"aer@{environment}/bin/python") == [f"{name}@older" for name in AER]


def test_a_label_never_holds_a_path_and_two_environments_of_one_name_collide(environment, tmp_path):
    twin = tmp_path / "older" / "bin"
    twin.mkdir(parents=True)
    twin.joinpath("python").symlink_to(OWN)
    with pytest.raises(QbenchError, match="two simulators are called honest@older"):
        resolve([f"honest@{environment}/bin/python", f"honest@{twin}/python"])
    odd = tmp_path / "my env" / "bin"
    odd.mkdir(parents=True)
    odd.joinpath("python").symlink_to(OWN)
    assert labels(f"honest@{odd}/python") == ["honest@my-env"]


def test_a_home_folder_is_not_an_environments_name(tmp_path, monkeypatch):
    home = tmp_path / "somebody"
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "python3").symlink_to(OWN)
    monkeypatch.setenv("HOME", str(home))
    assert labels("honest@~/bin/python3") == ["honest@python3"]


def test_no_such_interpreter(tmp_path):
    for python in (str(tmp_path / "none"), str(tmp_path), "no-such-python", ""):
        with pytest.raises(QbenchError, match="no such interpreter"):
            resolve([f"honest@{python}"])


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo '[[3, 8, 18], {}, {}]'", r"is Python 3\.8\.18; .* 3\.9 or newer"),
        ("echo boom >&2; exit 3", r"not a Python that answers \(exit code 3, its last line: boom\)"),
        ("echo hello", "not a Python that answers"),
    ],
)
def test_an_interpreter_that_does_not_do(interpreter, script, message):
    with pytest.raises(QbenchError, match=message):
        installation(["qiskit"], interpreter(script))


def test_an_interpreter_of_another_machine(interpreter):
    path = interpreter("")
    path.write_bytes(b"\x7fELF" + os.urandom(64))
    with pytest.raises(QbenchError, match="cannot be run"):
        installation([], path)
