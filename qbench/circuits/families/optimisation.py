"""Optimisation, both ways: the gate circuits for Sherrington-Kirkpatrick spin glasses, QAOA and annealing.

Both families of one size solve the same instance: energy = sum over i < j of J_ij s_i s_j, J_ij = 1 or -1 at
random, s = 1 for bit 0 and -1 for bit 1.  Flipping all spins changes nothing, so every energy comes twice.
"""

from __future__ import annotations

import cmath
import math
import random
from collections.abc import Callable, Sequence
from functools import cache

from qbench.circuits.families.family import Family, measured, rounded
from qbench.circuits.families.pauli_sums import spin_glass
from qbench.circuits.families.walsh_hadamard import walsh_hadamard
from qbench.ir import Circuit, Operation

__all__ = ["FAMILIES", "couplings", "energies", "mean_energy", "sk_qaoa", "trotter_annealing"]

AREA = "optimisation"

# The best on average for many spins (Farhi et al., arXiv:1910.08187), where they give a mean energy of
# -0.4726 n^(3/2); the ground energy is -0.7632 n^(3/2) there.
QAOA_GAMMAS = (0.3297, 0.5688, 0.6406)
QAOA_BETAS = (0.5500, 0.3675, 0.2109)

ANNEALING_TIME = 10.0
ANNEALING_STEPS = 20


@cache
def couplings(size: int) -> dict[tuple[int, int], int]:
    """J_ij of the stored instance with ``size`` spins.

    >>> couplings(3)
    {(0, 1): -1, (0, 2): 1, (1, 2): -1}
    """
    draw = random.Random(42_000 + size).random
    return {(i, j): 1 if draw() < 0.5 else -1 for i in range(size) for j in range(i + 1, size)}


@cache
def energies(size: int) -> tuple[int, ...]:
    """The energy of every outcome, spin by spin: 2^size integers.

    >>> energies(3)
    (-1, -1, 3, -1, -1, 3, -1, -1)
    """
    table = [0]
    for spin in range(size):
        field = [0]
        for other in range(spin):
            j = couplings(size)[other, spin]
            field = [f + j for f in field] + [f - j for f in field]
        table = [e + f for e, f in zip(table, field, strict=True)] + [
            e - f for e, f in zip(table, field, strict=True)
        ]
    return tuple(table)


def _cost(size: int, angle: float) -> list[Operation]:
    """exp(-i angle/2 energy)."""
    return [Operation("rzz", pair, (angle * j,)) for pair, j in couplings(size).items()]


def _mixing(size: int, angle: float) -> list[Operation]:
    return [Operation("rx", (q,), (angle,)) for q in range(size)]


def _assembled(name: str, size: int, layers: Sequence[tuple[float, float]]) -> Circuit:
    gates = [Operation("h", (q,)) for q in range(size)]
    for cost, mixing in layers:
        gates += _cost(size, cost) + _mixing(size, mixing)
    return measured(f"{name}_{size}", size, gates)


def _evolved(size: int, layers: Sequence[tuple[float, float]]) -> list[complex]:
    """The same layers without a gate: integer energies as phases, mixing as phases after a transform."""
    state: list[complex] = [math.sqrt(0.5**size)] * 2**size
    for cost, mixing in layers:
        # one exponential per energy, of which there are few
        by_energy = {e: cmath.exp(-0.5j * cost * e) for e in set(energies(size))}
        by_ones = [cmath.exp(-0.5j * mixing * (size - 2 * ones)) for ones in range(size + 1)]
        state = walsh_hadamard([by_energy[e] * value for e, value in zip(energies(size), state, strict=True)])
        state = walsh_hadamard([by_ones[k.bit_count()] * value for k, value in enumerate(state)])
    return state


def _qaoa_layers(size: int) -> list[tuple[float, float]]:
    return [
        (rounded(2 * gamma / math.sqrt(size)), -2 * beta)
        for gamma, beta in zip(QAOA_GAMMAS, QAOA_BETAS, strict=True)
    ]


def sk_qaoa(size: int) -> Circuit:
    """Three layers of QAOA with the angles that are best on average for many spins.

    Source: Farhi, Goldstone, Gutmann and Zhou 2022, arXiv:1910.08187.

    >>> len(sk_qaoa(4).gates)
    34
    """
    return _assembled("sk_qaoa", size, _qaoa_layers(size))


def _annealing_layers(size: int, steps: int) -> list[tuple[float, float]]:
    """Strang steps with s at the middle of each; the half steps of sum X between two of them are one.

    The first half step of sum X is left out: it gives |+...+> a global phase.
    """
    step = ANNEALING_TIME / steps
    middles = [(k + 0.5) / steps for k in range(steps)]
    halves = [step * (1 - s) for s in middles]
    after = [*halves[1:], 0.0]
    return [
        (rounded(2 * step * s / math.sqrt(size)), rounded(-(half + following)))
        for s, half, following in zip(middles, halves, after, strict=True)
    ]


def trotter_annealing(size: int, steps: int = ANNEALING_STEPS) -> Circuit:
    """H = -(1 - s) sum X + s energy/sqrt(size), s from 0 to 1 in time 10, in ``steps`` Strang steps.

    The error against the exact evolution falls as 1/steps^2, the infidelity as 1/steps^4: at 14 spins 6.1e-2,
    1.4e-3, 8.3e-5 and 1.9e-6 with 10, 20, 40 and 100 steps.

    Source: Kadowaki and Nishimori 1998, arXiv:cond-mat/9804280; Farhi et al. 2000, arXiv:quant-ph/0001106.

    >>> len(trotter_annealing(4).gates)
    204
    """
    return _assembled("trotter_annealing", size, _annealing_layers(size, steps))


@cache
def _state(build: Callable[[int], Circuit], size: int) -> list[complex]:
    layers = _qaoa_layers(size) if build is sk_qaoa else _annealing_layers(size, ANNEALING_STEPS)
    return _evolved(size, layers)


def mean_energy(size: int, layers: Sequence[tuple[float, float]]) -> float:
    """The mean energy after layers of any angles: (of the cost, of the mixing)."""
    state = _evolved(size, layers)
    return math.fsum(e * abs(value) ** 2 for e, value in zip(energies(size), state, strict=True))


def _sentence(build: Callable[[int], Circuit], size: int) -> str:
    table = energies(size)
    chances = [abs(value) ** 2 for value in _state(build, size)]
    ground = min(table)
    best = [k for k, energy in enumerate(table) if energy == ground]
    mean = math.fsum(energy * chance for energy, chance in zip(table, chances, strict=True))
    return (
        f"ground energy {ground} by brute force, at {len(best)} outcomes with probability "
        f"{math.fsum(chances[k] for k in best):.6f} together; mean energy {mean:.6f}"
    )


FAMILIES = (
    Family(
        name="sk_qaoa",
        area=AREA,
        summary=f"QAOA with {len(QAOA_GAMMAS)} layers on a Sherrington-Kirkpatrick spin glass, J = 1 or -1",
        source="Farhi, Goldstone, Gutmann and Zhou 2022, arXiv:1910.08187",
        sizes=(4, 6, 8, 10, 12, 14, 16),
        build=sk_qaoa,
        known_answer=lambda size: _sentence(sk_qaoa, size),
        amplitudes=lambda size: list(_state(sk_qaoa, size)),
        observable=lambda size: spin_glass(couplings(size)),
    ),
    Family(
        name="trotter_annealing",
        area=AREA,
        summary=f"annealing of the same spin glass, time {ANNEALING_TIME:g}, {ANNEALING_STEPS} Strang steps",
        source="Kadowaki and Nishimori 1998, arXiv:cond-mat/9804280; Strang 1968, doi:10.1137/0705041",
        sizes=(4, 6, 8, 10, 12, 14),
        build=trotter_annealing,
        known_answer=lambda size: _sentence(trotter_annealing, size),
        amplitudes=lambda size: list(_state(trotter_annealing, size)),
        observable=lambda size: spin_glass(couplings(size)),
    ),
)
