"""Does a simulator mean by each gate what we mean?  The conformance circuits, made for what it declares.

``run_probes`` is the short set that opens every run, ``check_probes`` the full one of ``qbench check``.
Almost all act on a product state in which every control pattern has weight, so that signs, phases, bit order
and the order of controls and targets show in the amplitudes; simulators that only sample are asked in
rotated Pauli bases, where the same errors show in counts.  Clifford simulators start from the six stabilizer
states of a qubit, and where they only sample are asked what their gates make of Paulis
(``clifford_probes``).  Angles come from ``random.Random`` with fixed seeds.
"""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from qbench.errors import QbenchError
from qbench.ir import GATES, Circuit, Operation, Task
from qbench.verify.clifford_probes import IMAGES, Question, packed, questions
from qbench.verify.product_states import CLIFFORD_WAY, EIGENSTATES, basis_change, preparation
from qbench.verify.workload_probes import workload_probes

__all__ = ["LARGEST", "Probe", "check_probes", "run_probes"]

LARGEST = 12
"""The largest probe of the full set, in qubits."""

WIDE = 10
"""Qubits of the product state that opens every run: what breaks above a few qubits must not be taken for an
approximation.  Not more, for 4^n numbers of a density matrix."""

SHOTS = 4096
SEED = 20
LOW_BIT, HIGH_BIT = 1, 1 << 30  # of a seed in [0, 2^31): one alone must make other counts
SMALL = (1e-3, -1e-4, 1e-5, -1e-6, 1e-7, -1e-8, 1e-9)
VISIBLE = 0.05
PLAIN = (0.7, -1.9, 2.6, -0.4, 1.2, -1.1)
NEAR_PI = (math.pi, math.pi - 1e-3, -math.pi + 1e-6, -math.pi / 2)
SNAPPED = (1e-13, math.pi / 2 + 6e-14)  # what a package rounds to 0 and to pi/2 that rounds angles
BEYOND = (7.9, -9.3, 6.9, -11.2)  # over 2 pi, where a rotation under a control has changed its sign

Ops = list[Operation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One question, run once per entry of ``seeds``: equal seeds must give equal counts, others other ones.

    The caller lowers ``circuit`` for the simulator as it lowers any other; the reference takes it as it is.
    Lowering has something to do only where the native gates cannot make a product state or turn a basis.
    """

    name: str
    circuit: Circuit
    task: Task
    seeds: tuple[int, ...] = (SEED,)
    entangled: bool = False
    """There is something for an approximate simulator to truncate: it is not held to a bound here."""


def run_probes(
    native: Collection[str],
    max_qubits: int,
    tasks: Collection[str],
    noise: Collection[str] = (),
    features: Collection[str] = (),
) -> tuple[Probe, ...]:
    """The short set: at most eight circuits, of which those that mix all native gates have at most six qubits
    (of a Clifford simulator that only samples: twelve) and those of one product state ten.

    ``native``, ``max_qubits``, ``tasks``, ``noise`` and ``features`` are what a simulator declares.  The
    probes of other kinds than state and sample, and of features, come on top (``workload_probes``).

    >>> [probe.name for probe in run_probes(["ry", "rz", "cx"], 20, ["state"])]
    ['mix', 'mix-beyond-2pi', 'small-angles', 'bit-order', 'wide']
    """
    maker = _Maker(native, max_qubits)
    n, wide = min(6, max_qubits), min(WIDE, max_qubits)
    found: list[Probe] = []
    if "state" in tasks:
        for name, angles in (("mix", PLAIN + NEAR_PI), ("mix-beyond-2pi", BEYOND)):
            found.append(maker.state(name, n, maker.mix(name, n, angles)))
        if maker.turning:
            small = [*maker.mix("small", n, SMALL, maker.turning), *maker.visible(n)]
            found.append(maker.state("small-angles", n, small))
        found.append(maker.state("bit-order", min(4, n), maker.product("order", range(min(4, n)))))
        found += [maker.state("wide", wide, maker.product("wide", range(wide)))] if wide > n else []
    if "sample" in tasks:
        bases = ("Z",) if "state" in tasks or maker.clifford else ("Z", "X", "Y")
        mixes: list[tuple[str, tuple[float, ...]]] = [("mix", PLAIN)]
        if "state" not in tasks and maker.turning:
            mixes.append(("mix-beyond-2pi", BEYOND))
        for (name, drawn), basis in product(mixes, bases):
            ops = maker.mix(f"{name}-{basis}", n, drawn)
            ops += [op for q in range(n) for op in maker.basis(basis, q)]
            found.append(maker.sample(f"{name}-in-{basis}", n, ops))
        if "state" not in tasks and maker.clifford:
            found += maker.images(list(questions(maker.native, thorough=False)))
        found.append(maker.registers("registers", min(4, n)))
        found += [maker.sample("wide-sample", wide, maker.product("wide", range(wide)))] if wide > n else []
    more = workload_probes(maker, tasks, noise, features, thorough=False)
    return (*found, *(Probe(name=one.name, circuit=one.circuit, task=one.task) for one in more))


def check_probes(
    native: Collection[str],
    max_qubits: int,
    tasks: Collection[str],
    noise: Collection[str] = (),
    features: Collection[str] = (),
) -> tuple[Probe, ...]:
    """The full set: the short one, every gate alone, empty and one-qubit circuits, the largest size, seeds.

    >>> names = [probe.name for probe in check_probes(["ry", "rz", "cx"], 20, ["state", "sample"])]
    >>> "cx(2, 0)" in names, "largest" in names, "seeds" in names
    (True, True, True)
    """
    maker = _Maker(native, max_qubits)
    largest = min(LARGEST, max_qubits)
    plain = [kind for kind in tasks if kind in ("state", "sample")]
    found = list(run_probes(native, max_qubits, plain))
    more = workload_probes(maker, tasks, noise, features, thorough=True)
    found += [Probe(name=one.name, circuit=one.circuit, task=one.task) for one in more]
    if "state" in tasks:
        found.append(maker.state("empty", min(2, max_qubits), []))
        found.append(maker.state("one-qubit", 1, maker.product("one", [0])))
        found.append(maker.state("far-and-unused", min(6, max_qubits), maker.far(min(6, max_qubits))))
        found.append(maker.state("largest", largest, maker.mix("largest", largest, PLAIN + SMALL), True))
        for name in maker.native:
            found += maker.alone(name)
    if "sample" in tasks:
        found.append(maker.sample("empty-sample", min(2, max_qubits), []))
        found.append(maker.sample("one-qubit-sample", 1, maker.product("one", [0])))
        wide = maker.mix("largest", largest, PLAIN)
        found.append(maker.sample("largest-sample", largest, wide, entangled=True))
        found.append(maker.registers("registers-wide", min(3, max_qubits), clbits=30))
        every = range(min(6, max_qubits))
        ops = [Operation("h", (q,)) for q in every] if maker.clifford else maker.product("seeds", every)
        seeds = (SEED, SEED, SEED ^ LOW_BIT, SEED ^ HIGH_BIT)
        found.append(maker.sample("seeds", min(6, max_qubits), ops, seeds=seeds))
        if "state" not in tasks:
            for name in maker.native:
                if maker.clifford and name in IMAGES:
                    found += maker.images(list(questions([name], thorough=True)))
                else:
                    found += maker.alone_in_bases(name)
    return tuple(found)


class _Maker:
    """Builds probes from the gates of one simulator."""

    def __init__(self, native: Collection[str], max_qubits: int) -> None:
        strange = sorted(set(native) - set(GATES))
        if strange:
            raise QbenchError(f"gates {', '.join(strange)} are declared; known are {', '.join(GATES)}")
        self.native = [name for name in GATES if name in native and GATES[name][0] <= max_qubits]
        self.turning = [name for name in self.native if GATES[name][1]]
        self.max_qubits = max_qubits
        self.preparation = preparation(self.native)
        self.clifford = self.preparation == CLIFFORD_WAY

    # ---- circuits to probes

    def state(self, name: str, n: int, ops: Iterable[Operation], entangled: bool = False) -> Probe:
        circuit = Circuit(n, tuple(ops), name=f"probe {name}")
        return Probe(name=name, circuit=circuit, task=Task("state"), entangled=entangled)

    def sample(
        self,
        name: str,
        n: int,
        ops: Iterable[Operation],
        clbits: int = 0,
        seeds: tuple[int, ...] = (SEED,),
        entangled: bool = False,
    ) -> Probe:
        circuit = Circuit(n, tuple(ops), clbits, name=f"probe {name}")
        task = Task("sample", shots=SHOTS)
        return Probe(name=name, circuit=circuit, task=task, seeds=seeds, entangled=entangled)

    # ---- pieces of circuits

    def product(self, seed: str, qubits: Iterable[int]) -> Ops:
        """A product state without small or equal amplitudes: every control pattern has weight."""
        rng = random.Random(f"qbench probe product {seed}")
        ops = []
        for qubit in qubits:
            if self.clifford:
                ops += [Operation(name, (qubit,)) for name in rng.choice(EIGENSTATES)]
                continue
            # Bloch vectors well away from the axes and from each other
            angles = (rng.uniform(0.6, 1.3), rng.uniform(0.4, 1.2), rng.uniform(0.5, 1.4))
            for position, name in enumerate(self.preparation):
                turned = angles[position % 3 :] + angles[: position % 3]
                ops.append(Operation(name, (qubit,), turned[: GATES[name][1]]))
        return ops

    def basis(self, pauli: str, qubit: int) -> Ops:
        return basis_change(pauli, qubit, self.native)

    def mix(self, seed: str, n: int, angles: Sequence[float], gates: Sequence[str] | None = None) -> Ops:
        """Every gate on a product state, qubits and order at random; one qubit stays unused if it can."""
        rng = random.Random(f"qbench probe mix {seed}")
        names = list(self.native if gates is None else gates)
        widest = max((GATES[name][0] for name in names), default=1)
        qubits = list(range(n))
        if n > max(widest, 2):
            qubits.remove(n // 2)  # unused, in the middle: bit positions must not close up
        ops = self.product(seed, qubits)
        fitting = [name for name in names if GATES[name][0] <= len(qubits)]
        rounds = 4 if self.clifford else 2 if len(fitting) <= 20 else 1
        for _ in range(rounds):
            rng.shuffle(fitting)
            for name in fitting:
                size, count = GATES[name]
                chosen = tuple(rng.choice(angles) for _ in range(count))
                ops.append(Operation(name, tuple(rng.sample(qubits, size)), chosen))
        return ops

    def visible(self, n: int) -> Ops:
        """Every gate with angles once more, with angles that no approximation may take for 0."""
        ops = []
        for name in self.turning:
            size, count = GATES[name]
            if size <= n:
                ops.append(Operation(name, tuple(range(size)), (VISIBLE,) * count))
        return ops

    def far(self, n: int) -> Ops:
        """Only the two outermost qubits are used."""
        ops = self.product("far", sorted({0, n - 1}))
        for name in self.native:
            size, count = GATES[name]
            if size == 2 <= n:
                ops += [Operation(name, pair, PLAIN[:count]) for pair in ((0, n - 1), (n - 1, 0))]
        return ops

    def registers(self, name: str, n: int, clbits: int | None = None) -> Probe:
        """Measures all qubits but one into permuted bits; one is never written, one qubit perhaps in two."""
        ops = self.product(name, range(n))
        shown = [q for q in range(n) if q != 1] or [0]
        size = clbits or len(shown) + 1
        bits = [size - 1 - k for k in range(len(shown))]  # reversed, bit 0 unwritten
        ops += [Operation("measure", (q,), (), (c,)) for q, c in zip(shown, bits, strict=True)]
        if clbits:  # room to write one qubit into a second bit
            ops.append(Operation("measure", (shown[0],), (), (3,)))
        return self.sample(name, n, ops, clbits=size)

    def orders(self, size: int) -> list[tuple[int, ...]]:
        """Forwards with neighbours, backwards with gaps, and turned round, as far as the qubits allow."""
        n = min(self.max_qubits, 2 * size - 1) if size > 1 else min(self.max_qubits, 2)
        last = n - 1
        spread = tuple(sorted({round(last * k / max(1, size - 1)) for k in range(size)}))
        ways = [tuple(range(size)), tuple(reversed(spread)), (*range(1, size), 0), (last,)]
        return list(dict.fromkeys(way for way in ways if len(way) == size))

    def alone(self, name: str) -> list[Probe]:
        """One gate on a product state: every order of its qubits, every kind of angle."""
        size, count = GATES[name]
        rng = random.Random(f"qbench probe alone {name}")
        found = []
        for order in self.orders(size):
            n = max(order) + 1
            choices = [
                tuple(rng.choice(PLAIN + SMALL) if k else angle for k in range(count))
                for angle in (PLAIN[1], BEYOND[0], math.pi, 1e-9, *SNAPPED)
            ]
            # a stabilizer state has no weight on some control patterns: three of them
            for start in ("", " 2", " 3") if self.clifford else ("",):
                ops = self.product(f"{name}{start}", range(n))
                for angles in choices if count else [()]:
                    gate = Operation(name, order, angles)
                    found.append(self.state(f"{_titled(name, order, angles)}{start}", n, [*ops, gate]))
        return found

    def alone_in_bases(self, name: str) -> list[Probe]:
        """One gate on a product state: every order of its qubits, every kind of angle that shots resolve for
        every parameter, each Pauli basis.

        Angles near 0 are left out: from 4096 shots they cannot be told from 0.
        """
        size, count = GATES[name]
        kinds = (PLAIN, BEYOND, (math.pi,) * len(PLAIN))
        choices = (
            [tuple(kinds[(turn + k) % 3][k] for k in range(count)) for turn in range(3)] if count else [()]
        )
        found = []
        for order, angles in product(self.orders(size), choices):
            n = max(order) + 1
            ops = [*self.product(name, range(n)), Operation(name, order, angles)]
            title = _titled(name, order, angles)
            found += [
                self.sample(
                    f"{title} in {pauli}", n, ops + [op for q in range(n) for op in self.basis(pauli, q)]
                )
                for pauli in "ZXY"
            ]
        return found

    def images(self, asked: Sequence[Question]) -> list[Probe]:
        """Clifford gates side by side, each on a Pauli's eigenstate and measured in the image's basis."""
        found: list[Probe] = []
        for group in packed(asked, min(LARGEST, self.max_qubits)):
            ops: Ops = []
            start = 0
            for question in group:
                on = tuple(start + place for place in question.order)
                start += len(on)
                ops += [Operation("h", (q,)) for q, plus in zip(on, question.plus, strict=True) if plus]
                ops.append(Operation(question.gate, on))
                ops += [
                    op for q, pauli in zip(on, question.bases, strict=True) for op in self.basis(pauli, q)
                ]
            gates = dict.fromkeys(question.gate for question in group)
            found.append(self.sample(f"images under {', '.join(gates)} ({len(found) + 1})", start, ops))
        return found


def _titled(name: str, order: tuple[int, ...], angles: tuple[float, ...]) -> str:
    text = ", ".join(f"{angle:.3g}" for angle in angles)
    on = ", ".join(map(str, order))
    return f"{name}({text})({on})" if angles else f"{name}{order}"
