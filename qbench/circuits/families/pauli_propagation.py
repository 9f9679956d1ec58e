"""Expectation values without a state vector: Pauli products carried back through the gates to |0...0>.

<0|U+ P U|0> needs only U+ P U, a sum of Pauli products (Heisenberg's picture).  A Clifford gate turns one
product into one product, a rotation turns it into at most two, so the cost grows with the rotations in the
past light cone of P and not with the number of qubits.  Sources: Gottesman 1998, arXiv:quant-ph/9807006;
Aaronson and Gottesman 2004, arXiv:quant-ph/0406196 (the sign of cx).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from qbench.ir import Operation

__all__ = ["CLIFFORD", "Pauli", "carried_back", "expectation", "pauli", "stabilizers"]

CLIFFORD = ("id", "x", "y", "z", "h", "s", "sdg", "cx", "cy", "cz", "swap")
"""The gates that turn one product into one product here."""

# (x, z) to coefficient; plain tuples, which are made three times as fast as Pauli
_Sum = dict[tuple[int, int], float]

_INVERSE = {"s": "sdg", "sdg": "s"}


class Pauli(NamedTuple):
    """A product of Paulis: bits q of ``x`` and ``z`` are (1, 0) for X, (1, 1) for Y, (0, 1) for Z on qubit q.

    >>> Pauli(0b1001, 0b1010).text
    'X0 Z1 Y3'
    """

    x: int
    z: int

    @property
    def text(self) -> str:
        letters = {(1, 0): "X", (1, 1): "Y", (0, 1): "Z"}
        pairs = [(self.x >> q & 1, self.z >> q & 1) for q in range((self.x | self.z).bit_length())]
        return " ".join(f"{letters[pair]}{q}" for q, pair in enumerate(pairs) if any(pair))


def pauli(text: str) -> Pauli:
    """The inverse of ``Pauli.text``.

    >>> pauli("X0 Z1 Y3")
    Pauli(x=9, z=10)
    """
    x = z = 0
    for factor in text.split():
        bit = 1 << int(factor[1:])
        x |= bit * (factor[0] in "XY")
        z |= bit * (factor[0] in "YZ")
    return Pauli(x, z)


def carried_back(gate: Operation, product: Pauli) -> tuple[int, Pauli]:
    """U+ P U for a Clifford gate U of ``CLIFFORD``, as a sign and a product.

    >>> carried_back(Operation("s", (0,)), pauli("X0"))
    (-1, Pauli(x=1, z=1))
    """
    sign, x, z = _carried(_steps(gate), product.x, product.z)
    return sign, Pauli(x, z)


_Step = tuple[str, int, int]


def _carried(steps: tuple[_Step, ...], x: int, z: int) -> tuple[int, int, int]:
    """Sign, x and z after the steps: each a name, the qubit's bit and, for cx, the target's bit."""
    sign = 1
    for name, bit, target in steps:
        has_x, has_z = bool(x & bit), bool(z & bit)
        if name == "cx":
            if has_x:
                if z & target and bool(x & target) == has_z:
                    sign = -sign
                x ^= target
            if z & target:
                z ^= bit
        elif name == "h":
            if has_x and has_z:
                sign = -sign
            elif has_x or has_z:
                x, z = x ^ bit, z ^ bit
        elif name in ("s", "sdg"):
            # s carries X back to -Y and Y to X
            if has_x:
                if has_z == (name == "sdg"):
                    sign = -sign
                z ^= bit
        elif (has_z and name in ("x", "y")) != (has_x and name in ("y", "z")):
            sign = -sign
    return sign, x, z


def _steps(gate: Operation) -> tuple[_Step, ...]:
    """The gate in x, y, z, h, s, sdg and cx; its last gate first, as U+ P U meets it."""
    one, other = 1 << gate.qubits[0], 1 << gate.qubits[-1]
    match gate.name:
        case "id":
            return ()
        case "x" | "y" | "z" | "h" | "s" | "sdg" | "cx":
            return ((gate.name, one, other),)
        case "cz":
            return (("h", other, 0), ("cx", one, other), ("h", other, 0))
        case "cy":
            return (("s", other, 0), ("cx", one, other), ("sdg", other, 0))
        case "swap":
            return (("cx", one, other), ("cx", other, one), ("cx", one, other))
    raise ValueError(f"{gate.name} is not one of {', '.join(CLIFFORD)}")


def stabilizers(gates: Iterable[Operation], num_qubits: int) -> dict[Pauli, int]:
    """The products U Z_q U+ with their signs: what a Clifford circuit's state |psi> = U|0...0> is fixed by.

    >>> {product.text: sign for product, sign in stabilizers([Operation("h", (0,))], 2).items()}
    {'X0': 1, 'Z1': 1}
    """
    found = []
    circuit = [gate._replace(name=_INVERSE.get(gate.name, gate.name)) for gate in gates]
    for qubit in range(num_qubits):
        sign, product = 1, Pauli(0, 1 << qubit)
        for gate in circuit:
            turn, product = carried_back(gate, product)
            sign *= turn
        found.append((product, sign))
    return dict(found)


def expectation(gates: Sequence[Operation], product: Pauli) -> float:
    """<P> in the state that the gates make from |0...0>; exact but for rounding.

    Takes the gates of ``CLIFFORD`` and t tdg rx ry rz p u rxx ryy rzz cp crx cry crz.

    >>> round(expectation([Operation("ry", (0,), (0.3,)), Operation("cx", (0, 1))], pauli("X0 X1")), 6)
    0.29552
    """
    terms: _Sum = {(product.x, product.z): 1.0}
    for gate in reversed(gates):
        if gate.name in CLIFFORD:
            steps = _steps(gate)
            turned: _Sum = {}
            for term, coefficient in terms.items():
                sign, x, z = _carried(steps, *term)
                turned[x, z] = sign * coefficient
            terms = turned
        else:
            for axis, angle in reversed(_rotations(gate)):
                terms = _rotated(terms, axis, angle)
    return math.fsum(coefficient for (x, _), coefficient in terms.items() if x == 0)


def _rotated(terms: _Sum, axis: Pauli, angle: float) -> _Sum:
    """exp(i a Q/2) P exp(-i a Q/2) = P where P and Q commute, else cos(a) P + sin(a) i Q P."""
    cosine, sine = math.cos(angle), math.sin(angle)
    axis_x, axis_z = axis
    # A product with m Y's is i^m X^x Z^z; moving Z^z of Q through X^x of P gives a sign per shared qubit.
    quarter_turns = 1 + (axis_x & axis_z).bit_count()
    turned: _Sum = {}
    for term, coefficient in terms.items():
        x, z = term
        crossings = (x & axis_z).bit_count()
        if (crossings + (z & axis_x).bit_count()) & 1 == 0:
            turned[term] = turned.get(term, 0.0) + coefficient
            continue
        turned[term] = turned.get(term, 0.0) + cosine * coefficient
        image = x ^ axis_x, z ^ axis_z
        turns = quarter_turns + (x & z).bit_count() + 2 * crossings - (image[0] & image[1]).bit_count()
        part = sine * coefficient
        turned[image] = turned.get(image, 0.0) + (part if turns & 3 == 0 else -part)
    return turned


def _rotations(gate: Operation) -> list[tuple[Pauli, float]]:
    """The gate as rotations exp(-i angle Q/2) in order of time, up to global phase."""
    angles = [float(angle) for angle in gate.params if not isinstance(angle, tuple)]
    bits = [1 << q for q in gate.qubits]
    one, last, both = bits[0], bits[-1], sum(bits)
    match gate.name:
        case "t" | "tdg":
            return [(Pauli(0, one), math.pi / 4 if gate.name == "t" else -math.pi / 4)]
        case "rz" | "p":
            return [(Pauli(0, one), angles[0])]
        case "rx":
            return [(Pauli(one, 0), angles[0])]
        case "ry":
            return [(Pauli(one, one), angles[0])]
        case "u":
            return [(Pauli(0, one), angles[2]), (Pauli(one, one), angles[0]), (Pauli(0, one), angles[1])]
        case "rxx":
            return [(Pauli(both, 0), angles[0])]
        case "ryy":
            return [(Pauli(both, both), angles[0])]
        case "rzz":
            return [(Pauli(0, both), angles[0])]
        case "cp":
            half = angles[0] / 2
            return [(Pauli(0, one), half), (Pauli(0, last), half), (Pauli(0, both), -half)]
        case "crx":
            half = angles[0] / 2
            return [(Pauli(last, 0), half), (Pauli(last, one), -half)]
        case "cry":
            half = angles[0] / 2
            return [(Pauli(last, last), half), (Pauli(last, both), -half)]
        case "crz":
            half = angles[0] / 2
            return [(Pauli(0, last), half), (Pauli(0, both), -half)]
    raise ValueError(f"no rotations are known for {gate.name}")
