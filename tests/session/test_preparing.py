"""What is said of a cell that is not asked: in words for the person who reads the table."""

from dataclasses import replace
from pathlib import Path

import pytest

from qbench.circuits.noise import NOISE_MODELS
from qbench.errors import QbenchError
from qbench.ir import Circuit, Operation, Parameter, Task
from qbench.model import NoAnswer, Verdict
from qbench.session.installing import install_command
from qbench.session.plan import PlannedSimulator
from qbench.session.preparing import PreparedCell, prepare_cell
from qbench.simulators.installed import Installation
from qbench.simulators.registry import resolve
from qbench.verify.judge import prepare, unjudged

STATE = Task("state")
TOY = Path(__file__).with_name("numpy_simulator.py")


def planned(spec, *missing):
    (simulator,) = resolve([spec])
    versions = {name: None if name in missing else "1.0" for name in simulator.facts.distributions}
    return PlannedSimulator(
        simulator=simulator, installation=Installation(python="3.11.0", versions=versions)
    )


def refused(spec, *operations, qubits=3):
    found = prepare_cell(planned(spec), Circuit(qubits, operations), STATE, "native")
    assert isinstance(found, NoAnswer)
    assert found.verdict is Verdict.UNSUPPORTED
    return found.reason


def test_the_first_gate_that_is_not_clifford_is_named_with_its_angle_and_qubit():
    ops = (Operation("rz", (0,), (1.5707963267948966,)), Operation("ry", (2,), (0.3,)), Operation("t", (0,)))
    assert refused("stim.tableau", *ops) == "not a Clifford circuit: ry(0.3) on qubit 2"
    assert (
        refused("stim.tableau", Operation("ccx", (2, 0, 1)))
        == "not a Clifford circuit: ccx on qubits 2, 0, 1"
    )


def test_a_clifford_gate_that_a_simulator_lacks_is_not_called_otherwise():
    """With cx and x alone no rule leads to s, which is Clifford all the same."""
    poor = planned("stim.tableau")
    facts = replace(poor.simulator.facts, gates=frozenset({"x", "cx"}))
    poor = replace(poor, simulator=replace(poor.simulator, facts=facts))
    told = prepare_cell(poor, Circuit(1, (Operation("s", (0,)),)), STATE, "native")
    assert isinstance(told, NoAnswer)
    assert told.reason == "no rule expresses s in the gates cx, x"


def test_a_clifford_circuit_of_angles_is_lowered():
    circuit = Circuit(1, (Operation("u2", (0,), (0.0, 3.141592653589793)),))
    found = prepare_cell(planned("stim.tableau"), circuit, STATE, "native")
    assert isinstance(found, PreparedCell)
    assert {op.name for op in found.circuit.operations} == {"z", "h"}


BEYOND = {
    "reset": (Operation("reset", (0,)),),
    "measurement before the end": (Operation("measure", (0,), (), (0,)), Operation("x", (0,))),
    "feed-forward": (Operation("measure", (0,), (), (0,)), Operation("x", (1,), (), (), ((0,), 1))),
    "free parameters": (Operation("rx", (0,), (Parameter("a"),)),),
}
EVERY = frozenset({"mid_circuit_measurement", "reset", "feed_forward"})


def declaring(features):
    simulator = planned("aer.statevector")
    facts = replace(simulator.simulator.facts, features=features)
    return replace(simulator, simulator=replace(simulator.simulator, facts=facts))


@pytest.mark.parametrize("name", BEYOND)
def test_a_feature_is_asked_of_who_declares_it(name):
    circuit = Circuit(2, (*BEYOND[name], Operation("measure", (1,), (), (1,))), num_clbits=2)
    task = Task("sample", shots=10)
    found = prepare_cell(declaring(frozenset()), circuit, task, "native")
    assert found == NoAnswer(verdict=Verdict.UNSUPPORTED, reason=f"it takes no {name}")
    everything = prepare_cell(declaring(EVERY), circuit, task, "native")
    if name == "free parameters":  # a sample is of angles that have values
        assert everything == found
    else:
        assert isinstance(everything, PreparedCell)
        assert prepare(circuit, task).distribution is not None


def test_noise_is_asked_of_who_declares_its_channels():
    """What a simulator lacks of a model is named; nothing is left out silently."""
    circuit = Circuit(2, (Operation("h", (0,)), Operation("cx", (0, 1))))
    task = Task("noisy_sample", shots=10, noise=NOISE_MODELS["device"])
    simulator = planned("aer.density_matrix")
    found = prepare_cell(simulator, circuit, task, "native")
    assert isinstance(found, PreparedCell)
    assert [op.name for op in found.circuit.operations][:3] == ["h", "depolarizing", "amplitude_damping"]
    facts = replace(simulator.simulator.facts, noise=frozenset({"depolarizing", "readout"}))
    poor = replace(simulator, simulator=replace(simulator.simulator, facts=facts))
    told = prepare_cell(poor, circuit, task, "native")
    assert told == NoAnswer(
        verdict=Verdict.UNSUPPORTED, reason="it has no amplitude damping and no phase damping"
    )


@pytest.mark.parametrize("kind", ["state", "density_matrix"])
def test_what_nobody_can_judge_is_not_asked_whatever_a_simulator_declares(kind):
    """A reference that cannot be made ended the whole run, with the cells of everybody else."""
    circuit = Circuit(2, BEYOND["reset"])
    facts = replace(planned("aer.density_matrix").simulator.facts, tasks=("state", "density_matrix"))
    simulator = declaring(EVERY)
    simulator = replace(
        simulator, simulator=replace(simulator.simulator, facts=replace(facts, features=EVERY))
    )
    found = prepare_cell(simulator, circuit, Task(kind), "native")
    assert isinstance(found, NoAnswer)
    assert found.reason == unjudged(circuit, Task(kind))
    with pytest.raises(QbenchError):
        prepare(circuit, Task(kind))


def test_more_qubits_than_a_reference_takes_is_no_limit_of_a_simulator():
    wide = Circuit(40, (Operation("h", (0,)),))
    for name in ("stim.sampler", "aer.stabilizer"):
        found = prepare_cell(planned(name), wide, Task("sample", shots=10), "native")
        assert isinstance(found, NoAnswer)
        assert found.reason == "40 qubits; qbench's exact reference takes at most 26"


def test_what_is_missing_comes_with_the_command_that_installs_it():
    lacking = planned("qulacs.opt", "qulacs")
    found = prepare_cell(lacking, Circuit(1, ()), STATE, "native")
    assert found == NoAnswer(
        verdict=Verdict.NOT_INSTALLED,
        reason='not installed: qulacs (pip install -e ".[qulacs]" in the repository of qbench)',
    )


def test_another_environment_is_told_packages_and_no_path(tmp_path):
    lacking = planned("ddsim.exact", "mqt.core", "mqt.ddsim")
    elsewhere = replace(
        lacking, simulator=replace(lacking.simulator, interpreter=tmp_path / "bin" / "python")
    )
    assert install_command(elsewhere) == "pip install mqt.ddsim mqt.core, in that environment"
    plugin = replace(lacking, simulator=replace(lacking.simulator, origin="entry point somebody"))
    assert install_command(plugin) == "pip install mqt.ddsim mqt.core"


def test_a_simulator_with_an_environment_of_its_own_is_told_how_it_is_built(tmp_path):
    path = tmp_path / "alone.py"
    source = TOY.read_text(encoding="utf-8")
    path.write_text(
        source.replace('DISTRIBUTIONS = ["numpy"]', 'DISTRIBUTIONS = ["numpy"]\nREQUIREMENTS = ["numpy"]')
    )
    simulator, *_ = resolve([str(path)])
    missing = Installation(python="3.11.0", versions={"numpy": None})
    lacking = PlannedSimulator(simulator=simulator, installation=missing)
    assert install_command(lacking) == f"qbench env build PATH/alone.py:{simulator.name}"
    plugin = replace(lacking, simulator=replace(simulator, origin="entry point somebody"))
    assert install_command(plugin) == f"qbench env build {simulator.name}"
    elsewhere = replace(lacking, simulator=replace(simulator, interpreter=tmp_path / "bin" / "python"))
    assert install_command(elsewhere) == "pip install numpy, in that environment"
