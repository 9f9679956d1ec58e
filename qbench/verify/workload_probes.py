"""Conformance circuits for expectation values, gradients, sweeps, noise and circuits measured midway.

The states are those of ``probes``; what is measured of them is new.  An observable has all Pauli products on
one and two qubits with coefficients of their own, so that a wrong qubit, letter, sign or factor shows.  Noise
is asked channel by channel, strong enough that a wrong convention (3p/4 for p) shows in samples too.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Sequence
from itertools import combinations, product
from typing import NamedTuple, Protocol

from qbench.ir import (
    CHANNELS,
    GATES,
    Channel,
    Circuit,
    Noise,
    Observable,
    Operation,
    Parameter,
    PauliTerm,
    Task,
)

__all__ = ["ProbeMaker", "WorkloadProbe", "workload_probes"]

SMALL, WIDE = 4, 8
"""Qubits: few, as a density matrix has 4^n numbers and parameter shifts run each circuit many times."""

MIDWAY_SHOTS = 500
"""Few: some simulators run such a circuit once for every shot, in Python (PennyLane: 5 ms each)."""

NOISY_SHOTS = 16384
"""15p/16 for p on two qubits changes a probability by 0.04 at 0.8: 10 standard deviations of these shots."""

STRONG = {1: 0.3, 2: 0.8, 0: 0.1}
"""Strengths of channels by arity (readout: 0), where they are asked alone."""

SCALES = ((1.0, 0.0), (-0.5, 0.3), (2.0, -0.7), (1.0, 1.1))
"""(scale, shift) of parametrised angles, in turn."""

VALUES = (0.7, -1.9, 2.6, -0.4)


class WorkloadProbe(NamedTuple):
    """A circuit and a task with the name of what they try."""

    name: str
    circuit: Circuit
    task: Task


class ProbeMaker(Protocol):
    """What circuits are made from: the gates of one simulator (``probes``)."""

    native: list[str]
    turning: list[str]
    max_qubits: int
    clifford: bool

    def product(self, seed: str, qubits: Sequence[int]) -> list[Operation]: ...

    def mix(self, seed: str, n: int, angles: Sequence[float]) -> list[Operation]: ...


def workload_probes(
    maker: ProbeMaker,
    tasks: Collection[str],
    noise: Collection[str],
    features: Collection[str],
    *,
    thorough: bool,
) -> Iterator[WorkloadProbe]:
    """The probes of all kinds but state and sample that a simulator declares, and of its features.

    ``thorough`` adds sizes, single gates and single channels to what opens every run.
    """
    n = min(SMALL, maker.max_qubits)
    mixed = Circuit(n, tuple(maker.mix("workload", n, VALUES)), name="probe workload")
    if "expval" in tasks:
        yield WorkloadProbe("expval", mixed, Task("expval", observable=_paulis(n)))
        if thorough:
            yield from _more_expectations(maker)
    for kind in ("gradient", "sweep"):
        if kind in tasks and maker.turning:
            yield from _parametrised(maker, kind, n, thorough=thorough)
    if "density_matrix" in tasks:
        yield WorkloadProbe("density-matrix", mixed, Task("density_matrix"))
        channels = [name for name in CHANNELS if name in noise]
        models = [(f"density-{name}", _alone(name)) for name in channels]
        if thorough:
            models += [
                (f"density-{name}{arity} {strength:g}", Noise((Channel(name, strength, arity),)))
                for name, arity, strength in product(channels, (1, 2), (1e-9, 1e-3, 0.5, 1.0))
            ]
        for title, model in models:
            yield WorkloadProbe(title, mixed, Task("density_matrix", noise=model))
    if "noisy_sample" in tasks:
        yield from _noisy_samples(maker, noise)
    if "sample" in tasks and features:
        yield from _dynamic(maker, thorough=thorough)


def _paulis(n: int) -> Observable:
    """Every Pauli product on one and two qubits, one on all, and the identity, each with its own weight."""
    rng = random.Random(f"qbench probe observable {n}")
    products = [((q, letter),) for q in range(n) for letter in "XYZ"]
    pairs = [((a, p), (b, r)) for a, b in combinations(range(n), 2) for p, r in product("XYZ", repeat=2)]
    whole = tuple((q, "XYZ"[q % 3]) for q in range(n))
    found = [*products, *pairs, *([whole] if n > 2 else []), ()]
    return Observable(tuple(PauliTerm(rng.choice((-1, 1)) * rng.uniform(0.2, 1.0), term) for term in found))


def _more_expectations(maker: ProbeMaker) -> Iterator[WorkloadProbe]:
    wide = min(WIDE, maker.max_qubits)
    ops = tuple(maker.mix("expval-wide", wide, VALUES))
    ends = ((0, "Z"), (wide - 1, "X")) if wide > 1 else ((0, "Z"),)
    outer = Observable((PauliTerm(-0.8, ends), PauliTerm(0.3, ((wide - 1, "Y"),))))
    yield WorkloadProbe("expval-wide", Circuit(wide, ops), Task("expval", observable=outer))
    one = tuple(maker.product("expval-one", [0]))
    for name, observable in (
        ("expval-one-qubit", Observable((PauliTerm(1.0, ((0, "Y"),)), PauliTerm(2.0, ((0, "Z"),))))),
        ("expval-identity", Observable((PauliTerm(-1.5, ()),))),
        ("expval-sizes", Observable((PauliTerm(1e6, ((0, "X"),)), PauliTerm(1e-6, ((0, "Z"),))))),
    ):
        yield WorkloadProbe(name, Circuit(1, one), Task("expval", observable=observable))


def _parametrised(maker: ProbeMaker, kind: str, n: int, *, thorough: bool) -> Iterator[WorkloadProbe]:
    """Each gate with an angle once with a parameter of its own; then one parameter in all of them."""
    start = maker.product("parametrised", range(n))
    gates = [name for name in maker.turning if GATES[name][0] <= n]
    entangler = next((name for name in ("cx", "cz", "cy") if name in maker.native), None)
    ops, shared = list(start), list(start)
    rng = random.Random("qbench probe parametrised")
    used = 0
    for place, name in enumerate(gates):
        on = tuple(rng.sample(range(n), GATES[name][0]))
        scales = [SCALES[(place + k) % len(SCALES)] for k in range(GATES[name][1])]
        ops.append(Operation(name, on, tuple(Parameter(f"p{used + k}", *s) for k, s in enumerate(scales))))
        shared.append(Operation(name, on, tuple(Parameter("all", *scale) for scale in scales)))
        used += len(scales)
        if entangler and n > 1:
            pair = tuple(rng.sample(range(n), 2))
            ops.append(Operation(entangler, pair))
            shared.append(Operation(entangler, pair))
    names = [f"p{k}" for k in reversed(range(used))]  # not in the order of their use
    yield _asked(kind, kind, Circuit(n, tuple(ops)), names, _paulis(n))
    yield _asked(f"{kind}-shared", kind, Circuit(n, tuple(shared)), ["all"], _paulis(n))
    for name in gates if thorough else ():
        size, count = GATES[name]
        qubits = tuple(reversed(range(size)))
        angles = tuple(Parameter(f"p{k}", *SCALES[k % len(SCALES)]) for k in range(count))
        alone = [*maker.product(f"{kind} {name}", range(size)), Operation(name, qubits, angles)]
        listed = [f"p{k}" for k in range(count)]
        yield _asked(f"{kind} {name}", kind, Circuit(size, tuple(alone)), listed, _paulis(size))


def _asked(
    title: str, kind: str, circuit: Circuit, names: Sequence[str], observable: Observable
) -> WorkloadProbe:
    rows = [tuple(VALUES[(k + turn) % len(VALUES)] for k in range(len(names))) for turn in range(2)]
    rows.append((0.0,) * len(names))
    used = tuple(rows[:1] if kind == "gradient" else rows)
    task = Task(kind, observable=observable, parameters=tuple(names), bindings=used)
    return WorkloadProbe(title, circuit, task)


def _alone(name: str) -> Noise:
    """One kind of channel after gates on one and on two qubits, with a strength for each."""
    return Noise(tuple(Channel(name, STRONG[arity], arity) for arity in (1, 2)), name=name)


def _noisy_samples(maker: ProbeMaker, noise: Collection[str]) -> Iterator[WorkloadProbe]:
    """Flips that would be certain, and coherences that would come back, without noise: all are Clifford.

    Qubits 0 and 1 are flipped, by one gate and by cx; qubits 2 and 3 are put into superposition and back.
    """
    flips = [Operation("x", (0,)), Operation("cx", (0, 1))]
    returns = [Operation("h", (2,)), Operation("cx", (2, 3)), Operation("cx", (2, 3)), Operation("h", (2,))]
    ops = flips + returns if maker.max_qubits >= SMALL else [Operation("x", (0,))]
    circuit = Circuit(SMALL if maker.max_qubits >= SMALL else 1, tuple(ops))
    for name in CHANNELS:
        if name in noise:
            task = Task("noisy_sample", shots=NOISY_SHOTS, noise=_alone(name))
            yield WorkloadProbe(f"noisy-{name}", circuit, task)
    if "readout" in noise:
        model = Noise((Channel("readout", STRONG[0], 0),), name="readout")
        measured = tuple(Operation("measure", (q,), (), (c,)) for q, c in ((0, 2), (1, 0)))
        shown = Circuit(circuit.num_qubits, (*ops, *measured), 3) if circuit.num_qubits > 1 else circuit
        yield WorkloadProbe("noisy-readout", shown, Task("noisy_sample", shots=NOISY_SHOTS, noise=model))


def _dynamic(maker: ProbeMaker, *, thorough: bool) -> Iterator[WorkloadProbe]:
    """Measured midway, reset, and gates that wait for one bit or for two; two of them open a run."""
    if maker.max_qubits < 3:
        return
    start = maker.product("dynamic", range(3))
    measured = [Operation("measure", (q,), (), (q,)) for q in (0, 1)]
    ends = [Operation("h", (0,)), Operation("cx", (0, 2))]
    read = [Operation("measure", (q,), (), (2 + q,)) for q in range(3)]
    task = Task("sample", shots=MIDWAY_SHOTS)
    for name, between in (
        ("midway", []),
        ("reset", [Operation("reset", (1,)), Operation("reset", (2,))]),
        (
            "conditional",
            [Operation("x", (2,), condition=((0,), 1)), Operation("z", (1,), condition=((1,), 1))],
        ),
        (
            "conditional-on-two-bits",
            [Operation("x", (2,), condition=((1, 0), 2)), Operation("h", (1,), condition=((0, 1), 0))],
        ),
    ):
        if thorough or name in ("reset", "conditional"):
            yield WorkloadProbe(name, Circuit(3, (*start, *measured, *between, *ends, *read), 5), task)
    if not thorough:
        return
    again = [Operation("measure", (0,), (), (0,)), Operation("x", (0,)), Operation("measure", (0,), (), (0,))]
    yield WorkloadProbe("overwritten-bit", Circuit(3, (*start, *again, *read[1:]), 6), task)
