"""High-performance computing: variational circuits with free angles, for the critical Ising chain's energy.

The energy is -sum ZZ - sum X with open ends, as in ``hamiltonian_simulation.tfim``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from qbench.circuits.families.family import Family, measured
from qbench.circuits.families.hamiltonian_simulation import by_free_fermions
from qbench.circuits.families.pauli_propagation import expectation, pauli
from qbench.circuits.families.pauli_sums import ising_chain
from qbench.ir import Circuit, Operation, Parameter

__all__ = ["FAMILIES", "tfim_hva", "vqe_tfim"]

AREA = "high-performance-computing"
LAYERS = 3


def vqe_tfim(size: int) -> Circuit:
    """Hardware-efficient: ry on every qubit, each with its own angle, and cz between, three times; then ry.

    The cz join pairs (0, 1), (2, 3), ... and (1, 2), (3, 4), ... in turn.  4 n parameters.

    Source: Kandala et al. 2017, doi:10.1038/nature23879.

    >>> len(vqe_tfim(4).parameters), len(vqe_tfim(4).gates)
    (16, 21)
    """
    gates: list[Operation] = []
    for layer in range(LAYERS + 1):
        gates += [Operation("ry", (q,), (Parameter(f"theta_{layer * size + q}"),)) for q in range(size)]
        if layer < LAYERS:
            gates += [Operation("cz", (q, q + 1)) for q in range(layer % 2, size - 1, 2)]
    return measured(f"vqe_tfim_{size}", size, gates)


def vqe_tfim_value(size: int, bindings: Mapping[str, float]) -> float:
    """Every product of the energy by Pauli propagation: past light cones of a few qubits each."""
    gates = vqe_tfim(size).bind(bindings).gates
    terms = (" ".join(f"{letter}{q}" for q, letter in paulis) for _, paulis in ising_chain(size).terms)
    return -math.fsum(expectation(gates, pauli(text)) for text in terms)


def tfim_hva(size: int) -> Circuit:
    """Hamiltonian-variational: exp(i theta sum ZZ) and exp(i theta sum X) in turn on |+...+>, three times.

    Six parameters whatever the size, each in every gate of its layer, with the factor -2.

    Source: Wecker, Hastings and Troyer 2015, arXiv:1507.08969.

    >>> tfim_hva(4).parameters
    ('theta_0', 'theta_1', 'theta_2', 'theta_3', 'theta_4', 'theta_5')
    """
    gates = [Operation("h", (q,)) for q in range(size)]
    for layer in range(LAYERS):
        bond, field = (Parameter(f"theta_{2 * layer + k}", -2.0) for k in range(2))
        gates += [Operation("rzz", (q, q + 1), (bond,)) for q in range(size - 1)]
        gates += [Operation("rx", (q,), (field,)) for q in range(size)]
    return measured(f"tfim_hva_{size}", size, gates)


def tfim_hva_value(size: int, bindings: Mapping[str, float]) -> float:
    gates = tfim_hva(size).bind(bindings).gates[size:]  # the h make the start
    return -math.fsum(by_free_fermions(size, gates, plus=True).values())


def _at(circuit: Circuit, angle: float) -> dict[str, float]:
    return dict.fromkeys(circuit.parameters, angle)


FAMILIES = (
    Family(
        name="vqe_tfim",
        area=AREA,
        summary=f"energy of the critical Ising chain, hardware-efficient, {LAYERS} layers, free angles",
        source="Kandala et al. 2017, doi:10.1038/nature23879; Pfeuty 1970, doi:10.1016/0003-4916(70)90270-8",
        sizes=(4, 5, 6, 8, 10, 12),
        build=vqe_tfim,
        known_answer=lambda size: (
            "the energy at any angles, by Pauli propagation; with all angles 0.3 it is "
            f"{vqe_tfim_value(size, _at(vqe_tfim(size), 0.3)):.6f}"
        ),
        observable=ising_chain,
        value=vqe_tfim_value,
    ),
    Family(
        name="tfim_hva",
        area=AREA,
        summary=f"energy of the critical Ising chain, Hamiltonian-variational, {LAYERS} layers, free angles",
        source="Wecker, Hastings and Troyer 2015, arXiv:1507.08969",
        sizes=(4, 5, 6, 8, 10, 12),
        build=tfim_hva,
        known_answer=lambda size: (
            "the energy at any angles, by free fermions; with all angles 0.3 it is "
            f"{tfim_hva_value(size, _at(tfim_hva(size), 0.3)):.6f}"
        ),
        observable=ising_chain,
        value=tfim_hva_value,
    ),
)
