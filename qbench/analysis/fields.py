"""The field of a class: in one workload and phase, all that was asked of its simulators, and the contests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qbench.analysis.contests import Contest, contests
from qbench.analysis.readings import CellReadings, RankingClass, RunReadings
from qbench.analysis.table import Value
from qbench.model import RANKED_PHASES, Metric

__all__ = ["Field", "fields", "main_field", "ranked_simulators"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Everything of one workload, phase and class.

    ``asked`` holds every cell by simulator, then by problem, both in plan order, whatever became of it;
    ``contests`` the contest of each problem that anybody solved and that was timed.
    """

    workload: str
    phase: str
    ranking_class: RankingClass
    metric: Metric
    asked: Mapping[str, Mapping[str, CellReadings]]
    contests: Mapping[str, Contest]

    @property
    def problems(self) -> tuple[str, ...]:
        """All problems that any simulator of the class was asked, in plan order."""
        return tuple(dict.fromkeys(problem for cells in self.asked.values() for problem in cells))

    def baseline(self, name: str | None) -> str | None:
        """One simulator for all problems: the run's baseline, else the first of the plan that was timed."""
        timed = {cell.simulator for contest in self.contests.values() for cell in contest.members}
        if name in timed:
            return name
        return next((simulator for simulator in self.asked if simulator in timed), None)

    def facts(self) -> dict[str, Value]:
        """The columns that say which field this is."""
        return {
            "workload": self.workload,
            "phase": self.phase,
            **self.ranking_class._asdict(),
            "metric": str(self.metric),
        }


def fields(run: RunReadings, phases: Sequence[str] = RANKED_PHASES) -> tuple[Field, ...]:
    """By workload, phase (else the ranked ones) and class, in plan order; without doubles and controls."""
    asked: dict[tuple[str, RankingClass], dict[str, dict[str, CellReadings]]] = {}
    for cell in run.cells:
        if cell.control is None and cell.facts["kind"] != "double":
            mine = asked.setdefault((cell.workload, cell.ranking_class), {})
            mine.setdefault(cell.simulator, {})[cell.problem_id] = cell
    found = {
        (phase, contest.members[0].workload, contest.ranking_class, contest.members[0].problem_id): contest
        for phase in phases
        for contest in contests(run, phase)
    }
    return tuple(
        Field(
            workload=workload,
            phase=str(phase),
            ranking_class=ranking_class,
            metric=run.metric,
            asked=simulators,
            contests={
                key[3]: contest
                for key, contest in found.items()
                if key[:3] == (phase, workload, ranking_class)
            },
        )
        for workload in run.workloads
        for phase in phases
        if phase in run.phases
        for (mine, ranking_class), simulators in asked.items()
        if mine == workload
    )


def main_field(mine: Sequence[Field], baseline: str | None) -> Field:
    """Of a workload's classes the one to read first: the first that the baseline is timed in, or the largest.

    Raises ``ValueError`` where there is none.
    """
    own = [field for field in mine if baseline is not None and field.baseline(baseline) == baseline]
    return own[0] if own else max(mine, key=ranked_simulators)


def ranked_simulators(field: Field) -> int:
    """How many simulators were ranked and timed in a field."""
    return len({cell.simulator for contest in field.contests.values() for cell in contest.members})
