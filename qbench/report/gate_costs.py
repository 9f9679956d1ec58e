"""What the common gates cost each simulator, in one sentence for each ranked phase."""

from __future__ import annotations

from collections.abc import Iterable

from qbench.analysis.figures import number_text, rounded
from qbench.analysis.gate_costs import gate_costs
from qbench.analysis.readings import RunReadings
from qbench.model import Phase

__all__ = ["gate_cost_sentences"]


def gate_cost_sentences(run: RunReadings) -> Iterable[str]:
    """The smallest and the largest ratio of each simulator; none where a run has one gate mode."""
    found: dict[Phase, dict[str, list[float]]] = {}
    for cost in gate_costs(run):
        if cost.ratio is not None:
            of_phase = found.setdefault(cost.phase, {})
            of_phase.setdefault(cost.common.simulator, []).append(cost.ratio.value)
    for phase, by_simulator in found.items():
        told = [f"{name} {_span(ratios)} in {len(ratios)}" for name, ratios in by_simulator.items()]
        yield (
            f"Time in common gates over time in native ones ({phase}; smallest to largest, in so many "
            f"cells): {', '.join(told)}. Table gates has the intervals."
        )


def _span(ratios: list[float]) -> str:
    """The ends, with three digits.

    >>> _span([1.2345, 0.98]), _span([2.0])
    ('0.980 to 1.23', '2.00')
    """
    low, high = (number_text(rounded(end, 3)) for end in (min(ratios), max(ratios)))
    return low if low == high else f"{low} to {high}"
