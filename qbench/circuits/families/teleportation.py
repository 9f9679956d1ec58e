"""Cybersecurity, measured midway: a state handed on along a chain of Bell pairs, and bits from one qubit."""

from __future__ import annotations

import math
from collections.abc import Mapping

from qbench.circuits.families.family import Family, rounded
from qbench.ir import Circuit, Operation

__all__ = ["FAMILIES", "random_bits_reset", "teleportation"]

AREA = "cybersecurity"
MESSAGE = (1.1, 0.4)
"""theta and phi of the state that is sent."""
CHANCE_STEP = 0.3


def teleportation(size: int) -> Circuit:
    """A state sent along (n - 1)/2 Bell pairs, each end corrected as the two bits of the one before say.

    Hop k measures qubits 2k and 2k + 1 into bits 2k and 2k + 1 and turns qubit 2k + 2 by x and z.  At the end
    the state is measured in the X basis, where its phase shows, into the last bit.

    Source: Bennett et al. 1993, doi:10.1103/PhysRevLett.70.1895.

    >>> sorted(teleportation(3).features)
    ['feed_forward']
    """
    last = size - 1
    operations = [Operation("u", (0,), (*MESSAGE, 0.0))]
    for sender in range(0, last, 2):
        middle, receiver = sender + 1, sender + 2
        operations += [
            Operation("h", (middle,)),
            Operation("cx", (middle, receiver)),
            Operation("cx", (sender, middle)),
            Operation("h", (sender,)),
            Operation("measure", (sender,), (), (sender,)),
            Operation("measure", (middle,), (), (middle,)),
            Operation("x", (receiver,), condition=((middle,), 1)),
            Operation("z", (receiver,), condition=((sender,), 1)),
        ]
    operations += [Operation("h", (last,)), Operation("measure", (last,), (), (last,))]
    return Circuit(size, tuple(operations), size, f"teleportation_{size}")


def message_chance() -> float:
    """The chance of a 1 in the X basis: (1 - sin theta cos phi) / 2.

    >>> round(message_chance(), 6)
    0.089572
    """
    theta, phi = MESSAGE
    return (1 - math.sin(theta) * math.cos(phi)) / 2


def teleportation_probabilities(size: int) -> list[float]:
    """Every hop's bits are even coins, whatever is sent; the last bit is the message's."""
    half = 2 ** (size - 1)
    return [(1 - message_chance()) / half] * half + [message_chance() / half] * half


def random_bits_reset(size: int) -> Circuit:
    """``size`` bits from one qubit: turned by ry((k + 1) 0.3), measured into bit k, reset.

    Bit k is 1 with probability sin^2(0.15 (k + 1)), independent of the others: a reset that does not happen
    shows.

    Source: Herrero-Collantes and Garcia-Escartin 2017, arXiv:1604.03304.

    >>> [op.name for op in random_bits_reset(2).operations]
    ['ry', 'measure', 'reset', 'ry', 'measure']
    """
    operations: list[Operation] = []
    for bit in range(size):
        operations += [Operation("reset", (0,))] * (bit > 0)
        operations += [Operation("ry", (0,), (_turn(bit),)), Operation("measure", (0,), (), (bit,))]
    return Circuit(1, tuple(operations), size, f"random_bits_reset_{size}")


def _turn(bit: int) -> float:
    return rounded((bit + 1) * CHANCE_STEP)


def random_bits_chances(size: int) -> Mapping[int, float]:
    chances = {0: 1.0}
    for bit in range(size):
        one = math.sin(_turn(bit) / 2) ** 2
        chances = {k: p * (1 - one) for k, p in chances.items()} | {
            k | 1 << bit: p * one for k, p in chances.items()
        }
    return chances


FAMILIES = (
    Family(
        name="teleportation",
        area=AREA,
        summary="a state teleported along a chain of Bell pairs, corrected by feed-forward",
        source="Bennett et al. 1993, doi:10.1103/PhysRevLett.70.1895",
        sizes=(3, 5, 7, 9),
        build=teleportation,
        known_answer=lambda size: (
            f"bit {size - 1} is 1 with probability (1 - sin {MESSAGE[0]} cos {MESSAGE[1]})/2 = "
            f"{message_chance():.6f}, the other {size - 1} bits are even coins"
        ),
        probabilities=teleportation_probabilities,
    ),
    Family(
        name="random_bits_reset",
        area=AREA,
        summary="biased random bits from one qubit that is measured and reset for each",
        source="Herrero-Collantes and Garcia-Escartin 2017, arXiv:1604.03304",
        sizes=(2, 4, 6, 8),
        build=random_bits_reset,
        known_answer=lambda size: (
            f"bit k is 1 with probability sin^2({CHANCE_STEP / 2:g} (k + 1)), each by itself; all bits 0 "
            f"with {random_bits_chances(size)[0]:.6f}"
        ),
        probabilities=lambda size: [p for _, p in sorted(random_bits_chances(size).items())],
    ),
)
