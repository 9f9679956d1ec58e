"""Sensing, measured midway: phase estimation bit by bit on a single counting qubit."""

from __future__ import annotations

import math

from qbench.circuits.families.family import Family
from qbench.circuits.families.sensing import qpe_inexact_probabilities
from qbench.ir import Circuit, Operation

__all__ = ["FAMILIES", "iterative_phase_estimation"]

AREA = "sensing"


def iterative_phase_estimation(size: int) -> Circuit:
    """The phase 1/3 to ``size`` bits, the least significant first, with two qubits whatever the size.

    Round j turns the counting qubit (0) by 2^(size-1-j) times the phase, takes off what the bits before it
    stand for, by turns that those bits decide, measures bit j in the X basis and resets the qubit.  It is the
    Fourier transform of ``sensing.qpe_inexact`` carried out bit by bit, so the outcomes have the same
    probabilities.

    Source: Griffiths and Niu 1996, arXiv:quant-ph/9511007; Dobsicek, Johansson, Shumeiko and Wendin 2007,
    arXiv:quant-ph/0610214.

    >>> [op.name for op in iterative_phase_estimation(2).operations]
    ['x', 'h', 'cp', 'h', 'measure', 'reset', 'h', 'cp', 'p', 'h', 'measure']
    """
    operations = [Operation("x", (1,))]
    for bit in range(size):
        turns = (
            2 ** (size - 1 - bit) % 3
        )  # of a third, reduced as an integer: no digits of the angle are lost
        operations += [Operation("reset", (0,))] * (bit > 0)
        operations += [
            Operation("h", (0,)),
            Operation("cp", (0, 1), (2 * math.pi * (turns if turns < 2 else turns - 3) / 3,)),
        ]
        operations += [
            Operation("p", (0,), (-2 * math.pi / 2 ** (bit - before + 1),), condition=((before,), 1))
            for before in range(bit)
        ]
        operations += [Operation("h", (0,)), Operation("measure", (0,), (), (bit,))]
    return Circuit(2, tuple(operations), size, f"iterative_phase_estimation_{size}")


def iterative_probabilities(size: int) -> list[float]:
    """Those of the counting qubits of ``qpe_inexact``, whose target is in state 1."""
    return qpe_inexact_probabilities(size + 1)[2**size :]


FAMILIES = (
    Family(
        name="iterative_phase_estimation",
        area=AREA,
        summary="phase estimation of 1/3 with one counting qubit, bit by bit, measured and reset in between",
        source="Griffiths and Niu 1996, arXiv:quant-ph/9511007; Dobsicek et al. 2007, arXiv:quant-ph/0610214",
        sizes=(2, 3, 4, 5, 6, 8),
        build=iterative_phase_estimation,
        known_answer=lambda size: (
            f"outcome k with probability (sin(pi N d) / (N sin(pi d)))^2, d = 1/3 - k/N, N = {2**size}; the "
            f"peak at k = {round(2**size / 3)} has {max(iterative_probabilities(size)):.6f}"
        ),
        probabilities=iterative_probabilities,
    ),
)
