"""What does each gate and each noise channel do to a density matrix?  Exact maps on its Pauli coefficients.

A density matrix of n qubits is 2^-n times the sum of r_P P over all products P of Paulis, with 4^n real
coefficients r_P = tr(P rho): half the numbers of the matrix, and in them a depolarizing or phase damping
channel is diagonal and a Clifford gate moves and signs.  The index of P has two bits per qubit, 2q (it flips
the qubit) and 2q + 1 (it has a sign where the qubit is 1): I is 0, X 1, Z 2, Y 3.

Gates are taken from their 50-digit matrices, R[P, Q] = tr(P U Q U^dagger) / 2^k (a Pauli transfer matrix;
Greenbaum 2015, arXiv:1509.02921).  Channels are written from the definitions at ``qbench.ir.CHANNELS``, not
from Kraus operators or Pauli errors, so that an error in those of a simulator, or of a test, cannot hide
here.  A strength is the exact IEEE double; 1 - p and sqrt(1 - l) are computed with 50 digits.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache, lru_cache
from typing import Any

from qbench.errors import QbenchError
from qbench.ir import CHANNELS, GATES
from qbench.verify.doubledouble import coefficient
from qbench.verify.gates import Row, matrix, mp, real_form

__all__ = ["channel_transfer", "gate_transfer", "to_elements", "transfer_matrix"]

Entries = dict[tuple[int, int], Any]
"""(row, column) to a real number of ``mp``; what is absent is 0."""

ROUND = mp.mpf(10) ** -40
"""A number of 50 digits this near to 0, 1 or -1 counts as that: 1e-8 of what 106 bits can say."""


def _masks(index: int, qubits: int) -> tuple[int, int]:
    """Which qubits the Pauli product flips, and where it has signs."""
    flips = sum((index >> 2 * q & 1) << q for q in range(qubits))
    signs = sum((index >> 2 * q + 1 & 1) << q for q in range(qubits))
    return flips, signs


def _phase(flips: int, signs: int, k: int) -> Any:
    """P |k> = phase |k ^ flips>: i for each Y, -1 for each sign where the qubit is 1."""
    turns = (flips & signs).bit_count() + 2 * (signs & k).bit_count()
    return (mp.mpc(1), mp.mpc(0, 1), mp.mpc(-1), mp.mpc(0, -1))[turns % 4]


def transfer_matrix(name: str, params: tuple[float, ...] = ()) -> Entries:
    """The nonzero entries of a gate's Pauli transfer matrix, as 50-digit numbers.

    Raises ``QbenchError`` for a name that the reference does not know.

    >>> {place: int(value) for place, value in transfer_matrix("s").items()}
    {(0, 0): 1, (3, 1): 1, (2, 2): 1, (1, 3): -1}
    """
    columns: dict[int, list[tuple[int, Any]]] = defaultdict(list)
    for (r, c), value in matrix(name, params).items():
        columns[c].append((r, value))
    qubits = GATES[name][0]
    size = 1 << qubits
    index_of = {_masks(index, qubits): index for index in range(size * size)}
    found: Entries = {}
    for source in range(size * size):
        flips, signs = _masks(source, qubits)
        moved: dict[tuple[int, int], Any] = defaultdict(mp.mpc)  # U Q U^dagger
        for c in range(size):
            phase = _phase(flips, signs, c)
            for r, left in columns[c ^ flips]:
                for other, right in columns[c]:
                    moved[r, other] += phase * left * mp.conj(right)
        sums: dict[int, Any] = defaultdict(mp.mpf)
        for (r, other), value in moved.items():
            for sign in range(size):
                product = value * _phase(r ^ other, sign, r)
                sums[index_of[r ^ other, sign]] += mp.re(product) / size
        for target, value in sums.items():
            near = mp.nint(value)
            if abs(value - near) < ROUND:
                value = near
            if value != 0:
                found[target, source] = value
    return found


@lru_cache(maxsize=4096)
def gate_transfer(name: str, params: tuple[float, ...] = ()) -> tuple[Row, ...]:
    """The rows of a gate's transfer matrix that are not the identity's, for ``reference.apply_rows``.

    Components are even: a coefficient is real.

    >>> [(row.component // 2, row.terms[0][0] // 2, row.exact) for row in gate_transfer("h")]
    [(1, 2, 1), (2, 1, 1), (3, 3, -1)]
    """
    return _rows(transfer_matrix(name, params))


@lru_cache(maxsize=256)
def channel_transfer(name: str, qubits: int, strength: float) -> tuple[Row, ...]:
    """The same for a noise channel on so many qubits.

    Raises ``QbenchError`` for a name that is no channel, or a number of qubits that it does not take.

    >>> for row in channel_transfer("amplitude_damping", 1, 0.75):
    ...     print(row.component // 2, [(source // 2, constant.hi) for source, constant in row.terms])
    1 [(1, 0.5)]
    2 [(0, 0.75), (2, 0.25)]
    3 [(3, 0.5)]
    """
    if not 1 <= qubits <= CHANNELS.get(name, 0):
        raise QbenchError(
            f"the reference knows no channel {name!r} on {qubits} qubits; it knows "
            f"{', '.join(f'{known} on up to {most}' for known, most in CHANNELS.items())}"
        )
    p = mp.mpf(strength)
    if name == "depolarizing":  # what is left of a product that acts on any of the qubits
        return _rows({(0, 0): mp.mpf(1), **{(k, k): 1 - p for k in range(1, 1 << 2 * qubits)}})
    kept = mp.sqrt(1 - p)  # of X and Y, in either damping
    fallen = p if name == "amplitude_damping" else mp.mpf(0)
    return _rows({(0, 0): mp.mpf(1), (1, 1): kept, (2, 0): fallen, (2, 2): 1 - fallen, (3, 3): kept})


def _rows(entries: Entries) -> tuple[Row, ...]:
    by_target: dict[int, list[tuple[int, Any]]] = defaultdict(list)
    for (target, source), number in entries.items():
        by_target[target].append((source, number))
    rows = []
    for target, listed in sorted(by_target.items()):
        found = [(source, number) for source, number in listed if number != 0] or [(target, mp.mpf(0))]
        if found == [(target, 1)]:
            continue
        exact = int(found[0][1]) if len(found) == 1 and abs(found[0][1]) == 1 else 0
        terms = tuple(
            (2 * source, coefficient(float(number), float(number - float(number))))
            for source, number in found
        )
        rows.append(Row(2 * target, terms, exact))
    return tuple(rows)


@cache
def to_elements() -> tuple[Row, ...]:
    """One qubit's bits turned from Pauli coefficients to matrix elements: bit 0 is the column, bit 1 the row.

    <0|rho|0> = (I + Z) / 2, <1|rho|1> = (I - Z) / 2, <0|rho|1> = (X - i Y) / 2, <1|rho|0> = (X + i Y) / 2; of
    complex numbers, as the other qubits may have been turned already.

    >>> [(row.component, [(source, half.hi) for source, half in row.terms]) for row in to_elements()[:2]]
    [(0, [(0, 0.5), (4, 0.5)]), (1, [(1, 0.5), (5, 0.5)])]
    """
    half, half_i = mp.mpf(0.5), mp.mpc(0, 0.5)
    return real_form(
        {
            (0, 0): half, (0, 2): half, (3, 0): half, (3, 2): -half,
            (1, 1): half, (1, 3): -half_i, (2, 1): half, (2, 3): half_i,
        }
    )  # fmt: skip
