"""Sensing: phases read by the Fourier transform, by entangled probes and by Ramsey's two pulses."""

from __future__ import annotations

import math
from collections.abc import Mapping

from qbench.circuits.families.family import Family, bit_pattern, measured, rounded
from qbench.circuits.families.high_performance import fourier_transform
from qbench.circuits.families.pauli_sums import mean_z, pauli_sum
from qbench.circuits.families.squeezing import FAMILIES as SQUEEZING
from qbench.ir import Circuit, Operation

__all__ = ["FAMILIES", "ghz_phase", "qpe", "qpe_inexact", "ramsey"]

AREA = "sensing"
PROBE_PHASE = 0.1
RAMSEY_STEP = 0.4


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


def ghz_phase(size: int) -> Circuit:
    """A GHZ state picks up the phase 0.1 on each qubit, n times that in all, and is read in the X basis.

    The parity of the outcomes, <X x ... x X> of the probe, oscillates n times as fast as for single qubits.

    Source: Bollinger, Itano, Wineland and Heinzen 1996, doi:10.1103/PhysRevA.54.R4649.

    >>> [op.name for op in ghz_phase(2).gates]
    ['h', 'cx', 'p', 'p', 'h', 'h']
    """
    gates = [Operation("h", (0,))] + [Operation("cx", (q, q + 1)) for q in range(size - 1)]
    gates += [Operation("p", (q,), (PROBE_PHASE,)) for q in range(size)]
    gates += [Operation("h", (q,)) for q in range(size)]
    return measured(f"ghz_phase_{size}", size, gates)


def ghz_phase_probabilities(size: int) -> list[float]:
    """(1 + (-1)^(number of ones) cos(n phi)) / 2^n at every outcome."""
    visibility = math.cos(size * PROBE_PHASE)
    return [(1 + (-1) ** k.bit_count() * visibility) / 2**size for k in range(2**size)]


def ghz_phase_expectations(size: int) -> Mapping[str, float]:
    return {" ".join(f"Z{qubit}" for qubit in range(size)): math.cos(size * PROBE_PHASE)}


def ramsey(size: int) -> Circuit:
    """Two quarter turns about X with a free precession between: qubit q precesses by (q + 1) 0.4.

    Each qubit is one interrogation time of the same detuning: together they are the Ramsey fringe.

    Source: Ramsey 1950, doi:10.1103/PhysRev.78.695.

    >>> [op.name for op in ramsey(1).gates]
    ['rx', 'rz', 'rx']
    """
    gates = []
    for qubit in range(size):
        quarter = Operation("rx", (qubit,), (math.pi / 2,))
        gates += [quarter, Operation("rz", (qubit,), (_precession(qubit),)), quarter]
    return measured(f"ramsey_{size}", size, gates)


def _precession(qubit: int) -> float:
    return rounded((qubit + 1) * RAMSEY_STEP)


def ramsey_probabilities(size: int) -> list[float]:
    """Products over the qubits of cos^2(phi/2) for a 1 and sin^2(phi/2) for a 0."""
    chances = [1.0]
    for qubit in range(size):
        half = _precession(qubit) / 2
        zero, one = math.sin(half) ** 2, math.cos(half) ** 2
        chances = [chance * zero for chance in chances] + [chance * one for chance in chances]
    return chances


def ramsey_expectations(size: int) -> Mapping[str, float]:
    return {f"Z{qubit}": -math.cos(_precession(qubit)) for qubit in range(size)}


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
    Family(
        name="ghz_phase",
        area=AREA,
        summary=f"phase estimation with a GHZ probe: the phase {PROBE_PHASE} on every qubit, read by parity",
        source="Bollinger, Itano, Wineland and Heinzen 1996, doi:10.1103/PhysRevA.54.R4649",
        sizes=tuple(range(2, 13)),
        build=ghz_phase,
        known_answer=lambda size: (
            f"parity <{' '.join(f'Z{qubit}' for qubit in range(size))}> = cos({size} x {PROBE_PHASE}) = "
            f"{math.cos(size * PROBE_PHASE):.6f}; every outcome of the same parity is equally probable"
        ),
        probabilities=ghz_phase_probabilities,
        expectations=ghz_phase_expectations,
        observable=lambda size: pauli_sum(dict.fromkeys(ghz_phase_expectations(size), 1.0)),
    ),
    Family(
        name="ramsey",
        area=AREA,
        summary="Ramsey interferometry: a fringe, one interrogation time per qubit",
        source="Ramsey 1950, doi:10.1103/PhysRev.78.695",
        sizes=tuple(range(1, 9)),
        build=ramsey,
        known_answer=lambda size: (
            f"independent qubits, <Zq> = -cos({RAMSEY_STEP} (q + 1)): "
            + ", ".join(f"{value:.6f}" for value in ramsey_expectations(size).values())
        ),
        probabilities=ramsey_probabilities,
        expectations=ramsey_expectations,
        observable=mean_z,
    ),
    *SQUEEZING,
)
