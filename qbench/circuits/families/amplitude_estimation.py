"""Amplitude estimation of a risk: how probable is it that at least one of two supply lines fails?"""

from __future__ import annotations

import math

from qbench.circuits.families.family import Family, measured, rounded
from qbench.circuits.families.high_performance import fourier_transform
from qbench.circuits.families.reversible import phase_flip
from qbench.ir import Circuit, Operation

__all__ = ["FAMILIES", "amplitude_estimation", "risk"]

AREA = "critical-infrastructure"

# Independent lines that fail with probability 1/8 and 1/5: at least one does with 1 - 7/8 4/5 = 0.3.
FAILURES = (0.125, 0.2)
ANGLES = tuple(rounded(2 * math.acos(math.sqrt(failure))) for failure in FAILURES)


def risk() -> float:
    """The probability that at least one line fails, as the rounded angles have it.

    >>> round(risk(), 11)
    0.3
    """
    return 1 - math.prod(math.sin(angle / 2) ** 2 for angle in ANGLES)


def amplitude_estimation(size: int) -> Circuit:
    """Canonical amplitude estimation on size - 2 counting qubits; the last two are the lines, 1 for "works".

    A turns each line by ry.  Q = -A S_0 A+ S_risk, with S_0 the sign of 00 and S_risk that of all but 11, is
    A S_0 A+ S_11 with S_11 the sign of 11; its eigenvalues are exp(+-2 i theta), sin^2 theta the risk.
    Counting qubit j controls 2^j times Q by its two sign flips alone: without them A+ undoes A.

    Source: Brassard, Hoyer, Mosca and Tapp 2000, arXiv:quant-ph/0005055.

    >>> len(amplitude_estimation(4).gates)
    50
    """
    counting = size - 2
    lines = range(counting, size)
    load = [Operation("ry", (line,), (angle,)) for line, angle in zip(lines, ANGLES, strict=True)]
    unload = [Operation("ry", (line,), (-angle,)) for line, angle in zip(lines, ANGLES, strict=True)]
    gates = [*load, *(Operation("h", (qubit,)) for qubit in range(counting))]
    for qubit in range(counting):
        both_work = phase_flip([qubit, *lines], 0b111)
        not_at_start = [Operation("x", (line,)) for line in lines]
        grover = [*both_work, *unload, *not_at_start, *both_work, *not_at_start, *load]
        gates += grover * 2**qubit
    gates += fourier_transform(counting, inverse=True)
    return measured(f"amplitude_estimation_{size}", size, gates, counting)


def estimation_probabilities(size: int) -> list[float]:
    """The chance of every outcome y of M = 2^(size-2): the mean of two Fejer kernels, about +-theta/pi.

    (sin(M pi d) / (M sin(pi d)))^2 / 2 with d = y/M - theta/pi and d = y/M + theta/pi, as A|00> has equal
    parts in the two eigenvectors of Q (Brassard et al., section 4).

    >>> [round(chance, 6) for chance in estimation_probabilities(4)]
    [0.112, 0.42, 0.048, 0.42]
    """
    steps = 2 ** (size - 2)
    theta = math.asin(math.sqrt(risk()))
    return [
        (_kernel(math.pi * y / steps - theta, steps) + _kernel(math.pi * y / steps + theta, steps)) / 2
        for y in range(steps)
    ]


def _kernel(angle: float, steps: int) -> float:
    # theta / pi is no multiple of 1 / steps for this risk, so the sine below is never 0.
    return (math.sin(steps * angle) / (steps * math.sin(angle))) ** 2


def _sentence(size: int) -> str:
    steps = 2 ** (size - 2)
    chances = estimation_probabilities(size)
    best = max(range(steps // 2 + 1), key=chances.__getitem__)
    both = {best, (steps - best) % steps}
    estimate = math.sin(math.pi * best / steps) ** 2
    return (
        f"the risk 0.3 is estimated as sin^2({best} pi/{steps}) = {estimate:.4f} by the likeliest outcomes "
        f"{' and '.join(map(str, sorted(both)))}, together with probability "
        f"{math.fsum(chances[outcome] for outcome in both):.6f}"
    )


FAMILIES = (
    Family(
        name="amplitude_estimation",
        area=AREA,
        summary="amplitude estimation of the risk 0.3 that at least one of two supply lines fails",
        source=(
            "Brassard et al. 2000, arXiv:quant-ph/0005055; for risk: Woerner and Egger 2019, "
            "doi:10.1038/s41534-019-0130-6"
        ),
        sizes=tuple(range(4, 10)),
        build=amplitude_estimation,
        known_answer=_sentence,
        probabilities=estimation_probabilities,
    ),
)
