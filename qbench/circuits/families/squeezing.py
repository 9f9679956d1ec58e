"""Spin squeezing by one-axis twisting: every pair of spins interacts, and the noise of their sum falls."""

from __future__ import annotations

import math
from collections.abc import Mapping

from qbench.circuits.families.family import Family, measured, rounded
from qbench.circuits.families.pauli_sums import pauli_sum
from qbench.ir import Circuit, Observable, Operation

__all__ = ["FAMILIES", "spin_squeezing", "squeezing"]

AREA = "sensing"


def spin_squeezing(size: int) -> Circuit:
    """exp(-i theta Jz^2) on spins along X, then the turn about X after which Jz is quietest.

    Jz is half the sum of Z, so Jz^2 is a constant and half the sum of Z Z over all pairs: rzz(theta) each.

    Source: Kitagawa and Ueda 1993, doi:10.1103/PhysRevA.47.5138.

    >>> [op.name for op in spin_squeezing(2).gates]
    ['h', 'h', 'rzz', 'rx', 'rx']
    """
    gates = [Operation("h", (qubit,)) for qubit in range(size)]
    gates += [Operation("rzz", pair, (_twist(size),)) for pair in _pairs(size)]
    gates += [Operation("rx", (qubit,), (_turn(size),)) for qubit in range(size)]
    return measured(f"spin_squeezing_{size}", size, gates)


def _pairs(size: int) -> list[tuple[int, int]]:
    return [(a, b) for a in range(size) for b in range(a + 1, size)]


def _twist(size: int) -> float:
    """theta = mu / 2 with mu = 24^(1/6) (n/2)^(-2/3), the best for many spins."""
    return rounded(24 ** (1 / 6) * (size / 2) ** (-2 / 3) / 2)


def _twisted(size: int) -> tuple[float, float]:
    """<Y Y> and <Y Z> = <Z Y> of any pair before the turn, where <Z Z> = 0."""
    theta = _twist(size)
    return (1 - math.cos(2 * theta) ** (size - 2)) / 2, math.sin(theta) * math.cos(theta) ** (size - 2)


def _turn(size: int) -> float:
    yy, yz = _twisted(size)
    return rounded(math.atan2(-2 * yz, yy) / 2)


def _pair_correlation(size: int) -> float:
    """<Z Z> of any pair after the turn by v: sin^2 v <Y Y> + sin 2v <Y Z>."""
    (yy, yz), turn = _twisted(size), _turn(size)
    return math.sin(turn) ** 2 * yy + math.sin(2 * turn) * yz


def squeezing(size: int) -> float:
    """The variance of Jz beside that of as many spins without interaction, n/4.

    >>> [round(squeezing(size), 6) for size in (2, 8)]
    [0.249254, 0.230061]
    """
    return 1 + (size - 1) * _pair_correlation(size)


def square_of_jz(size: int) -> Observable:
    """Jz^2 with Jz half the sum of Z: n/4 and half of every Z Z; the variance, as <Jz> is 0."""
    return pauli_sum({"": size / 4} | {f"Z{a} Z{b}": 0.5 for a, b in _pairs(size)})


def spin_squeezing_expectations(size: int) -> Mapping[str, float]:
    """<X> = cos^(n-1) theta of every spin, and <Z Z> of every pair."""
    known = {f"X{qubit}": math.cos(_twist(size)) ** (size - 1) for qubit in range(size)}
    return known | {f"Z{a} Z{b}": _pair_correlation(size) for a, b in _pairs(size)}


FAMILIES = (
    Family(
        name="spin_squeezing",
        area=AREA,
        summary="one-axis twisting of all pairs of spins, turned to the least noise",
        source="Kitagawa and Ueda 1993, doi:10.1103/PhysRevA.47.5138",
        sizes=(2, 3, 4, 6, 8, 10, 12, 14),
        build=spin_squeezing,
        known_answer=lambda size: (
            f"variance of half the sum of Z {squeezing(size):.6f} of the standard quantum limit {size}/4 "
            f"({10 * math.log10(squeezing(size)):.2f} dB), <X> of each qubit = "
            f"{math.cos(_twist(size)) ** (size - 1):.6f}"
        ),
        expectations=spin_squeezing_expectations,
        observable=square_of_jz,
    ),
)
