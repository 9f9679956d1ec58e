"""The simulators of one run beside each other, relative to a baseline of the reader's choice.

What is compared is what the tables compare: times of one class, circuit and workload, paired by round.  The
choice of workloads and simulators decides what is shown, never with how many a verdict is corrected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from qbench.analysis.by_family import FamilyRatio, family_name, family_ratios, reference_of, standings
from qbench.analysis.contests import Contest
from qbench.analysis.controls import contestants
from qbench.analysis.crossovers import Course, courses
from qbench.analysis.fields import Field, fields
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.analysis.stats import Standing
from qbench.analysis.table import Table, Value
from qbench.analysis.times import ratios_table
from qbench.errors import QbenchError
from qbench.model import PHASES, Phase

__all__ = ["ClassComparison", "RunComparison", "Winner", "compare_run", "comparison_table", "winners"]

_COLUMNS = (
    "circuit family qubits# workload phase kind precision threads# gate_mode metric simulator baseline "
    "ratio# low# high# bound differs verdict rounds# time_us# baseline_us# circuit_id?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Winner:
    """Who is fastest on one circuit: one name where it is clear, else all that are not known to be slower.

    ``rivals`` is how many others were ranked there.
    """

    circuit: str
    family: str
    qubits: int
    names: tuple[str, ...]
    rivals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassComparison:
    """One workload and class: ``totals`` are its rows of that table by simulator, in plan order."""

    field: Field
    baseline: str
    totals: Mapping[str, Mapping[str, Value]]
    families: tuple[FamilyRatio, ...]
    sizes: tuple[FamilyRatio, ...]
    winners: tuple[Winner, ...]
    courses: tuple[Course, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunComparison:
    """``run`` holds the cells compared, with ``baseline`` for its baseline; ``whole`` is the run as it was.

    ``alone`` are the simulators that were ranked without any rival, each with the field it is alone in.
    ``simulators`` are those to show; empty: all.  ``narrowed``: workloads or simulators were chosen.
    ``chosen``: the run has another baseline, this one was named after its times were seen.
    """

    whole: RunReadings
    run: RunReadings
    phase: str
    baseline: str
    chosen: bool
    classes: tuple[ClassComparison, ...]
    alone: tuple[tuple[Field, str], ...]
    simulators: tuple[str, ...]
    narrowed: bool

    def shown(self, simulator: str) -> bool:
        """Whether a simulator was asked for."""
        return not self.simulators or simulator in self.simulators


def compare_run(
    run: RunReadings,
    *,
    baseline: str | None = None,
    phase: str = Phase.EXECUTE,
    workloads: Sequence[str] = (),
    simulators: Sequence[str] = (),
) -> RunComparison:
    """Compare a run's simulators with one of them, by default the run's own baseline.

    ``workloads`` are labels (``sample-1000``) or kinds (``sample``); empty means all, as for ``simulators``.
    Where in a class it was not timed (by default: on fewer than half of the circuits), who was timed on most
    is the baseline.  One that is named here and is not the run's own may have been chosen by its times, for
    which verdicts pay as they do against the fastest (``qbench.analysis.stats.corrected``).
    Raises ``QbenchError`` for a name that the run does not have, and where there is nothing to compare.
    """
    asked = contestants(run)
    names = tuple(dict.fromkeys(cell.simulator for cell in asked.cells))
    phases = tuple(str(one) for one in PHASES if one != Phase.IMPORT)
    _known([phase], phases, "phase")
    _known(simulators, names, "simulator")
    own = run.records.manifest["baseline"]
    if baseline is not None:
        _known([baseline], names, "simulator")
    cells = _of_workloads(asked, workloads)
    name = baseline or own or next(iter(names), "")
    chosen = baseline is not None and baseline != own
    manifest = {**run.records.manifest, "baseline": name}
    mine = replace(asked, records=replace(run.records, manifest=manifest), cells=cells)
    timed = [field for field in fields(mine, (phase,)) if field.contests]
    if baseline is not None and not any(field.baseline(baseline) == baseline for field in timed):
        raise QbenchError(_never_ranked(baseline, phase, cells))
    classes, alone = [], []
    for field in timed:
        ranked = {cell.simulator: None for contest in field.contests.values() for cell in contest.members}
        if len(ranked) < 2:
            alone.append((field, next(iter(ranked))))
        else:
            classes.append(_class(field, name, named=baseline is not None, chosen=chosen))
    if not classes:
        raise QbenchError(_nothing(mine, phase, bool(alone)))
    return RunComparison(
        whole=run,
        run=mine,
        phase=phase,
        baseline=name,
        chosen=chosen,
        classes=tuple(classes),
        alone=tuple(alone),
        simulators=tuple(simulators),
        narrowed=bool(workloads or simulators),
    )


def _class(field: Field, name: str, *, named: bool, chosen: bool) -> ClassComparison:
    baseline = reference_of(field, name, named=named)
    assert baseline is not None  # some simulator was timed in it
    chosen = chosen and baseline == name
    return ClassComparison(
        field=field,
        baseline=baseline,
        totals=standings(field, baseline, chosen=chosen),
        families=family_ratios(field, baseline, by_size=False, chosen=chosen),
        sizes=family_ratios(field, baseline, by_size=True, chosen=chosen),
        winners=winners(field),
        courses=courses(field, baseline, chosen=chosen),
    )


def winners(field: Field) -> tuple[Winner, ...]:
    """Who is fastest on each circuit of a field, in plan order."""
    return tuple(_winner(contest) for contest in field.contests.values())


def _winner(contest: Contest) -> Winner:
    fastest, others = contest.race()
    close = [one.contestant.simulator for one in others if one.standing != Standing.SLOWER]
    return Winner(
        circuit=fastest.problem["name"],
        family=family_name(fastest),
        qubits=fastest.problem["qubits"],
        names=(fastest.simulator, *close),
        rivals=len(others),
    )


def comparison_table(comparison: RunComparison) -> Table:
    """The rows of ``ratios`` behind a comparison, each with the family of its circuit; without controls."""
    run = comparison.run
    found = ratios_table(run, (comparison.phase,), chosen=comparison.chosen)
    families = {cell.circuit_id: cell.problem.get("family") for cell in run.cells}
    rows: list[dict[str, Value]] = []
    for values, circuit in zip(found.rows, found.column("circuit_id"), strict=True):
        row = dict(zip(found.columns, values, strict=True)) | {"circuit_id": circuit}
        row["family"] = families.get(str(circuit))
        if row.pop("control") is None and comparison.shown(str(row["simulator"])):
            rows.append(row)
    return Table.of("compare", _COLUMNS, rows)


def _known(names: Iterable[str], known: Sequence[str], what: str) -> None:
    """Raise for the first name that is none, with the nearest ones, or with all where none is near."""
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=3)
            hint = f"did you mean {' or '.join(near)}?" if near else f"it has {', '.join(known) or 'none'}"
            raise QbenchError(f"this run has no {what} {name!r}: {hint}")


def _of_workloads(run: RunReadings, wanted: Sequence[str]) -> tuple[CellReadings, ...]:
    """The cells of the workloads that are meant: by label, or by kind."""
    if not wanted:
        return run.cells
    kinds = {cell.task["kind"]: None for cell in run.cells}
    _known(wanted, tuple(dict.fromkeys([*run.workloads, *kinds])), "workload")
    return tuple(cell for cell in run.cells if cell.workload in wanted or cell.task["kind"] in wanted)


def _never_ranked(simulator: str, phase: str, cells: Sequence[CellReadings]) -> str:
    mine = [cell for cell in cells if cell.simulator == simulator]
    told = _counted(mine, lambda cell: str(cell.verdict or "not run"))
    flagged = sum(bool(cell.blocking_flags) for cell in mine)
    kind = ", it is a double, which is never ranked" if mine and mine[0].facts["kind"] == "double" else ""
    flags = f", {flagged} of them with a flag that keeps them out" if flagged else ""
    return (
        f"{simulator} has no ranked time of {phase} here, so nothing can be compared with it: "
        f"{told or 'no cells'}{flags}{kind}. Name another --baseline."
    )


def _nothing(run: RunReadings, phase: str, alone: bool) -> str:
    if alone:
        classes = "kind, precision, threads, gate mode"
        return f"nothing to compare: each ranked simulator is alone in its class ({classes})"
    warm = [one for one in run.phases if any(cell.ranked and cell.warm(one) for cell in run.cells)]
    if warm:
        return f"nothing to compare: {phase} was not timed warm in this run, but {', '.join(warm)} were"
    told = _counted(run.cells, lambda cell: str(cell.verdict or "not run"))
    return f"nothing to compare: no cell has a time that is ranked ({told or 'no cells'})"


def _counted(cells: Iterable[CellReadings], of: Callable[[CellReadings], str]) -> str:
    counts: dict[str, int] = {}
    for cell in cells:
        counts[of(cell)] = counts.get(of(cell), 0) + 1
    return ", ".join(f"{number} {name}" for name, number in counts.items())
