"""Over all circuits: how many a simulator solved, and its time over the baseline's on those both solved.

The geometric mean weighs families equally, and its interval covers what another sample of families and
other rounds would have given (``qbench.analysis.families``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from qbench.analysis.contests import Comparison, Contest, paired_logs
from qbench.analysis.families import family_of, over_families
from qbench.analysis.fields import Field, fields
from qbench.analysis.figures import supported
from qbench.analysis.profiles import area, field_ratios, share_within
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.analysis.stats import Standing
from qbench.analysis.table import Table, Value
from qbench.model import VERDICTS, Verdict

__all__ = ["total_rows", "totals_table"]

_COLUMNS = (
    "workload phase kind precision threads# gate_mode metric simulator asked# solved# unsupported# failed# "
    "flagged# not_run# baseline ratio# low# high# circuits# families# faster# slower# tie# unresolved# "
    "best# clear# area#"
)
_NOT_ASKED = (Verdict.UNSUPPORTED, Verdict.NOT_INSTALLED)


def totals_table(run: RunReadings) -> Table:
    """One row per workload, ranked phase, class and simulator."""
    baseline = run.records.manifest["baseline"]
    rows = [row for field in fields(run) for row in total_rows(field, field.baseline(baseline))]
    return Table.of("totals", _COLUMNS, rows)


def total_rows(field: Field, baseline: str | None, *, chosen: bool = False) -> list[dict[str, Value]]:
    """The rows of one workload, phase and class relative to a baseline, one per simulator in plan order.

    ``chosen`` says that the baseline was named after its times were seen: verdicts pay for it.
    """
    rows: list[dict[str, Value]] = []
    compared = _compared(field, baseline, chosen)
    ratios = field_ratios(field)
    clear = Counter(_clear_winner(contest) for contest in field.contests.values())
    for simulator, cells in field.asked.items():
        row = field.facts() | {"simulator": simulator, "baseline": baseline}
        row |= _counted(cells.values())
        row |= _rated(compared.get(simulator, ()), field)
        if simulator == baseline:
            row["ratio"] = 1
        if field.contests:
            row["best"] = _share(share_within(ratios[simulator], 1.0))
            row["clear"] = _share(clear.get(simulator, 0) / len(ratios[simulator]))
            row["area"] = _share(area(ratios[simulator]))
        rows.append(row)
    return rows


def _compared(field: Field, baseline: str | None, chosen: bool) -> dict[str, list[Comparison]]:
    """The comparisons with the baseline, by simulator, on the problems that the baseline solved."""
    found: dict[str, list[Comparison]] = {}
    for contest in field.contests.values():
        reference = next((cell for cell in contest.members if cell.simulator == baseline), None)
        for comparison in contest.against(reference, chosen=chosen) if reference else ():
            found.setdefault(comparison.contestant.simulator, []).append(comparison)
    return found


def _counted(cells: Iterable[CellReadings]) -> dict[str, Value]:
    """What became of all that was asked; the parts add up to ``asked``."""
    counts = dict.fromkeys(("asked", "solved", "unsupported", "failed", "flagged", "not_run"), 0)
    for cell in cells:
        counts["asked"] += 1
        if cell.verdict is None:
            counts["not_run"] += 1
        elif cell.verdict in _NOT_ASKED:
            counts["unsupported"] += 1
        elif VERDICTS[cell.verdict].failed:
            counts["failed"] += 1
        else:
            counts["solved" if cell.ranked else "flagged"] += 1
    return dict(counts)


def _clear_winner(contest: Contest) -> str | None:
    """Who is faster than every other by more than chance and margin; None where nobody is."""
    fastest, others = contest.race()
    clear = all(comparison.standing == Standing.SLOWER for comparison in others)
    return fastest.simulator if clear else None


def _rated(comparisons: Iterable[Comparison], field: Field) -> dict[str, Value]:
    told = [comparison for comparison in comparisons if comparison.ratio is not None]
    if not told:
        return {}
    logs: dict[str, list[dict[int, float]]] = {}
    for one in told:
        mine, theirs = (cell.phases[field.phase] for cell in (one.contestant, one.reference))
        logs.setdefault(family_of(one.contestant), []).append(paired_logs(mine, theirs, field.metric))
    figures = supported(over_families(logs))
    standings = [comparison.standing for comparison in told]
    return {
        "ratio": figures.value,
        "low": figures.low,
        "high": figures.high,
        "circuits": len(told),
        "families": len(logs),
        **{str(standing): standings.count(standing) for standing in Standing},
    }


def _share(share: float) -> Decimal:
    return Decimal(share).quantize(Decimal("0.001"))
