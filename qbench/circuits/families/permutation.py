"""A permutation of basis states as flips with controls: Miller, Maslov and Dueck's transformation rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

__all__ = ["Flip", "flips_of"]

Flip = tuple[int, int]
"""(mask, bit): flip ``bit`` where every bit of ``mask`` is 1."""


def flips_of(table: Sequence[int]) -> list[Flip]:
    """Flips that take x to ``table[x]``, in the order in which they act; a mask never holds its own bit.

    Row by row, x's image is brought to x by flips at the output, or the row whose image is x is brought there
    by flips at the input, whichever differs in fewer bits.  The rows before x stay in place: each mask is at
    least x or holds all its bits, and no smaller number holds all bits of such a mask.  Raises ``ValueError``
    for a table that is no permutation.

    Source: Miller, Maslov and Dueck 2003, doi:10.1145/775832.775915, the bidirectional algorithm.

    >>> flips_of([0, 1, 3, 2])
    [(2, 0)]
    """
    image = list(table)
    if sorted(image) != list(range(len(image))) or len(image).bit_count() != 1:
        raise ValueError("a permutation of 2^n numbers was expected")
    first: list[Flip] = []
    last: list[Flip] = []
    for row in range(len(image)):
        origin = image.index(row)
        if (image[row] ^ row).bit_count() <= (origin ^ row).bit_count():
            for mask, bit in _way(image[row], row):
                image = [value ^ 1 << bit if value & mask == mask else value for value in image]
                last.append((mask, bit))
        else:
            for mask, bit in _way(origin, row):
                image = [image[x ^ 1 << bit] if x & mask == mask else image[x] for x in range(len(image))]
                first.append((mask, bit))
    return first + last[::-1]


def _way(start: int, goal: int) -> Iterator[Flip]:
    """Flips from ``start`` (>= goal) to ``goal``: bits that lack are set first, then those too many go."""
    value = start
    missing, extra = goal & ~start, start & ~goal
    for bits in (missing, extra):
        for bit in range(bits.bit_length()):
            if bits >> bit & 1:
                yield value & ~(1 << bit), bit
                value ^= 1 << bit
