"""Unstructured search: Grover's algorithm for one marked value, and for the preimage of an S-box."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qbench.circuits.families.family import Family, bit_pattern, measured
from qbench.circuits.families.reversible import ancillas_needed, phase_flip, table_to_output
from qbench.ir import Circuit, Operation

__all__ = ["FAMILIES", "grover", "grover_chance", "sbox"]

AREA = "cybersecurity"

# S-boxes by their number of bits; entry x is S(x).
SBOXES: dict[int, tuple[str, list[int]]] = {
    bits: (name, [int(entry, 16) for entry in table.split()])
    for bits, name, table in (
        (3, "PRINTcipher", "0 1 3 6 7 4 5 2"),
        (4, "PRESENT", "c 5 6 b 9 0 a d 3 e f 8 4 7 1 2"),
        (
            5,
            "Ascon",
            "4 b 1f 14 1a 15 9 2 1b 5 8 12 1d 3 6 1c 1e 13 7 e 0 d 11 18 10 c 1 19 16 a f 17",
        ),
    )
}


def _iterations(bits: int) -> int:
    """The number k for which (2k + 1) asin(2^(-bits/2)) is nearest to pi/2."""
    return round(math.pi / (4 * math.asin(2 ** (-bits / 2))) - 0.5)


def grover_chance(bits: int) -> float:
    """Grover's law for one marked value of 2^bits: sin^2((2k + 1) theta), sin theta = 2^(-bits/2).

    >>> [round(grover_chance(bits), 6) for bits in (2, 3, 4, 6)]
    [1.0, 0.945312, 0.961319, 0.996586]
    """
    return math.sin((2 * _iterations(bits) + 1) * math.asin(2 ** (-bits / 2))) ** 2


def _grover_amplitudes(num_qubits: int, bits: int, marked: int) -> list[complex]:
    """The marked value's amplitude sin((2k + 1) theta), cos((2k + 1) theta) shared among the others.

    The searched bits are the lowest; all other qubits are 0.
    """
    angle = (2 * _iterations(bits) + 1) * math.asin(2 ** (-bits / 2))
    state = [0j] * 2**num_qubits
    state[: 2**bits] = [complex(math.cos(angle) / math.sqrt(2**bits - 1))] * 2**bits
    state[marked] = complex(math.sin(angle))
    return state


def _amplified(bits: int, oracle: Sequence[Operation], ancillas: Sequence[int]) -> list[Operation]:
    """The uniform state, then ``oracle`` and the reflection about that state, the best number of times."""
    uniform = [Operation("h", (qubit,)) for qubit in range(bits)]
    reflection = [*uniform, *phase_flip(range(bits), 0, ancillas), *uniform]
    return uniform + [*oracle, *reflection] * _iterations(bits)


def _searched_bits(size: int) -> int:
    for bits in range(2, size + 1):
        if bits + ancillas_needed(bits - 1) == size:
            return bits
    raise ValueError(f"no search fills {size} qubits: the next bit takes an ancilla with it")


def grover(size: int) -> Circuit:
    """Grover's search for one marked value; the qubits above the searched bits are ancillas, left at 0.

    Up to 5 bits need none; 7, 8 and 9 qubits search 6, 7 and 8 bits, 11 and 12 search 9 and 10 (see
    ``reversible.conditional_flip``).  The marked value is ``bit_pattern(bits)``.

    Source: Grover 1996, arXiv:quant-ph/9605043.

    >>> grover(2).gates[2].name, grover(9).num_clbits
    ('x', 8)
    """
    bits = _searched_bits(size)
    ancillas = range(bits, size)
    oracle = phase_flip(range(bits), bit_pattern(bits), ancillas)
    return measured(f"grover_{size}", size, _amplified(bits, oracle, ancillas), bits)


def grover_amplitudes(size: int) -> list[complex]:
    bits = _searched_bits(size)
    return _grover_amplitudes(size, bits, bit_pattern(bits))


def _grover_sentence(size: int) -> str:
    bits = _searched_bits(size)
    return (
        f"the marked value {bit_pattern(bits)} of {2**bits} with probability {grover_chance(bits):.5f} = "
        f"sin^2((2k+1) theta), sin theta = 1/sqrt({2**bits}), k = {_iterations(bits)}"
    )


def sbox(size: int) -> Circuit:
    """Which x does a cipher's S-box take to a given value?  Grover's search with the S-box as a circuit.

    The first half of the qubits is x.  Each iteration computes S(x) into the second half from the polynomials
    over GF(2) of its bits, flips the sign of the wanted value, and computes S(x) back to 0.

    Source: Grassl et al. 2015, arXiv:1512.04965, for the method, there on all of AES; S-boxes of PRINTcipher
    (Knudsen et al., CHES 2010), PRESENT (Bogdanov et al. 2007, doi:10.1007/978-3-540-74735-2_31) and Ascon
    (Dobraunig et al. 2021, doi:10.1007/s00145-021-09398-9).

    >>> sbox(8).num_qubits, sbox(8).num_clbits
    (8, 4)
    """
    bits = size // 2
    _, table = SBOXES[bits]
    outputs = range(bits, size)
    compute = table_to_output(table, range(bits), outputs)
    oracle = [*compute, *phase_flip(outputs, _wanted(bits)), *reversed(compute)]
    return measured(f"sbox_{size}", size, _amplified(bits, oracle, ()), bits)


def _wanted(bits: int) -> int:
    return SBOXES[bits][1][bit_pattern(bits)]


def _preimage(bits: int) -> int:
    return SBOXES[bits][1].index(_wanted(bits))


def sbox_amplitudes(size: int) -> list[complex]:
    return _grover_amplitudes(size, size // 2, _preimage(size // 2))


def _sbox_sentence(size: int) -> str:
    bits = size // 2
    return (
        f"{_preimage(bits)}, the one value that {SBOXES[bits][0]}'s S-box takes to {_wanted(bits)}, with "
        f"probability {grover_chance(bits):.5f} (Grover's law for 1 of {2**bits}, k = {_iterations(bits)})"
    )


FAMILIES = (
    Family(
        name="grover",
        area=AREA,
        summary="Grover's search for one marked value, the number of iterations nearest to the best",
        source="Grover 1996, arXiv:quant-ph/9605043",
        sizes=(2, 3, 4, 5, 7, 8, 9, 11, 12),
        build=grover,
        known_answer=_grover_sentence,
        amplitudes=grover_amplitudes,
    ),
    Family(
        name="sbox",
        area=AREA,
        summary="preimage of an S-box (3, 4, 5 bits: PRINTcipher, PRESENT, Ascon) by Grover's search",
        source=(
            "Grassl et al. 2015, arXiv:1512.04965; S-boxes: Knudsen et al. 2010 (CHES), "
            "Bogdanov et al. 2007, doi:10.1007/978-3-540-74735-2_31, "
            "Dobraunig et al. 2021, doi:10.1007/s00145-021-09398-9"
        ),
        sizes=(6, 8, 10),
        build=sbox,
        known_answer=_sbox_sentence,
        amplitudes=sbox_amplitudes,
    ),
)
