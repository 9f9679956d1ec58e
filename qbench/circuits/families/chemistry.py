"""High-performance computing: the ground state of molecular hydrogen as a variational circuit prepares it."""

from __future__ import annotations

import math
from collections.abc import Mapping

from qbench.circuits.families.family import Family, measured, rounded
from qbench.circuits.families.pauli_sums import pauli_sum
from qbench.ir import Circuit, Observable, Operation

__all__ = [
    "FAMILIES",
    "H2_HAMILTONIAN",
    "H2_NUCLEAR_REPULSION",
    "H2_ORBITALS",
    "total_energy",
    "vqe_h2",
]

AREA = "high-performance-computing"

H2_HAMILTONIAN: Mapping[str, float] = {
    "": -1.052373245772859,
    "Z0": 0.39793742484318045,
    "Z1": -0.39793742484318045,
    "Z0 Z1": -0.01128010425623538,
    "X0 X1": 0.18093119978423156,
}
"""Electrons of H2 at 0.735 angstrom in STO-3G, parity mapping, two qubits tapered off; hartree.

Checked in the tests against the integrals over the Gaussian orbitals.
"""

H2_ORBITALS: Mapping[str, float] = {
    "": -0.81054798,
    **dict.fromkeys(("Z0", "Z1"), 0.17218393),
    **dict.fromkeys(("Z2", "Z3"), -0.22575349),
    "Z0 Z1": 0.16892754,
    **dict.fromkeys(("Z0 Z2", "Z1 Z3"), 0.12091263),
    **dict.fromkeys(("Z0 Z3", "Z1 Z2"), 0.16614543),
    "Z2 Z3": 0.17464343,
    **dict.fromkeys(("X0 X1 Y2 Y3", "Y0 Y1 X2 X3"), -0.0452328),
    **dict.fromkeys(("X0 Y1 Y2 X3", "Y0 X1 X2 Y3"), 0.0452328),
}
"""The same electrons on spin orbitals g up, g down, u up, u down (Jordan-Wigner), to eight decimals."""

H2_NUCLEAR_REPULSION = 0.719968994449
"""1/R in hartree at R = 0.735 angstrom = 1.388949 bohr."""


def _mixing() -> float:
    """Twice the angle between the ground and the Hartree-Fock state: H is a 2x2 matrix in their plane."""
    splitting = H2_HAMILTONIAN["Z0"] - H2_HAMILTONIAN["Z1"]
    return rounded(math.atan2(H2_HAMILTONIAN["X0 X1"], splitting))


def vqe_h2(size: int) -> Circuit:
    """Unitary coupled cluster for H2 at its optimum: Hartree-Fock, then exp(i a/2 (Pauli product)).

    ``size`` 2 is the parity mapping with two qubits tapered off, states 01 and 10 (X0 Y1); ``size`` 4 is the
    Jordan-Wigner mapping, spin orbitals g up, g down, u up, u down, states 0011 and 1100 (X0 X1 X2 Y3).

    Source: O'Malley et al. 2016, arXiv:1512.06860; Peruzzo et al. 2014, arXiv:1304.3061.

    >>> [op.name for op in vqe_h2(2).gates]
    ['x', 'h', 'rx', 'cx', 'rz', 'cx', 'h', 'rx']
    """
    gates = [Operation("x", (q,)) for q in range(size // 2)]
    turn = math.pi / 2
    into = [Operation("h", (q,)) for q in range(size - 1)] + [Operation("rx", (size - 1,), (turn,))]
    out = [Operation("h", (q,)) for q in range(size - 1)] + [Operation("rx", (size - 1,), (-turn,))]
    ladder = [Operation("cx", (q, q + 1)) for q in range(size - 1)]
    gates += [*into, *ladder, Operation("rz", (size - 1,), (-_mixing(),)), *reversed(ladder), *out]
    return measured(f"vqe_h2_{size}", size, gates)


def total_energy(size: int) -> Observable:
    """Electrons and nuclei of H2 in hartree, on two qubits or on four."""
    electrons = H2_HAMILTONIAN if size == 2 else H2_ORBITALS
    return pauli_sum({**electrons, "": electrons[""] + H2_NUCLEAR_REPULSION})


def vqe_h2_amplitudes(size: int) -> list[complex]:
    state = [0j] * 2**size
    occupied = 2 ** (size // 2) - 1
    state[occupied] = complex(math.cos(_mixing() / 2))
    state[occupied << size // 2] = complex(-math.sin(_mixing() / 2))
    return state


def vqe_h2_expectations(size: int) -> Mapping[str, float]:
    """Closed forms in the 2x2 plane: what the terms of the Hamiltonian are made of."""
    cosine, sine = math.cos(_mixing()), math.sin(_mixing())
    values = {f"Z{q}": -cosine if q < size // 2 else cosine for q in range(size)}
    if size == 2:
        return values | {"Z0 Z1": -1.0, "X0 X1": -sine, "Y0 Y1": -sine}
    return values | {
        "Z0 Z1": 1.0,
        "Z0 Z2": -1.0,
        "Z2 Z3": 1.0,
        "X0 X1 Y2 Y3": sine,
        "Y0 Y1 X2 X3": sine,
        "X0 Y1 Y2 X3": -sine,
        "Y0 X1 X2 Y3": -sine,
    }


def energy() -> float:
    """The ground state's total energy in hartree, from the 2x2 matrix.

    >>> round(energy(), 6)
    -1.137306
    """
    h = H2_HAMILTONIAN
    centre = h[""] - h["Z0 Z1"] + H2_NUCLEAR_REPULSION
    return centre - math.hypot(h["Z1"] - h["Z0"], h["X0 X1"])


FAMILIES = (
    Family(
        name="vqe_h2",
        area=AREA,
        summary="unitary coupled cluster for H2 at 0.735 angstrom (STO-3G), at its optimum",
        source="O'Malley et al. 2016, arXiv:1512.06860",
        sizes=(2, 4),
        build=vqe_h2,
        known_answer=lambda size: (
            f"total energy {energy():.6f} Ha (the exact ground state); <Z0> = {-math.cos(_mixing()):.6f}"
        ),
        amplitudes=vqe_h2_amplitudes,
        expectations=vqe_h2_expectations,
        observable=total_energy,
    ),
)
