"""Sensing: a GHZ probe whose phase is free, at the point of its fringe where parity is the most sensitive."""

from __future__ import annotations

import math
from collections.abc import Mapping

from qbench.circuits.families.family import Family, measured
from qbench.circuits.families.pauli_sums import pauli_sum
from qbench.ir import Circuit, Operation, Parameter

__all__ = ["FAMILIES", "phase_sensing_ansatz"]

AREA = "sensing"


def phase_sensing_ansatz(size: int) -> Circuit:
    """Every qubit of a GHZ state gains theta_0 and a known pi/(2n), and is read in the X basis, by parity.

    The parity is cos(n theta_0 + pi/2) = -sin(n theta_0): its slope at 0 is n, and 1 for a single qubit.

    Source: Bollinger, Itano, Wineland and Heinzen 1996, doi:10.1103/PhysRevA.54.R4649.

    >>> [len(gate.params) for gate in phase_sensing_ansatz(2).gates], phase_sensing_ansatz(2).parameters
    ([0, 0, 1, 1, 0, 0], ('theta_0',))
    """
    gates = [Operation("h", (0,))] + [Operation("cx", (q, q + 1)) for q in range(size - 1)]
    gates += [Operation("p", (q,), (Parameter("theta_0", 1.0, math.pi / (2 * size)),)) for q in range(size)]
    gates += [Operation("h", (q,)) for q in range(size)]
    return measured(f"phase_sensing_ansatz_{size}", size, gates)


def phase_sensing_value(size: int, bindings: Mapping[str, float]) -> float:
    return -math.sin(size * bindings["theta_0"])


FAMILIES = (
    Family(
        name="phase_sensing_ansatz",
        area=AREA,
        summary="GHZ probe with one free phase on every qubit, read by parity at half fringe",
        source="Bollinger, Itano, Wineland and Heinzen 1996, doi:10.1103/PhysRevA.54.R4649",
        sizes=(2, 3, 4, 6, 8, 10, 12),
        build=phase_sensing_ansatz,
        known_answer=lambda size: (
            f"parity <{' '.join(f'Z{q}' for q in range(size))}> = -sin({size} theta_0), its derivative "
            f"-{size} cos({size} theta_0)"
        ),
        observable=lambda size: pauli_sum({" ".join(f"Z{q}" for q in range(size)): 1.0}),
        value=phase_sensing_value,
    ),
)
