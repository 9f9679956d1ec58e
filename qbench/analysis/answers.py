"""The tables of answers: ``accuracy`` with every cell's figures, ``support`` with what each simulator did.

``accuracy`` reads the plan and the outcomes only, no visit and no flag, so that two runs of one plan on one
machine give the same bytes.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from qbench.analysis.answer_errors import RADIUS, answer_error, proven_error
from qbench.analysis.figures import rounded, rounded_up
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.analysis.reasons import told_together
from qbench.analysis.table import Table, Value, natural_key
from qbench.model import Verdict

__all__ = ["accuracy_notes", "accuracy_table", "support_table"]

_ACCURACY = (
    "circuit qubits# workload simulator control precision threads# gate_mode verdict reason circuit_id?"
)
_SUPPORT = (
    "simulator control package version installed licence kind precision workloads max_qubits# native_gates# "
    "conformance import_ms# import_workers# workers_lost# "
    + " ".join(f"{verdict}#" for verdict in Verdict)
    + " reasons"
)

PROVEN = "proven_error"

_PROOF = (
    "Proven: {proven} of {judged}. The references of these answers are certified by ball arithmetic: "
    "reference_radius bounds what the reference itself is off by, and proven_error, which is the error found "
    "plus that radius, rounded upward, what the answer is off by."
)

# Figures that people look for first, in this order; the others follow in natural order.
_FIRST_FIGURES = (
    "max_amplitude_error",
    "expectation_error",
    "gradient_error",
    "frobenius_error",
    "max_element_error",
    "norm_error",
    "trace_error",
    "hermiticity_error",
    "bound",
    PROVEN,
    RADIUS,
    "correct_digits",
    "infidelity",
    "p_value",
    "tvd",
    "tvd_floor",
    "hellinger_fidelity",
    "impossible",
)
# An error's third digit says nothing; a probability's or a distance's does.
_THREE_DIGITS = ("p_", "tvd", "digits", "fidelity", "probability")


def accuracy_table(run: RunReadings) -> Table:
    """One row per cell: the verdict and the judge's figures."""
    names = {name for cell in run.cells if cell.outcome for name in cell.outcome.figures}
    if any(_proven(cell) is not None for cell in run.cells):
        names.add(PROVEN)
    ordered = [name for name in _FIRST_FIGURES if name in names]
    ordered += sorted(names.difference(ordered), key=natural_key)
    rows = []
    for cell in run.cells:
        row: dict[str, Value] = {
            "circuit": cell.problem["name"],
            "circuit_id": cell.circuit_id,
            "qubits": cell.problem["qubits"],
            "workload": cell.workload,
            "simulator": cell.simulator,
            "control": cell.control,
            "precision": cell.facts["precision"],
            "threads": cell.threads,
            "gate_mode": cell.gate_mode,
            "verdict": cell.judged and str(cell.judged),
            "reason": cell.outcome.reason if cell.outcome else "the run ended before this cell",
        }
        if cell.outcome:
            row |= {name: _figure(name, value) for name, value in cell.outcome.figures.items()}
        if (proven := _proven(cell)) is not None:
            row[PROVEN] = rounded_up(proven, 2)
        rows.append(row)
    return Table.of("accuracy", " ".join([_ACCURACY, *(f"{name}#" for name in ordered)]), rows)


def accuracy_notes(run: RunReadings) -> list[str]:
    """What stands under the table where errors are proven; like the table from the judged answers alone."""
    judged = [cell for cell in run.cells if cell.outcome and _main(cell) in cell.outcome.figures]
    proven = sum(_proven(cell) is not None for cell in judged)
    if not proven:
        return []
    return [_PROOF.format(proven=proven, judged=f"{len(judged)} error{'s' * (len(judged) != 1)}")]


def _main(cell: CellReadings) -> str | None:
    """The figure that is a cell's error; None for samples, which have a distance that chance adds to."""
    error = answer_error(cell.task["kind"])
    return None if error.counted else error.figure


def _proven(cell: CellReadings) -> Decimal | None:
    return proven_error(cell.task["kind"], cell.outcome.figures) if cell.outcome else None


def _figure(name: str, value: float | int) -> Value:
    if isinstance(value, int):
        return int(value)
    if not math.isfinite(value):
        return str(value)
    three = any(part in name for part in _THREE_DIGITS) and "infidelity" not in name
    if name == RADIUS:  # a bound stays one
        return rounded_up(Decimal(value), 2)
    return rounded(value, 3 if three else 2)


def support_table(run: RunReadings) -> Table:
    """One row per simulator: its facts, whether it conforms, its import time, and its verdicts."""
    simulators = run.records.manifest["simulators"]
    events: dict[str, list[Mapping[str, Any]]] = {name: [] for name in simulators}
    for event in run.records.events:
        if event.get("simulator") in events:
            events[event["simulator"]].append(event)
    verdicts: dict[str, Counter[str]] = {name: Counter() for name in simulators}
    reasons: dict[str, dict[str, list[str]]] = {name: {} for name in simulators}
    for cell in run.cells:
        if cell.verdict is not None:
            verdicts[cell.simulator][cell.verdict] += 1
            if cell.verdict != Verdict.OK and cell.reason:
                reasons[cell.simulator].setdefault(cell.verdict, []).append(cell.reason)
    rows = []
    for name, facts in simulators.items():
        imports = [
            event["import_wall_ns"]
            for event in events[name]
            if event["event"] == "worker_started" and event["purpose"] == "round"
        ]
        row: dict[str, Value] = {
            "simulator": name,
            "control": facts.get("control"),
            "package": facts["package"],
            "version": facts["version"],
            "installed": "yes" if facts["installed"] else "no",
            "licence": facts["licence"],
            "kind": facts["kind"],
            "precision": facts["precision"],
            "workloads": " ".join(facts["tasks"]),
            "max_qubits": facts["max_qubits"],
            "native_gates": len(facts["gates"]),
            "conformance": _conformance(events[name]),
            "import_ms": rounded(statistics.median(imports) * 1e-6, 3) if imports else None,
            "import_workers": len(imports),
            "workers_lost": sum(event["event"] == "worker_lost" for event in events[name]),
            "reasons": "; ".join(
                f"{verdict}: {told_together(alike)}" for verdict, alike in reasons[name].items()
            ),
        }
        rows.append(row | {str(verdict): verdicts[name][verdict] for verdict in Verdict})
    return Table.of("support", _SUPPORT, rows)


def _conformance(events: Sequence[Mapping[str, Any]]) -> str:
    probes = [event for event in events if event["event"] == "conformance"]
    failed = next((event for event in probes if not event["passed"]), None)
    if failed is None:
        return "passed" if probes else "not run"
    told = "failed in common gates" if failed.get("gate_mode") == "common" else "failed"
    return f"{told}: {failed['reason']}" if failed.get("reason") else told
