"""What a plot is, which part of a run it shows, and what to say where there is nothing to show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure

from qbench.analysis.readings import CellReadings, RunReadings
from qbench.errors import QbenchError
from qbench.model import VERDICTS, Verdict

__all__ = ["NothingToDrawError", "Plot", "View", "counted", "left_out"]


class NothingToDrawError(QbenchError):
    """The run holds nothing that this plot could show; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """One figure, its file name without suffix, and its caption: the notes and reasons, nothing cut short."""

    name: str
    title: str
    caption: tuple[str, ...]
    figure: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The part of a run that one sheet shows: circuits, by problems' ids, and workloads, in plan order."""

    problems: tuple[str, ...]
    workloads: tuple[str, ...]

    @classmethod
    def whole(cls, run: RunReadings, kinds: Collection[str] | None = None) -> View:
        """All of the run, or what of it are tasks of these kinds."""
        cells = [cell for cell in run.cells if kinds is None or cell.task["kind"] in kinds]
        asked = {cell.circuit_id for cell in cells}, {cell.workload for cell in cells}
        return cls(
            problems=tuple(problem for problem in run.records.manifest["problems"] if problem in asked[0]),
            workloads=tuple(workload for workload in run.workloads if workload in asked[1]),
        )

    def of(self, run: RunReadings, workload: str) -> View:
        """The part of it that one workload asks about."""
        asked = {cell.circuit_id for cell in self.cells(run, workload)}
        problems = tuple(problem for problem in self.problems if problem in asked)
        return View(problems=problems, workloads=(workload,))

    def facts(self, run: RunReadings) -> Mapping[str, Mapping[str, Any]]:
        return {problem: run.records.manifest["problems"][problem] for problem in self.problems}

    def cells(self, run: RunReadings, workload: str) -> list[CellReadings]:
        problems = set(self.problems)
        return [cell for cell in run.cells if cell.workload == workload and cell.circuit_id in problems]


def counted(number: int, noun: str) -> str:
    """A number and its noun.

    >>> counted(1, "cell"), counted(2, "cell")
    ('1 cell', '2 cells')
    """
    return f"{number} {noun}{'s' * (number != 1)}"


def left_out(cells: Iterable[CellReadings], because: str) -> str:
    """One sentence on the cells that a plot does not show, by verdict; empty where it shows all.

    ``because`` is said of those that did answer.
    """
    counts: Counter[str] = Counter()
    for cell in cells:
        if cell.verdict is None:
            counts["not run yet"] += 1
        elif VERDICTS[cell.verdict].answered:
            counts[because] += 1
        else:
            counts[str(cell.verdict)] += 1
    if not counts:
        return ""
    order = [*map(str, Verdict), because, "not run yet"]
    parts = [f"{counts[name]} {name.replace('_', ' ')}" for name in order if counts[name]]
    return f"Not drawn: {counted(counts.total(), 'cell')} ({', '.join(parts)}); the verdict map shows which."
