"""High-performance computing: a discrete quantum walk on a cycle."""

from __future__ import annotations

import math

from qbench.circuits.families.family import Family, measured
from qbench.circuits.families.high_performance import fourier_transform
from qbench.ir import Circuit, Operation

__all__ = ["FAMILIES", "quantum_walk"]

AREA = "high-performance-computing"


def quantum_walk(size: int) -> Circuit:
    """2 size steps on a cycle of 2^(size-1) places: h tosses the coin (the last qubit), 0 is down, 1 is up.

    The walk starts at place 0 with the coin in (|0> + i |1>)/sqrt(2), which has no preferred direction.  A
    step is diagonal in Fourier space: p moves down, cp on the coin moves up by two; so the transform stands
    only at the start and at the end, and at the start, from place 0, it is h on every qubit.

    Source: Aharonov, Ambainis, Kempe and Vazirani 2001, arXiv:quant-ph/0012090.

    >>> len(quantum_walk(3).gates)
    32
    """
    places, coin = size - 1, size - 1
    gates = [Operation("h", (coin,)), Operation("s", (coin,))]
    gates += [Operation("h", (q,)) for q in range(places)]
    for _ in range(2 * size):
        gates.append(Operation("h", (coin,)))
        for q in range(places):
            gates.append(Operation("p", (q,), (-2 * math.pi * 2**q / 2**places,)))
            if q < places - 1:  # two whole turns otherwise
                gates.append(Operation("cp", (coin, q), (4 * math.pi * 2**q / 2**places,)))
    gates += fourier_transform(places, inverse=True)
    return measured(f"quantum_walk_{size}", size, gates)


def _walked(size: int) -> list[tuple[int, int]]:
    """The recursion from place to place: amplitudes times 2^((steps + 1)/2), as (real, imaginary), exact.

    The coin's 0 first, then its 1; in each half place by place.
    """
    count = 2 ** (size - 1)
    down, up = [(0, 0)] * count, [(0, 0)] * count
    down[0], up[0] = (1, 0), (0, 1)
    for _ in range(2 * size):
        tossed = [((a + c, b + d), (a - c, b - d)) for (a, b), (c, d) in zip(down, up, strict=True)]
        down = [tossed[(k + 1) % count][0] for k in range(count)]
        up = [tossed[k - 1][1] for k in range(count)]
    return down + up


def quantum_walk_amplitudes(size: int) -> list[complex]:
    scale = math.sqrt(0.5 ** (2 * size + 1))
    return [complex(scale * real, scale * imaginary) for real, imaginary in _walked(size)]


def _likeliest(size: int) -> str:
    weights = [real**2 + imaginary**2 for real, imaginary in _walked(size)]
    count = len(weights) // 2
    places = [weights[k] + weights[k + count] for k in range(count)]
    best = max(places)
    return f"place {places.index(best)} with probability {best / 2 ** (2 * size + 1):.6f}"


FAMILIES = (
    Family(
        name="quantum_walk",
        area=AREA,
        summary="coined walk on a cycle of 2^(qubits-1) places, two steps per qubit",
        source="Aharonov, Ambainis, Kempe and Vazirani 2001, arXiv:quant-ph/0012090",
        sizes=(3, 4, 5, 6, 7, 8, 10, 12, 14, 16),
        build=quantum_walk,
        known_answer=lambda size: (
            f"{_likeliest(size)}, and every other amplitude by the recursion from place to place"
        ),
        amplitudes=quantum_walk_amplitudes,
    ),
)
