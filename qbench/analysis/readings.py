"""What each cell read: the visits of a run, grouped once, beside what the manifest says of the cell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from qbench.analysis.phase_readings import PhaseReadings, VisitTimes
from qbench.analysis.stats import MARGIN, Estimate
from qbench.analysis.workloads import shown_circuits, workload_names
from qbench.model import (
    FLAGS,
    PHASES,
    VERDICTS,
    Flag,
    Metric,
    NoAnswer,
    Outcome,
    Phase,
    Verdict,
)
from qbench.results.records import RunRecords
from qbench.results.visits import Integers, Visits

__all__ = ["CellReadings", "PhaseReadings", "RankingClass", "RunReadings", "take_readings"]


class RankingClass(NamedTuple):
    """What must be equal for two times to be ranked against each other."""

    kind: str
    precision: str
    threads: int
    gate_mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CellReadings:
    """One cell of the plan with what the manifest says of it, its outcome and its readings by phase.

    ``workload`` is what was asked, by the task's label: each circuit has its own observable and bindings, so
    several tasks share one.  ``circuit_id`` is the id of the problem that the circuit is shown under: a
    circuit with free parameters is asked about as it is and with values in it, which are two problems.
    ``outcome`` is None where the run ended before the cell was judged.  ``flags`` are the outcome's and
    the visits', in the order of ``qbench.model.FLAGS``: those that block the ranking from any visit, the
    others (``contended``, ``drift``) where at least half of the warm visits of a phase carry them.
    """

    id: str
    problem_id: str
    task_id: str
    workload: str
    circuit_id: str
    simulator: str
    threads: int
    gate_mode: str
    problem: Mapping[str, Any]
    task: Mapping[str, Any]
    facts: Mapping[str, Any]
    outcome: Outcome | None
    failure: NoAnswer | None
    flags: tuple[str, ...]
    phases: Mapping[str, PhaseReadings]

    @property
    def judged(self) -> Verdict | None:
        """The verdict on the judged answer alone."""
        return None if self.outcome is None else Verdict(self.outcome.verdict)

    @property
    def verdict(self) -> Verdict | None:
        """The cell's end: the judged verdict, or how the timed rounds failed it."""
        return self.judged if self.failure is None else self.failure.verdict

    @property
    def reason(self) -> str | None:
        if self.outcome is None:
            return "the run ended before this cell"
        return self.outcome.reason if self.failure is None else self.failure.reason

    @property
    def ranking_class(self) -> RankingClass:
        return RankingClass(self.facts["kind"], self.facts["precision"], self.threads, self.gate_mode)

    @property
    def blocking_flags(self) -> tuple[str, ...]:
        """The flags that keep the cell out of every ranking."""
        return tuple(flag for flag in self.flags if flag in FLAGS and FLAGS[Flag(flag)].blocks_ranking)

    @property
    def ranked(self) -> bool:
        """Whether its times may be ranked: its answer passed, nothing blocks it, no double, no control."""
        return (
            self.verdict is not None
            and VERDICTS[self.verdict].ranked
            and not self.blocking_flags
            and self.facts["kind"] != "double"
            and self.control is None
        )

    @property
    def control(self) -> str | None:
        """``alias`` or ``liar`` for one of the run's own controls, which is no contestant; else None."""
        return self.facts.get("control")

    @property
    def rounds(self) -> set[int]:
        """The rounds in which it was visited."""
        return {number for phase in self.phases.values() for number in phase.rounds}

    def warm(self, phase: str, metric: Metric = Metric.WALL) -> Estimate | None:
        """The warm time of a phase in ns per call, None where it was not measured."""
        readings = self.phases.get(phase)
        return readings.warm(metric) if readings else None


@dataclass(frozen=True, kw_only=True)
class RunReadings:
    """A whole run: its records, and its cells in plan order.  Not slotted, for what is found once."""

    records: RunRecords
    cells: tuple[CellReadings, ...]

    @property
    def metric(self) -> Metric:
        """Which clock ranks: the plan's, or the one that was asked for since."""
        return self.planned_metric if self.records.ranked_by is None else self.records.ranked_by

    @property
    def planned_metric(self) -> Metric:
        """The plan's clock: by its ratios the stopping rule decided when each question ended."""
        return Metric(self.records.manifest["settings"].get("metric", Metric.WALL))

    @property
    def margin(self) -> float:
        """The run's equivalence margin: 0.1 reads "within 10 %"."""
        return float(self.records.manifest["settings"].get("margin", MARGIN))

    @cached_property
    def workloads(self) -> tuple[str, ...]:
        """What the cells ask, by workload, in the order of the plan's tasks."""
        by_task: dict[str, dict[str, None]] = {}
        for cell in self.cells:
            by_task.setdefault(cell.task_id, {})[cell.workload] = None
        tasks = self.records.manifest["tasks"] if by_task else ()
        return tuple(dict.fromkeys(name for task in tasks for name in by_task.get(task, ())))

    @property
    def circuits(self) -> int:
        """How many circuits the plan has: one with free parameters, asked about also with values, is one."""
        twice = {cell.problem_id for cell in self.cells if cell.problem_id != cell.circuit_id}
        return len(self.records.manifest["problems"]) - len(twice)

    @cached_property
    def phases(self) -> tuple[str, ...]:
        """The phases of a call that the plan asks for or that were measured, in their own order."""
        seen = {phase for cell in self.cells for phase in cell.phases}
        seen.update(self.records.manifest["settings"]["phases"])
        return tuple(str(phase) for phase in PHASES if phase in seen and phase != Phase.IMPORT)


def take_readings(records: RunRecords) -> RunReadings:
    """Group a run's visits by cell and phase, in one pass.  Visits of cells outside the plan do not count."""
    manifest, visits = records.manifest, Visits.of(records.visits)
    times = VisitTimes(visits=visits)
    phases: dict[str, dict[str, PhaseReadings]] = {}
    for rows in _groups(visits.alike("cell", "phase")):
        cell_id, phase = (visits.names[name][visits.codes[name][rows[0]]] for name in ("cell", "phase"))
        phases.setdefault(cell_id, {})[phase] = PhaseReadings(visits=visits, rows=rows, times=times)
    workloads = workload_names(manifest)
    circuits = shown_circuits(manifest, workloads)
    cells = []
    for cell in manifest["cells"]:
        outcome = records.outcomes.get(cell["id"])
        cells.append(
            CellReadings(
                id=cell["id"],
                problem_id=cell["problem"],
                task_id=cell["task"],
                workload=workloads[cell["problem"], cell["task"]],
                circuit_id=circuits[cell["problem"]],
                simulator=cell["simulator"],
                threads=cell["threads"],
                gate_mode=cell["gate_mode"],
                problem=manifest["problems"][cell["problem"]],
                task=manifest["tasks"][cell["task"]],
                facts=manifest["simulators"][cell["simulator"]],
                outcome=outcome,
                failure=records.failures.get(cell["id"]),
                flags=_ordered(
                    _shown(phases.get(cell["id"], {}).values()) | set(outcome.flags if outcome else ())
                ),
                phases=phases.get(cell["id"], {}),
            )
        )
    return RunReadings(records=records, cells=tuple(cells))


def _groups(keys: Integers) -> Iterable[Integers]:
    """The places of equal keys, group by group, in their order within a group."""
    order = np.argsort(keys, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(keys[order])) + 1) if len(keys) else ()


def _shown(phases: Collection[PhaseReadings]) -> set[str]:
    """The flags that a cell's visits give it: a passing disturbance of a few is not the cell's.

    Half of the visits of one phase are enough: a phase may drift where the others do not.
    """
    carried = {flag for phase in phases for flags in phase.flags for flag in flags}
    shown = set()
    for flag in carried:
        if (
            flag not in FLAGS
            or FLAGS[Flag(flag)].blocks_ranking
            or any(
                2 * phase.visits.flagged(flag, phase.warm_rows) >= len(phase.warm_rows) > 0
                for phase in phases
            )
        ):
            shown.add(flag)
    return shown


def _ordered(flags: set[str]) -> tuple[str, ...]:
    known = [str(flag) for flag in FLAGS]
    return tuple(sorted(flags, key=lambda flag: (known.index(flag) if flag in known else len(known), flag)))
