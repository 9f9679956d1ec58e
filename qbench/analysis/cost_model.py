"""What a simulator's time is made of: fixed cost, cost per gate, cost per gate and amplitude.

One fit for each simulator, workload and class, over the circuits whose answers passed and were timed
(``qbench.analysis.cost_forms`` has the forms, ``qbench.analysis.cost_fit`` how one is chosen and fitted).
How far to trust it stands beside it: the residuals, and the error on families that the fit had not seen.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qbench.analysis.cost_fit import Fitted, Point, fit_points, off_by
from qbench.analysis.cost_forms import FORMS, Size
from qbench.analysis.families import family_of
from qbench.analysis.memory_limit import MemoryLimit
from qbench.analysis.readings import CellReadings, RankingClass, RunReadings
from qbench.analysis.stats import Estimate

__all__ = ["CostCell", "CostFit", "executed_size", "fit_costs", "of_limit"]

_S = 1e-9  # readings are in ns

_CREDIBLE_PERCENT = 30.0
"""A decision diagram that was fitted best as a state vector was off by 70 %, a density matrix by 41 %."""

_STATES = frozenset({"state", "sample", "expval"})
"""Kinds of tasks that go through the gates once, so that a limit in gates is one of the whole call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostCell:
    """One circuit of a fit: its size, its measured time, and what the fit gives for it, in seconds.

    ``problem`` is the circuit's name, ``problem_id`` the id under which it was asked.  ``held_out_seconds``
    is what the same form gives when it is fitted without this circuit's family; None without
    cross-validation, and where the other families cannot tell the terms apart.
    """

    problem: str
    problem_id: str
    family: str
    size: Size
    seconds: float
    predicted_seconds: float
    held_out_seconds: float | None

    @property
    def qubits(self) -> int:
        return self.size.qubits

    @property
    def gates(self) -> int:
        """Gates executed, after lowering."""
        return self.size.gates


@dataclass(frozen=True, slots=True, kw_only=True)
class CostFit:
    """The cost of one simulator in one workload and class.

    ``workload`` is that of the tables, without the number of shots where samples of several numbers are in
    one fit; ``task`` is its kind.  ``terms`` are seconds by the name of the term, with 95 % intervals over
    families (``rounds`` is the number of families); none with fewer than five, nor of a cost of 0.  Errors
    are shares: 0.25 reads "off by a factor of 1.25", upward or downward.
    """

    simulator: str
    workload: str
    task: str
    ranking_class: RankingClass
    phase: str
    form: str
    terms: Mapping[str, Estimate]
    cells: tuple[CostCell, ...]
    fitted: Fitted

    @property
    def residual_percent(self) -> float:
        """The median over circuits of how far the fit is off."""
        return 100 * statistics.median(self._errors())

    @property
    def worst_percent(self) -> float:
        """How far the fit is off where it is worst."""
        return 100 * max(self._errors())

    @property
    def cross_validated_percent(self) -> float | None:
        """The median error on families that the fit had not seen; None without cross-validation."""
        found = [
            off_by(cell.held_out_seconds, cell.seconds)
            for cell in self.cells
            if cell.held_out_seconds is not None
        ]
        return 100 * statistics.median(found) if found else None

    @property
    def circuits(self) -> int:
        return len({cell.problem_id for cell in self.cells})

    @property
    def families(self) -> int:
        return len({cell.family for cell in self.cells})

    def _errors(self) -> list[float]:
        return [off_by(cell.predicted_seconds, cell.seconds) for cell in self.cells]

    def predict(
        self, qubits: int, gates: int, shots: int = 0, parameters: int = 0, paulis: int | None = None
    ) -> float:
        """Seconds of one call in the fit's phase.

        ``shots``, ``parameters`` and ``paulis`` (the terms of the observable) count only where the form has
        terms in them.  ``paulis`` are by default as many as the fit's circuits have in the median.
        """
        if paulis is None:
            paulis = statistics.median_low(cell.size.paulis for cell in self.cells)
        size = Size(qubits=qubits, gates=gates, shots=shots, parameters=parameters, paulis=paulis)
        return self.fitted.seconds(size)


def fit_costs(run: RunReadings, phase: str = "execute") -> tuple[CostFit, ...]:
    """The fits of all simulators, by workload and class, in the plan's order; by the run's clock.

    A simulator with too few circuits for any form (fewer than three) has none.
    """
    groups: dict[tuple[str, str, RankingClass], list[CellReadings]] = {}
    for cell in run.cells:
        if cell.ranked and executed_size(cell) is not None and cell.warm(phase, run.metric) is not None:
            key = (_without_shots(cell), cell.simulator, cell.ranking_class)
            groups.setdefault(key, []).append(cell)
    workloads = list(dict.fromkeys(_without_shots(cell) for cell in run.cells))
    simulators = list(run.records.manifest["simulators"])
    classes = list(dict.fromkeys(of for _, _, of in groups))
    order = sorted(
        groups,
        key=lambda key: (workloads.index(key[0]), classes.index(key[2]), simulators.index(key[1])),
    )
    found = (_fit(run, groups[key], phase) for key in order)
    return tuple(fit for fit in found if fit is not None)


def _without_shots(cell: CellReadings) -> str:
    shots = cell.task.get("shots")
    return cell.workload if shots is None else cell.workload.removesuffix(f"-{shots}")


def _fit(run: RunReadings, cells: Sequence[CellReadings], phase: str) -> CostFit | None:
    points = [_point(run, cell, phase) for cell in cells]
    fitted = fit_points(points, cells[0].facts["kind"])
    if fitted is None:
        return None
    first = cells[0]
    names = {cell.workload for cell in cells}
    return CostFit(
        simulator=first.simulator,
        workload=names.pop() if len(names) == 1 else _without_shots(first),
        task=first.task["kind"],
        ranking_class=first.ranking_class,
        phase=phase,
        form=fitted.form.name,
        terms=_terms(fitted, len({point.family for point in points})),
        cells=tuple(_cost_cell(cell, point, fitted) for cell, point in zip(cells, points, strict=True)),
        fitted=fitted,
    )


def executed_size(cell: CellReadings) -> Size | None:
    """What a cell's cost is a function of; None where it was not lowered."""
    if cell.outcome is None or cell.outcome.gates_executed is None:
        return None
    task = cell.task
    return Size(
        qubits=cell.problem["qubits"],
        gates=cell.outcome.gates_executed,
        shots=task.get("shots") or 0,
        parameters=len(task["parameters"]) if task["kind"] == "gradient" else 0,
        paulis=len(task.get("observable") or ()),
    )


def _point(run: RunReadings, cell: CellReadings, phase: str) -> Point:
    warm = cell.warm(phase, run.metric)
    assert warm is not None
    size = executed_size(cell)
    assert size is not None
    return Point(circuit=cell.problem_id, family=family_of(cell), size=size, seconds=warm.value * _S)


def _cost_cell(cell: CellReadings, point: Point, fitted: Fitted) -> CostCell:
    known = point.family in fitted.held_out
    held_out = fitted.seconds(point.size, without=point.family) if known else None
    return CostCell(
        problem=cell.problem["name"],
        problem_id=cell.problem_id,
        family=point.family,
        size=point.size,
        seconds=point.seconds,
        predicted_seconds=fitted.seconds(point.size),
        held_out_seconds=held_out,
    )


def _terms(fitted: Fitted, families: int) -> dict[str, Estimate]:
    nothing = (None,) * len(fitted.coefficients)
    ends = zip(fitted.coefficients, fitted.low or nothing, fitted.high or nothing, strict=True)
    return {
        name: Estimate(value, low, high, None, families)
        for name, (value, low, high) in zip(fitted.form.terms, ends, strict=True)
    }


def of_limit(fit: CostFit, limit: MemoryLimit | None) -> float | None:
    """The time of the largest circuit over what moving its amplitudes takes at least, gate by gate.

    The largest is the one with the most qubits, of these the one with the most gates.  Gates are those that
    this simulator executed, after lowering: one that takes few kinds of gates has more of them to go
    through, so that factors of two simulators do not say which is faster.  None without a
    measured bandwidth, for other numbers of threads than it was measured with, for what is no exact
    simulator, for workloads that are several runs (gradients, sweeps), and where the fit has no cost per
    amplitude: then memory is not what it waits for.  None also where the form is off by more than 30 % on
    families that it had not seen, or nobody knows by how much: it may not be how this simulator works.
    """
    held = FORMS[fit.form].held
    of = fit.ranking_class
    if limit is None or held is None or fit.task not in _STATES:
        return None
    error = fit.cross_validated_percent
    if of.kind != "exact" or of.threads != limit.threads or error is None or error > _CREDIBLE_PERCENT:
        return None
    largest = max(fit.cells, key=lambda cell: (cell.qubits, cell.gates, cell.seconds))
    least = limit.seconds(held * largest.qubits, largest.gates, of.precision)
    return largest.seconds / least if least > 0 and math.isfinite(least) else None
