"""A run in its folder, for looking at from Python: tables as frames, figures, pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qbench.model import VERDICTS, Verdict
from qbench.results.reading import read_run
from qbench.results.records import RunRecords
from qbench.session.controls import LIAR

if TYPE_CHECKING:
    import pandas
    from matplotlib.figure import Figure

__all__ = ["Run", "load"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A finished or unfinished run in its folder, for looking at from Python."""

    path: Path
    records: RunRecords

    def cells(self) -> pandas.DataFrame:
        """One row per cell and phase: times in microseconds with 95 % intervals."""
        return self.table("cells")

    def accuracy(self) -> pandas.DataFrame:
        """One row per cell: verdict and accuracy figures."""
        return self.table("accuracy")

    def support(self) -> pandas.DataFrame:
        """One row per simulator."""
        return self.table("support")

    def ratios(self) -> pandas.DataFrame:
        """One row per circuit, workload, phase and ranked simulator: time relative to the baseline's."""
        return self.table("ratios")

    def table(self, kind: str) -> pandas.DataFrame:
        """Any table by name, as a frame; raises ``QbenchError`` for an unknown one."""
        from qbench.analysis.tables import frame, make_table

        return frame(make_table(self.records, kind))

    def plot(
        self,
        kind: str = "time",
        *,
        phase: str = "execute",
        circuits: Sequence[str] | str | None = None,
        workloads: Sequence[str] | str | None = None,
        simulators: Sequence[str] | str | None = None,
        width: str | float | None = None,
    ) -> Figure:
        """One figure on one sheet: ``time``, ``forest``, ``heatmap``, ... (docs/plots.md has all kinds).

        ``phase`` is for the kinds that show one.  ``circuits``, ``workloads`` and ``simulators`` choose by
        name, group (family, kind, package) or pattern; where a sheet has no room for all simulators, None is
        those that lead.  ``width`` is for print: ``one-column``, ``two-column``, a number with its unit
        (``86mm``) or inches.  Raises ``QbenchError`` for a name or a width that there is not, and where
        nothing was measured that the figure could show.
        """
        from qbench.report.plots import figure

        return figure(
            self.records,
            kind,
            phase=phase,
            circuits=circuits,
            workloads=workloads,
            simulators=simulators,
            width=width,
        )

    def report(self, out: str | Path | None = None, *, beside: Sequence[Run] = ()) -> Path:
        """Write the run as one HTML file, ``RUN/report.html`` if not told otherwise; returns its path.

        ``beside`` are runs to stand at its side.  Raises ``QbenchError`` where a folder cannot be read, or
        the file not be written.
        """
        from qbench.session.report import write_report

        folders = [self.path, *(run.path for run in beside)]
        return write_report(folders, None if out is None else Path(out))

    def compare(
        self,
        baseline: str | None = None,
        *,
        phase: str = "execute",
        workloads: str | Sequence[str] = (),
        simulators: str | Sequence[str] = (),
    ) -> pandas.DataFrame:
        """One row per circuit and ranked simulator: its ratio to any baseline, in any phase, with the family.

        ``workloads`` are labels or kinds.  ``qbench compare`` has the page.  Raises ``QbenchError`` for names
        that the run does not have, and where there is nothing to compare.
        """
        from qbench.analysis.comparing import compare_run, comparison_table
        from qbench.analysis.readings import take_readings
        from qbench.analysis.tables import frame

        found = compare_run(
            take_readings(self.records),
            baseline=baseline,
            phase=phase,
            workloads=[workloads] if isinstance(workloads, str) else workloads,
            simulators=[simulators] if isinstance(simulators, str) else simulators,
        )
        return frame(comparison_table(found))

    def summary(self, *, full: bool = False, width: int = 100) -> str:
        """The closing text, ``width`` columns wide (60 at least); ``full`` has all times and troubles."""
        from qbench.report.text import closing

        return closing(self.records, width, full=full)

    @property
    def failed(self) -> tuple[str, ...]:
        """Cells that were wrong, or failed: when they were judged, or while they were timed.

        Of the planted liar it is the cells whose lie passed: being wrong is what it is for.
        """
        manifest = self.records.manifest
        liars = {name for name, facts in manifest["simulators"].items() if facts.get("control") == LIAR}
        planted = {cell["id"] for cell in manifest["cells"] if cell["simulator"] in liars}
        judged = [(cell, Verdict(outcome.verdict)) for cell, outcome in self.records.outcomes.items()]
        wrong = [cell for cell, found in judged if cell not in planted and VERDICTS[found].failed]
        passed = [cell for cell, found in judged if cell in planted and found == Verdict.OK]
        return tuple(dict.fromkeys([*wrong, *passed, *self.records.failures]))


def load(path: str | Path) -> Run:
    """Read a results folder; raises ``QbenchError`` when it is none or is damaged."""
    return Run(path=Path(path), records=read_run(Path(path)))
