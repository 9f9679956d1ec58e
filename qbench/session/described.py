"""What a manifest tells of the plan's problems, tasks and simulators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qbench.circuits.observables import format_observable
from qbench.ir import Task, task_to_data
from qbench.session.targets import PlannedProblem

if TYPE_CHECKING:
    from qbench.session.plan import PlannedSimulator

__all__ = ["describe_problem", "describe_simulator", "describe_task"]


def describe_problem(problem: PlannedProblem) -> dict[str, Any]:
    circuit = problem.circuit
    return {
        "name": circuit.name,
        "family": problem.family,
        "area": problem.area,
        "qubits": circuit.num_qubits,
        "clbits": circuit.num_clbits,
        "gates": len(circuit.gates),
        "depth": circuit.depth,
        "known_answer": problem.known_answer,
    }


def describe_task(task: Task) -> dict[str, Any]:
    """What identifies the task, and what people call it and its parts."""
    names: dict[str, Any] = {"label": task.label}
    if task.observable is not None:
        names["observable_text"] = format_observable(task.observable)
    if task.noise is not None:
        names["noise_name"] = task.noise.name
    return {**task_to_data(task), **names}


def describe_simulator(planned: PlannedSimulator) -> dict[str, Any]:
    facts, versions = planned.simulator.facts, planned.installation.versions
    return {
        "id": planned.id,
        "control": planned.control,
        "package": facts.distributions[0] if facts.distributions else None,
        "version": versions.get(facts.distributions[0]) if facts.distributions else None,
        "distributions": dict(versions),
        "kind": facts.kind,
        "precision": facts.precision,
        "tasks": list(facts.tasks),
        "features": sorted(facts.features),
        "noise": sorted(facts.noise),
        "gates": sorted(facts.gates),
        "max_qubits": facts.max_qubits,
        "licence": facts.licence,
        "installed": not planned.missing,
        "python": planned.installation.python,
        "packages": None if planned.installation.packages is None else dict(planned.installation.packages),
        "origin": planned.simulator.origin,
        "configuration": facts.name,
        "file_digest": facts.digest,
    }
