"""MaxCut on 3-regular graphs by QAOA: the graphs, their best cuts, and what the circuits must give.

Splitting a network into two parts with as many lines between them as possible stands for partitioning power
and communication networks, where each node belongs to one of two groups.
"""

from __future__ import annotations

import cmath
import math
import random
from collections.abc import Mapping, Sequence
from functools import cache

from qbench.circuits.families.family import Family, measured
from qbench.circuits.families.pauli_sums import pauli_sum
from qbench.circuits.families.walsh_hadamard import walsh_hadamard
from qbench.ir import Circuit, Observable, Operation

__all__ = [
    "ANGLES",
    "FAMILIES",
    "best_cut",
    "cut",
    "edge_correlations",
    "mean_cut",
    "qaoa_maxcut",
    "regular_graph",
]

AREA = "critical-infrastructure"

Edge = tuple[int, int]

# (gammas, betas) by the number of layers p: good on every 3-regular graph, none optimised for its own graph.
# Wurtz and Lykov 2021, arXiv:2107.00677, to the three digits printed there.
ANGLES: Mapping[int, tuple[tuple[float, ...], tuple[float, ...]]] = {
    1: ((0.616,), (0.393,)),
    2: ((0.488, 0.898), (0.555, 0.293)),
    3: ((0.422, 0.798, 0.937), (0.609, 0.459, 0.235)),
}


@cache
def regular_graph(nodes: int) -> tuple[Edge, ...]:
    """A connected random graph of 3 edges per node, the same for ever; edges sorted, smaller node first.

    Three stubs per node are paired at random until no pair is a loop or double (Bollobas's configuration
    model), so each such graph is equally probable.

    >>> regular_graph(4)
    ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3))
    """
    draw = random.Random(31_000 + nodes).random
    while True:
        stubs = [node for node in range(nodes) for _ in range(3)]
        for last in range(len(stubs) - 1, 0, -1):
            other = int(draw() * (last + 1))
            stubs[last], stubs[other] = stubs[other], stubs[last]
        pairs = zip(stubs[::2], stubs[1::2], strict=True)
        edges = {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}
        if 2 * len(edges) == 3 * nodes and _connected(nodes, edges):
            return tuple(sorted(edges))


def _connected(nodes: int, edges: set[Edge]) -> bool:
    reached = {0}
    while True:
        more = {node for edge in edges if reached & set(edge) for node in edge} - reached
        if not more:
            return len(reached) == nodes
        reached |= more


@cache
def best_cut(nodes: int) -> int:
    """The largest number of edges between two groups of nodes, by trying every partition in Gray's order.

    >>> best_cut(4)
    4
    """
    neighbours = [0] * nodes
    for a, b in regular_graph(nodes):
        neighbours[a] |= 1 << b
        neighbours[b] |= 1 << a
    group = cut = best = 0
    for step in range(1, 2 ** (nodes - 1)):
        node = (step & -step).bit_length() - 1
        across = (neighbours[node] & group).bit_count()
        # The node changes sides: its edges to the other side no longer cross, those to its own side do.
        cut += 2 * across - 3 if group >> node & 1 else 3 - 2 * across
        group ^= 1 << node
        best = max(best, cut)
    return best


def qaoa_maxcut(size: int, layers: int = 1) -> Circuit:
    """``layers`` times exp(-i gamma C), C the number of cut edges, and exp(-i beta sum X), on |+...+>.

    Up to a phase exp(-i gamma (1 - Z Z) / 2) is rzz(-gamma) on each edge, and exp(-i beta X) is rx(2 beta).

    Source: Farhi, Goldstone and Gutmann 2014, arXiv:1411.4028.

    >>> len(qaoa_maxcut(4).gates), len(qaoa_maxcut(20, 3).gates)
    (14, 170)
    """
    gates = [Operation("h", (node,)) for node in range(size)]
    for gamma, beta in zip(*ANGLES[layers], strict=True):
        gates += [Operation("rzz", edge, (-gamma,)) for edge in regular_graph(size)]
        gates += [Operation("rx", (node,), (2 * beta,)) for node in range(size)]
    return measured(f"{_name(layers)}_{size}", size, gates)


def _name(layers: int) -> str:
    return "qaoa_maxcut" if layers == 1 else f"qaoa_maxcut_p{layers}"


@cache
def edge_correlations(nodes: int, layers: int) -> Mapping[Edge, float]:
    """<Z_a Z_b> of every edge: a closed form for one layer, else from the amplitudes."""
    if layers == 1:
        return {edge: _one_layer(regular_graph(nodes), edge) for edge in regular_graph(nodes)}
    chances = [abs(amplitude) ** 2 for amplitude in qaoa_amplitudes(nodes, layers)]
    return {
        (a, b): math.fsum(-p if (k >> a ^ k >> b) & 1 else p for k, p in enumerate(chances))
        for a, b in regular_graph(nodes)
    }


def _one_layer(edges: tuple[Edge, ...], edge: Edge) -> float:
    """<Z_a Z_b> = 1 - 2 <C_ab> from degrees and triangles: Wang et al. 2018, arXiv:1706.02998, theorem 1."""
    ((gamma,), (beta,)) = ANGLES[1]
    a, b = ({other for pair in edges if end in pair for other in pair} - set(edge) for end in edge)
    d, e, triangles = len(a), len(b), len(a & b)
    single = math.sin(4 * beta) * math.sin(gamma) * (math.cos(gamma) ** d + math.cos(gamma) ** e) / 4
    double = math.sin(2 * beta) ** 2 * math.cos(gamma) ** (d + e - 2 * triangles)
    return -2 * (single - double * (1 - math.cos(2 * gamma) ** triangles) / 4)


def qaoa_amplitudes(nodes: int, layers: int) -> list[complex]:
    """The state at the fixed angles."""
    return _evolved(nodes, *ANGLES[layers])


def _evolved(nodes: int, gammas: Sequence[float], betas: Sequence[float]) -> list[complex]:
    """Phases of cut sizes and, in the basis where every X is diagonal, phases of bit counts."""
    dimension, cuts = 2**nodes, _cuts(nodes)
    state = [complex(1 / math.sqrt(dimension))] * dimension
    for gamma, beta in zip(gammas, betas, strict=True):
        by_cut = [cmath.exp(-1j * gamma * cut) for cut in range(max(cuts) + 1)]
        by_ones = [cmath.exp(-1j * beta * (nodes - 2 * ones)) for ones in range(nodes + 1)]
        turned = walsh_hadamard([amplitude * by_cut[cut] for amplitude, cut in zip(state, cuts, strict=True)])
        state = walsh_hadamard([amplitude * by_ones[k.bit_count()] for k, amplitude in enumerate(turned)])
    return state


def _cuts(nodes: int) -> list[int]:
    """The number of cut edges of every partition."""
    cuts = [0] * 2**nodes
    for a, b in regular_graph(nodes):
        cuts = [cut + ((k >> a ^ k >> b) & 1) for k, cut in enumerate(cuts)]
    return cuts


def mean_cut(nodes: int, gammas: Sequence[float], betas: Sequence[float]) -> float:
    """The mean number of cut edges at any angles."""
    chances = [abs(amplitude) ** 2 for amplitude in _evolved(nodes, gammas, betas)]
    sizes = _cuts(nodes)
    return math.fsum(size * chance for size, chance in zip(sizes, chances, strict=True))


def expected_cut(nodes: int, layers: int) -> float:
    """The mean number of cut edges over the circuit's outcomes.

    >>> round(expected_cut(4, 1), 6) < best_cut(4)
    True
    """
    return math.fsum((1 - correlation) / 2 for correlation in edge_correlations(nodes, layers).values())


def cut(nodes: int) -> Observable:
    """The number of cut edges: (1 - Z Z) / 2 summed over the edges."""
    edges = regular_graph(nodes)
    return pauli_sum({"": len(edges) / 2} | {f"Z{a} Z{b}": -0.5 for a, b in edges})


def _sentence(nodes: int, layers: int) -> str:
    expected, best = expected_cut(nodes, layers), best_cut(nodes)
    return (
        f"expected cut {expected:.6f} of {3 * nodes // 2} edges; the best cut, by brute force over all "
        f"partitions, has {best}: ratio {expected / best:.4f}"
    )


def _family(layers: int, sizes: tuple[int, ...]) -> Family:
    def expectations(size: int) -> Mapping[str, float]:
        return {f"Z{a} Z{b}": value for (a, b), value in edge_correlations(size, layers).items()}

    return Family(
        name=_name(layers),
        area=AREA,
        summary=f"QAOA for MaxCut on a random 3-regular graph, p = {layers}, fixed angles",
        source="Farhi et al. 2014, arXiv:1411.4028; angles: Wurtz and Lykov 2021, arXiv:2107.00677",
        sizes=sizes,
        build=lambda size: qaoa_maxcut(size, layers),
        known_answer=lambda size: _sentence(size, layers),
        amplitudes=None if layers == 1 else lambda size: qaoa_amplitudes(size, layers),
        expectations=expectations,
        observable=cut,
    )


FAMILIES = (
    _family(1, (4, 6, 8, 10, 12, 14, 16, 18, 20)),
    _family(2, (4, 6, 8, 10, 12, 14, 16)),
    _family(3, (4, 6, 8, 10, 12, 14, 16)),
)
