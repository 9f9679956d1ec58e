"""How much two circuits resemble each other, in what decides how long simulators take beside their size."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Traits", "distance", "likeness", "weighed_mean"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """A circuit before lowering: its size, depth, gates on two and more qubits, and gates with angles."""

    qubits: int
    gates: int
    depth: int
    entangling: int
    rotations: int

    @property
    def place(self) -> tuple[float, ...]:
        """Where a circuit stands: each coordinate is scaled so that 1 apart is a clear difference.

        Qubits by fours, gates by factors of four, shares of entangling gates and of rotations by halves,
        gates per layer by factors of two.

        >>> Traits(qubits=8, gates=16, depth=8, entangling=8, rotations=0).place
        (2.0, 2.0, 1.0, 0.0, 1.0)
        """
        gates = max(1, self.gates)
        return (
            self.qubits / 4,
            math.log(gates, 4),
            2 * self.entangling / gates,
            2 * self.rotations / gates,
            math.log2(gates / max(1, self.depth)),
        )


def distance(one: Traits, other: Traits) -> float:
    """Euclidean, between the places of two circuits.

    >>> ghz = Traits(qubits=4, gates=4, depth=4, entangling=3, rotations=0)
    >>> distance(ghz, ghz)
    0.0
    """
    return math.dist(one.place, other.place)


def likeness(one: Traits, other: Traits) -> float:
    """From 1 for circuits that stand in one place to 0: exp(-distance^2)."""
    return math.exp(-(distance(one, other) ** 2))


def weighed_mean(weighed: Iterable[tuple[float, float]], pull: float) -> float:
    """The mean of values, given as (weight, value), pulled towards 0 by ``pull`` weights of a value of 0.

    >>> weighed_mean([(1.0, 0.6)], pull=1.0)
    0.3
    """
    weights, sums = [pull], []
    for weight, value in weighed:
        weights.append(weight)
        sums.append(weight * value)
    total = math.fsum(weights)
    return math.fsum(sums) / total if total > 0 else 0.0
