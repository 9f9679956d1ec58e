"""Stim, DDSIM and qulacs where they differ from the rest: Clifford gates, samples alone, tolerances, merging.

The exact configurations that give states and samples are in test_adapters as well.
"""

import functools
import itertools
import random

import numpy as np
import pytest
from gate_matrices import distance, final_state
from loading import answer, load, outcomes
from needing import needs

from qbench.circuits.library import load_circuit
from qbench.circuits.lowering import lower
from qbench.ir import GATES, Circuit, Operation, Task
from qbench.simulators.registry import builtin_simulators
from qbench.verify.state import amplitude_bound

STATE = Task("state")
KNOWN = {simulator.name: simulator for simulator in builtin_simulators()}
STABILIZER_STATES = ((), ("x",), ("h",), ("x", "h"), ("h", "s"), ("h", "sdg"))


@functools.cache
def loaded(name):
    needs(name)
    return load(name)


def random_clifford(source, qubits, gates, names):
    operations = [
        Operation(name, (qubit,)) for qubit in range(qubits) for name in source.choice(STABILIZER_STATES)
    ]
    for _ in range(gates):
        name = source.choice([name for name in names if GATES[name][0] <= qubits])
        operations.append(Operation(name, tuple(source.sample(range(qubits), GATES[name][0]))))
    return Circuit(qubits, tuple(operations))


def measured(qubits, ones, readout):
    """A circuit with one certain outcome; ``readout`` maps classical bit to qubit, {} shows all qubits."""
    operations = [Operation("x", (qubit,)) for qubit in ones]
    operations += [Operation("measure", (q,), (), (c,)) for c, q in readout.items()]
    return Circuit(qubits, tuple(operations), 1 + max(readout) if readout else 0)


# ---- Stim


@pytest.mark.parametrize("gate", sorted(KNOWN["stim.tableau"].facts.gates))
def test_a_clifford_gate_is_its_matrix_on_every_stabilizer_product_state(gate):
    _, engine = loaded("stim.tableau")
    arity = GATES[gate][0]
    for order in itertools.permutations(range(arity)):
        for starts in itertools.product(STABILIZER_STATES, repeat=arity):
            start = [Operation(name, (qubit,)) for qubit, names in enumerate(starts) for name in names]
            circuit = Circuit(arity, (*start, Operation(gate, order)))
            assert distance(answer(engine, circuit, STATE), final_state(circuit)) < 1e-7


@pytest.mark.parametrize("seed", range(6))
def test_random_clifford_circuits(seed):
    facts, engine = loaded("stim.tableau")
    circuit = random_clifford(random.Random(seed), 2 + seed, 80, sorted(facts.gates))
    state = answer(engine, circuit, STATE)
    assert state.dtype == np.complex64
    # one rounding of each amplitude, whatever the number of gates
    assert distance(state, final_state(circuit)) < 3e-8


def test_the_last_qubits_are_there_though_nothing_acts_on_them():
    _, engine = loaded("stim.tableau")
    for circuit in (Circuit(4, (Operation("x", (1,)),)), Circuit(3, ())):
        state = answer(engine, circuit, STATE)
        assert state.shape == (2**circuit.num_qubits,)
        assert distance(state, final_state(circuit)) < 1e-7


def test_stim_computes_amplitudes_in_execute():
    _, engine = loaded("stim.tableau")
    handle = engine.execute(engine.translate(Circuit(2, (Operation("h", (0,)),)), STATE), 1)
    assert handle is engine.readback(handle)
    assert handle.shape == (4,)


def test_clifford_circuits_with_angles_reach_stim():
    """u2(0, pi) and rz(pi/2), as files have them, are lowered to gates that it takes."""
    facts, engine = loaded("stim.tableau")
    half = np.pi / 2
    operations = (
        Operation("u2", (0,), (0.0, np.pi)),
        Operation("rx", (1,), (-half,)),
        Operation("cp", (0, 1), (np.pi,)),
        Operation("rzz", (1, 2), (half,)),
        Operation("ry", (2,), (3 * half,)),
        Operation("crz", (2, 0), (np.pi,)),
    )
    circuit = Circuit(3, operations)
    state = answer(engine, lower(circuit, facts.gates), STATE)
    assert distance(state, final_state(circuit)) < 1e-7


# ---- samples


SAMPLERS = ["stim.sampler", "ddsim.statevector", "ddsim.exact", "qulacs.statevector", "qulacs.opt"]


@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.parametrize(
    ("circuit", "outcome"),
    [
        (measured(3, [2], {}), 0b100),
        (measured(3, [0], {0: 2, 1: 1, 2: 0}), 0b100),
        (measured(4, [1, 3], {0: 3, 2: 1, 5: 0}), 0b101),
        (measured(2, [1], {0: 1, 1: 1, 2: 0}), 0b11),  # DDSIM itself would write one of the two
        (measured(5, [3], {40: 3}), 1 << 40),
    ],
)
def test_outcome_bits_are_classical_bits(name, circuit, outcome):
    _, engine = loaded(name)
    assert outcomes(answer(engine, circuit, Task("sample", shots=50))) == {outcome: 50}


def test_stim_samples_more_bits_than_an_integer_of_the_machine_has():
    _, engine = loaded("stim.sampler")
    ghz = [Operation("h", (0,)), *(Operation("cx", (q, q + 1)) for q in range(199))]
    counts = outcomes(answer(engine, Circuit(200, tuple(ghz)), Task("sample", shots=64)))
    assert set(counts) == {0, 2**200 - 1}
    assert sum(counts.values()) == 64
    single = measured(200, [70], {q: 199 - q for q in range(200)})
    assert outcomes(answer(engine, single, Task("sample", shots=50))) == {1 << 129: 50}


@pytest.mark.parametrize("name", SAMPLERS)
def test_nothing_measured_is_refused(name):
    _, engine = loaded(name)
    nothing = Circuit(2, (Operation("x", (0,)),), 2)
    assert "measured" in engine.supports(nothing, Task("sample", shots=20))


@pytest.mark.parametrize("name", SAMPLERS)
def test_seeds(name):
    _, engine = loaded(name)
    circuit = Circuit(6, tuple(Operation("h", (qubit,)) for qubit in range(6)))
    task = Task("sample", shots=500)
    program = engine.translate(circuit, task)
    if hasattr(engine, "compile"):
        program = engine.compile(program, task)
    drawn = [outcomes(engine.readback(engine.execute(program, s))) for s in (0, 1, 2, 2**31 - 1, 1, 0)]
    assert drawn[0] == drawn[5]
    assert drawn[1] == drawn[4]
    assert len({tuple(sorted(counts.items())) for counts in drawn}) == 4
    assert all(sum(counts.values()) == 500 for counts in drawn)


@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.parametrize("seed", range(4))
def test_samples_of_clifford_circuits_follow_the_state(name, seed):
    _, engine = loaded(name)
    circuit = random_clifford(
        random.Random(seed), 4, 30, ("x", "y", "z", "h", "s", "sdg", "cx", "cz", "swap")
    )
    counts = outcomes(answer(engine, circuit, Task("sample", shots=20000)))
    chances = abs(final_state(circuit)) ** 2
    assert sum(counts.values()) == 20000
    for outcome, p in enumerate(chances):
        assert abs(counts.get(outcome, 0) - 20000 * p) <= 5 * (20000 * p * (1 - p)) ** 0.5 + 1e-6


# ---- DDSIM


def scattered(qubits, *last):
    start = [Operation("ry", (q,), (0.9 + 0.2 * q,)) for q in range(qubits)]
    return Circuit(qubits, (*start, *(Operation("rz", (q,), (0.7,)) for q in range(qubits)), *last))


@pytest.mark.parametrize("gate", sorted(KNOWN["ddsim.statevector"].facts.gates))
def test_the_default_tolerance_is_near_the_matrix(gate):
    _, engine = loaded("ddsim.statevector")
    arity, angles = GATES[gate]
    for order in itertools.islice(itertools.permutations(range(arity + 1), arity), 12):
        for angle in (0.7, -3.3, 1e-6):
            own = (angle, 0.3 * angle, -1.1)[:angles]
            circuit = scattered(arity + 1, Operation(gate, order, own))
            assert distance(answer(engine, circuit, STATE), final_state(circuit)) < 1e-12


@pytest.mark.parametrize("angle", [1e-13, 9e-14, 1e-6, np.pi / 2 + 6e-14, np.pi - 8e-14])
@pytest.mark.parametrize("gate", ["p", "u2", "u", "cp", "rx", "rz", "rzz"])
def test_the_exact_configuration_keeps_every_angle(gate, angle):
    """QuantumComputation rounds the angles of p, u2, u and cp: there they are lowered."""
    facts, engine = loaded("ddsim.exact")
    arity, angles = GATES[gate]
    circuit = scattered(arity, Operation(gate, tuple(range(arity)), (angle, 0.3, 0.4)[:angles]))
    state = answer(engine, lower(circuit, facts.gates), STATE)
    assert distance(state, final_state(circuit)) < 1e-15


def test_merging_does_not_add_up_on_wide_circuits():
    """At a tolerance of 1e-15 the norm was off by 2.2 times what double precision allows."""
    facts, engine = loaded("ddsim.exact")
    circuit = load_circuit("qft_14")
    executed = lower(circuit, facts.gates)
    found = answer(engine, executed, STATE)
    assert abs(np.linalg.norm(found) - 1) <= 0.6 * amplitude_bound(circuit, "complex128", executed)


def test_the_tolerance_is_set_at_every_run():
    """It holds for the whole process; ``get_tolerance`` tells the default whatever was set."""
    _, engine = loaded("ddsim.exact")
    circuit = Circuit(1, (Operation("ry", (0,), (0.9,)), Operation("ry", (0,), (1e-6,))))
    program = engine.translate(circuit, STATE)
    engine.simulator(program[0]).set_tolerance(1e-4)
    try:
        coarse = engine.simulator(program[0])
        coarse.simulate(0)
        assert distance(coarse.get_constructed_dd().get_vector(), final_state(circuit)) > 1e-7
        assert distance(engine.readback(engine.execute(program, 1)), final_state(circuit)) < 1e-15
    finally:
        coarse.set_tolerance(2.0**-42)


def test_a_diagram_is_read_back_after_its_simulator_went_out_of_sight():
    """A bare ``get_constructed_dd`` would have crashed the process here."""
    _, engine = loaded("ddsim.exact")
    circuit = scattered(6)
    handles = [engine.execute(engine.translate(circuit, STATE), seed) for seed in range(20)]
    for handle in handles:
        assert distance(engine.readback(handle), final_state(circuit)) < 1e-15


# ---- qulacs


def test_only_qulacs_opt_merges_gates_and_in_compile():
    _, plain = loaded("qulacs.statevector")
    assert not hasattr(plain, "compile")
    _, merging = loaded("qulacs.opt")
    circuit = scattered(3, *(Operation("t", (q,)) for q in range(3)))
    translated = merging.translate(circuit, STATE)
    assert translated[0].get_gate_count() == 9
    compiled = merging.compile(translated, STATE)
    assert compiled[0].get_gate_count() == 3
    assert distance(merging.readback(merging.execute(compiled, 1)), final_state(circuit)) < 1e-15
