"""Synthetic load: quantum volume, and random circuits of every gate there is."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from qbench.circuits.families.family import Family, measured, rounded
from qbench.ir import GATES, Circuit, Operation

__all__ = ["FAMILIES", "haar_su4", "qv", "random_circuit", "shuffled"]

AREA = "synthetic"
# With the seeds 23 000 + size these two would hold an arc cosine that lies, to its last bit, where rounding
# to 12 decimals turns: another C library would write another file.  Here the nearest is 12 such bits away.
QV_SEEDS = {14: 24_214, 16: 27_816}

# Written out, so that a gate that joins qbench.ir.GATES does not change the stored circuits.
EVERY_GATE = (
    *("id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u2", "u"),
    *("cx", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz", "cu", "swap", "rxx", "ryy", "rzz"),
    *("ccx", "cswap", "rccx", "c3x", "c3sx", "rc3x", "c4x"),
)


def shuffled(draw: Callable[[], float], size: int) -> list[int]:
    """The qubits in random order, by ``draw`` alone: shuffle() may change from one Python to the next.

    >>> sorted(shuffled(random.Random(1).random, 4))
    [0, 1, 2, 3]
    """
    order = list(range(size))
    for last in range(size - 1, 0, -1):
        other = int(draw() * (last + 1))
        order[last], order[other] = order[other], order[last]
    return order


def haar_su4(draw: Callable[[], float], first: int, second: int) -> list[Operation]:
    """A Haar-random gate on two qubits, as u on each, three cx with rotations between, u on each.

    ``draw`` gives uniform numbers in [0, 1).  Any two-qubit gate is K1 exp(i (a XX + b YY + c ZZ)) K2 with
    local K1 and K2.  Under Haar's measure K1 and K2 are Haar-random and (a, b, c) has the density

        |cos 4a - cos 4b| |cos 4a - cos 4c| |cos 4b - cos 4c|   (at most 2), each in [0, pi/2)

    (Watts, O'Connor and Vala 2013, doi:10.3390/e15061963; it is the Jacobian of the Cartan decomposition
    of SU(4) over SO(4)), sampled here by rejection.  The middle takes three cx (Vatan and Williams 2004,
    arXiv:quant-ph/0308006) with angles r = 2a - pi/2, s = 2b - pi/2, t = 2c - pi/2, up to fixed local gates
    that K1 and K2 absorb.

    >>> [op.name for op in haar_su4(random.Random(1).random, 0, 1)]
    ['u', 'u', 'cx', 'rz', 'ry', 'cx', 'ry', 'cx', 'u', 'u']
    """
    while True:
        r, s, t = ((draw() - 0.5) * math.pi for _ in range(3))
        x, y, z = math.cos(2 * r), math.cos(2 * s), math.cos(2 * t)  # -cos 4a, -cos 4b, -cos 4c
        if 2 * draw() < abs((x - y) * (x - z) * (y - z)):
            break
    return [
        _haar_su2(draw, first),
        _haar_su2(draw, second),
        Operation("cx", (second, first)),
        Operation("rz", (first,), (rounded(r),)),
        Operation("ry", (second,), (rounded(s),)),
        Operation("cx", (first, second)),
        Operation("ry", (second,), (rounded(t),)),
        Operation("cx", (second, first)),
        _haar_su2(draw, first),
        _haar_su2(draw, second),
    ]


def _haar_su2(draw: Callable[[], float], qubit: int) -> Operation:
    """A point uniform on the sphere (the cosine of its polar angle is uniform) and a uniform turn."""
    theta = math.acos(1 - 2 * draw())
    phi, lam = ((2 * draw() - 1) * math.pi for _ in range(2))
    return Operation("u", (qubit,), (rounded(theta), rounded(phi), rounded(lam)))


def qv(size: int, seed: int | None = None) -> Circuit:
    """Quantum volume: as many layers as qubits, each a random pairing with a Haar-random gate per pair.

    With an odd number of qubits one rests in each layer.  ``seed`` gives other circuits of the same kind.

    Source: Cross et al. 2019, doi:10.1103/PhysRevA.100.032328.

    >>> len(qv(4).gates), qv(4).id == qv(4).id, qv(4).id == qv(4, seed=1).id
    (80, True, False)
    """
    if seed is None:
        seed = QV_SEEDS.get(size, 23_000 + size)
    draw = random.Random(seed).random
    gates: list[Operation] = []
    for _ in range(size):
        order = shuffled(draw, size)
        for pair in range(size // 2):
            gates += haar_su4(draw, order[2 * pair], order[2 * pair + 1])
    return measured(f"qv_{size}", size, gates)


def random_circuit(size: int, seed: int | None = None) -> Circuit:
    """Two layers per qubit of random gates on random qubits: every gate of ``EVERY_GATE`` is as likely.

    Each layer takes the qubits in random order and gives every gate as many as it needs; a gate that needs
    more than are left is drawn again.  Angles are uniform in [-pi, pi).

    >>> len(random_circuit(4).gates), random_circuit(4).id == random_circuit(4, seed=1).id
    (21, False)
    """
    draw = random.Random(24_000 + size if seed is None else seed).random
    gates = [Operation("h", (q,)) for q in range(size)]
    for _ in range(2 * size):
        order = shuffled(draw, size)
        while order:
            name = EVERY_GATE[int(draw() * len(EVERY_GATE))]
            qubits, angles = GATES[name]
            if qubits > len(order):
                continue
            taken = tuple(order.pop() for _ in range(qubits))
            turns = tuple(rounded((2 * draw() - 1) * math.pi) for _ in range(angles))
            gates.append(Operation(name, taken, turns))
    return measured(f"random_{size}", size, gates)


FAMILIES = (
    Family(
        name="qv",
        area=AREA,
        summary="quantum volume: layers of Haar-random gates on random pairs, as deep as wide",
        source="Cross et al. 2019, doi:10.1103/PhysRevA.100.032328",
        sizes=(*range(2, 13), 14, 16),
        build=qv,
        known_answer=lambda _: (
            "no closed form; over many such circuits the ideal heavy-output probability averages about 0.85 "
            "(0.8466 for many qubits)"
        ),
    ),
    Family(
        name="random",
        area=AREA,
        summary="random gates of all kinds, up to five qubits each, on random qubits, twice as deep as wide",
        source="gate set of Cross, Bishop, Smolin and Gambetta 2017, arXiv:1707.03429, and later additions",
        sizes=(*range(2, 13), 14, 16),
        build=random_circuit,
    ),
)
