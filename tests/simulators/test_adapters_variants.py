"""Configurations beside a package's usual ones: other doors, options and methods of packages that are here.

Aer without fusion, in single precision, with a bond limit, its extended stabilizers and its sampler;
PennyLane's devices without a QNode, its reference and its Clifford device; values and samples of qulacs'
density matrix; DDSIM's hybrid and unitary simulators.
"""

import itertools
import math
import random

import numpy as np
import pytest
import workload_matrices as oracle
from adapter_calls import FACTS, VARIANTS, asked, close, every_pauli, loaded, program_of, scatter, scrambled
from gate_matrices import distance, final_state
from loading import outcomes

from qbench.ir import GATES, Channel, Circuit, Noise, Observable, Operation, Parameter, PauliTerm, Task

STATE = Task("state")
DEVICES = ["pennylane.default.device", "pennylane.lightning.device", "pennylane.lightning.device.c64"]
CLIFFORD = ["aer.extended_stabilizer", "pennylane.clifford.state"]
STATES = ["aer.statevector.nofusion", "aer.mps.bond16", *DEVICES, "pennylane.reference", "ddsim.unitary"]
COUNTS = [
    *("aer.statevector.nofusion", "aer.density_matrix.c64", "aer.mps.bond16", "aer.extended_stabilizer"),
    *("aer.mps.probabilities", "aer.sampler", *DEVICES, "pennylane.reference", "pennylane.clifford"),
    *("qulacs.density_matrix", "ddsim.hybrid"),
]
VALUES = [
    *("aer.statevector.nofusion", "aer.density_matrix.c64", "aer.mps.bond16", *DEVICES),
    *("pennylane.reference", "qulacs.density_matrix"),
]
ALLOWED = {"aer.mps.bond16": 1e-7, "ddsim.unitary": 1e-11, "ddsim.hybrid": 1e-11}
CLIFFORD_GATES = ("x", "y", "z", "h", "s", "sdg", "cx", "cz", "swap")


def allowed(name, circuit):
    roundoff = {"complex128": 2.0**-53, "complex64": 2.0**-24}[FACTS[name].precision]
    return max(ALLOWED.get(name, 0.0), 8 * roundoff * math.sqrt(len(circuit.gates)))


def clifford(seed, qubits, gates=40, names=CLIFFORD_GATES):
    source = random.Random(seed)
    fitting = [name for name in names if GATES[name][0] <= qubits]
    chosen = [source.choice(fitting) for _ in range(gates)]
    operations = (Operation(name, tuple(source.sample(range(qubits), GATES[name][0]))) for name in chosen)
    return Circuit(qubits, tuple(operations))


def every_gate(name, qubits):
    """Each declared gate on two orders of qubits, with every angle ordinary, tiny, pi and over 2 pi."""
    source = random.Random(name)
    operations = []
    for gate in sorted(gate for gate in FACTS[name].gates if GATES[gate][0] <= qubits):
        for _ in range(2):
            on = tuple(source.sample(range(qubits), GATES[gate][0]))
            for angle in (source.uniform(-3, 3), 1e-9, math.pi, 7.0) if GATES[gate][1] else (None,):
                own = [angle, *(source.uniform(-3, 3) for _ in range(GATES[gate][1] - 1))]
                operations += scatter(source, qubits)
                operations.append(Operation(gate, on, tuple(own[: GATES[gate][1]])))
    return Circuit(qubits, tuple(operations))


# ---- states


@pytest.mark.parametrize("name", STATES)
def test_every_gate_is_its_matrix(name):
    circuit = every_gate(name, 5)
    assert distance(asked(name, circuit, STATE), final_state(circuit)) <= allowed(name, circuit)


@pytest.mark.parametrize("gate", sorted(FACTS["ddsim.hybrid"].gates))
def test_every_gate_across_the_cut_and_beside_it(gate):
    arity, angles = GATES[gate]
    orders = list(itertools.permutations(range(3), arity))
    for order, angle in itertools.product(orders[:: len(orders) // 3], (0.7, 7.0)):
        start = tuple(scatter(random.Random(gate), 3))
        circuit = Circuit(3, (*start, Operation(gate, order, (angle, 0.3, -1.1)[:angles])))
        assert distance(asked("ddsim.hybrid", circuit, STATE), final_state(circuit)) <= 1e-12


@pytest.mark.parametrize("seed", range(3))
def test_paths_add_up(seed):
    """Eight gates across the cut are 256 paths."""
    source = random.Random(seed)
    operations = []
    for _ in range(8):
        operations += scatter(source, 4)
        operations.append(Operation(source.choice(("cx", "cz", "crx")), (source.choice((0, 1)), 3), ()))
    operations = [op._replace(params=(1.3,)) if op.name == "crx" else op for op in operations]
    circuit = Circuit(4, tuple(operations))
    assert distance(asked("ddsim.hybrid", circuit, STATE), final_state(circuit)) <= 1e-11


def test_the_hybrid_simulator_refuses_what_it_cannot_do():
    engine = loaded("ddsim.hybrid")
    assert "there is one" in engine.supports(Circuit(1, (Operation("h", (0,)),)), STATE)
    crossing = [Operation("cx", (1, 2))] * 11
    assert "11 gates cross" in engine.supports(Circuit(4, tuple(crossing)), STATE)
    assert engine.supports(Circuit(4, tuple(crossing[:10])), STATE) is None
    beside = [Operation("cx", (0, 1)), Operation("cx", (2, 3))] * 20
    assert engine.supports(Circuit(4, tuple(beside)), STATE) is None


@pytest.mark.parametrize("name", CLIFFORD)
@pytest.mark.parametrize("qubits", [1, 2, 5])
def test_clifford_states(name, qubits):
    for seed in range(6):
        circuit = clifford(seed, qubits, names=sorted(FACTS[name].gates))
        assert distance(asked(name, circuit, STATE), final_state(circuit)) <= allowed(name, circuit)


@pytest.mark.parametrize("name", [*STATES, *CLIFFORD, "ddsim.hybrid"])
def test_idle_qubits_keep_their_place(name):
    state = np.asarray(asked(name, Circuit(4, (Operation("x", (1,)),)), STATE))
    assert np.flatnonzero(abs(state) > 0.5).tolist() == [2]
    assert state.shape == (16,)


# ---- expectation values and sweeps


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("qubits", [1, 4])
def test_expectation_values(name, qubits):
    circuit, observable = scrambled(qubits, qubits, 20, FACTS[name].gates), every_pauli(qubits)
    value = asked(name, circuit, Task("expval", observable=observable))
    assert isinstance(value, float)
    assert abs(value - oracle.expectation(circuit, observable)) <= allowed(name, circuit) * observable.weight


@pytest.mark.parametrize("seed", range(4))
def test_expectation_values_of_clifford_circuits(seed):
    circuit, observable = clifford(seed, 4, 20), every_pauli(4)
    value = asked("pennylane.clifford", circuit, Task("expval", observable=observable))
    assert abs(value - oracle.expectation(circuit, observable)) <= 1e-13


@pytest.mark.parametrize("name", [*DEVICES, "pennylane.reference", "pennylane.clifford"])
@pytest.mark.parametrize("coefficient", [1e-12, 1e12])
def test_coefficients_of_every_size_count(name, coefficient):
    observable = Observable((PauliTerm(coefficient, ((1, "Z"),)), PauliTerm(coefficient / 2, ())))
    value = asked(name, Circuit(2, (Operation("x", (1,)),)), Task("expval", observable=observable))
    assert value == pytest.approx(-coefficient / 2, rel=1e-6)


@pytest.mark.parametrize("name", [*DEVICES, "pennylane.reference", "aer.statevector.nofusion"])
def test_sweeps(name):
    """Parameters in several gates, beside fixed angles, in another order than the circuit uses them."""
    operations = [*scatter(random.Random(1), 3), Operation("ry", (0,), (Parameter("a", 2.0, 0.1),))]
    if "u" in FACTS[name].gates:
        operations.append(Operation("u", (1,), (Parameter("b"), 0.3, Parameter("a"))))
    operations += [Operation("cx", (0, 2)), Operation("rx", (2,), (Parameter("b", -1.0),))]
    circuit = Circuit(3, tuple(operations))
    rows = ((0.1, 0.2), (1.0, 2.0), (-0.4, 3.0), (0.1, 0.2))
    task = Task("sweep", None, every_pauli(3), None, ("b", "a"), rows)
    found = asked(name, circuit, task)
    error = np.abs(np.subtract(found, oracle.rows(circuit, task))).max()
    assert error <= allowed(name, circuit) * task.observable.weight
    assert found[0] == found[3]


@pytest.mark.parametrize("qubits", [1, 3])
def test_the_gradient_of_a_tape(qubits):
    """Every gate between free rotations; parameters in several gates, one of them in none."""
    name = "pennylane.lightning.device.adjoint"
    source = random.Random(qubits)
    operations = list(scatter(source, qubits))
    for gate in sorted(gate for gate in FACTS[name].gates if GATES[gate][0] <= qubits):
        angle = Parameter(source.choice("abc"), source.choice((1.0, -0.5, 2.0)), source.uniform(-1, 1))
        operations.append(Operation(source.choice(("rx", "ry", "rz")), (source.randrange(qubits),), (angle,)))
        own = tuple(source.uniform(-3, 3) for _ in range(GATES[gate][1]))
        operations.append(Operation(gate, tuple(source.sample(range(qubits), GATES[gate][0])), own))
    circuit, values = Circuit(qubits, tuple(operations)), (0.7, 1.0, -1.9, 2.6)
    task = Task("gradient", None, every_pauli(qubits), None, ("c", "d", "b", "a"), (values,))
    found = asked(name, circuit, task)
    assert found[1] == 0.0
    assert np.abs(np.subtract(found, oracle.gradient(circuit, task))).max() <= 1e-12


def test_a_gate_that_is_decomposed_is_no_silent_error_in_the_gradient():
    """Why u and ch are lowered there: PennyLane marks other angles than it was told."""
    circuit = Circuit(1, (Operation("u", (0,), (0.3, 0.2, 0.1)), Operation("rx", (0,), (Parameter("a"),))))
    task = Task("gradient", None, every_pauli(1), None, ("a",), ((0.4,),))
    with pytest.raises(RuntimeError, match="derivatives for 1 angles"):
        asked("pennylane.lightning.device.adjoint", circuit, task)


# ---- samples


def flipped(qubits, ones, readout):
    """A circuit with one certain outcome; ``readout`` maps classical bit to qubit, {} shows all qubits."""
    operations = [Operation("x", (qubit,)) for qubit in ones]
    operations += [Operation("measure", (q,), (), (c,)) for c, q in readout.items()]
    return Circuit(qubits, tuple(operations), 1 + max(readout) if readout else 0)


@pytest.mark.parametrize("name", COUNTS)
def test_outcome_bits_are_classical_bits(name):
    for circuit, outcome in (
        (flipped(3, [2], {}), 0b100),
        (flipped(3, [0], {0: 2, 1: 1, 2: 0}), 0b100),
        (flipped(4, [1, 3], {0: 3, 2: 1, 5: 0}), 0b101),
        (flipped(2, [1], {0: 1, 1: 1, 2: 0}), 0b11),
    ):
        assert outcomes(asked(name, circuit, Task("sample", shots=50))) == {outcome: 50}
    nothing = Circuit(2, (Operation("x", (0,)),), 2)
    assert "measured" in loaded(name).supports(nothing, Task("sample", shots=50))


@pytest.mark.parametrize("name", COUNTS)
def test_samples_follow_the_state_and_the_seed(name):
    kind = FACTS[name].kind
    circuit = clifford(3, 4, 30) if kind == "clifford" else Circuit(4, tuple(scatter(random.Random(8), 4)))
    chances = dict(enumerate(np.where((p := abs(final_state(circuit)) ** 2) > 1e-12, p, 0.0)))
    task = Task("sample", shots=5000)
    engine = loaded(name)
    program = program_of(engine, circuit, task)
    drawn = [outcomes(engine.readback(engine.execute(program, seed))) for seed in (0, 1, 2**31 - 1, 1)]
    for counts in drawn:
        close(counts, chances, 5000)
    assert drawn[1] == drawn[3]
    assert len({tuple(sorted(counts.items())) for counts in drawn}) == 3


MIDWAY = Circuit(
    2,
    (
        *(Operation("ry", (0,), (1.1,)), Operation("cx", (0, 1)), Operation("measure", (0,), (), (0,))),
        *(Operation("h", (0,)), Operation("measure", (0,), (), (1,)), Operation("reset", (1,))),
        *(Operation("h", (1,)), Operation("measure", (1,), (), (2,))),
    ),
    3,
)


def test_aers_sampler_measures_midway_resets_and_waits():
    waiting = Operation("x", (1,), (), (), ((0, 1), 2))
    for circuit in (
        MIDWAY,
        Circuit(2, (*MIDWAY.operations[:-1], waiting, MIDWAY.operations[-1]), 3),
    ):
        counts = asked("aer.sampler", circuit, Task("sample", shots=3000))
        close(counts, oracle.branches(circuit), 3000)


def test_the_extended_stabilizer_measures_midway_and_resets():
    circuit = Circuit(2, (Operation("h", (0,)), *MIDWAY.operations[1:]), 3)
    counts = asked("aer.extended_stabilizer", circuit, Task("sample", shots=2000))
    close(counts, oracle.branches(circuit), 2000)


# ---- noise


@pytest.mark.parametrize("strength", [0.3, 1.0])
@pytest.mark.parametrize(
    ("channel", "qubits"), [("depolarizing", (0,)), ("depolarizing", (2, 0)), ("phase_damping", (1,))]
)
def test_noise_on_the_clifford_device(channel, qubits, strength):
    entangling = [Operation("h", (0,)), Operation("cx", (0, 1)), Operation("cx", (1, 2))]
    turned = [Operation("h", (0,)), Operation("h", (1,)), Operation("s", (2,)), Operation("h", (2,))]
    circuit = Circuit(3, (*entangling, Operation(channel, qubits, (strength,)), *turned))
    for error in (0.0, 0.1):
        task = Task("noisy_sample", 20000, None, Noise((Channel("readout", error, 0),)))
        chances = oracle.noisy_distribution(circuit, error)
        exact = {outcome: p if p > 1e-12 else 0.0 for outcome, p in chances.items()}
        close(asked("pennylane.clifford", circuit, task), exact, 20000)


def test_single_precision_density_matrices_are_single_and_right():
    operations = list(scatter(random.Random(2), 3))
    for channel, qubits in (("depolarizing", (0, 2)), ("amplitude_damping", (1,)), ("phase_damping", (2,))):
        operations += [Operation("cx", qubits if len(qubits) == 2 else (0, 1))]
        operations += [Operation(channel, qubits, (0.2,))]
    circuit = Circuit(3, tuple(operations))
    found = np.asarray(asked("aer.density_matrix.c64", circuit, Task("density_matrix")))
    error = abs(found - oracle.density_matrix(circuit)).max()
    assert 1e-9 < error < 1e-6
    assert np.array_equal(found.astype(np.complex64), found)


def test_values_of_qulacs_density_matrix_are_of_all_of_it():
    """Not of its diagonal only: X and Y beside Z."""
    circuit = Circuit(2, (Operation("h", (0,)), Operation("s", (0,)), Operation("cx", (0, 1))))
    for letters, value in (("XY", 1), ("YX", 1), ("ZZ", 1), ("XX", 0)):
        observable = Observable((PauliTerm(1.0, tuple(enumerate(letters))),))
        found = asked("qulacs.density_matrix", circuit, Task("expval", observable=observable))
        assert found == pytest.approx(value, abs=1e-12)


# ---- why these configurations are what they are


@pytest.mark.parametrize("name", VARIANTS)
def test_every_kind_is_offered_or_refused_with_a_reason(name):
    kinds = {"state", "sample", "expval", "gradient", "sweep", "density_matrix", "noisy_sample"}
    assert set(FACTS[name].tasks) | set(FACTS[name].unsupported) == kinds


def options_told_by_aer(name, task, circuit):
    engine = loaded(name)
    result, _ = engine.execute(program_of(engine, circuit, task), 1)
    return result.results[0].metadata


def test_only_nofusion_leaves_every_gate_as_it_is():
    operations = (Operation("h", (q,)) for q in range(15))
    wide = Circuit(15, (*operations, *(Operation("cx", (q, q + 1)) for q in range(14))))
    assert options_told_by_aer("aer.statevector.nofusion", STATE, wide)["fusion"] == {"enabled": False}
    assert options_told_by_aer("aer.statevector", STATE, wide)["fusion"]["enabled"] is True


def test_a_bond_limit_truncates_and_no_limit_does_not():
    """Sixteen layers on neighbours make 32 Schmidt coefficients in the middle of ten qubits."""
    source = random.Random(3)
    operations = []
    for layer in range(16):
        operations += scatter(source, 10)
        operations += [Operation("cx", (q, q + 1)) for q in range(layer % 2, 9, 2)]
    circuit = Circuit(10, tuple(operations))
    expected = final_state(circuit)
    limited, free = (asked(name, circuit, STATE) for name in ("aer.mps.bond16", "aer.mps"))
    assert distance(free, expected) <= 1e-7
    assert 1e-3 < 1 - abs(np.vdot(limited, expected)) ** 2 < 0.1
    for state, rank in ((free, 32), (limited, 16)):
        middle = np.linalg.svd(np.reshape(state, (32, 32)), compute_uv=False)
        assert np.count_nonzero(middle > 1e-6) == rank


def test_aers_extended_stabilizer_samples_wrongly_beyond_clifford_circuits():
    """Why it takes Clifford circuits only.  Where this no longer holds, its file is out of date."""
    from qiskit import QuantumCircuit

    loaded("aer.extended_stabilizer")
    from qiskit_aer import AerSimulator

    circuit = QuantumCircuit(2)
    circuit.h(0)
    circuit.t(0)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.measure_all()
    counts = (
        AerSimulator(method="extended_stabilizer", max_parallel_threads=1)
        .run(circuit, shots=40, seed_simulator=4)
        .result()
        .get_counts()
    )
    assert counts["11"] >= 15  # of 40 with a probability of 0.146: 1e-4


def test_the_clifford_device_turns_states_round_where_wires_are_idle():
    """Why its circuits begin with an identity on every wire, and why sx is lowered."""
    loaded("pennylane.clifford.state")
    import pennylane as qml

    @qml.qnode(qml.device("default.clifford", wires=3, tableau=False))
    def first():
        qml.X(2)
        return qml.state()

    assert np.flatnonzero(abs(first()) > 0.5).tolist() == [4]
    with pytest.raises(ValueError, match="SX"):
        qml.QNode(lambda: [qml.SX(0), qml.state()][1], qml.device("default.clifford", wires=1))()


def test_ddsims_hybrid_simulator_is_wrong_on_one_qubit_and_its_path_simulator_has_one_seed():
    loaded("ddsim.hybrid")
    from mqt.core.ir import QuantumComputation
    from mqt.ddsim import HybridSimulator, PathSimulator

    single = QuantumComputation(1)
    single.h(0)
    simulator = HybridSimulator(single, seed=1, nthreads=1)
    simulator.simulate(0)
    assert abs(simulator.get_final_amplitudes()[0] - math.sqrt(0.5)) > 0.1

    def counts(seed):
        circuit = QuantumComputation(2, 2)
        circuit.h(0)
        circuit.h(1)
        circuit.measure(0, 0)
        circuit.measure(1, 1)
        return PathSimulator(circuit, seed=seed).simulate(1000)

    assert counts(1) == counts(2) == counts(12345)


@pytest.mark.parametrize("name", DEVICES)
def test_a_tape_is_prepared_once_and_executed_at_every_call(name):
    circuit = Circuit(2, (Operation("ry", (0,), (0.3,)), Operation("cx", (0, 1))))
    engine = loaded(name)
    program = program_of(engine, circuit, STATE)
    import pennylane as qml

    with qml.Tracker(program[1]) as tracker:
        states = [np.array(engine.readback(engine.execute(program, seed))) for seed in (1, 2, 3)]
    assert tracker.totals["executions"] == 3
    assert all(distance(state, final_state(circuit)) <= allowed(name, circuit) for state in states)
