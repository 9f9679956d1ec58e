"""High-performance computing: a ripple-carry adder and a multiplier by Fourier transform."""

from __future__ import annotations

import math
from fractions import Fraction

from qbench.circuits.families.family import Family, measured
from qbench.circuits.families.high_performance import fourier_transform
from qbench.ir import Circuit, Operation

__all__ = ["FAMILIES", "adder", "multiplier"]

AREA = "high-performance-computing"


def _written(value: int | None, qubits: range) -> list[Operation]:
    """The number into the qubits, or every number at once for None."""
    if value is None:
        return [Operation("h", (q,)) for q in qubits]
    return [Operation("x", (q,)) for bit, q in enumerate(qubits) if value >> bit & 1]


def _second_summand(size: int) -> int:
    """All ones: with an odd a the carry runs through every bit."""
    return (1 << size // 2 - 1) - 1


def adder(size: int, first: int | None = None, second: int | None = None) -> Circuit:
    """a and b become a and a + b, by majority gates up and their inverse down.

    ``first`` is a, or every a at once with the same amplitude; b is all ones, or ``second``.
    Qubit 0 is the carry in (0), then b_0, a_0, b_1, a_1, ... of (size - 2)/2 bits each, then the carry out.

    Source: Cuccaro, Draper, Kutin and Moulton 2004, arXiv:quant-ph/0410184.

    >>> [op.name for op in adder(4).gates]
    ['h', 'x', 'cx', 'cx', 'ccx', 'cx', 'ccx', 'cx', 'cx']
    """
    bits = size // 2 - 1
    b = _second_summand(size) if second is None else second
    gates = _written(first, range(2, size - 1, 2)) + _written(b, range(1, size - 1, 2))
    # each majority leaves the next carry where a's bit was
    triples = [(low, low + 1, low + 2) for low in range(0, 2 * bits, 2)]
    for carry, of_b, of_a in triples:
        gates += [
            Operation("cx", (of_a, of_b)),
            Operation("cx", (of_a, carry)),
            Operation("ccx", (carry, of_b, of_a)),
        ]
    gates.append(Operation("cx", (size - 2, size - 1)))
    for carry, of_b, of_a in reversed(triples):
        gates += [
            Operation("ccx", (carry, of_b, of_a)),
            Operation("cx", (of_a, carry)),
            Operation("cx", (carry, of_b)),
        ]
    return measured(f"adder_{size}", size, gates)


def adder_outcome(size: int, first: int, second: int) -> int:
    """Where the bits of a, of a + b and the carry out stand."""
    bits = size // 2 - 1
    total = first + second
    outcome = sum((total >> i & 1) << 2 * i + 1 | (first >> i & 1) << 2 * i + 2 for i in range(bits))
    return outcome | (total >> bits) << size - 1


def _places(first: int, last: int, step: int = 1) -> str:
    """Bits as people write them, the lowest first: "bit 2", "bits 4 to 7", "bits 1, 3, 5"."""
    places = list(range(first, last + 1, step))
    if len(places) == 1:
        return f"bit {first}"
    return f"bits {first} to {last}" if step == 1 else f"bits {', '.join(map(str, places))}"


def adder_sentence(size: int) -> str:
    """The last word is an outcome.

    >>> adder_sentence(6)
    'for every a from 0 to 3, each with probability 1/4: a in bits 2, 4, the sum a + 3 in bits 1, 3, \
its carry in bit 5 (low bits first), 0 in bit 0; for a = 1 outcome 36'
    """
    b = _second_summand(size)
    return (
        f"for every a from 0 to {b}, each with probability 1/{b + 1}: a in {_places(2, size - 2, 2)}, "
        f"the sum a + {b} in {_places(1, size - 3, 2)}, its carry in bit {size - 1} (low bits first), "
        f"0 in bit 0; for a = 1 outcome {adder_outcome(size, 1, b)}"
    )


def adder_amplitudes(size: int) -> list[complex]:
    b = _second_summand(size)
    state = [0j] * 2**size
    for a in range(b + 1):
        state[adder_outcome(size, a, b)] = complex(math.sqrt(1 / (b + 1)))
    return state


def _factor_bits(size: int) -> tuple[int, int]:
    """Bits of the two factors: together half of the qubits, the other half holds the product."""
    return (size // 2 + 1) // 2, size // 4


def multiplier(size: int, first: int | None = None, second: int | None = None) -> Circuit:
    """a and b become a, b and a b: each pair of bits turns the product's phases in Fourier space.

    ``first`` is a, or every a at once with the same amplitude; b is all ones, or ``second``.
    a is in the first qubits, then b, then the product with as many bits as both.  A turn by two controls is
    three cp and two cx.

    Source: Ruiz-Perez and Garcia-Escartin 2017, arXiv:1411.5949.

    >>> [len(multiplier(n).gates) for n in (4, 8)]
    [20, 88]
    """
    bits_a, bits_b = _factor_bits(size)
    b = 2**bits_b - 1 if second is None else second
    width = bits_a + bits_b
    product = range(width, size)
    shifted = [op._replace(qubits=tuple(q + width for q in op.qubits)) for op in fourier_transform(width)]
    back = [
        op._replace(qubits=tuple(q + width for q in op.qubits))
        for op in fourier_transform(width, inverse=True)
    ]
    gates = _written(first, range(bits_a)) + _written(b, range(bits_a, width)) + shifted
    for i in range(bits_a):
        for j in range(bits_b):
            for bit, target in enumerate(product):
                # The transform turns bit k by 2 pi 2^k / 2^width per unit; whole turns need no gate.
                turns = Fraction(2 ** (i + j + bit), 2**width) % 1
                if turns:
                    angle = math.pi * float(turns if turns <= Fraction(1, 2) else turns - 1)
                    gates += _turned_if_both(i, bits_a + j, target, angle)
    return measured(f"multiplier_{size}", size, gates + back)


def _turned_if_both(one: int, other: int, target: int, half: float) -> list[Operation]:
    """A phase 2 half where all three qubits are 1."""
    return [
        Operation("cp", (other, target), (half,)),
        Operation("cx", (one, other)),
        Operation("cp", (other, target), (-half,)),
        Operation("cx", (one, other)),
        Operation("cp", (one, target), (half,)),
    ]


def multiplier_outcome(size: int, first: int, second: int) -> int:
    bits_a, bits_b = _factor_bits(size)
    return first | second << bits_a | first * second << bits_a + bits_b


def multiplier_sentence(size: int) -> str:
    """The last word is an outcome.

    >>> multiplier_sentence(4)
    'for every a from 0 to 1, each with probability 1/2: a in bit 0, 1 in bit 1, \
the product a x 1 in bits 2 to 3 (low bits first); for a = 1 outcome 7'
    """
    bits_a, bits_b = _factor_bits(size)
    b = 2**bits_b - 1
    return (
        f"for every a from 0 to {2**bits_a - 1}, each with probability 1/{2**bits_a}: "
        f"a in {_places(0, bits_a - 1)}, {b} in {_places(bits_a, bits_a + bits_b - 1)}, "
        f"the product a x {b} in {_places(bits_a + bits_b, size - 1)} (low bits first); "
        f"for a = 1 outcome {multiplier_outcome(size, 1, b)}"
    )


def multiplier_amplitudes(size: int) -> list[complex]:
    bits_a, bits_b = _factor_bits(size)
    state = [0j] * 2**size
    for a in range(2**bits_a):
        state[multiplier_outcome(size, a, 2**bits_b - 1)] = complex(math.sqrt(0.5**bits_a))
    return state


FAMILIES = (
    Family(
        name="adder",
        area=AREA,
        summary="ripple-carry adder of numbers of (qubits - 2)/2 bits: every a at once plus b of all ones",
        source="Cuccaro, Draper, Kutin and Moulton 2004, arXiv:quant-ph/0410184",
        sizes=(4, 6, 8, 10, 12, 14, 16, 20),
        build=adder,
        known_answer=adder_sentence,
        amplitudes=adder_amplitudes,
    ),
    Family(
        name="multiplier",
        area=AREA,
        summary="product of numbers of qubits/2 bits together, in Fourier space: every a at once, b all ones",
        source="Ruiz-Perez and Garcia-Escartin 2017, arXiv:1411.5949",
        sizes=(4, 6, 8, 10, 12, 14, 16),
        build=multiplier,
        known_answer=multiplier_sentence,
        amplitudes=multiplier_amplitudes,
    ),
)
