"""Qiskit's and Aer's configurations that give only states, only samples, or approximate ones.

Where a configuration hands out no state, the tests read what it computed where it keeps that, so that its
gates are compared with matrices to the last digits and not only through shot noise.
"""

import functools
import itertools
import math
import random

import numpy as np
import pytest
from gate_matrices import distance, final_state
from loading import answer, load, outcomes
from needing import needs

from qbench.ir import GATES, Circuit, Operation, Task
from qbench.model import NoAnswer, Verdict
from qbench.session.plan import plan_simulators
from qbench.session.preparing import prepare_cell
from qbench.simulators.registry import builtin_simulators

needs("qiskit.statevector", "aer.statevector")

STATE, SAMPLE = Task("state"), Task("sample", shots=500)
ANGLES = (1e-9, 1e-6, math.pi, 7.0, -3.3)
METHODS = {
    "aer.density_matrix": "save_density_matrix",
    "aer.mps": "save_statevector",
    "aer.stabilizer": "save_clifford",
    "aer.unitary": "save_unitary",
}
NAMES = [*METHODS, "qiskit.sampler", "qiskit.basic"]
SAMPLING = [name for name in NAMES if name != "aer.unitary"]
EXACT = ["aer.density_matrix", "aer.unitary", "qiskit.sampler", "qiskit.basic"]

FACTS = {simulator.name: simulator.facts for simulator in builtin_simulators()}

loaded = functools.cache(load)


def error(name, circuit):
    """The largest error of the state (density_matrix: of |state><state|) that a configuration computes."""
    facts, engine = loaded(name)
    expected = final_state(circuit)
    if "state" in facts.tasks:
        return distance(answer(engine, circuit, STATE), expected)
    program = engine.translate(circuit, SAMPLE)
    native = program[0]
    if name == "qiskit.basic":
        engine.execute(engine.compile(program, SAMPLE), 1)
        return distance(engine.backend._statevector.reshape(-1), expected)
    bare = native.remove_final_measurements(inplace=False)
    if name == "qiskit.sampler":
        from qiskit.quantum_info import Statevector

        return distance(Statevector(bare).data, expected)
    getattr(bare, METHODS[name])()
    saving = program._replace(circuit=bare, run={"shots": 1})
    result, _ = engine.execute(engine.compile(saving, STATE), 1)
    if name == "aer.stabilizer":
        return distance(result.data(0)["clifford"].to_operator().data[:, 0], expected)
    return abs(result.data(0)["density_matrix"].data - np.outer(expected, expected.conj())).max()


def turns(source, qubits):
    """A turn of each qubit that leaves no symmetry for a wrong gate to hide in."""
    for qubit in range(qubits):
        yield Operation("ry", (qubit,), (source.uniform(0.4, 2.7),))
        yield Operation("rz", (qubit,), (source.uniform(-3, 3),))


def clifford(seed, qubits, gates):
    source = random.Random(seed)
    names = sorted(FACTS["aer.stabilizer"].gates)
    chosen = [source.choice(names) for _ in range(gates)]
    operations = (Operation(name, tuple(source.sample(range(qubits), GATES[name][0]))) for name in chosen)
    return Circuit(qubits, tuple(operations))


def allowed(name, circuit):
    """Rounding; for mps what it drops: a Schmidt coefficient below 1e-8 for each of the gates at 1e-9."""
    return 1e-7 if name == "aer.mps" else 8 * 2.0**-53 * math.sqrt(len(circuit.gates))


@pytest.mark.parametrize(
    ("name", "gate"), [(name, gate) for name in [*EXACT, "aer.mps"] for gate in sorted(FACTS[name].gates)]
)
def test_a_gate_is_its_matrix_on_every_order_of_qubits_at_every_angle(name, gate):
    arity, angles = GATES[gate]
    source = random.Random(gate)
    orders = list(itertools.permutations(range(arity + 1), arity))
    operations = []
    for order in source.sample(orders, min(len(orders), 12)):
        for angle in ANGLES if angles else (None,):
            operations += turns(source, arity + 1)
            own = [angle, *source.choices(ANGLES, k=angles - 1)] if angles else []
            operations.append(Operation(gate, order, tuple(source.sample(own, len(own)))))
    circuit = Circuit(arity + 1, tuple(operations))
    assert error(name, circuit) <= allowed(name, circuit)


@pytest.mark.parametrize("seed", range(4))
def test_clifford_gates_are_their_matrices(seed):
    circuit = clifford(seed, 4, 80)
    assert {gate.name for gate in circuit.gates} == FACTS["aer.stabilizer"].gates
    assert error("aer.stabilizer", circuit) <= 1e-14


@pytest.mark.parametrize(("qubits", "gates"), [(3, 80), (8, 60)])
@pytest.mark.parametrize("name", [*EXACT, "aer.mps"])
def test_random_circuits(name, qubits, gates):
    source = random.Random(qubits)
    names = sorted(gate for gate in FACTS[name].gates if GATES[gate][0] <= qubits)
    operations = list(turns(source, qubits))
    for _ in range(gates):
        gate = source.choice(names)
        arity, angles = GATES[gate]
        own = tuple(source.choice((source.uniform(-4, 4), 1e-3, 1e-9)) for _ in range(angles))
        operations.append(Operation(gate, tuple(source.sample(range(qubits), arity)), own))
    circuit = Circuit(qubits, tuple(operations))
    assert error(name, circuit) <= allowed(name, circuit)


@pytest.mark.parametrize("small", [("ry", (1,), 1e-6), ("ry", (1,), 1e-12), ("cp", (0, 1), 1e-6)])
@pytest.mark.parametrize("name", EXACT)
def test_small_angles_survive(name, small):
    """What Qiskit's transpiler drops at its default level."""
    gate, on, angle = small
    operations = [*turns(random.Random(1), 3), Operation("cx", (0, 1)), Operation(gate, on, (angle,))]
    circuit = Circuit(3, (*operations, Operation("cx", (0, 1)), Operation("cx", (1, 2))))
    assert error(name, circuit) <= allowed(name, circuit)


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
        (flipped(3, [0], {0: 2, 1: 1, 2: 0}), 0b100),
        (flipped(3, [2], {0: 1, 1: 2}), 0b10),
        (flipped(4, [1, 3], {0: 3, 2: 1, 5: 0}), 0b000101),
        (flipped(2, [1], {0: 1, 1: 1, 2: 0}), 0b011),
        (flipped(4, [3], {0: 3}), 0b1),
    ],
)
@pytest.mark.parametrize("name", SAMPLING)
def test_outcome_bits_are_classical_bits(name, circuit, outcome):
    assert outcomes(answer(loaded(name)[1], circuit, Task("sample", shots=50))) == {outcome: 50}


@pytest.mark.parametrize("name", SAMPLING)
def test_a_later_measurement_into_the_same_bit_counts(name):
    measured = (Operation("measure", (0,), (), (0,)), Operation("measure", (1,), (), (0,)))
    circuit = Circuit(2, (Operation("x", (0,)), *measured), 1)
    assert outcomes(answer(loaded(name)[1], circuit, Task("sample", shots=20))) == {0: 20}


@pytest.mark.parametrize("name", SAMPLING)
def test_nothing_measured_is_refused(name):
    circuit = Circuit(2, (Operation("x", (0,)),), 2)
    assert "measured" in loaded(name)[1].supports(circuit, SAMPLE)


@pytest.mark.parametrize("name", SAMPLING)
def test_seeds(name):
    _, engine = loaded(name)
    program = engine.translate(Circuit(8, tuple(Operation("h", (q,)) for q in range(8))), SAMPLE)
    if hasattr(engine, "compile"):
        program = engine.compile(program, SAMPLE)
    seeds = (0, 1, 2, 2**31 - 1, 1, 0)
    drawn = [outcomes(engine.readback(engine.execute(program, seed))) for seed in seeds]
    assert drawn[1] == drawn[4]
    assert drawn[0] == drawn[5]
    assert len({tuple(sorted(counts.items())) for counts in drawn}) == 4
    assert all(sum(counts.values()) == 500 for counts in drawn)


@pytest.mark.parametrize("name", SAMPLING)
def test_samples_follow_the_state(name):
    circuit = (
        clifford(3, 4, 40) if name == "aer.stabilizer" else Circuit(3, tuple(turns(random.Random(8), 3)))
    )
    shots = 20000
    counts = outcomes(answer(loaded(name)[1], circuit, Task("sample", shots=shots)))
    chances = abs(final_state(circuit)) ** 2
    assert np.count_nonzero(chances > 1e-3) > 3
    for outcome, p in enumerate(chances):
        assert abs(counts.get(outcome, 0) - shots * p) <= 5 * math.sqrt(shots * abs(p * (1 - p))) + 1e-6


# ---- what is particular to one configuration


@pytest.mark.parametrize("name", list(METHODS))
def test_the_options_reach_aer(name):
    """Each configuration is the method that it is called after, on one thread."""
    facts, engine = loaded(name)
    operations = tuple(Operation("h", (q,)) for q in range(2))
    task = Task(facts.tasks[0], shots=5 if facts.tasks[0] == "sample" else None)
    result, _ = engine.execute(engine.compile(engine.translate(Circuit(2, operations), task), task), 1)
    about = result.results[0].metadata
    assert about["method"] == engine.method == facts.options["backend"]["method"]
    assert engine.backend.options.max_parallel_threads == about["parallel_state_update"] == 1


def test_the_state_of_unitary_is_its_first_column_and_nothing_is_computed():
    _, engine = loaded("aer.unitary")
    circuit = Circuit(3, tuple(turns(random.Random(4), 3)))
    handle = engine.execute(engine.compile(engine.translate(circuit, STATE), STATE), 1)
    unitary = handle[0].get_unitary().data
    assert np.allclose(unitary @ unitary.conj().T, np.eye(8), atol=1e-14)
    assert np.shares_memory(engine.readback(handle), unitary)
    assert distance(unitary[:, 0], final_state(circuit)) <= 1e-15


@pytest.mark.parametrize(("angle", "lowest", "highest"), [(2.1e-8, 0, 1e-16), (1.9e-8, 9e-9, 1e-8)])
def test_mps_drops_schmidt_coefficients_below_1e_8(angle, lowest, highest):
    """Why it is declared approximate.  Where this no longer holds, its docstring and KIND are out of date."""
    circuit = Circuit(2, (Operation("ry", (0,), (angle,)), Operation("cx", (0, 1))))
    assert lowest <= error("aer.mps", circuit) <= highest
    assert FACTS["aer.mps"].kind == "approximate"


def test_only_the_sampler_is_held_to_18_measured_qubits():
    (_, sampler), (_, basic) = loaded("qiskit.sampler"), loaded("qiskit.basic")
    assert "at most 18" in sampler.supports(flipped(19, [0]), SAMPLE)
    assert sampler.supports(flipped(19, [0], {0: 3}), SAMPLE) is None
    assert basic.supports(flipped(19, [0]), SAMPLE) is None


BELL = Circuit(2, (Operation("h", (0,)), Operation("cx", (0, 1))))
T = Circuit(1, (Operation("t", (0,)),))
RX = Circuit(1, (Operation("rx", (0,), (0.3,)),))


@pytest.mark.parametrize(
    ("name", "circuit", "task", "reason"),
    [
        ("aer.density_matrix", BELL, STATE, "density matrix, which is no state vector"),
        ("aer.stabilizer", BELL, STATE, "stabilizers"),
        ("aer.unitary", BELL, SAMPLE, "refuses measurements"),
        ("qiskit.sampler", BELL, STATE, "counts only; qiskit.statevector"),
        ("qiskit.basic", BELL, STATE, "counts only; qiskit.statevector"),
        ("aer.stabilizer", T, SAMPLE, "not a Clifford circuit: t on qubit 0"),
        ("aer.stabilizer", RX, SAMPLE, "not a Clifford circuit: rx(0.3)"),
        ("aer.density_matrix", flipped(13, [0]), SAMPLE, "13 qubits; it takes at most 12"),
        ("aer.unitary", flipped(13, [0]), STATE, "13 qubits; it takes at most 12"),
    ],
)
def test_what_is_not_offered_is_unsupported_and_says_why(name, circuit, task, reason):
    (planned,) = plan_simulators([name])
    refused = prepare_cell(planned, circuit, task, "native")
    assert isinstance(refused, NoAnswer)
    assert refused.verdict is Verdict.UNSUPPORTED
    assert reason in refused.reason
