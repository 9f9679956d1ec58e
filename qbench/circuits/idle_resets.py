"""Resets that do nothing, which many files begin with."""

from __future__ import annotations

from dataclasses import replace

from qbench.ir import Circuit, Operation

__all__ = ["without_idle_resets"]


def without_idle_resets(circuit: Circuit) -> Circuit:
    """The circuit without resets of qubits that nothing has acted on: they are in state 0 already.

    A simulator that cannot reset can run what is left.  Barriers do not count as acting.

    >>> c = Circuit(1, (Operation("reset", (0,)), Operation("h", (0,)), Operation("reset", (0,))))
    >>> [op.name for op in without_idle_resets(c).operations]
    ['h', 'reset']
    """
    touched: set[int] = set()
    kept: list[Operation] = []
    for op in circuit.operations:
        if op.name == "reset" and not touched.intersection(op.qubits):
            continue
        if op.name != "barrier":
            touched.update(op.qubits)
        kept.append(op)
    return circuit if len(kept) == len(circuit.operations) else replace(circuit, operations=tuple(kept))
