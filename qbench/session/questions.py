"""What each workload asks about each circuit: the circuit in the form that is asked for, and the task.

A workload is what a user names; a task is one kind of question with all that belongs to it.  A circuit with
free parameters is asked as it is for ``gradient`` and ``sweep``, and with the values of its first binding
for every other workload.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qbench.circuits.noise import without_readout
from qbench.errors import QbenchError
from qbench.ir import Noise, Task
from qbench.session.suites import WORKLOADS
from qbench.session.targets import PlannedProblem
from qbench.verify.judge import unjudged

__all__ = ["Asked", "LeftOut", "Wanted", "binding_rows", "workload_of"]

KINDS: Mapping[str, tuple[str, ...]] = {
    **{name: (name,) for name in WORKLOADS},
    "noisy": ("density_matrix", "noisy_sample"),
}

UNNAMED = (
    "a PennyLane tape holds numbers, and no names by which gates share a parameter: bring the "
    "circuit from Qiskit with Parameters, or as OpenQASM 3 with input float"
)

DYNAMIC = frozenset({"mid_circuit_measurement", "reset", "feed_forward"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question: the circuit as it is asked about, and the task."""

    problem: PlannedProblem
    task: Task


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A workload that does not apply to a circuit, and why: there is no question."""

    circuit: str
    workload: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the tasks are made with: shots, noise models, the number of bindings, and values by name."""

    shots: tuple[int, ...]
    noise: tuple[Noise, ...]
    bindings: int
    values: Mapping[str, float]

    def questions(self, problem: PlannedProblem, workload: str) -> tuple[Asked, ...] | LeftOut:
        """The questions of one workload about one circuit, or why there is none.

        ``state`` of every circuit that has a final state, and ``sample`` of every circuit, are asked in any
        case: what cannot be answered becomes a verdict.
        """
        reason = _does_not_apply(problem, workload)
        if reason:
            return LeftOut(circuit=problem.circuit.name, workload=workload, reason=reason)
        rows = binding_rows(problem.circuit.parameters, self.bindings, self.values)
        asked = []
        for kind in KINDS[workload]:
            for task in self._tasks(problem, kind, rows):
                free = kind in ("gradient", "sweep")
                asked.append(Asked(problem=problem if free else _bound(problem, rows[0]), task=task))
        refusals = dict.fromkeys(unjudged(one.problem.circuit, one.task) for one in asked)  # in this order
        if workload not in ("state", "sample") and None not in refusals:
            return LeftOut(circuit=problem.circuit.name, workload=workload, reason=str(next(iter(refusals))))
        return tuple(asked)

    def _tasks(
        self, problem: PlannedProblem, kind: str, rows: Sequence[tuple[float, ...]]
    ) -> tuple[Task, ...]:
        names = problem.circuit.parameters
        if kind == "sample":
            return tuple(Task(kind, shots=shots) for shots in self.shots)
        if kind == "noisy_sample":
            return tuple(Task(kind, shots=shots, noise=noise) for noise in self.noise for shots in self.shots)
        if kind == "density_matrix":
            models = (
                without_readout(noise) for noise in self.noise
            )  # equal ones are one, under the first name
            return tuple(Task(kind, noise=noise) for noise in dict.fromkeys(models))
        if kind == "expval":
            return (Task(kind, observable=problem.observable),)
        if kind in ("gradient", "sweep"):
            used = rows[:1] if kind == "gradient" else rows
            return (Task(kind, observable=problem.observable, parameters=names, bindings=tuple(used)),)
        return (Task(kind),)


def workload_of(kind: str) -> str:
    """The workload that a kind of task belongs to.

    >>> workload_of("density_matrix"), workload_of("sample")
    ('noisy', 'sample')
    """
    for workload, kinds in KINDS.items():
        if kind in kinds:
            return workload
    raise QbenchError(f"no workload asks for {kind!r}; the workloads are {', '.join(WORKLOADS)}")


def _does_not_apply(problem: PlannedProblem, workload: str) -> str | None:
    circuit = problem.circuit
    if workload == "state" and circuit.features & DYNAMIC:
        return "it is measured midway or reset, so that it has no single final state"
    if workload in ("state", "sample"):
        return None
    if workload in ("gradient", "sweep") and not circuit.parameters:
        return UNNAMED if problem.unnamed else "it has no free parameters"
    if circuit.features & DYNAMIC:
        return "it is measured midway or reset"
    if workload in ("expval", "gradient", "sweep"):
        if problem.observable is None:
            return "it has no observable"
        if problem.observable.num_qubits > circuit.num_qubits:
            return (
                f"the observable acts on qubit {problem.observable.num_qubits - 1}, "
                f"and the circuit has {circuit.num_qubits} qubits"
            )
    return None


def _bound(problem: PlannedProblem, row: Sequence[float]) -> PlannedProblem:
    circuit = problem.circuit
    if not circuit.parameters:
        return problem
    return replace(problem, circuit=circuit.bind(dict(zip(circuit.parameters, row, strict=True))))


def binding_rows(
    parameters: Sequence[str], count: int, values: Mapping[str, float] | None = None
) -> tuple[tuple[float, ...], ...]:
    """``count`` rows of values in [-pi, pi), the same for ever: the Kronecker sequence of square roots.

    Value j of row k is 2 pi frac((k + 1) sqrt(p_j)) - pi with p_j the j-th prime, to 12 decimals: only
    ``sqrt`` and multiplications, which round alike everywhere.  ``values`` take the place of the first row's
    by name.
    Source: Niederreiter 1992, doi:10.1137/1.9781611970081, chapter 3.

    >>> binding_rows(["a", "b"], 2, {"b": 0.5})
    ((-0.539012084453, 0.5), (2.063568484684, -0.225556204318))
    """
    roots = [math.sqrt(prime) for prime in _primes(len(parameters))]
    rows = [
        [round(math.tau * math.fmod((k + 1) * root, 1.0) - math.pi, 12) for root in roots]
        for k in range(max(1, count))
    ]
    for j, name in enumerate(parameters):
        if values and name in values:
            rows[0][j] = float(values[name])
    return tuple(map(tuple, rows))


def _primes(count: int) -> list[int]:
    found: list[int] = []
    number = 2
    while len(found) < count:
        if all(number % prime for prime in found if prime * prime <= number):
            found.append(number)
        number += 1
    return found
