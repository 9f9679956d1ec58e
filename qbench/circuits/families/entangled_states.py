"""High-performance computing: the W state and the linear cluster state (GHZ is in ``high_performance``)."""

from __future__ import annotations

import math
from collections.abc import Mapping

from qbench.circuits.families.family import Family, measured, rounded
from qbench.circuits.families.pauli_sums import mean, pauli_sum
from qbench.ir import Circuit, Operation

__all__ = ["FAMILIES", "cluster", "w"]

AREA = "high-performance-computing"


def _split_angle(rest: int) -> float:
    """The ry angle that leaves 1/rest of the excitation where it is and hands the other part on."""
    return rounded(2 * math.acos(math.sqrt(1 / rest)))


def w(size: int) -> Circuit:
    """One excitation shared evenly by all qubits: put on qubit 0, then handed on by cry and cx.

    Source: Duer, Vidal and Cirac 2000, arXiv:quant-ph/0005115 (the state); Cruz et al. 2019,
    arXiv:1807.05572 (the cascade).

    >>> [op.name for op in w(3).gates]
    ['x', 'cry', 'cx', 'cry', 'cx']
    """
    gates = [Operation("x", (0,))]
    for qubit in range(size - 1):
        gates.append(Operation("cry", (qubit, qubit + 1), (_split_angle(size - qubit),)))
        gates.append(Operation("cx", (qubit + 1, qubit)))
    return measured(f"w_{size}", size, gates)


def w_amplitudes(size: int) -> list[complex]:
    """1/sqrt(size) at every power of two, but for the 5e-13 by which a stored angle may be off."""
    state = [0j] * 2**size
    handed_on = 1.0
    for qubit in range(size):
        half = _split_angle(size - qubit) / 2 if qubit < size - 1 else 0.0
        state[1 << qubit] = complex(handed_on * math.cos(half))
        handed_on *= math.sin(half)
    return state


def cluster(size: int) -> Circuit:
    """The linear cluster (graph) state: h on every qubit, cz between neighbours; Clifford gates only.

    Source: Briegel and Raussendorf 2001, arXiv:quant-ph/0004051.

    >>> [op.name for op in cluster(3).gates]
    ['h', 'h', 'h', 'cz', 'cz']
    """
    gates = [Operation("h", (q,)) for q in range(size)]
    gates += [Operation("cz", (q, q + 1)) for q in range(size - 1)]
    return measured(f"cluster_{size}", size, gates)


def cluster_amplitudes(size: int) -> list[complex]:
    """A sign for every pair of neighbouring ones, over 2^(size/2)."""
    share = math.sqrt(0.5**size)
    return [complex(-share if (k & k >> 1).bit_count() % 2 else share) for k in range(2**size)]


def cluster_expectations(size: int) -> Mapping[str, float]:
    """X on a qubit and Z on its neighbours leave the state as it is.

    >>> list(cluster_expectations(3))
    ['X0 Z1', 'Z0 X1 Z2', 'Z1 X2']
    """
    products = []
    for centre in range(size):
        factors = ((centre - 1, "Z"), (centre, "X"), (centre + 1, "Z"))
        products.append(" ".join(f"{letter}{q}" for q, letter in factors if 0 <= q < size))
    return dict.fromkeys(products, 1.0)


FAMILIES = (
    Family(
        name="w",
        area=AREA,
        summary="W state, one excitation shared by all qubits, a cascade of cry and cx",
        source="Duer, Vidal and Cirac 2000, arXiv:quant-ph/0005115; Cruz et al. 2019, arXiv:1807.05572",
        sizes=(*range(2, 13), 14, 16, 20),
        build=w,
        known_answer=lambda size: f"amplitude 1/sqrt({size}) at every outcome 2^q",
        amplitudes=w_amplitudes,
        observable=lambda size: pauli_sum({"": size / 2} | {f"Z{q}": -0.5 for q in range(size)}),
    ),
    Family(
        name="cluster",
        area=AREA,
        summary="linear cluster (graph) state, h and cz; Clifford gates only",
        source="Briegel and Raussendorf 2001, arXiv:quant-ph/0004051",
        sizes=(*range(2, 13), 14, 16, 20),
        build=cluster,
        known_answer=lambda size: (
            f"<Z(q-1) X(q) Z(q+1)> = 1 for every qubit q; every outcome with probability 1/{2**size}"
        ),
        amplitudes=cluster_amplitudes,
        expectations=cluster_expectations,
        observable=lambda size: mean(list(cluster_expectations(size))),
    ),
)
