"""Which answers the drawn bounds are for, and what is said of the approximate ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from qbench.analysis.readings import CellReadings
from qbench.report.plots.legend import Entry, heading_entry

__all__ = ["ALLOWED", "approximate_words", "bounded", "line_entries"]

ALLOWED = "allowed"
"""How the legend calls a bound."""

_GROSS = "half of the largest size that they can have"
_WRONG_WHERE: Mapping[str, str] = MappingProxyType(
    {
        "state": "a state's infidelity or norm error is above 0.5",
        "density_matrix": "a density matrix's overlap error or error of the trace is above 0.5",
        "expval": f"expectation values are off by more than {_GROSS}",
        "sweep": f"expectation values are off by more than {_GROSS}",
        "gradient": f"derivatives are off by more than {_GROSS}",
    }
)
"""By kind of task, when an approximate answer is wrong: ``qbench.verify.judge.no_approximation``."""


def bounded(cell: CellReadings) -> bool:
    """Whether a cell's answer is judged by the bound of its kind of task: not that of an approximate one."""
    return bool(cell.facts["kind"] != "approximate")


def line_entries(lines: Sequence[Entry], cells: Iterable[CellReadings]) -> list[Entry]:
    """The legend's lines under their heading; of these cells' bounds, where they are not everybody's, so."""
    if not _kinds(cells):
        return [heading_entry("lines"), *lines] if lines else []
    bounds = [line for line in lines if line.text.startswith(ALLOWED)]
    others = [line for line in lines if line not in bounds]
    return [
        *([heading_entry("lines"), *others] if others else []),
        *([heading_entry("lines: not for approximate"), *bounds] if bounds else []),
    ]


def approximate_words(cells: Iterable[CellReadings]) -> str:
    """What the approximate simulators among these cells are judged by; empty without any."""
    kinds = _kinds(cells)
    if not kinds:
        return ""
    wrong = " or where ".join(dict.fromkeys(_WRONG_WHERE[kind] for kind in kinds))
    return (
        f"Approximate simulators are not judged by the lines of what is {ALLOWED}, which are for the others: "
        f"their answers are ranked only among themselves, and wrong only where {wrong}."
    )


def _kinds(cells: Iterable[CellReadings]) -> list[str]:
    """The kinds of tasks with a bound that approximate simulators answered."""
    found = dict.fromkeys(cell.task["kind"] for cell in cells if not bounded(cell))
    return [kind for kind in found if kind in _WRONG_WHERE]
