"""What a circuit is made of: gates by name and size, depths, and whether all gates are Clifford."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from qbench.circuits.lowering import not_clifford
from qbench.ir import Circuit

__all__ = ["Anatomy", "anatomy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Anatomy:
    """Counts of one circuit.

    ``gates`` and ``other`` hold numbers by name (``other``: barriers, measurements, resets), both most
    frequent first; ``by_size`` numbers of gates by how many qubits they act on.  ``two_qubit_depth`` counts
    layers of gates on two or more qubits alone.  ``first_not_clifford`` is the name of the first gate that is
    no Clifford gate, None where all are: a rotation by a multiple of pi/2 is one.
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
    stranger = not_clifford(circuit)
    gates = Counter(op.name for op in circuit.gates)
    other = Counter(op.name for op in circuit.operations) - gates
    return Anatomy(
        gates=dict(gates.most_common()),
        other=dict(other.most_common()),
        by_size=dict(sorted(sizes.items())),
        depth=circuit.depth,
        two_qubit_depth=_two_qubit_depth(circuit),
        first_not_clifford=stranger.name if stranger else None,
    )


def _two_qubit_depth(circuit: Circuit) -> int:
    level = [0] * circuit.num_qubits
    for op in circuit.gates:
        if len(op.qubits) > 1:
            layer = 1 + max(level[q] for q in op.qubits)
            for q in op.qubits:
                level[q] = layer
    return max(level)
