"""How to make product states, and to see X and Y, with the gates that a simulator has.

Each table lists ways in order of preference: the first whose gates are all native is taken, else the first
that can be lowered.
"""

from __future__ import annotations

import math
from collections.abc import Collection

from qbench.circuits.lowering import CannotLower, lower
from qbench.ir import GATES, Circuit, Operation

__all__ = [
    "CLIFFORD_WAY",
    "EIGENSTATES",
    "PREPARATIONS",
    "X_BASIS",
    "Y_BASIS",
    "basis_change",
    "preparation",
]

CLIFFORD_WAY = ("h", "s")
"""The way for gates without angles: see ``EIGENSTATES`` for what becomes of it."""

# Ways to turn a qubit into a general state.
PREPARATIONS: tuple[tuple[str, ...], ...] = (
    ("ry", "rz"),
    ("u",),
    ("rx", "rz"),
    ("ry", "p"),
    ("rx", "ry"),
    ("h", "rz", "h", "rz"),
    ("h", "p", "h", "p"),
    ("sx", "rz", "sx", "rz"),
    ("u2", "u2"),
    ("h", "t", "h", "t"),
    CLIFFORD_WAY,
)
HALF = math.pi / 2
# What to do before measuring so that X (or Y) is seen.
X_BASIS: tuple[tuple[tuple[str, tuple[float, ...]], ...], ...] = (
    (("h", ()),),
    (("ry", (-HALF,)),),
    (("u", (HALF, 0.0, math.pi)),),
    (("u2", (0.0, math.pi)),),
    (("rz", (HALF,)), ("rx", (HALF,))),
    (("rz", (HALF,)), ("sx", ())),
)
Y_BASIS: tuple[tuple[tuple[str, tuple[float, ...]], ...], ...] = (
    (("sdg", ()), ("h", ())),
    (("rx", (HALF,)),),
    (("u", (HALF, 0.0, HALF)),),
    (("u2", (0.0, HALF)),),
    (("sx", ()),),
    (("rz", (-HALF,)), ("ry", (-HALF,))),
    (("rz", (-HALF,)), ("h", ())),
    (("p", (-HALF,)), ("h", ())),
    (("s", ()), ("s", ()), ("s", ()), ("h", ())),
)
EIGENSTATES: tuple[tuple[str, ...], ...] = (
    (), ("h", "s", "s", "h"), ("h",), ("h", "s", "s"), ("h", "s"), ("h", "s", "s", "s"),
)  # fmt: skip
"""What makes |0>, |1>, |+>, |->, |+i>, |-i> of |0>."""


def preparation(native: Collection[str]) -> tuple[str, ...]:
    """The gates that turn a qubit into a general state.

    >>> preparation(["rz", "sx", "cx"]), preparation(["sx", "s", "cz"])
    (('sx', 'rz', 'sx', 'rz'), ('h', 's'))
    """
    found = next((way for way in PREPARATIONS if set(way) <= set(native)), None)
    return found or next((way for way in PREPARATIONS if _expressible(way, native)), PREPARATIONS[0])


def _expressible(names: tuple[str, ...], native: Collection[str]) -> bool:
    ops = [Operation(name, (0,), (0.7, 0.4, 0.9)[: GATES[name][1]]) for name in names]
    try:
        lower(Circuit(1, tuple(ops)), frozenset(native))
    except CannotLower:
        return False
    return True


def basis_change(pauli: str, qubit: int, native: Collection[str]) -> list[Operation]:
    """What brings the eigenstates of a Pauli to 0 and 1.

    >>> [op.name for op in basis_change("Y", 0, ["h", "s", "sdg"])]
    ['sdg', 'h']
    """
    if pauli == "Z":
        return []
    ways = X_BASIS if pauli == "X" else Y_BASIS
    way = next((way for way in ways if {name for name, _ in way} <= set(native)), ways[0])
    return [Operation(name, (qubit,), params) for name, params in way]
