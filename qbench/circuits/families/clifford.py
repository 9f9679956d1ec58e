"""Synthetic load: random Clifford circuits, and the same with a few t gates."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from functools import cache

from qbench.circuits.families.family import Family, measured
from qbench.circuits.families.pauli_propagation import expectation, pauli, stabilizers
from qbench.circuits.families.pauli_sums import mean, pauli_sum
from qbench.circuits.families.synthetic import shuffled
from qbench.ir import Circuit, Operation

__all__ = ["FAMILIES", "clifford", "clifford_layers", "clifford_t"]

AREA = "synthetic"
ONE_QUBIT = ("id", "x", "y", "z", "h", "h", "s", "sdg")
TWO_QUBIT = ("cx", "cx", "cy", "cz", "swap")


def clifford_layers(draw: Callable[[], float], size: int, layers: int) -> list[Operation]:
    """Layers of a random gate on every qubit, then random two-qubit gates on random pairs.

    >>> len(clifford_layers(random.Random(1).random, 4, 2))
    12
    """
    gates: list[Operation] = []
    for _ in range(layers):
        gates += [Operation(ONE_QUBIT[int(draw() * len(ONE_QUBIT))], (q,)) for q in range(size)]
        order = shuffled(draw, size)
        for pair in zip(order[::2], order[1::2], strict=False):
            gates.append(Operation(TWO_QUBIT[int(draw() * len(TWO_QUBIT))], pair))
    return gates


def clifford(size: int, seed: int | None = None) -> Circuit:
    """As many random Clifford layers as qubits, for which the stabilizer group of the final state is known.

    Source: Gottesman 1998, arXiv:quant-ph/9807006; Aaronson and Gottesman 2004, arXiv:quant-ph/0406196.

    >>> len(clifford(4).gates), clifford(4).id == clifford(4, seed=1).id
    (28, False)
    """
    draw = random.Random(51_000 + size if seed is None else seed).random
    start = [Operation("h", (q,)) for q in range(size)]
    return measured(f"clifford_{size}", size, start + clifford_layers(draw, size, size))


@cache
def clifford_expectations(size: int) -> Mapping[str, float]:
    """One generator of the stabilizer group per qubit, with its sign."""
    return {product.text: float(sign) for product, sign in stabilizers(clifford(size).gates, size).items()}


def _first(size: int) -> str:
    product, value = next(iter(clifford_expectations(size).items()))
    return f"<{product}> = {value:.0f}"


def t_count(size: int) -> int:
    """Enough for the state to be far from every stabilizer state, few enough for Pauli propagation.

    >>> t_count(2), t_count(12)
    (4, 12)
    """
    return min(2 * size, 12)


def clifford_t(size: int, seed: int | None = None) -> Circuit:
    """A random Clifford circuit as deep as wide, with 2 t or tdg per qubit (at most 12) at random places.

    Source: Bravyi and Gosset 2016, arXiv:1601.07601.

    >>> len(clifford_t(4).gates)
    36
    """
    draw = random.Random(52_000 + size if seed is None else seed).random
    gates = [Operation("h", (q,)) for q in range(size)] + clifford_layers(draw, size, size)
    for _ in range(t_count(size)):
        place = size + int(draw() * (len(gates) - size))
        gates.insert(place, Operation("t" if draw() < 0.5 else "tdg", (int(draw() * size),)))
    return measured(f"clifford_t_{size}", size, gates)


def clifford_t_products(size: int) -> list[str]:
    """The stabilizers of two Clifford circuits, without t gates or with s instead: t lies halfway between."""
    gates = clifford_t(size).gates
    without = [gate for gate in gates if gate.name not in ("t", "tdg")]
    with_s = [gate._replace(name={"t": "s", "tdg": "sdg"}.get(gate.name, gate.name)) for gate in gates]
    products = stabilizers(without, size) | stabilizers(with_s, size)
    return [product.text for product in products]


@cache
def clifford_t_expectations(size: int) -> Mapping[str, float]:
    """What the t gates left of those stabilizers."""
    gates = clifford_t(size).gates
    return {text: expectation(gates, pauli(text)) for text in clifford_t_products(size)}


def _strongest(size: int) -> str:
    values = clifford_t_expectations(size)
    # one that the t gates left something of, but not all
    partial = {text: round(abs(value), 9) for text, value in values.items() if abs(value) < 0.999}
    product = max(partial or values, key=lambda text: (partial.get(text, 1.0), text))
    return f"<{product}> = {values[product]:.6f}"


FAMILIES = (
    Family(
        name="clifford",
        area=AREA,
        summary="random Clifford circuit (id x y z h s sdg cx cy cz swap), as deep as wide",
        source="Aaronson and Gottesman 2004, arXiv:quant-ph/0406196",
        sizes=(*range(2, 13), 14, 16, 20),
        build=clifford,
        known_answer=lambda size: f"{_first(size)}, and the other generators of its stabilizer group",
        expectations=clifford_expectations,
        observable=lambda size: pauli_sum({p: v / size for p, v in clifford_expectations(size).items()}),
    ),
    Family(
        name="clifford_t",
        area=AREA,
        summary="random Clifford circuit with 2 t or tdg per qubit, at most 12",
        source="Bravyi and Gosset 2016, arXiv:1601.07601",
        sizes=(*range(2, 13), 14, 16),
        build=clifford_t,
        known_answer=lambda size: f"{_strongest(size)}, by Pauli propagation",
        expectations=clifford_t_expectations,
        observable=lambda size: mean(clifford_t_products(size)),
    ),
)
