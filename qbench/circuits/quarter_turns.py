"""Which rotations are Clifford gates?  Those by a multiple of pi/2, as people write them in OpenQASM."""

from __future__ import annotations

import math

from qbench.ir import Angle

__all__ = ["CLIFFORD", "TURNS", "quarter_turns"]

CLIFFORD = frozenset({"id", "x", "y", "z", "h", "s", "sdg", "sx", "sxdg", "cx", "cy", "cz", "swap"})
"""The gates of ``qbench.ir.GATES`` that are Clifford whatever their angles: they have none."""

# What 0, 1, 2, 3 quarter turns are up to global phase, in order of time.
TURNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "rz": ((), ("s",), ("z",), ("sdg",)),
    "p": ((), ("s",), ("z",), ("sdg",)),
    "rx": ((), ("sx",), ("x",), ("sxdg",)),
    "ry": ((), ("z", "h"), ("y",), ("h", "z")),
}

MOST = 8
"""4 pi, the period of a rotation: beyond it an ulp of the angle is more than double precision forgives."""


def quarter_turns(angle: Angle) -> int | None:
    """How many quarter turns an angle is, in 0 .. 3 (modulo a full turn), or None.

    An angle counts as k pi/2 when it lies within an ulp of the double k * (pi/2), which takes in 3*pi/2 and
    -pi + pi/2 however they were rounded, and lets no other angle through: 1.5708 is not pi/2.

    >>> quarter_turns(math.pi), quarter_turns(-math.pi / 2), quarter_turns(1.5708), quarter_turns(1e-12)
    (2, 3, None, None)
    """
    if not isinstance(angle, float):
        return None
    count = round(angle / (math.pi / 2))
    if abs(count) > MOST or abs(angle - count * (math.pi / 2)) > math.ulp(angle):
        return None
    return count % 4
