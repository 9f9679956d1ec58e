"""What the names of an OpenQASM 3 program stand for: numbers, qubits, classical bits, in scopes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from qbench.circuits.openqasm3_values import CLASSICAL, CONSTANTS, Bits, Evaluator, Qubits, Value
from qbench.circuits.qasm_scan import MAX_CLBITS, MAX_QUBITS
from qbench.ir import Parameter

__all__ = ["MAX_OPERATIONS", "MAX_STEPS", "Names"]

MAX_OPERATIONS = 20_000
"""Written out, barriers and gates under controls by their weight; up to 0.15 ms each."""
MAX_STEPS = 3 * MAX_OPERATIONS
"""Statements looked at, loops unrolled."""

_PHYSICAL = re.compile(r"\$(\d{1,9})\Z")
_NUMBERS = {"IntType", "UintType", "FloatType", "BoolType", "AngleType"}


class Names(Evaluator):
    """Scopes of names; declarations, and the qubits or bits that an operand means."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.global_scope: dict[str, object] = dict(CONSTANTS)
        self.scopes: list[dict[str, object]] = [self.global_scope]
        self.fixed: set[str] = set(CONSTANTS)
        self.in_a_gate = False
        self.num_qubits = 0
        self.num_clbits = 0
        self.physical: bool | None = None

    def lookup(self, name: str) -> object:
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        return None

    def declare(self, node: Any, name: str, meaning: object) -> None:
        if name in self.scopes[-1]:
            raise self.error(node, f"{name[:80]!r} is already declared")
        self.scopes[-1][name] = meaning

    def size(self, node: Any, size: Any) -> int:
        number = 1 if size is None else self.integer(size)
        if number < 1:
            raise self.error(node, f"a register of {number}; expected at least 1")
        return number

    def declare_qubits(self, node: Any) -> None:
        if self.physical:
            raise self.error(node, "declared qubits beside physical ones ($0) are not supported")
        self.physical = False
        count = self.size(node, node.size)
        if self.num_qubits + count > MAX_QUBITS:
            raise self.error(node, f"more than {MAX_QUBITS} qubits, the limit of what qbench reads")
        numbers = tuple(range(self.num_qubits, self.num_qubits + count))
        self.num_qubits += count
        self.declare(node, node.qubit.name, Qubits(numbers, one=node.size is None))

    def declare_classical(self, node: Any) -> None:
        name, initial = node.identifier.name, node.init_expression
        if type(node.type).__name__ == "BitType":
            self.declare_bits(node, name, initial)
            return
        if type(node.type).__name__ not in _NUMBERS:
            kind = type(node.type).__name__.removesuffix("Type").lower()
            raise self.error(node, f"declarations of type {kind} are not supported")
        if initial is None:
            raise self.error(node, f"{name[:80]} is declared without a value; give it one")
        self.declare(node, name, self.initial(node.type, initial))

    def declare_bits(self, node: Any, name: str, initial: Any) -> None:
        count = self.size(node, node.type.size)
        if self.num_clbits + count > MAX_CLBITS:
            raise self.error(node, f"more than {MAX_CLBITS} classical bits, the limit of what qbench reads")
        bits = Bits(tuple(range(self.num_clbits, self.num_clbits + count)), one=node.type.size is None)
        self.num_clbits += count
        self.declare(node, name, bits)
        if initial is not None and type(initial).__name__ != "QuantumMeasurement" and self.value(initial):
            raise self.error(node, f"classical bits that begin with a value other than 0: {CLASSICAL}")

    def declare_constant(self, node: Any) -> None:
        self.declare(node, node.identifier.name, self.initial(node.type, node.init_expression))
        self.fixed.add(node.identifier.name)

    def initial(self, kind: Any, expression: Any) -> Value:
        if type(expression).__name__ == "QuantumMeasurement":
            raise self.error(expression, f"a measurement into another type than bit: {CLASSICAL}")
        return self.typed(kind, expression)

    def declare_input(self, node: Any) -> None:
        name = node.identifier.name
        if node.io_identifier.name == "output":
            raise self.error(node, '"output" is not supported; leave the word out')
        if type(node.type).__name__ not in ("FloatType", "AngleType"):
            raise self.error(node, "only float and angle inputs are supported, as free angles of gates")
        self.declare(node, name, Parameter(name))
        self.fixed.add(name)

    # ---- operands

    def qubits(self, node: Any) -> Qubits:
        found = self.operand(node)
        if not isinstance(found, Qubits):
            raise self.error(node, "expected a qubit or a register of qubits")
        return found

    def bits(self, node: Any) -> Bits:
        found = self.operand(node)
        if not isinstance(found, Bits):
            raise self.error(node, "expected a classical bit or register to measure into")
        return found

    def operand(self, node: Any) -> Qubits | Bits:
        kind = type(node).__name__
        if kind == "Concatenation":
            left, right = self.operand(node.lhs), self.operand(node.rhs)
            if type(left) is not type(right):
                raise self.error(node, "qubits and classical bits cannot be joined")
            if len(left.numbers) + len(right.numbers) > MAX_CLBITS:
                raise self.error(node, f"a list of more than {MAX_CLBITS} qubits or bits")
            self.spend(node, len(left.numbers) + len(right.numbers))
            return type(left)((*left.numbers, *right.numbers))
        if kind == "IndexedIdentifier":
            return self.indexed(node, self.operand(node.name), node.indices)
        if kind == "IndexExpression":
            return self.indexed(node, self.operand(node.collection), [node.index])
        name = getattr(node, "name", None)
        if not isinstance(name, str):
            raise self.error(node, "expected a name of qubits or bits")
        found = self.lookup(name)
        if isinstance(found, Qubits | Bits):
            return found
        if found is None and _PHYSICAL.match(name):
            return self.physical_qubit(node, int(name[1:]))
        raise self.error(
            node, f"{name[:80]!r} is {'not declared' if found is None else 'no qubit and no bit'}"
        )

    def physical_qubit(self, node: Any, number: int) -> Qubits:
        if self.physical is False or self.in_a_gate:
            raise self.error(node, "physical qubits ($0) beside declared ones are not supported")
        self.physical = True
        if number >= MAX_QUBITS:
            raise self.error(
                node, f"qubit ${number}: more than {MAX_QUBITS} qubits, the limit of what qbench reads"
            )
        self.num_qubits = max(self.num_qubits, number + 1)
        return Qubits((number,), one=True)

    def indexed(self, node: Any, found: Qubits | Bits, indices: Sequence[Any]) -> Qubits | Bits:
        for index in indices:
            if found.one:
                raise self.error(node, "an index of a single qubit or bit")
            numbers = found.numbers
            if type(index).__name__ == "DiscreteSet":
                chosen = [self.integer(one) for one in index.values]
                found = type(found)(tuple(numbers[self.place(node, i, len(numbers))] for i in chosen))
                continue
            if len(index) != 1:
                raise self.error(node, "registers have one index")
            if type(index[0]).__name__ == "RangeDefinition":
                places = self.range(index[0], len(numbers))
                self.spend(node, len(places))
                found = type(found)(tuple(numbers[self.place(node, i, len(numbers))] for i in places))
            else:
                place = self.place(node, self.integer(index[0]), len(numbers))
                found = type(found)((numbers[place],), one=True)
        return found

    def place(self, node: Any, index: int, size: int) -> int:
        if not -size <= index < size:
            raise self.error(node, f"index {index} is out of range: the register has {size}")
        return index % size

    def range(self, node: Any, size: int | None) -> range:
        """Both ends belong to a range of OpenQASM 3; ``size`` is that of the register it is taken of."""
        step = 1 if node.step is None else self.integer(node.step)
        if step == 0:
            raise self.error(node, "a range with the step 0")
        if size is None and (node.start is None or node.end is None):
            raise self.error(node, "the range of a loop needs both ends")
        last = (size or 1) - 1
        ends = [
            default if given is None else self.integer(given)
            for given, default in ((node.start, 0 if step > 0 else last), (node.end, last if step > 0 else 0))
        ]
        if size is not None:
            ends = [self.place(node, end, size) for end in ends]
        found = range(ends[0], ends[1] + (1 if step > 0 else -1), step)
        if len(found) > MAX_STEPS:
            raise self.error(node, f"a range of more than {MAX_STEPS}")
        return found
