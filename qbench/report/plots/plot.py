"""What a plot is, which part of a run it shows, and what to say where there is nothing to show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from matplotlib.figure import Figure

from qbench.analysis.readings import CellReadings, RunReadings
from qbench.errors import QbenchError
from qbench.model import VERDICTS, Verdict
from qbench.report.plots.styles import Palette, SeriesKey, key_of

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
    """The part of a run that one sheet shows: circuits, by problems' ids, and workloads, in plan order.

    ``series`` are the keys of the simulators that it shows; None is all.  ``palette`` are the colours and
    markers that some of them have.  ``note`` says in one sentence which part of the run this is, where a
    reader of the sheet would else miss the rest.  ``width`` is that of a sheet for print in inches; None is
    as wide as it needs to be.
    """

    problems: tuple[str, ...]
    workloads: tuple[str, ...]
    series: frozenset[SeriesKey] | None = None
    palette: Palette = field(default_factory=dict)
    note: str = ""
    width: float | None = None

    @classmethod
    def whole(cls, run: RunReadings, kinds: Collection[str] | None = None) -> View:
        """All of the run, or what of it are tasks of these kinds."""
        return cls(problems=tuple(run.records.manifest["problems"]), workloads=run.workloads).asked(
            run, kinds
        )

    def asked(self, run: RunReadings, kinds: Collection[str] | None = None) -> View:
        """What of it was asked at all, in tasks of these kinds; None is every kind."""
        cells = [
            cell
            for workload in self.workloads
            for cell in self.cells(run, workload)
            if kinds is None or cell.task["kind"] in kinds
        ]
        found = {cell.circuit_id for cell in cells}, {cell.workload for cell in cells}
        return replace(
            self,
            problems=tuple(problem for problem in self.problems if problem in found[0]),
            workloads=tuple(workload for workload in self.workloads if workload in found[1]),
        )

    def of(self, run: RunReadings, workload: str) -> View:
        """The part of it that one workload asks about."""
        asked = {cell.circuit_id for cell in self.cells(run, workload)}
        problems = tuple(problem for problem in self.problems if problem in asked)
        return replace(self, problems=problems, workloads=(workload,))

    def facts(self, run: RunReadings) -> Mapping[str, Mapping[str, Any]]:
        return {problem: run.records.manifest["problems"][problem] for problem in self.problems}

    def shows(self, cell: CellReadings) -> bool:
        """Whether the cell is part of it."""
        return (
            cell.workload in self.workloads
            and cell.circuit_id in self.problems
            and (self.series is None or key_of(cell) in self.series)
        )

    def cells(self, run: RunReadings, workload: str) -> list[CellReadings]:
        problems = set(self.problems)
        return [
            cell
            for cell in run.cells
            if cell.workload == workload
            and cell.circuit_id in problems
            and (self.series is None or key_of(cell) in self.series)
        ]

    def those_asked(self, run: RunReadings) -> tuple[SeriesKey, ...]:
        """The keys of the simulators that were asked some of it, in plan order."""
        cells = (cell for workload in self.workloads for cell in self.cells(run, workload))
        return tuple(dict.fromkeys(key_of(cell) for cell in cells))

    def answering(self, run: RunReadings) -> tuple[SeriesKey, ...]:
        """The keys of the simulators that answered some of it, in plan order."""
        cells = (cell for workload in self.workloads for cell in self.cells(run, workload))
        return tuple(
            dict.fromkeys(
                key_of(cell) for cell in cells if cell.verdict is not None and VERDICTS[cell.verdict].answered
            )
        )


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
