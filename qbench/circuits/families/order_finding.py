"""Order finding, the quantum part of factoring: 7 modulo 15 and 2 modulo 21."""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence

from qbench.circuits.families.family import Family, measured
from qbench.circuits.families.high_performance import fourier_transform
from qbench.circuits.families.permutation import flips_of
from qbench.circuits.families.reversible import conditional_flip
from qbench.ir import Circuit, Operation

__all__ = ["FAMILIES", "order_finding", "order_finding_21"]

AREA = "cybersecurity"


def order_finding(size: int) -> Circuit:
    """The order of 7 modulo 15, which is 4, on size - 4 counting qubits; the last four hold the residue.

    Multiplying by 7 modulo 15 is a rotation of the four bits to the right and a complement, by 7^2 = 4 a
    rotation by two; by 7^4 = 1 and so on no gate at all.  Only the counting qubits are measured.

    Source: Shor 1997, arXiv:quant-ph/9508027; Vandersypen et al. 2001, arXiv:quant-ph/0112176, for 15.

    >>> [op.name for op in order_finding(7).gates if op.name.startswith("c") and op.name != "cp"]
    ['cswap', 'cswap', 'cswap', 'cx', 'cx', 'cx', 'cx', 'cswap', 'cswap']
    """
    counting = size - 4
    a, b, c, d = range(counting, size)
    by_7 = [Operation("cswap", (0, *pair)) for pair in ((a, b), (b, c), (c, d))]
    by_7 += [Operation("cx", (0, qubit)) for qubit in (a, b, c, d)]
    by_4 = [Operation("cswap", (1, *pair)) for pair in ((a, c), (b, d))]
    return _finding(f"order_finding_{size}", size, counting, by_7 + by_4)


def order_finding_21(size: int) -> Circuit:
    """The order of 2 modulo 21, which is 6, on size - 6 counting qubits, five for the residue, one ancilla.

    Multiplication by 2, 4, 16, 4, 16, ... modulo 21 (numbers from 21 to 31 stay) is written as flips with
    controls, and each flip gets a counting qubit as one more.  Only the counting qubits are measured.

    Source: Shor 1997, arXiv:quant-ph/9508027.

    >>> order_finding_21(10).num_qubits, order_finding_21(10).num_clbits
    (10, 4)
    """
    counting = size - 6
    residue, ancilla = range(counting, size - 1), size - 1
    gates: list[Operation] = []
    for qubit in range(counting):
        factor = pow(2, 2**qubit, 21)
        table = [factor * x % 21 if x < 21 else x for x in range(32)]
        for mask, bit in flips_of(table):
            controls = [residue[place] for place in range(5) if mask >> place & 1]
            gates += conditional_flip([qubit, *controls], residue[bit], [ancilla])
    return _finding(f"order_finding_21_{size}", size, counting, gates)


def _finding(name: str, size: int, counting: int, powers: Sequence[Operation]) -> Circuit:
    """Residue 1, every exponent at once, ``powers``, and the Fourier transform back of the exponents."""
    start = [Operation("x", (counting,)), *(Operation("h", (qubit,)) for qubit in range(counting))]
    gates = [*start, *powers, *fourier_transform(counting, inverse=True)]
    return measured(name, size, gates, counting)


def order_amplitudes(size: int, counting: int, base: int, modulus: int) -> list[complex]:
    """The state before measurement: outcome y with residue base^m mod modulus.

    With T = 2^counting and order r the sum of exp(-2 pi i x y / T) / T over the K exponents x = m mod r below
    T, a geometric series: exp(-pi i y (2m + r (K - 1)) / T) sin(pi K r y / T) / (T sin(pi r y / T)).
    """
    steps = 2**counting
    order = next(r for r in range(1, modulus) if pow(base, r, modulus) == 1)
    state = [0j] * 2**size
    for first in range(min(order, steps)):
        terms = -(-(steps - first) // order)
        residue = pow(base, first, modulus) << counting
        for y in range(steps):
            turn = _phase(-y * (2 * first + order * (terms - 1)), steps)
            state[residue | y] = turn * _kernel(terms, order * y, steps) / steps
    return state


def order_probabilities(counting: int, order: int) -> list[float]:
    """The chance of every outcome y of T = 2^counting when the order is r: squares, summed over residues.

    >>> order_probabilities(3, 4)
    [0.25, 0.0, 0.25, 0.0, 0.25, 0.0, 0.25, 0.0]
    """
    steps = 2**counting
    terms = [-(-(steps - first) // order) for first in range(min(order, steps))]
    return [sum(_kernel(count, order * y, steps) ** 2 for count in terms) / steps**2 for y in range(steps)]


def _phase(numerator: int, denominator: int) -> complex:
    """exp(pi i numerator / denominator); the angle is reduced as an integer, so that no digits are lost."""
    return cmath.exp(1j * math.pi * (numerator % (2 * denominator)) / denominator)


def _kernel(terms: int, numerator: int, denominator: int) -> float:
    """sin(pi terms numerator / denominator) / sin(pi numerator / denominator), and its limits."""
    if numerator % denominator == 0:
        return float(terms if (terms - 1) * numerator // denominator % 2 == 0 else -terms)
    if terms * numerator % denominator == 0:
        return 0.0
    above, below = (math.pi * (n % (2 * denominator)) / denominator for n in (terms * numerator, numerator))
    return math.sin(above) / math.sin(below)


def _sentence_21(size: int) -> str:
    counting = size - 6
    chances = order_probabilities(counting, 6)
    peaks = sorted({round(j * 2**counting / 6) for j in range(6)})
    return (
        f"order 6: outcomes near multiples of {2**counting}/6; {', '.join(map(str, peaks))} together with "
        f"probability {math.fsum(chances[peak] for peak in peaks):.6f}"
    )


FAMILIES = (
    Family(
        name="order_finding",
        area=AREA,
        summary="order of 7 modulo 15: the quantum part of factoring 15",
        source="Shor 1997, arXiv:quant-ph/9508027; Vandersypen et al. 2001, arXiv:quant-ph/0112176",
        sizes=tuple(range(7, 13)),
        build=order_finding,
        known_answer=lambda size: (
            f"order 4: outcomes {', '.join(str(k << (size - 6)) for k in range(4))} with probability 1/4 each"
        ),
        amplitudes=lambda size: order_amplitudes(size, size - 4, 7, 15),
        probabilities=lambda size: order_probabilities(size - 4, 4),
    ),
    Family(
        name="order_finding_21",
        area=AREA,
        summary="order of 2 modulo 21, which is no power of two: the quantum part of factoring 21",
        source="Shor 1997, arXiv:quant-ph/9508027",
        sizes=tuple(range(9, 16)),
        build=order_finding_21,
        known_answer=_sentence_21,
        amplitudes=lambda size: order_amplitudes(size, size - 6, 2, 21),
        probabilities=lambda size: order_probabilities(size - 6, 6),
    ),
)
