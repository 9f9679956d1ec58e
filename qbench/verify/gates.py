"""What does each gate do to the state?  Exact matrices, as the rows in which they differ from the identity.

Written from the definitions of OpenQASM's includes, apart from every lowering table and simulator, so that an
error in one of them cannot hide here.  An angle is the exact IEEE double; entries are computed with 50 digits
and kept as double-double (at least 106 bits).  In a matrix the first qubit of the operation is the least
significant bit of the index; controls come first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import mpmath

from qbench.errors import QbenchError
from qbench.ir import GATES
from qbench.verify.doubledouble import Coefficient, coefficient

__all__ = ["Row", "action", "inverse_action", "matrix", "real_form"]

mp = mpmath.mp.clone()  # a context of our own: nobody else's precision changes it
mp.dps = 50

Entries = dict[tuple[int, int], Any]
"""(row, column) to a number of ``mp``; what is absent is 0."""


class Row(NamedTuple):
    """One row of the real form of a gate: a component of the new state as a sum over old components.

    Component ``2 * k`` is the real and ``2 * k + 1`` the imaginary part of amplitude ``k`` of the gate's own
    subspace.  ``exact`` is +1 or -1 where the row is a single component with that sign, else 0.
    """

    component: int
    terms: tuple[tuple[int, Coefficient], ...]
    exact: int


def _u(theta: Any, phi: Any, lam: Any, gamma: Any = 0) -> Entries:
    c, s = mp.cos(theta / 2), mp.sin(theta / 2)
    # Exact sums: with 50 digits 1e40 + 0.7 would be off by 1e-12, as ball arithmetic showed.
    with_phi, with_lam = mp.fadd(gamma, phi, exact=True), mp.fadd(gamma, lam, exact=True)
    return {
        (0, 0): mp.expj(gamma) * c,
        (0, 1): -mp.expj(with_lam) * s,
        (1, 0): mp.expj(with_phi) * s,
        (1, 1): mp.expj(mp.fadd(with_phi, lam, exact=True)) * c,
    }


def _rx(theta: Any) -> Entries:
    c, s = mp.cos(theta / 2), mp.sin(theta / 2)
    return {(0, 0): c, (0, 1): mp.mpc(0, -s), (1, 0): mp.mpc(0, -s), (1, 1): c}


def _ry(theta: Any) -> Entries:
    c, s = mp.cos(theta / 2), mp.sin(theta / 2)
    return {(0, 0): c, (0, 1): -s, (1, 0): s, (1, 1): c}


def _diagonal(*values: Any) -> Entries:
    return {(k, k): value for k, value in enumerate(values)}


def _rz(theta: Any) -> Entries:
    return _diagonal(mp.expj(-theta / 2), mp.expj(theta / 2))


def _rzz(theta: Any) -> Entries:
    even, odd = mp.expj(-theta / 2), mp.expj(theta / 2)
    return _diagonal(even, odd, odd, even)


def _double_rotation(theta: Any, corner: int) -> Entries:
    # exp(-i theta/2 P P): |k> goes with |3 - k>; YY has the other sign on |00>, |11>.
    c, s = mp.cos(theta / 2), mp.sin(theta / 2)
    entries = _diagonal(c, c, c, c)
    for k in range(4):
        entries[k, 3 - k] = mp.mpc(0, -s if k in (1, 2) else -s * corner)
    return entries


def _permutation(images: Mapping[int, int], size: int) -> Entries:
    return {(images.get(k, k), k): mp.mpf(1) for k in range(size)}


def _h() -> Entries:
    r = 1 / mp.sqrt(2)
    return {(0, 0): r, (0, 1): r, (1, 0): r, (1, 1): -r}


def _sx(sign: int) -> Entries:
    same, other = mp.mpc(0.5, 0.5 * sign), mp.mpc(0.5, -0.5 * sign)
    return {(0, 0): same, (0, 1): other, (1, 0): other, (1, 1): same}


def _phase(angle: Any) -> Entries:
    return _diagonal(mp.mpf(1), mp.expj(angle))


def _x() -> Entries:
    return _permutation({0: 1, 1: 0}, 2)


def _y() -> Entries:
    return {(0, 1): mp.mpc(0, -1), (1, 0): mp.mpc(0, 1)}


def _relative(size: int, changed: Entries) -> Entries:
    # Margolus' Toffolis: a permutation with phases, as qelib1.inc's definitions multiply out.
    moved = {k for k, _ in changed}
    return {(k, k): mp.mpf(1) for k in range(size) if k not in moved} | changed


def _rccx() -> Entries:
    return _relative(8, {(3, 7): mp.mpc(0, -1), (7, 3): mp.mpc(0, 1), (5, 5): mp.mpf(-1)})


def _rc3x() -> Entries:
    i = mp.mpc(0, 1)
    return _relative(16, {(3, 3): i, (11, 11): -i, (7, 15): mp.mpf(1), (15, 7): mp.mpf(-1)})


def _controlled(entries: Entries, controls: int) -> Entries:
    """The gate on the subspace where the ``controls`` first qubits are 1; elsewhere the identity."""
    ones = (1 << controls) - 1
    target = max(column for _, column in entries).bit_length()
    inside = {((r << controls) | ones, (c << controls) | ones): value for (r, c), value in entries.items()}
    outside = {(k, k): mp.mpf(1) for k in range(1 << (target + controls)) if k & ones != ones}
    return outside | inside


_FORMS: Mapping[str, Callable[..., Entries]] = {
    "id": lambda: _diagonal(mp.mpf(1), mp.mpf(1)),
    "x": _x,
    "y": _y,
    "z": lambda: _diagonal(mp.mpf(1), mp.mpf(-1)),
    "h": _h,
    "s": lambda: _diagonal(mp.mpf(1), mp.mpc(0, 1)),
    "sdg": lambda: _diagonal(mp.mpf(1), mp.mpc(0, -1)),
    "t": lambda: _phase(mp.pi / 4),
    "tdg": lambda: _phase(-mp.pi / 4),
    "sx": lambda: _sx(1),
    "sxdg": lambda: _sx(-1),
    "rx": _rx,
    "ry": _ry,
    "rz": _rz,
    "p": _phase,
    "u2": lambda phi, lam: _u(mp.pi / 2, phi, lam),
    "u": _u,
    "cx": lambda: _controlled(_x(), 1),
    "cy": lambda: _controlled(_y(), 1),
    "cz": lambda: _diagonal(*(mp.mpf(sign) for sign in (1, 1, 1, -1))),
    "ch": lambda: _controlled(_h(), 1),
    "csx": lambda: _controlled(_sx(1), 1),
    "cp": lambda angle: _controlled(_phase(angle), 1),
    "crx": lambda angle: _controlled(_rx(angle), 1),
    "cry": lambda angle: _controlled(_ry(angle), 1),
    "crz": lambda angle: _controlled(_rz(angle), 1),
    "cu": lambda *angles: _controlled(_u(*angles), 1),
    "swap": lambda: _permutation({1: 2, 2: 1}, 4),
    "rxx": lambda angle: _double_rotation(angle, 1),
    "ryy": lambda angle: _double_rotation(angle, -1),
    "rzz": _rzz,
    "ccx": lambda: _controlled(_x(), 2),
    "cswap": lambda: _controlled(_permutation({1: 2, 2: 1}, 4), 1),
    "rccx": _rccx,
    "c3x": lambda: _controlled(_x(), 3),
    "c3sx": lambda: _controlled(_sx(1), 3),
    "rc3x": _rc3x,
    "c4x": lambda: _controlled(_x(), 4),
}


def matrix(name: str, params: tuple[float, ...] = ()) -> Entries:
    """The nonzero entries of a gate's matrix, as 50-digit numbers by (row, column).

    Raises ``QbenchError`` for a name that the reference does not know.

    >>> matrix("y")
    {(0, 1): mpc(real='0.0', imag='-1.0'), (1, 0): mpc(real='0.0', imag='1.0')}
    """
    if name not in _FORMS:
        raise QbenchError(f"the reference knows no gate {name!r}; it knows {', '.join(GATES)}")
    return _FORMS[name](*(mp.mpf(angle) for angle in params))


@lru_cache(maxsize=4096)
def action(name: str, params: tuple[float, ...] = ()) -> tuple[Row, ...]:
    """The rows of the gate's real form that are not the identity's.

    >>> [(row.component, [source for source, _ in row.terms], row.exact) for row in action("s")]
    [(2, [3], -1), (3, [2], 1)]
    """
    return real_form(matrix(name, params))


@lru_cache(maxsize=4096)
def inverse_action(name: str, params: tuple[float, ...] = ()) -> tuple[Row, ...]:
    """The same for the inverse gate, from the conjugate transpose of the gate's 50-digit matrix.

    >>> [(row.component, [source for source, _ in row.terms], row.exact) for row in inverse_action("s")]
    [(2, [3], 1), (3, [2], -1)]
    """
    return real_form({(c, r): mp.conj(value) for (r, c), value in matrix(name, params).items()})


def real_form(entries: Entries) -> tuple[Row, ...]:
    """The rows of a complex matrix in real form, without those of the identity.

    >>> [(row.component, row.terms[0][0], row.exact) for row in real_form({(0, 0): mp.mpc(0, 1)})]
    [(0, 1, -1), (1, 0, 1)]
    """
    by_component: dict[int, list[tuple[int, Any]]] = {}
    for (r, c), value in entries.items():
        re, im = mp.re(value), mp.im(value)
        for component, source, number in (
            (2 * r, 2 * c, re),
            (2 * r, 2 * c + 1, -im),
            (2 * r + 1, 2 * c, im),
            (2 * r + 1, 2 * c + 1, re),
        ):
            if number != 0:
                by_component.setdefault(component, []).append((source, number))
    rows = []
    for component, terms in sorted(by_component.items()):
        exact = int(terms[0][1]) if len(terms) == 1 and abs(terms[0][1]) == 1 else 0
        if exact == 1 and terms[0][0] == component:
            continue
        rows.append(Row(component, tuple((source, _constant(n)) for source, n in terms), exact))
    return tuple(rows)


def _constant(number: Any) -> Coefficient:
    hi = float(number)
    return coefficient(hi, float(number - hi))
