"""Circuits that tell one Clifford gate from another, where only samples are to be had.

Most stabilizer states look uniformly random in most Pauli bases: a random circuit of cx does not show which
qubit is the control.  So a gate is asked where its answer is certain.  A Clifford gate is known, up to
global phase, by what it makes of Z and X on each of its qubits (Gottesman 1998, arXiv:quant-ph/9807006):
prepare the +1 eigenstate of one of these, apply the gate, and measure each qubit in the basis of the image.
The parity is then certain, and another gate makes another Pauli of it, or another sign.  The other qubit is
once |0> and once |+>, so that a factor of its own stabilizer does not hide.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from qbench.ir import GATES

__all__ = ["IMAGES", "Question", "packed", "questions"]

# What each gate makes of Z and X on its qubits, first qubit first; signs are the reference's.
IMAGES: dict[str, dict[str, str]] = {
    "id": {"Z": "Z", "X": "X"},
    "x": {"Z": "Z", "X": "X"},
    "y": {"Z": "Z", "X": "X"},
    "z": {"Z": "Z", "X": "X"},
    "h": {"Z": "X", "X": "Z"},
    "s": {"Z": "Z", "X": "Y"},
    "sdg": {"Z": "Z", "X": "Y"},
    "sx": {"Z": "Y", "X": "X"},
    "sxdg": {"Z": "Y", "X": "X"},
    "cx": {"ZI": "ZI", "IZ": "ZZ", "XI": "XX", "IX": "IX"},
    "cy": {"ZI": "ZI", "IZ": "ZZ", "XI": "XY", "IX": "ZX"},
    "cz": {"ZI": "ZI", "IZ": "IZ", "XI": "XZ", "IX": "ZX"},
    "swap": {"ZI": "IZ", "IZ": "ZI", "XI": "IX", "IX": "XI"},
}


class Question(NamedTuple):
    """One gate on qubits of its own: which of them start as |+>, and the basis of each at the end."""

    gate: str
    order: tuple[int, ...]
    plus: tuple[bool, ...]
    bases: str


def questions(native: Collection[str], thorough: bool) -> Iterator[Question]:
    """The questions about ``native``'s Clifford gates; unless ``thorough``, a quarter of those on two qubits.

    >>> [question.bases for question in questions(["h"], thorough=False)]
    ['X', 'Z']
    """
    for gate, images in IMAGES.items():
        if gate not in native:
            continue
        ways: list[tuple[tuple[int, ...], bool]] = [((0,), False)]
        if GATES[gate][0] == 2:
            ways = [((0, 1), False), ((1, 0), True), ((0, 1), True), ((1, 0), False)]
        for position, (source, image) in enumerate(images.items()):
            for order, other in ways if thorough else ways[position % len(ways) :][:1]:
                plus = tuple(letter == "X" or (letter == "I" and other) for letter in source)
                yield Question(gate, order, plus, image.replace("I", "Z"))


def packed(asked: Sequence[Question], width: int) -> Iterator[tuple[Question, ...]]:
    """The questions, side by side on up to ``width`` qubits; one that is wider than that is left out.

    >>> [len(group) for group in packed(list(questions(["h", "s"], thorough=False)), 3)]
    [3, 1]
    """
    group: list[Question] = []
    for question in asked:
        if len(question.order) > width:
            continue
        if sum(len(one.order) for one in (*group, question)) > width:
            yield tuple(group)
            group = []
        group.append(question)
    if group:
        yield tuple(group)
