"""The tables of times: ``cells`` with every cell and phase, ``ratios`` with who is faster than whom."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from qbench.analysis.bounds import least_ns, least_ratio
from qbench.analysis.contests import Comparison, contests
from qbench.analysis.controls import alias_comparisons
from qbench.analysis.figures import DIGITS_WITHOUT_INTERVAL, LEAST_DIGITS, rounded, supported
from qbench.analysis.readings import CellReadings, PhaseReadings, RankingClass, RunReadings
from qbench.analysis.stats import differs
from qbench.analysis.table import Table, Value
from qbench.analysis.threads import threads_seen, threads_used
from qbench.model import RANKED_PHASES, Metric, Phase, Place

__all__ = ["RANKED_PHASES", "cells_table", "ratios_table"]

_CELLS = (
    "circuit qubits# gates# workload simulator control version kind precision threads# gate_mode phase "
    "verdict flags ranked first_in_process_us# first_for_cell_us# warm_us# warm_low_us# warm_high_us# "
    "min_us# p10_us# p90_us# cpu_us# busy# threads_used threads_seen rounds# samples# loops# "
    "memory_peak_kib# reason circuit_id?"
)
_RATIOS = (
    "circuit qubits# workload phase kind precision threads# gate_mode metric simulator control baseline "
    "ratio# low# high# bound differs verdict rounds# time_us# baseline_us# circuit_id?"
)

_US = 1e-3  # readings are in ns
_YES_NO = {True: "yes", False: "no", None: None}


def cells_table(run: RunReadings) -> Table:
    """One row per cell and phase; one row with verdict and reason for a cell without readings."""
    rows: list[dict[str, Value]] = []
    seen = threads_seen(run.records.events)
    for cell in run.cells:
        facts: dict[str, Value] = {
            "circuit": cell.problem["name"],
            "circuit_id": cell.circuit_id,
            "qubits": cell.problem["qubits"],
            "gates": cell.outcome.gates_executed if cell.outcome else None,
            "workload": cell.workload,
            "simulator": cell.simulator,
            "control": cell.control,
            "version": cell.facts["version"],
            "kind": cell.facts["kind"],
            "precision": cell.facts["precision"],
            "threads": cell.threads,
            "gate_mode": cell.gate_mode,
            "verdict": cell.verdict and str(cell.verdict),
            "flags": " ".join(cell.flags),
            "ranked": "yes" if cell.ranked else "no",
            "threads_seen": seen.get((cell.simulator, cell.threads)),
            "reason": cell.reason,
        }
        for phase in run.phases if cell.phases else (None,):
            readings = cell.phases.get(phase) if phase else None
            rows.append(facts | {"phase": phase} | (_times(readings, cell.threads) if readings else {}))
    return Table.of("cells", _CELLS, rows)


def _times(readings: PhaseReadings, threads: int) -> dict[str, Value]:
    row: dict[str, Value] = {
        "first_in_process_us": _us(readings.first(Place.FIRST_IN_PROCESS)),
        "first_for_cell_us": _us(readings.first(Place.FIRST_FOR_CELL)),
        "memory_peak_kib": None if readings.memory_peak is None else -(-readings.memory_peak // 1024),
    }
    estimate = readings.warm()
    if estimate is None:
        return row
    warm = supported(estimate, _US)
    used = threads_used(readings, threads)
    digits = len(warm.value.as_tuple().digits)  # what the interval supports: the others show no more
    if warm.value.adjusted() > Decimal(estimate.value * _US).adjusted():  # 998 became 1.00E+3: a digit more
        digits = max(LEAST_DIGITS, digits - 1)
    return row | {
        "warm_us": warm.value,
        "warm_low_us": warm.low,
        "warm_high_us": warm.high,
        "min_us": _us(readings.minimum, digits),
        "p10_us": _us(readings.quantile(10), digits),
        "p90_us": _us(readings.quantile(90), digits),
        "cpu_us": _us(readings.cpu, digits),
        "busy": None if readings.busy is None else Decimal(readings.busy).quantize(Decimal("0.01")),
        "threads_used": None if used is None else f"{used} of {threads}",
        "rounds": estimate.rounds,
        "samples": readings.samples,
        "loops": readings.loops,
    }


def _us(nanoseconds: float | None, digits: int = DIGITS_WITHOUT_INTERVAL) -> Decimal | None:
    return None if nanoseconds is None else rounded(nanoseconds * _US, digits)


def _warm(cell: CellReadings, phase: str, metric: Metric) -> Decimal | None:
    warm = cell.warm(phase, metric)
    return None if warm is None else supported(warm, _US).value


def ratios_table(run: RunReadings, phases: Sequence[str] = RANKED_PHASES, *, chosen: bool = False) -> Table:
    """Every ranked simulator against its class's baseline: time over the baseline's time, by the run's clock.

    Who has no reading of that clock has a row without a ratio.  Who ended at the time limit has one with a
    bound.  The run's alias of its baseline follows the contestants of each phase.  ``chosen`` says that the
    baseline was named after its times were seen: verdicts against it pay for that.
    """
    late: dict[tuple[str, str, RankingClass], list[CellReadings]] = {}
    for cell in run.cells:
        if cell.control is None and cell.facts["kind"] != "double" and least_ns(cell) is not None:
            late.setdefault((cell.problem_id, cell.task_id, cell.ranking_class), []).append(cell)
    named = run.records.manifest["baseline"]
    rows: list[dict[str, Value]] = []
    for phase in phases:
        for contest in contests(run, phase):
            baseline = contest.baseline(named)
            paid = chosen and baseline.simulator == named
            found = contest.against(baseline, chosen=paid)
            rows += [_ratio(comparison, phase, run.metric) for comparison in found]
            rows += [_parties(cell, baseline, phase, run.metric) for cell in contest.unclocked]
            if phase == Phase.END_TO_END and run.metric == Metric.WALL:
                key = (baseline.problem_id, baseline.task_id, contest.ranking_class)
                rows += [_bound(cell, baseline, phase) for cell in late.get(key, ())]
        rows += [_ratio(comparison, phase, run.metric) for comparison in alias_comparisons(run, phase)]
    return Table.of("ratios", _RATIOS, rows)


def _parties(cell: CellReadings, reference: CellReadings, phase: str, metric: Metric) -> dict[str, Value]:
    return {
        "circuit": cell.problem["name"],
        "circuit_id": cell.circuit_id,
        "qubits": cell.problem["qubits"],
        "workload": cell.workload,
        "phase": phase,
        **cell.ranking_class._asdict(),
        "metric": str(metric),
        "simulator": cell.simulator,
        "control": cell.control,
        "baseline": reference.simulator,
        "rounds": 0,
        "time_us": _warm(cell, phase, metric),
        "baseline_us": _warm(reference, phase, metric),
    }


def _ratio(comparison: Comparison, phase: str, metric: Metric) -> dict[str, Value]:
    ratio = comparison.ratio
    row = _parties(comparison.contestant, comparison.reference, phase, metric)
    row["verdict"] = str(comparison.standing)
    if ratio is not None:
        figures = supported(ratio)
        row |= {"ratio": figures.value, "low": figures.low, "high": figures.high}
        row |= {"differs": _YES_NO[differs(ratio)], "rounds": ratio.rounds}
    return row


def _bound(cell: CellReadings, reference: CellReadings, phase: str) -> dict[str, Value]:
    limit, warm = least_ns(cell), reference.warm(phase)
    row = _parties(cell, reference, phase, Metric.WALL)
    if limit is not None and warm is not None:
        row |= {"ratio": least_ratio(limit, warm.value), "bound": "at least"}
    return row
