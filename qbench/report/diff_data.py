"""A comparison for programs and for pages: JSON with everything, Markdown with what changed."""

from __future__ import annotations

import json
import math
from typing import Any

from qbench.analysis.changes import CellDiff, Change, RunDiff, View
from qbench.analysis.figures import supported
from qbench.analysis.readings import CellReadings
from qbench.analysis.render import render_markdown, visible
from qbench.analysis.stats import Estimate
from qbench.analysis.table import Table, Value
from qbench.analysis.unpaired import Drift
from qbench.report.columns import wrapped
from qbench.report.diff_notes import reading_notes, who

__all__ = ["diff_json", "diff_markdown"]

_US = 1e-3  # readings are in ns
_COLUMNS = (
    "change also circuit qubits# workload simulator threads# gate_mode verdict_a verdict_b a_us# b_us# "
    "ratio# low# high# relative# relative_low# relative_high# what"
)


def diff_json(diff: RunDiff) -> str:
    """One object: what was compared and how, counts by class, and every cell; times in microseconds."""
    found = diff.differences
    data = {
        "runs": [run.records.manifest.get("run") for run in (diff.old, diff.new)],
        "between": None if diff.between is None else list(diff.between),
        "view": str(diff.view),
        "phase": diff.phase,
        "metric": str(diff.metric),
        "margin": diff.margin,
        "times_refused": diff.refused,
        "notes": [*who(diff), *reading_notes(diff)],
        "machine_shift": None if diff.drift is None else _drift(diff.drift),
        "same_run": found.same_run,
        "same_machine": found.same_machine,
        "settings": [list(one) for one in found.settings],
        "packages": [list(one) for one in found.packages],
        "counts": {str(change): number for change, number in diff.counts.items()},
        "cells": [_cell(diff, cell) for cell in diff.cells],
    }
    return json.dumps(data, indent=1, ensure_ascii=True, allow_nan=False) + "\n"


def _cell(diff: RunDiff, cell: CellDiff) -> dict[str, Any]:
    one = cell.cell
    return {
        "changes": [str(change) for change in cell.changes],
        "circuit": one.problem["name"],
        "problem": one.problem_id,
        "workload": one.workload,
        "simulator": one.simulator,
        "threads": one.threads,
        "gate_mode": one.gate_mode,
        "verdicts": [None if verdict is None else str(verdict) for verdict in cell.verdicts],
        "reasons": [side.reason if side else None for side in (cell.old, cell.new)],
        "times_us": [_time(diff, side) for side in (cell.old, cell.new)],
        "ratios": {str(view): _estimate(ratio) for view, ratio in cell.ratios.items()},
        "standing": None if cell.standing is None else str(cell.standing),
        "yardstick": cell.yardstick,
        "untimed": cell.untimed,
        "version": list(cell.version),
        "answer": cell.answer,
        "blocking_flags": [list(flags) for flags in cell.flags],
    }


def _estimate(estimate: Estimate) -> dict[str, float | int | None]:
    return {
        "value": _finite(estimate.value),
        "low": _finite(estimate.low),
        "high": _finite(estimate.high),
        "p_value": _finite(estimate.p_value),
        "rounds": estimate.rounds,
    }


def _drift(drift: Drift) -> dict[str, Any]:
    return {
        "value": _finite(drift.shift),
        "by_simulator": [_finite(one) for one in drift.by_simulator],
        "nine_tenths_of_cells": [_finite(drift.low), _finite(drift.high)],
        "cells": drift.cells,
        "simulators": drift.simulators,
    }


def _finite(value: float | None) -> float | None:
    """Six digits: more would be the last bits of one CPU's logarithm."""
    return None if value is None or not math.isfinite(value) else float(f"{value:.6g}")


def _time(diff: RunDiff, cell: CellReadings | None) -> float | None:
    warm = None if cell is None else cell.warm(diff.phase, diff.metric)
    return None if warm is None else _finite(warm.value * _US)


def diff_markdown(diff: RunDiff) -> str:
    """The notes as text, then a table of the cells in which anything changed."""
    # As a block of text: names come from anywhere, and nothing in such a block is markup but its own fence.
    told = [visible(note).replace("`", "'") for note in (*who(diff), *reading_notes(diff))]
    notes = "\n".join(["```text", *(line for note in told for line in wrapped(note, 110)), "```", ""])
    counted = ", ".join(f"{number} {change}" for change, number in diff.counts.items() if number)
    rows = [_row(diff, cell) for change in Change for cell in diff.having(change) if cell.primary == change]
    shown = [row for row in rows if row["change"] not in (Change.SAME, Change.UNRESOLVED)]
    table = render_markdown(Table.of("diff", _COLUMNS, shown)) if shown else ""
    return f"{notes}\n{len(diff.cells)} cells: {counted}\n" + (f"\n{table}" if table else "")


def _row(diff: RunDiff, cell: CellDiff) -> dict[str, Value]:
    one = cell.cell
    row: dict[str, Value] = {
        "change": str(cell.primary),
        "also": " ".join(cell.changes[1:]),
        "circuit": one.problem["name"],
        "qubits": one.problem["qubits"],
        "workload": one.workload,
        "simulator": one.simulator,
        "threads": one.threads,
        "gate_mode": one.gate_mode,
        "what": cell.answer or (one.reason if cell.primary == Change.VERDICT else "; ".join(cell.version)),
    }
    for name, verdict, side in zip("ab", cell.verdicts, (cell.old, cell.new), strict=True):
        warm = None if side is None else side.warm(diff.phase, diff.metric)
        row[f"verdict_{name}"] = None if verdict is None else str(verdict)
        row[f"{name}_us"] = None if warm is None else supported(warm, _US).value
    for view, ratio in cell.ratios.items():
        shown = supported(ratio)
        ends = {"low": shown.low, "high": shown.high}
        if view == View.RELATIVE:
            row |= {"relative": shown.value, **{f"relative_{end}": value for end, value in ends.items()}}
        else:
            row |= {"ratio": shown.value, **ends}
    return row
