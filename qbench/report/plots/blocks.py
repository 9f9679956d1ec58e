"""Which circuits stand together on the axis of qubits: the sizes of one family, and no others.

A line from ``ghz_4`` to ``qft_8`` would say that one becomes the other.  So each family has an axis of its
own, and a circuit that is its family's only size stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Block", "blocks_of", "rows_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Circuits that differ in size only, by number of qubits: ``problems`` are ids, no two equally large."""

    label: str
    problems: tuple[str, ...]
    qubits: tuple[int, ...]

    @property
    def gap(self) -> int:
        """The smallest distance between two sizes, in qubits; 1 for a single size."""
        return min((b - a for a, b in zip(self.qubits, self.qubits[1:], strict=False)), default=1)


def blocks_of(problems: Mapping[str, Mapping[str, Any]]) -> tuple[Block, ...]:
    """Families of several sizes in plan order, then the single circuits by number of qubits.

    Circuits of one family and size (two seeds, say) are no sizes of one thing: they stand alone.

    >>> facts = {"a": ("ghz_4", 4), "b": ("hea_12", 12), "c": ("qft_8", 8), "d": ("ghz_6", 6)}
    >>> problems = {key: {"name": name, "family": None, "qubits": n} for key, (name, n) in facts.items()}
    >>> [(block.label, block.qubits) for block in blocks_of(problems)]
    [('ghz', (4, 6)), ('qft_8', (8,)), ('hea_12', (12,))]
    """
    families: dict[tuple[str, str], list[str]] = {}
    for problem, facts in problems.items():
        stem = re.sub(r"_?[0-9]+$", "", facts["name"]) or facts["name"]
        families.setdefault((facts["family"] or "", stem), []).append(problem)
    several, single = [], []
    for (_, stem), members in families.items():
        sizes = {problems[member]["qubits"] for member in members}
        if 1 < len(members) == len(sizes):
            ordered = sorted(members, key=lambda member: problems[member]["qubits"])
            several.append(_block(stem, ordered, problems))
        else:
            single += [_block(problems[member]["name"], [member], problems) for member in members]
    return (*several, *sorted(single, key=lambda block: block.qubits))


def _block(label: str, members: Sequence[str], problems: Mapping[str, Mapping[str, Any]]) -> Block:
    return Block(
        label=label,
        problems=tuple(members),
        qubits=tuple(problems[member]["qubits"] for member in members),
    )


def rows_of(widths: Sequence[float], room: float, between: float) -> list[list[int]]:
    """Positions of the widths in as few rows as ``room`` allows, at least one in each, about equally full.

    >>> rows_of([2.0, 2.0, 3.0], 5.0, 0.1), rows_of([1.0] * 6, 5.0, 0.1)
    ([[0, 1], [2]], [[0, 1, 2], [3, 4, 5]])
    """
    rows = _filled(widths, room, between)
    low, high = max(widths, default=0.0), room
    while high - low > 0.01:  # the narrowest room that needs no more rows
        middle = (low + high) / 2
        tighter = _filled(widths, middle, between)
        if len(tighter) == len(rows):
            rows, high = tighter, middle
        else:
            low = middle
    return rows


def _filled(widths: Sequence[float], room: float, between: float) -> list[list[int]]:
    rows: list[list[int]] = []
    taken = 0.0
    for position, width in enumerate(widths):
        if not rows or taken + between + width > room:
            rows.append([])
            taken = -between
        rows[-1].append(position)
        taken += between + width
    return rows
