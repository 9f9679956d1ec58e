"""What each configuration is asked in the comparison with plain scripts: three circuits and one task.

A small GHZ-like circuit, a parametrised ansatz of about 8 qubits, and one that is larger.  Smaller ones where
a call would take longer than some 0.3 s: for density matrices, unitaries and gradients by shifts.

All gates are ones that every configuration of its kind takes natively, so that nothing is lowered: the script
writes the very gates that the adapter is given.  A free angle is its parameter, with no scale and no shift.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from qbench.circuits.noise import NOISE_MODELS
from qbench.ir import Circuit, Noise, Observable, Operation, Parameter, PauliTerm, Task
from qbench.session.preparing import asked_circuit
from qbench.simulators.contract import SimulatorFacts

SHOTS = 1000
NOISY_SHOTS = 200  # a trajectory per shot takes up to 0.2 ms here
MIDWAY_SHOTS = 50  # "one-shot" takes 1 to 3 ms a shot
BINDINGS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One circuit without its noise, and the task."""

    circuit: Circuit
    task: Task

    @property
    def asked(self) -> Circuit:
        """The circuit as the adapter is given it: with its noise."""
        return asked_circuit(self.circuit, self.task)

    def as_json(self) -> dict[str, Any]:
        """The same as plain lists, for a script; a free angle is its parameter's number as text."""
        task, circuit = self.task, self.asked
        number = {name: str(place) for place, name in enumerate(task.parameters)}
        operations = [
            [
                op.name,
                op.qubits,
                [number[angle.name] if isinstance(angle, Parameter) else angle for angle in op.params],
                op.clbits,
                op.condition,
            ]
            for op in circuit.operations
            if op.name != "measure" or circuit.features - {"noise"}
        ]
        terms = () if task.observable is None else task.observable.terms
        return {
            "qubits": circuit.num_qubits,
            "operations": operations,
            "shots": task.shots,
            "observable": [[coefficient, paulis] for coefficient, paulis in terms],
            "bindings": task.bindings,
        }


# ---- circuits


def ghz(qubits: int) -> Circuit:
    gates = [Operation("h", (0,)), *(Operation("cx", (q, q + 1)) for q in range(qubits - 1))]
    return Circuit(qubits, tuple(gates), name=f"ghz_{qubits}")


def ansatz(qubits: int, layers: int) -> Circuit:
    """Layers of ry and rz on every qubit, then cx from each to the next."""
    draw = random.Random(qubits)
    gates = []
    for _ in range(layers):
        for q in range(qubits):
            gates += [Operation(name, (q,), (draw.uniform(-3, 3),)) for name in ("ry", "rz")]
        gates += [Operation("cx", (q, q + 1)) for q in range(qubits - 1)]
    return Circuit(qubits, tuple(gates), name=f"ansatz_{qubits}")


def bricks(qubits: int, layers: int) -> Circuit:
    """Layers of rx, rz on every qubit, then cz between neighbours, in even and odd layers shifted by one."""
    draw = random.Random(qubits)
    gates = []
    for layer in range(layers):
        for q in range(qubits):
            gates += [Operation(name, (q,), (draw.uniform(-3, 3),)) for name in ("rx", "rz")]
        gates += [Operation("cz", (q, q + 1)) for q in range(layer % 2, qubits - 1, 2)]
    return Circuit(qubits, tuple(gates), name=f"bricks_{qubits}")


def clifford(qubits: int, layers: int) -> Circuit:
    """Layers of a random one of h, s, x on every qubit, then cx and cz between random pairs."""
    draw = random.Random(qubits)
    gates = []
    for _ in range(layers):
        gates += [Operation(draw.choice("hsx"), (q,)) for q in range(qubits)]
        order = draw.sample(range(qubits), qubits)
        pairs = zip(order[::2], order[1::2], strict=False)
        gates += [Operation(draw.choice(("cx", "cz")), pair) for pair in pairs]
    return Circuit(qubits, tuple(gates), name=f"clifford_{qubits}")


def measured(circuit: Circuit) -> Circuit:
    """Every qubit into the classical bit of its number, at the end."""
    ends = [Operation("measure", (q,), (), (q,)) for q in range(circuit.num_qubits)]
    return replace(circuit, operations=(*circuit.operations, *ends), num_clbits=circuit.num_qubits)


def freed(circuit: Circuit) -> Circuit:
    """Every angle a parameter of its own, t0, t1, ...; where there is none, an ry on every qubit."""
    operations = list(circuit.operations)
    if not any(op.params for op in operations):
        operations += [Operation("ry", (q,), (0.0,)) for q in range(circuit.num_qubits)]
    count, free = 0, []
    for op in operations:
        if op.params:
            op, count = op._replace(params=(Parameter(f"t{count}"),)), count + 1
        free.append(op)
    return replace(circuit, operations=tuple(free), name=f"free_{circuit.name}")


def teleportation() -> Circuit:
    steps = (
        Operation("ry", (0,), (0.7,)),
        Operation("h", (1,)),
        Operation("cx", (1, 2)),
        Operation("cx", (0, 1)),
        Operation("h", (0,)),
        Operation("measure", (0,), (), (0,)),
        Operation("measure", (1,), (), (1,)),
        Operation("x", (2,), (), (), ((1,), 1)),
        Operation("z", (2,), (), (), ((0,), 1)),
        Operation("measure", (2,), (), (2,)),
    )
    return Circuit(3, steps, 3, "teleportation_3")


def reused(qubits: int, layers: int) -> Circuit:
    """An ansatz whose qubit 0 is measured, reset and used again: the outcome stands in the last bit."""
    before, again = ansatz(qubits, layers), ghz(qubits)
    middle = (Operation("measure", (0,), (), (qubits,)), Operation("reset", (0,)))
    ends = tuple(Operation("measure", (q,), (), (q,)) for q in range(qubits))
    operations = (*before.operations, *middle, *again.operations, *ends)
    return Circuit(qubits, operations, qubits + 1, f"reused_{qubits}")


# ---- questions by configuration


def observable(qubits: int) -> Observable:
    last = qubits - 1
    return Observable(
        (
            PauliTerm(1.0, ((0, "Z"), (1, "Z"))),
            PauliTerm(-0.5, ((last, "X"),)),
            PauliTerm(0.25, ((0, "Y"), (last, "Y"))),
        )
    )


VECTOR = (ghz(8), ansatz(8, 2), bricks(12, 6))
UNITARY = (ghz(6), ansatz(8, 1), bricks(9, 2))
SMALL_UNITARY = (ghz(5), ansatz(6, 1), bricks(7, 1))
DENSE = (ghz(8), ansatz(8, 2), bricks(12, 4))  # decision diagrams as large as the state
JITTED = (ghz(8), ansatz(8, 1), bricks(12, 1))  # XLA compiles for 0.1 s per gate
STABILIZER = (ghz(8), clifford(8, 8), clifford(12, 12))
DENSITY = (ghz(3), ansatz(4, 2), bricks(5, 2))
FREE = tuple(map(freed, (ghz(4), ansatz(8, 1), ansatz(12, 2))))
FREE_SHIFTED = tuple(map(freed, (ghz(4), ansatz(6, 1), ansatz(9, 1))))  # 2 executions for each angle
MIDWAY = (teleportation(), reused(4, 1), reused(6, 2))

SLOW: Mapping[str, tuple[Circuit, ...]] = {
    "aer.unitary": UNITARY,
    "ddsim.exact": DENSE,
    "ddsim.hybrid": DENSE,
    "ddsim.unitary": SMALL_UNITARY,
    "ddsim.statevector": DENSE,
    "pennylane.default.adjoint": FREE_SHIFTED,
    "pennylane.default.jax": JITTED,
    "pennylane.default.jax.c64": JITTED,
    "pennylane.default.jax.vmap": FREE_SHIFTED,
    "pennylane.default.jax.backprop": FREE_SHIFTED,
    "pennylane.default.jax.backprop.c64": FREE_SHIFTED,
    "pennylane.default.shift": FREE_SHIFTED,
    "pennylane.lightning.shift": FREE_SHIFTED,
    "pennylane.reference": UNITARY,
    "qulacs.shift": FREE_SHIFTED,
}
"""Configurations that take smaller circuits than their kind, as a call would take seconds."""


def states(circuits: Iterable[Circuit]) -> tuple[Question, ...]:
    return tuple(Question(circuit=circuit, task=Task("state")) for circuit in circuits)


def samples(circuits: Iterable[Circuit], shots: int = SHOTS) -> tuple[Question, ...]:
    task = Task("sample", shots=shots)
    return tuple(
        Question(circuit=circuit if circuit.num_clbits else measured(circuit), task=task)
        for circuit in circuits
    )


def values(circuits: Iterable[Circuit]) -> tuple[Question, ...]:
    return tuple(
        Question(circuit=one, task=Task("expval", observable=observable(one.num_qubits))) for one in circuits
    )


def gradients(circuits: Iterable[Circuit]) -> tuple[Question, ...]:
    return tuple(bound("gradient", circuit, 1) for circuit in circuits)


def sweeps(circuits: Iterable[Circuit]) -> tuple[Question, ...]:
    return tuple(bound("sweep", circuit, BINDINGS) for circuit in circuits)


def bound(kind: str, circuit: Circuit, count: int) -> Question:
    draw = random.Random(count)
    rows = tuple(tuple(draw.uniform(-3, 3) for _ in circuit.parameters) for _ in range(count))
    task = Task(kind, observable=observable(circuit.num_qubits), parameters=circuit.parameters, bindings=rows)
    return Question(circuit=circuit, task=task)


NOISE: Noise = NOISE_MODELS["depolarizing"]


def matrices(circuits: Iterable[Circuit]) -> tuple[Question, ...]:
    task = Task("density_matrix", noise=NOISE)
    return tuple(Question(circuit=circuit, task=task) for circuit in circuits)


def noisy_samples(circuits: Iterable[Circuit]) -> tuple[Question, ...]:
    task = Task("noisy_sample", shots=NOISY_SHOTS, noise=NOISE)
    return tuple(Question(circuit=measured(circuit), task=task) for circuit in circuits)


Form = Callable[[Iterable[Circuit]], tuple[Question, ...]]

FORMS: Mapping[str, tuple[Form, tuple[Circuit, ...]]] = {
    "state": (states, VECTOR),
    "gradient": (gradients, FREE),
    "density_matrix": (matrices, DENSITY),
    "sweep": (sweeps, FREE),
    "sample": (samples, VECTOR),
    "noisy_sample": (noisy_samples, DENSITY),
    "expval": (values, VECTOR),
}
"""By task kind.  A configuration is asked for the first kind here that it has: a state where it has one, else
what only some have."""

STABILIZER_FORMS: Mapping[str, Form] = {"state": states, "sample": samples, "expval": values}


def questions_for(facts: SimulatorFacts) -> tuple[Question, ...]:
    """The three questions that a configuration is asked.

    Clifford simulators get Clifford circuits, the configurations of one way to measure midway circuits that
    are measured midway.
    """
    if facts.name.endswith((".oneshot", ".tree")):
        return samples(MIDWAY, MIDWAY_SHOTS)
    if facts.kind == "clifford":
        kind = next(kind for kind in STABILIZER_FORMS if kind in facts.tasks)
        return STABILIZER_FORMS[kind](STABILIZER)
    kind = next(kind for kind in FORMS if kind in facts.tasks)
    form, circuits = FORMS[kind]
    return form(SLOW.get(facts.name, circuits))
