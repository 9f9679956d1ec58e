"""Operators of OpenQASM 3 on values that are known: int, float, bool, and a free angle.

Numbers follow the language: an int stays an int of at most 64 bits, ``/`` of two ints cuts off towards zero
(as in C), floats are IEEE doubles.  What has no value here raises ``ValueError`` with the reason.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from qbench.ir import Parameter

__all__ = ["NOT_LINEAR", "WIDEST", "Value", "call", "combine", "double", "negate"]

Value = bool | int | float | Parameter
WIDEST = 64
NOT_LINEAR = "an angle may be number * parameter + number; this one is not of that form"

_FUNCTIONS: Mapping[str, Callable[[float], float]] = {
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "arcsin": math.asin,
    "arccos": math.acos,
    "arctan": math.atan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "exp": math.exp,
    "log": math.log,
    "ln": math.log,
    "sqrt": math.sqrt,
    "ceiling": math.ceil,
    "floor": math.floor,
}
_TRUTHS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "&&": lambda a, b: bool(a) and bool(b),
    "||": lambda a, b: bool(a) or bool(b),
}
_BITWISE: Mapping[str, Callable[[int, int], int]] = {
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
}


def combine(sign: str, left: Value, right: Value, division: str = "exact") -> Value:
    """``left sign right``; ints that do not divide are refused (exact), cut off (integer) or made real.

    >>> combine("/", -7, 2, "integer"), combine("/", 1, 2, "real"), combine("**", 2, 10)
    (-3, 0.5, 1024)
    >>> combine("-", 1, Parameter("theta", 2.0))
    Parameter(name='theta', scale=-2.0, shift=1.0)
    """
    if isinstance(left, Parameter) or isinstance(right, Parameter):
        return _linear(sign, left, right)
    if sign in _TRUTHS:
        return _TRUTHS[sign](left, right)
    try:
        return _bounded(_number(sign, left, right, division))
    except ZeroDivisionError:
        raise ValueError("a division by zero") from None
    except OverflowError:
        raise ValueError(f"{sign!r} has no finite value here") from None


def negate(value: Value) -> Value:
    """``-value``.

    >>> negate(Parameter("theta", 2.0, 0.5))
    Parameter(name='theta', scale=-2.0, shift=-0.5)
    """
    if isinstance(value, Parameter):
        return Parameter(value.name, -value.scale, -value.shift)
    if isinstance(value, bool):
        raise ValueError("'-' of a bool")
    return _bounded(-value)


def call(name: str, values: list[Value]) -> Value:
    """A function of the language.

    >>> call("sqrt", [4]), call("floor", [2.5]), call("mod", [7, 4])
    (2.0, 2, 3)
    """
    numbers = [value for value in values if not isinstance(value, Parameter)]
    if len(numbers) < len(values):
        raise ValueError(f"{name[:80]} of a free parameter: {NOT_LINEAR}")
    if name in ("pow", "mod") and len(numbers) == 2:
        return combine("**" if name == "pow" else "%", numbers[0], numbers[1])
    function = _FUNCTIONS.get(name)
    if function is None:
        raise ValueError(f"the function {name[:80]!r} is not supported")
    if len(numbers) != 1:
        raise ValueError(f"{name} takes one argument, not {len(numbers)}")
    try:
        return _bounded(function(numbers[0]))
    except (ValueError, OverflowError):
        raise ValueError(f"{name}({numbers[0]}) has no finite value") from None


def double(value: float) -> float:
    """A number as a double; an int beyond all doubles is refused."""
    try:
        return float(value)
    except OverflowError:
        raise ValueError("a number too large for a double") from None


def _bounded(value: float) -> float:
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        raise ValueError("an integer of more than 64 bits")
    return value


def _number(sign: str, left: float, right: float, division: str) -> float:
    whole = isinstance(left, int) and isinstance(right, int)
    if sign in _BITWISE:
        if not (isinstance(left, int) and isinstance(right, int)):
            raise ValueError(f"{sign!r} takes integers")
        if sign in ("<<", ">>") and not 0 <= right < WIDEST:
            raise ValueError(f"a shift by {right}")
        return _BITWISE[sign](left, right)
    if sign == "+":
        return left + right
    if sign == "-":
        return left - right
    if sign == "*":
        return left * right
    if sign == "/":
        return _divided(int(left), int(right), division) if whole else left / right
    if sign == "%":
        if not whole and (not math.isfinite(left) or right == 0):
            raise ValueError(f"{left} % {right} has no finite value")
        return left - right * _cut(int(left), int(right)) if whole else math.fmod(left, right)
    if sign == "**":
        return _power(left, right, whole)
    raise ValueError(f"{sign!r} is not supported")


def _power(left: float, right: float, whole: bool) -> float:
    if not whole or right < 0:
        try:
            return math.pow(left, right)
        except ValueError:
            raise ValueError(f"{left}**{right} has no finite value") from None
    if abs(left) > 1 and right > WIDEST:
        raise ValueError("an integer of more than 64 bits")
    exact: int = int(left) ** int(right)
    return exact


def _divided(left: int, right: int, division: str) -> float:
    cut = _cut(left, right)
    if cut * right == left or division == "integer":
        return cut
    if division == "real":
        return left / right
    raise ValueError(
        f"{left}/{right} divides integers, which OpenQASM 3 cuts off to {cut}; for {left / right:.4g} write "
        f"{left}.0/{right}, else write {cut}"
    )


def _cut(left: int, right: int) -> int:
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def _linear(sign: str, left: Value, right: Value) -> Parameter:
    if isinstance(left, Parameter) and not isinstance(right, Parameter | bool):
        number = double(right)
        if sign in ("+", "-"):
            return Parameter(left.name, left.scale, left.shift + (number if sign == "+" else -number))
        if sign == "*":
            return Parameter(left.name, left.scale * number, left.shift * number)
        if sign == "/" and number:
            return Parameter(left.name, left.scale / number, left.shift / number)
    elif isinstance(right, Parameter) and not isinstance(left, Parameter | bool):
        number = double(left)
        if sign == "+":
            return Parameter(right.name, right.scale, number + right.shift)
        if sign == "-":
            return Parameter(right.name, -right.scale, number - right.shift)
        if sign == "*":
            return Parameter(right.name, right.scale * number, right.shift * number)
    raise ValueError(NOT_LINEAR)
