"""Conformance circuits for expectation values, gradients, sweeps, noise and circuits measured midway.

The states are those of ``probes``; what is measured of them is new.  An observable has all Pauli products on
one and two qubits with coefficients of their own, so that a wrong qubit, letter, sign or factor shows.  Noise
is asked channel by channel, strong enough that a wrong convention (3p/4 for p) shows in samples too.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, product

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
from qbench.verify.probe_circuits import SEED, SHOTS, Probe, ProbeCircuits

__all__ = ["STRONG", "all_paulis", "parametrised", "task_about", "workload_probes"]

SMALL, WIDE, NOISY_QUBITS = 4, 8, 6
"""Qubits: few, as a density matrix has 4^n numbers and parameter shifts run each circuit many times."""

MIDWAY_SHOTS = 500
"""Few: some simulators run such a circuit once for every shot, in Python (PennyLane: 5 ms each)."""

SLOW_SHOTS = 200
"""Fewer still, of circuits with all gates: 30 ms for each shot there."""

SEEDS = (SEED, SEED, SEED ^ 1, SEED ^ 1 << 30)
"""Twice the same, then with the lowest bit and with the highest but one of 32 changed."""

NOISY_SHOTS = 12288
"""15p/16 for p on two qubits changes a probability by 0.04 at 0.8: 9 standard deviations of these shots.  Not
more, as trajectories are drawn one by one: qulacs takes 5 s for them behind amplitude damping."""

STRONG = {1: 0.3, 2: 0.8, 0: 0.1}
"""Strengths of channels by arity (readout: 0), where they are asked alone."""

SCALES = ((1.0, 0.0), (-0.5, 0.3), (2.0, -0.7), (1.0, 1.1))
"""(scale, shift) of parametrised angles, in turn."""

VALUES = (0.7, -1.9, 2.6, -0.4)

WEAK = 0.02
"""The strength of noise where something else is asked about."""


def task_about(kind: str, n: int, noise: Collection[str] = (), names: Sequence[str] = ()) -> Task:
    """A task of this kind about a circuit of ``n`` qubits: all Paulis, weak noise, values for the parameters.

    >>> task_about("noisy_sample", 2, ["readout"]).noise.kinds, len(task_about("expval", 2).observable.terms)
    (('readout',), 16)
    """
    if kind in ("gradient", "sweep"):
        rows = [tuple(VALUES[(k + turn) % len(VALUES)] for k in range(len(names))) for turn in range(2)]
        rows.append((0.0,) * len(names))
        used = tuple(rows[:1] if kind == "gradient" else rows)
        return Task(kind, observable=all_paulis(n), parameters=tuple(names), bindings=used)
    if kind == "noisy_sample":
        known = next((name for name in CHANNELS if name in noise), None)
        channel = Channel(known, WEAK, 1) if known else Channel("readout", WEAK, 0)
        return Task(kind, shots=SHOTS, noise=Noise((channel,)))
    if kind == "expval":
        return Task(kind, observable=all_paulis(n))
    return Task(kind, shots=SHOTS if kind == "sample" else None)


def workload_probes(
    maker: ProbeCircuits,
    tasks: Collection[str],
    noise: Collection[str],
    features: Collection[str],
    *,
    thorough: bool,
) -> Iterator[Probe]:
    """The probes of all kinds but state and sample that a simulator declares, and of its features.

    ``thorough`` adds sizes, single gates and single channels to what opens every run.
    """
    n = min(SMALL, maker.max_qubits)
    mixed = Circuit(n, tuple(maker.mix("workload", n, VALUES)), name="probe workload")
    if "expval" in tasks:
        yield _probe("expval", mixed, Task("expval", observable=all_paulis(n)))
        if thorough:
            yield from _more_expectations(maker)
    for kind in ("gradient", "sweep"):
        if kind in tasks and maker.turning:
            yield from parametrised(maker, kind, n, thorough=thorough)
    if "density_matrix" in tasks:
        yield _probe("density-matrix", mixed, Task("density_matrix"))
        channels = [name for name in CHANNELS if name in noise]
        models = [(f"density-{name}", _alone(name)) for name in channels]
        if thorough:
            models += [
                (f"density-{name}{arity} {strength:g}", Noise((Channel(name, strength, arity),)))
                for name, arity, strength in product(channels, (1, 2), (1e-9, 1e-3, 0.5, 1.0))
            ]
        for title, model in models:
            yield _probe(title, mixed, Task("density_matrix", noise=model))
    if "noisy_sample" in tasks:
        yield from _noisy_samples(maker, noise, thorough=thorough)
    if "sample" in tasks and features:
        yield from _dynamic(maker, thorough=thorough)


def all_paulis(n: int) -> Observable:
    """Every Pauli product on one and two qubits, one on all, and the identity, each with its own weight."""
    rng = random.Random(f"qbench probe observable {n}")
    products = [((q, letter),) for q in range(n) for letter in "XYZ"]
    pairs = [((a, p), (b, r)) for a, b in combinations(range(n), 2) for p, r in product("XYZ", repeat=2)]
    whole = tuple((q, "XYZ"[q % 3]) for q in range(n))
    found = [*products, *pairs, *([whole] if n > 2 else []), ()]
    return Observable(tuple(PauliTerm(rng.choice((-1, 1)) * rng.uniform(0.2, 1.0), term) for term in found))


def _more_expectations(maker: ProbeCircuits) -> Iterator[Probe]:
    wide = min(WIDE, maker.max_qubits)
    ops = tuple(maker.mix("expval-wide", wide, VALUES))
    ends = ((0, "Z"), (wide - 1, "X")) if wide > 1 else ((0, "Z"),)
    outer = Observable((PauliTerm(-0.8, ends), PauliTerm(0.3, ((wide - 1, "Y"),))))
    yield _probe("expval-wide", Circuit(wide, ops), Task("expval", observable=outer))
    one = tuple(maker.product("expval-one", [0]))
    for name, observable in (
        ("expval-identity", Observable((PauliTerm(-1.5, ()),))),
        ("expval-sizes", Observable((PauliTerm(1e6, ((0, "X"),)), PauliTerm(1e-6, ((0, "Z"),))))),
    ):
        yield _probe(name, Circuit(1, one), Task("expval", observable=observable))


def parametrised(maker: ProbeCircuits, kind: str, n: int, *, thorough: bool) -> Iterator[Probe]:
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
    yield _probe(kind, Circuit(n, tuple(ops)), task_about(kind, n, names=names))
    yield _probe(f"{kind}-shared", Circuit(n, tuple(shared)), task_about(kind, n, names=["all"]))
    for name in gates if thorough else ():
        size, count = GATES[name]
        qubits = tuple(reversed(range(size)))
        angles = tuple(Parameter(f"p{k}", *SCALES[k % len(SCALES)]) for k in range(count))
        alone = [*maker.product(f"{kind} {name}", range(size)), Operation(name, qubits, angles)]
        listed = [f"p{k}" for k in range(count)]
        yield _probe(f"{kind} {name}", Circuit(size, tuple(alone)), task_about(kind, size, names=listed))


def _probe(name: str, circuit: Circuit, task: Task) -> Probe:
    return Probe(name=name, circuit=circuit, task=task)


def _alone(name: str) -> Noise:
    """One kind of channel after gates on one and on two qubits, with a strength for each."""
    return Noise(tuple(Channel(name, STRONG[arity], arity) for arity in (1, 2)), name=name)


def _noisy_samples(maker: ProbeCircuits, noise: Collection[str], *, thorough: bool) -> Iterator[Probe]:
    """Flips that would be certain, and coherences that would come back, without noise: all are Clifford.

    Qubits 0 and 1 are flipped, by one gate and by cx; qubits 2 and 3 are put into superposition and back.
    Qubits 4 and 5 meet gates on one qubit only: behind a strong channel of cx a weaker one does not show.
    """
    ops = [Operation("x", (0,)), Operation("cx", (0, 1))]
    ops += [Operation("h", (2,)), Operation("cx", (2, 3)), Operation("cx", (2, 3)), Operation("h", (2,))]
    ops += [Operation("h", (4,)), Operation("h", (4,)), Operation("x", (5,))]
    fitting = [op for op in ops if max(op.qubits) < maker.max_qubits]
    if maker.max_qubits == 1:
        fitting = [Operation("h", (0,)), Operation("h", (0,)), Operation("x", (0,))]
    circuit = Circuit(min(NOISY_QUBITS, maker.max_qubits), tuple(fitting))
    for name in CHANNELS:
        if name in noise:
            task = Task("noisy_sample", shots=NOISY_SHOTS, noise=_alone(name))
            yield _probe(f"noisy-{name}", circuit, task)
    if "readout" in noise:
        model = Noise((Channel("readout", STRONG[0], 0),), name="readout")
        measured = tuple(Operation("measure", (q,), (), (c,)) for q, c in ((0, 2), (1, 0)))
        shown = Circuit(circuit.num_qubits, (*fitting, *measured), 3) if circuit.num_qubits > 1 else circuit
        yield _probe("noisy-readout", shown, Task("noisy_sample", shots=NOISY_SHOTS, noise=model))
    if thorough and noise:
        few = min(SMALL, maker.max_qubits)
        mixed = Circuit(few, tuple(maker.mix("noisy seeds", few, VALUES)))
        task = task_about("noisy_sample", few, noise)
        yield replace(_probe("noisy-seeds", mixed, task), seeds=SEEDS)


def _dynamic(maker: ProbeCircuits, *, thorough: bool) -> Iterator[Probe]:
    """Measured midway, reset, and gates that wait for one bit or for two; three of them open a run.

    In those with ``again`` a bit is written twice: the last write counts.
    """
    if maker.max_qubits < 3:
        return
    start = maker.product("dynamic", range(3))
    measured = [Operation("measure", (q,), (), (q,)) for q in (0, 1)]
    again = [Operation("x", (0,)), Operation("measure", (0,), (), (0,))]
    ends = [Operation("h", (0,)), Operation("cx", (0, 2))]
    read = [Operation("measure", (q,), (), (2 + q,)) for q in range(3)]
    for name, shots, between in (
        ("midway", MIDWAY_SHOTS, []),
        ("reset", MIDWAY_SHOTS, [*again, Operation("reset", (1,)), Operation("reset", (2,))]),
        (
            "conditional",
            MIDWAY_SHOTS,
            [*again, Operation("x", (2,), condition=((0,), 1)), Operation("z", (1,), condition=((1,), 1))],
        ),
        (
            "conditional-on-two-bits",
            MIDWAY_SHOTS // 2,
            [Operation("x", (2,), condition=((1, 0), 2)), Operation("x", (1,), condition=((0, 1), 1))],
        ),
        ("overwritten-bit", MIDWAY_SHOTS, again),
    ):
        if thorough or name in ("reset", "conditional", "conditional-on-two-bits"):
            circuit = Circuit(3, (*start, *measured, *between, *ends, *read), 5)
            yield _probe(name, circuit, Task("sample", shots=shots))
    if thorough:
        circuit = Circuit(3, (*start, *measured, *again, *ends, *read), 5)
        yield replace(_probe("midway-seeds", circuit, Task("sample", shots=MIDWAY_SHOTS)), seeds=SEEDS)
        yield from _gates_midway(maker)


def _gates_midway(maker: ProbeCircuits) -> Iterator[Probe]:
    """All gates behind a measurement: many packages run such a circuit by other code."""
    n = min(SMALL, maker.max_qubits)
    first = [*maker.product("midway gates", [0]), Operation("measure", (0,), (), (n,))]
    read = [Operation("measure", (q,), (), (q,)) for q in range(n)]
    for pauli in "ZXY":
        ops = (*first, *maker.mix("midway gates", n, VALUES), *maker.basis(pauli, range(n)), *read)
        yield _probe(f"midway-gates-in-{pauli}", Circuit(n, ops, n + 1), Task("sample", shots=SLOW_SHOTS))
