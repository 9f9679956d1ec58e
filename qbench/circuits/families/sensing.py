"""Sensing: quantum phase estimation, of a phase that fits the counting register and of one that does not."""

from __future__ import annotations

import math

from qbench.circuits.families.family import Family, bit_pattern, measured
from qbench.circuits.families.high_performance import fourier_transform
from qbench.ir import Circuit, Operation

__all__ = ["FAMILIES", "qpe", "qpe_inexact"]

AREA = "sensing"


def qpe(size: int) -> Circuit:
    """Phase estimation of m / 2^n on n = size - 1 counting qubits; the target is the last qubit.

    m is ``bit_pattern(n)``, odd, so that all n bits are needed.

    Source: Cleve, Ekert, Macchiavello and Mosca 1998, arXiv:quant-ph/9708016.

    >>> [op.name for op in qpe(3).gates]
    ['x', 'h', 'h', 'cp', 'cp', 'swap', 'h', 'cp', 'h']
    """
    counting = size - 1
    return _estimation(f"qpe_{size}", counting, bit_pattern(counting), 2**counting)


def qpe_inexact(size: int) -> Circuit:
    """Phase estimation of 1/3, which lies a third of a step beside the nearest outcome at every size.

    >>> qpe_inexact(3).num_qubits
    3
    """
    return _estimation(f"qpe_inexact_{size}", size - 1, 1, 3)


def _estimation(name: str, counting: int, numerator: int, denominator: int) -> Circuit:
    target = counting
    gates = [Operation("x", (target,))] + [Operation("h", (q,)) for q in range(counting)]
    for qubit in range(counting):
        turns = numerator * 2**qubit % denominator  # reduced as an integer: no digits of the angle are lost
        if 2 * turns > denominator:
            turns -= denominator
        gates.append(Operation("cp", (qubit, target), (2 * math.pi * turns / denominator,)))
    gates += fourier_transform(counting, inverse=True)
    return measured(name, counting + 1, gates)


def qpe_probabilities(size: int) -> list[float]:
    counting = size - 1
    chances = [0.0] * 2**size
    chances[2**counting + bit_pattern(counting)] = 1.0
    return chances


def qpe_inexact_probabilities(size: int) -> list[float]:
    """(sin(pi N d) / (N sin(pi d)))^2 at outcome k, with d = 1/3 - k/N and N = 2^(size-1)."""
    steps = 2 ** (size - 1)
    chances = [0.0] * steps
    for k in range(steps):
        distance = (steps - 3 * k) / (3 * steps)
        # N d = (N - 3 k) / 3 is never an integer, as N is no multiple of 3.
        kernel = math.sin(math.pi * ((steps - 3 * k) % 6) / 3) / (steps * math.sin(math.pi * distance))
        chances.append(kernel * kernel)
    return chances


FAMILIES = (
    Family(
        name="qpe",
        area=AREA,
        summary="phase estimation of a phase that fits the counting qubits exactly",
        source="Cleve, Ekert, Macchiavello and Mosca 1998, arXiv:quant-ph/9708016",
        sizes=tuple(range(3, 13)),
        build=qpe,
        known_answer=lambda size: (
            f"outcome {bit_pattern(size - 1)} on the {size - 1} counting bits with probability 1 "
            "(the last bit is the target's, 1)"
        ),
        probabilities=qpe_probabilities,
    ),
    Family(
        name="qpe_inexact",
        area=AREA,
        summary="phase estimation of 1/3, which falls between two outcomes",
        source="Cleve, Ekert, Macchiavello and Mosca 1998, arXiv:quant-ph/9708016",
        sizes=tuple(range(3, 13)),
        build=qpe_inexact,
        known_answer=lambda size: (
            f"outcome k on the {size - 1} counting bits with probability (sin(pi N d) / (N sin(pi d)))^2, "
            f"d = 1/3 - k/N, N = {2 ** (size - 1)}; the peak at k = {round(2 ** (size - 1) / 3)} has "
            f"{max(qpe_inexact_probabilities(size)):.6f}"
        ),
        probabilities=qpe_inexact_probabilities,
    ),
)
