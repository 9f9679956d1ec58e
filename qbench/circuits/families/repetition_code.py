"""High-performance computing, measured midway: an error-correcting code, a GHZ state of constant depth."""

from __future__ import annotations

import math
from functools import cache

from qbench.circuits.families.family import Family, rounded
from qbench.ir import Circuit, Operation

__all__ = ["FAMILIES", "measured_ghz", "repetition_code"]

AREA = "high-performance-computing"
FIRST_ERROR, ERROR_STEP = 0.5, 0.2


def repetition_code(size: int) -> Circuit:
    """A 1 in n - 1 qubits, turned by errors, its parities measured with one ancilla, corrected, and read.

    Error rx(0.5 + 0.2 q) on data qubit q flips it with probability sin^2 of half of that.  The ancilla (the
    last qubit) takes the parity of neighbours q, q + 1 into bit q and is reset for the next.  For each
    syndrome the smaller of the two sets of flips that explain it is undone, by x under a condition on all
    its bits.  The data are read into the bits after the syndrome: all 1 where the correction was right, else
    all 0.

    Source: Shor 1995, doi:10.1103/PhysRevA.52.R2493; Riste et al. 2015, arXiv:1411.5542.

    >>> circuit = repetition_code(4)
    >>> circuit.num_clbits, sum(op.condition is not None for op in circuit.operations)
    (5, 3)
    """
    data, ancilla = size - 1, size - 1
    checks = data - 1
    operations = [Operation("x", (0,))] + [Operation("cx", (0, q)) for q in range(1, data)]
    operations += [Operation("rx", (q,), (_error(q),)) for q in range(data)]
    for check in range(checks):
        operations += [Operation("reset", (ancilla,))] * (check > 0)
        operations += [Operation("cx", (check, ancilla)), Operation("cx", (check + 1, ancilla))]
        operations.append(Operation("measure", (ancilla,), (), (check,)))
    for syndrome in range(1, 2**checks):
        flips = _correction(data, syndrome)
        operations += [
            Operation("x", (q,), condition=(tuple(range(checks)), syndrome))
            for q in range(data)
            if flips >> q & 1
        ]
    operations += [Operation("measure", (q,), (), (checks + q,)) for q in range(data)]
    return Circuit(size, tuple(operations), checks + data, f"repetition_code_{size}")


def _error(qubit: int) -> float:
    return rounded(FIRST_ERROR + ERROR_STEP * qubit)


def _syndrome(data: int, flips: int) -> int:
    """Bit q says whether qubits q and q + 1 differ."""
    return (flips ^ flips >> 1) & ((1 << (data - 1)) - 1)


@cache
def _correction(data: int, syndrome: int) -> int:
    """The flips of least weight with this syndrome: they or their complement, which are never as many.

    >>> [_correction(3, syndrome) for syndrome in range(4)]
    [0, 1, 4, 2]
    """
    flips: int = next(f for f in range(2**data) if _syndrome(data, f) == syndrome)
    return min(flips, flips ^ ((1 << data) - 1), key=int.bit_count)


def repetition_probabilities(size: int) -> list[float]:
    """Every set of flips by itself: different sets lead to different outcomes, so none interfere."""
    data = size - 1
    chances = [0.0] * 2 ** (2 * data - 1)
    for flips in range(2**data):
        chance = math.prod(
            math.sin(_error(q) / 2) ** 2 if flips >> q & 1 else math.cos(_error(q) / 2) ** 2
            for q in range(data)
        )
        syndrome = _syndrome(data, flips)
        read = (2**data - 1) ^ flips ^ _correction(data, syndrome)
        chances[read << (data - 1) | syndrome] += chance
    return chances


def _failure(size: int) -> float:
    """The chance that the data read 0."""
    return math.fsum(repetition_probabilities(size)[: 2 ** (size - 2)])


def measured_ghz(size: int) -> Circuit:
    """A GHZ state on every second qubit, in a depth that does not grow: measured parities decide flips.

    Data qubits 0, 2, 4, ... start in |+>; qubit 2k + 1 takes the parity of its neighbours into bit k.  Data
    qubit 2k is flipped once for each odd parity before it.  A z turns the sign of |1 ... 1>, cx from the
    first data qubit take the others back to 0, the first is turned into the X basis, where the sign shows,
    and the data are read into the bits after the parities.  Clifford gates only.

    Source: Briegel and Raussendorf 2001, arXiv:quant-ph/0004051; Baeumer et al. 2024, arXiv:2308.13065.

    >>> len(measured_ghz(5).gates), measured_ghz(5).num_clbits
    (14, 5)
    """
    data, parities = range(0, size, 2), size // 2
    operations = [Operation("h", (q,)) for q in data]
    operations += [Operation("cx", (2 * k + end, 2 * k + 1)) for end in (0, 2) for k in range(parities)]
    operations += [Operation("measure", (2 * k + 1,), (), (k,)) for k in range(parities)]
    operations += [Operation("x", (q,), condition=((k,), 1)) for q in data for k in range(q // 2)]
    operations += [Operation("z", (size - 1,))]
    operations += [Operation("cx", (0, q)) for q in data[1:]] + [Operation("h", (0,))]
    operations += [Operation("measure", (q,), (), (parities + q // 2,)) for q in data]
    return Circuit(size, tuple(operations), size, f"measured_ghz_{size}")


def measured_ghz_probabilities(size: int) -> list[float]:
    """The parities are even coins; the first of the data reads 1, the others 0."""
    parities = size // 2
    chances = [0.0] * 2**size
    first = 1 << parities
    chances[first : 2 * first] = [0.5**parities] * first
    return chances


FAMILIES = (
    Family(
        name="repetition_code",
        area=AREA,
        summary="bit-flip code with errors turned in, ancilla reset in between, corrected by feed-forward",
        source="Shor 1995, doi:10.1103/PhysRevA.52.R2493; Riste et al. 2015, arXiv:1411.5542",
        sizes=(4, 6, 8),
        build=repetition_code,
        known_answer=lambda size: (
            f"the last {size - 1} bits, the data, all read 1, but for a chance of {_failure(size):.6f} that "
            "more than half were flipped: then all read 0; every syndrome's chance from those of the flips"
        ),
        probabilities=repetition_probabilities,
    ),
    Family(
        name="measured_ghz",
        area=AREA,
        summary="GHZ state of constant depth by measured parities and feed-forward; Clifford gates only",
        source="Briegel and Raussendorf 2001, arXiv:quant-ph/0004051; Baeumer et al. 2024, arXiv:2308.13065",
        sizes=(3, 5, 7, 9),
        build=measured_ghz,
        known_answer=lambda size: (
            f"bits 0 to {size // 2 - 1} are even coins, bit {size // 2} reads 1, the others 0"
        ),
        probabilities=measured_ghz_probabilities,
    ),
)
