"""What is right about a circuit, for one task: the one door to all references.

Each kind's content comes from its own module; only what the task asks for is computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from qbench.errors import QbenchError
from qbench.ir import Circuit, Problem, Task
from qbench.verify.branches import DYNAMIC, MOST_AMPLITUDES, dynamic_distribution
from qbench.verify.certify import reference_radius
from qbench.verify.density import MAX_DENSITY_QUBITS, DDMatrix, density_distribution, reference_density
from qbench.verify.derivative import MAX_GRADIENT_QUBITS, gradient, named_values
from qbench.verify.distribution import (
    MOST_WRITTEN,
    Distribution,
    outcome_distribution,
    with_readout_error,
)
from qbench.verify.expectation import expectation
from qbench.verify.reference import MAX_QUBITS, DDVector, reference_state
from qbench.verify.values import asked_observable

__all__ = ["Reference", "prepare", "unjudged"]

NOISY = ("density_matrix", "noisy_sample")

WORDS = {
    "reset": "reset",
    "mid_circuit_measurement": "measurement before its end",
    "feed_forward": "feed-forward",
    "parameters": "free parameters",
    "noise": "noise channels",
}

JUDGED_FEATURES: Mapping[str, frozenset[str]] = {
    "state": frozenset(),
    "sample": DYNAMIC,
    "expval": frozenset(),
    "gradient": frozenset({"parameters"}),
    "sweep": frozenset({"parameters"}),
    "density_matrix": frozenset({"noise"}),
    "noisy_sample": frozenset({"noise"}),
}
"""What a circuit may have beyond gates and final measurements, by task kind."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reference:
    """What is right about one circuit for one task; shots make no difference.

    ``circuit`` is the one before lowering.  Of the contents there is what the kind asks for: ``state``;
    ``distribution`` (sample, noisy_sample); ``values``, one (hi, lo) per number (expval, gradient, sweep);
    ``density``.  ``radius`` is a proven bound of what the reference itself is off by (``certify``), None
    where there is no proof.
    """

    circuit: Circuit
    task: Task
    state: DDVector | None = None
    distribution: Distribution | None = None
    values: tuple[tuple[float, float], ...] = ()
    density: DDMatrix | None = None
    radius: float | None = None


def prepare(problem: Problem, task: Task, *, state: DDVector | None = None) -> Reference:
    """Compute what a task's answers are judged against.

    ``problem`` is the circuit before lowering that the task is about: with free parameters for ``gradient``
    and ``sweep``, else bound; with its noise channels for ``density_matrix`` and ``noisy_sample``.  Who has
    the circuit's ``reference_state`` already may hand it over: ``state``, ``sample`` and ``expval`` need it.
    Small references are certified by ball arithmetic (``qbench.verify.certify``), which takes up to about 2
    s. Raises ``QbenchError`` for a problem that is no circuit, for what ``unjudged`` names, and where a
    proof says that the reference is wrong.

    >>> from qbench.ir import Operation
    >>> coin = Circuit(1, (Operation("h", (0,)),))
    >>> prepare(coin, Task("sample", shots=10)).distribution.probabilities.tolist()
    [0.5, 0.5]
    """
    if not isinstance(problem, Circuit):
        raise QbenchError(f"an {type(problem).__name__} problem is not judged yet; expected a circuit")
    reason = unjudged(problem, task)
    if reason:
        raise QbenchError(f"circuit {problem.name or problem.id}: no reference: {reason}")
    reference = _prepared(problem, task, state)
    return replace(reference, radius=reference_radius(problem, task, reference))


def _prepared(circuit: Circuit, task: Task, state: DDVector | None) -> Reference:
    plain = Reference(circuit=circuit, task=task)
    if task.kind in NOISY:
        density = reference_density(circuit)
        if task.kind == "density_matrix":
            return replace(plain, density=density)
        found = density_distribution(circuit, density)
        error = task.noise.readout_error if task.noise else 0.0
        return replace(plain, distribution=with_readout_error(found, error) if error else found)
    if task.kind in ("gradient", "sweep"):
        return replace(plain, values=tuple(_values(circuit, task)))
    if task.kind == "sample" and circuit.features:
        return replace(plain, distribution=dynamic_distribution(circuit))
    known = reference_state(circuit) if state is None else state
    if task.kind == "sample":
        return replace(plain, distribution=outcome_distribution(circuit, known))
    if task.kind == "expval":
        return replace(plain, values=(expectation(known, asked_observable(task)),))
    return replace(plain, state=known)


def _values(circuit: Circuit, task: Task) -> list[tuple[float, float]]:
    observable = asked_observable(task)
    if task.kind == "gradient":
        (row,) = task.bindings
        return gradient(circuit, task.parameters, row, observable)
    rows = (named_values(circuit, task.parameters, row) for row in task.bindings)
    return [expectation(reference_state(circuit.bind(row)), observable) for row in rows]


def unjudged(circuit: Circuit, task: Task) -> str | None:
    """Why no reference can be made of this circuit for this task, whoever answers; None where one can.

    ``circuit`` is the one that the task is about (see ``prepare``); whether its noise channels stand in it
    already makes no difference.

    >>> from qbench.ir import Operation
    >>> unjudged(Circuit(1, (Operation("reset", (0,)),)), Task("state"))
    'qbench cannot judge the state of a circuit with reset'
    """
    strange = circuit.features - JUDGED_FEATURES[task.kind]
    if strange:
        found = " and ".join(WORDS.get(feature, feature) for feature in sorted(strange))
        return f"qbench cannot judge the {task.kind.replace('_', ' ')} of a circuit with {found}"
    most = {"gradient": MAX_GRADIENT_QUBITS, **dict.fromkeys(NOISY, MAX_DENSITY_QUBITS)}.get(
        task.kind, MAX_QUBITS
    )
    if circuit.num_qubits > most:
        what = f" of a {task.kind.replace('_', ' ')}" if most < MAX_QUBITS else ""
        return f"{circuit.num_qubits} qubits; qbench's exact reference{what} takes at most {most}"
    if task.observable is not None and task.observable.num_qubits > circuit.num_qubits:
        return f"the observable acts on qubit {task.observable.num_qubits - 1} of {circuit.num_qubits} qubits"
    unbound = [name for name in circuit.parameters if name not in task.parameters]
    if unbound:
        return f"the parameter {unbound[0]} has no value"
    written = sum(qubit is not None for qubit in circuit.readout)
    if task.kind == "noisy_sample" and task.noise and task.noise.readout_error and written > MOST_WRITTEN:
        return f"{written} bits are read with errors; qbench's exact reference takes at most {MOST_WRITTEN}"
    return _too_branched(circuit) if task.kind == "sample" and circuit.features else None


@lru_cache(maxsize=64)
def _too_branched(circuit: Circuit) -> str | None:
    """Why the exact outcomes of a dynamic circuit are out of reach.

    How many branches there are shows on the way only, as many measurements are decided.  So where all of
    them together could be too many, they are walked.
    """
    undecided = sum(op.name in ("measure", "reset") for op in circuit.operations)
    if 1 << min(64, circuit.num_qubits + undecided) <= MOST_AMPLITUDES:
        return None
    try:
        dynamic_distribution(circuit)
    except QbenchError as error:
        return str(error)
    return None
