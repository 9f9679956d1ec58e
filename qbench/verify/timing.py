"""Does the work happen when it is clocked?  Circuits to time, and what their times say.

A simulator that keeps what it computed is fast on what it has seen; one that computes at readback is fast in
execute.  Neither shows in the answer.  So circuits that nobody can have seen are clocked phase by phase, as
fresh programs, again as the same program, and again as a fresh program of a content seen before; and where
that looks suspicious, circuits with an eighth of the gates, because

- who remembers takes the same time for 8 times the gates, but for looking the content up; who only prepared
  something at a program's first call (a just-in-time compiler, buffers) does not;
- who works at readback spends there what the additional gates take.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from qbench.ir import COUNTED, Channel, Circuit, Noise, Observable, Operation, Parameter, PauliTerm, Task
from qbench.model import Flag

__all__ = [
    "LONG",
    "SHORT",
    "Calls",
    "Twice",
    "probe_circuit",
    "probe_task",
    "suspicious",
    "timing_flags",
    "with_free_angles",
]

LONG, SHORT = 16, 2
"""Layers of the probe's circuits: 8 times the gates, at 2.5 gates per qubit and layer."""

FASTER = 10
"""An unseen program slower by this factor than a seen one, at every content.  The simulators that come with
qbench stay below it at each single one, but for first calls (``docs/faults.md`` has the figures)."""

SUSPECT = 8
"""The same factor, in a first short look."""

LONG_ENOUGH_NS = 200_000
"""What takes less tells nothing: interruptions and first looks into caches of the processor are as long."""

SAME, SLACK_NS = 1.25, 5_000
"""8 times the gates take the same program no longer than this, beyond the slack: the work was not done."""

LOOKED_UP = 0.1
"""Of what 8 times the gates add to an unseen content's execute, a seen one's takes up at most this share: to
look a content up takes time that grows with it, too."""

LATER = 3
"""Readback must take up this many times of what execute takes up of the additional gates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Nanoseconds of one fresh program's calls, the last two by seed; compile is 0 where there is none."""

    translate: int
    compile: int
    execute: tuple[int, ...]
    readback: tuple[int, ...]

    @property
    def again(self) -> int:
        """The shortest execute after the first."""
        return min(self.execute[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Twice:
    """Two programs of one content: when nobody could know it, and when it had been seen."""

    unseen: Calls
    seen: Calls

    def factors(self) -> dict[str, float]:
        """How much longer each phase of the unseen one took, of those that took long enough to tell.

        ``execute`` is against the seen content, ``execute_again`` against the very same program.
        """
        first, later = self.unseen, self.seen
        pairs = {
            "translate": (first.translate, later.translate),
            "compile": (first.compile, later.compile),
            "execute": (first.execute[0], min(later.execute)),
            "execute_again": (first.execute[0], first.again),
        }
        return {
            name: before / max(after, 1)
            for name, (before, after) in pairs.items()
            if before >= LONG_ENOUGH_NS
        }

    @property
    def shortest_execute(self) -> int:
        return min(*self.unseen.execute, *self.seen.execute)

    @property
    def shortest_readback(self) -> int:
        return min(*self.unseen.readback, *self.seen.readback)


def probe_circuit(qubits: int, layers: int, content: object, clifford: bool = False) -> Circuit:
    """Entangling layers with angles that differ a little between contents (Clifford: other gates).

    Same shape for every content: two gates on each qubit and cx on neighbours, one qubit further each layer.

    >>> one, other = (probe_circuit(6, LONG, content) for content in (1, 2))
    >>> len(one.operations), len(other.operations), one.operations == other.operations
    (232, 232, False)
    """
    shape = random.Random(f"qbench timing {qubits} {clifford}")
    own = random.Random(f"qbench timing {qubits} {layers} {content}")
    gates = []
    for layer in range(layers):
        for qubit in range(qubits):
            if clifford:
                names = own.choice((("h", "s"), ("s", "h")))
                gates += [Operation(name, (qubit,)) for name in names]
            else:
                angles = (shape.uniform(0.4, 2.7) + own.uniform(0.001, 0.01) for _ in range(2))
                gates += [Operation(name, (qubit,), (next(angles),)) for name in ("ry", "rz")]
        gates += [Operation("cx", (q, q + 1)) for q in range(layer % 2, qubits - 1, 2)]
    return Circuit(qubits, tuple(gates), name=f"timing probe {content}")


FREE = ("a", "b")
"""Few free parameters: a gradient by parameter shift runs the circuit twice for each."""


def probe_task(kind: str, shots: int, noise: Collection[str] = ()) -> Task:
    """A small task of this kind: Z on qubit 0, one or two bindings, the first channel that is declared.

    >>> probe_task("sweep", 16).label, probe_task("noisy_sample", 16, ["readout"]).label
    ('sweep-2', 'noisy_sample-noise-16')
    """
    observable = Observable((PauliTerm(1.0, ((0, "Z"),)),))
    free = {"parameters": FREE, "observable": observable}
    if kind in ("gradient", "sweep"):
        rows = ((0.1, 0.2), (0.3, 0.4))
        return Task(kind, bindings=rows if kind == "sweep" else rows[:1], **free)  # type: ignore[arg-type]
    if kind == "noisy_sample":
        known = [name for name in ("depolarizing", "amplitude_damping", "phase_damping") if name in noise]
        channel = Channel(known[0], 0.01, 1) if known else Channel("readout", 0.01, 0)
        return Task(kind, shots=shots, noise=Noise((channel,)))
    return Task(
        kind,
        shots=shots if kind in COUNTED else None,
        observable=observable if kind == "expval" else None,
    )


def with_free_angles(circuit: Circuit) -> Circuit:
    """The circuit with a free parameter added to its first and its last angle.

    >>> with_free_angles(probe_circuit(2, 1, 0)).parameters
    ('a', 'b')
    """
    ops = list(circuit.operations)
    turning = [place for place, op in enumerate(ops) if op.params]
    for name, place in zip(FREE, (turning[0], turning[-1]), strict=True):
        (angle,) = ops[place].params
        assert isinstance(angle, float)
        ops[place] = ops[place]._replace(params=(Parameter(name, 1.0, angle),))
    return replace(circuit, operations=tuple(ops))


def suspicious(twice: Twice) -> bool:
    """Whether a short look gives reason for a longer one."""
    late = twice.shortest_readback >= max(LONG_ENOUGH_NS, twice.shortest_execute)
    return late or max(twice.factors().values(), default=0.0) >= SUSPECT


def timing_flags(long: Sequence[Twice], short: Sequence[Twice]) -> tuple[Flag, ...]:
    """``cached`` and ``lazy``, from several contents of ``LONG`` and of ``SHORT`` layers each.

    Every single content must tell the same: one interruption accuses nobody.
    """
    flags = []
    named = [twice.factors() for twice in long]
    faster = {name for name in named[0] if all(factors.get(name, 0.0) >= FASTER for factors in named)}
    remembered = {"translate", "compile"}
    if _added(long, short, lambda twice: min(twice.seen.execute)) <= LOOKED_UP * _added(
        long, short, lambda twice: twice.unseen.execute[0]
    ):
        remembered.add("execute")
    again, again_short = (min(twice.unseen.again for twice in part) for part in (long, short))
    if again <= SAME * again_short + SLACK_NS:
        remembered.add("execute_again")
    if faster & remembered:
        flags.append(Flag.CACHED)
    at_execute = _added(long, short, lambda twice: twice.shortest_execute)
    at_readback = _added(long, short, lambda twice: twice.shortest_readback)
    if at_readback >= max(LONG_ENOUGH_NS, LATER * at_execute):
        flags.append(Flag.LAZY)
    return tuple(flags)


def _added(long: Sequence[Twice], short: Sequence[Twice], figure: Callable[[Twice], int]) -> int:
    """What the additional gates add to a time, at its shortest."""
    return min(map(figure, long)) - min(map(figure, short))
