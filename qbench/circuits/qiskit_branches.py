"""Branches of a Qiskit circuit that measured bits decide, as operations that each have their condition.

OpenQASM 2's ``if (c == 1) x q[0];`` comes as such a branch too, by Qiskit's parser.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from qbench.circuits.openqasm3_conditions import Required, joined, opposite
from qbench.errors import QbenchError

__all__ = ["Instruction", "unbranched"]

MAX_DEEP = 30
"""Branches within one another."""

_READ = (
    "of conditions qbench reads single classical bits, registers against a number, and these joined by a "
    "logical and; write a branch for each case"
)


class Instruction(NamedTuple):
    """One of Qiskit's operations on qubits and classical bits by number; ``where`` is for errors."""

    gate: Any
    qubits: tuple[int, ...]
    clbits: tuple[int, ...]
    where: str
    condition: tuple[tuple[int, ...], int] | None = None


def unbranched(
    one: Any, qubit: Mapping[Any, int], clbit: Mapping[Any, int], where: str
) -> Iterator[Instruction]:
    """What an instruction of a circuit's data does: itself, or a branch's operations with its condition.

    ``qubit`` and ``clbit`` number Qiskit's bits.  Raises ``QbenchError`` that begins with ``where`` for a
    condition that is not on bits' values, and for a branch that measures anew what decides it.
    """
    if one.operation.name == "if_else":
        yield from _Branches(where).walk(one, qubit, clbit, {}, 0)
    else:
        yield Instruction(
            one.operation, tuple(qubit[q] for q in one.qubits), tuple(clbit[c] for c in one.clbits), where
        )


class _Branches:
    def __init__(self, where: str) -> None:
        self.where = where
        self.changed: set[int] = set()  # measured anew since the branch at hand was decided

    def refuse(self, message: str) -> QbenchError:
        return QbenchError(f"{self.where}: {message}")

    def walk(
        self, one: Any, qubit: Mapping[Any, int], clbit: Mapping[Any, int], given: Required, deep: int
    ) -> Iterator[Instruction]:
        from qiskit.circuit import IfElseOp

        qubits, clbits = tuple(qubit[q] for q in one.qubits), tuple(clbit[c] for c in one.clbits)
        if not isinstance(one.operation, IfElseOp):
            self.refuse_changed(given)
            yield Instruction(one.operation, qubits, clbits, self.where, _condition(given))
            if one.operation.name == "measure":
                self.changed.update(given.keys() & set(clbits))
            return
        if deep >= MAX_DEEP:
            raise self.refuse(f"branches nested more than {MAX_DEEP} deep")
        asked = self.required(one.operation.condition, clbit)
        self.refuse_changed(asked or {})
        cases = [asked]
        if len(one.operation.blocks) > 1 and one.operation.blocks[1].data:
            otherwise: Required | None = {} if asked is None else opposite(asked)
            if otherwise is None:
                raise self.refuse(
                    "an else to a condition on several bits; write a branch for each of the other cases"
                )
            cases.append(otherwise)
        for block, case in zip(one.operation.blocks, cases, strict=False):
            both = None if case is None else joined(given, case)
            if both is None:
                continue
            inner_qubit = dict(zip(block.qubits, qubits, strict=True))
            inner_clbit = dict(zip(block.clbits, clbits, strict=True))
            for inner in block.data:
                yield from self.walk(inner, inner_qubit, inner_clbit, both, deep + 1)
        self.changed &= given.keys()

    def refuse_changed(self, bits: Required) -> None:
        if not self.changed.isdisjoint(bits):
            raise self.refuse(
                "a bit that decides this branch is measured anew within it, and qbench decides operation by "
                "operation; measure into another bit"
            )

    def required(self, condition: Any, clbit: Mapping[Any, int]) -> Required | None:
        """The values that the condition asks for; None where no values can meet it."""
        from qiskit.circuit import Clbit
        from qiskit.circuit.classical import expr

        if isinstance(condition, expr.Expr):
            return self.expression(condition, clbit)
        target, value = condition
        bits = [target] if isinstance(target, Clbit) else list(target)
        return self.compared(bits, int(value), clbit)

    def compared(self, bits: list[Any], value: int, clbit: Mapping[Any, int]) -> Required | None:
        if not 0 <= value < 2 ** len(bits):
            raise self.refuse(f"{len(bits)} bits never read {value}: the condition is never met")
        return {clbit[bit]: value >> place & 1 for place, bit in enumerate(bits)}

    def expression(self, node: Any, clbit: Mapping[Any, int]) -> Required | None:
        from qiskit.circuit import Clbit
        from qiskit.circuit.classical import expr, types

        if isinstance(node, expr.Cast) and node.operand.type == types.Bool():
            return self.expression(node.operand, clbit)
        if isinstance(node, expr.Var) and isinstance(node.var, Clbit):
            return {clbit[node.var]: 1}
        if isinstance(node, expr.Unary) and node.op in (expr.Unary.Op.LOGIC_NOT, expr.Unary.Op.BIT_NOT):
            inner = self.expression(node.operand, clbit)
            turned = None if inner is None else opposite(inner)
            if turned is not None:
                return turned
        if isinstance(node, expr.Binary):
            kinds = expr.Binary.Op
            if node.op in (kinds.LOGIC_AND, kinds.BIT_AND):
                left, right = self.expression(node.left, clbit), self.expression(node.right, clbit)
                return None if left is None or right is None else joined(left, right)
            if node.op in (kinds.EQUAL, kinds.NOT_EQUAL):
                return self.equality(node, clbit)
        raise self.refuse(_READ)

    def equality(self, node: Any, clbit: Mapping[Any, int]) -> Required | None:
        from qiskit.circuit import ClassicalRegister, Clbit
        from qiskit.circuit.classical import expr

        sides = [
            side.operand if isinstance(side, expr.Cast) and side.implicit else side  # those lose nothing
            for side in (node.left, node.right)
        ]
        names = [side.var for side in sides if isinstance(side, expr.Var)]
        values = [side.value for side in sides if isinstance(side, expr.Value)]
        if len(names) != 1 or len(values) != 1 or not isinstance(names[0], Clbit | ClassicalRegister):
            raise self.refuse(_READ)
        bits = [names[0]] if isinstance(names[0], Clbit) else list(names[0])
        asked = self.compared(bits, int(values[0]), clbit)
        if node.op == expr.Binary.Op.EQUAL or asked is None:
            return asked
        turned = opposite(asked)
        if turned is None:
            raise self.refuse(_READ)
        return turned


def _condition(given: Required) -> tuple[tuple[int, ...], int] | None:
    if not given:
        return None
    return tuple(given), sum(value << place for place, value in enumerate(given.values()))
