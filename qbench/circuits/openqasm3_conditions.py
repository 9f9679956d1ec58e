"""What an ``if`` of OpenQASM 3 asks of measured bits: the values of some bits, all of them at once.

Read are single bits (``c[0]``, ``!c[0]``, ``c[0] == 1``, ``c[0] != 1``), registers and slices against a
number (``c == 3``: the bit of index 0 is the least significant), and these joined by ``&&``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from qbench.circuits.openqasm3_names import Names
from qbench.circuits.openqasm3_values import Bits
from qbench.errors import QbenchError

__all__ = ["Required", "joined", "mentions_bits", "opposite", "required"]

Required = dict[int, int]
"""Classical bit to the value that it must have, in order of appearance."""

_READ = (
    "of conditions on measured bits qbench reads single bits (c[0], !c[0], c[0] == 1), registers against a "
    "number (c == 3), and these joined by &&; write an if for each case"
)


def mentions_bits(node: Any, lookup: Callable[[str], object]) -> bool:
    """Whether an expression reads a classical bit, which only a measurement sets."""
    if isinstance(getattr(node, "name", None), str) and isinstance(lookup(node.name), Bits):
        return True
    parts = [
        getattr(node, name, None) for name in ("lhs", "rhs", "expression", "collection", "name", "argument")
    ]
    parts += getattr(node, "arguments", None) or []
    return any(
        mentions_bits(part, lookup) for part in parts if part is not None and not isinstance(part, str)
    )


def required(names: Names, node: Any) -> Required | None:
    """The values that the condition asks for; None where no values can meet it.

    Raises ``QbenchError`` with the node's line for a condition that is not of this form.
    """
    kind = type(node).__name__
    if not mentions_bits(node, names.lookup):
        return {} if names.value(node) else None
    if kind == "BinaryExpression" and node.op.name in ("&&", "&"):
        left, right = required(names, node.lhs), required(names, node.rhs)
        return None if left is None or right is None else joined(left, right)
    if kind == "BinaryExpression" and node.op.name in ("==", "!="):
        return _compared(names, node)
    if kind == "UnaryExpression" and node.op.name in ("!", "~"):
        inner = required(names, node.expression)
        turned = None if inner is None else opposite(inner)
        if turned is None:
            raise _refusal(names, node)
        return turned
    if kind == "Cast" and type(node.type).__name__ == "BoolType":
        return required(names, node.argument)
    if kind not in ("Identifier", "IndexExpression", "Concatenation"):
        raise _refusal(names, node)
    bits = names.bits(node)
    if len(bits.numbers) != 1:
        raise names.error(
            node, f"{len(bits.numbers)} bits are no condition; write what they should read, as in c == 3"
        )
    return {bits.numbers[0]: 1}


def _compared(names: Names, node: Any) -> Required | None:
    sides = [mentions_bits(side, names.lookup) for side in (node.lhs, node.rhs)]
    bits_side, number_side = (node.lhs, node.rhs) if sides[0] else (node.rhs, node.lhs)
    if all(sides) or type(bits_side).__name__ not in ("Identifier", "IndexExpression", "Concatenation"):
        raise _refusal(names, node)
    bits = names.bits(bits_side).numbers
    value = names.value(number_side)
    if not isinstance(value, int):
        raise names.error(node, "bits are compared with a whole number here, as in c == 3")
    if not 0 <= value < 2 ** len(bits):
        raise names.error(node, f"{len(bits)} bits never read {value}: the condition is never met")
    names.spend(node, len(bits))
    asked: Required | None = {}
    for place, bit in enumerate(bits):
        if asked is not None and asked.setdefault(bit, value >> place & 1) != value >> place & 1:
            asked = None  # a bit that is named twice, with two values
    if node.op.name == "==" or asked is None:
        return asked
    turned = opposite(asked)
    if turned is None:
        raise _refusal(names, node)
    return turned


def _refusal(names: Names, node: Any) -> QbenchError:
    return names.error(node, _READ)


def joined(one: Mapping[int, int], other: Mapping[int, int]) -> Required | None:
    """Both at once; None where they contradict.

    >>> joined({0: 1}, {2: 0}), joined({0: 1}, {0: 0})
    ({0: 1, 2: 0}, None)
    """
    if any(one.get(bit, value) != value for bit, value in other.items()):
        return None
    return {**one, **other}


def opposite(asked: Mapping[int, int]) -> Required | None:
    """What holds where ``asked`` does not: the other value of its one bit, None for several bits.

    >>> opposite({3: 1}), opposite({0: 1, 1: 1})
    ({3: 0}, None)
    """
    if len(asked) != 1:
        return None
    ((bit, value),) = asked.items()
    return {bit: 1 - value}
