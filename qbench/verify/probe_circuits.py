"""What conformance circuits are made of, from the gates that one simulator has.

Almost all begin as a product state in which every control pattern has weight, so that signs, phases, bit
order and the order of controls and targets show in the amplitudes.  Clifford simulators begin in the six
stabilizer states of a qubit.  Angles come from ``random.Random`` with fixed seeds.
"""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from qbench.errors import QbenchError
from qbench.ir import GATES, Circuit, Operation, Task
from qbench.verify.product_states import CLIFFORD_WAY, EIGENSTATES, basis_change, preparation

__all__ = ["BEYOND", "NEAR_PI", "PLAIN", "SEED", "SHOTS", "SMALL", "Ops", "Probe", "ProbeCircuits"]

SHOTS = 4096
SEED = 20

PLAIN = (0.7, -1.9, 2.6, -0.4, 1.2, -1.1)
NEAR_PI = (math.pi, math.pi - 1e-3, -math.pi + 1e-6, -math.pi / 2)
BEYOND = (7.9, -9.3, 6.9, -11.2)
"""Over 2 pi, where a rotation under a control has changed its sign."""

SMALL = (1e-3, -1e-4, 1e-5, -1e-6, 1e-7, -1e-8, 1e-9)
VISIBLE = 0.05

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


class ProbeCircuits:
    """Builds probes from the gates of one simulator that takes circuits of up to ``max_qubits``.

    Raises ``QbenchError`` for a gate that is not in ``qbench.ir.GATES``.

    >>> made = ProbeCircuits(["ry", "rz", "cx", "ccx"], 2)
    >>> made.native, made.turning, made.preparation
    (['ry', 'rz', 'cx'], ['ry', 'rz'], ('ry', 'rz'))
    """

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

    def basis(self, pauli: str, qubits: Iterable[int]) -> Ops:
        """What shows a Pauli on each of the qubits when they are measured."""
        return [op for qubit in qubits for op in basis_change(pauli, qubit, self.native)]

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
        """Forwards with neighbours, backwards with gaps, and turned round, as far as the qubits allow.

        >>> ProbeCircuits(["cx"], 20).orders(2)
        [(0, 1), (2, 0), (1, 0)]
        """
        n = min(self.max_qubits, 2 * size - 1) if size > 1 else min(self.max_qubits, 2)
        last = n - 1
        spread = tuple(sorted({round(last * k / max(1, size - 1)) for k in range(size)}))
        ways = [tuple(range(size)), tuple(reversed(spread)), (*range(1, size), 0), (last,)]
        return list(dict.fromkeys(way for way in ways if len(way) == size))
