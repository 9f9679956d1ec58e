"""Ratios to the baseline with their intervals: over all circuits, or circuit by circuit.

With more than three simulators and three circuits each simulator has one row, with all its circuits as small
points and their geometric mean as a diamond.  With fewer every comparison has a row of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qbench.analysis.contests import Comparison, paired_logs
from qbench.analysis.families import LEAST_FAMILIES, family_of, over_families
from qbench.analysis.fields import Field, fields
from qbench.analysis.figures import number_text, supported
from qbench.analysis.readings import RankingClass, RunReadings
from qbench.analysis.stats import Estimate, Standing
from qbench.model import RANKED_PHASES
from qbench.report.matrix import class_labels
from qbench.report.plots.forest_page import Block, Dot, ForestRow, Lane, draw_page
from qbench.report.plots.forest_words import forest_notes, rows_in_words
from qbench.report.plots.heading import Heading, clock_name, conditions, machine_class, suite_name
from qbench.report.plots.lettering import plain
from qbench.report.plots.plot import NothingToDrawError, Plot, View, counted
from qbench.report.plots.scales import number_scale
from qbench.report.plots.styles import series_of

__all__ = ["by_forest_rows", "draw_forest"]

MOST_OF_EACH = 3
"""With at most so many simulators, or circuits, every comparison has its row."""

MOST_ROWS, MOST_ROWS_IN_PRINT = 60, 42
"""Rows of one sheet."""

_WORDS = {
    Standing.FASTER: "faster",
    Standing.SLOWER: "slower",
    Standing.TIE: "tie",
    Standing.UNRESOLVED: "unresolved",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Duel:
    """One simulator against the baseline of its field: all comparisons in view, and their mean."""

    simulator: str
    comparisons: tuple[Comparison, ...]
    mean: Estimate


def by_forest_rows(run: RunReadings, view: View) -> tuple[bool, Sequence[tuple[str, ...]]]:
    """A row for each simulator, or for each comparison where they are few; see ``Split``."""
    contestants, circuits = _contestants(run, view), len(view.problems)
    workloads, rows = len(view.workloads), MOST_ROWS if view.width is None else MOST_ROWS_IN_PRINT
    if not _by_circuit(contestants, circuits):
        return contestants * workloads <= rows, [view.problems]
    fits = contestants * circuits * workloads <= rows
    # Never so few circuits on a sheet that they alone would call for a row each.
    most = circuits if circuits <= MOST_OF_EACH else max(MOST_OF_EACH + 1, rows // max(1, contestants))
    return fits, [view.problems[at : at + most] for at in range(0, circuits, max(1, most))]


def _contestants(run: RunReadings, view: View) -> int:
    """How many simulators in view have a baseline to be compared with."""
    members: dict[RankingClass, dict[str, bool]] = {}
    for cell in run.cells:
        if cell.ranked:
            mine = members.setdefault(cell.ranking_class, {})
            mine[cell.simulator] = mine.get(cell.simulator, False) or view.shows(cell)
    named = run.records.manifest["baseline"]
    count = 0
    for mine in members.values():
        reference = named if named in mine else next(iter(mine))
        count += sum(shown for simulator, shown in mine.items() if simulator != reference)
    return count


def _by_circuit(contestants: int, circuits: int) -> bool:
    return contestants <= MOST_OF_EACH or circuits <= MOST_OF_EACH


def draw_forest(run: RunReadings, view: View, phase: str, name: str) -> Plot:
    """Time over the baseline's by circuit (table ``ratios``), and over all circuits (table ``totals``).

    A class's baseline is the run's, else the first of the plan that was timed.  Verdicts are the table's,
    corrected over all contestants, also those that are not in view.  Raises ``NothingToDrawError`` where no
    two simulators of a class in view were ranked on one circuit.
    """
    if phase not in map(str, RANKED_PHASES):
        raise NothingToDrawError(f"no ratios of {phase} to draw: {' and '.join(RANKED_PHASES)} are compared")
    shared, _ = series_of(run)
    found = [field for field in fields(run) if field.workload in view.workloads and field.phase == phase]
    duels = {id(field): _duels(field, run, view) for field in found}
    held = [field for field in found if duels[id(field)]]
    if not held:
        raise NothingToDrawError(
            f"no ratios of {phase} to draw: they need two simulators of one class that are ranked on the "
            "same circuit and workload"
        )
    several = len({one.ranking_class for one in found}) > 1
    _, labels = class_labels(tuple(dict.fromkeys(field.ranking_class for field in found)))
    single = _by_circuit(_contestants(run, view), len(view.problems))
    lanes: dict[str, list[Block]] = {}
    for field in held:
        mine = duels[id(field)]
        baseline = str(field.baseline(run.records.manifest["baseline"]))
        title = f"{labels[field.ranking_class]}: " if several and labels[field.ranking_class] else ""
        rows = _single_rows(mine, view, run) if single else _mean_rows(mine, baseline)
        block = Block(
            title=plain(f"{title}{_circuit(view, run)}time over that of {baseline}"), rows=tuple(rows)
        )
        lanes.setdefault(field.workload, []).append(block)
    shown = [Lane(heading=plain(workload), blocks=tuple(blocks)) for workload, blocks in lanes.items()]
    dots = [dot for lane in shown for block in lane.blocks for row in block.rows for dot in row.dots]
    means = [row.mean for lane in shown for block in lane.blocks for row in block.rows if row.mean]
    scale = number_scale(
        f"{phase} {clock_name(run)} over the baseline's (below 1: faster)",
        [*(dot.value for dot in dots), *(value for value, _, _ in means), 1.0],
        [end for dot in dots for end in (dot.low, dot.high) if end is not None]
        + [end for _, low, high in means for end in (low, high) if end is not None],
    )
    row = "mean" if not single else "circuit" if len(view.problems) > 1 else "one"
    notes = forest_notes(
        row,
        run.margin,
        means=bool(means),
        intervals=any(dot.low is not None for dot in dots),
        uneven=len({len(duel.comparisons) for field in held for duel in duels[id(field)]}) > 1,
    )
    ends = [(dot.low, dot.high) for dot in dots if single] + [(low, high) for _, low, high in means]
    cut = sum(
        low is not None and high is not None and (low < scale.low or high > scale.high) for low, high in ends
    )
    if cut:
        notes.append(f"{counted(cut, 'interval')} leave the axis; the figures beside it have them.")
    alone = [field for field in found if not duels[id(field)] and field.contests]
    if alone:
        names = "; ".join(dict.fromkeys(labels[field.ranking_class] or "the class" for field in alone))
        notes.append(f"Without a second ranked simulator, or without one in view: {names}.")
    heading = Heading(
        title=f"{phase}: ratios to the baseline with 95 % intervals, {suite_name(run)}",
        lines=(conditions(run, shared), machine_class(run)),
        width=view.width,
        notes=tuple(filter(None, [*notes, view.note])),
    )
    standings = Counter(dot.standing for dot in dots)
    return Plot(
        name=name,
        title=heading.title,
        caption=(*heading.lines, *heading.notes, *rows_in_words(shown)),
        figure=draw_page(heading, shown, scale, run.margin, standings),
    )


def _duels(field: Field, run: RunReadings, view: View) -> list[_Duel]:
    """Everybody in view against the field's baseline, in plan order."""
    baseline = field.baseline(run.records.manifest["baseline"])
    found: dict[str, list[Comparison]] = {}
    for contest in field.contests.values():
        reference = next((cell for cell in contest.members if cell.simulator == baseline), None)
        if reference is None or reference.circuit_id not in view.problems:
            continue
        for comparison in contest.against(reference):
            if comparison.ratio is not None and view.shows(comparison.contestant):
                found.setdefault(comparison.contestant.simulator, []).append(comparison)
    return [
        _Duel(simulator=simulator, comparisons=tuple(mine), mean=_mean(mine, field))
        for simulator in field.asked
        if (mine := found.get(simulator))
    ]


def _mean(comparisons: Iterable[Comparison], field: Field) -> Estimate:
    """As in the table ``totals``: families weigh equally, the interval is over families and rounds."""
    logs: dict[str, list[dict[int, float]]] = {}
    for one in comparisons:
        mine, theirs = (cell.phases[field.phase] for cell in (one.contestant, one.reference))
        logs.setdefault(family_of(one.contestant), []).append(paired_logs(mine, theirs, field.metric))
    return over_families(logs)


def _figures(estimate: Estimate) -> tuple[float, float | None, float | None]:
    told = supported(estimate)
    bounded = told.low is not None and told.high is not None
    return (
        float(told.value),
        float(told.low) if bounded and told.low is not None else None,
        float(told.high) if bounded and told.high is not None else None,
    )


def _text(estimate: Estimate) -> str:
    told = supported(estimate)
    if told.low is None or told.high is None:
        return number_text(told.value)
    return f"{number_text(told.value)} ({number_text(told.low)} to {number_text(told.high)})"


def _dot(comparison: Comparison) -> Dot:
    assert comparison.ratio is not None
    value, low, high = _figures(comparison.ratio)
    return Dot(value=value, low=low, high=high, standing=comparison.standing)


def _mean_rows(duels: Sequence[_Duel], baseline: str) -> list[ForestRow]:
    """A row for each simulator, the fastest first; the baseline where its 1 belongs."""
    rows = [
        (
            duel.mean.value,
            ForestRow(
                label=plain(duel.simulator),
                dots=tuple(_dot(one) for one in duel.comparisons),
                mean=_figures(duel.mean),
                text=_text(duel.mean),
                more=_counts(duel.comparisons),
            ),
        )
        for duel in duels
    ]
    rows.append((1.0, ForestRow(label=plain(baseline), text="1", more="the baseline")))
    return [row for _, row in sorted(rows, key=lambda one: one[0])]


def _counts(comparisons: Sequence[Comparison]) -> str:
    found = Counter(one.standing for one in comparisons)
    told = ", ".join(f"{found[standing]} {_WORDS[standing]}" for standing in _WORDS if found[standing])
    return f"of {len(comparisons)}: {told}"


def _single_rows(duels: Sequence[_Duel], view: View, run: RunReadings) -> list[ForestRow]:
    """A row for each comparison, circuit by circuit of each simulator, then their mean.

    Of one circuit alone a row is a simulator.
    """
    facts = view.facts(run)
    alone = len(view.problems) == 1
    rows: list[ForestRow] = []
    for duel in duels:
        several = len(duel.comparisons) > 1
        if not alone:
            rows.append(ForestRow(label=plain(duel.simulator), bold=True))
        for one in duel.comparisons:
            assert one.ratio is not None
            told = facts[one.contestant.circuit_id]
            circuit = f"{plain(told['name'])} ({told['qubits']})"
            rows.append(
                ForestRow(
                    label=plain(duel.simulator) if alone else circuit,
                    dots=(_dot(one),),
                    text=_text(one.ratio),
                    more=_WORDS[one.standing],
                )
            )
        if several:
            families = len({family_of(one.contestant) for one in duel.comparisons})
            rows.append(
                ForestRow(
                    label=f"geometric mean of {len(duel.comparisons)}",
                    mean=_figures(duel.mean),
                    text=_text(duel.mean),
                    more="" if families >= LEAST_FAMILIES else f"{families} families: no interval",
                )
            )
    return rows


def _circuit(view: View, run: RunReadings) -> str:
    """The circuit, where there is one alone."""
    if len(view.problems) > 1:
        return ""
    (told,) = view.facts(run).values()
    return f"{told['name']} ({told['qubits']} qubits), "
