"""How a simulator is asked, which circuits and observables several tests share, how counts are judged."""

import functools
import itertools
import math
import random

from loading import load, outcomes
from needing import needs

from qbench.ir import GATES, Circuit, Observable, Operation, PauliTerm
from qbench.simulators.registry import builtin_simulators

KNOWN = {simulator.name: simulator for simulator in builtin_simulators()}
FACTS = {name: simulator.facts for name, simulator in KNOWN.items()}
# Other doors to what is here already, or options of it: test_adapters_variants asks each a few questions.
VARIANTS = (
    "aer.statevector.nofusion",
    "aer.density_matrix.c64",
    "aer.mps.bond16",
    "aer.mps.probabilities",
    "aer.extended_stabilizer",
    "pennylane.reference",
    "pennylane.default.device",
    "pennylane.lightning.device",
    "pennylane.lightning.device.c64",
    "pennylane.lightning.device.adjoint",
    "pennylane.clifford",
    "pennylane.clifford.state",
)


@functools.cache
def loaded(name):
    needs(name)
    return load(name)[1]


def program_of(engine, circuit, task):
    reason = engine.supports(circuit, task) if hasattr(engine, "supports") else None
    assert reason is None
    program = engine.translate(circuit, task)
    return engine.compile(program, task) if hasattr(engine, "compile") else program


def asked(name, circuit, task, seed=7):
    """One answer as a worker gets it; bindings are given where the task has any."""
    engine = loaded(name)
    program = program_of(engine, circuit, task)
    given = (task.bindings,) if task.bindings else ()
    return engine.readback(engine.execute(program, seed, *given))


def scatter(source, qubits):
    """A turn of each qubit that leaves no symmetry for a wrong gate to hide in."""
    for qubit in range(qubits):
        yield Operation("ry", (qubit,), (source.uniform(0.4, 2.7),))
        yield Operation("rz", (qubit,), (source.uniform(-3, 3),))


def scrambled(seed, qubits, gates, names):
    source = random.Random(seed)
    operations = list(scatter(source, qubits))
    fitting = sorted(name for name in names if GATES[name][0] <= qubits)
    for _ in range(gates):
        name = source.choice(fitting)
        angles = tuple(source.uniform(-4, 4) for _ in range(GATES[name][1]))
        operations.append(Operation(name, tuple(source.sample(range(qubits), GATES[name][0])), angles))
    return Circuit(qubits, tuple(operations))


def every_pauli(n):
    """All Pauli products on one and two qubits, one on all, and the identity, each with its own weight."""
    source = random.Random(n)
    products = [((q, letter),) for q in range(n) for letter in "XYZ"]
    for low, high in itertools.combinations(range(n), 2):
        products += [((high, a), (low, b)) for a, b in itertools.product("XYZ", repeat=2)]
    products += [tuple((q, "YZX"[q % 3]) for q in range(n)), ()]
    return Observable(tuple(PauliTerm(source.choice((-1, 1)) * source.uniform(0.2, 1), p) for p in products))


def close(counts, chances, shots):
    """Every outcome within five standard deviations, none that cannot be."""
    counted = outcomes(counts)
    assert sum(counted.values()) == shots
    assert {outcome for outcome, count in counted.items() if count} <= {
        o for o, p in chances.items() if p > 0
    }
    for outcome, p in chances.items():
        deviation = math.sqrt(shots * max(p * (1 - p), 0))
        assert abs(counted.get(outcome, 0) - shots * p) <= 5 * deviation + 1e-6
