"""What the common gates cost: each simulator's time in common gates over its own time in native ones.

The two are cells of classes of their own and are never ranked against each other: this says of one simulator
what its own gates are worth to it, and how many gates stand behind either time.  Rounds are paired as in
every ratio; the two blocks follow each other in a round, in the same process (``qbench.measure.schedule``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qbench.analysis.contests import paired_times
from qbench.analysis.figures import supported
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.analysis.stats import Estimate, differs
from qbench.analysis.table import Table, Value
from qbench.model import RANKED_PHASES, Metric, Phase

__all__ = ["GateCost", "gate_costs", "gates_table"]

NATIVE, COMMON = "native", "common"

_GATES = (
    "circuit qubits# workload phase kind precision threads# metric simulator native_gates# common_gates# "
    "native_us# common_us# ratio# low# high# differs rounds# circuit_id?"
)

_US = 1e-3  # readings are in ns
_YES_NO = {True: "yes", False: "no", None: None}


@dataclass(frozen=True, slots=True, kw_only=True)
class GateCost:
    """One simulator's cells in both modes; ``ratio`` is common over native, None without a common round."""

    native: CellReadings
    common: CellReadings
    phase: Phase
    ratio: Estimate | None


def gate_costs(run: RunReadings) -> Iterable[GateCost]:
    """Wherever a simulator's answers passed and were timed in both modes, phase by phase in plan order."""
    native: dict[tuple[str, str, str, int], CellReadings] = {}
    common: list[CellReadings] = []
    for cell in run.cells:
        if cell.ranked and cell.gate_mode == NATIVE:
            native[_key(cell)] = cell
        elif cell.ranked and cell.gate_mode == COMMON:
            common.append(cell)
    for phase in RANKED_PHASES:
        for cell in common:
            own = native.get(_key(cell))
            if own is None or any(one.warm(phase, run.metric) is None for one in (own, cell)):
                continue
            ratio = paired_times(cell.phases[phase], own.phases[phase], run.metric)
            yield GateCost(native=own, common=cell, phase=phase, ratio=ratio)


def _key(cell: CellReadings) -> tuple[str, str, str, int]:
    return cell.problem_id, cell.task_id, cell.simulator, cell.threads


def gates_table(run: RunReadings) -> Table:
    """One row per circuit, workload, ranked phase and simulator that was timed in both gate modes."""
    return Table.of("gates", _GATES, [_row(cost, run.metric) for cost in gate_costs(run)])


def _row(cost: GateCost, metric: Metric) -> dict[str, Value]:
    native, common = cost.native, cost.common
    row: dict[str, Value] = {
        "circuit": common.problem["name"],
        "circuit_id": common.circuit_id,
        "qubits": common.problem["qubits"],
        "workload": common.workload,
        "phase": str(cost.phase),
        "kind": common.facts["kind"],
        "precision": common.facts["precision"],
        "threads": common.threads,
        "metric": str(metric),
        "simulator": common.simulator,
        "rounds": 0,
    }
    for name, cell in ((NATIVE, native), (COMMON, common)):
        warm = cell.warm(cost.phase, metric)
        row[f"{name}_gates"] = cell.outcome.gates_executed if cell.outcome else None
        row[f"{name}_us"] = None if warm is None else supported(warm, _US).value
    if cost.ratio is not None:
        row |= dict(zip(("ratio", "low", "high"), supported(cost.ratio), strict=True))
        row |= {"differs": _YES_NO[differs(cost.ratio)], "rounds": cost.ratio.rounds}
    return row
