"""What a classical expression of OpenQASM 3 is worth, where that is known before the circuit runs.

Floats are doubles, in the order of operations that is written.  A free ``input`` parameter may be scaled and
shifted.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from qbench.circuits.openqasm3_arithmetic import WIDEST, Value, call, combine, double, negate
from qbench.errors import QbenchError
from qbench.ir import Parameter

__all__ = ["CLASSICAL", "CONSTANTS", "Bits", "Evaluator", "Qubits", "Value"]

T = TypeVar("T")

CLASSICAL = "of classical control qbench reads if and else on measured bits"

MAX_WORK = 600_000
"""Parts of expressions that are worked out: about 1 us each."""

CONSTANTS: Mapping[str, float] = {
    "pi": math.pi,
    "π": math.pi,
    "tau": math.tau,
    "τ": math.tau,
    "euler": math.e,
    "ℇ": math.e,
}


@dataclass(frozen=True, slots=True)
class Qubits:
    """Qubits by number; ``one`` for a single qubit, which broadcasts, not a register of size 1."""

    numbers: tuple[int, ...]
    one: bool = False


@dataclass(frozen=True, slots=True)
class Bits:
    """Classical bits by number, like ``Qubits``: written by measurements, never known here."""

    numbers: tuple[int, ...]
    one: bool = False


class Evaluator:
    """Evaluates nodes of the parser's tree; raises ``QbenchError`` with the node's line."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.spent = 0  # nodes evaluated, and qubits and bits looked up

    def lookup(self, name: str) -> object:
        """What a name stands for; here only the language's constants."""
        return CONSTANTS.get(name)

    def error(self, node: Any, message: str) -> QbenchError:
        """What to raise about a node of the tree."""
        line = f":{node.span.start_line}" if getattr(node, "span", None) else ""
        return QbenchError(f"{self.source}{line}: {message}")

    def spend(self, node: Any, work: int) -> None:
        """Count work, which loops multiply; refuse where it is too much."""
        self.spent += work
        if self.spent > MAX_WORK:
            raise self.error(
                node, f"more than {MAX_WORK} operands of expressions and lists up to here, loops unrolled"
            )

    def angle(self, node: Any) -> float | Parameter:
        """An angle: a double, or a scaled and shifted parameter."""
        value = self.value(node)
        if isinstance(value, bool):
            raise self.error(node, "expected an angle, not a bool")
        if isinstance(value, Parameter):
            finite = math.isfinite(value.scale) and math.isfinite(value.shift)
        else:
            value = float(value)  # at most 64 bits
            finite = math.isfinite(value)
        if not finite:
            raise self.error(node, f"an angle is {value}; expected a finite number")
        return value

    def integer(self, node: Any) -> int:
        """A size, an index or the bound of a loop; ints divide as in C here."""
        value = self.value(node, division="integer")
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.error(node, f"expected an integer, not {_kind(value)}")
        return value

    def value(self, node: Any, division: str = "exact") -> Value:
        """``division`` is what becomes of ints that do not divide: see ``openqasm3_arithmetic.combine``."""
        self.spend(node, 1)
        kind = type(node).__name__
        if kind in ("IntegerLiteral", "FloatLiteral", "BooleanLiteral", "BitstringLiteral"):
            literal: Value = node.value
            return (
                literal if isinstance(literal, bool | float) else self.guarded(node, combine, "+", literal, 0)
            )
        if kind == "Identifier":
            return self._name(node)
        if kind == "UnaryExpression":
            return self._unary(node, self.value(node.expression, division))
        if kind == "BinaryExpression":
            left, right = self.value(node.lhs, division), self.value(node.rhs, division)
            return self.guarded(node, combine, node.op.name, left, right, division)
        if kind == "FunctionCall":
            if node.name.name == "sizeof" and node.arguments:
                return self._size(node, node.arguments[0])
            return self.guarded(node, call, node.name.name, [self.value(one) for one in node.arguments])
        if kind == "Cast":
            return self.typed(node.type, node.argument, division)
        if kind == "SizeOf":
            return self._size(node, node.target)
        if kind == "IndexExpression":
            raise self.error(node, f"a classical bit's value is not known here; {CLASSICAL}")
        if kind == "DurationLiteral":
            raise self.error(node, "a duration is no number")
        raise self.error(node, f"{kind} is not supported in an expression")

    def typed(self, kind: Any, node: Any, division: str = "exact") -> Value:
        """The expression's value as the type holds it."""
        whole = type(kind).__name__ in ("IntType", "UintType")
        return self.converted(node, kind, self.value(node, "integer" if whole else division))

    def converted(self, node: Any, kind: Any, value: Value) -> Value:
        """The value as the type holds it; refused where it does not fit."""
        name = type(kind).__name__
        size = getattr(kind, "size", None)
        bits = self.integer(size) if size is not None else None
        if isinstance(value, Parameter):
            if name not in ("FloatType", "AngleType"):
                raise self.error(node, "a free parameter stays a float or an angle")
            return value
        if name in ("IntType", "UintType") and bits in (None, *range(1, WIDEST + 1)):
            return self._whole(node, value, bits or WIDEST, name == "IntType")
        if name == "BoolType":
            return bool(value)
        if name == "FloatType" and bits in (None, 16, 32, 64):
            return self._rounded(node, value, bits or 64)
        if name == "AngleType" and bits is None:
            return self.guarded(node, double, value)
        raise self.error(
            node,
            f"the type {name.removesuffix('Type').lower()}{'' if bits is None else f'[{bits}]'} is not "
            "supported here; use int, uint, float, bool, or angle without a size",
        )

    def guarded(self, node: Any, function: Callable[..., T], *arguments: Any) -> T:
        """The function's value; its ``ValueError`` becomes one for the user, with the line."""
        try:
            return function(*arguments)
        except ValueError as error:
            raise self.error(node, str(error)) from error

    # ---- the parts of an expression

    def _name(self, node: Any) -> Value:
        found = self.lookup(node.name)
        if isinstance(found, bool | int | float | Parameter):
            return found
        if found is None:
            raise self.error(node, f"{node.name[:80]!r} is not defined")
        if isinstance(found, Bits):
            raise self.error(node, f"the value of {node.name[:80]!r} is not known here; {CLASSICAL}")
        raise self.error(node, f"{node.name[:80]!r} is no number")

    def _unary(self, node: Any, value: Value) -> Value:
        sign = node.op.name
        if sign == "!" and not isinstance(value, Parameter):
            return not value
        if sign == "-":
            return self.guarded(node, negate, value)
        raise self.error(node, f"{sign!r} of {_kind(value)} is not supported")

    def _whole(self, node: Any, value: float, bits: int, signed: bool) -> int:
        if not math.isfinite(value):
            raise self.error(node, f"{value} is no integer")
        whole = math.trunc(value)
        low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1)) if signed else (0, 2**bits)
        if not low <= whole < high:
            raise self.error(node, f"{whole} does not fit {'an int' if signed else 'a uint'}[{bits}]")
        return whole

    def _rounded(self, node: Any, value: float, bits: int) -> float:
        if bits == 64:
            return self.guarded(node, double, value)
        letter = "e" if bits == 16 else "f"
        try:
            rounded: float = struct.unpack(letter, struct.pack(letter, value))[0]
        except OverflowError as error:
            raise self.error(node, f"{value} does not fit a float[{bits}]") from error
        return rounded

    def _size(self, node: Any, target: Any) -> int:
        found = self.lookup(getattr(target, "name", ""))
        if isinstance(found, Qubits | Bits):
            return len(found.numbers)
        raise self.error(node, "sizeof takes a register")


def _kind(value: object) -> str:
    names: dict[type, str] = {bool: "a bool", int: "an integer", float: "a float"}
    return names.get(type(value), "a free parameter")
