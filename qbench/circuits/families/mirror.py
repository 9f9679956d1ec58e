"""Synthetic load: mirror (echo) circuits, which end in one known outcome however long they are."""

from __future__ import annotations

import math
import random
from functools import cache

from qbench.circuits.families.family import Family, measured, rounded
from qbench.circuits.families.pauli_propagation import Pauli, carried_back
from qbench.circuits.families.synthetic import shuffled
from qbench.ir import Circuit, Operation

__all__ = ["FAMILIES", "mirror", "mirror_outcome"]

AREA = "synthetic"
ROTATIONS = ("rx", "ry", "rz")
PAULIS = ("id", "x", "y", "z")


@cache
def _mirrored(size: int, seed: int) -> tuple[tuple[Operation, ...], int]:
    """The gates and their outcome.

    The way there: layers of random rotations on every qubit, and cx on random pairs.  The turn: a random
    Pauli on every qubit.  The way back undoes gate by gate what the Paulis left: past a cx they are carried
    by Pauli propagation; a rotation whose axis anticommutes with them is undone by the same angle, not by
    its negative.  So |0...0> becomes the Paulis' bit flips, and the way back is not simply the inverse.
    """
    draw = random.Random(seed).random
    there: list[Operation] = []
    for _ in range((size + 1) // 2):
        for q in range(size):
            there.append(Operation(ROTATIONS[int(draw() * 3)], (q,), (rounded((2 * draw() - 1) * math.pi),)))
        order = shuffled(draw, size)
        there += [Operation("cx", pair) for pair in zip(order[::2], order[1::2], strict=False)]
    turn = [Operation(PAULIS[int(draw() * 4)], (q,)) for q in range(size)]
    frame = Pauli(
        sum(1 << op.qubits[0] for op in turn if op.name in ("x", "y")),
        sum(1 << op.qubits[0] for op in turn if op.name in ("y", "z")),
    )
    back: list[Operation] = []
    for op in reversed(there):
        if op.name == "cx":
            _, frame = carried_back(op, frame)
            back.append(op)
            continue
        bit = 1 << op.qubits[0]
        flipped, signed = bool(frame.x & bit), bool(frame.z & bit)
        anticommutes = {"rx": signed, "ry": flipped != signed, "rz": flipped}[op.name]
        angles = tuple(angle if anticommutes else -angle for angle in op.params if isinstance(angle, float))
        back.append(op._replace(params=angles))
    return (*there, *turn, *back), frame.x


def mirror(size: int, seed: int | None = None) -> Circuit:
    """There and back: size/2 layers of rotations and cx, a Pauli on every qubit, and the layers undone.

    Source: Proctor et al. 2022, arXiv:2008.11294 (mirror circuits with a random Pauli layer at the turn).

    >>> len(mirror(4).gates)
    28
    """
    gates, _ = _mirrored(size, 64_000 + size if seed is None else seed)
    return measured(f"mirror_{size}", size, gates)


def mirror_outcome(size: int, seed: int | None = None) -> int:
    """The one outcome: where the turn's Paulis, carried to the end, flip a bit.

    >>> mirror_outcome(4) < 16
    True
    """
    return _mirrored(size, 64_000 + size if seed is None else seed)[1]


FAMILIES = (
    Family(
        name="mirror",
        area=AREA,
        summary="echo: random rotations and cx, a Pauli on every qubit, and all of it undone",
        source="Proctor et al. 2022, arXiv:2008.11294",
        sizes=(*range(2, 13), 14, 16, 20),
        build=mirror,
        known_answer=lambda size: f"outcome {mirror_outcome(size)} with probability 1",
        chances=lambda size: {mirror_outcome(size): 1.0},
    ),
)
