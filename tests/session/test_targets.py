"""What may be brought to a run: names, paths, circuits of qbench, Qiskit and PennyLane."""

import subprocess
import sys
from pathlib import Path

import pytest
from needing import needs

import qbench
from qbench.errors import QbenchError
from qbench.ir import Circuit, Operation
from qbench.session.plan import make_plan
from qbench.session.targets import read_targets

# what follows may be absent
needs("qiskit.statevector", "pennylane.default")
import pennylane as qml  # noqa: E402
from qiskit import QuantumCircuit  # noqa: E402
from qiskit.circuit import Parameter  # noqa: E402


def read(*targets):
    mistakes = []
    _, problems = read_targets(targets, mistakes)
    return [problem.circuit for problem in problems], mistakes


def qiskit_bell(name=None):
    circuit = QuantumCircuit(2, name=name)
    circuit.h(0)
    circuit.cx(0, 1)
    return circuit


def test_objects_beside_names_and_files(tmp_path):
    path = tmp_path / "three.qasm"
    path.write_text('OPENQASM 3; include "stdgates.inc"; qubit[2] q; ctrl @ y q[0], q[1];')
    tape = qml.tape.QuantumScript([qml.CZ([0, 1])], [qml.state()])
    own = Circuit(1, (Operation("x", (0,)),), name="own")
    circuits, mistakes = read(qiskit_bell("bell"), tape, own, "ghz_3", path, str(path))
    assert mistakes == []
    assert [(one.name, [op.name for op in one.gates][-1]) for one in circuits] == [
        ("bell", "cx"),
        ("circuit", "cz"),
        ("own", "x"),
        ("ghz_3", "cx"),
        ("three", "cy"),
    ]


def test_named_circuits_take_the_protocols_rounds_and_a_suite_its_own():
    for target in ("ghz_3", qiskit_bell("bell")):
        measure = make_plan((target,), simulators=["qiskit.statevector"]).measure
        assert (measure.rounds, measure.most_rounds, measure.width, measure.extra_rounds) == (6, 20, 0.05, 3)
        assert (measure.visit_ms, measure.warmup_ms, measure.phases) == (20, 20, ("execute", "end_to_end"))
    assert make_plan(("ghz_3",), simulators=["qiskit.statevector"], rounds=2).measure.fixed_rounds
    assert make_plan(("quick",)).measure.rounds == 5


def test_one_content_is_one_problem_under_its_first_name():
    tape = qml.tape.QuantumScript([qml.Hadamard(0), qml.CNOT([0, 1])])
    circuits, _ = read(qiskit_bell("first"), tape, qiskit_bell("second"))
    assert [one.name for one in circuits] == ["first"]


def test_names_from_elsewhere_are_one_line_and_distinct():
    def named(name, qubits):
        return Circuit(qubits, (Operation("x", (0,)),), name=name)

    circuits, _ = read(named("a\nb\x1b[31m", 1), named("a\nb\x1b[31m", 2), named("x" * 500, 3), named("", 4))
    assert [one.name for one in circuits] == ["a?b?[31m", "a?b?[31m-2", "x" * 60, "circuit"]


def free():
    circuit = QuantumCircuit(1, name="free")
    circuit.rx(Parameter("θ"), 0)
    return circuit


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (lambda: 7, "a target of the type int: expected a name, a path, a Circuit"),
        (lambda: None, "a target of the type NoneType"),
        (lambda: qml.QNode(lambda: None, qml.device("default.qubit")), "bring its tape, qml.workflow"),
        (lambda: QuantumCircuit(65), "65 qubits; qbench reads at most 64"),
        (lambda: "nothing-of-the-kind", "neither a suite"),
    ],
)
def test_what_cannot_be_run_is_said_before_anything_runs(target, message):
    with pytest.raises(QbenchError, match=message):
        make_plan((target(),))


def test_free_parameters_are_taken_as_they_are_or_at_their_first_binding(tmp_path):
    path = tmp_path / "free.qasm"
    path.write_text("OPENQASM 3; input float theta; qubit q; U(theta, 0, 0) q;")
    plan = make_plan(
        (str(path), free()), workloads=["state", "gradient"], observable="Z0", values={"theta": 0.25}
    )
    kinds = {}
    for cell in plan.cells:
        circuit = plan.problems[cell.problem].circuit
        kinds.setdefault(plan.tasks[cell.task].kind, {})[circuit.name] = circuit
    assert [one.parameters for one in kinds["gradient"].values()] == [
        ("theta",)
    ] * 2  # the Greek letter is spelled
    assert [one.parameters for one in kinds["state"].values()] == [(), ()]
    assert [one.gates[0].params[0] for one in kinds["state"].values()] == [0.25, 0.25]


def test_all_mistakes_are_reported_together():
    with pytest.raises(QbenchError) as caught:
        make_plan((7, QuantumCircuit(65), "ghz_3"), simulators=["nobody"])
    assert len(str(caught.value).splitlines()) >= 3


def test_a_suite_is_named_alone():
    with pytest.raises(
        QbenchError, match="name one suite alone, or circuits only: smoke QuantumCircuit bell"
    ):
        make_plan(("smoke", qiskit_bell("bell")))


def test_objects_are_run_and_kept(tmp_path):
    tape = qml.tape.QuantumScript([qml.RX(0.3, 0), qml.CNOT([0, 1])])
    run = qbench.run(
        qiskit_bell("bell"),
        tape,
        simulators="qiskit.statevector",
        workloads="state",
        rounds=1,
        out=tmp_path / "run",
        controls=False,
    )
    assert sorted(run.accuracy()["verdict"]) == ["ok", "ok"]
    assert len(list((tmp_path / "run" / "circuits").glob("*.qasm"))) == 2


def test_a_leading_reset_does_not_make_a_circuit_unsupported(tmp_path):
    path = tmp_path / "leading.qasm"
    head = 'OPENQASM 3; include "stdgates.inc"; qubit[2] q; reset q; '
    path.write_text(head + "barrier q; h q[0]; reset q[1]; cx q[0], q[1];")
    (circuit,), _ = read(path)
    assert circuit.features == frozenset()
    assert [op.name for op in circuit.operations] == ["barrier", "h", "cx"]
    path.write_text(head + "h q[0]; reset q[0];")
    (circuit,), _ = read(path)
    assert circuit.features == {"reset"}


def test_no_package_is_loaded_for_what_is_not_its_own():
    program = (
        "import sys\n"
        "from qbench.ir import Circuit, Operation\n"
        "from qbench.session.targets import read_targets\n"
        "read_targets((Circuit(1, (Operation('x', (0,)),)), 'nothing'), [])\n"
        "print([name for name in ('qiskit', 'pennylane') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_two_circuits_of_a_run_share_a_name(tmp_path: Path) -> None:
    files = []
    for number, place in enumerate(("x/a", "y/a", "x/a-2", "z/a", "x/a-3"), start=1):
        path = tmp_path / f"{place}.qasm"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f'OPENQASM 2.0; include "qelib1.inc"; qreg q[{number}]; h q;')
        files.append(path)
    mistakes: list[str] = []
    _, problems = read_targets(files, mistakes)
    assert not mistakes
    assert [problem.circuit.name for problem in problems] == ["a", "a-4", "a-2", "a-5", "a-3"]
