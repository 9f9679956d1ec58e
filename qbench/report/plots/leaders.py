"""Which simulators stand together on a sheet, where a run has more than a sheet can show.

The first sheet shows the run's baseline, and of each package and class the configuration with the largest
area under its performance profile (column ``area`` of the table ``totals``); the others follow by class.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from qbench.analysis.fields import fields
from qbench.analysis.profiles import area, field_ratios
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.model import RANKED_PHASES, Phase
from qbench.report.plots.plot import View, counted
from qbench.report.plots.styles import (
    COLOURS,
    MARKERS,
    NO_PALETTE,
    Palette,
    SeriesKey,
    key_of,
    numbered,
    series_of,
)

__all__ = ["MOST_SERIES", "Leaders"]

MOST_SERIES = 12
"""Simulators of one sheet: as many as colours, shapes and a reader tell apart."""


@dataclass(frozen=True, kw_only=True)
class Leaders:
    """The simulators of a run by how well they did.  Not slotted, for what is found once."""

    run: RunReadings

    @cached_property
    def _areas(self) -> Mapping[tuple[str, str, SeriesKey], float]:
        """The area of every simulator by workload, phase and key."""
        found = {}
        for field in fields(self.run):
            if field.contests:
                settings = (field.ranking_class.threads, field.ranking_class.gate_mode)
                for simulator, ratios in field_ratios(field).items():
                    found[field.workload, field.phase, (simulator, *settings)] = area(ratios)
        return found

    @cached_property
    def _firsts(self) -> Mapping[SeriesKey, CellReadings]:
        firsts: dict[SeriesKey, CellReadings] = {}
        for cell in self.run.cells:
            firsts.setdefault(key_of(cell), cell)
        return firsts

    @cached_property
    def _legend(self) -> Sequence[SeriesKey]:
        return [one.key for one in series_of(self.run)[1]]

    def leading(
        self,
        view: View,
        answering: Collection[SeriesKey],
        phase: str = Phase.EXECUTE,
        most: int = MOST_SERIES,
    ) -> tuple[SeriesKey, ...]:
        """Of each package and class the one with the largest area, of equals the first; and the baseline.

        ``most`` at most: of the class that has the most of them those with the least areas give way, so that
        every class keeps one as long as there is room.  Doubles are none.  A simulator without a package is
        one of its own.
        """
        ranked = phase if phase in RANKED_PHASES else str(Phase.EXECUTE)

        def size(key: SeriesKey) -> float:
            return sum(self._areas.get((workload, ranked, key), 0.0) for workload in view.workloads)

        best: dict[tuple[object, str], SeriesKey] = {}
        for key in (key for key in self._legend if key in answering):
            if self._double(key):
                continue
            group = (self._firsts[key].ranking_class, self._package(key))
            if group not in best or size(key) > size(best[group]):
                best[group] = key
        base = {key for key in answering if self._baseline(key) and not self._double(key)}
        kept = [key for key in self._legend if key in set(best.values()) - base]
        while len(kept) > max(0, most - len(base)):
            crowd = Counter(self._firsts[key].ranking_class for key in (*kept, *base))
            fullest = max(kept, key=lambda key: (crowd[self._firsts[key].ranking_class], -size(key)))
            kept.remove(fullest)
        return tuple(key for key in self._legend if key in base or key in kept)

    def palette(self, view: View) -> Palette:
        """The colours and markers of those that a reader chose, else of all who lead a workload.

        Of those that lead, the colour says the package, and the markers of one sheet differ as far as they
        can.  Empty where the whole run fits a sheet: then the styles follow the plan.
        """
        if view.series is not None:
            return numbered(key for key in self._legend if key in view.series)
        if len(view.answering(self.run)) <= MOST_SERIES:
            return NO_PALETTE
        found: dict[SeriesKey, tuple[str, str]] = {}
        colours: dict[str, str] = {}
        for part in (view.of(self.run, workload) for workload in view.workloads):
            answering = [key for key in part.answering(self.run) if not self._double(key)]
            leading = answering if len(answering) <= MOST_SERIES else self.leading(part, answering)
            packages = list(dict.fromkeys(map(self._package, leading)))
            for package in packages:
                if package not in colours:
                    colours[package] = _colour(colours, packages)
            for key in leading:
                if key not in found:
                    beside = {found[other][1] for other in leading if other in found}
                    found[key] = _style(colours[self._package(key)], beside, found.values())
        return found

    def _baseline(self, key: SeriesKey) -> bool:
        return bool(key[0] == self.run.records.manifest["baseline"])

    def _package(self, key: SeriesKey) -> str:
        cell = self._firsts[key]
        return str(cell.facts["package"] or cell.simulator)

    def _double(self, key: SeriesKey) -> bool:
        return bool(self._firsts[key].facts["kind"] == "double")

    def groups(self, view: View, phase: str, most: int) -> list[View]:
        """The view, or several of so many simulators each: first those that lead, then the others by class.

        The run's baseline stands on each of them, if it answered.
        """
        answering = view.answering(self.run)
        if len(answering) <= most:
            return [view]
        first = self.leading(view, answering, phase, most)
        every = self.leading(view, answering, phase, len(answering))
        others = [key for key in self._legend if key in answering and key not in first]
        if not first:  # doubles alone
            return [self._part(view, others[at : at + most], "") for at in range(0, len(others), most)]
        told = len(answering)
        silent = len({key_of(cell) for w in view.workloads for cell in view.cells(self.run, w)}) - told
        leads = (
            f"Shown: {len(first)} of {told} simulators that answered, of each package and class the "
            f"configuration with the largest area under its profile (table totals, "
            f"{'end_to_end' if phase == Phase.END_TO_END else 'execute'}), and the run's baseline"
            + (", as far as there is room" if len(every) > len(first) else "")
            + "; the others on further sheets of this kind, or chosen by name."
            + (f" {counted(silent, 'more simulator')} gave no answer: see the verdict map." if silent else "")
        )
        found = [self._part(view, first, leads)]
        baseline = [key for key in first if self._baseline(key)]
        each = max(1, most - len(baseline))
        for at in range(0, len(others), each):
            shown = others[at : at + each]
            beside = f" beside the baseline {baseline[0][0]}" if baseline else ""
            note = f"Shown: {len(shown)} of {told} simulators that answered{beside}; others on other sheets."
            found.append(self._part(view, [*baseline, *shown], note))
        return found

    def in_turn(self, view: View, most: int) -> list[View]:
        """The view, or several of so many simulators each by the legend's order, also the silent ones."""
        asked = view.those_asked(self.run)
        keys = [key for key in self._legend if key in asked]
        if len(keys) <= most:
            return [view]
        notes = f"of {len(keys)} simulators; the others on other sheets."
        chunks = [keys[at : at + most] for at in range(0, len(keys), most)]
        return [self._part(view, mine, f"Shown: {len(mine)} {notes}") for mine in chunks]

    def _part(self, view: View, keys: Sequence[SeriesKey], note: str) -> View:
        return replace(view, series=frozenset(keys), note=" ".join(filter(None, [view.note, note])))


def _colour(taken: Mapping[str, str], beside: Sequence[str]) -> str:
    """A colour for one more package: one that none has, else that of the fewest packages beside it.

    >>> taken = {str(place): colour for place, colour in enumerate(COLOURS)}
    >>> _colour({}, []) == COLOURS[0], _colour(taken, ["0", "1"]) == COLOURS[2]
    (True, True)
    """
    here = [taken[package] for package in beside if package in taken]
    return min(COLOURS, key=lambda colour: (here.count(colour), [*taken.values()].count(colour)))


def _style(colour: str, beside: Collection[str], taken: Collection[tuple[str, str]]) -> tuple[str, str]:
    """The colour of a package, with a marker that neither it nor the sheet has, if there is one left."""
    first = COLOURS.index(colour)
    order = [MARKERS[(first + step) % len(MARKERS)] for step in range(len(MARKERS))]
    own = [marker for marker in order if (colour, marker) not in taken] or order
    return colour, next((marker for marker in own if marker not in beside), own[0])
