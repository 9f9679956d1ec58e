"""Why cells came out as they did, in few words: alike reasons are told once, with their number."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable

from qbench.results.reasons import cut_short

__all__ = ["told_together"]

_TOLD = 3


def told_together(reasons: Iterable[str | None], longest: int | None = None) -> str:
    """The commonest reasons, each once; those that differ only after a colon are taken as one.

    The number of cells stands behind each where there are several; at most three are told and the rest
    counted.  Cells without a reason are left out, and nothing is said where no reason is known.  None of
    those that are told has more than ``longest`` characters.

    >>> told_together(["has no state"])
    'has no state'
    >>> told_together(["has no state"] * 2 + [f"not a Clifford circuit: t on qubit {q}" for q in range(3)])
    'not a Clifford circuit (3, such as t on qubit 0); has no state (2)'
    >>> told_together(["the same long story"] * 2, longest=14)
    'the sa ... ory'
    """
    longest = longest or sys.maxsize
    kinds: dict[str, Counter[str]] = {}
    for reason in reasons:
        if reason:
            kinds.setdefault(reason.partition(": ")[0], Counter())[reason] += 1
    ordered = sorted(kinds.items(), key=lambda kind: -kind[1].total())
    if len(ordered) == 1 and len(ordered[0][1]) == 1:
        return cut_short(next(iter(ordered[0][1])), longest)
    told = [_one_for_all(kind, alike, longest) for kind, alike in ordered[:_TOLD]]
    rest = sum(alike.total() for _, alike in ordered[_TOLD:])
    return "; ".join([*told, f"other reasons ({rest})"] if rest else told)


def _one_for_all(kind: str, alike: Counter[str], longest: int) -> str:
    first = next(iter(alike))
    if len(alike) == 1:
        return f"{cut_short(first, longest)} ({alike.total()})"
    one = cut_short(first.partition(": ")[2] or first, longest)
    return f"{cut_short(kind, longest)} ({alike.total()}, such as {one})"
