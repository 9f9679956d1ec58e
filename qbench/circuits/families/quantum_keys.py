"""Quantum keys: correlations that prove entanglement (CHSH), keys from single qubits (BB84), random bits."""

from __future__ import annotations

import math
from collections.abc import Mapping

from qbench.circuits.families.family import Family, measured
from qbench.circuits.families.pauli_sums import pauli_sum
from qbench.ir import Circuit, Observable, Operation

__all__ = ["FAMILIES", "bb84", "chsh", "random_bits"]

AREA = "cybersecurity"

# (Alice's angle, Bob's) in turns of pi: the four settings of the test, the last with the minus sign in S.
SETTINGS = ((0.0, 0.25), (0.0, -0.25), (0.5, 0.25), (0.5, -0.25))


def chsh(size: int) -> Circuit:
    """The first size/2 settings of the CHSH test side by side, a Bell pair for each; with 8 qubits all of S.

    Pair k is qubits 2k (Alice) and 2k + 1 (Bob).  A spin at angle a in the plane of Z and X is measured by
    ry(-a) before the readout; on (|00> + |11>)/sqrt(2) two such have the correlation cos(a - b).

    Source: Clauser, Horne, Shimony and Holt 1969, doi:10.1103/PhysRevLett.23.880; as a test of keys, Ekert
    1991, doi:10.1103/PhysRevLett.67.661.

    >>> [op.name for op in chsh(2).gates]
    ['h', 'cx', 'ry']
    """
    gates = []
    for pair, angles in enumerate(SETTINGS[: size // 2]):
        alice, bob = 2 * pair, 2 * pair + 1
        gates += [Operation("h", (alice,)), Operation("cx", (alice, bob))]
        for qubit, turns in zip((alice, bob), angles, strict=True):
            if turns:
                gates.append(Operation("ry", (qubit,), (-turns * math.pi,)))
    return measured(f"chsh_{size}", size, gates)


def chsh_expectations(size: int) -> Mapping[str, float]:
    """Each pair's correlation, and 0 for each qubit alone."""
    known = {f"Z{qubit}": 0.0 for qubit in range(size)}
    for pair, (a, b) in enumerate(SETTINGS[: size // 2]):
        known[f"Z{2 * pair} Z{2 * pair + 1}"] = math.cos((a - b) * math.pi)
    return known


def chsh_operator(size: int) -> Observable:
    """The sum of the settings' correlations, the fourth subtracted: S with all four of them."""
    return pauli_sum({f"Z{2 * k} Z{2 * k + 1}": -1.0 if k == 3 else 1.0 for k in range(size // 2)})


def _chsh_sentence(size: int) -> str:
    correlations = [f"<Z{2 * k} Z{2 * k + 1}> = {'-' if k == 3 else ''}1/sqrt(2)" for k in range(size // 2)]
    total = "; S = 2 sqrt(2), at most 2 without entanglement" if size == 2 * len(SETTINGS) else ""
    return ", ".join(correlations) + total


def _bb84_choices(qubit: int) -> tuple[int, int, int]:
    """(Alice's bit, Alice's basis, Bob's basis) of one qubit: all eight combinations in turn."""
    return qubit & 1, qubit >> 1 & 1, qubit >> 2 & 1


def bb84(size: int) -> Circuit:
    """Keys from single qubits: Alice's bit in Alice's basis (Z or X), read in Bob's basis; nobody listens.

    Qubit q has Alice's bit q mod 2, her basis X if bit 1 of q is set, Bob's basis X if bit 2 is.

    Source: Bennett and Brassard 1984, reprinted as doi:10.1016/j.tcs.2014.05.025.

    >>> [(op.name, op.qubits) for op in bb84(4).gates]
    [('x', (1,)), ('h', (2,)), ('x', (3,)), ('h', (3,))]
    """
    gates = []
    for qubit in range(size):
        bit, alice, bob = _bb84_choices(qubit)
        gates += [Operation(name, (qubit,)) for name in ["x"] * bit + ["h"] * (alice + bob)]
    return measured(f"bb84_{size}", size, gates)


def bb84_amplitudes(size: int) -> list[complex]:
    """Alice's bit where the bases agree; else (|0> + |1>)/sqrt(2) for a 0, (|0> - |1>)/sqrt(2) for a 1."""
    state = [1 + 0j]
    for qubit in range(size):
        bit, alice, bob = _bb84_choices(qubit)
        zero, one = (1 - bit, bit) if alice == bob else (math.sqrt(0.5), (1 - 2 * bit) * math.sqrt(0.5))
        state = [amplitude * zero for amplitude in state] + [amplitude * one for amplitude in state]
    return state


def bb84_expectations(size: int) -> Mapping[str, float]:
    """<Z> is Alice's bit where the bases agree, 0 where they do not."""
    known = {}
    for qubit in range(size):
        bit, alice, bob = _bb84_choices(qubit)
        known[f"Z{qubit}"] = float(1 - 2 * bit) if alice == bob else 0.0
    return known


def _bb84_sentence(size: int) -> str:
    choices = [_bb84_choices(qubit) for qubit in range(size)]
    kept = [qubit for qubit, (_, alice, bob) in enumerate(choices) if alice == bob]
    key = "".join(str(choices[qubit][0]) for qubit in kept)
    return (
        f"qubits {', '.join(map(str, kept))} (same basis) read Alice's bits {key} with probability 1, "
        "an error rate of 0; the others are even coins"
    )


def random_bits(size: int) -> Circuit:
    """One h and one readout per bit.

    Source: Herrero-Collantes and Garcia-Escartin 2017, arXiv:1604.03304.

    >>> random_bits(2).depth
    2
    """
    return measured(f"random_bits_{size}", size, [Operation("h", (qubit,)) for qubit in range(size)])


FAMILIES = (
    Family(
        name="chsh",
        area=AREA,
        summary="the settings of the CHSH test on Bell pairs, two qubits each",
        source=(
            "Clauser, Horne, Shimony and Holt 1969, doi:10.1103/PhysRevLett.23.880; "
            "Ekert 1991, doi:10.1103/PhysRevLett.67.661"
        ),
        sizes=(2, 4, 6, 8),
        build=chsh,
        known_answer=_chsh_sentence,
        expectations=chsh_expectations,
        observable=chsh_operator,
    ),
    Family(
        name="bb84",
        area=AREA,
        summary="quantum key distribution with single qubits, every combination of bit and bases in turn",
        source="Bennett and Brassard 1984, doi:10.1016/j.tcs.2014.05.025",
        sizes=(4, 8, 12, 16),
        build=bb84,
        known_answer=_bb84_sentence,
        amplitudes=bb84_amplitudes,
        expectations=bb84_expectations,
    ),
    Family(
        name="random_bits",
        area=AREA,
        summary="random numbers: an even superposition of every outcome",
        source="Herrero-Collantes and Garcia-Escartin 2017, arXiv:1604.03304",
        sizes=(1, 2, 4, 6, 8, 10, 12, 16, 20),
        build=random_bits,
        known_answer=lambda size: f"each of {2**size} outcomes with probability 1/{2**size}",
        probabilities=lambda size: [0.5**size] * 2**size,
    ),
)
