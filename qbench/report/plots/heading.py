"""What stands above and under every figure: which run, what machine, which conditions; and its notes.

A sheet for print has none of this: it is its caption's.
"""

from __future__ import annotations

from dataclasses import dataclass

from qbench.analysis.progress import can_be_timed, progress, rounds_text
from qbench.analysis.readings import RunReadings
from qbench.model import Metric
from qbench.report.plots.lettering import folded, measured, plain
from qbench.report.plots.plot import counted
from qbench.report.plots.print_width import PRINT_MARGIN
from qbench.report.plots.sheet import FAINT, INK, MARGIN, Sheet

__all__ = ["Heading", "clock_name", "conditions", "machine_class", "suite_name", "wall_name"]

TITLE = 11.0
SUB = 8.0
NOTE = 7.4
LEAST = 6.6
MOST_TITLE = 9.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """Title, the lines under it, and the notes at the figure's foot.

    ``width`` is that of a sheet for print in inches, which shows none of them; None: as wide as it needs.
    """

    title: str
    lines: tuple[str, ...]
    notes: tuple[str, ...] = ()
    width: float | None = None

    @property
    def margin(self) -> float:
        """Inches around the sheet."""
        return MARGIN if self.width is None else PRINT_MARGIN

    @property
    def least_width(self) -> float:
        """Room for the title on one line, as far as that is sensible."""
        if self.width is not None:
            return 0.0
        return max(LEAST, min(MOST_TITLE, measured(self.title, TITLE, bold=True)))

    def draw(self, sheet: Sheet) -> float:
        """Returns where the heading ends."""
        if self.width is not None:
            return PRINT_MARGIN
        width = sheet.width - 2 * MARGIN
        y = MARGIN
        for line in folded(self.title, TITLE * 1.12, width):  # bold letters are up to 12 % wider
            sheet.text(MARGIN, y + TITLE / 72, line, size=TITLE, bold=True)
            y += TITLE * 1.35 / 72
        y += 0.02
        for text in self.lines:
            y = sheet.paragraph(MARGIN, y, text, width, size=SUB, colour=FAINT)
        return y

    def draw_notes(self, sheet: Sheet, y: float) -> float:
        """Returns the height of the whole sheet."""
        if self.width is not None:
            return y + PRINT_MARGIN
        for note in self.notes:
            y = sheet.paragraph(MARGIN, y, note, sheet.width - 2 * MARGIN, size=NOTE, colour=INK)
        return y + MARGIN


def clock_name(run: RunReadings) -> str:
    """What the run's clock tells: ``time``, or ``CPU time``."""
    return "CPU time" if run.metric == Metric.CPU else "time"


def wall_name(run: RunReadings) -> str:
    """What wall times are called: ``time``, and where a run ranks by CPU time ``wall time``."""
    return "wall time" if run.metric == Metric.CPU else "time"


def suite_name(run: RunReadings) -> str:
    """The suite and its version; circuits that were named one by one are ``named circuits``."""
    suite = run.records.manifest["suite"]
    return (
        "named circuits"
        if suite["name"] == "files"
        else plain(f"suite {suite['name']}, version {suite['version']}")
    )


def conditions(run: RunReadings, shared: str) -> str:
    """What holds for all cells: class, rounds; of an unfinished run how far it came."""
    return plain(", ".join(part for part in (shared, _rounds(run)) if part))


def _rounds(run: RunReadings) -> str:
    """The rounds of a run that has ended, and of any other what there is of it."""
    settings = run.records.manifest["settings"]
    planned = settings["rounds"]
    text = f"{planned} round{'s' * (planned != 1)}"
    timed = "no cell was timed" if not run.records.visits else text
    had = sorted({len(cell.rounds) for cell in run.cells if cell.rounds and can_be_timed(cell)})
    if had and settings.get("most_rounds"):  # as many as were needed, or as the budget had time for
        timed = f"{had[0]} to {had[-1]} rounds" if len(had) > 1 else f"{had[0]} round{'s' * (had[0] != 1)}"
    found = progress(run)
    if found.finished:
        return timed
    if found.judged < found.cells:
        return f"unfinished: {found.judged} of {counted(found.cells, 'cell')} judged"
    return f"unfinished: {found.rounds} of {rounds_text(run)}"


def machine_class(run: RunReadings) -> str:
    """Processor, cores and system, as far as the run knows them; never the machine's name."""
    machine = run.records.manifest.get("machine", {})
    cores = machine.get("usable_cores") or machine.get("logical_cores")
    parts = [
        machine.get("processor"),
        cores and f"{cores} core{'s' * (cores != 1)}",
        machine.get("architecture"),
        machine.get("system"),
        machine.get("python") and f"Python {machine['python']}",
    ]
    told = run.records.manifest.get("qbench", {}).get("version")
    parts.append(told and f"qbench {told}")
    name = run.records.manifest.get("run")
    parts.append(name and f"run {name}")
    return plain(", ".join(str(part) for part in parts if part)) or "machine unknown"
