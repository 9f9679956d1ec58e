"""One run as the report looks at it: read once, with its tables, races and controls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from qbench.analysis.controls import Controls, contestants, read_controls
from qbench.analysis.joining import short_ids
from qbench.analysis.readings import CellReadings, RunReadings, take_readings
from qbench.analysis.table import Table
from qbench.analysis.tables import TABLES
from qbench.model import RANKED_PHASES, Metric
from qbench.report.controls import table_notes
from qbench.report.html.reported import ReportedRun
from qbench.report.matrix import Race, races

__all__ = ["RunView", "circuit_labels", "clock_words", "machine_words", "suite_words", "views_of"]


@dataclass(frozen=True, kw_only=True)
class RunView:
    """A run under the name that the report gives it; ``name`` is empty where it is the only one.

    Not slotted, for what is found once.
    """

    name: str
    reported: ReportedRun
    whole: RunReadings

    @property
    def manifest(self) -> Mapping[str, Any]:
        return self.whole.records.manifest

    @cached_property
    def run(self) -> RunReadings:
        """The run without its controls: what is shown, ranked and counted."""
        return contestants(self.whole)

    @cached_property
    def controls(self) -> Controls:
        return read_controls(self.whole)

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        return {name: make(self.whole) for name, make in TABLES.items()}

    @cached_property
    def races(self) -> Mapping[str, tuple[Race, ...]]:
        """By ranked phase, every contest with its fastest and all others compared with it."""
        return {str(phase): races(self.run, phase) for phase in RANKED_PHASES}

    def notes(self, table: str) -> list[str]:
        """What stands under a table; of several runs behind the run's name."""
        told = table_notes(self.whole, table, self.controls)
        return [f"{self.name}: {note}" for note in told] if self.name else told


def views_of(reported: Sequence[ReportedRun]) -> tuple[RunView, ...]:
    """The runs under names that tell them apart: a letter, the suite, the start of the run's id."""
    ids = short_ids([str(one.records.manifest.get("run", "")) for one in reported])
    found = []
    for place, (one, short) in enumerate(zip(reported, ids, strict=True)):
        suite = one.records.manifest["suite"]["name"]
        words = [_letter(place), "named circuits" if suite == "files" else str(suite), short]
        name = " ".join(word for word in words if word) if len(reported) > 1 else ""
        found.append(RunView(name=name, reported=one, whole=take_readings(one.records)))
    return tuple(found)


def _letter(place: int) -> str:
    """A, B, ... Z, then numbers.

    >>> _letter(1), _letter(26)
    ('B', '27')
    """
    return chr(ord("A") + place) if place < 26 else str(place + 1)


def machine_words(facts: Mapping[str, Any]) -> str:
    """A machine in a few words; never its name.

    >>> machine_words({"processor": "Some CPU", "usable_cores": 2, "system": "Linux"})
    'Some CPU, 2 cores, Linux'
    >>> machine_words({})
    'a machine of which nothing is known'
    """
    cores = facts.get("usable_cores") or facts.get("logical_cores")
    told = [
        facts.get("processor") or facts.get("architecture"),
        cores and f"{cores} core{'s' * (cores != 1)}",
        facts.get("system"),
    ]
    return ", ".join(str(part) for part in told if part) or "a machine of which nothing is known"


def clock_words(views: Sequence[RunView]) -> str:
    """What the figures that are ranked are times of: "time", "CPU time", or of several runs each its own."""
    clocks = {view.run.metric for view in views}
    if len(clocks) > 1:
        return "time by each run's own clock"
    return "CPU time" if clocks == {Metric.CPU} else "time"


def suite_words(suite: Mapping[str, Any]) -> str:
    """A suite as a title has it.

    >>> suite_words({"name": "core-v1", "version": 1, "changed": ["rounds"]})
    'Suite core-v1, version 1 with other rounds'
    """
    if suite["name"] == "files":
        return "Named circuits"
    changed = f" with other {', '.join(suite['changed'])}" if suite.get("changed") else ""
    return f"Suite {suite['name']}, version {suite['version']}{changed}"


def circuit_labels(views: Iterable[RunView]) -> dict[str, str]:
    """For every circuit that is shown, by id, a label: its name, with the id where several share it."""
    names: dict[str, str] = {}
    for view in views:
        for cell in view.whole.cells:
            names.setdefault(cell.circuit_id, _name(cell))
    taken = list(names.values())
    return {key: name if taken.count(name) == 1 else f"{name} ({key[:8]})" for key, name in names.items()}


def _name(cell: CellReadings) -> str:
    return str(cell.problem["name"])
