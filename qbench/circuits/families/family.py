"""What every family of circuits offers, and the two endings that they share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from qbench.ir import Circuit, Observable, Operation

__all__ = ["Family", "bit_pattern", "measured", "rounded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A scalable family.

    ``size`` is what the family scales with and stands at the end of the circuit's name (``name_size``), the
    number of qubits wherever that is possible; ``sizes`` are those that are stored, in rising order.
    ``version`` rises when the generator gives other circuits.  ``known_answer(size)`` is one sentence for
    people.  What is known in numbers comes from a closed form or a computation of another kind than the
    circuit, and is None where there is none:

    ``amplitudes(size)``     the state before measurement, up to global phase: 2^qubits entries
    ``probabilities(size)``  the chance of every outcome of the classical bits: 2^clbits entries
    ``chances(size)``        the chance of some outcomes only: outcome to probability
    ``expectations(size)``   Pauli products such as "Z0 X3" to their expectation in the state before
                             measurement (final measurements left out)

    ``observable(size)`` is what people measure on these circuits; None where that is the outcomes themselves.
    With free parameters the forms above do not hold, and

    ``value(size, bindings)``  the observable's expectation value at values of the parameters
    """

    name: str
    area: str
    summary: str
    source: str
    sizes: tuple[int, ...]
    build: Callable[[int], Circuit]
    version: int = 1
    known_answer: Callable[[int], str] | None = None
    amplitudes: Callable[[int], list[complex]] | None = None
    probabilities: Callable[[int], list[float]] | None = None
    chances: Callable[[int], Mapping[int, float]] | None = None
    expectations: Callable[[int], Mapping[str, float]] | None = None
    observable: Callable[[int], Observable] | None = None
    value: Callable[[int, Mapping[str, float]], float] | None = None


def measured(name: str, num_qubits: int, gates: Sequence[Operation], bits: int | None = None) -> Circuit:
    """The circuit ``name`` with its first ``bits`` qubits (or all) measured at its end, qubit q into bit q.

    >>> measured("x_1", 1, [Operation("x", (0,))]).readout
    (0,)
    >>> measured("with_ancilla_3", 3, [], bits=2).readout
    (0, 1)
    """
    width = num_qubits if bits is None else bits
    measurements = [Operation("measure", (q,), (), (q,)) for q in range(width)]
    return Circuit(num_qubits, (*gates, *measurements), width, name)


def bit_pattern(bits: int) -> int:
    """An odd number of ``bits`` bits without a period: the complement of the Thue-Morse sequence.

    >>> [bin(bit_pattern(n)) for n in (2, 4, 8)]
    ['0b1', '0b1001', '0b1101001']
    """
    return sum(1 << bit for bit in range(bits) if bit.bit_count() % 2 == 0)


def rounded(angle: float) -> float:
    """To 12 decimals: sines and logarithms differ in the last bit between C libraries, files must not.

    >>> rounded(0.1234567890123456)
    0.123456789012
    """
    return round(angle, 12) + 0.0
