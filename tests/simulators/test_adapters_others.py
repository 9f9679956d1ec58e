"""qulacs, Stim and DDSIM on expectation values, gradients and sweeps."""

import itertools
import math
import random

import numpy as np
import pytest
import workload_matrices as oracle
from adapter_calls import FACTS, asked, every_pauli, loaded, program_of, scatter, scrambled

from qbench.circuits.lowering import lower
from qbench.ir import GATES, Circuit, Observable, Operation, Parameter, PauliTerm, Task

EXPECTING = ["qulacs.statevector", "qulacs.opt", "qulacs.parametric", "ddsim.statevector", "ddsim.exact"]
SWEEPING = ["qulacs.parametric", "ddsim.statevector", "ddsim.exact"]
DIFFERENTIATING = ["qulacs.backprop", "qulacs.shift"]
FREE = ["rx", "ry", "rz", "rxx", "ryy", "rzz"]


def rounding(name, weight=1.0):
    return weight * (1e-10 if name == "ddsim.statevector" else 3e-14)


# ---- expectation values


@pytest.mark.parametrize("name", EXPECTING)
@pytest.mark.parametrize("qubits", [1, 2, 4, 6])
def test_expectation_values(name, qubits):
    circuit = scrambled(qubits, qubits, 30, FACTS[name].gates)
    observable = every_pauli(qubits)
    value = asked(name, circuit, Task("expval", observable=observable))
    assert isinstance(value, float)
    assert abs(value - oracle.expectation(circuit, observable)) <= rounding(name, observable.weight)


@pytest.mark.parametrize("name", [*EXPECTING, "stim.peek"])
def test_every_pauli_on_every_qubit_has_its_sign_and_place(name):
    """|+>, |-i> and |1> on qubits 0, 1 and 2: each product alone is -1, 0 or 1."""
    turns = [("h", 0), ("h", 1), ("sdg", 1), ("x", 2)]
    circuit = Circuit(3, tuple(Operation(gate, (qubit,)) for gate, qubit in turns))
    own = {0: ("X", 1.0), 1: ("Y", -1.0), 2: ("Z", -1.0)}
    for letters in itertools.product(["", "X", "Y", "Z"], repeat=3):
        paulis = tuple((qubit, letter) for qubit, letter in enumerate(letters) if letter)
        right = math.prod(own[q][1] if letter == own[q][0] else 0.0 for q, letter in paulis)
        value = asked(name, circuit, Task("expval", observable=Observable((PauliTerm(-2.5, paulis),))))
        assert value == pytest.approx(-2.5 * right, abs=1e-12)


@pytest.mark.parametrize("name", [*EXPECTING, "stim.peek"])
@pytest.mark.parametrize("coefficient", [1e-12, 1e12])
def test_coefficients_of_every_size_count(name, coefficient):
    """Estimators of other packages drop small ones."""
    flipped = Circuit(2, (Operation("x", (1,)),))
    observable = Observable((PauliTerm(coefficient, ((1, "Z"),)), PauliTerm(coefficient / 2, ())))
    value = asked(name, flipped, Task("expval", observable=observable))
    assert value == pytest.approx(-coefficient / 2, rel=1e-14)


@pytest.mark.parametrize("name", [*EXPECTING, "stim.peek"])
def test_final_measurements_do_not_matter_to_an_expectation_value(name):
    measured = (Operation("measure", (0,), (), (1,)), Operation("measure", (1,), (), (0,)))
    circuit = Circuit(2, (Operation("h", (0,)), Operation("cx", (0, 1)), *measured), 2)
    for letters, value in (("XX", 1), ("YY", -1), ("ZZ", 1), ("ZX", 0)):
        observable = Observable((PauliTerm(1.0, tuple(enumerate(letters))),))
        assert asked(name, circuit, Task("expval", observable=observable)) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_peeked_expectation_values_of_clifford_circuits(seed):
    gates = sorted(FACTS["stim.peek"].gates)
    source = random.Random(seed)
    chosen = [source.choice(gates) for _ in range(60)]
    circuit = Circuit(4, tuple(Operation(g, tuple(source.sample(range(4), GATES[g][0]))) for g in chosen))
    observable = every_pauli(4)
    value = asked("stim.peek", circuit, Task("expval", observable=observable))
    assert abs(value - oracle.expectation(circuit, observable)) <= 1e-13 * observable.weight
    terms = Observable(tuple(PauliTerm(1.0, paulis) for _, paulis in observable.terms))
    assert asked("stim.peek", circuit, Task("expval", observable=terms)) == round(
        oracle.expectation(circuit, terms)
    )


# ---- gradients and sweeps


def bound_task(kind, observable, values, *more):
    rows = (tuple(values.values()), *more)
    return Task(kind, observable=observable, parameters=tuple(values), bindings=rows)


def twisted(seed, qubits, names):
    """Free rotations of every kind, parameters in many gates with scale and shift, between fixed gates."""
    source = random.Random(seed)
    operations = list(scatter(source, qubits))
    for turn in range(2):
        for gate in FREE:
            if GATES[gate][0] <= qubits:
                angle = Parameter(
                    source.choice("abc"), source.choice((1.0, -0.5, 2.0)), source.uniform(-1, 1)
                )
                operations.append(
                    Operation(gate, tuple(source.sample(range(qubits), GATES[gate][0])), (angle,))
                )
        between = scrambled(f"{seed} {turn}", qubits, 6, names).operations[2 * qubits :]
        operations += between
    return Circuit(qubits, tuple(operations))


@pytest.mark.parametrize("name", DIFFERENTIATING)
@pytest.mark.parametrize("qubits", [1, 2, 4])
def test_gradients(name, qubits):
    """Parameters are named in another order than the circuit uses them; d stands in no gate."""
    circuit = twisted(qubits, qubits, FACTS[name].gates)
    task = bound_task("gradient", every_pauli(qubits), {"c": 0.7, "d": 1.0, "b": -1.9, "a": 2.6})
    found = asked(name, circuit, task)
    expected = oracle.gradient(circuit, task)
    assert len(found) == 4
    assert found[1] == 0.0
    assert np.abs(np.subtract(found, expected)).max() <= 1e-12
    assert np.abs(expected).max() > 0.1


@pytest.mark.parametrize("name", DIFFERENTIATING)
@pytest.mark.parametrize("gate", sorted(FACTS["qulacs.backprop"].gates))
def test_a_gradient_through_each_gate(name, gate):
    """What stands before a gate and behind it is free: so the gate's inverse and its cone must be right."""
    source = random.Random(gate)
    arity = GATES[gate][0]
    qubits = arity + 1
    fixed = tuple(source.uniform(-3, 3) for _ in range(GATES[gate][1]))
    before = [Operation("ry", (q,), (Parameter(f"a{q}"),)) for q in range(qubits)]
    behind = [Operation("rx", (q,), (Parameter(f"b{q}"),)) for q in range(qubits)]
    order = tuple(source.sample(range(qubits), arity))
    circuit = Circuit(qubits, (*scatter(source, qubits), *before, Operation(gate, order, fixed), *behind))
    values = {parameter: source.uniform(-3, 3) for parameter in circuit.parameters}
    observable = every_pauli(2) if qubits > 2 else every_pauli(qubits)
    task = bound_task("gradient", observable, values)
    assert np.abs(np.subtract(asked(name, circuit, task), oracle.gradient(circuit, task))).max() <= 1e-12


@pytest.mark.parametrize("name", DIFFERENTIATING)
@pytest.mark.parametrize(
    ("gate", "paulis", "value", "slope"),
    [
        ("rx", "Y", lambda a: -math.sin(a), lambda a: -math.cos(a)),
        ("ry", "X", lambda a: math.sin(a), lambda a: math.cos(a)),
        ("rx", "Z", lambda a: math.cos(a), lambda a: -math.sin(a)),
        ("rxx", "YX", lambda a: -math.sin(a), lambda a: -math.cos(a)),
        ("rxx", "ZI", lambda a: math.cos(a), lambda a: -math.sin(a)),
        ("ryy", "XY", lambda a: math.sin(a), lambda a: math.cos(a)),
    ],
)
def test_closed_forms_of_one_turn(name, gate, paulis, value, slope):
    """On |0...0>: the sign of an angle and of a derivative, against sines and cosines."""
    circuit = Circuit(
        GATES[gate][0], (Operation(gate, tuple(range(GATES[gate][0])), (Parameter("t", -3.0, 0.25),)),)
    )
    term = PauliTerm(2.0, tuple((q, p) for q, p in enumerate(paulis) if p != "I"))
    for at in (0.0, 0.4, -2.2):
        angle = -3.0 * at + 0.25
        task = bound_task("gradient", Observable((term,)), {"t": at})
        assert asked(name, circuit, task) == pytest.approx([-6.0 * slope(angle)], abs=1e-12)
        swept = Task("sweep", None, Observable((term,)), None, ("t",), ((at,),))
        assert asked("qulacs.parametric", circuit, swept) == pytest.approx([2.0 * value(angle)], abs=1e-12)


@pytest.mark.parametrize("name", SWEEPING)
@pytest.mark.parametrize("qubits", [1, 2, 4])
def test_sweeps(name, qubits):
    gates = FACTS[name].gates
    circuit = lower(twisted(qubits, qubits, gates), gates)
    values = {"c": 0.7, "d": 1.0, "b": -1.9, "a": 2.6}
    more = [tuple(random.Random(row).uniform(-3, 3) for _ in range(4)) for row in range(4)]
    observable = every_pauli(qubits)
    task = bound_task("sweep", observable, values, (0.0,) * 4, *more, tuple(values.values()))
    found = asked(name, circuit, task)
    assert np.abs(np.subtract(found, oracle.rows(circuit, task))).max() <= rounding(name, observable.weight)
    assert found[0] == pytest.approx(found[-1], abs=1e-12)  # no row leaves anything to another


@pytest.mark.parametrize("gate", ["p", "cp", "crx", "cry", "crz", "u2", "u"])
@pytest.mark.parametrize("name", SWEEPING)
def test_sweeps_of_every_gate_with_an_angle(name, gate):
    """Native gates as they are, others as qbench lowers them."""
    arity, count = GATES[gate]
    parameters = [Parameter(f"p{k}", (1.0, -2.0, 0.5)[k], 0.1 * k) for k in range(count)]
    start = tuple(scatter(random.Random(gate), arity))
    circuit = Circuit(arity, (*start, Operation(gate, tuple(reversed(range(arity))), tuple(parameters))))
    lowered = lower(circuit, FACTS[name].gates)
    rows = [tuple(random.Random(k).uniform(-3, 3) for _ in range(count)) for k in range(3)]
    names = tuple(f"p{k}" for k in range(count))
    task = Task("sweep", None, every_pauli(arity), None, names, tuple(rows))
    expected = oracle.rows(circuit, task)
    assert np.abs(np.subtract(asked(name, lowered, task), expected)).max() <= 1e-9
    if name != "ddsim.statevector":
        assert np.abs(np.subtract(asked(name, lowered, task), expected)).max() <= 1e-12


@pytest.mark.parametrize("name", [*SWEEPING, *DIFFERENTIATING])
def test_executing_again_gives_the_same_and_other_values_give_others(name):
    kind = "gradient" if name in DIFFERENTIATING else "sweep"
    circuit = Circuit(2, (Operation("ry", (0,), (Parameter("a"),)), Operation("cx", (0, 1))))
    observable = Observable((PauliTerm(1.0, ((1, "Z"),)),))
    engine = loaded(name)
    task = bound_task(kind, observable, {"a": 0.3})
    program = program_of(engine, circuit, task)
    once, other, again = (
        engine.readback(engine.execute(program, 1, ((value,),))) for value in (0.3, 1.0, 0.3)
    )
    wanted = {"gradient": lambda a: -math.sin(a), "sweep": math.cos}[kind]
    assert once == again == pytest.approx([wanted(0.3)], abs=1e-12)
    assert other == pytest.approx([wanted(1.0)], abs=1e-12)


# ---- what is declared


def test_every_kind_is_offered_or_refused_with_a_reason():
    kinds = {"state", "sample", "expval", "gradient", "sweep", "density_matrix", "noisy_sample"}
    for name, facts in FACTS.items():
        if name.split(".")[0] in ("qulacs", "stim", "ddsim"):
            assert set(facts.tasks) | set(facts.unsupported) == kinds, name
