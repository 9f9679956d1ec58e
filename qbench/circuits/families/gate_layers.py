"""Synthetic load: layers of one single gate, a family per gate, for the cost of a gate.

The start is chosen by gate, so that every layer changes the state; it is Clifford.  Gates on two or three
qubits tile the line, shifted by one qubit from layer to layer.
"""

from __future__ import annotations

import cmath
import math
from functools import partial

from qbench.circuits.families.family import Family, measured
from qbench.ir import GATES, Circuit, Operation

__all__ = ["FAMILIES", "gate_layers"]

AREA = "synthetic"
LAYERS = 15  # odd: an even number of layers of x does nothing

ANGLES: dict[str, tuple[float, ...]] = {
    "x": (),
    "y": (),
    "z": (),
    "h": (),
    "t": (),
    "rx": (0.3,),
    "ry": (0.3,),
    "rz": (0.3,),
    "u": (0.3, 0.5, 0.7),
    "cx": (),
    "cz": (),
    "swap": (),
    "cp": (0.3,),
    "rzz": (0.3,),
    "ccx": (),
}
"""The gates, those of the common gate mode and five more, with their angles."""

_PLUS, _PLUS_I = ("h",), ("h", "s")
START: dict[str, tuple[tuple[str, ...], ...]] = {
    **dict.fromkeys(("z", "t", "rz", "cz", "cp", "rzz"), (_PLUS,)),
    **dict.fromkeys(("cx", "ccx"), (_PLUS_I,)),
    "swap": ((), _PLUS, ("x",), _PLUS_I),
}
"""What puts qubits 0, 1, 2, ... into their first states, in turn; |0> for gates that are not here."""


def gate_layers(gate: str, size: int) -> Circuit:
    """The start of ``gate``, then 15 layers of it.

    >>> len(gate_layers("x", 4).gates), [op.qubits for op in gate_layers("cx", 4).gates[8:11]]
    (60, [(0, 1), (2, 3), (1, 2)])
    """
    gates = [Operation(name, (q,)) for q in range(size) for name in _start(gate, q)]
    for layer in range(LAYERS):
        gates += [Operation(gate, qubits, ANGLES[gate]) for qubits in _places(gate, size, layer)]
    return measured(f"layers_{gate}_{size}", size, gates)


def _start(gate: str, qubit: int) -> tuple[str, ...]:
    turns = START.get(gate, ((),))
    return turns[qubit % len(turns)]


def _start_vector(gate: str, qubit: int) -> list[complex]:
    match _start(gate, qubit):
        case ():
            return [1.0, 0.0]
        case ("x",):
            return [0.0, 1.0]
        case ("h",):
            return [math.sqrt(0.5), math.sqrt(0.5)]
    return [math.sqrt(0.5), 1j * math.sqrt(0.5)]


def _places(gate: str, size: int, layer: int) -> list[tuple[int, ...]]:
    width = GATES[gate][0]
    return [tuple(range(q, q + width)) for q in range(layer % width, size - width + 1, width)]


def _rotation(gate: str) -> tuple[float, tuple[float, float, float]]:
    """A one-qubit gate as exp(-i angle/2 (axis . (X, Y, Z))) up to phase: its angle and axis."""
    if gate == "u":
        theta, phi, lam = ANGLES["u"]
        cosine, sine = math.cos(theta / 2), math.sin(theta / 2)
        axis = (
            -sine * math.sin((phi - lam) / 2),
            sine * math.cos((phi - lam) / 2),
            cosine * math.sin((phi + lam) / 2),
        )
        length = math.hypot(*axis)
        angle = 2 * math.atan2(length, cosine * math.cos((phi + lam) / 2))
        return angle, (axis[0] / length, axis[1] / length, axis[2] / length)
    axes = {"x": (1.0, 0.0, 0.0), "y": (0.0, 1.0, 0.0), "z": (0.0, 0.0, 1.0)}
    if gate == "h":
        return math.pi, (math.sqrt(0.5), 0.0, math.sqrt(0.5))
    if gate == "t":
        return math.pi / 4, axes["z"]
    return (ANGLES[gate][0], axes[gate[1]]) if gate[0] == "r" else (math.pi, axes[gate])


def _turned(state: list[complex], angle: float, axis: tuple[float, float, float]) -> list[complex]:
    x, y, z = axis
    cosine, sine = math.cos(angle / 2), math.sin(angle / 2)
    zero, one = state
    return [
        (cosine - 1j * sine * z) * zero - sine * (y + 1j * x) * one,
        sine * (y - 1j * x) * zero + (cosine + 1j * sine * z) * one,
    ]


def layers_amplitudes(gate: str, size: int) -> list[complex]:
    """A product of turned qubits, or signs and phases counted pair by pair, or bits sent through the gates.

    >>> [round(abs(a) ** 2, 12) for a in layers_amplitudes("swap", 3)]
    [0.0, 0.5, 0.0, 0.5, 0.0, 0.0, 0.0, 0.0]
    """
    single = GATES[gate][0] == 1
    state: list[complex] = [1.0]
    for q in range(size):
        qubit = _start_vector(gate, q)
        if single:
            angle, axis = _rotation(gate)
            qubit = _turned(qubit, LAYERS * angle, axis)
        state = [factor * value for factor in qubit for value in state]
    if single:
        return state
    if gate not in ("cx", "ccx", "swap"):
        return [value * cmath.exp(1j * _phase(gate, size, k)) for k, value in enumerate(state)]
    sent = [0j] * 2**size
    for k, value in enumerate(state):
        if value:
            sent[_sent_through(gate, size, k)] = value
    return sent


def _sent_through(gate: str, size: int, outcome: int) -> int:
    bits = [outcome >> q & 1 for q in range(size)]
    for layer in range(LAYERS):
        for qubits in _places(gate, size, layer):
            *controls, last = qubits
            if gate == "swap":
                bits[qubits[0]], bits[last] = bits[last], bits[qubits[0]]
            else:
                bits[last] ^= all(bits[q] for q in controls)
    return sum(bit << q for q, bit in enumerate(bits))


def _phase(gate: str, size: int, outcome: int) -> float:
    phase = 0.0
    for q in range(size - 1):
        times = len(range(q % 2, LAYERS, 2))
        one, other = outcome >> q & 1, outcome >> q + 1 & 1
        if gate == "rzz":
            phase += times * ANGLES["rzz"][0] / 2 * (1 if one != other else -1)
        elif one and other:
            phase += times * (math.pi if gate == "cz" else ANGLES["cp"][0])
    return phase


def _family(gate: str) -> Family:
    if GATES[gate][0] == 1:
        form = "a product of single qubits"
    elif gate in ("cx", "swap", "ccx"):
        form = "the start's outcomes with their bits sent through the gates"
    else:
        form = "phases counted pair by pair"
    return Family(
        name=f"layers_{gate}",
        area=AREA,
        summary=f"{LAYERS} layers of {gate} alone, for the cost of one gate",
        source="gates of Cross, Bishop, Smolin and Gambetta 2017, arXiv:1707.03429",
        sizes=(4, 8, 12, 16),
        build=partial(gate_layers, gate),
        known_answer=lambda _: f"every amplitude: {form}",
        amplitudes=partial(layers_amplitudes, gate),
    )


FAMILIES = tuple(_family(gate) for gate in ANGLES)
