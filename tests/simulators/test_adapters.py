"""Each adapter, gate by gate, against matrices; bit order, seeds, precision, and what is really executed.

These are the exact simulators that give both states and samples; the others have tests of their own.
"""

import ast
import functools
import itertools
import math
import random
import sys

import numpy as np
import pytest
from adapter_calls import VARIANTS
from gate_matrices import distance, final_state
from loading import answer, load, outcomes
from needing import needs

from qbench.ir import GATES, Circuit, Operation, Task
from qbench.simulators.registry import builtin_simulators

SIMULATORS = {
    simulator.name: simulator
    for simulator in builtin_simulators()
    if simulator.facts.kind == "exact"
    and {"state", "sample"} <= set(simulator.facts.tasks)
    and "jax" not in simulator.facts.distributions  # compiles for 0.1 s per gate: has tests of its own
    and simulator.name not in VARIANTS
}
ANGLES = (1e-9, 1e-6, math.pi, 7.0, -3.3)
STATE = Task("state")
ROUNDOFF = {"complex128": 2.0**-53, "complex64": 2.0**-24}


@functools.cache
def loaded(name):
    return load(name)


@pytest.fixture(params=list(SIMULATORS))
def simulator(request):
    needs(request.param)
    return loaded(request.param)


def gates_of_all():
    return sorted({gate for simulator in SIMULATORS.values() for gate in simulator.facts.gates})


def scatter(source, qubits):
    """A turn of each qubit that leaves no symmetry for a wrong gate to hide in."""
    for qubit in range(qubits):
        yield Operation("ry", (qubit,), (source.uniform(0.4, 2.7),))
        yield Operation("rz", (qubit,), (source.uniform(-3, 3),))


def allowed(facts, circuit):
    return 8 * ROUNDOFF[facts.precision] * math.sqrt(len(circuit.gates))


@pytest.mark.parametrize("gate", gates_of_all())
def test_a_gate_is_its_matrix_on_every_order_of_qubits_at_every_angle(simulator, gate):
    facts, engine = simulator
    if gate not in facts.gates:
        pytest.skip(f"{facts.name} does not declare {gate}")
    arity, angles = GATES[gate]
    source = random.Random(gate)
    qubits = arity + 1
    orders = list(itertools.permutations(range(qubits), arity))
    operations = []
    for order in source.sample(orders, min(len(orders), 12)):
        for angle in ANGLES if angles else (None,):
            operations += scatter(source, qubits)
            own = [angle, *source.choices(ANGLES, k=angles - 1)] if angles else []
            operations.append(Operation(gate, order, tuple(source.sample(own, len(own)))))
    circuit = Circuit(qubits, tuple(operations))
    assert distance(answer(engine, circuit, STATE), final_state(circuit)) <= allowed(facts, circuit)


@pytest.mark.parametrize("gate", gates_of_all())
def test_one_gate_alone_is_exact(simulator, gate):
    facts, engine = simulator
    if gate not in facts.gates:
        pytest.skip(f"{facts.name} does not declare {gate}")
    arity, angles = GATES[gate]
    source = random.Random(gate)
    prepare = tuple(scatter(source, arity))
    circuit = Circuit(arity, (*prepare, Operation(gate, tuple(range(arity)), (1e-6,) * angles)))
    limit = {"complex128": 1e-15, "complex64": 4e-7}[facts.precision]
    assert distance(answer(engine, circuit, STATE), final_state(circuit)) <= limit


@pytest.mark.parametrize(("qubits", "gates", "seed"), [(3, 80, 1), (5, 100, 2), (8, 60, 3), (14, 40, 4)])
def test_random_circuits(simulator, qubits, gates, seed):
    facts, engine = simulator
    source = random.Random(seed)
    names = sorted(gate for gate in facts.gates if GATES[gate][0] <= qubits)
    operations = list(scatter(source, qubits))
    for _ in range(gates):
        name = source.choice(names)
        arity, angles = GATES[name]
        own = tuple(source.choice((source.uniform(-4, 4), 1e-3, 1e-9)) for _ in range(angles))
        operations.append(Operation(name, tuple(source.sample(range(qubits), arity)), own))
    circuit = Circuit(qubits, tuple(operations))
    state = answer(engine, circuit, STATE)
    assert np.shape(state) == (2**qubits,)
    assert distance(state, final_state(circuit)) <= allowed(facts, circuit)


@pytest.mark.parametrize(
    "small", [("ry", (1,), 1e-6), ("ry", (1,), 1e-12), ("cp", (0, 1), 1e-6), ("rzz", (0, 1), 1e-8)]
)
def test_small_angles_survive(simulator, small):
    """What Qiskit's transpiler drops at its default level."""
    facts, engine = simulator
    name, on, angle = small
    operations = [*scatter(random.Random(1), 3), Operation("cx", (0, 1)), Operation(name, on, (angle,))]
    circuit = Circuit(3, (*operations, Operation("cx", (0, 1)), Operation("cx", (1, 2))))
    assert distance(answer(engine, circuit, STATE), final_state(circuit)) <= allowed(facts, circuit)


def test_small_amplitudes_survive(simulator):
    _, engine = simulator
    state = np.asarray(answer(engine, Circuit(2, (Operation("ry", (1,), (1e-11,)),)), STATE))
    assert abs(state[2]) == pytest.approx(5e-12, rel=1e-6)
    assert state[1] == state[3] == 0


def test_qubits_that_nothing_acts_on_are_there_and_last(simulator):
    _, engine = simulator
    state = np.asarray(answer(engine, Circuit(4, (Operation("x", (1,)),)), STATE))
    assert np.flatnonzero(abs(state) > 0.5).tolist() == [2]
    assert state.shape == (16,)


def test_declared_precision_is_true_precision(simulator):
    facts, engine = simulator
    circuit = Circuit(3, tuple(scatter(random.Random(3), 3)))
    state = np.asarray(answer(engine, circuit, STATE))
    single = bool((state.astype(np.complex64) == state).all())
    assert single is (facts.precision == "complex64")


# ---- samples


def flipped(qubits, ones, readout=None):
    """A circuit with one certain outcome: ``ones`` are flipped; ``readout`` maps classical bit to qubit."""
    operations = [Operation("x", (qubit,)) for qubit in ones]
    operations += [Operation("measure", (q,), (), (c,)) for c, q in (readout or {}).items()]
    return Circuit(qubits, tuple(operations), 1 + max(readout) if readout else 0)


@pytest.mark.parametrize(
    ("circuit", "outcome"),
    [
        (flipped(3, [0]), 0b001),
        (flipped(3, [2]), 0b100),
        (flipped(3, [0], {0: 0, 1: 1, 2: 2}), 0b001),
        (flipped(3, [0], {0: 2, 1: 1, 2: 0}), 0b100),
        (flipped(3, [2], {0: 1, 1: 2}), 0b10),
        (flipped(4, [1, 3], {0: 3, 2: 1, 5: 0}), 0b000101),
        (flipped(2, [1], {0: 1, 1: 1, 2: 0}), 0b011),
        (flipped(4, [3], {0: 3}), 0b1),
    ],
)
def test_outcome_bits_are_classical_bits(simulator, circuit, outcome):
    _, engine = simulator
    assert outcomes(answer(engine, circuit, Task("sample", shots=50))) == {outcome: 50}


def test_a_later_measurement_into_the_same_bit_counts(simulator):
    _, engine = simulator
    measured = (Operation("measure", (0,), (), (0,)), Operation("measure", (1,), (), (0,)))
    circuit = Circuit(2, (Operation("x", (0,)), *measured), 1)
    assert outcomes(answer(engine, circuit, Task("sample", shots=20))) == {0: 20}


def test_nothing_measured_is_refused(simulator):
    _, engine = simulator
    circuit = Circuit(2, (Operation("x", (0,)),), 2)
    assert "measured" in engine.supports(circuit, Task("sample", shots=20))
    assert engine.supports(circuit, STATE) is None


def test_seeds(simulator):
    _, engine = simulator
    circuit = Circuit(6, tuple(scatter(random.Random(6), 6)))
    task = Task("sample", shots=500)
    program = engine.translate(circuit, task)
    if hasattr(engine, "compile"):
        program = engine.compile(program, task)
    seeds = (0, 1, 2, 2**31 - 1, 1, 0)
    drawn = [outcomes(engine.readback(engine.execute(program, seed))) for seed in seeds]
    assert drawn[1] == drawn[4]
    assert drawn[0] == drawn[5]
    assert len({tuple(sorted(counts.items())) for counts in drawn}) == 4
    assert all(sum(counts.values()) == 500 for counts in drawn)


def test_samples_follow_the_state(simulator):
    _, engine = simulator
    circuit = Circuit(3, tuple(scatter(random.Random(8), 3)))
    shots = 20000
    counts = outcomes(answer(engine, circuit, Task("sample", shots=shots)))
    for outcome, p in enumerate(abs(final_state(circuit)) ** 2):
        assert abs(counts.get(outcome, 0) - shots * p) <= 5 * math.sqrt(shots * p * (1 - p)) + 1


# ---- what is particular to one package


def test_every_call_of_a_qnode_reaches_the_device():
    needs("pennylane.default", "pennylane.lightning")
    pennylane = pytest.importorskip("pennylane")
    for name in ("pennylane.default", "pennylane.lightning", "pennylane.lightning.c64"):
        _, engine = loaded(name)
        program = engine.translate(flipped(2, [0]), STATE)
        with pennylane.Tracker(program[0].device) as tracker:
            for seed in (1, 2, 3):
                engine.execute(program, seed)
        assert tracker.totals["executions"] == 3


def test_lightning_computes_in_what_it_is_called_after():
    needs("pennylane.lightning")
    for name, kind in (("pennylane.lightning", np.complex128), ("pennylane.lightning.c64", np.complex64)):
        _, engine = loaded(name)
        program = engine.translate(flipped(2, [0]), STATE)
        assert program[0].device.c_dtype == kind
        assert engine.readback(engine.execute(program, 1)).dtype == kind


def test_aer_raises_with_its_own_status():
    needs("aer.statevector")
    _, engine = load("aer.statevector")
    engine.backend.set_options(max_memory_mb=1)
    with pytest.raises(RuntimeError, match="memory"):
        answer(engine, flipped(20, [0]), STATE)


def test_qiskit_refuses_to_sample_what_takes_gigabytes():
    needs("qiskit.statevector")
    _, engine = loaded("qiskit.statevector")
    assert "at most 18" in engine.supports(flipped(19, [0]), Task("sample", shots=1))
    assert engine.supports(flipped(19, [0], {0: 3}), Task("sample", shots=1)) is None


@pytest.mark.parametrize(
    "path", sorted({one.facts.path for one in builtin_simulators(doubles=True)}), ids=lambda path: path.stem
)
def test_files_are_python_3_9_and_import_only_the_standard_library(path):
    tree = ast.parse(path.read_bytes(), feature_version=(3, 9))
    imported = set()
    for node in tree.body:
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module)
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names
