"""What a circuit is made of: gates by name and size, depths, and whether all gates are Clifford."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from qbench.circuits.qiskit_circuit import qiskit_gate
from qbench.ir import Circuit, Operation, Parameter

__all__ = ["Anatomy", "anatomy", "is_clifford"]

# An angle counts as a multiple of pi/2 within this share of itself: a few ulps, as parsers compute 3*pi/2.
ANGLE_TOLERANCE = 1e-15


@dataclass(frozen=True, slots=True, kw_only=True)
class Anatomy:
    """Counts of one circuit.

    ``gates`` and ``other`` hold numbers by name (``other``: barriers, measurements, resets), both most
    frequent first; ``by_size`` numbers of gates by how many qubits they act on.  ``two_qubit_depth`` counts
    layers of gates on two or more qubits alone.  ``first_not_clifford`` is the name of the first gate that is
    no Clifford gate, None where all are.
    """

    gates: Mapping[str, int]
    other: Mapping[str, int]
    by_size: Mapping[int, int]
    depth: int
    two_qubit_depth: int
    first_not_clifford: str | None


def anatomy(circuit: Circuit) -> Anatomy:
    """Look at a circuit; time grows with its length.

    >>> from qbench.circuits.library import load_circuit
    >>> seen = anatomy(load_circuit("ghz_4"))
    >>> dict(seen.gates), seen.two_qubit_depth, seen.first_not_clifford
    ({'cx': 3, 'h': 1}, 3, None)
    """
    sizes = Counter(len(op.qubits) for op in circuit.gates)
    distinct = {(op.name, op.params): op for op in circuit.gates}
    strangers = (op.name for op in distinct.values() if not is_clifford(op))
    gates = Counter(op.name for op in circuit.gates)
    other = Counter(op.name for op in circuit.operations) - gates
    return Anatomy(
        gates=dict(gates.most_common()),
        other=dict(other.most_common()),
        by_size=dict(sorted(sizes.items())),
        depth=circuit.depth,
        two_qubit_depth=_two_qubit_depth(circuit),
        first_not_clifford=next(strangers, None),
    )


def _two_qubit_depth(circuit: Circuit) -> int:
    level = [0] * circuit.num_qubits
    for op in circuit.gates:
        if len(op.qubits) > 1:
            layer = 1 + max(level[q] for q in op.qubits)
            for q in op.qubits:
                level[q] = layer
    return max(level)


def is_clifford(op: Operation) -> bool:
    """Whether a gate takes every product of Paulis to one, up to sign.

    A rotation does only at multiples of pi/2, which a double meets within its rounding; a free angle never
    counts.  Qiskit decides on the matrix at the exact multiples.

    >>> [is_clifford(Operation("rz", (0,), (angle,))) for angle in (math.pi / 2, 0.5)]
    [True, False]
    """
    from qiskit.exceptions import QiskitError
    from qiskit.quantum_info import Clifford, Operator

    exact = []
    for angle in op.params:
        if isinstance(angle, Parameter):
            return False
        turns = round(angle / (math.pi / 2))
        if abs(angle - turns * (math.pi / 2)) > ANGLE_TOLERANCE * max(1.0, abs(angle)):
            return False
        exact.append(turns % 8 * (math.pi / 2))  # the half-angles of rx repeat after 4 pi
    try:
        Clifford.from_operator(Operator(qiskit_gate(op._replace(params=tuple(exact)))))
    except QiskitError:
        return False
    return True
