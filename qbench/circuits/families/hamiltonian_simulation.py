"""High-performance computing: time evolution under spin and fermion Hamiltonians, by Strang's splitting.

Each known answer is of the very circuit, the error of its splitting included, computed where the circuit
is small: free fermions for the Ising chain, swaps of spins for the Heisenberg chain, particles on sites for
Hubbard's model.  How far the splitting is from the exact exponential is measured in the tests.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import cache

from qbench.circuits.families.family import Family, measured, rounded
from qbench.circuits.families.pauli_sums import ising_chain, pauli_sum
from qbench.ir import Circuit, Observable, Operation

__all__ = ["FAMILIES", "by_free_fermions", "heisenberg", "hubbard", "tfim"]

AREA = "high-performance-computing"
TIME = 1.0
STEPS = 10
HUBBARD_INTERACTION = 4.0
"""U/t: U is as large as the band of a chain is wide, 4 t, so neither weak nor strong."""

SPLITTING = "Strang 1968, doi:10.1137/0705041"


def _strang(parts: list[Callable[[float], list[Operation]]], steps: int) -> list[Operation]:
    """exp(-i H TIME) for H = sum of parts: ``steps`` products part_1(dt/2) ... part_k(dt) ... part_1(dt/2).

    ``part(weight)`` are the gates for ``weight`` steps of that part.  The last half of part_1 in one step and
    the first half of the next are one.
    """
    *outer, inner = parts
    gates: list[Operation] = []
    for step in range(steps):
        for number, part in enumerate(outer):
            gates += part(0.5 if number or step == 0 else 1.0)
        gates += inner(1.0)
        for part in reversed(outer[1:]):
            gates += part(0.5)
    return gates + outer[0](0.5)


def tfim(size: int, steps: int = STEPS) -> Circuit:
    """Critical transverse-field Ising chain, H = -sum ZZ - sum X, open ends, from |0...0> to time 1.

    Source: Pfeuty 1970, doi:10.1016/0003-4916(70)90270-8; circuits after Lloyd 1996,
    doi:10.1126/science.273.5278.1073.

    >>> len(tfim(4).gates)
    74
    """
    double = 2 * TIME / steps

    def field(weight: float) -> list[Operation]:
        return [Operation("rx", (q,), (rounded(-double * weight),)) for q in range(size)]

    def bonds(weight: float) -> list[Operation]:
        return [Operation("rzz", (q, q + 1), (rounded(-double * weight),)) for q in range(size - 1)]

    return measured(f"tfim_{size}", size, _strang([field, bonds], steps))


@cache
def tfim_expectations(size: int) -> dict[str, float]:
    """<X_q> and <Z_q Z_(q+1)> by free fermions.

    >>> round(tfim_expectations(2)["Z0 Z1"], 6)
    0.504502
    """
    return by_free_fermions(size, tfim(size).gates, plus=False)


def by_free_fermions(size: int, gates: Iterable[Operation], *, plus: bool) -> dict[str, float]:
    """<X_q> and <Z_q Z_(q+1)> after rx and rzz of neighbours on |0...0>, or with ``plus`` on |+...+>.

    Rotations of 2 n Majorana operators, not of 2^n amplitudes.  With g_2q = X_0 ... X_(q-1) Z_q and
    g_2q+1 = X_0 ... X_(q-1) Y_q, X_q is i g_2q g_2q+1 and Z_q Z_(q+1) is i g_2q+1 g_2q+2, so that every gate
    is a plane rotation of two neighbouring g's.  In |0...0> the products Z_q Z_(q+1) are 1, in |+...+> the
    X_q, and every other product of two g's averages to 0.
    """
    modes = 2 * size
    turned = [[float(i == j) for j in range(modes)] for i in range(modes)]
    for op in gates:
        (angle,) = (a for a in op.params if isinstance(a, float))
        m = 2 * op.qubits[0] + (op.name == "rzz")
        cosine, sine = math.cos(angle), math.sin(angle)
        one, other = turned[m], turned[m + 1]
        turned[m] = [cosine * a + sine * b for a, b in zip(one, other, strict=True)]
        turned[m + 1] = [cosine * b - sine * a for a, b in zip(one, other, strict=True)]

    def paired(m: int) -> float:
        one, other = turned[m], turned[m + 1]
        start = range(0 if plus else 1, modes - 1, 2)  # i g_k g_k+1 = 1 at the start for these k
        return math.fsum(one[k] * other[k + 1] - one[k + 1] * other[k] for k in start)

    fields = {f"X{q}": paired(2 * q) for q in range(size)}
    return fields | {f"Z{q} Z{q + 1}": paired(2 * q + 1) for q in range(size - 1)}


def heisenberg(size: int, steps: int = STEPS) -> Circuit:
    """Heisenberg chain, H = sum XX + YY + ZZ, open ends, from the Neel state 0101... to time 1.

    Source: Heisenberg 1928, doi:10.1007/BF01328601; circuits after Lloyd 1996,
    doi:10.1126/science.273.5278.1073.

    >>> len(heisenberg(4).gates)
    98
    """
    double = 2 * TIME / steps

    def bonds(first: int) -> Callable[[float], list[Operation]]:
        return lambda weight: [
            Operation(gate, (q, q + 1), (rounded(double * weight),))
            for q in range(first, size - 1, 2)
            for gate in ("rxx", "ryy", "rzz")
        ]

    flips = [Operation("x", (q,)) for q in range(1, size, 2)]
    return measured(f"heisenberg_{size}", size, flips + _strang([bonds(0), bonds(1)], steps))


def heisenberg_energy(size: int) -> Observable:
    """sum XX + YY + ZZ over neighbours."""
    return pauli_sum({f"{p}{q} {p}{q + 1}": 1.0 for q in range(size - 1) for p in "XYZ"})


def heisenberg_amplitudes(size: int) -> list[complex]:
    """XX + YY + ZZ is 2 SWAP - 1: each bond's three gates keep cos(a) of a state and swap -i sin(a) of it.

    Up to global phase; only the states with as many ones as the Neel state are ever held.
    """
    neel = sum(1 << q for q in range(1, size, 2))
    bonds = ((op.qubits[0], op.params[0]) for op in heisenberg(size).gates if op.name == "rxx")
    state = {neel: 1 + 0j}
    for q, angle in bonds:
        assert isinstance(angle, float)
        state = _exchanged(
            state, q, math.cos(angle) - 1j * math.sin(angle), math.cos(angle), -math.sin(angle)
        )
    return _dense(state, size)


def _exchanged(
    state: dict[int, complex], q: int, alike: complex, stay: float, swap: float
) -> dict[int, complex]:
    """Where bits q and q+1 are alike times ``alike``, else ``stay`` of it plus i ``swap`` of it exchanged."""
    both = 3 << q
    new: dict[int, complex] = {}
    for k, value in state.items():
        if k & both in (0, both):
            new[k] = new.get(k, 0) + alike * value
        else:
            new[k] = new.get(k, 0) + stay * value
            new[k ^ both] = new.get(k ^ both, 0) + 1j * swap * value
    return new


def _dense(state: dict[int, complex], size: int) -> list[complex]:
    return [state.get(k, 0j) for k in range(2**size)]


def hubbard(size: int, steps: int = STEPS) -> Circuit:
    """Fermi-Hubbard chain of size/2 sites at half filling, U = 4 t, from up and down in turn to time 1/t.

    H = -sum (hopping of each spin between neighbours) + U sum n_up n_down, open ends.  Jordan-Wigner: qubit j
    holds spin up on site j, qubit size/2 + j spin down, so hopping is (XX + YY)/2 on neighbours and has no
    string.

    Source: Hubbard 1963, doi:10.1098/rspa.1963.0204; circuits after Wecker et al. 2015, arXiv:1506.05135.

    >>> len(hubbard(4).gates)
    64
    """
    sites = size // 2
    step = TIME / steps

    def hopping(first: int) -> Callable[[float], list[Operation]]:
        return lambda weight: [
            Operation(gate, (q, q + 1), (rounded(-step * weight),))
            for spin in range(2)
            for q in range(spin * sites + first, (spin + 1) * sites - 1, 2)
            for gate in ("rxx", "ryy")
        ]

    def interaction(weight: float) -> list[Operation]:
        angle = rounded(-HUBBARD_INTERACTION * step * weight)
        return [Operation("cp", (j, sites + j), (angle,)) for j in range(sites)]

    start = [Operation("x", (j if j % 2 == 0 else sites + j,)) for j in range(sites)]
    parts = [interaction, hopping(0), hopping(1)] if sites > 2 else [interaction, hopping(0)]
    return measured(f"hubbard_{size}", size, start + _strang(parts, steps))


def hubbard_energy(size: int) -> Observable:
    """Hopping -(XX + YY)/2 between neighbours, and U n n = U/4 (1 - Z)(1 - Z) on each site, t being 1."""
    sites, share = size // 2, HUBBARD_INTERACTION / 4
    first = [q for spin in range(2) for q in range(spin * sites, (spin + 1) * sites - 1)]
    terms = {"": share * sites}
    terms |= {f"{p}{q} {p}{q + 1}": -0.5 for q in first for p in "XY"}
    terms |= {f"Z{q}": -share for q in range(size)}
    terms |= {f"Z{j} Z{sites + j}": share for j in range(sites)}
    return pauli_sum(terms)


def hubbard_amplitudes(size: int) -> list[complex]:
    """Particles on sites: a hop keeps cos and moves i sin of an amplitude, a doubly filled site turns it.

    Only the C(sites, up) C(sites, down) arrangements with the right numbers of particles are ever held.
    """
    sites = size // 2
    state: dict[int, complex] = {sum(1 << (j if j % 2 == 0 else sites + j) for j in range(sites)): 1 + 0j}
    for op in hubbard(size).gates:
        angles = [a for a in op.params if isinstance(a, float)]
        if op.name == "rxx":
            hop = -angles[0]
            state = _exchanged(state, op.qubits[0], 1, math.cos(hop), math.sin(hop))
        elif op.name == "cp":
            doubly = sum(1 << q for q in op.qubits)
            turn = complex(math.cos(angles[0]), math.sin(angles[0]))
            state = {k: value * turn if k & doubly == doubly else value for k, value in state.items()}
    return _dense(state, size)


def _largest(amplitudes: Iterable[complex]) -> str:
    chances = [abs(value) ** 2 for value in amplitudes]
    top = max(chances)
    return f"outcome {min(k for k, p in enumerate(chances) if p > top - 1e-9)} with probability {top:.6f}"


FAMILIES = (
    Family(
        name="tfim",
        area=AREA,
        summary=f"critical transverse-field Ising chain to time {TIME:g} in {STEPS} Strang steps",
        source=f"Pfeuty 1970, doi:10.1016/0003-4916(70)90270-8; splitting of {SPLITTING}",
        sizes=(4, 5, 6, 8, 10, 12, 14),
        build=tfim,
        known_answer=lambda size: (
            f"<X0> = {tfim_expectations(size)['X0']:.6f}, <Z0 Z1> = {tfim_expectations(size)['Z0 Z1']:.6f} "
            "and the other <X> and <ZZ> by free fermions"
        ),
        expectations=tfim_expectations,
        observable=ising_chain,
    ),
    Family(
        name="heisenberg",
        area=AREA,
        summary=f"Heisenberg chain from the Neel state to time {TIME:g} in {STEPS} Strang steps",
        source=f"Heisenberg 1928, doi:10.1007/BF01328601; splitting of {SPLITTING}",
        sizes=(4, 5, 6, 8, 10, 12, 14),
        build=heisenberg,
        known_answer=lambda size: (
            f"{_largest(heisenberg_amplitudes(size))} and every other amplitude, by swaps of spins"
        ),
        amplitudes=heisenberg_amplitudes,
        observable=heisenberg_energy,
    ),
    Family(
        name="hubbard",
        area=AREA,
        summary=f"Fermi-Hubbard chain at half filling, U = 4 t, to time {TIME:g} in {STEPS} Strang steps",
        source=f"Hubbard 1963, doi:10.1098/rspa.1963.0204; splitting of {SPLITTING}",
        sizes=(4, 6, 8, 10, 12),
        build=hubbard,
        known_answer=lambda size: (
            f"{_largest(hubbard_amplitudes(size))} and every other amplitude, by particles on sites"
        ),
        amplitudes=hubbard_amplitudes,
        observable=hubbard_energy,
    ),
)
