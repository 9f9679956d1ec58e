"""Circuits by simulators: one matrix of times per workload and phase, with who is fastest marked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qbench.analysis.contests import Comparison, contests
from qbench.analysis.figures import number_text, supported, time_text
from qbench.analysis.readings import CellReadings, RankingClass, RunReadings
from qbench.analysis.render import visible
from qbench.analysis.stats import Estimate, Standing
from qbench.model import VERDICTS, Metric
from qbench.report.columns import Column, lay_out, shortened, wrapped

__all__ = ["FASTEST", "Race", "class_labels", "matrix_lines", "races"]

DIGITS = 3
FASTEST, TIE, UNRESOLVED, FLAGGED, PLAIN = "*", "=", "?", "!", " "
_MARKS = {Standing.TIE: TIE, Standing.UNRESOLVED: UNRESOLVED, Standing.FASTER: UNRESOLVED}
DOUBLES = "doubles, never ranked"
_NAME_WIDTH = 30
_PART_WIDTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """One circuit, task, phase and class: the fastest, and all others compared with it, next one first."""

    ranking_class: RankingClass
    phase: str
    fastest: CellReadings
    others: tuple[Comparison, ...]

    @property
    def clear(self) -> bool:
        """Whether every other one is known to be slower by more than the margin."""
        return all(comparison.standing == Standing.SLOWER for comparison in self.others)


def races(run: RunReadings, phase: str) -> tuple[Race, ...]:
    """Every contest of a phase, each member against the fastest, corrected over the contestants."""
    found = []
    for contest in contests(run, phase):
        fastest, others = contest.race()
        found.append(
            Race(
                ranking_class=contest.ranking_class,
                phase=phase,
                fastest=fastest,
                others=others,
            )
        )
    return tuple(found)


def class_labels(classes: Sequence[RankingClass]) -> tuple[str, Mapping[RankingClass, str]]:
    """What all classes share, and for each class what sets it apart.

    >>> both = [RankingClass("exact", p, 1, "native") for p in ("complex128", "complex64")]
    >>> shared, apart = class_labels(both)
    >>> shared, list(apart.values())
    ('exact, 1 thread, native gates', ['complex128', 'complex64'])
    """
    parts = {
        c: (c.kind, c.precision, f"{c.threads} thread{'s' * (c.threads != 1)}", f"{c.gate_mode} gates")
        for c in classes
    }
    same = [len(set(values)) == 1 for values in zip(*parts.values(), strict=True)]
    shared = next(iter(parts.values()), ())
    return (
        ", ".join(part for part, equal in zip(shared, same, strict=True) if equal),
        {c: ", ".join(p for p, equal in zip(parts[c], same, strict=True) if not equal) for c in parts},
    )


def matrix_lines(
    run: RunReadings, workload: str, phase: str, found: Sequence[Race], width: int
) -> tuple[list[str], str]:
    """The matrix of one workload and phase, and the marks that it uses; no lines without any time."""
    cells = [cell for cell in run.cells if cell.workload == workload and _shown(cell)]
    if all(cell.warm(phase) is None for cell in cells):
        return [], ""
    found = [race for race in found if race.fastest.workload == workload]
    marks = {cell.id: FLAGGED for cell in cells if cell.blocking_flags}
    leads: dict[tuple[str, RankingClass], str] = {}
    for race in found:
        if race.others:
            marks[race.fastest.id] = FASTEST
            marks |= {c.contestant.id: _MARKS[c.standing] for c in race.others if c.standing in _MARKS}
            leads[race.fastest.problem_id, race.ranking_class] = ratio_text(race.others[0].ratio)

    with_entry = {cell.problem_id: cell.problem for cell in cells}
    problems = [problem for problem in run.records.manifest["problems"] if problem in with_entry]
    classes = {cell.ranking_class: None for cell in cells if cell.facts["kind"] != "double"}
    shared, labels = class_labels(tuple(classes))
    columns = []
    for ranking_class in classes:
        members = [cell for cell in cells if cell.ranking_class == ranking_class]
        label = labels[ranking_class]
        columns += _columns(members, label, problems, phase, run.metric, marks)
        lead = tuple(leads.get((problem, ranking_class), "") for problem in problems)
        if any(lead):
            columns.append(Column(group=label, heading=("second /", "fastest"), entries=lead, left=True))
    doubles = [cell for cell in cells if cell.facts["kind"] == "double"]
    settings = sorted({(cell.threads, cell.gate_mode) for cell in doubles})
    for threads, mode in settings:
        mine = [cell for cell in doubles if (cell.threads, cell.gate_mode) == (threads, mode)]
        label = DOUBLES + (f", threads: {threads}" if len({count for count, _ in settings}) > 1 else "")
        label += f", {mode} gates" if len({one for _, one in settings}) > 1 else ""
        columns += _columns(mine, label, problems, phase, run.metric, {})

    names = tuple(shortened(visible(with_entry[p]["name"]), min(_NAME_WIDTH, width // 3)) for p in problems)
    qubits = tuple(str(with_entry[p]["qubits"]) for p in problems)
    stub = (
        Column(group="", heading=("circuit",), entries=names, left=True),
        Column(group="", heading=("n",), entries=qubits),
    )
    label = visible(workload)
    clock = "CPU time" if run.metric == Metric.CPU else "time"
    title = f"{label}: {phase}, {clock} per call" + (f" ({shared})" if shared else "")
    used = "".join(sorted({entry[-1] for column in columns for entry in column.entries if entry}))
    return [*wrapped(title, width), *lay_out(stub, columns, width)], used


def ratio_text(ratio: Estimate | None) -> str:
    """A ratio with its interval: ``1.84 (1.79-1.90)``.

    >>> ratio_text(Estimate(1.8412, 1.79, 1.896, None, 6))
    '1.84 (1.79-1.90)'
    """
    if ratio is None:
        return ""
    figures = supported(ratio, most=DIGITS)
    text = number_text(figures.value)
    if figures.low is None or figures.high is None:
        return text
    return f"{text} ({number_text(figures.low)}-{number_text(figures.high)})"


def _shown(cell: CellReadings) -> bool:
    verdict = cell.verdict
    return verdict is not None and (VERDICTS[verdict].answered or VERDICTS[verdict].failed)


def _columns(
    cells: Sequence[CellReadings],
    group: str,
    problems: Sequence[str],
    phase: str,
    metric: Metric,
    marks: Mapping[str, str],
) -> list[Column]:
    by_simulator: dict[tuple[str, int, str], dict[str, CellReadings]] = {}
    for cell in cells:
        key = (cell.simulator, cell.threads, cell.gate_mode)
        by_simulator.setdefault(key, {})[cell.problem_id] = cell
    return [
        Column(
            group=group,
            heading=_heading(name),
            entries=tuple(_entry(found.get(problem), phase, metric, marks) for problem in problems),
        )
        for (name, _, _), found in by_simulator.items()
    ]


def _heading(name: str) -> tuple[str, ...]:
    lines = [""]
    for token in re.findall(r"[^._-]*[._-]|[^._-]+", visible(name)):
        pieces = [token[start : start + _PART_WIDTH] for start in range(0, len(token), _PART_WIDTH)]
        for piece in pieces:
            if lines[-1].endswith(".") or len(lines[-1] + piece) > _PART_WIDTH:
                lines.append("")
            lines[-1] += piece
    return tuple(line + PLAIN for line in lines if line)


def _entry(cell: CellReadings | None, phase: str, metric: Metric, marks: Mapping[str, str]) -> str:
    if cell is None:
        return ""
    warm = cell.warm(phase, metric)
    if cell.verdict is None or not VERDICTS[cell.verdict].ranked:
        return f"{cell.verdict or ''}{PLAIN}"
    if warm is None:
        return f"-{PLAIN}"
    return time_text(supported(warm, most=DIGITS).value) + marks.get(cell.id, PLAIN)
