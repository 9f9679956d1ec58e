"""What stands above and under every figure: which run, what machine, which conditions; and its notes."""

from __future__ import annotations

from dataclasses import dataclass

from qbench.analysis.readings import RunReadings
from qbench.report.plots.lettering import folded, measured, plain
from qbench.report.plots.sheet import FAINT, INK, MARGIN, Sheet

__all__ = ["Heading", "conditions", "machine_class", "suite_name"]

TITLE = 11.0
SUB = 8.0
NOTE = 7.4
LEAST = 6.6
MOST_TITLE = 9.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """Title, the lines under it, and the notes at the figure's foot."""

    title: str
    lines: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def least_width(self) -> float:
        """Room for the title on one line, as far as that is sensible."""
        return max(LEAST, min(MOST_TITLE, measured(self.title, TITLE, bold=True)))

    def draw(self, sheet: Sheet) -> float:
        """Returns where the heading ends."""
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
        for note in self.notes:
            y = sheet.paragraph(MARGIN, y, note, sheet.width - 2 * MARGIN, size=NOTE, colour=INK)
        return y + MARGIN


def suite_name(run: RunReadings) -> str:
    """The suite and its version; circuits that were named one by one are ``own files``."""
    suite = run.records.manifest["suite"]
    return (
        "own files"
        if suite["name"] == "files"
        else plain(f"suite {suite['name']}, version {suite['version']}")
    )


def conditions(run: RunReadings, shared: str) -> str:
    """What holds for all cells: class, rounds; of an unfinished run how many there are."""
    planned = run.records.manifest["settings"]["rounds"]
    found = len({visit.round for visit in run.records.visits})
    text = f"{planned} round{'s' * (planned != 1)}"
    parts = [shared, text if found >= planned else f"unfinished: {found} of {text}"]
    return plain(", ".join(part for part in parts if part))


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
