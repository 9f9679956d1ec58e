"""Reversible logic for the families: gates with many controls, phase flips, functions from their tables."""

from __future__ import annotations

from collections.abc import Sequence

from qbench.ir import Operation

__all__ = ["ancillas_needed", "conditional_flip", "monomials", "phase_flip", "table_to_output"]

# OpenQASM 2's qelib1.inc, as its readers have it, stops at four controls.
_BY_CONTROLS = ("x", "cx", "ccx", "c3x", "c4x")


def ancillas_needed(controls: int) -> int:
    """How many clean ancillas ``conditional_flip`` takes: each turns four controls into one.

    >>> [ancillas_needed(controls) for controls in range(1, 11)]
    [0, 0, 0, 0, 1, 1, 1, 2, 2, 2]
    """
    return max(0, -(-(controls - 4) // 3))


def conditional_flip(controls: Sequence[int], target: int, ancillas: Sequence[int] = ()) -> list[Operation]:
    """An x on ``target`` where all ``controls`` are 1: x, cx, ccx, c3x, c4x, or several of them.

    With more than four controls, the logical AND of four is put into an ancilla (which must be 0, and is 0
    again afterwards) and stands for them, as in Barenco et al. 1995, arXiv:quant-ph/9503016, lemma 7.2, with
    clean ancillas and wider gates.  Raises ``ValueError`` where the ancillas do not suffice.

    >>> [(op.name, op.qubits) for op in conditional_flip([0, 1, 2, 3, 4], 5, [6])]
    [('c4x', (0, 1, 2, 3, 6)), ('ccx', (4, 6, 5)), ('c4x', (0, 1, 2, 3, 6))]
    """
    if len(ancillas) < ancillas_needed(len(controls)):
        raise ValueError(f"{len(controls)} controls need {ancillas_needed(len(controls))} ancillas")
    pending = list(controls)
    collected = []
    for ancilla in ancillas[: ancillas_needed(len(controls))]:
        collected.append(Operation("c4x", (*pending[:4], ancilla)))
        pending = [*pending[4:], ancilla]
    flip = Operation(_BY_CONTROLS[len(pending)], (*pending, target))
    return [*collected, flip, *reversed(collected)]


def phase_flip(qubits: Sequence[int], pattern: int, ancillas: Sequence[int] = ()) -> list[Operation]:
    """The sign -1 on the one basis state in which ``qubits`` read ``pattern``, the first least significant.

    >>> [(op.name, op.qubits) for op in phase_flip([0, 1], 2)]
    [('x', (0,)), ('h', (1,)), ('cx', (0, 1)), ('h', (1,)), ('x', (0,))]
    """
    *controls, target = qubits
    zeros = [Operation("x", (qubit,)) for bit, qubit in enumerate(qubits) if not pattern >> bit & 1]
    turn = Operation("h", (target,))
    return [*zeros, turn, *conditional_flip(controls, target, ancillas), turn, *zeros]


def monomials(truth: Sequence[int]) -> list[int]:
    """The polynomial over GF(2) of a Boolean function given by its 2^n values: its monomials as bit masks.

    The Moebius transform; mask 5 stands for x0 x2, mask 0 for the constant 1.

    >>> monomials([0, 1, 1, 0]), monomials([1, 1, 1, 0])
    ([1, 2], [0, 3])
    """
    coefficients = list(truth)
    step = 1
    while step < len(coefficients):
        for index in range(len(coefficients)):
            if index & step:
                coefficients[index] ^= coefficients[index ^ step]
        step *= 2
    return [mask for mask, present in enumerate(coefficients) if present]


def table_to_output(table: Sequence[int], inputs: Sequence[int], outputs: Sequence[int]) -> list[Operation]:
    """|x>|y> to |x>|y xor table[x]>: one gate per monomial of each output bit; at most four inputs in one.

    >>> [(op.name, op.qubits) for op in table_to_output([1, 0, 0, 1], [0, 1], [2])]
    [('x', (2,)), ('cx', (0, 2)), ('cx', (1, 2))]
    """
    gates = []
    for bit, output in enumerate(outputs):
        for mask in monomials([value >> bit & 1 for value in table]):
            controls = [qubit for place, qubit in enumerate(inputs) if mask >> place & 1]
            gates += conditional_flip(controls, output)
    return gates
