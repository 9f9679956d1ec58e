"""The standard gates of OpenQASM 3, and what ``inv``, ``pow``, ``ctrl`` and ``negctrl`` make of them.

Modifiers act on a sequence of gates, gate by gate: the inverse of a product is the product of inverses in
reverse order, and a controlled product is the product of controlled gates, each with the phase that its
definition gives it.  Angles are negated or scaled, never added.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from qbench.ir import Angle, Parameter

__all__ = [
    "BRAKET",
    "SHAPES",
    "STDGATES",
    "Primitive",
    "controlled",
    "inverted",
    "raised",
    "scaled",
    "weight",
]

# name: (angles, qubits), as in stdgates.inc
STDGATES: Mapping[str, tuple[int, int]] = {
    "p": (1, 1),
    "x": (0, 1),
    "y": (0, 1),
    "z": (0, 1),
    "h": (0, 1),
    "s": (0, 1),
    "sdg": (0, 1),
    "t": (0, 1),
    "tdg": (0, 1),
    "sx": (0, 1),
    "rx": (1, 1),
    "ry": (1, 1),
    "rz": (1, 1),
    "cx": (0, 2),
    "cy": (0, 2),
    "cz": (0, 2),
    "cp": (1, 2),
    "crx": (1, 2),
    "cry": (1, 2),
    "crz": (1, 2),
    "ch": (0, 2),
    "swap": (0, 2),
    "ccx": (0, 3),
    "cswap": (0, 3),
    "cu": (4, 2),
    "CX": (0, 2),
    "phase": (1, 1),
    "cphase": (1, 2),
    "id": (0, 1),
    "u1": (1, 1),
    "u2": (2, 1),
    "u3": (3, 1),
}
SHAPES: Mapping[str, tuple[int, int]] = {**STDGATES, "U": (3, 1), "gphase": (1, 0), "sxdg": (0, 1)}

# Amazon Braket's own names for the same matrices, in files that include nothing.
BRAKET: Mapping[str, str] = {
    "i": "id",
    "cnot": "cx",
    "ccnot": "ccx",
    "si": "sdg",
    "ti": "tdg",
    "v": "sx",
    "vi": "sxdg",
    "phaseshift": "p",
    "cphaseshift": "cp",
}

# gate: what it controls, and with how many qubits
_CONTROLLED: Mapping[str, tuple[str, int]] = {
    "cx": ("x", 1),
    "CX": ("x", 1),
    "cy": ("y", 1),
    "cz": ("z", 1),
    "ch": ("h", 1),
    "cp": ("p", 1),
    "cphase": ("p", 1),
    "crx": ("rx", 1),
    "cry": ("ry", 1),
    "crz": ("rz", 1),
    "ccx": ("x", 2),
    "cswap": ("swap", 1),
    "cu": ("U", 1),
}
_SELF_INVERSE = frozenset(
    ("x", "y", "z", "h", "id", "cx", "CX", "cy", "cz", "ch", "swap", "ccx", "cswap", "barrier")
)
_INVERSE = {"s": "sdg", "sdg": "s", "t": "tdg", "tdg": "t", "sx": "sxdg", "sxdg": "sx"}
_ONE_ANGLE = frozenset(["rx", "ry", "rz", "p", "phase", "u1", "cp", "cphase", "crx", "cry", "crz", "gphase"])
# as a phase on |1>, in units of pi
_PHASES = {"z": 1.0, "s": 0.5, "sdg": -0.5, "t": 0.25, "tdg": -0.25}
_ROTATIONS = frozenset(["rx", "ry", "rz", "crx", "cry", "crz"])


class Primitive(NamedTuple):
    """A standard gate with its controls, each (qubit, acts on 1); ``qubits`` are the gate's own."""

    name: str
    angles: tuple[Angle, ...]
    qubits: tuple[int, ...]
    controls: tuple[tuple[int, bool], ...] = ()


def inverted(gates: Sequence[Primitive]) -> list[Primitive]:
    """The inverse of a sequence, exact in every angle.

    >>> inverted([Primitive("s", (), (0,)), Primitive("rx", (0.5,), (0,))])[0].angles
    (-0.5,)
    """
    return [_inverse(gate) for gate in reversed(gates)]


def _inverse(gate: Primitive) -> Primitive:
    name, angles = gate.name, gate.angles
    if name in _SELF_INVERSE:
        return gate
    if name in _INVERSE:
        return gate._replace(name=_INVERSE[name])
    if name in _ONE_ANGLE:
        return gate._replace(angles=(scaled(angles[0], -1.0),))
    if name == "u2":
        name, angles = "u3", (math.pi / 2, *angles)
    theta, phi, lam, *gamma = (scaled(angle, -1.0) for angle in angles)
    return gate._replace(name=name, angles=(theta, lam, phi, *gamma))


def raised(gates: Sequence[Primitive], exponent: float, most: int) -> list[Primitive] | None:
    """The sequence to a power: whole powers repeat it, others scale the angle of a single gate.

    None where no exact form is known, or where it would be more than ``most`` gates.
    """
    if float(exponent).is_integer():
        count = abs(int(exponent))
        if count * len(gates) > most:
            return None
        return (inverted(gates) if exponent < 0 else list(gates)) * count
    if not gates:
        return []
    if len(gates) > 1:
        return None
    gate = gates[0]
    if gate.name in ("id", "barrier"):
        return [gate]
    if gate.name in _PHASES:
        return [gate._replace(name="p", angles=(exponent * _PHASES[gate.name] * math.pi,))]
    if gate.name == "x" and abs(exponent) == 0.5:
        return [gate._replace(name="sx" if exponent > 0 else "sxdg")]
    if gate.name in ("x", "sx", "sxdg"):
        share = {"x": 1.0, "sx": 0.5, "sxdg": -0.5}[gate.name]
        hadamard = Primitive("h", (), gate.qubits)
        return [hadamard, gate._replace(name="p", angles=(exponent * share * math.pi,)), hadamard]
    # The principal power, whose eigenphases lie within pi, is the scaled angle only within these bounds.
    bound = 2 * math.pi if gate.name in _ROTATIONS else math.pi
    if gate.name in _ONE_ANGLE and isinstance(gate.angles[0], float) and abs(gate.angles[0]) <= bound:
        return [gate._replace(angles=(exponent * gate.angles[0],))]
    return None


def controlled(gates: Sequence[Primitive], controls: tuple[tuple[int, bool], ...]) -> list[Primitive]:
    """The sequence under more controls, which come before those it has.

    One gate under all its controls is left: Qiskit's controls of controls grow ninefold with each.
    u2 and u3 have the determinant 1 in OpenQASM 3 (stdgates.inc gives them gphase(-(phi+lambda)/2)), which
    shows under a control.  U is Qiskit's, as in ``cu``: its first entry is cos(theta/2).
    """
    result: list[Primitive] = []
    for gate in gates:
        if gate.name == "barrier":
            result.append(gate)
            continue
        name, angles, qubits = gate.name, gate.angles, gate.qubits
        under = (*controls, *gate.controls)
        if name in _CONTROLLED:
            name, own = _CONTROLLED[name]
            under, qubits = (*under, *((q, True) for q in qubits[:own])), qubits[own:]
        if name in ("u2", "u3"):
            phases = tuple(scaled(angle, -0.5) for angle in angles[-2:])
            name, angles = "U", angles if name == "u3" else (math.pi / 2, *angles)
        else:
            phases = angles[3:] if name == "U" else ()
            angles = angles[:3]
        result += [Primitive("gphase", (phase,), (), under) for phase in phases]
        result.append(Primitive(name, angles, qubits, under))
    return result


def weight(gate: Primitive) -> int:
    """About how many operations the gate stands for, and how much work it is to find them.

    Qiskit takes up to 100 ms and 10 000 operations for a gate under many controls, and 6 us for each qubit
    of a barrier.
    """
    if gate.name == "barrier":
        return 1 + len(gate.qubits) // 8
    controls = len(gate.controls)
    if controls < 2 or (gate.name == "x" and controls <= 4) or (gate.name == "sx" and controls == 3):
        return 1
    return 10 if controls == 2 else 50 * controls


def scaled(angle: Angle, factor: float) -> Angle:
    """The angle times a number, its parameter kept."""
    if isinstance(angle, Parameter):
        return Parameter(angle.name, angle.scale * factor, angle.shift * factor)
    return angle * factor
