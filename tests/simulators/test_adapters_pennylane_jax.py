"""PennyLane through JAX against NumPy: XLA's program, its precision, what it may not compute beforehand.

XLA takes about 0.1 s per gate, so few circuits hold many gates.  The oracles are whole matrices
(gate_matrices, workload_matrices).
"""

import itertools
import math
import random

import numpy as np
import pytest
from adapter_calls import FACTS, asked, close, loaded, program_of, scatter
from gate_matrices import distance, final_state
from loading import outcomes
from workload_matrices import expectation, gradient, noisy_distribution, rows

from qbench.ir import GATES, Circuit, Observable, Operation, Parameter, PauliTerm, Task

jax = pytest.importorskip("jax")
pytest.importorskip("pennylane")

DOUBLE, SINGLE = "pennylane.default.jax", "pennylane.default.jax.c64"
GRADIENTS = ["pennylane.default.jax.backprop", "pennylane.default.jax.backprop.c64"]
ROUNDOFF = {"complex128": 2.0**-53, "complex64": 2.0**-24}
STATE = Task("state")
TERMS = Observable(
    (
        PauliTerm(0.7, ((0, "X"), (2, "Y"))),
        PauliTerm(-1.3, ((1, "Z"),)),
        PauliTerm(0.25, ()),
        PauliTerm(1e-9, ((2, "Z"),)),
        PauliTerm(0.5, ((1, "Z"),)),
    )
)


@pytest.fixture
def ask():
    """As ``asked``; the precision is JAX's setting, the process's and not an engine's, and goes back."""

    def one(name, circuit, task, seed=7):
        loaded(name)
        jax.config.update("jax_enable_x64", FACTS[name].options["x64"])
        return asked(name, circuit, task, seed)

    before = jax.config.jax_enable_x64
    yield one
    jax.config.update("jax_enable_x64", before)


def allowed(name, circuit):
    return 8 * ROUNDOFF[FACTS[name].precision] * math.sqrt(1 + len(circuit.gates))


def every_gate_once(angle, seed):
    """Each gate on random qubits of five, with the angle first where it has any, between turns."""
    source = random.Random(seed)
    operations = list(scatter(source, 5))
    for name in sorted(FACTS[DOUBLE].gates):
        arity, angles = GATES[name]
        own = (angle, *(source.uniform(-4, 4) for _ in range(angles - 1)))[:angles]
        operations.append(Operation(name, tuple(source.sample(range(5), arity)), own))
    return Circuit(5, (*operations, *scatter(source, 5)))


# ---- states


@pytest.mark.parametrize(
    ("name", "angle"),
    [
        (DOUBLE, 7.9),
        (SINGLE, math.pi),
        *(pytest.param(DOUBLE, angle, marks=pytest.mark.slow) for angle in (1e-9, 1e-13, math.pi)),
    ],
)
def test_every_gate_is_its_matrix(ask, name, angle):
    circuit = every_gate_once(angle, repr(angle))
    state = ask(name, circuit, STATE)
    assert state.dtype == FACTS[name].precision
    error = distance(state, final_state(circuit))
    assert error <= allowed(name, circuit)
    if name == SINGLE:  # and really single
        assert error > 1e-9


def test_qubit_0_is_least_significant_and_idle_qubits_are_there(ask):
    flipped = Circuit(3, (Operation("x", (0,)), Operation("cx", (0, 1))))
    assert ask(DOUBLE, flipped, STATE) == pytest.approx(np.eye(8)[3], abs=0)
    assert ask(DOUBLE, Circuit(2, ()), STATE) == pytest.approx(np.eye(4)[0], abs=0)


def test_a_small_amplitude_survives(ask):
    circuit = Circuit(2, (Operation("ry", (1,), (1e-13,)),))
    assert ask(DOUBLE, circuit, STATE)[2] == pytest.approx(5e-14, rel=1e-12)


def test_a_state_without_angles_is_computed_at_each_call():
    """The start is an argument: from another one the compiled program makes another state.

    With no argument, XLA computes the state while it compiles, and each call copies it.
    """
    engine = loaded(DOUBLE)
    jax.config.update("jax_enable_x64", True)
    ghz = Circuit(2, (Operation("h", (0,)), Operation("cx", (0, 1))))
    function, (values, start), *rest = program_of(engine, ghz, STATE)
    assert start.tolist() == [1, 0, 0, 0]
    handle = engine.execute((function, (values, start[::-1]), *rest), 1)
    half = math.sqrt(0.5)
    assert engine.readback(handle) == pytest.approx(np.array([0, -half, half, 0]), abs=1e-15)


# ---- samples


@pytest.mark.parametrize("bits", [{70: 2, 1: 0}, {}])
def test_samples(ask, bits):
    measured = tuple(Operation("measure", (qubit,), (), (bit,)) for bit, qubit in bits.items())
    gates = (*scatter(random.Random(1), 3), Operation("cx", (0, 2)))
    circuit = Circuit(3, (*gates, *measured), 1 + max(bits) if bits else 0)
    counts = ask(DOUBLE, circuit, Task("sample", shots=4000))
    close(counts, noisy_distribution(circuit), 4000)


@pytest.mark.parametrize("name", [pytest.param(DOUBLE, marks=pytest.mark.slow), SINGLE])
def test_seeds(name):
    engine = loaded(name)
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", FACTS[name].options["x64"])
    try:
        circuit = Circuit(4, tuple(scatter(random.Random(2), 4)))
        program = program_of(engine, circuit, Task("sample", shots=500))
        drawn = [outcomes(engine.readback(engine.execute(program, seed))) for seed in (0, 1, 2**31 - 1, 1)]
    finally:
        jax.config.update("jax_enable_x64", before)
    assert drawn[1] == drawn[3]
    assert len({tuple(sorted(counts.items())) for counts in drawn}) == 3
    close(drawn[0], noisy_distribution(circuit), 500)
    nothing = Circuit(1, (Operation("x", (0,)),), 1)
    assert "measured" in engine.supports(nothing, Task("sample", shots=5))


# ---- values


@pytest.mark.parametrize("name", [DOUBLE, SINGLE])
def test_expectation_values(ask, name):
    circuit = Circuit(3, (*scatter(random.Random(3), 3), Operation("cx", (2, 0)), Operation("h", (1,))))
    found = ask(name, circuit, Task("expval", observable=TERMS))
    assert type(found) is float
    assert abs(found - expectation(circuit, TERMS)) <= 2 * allowed(name, circuit) * TERMS.weight


def ansatz():
    """Free angles with scale and shift, each in several gates."""
    a, b = Parameter("a", 2.0, 0.3), Parameter("b")
    turns = (
        Operation("rx", (0,), (b,)),
        Operation("ry", (1,), (a,)),
        Operation("cx", (0, 1)),
        Operation("rzz", (1, 2), (b,)),
        Operation("rxx", (0, 2), (Parameter("a", -0.5, 0.0),)),
    )
    return Circuit(3, (*scatter(random.Random(4), 3), *turns, *scatter(random.Random(5), 3)))


NAMES = ("b", "unused", "a")
ROWS = ((0.4, 1.0, -1.1), (7.9, 0.0, 1e-9), (0.0, 2.0, math.pi))


@pytest.mark.parametrize(
    ("name", "count"),
    [(DOUBLE, 3), (SINGLE, 3), ("pennylane.default.jax.vmap", 1), ("pennylane.default.jax.vmap", 3)],
)
def test_sweeps(ask, name, count):
    task = Task("sweep", observable=TERMS, parameters=NAMES, bindings=ROWS[:count])
    found = ask(name, ansatz(), task)
    assert len(found) == count
    slack = 4 * allowed(name, ansatz()) * TERMS.weight
    assert np.array(found) == pytest.approx(np.array(rows(ansatz(), task)), abs=slack)


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients(ask, name):
    task = Task("gradient", observable=TERMS, parameters=NAMES, bindings=ROWS[:1])
    found = ask(name, ansatz(), task)
    slack = 8 * allowed(name, ansatz()) * TERMS.weight
    assert np.array(found) == pytest.approx(np.array(gradient(ansatz(), task)), abs=slack)
    assert found[1] == 0.0


@pytest.mark.parametrize("name", [*GRADIENTS[:1], DOUBLE, "pennylane.default.jax.vmap"])
def test_values_arrive_with_the_bindings(name):
    """One program, other values: other answers."""
    engine = loaded(name)
    jax.config.update("jax_enable_x64", True)
    kind = "gradient" if name in GRADIENTS else "sweep"
    circuit = Circuit(1, (Operation("ry", (0,), (Parameter("a"),)),))
    z = Observable((PauliTerm(1.0, ((0, "Z"),)),))
    program = program_of(engine, circuit, Task(kind, observable=z, parameters=("a",), bindings=((0.3,),)))
    for value in (0.3, 1.2):
        (found,) = engine.readback(engine.execute(program, 1, ((value,),)))
        assert found == pytest.approx(-math.sin(value) if kind == "gradient" else math.cos(value), abs=1e-15)


def test_every_configuration_is_tested_here():
    names = {name for name in FACTS if name.startswith(DOUBLE)}
    assert names == {*itertools.chain(GRADIENTS, (DOUBLE, SINGLE, "pennylane.default.jax.vmap"))}
