"""Which simulators there are, which a spec means, and under which interpreter."""

import os
import subprocess
import sys
import textwrap
from importlib.util import spec_from_file_location
from pathlib import Path

import pytest

from qbench.errors import QbenchError
from qbench.simulators.installed import installation
from qbench.simulators.registry import (
    all_simulators,
    builtin_simulators,
    inspect,
    installed_versions,
    plugin_problems,
    resolve,
)

OWN = Path(sys.executable)
BUILTINS = [
    "qiskit.statevector",
    "qiskit.sampler",
    "qiskit.basic",
    "qiskit.density_matrix",
    "qiskit.estimator",
    "aer.statevector",
    "aer.statevector.nofusion",
    "aer.statevector.c64",
    "aer.statevector.batched",
    "aer.unitary",
    "aer.density_matrix",
    "aer.density_matrix.c64",
    "aer.trajectories",
    "aer.mps",
    "aer.mps.bond16",
    "aer.mps.probabilities",
    "aer.stabilizer",
    "aer.extended_stabilizer",
    "aer.sampler",
    "aer.estimator",
    "pennylane.default",
    "pennylane.default.batched",
    "pennylane.lightning",
    "pennylane.lightning.c64",
    "pennylane.reference",
    "pennylane.default.device",
    "pennylane.lightning.device",
    "pennylane.lightning.device.c64",
    "pennylane.lightning.device.adjoint",
    "pennylane.clifford",
    "pennylane.clifford.state",
    "pennylane.default.oneshot",
    "pennylane.default.tree",
    "pennylane.lightning.oneshot",
    "pennylane.lightning.tree",
    "pennylane.default.backprop",
    "pennylane.default.adjoint",
    "pennylane.default.shift",
    "pennylane.lightning.adjoint",
    "pennylane.lightning.adjoint.c64",
    "pennylane.lightning.shift",
    "pennylane.mixed",
    "pennylane.default.jax",
    "pennylane.default.jax.c64",
    "pennylane.default.jax.vmap",
    "pennylane.default.jax.backprop",
    "pennylane.default.jax.backprop.c64",
    "qulacs.statevector",
    "qulacs.opt",
    "qulacs.parametric",
    "qulacs.backprop",
    "qulacs.shift",
    "qulacs.density_matrix",
    "qulacs.trajectories",
    "stim.tableau",
    "stim.peek",
    "stim.sampler",
    "ddsim.statevector",
    "ddsim.exact",
    "ddsim.hybrid",
    "ddsim.unitary",
    "qutip.ket",
    "qutip.expanded",
    "qutip.density_matrix",
]
AER = [name for name in BUILTINS if name.startswith("aer.")]
DOUBLES = [
    *("null", "spin", "honest", "wrong", "phase_flip", "big_endian"),
    *("crash", "killed", "exits", "leaves", "raises", "hang", "stubborn", "mute", "garbage", "flood"),
    *("lazy", "cached", "remembers", "threads", "children", "twins", "holds", "chatty", "leak", "late"),
    "planted",
    "workloads.honest",
    "workloads.nano",
    "workloads.biased",
    "workloads.wrong_control",
    "workloads.half_gradient",
    "workloads.chain_rule",
    "workloads.pauli_error",
    "workloads.damping_error",
    "workloads.stale_sweep",
    *("astray.honest", "astray.control", "astray.tiny", "astray.empty", "astray.closes_up", "astray.infers"),
    *("astray.far", "astray.kept", "astray.early", "astray.by_shape", "astray.rounded", "astray.one_buffer"),
    *("astray.goes_on", "astray.hoards", "astray.lingers", "astray.opens", "astray.single", "astray.modest"),
    *("astray.first_write", "astray.reversed_bits"),
]

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


@pytest.mark.parametrize("value", ["plugin_package.simulator:read", "plugin_package.simulator : read.it"])
def test_an_entry_point_to_an_object_is_taken_by_its_module(distribution, value):
    distribution("plugin", "plug.exact", value)
    assert labels("plug.exact") == ["plug.exact"]
    assert not plugin_problems()


def test_a_plugin_in_a_nested_namespace_package_is_found(distribution):
    path = distribution("plugin", "plug.exact", "plugin_package.inner.deeper.simulator")
    path.parent.joinpath("__init__.py").unlink()
    deeper = path.parent / "inner" / "deeper"
    deeper.mkdir(parents=True)
    path.rename(deeper / "simulator.py")
    (simulator, _) = resolve(["plug"])
    assert simulator.facts.path == deeper / "simulator.py"
    assert not plugin_problems()


def test_a_plugin_behind_an_import_hook_is_found_and_not_imported(distribution, tmp_path, monkeypatch):
    """As after ``pip install -e`` with setuptools: its finder alone knows where the package is."""
    distribution("plugin", "plug.exact", "hooked.simulator")
    source = tmp_path / "checkout" / "src"
    source.mkdir(parents=True)
    (source / "__init__.py").write_text("raise ImportError('not to be imported')\n")
    (source / "simulator.py").write_text(TOY.replace("toy.", "hooked."))

    class Finder:
        @classmethod
        def find_spec(cls, fullname, path=None, target=None):
            if fullname == "hooked":
                return spec_from_file_location(
                    fullname, source / "__init__.py", submodule_search_locations=[str(source)]
                )
            return None

    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Finder])
    (simulator,) = resolve(["hooked.slow"])
    assert simulator.facts.path == source / "simulator.py"
    assert not plugin_problems()


def broken_by(name, distribution, monkeypatch):
    """One broken plug-in of each kind; what is said of it."""
    if name == "leads nowhere":
        distribution("bad", "bad.exact", "nowhere.at.all")
        return "bad: its entry point any = nowhere.at.all in group qbench.simulators leads to no file"
    if name == "into a module":
        distribution("bad", "bad.exact", "bad_package.simulator.inside")
        return "leads to no file"
    if name == "no name":
        distribution("bad", "bad.exact", "..")
        return "leads to no file"
    if name == "built in":
        distribution("bad", "bad.exact", "sys")
        return "leads to no file"
    if name == "syntax":
        distribution("bad", "bad.exact").write_text("def load(:\n")
        return "simulator.py:1: not a Python file"
    if name == "future contract":
        path = distribution("bad", "bad.exact")
        path.write_text(path.read_text().replace("CONTRACT = 1", "CONTRACT = 2"))
        return "CONTRACT = 1 is expected at top level, found 2"
    if name == "nested too deep":
        distribution("bad", "bad.exact").write_text("x = " + "(" * 5000 + ")" * 5000)
        return "not a Python file"
    if name == "unreadable entry points":
        info = distribution("bad", "bad.exact").parents[1] / "bad-1.0.dist-info" / "entry_points.txt"
        info.write_text("[qbench.simulators]\nnothing here\n")
        return "bad: its entry points cannot be read"
    assert name == "failing hook"
    distribution("bad", "bad.exact", "hooked.simulator")

    class Finder:
        @classmethod
        def find_spec(cls, fullname, path=None, target=None):
            if fullname == "hooked":
                raise RuntimeError("a hook of its own")

    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Finder])
    return "an import hook of this environment fails with RuntimeError: a hook of its own"


BROKEN = [
    *("leads nowhere", "into a module", "no name", "built in", "syntax", "future contract"),
    *("nested too deep", "unreadable entry points", "failing hook"),
]


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_plugin_is_told_of_and_stops_nothing_else(distribution, monkeypatch, kind):
    distribution("fine", "fine.exact")
    said = broken_by(kind, distribution, monkeypatch)
    (problem,) = plugin_problems()
    assert said in problem.message
    assert problem.distribution == "bad"
    assert "uninstall it" in problem.message
    assert [one.name for one in all_simulators()] == [*BUILTINS, "fine.exact", "fine.exact.fast"]
    assert labels("all") == [*BUILTINS, "fine.exact", "fine.exact.fast"]
    assert labels("aer", "fine.exact") == [*AER, "fine.exact"]
    with pytest.raises(QbenchError, match=r"unknown simulator 'bad\.exact'") as caught:
        resolve(["bad.exact", "bad.other"])
    assert str(caught.value).count(problem.message) == 1


def test_a_name_claimed_twice_is_nobodys_and_names_both_distributions(distribution):
    distribution("one", "same")
    distribution("two", "same")
    distribution("fine", "fine.exact")
    said = "'same' is claimed by one and by two: neither is used; uninstall one of the two"
    assert [problem.name for problem in plugin_problems()] == ["same", "same.fast"]
    assert said in plugin_problems()[0].message
    assert labels("fine") == ["fine.exact", "fine.exact.fast"]
    assert labels("all") == [*BUILTINS, "fine.exact", "fine.exact.fast"]
    with pytest.raises(QbenchError, match=said):
        resolve(["same"])


def test_a_group_with_a_contested_name_is_refused_but_not_one_of_qbenchs_own(distribution):
    for name in ("one", "two"):
        path = distribution(name, "same.exact")
        path.write_text(path.read_text().replace("same.exact.fast", f"same.{name}"))
    with pytest.raises(QbenchError, match=r"'same\.exact' is claimed by one and by two"):
        resolve(["same"])
    assert labels("same.one", "same.two") == ["same.one", "same.two"]
    for name in ("three", "four"):
        distribution(name, "aer.new")
    assert labels("aer") == AER
    with pytest.raises(QbenchError, match=r"'aer\.new' is claimed by four and by three"):
        resolve(["aer.new"])


def test_a_builtin_name_stays_qbenchs_own(distribution):
    distribution("greedy", "aer.statevector")
    (simulator,) = resolve(["aer.statevector"])
    assert simulator.origin == "builtin"
    (problem,) = plugin_problems()
    assert "claimed by qbench-harness and by greedy: qbench-harness's own is used" in problem.message
    assert labels("aer.statevector.fast") == ["aer.statevector.fast"]  # its other name hurts nobody


def test_one_distribution_with_a_name_in_two_files(distribution):
    path = distribution("plugin", "plug.exact")
    path.with_name("second.py").write_text(path.read_text() + "# another file\n")
    points = path.parents[1] / "plugin-1.0.dist-info" / "entry_points.txt"
    points.write_text(points.read_text() + "other = plugin_package.second\n")
    assert "'plug.exact' is in two files of plugin" in plugin_problems()[0].message
    with pytest.raises(QbenchError, match="in two files of plugin"):
        resolve(["plug"])


# ---- which a spec means


def test_names_groups_and_all():
    assert labels("aer.statevector") == ["aer.statevector"]
    assert labels("aer") == AER
    assert labels("aer.unitary", "aer", "null") == [
        "aer.unitary",
        *(name for name in AER if name != "aer.unitary"),
        "null",
    ]
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


@pytest.mark.parametrize("name", ["qiskit.statevector", "null"])
def test_a_file_may_not_call_itself_as_one_of_qbenchs_own(toy, name):
    toy.write_text(TOY.replace("toy.slow", name))
    for spec in (str(toy), f"{toy}:{name}", f"{toy}:toy.fast"):
        with pytest.raises(QbenchError, match=rf"its configuration {name} has the name of a simulator of"):
            resolve([spec])


def test_an_unchanged_copy_of_qbenchs_own_file_is_that_file(toy):
    (own,) = resolve(["qiskit.statevector"])
    toy.write_bytes(own.facts.path.read_bytes())
    assert labels(f"{toy}:qiskit.statevector") == ["qiskit.statevector"]


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
