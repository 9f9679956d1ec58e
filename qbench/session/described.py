"""What a manifest tells of a plan: its settings, problems, tasks, simulators and cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qbench.circuits.observables import format_observable
from qbench.ir import Task, task_to_data
from qbench.model import PROTOCOL, RECORD_FORMAT
from qbench.session.gate_modes import modes_text
from qbench.session.targets import PlannedProblem

if TYPE_CHECKING:
    from qbench.session.plan import Plan, PlannedSimulator

__all__ = ["describe_plan", "describe_problem", "describe_simulator", "describe_task"]


def describe_plan(plan: Plan) -> dict[str, Any]:
    """The plan's part of a manifest, in JSON's types: everything that identifies it."""
    return {
        "record_format": RECORD_FORMAT,
        "protocol": PROTOCOL,
        "suite": {
            "name": plan.suite,
            "version": plan.suite_version,
            "digest": plan.suite_digest,
            "changed": list(plan.suite_changes),
        },
        "settings": {
            "rounds": plan.measure.rounds,
            "phases": list(plan.measure.phases),
            "visit_ns": plan.measure.visit_ms * 1_000_000,
            "warmup_ns": plan.measure.warmup_ms * 1_000_000,
            "warmup_calls": plan.measure.warmup_calls,
            "least_samples": plan.measure.least_samples,
            "request_limit_s": plan.measure.request_limit_s,
            "load_limit_s": plan.measure.load_limit_s,
            "most_rounds": plan.measure.most_rounds,
            "width": plan.measure.width,
            "extra_rounds": plan.measure.extra_rounds,
            "visits": plan.measure.visits,
            "budget_s": plan.measure.budget_s,
            "cell_budget_s": plan.measure.cell_budget_s,
            "memory_limit_mib": plan.measure.memory_limit_mib,
            "metric": str(plan.measure.metric),
            "margin": plan.measure.margin,
            "threads": list(plan.threads),
            "gate_mode": modes_text(plan.gate_modes),
            "seed": plan.seed,
        },
        "baseline": plan.baseline,
        "not_asked": [
            {"circuit": one.circuit, "workload": one.workload, "reason": one.reason} for one in plan.left_out
        ],
        "problems": {key: describe_problem(problem) for key, problem in plan.problems.items()},
        "tasks": {key: describe_task(task) for key, task in plan.tasks.items()},
        "simulators": {key: describe_simulator(item) for key, item in plan.simulators.items()},
        "cells": [
            {
                "id": cell.id,
                "problem": cell.problem,
                "task": cell.task,
                "simulator": cell.simulator,
                "threads": cell.threads,
                "gate_mode": cell.gate_mode,
            }
            for cell in plan.cells
        ],
    }


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
