"""An angle as people write it: ``pi/2``, ``-3*pi/4``, ``0.25``.

The words are those that OpenQASM has for constants: numbers, ``pi`` (also ``π``) and ``tau``, with
``+ - * /`` and parentheses.  Every step is one operation on IEEE doubles, from left to right, so ``pi/3``
is ``math.pi / 3`` to the last bit.  Nothing is evaluated by Python.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping

__all__ = ["read_angle"]

LONGEST = 100  # characters, so that parentheses nest no deeper than Python calls
CONSTANTS: Mapping[str, float] = {"pi": math.pi, "π": math.pi, "tau": math.tau, "τ": math.tau}
SUMS: Mapping[str, Callable[[float, float], float]] = {"+": operator.add, "-": operator.sub}
PRODUCTS: Mapping[str, Callable[[float, float], float]] = {"*": operator.mul, "/": operator.truediv}

_WORD = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|(?P<name>[^\W\d]\w*)|(?P<sign>[-+*/()]))"
)


def read_angle(text: str) -> float:
    """The double that an expression of numbers and pi has.

    Raises ``ValueError`` that says what is wrong: a word that is none, something missing, a division by
    zero, a value that is not finite, more than 100 characters.

    >>> read_angle("pi/2"), read_angle("-(1 + 2) * pi / 4"), read_angle("1e-3")
    (1.5707963267948966, -2.356194490192345, 0.001)
    """
    if len(text) > LONGEST:
        raise ValueError(f"more than {LONGEST} characters")
    words = _words(text)
    value = _chain(words, SUMS)
    if words:
        raise ValueError(f"{words[0]!r} is not expected there")
    if not math.isfinite(value):
        raise ValueError("its value is not finite")
    return value


def _words(text: str) -> list[str]:
    words, place, end = [], 0, len(text.rstrip())
    while place < end:
        match = _WORD.match(text, place)
        if match is None:
            raise ValueError(f"{text[place:].strip()[:1]!r} is none of: a number, pi, tau, + - * / ( )")
        words.append(match[0].strip())
        place = match.end()
    return words


def _chain(words: list[str], signs: Mapping[str, Callable[[float, float], float]]) -> float:
    """A sum of products, or a product; takes its words from the front."""
    value = _chain(words, PRODUCTS) if signs is SUMS else _signed(words)
    while words and words[0] in signs:
        sign = signs[words.pop(0)]
        other = _chain(words, PRODUCTS) if signs is SUMS else _signed(words)
        try:
            value = sign(value, other)
        except ZeroDivisionError:
            raise ValueError("a division by zero") from None
    return value


def _signed(words: list[str]) -> float:
    if not words:
        raise ValueError("a number is missing")
    word = words.pop(0)
    if word == "-":
        return -_signed(words)
    if word == "+":
        return _signed(words)
    if word == "(":
        value = _chain(words, SUMS)
        if not words or words.pop(0) != ")":
            raise ValueError("a parenthesis is not closed")
        return value
    if word in CONSTANTS:
        return CONSTANTS[word]
    if word[0] in ".0123456789":
        return float(word)
    if word in "+-*/()":
        raise ValueError(f"{word!r} is not expected there")
    raise ValueError(f"{word!r} is none of: a number, pi, tau, + - * / ( )")
