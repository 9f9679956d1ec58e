"""The basis in which every X is diagonal: the Walsh-Hadamard transform, in plain Python.

What mixes in the computational basis is diagonal here: sum X_q on basis state k is n - 2 |k|, |k| being the
number of ones.  So circuits of diagonal gates and of rotations about X can be computed as phases and
transforms, without any of their gates.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = ["walsh_hadamard"]


def walsh_hadamard(vector: Sequence[complex]) -> list[complex]:
    """sum over j of (-1)^(number of common ones of j and k) vector[j] / sqrt(N) for every k; its own inverse.

    N = len(vector) is a power of two; N log2(N) additions.

    >>> walsh_hadamard([1, 0, 0, 0]), walsh_hadamard([0.5, 0.5, 0.5, 0.5])
    ([0.5, 0.5, 0.5, 0.5], [1.0, 0.0, 0.0, 0.0])
    """
    values = list(vector)
    size = len(values)
    # Each pass turns the lowest bit and rotates it to the top; after all passes every bit is back in place.
    for _ in range(size.bit_length() - 1):
        even, odd = values[::2], values[1::2]
        values = [a + b for a, b in zip(even, odd, strict=True)]
        values += [a - b for a, b in zip(even, odd, strict=True)]
    scale = 1 / math.sqrt(size)
    return [scale * value for value in values]
