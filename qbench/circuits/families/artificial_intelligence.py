"""Artificial intelligence: a quantum kernel, data re-uploading, a classifier, a convolutional network.

Data and weights are frozen at random; nothing is trained here.
"""

from __future__ import annotations

import cmath
import math
import random
from collections.abc import Callable
from functools import cache

from qbench.circuits.families.family import Family, measured, rounded
from qbench.circuits.families.pauli_propagation import Pauli, expectation
from qbench.circuits.families.pauli_sums import mean_z, pauli_sum
from qbench.circuits.families.walsh_hadamard import walsh_hadamard
from qbench.ir import Circuit, Operation

__all__ = ["FAMILIES", "data_reuploading", "qcnn", "variational_classifier", "zz_kernel"]

AREA = "artificial-intelligence"
FEATURE_MAP_REPETITIONS = 2
SPREAD = 0.4
UPLOADS = 4
CLASSIFIER_LAYERS = 2


def _angle(draw: Callable[[], float]) -> float:
    return rounded((2 * draw() - 1) * math.pi)


def _phases(size: int) -> tuple[dict[tuple[int, ...], float], ...]:
    """For the two data points: qubit or pair of qubits to the phase that its ones (or odd parity) gain.

    2 x_i, and 2 (pi - x_i)(pi - x_j) for every pair.  The points lie close together, x_i in [0, 1) and y_i
    within SPREAD/size of it: the states of two random points of 10 features overlap by 1/1000 only.
    """
    draw = random.Random(31_000 + size).random
    x = [draw() for _ in range(size)]
    y = [value + 2 * SPREAD * (draw() - 0.5) / size for value in x]
    phases = []
    for point in (x, y):
        table: dict[tuple[int, ...], float] = {(q,): rounded(2 * point[q]) for q in range(size)}
        for q in range(size):
            for other in range(q + 1, size):
                table[q, other] = rounded(2 * (math.pi - point[q]) * (math.pi - point[other]))
        phases.append(table)
    return tuple(phases)


def _feature_map(size: int, phases: dict[tuple[int, ...], float]) -> list[Operation]:
    gates: list[Operation] = []
    for _ in range(FEATURE_MAP_REPETITIONS):
        gates += [Operation("h", (q,)) for q in range(size)]
        for qubits, phase in phases.items():
            if len(qubits) == 1:
                gates.append(Operation("p", qubits, (phase,)))
            else:
                gates += [
                    Operation("cx", qubits),
                    Operation("p", qubits[1:], (phase,)),
                    Operation("cx", qubits),
                ]
    return gates


def zz_kernel(size: int) -> Circuit:
    """U(x)+ U(y) of the ZZ feature map: |0...0> comes out with probability |<phi(x)|phi(y)>|^2, the kernel.

    Source: Havlicek et al. 2019, doi:10.1038/s41586-019-0980-2, all pairs, two repetitions.

    >>> [len(zz_kernel(n).gates) for n in (2, 10)]
    [28, 620]
    """
    x, y = _phases(size)
    there = _feature_map(size, y)
    back = _feature_map(size, x)
    gates = there + [
        op._replace(params=tuple(-a for a in op.params if isinstance(a, float))) for op in reversed(back)
    ]
    return measured(f"zz_kernel_{size}", size, gates)


@cache
def kernel(size: int) -> float:
    """|<phi(x)|phi(y)>|^2 from the two feature vectors, each by phases and Walsh-Hadamard transforms.

    >>> round(kernel(2), 6)
    0.993042
    """
    vectors = []
    for phases in _phases(size):
        turns = []
        for k in range(2**size):
            parities = (sum(k >> q & 1 for q in qubits) % 2 for qubits in phases)
            gained = math.fsum(phase for phase, odd in zip(phases.values(), parities, strict=True) if odd)
            turns.append(cmath.exp(1j * gained))
        vector: list[complex] = [float(k == 0) for k in range(2**size)]
        for _ in range(FEATURE_MAP_REPETITIONS):
            vector = [turn * value for turn, value in zip(turns, walsh_hadamard(vector), strict=True)]
        vectors.append(vector)
    overlaps = [a.conjugate() * b for a, b in zip(*vectors, strict=True)]
    return math.fsum(o.real for o in overlaps) ** 2 + math.fsum(o.imag for o in overlaps) ** 2


def data_reuploading(size: int) -> Circuit:
    """A two-dimensional point uploaded four times into every qubit, with cz between.

    Each upload is u(a + v x_0, b + w x_1, c) with weights of its own; the cz join pairs (0, 1), (2, 3), ...
    and (1, 2), (3, 4), ... in turn.

    Source: Perez-Salinas et al. 2020, arXiv:1907.02085.

    >>> len(data_reuploading(1).gates), len(data_reuploading(8).gates)
    (4, 43)
    """
    draw = random.Random(32_000 + size).random
    point = [2 * draw() - 1 for _ in range(2)]
    gates: list[Operation] = []
    for upload in range(UPLOADS):
        for qubit in range(size):
            bias = [_angle(draw) for _ in range(3)]
            scale = [2 * draw() - 1 for _ in range(2)]
            angles = (*(rounded(bias[i] + scale[i] * point[i]) for i in range(2)), bias[2])
            gates.append(Operation("u", (qubit,), angles))
        if upload < UPLOADS - 1:
            gates += [Operation("cz", (q, q + 1)) for q in range(upload % 2, size - 1, 2)]
    return measured(f"data_reuploading_{size}", size, gates)


def variational_classifier(size: int) -> Circuit:
    """One feature per qubit by ry, two layers of rz ry rz and a ring of cz, then ry; the mean of Z is read.

    Source: Schuld et al. 2020, arXiv:1804.00633 (circuit-centric classifiers).

    >>> len(variational_classifier(4).gates)
    40
    """
    draw = random.Random(33_000 + size).random
    ring = [(q, (q + 1) % size) for q in range(size if size > 2 else size - 1)]
    gates = [Operation("ry", (q,), (rounded(math.pi * draw()),)) for q in range(size)]
    for _ in range(CLASSIFIER_LAYERS):
        for qubit in range(size):
            gates += [Operation(rotation, (qubit,), (_angle(draw),)) for rotation in ("rz", "ry", "rz")]
        gates += [Operation("cz", pair) for pair in ring]
    gates += [Operation("ry", (q,), (_angle(draw),)) for q in range(size)]
    return measured(f"variational_classifier_{size}", size, gates)


def qcnn(size: int) -> Circuit:
    """Features by ry; then convolution and pooling, which halves the qubits in use, until the last is left.

    The convolution is one two-qubit block with shared weights on neighbours, first on (0, 1), (2, 3), ...,
    then on (1, 2), ..., (last, 0).  Pooling turns every second qubit as its neighbour says: crz on 1, crx on
    0, in place of a measurement and a turn that depends on it.

    Source: Cong, Choi and Lukin 2019, doi:10.1038/s41567-019-0648-8; blocks of Hur, Kim and Park 2022,
    arXiv:2108.00661.

    >>> len(qcnn(4).gates), len(qcnn(8).gates)
    (43, 107)
    """
    draw = random.Random(34_000 + size).random
    gates = [Operation("ry", (q,), (rounded(math.pi * draw()),)) for q in range(size)]
    active = list(range(size))
    while len(active) > 1:
        weights = [_angle(draw) for _ in range(4)]
        count = len(active)
        starts = [*range(0, count, 2), *(range(1, count, 2) if count > 2 else ())]
        for start in starts:
            gates += _convolution(active[start], active[(start + 1) % count], weights)
        turn_if_one, turn_if_zero = _angle(draw), _angle(draw)
        for control, target in zip(active[::2], active[1::2], strict=True):
            gates += [
                Operation("crz", (control, target), (turn_if_one,)),
                Operation("x", (control,)),
                Operation("crx", (control, target), (turn_if_zero,)),
            ]
        active = active[1::2]
    return measured(f"qcnn_{size}", size, gates)


def _convolution(first: int, second: int, weights: list[float]) -> list[Operation]:
    """ry on both, cx, ry on both, cx the other way."""
    return [
        Operation("ry", (first,), (weights[0],)),
        Operation("ry", (second,), (weights[1],)),
        Operation("cx", (second, first)),
        Operation("ry", (first,), (weights[2],)),
        Operation("ry", (second,), (weights[3],)),
        Operation("cx", (first, second)),
    ]


@cache
def _last_qubit(size: int) -> float:
    return expectation(qcnn(size).gates, Pauli(0, 1 << size - 1))


@cache
def _every_qubit(build: Callable[[int], Circuit], size: int) -> dict[str, float]:
    """<Z> of every qubit by Pauli propagation: past light cones of a few qubits each."""
    gates = build(size).gates
    return {f"Z{q}": expectation(gates, Pauli(0, 1 << q)) for q in range(size)}


def _mean(values: dict[str, float]) -> float:
    return math.fsum(values.values()) / len(values)


FAMILIES = (
    Family(
        name="zz_kernel",
        area=AREA,
        summary="kernel entry of the ZZ feature map, U(x)+ U(y), two repetitions, all pairs",
        source="Havlicek et al. 2019, doi:10.1038/s41586-019-0980-2",
        sizes=tuple(range(2, 11)),
        build=zz_kernel,
        known_answer=lambda size: f"outcome 0 with probability |<phi(x)|phi(y)>|^2 = {kernel(size):.6f}",
        chances=lambda size: {0: kernel(size)},
        # the kernel of each qubit alone, on average: (1 + Z) / 2 is the chance of a 0
        observable=lambda size: pauli_sum({"": 0.5} | {f"Z{q}": 0.5 / size for q in range(size)}),
    ),
    Family(
        name="data_reuploading",
        area=AREA,
        summary=f"a point uploaded {UPLOADS} times into every qubit, cz between, frozen random weights",
        source="Perez-Salinas et al. 2020, arXiv:1907.02085",
        sizes=tuple(range(1, 9)),
        build=data_reuploading,
        known_answer=lambda size: (
            f"<Z0> = {_every_qubit(data_reuploading, size)['Z0']:.6f} and the other <Z>, by Pauli propagation"
        ),
        expectations=lambda size: _every_qubit(data_reuploading, size),
        observable=lambda _: pauli_sum({"Z0": 1.0}),
    ),
    Family(
        name="variational_classifier",
        area=AREA,
        summary=f"features by ry, {CLASSIFIER_LAYERS} layers of rz ry rz and a ring of cz, frozen weights",
        source="Schuld et al. 2020, arXiv:1804.00633",
        sizes=tuple(range(2, 11)),
        build=variational_classifier,
        known_answer=lambda size: (
            f"mean <Z> over the qubits {_mean(_every_qubit(variational_classifier, size)):.6f}, "
            "by Pauli propagation"
        ),
        expectations=lambda size: _every_qubit(variational_classifier, size),
        observable=mean_z,
    ),
    Family(
        name="qcnn",
        area=AREA,
        summary="convolutional network: shared two-qubit blocks, pooling by controlled turns, frozen weights",
        source="Cong, Choi and Lukin 2019, doi:10.1038/s41567-019-0648-8",
        sizes=(4, 8),
        build=qcnn,
        known_answer=lambda size: f"<Z{size - 1}> = {_last_qubit(size):.6f}, by Pauli propagation",
        expectations=lambda size: {f"Z{size - 1}": _last_qubit(size)},
        observable=lambda size: pauli_sum({f"Z{size - 1}": 1.0}),
    ),
)
