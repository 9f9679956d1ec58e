"""High-performance computing: the HHL algorithm on a system of two equations."""

from __future__ import annotations

import math
from collections.abc import Mapping

from qbench.circuits.families.family import Family, measured, rounded
from qbench.circuits.families.high_performance import fourier_transform
from qbench.ir import Circuit, Operation

__all__ = ["FAMILIES", "hhl"]

AREA = "high-performance-computing"


def _smaller_eigenvalue(clock: int) -> int:
    """What the clock reads for 2/3; 4/3 reads twice that, the largest even number that fits."""
    return 2 ** (clock - 1) - 1 if clock > 2 else 1


def _angles(clock: int) -> list[float]:
    """The ry angle for each reading k: 2 asin(c / k) with the largest c possible, the smaller eigenvalue.

    Smaller readings do not occur and get pi.
    """
    scale = _smaller_eigenvalue(clock)
    return [rounded(2 * math.asin(min(1.0, scale / k))) if k else 0.0 for k in range(2**clock)]


def _gray_code(k: int) -> int:
    return k ^ k >> 1


def _turns(clock: int) -> list[float]:
    """The angles of the 2^clock single ry gates between which the cx gates stand.

    Reading k turns by sum over j of (-1)^(ones of k and the j-th Gray code) turn_j.
    """
    angles = _angles(clock)
    count = len(angles)
    return [
        rounded(math.fsum((-1) ** (k & _gray_code(j)).bit_count() * angles[k] for k in range(count)) / count)
        for j in range(count)
    ]


def _reciprocal(clock: int, ancilla: int) -> list[Operation]:
    """ry on the ancilla by an angle that the clock chooses, in 2^clock ry and cx (arXiv:quant-ph/0404089)."""
    turns = _turns(clock)
    gates: list[Operation] = []
    for j, turn in enumerate(turns):
        changed = _gray_code(j) ^ _gray_code((j + 1) % len(turns))
        gates.append(Operation("ry", (ancilla,), (turn,)))
        gates.append(Operation("cx", (changed.bit_length() - 1, ancilla)))
    return gates


def hhl(size: int) -> Circuit:
    """Solve A x = b for A = [[1, -1/3], [-1/3, 1]], b = (0, 1): x = (3/8, 9/8), probabilities as 1:9.

    size - 2 clock qubits estimate the eigenvalues 2/3 and 4/3 exactly; qubit size - 2 is b and then x; the
    last is the ancilla, where 1 says that x was made.  A is 1 - X/3, so exp(i A t) is a phase and an rx.

    Source: Harrow, Hassidim and Lloyd 2009, arXiv:0811.3171; this system after Zaman, Morrell and Wong 2023,
    arXiv:2108.09004.

    >>> [len(hhl(n).gates) for n in (4, 5, 6)]
    [29, 49, 81]
    """
    clock, register, ancilla = size - 2, size - 2, size - 1
    eigenvalue = _smaller_eigenvalue(clock)
    estimation = [Operation("h", (q,)) for q in range(clock)]
    for q in range(clock):
        # A t = (3 pi k / 2^clock) (1 - X/3), reduced as integers: the phase modulo 2 pi, the turn modulo 4 pi
        phase = 3 * eigenvalue * 2**q % 2 ** (clock + 1)
        rotation = 2 * eigenvalue * 2**q % 2 ** (clock + 2)
        estimation.append(Operation("p", (q,), (math.pi * phase / 2**clock,)))
        estimation.append(Operation("crx", (q, register), (math.pi * rotation / 2**clock,)))
    estimation += fourier_transform(clock, inverse=True)
    back = [
        op._replace(params=tuple(-angle for angle in op.params if isinstance(angle, float)))
        for op in reversed(estimation)
    ]
    gates = [Operation("x", (register,)), *estimation, *_reciprocal(clock, ancilla), *back]
    return measured(f"hhl_{size}", size, gates)


def hhl_amplitudes(size: int) -> list[complex]:
    """b = ((1, 1) - (1, -1)) / 2 in eigenvectors; each is turned as its eigenvalue says; the clock is 0."""
    clock, eigenvalue = size - 2, _smaller_eigenvalue(size - 2)
    turns = _turns(clock)
    state = [0j] * 2**size
    for reading, parity in ((eigenvalue, 1), (2 * eigenvalue, -1)):
        signs = [(-1) ** (reading & _gray_code(j)).bit_count() for j in range(len(turns))]
        half = math.fsum(sign * turn for sign, turn in zip(signs, turns, strict=True)) / 2
        for bit in range(2):
            share = (parity if bit == 0 else 1) / 2
            state[bit << clock] += share * math.cos(half)
            state[(bit << clock) + 2 ** (size - 1)] += share * math.sin(half)
    return state


def _solution(size: int) -> Mapping[int, float]:
    """The outcomes with ancilla 1: x as it stands there."""
    made = 2 ** (size - 1)
    x = {made: 3 / 8, made + 2 ** (size - 2): 9 / 8}
    return {outcome: (value * 2 / 3) ** 2 for outcome, value in x.items()}


FAMILIES = (
    Family(
        name="hhl",
        area=AREA,
        summary="linear system of two equations, exact eigenvalues, more clock qubits with size",
        source="Harrow, Hassidim and Lloyd 2009, arXiv:0811.3171",
        sizes=(4, 5, 6, 7),
        build=hhl,
        known_answer=lambda size: (
            "ancilla 1 with probability 5/8, there x = (3/8, 9/8): "
            + " and ".join(f"outcome {k} with {p:.6f}" for k, p in sorted(_solution(size).items()))
            + ", ratio 1:9"
        ),
        amplitudes=hhl_amplitudes,
    ),
)
