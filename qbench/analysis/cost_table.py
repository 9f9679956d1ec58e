"""The table ``costs``: one row for each fit, a figure with its interval for each term of its form."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qbench.analysis.cost_forms import TERMS
from qbench.analysis.cost_model import CostFit, fit_costs, of_limit
from qbench.analysis.figures import rounded, supported_sum
from qbench.analysis.memory_limit import MemoryLimit, memory_limit
from qbench.analysis.readings import RunReadings
from qbench.analysis.stats import Estimate
from qbench.analysis.table import Table, Value
from qbench.model import Metric

__all__ = ["cost_notes", "costs_table"]

_WHO = "workload phase kind precision threads# gate_mode metric simulator form "
_TRUST = (
    "circuits# families# least_qubits# most_qubits# residual_percent# worst_percent# "
    "cross_validated_percent# of_limit#"
)
_ALWAYS = ("fixed", "gates", "gates x 2^n")
"""Terms whose columns are there in every table; the others where a form has them."""

_SCALES = {"us": 1e6, "ns": 1e9}
_DIGITS = 2  # of errors and of the factor: what decides is their size


def costs_table(run: RunReadings) -> Table:
    """One row per workload, class and simulator with enough circuits for a fit; execute times."""
    fits = fit_costs(run)
    limit = memory_limit(run)
    used = [name for name in TERMS if name in _ALWAYS or any(name in fit.terms for fit in fits)]
    return Table.of("costs", _columns(used), [_row(fit, run.metric, limit) for fit in fits])


def cost_notes(run: RunReadings) -> list[str]:
    """What stands under the table: why its last column is empty, where it is."""
    if memory_limit(run) is not None:
        return []
    return [
        "of_limit is empty: this run's records hold no memory bandwidth "
        "(qbench bandwidth RUN measures it on the machine of the run)."
    ]


def _columns(terms: Sequence[str]) -> str:
    named = []
    for term in terms:
        column, unit = TERMS[term].column, TERMS[term].unit
        named += [f"{column}{end}_{unit}#" for end in ("", "_low", "_high")]
    return _WHO + " ".join(named) + " " + _TRUST


def _row(fit: CostFit, metric: Metric, limit: MemoryLimit | None) -> dict[str, Value]:
    row: dict[str, Value] = {
        "workload": fit.workload,
        "phase": fit.phase,
        **fit.ranking_class._asdict(),
        "metric": str(metric),
        "simulator": fit.simulator,
        "form": fit.form,
        "circuits": fit.circuits,
        "families": fit.families,
        "least_qubits": min(cell.qubits for cell in fit.cells),
        "most_qubits": max(cell.qubits for cell in fit.cells),
        "residual_percent": _percent(fit.residual_percent),
        "worst_percent": _percent(fit.worst_percent),
    }
    for name, estimate in fit.terms.items():
        row |= _figures(name, estimate)
    held_out, factor = fit.cross_validated_percent, of_limit(fit, limit)
    row["cross_validated_percent"] = None if held_out is None else _percent(held_out)
    if factor is not None:
        row["of_limit"] = rounded(factor, _DIGITS)
    return row


def _percent(value: float) -> Value:
    return rounded(value, _DIGITS) if math.isfinite(value) else "inf"


def _figures(name: str, estimate: Estimate) -> dict[str, Value]:
    column, unit = TERMS[name].column, TERMS[name].unit
    figures = supported_sum(estimate, _SCALES[unit])
    return {
        f"{column}{end}_{unit}": figure for end, figure in zip(("", "_low", "_high"), figures, strict=True)
    }
