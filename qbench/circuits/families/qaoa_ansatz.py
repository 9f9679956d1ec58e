"""QAOA with free angles: cuts of networks (critical infrastructure) and spin glasses (optimisation).

The graphs and glasses are those of ``maxcut`` and ``optimisation``; gamma_l and beta_l are the angles of
layer l as papers count them, so that each gate turns by a multiple of one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from qbench.circuits.families import maxcut, optimisation
from qbench.circuits.families.family import Family, measured, rounded
from qbench.circuits.families.pauli_sums import spin_glass
from qbench.ir import Circuit, Operation, Parameter

__all__ = ["FAMILIES", "qaoa_maxcut_ansatz", "sk_qaoa_ansatz"]

LAYERS = 2


def _alternating(name: str, size: int, costs: Mapping[tuple[int, int], float], mixing: float) -> Circuit:
    """rzz(costs gamma) on pairs and rx(mixing beta) on qubits in turn, on |+...+>."""
    gates = [Operation("h", (q,)) for q in range(size)]
    for layer in range(LAYERS):
        gates += [
            Operation("rzz", pair, (Parameter(f"gamma_{layer}", scale),)) for pair, scale in costs.items()
        ]
        gates += [Operation("rx", (q,), (Parameter(f"beta_{layer}", mixing),)) for q in range(size)]
    return measured(f"{name}_{size}", size, gates)


def qaoa_maxcut_ansatz(size: int) -> Circuit:
    """Two layers of exp(-i gamma C) and exp(-i beta sum X) on |+...+>, C the number of cut edges.

    Source: Farhi, Goldstone and Gutmann 2014, arXiv:1411.4028.

    >>> qaoa_maxcut_ansatz(4).parameters, qaoa_maxcut_ansatz(4).gates[10].params
    (('gamma_0', 'beta_0', 'gamma_1', 'beta_1'), (Parameter(name='beta_0', scale=2.0, shift=0.0),))
    """
    edges = maxcut.regular_graph(size)
    return _alternating("qaoa_maxcut_ansatz", size, dict.fromkeys(edges, -1.0), 2.0)


def qaoa_maxcut_value(size: int, bindings: Mapping[str, float]) -> float:
    """The mean cut, from phases of cut sizes and Walsh-Hadamard transforms."""
    return maxcut.mean_cut(size, *_layers(bindings))


def sk_qaoa_ansatz(size: int) -> Circuit:
    """Two layers of exp(-i gamma E/sqrt(n)) and exp(i beta sum X) on |+...+>, E the energy of the glass.

    Source: Farhi, Goldstone, Gutmann and Zhou 2022, arXiv:1910.08187.

    >>> len(sk_qaoa_ansatz(4).gates), len(sk_qaoa_ansatz(4).parameters)
    (24, 4)
    """
    couplings = optimisation.couplings(size)
    costs = {pair: _factor(size) * coupling for pair, coupling in couplings.items()}
    return _alternating("sk_qaoa_ansatz", size, costs, -2.0)


def _factor(size: int) -> float:
    return rounded(2 / math.sqrt(size))


def sk_qaoa_value(size: int, bindings: Mapping[str, float]) -> float:
    """The mean energy, from integer energies as phases and Walsh-Hadamard transforms."""
    gammas, betas = _layers(bindings)
    layers = [(_factor(size) * gamma, -2 * beta) for gamma, beta in zip(gammas, betas, strict=True)]
    return optimisation.mean_energy(size, layers)


def _layers(bindings: Mapping[str, float]) -> tuple[list[float], list[float]]:
    gammas, betas = ([bindings[f"{name}_{layer}"] for layer in range(LAYERS)] for name in ("gamma", "beta"))
    return gammas, betas


def _sentence(what: str, value: Callable[[int, Mapping[str, float]], float], size: int) -> str:
    at = {f"{name}_{layer}": 0.3 for name in ("gamma", "beta") for layer in range(LAYERS)}
    return f"{what} at any angles, by transforms; with all angles 0.3 it is {value(size, at):.6f}"


FAMILIES = (
    Family(
        name="qaoa_maxcut_ansatz",
        area=maxcut.AREA,
        summary=f"QAOA for MaxCut on a random 3-regular graph, p = {LAYERS}, free angles",
        source="Farhi, Goldstone and Gutmann 2014, arXiv:1411.4028",
        sizes=(4, 6, 8, 10, 12),
        build=qaoa_maxcut_ansatz,
        known_answer=lambda size: _sentence("the mean cut", qaoa_maxcut_value, size),
        observable=maxcut.cut,
        value=qaoa_maxcut_value,
    ),
    Family(
        name="sk_qaoa_ansatz",
        area=optimisation.AREA,
        summary=f"QAOA with {LAYERS} layers on a Sherrington-Kirkpatrick spin glass, free angles",
        source="Farhi, Goldstone, Gutmann and Zhou 2022, arXiv:1910.08187",
        sizes=(4, 6, 8, 10, 12),
        build=sk_qaoa_ansatz,
        known_answer=lambda size: _sentence("the mean energy", sk_qaoa_value, size),
        observable=lambda size: spin_glass(optimisation.couplings(size)),
        value=sk_qaoa_value,
    ),
)
