"""What a gradient and a sweep cost in units of one execution: one expectation value of the same circuit.

The unit is the execute time of an expectation value of the same simulator, circuit, observable and values.
Where a configuration has none, as those that compute gradients alone, it is that of the configuration which
it is a variant of, by name, else that of the fastest one of its package: the row names it.

Rounds are paired as in every ratio, but these are two workloads, which are never in one block: what slows the
machine for a minute is no part of a ratio within a block, and is part of this one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qbench.analysis.contests import paired_times
from qbench.analysis.figures import supported
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.analysis.stats import Estimate
from qbench.analysis.table import Table, Value
from qbench.model import Metric, Phase

__all__ = ["Cost", "gradient_costs", "gradients_table", "sweep_costs", "sweeps_table"]

_WHO = "circuit qubits# parameters# {}workload kind precision threads# gate_mode metric simulator "
_UNIT = "execution_of execution_us# executions# low# high# "
_GRADIENTS = (
    _WHO.format("")
    + "gradient_us# gradient_low_us# gradient_high_us# "
    + _UNIT
    + "per_parameter# per_parameter_low# per_parameter_high# rounds# circuit_id?"
)
_SWEEPS = (
    _WHO.format("bindings# ")
    + "per_binding_us# per_binding_low_us# per_binding_high_us# "
    + _UNIT
    + "rounds# circuit_id?"
)

_US = 1e-3  # readings are in ns


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """The execute time of one cell, and how many executions of ``unit`` that is.

    ``unit`` is None where no expectation value of that circuit and package passed and was timed, ``ratio``
    also where the two have no round in common.
    """

    cell: CellReadings
    time: Estimate
    unit: CellReadings | None
    ratio: Estimate | None

    @property
    def parameters(self) -> int:
        return len(self.cell.task["parameters"])

    @property
    def bindings(self) -> int:
        return len(self.cell.task["bindings"])

    def executions(self, parts: int = 1) -> Estimate | None:
        """The cost in units of one execution, of each of so many equal parts."""
        return None if self.ratio is None else share(self.ratio, parts)


def share(whole: Estimate, parts: int) -> Estimate:
    """One of so many equal parts; there is no p-value, as nothing is tested against 1.

    >>> share(Estimate(6.0, 5.0, 8.0, 0.01, 4), 2)
    Estimate(value=3.0, low=2.5, high=4.0, p_value=None, rounds=4)
    """
    low, high = (None if end is None else end / parts for end in (whole.low, whole.high))
    return Estimate(whole.value / parts, low, high, None, whole.rounds)


def gradient_costs(run: RunReadings) -> tuple[Cost, ...]:
    """All gradients that passed and were timed, in plan order."""
    return _costs(run, "gradient")


def sweep_costs(run: RunReadings) -> tuple[Cost, ...]:
    """All sweeps that passed and were timed, in plan order."""
    return _costs(run, "sweep")


def _costs(run: RunReadings, kind: str) -> tuple[Cost, ...]:
    units: dict[str, list[CellReadings]] = {}
    for cell in _timed(run, "expval"):
        units.setdefault(cell.circuit_id, []).append(cell)
    found = []
    for cell in _timed(run, kind):
        time = cell.warm(Phase.EXECUTE, run.metric)
        assert time is not None
        unit = _unit(cell, units.get(cell.circuit_id, ()), run.metric)
        ratio = None
        if unit is not None:
            ratio = paired_times(cell.phases[Phase.EXECUTE], unit.phases[Phase.EXECUTE], run.metric)
        found.append(Cost(cell=cell, time=time, unit=unit, ratio=ratio))
    return tuple(found)


def _timed(run: RunReadings, kind: str) -> Iterable[CellReadings]:
    """The cells of one kind whose answer passed, whose times count, and that have an execute time."""
    for cell in run.cells:
        if cell.task["kind"] == kind and cell.ranked and cell.warm(Phase.EXECUTE, run.metric) is not None:
            yield cell


def _unit(cell: CellReadings, candidates: Sequence[CellReadings], metric: Metric) -> CellReadings | None:
    """Whose execution is the unit: its own, else that of a configuration of the same package.

    That is the one that it is a variant of (``pennylane.default`` for ``pennylane.default.adjoint``), else
    the fastest.  Only in the same class and version, and of the same observable.  A simulator without a
    package of its own (a file that needs none) has no relatives.
    """
    alike = [
        one
        for one in candidates
        if one.ranking_class == cell.ranking_class
        and one.task["observable"] == cell.task["observable"]
        and (one.simulator == cell.simulator or _related(one.facts, cell.facts))
    ]
    own = next((one for one in alike if one.simulator == cell.simulator), None)
    if own is not None or not alike:
        return own
    origins = [one for one in alike if _parts(one) < _parts(cell)]
    if origins:
        return max(origins, key=lambda one: len(_parts(one)))

    def time(one: CellReadings) -> float:
        warm = one.warm(Phase.EXECUTE, metric)
        assert warm is not None
        return warm.value

    return min(alike, key=time)


def _parts(cell: CellReadings) -> frozenset[str]:
    """The parts of a simulator's name: a variant has its origin's and one more."""
    return frozenset(re.split("[.@]", cell.simulator))


def _related(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    return one["package"] is not None and all(one[name] == other[name] for name in ("package", "version"))


def gradients_table(run: RunReadings) -> Table:
    """One row per circuit and simulator whose gradient passed: its time, and that in executions."""
    rows = []
    for cost in gradient_costs(run):
        row = _facts(cost, run.metric) | _three("gradient", "_us", cost.time, _US)
        each = cost.executions(cost.parameters)
        row |= _three("per_parameter", "", each) if each else {}
        rows.append(row)
    return Table.of("gradients", _GRADIENTS, rows)


def sweeps_table(run: RunReadings) -> Table:
    """One row per circuit and simulator whose sweep passed: the time per binding, and that in executions."""
    rows = []
    for cost in sweep_costs(run):
        row = _facts(cost, run.metric, parts=cost.bindings) | {"bindings": cost.bindings}
        rows.append(row | _three("per_binding", "_us", share(cost.time, cost.bindings), _US))
    return Table.of("sweeps", _SWEEPS, rows)


def _facts(cost: Cost, metric: Metric, parts: int = 1) -> dict[str, Value]:
    cell = cost.cell
    row: dict[str, Value] = {
        "circuit": cell.problem["name"],
        "circuit_id": cell.circuit_id,
        "qubits": cell.problem["qubits"],
        "parameters": cost.parameters,
        "workload": cell.workload,
        **cell.ranking_class._asdict(),
        "metric": str(metric),
        "simulator": cell.simulator,
        "rounds": 0,
    }
    if cost.unit is not None:
        warm = cost.unit.warm(Phase.EXECUTE, metric)
        row["execution_of"] = cost.unit.simulator
        row["execution_us"] = None if warm is None else supported(warm, _US).value
    executions = cost.executions(parts)
    if executions is not None:
        row["rounds"] = executions.rounds
        row |= dict(zip(("executions", "low", "high"), supported(executions), strict=True))
    return row


def _three(name: str, ending: str, estimate: Estimate, scale: float = 1.0) -> dict[str, Value]:
    """A figure and the ends of its interval, as columns."""
    names = (f"{name}{ending}", f"{name}_low{ending}", f"{name}_high{ending}")
    return dict(zip(names, supported(estimate, scale), strict=True))
