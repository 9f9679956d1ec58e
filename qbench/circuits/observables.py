"""Observables as text: ``0.5*Z0 Z1 - X2 + 1.5``.

A sum of terms, each a number, a product of Paulis, or both: letters X, Y, Z with the number of their qubit,
one after the other (``Z0 Z1``, ``Z0Z1``, ``Z0*Z1``); the number comes first (``2 Z0``, ``1e-3*Y2``).  A term
without Paulis is that multiple of the identity.
"""

from __future__ import annotations

import math
import re
from typing import NoReturn

from qbench.errors import QbenchError
from qbench.ir import Observable, PauliTerm

__all__ = ["MAX_CHARACTERS", "MAX_QUBIT", "MAX_TERMS", "format_observable", "parse_observable"]

MAX_CHARACTERS = 2**20
MAX_TERMS = 10_000
MAX_QUBIT = 63
MAX_NUMBER = 400
"""Characters of one number; a double needs 24, written out without an exponent up to 330."""

_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_PAULI = re.compile(r"([A-Za-z])([0-9]*)")

_EXAMPLE = '"0.5*Z0 Z1 - X2 + 1.5"'
_BEFORE, _BEHIND = 40, 30
"""Characters of a long text that an error shows on either side of the place."""

_Paulis = tuple[tuple[int, str], ...]


def parse_observable(text: str) -> Observable:
    """The observable that a text stands for, in one canonical form.

    The qubits of a product are sorted; equal products become one term at the place of the first, their
    coefficients added exactly and rounded once; a sum of 0 stays.  Numbers are plain decimals, each the
    nearest double.

    Raises ``QbenchError`` that shows the place: for what is not such a sum, a qubit twice in a product or
    beyond 63, a number or sum that is not a finite double, more than 10 000 terms, more than 1 MiB.

    >>> format_observable(parse_observable("0.5*Z1 Z0 - X2 + 1.5 + .25 Z0Z1"))
    '0.75*Z0 Z1 - X2 + 1.5'
    """
    return _Reader(text).observable()


def format_observable(observable: Observable) -> str:
    """The observable as text with all digits: ``parse_observable`` gives its canonical form back.

    >>> format_observable(parse_observable("-Z1*Z0+2e-3 X2 - 1"))
    '-Z0 Z1 + 0.002*X2 - 1.0'
    """
    parts: list[str] = []
    for coefficient, paulis in observable.terms:
        product = " ".join(f"{letter}{qubit}" for qubit, letter in sorted(paulis))
        number = repr(abs(float(coefficient)))
        body = number if not product else product if number == "1.0" else f"{number}*{product}"
        if parts:
            parts.append("-" if coefficient < 0 else "+")
        elif coefficient < 0:
            body = f"-{body}"
        parts.append(body)
    return " ".join(parts)


class _Reader:
    """One pass over the text; ``at`` is the next character."""

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise QbenchError(f"an observable is text, as in {_EXAMPLE}, not {type(text).__name__}")
        if len(text) > MAX_CHARACTERS:
            raise QbenchError(f"an observable of {len(text)} characters; at most {MAX_CHARACTERS} are read")
        self.text = text
        self.at = 0

    def refuse(self, message: str, at: int) -> NoReturn:
        begin, end = max(0, at - _BEFORE), min(len(self.text), at + _BEHIND)
        shown = "".join(c if c.isascii() and c.isprintable() else "?" for c in self.text[begin:end])
        shown = f"{'...' if begin else ''}{shown}{'...' if end < len(self.text) else ''}"
        caret = " " * (at - begin + 3 * bool(begin)) + "^"
        raise QbenchError(f"observable, column {at + 1}: {message}\n  {shown}\n  {caret}")

    def skip(self) -> str:
        """Step over spaces; the character that comes then, or an empty text at the end."""
        found = _SPACE.match(self.text, self.at)
        assert found is not None  # it matches nothing, too
        self.at = found.end()
        return self.text[self.at : self.at + 1]

    def found(self) -> str:
        character = self.text[self.at : self.at + 1]
        return f"found {character!a}" if character else "found the end"

    def observable(self) -> Observable:
        terms: dict[_Paulis, list[float]] = {}
        places: dict[_Paulis, int] = {}
        if not self.skip():
            self.refuse(f"no term; expected a sum such as {_EXAMPLE}", self.at)
        count = 0
        while True:
            begin = self.at
            coefficient, paulis = self.term(first=not count)
            terms.setdefault(paulis, []).append(coefficient)
            places[paulis] = begin
            count += 1
            if count > MAX_TERMS:
                self.refuse(f"more than {MAX_TERMS} terms, the limit of what is read", begin)
            if not self.skip():
                break
        return Observable(
            tuple(PauliTerm(self.total(numbers, places[paulis]), paulis) for paulis, numbers in terms.items())
        )

    def total(self, numbers: list[float], place: int) -> float:
        try:
            total = math.fsum(numbers)
        except OverflowError:
            total = math.inf
        if not math.isfinite(total):
            self.refuse("the coefficients of this product add up to more than any double", place)
        return total + 0.0  # not -0.0

    def term(self, *, first: bool) -> tuple[float, _Paulis]:
        sign = 1.0
        if self.skip() in ("+", "-"):
            sign = self.sign()
            if not first and self.skip() in ("+", "-"):  # "+ -0.5*Z0", as programs join terms
                sign *= self.sign()
        elif not first:
            self.refuse(f"expected + or - between two terms, {self.found()}", self.at)
        number = self.number()
        if number is None:
            return sign, self.product()
        character = self.skip()
        if character == "*":
            self.at += 1
            return sign * number, self.product()
        return sign * number, self.product() if character.isalpha() else ()

    def sign(self) -> float:
        self.at += 1
        return -1.0 if self.text[self.at - 1] == "-" else 1.0

    def number(self) -> float | None:
        self.skip()
        match = _NUMBER.match(self.text, self.at)
        if match is None:
            return None
        value = float(match[0]) if len(match[0]) <= MAX_NUMBER else math.inf
        if not math.isfinite(value):
            self.refuse("a number too large for a double, or of too many digits", self.at)
        self.at = match.end()
        return value

    def product(self) -> _Paulis:
        letters: dict[int, str] = {}
        self.factor(letters)
        while True:
            character = self.skip()
            if character == "*":
                self.at += 1
            elif not character.isalpha():
                return tuple(sorted(letters.items()))
            self.factor(letters)

    def factor(self, letters: dict[int, str]) -> None:
        self.skip()
        match = _PAULI.match(self.text, self.at)
        if match is None:
            self.refuse(f"expected X, Y or Z with the number of a qubit, as in Z0, {self.found()}", self.at)
        letter, digits = match.groups()
        if letter not in "XYZ":
            hint = "; the identity is a number alone, as in + 1.5" if letter == "I" else ""
            self.refuse(f"expected X, Y or Z, found {letter!r}{hint}", self.at)
        if not digits:
            self.refuse(
                f"{letter} without the number of its qubit; expected {letter}0, {letter}1, ...", self.at
            )
        qubit = int(digits) if len(digits) <= 9 else MAX_QUBIT + 1
        if qubit > MAX_QUBIT:
            self.refuse(f"qubit {digits[:9]}: qubits are numbered from 0 to {MAX_QUBIT}", self.at)
        if qubit in letters:
            self.refuse(f"qubit {qubit} stands twice in this product; multiply it out", self.at)
        letters[qubit] = letter
        self.at = match.end()
