"""Qiskit's and Aer's simulators at expectation values, sweeps, noise and circuits measured midway.

Compared with NumPy on whole matrices (workload_matrices) and with closed forms.  States and samples of
circuits without any of these are in test_adapters and test_partial_adapters.
"""

import functools
import itertools
import math
import random

import numpy as np
import pytest
from adapter_calls import VARIANTS
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import answer, load, outcomes
from needing import needs
from workload_matrices import branches, density_matrix, expectation, noisy_distribution, rows

from qbench.circuits.lowering import lower
from qbench.circuits.observables import parse_observable
from qbench.ir import Channel, Circuit, Noise, Operation, Parameter, Task
from qbench.simulators.registry import builtin_simulators

needs("qiskit.statevector", "aer.statevector")

FACTS = {
    one.name: one.facts
    for one in builtin_simulators()
    if one.name.startswith(("qiskit.", "aer.")) and one.name not in VARIANTS
}


def offering(kind, *without):
    return [name for name, facts in FACTS.items() if kind in facts.tasks and name not in without]


CLIFFORD = "aer.stabilizer"
EXPVAL = offering("expval", CLIFFORD)
SWEEP = offering("sweep")
DENSITY = offering("density_matrix")
NOISY = offering("noisy_sample", CLIFFORD)
ESTIMATORS = ["qiskit.estimator", "aer.estimator"]
ALLOWED = {"aer.statevector.c64": 3e-6, "aer.mps": 1e-7}

loaded = functools.cache(load)


def ask(name, circuit, task, seed=7):
    facts, engine = loaded(name)
    return answer(engine, lower(circuit, facts.gates), task, seed)


def seeded(name, circuit, task, seeds):
    """Outcomes of one program under several seeds."""
    facts, engine = loaded(name)
    program = engine.translate(lower(circuit, facts.gates), task)
    if hasattr(engine, "compile"):
        program = engine.compile(program, task)
    return [outcomes(engine.readback(engine.execute(program, seed))) for seed in seeds]


def turns(source, qubits):
    """A turn of each qubit that leaves no symmetry for a wrong gate to hide in."""
    for qubit in range(qubits):
        yield Operation("ry", (qubit,), (source.uniform(0.4, 2.7),))
        yield Operation("rz", (qubit,), (source.uniform(-3, 3),))


def entangled(seed, qubits):
    source = random.Random(seed)
    operations = list(turns(source, qubits))
    for _ in range(2):
        operations += [Operation("cx", tuple(source.sample(range(qubits), 2))) for _ in range(qubits)]
        operations.append(Operation("cp", tuple(source.sample(range(qubits), 2)), (source.uniform(-2, 2),)))
        operations += turns(source, qubits)
    return Circuit(qubits, tuple(operations))


def random_observable(seed, qubits, terms=6):
    source = random.Random(seed)
    texts = [f"{source.uniform(-1, 1)}"]
    for _ in range(terms):
        on = source.sample(range(qubits), source.randint(1, qubits))
        texts.append(f"{source.uniform(-2, 2)}*" + " ".join(f"{source.choice('XYZ')}{q}" for q in on))
    return parse_observable(" + ".join(texts))


def observed(text):
    return Task("expval", observable=parse_observable(text))


# ---- expectation values


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", EXPVAL)
def test_expectation_values(name, seed):
    circuit, observable = entangled(seed, 4), random_observable(seed, 4)
    got = ask(name, circuit, Task("expval", observable=observable))
    assert isinstance(got, float)
    assert abs(got - expectation(circuit, observable)) <= ALLOWED.get(name, 1e-14) * observable.weight


@pytest.mark.parametrize("name", [*EXPVAL, CLIFFORD])
@pytest.mark.parametrize(
    ("operations", "text", "value"),
    [
        ([Operation("x", (1,))], "Z0 + 10*Z1 + 100*Z2", 91.0),
        ([Operation("x", (1,))], "Z0 Z1 + 10*Z1 Z2 + 100*Z2 Z0", 89.0),
        ([Operation("h", (2,)), Operation("s", (2,))], "X2 + 10*Y2 + 100*Z2 + 1000*Y0", 10.0),
        (
            [Operation("h", (2,)), Operation("sdg", (2,)), Operation("h", (0,))],
            "Y2 + 10*X0 + 100*Y2 X0",
            -91.0,
        ),
        ([Operation("h", (2,)), Operation("cx", (2, 0))], "X0 X2 + 10*Y0 Y2 + 100*Z0 Z2 + 1000*Z1", 1091.0),
        ([], "3", 3.0),
        ([Operation("x", (0,))], "0.5*Z0 + 0.25*Z0 - 2", -2.75),
    ],
)
def test_known_expectation_values_and_the_order_of_qubits(name, operations, text, value):
    circuit = Circuit(3, tuple(operations))
    assert ask(name, circuit, observed(text)) == pytest.approx(
        value, abs=1e-12 if name in EXACT_VALUES else 1e-4
    )


EXACT_VALUES = {name for name in [*EXPVAL, CLIFFORD] if name != "aer.statevector.c64"}


@pytest.mark.parametrize("name", EXPVAL)
def test_measurements_at_the_end_do_not_touch_an_expectation_value(name):
    circuit = Circuit(2, (Operation("ry", (0,), (0.7,)), Operation("measure", (0,), (), (0,))), 1)
    assert ask(name, circuit, observed("X0 + 2*Z1")) == pytest.approx(2 + math.sin(0.7), abs=1e-6)


@pytest.mark.parametrize("name", [name for name in EXPVAL if name not in ("aer.statevector.c64", "aer.mps")])
def test_small_expectation_values_are_not_cut_off(name):
    circuit = Circuit(1, (Operation("ry", (0,), (math.pi / 2 + 1e-11,)),))
    assert ask(name, circuit, observed("Z0")) == pytest.approx(-1e-11, rel=1e-4)


@pytest.mark.parametrize("name", [name for name in EXPVAL if name not in ESTIMATORS])
@pytest.mark.parametrize(("text", "value"), [("1e-9*Z0", 1e-9), ("1e-13*Z0", 1e-13), ("Z0 - Z0", 0.0)])
def test_small_coefficients_count(name, text, value):
    assert ask(name, Circuit(1, (Operation("id", (0,)),)), observed(text)) == pytest.approx(value, rel=1e-6)


@pytest.mark.parametrize("name", ESTIMATORS)
def test_the_estimators_refuse_what_they_would_drop(name):
    _, engine = loaded(name)
    circuit = Circuit(2, (Operation("x", (0,)),))
    assert "drops" in engine.supports(circuit, observed("1e-8*Z0 + X1"))
    assert "drops" in engine.supports(circuit, observed("1.00000001*Z0 X1 - 1*X1 Z0 + X1"))
    assert "zero" in engine.supports(circuit, observed("Z0 - Z0"))
    for text in ("1.01e-8*Z0 + X1", "Z0 - Z0 + 2"):
        assert engine.supports(circuit, observed(text)) is None
    assert ask(name, circuit, observed("1.01e-8*Z0 + X1")) == pytest.approx(-1.01e-8, rel=1e-6)


def test_estimators_drop_coefficients_up_to_1e_8():
    """Why they refuse them.  Where this no longer holds, docstrings and ``DROPPED`` are out of date."""
    from qiskit import QuantumCircuit
    from qiskit.primitives import StatevectorEstimator
    from qiskit.quantum_info import SparsePauliOp
    from qiskit_aer.primitives import EstimatorV2

    for estimator in (StatevectorEstimator(), EstimatorV2()):
        for size, kept in ((1e-8, 0.0), (1.01e-8, 1.01e-8)):
            observable = SparsePauliOp(["IZ", "XI"], [size, 1.0])
            got = estimator.run([(QuantumCircuit(2), observable)]).result()[0].data.evs
            assert float(got) == pytest.approx(kept, abs=1e-15)


# ---- sweeps

ANSATZ = Circuit(
    3,
    (
        Operation("ry", (0,), (Parameter("p10"),)),
        Operation(
            "u", (1,), (Parameter("β", 0.5, 0.25), Parameter("p2", -2.0, 0.1), Parameter("p10", 1.0, -3.5))
        ),
        Operation("cx", (0, 2)),
        Operation("crz", (1, 2), (Parameter("β", -1.0, 0.0),)),
        Operation("rxx", (2, 0), (Parameter("alpha", 0.125, 2.5),)),
        Operation("rx", (2,), (0.3,)),
        Operation("rz", (0,), (Parameter("p2", 1.0, 0.7),)),
        Operation("p", (2,), (Parameter("p10", 3.0, 1e-9),)),
        Operation("h", (0,)),
    ),
)
SWEPT = Task(
    "sweep",
    observable=parse_observable("0.7*X0 Y2 - 1.3*Z1 + 0.4*Y0 X1 Z2 + 0.2"),
    parameters=("p2", "alpha", "p10", "β"),
    bindings=((0.3, -1.1, 2.0, 0.9), (0.0, 0.0, 0.0, 0.0), (5.0, 1e-7, -2.2, 31.0), (1.5, 2.5, 3.5, 4.5)),
)


@pytest.mark.parametrize("name", SWEEP)
def test_sweeps(name):
    got = ask(name, ANSATZ, SWEPT)
    assert len(got) == 4
    assert np.abs(np.array(got) - rows(ANSATZ, SWEPT)).max() <= ALLOWED.get(name, 2e-14)


@pytest.mark.parametrize("name", SWEEP)
def test_a_sweep_of_one_parameter_and_of_one_binding(name):
    circuit = Circuit(2, (Operation("ry", (1,), (Parameter("t", 2.0, 0.5),)), Operation("h", (0,))))
    for values in ((0.4,), (0.4, -1.0, 2.0)):
        task = Task(
            "sweep",
            observable=parse_observable("Z1"),
            parameters=("t",),
            bindings=tuple((v,) for v in values),
        )
        got = ask(name, circuit, task)
        assert np.shape(got) == (len(values),)
        assert np.allclose(got, [math.cos(2 * value + 0.5) for value in values], atol=1e-6)


@pytest.mark.parametrize("name", SWEEP)
def test_values_arrive_in_execute_and_nothing_is_kept(name):
    facts, engine = loaded(name)
    program = engine.translate(lower(ANSATZ, facts.gates), SWEPT)
    if hasattr(engine, "compile"):
        program = engine.compile(program, SWEPT)
    first, second = SWEPT.bindings[:2], SWEPT.bindings[2:]
    got = [list(engine.readback(engine.execute(program, 1, part))) for part in (second, first, second)]
    assert got[0] == got[2]
    assert np.allclose(got[1] + got[0], rows(ANSATZ, SWEPT), atol=1e-5)


def test_only_batched_gives_aer_all_bindings_at_once():
    for name, different in (("aer.statevector", 4), ("aer.statevector.batched", 1)):
        facts, engine = loaded(name)
        program = engine.compile(engine.translate(lower(ANSATZ, facts.gates), SWEPT), SWEPT)
        found, _ = engine.execute(program, 1, SWEPT.bindings)
        assert len({id(result) for result, _ in found}) == different


ORDINARY = st.floats(min_value=-100, max_value=100).filter(lambda x: x == 0 or abs(x) >= 1e-6)
ANY = st.floats(min_value=-100, max_value=100)


def bound_angle(scale, shift, value):
    from qiskit import QuantumCircuit
    from qiskit.circuit import Parameter as Native

    native_angle = loaded("aer.estimator")[1].translate.__func__.__globals__["native_angle"]
    circuit = QuantumCircuit(1)
    circuit.rx(native_angle(Parameter("t", scale, shift), {"t": Native("t")}), 0)
    (bound,) = circuit.assign_parameters({"t": value} if circuit.parameters else {}).data[0].operation.params
    return float(bound)


@settings(deadline=None, max_examples=200)
@given(scale=ORDINARY.filter(lambda x: x == 1 or abs(x - 1) > 1e-14), shift=ORDINARY, value=ORDINARY)
def test_a_free_angle_is_scale_times_value_plus_shift_to_the_last_bit(scale, shift, value):
    assert bound_angle(scale, shift, value) == scale * value + shift


@settings(deadline=None, max_examples=200)
@given(scale=ANY, shift=ANY, value=ANY)
def test_in_a_free_angle_numbers_up_to_8_ulp_count_as_0_and_next_to_1_as_1(scale, shift, value):
    off = abs(bound_angle(scale, shift, value) - (scale * value + shift))
    assert off <= 1.8e-15 * (1 + abs(scale) + 2 * abs(value)) + 3e-16 * (abs(scale * value) + abs(shift))


# ---- density matrices and noise

SOME = Noise((Channel("depolarizing", 0.1, 1),))  # adapters take the channels from the circuit, not from here


def noisy(seed, qubits, channels):
    """A circuit of turns and cx with channels of each kind between them, on qubits in any order."""
    source = random.Random(seed)
    operations = []
    for _ in range(2):
        for op in entangled(source.random(), qubits).operations[: 3 * qubits]:
            operations.append(op)
            name = source.choice(channels)
            on = source.sample(range(qubits), 2 if name == "depolarizing" and source.random() < 0.5 else 1)
            operations.append(Operation(name, tuple(on), (source.uniform(0.0, 0.5),)))
    return Circuit(qubits, tuple(operations))


@pytest.mark.parametrize("name", DENSITY)
def test_density_matrices_without_noise(name):
    circuit = entangled(5, 4)
    got = np.asarray(ask(name, circuit, Task("density_matrix")))
    assert got.shape == (16, 16)
    assert got.dtype == complex
    assert abs(got - density_matrix(circuit)).max() <= 1e-15


@pytest.mark.parametrize("name", DENSITY)
def test_the_row_of_a_density_matrix_is_the_ket(name):
    circuit = Circuit(2, (Operation("h", (1,)), Operation("s", (1,))))  # (|0> + i|1>)/sqrt(2) on qubit 1
    got = np.asarray(ask(name, circuit, Task("density_matrix")))
    assert got[2, 0] == pytest.approx(0.5j)
    assert got[0, 2] == pytest.approx(-0.5j)


@pytest.mark.parametrize("name", DENSITY)
@pytest.mark.parametrize("seed", range(2))
def test_density_matrices_with_noise(name, seed):
    circuit = noisy(seed, 3, ["depolarizing", "amplitude_damping", "phase_damping"])
    got = np.asarray(ask(name, circuit, Task("density_matrix", noise=SOME)))
    assert abs(got - density_matrix(circuit)).max() <= 2e-15


def after(channel, qubits, strength, *operations, size=None):
    size = size or 1 + max(qubits)
    circuit = Circuit(size, (*operations, Operation(channel, qubits, (strength,))))
    return circuit, Task("density_matrix", noise=SOME)


@pytest.mark.parametrize("name", DENSITY)
@pytest.mark.parametrize("p", [0.0, 1e-13, 1e-9, 2e-8, 2.01e-8, 1e-6, 0.3, 1.0])
def test_the_conventions_of_channels(name, p):
    """Depolarizing: (1-p) rho + p I/2^k; amplitude damping: |1> decays with p; phase damping: sqrt(1-p)."""
    plus = np.full((2, 2), 0.5)
    bell = np.zeros((4, 4))
    bell[np.ix_([0, 3], [0, 3])] = 0.5
    h, cx = Operation("h", (0,)), Operation("cx", (0, 1))
    kept = math.sqrt(1 - p)
    for (circuit, task), expected in [
        (after("depolarizing", (0,), p), np.diag([1 - p / 2, p / 2])),
        (after("depolarizing", (0,), p, h), (1 - p) * plus + p * np.eye(2) / 2),
        (after("depolarizing", (1, 0), p, h, cx), (1 - p) * bell + p * np.eye(4) / 4),
        (after("depolarizing", (0,), p, h, cx, size=2), (1 - p) * bell + p * np.eye(4) / 4),
        (after("amplitude_damping", (0,), p, h), np.array([[1 + p, kept], [kept, 1 - p]]) / 2),
        (after("phase_damping", (0,), p, h), np.array([[1, kept], [kept, 1]]) / 2),
    ]:
        reason = loaded(name)[1].supports(circuit, task)
        if reason:
            assert name == "aer.density_matrix"
            assert 0 < p <= 2e-8
            continue
        assert abs(np.asarray(ask(name, circuit, task)) - expected).max() <= 1e-15


@pytest.mark.parametrize("name", NOISY)
def test_noisy_samples_follow_the_density_matrix(name):
    shots = {"aer.mps": 1500, "aer.trajectories": 4000}.get(name, 20000)
    for channel in sorted(FACTS[name].noise - {"readout"}):
        circuit = noisy(3, 3, [channel])
        counts = outcomes(ask(name, circuit, Task("noisy_sample", shots=shots, noise=SOME)))
        close(counts, noisy_distribution(circuit), shots)


def close(counts, chances, shots):
    """Within five standard deviations, outcome by outcome; nothing that cannot happen."""
    assert sum(counts.values()) == shots
    for outcome in {*counts, *chances}:
        p = min(max(chances.get(outcome, 0.0), 0.0), 1.0)
        assert abs(counts.get(outcome, 0) - shots * p) <= 5 * math.sqrt(shots * p * (1 - p)) + 1e-6


READOUT = Noise((Channel("readout", 0.2, 0),))


@pytest.mark.parametrize("name", [name for name in [*NOISY, CLIFFORD] if "readout" in FACTS[name].noise])
def test_each_bit_that_shows_a_qubit_is_read_wrong_by_itself(name):
    measured = [Operation("measure", (q,), (), (c,)) for q, c in ((0, 4), (2, 0), (0, 1))]
    circuit = Circuit(3, (Operation("x", (0,)), *measured), 5)  # bits 2 and 3 show nothing
    counts = outcomes(ask(name, circuit, Task("noisy_sample", shots=3000, noise=READOUT)))
    chances = noisy_distribution(circuit, 0.2)
    assert len(chances) == 8
    assert chances[0b10010] == pytest.approx(0.8**3)
    close(counts, chances, 3000)


def test_noise_on_stabilizers():
    ops = [Operation("h", (0,)), Operation("depolarizing", (0,), (0.3,)), Operation("cx", (0, 1))]
    ops += [Operation("depolarizing", (1, 0), (0.4,)), Operation("s", (1,)), Operation("h", (1,))]
    circuit = Circuit(3, (*ops, Operation("cx", (1, 2)), Operation("h", (0,))))
    task = Task("noisy_sample", shots=4000, noise=Noise((Channel("readout", 0.1, 0),)))
    counts = outcomes(ask(CLIFFORD, circuit, task))
    close(counts, noisy_distribution(circuit, 0.1), 4000)


@pytest.mark.parametrize("name", [*NOISY, CLIFFORD])
def test_seeds_of_noisy_samples(name):
    ops = [*(Operation("h", (q,)) for q in range(8)), Operation("depolarizing", (0, 1), (0.3,))]
    task = Task("noisy_sample", shots=300, noise=SOME)
    drawn = seeded(name, Circuit(8, tuple(ops)), task, (1, 2, 1))
    assert drawn[0] == drawn[2] != drawn[1]


def test_trajectories_are_drawn_and_a_density_matrix_is_sampled():
    for name, sampled in (("aer.trajectories", False), ("aer.density_matrix", True)):
        _, engine = loaded(name)
        circuit = noisy(1, 2, ["amplitude_damping"])
        task = Task("noisy_sample", shots=10, noise=SOME)
        result, _ = engine.execute(engine.compile(engine.translate(circuit, task), task), 1)
        about = result.results[0].metadata
        assert about["method"] == engine.method == FACTS[name].options["backend"]["method"]
        assert about["measure_sampling"] is sampled


def test_aer_drops_weak_channels():
    """Why they are refused.  Where this no longer holds, aer.py and its ``DROPPED`` are out of date."""
    from qiskit import QuantumCircuit
    from qiskit_aer import AerSimulator, noise

    for error, expected in [
        (noise.amplitude_damping_error(1e-8, canonical_kraus=False), [0, 1, 0, 0]),
        (noise.amplitude_damping_error(2.1e-8), [2.1e-8, 1 - 2.1e-8, 0, 0]),
        (noise.depolarizing_error(1e-9, 2), [0, 1 - 9.375e-10, 0, 0]),
    ]:
        circuit = QuantumCircuit(2)
        circuit.x(0)
        circuit.append(error, list(range(error.num_qubits)))
        circuit.save_density_matrix()
        result = AerSimulator(method="density_matrix").run(circuit).result()
        assert result.data(0)["density_matrix"].data.diagonal().real == pytest.approx(expected, abs=1e-15)


def test_parameter_binds_leaves_controlled_rotations_at_zero():
    """Why batched and the estimator do not declare them (qiskit-aer issue 2323)."""
    from qiskit import QuantumCircuit
    from qiskit.circuit import Parameter as Native
    from qiskit.quantum_info import SparsePauliOp
    from qiskit_aer.primitives import EstimatorV2

    free = Native("t")
    circuit = QuantumCircuit(2)
    circuit.x(0)
    circuit.rx(free, 1)
    circuit.crx(free, 0, 1)
    got = EstimatorV2().run([(circuit, SparsePauliOp("ZI"), [[1.5]])]).result()[0].data.evs
    assert got == pytest.approx(math.cos(1.5))  # right would be cos(3.0)
    for name in ("aer.estimator", "aer.statevector.batched"):
        assert FACTS[name].gates.isdisjoint({"cp", "crx", "cry", "crz", "cu"})


# ---- circuits measured midway

MIDWAY = [name for name, facts in FACTS.items() if "feed_forward" in facts.features]
WITHOUT_CONDITIONS = [name for name, facts in FACTS.items() if "mid_circuit_measurement" in facts.features]
RESETTING = [name for name, facts in FACTS.items() if "reset" in facts.features]


def measure(qubit, bit):
    return Operation("measure", (qubit,), (), (bit,))


def when(bits, value, name, *qubits, clbits=()):
    return Operation(name, qubits, (), clbits, (bits, value))


def teleportation(*prepare):
    """Qubit 0 to qubit 2 through a Bell pair; bit 2 shows it."""
    ops = [
        *prepare,
        Operation("h", (1,)),
        Operation("cx", (1, 2)),
        Operation("cx", (0, 1)),
        Operation("h", (0,)),
    ]
    ops += [measure(0, 0), measure(1, 1), when((1,), 1, "x", 2), when((0,), 1, "z", 2)]
    ops += [Operation(op.name + "dg" if op.name == "s" else op.name, (2,)) for op in reversed(prepare)]
    return Circuit(3, (*ops, measure(2, 2)), 3)


def spread(qubits):
    return [Operation("h", (q,)) for q in range(qubits)]


DYNAMIC = {
    "teleport": teleportation(Operation("h", (0,)), Operation("s", (0,))),
    "two bits": Circuit(
        4,
        (
            *spread(2),
            measure(0, 1),
            measure(1, 0),
            when((0, 1), 1, "x", 2),
            when((1, 0), 1, "x", 3),
            when((1, 0), 3, "x", 3),
            when((0, 1), 0, "h", 2),
            measure(2, 3),
            measure(3, 2),
        ),
        4,
    ),
    "a gate after a measurement": Circuit(2, (*spread(1), measure(0, 0), *spread(1), measure(0, 1)), 2),
    "the last write wins": Circuit(2, (*spread(1), measure(0, 0), Operation("x", (0,)), measure(0, 0)), 1),
    "reset midway": Circuit(
        2,
        (
            *spread(1),
            Operation("cx", (0, 1)),
            measure(0, 0),
            Operation("reset", (0,)),
            measure(0, 2),
            measure(1, 1),
        ),
        3,
    ),
    "conditional measurement and reset": Circuit(
        3,
        (
            *spread(3),
            measure(0, 0),
            when((0,), 1, "measure", 1, clbits=(1,)),
            when((0,), 0, "reset", 2),
            measure(2, 2),
        ),
        3,
    ),
    "a value that the bits never read": Circuit(
        2, (*spread(1), measure(0, 0), when((0,), 2, "x", 1), when((0, 1), 4, "x", 1), measure(1, 1)), 2
    ),
    "a bit decides that was never written": Circuit(
        2, (*spread(1), measure(0, 0), when((1,), 0, "x", 1), when((0, 1), 2, "x", 1), measure(1, 2)), 3
    ),
}


@pytest.mark.parametrize("title", DYNAMIC)
@pytest.mark.parametrize("name", WITHOUT_CONDITIONS)
def test_circuits_measured_midway(name, title):
    circuit = DYNAMIC[title]
    if "feed_forward" in circuit.features and name not in MIDWAY:
        pytest.skip(f"{name} declares no feed-forward")
    counts = outcomes(ask(name, circuit, Task("sample", shots=2000)))
    close(counts, branches(circuit), 2000)


def test_angles_and_entanglement_survive_measurements_midway():
    source = random.Random(4)
    ops = [*turns(source, 3), Operation("cx", (0, 2)), measure(0, 0), when((0,), 1, "ccx", 0, 1, 2)]
    ops += [Operation("rx", (1,), (1.1,), (), ((0,), 0)), Operation("reset", (0,)), *turns(source, 3)]
    circuit = Circuit(3, (*ops, *(measure(q, 3 - q) for q in range(3))), 4)
    for name in MIDWAY:
        if name != CLIFFORD:
            shots = 1000 if name == "aer.mps" else 3000
            close(outcomes(ask(name, circuit, Task("sample", shots=shots))), branches(circuit), shots)


@pytest.mark.parametrize("name", RESETTING)
@pytest.mark.parametrize("clbits", [0, 2])
def test_a_reset_before_the_measurements(name, clbits):
    ops = [*spread(1), Operation("cx", (0, 1)), Operation("reset", (0,))]
    circuit = Circuit(2, (*ops, *(measure(q, 1 - q) for q in range(clbits))), clbits)
    counts = outcomes(ask(name, circuit, Task("sample", shots=2000)))
    close(counts, branches(circuit), 2000)


@pytest.mark.parametrize("name", WITHOUT_CONDITIONS)
def test_seeds_of_circuits_measured_midway(name):
    circuit = Circuit(
        1, tuple(itertools.chain(*([Operation("h", (0,)), measure(0, c)] for c in range(8)))), 8
    )
    task = Task("sample", shots=200)
    drawn = seeded(name, circuit, task, (1, 2, 1))
    assert drawn[0] == drawn[2] != drawn[1]


def test_qiskits_sampler_draws_a_reset_once_for_all_shots():
    """Why it declares no resets.  Where this no longer holds, qiskit_sampling.py is out of date."""
    from qiskit import QuantumCircuit
    from qiskit.primitives import StatevectorSampler

    circuit = QuantumCircuit(2, 1)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.reset(0)
    circuit.measure(1, 0)
    seen = [
        StatevectorSampler(seed=s).run([circuit], shots=100).result()[0].data.c.get_counts()
        for s in range(20)
    ]
    assert {tuple(counts.values()) for counts in seen} == {(100,)}


# ---- what is not offered


@pytest.mark.parametrize("name", list(FACTS))
def test_nobody_has_gradients_and_says_so(name):
    facts = FACTS[name]
    assert "gradient" not in facts.tasks
    assert "gradients" in facts.unsupported["gradient"]
    others = {"state", "sample", "expval", "sweep", "density_matrix", "noisy_sample"} - set(facts.tasks)
    assert others <= set(facts.unsupported)
