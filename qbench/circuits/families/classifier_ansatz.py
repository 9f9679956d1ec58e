"""Artificial intelligence: a classifier to be trained, its data fixed and its weights free."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping

from qbench.circuits.families.family import Family, measured, rounded
from qbench.circuits.families.pauli_propagation import Pauli, expectation
from qbench.circuits.families.pauli_sums import pauli_sum
from qbench.ir import Circuit, Operation, Parameter

__all__ = ["FAMILIES", "classifier_ansatz"]

AREA = "artificial-intelligence"
LAYERS = 2
BIAS = 0.25


def classifier_ansatz(size: int) -> Circuit:
    """One feature per qubit by ry; twice u with three weights each and a ring of cz; then the data again.

    The second upload is ry(weight x feature + 0.25): a weight scales its feature.  The sign of Z0 is the
    class.  7 n parameters.

    Source: Schuld et al. 2020, arXiv:1804.00633 (circuit-centric classifiers); Perez-Salinas et al. 2020,
    arXiv:1907.02085 (data uploaded again, with weights).

    >>> len(classifier_ansatz(4).parameters), classifier_ansatz(2).gates[-1].params
    (28, (Parameter(name='theta_13', scale=0.655550090031, shift=0.25),))
    """
    draw = random.Random(35_000 + size).random
    features = [rounded(math.pi * draw()) for _ in range(size)]
    ring = [(q, (q + 1) % size) for q in range(size if size > 2 else size - 1)]
    gates = [Operation("ry", (q,), (feature,)) for q, feature in enumerate(features)]
    weight = iter(range(7 * size))
    for _ in range(LAYERS):
        for q in range(size):
            gates.append(Operation("u", (q,), tuple(Parameter(f"theta_{next(weight)}") for _ in range(3))))
        gates += [Operation("cz", pair) for pair in ring]
    for q, feature in enumerate(features):
        gates.append(Operation("ry", (q,), (Parameter(f"theta_{next(weight)}", feature, BIAS),)))
    return measured(f"classifier_ansatz_{size}", size, gates)


def classifier_value(size: int, bindings: Mapping[str, float]) -> float:
    return expectation(classifier_ansatz(size).bind(bindings).gates, Pauli(0, 1))


def _sentence(size: int) -> str:
    at = dict.fromkeys(classifier_ansatz(size).parameters, 0.3)
    return (
        "<Z0> at any weights, by Pauli propagation; with all weights 0.3 it is "
        f"{classifier_value(size, at):.6f}"
    )


FAMILIES = (
    Family(
        name="classifier_ansatz",
        area=AREA,
        summary=f"classifier with fixed features and free weights, {LAYERS} layers of u and a ring of cz",
        source="Schuld et al. 2020, arXiv:1804.00633; Perez-Salinas et al. 2020, arXiv:1907.02085",
        sizes=(2, 3, 4, 6, 8, 10),
        build=classifier_ansatz,
        known_answer=_sentence,
        observable=lambda _: pauli_sum({"Z0": 1.0}),
        value=classifier_value,
    ),
)
