"""What a run's own controls found: how fine its ratios are, its baseline's alias, its planted liar.

The alias is compared with the baseline alone, each comparison by itself, without Holm's correction: what
these comparisons say is what the run says of identical code.  Table ``controls`` has one row per workload,
phase and class of threads; ``read_controls`` sums the run up for the line under every table.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qbench.analysis.answer_errors import ANSWER_ERRORS
from qbench.analysis.contests import Comparison, Contest, contests, paired_logs
from qbench.analysis.families import family_of, over_families
from qbench.analysis.figures import rounded, supported
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.analysis.stats import CONFIDENCE, Estimate, Standing, compare, differs
from qbench.analysis.table import Table, Value
from qbench.model import RANKED_PHASES, Flag, Verdict

__all__ = ["Controls", "alias_comparisons", "contestants", "controls_table", "half_widths", "read_controls"]

ALIAS = "alias"
LIAR = "liar"

CHANCE = 1 - CONFIDENCE
"""The share of comparisons of identical code that an honest run calls different."""

TOO_RARE = 0.01
"""Chance explains so many different comparisons more rarely than this: the run's ratios are not trusted."""

_JUDGED_BY = {one.figure for one in ANSWER_ERRORS.values() if not one.counted} | {"p_value", "impossible"}

_CONTROLS = (
    "workload phase threads# ratios# half_width_percent# contended_percent# alias compared# tie# unresolved# "
    "faster# slower# differs# differs_expected# alias_ratio# alias_low# alias_high# liar judged# caught# "
    "missed# not_asked#"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """A run's controls, or those of a part of it.

    ``half_width`` is the median over the ``ratios`` of contestants to their baselines (0.05 reads "within
    5 %"), ``contended`` the share of warm visits from which other work took CPU time, among those where that
    can be told, which are those with one thread and not of a simulator that is ``waiting`` by its nature;
    None where there are none.  ``comparisons`` counts also ratios that have no interval.  ``compared`` holds
    the alias's comparisons, ``phases`` the phase of each, ``totals`` by phase its ratio over all circuits,
    ``proven`` the comparisons that are faster or slower also after Holm's correction over all of them;
    ``missed`` the liar's cells whose lie passed, ``silent`` those in which it gave no answer.
    """

    ratios: int
    comparisons: int
    half_width: float | None
    contended: float | None
    waiting: tuple[str, ...]
    alias: str | None
    compared: tuple[Comparison, ...]
    phases: tuple[str, ...]
    totals: tuple[tuple[str, Estimate], ...]
    proven: tuple[Comparison, ...]
    liar: str | None
    caught: int
    missed: tuple[CellReadings, ...]
    silent: tuple[CellReadings, ...]

    @property
    def not_asked(self) -> int:
        """In how many cells the liar gave no answer that was judged."""
        return len(self.silent)

    @property
    def standings(self) -> Counter[Standing]:
        return Counter(comparison.standing for comparison in self.compared)

    @property
    def verdicts(self) -> tuple[Comparison, ...]:
        """The alias's comparisons that came out faster or slower, each by itself."""
        return tuple(c for c in self.compared if c.standing in (Standing.FASTER, Standing.SLOWER))

    @property
    def different(self) -> tuple[Comparison, ...]:
        """The alias's comparisons whose interval excludes 1, the farthest from 1 first."""
        found = [c for c in self.compared if c.ratio is not None and differs(c.ratio)]
        return tuple(sorted(found, key=lambda c: -abs(math.log(c.ratio.value)) if c.ratio else 0.0))

    def phase_of(self, comparison: Comparison) -> str:
        """The phase of one of the alias's comparisons."""
        return next(phase for one, phase in zip(self.compared, self.phases, strict=True) if one is comparison)

    @property
    def chance_of_as_many(self) -> float:
        """How often chance alone calls as many of the alias's comparisons different, or more.

        As if they were independent.  Those of one round share two processes, so it is a rough figure.
        """
        from scipy.special import bdtrc

        found = len(self.different)
        return float(bdtrc(found - 1, self.told, CHANCE)) if found else 1.0

    @property
    def told(self) -> int:
        """The alias's comparisons that have an interval."""
        return sum(c.ratio is not None and differs(c.ratio) is not None for c in self.compared)

    @property
    def alias_fails(self) -> bool:
        """Whether identical code is faster or slower beyond chance, or differs more often than chance allows.

        A verdict on one comparison alone is no failure: on a noisy machine (10 % between processes, 48
        comparisons, 6 rounds) 43 to 54 % of honest runs have one, simulated.
        """
        return bool(self.proven) or self.chance_of_as_many < TOO_RARE


def contestants(run: RunReadings) -> RunReadings:
    """The run without its controls: what is shown, ranked and counted."""
    return replace(run, cells=tuple(cell for cell in run.cells if cell.control is None))


def read_controls(run: RunReadings, phases: Sequence[str] = RANKED_PHASES) -> Controls:
    """The controls of a run in these phases together."""
    widths = half_widths(run, phases)
    events = run.records.events
    waiting = {event["cell"] for event in events if event["event"] == "cell_waits"}
    # with several threads CPU time over wall time says nothing of other work: such visits are never flagged
    timed = [
        cell.phases[phase]
        for cell in run.cells
        if cell.threads == 1 and cell.id not in waiting
        for phase in phases
        if phase in cell.phases
    ]
    visits = sum(len(readings.warm_rows) for readings in timed)
    contended = sum((readings.share(Flag.CONTENDED) or 0.0) * len(readings.warm_rows) for readings in timed)
    liars = [cell for cell in run.cells if cell.control == LIAR]
    told = [cell for cell in liars if cell.outcome and _JUDGED_BY & set(cell.outcome.figures)]
    names = {facts["control"]: name for name, facts in _controls_of(run).items()}
    compared = [(c, str(phase)) for phase in phases for c in alias_comparisons(run, phase)]
    return Controls(
        ratios=len(widths),
        comparisons=len(_comparisons(run, phases)),
        half_width=statistics.median(widths) if widths else None,
        contended=contended / visits if visits else None,
        waiting=tuple(dict.fromkeys(cell.simulator for cell in run.cells if cell.id in waiting)),
        alias=names.get(ALIAS),
        compared=tuple(c for c, _ in compared),
        phases=tuple(phase for _, phase in compared),
        totals=tuple(_alias_totals(compared, run)),
        proven=_proven([c for c, _ in compared], run.margin),
        liar=names.get(LIAR),
        caught=sum(cell.judged == Verdict.WRONG for cell in told),
        missed=tuple(cell for cell in told if cell.judged != Verdict.WRONG),
        silent=tuple(cell for cell in liars if cell not in told),
    )


def _alias_totals(
    compared: Sequence[tuple[Comparison, str]], run: RunReadings
) -> Iterator[tuple[str, Estimate]]:
    """The alias's ratio over all circuits by phase, as ``totals`` has those of contestants."""
    for phase in dict.fromkeys(phase for _, phase in compared):
        logs: dict[str, list[dict[int, float]]] = {}
        for comparison, mine in compared:
            if mine == phase and comparison.ratio is not None:
                cells = comparison.contestant, comparison.reference
                alias, baseline = (cell.phases[phase] for cell in cells)
                logs.setdefault(family_of(cells[0]), []).append(paired_logs(alias, baseline, run.metric))
        if logs:
            yield phase, over_families(logs)


def _proven(compared: Sequence[Comparison], margin: float) -> tuple[Comparison, ...]:
    standings = compare([c.ratio for c in compared], margin=margin)
    verdicts = (Standing.FASTER, Standing.SLOWER)
    return tuple(c for c, found in zip(compared, standings, strict=True) if found in verdicts)


def _controls_of(run: RunReadings) -> dict[str, dict[str, str]]:
    simulators = run.records.manifest["simulators"]
    return {name: facts for name, facts in simulators.items() if facts.get("control")}


def half_widths(run: RunReadings, phases: Sequence[str]) -> list[float]:
    """Relative half-widths of all contestants' ratios to their baselines that have an interval."""
    found = [c.ratio.half_width for c in _comparisons(run, phases) if c.ratio is not None]
    return [width for width in found if width is not None]


def _comparisons(run: RunReadings, phases: Sequence[str]) -> list[Comparison]:
    """All contestants against their baselines, also where there is no interval."""
    baseline = run.records.manifest["baseline"]
    return [
        comparison
        for phase in phases
        for contest in contests(run, phase)
        for comparison in contest.against(contest.baseline(baseline))
    ]


def alias_comparisons(run: RunReadings, phase: str) -> list[Comparison]:
    """The alias against the baseline wherever both were measured, whether their answers passed or not."""

    def key(cell: CellReadings) -> tuple[str, str, int, str]:
        return cell.problem_id, cell.task_id, cell.threads, cell.gate_mode

    baseline = run.records.manifest["baseline"]
    measured = [cell for cell in run.cells if cell.warm(phase, run.metric) is not None]
    twins = {key(cell): cell for cell in measured if cell.simulator == baseline}
    return [
        comparison
        for cell in measured
        if cell.control == ALIAS and key(cell) in twins
        for comparison in Contest(
            phase=phase,
            ranking_class=cell.ranking_class,
            members=(twins[key(cell)], cell),
            metric=run.metric,
            margin=run.margin,
        ).against(twins[key(cell)])
    ]


def controls_table(run: RunReadings) -> Table:
    """One row per workload, phase and number of threads; the liar's figures are those of the workload."""
    rows: list[dict[str, Value]] = []
    for workload in run.workloads:
        mine = [cell for cell in run.cells if cell.workload == workload]
        for threads in sorted({cell.threads for cell in mine}):
            part = replace(run, cells=tuple(cell for cell in mine if cell.threads == threads))
            for phase in RANKED_PHASES:
                if phase in run.phases:
                    facts: dict[str, Value] = {
                        "workload": workload,
                        "phase": str(phase),
                        "threads": threads,
                    }
                    rows.append(facts | _row(read_controls(part, (phase,))))
    return Table.of("controls", _CONTROLS, rows)


def _row(found: Controls) -> dict[str, Value]:
    row: dict[str, Value] = {
        "ratios": found.ratios,
        "half_width_percent": None if found.half_width is None else _percent(found.half_width),
        "contended_percent": None if found.contended is None else _percent(found.contended),
        "alias": found.alias,
        "liar": found.liar,
    }
    if found.compared:
        row |= {
            "compared": len(found.compared),
            **{str(standing): found.standings[standing] for standing in Standing},
            "differs": len(found.different),
            "differs_expected": rounded(found.told * CHANCE, 2),
        }
        for _, total in found.totals:  # a row has one phase
            row |= dict(zip(("alias_ratio", "alias_low", "alias_high"), supported(total), strict=True))
    if found.liar and found.caught + len(found.missed) + found.not_asked:
        row |= {
            "judged": found.caught + len(found.missed),
            "caught": found.caught,
            "missed": len(found.missed),
            "not_asked": found.not_asked,
        }
    return row


def _percent(share: float) -> Value:
    return rounded(share * 100, 2) if math.isfinite(share) else "inf"
