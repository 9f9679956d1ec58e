"""PennyLane's doors to expectation values, gradients, sweeps, noise and circuits that are measured midway.

The oracles are in NumPy: whole matrices (workload_matrices) and, for derivatives, the 4-term shift rule on
each angle by itself.  States and samples of circuits that are measured at the end are in test_adapters, for
the configurations that have both.
"""

import functools
import itertools
import math
import random

import numpy as np
import pytest
from adapter_calls import VARIANTS
from loading import load, outcomes
from needing import needs
from workload_matrices import branches, density_matrix, expectation, noisy_distribution

from qbench.circuits.lowering import lower
from qbench.ir import GATES, Channel, Circuit, Noise, Observable, Operation, Parameter, PauliTerm, Task
from qbench.simulators.registry import builtin_simulators

needs("pennylane.lightning")
pennylane = pytest.importorskip("pennylane")

FACTS = {
    one.name: one.facts
    for one in builtin_simulators()
    if one.name.startswith("pennylane.") and "jax" not in one.facts.distributions and one.name not in VARIANTS
}
OBSERVING = [name for name, facts in FACTS.items() if "expval" in facts.tasks]
SWEEPING = [name for name, facts in FACTS.items() if "sweep" in facts.tasks]
GRADIENTS = [name for name, facts in FACTS.items() if "gradient" in facts.tasks]
DYNAMIC = [name for name, facts in FACTS.items() if "feed_forward" in facts.features]
TURNING = sorted(gate for gate in FACTS["pennylane.mixed"].gates if GATES[gate][1])
ROUNDOFF = {"complex128": 2.0**-53, "complex64": 2.0**-24}

loaded = functools.cache(load)


def answer(name, circuit, task, seed=7):
    facts, engine = loaded(name)
    circuit = lower(circuit, facts.gates)
    assert getattr(engine, "supports", lambda *_: None)(circuit, task) is None
    program = engine.translate(circuit, task)
    return engine.readback(engine.execute(program, seed, task.bindings or None))


def tolerance(name, circuit, task):
    return 32 * ROUNDOFF[FACTS[name].precision] * math.sqrt(1 + len(circuit.gates)) * task.observable.weight


# ---- the oracle of derivatives, and how counts are compared


def value(circuit, task, row=()):
    return expectation(circuit.bind(dict(zip(task.parameters, row, strict=False))), task.observable)


def derivatives(circuit, task):
    """Each angle a by itself: f has the frequencies 1/2 and 1 in a, and f' is exact from four shifts.

    Source: Wierichs et al., Quantum 6, 677 (2022), equation 25 with R = 2, in the variable a / 2.
    """
    row = dict(zip(task.parameters, task.bindings[0], strict=True))
    found = dict.fromkeys(task.parameters, 0.0)
    bound = circuit.bind(row)
    for position, op in enumerate(circuit.operations):
        for index, angle in enumerate(op.params):
            if not isinstance(angle, Parameter):
                continue
            for mu in range(1, 5):
                x = (2 * mu - 1) * math.pi / 4
                angles = list(bound.operations[position].params)
                angles[index] += 2 * x
                operations = list(bound.operations)
                operations[position] = op._replace(params=tuple(angles))
                shifted = value(Circuit(circuit.num_qubits, tuple(operations)), task)
                weight = (-1) ** (mu - 1) / (8 * math.sin(x / 2) ** 2)
                found[angle.name] += angle.scale * weight * shifted / 2
    return np.array(list(found.values()))


def follows(counts, chances, shots):
    """Whether counts lie within 5 standard deviations of what the chances say, outcome by outcome."""
    counted = outcomes(counts)
    assert sum(counted.values()) == shots
    for outcome in {*counted, *chances}:
        p = min(1.0, max(0.0, chances.get(outcome, 0.0)))
        slack = 1.0 if 1e-9 < p < 1 - 1e-9 else 1e-6
        assert abs(counted.get(outcome, 0) - shots * p) <= 5 * math.sqrt(shots * p * (1 - p)) + slack


# ---- circuits


def scatter(source, qubits):
    for qubit in range(qubits):
        yield Operation("ry", (qubit,), (source.uniform(0.4, 2.7),))
        yield Operation("rz", (qubit,), (source.uniform(-3, 3),))


def observed(kind, terms, parameters=(), bindings=()):
    paulis = tuple(PauliTerm(c, tuple((int(p[1:]), p[0]) for p in text.split())) for c, text in terms)
    return Task(kind, observable=Observable(paulis), parameters=parameters, bindings=bindings)


MIXED_TERMS = [(0.7, "X0 Y2"), (-1.3, "Z1"), (0.25, ""), (2.0, "Y1 Z0 X2"), (1e-9, "Z2"), (0.5, "Z1")]


def random_circuit(seed, qubits, gates, names):
    source = random.Random(seed)
    operations = list(scatter(source, qubits))
    for _ in range(gates):
        name = source.choice([name for name in names if GATES[name][0] <= qubits])
        arity, angles = GATES[name]
        own = tuple(source.uniform(-4, 4) for _ in range(angles))
        operations.append(Operation(name, tuple(source.sample(range(qubits), arity)), own))
    return Circuit(qubits, (*operations, *scatter(source, qubits)))


def ansatz(qubits=3):
    """Free angles with scale and shift, two in one gate, one in many; ``last`` matters to no Z on qubit 0."""
    a, b = Parameter("a", 2.0, 0.3), Parameter("b", -0.5, 1.0)
    operations = [*scatter(random.Random(5), qubits)]
    operations += [Operation("rx", (qubit,), (Parameter("a"),)) for qubit in range(qubits)]
    operations += [
        Operation("u", (1,), (b, 0.4, a)),
        Operation("cx", (0, 1)),
        Operation("crz", (2, 0), (Parameter("c", 1.0, -7.0),)),
        Operation("rzz", (1, 2), (b,)),
        Operation("csx", (1, 0)),
        Operation("ry", (0,), (Parameter("b", 3.0, 0.0),)),
        Operation("p", (0,), (Parameter("last"),)),
    ]
    return Circuit(qubits, tuple(operations))


NAMES = ("c", "last", "a", "b")  # not the order of use
ROWS = ((0.4, -1.1, 2.2, 0.9), (-2.7, 0.1, 0.0, 3.1), (7.9, 1e-9, -0.6, math.pi))


# ---- expectation values


@pytest.mark.parametrize("name", OBSERVING)
@pytest.mark.parametrize("qubits", [3, 5, 9])
def test_expectation_values(name, qubits):
    if qubits > 5 and name == "pennylane.mixed":
        pytest.skip("10 s")
    circuit = random_circuit(qubits, qubits, 40, sorted(FACTS[name].gates))
    task = observed("expval", [*MIXED_TERMS, (0.3, f"X{qubits - 1} Z{qubits - 2}")])
    found = answer(name, circuit, task)
    assert type(found) is float
    assert abs(found - value(circuit, task)) <= tolerance(name, circuit, task)


@pytest.mark.parametrize("name", OBSERVING)
@pytest.mark.parametrize(
    ("text", "expected"),
    [("Z0", -1.0), ("Z1", 1.0), ("Z2", 1.0), ("Z2 Z0", -1.0), ("", 1.0), ("X1", 0.0), ("Y0 Y1", 0.0)],
)
def test_an_observables_qubits_are_ours(name, text, expected):
    """Among them qubits that no gate acts on, and the identity alone."""
    flip = Circuit(3, (Operation("x", (0,)), Operation("measure", (0,), (), (0,))), 1)
    assert answer(name, flip, observed("expval", [(3.0, text)])) == pytest.approx(3 * expected, abs=1e-6)


@pytest.mark.parametrize("name", OBSERVING)
def test_terms_of_one_product_add_up_and_small_ones_count(name):
    flip = Circuit(2, (Operation("x", (1,)),))
    task = observed("expval", [(1e-9, "Z0"), (1e-13, "Z1"), (2e-9, "Z0"), (0.0, "Z0 Z1")])
    assert answer(name, flip, task) == pytest.approx(3e-9 - 1e-13, rel=1e-6)


# ---- sweeps


@pytest.mark.parametrize("name", SWEEPING)
@pytest.mark.parametrize("rows", [1, 3])
def test_sweeps(name, rows):
    circuit, task = ansatz(), observed("sweep", MIXED_TERMS, NAMES, ROWS[:rows])
    found = answer(name, circuit, task)
    assert len(found) == rows
    for one, row in zip(found, ROWS[:rows], strict=True):
        assert abs(one - value(circuit, task, row)) <= tolerance(name, circuit, task)


@pytest.mark.parametrize("name", SWEEPING)
@pytest.mark.parametrize("gate", TURNING)
def test_every_gates_angles_sweep(name, gate):
    arity, angles = GATES[gate]
    source = random.Random(gate)
    free = tuple(Parameter(f"v{index}", 1.0 + index, 0.1) for index in range(angles))
    turned = Operation(gate, tuple(source.sample(range(3), arity)), free)
    circuit = Circuit(3, (*scatter(source, 3), turned, *scatter(source, 3)))
    names = tuple(parameter.name for parameter in free)
    rows = tuple(tuple(source.uniform(-7, 7) for _ in names) for _ in range(2))
    task = observed("sweep", MIXED_TERMS, names, rows)
    expected = [value(circuit, task, row) for row in rows]
    assert answer(name, circuit, task) == pytest.approx(expected, abs=tolerance(name, circuit, task))


@pytest.mark.parametrize("name", SWEEPING)
def test_a_program_is_used_with_other_rows(name):
    _, engine = loaded(name)
    circuit, task = ansatz(), observed("sweep", MIXED_TERMS, NAMES, ROWS)
    program = engine.translate(circuit, task)
    for rows in (ROWS, ROWS[1:], ROWS):
        found = engine.readback(engine.execute(program, 1, rows))
        expected = [value(circuit, task, row) for row in rows]
        assert found == pytest.approx(expected, abs=tolerance(name, circuit, task))


# ---- gradients


@pytest.mark.parametrize("name", GRADIENTS)
@pytest.mark.parametrize("row", ROWS)
def test_gradients(name, row):
    circuit, task = ansatz(), observed("gradient", MIXED_TERMS, NAMES, (row,))
    found = answer(name, circuit, task)
    assert np.shape(found) == (4,)
    assert abs(found - derivatives(circuit, task)).max() <= 5 * tolerance(name, circuit, task)


@pytest.mark.parametrize("name", GRADIENTS)
@pytest.mark.parametrize("gate", TURNING)
def test_gradients_by_every_gates_angles(name, gate):
    arity, angles = GATES[gate]
    source = random.Random(gate)
    free = tuple(Parameter(f"v{index}", 1.0 - 2.5 * index, 0.1 * index) for index in range(angles))
    turned = Operation(gate, tuple(source.sample(range(3), arity)), free)
    circuit = Circuit(3, (*scatter(source, 3), turned, *scatter(source, 3)))
    names = tuple(parameter.name for parameter in reversed(free))
    task = observed("gradient", MIXED_TERMS, names, (tuple(source.uniform(-7, 7) for _ in names),))
    found = answer(name, circuit, task)
    assert abs(found - derivatives(circuit, task)).max() <= 5 * tolerance(name, circuit, task)


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients_past_every_fixed_gate(name):
    """Each gate that the configuration declares lies between the free angle and the observable."""
    source = random.Random(3)
    operations = [*scatter(source, 5), Operation("ry", (0,), (Parameter("t"),))]
    for gate in sorted(FACTS[name].gates):
        arity, angles = GATES[gate]
        order = tuple(source.sample(range(5), arity))
        operations.append(Operation(gate, order, tuple(source.uniform(-4, 4) for _ in range(angles))))
    operations.append(Operation("rx", (4,), (Parameter("t", -1.5),)))
    circuit = Circuit(5, tuple(operations))
    task = observed("gradient", MIXED_TERMS, ("t",), ((0.8,),))
    found = answer(name, circuit, task)
    assert abs(found - derivatives(circuit, task)).max() <= 5 * tolerance(name, circuit, task)


@pytest.mark.parametrize("name", GRADIENTS)
def test_parameters_that_do_not_matter_have_derivative_0(name):
    operations = (Operation("rz", (0,), (Parameter("a"),)), Operation("rx", (1,), (Parameter("b"),)))
    task = observed("gradient", [(1.0, "Z0")], ("b", "a"), ((0.3, 0.4),))
    assert answer(name, Circuit(2, operations), task) == pytest.approx([0.0, 0.0], abs=1e-7)
    both = observed("gradient", [(1.0, "Z1")], ("b", "a"), ((0.3, 0.4),))
    assert answer(name, Circuit(2, operations), both) == pytest.approx([-math.sin(0.3), 0.0], abs=1e-6)


@pytest.mark.parametrize("name", [name for name in GRADIENTS if FACTS[name].precision == "complex128"])
def test_gradients_of_small_terms_survive(name):
    """With ``device_vjp=True`` lightning drops them: see the docstring."""
    operations = (Operation("ry", (0,), (Parameter("a"),)), Operation("ry", (1,), (Parameter("b"),)))
    task = observed("gradient", [(1e-9, "Z0"), (1.0, "Z1")], ("a", "b"), ((0.3, 0.4),))
    found = answer(name, Circuit(2, operations), task)
    assert found[0] == pytest.approx(-1e-9 * math.sin(0.3), rel=1e-5)


@pytest.mark.parametrize("name", GRADIENTS)
def test_every_gradient_is_computed_anew(name):
    """The device does the same work at the third call at one binding as at the first."""
    _, engine = loaded(name)
    circuit, task = ansatz(), observed("gradient", MIXED_TERMS, NAMES, ROWS[:1])
    devices = []
    make = engine.device
    engine.device = lambda **options: devices.append(make(**options)) or devices[-1]
    try:
        program = engine.translate(circuit, task)
    finally:
        engine.device = make
    work = []
    for _ in range(3):
        with pennylane.Tracker(devices[0]) as tracker:
            engine.execute(program, 1, ROWS[:1])
        work.append(tuple(tracker.totals.get(key, 0) for key in ("simulations", "derivatives")))
    assert len(set(work)) == 1
    angles = sum(isinstance(angle, Parameter) for op in circuit.gates for angle in op.params)
    if name.endswith(".shift"):  # the value, four shifts of crz, two of each other angle
        assert work[0] == (1 + 2 * angles + 2, 0)
    elif name.endswith(".backprop"):
        assert work[0] == (1, 0)
    else:  # lightning's tracker counts each twice
        assert work[0] == (0, 2 if "lightning" in name else 1)


# ---- noise


def noisy(kind, *channels, shots=None):
    noise = Noise(tuple(Channel(*channel) for channel in channels))
    return Task(kind, shots=shots, noise=noise)


DEPOLARIZED = noisy("density_matrix", ("depolarizing", 0.5, 1))  # the channels stand in the circuit


def channelled(seed, strength, qubits=3):
    """Random gates with each channel behind some of them, on qubits in both orders."""
    operations = []
    source = random.Random(seed)
    for round_ in range(4):
        operations += scatter(source, qubits)
        first, second, third = source.sample(range(qubits), 3)
        operations.append(Operation("cx", (first, second)))
        operations.append(Operation("depolarizing", (second, first), (strength,)))
        operations.append(Operation("ch", (second, third)))
        kind = ("depolarizing", "amplitude_damping", "phase_damping")[round_ % 3]
        operations.append(Operation(kind, (third,), (strength,)))
        operations.append(Operation("barrier", (first, third)))
    return Circuit(qubits, tuple(operations))


@pytest.mark.parametrize("strength", [0.3, 1.0, 0.0, 1e-3, 1e-9])
@pytest.mark.parametrize("seed", [1, 2])
def test_density_matrices(strength, seed):
    circuit = channelled(seed, strength)
    found = answer("pennylane.mixed", circuit, DEPOLARIZED)
    assert found.shape == (8, 8)
    assert found.dtype == np.complex128
    assert abs(found - density_matrix(circuit)).max() <= 2e-14


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        (Operation("depolarizing", (0,), (0.3,)), [[0.65, 0.35], [0.35, 0.35]]),
        (Operation("amplitude_damping", (0,), (0.36,)), [[0.68, 0.4], [0.4, 0.32]]),
        (Operation("phase_damping", (0,), (0.36,)), [[0.5, 0.4], [0.4, 0.5]]),
    ],
)
def test_what_a_strength_means(channel, expected):
    """Closed forms on |+>; depolarizing on |0> in the diagonal: p = 0.3 is Pauli errors of 0.225."""
    plus = (Operation("h", (0,)),)
    rho = answer("pennylane.mixed", Circuit(1, (*plus, channel)), DEPOLARIZED)
    if channel.name == "depolarizing":
        assert rho == pytest.approx(np.array([[0.5, 0.35], [0.35, 0.5]]), abs=1e-14)
        rho = answer("pennylane.mixed", Circuit(1, (channel,)), DEPOLARIZED)
        assert rho == pytest.approx(np.diag([0.85, 0.15]), abs=1e-14)
    else:
        assert rho == pytest.approx(np.array(expected), abs=1e-14)


def test_depolarizing_two_qubits():
    channel = Operation("depolarizing", (0, 1), (0.3,))
    rho = answer("pennylane.mixed", Circuit(2, (channel,)), DEPOLARIZED)
    assert rho == pytest.approx(np.diag([0.775, 0.075, 0.075, 0.075]), abs=1e-14)


@pytest.mark.parametrize("gate", sorted(FACTS["pennylane.mixed"].gates))
def test_a_gate_turns_a_density_matrix_as_its_matrix_does(gate):
    arity, angles = GATES[gate]
    source = random.Random(gate)
    operations = []
    for order in source.sample(list(itertools.permutations(range(arity + 1), arity)), 2):
        operations += scatter(source, arity + 1)
        own = tuple(source.choice((1e-9, 7.0, -3.3)) for _ in range(angles))
        operations.append(Operation(gate, order, own))
    circuit = Circuit(arity + 1, tuple(operations))
    found = answer("pennylane.mixed", circuit, DEPOLARIZED)
    assert abs(found - density_matrix(circuit)).max() <= 5e-15


def test_rows_are_kets_and_qubits_without_gates_are_there():
    half = math.sqrt(0.5)
    turned = Circuit(3, (Operation("h", (1,)), Operation("s", (1,))))
    rho = answer("pennylane.mixed", turned, DEPOLARIZED)
    state = np.array([half, 0, 1j * half, 0, 0, 0, 0, 0])
    assert rho == pytest.approx(np.outer(state, state.conj()), abs=1e-15)
    empty = answer("pennylane.mixed", Circuit(2, ()), DEPOLARIZED)
    assert empty == pytest.approx(np.diag([1, 0, 0, 0]), abs=1e-15)


@pytest.mark.parametrize("error", [0.0, 0.1])
@pytest.mark.parametrize("bits", [{0: 0, 1: 1, 2: 2}, {0: 2, 1: 0}, {4: 1, 2: 2}, {}])
def test_noisy_samples(error, bits):
    gates = channelled(4, 0.2)
    measured = tuple(Operation("measure", (qubit,), (), (bit,)) for bit, qubit in bits.items())
    circuit = Circuit(3, (*gates.operations, *measured), 1 + max(bits) if bits else 0)
    task = noisy("noisy_sample", ("depolarizing", 0.2, 1), ("readout", error, 0), shots=20000)
    counts = answer("pennylane.mixed", circuit, task)
    follows(counts, noisy_distribution(circuit, error), 20000)


def test_a_qubit_read_twice_takes_no_readout_error():
    _, engine = loaded("pennylane.mixed")
    twice = (Operation("measure", (0,), (), (0,)), Operation("measure", (0,), (), (1,)))
    circuit = Circuit(1, (Operation("x", (0,)), *twice), 2)
    readout = noisy("noisy_sample", ("readout", 0.1, 0), shots=20)
    assert "read twice" in engine.supports(circuit, readout)
    task = noisy("noisy_sample", ("depolarizing", 0.1, 1), shots=20)
    assert outcomes(answer("pennylane.mixed", circuit, task)) == {0b11: 20}
    nothing = Circuit(1, (Operation("x", (0,)),), 1)
    assert "measured" in engine.supports(nothing, task)


def seeds_hold(name, circuit, task):
    _, engine = loaded(name)
    program = engine.translate(circuit, task)
    drawn = [outcomes(engine.readback(engine.execute(program, seed))) for seed in (0, 1, 2**31 - 1, 1, 0)]
    assert drawn[0] == drawn[4]
    assert drawn[1] == drawn[3]
    assert len({tuple(sorted(counts.items())) for counts in drawn}) == 3


def test_seeds_of_noisy_samples():
    task = noisy("noisy_sample", ("depolarizing", 0.2, 1), shots=500)
    seeds_hold("pennylane.mixed", channelled(1, 0.2), task)


# ---- measured midway, reset, fed forward


def measure(qubit, bit):
    return Operation("measure", (qubit,), (), (bit,))


def teleportation(angle):
    """Qubit 0's state reaches qubit 2 and is turned back there: bit 2 is always 0."""
    return Circuit(
        3,
        (
            Operation("ry", (0,), (angle,)),
            Operation("h", (1,)),
            Operation("cx", (1, 2)),
            Operation("cx", (0, 1)),
            Operation("h", (0,)),
            Operation("barrier", (0, 1, 2)),
            measure(0, 0),
            measure(1, 1),
            Operation("x", (2,), (), (), ((1,), 1)),
            Operation("z", (2,), (), (), ((0,), 1)),
            Operation("ry", (2,), (-angle,)),
            measure(2, 2),
        ),
        3,
    )


def on_two_bits(value, clbits=(0, 1)):
    plus = [Operation("ry", (qubit,), (1.0 + qubit,)) for qubit in range(2)]
    turned = Operation("ry", (2,), (2.0,), (), (clbits, value))
    return Circuit(3, (*plus, measure(0, 0), measure(1, 1), turned, measure(2, 3)), 4)


CIRCUITS = {
    "teleportation": teleportation(0.9),
    **{f"two bits are {value}": on_two_bits(value) for value in range(4)},
    "two bits, the first high": on_two_bits(1, (1, 0)),
    "a value that no bits have": on_two_bits(4),
    "a bit that is never written is 0": on_two_bits(0, (2, 0)),
    "a bit that is never written is not 1": on_two_bits(1, (2, 0)),
    "only bits that are never written": on_two_bits(0, (2,)),
    "an overwritten bit": Circuit(
        2,
        (
            Operation("ry", (0,), (1.2,)),
            measure(0, 0),
            Operation("x", (1,), (), (), ((0,), 1)),
            Operation("x", (0,)),
            measure(0, 0),
            Operation("ry", (1,), (0.7,), (), ((0,), 1)),
            measure(1, 1),
        ),
        2,
    ),
    "reset": Circuit(
        2,
        (
            Operation("ry", (0,), (1.2,)),
            Operation("cx", (0, 1)),
            Operation("reset", (0,)),
            Operation("ry", (0,), (0.4,)),
            measure(0, 1),
            measure(1, 0),
        ),
        2,
    ),
    "reset without classical bits": Circuit(
        3, (Operation("ry", (1,), (1.2,)), Operation("cx", (1, 2)), Operation("reset", (1,)))
    ),
    "measured, turned and measured": Circuit(
        2,
        (Operation("h", (1,)), measure(1, 2), Operation("sdg", (1,)), Operation("h", (1,)), measure(1, 0)),
        4,
    ),
    "gates of many kinds under a condition": Circuit(
        3,
        (
            Operation("ry", (0,), (1.9,)),
            measure(0, 0),
            *(
                Operation(name, qubits, angles, (), ((0,), 1))
                for name, qubits, angles in (
                    ("sxdg", (1,), ()),
                    ("u", (2,), (0.4, 0.5, 0.6)),
                    ("csx", (1, 2), ()),
                    ("crx", (2, 1), (0.8,)),
                    ("ccx", (0, 1, 2), ()),
                    ("id", (1,), ()),
                )
            ),
            measure(1, 1),
            measure(2, 2),
        ),
        3,
    ),
}


@pytest.mark.parametrize("name", DYNAMIC)
@pytest.mark.parametrize("circuit", CIRCUITS.values(), ids=CIRCUITS)
def test_circuits_measured_midway(name, circuit):
    assert circuit.features
    shots = 120 if name == "pennylane.default.oneshot" else 400  # 3 ms a shot
    follows(answer(name, circuit, Task("sample", shots=shots)), branches(circuit), shots)


@pytest.mark.parametrize("name", DYNAMIC)
def test_teleportation_arrives(name):
    counts = outcomes(answer(name, teleportation(2.1), Task("sample", shots=200)))
    assert {outcome >> 2 for outcome in counts} == {0}
    assert len(counts) == 4


@pytest.mark.parametrize("name", DYNAMIC)
def test_seeds_of_circuits_measured_midway(name):
    turns = [Operation("h", (qubit,)) for qubit in range(3)]
    measured = [measure(qubit, qubit) for qubit in range(3)]
    circuit = Circuit(3, (*turns, *measured, *turns, *(measure(q, q + 3) for q in range(3))), 6)
    seeds_hold(name, circuit, Task("sample", shots=100))


@pytest.mark.parametrize("name", DYNAMIC)
def test_measuring_and_resetting_under_a_condition_are_refused(name):
    _, engine = loaded(name)
    for last in (
        Operation("reset", (1,), (), (), ((0,), 1)),
        Operation("measure", (1,), (), (1,), ((0,), 1)),
    ):
        circuit = Circuit(2, (Operation("h", (0,)), measure(0, 0), last), 2)
        assert "under a condition" in engine.supports(circuit, Task("sample", shots=10))
