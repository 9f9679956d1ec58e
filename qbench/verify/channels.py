"""What does each noise channel do to a density matrix?  Exact maps, as rows of sums.

Written from the definitions at ``qbench.ir.CHANNELS``, not from Kraus operators or Pauli errors, so that an
error in those of a simulator, or of a test, cannot hide here.  A strength is the exact IEEE double; sums and
roots such as 1 - p and sqrt(1 - l) are computed with 50 digits and kept as double-double.

A density matrix of n qubits is a vector of 2n qubits: element <r|rho|c> has the index c + 2^n r.  A gate U
acts with U on the row's qubits and with its complex conjugate on the column's.  A channel on k qubits is a
matrix on the 2k qubits (column's first, then row's), and real.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from qbench.errors import QbenchError
from qbench.ir import CHANNELS
from qbench.verify.doubledouble import Coefficient, coefficient
from qbench.verify.gates import Row, action, mp

__all__ = ["channel_action", "channel_map", "conjugate_action"]


def channel_map(name: str, qubits: int, strength: float) -> dict[tuple[int, int], Any]:
    """The nonzero entries of a channel's real matrix on vectorised density matrices, as 50-digit numbers.

    The index of element <r|rho|c> of the channel's own qubits is c + 2^qubits r.
    Raises ``QbenchError`` for a name that is no channel, or a number of qubits that it does not take.

    >>> channel_map("amplitude_damping", 1, 0.75)[0, 3], channel_map("amplitude_damping", 1, 0.75)[1, 1]
    (mpf('0.75'), mpf('0.5'))
    """
    if not 1 <= qubits <= CHANNELS.get(name, 0):
        raise QbenchError(
            f"the reference knows no channel {name!r} on {qubits} qubits; it knows "
            f"{', '.join(f'{known} on up to {most}' for known, most in CHANNELS.items())}"
        )
    p = mp.mpf(strength)
    if name == "depolarizing":
        return _depolarizing(p, 1 << qubits)
    kept = mp.sqrt(1 - p)  # of an off-diagonal element, in either damping
    fallen = p if name == "amplitude_damping" else mp.mpf(0)
    entries = {(0, 0): mp.mpf(1), (0, 3): fallen, (1, 1): kept, (2, 2): kept, (3, 3): 1 - fallen}
    return {place: number for place, number in entries.items() if number != 0}


def _depolarizing(p: Any, size: int) -> dict[tuple[int, int], Any]:
    # (1 - p) rho + p tr(rho) I / size
    entries: dict[tuple[int, int], Any] = {}
    for r in range(size):
        for c in range(size):
            entries[c + size * r, c + size * r] = 1 - p
        for other in range(size):
            place = r + size * r, other + size * other
            entries[place] = entries.get(place, 0) + p / size
    return {place: number for place, number in entries.items() if number != 0}


@lru_cache(maxsize=256)
def channel_action(name: str, qubits: int, strength: float) -> tuple[Row, ...]:
    """The rows of a channel's real form that are not the identity's, as ``gates.action`` has them for gates.

    >>> rows = channel_action("phase_damping", 1, 0.5)
    >>> [(row.component, [source for source, _ in row.terms]) for row in rows]
    [(2, [2]), (3, [3]), (4, [4]), (5, [5])]
    """
    entries = channel_map(name, qubits, strength)
    rows: list[Row] = []
    for target in range(1 << 2 * qubits):
        found = [(source, number) for (row, source), number in entries.items() if row == target]
        if found == [(target, 1)]:
            continue
        found = found or [(target, mp.mpf(0))]  # a row of zeros needs a term, too
        exact = int(found[0][1] == 1 and len(found) == 1)
        for part in (0, 1):
            terms = tuple((2 * source + part, _constant(number)) for source, number in found)
            rows.append(Row(2 * target + part, terms, exact))
    return tuple(rows)


def _constant(number: Any) -> Coefficient:
    hi = float(number)
    return coefficient(hi, float(number - hi))


@lru_cache(maxsize=4096)
def conjugate_action(name: str, params: tuple[float, ...] = ()) -> tuple[Row, ...]:
    """The rows of the complex conjugate of a gate: what it does to the column's qubits.

    >>> [(row.component, [source for source, _ in row.terms], row.exact) for row in conjugate_action("s")]
    [(2, [3], 1), (3, [2], -1)]
    """
    rows = []
    for component, terms, exact in action(name, params):
        signed = tuple(
            (source, Coefficient(-c.hi, -c.lo, -c.high, -c.low) if (component ^ source) & 1 else c)
            for source, c in terms
        )
        turned = (component ^ terms[0][0]) & 1
        rows.append(Row(component, signed, -exact if turned else exact))
    return tuple(rows)
