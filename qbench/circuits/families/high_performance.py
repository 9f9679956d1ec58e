"""High-performance computing: GHZ states, quantum Fourier transforms, a hardware-efficient ansatz."""

from __future__ import annotations

import cmath
import math
import random

from qbench.circuits.families.family import Family, bit_pattern, measured, rounded
from qbench.circuits.families.pauli_sums import mean, mean_z
from qbench.ir import Circuit, Observable, Operation

__all__ = ["FAMILIES", "fourier_transform", "ghz", "hea", "qft", "qft_roundtrip"]

AREA = "high-performance-computing"
HEA_LAYERS = 3


def ghz(size: int) -> Circuit:
    """(|0...0> + |1...1>) / sqrt(2), by one h and a chain of cx.

    Source: Greenberger, Horne and Zeilinger 1989, arXiv:0712.0921.

    >>> [op.name for op in ghz(3).gates]
    ['h', 'cx', 'cx']
    """
    gates = [Operation("h", (0,))] + [Operation("cx", (q, q + 1)) for q in range(size - 1)]
    return measured(f"ghz_{size}", size, gates)


def ghz_amplitudes(size: int) -> list[complex]:
    state = [0j] * 2**size
    state[0] = state[-1] = complex(math.sqrt(0.5))
    return state


def ghz_stabilizers(size: int) -> Observable:
    """The mean of the generators Z Z of every two neighbours and X ... X, each 1 in a GHZ state."""
    bonds = [f"Z{q} Z{q + 1}" for q in range(size - 1)]
    return mean([*bonds, " ".join(f"X{q}" for q in range(size))])


def fourier_transform(size: int, *, inverse: bool = False) -> list[Operation]:
    """The gates that take |x> to sum over k of exp(2 pi i x k / 2^size) |k> / 2^(size/2), with final swaps.

    The angles pi / 2^d are exact multiples of the double pi, the same on every machine, and not rounded.

    Source: Coppersmith 1994, arXiv:quant-ph/0201067.

    >>> [(op.name, op.qubits) for op in fourier_transform(2)]
    [('h', (1,)), ('cp', (0, 1)), ('h', (0,)), ('swap', (0, 1))]
    """
    gates: list[Operation] = []
    for target in reversed(range(size)):
        gates.append(Operation("h", (target,)))
        for control in reversed(range(target)):
            gates.append(Operation("cp", (control, target), (math.pi / 2 ** (target - control),)))
    gates += [Operation("swap", (q, size - 1 - q)) for q in range(size // 2)]
    if inverse:
        gates = [op._replace(params=tuple(-angle for angle in _numbers(op))) for op in reversed(gates)]
    return gates


def _numbers(op: Operation) -> tuple[float, ...]:
    return tuple(angle for angle in op.params if isinstance(angle, float))


def qft(size: int) -> Circuit:
    """The Fourier transform of one basis state, ``bit_pattern(size)``.

    >>> qft(3).gates[0]
    Operation(name='x', qubits=(0,), params=(), clbits=(), condition=None)
    """
    start = bit_pattern(size)
    gates = [Operation("x", (q,)) for q in range(size) if start >> q & 1]
    return measured(f"qft_{size}", size, gates + fourier_transform(size))


def qft_amplitudes(size: int) -> list[complex]:
    dimension = 2**size
    start = bit_pattern(size)
    # x k is reduced as an integer first, so that the angle of each exponential is right to an ulp.
    return [
        cmath.exp(2j * math.pi * (start * k % dimension) / dimension) / math.sqrt(dimension)
        for k in range(dimension)
    ]


def qft_roundtrip(size: int) -> Circuit:
    """Add 1 to a basis state: Fourier transform, a phase per qubit, inverse Fourier transform.

    Source: Draper 2000, arXiv:quant-ph/0008033.

    >>> len(qft_roundtrip(4).gates)
    30
    """
    start = bit_pattern(size)
    gates = [Operation("x", (q,)) for q in range(size) if start >> q & 1]
    gates += fourier_transform(size)
    gates += [Operation("p", (q,), (2 * math.pi * 2**q / 2**size,)) for q in range(size)]
    return measured(f"qft_roundtrip_{size}", size, gates + fourier_transform(size, inverse=True))


def hea(size: int) -> Circuit:
    """Three layers of ry, rz and a ladder of cx, then ry and rz once more; angles frozen at random.

    Source: Kandala et al. 2017, doi:10.1038/nature23879.

    >>> hea(4).depth, len(hea(4).gates)
    (16, 41)
    """
    draw = random.Random(17_000 + size).random
    gates: list[Operation] = []
    for layer in range(HEA_LAYERS + 1):
        for qubit in range(size):
            for rotation in ("ry", "rz"):
                gates.append(Operation(rotation, (qubit,), (rounded((2 * draw() - 1) * math.pi),)))
        if layer < HEA_LAYERS:
            gates += [Operation("cx", (q, q + 1)) for q in range(size - 1)]
    return measured(f"hea_{size}", size, gates)


FAMILIES = (
    Family(
        name="ghz",
        area=AREA,
        summary="Greenberger-Horne-Zeilinger state, a chain of cx",
        source="Greenberger, Horne and Zeilinger 1989, arXiv:0712.0921",
        sizes=(*range(2, 13), 14, 16, 18, 20),
        build=ghz,
        known_answer=lambda size: f"outcomes 0 and {2**size - 1} with amplitude 1/sqrt(2) each",
        amplitudes=ghz_amplitudes,
        observable=ghz_stabilizers,
    ),
    Family(
        name="qft",
        area=AREA,
        summary="quantum Fourier transform of a basis state, with final swaps",
        source="Coppersmith 1994, arXiv:quant-ph/0201067",
        sizes=(*range(2, 13), 14, 16),
        build=qft,
        known_answer=lambda size: (
            f"amplitude exp(2 pi i {bit_pattern(size)} k / {2**size}) / sqrt({2**size}) at every outcome k"
        ),
        amplitudes=qft_amplitudes,
    ),
    Family(
        name="hea",
        area=AREA,
        summary=f"hardware-efficient ansatz, {HEA_LAYERS} entangling layers, frozen random angles",
        source="Kandala et al. 2017, doi:10.1038/nature23879",
        sizes=(*range(2, 13), 14, 16),
        build=hea,
        observable=mean_z,
    ),
    Family(
        name="qft_roundtrip",
        area=AREA,
        summary="adds 1 to a basis state in Fourier space: there, a phase per qubit, and back",
        source="Draper 2000, arXiv:quant-ph/0008033",
        sizes=(*range(2, 13), 14, 16),
        build=qft_roundtrip,
        known_answer=lambda size: f"outcome {bit_pattern(size) + 1} with probability 1",
        chances=lambda size: {bit_pattern(size) + 1: 1.0},
    ),
)
