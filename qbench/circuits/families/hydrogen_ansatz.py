"""High-performance computing: unitary coupled cluster for molecular hydrogen with free amplitudes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise

from qbench.circuits.families.chemistry import energy, total_energy
from qbench.circuits.families.family import Family, measured
from qbench.circuits.families.pauli_sums import in_state
from qbench.ir import Circuit, Operation, Parameter

__all__ = ["FAMILIES", "vqe_h2_ansatz"]

AREA = "high-performance-computing"


def vqe_h2_ansatz(size: int) -> Circuit:
    """Hartree-Fock, then the double excitation by theta_0; with four qubits the two single ones as well.

    The mappings are those of ``chemistry.vqe_h2``.  A single excitation, exp(theta/2 (a+_u a_g - h.c.)), is
    exp(-i theta/4 (X Z Y - Y Z X)): two products that commute, with the factors 1/2 and -1/2.

    Source: O'Malley et al. 2016, arXiv:1512.06860; Romero et al. 2018, arXiv:1701.02691 (singles).

    >>> vqe_h2_ansatz(2).parameters, vqe_h2_ansatz(4).parameters
    (('theta_0',), ('theta_0', 'theta_1', 'theta_2'))
    """
    gates = [Operation("x", (q,)) for q in range(size // 2)]
    gates += _exponential({**dict.fromkeys(range(size - 1), "X"), size - 1: "Y"}, Parameter("theta_0", -1.0))
    if size == 4:
        for lower in (0, 1):
            name = f"theta_{lower + 1}"
            upper = lower + 2
            gates += _exponential({lower: "X", lower + 1: "Z", upper: "Y"}, Parameter(name, 0.5))
            gates += _exponential({lower: "Y", lower + 1: "Z", upper: "X"}, Parameter(name, -0.5))
    return measured(f"vqe_h2_ansatz_{size}", size, gates)


def _exponential(letters: Mapping[int, str], angle: Parameter) -> list[Operation]:
    """exp(-i angle/2 P), P a product of letters by qubit: into the basis of Z, parities, rz, and back."""
    into: list[Operation] = []
    back: list[Operation] = []
    for qubit, letter in letters.items():
        if letter == "X":
            into.append(Operation("h", (qubit,)))
            back.append(Operation("h", (qubit,)))
        elif letter == "Y":
            into.append(Operation("rx", (qubit,), (math.pi / 2,)))
            back.append(Operation("rx", (qubit,), (-math.pi / 2,)))
    qubits = list(letters)
    ladder = [Operation("cx", pair) for pair in pairwise(qubits)]
    return [*into, *ladder, Operation("rz", (qubits[-1],), (angle,)), *reversed(ladder), *back]


def vqe_h2_ansatz_value(size: int, bindings: Mapping[str, float]) -> float:
    """The energy of the few arrangements of two electrons that are ever reached."""
    occupied = 2 ** (size // 2) - 1
    state = [0j] * 2**size
    state[occupied] = complex(math.cos(bindings["theta_0"] / 2))
    state[occupied << size // 2] = complex(-math.sin(bindings["theta_0"] / 2))
    if size == 4:
        for lower in (0, 1):
            state = _excited(state, lower, bindings[f"theta_{lower + 1}"] / 2)
    return in_state(total_energy(size), state)


def _excited(state: list[complex], lower: int, angle: float) -> list[complex]:
    """One electron turned from orbital ``lower`` towards ``lower`` + 2: past a filled one the other way."""
    new = [0j] * len(state)
    pair = 0b101 << lower
    for k, value in enumerate(state):
        if (k & pair).bit_count() != 1:
            new[k] += value
            continue
        sign = -1 if k >> (lower + 1) & 1 else 1
        up = 1 if k >> lower & 1 else -1
        new[k] += math.cos(angle) * value
        new[k ^ pair] += sign * up * math.sin(angle) * value
    return new


def _sentence(size: int) -> str:
    start = vqe_h2_ansatz_value(size, {f"theta_{k}": 0.0 for k in range(3)})
    return (
        "the energy at any amplitudes, from the arrangements of two electrons; at 0 it is Hartree-Fock's, "
        f"{start:.6f} Ha, at best {energy():.6f} Ha"
    )


FAMILIES = (
    Family(
        name="vqe_h2_ansatz",
        area=AREA,
        summary="energy of H2 at 0.735 angstrom (STO-3G), unitary coupled cluster with free amplitudes",
        source="O'Malley et al. 2016, arXiv:1512.06860; Romero et al. 2018, arXiv:1701.02691",
        sizes=(2, 4),
        build=vqe_h2_ansatz,
        known_answer=_sentence,
        observable=total_energy,
        value=vqe_h2_ansatz_value,
    ),
)
