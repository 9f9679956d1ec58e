"""How does a circuit run in rigorous ball arithmetic?  States, density matrices, channels and branches.

A vector is a dict from basis index to ball; an index that is absent is exactly 0.  A density matrix of n
qubits is the vector of 2n qubits whose index is ``row + (column << n)``.  So a GHZ state on 20 qubits has
two entries, and splitting a vector by a measurement makes no more of them.

Radii grow although gates are unitary, as balls know nothing of that: by at most one bit per step (see
``ball_effort``), which the working precision allows for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from flint import acb, arb

from qbench.errors import QbenchError
from qbench.ir import CHANNELS, Circuit, Operation
from qbench.verify.ball_gates import PAULIS, Matrix, steps

__all__ = ["Branch", "Vector", "add", "apply", "evolve", "scale", "weight"]

Vector = dict[int, Any]
"""Basis index to ball (``flint.acb``)."""


class Branch(NamedTuple):
    """What is left where classical bits read ``clbits``, not normalised: its weight is its probability."""

    clbits: int
    vector: Vector


def apply(
    vector: Vector, matrix: Matrix, target: int, controls: Sequence[int] = (), *, inside: bool = False
) -> Vector:
    """The vector after a matrix on one qubit, where all controls are 1.

    Elsewhere the vector stays, or is dropped where only what is ``inside`` the controls is wanted, as a
    derivative by the matrix is.  Entries that are exactly 0 are left out.

    >>> from flint import acb
    >>> sorted(apply({0: acb(1), 2: acb(3)}, PAULIS["X"], 0, (1,)))
    [0, 3]
    """
    a, b, c, d = (None if entry.is_zero() else entry for entry in matrix)
    bit, mask = 1 << target, sum(1 << control for control in controls)
    made: Vector = {}
    for index, here in vector.items():
        if index & mask != mask:
            if not inside:
                made[index] = here
            continue
        low = index & ~bit
        if index == low:
            high = vector.get(low | bit)
            pairs = ((low, a, here, b, high), (low | bit, c, here, d, high))
        elif low in vector:
            continue  # done from its partner
        else:
            pairs = ((low, None, None, b, here), (index, None, None, d, here))
        for place, first, x, second, y in pairs:
            value = None if first is None or x is None else first * x
            if second is not None and y is not None:
                value = second * y if value is None else value + second * y
            if value is not None and not value.is_zero():
                made[place] = value
    return made


def scale(vector: Vector, factor: Any) -> Vector:
    """The vector times a ball or an exact number."""
    return {index: factor * value for index, value in vector.items()}


def add(vectors: Iterable[Vector]) -> Vector:
    """The sum of vectors."""
    total: Vector = {}
    for vector in vectors:
        for index, value in vector.items():
            total[index] = total[index] + value if index in total else value
    return total


def weight(vector: Vector, columns: int | None = None) -> Any:
    """The probability (``arb``): the sum of |v|^2, or the trace of a density matrix of ``columns`` qubits.

    >>> from flint import acb
    >>> weight({0: acb(0.5), 3: acb(0, 0.5)}), weight({0: acb(0.25), 3: acb(0.25)}, 1)
    (0.500000000000000, 0.500000000000000)
    """
    total = arb(0)
    for index, value in vector.items():
        if columns is None:
            re, im = value.real, value.imag
            total += re * re + im * im
        elif index >> columns == index & ((1 << columns) - 1):
            total += value.real
    return total


def evolve(circuit: Circuit, *, density: bool = False, measured: bool = False) -> list[Branch]:
    """Run a circuit from |0...0>: its branches, each with what the classical bits read.

    ``density`` asks for density matrices, which noise channels need.  ``measured`` false leaves out
    measurements, which must then be final, and gives one branch.  A branch is dropped only where all of it
    is exactly 0.  Raises ``QbenchError`` for free parameters, for channels without ``density``, and for
    measurements within the circuit, resets or feed-forward where nothing is ``measured``.

    >>> from qbench.ir import Operation
    >>> coin = Circuit(1, (Operation("h", (0,)), Operation("measure", (0,), (), (0,))), 1)
    >>> [branch.clbits for branch in evolve(coin, measured=True)]
    [0, 1]
    """
    _refuse(circuit, density, measured)
    n = circuit.num_qubits
    sides = (0, n) if density else (0,)
    branches = [Branch(0, {0: acb(1)})]
    for op in circuit.operations:
        if op.name == "barrier" or (op.name == "measure" and not measured):
            continue
        made: list[Branch] = []
        for branch in branches:
            if op.condition is not None and not _reads(branch.clbits, *op.condition):
                made.append(branch)
            elif op.name == "measure":
                for value in (0, 1):
                    clbits = branch.clbits & ~(1 << op.clbits[0]) | value << op.clbits[0]
                    made.append(Branch(clbits, _projected(branch.vector, op.qubits[0], value, sides)))
            elif op.name == "reset":
                flips = sum(1 << (op.qubits[0] + side) for side in sides)
                fallen = _projected(branch.vector, op.qubits[0], 1, sides)
                made.append(Branch(branch.clbits, _projected(branch.vector, op.qubits[0], 0, sides)))
                made.append(Branch(branch.clbits, {index ^ flips: value for index, value in fallen.items()}))
            else:
                made.append(Branch(branch.clbits, _acted(branch.vector, op, sides)))
        branches = [branch for branch in made if branch.vector]
        if density:
            branches = _merged(branches)
    return branches


def _refuse(circuit: Circuit, density: bool, measured: bool) -> None:
    strange = set(circuit.features)
    if density:
        strange.discard("noise")
    if measured:
        strange -= {"mid_circuit_measurement", "reset", "feed_forward"}
    if strange:
        raise QbenchError(
            f"circuit {circuit.name or circuit.id}: no ball arithmetic of this task for a circuit with "
            f"{', '.join(sorted(strange))}; expected bound angles, channels only where a density matrix "
            "is asked for, and measurements at the end unless outcomes are"
        )


def _reads(clbits: int, bits: Sequence[int], value: int) -> bool:
    return all((clbits >> bit) & 1 == (value >> place) & 1 for place, bit in enumerate(bits)) and (
        value >> len(bits) == 0
    )


def _merged(branches: Sequence[Branch]) -> list[Branch]:
    together: dict[int, list[Vector]] = {}
    for branch in branches:
        together.setdefault(branch.clbits, []).append(branch.vector)
    return [Branch(clbits, add(vectors)) for clbits, vectors in together.items()]


def _projected(vector: Vector, qubit: int, value: int, sides: Sequence[int]) -> Vector:
    mask = sum(1 << (qubit + side) for side in sides)
    wanted = mask if value else 0
    return {index: entry for index, entry in vector.items() if index & mask == wanted}


def _acted(vector: Vector, op: Operation, sides: Sequence[int]) -> Vector:
    angles = [float(angle) for angle in op.params]  # type: ignore[arg-type]
    if op.name in CHANNELS:
        return _channel(vector, op.name, angles[0], op.qubits, sides[1])
    for side in sides:
        for step in steps(op.name, op.qubits, angles):
            matrix = _conjugate(step.matrix) if side else step.matrix
            vector = apply(vector, matrix, step.target + side, [control + side for control in step.controls])
    return vector


def _conjugate(matrix: Matrix) -> Matrix:
    a, b, c, d = (entry.conjugate() for entry in matrix)
    return a, b, c, d


def _channel(vector: Vector, name: str, strength: float, qubits: Sequence[int], n: int) -> Vector:
    """One noise channel as the sum of K rho K^dagger over its Kraus operators (Nielsen and Chuang 8.3).

    Depolarizing is ``(1 - p) rho + p mixed``, where mixing one qubit, tr(rho) (x) I/2, is the sum of P rho P
    / 4 over the Paulis, and mixing two is one after the other.
    """
    p = arb(strength)
    if name == "depolarizing":
        half = acb(0.5)
        paulis = [(half, acb(0), acb(0), half), *(_times(half, matrix) for matrix in PAULIS.values())]
        mixed = vector
        for qubit in qubits:
            mixed = _kraus(mixed, paulis, qubit, n)
        return _without_zeros(add([scale(vector, 1 - p), scale(mixed, p)]))
    keep, lose = acb((1 - p).sqrt()), acb(p.sqrt())
    zero = acb(0)
    # What is lost goes from |1> to |0> (amplitude damping), or stays |1> (phase damping).
    lost: Matrix = (zero, lose, zero, zero) if name == "amplitude_damping" else (zero, zero, zero, lose)
    for qubit in qubits:
        vector = _kraus(vector, [(acb(1), zero, zero, keep), lost], qubit, n)
    return vector


def _kraus(vector: Vector, operators: Iterable[Matrix], qubit: int, n: int) -> Vector:
    parts = (apply(apply(vector, operator, qubit), _conjugate(operator), qubit + n) for operator in operators)
    return _without_zeros(add(parts))


def _times(factor: Any, matrix: Matrix) -> Matrix:
    a, b, c, d = (factor * entry for entry in matrix)
    return a, b, c, d


def _without_zeros(vector: Vector) -> Vector:
    return {index: value for index, value in vector.items() if not value.is_zero()}
