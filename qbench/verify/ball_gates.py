"""What does each gate do, proven?  OpenQASM's definitions in rigorous ball arithmetic, with their slopes.

Every gate of ``qbench.ir.GATES`` is written as steps: a matrix on one qubit under controls.  Standard gates
are the matrices of OpenQASM's includes; swaps, two-qubit rotations and Margolus' Toffolis are the circuits
that the includes define them by.  So this file shares nothing with ``qbench.verify.gates``, which has whole
matrices in 50-digit numbers, nor with the tables of lowering.

A ball (``flint.acb``: a midpoint and a radius for the real and the imaginary part) holds the exact number:
every operation rounds its radius outwards (Johansson 2017, "Arb: efficient arbitrary-precision
midpoint-radius interval arithmetic").  Balls are made at flint's working precision, so call this inside
``flint.ctx.workprec``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from flint import acb, arb

from qbench.errors import QbenchError
from qbench.ir import GATES

__all__ = ["PAULIS", "Matrix", "Step", "steps"]

Matrix = tuple[Any, Any, Any, Any]
"""Four balls: m00, m01, m10, m11, row first."""

Slopes = tuple[tuple[int, Matrix], ...]
"""(place of an angle among the gate's angles, derivative of the matrix by that angle)."""


class Step(NamedTuple):
    """``matrix`` on ``target`` where all ``controls`` are 1; it depends on the angles in ``slopes``."""

    controls: tuple[int, ...]
    target: int
    matrix: Matrix
    slopes: Slopes = ()


ZERO, ONE, IMAG = acb(0), acb(1), acb(0, 1)
X: Matrix = (ZERO, ONE, ONE, ZERO)
Y: Matrix = (ZERO, -IMAG, IMAG, ZERO)
Z: Matrix = (ONE, ZERO, ZERO, -ONE)
PAULIS: Mapping[str, Matrix] = {"X": X, "Y": Y, "Z": Z}


def _h() -> tuple[Matrix, Slopes]:
    r = ONE / acb(2).sqrt()
    return (r, r, r, -r), ()


def _sx(sign: int) -> tuple[Matrix, Slopes]:
    half = arb(0.5)
    same, other = acb(half, sign * half), acb(half, -sign * half)
    return (same, other, other, same), ()


def _t(sign: int) -> tuple[Matrix, Slopes]:
    r = arb(1) / arb(2).sqrt()
    return (ONE, ZERO, ZERO, acb(r, sign * r)), ()


def _halves(theta: Any) -> tuple[Any, Any]:
    sine, cosine = (theta / 2).sin_cos()
    return acb(cosine), acb(sine)


def _unit(angle: Any) -> Any:
    """e^(i angle)."""
    sine, cosine = angle.sin_cos()
    return acb(cosine, sine)


def _rx(theta: Any) -> tuple[Matrix, Slopes]:
    c, s = _halves(theta)
    return (c, -IMAG * s, -IMAG * s, c), ((0, (-s / 2, -IMAG * c / 2, -IMAG * c / 2, -s / 2)),)


def _ry(theta: Any) -> tuple[Matrix, Slopes]:
    c, s = _halves(theta)
    return (c, -s, s, c), ((0, (-s / 2, -c / 2, c / 2, -s / 2)),)


def _rz(theta: Any) -> tuple[Matrix, Slopes]:
    up = _unit(theta / 2)
    down = up.conjugate()
    return (down, ZERO, ZERO, up), ((0, (-IMAG * down / 2, ZERO, ZERO, IMAG * up / 2)),)


def _p(angle: Any) -> tuple[Matrix, Slopes]:
    unit = _unit(angle)
    return (ONE, ZERO, ZERO, unit), ((0, (ZERO, ZERO, ZERO, IMAG * unit)),)


def _u(theta: Any, phi: Any, lam: Any) -> tuple[Matrix, Slopes]:
    # e^(i phi) e^(i lam), not e^(i (phi + lam)): the sum of two doubles may need 2000 bits.
    c, s = _halves(theta)
    e, f = _unit(phi), _unit(lam)
    by_theta = (-s / 2, -f * c / 2, e * c / 2, -e * f * s / 2)
    by_phi = (ZERO, ZERO, IMAG * e * s, IMAG * e * f * c)
    by_lam = (ZERO, -IMAG * f * s, ZERO, IMAG * e * f * c)
    return (c, -f * s, e * s, e * f * c), ((0, by_theta), (1, by_phi), (2, by_lam))


def _u2(phi: Any, lam: Any) -> tuple[Matrix, Slopes]:
    matrix, slopes = _u(arb.pi() / 2, phi, lam)
    return matrix, tuple((place - 1, slope) for place, slope in slopes if place)


_SINGLE: Mapping[str, Callable[..., tuple[Matrix, Slopes]]] = {
    "id": lambda: ((ONE, ZERO, ZERO, ONE), ()),
    "x": lambda: (X, ()),
    "y": lambda: (Y, ()),
    "z": lambda: (Z, ()),
    "h": _h,
    "s": lambda: ((ONE, ZERO, ZERO, IMAG), ()),
    "sdg": lambda: ((ONE, ZERO, ZERO, -IMAG), ()),
    "t": lambda: _t(1),
    "tdg": lambda: _t(-1),
    "sx": lambda: _sx(1),
    "sxdg": lambda: _sx(-1),
    "rx": _rx,
    "ry": _ry,
    "rz": _rz,
    "p": _p,
    "u2": _u2,
    "u": _u,
}

_CONTROLLED: Mapping[str, tuple[int, str]] = {
    **{f"c{name}": (1, name) for name in ("x", "y", "z", "h", "sx", "p", "rx", "ry", "rz")},
    "ccx": (2, "x"),
    "c3x": (3, "x"),
    "c3sx": (3, "sx"),
    "c4x": (4, "x"),
}
"""name: (number of controls, the gate on the last qubit)."""


def steps(name: str, qubits: Sequence[int], angles: Sequence[float] = ()) -> list[Step]:
    """A gate as one-qubit matrices under controls, in the order in which they act.

    ``angles`` are the exact doubles.  Raises ``QbenchError`` for a name that is no gate.

    >>> [(step.controls, step.target) for step in steps("swap", (0, 1))]
    [((0,), 1), ((1,), 0), ((0,), 1)]
    >>> steps("s", (2,))[0].matrix[3]
    1.00000000000000j
    """
    q = tuple(qubits)
    exact = [arb(angle) for angle in angles]
    if name in _SINGLE:
        matrix, slopes = _SINGLE[name](*exact)
        return [Step((), q[0], matrix, slopes)]
    if name in _CONTROLLED:
        controls, inner = _CONTROLLED[name]
        matrix, slopes = _SINGLE[inner](*exact)
        return [Step(q[:controls], q[controls], matrix, slopes)]
    if name == "cu":  # the fourth angle is the phase of what the control switches on
        matrix, slopes = _u(*exact[:3])
        phase, ((_, slope),) = _p(exact[3])
        return [Step((q[0],), q[1], matrix, slopes), Step((), q[0], phase, ((3, slope),))]
    if name == "swap":
        return [Step((q[0],), q[1], X), Step((q[1],), q[0], X), Step((q[0],), q[1], X)]
    if name == "cswap":
        return [Step((q[0], q[1]), q[2], X), Step((q[0], q[2]), q[1], X), Step((q[0], q[1]), q[2], X)]
    if name in ("rzz", "rxx", "ryy"):
        return _double_rotation(name, q, exact[0])
    if name in ("rccx", "rc3x"):
        return _margolus(name, q)
    raise QbenchError(f"there is no ball arithmetic of a gate {name!r}; expected one of {', '.join(GATES)}")


def _double_rotation(name: str, q: tuple[int, ...], theta: Any) -> list[Step]:
    """exp(-i theta/2 P P) as exp(-i theta/2 Z Z) in the basis of P: Z = H X H, Z = Rx(pi/2) Y Rx(-pi/2)."""
    matrix, slopes = _rz(theta)
    middle = [Step((q[0],), q[1], X), Step((), q[1], matrix, slopes), Step((q[0],), q[1], X)]
    if name == "rzz":
        return middle
    r = ONE / acb(2).sqrt()
    h = (r, r, r, -r)
    up, down = (r, -IMAG * r, -IMAG * r, r), (r, IMAG * r, IMAG * r, r)
    to, back = (h, h) if name == "rxx" else (up, down)
    return [*(Step((), k, to) for k in q), *middle, *(Step((), k, back) for k in q)]


def _margolus(name: str, q: tuple[int, ...]) -> list[Step]:
    """The circuits of qelib1.inc; a number is a cx from that qubit."""
    h, t, d = _h()[0], _t(1)[0], _t(-1)[0]
    order: list[Any] = [h, t, 1, d, 0, t, 1, d, h]
    if name == "rc3x":
        order = [h, t, 2, d, h, 0, t, 1, d, 0, t, 1, d, h, t, 2, d, h]
    return [Step((q[item],), q[-1], X) if isinstance(item, int) else Step((), q[-1], item) for item in order]
