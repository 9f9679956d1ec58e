"""The smallest circuit that still shows a fault: pieces are left out of a failed probe while it fails.

Operations first, in halves, quarters and so on down to single ones (Zeller and Hildebrandt 2002,
doi:10.1109/32.988498), then terms of the observable, rows of bindings, and qubits that nothing touches.
Asked in a fresh process: a fault that needs what was asked before does not fail there, and that is said.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from qbench.ir import Observable, Operation, PauliTerm
from qbench.measure.asking import Asker
from qbench.model import Verdict
from qbench.session.asking import References
from qbench.session.plan import PlannedSimulator
from qbench.session.probing import Finding, probe_simulator
from qbench.verify.probes import Probe

__all__ = ["Shrunk", "shrink", "without_idle_qubits"]

MOST_QUESTIONS = 200
MOST_SECONDS = 20.0

NOT_SHRUNK = frozenset({Verdict.TIMEOUT, Verdict.OOM})
"""Each question would take the whole limit."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shrunk:
    """What is left of a finding after so many ``questions``.

    ``alone`` is false where the probe does not fail in a fresh process; then ``finding`` is the one given.
    """

    finding: Finding
    questions: int
    alone: bool = True


class _Enough(Exception):  # noqa: N818 - no error: the search ends with what was found
    """No more questions or no more time."""


def shrink(asker: Asker, planned: PlannedSimulator, finding: Finding, gate_mode: str) -> Shrunk:
    """Cut a failed probe down with at most ``MOST_QUESTIONS`` questions in ``MOST_SECONDS``.

    ``asker`` is one that has asked nothing yet.  What fails at the limit of time or memory is left as it is.
    """
    if finding.verdict in NOT_SHRUNK:
        return Shrunk(finding=finding, questions=0)
    search = _Search(asker, planned, finding, gate_mode)
    if not search.fails(finding.probe):
        return Shrunk(finding=finding, questions=search.questions, alone=False)
    with contextlib.suppress(_Enough):
        search.run()
    return Shrunk(finding=search.smallest, questions=search.questions)


class _Search:
    """The smallest failing probe so far, and the questions that it took."""

    def __init__(self, asker: Asker, planned: PlannedSimulator, finding: Finding, gate_mode: str) -> None:
        self.asker = asker
        self.planned = planned
        self.gate_mode = gate_mode
        self.smallest = finding
        self.questions = 0
        self.references = References()
        self.deadline = time.monotonic() + MOST_SECONDS

    def fails(self, probe: Probe) -> bool:
        """Whether it fails in the same way; it is then the smallest."""
        if self.questions >= MOST_QUESTIONS or time.monotonic() > self.deadline:
            raise _Enough
        self.questions += 1
        (found,) = probe_simulator(self.asker, self.planned, [probe], self.references, self.gate_mode)
        if found.verdict is not self.smallest.verdict:
            return False
        self.smallest = found
        return True

    def run(self) -> None:
        self.cut(self.smallest.probe.circuit.operations, _with_operations, least=0)
        task = self.smallest.probe.task
        if task.observable is not None:
            self.cut(task.observable.terms, _with_terms, least=1)
        if task.kind == "sweep":
            self.cut(task.bindings, _with_rows, least=1)
        narrower = without_idle_qubits(self.smallest.probe)
        if narrower is not None:
            self.fails(narrower)

    def cut(
        self, items: Sequence[T], build: Callable[[Probe, tuple[T, ...]], Probe | None], least: int
    ) -> None:
        """Leave out what can be left out of ``items``, in ever smaller pieces."""
        kept = tuple(items)
        size = max(1, len(kept) // 2)
        while True:
            before, start = len(kept), 0
            while start < len(kept):
                fewer = kept[:start] + kept[start + size :]
                candidate = build(self.smallest.probe, fewer) if len(fewer) >= least else None
                if candidate is not None and self.fails(candidate):
                    kept = fewer
                else:
                    start += size
            if size == 1 and len(kept) == before:
                return
            size = max(1, size // 2)


def _with_operations(probe: Probe, operations: tuple[Operation, ...]) -> Probe | None:
    """The probe about fewer operations; parameters that these do not use are not bound.

    None where a task would have no parameter left.
    """
    circuit = replace(probe.circuit, operations=operations)
    task = probe.task
    if task.parameters:
        places = [place for place, name in enumerate(task.parameters) if name in circuit.parameters]
        if not places:
            return None
        task = replace(
            task,
            parameters=tuple(task.parameters[place] for place in places),
            bindings=tuple(tuple(row[place] for place in places) for row in task.bindings),
        )
    return replace(probe, circuit=circuit, task=task)


def _with_terms(probe: Probe, terms: tuple[PauliTerm, ...]) -> Probe:
    return replace(probe, task=replace(probe.task, observable=Observable(terms)))


def _with_rows(probe: Probe, rows: tuple[tuple[float, ...], ...]) -> Probe:
    return replace(probe, task=replace(probe.task, bindings=rows))


def without_idle_qubits(probe: Probe) -> Probe | None:
    """The probe on the qubits that its operations and its observable name; None where these are all.

    >>> from qbench.ir import Circuit, Task
    >>> far = Probe(name="far", circuit=Circuit(5, (Operation("cx", (4, 2)),)), task=Task("state"))
    >>> without_idle_qubits(far).circuit.operations[0].qubits
    (1, 0)
    """
    circuit, observable = probe.circuit, probe.task.observable
    used = {qubit for op in circuit.operations for qubit in op.qubits}
    if observable is not None:
        used |= {qubit for term in observable.terms for qubit, _ in term.paulis}
    place = {qubit: number for number, qubit in enumerate(sorted(used or {0}))}
    if len(place) == circuit.num_qubits:
        return None
    moved = tuple(op._replace(qubits=tuple(place[q] for q in op.qubits)) for op in circuit.operations)
    task = probe.task
    if observable is not None:
        terms = tuple(
            term._replace(paulis=tuple((place[qubit], letter) for qubit, letter in term.paulis))
            for term in observable.terms
        )
        task = replace(task, observable=Observable(terms))
    return replace(probe, circuit=replace(circuit, num_qubits=len(place), operations=moved), task=task)
