"""Every gate alone on a product state, for each kind of answer that a simulator gives.

Amplitudes, the elements of a density matrix and expectation values show every control pattern of such a state
at once, and any angle.  Counts do not: there a gate's controls are put into each of their patterns, and its
angles are those that shots resolve.
"""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Iterator, Sequence
from itertools import product

from qbench.ir import GATES, Circuit, Operation, Parameter
from qbench.verify.clifford_probes import IMAGES, Question, packed, questions
from qbench.verify.probe_circuits import BEYOND, PLAIN, SMALL, Ops, Probe, ProbeCircuits
from qbench.verify.workload_probes import task_about

__all__ = ["CONTROLS", "LADDER", "LARGEST", "gate_probes", "images"]

LARGEST = 12
"""The largest probe of the full set that is judged as it is, in qubits."""

LADDER = (math.pi, *(10.0**-decade for decade in range(10)))
"""Sizes of the angles that a gate meets at each of its places, from pi down to 1e-9; signs alternate."""

SNAPPED = (1e-13, math.pi / 2 + 6e-14)  # what a package rounds to 0 and to pi/2 that rounds angles

MOST_DENSITY_QUBITS = 5

CONTROLS = {
    **dict.fromkeys(("cx", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz", "cu", "cswap"), 1),
    **dict.fromkeys(("ccx", "rccx"), 2),
    **dict.fromkeys(("c3x", "c3sx", "rc3x"), 3),
    "c4x": 4,
}
"""How many of a gate's qubits, the first ones, are controls."""


def gate_probes(maker: ProbeCircuits, tasks: Collection[str], noise: Collection[str]) -> Iterator[Probe]:
    """Each native gate alone, asked for the most telling kind of answer that the simulator gives.

    Amplitudes, else elements of a density matrix; else expectation values and counts.  Gradients always, as a
    gate without a parameter may spoil the derivatives of its neighbours.

    >>> made = ProbeCircuits(["ry", "rz", "cx"], 20)
    >>> [probe.name for probe in gate_probes(made, ["state"], []) if probe.name.startswith("cx")]
    ['cx(0, 1)', 'cx(2, 0)', 'cx(1, 0)']
    """
    whole = next((kind for kind in ("state", "density_matrix") if kind in tasks), None)
    for name in maker.native:
        if whole:
            yield from alone(maker, name, whole)
            continue
        if "expval" in tasks:
            yield from alone(maker, name, "expval")
        elif "sweep" in tasks:
            yield from between_free_angles(maker, name, "sweep")
        if "sample" in tasks and maker.clifford and name in IMAGES:
            yield from images(maker, list(questions([name], thorough=True)))
        elif "sample" in tasks:
            yield from alone_in_bases(maker, name)
            yield from control_patterns(maker, name)
        elif "noisy_sample" in tasks:
            yield from alone_with_noise(maker, name, noise)
    if "gradient" in tasks:
        for name in maker.native:
            yield from between_free_angles(maker, name, "gradient")


def alone(maker: ProbeCircuits, name: str, kind: str) -> Iterator[Probe]:
    """One gate on a product state: every order of its qubits, every kind of angle.

    The angles are an ordinary one, one over 2 pi, pi, and three that packages have been seen to round; in the
    first order the whole ``LADDER`` as well, at each of the gate's places.
    """
    count = GATES[name][1]
    rng = random.Random(f"qbench probe alone {name}")
    for position, order in enumerate(maker.orders(GATES[name][0])):
        n = max(order) + 1
        choices = [
            tuple(rng.choice(PLAIN + SMALL) if k else angle for k in range(count))
            for angle in (PLAIN[1], BEYOND[0], math.pi, 1e-9, *SNAPPED)
        ]
        if position == 0:
            choices += [angles for angles in ladder(count) if angles not in choices]
        if kind == "expval":  # its bound is above what such a rounding makes
            choices = [angles for angles in choices if not set(angles) & set(SNAPPED)]
        if kind == "density_matrix" and n > MOST_DENSITY_QUBITS:
            continue
        # a stabilizer state has no weight on some control patterns: three of them
        for start in ("", " 2", " 3") if maker.clifford else ("",):
            ops = maker.product(f"{name}{start}", range(n))
            for angles in choices if count else [()]:
                title = f"{titled(name, order, angles)}{start}"
                yield _probe(kind, title, n, [*ops, Operation(name, order, angles)])


def ladder(count: int) -> Iterator[tuple[float, ...]]:
    """The angles of a gate that has so many of them: ``LADDER`` at each place, ordinary ones at the others.

    >>> [angles[0] for angles in ladder(1)][:3], len(list(ladder(3)))
    ([3.141592653589793, -1.0, 0.1], 33)
    """
    for place in range(count):
        for step, size in enumerate(LADDER):
            angles = list(PLAIN[:count])
            angles[place] = -size if step % 2 else size
            yield tuple(angles)


def alone_in_bases(maker: ProbeCircuits, name: str) -> Iterator[Probe]:
    """One gate on a product state: every order of its qubits, every kind of angle that shots resolve for
    every parameter, each Pauli basis.

    Angles near 0 are left out: from 4096 shots they cannot be told from 0.
    """
    size, count = GATES[name]
    kinds = (PLAIN, BEYOND, (math.pi,) * len(PLAIN))
    choices = [tuple(kinds[(turn + k) % 3][k] for k in range(count)) for turn in range(3)] if count else [()]
    for order, angles in product(maker.orders(size), choices):
        n = max(order) + 1
        ops = [*maker.product(name, range(n)), Operation(name, order, angles)]
        title = titled(name, order, angles)
        for pauli in "ZXY":
            yield maker.sample(f"{title} in {pauli}", n, ops + maker.basis(pauli, range(n)))


def control_patterns(maker: ProbeCircuits, name: str) -> Iterator[Probe]:
    """A controlled gate with its controls in each of their patterns, its targets seen in each Pauli basis.

    In a product state all controls of c4x are 1 in a few of 4096 shots only; here they are in all of them.

    >>> [p.name for p in control_patterns(ProbeCircuits(["ry", "rz", "cx"], 4), "cx")][::3]
    ['cx with controls 0 in Z', 'cx with controls 1 in Z']
    """
    size, count = GATES[name]
    for bits in product("01", repeat=CONTROLS.get(name, 0)):
        if not bits:
            return
        targets = range(len(bits), size)
        ops = [Operation("x", (qubit,)) for qubit, bit in enumerate(bits) if bit == "1"]
        ops += maker.product(f"pattern {name}", targets)
        ops.append(Operation(name, tuple(range(size)), PLAIN[:count]))
        for pauli in "ZXY":
            title = f"{name} with controls {''.join(bits)} in {pauli}"
            yield maker.sample(title, size, ops + maker.basis(pauli, targets))


def between_free_angles(maker: ProbeCircuits, name: str, kind: str) -> Iterator[Probe]:
    """One gate with fixed angles between rotations by parameters: it must not spoil what is bound there."""
    turner = next((gate for gate in ("ry", "rx", "u", "rz", "p") if gate in maker.turning), None)
    if turner is None:
        return
    size, count = GATES[name]
    order = maker.orders(size)[-1]
    n = max(order) + 1

    def turned(letter: str) -> Ops:
        rest = PLAIN[1 : GATES[turner][1]]
        return [Operation(turner, (q,), (Parameter(f"{letter}{q}"), *rest)) for q in range(n)]

    ops = [*maker.product(f"between {name}", range(n)), *turned("a")]
    ops += [Operation(name, order, PLAIN[:count]), *turned("b")]
    names = [f"{letter}{q}" for letter in "ba" for q in range(n)]
    title = f"{kind} around {titled(name, order, PLAIN[:count])}"
    yield Probe(name=title, circuit=Circuit(n, tuple(ops)), task=task_about(kind, n, names=names))


def alone_with_noise(maker: ProbeCircuits, name: str, noise: Collection[str]) -> Iterator[Probe]:
    """One gate on a product state with a little noise, in each Pauli basis: for who only samples so."""
    size, count = GATES[name]
    order = maker.orders(size)[-1]
    n = max(order) + 1
    ops = [*maker.product(name, range(n)), Operation(name, order, PLAIN[:count])]
    title = titled(name, order, PLAIN[:count])
    task = task_about("noisy_sample", n, noise)
    for pauli in "ZXY":
        circuit = Circuit(n, tuple(ops + maker.basis(pauli, range(n))))
        yield Probe(name=f"{title} with noise in {pauli}", circuit=circuit, task=task)


def images(maker: ProbeCircuits, asked: Sequence[Question]) -> list[Probe]:
    """Clifford gates side by side, each on a Pauli's eigenstate and measured in the image's basis."""
    found: list[Probe] = []
    for group in packed(asked, min(LARGEST, maker.max_qubits)):
        ops: Ops = []
        start = 0
        for question in group:
            on = tuple(start + place for place in question.order)
            start += len(on)
            ops += [Operation("h", (q,)) for q, plus in zip(on, question.plus, strict=True) if plus]
            ops.append(Operation(question.gate, on))
            ops += [op for q, pauli in zip(on, question.bases, strict=True) for op in maker.basis(pauli, [q])]
        gates = dict.fromkeys(question.gate for question in group)
        found.append(maker.sample(f"images under {', '.join(gates)} ({len(found) + 1})", start, ops))
    return found


def titled(name: str, order: tuple[int, ...], angles: tuple[float, ...]) -> str:
    """A gate on its qubits, as people read it.

    >>> titled("crx", (2, 0), (0.7,)), titled("cx", (0, 1), ())
    ('crx(0.7)(2, 0)', 'cx(0, 1)')
    """
    text = ", ".join(f"{angle:.3g}" for angle in angles)
    on = ", ".join(map(str, order))
    return f"{name}({text})({on})" if angles else f"{name}{order}"


def _probe(kind: str, title: str, n: int, ops: Ops) -> Probe:
    named = title if kind == "state" else f"{kind} {title}"
    circuit = Circuit(n, tuple(ops), name=f"probe {named}")
    return Probe(name=named, circuit=circuit, task=task_about(kind, n))
