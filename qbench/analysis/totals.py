"""Over all circuits: how many a simulator solved, and its time over the baseline's on those both solved.

The geometric mean weighs families equally: first the mean of the logarithms within a family, then over the
families.  Its interval is Student's t over the families' means, the families taken as drawn from all that
could have been asked.  Resampling circuits was measured first, and left: with 5 to 30 families percentile
intervals held the truth in 81 to 94 % of the cases, bias-corrected ones too, the t-interval in 91 to 96 %
(docs/statistics.md).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from decimal import Decimal

from qbench.analysis.contests import Comparison
from qbench.analysis.fields import Field, fields
from qbench.analysis.figures import supported
from qbench.analysis.profiles import area, field_ratios, share_within
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.analysis.stats import Estimate, Standing, geometric_mean
from qbench.analysis.table import Table, Value
from qbench.model import VERDICTS, Verdict

__all__ = ["LEAST_FAMILIES", "over_families", "totals_table"]

LEAST_FAMILIES = 5
"""With fewer families there is no interval over them."""

_COLUMNS = (
    "workload phase kind precision threads# gate_mode metric simulator asked# solved# unsupported# failed# "
    "flagged# not_run# baseline ratio# low# high# circuits# families# faster# slower# tie# unresolved# "
    "best# area#"
)
_NOT_ASKED = (Verdict.UNSUPPORTED, Verdict.NOT_INSTALLED)


def over_families(logs: Mapping[str, Iterable[float]]) -> Estimate:
    """The geometric mean of ratios, given as logarithms by family, in which families weigh equally.

    ``rounds`` of the estimate is the number of families.  Raises ``ValueError`` without any family.

    >>> total = over_families({"ghz": [0.0, 0.0, 0.0], "qft": [math.log(4.0)]})
    >>> f"{total.value:.3f}", total.low
    ('2.000', None)
    """
    means = [math.exp(math.fsum(values) / len(values)) for values in map(tuple, logs.values())]
    total = geometric_mean(means)
    return total if total.rounds >= LEAST_FAMILIES else total._replace(low=None, high=None, p_value=None)


def totals_table(run: RunReadings) -> Table:
    """One row per workload, ranked phase, class and simulator."""
    rows: list[dict[str, Value]] = []
    for field in fields(run):
        baseline = field.baseline(run.records.manifest["baseline"])
        compared = _compared(field, baseline)
        ratios = field_ratios(field)
        for simulator, cells in field.asked.items():
            row = field.facts() | {"simulator": simulator, "baseline": baseline}
            row |= _counted(cells.values())
            row |= _rated(compared.get(simulator, ()))
            if simulator == baseline:
                row["ratio"] = 1
            if field.contests:
                row["best"] = _share(share_within(ratios[simulator], 1.0))
                row["area"] = _share(area(ratios[simulator]))
            rows.append(row)
    return Table.of("totals", _COLUMNS, rows)


def _compared(field: Field, baseline: str | None) -> dict[str, list[Comparison]]:
    """The comparisons with the baseline, by simulator, on the problems that the baseline solved."""
    found: dict[str, list[Comparison]] = {}
    for contest in field.contests.values():
        reference = next((cell for cell in contest.members if cell.simulator == baseline), None)
        for comparison in contest.against(reference) if reference else ():
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


def _rated(comparisons: Iterable[Comparison]) -> dict[str, Value]:
    told = [(comparison, comparison.ratio) for comparison in comparisons if comparison.ratio is not None]
    if not told:
        return {}
    logs: dict[str, list[float]] = {}
    for comparison, ratio in told:
        logs.setdefault(_family(comparison.contestant), []).append(math.log(ratio.value))
    figures = supported(over_families(logs))
    standings = [comparison.standing for comparison, _ in told]
    return {
        "ratio": figures.value,
        "low": figures.low,
        "high": figures.high,
        "circuits": len(told),
        "families": len(logs),
        **{str(standing): standings.count(standing) for standing in Standing},
    }


def _family(cell: CellReadings) -> str:
    family = cell.problem.get("family")
    return f"family {family}" if family else f"circuit {cell.problem_id}"


def _share(share: float) -> Decimal:
    return Decimal(share).quantize(Decimal("0.001"))
