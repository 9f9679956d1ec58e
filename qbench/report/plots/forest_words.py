"""What a sheet of ratios says in words: how to read it, and every row."""

from __future__ import annotations

from collections.abc import Sequence

from qbench.analysis.families import LEAST_FAMILIES
from qbench.report.plots.forest_page import Lane

__all__ = ["forest_notes", "rows_in_words"]

_ROWS = {
    "mean": "A row is one simulator. Small points: one circuit each. The fastest stand above.",
    "circuit": "A row is one circuit (qubits in brackets), its bar the 95 % interval of the ratio over "
    "paired rounds.",
    "one": "A row is one simulator, its bar the 95 % interval of the ratio over paired rounds.",
}
_NO_INTERVALS = (
    "No intervals, and so nothing is resolved: they need two rounds or more. The same qbench run with a "
    "larger --budget goes on where it ended."
)


def forest_notes(row: str, equivalence: float, *, means: bool, intervals: bool, uneven: bool) -> list[str]:
    """How to read a sheet whose ``row`` is a simulator's ``mean``, one ``circuit``, or the ``one`` shown.

    ``uneven`` says that means are over different circuits.
    """
    margin = f"{1 + equivalence:.2f}"
    diamonds = (
        " Diamonds: geometric mean in which families weigh equally, its interval over families and rounds; "
        f"hollow without one, which needs {LEAST_FAMILIES} families."
    )
    notes = [
        _ROWS[row] + diamonds * means,
        f"Grey band: from 1/{margin} to {margin}, differences that nobody should act upon. Filled: faster or "
        "slower, significant after Holm's correction over the circuit's contestants, the ratio beyond the "
        "band. A tie's interval lies within the band; everything else is unresolved.",
    ]
    if uneven and row == "mean":
        notes.append(
            "On the right: how many circuits both passed. Means over different circuits are not to be "
            "compared with each other."
        )
    return notes if intervals else [_NO_INTERVALS, *notes]


def rows_in_words(lanes: Sequence[Lane]) -> list[str]:
    """What the caption says: every row in words."""
    told = []
    for lane in lanes:
        for block in lane.blocks:
            over = ""
            for row in block.rows:
                if row.bold:
                    over = f"{row.label}, "
                else:
                    parts = ", ".join(filter(None, [row.text, row.more]))
                    told.append(f"{lane.heading}, {block.title}: {over}{row.label}: {parts}")
    return told
