"""The plan: what a user asked for, worked out into problems, tasks, simulators and cells."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qbench.circuits.library import CircuitFacts, index, load_circuit
from qbench.circuits.lowering import COMMON, CannotLower, lower
from qbench.circuits.qasm import read_qasm
from qbench.errors import QbenchError
from qbench.ir import Circuit, Task, content_id, task_to_data
from qbench.model import PROTOCOL, RECORD_FORMAT, Cell, Verdict
from qbench.session.suites import WORKLOADS, MeasurePlan, Suite, load_suite, suite_names
from qbench.simulators.registry import Installation, Simulator, inspect, resolve

__all__ = [
    "Plan",
    "PlannedProblem",
    "PlannedSimulator",
    "PreparedCell",
    "Refusal",
    "make_plan",
    "plan_simulators",
    "prepare_cell",
]

GATE_MODES = ("native", "common")
FILES = "files"
"""Name of the suite that a run of a user's own circuits stands under."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedProblem:
    """A circuit, and what is known about it."""

    circuit: Circuit
    family: str | None
    area: str | None
    known_answer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSimulator:
    """A simulator as it is installed here; ``id`` hashes all that makes its answers and times."""

    simulator: Simulator
    installation: Installation

    @property
    def label(self) -> str:
        return self.simulator.label

    @property
    def id(self) -> str:
        facts = self.simulator.facts
        options = json.dumps(dict(facts.options), sort_keys=True, default=str)
        versions = sorted((name, str(version)) for name, version in self.installation.versions.items())
        python = self.installation.python
        return content_id([facts.name, facts.digest, options, python, [list(v) for v in versions]])

    @property
    def missing(self) -> tuple[str, ...]:
        """Distributions that this simulator needs and that are not installed."""
        return tuple(name for name, version in self.installation.versions.items() if version is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that a run will do, before any of it is done."""

    suite: str
    suite_version: int
    suite_digest: str
    problems: Mapping[str, PlannedProblem]
    tasks: Mapping[str, Task]
    simulators: Mapping[str, PlannedSimulator]
    cells: tuple[Cell, ...]
    baseline: str | None
    measure: MeasurePlan
    threads: int
    gate_mode: str
    seed: int

    def manifest(self) -> dict[str, Any]:
        """The plan's part of the manifest: everything that identifies it."""
        return {
            "record_format": RECORD_FORMAT,
            "protocol": PROTOCOL,
            "suite": {"name": self.suite, "version": self.suite_version, "digest": self.suite_digest},
            "settings": {
                "rounds": self.measure.rounds,
                "phases": list(self.measure.phases),
                "visit_ns": self.measure.visit_ms * 1_000_000,
                "warmup_ns": self.measure.warmup_ms * 1_000_000,
                "request_limit_s": self.measure.request_limit_s,
                "load_limit_s": self.measure.load_limit_s,
                "threads": [self.threads],
                "gate_mode": self.gate_mode,
                "seed": self.seed,
            },
            "baseline": self.baseline,
            "problems": {key: _describe_problem(problem) for key, problem in self.problems.items()},
            "tasks": {key: {**task_to_data(task), "label": task.label} for key, task in self.tasks.items()},
            "simulators": {key: _describe_simulator(item) for key, item in self.simulators.items()},
            "cells": [
                {
                    "id": cell.id,
                    "problem": cell.problem,
                    "task": cell.task,
                    "simulator": cell.simulator,
                    "threads": cell.threads,
                    "gate_mode": cell.gate_mode,
                }
                for cell in self.cells
            ],
        }


def _describe_problem(problem: PlannedProblem) -> dict[str, Any]:
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


def _describe_simulator(planned: PlannedSimulator) -> dict[str, Any]:
    facts, versions = planned.simulator.facts, planned.installation.versions
    return {
        "id": planned.id,
        "package": facts.distributions[0] if facts.distributions else None,
        "version": versions.get(facts.distributions[0]) if facts.distributions else None,
        "distributions": dict(versions),
        "kind": facts.kind,
        "precision": facts.precision,
        "tasks": list(facts.tasks),
        "gates": sorted(facts.gates),
        "max_qubits": facts.max_qubits,
        "licence": facts.licence,
        "installed": not planned.missing,
        "python": planned.installation.python,
        "origin": planned.simulator.origin,
        "configuration": facts.name,
        "file_digest": facts.digest,
    }


# ---- from what the user typed to a plan


def make_plan(
    targets: Sequence[str],
    *,
    simulators: Sequence[str] = (),
    workloads: Sequence[str] = (),
    threads: int = 1,
    shots: int | None = None,
    rounds: int | None = None,
    seed: int = 1,
    gate_mode: str = "native",
) -> Plan:
    """Work out a plan from a suite's name, or from OpenQASM files and stored circuits' names.

    Raises ``QbenchError`` that lists everything that is wrong with the request at once.
    """
    mistakes: list[str] = []
    suite, problems = _targets(targets, mistakes)
    chosen = _simulators(simulators or suite.simulators, mistakes)
    kinds = tuple(dict.fromkeys(workloads or suite.workloads))
    for kind in kinds:
        if kind not in WORKLOADS:
            mistakes.append(f"unknown workload {kind!r}: this version runs {', '.join(WORKLOADS)}.")
    for name, value in (("threads", threads), ("shots", shots), ("rounds", rounds)):
        if value is not None and value < 1:
            mistakes.append(f"{name} must be at least 1, not {value}.")
    if seed < 0:
        mistakes.append(f"the seed must not be negative, but is {seed}.")
    if gate_mode not in GATE_MODES:
        mistakes.append(f"unknown gate mode {gate_mode!r}: {' or '.join(GATE_MODES)}.")
    if mistakes:
        raise QbenchError("\n".join(mistakes))

    measure = suite.measure if rounds is None else replace(suite.measure, rounds=rounds)
    tasks = [Task(kind, shots=(shots or suite.shots) if kind == "sample" else None) for kind in kinds]
    cells = tuple(
        Cell(
            problem=problem.circuit.id,
            task=task.id,
            simulator=planned.label,
            simulator_id=planned.id,
            threads=threads,
            gate_mode=gate_mode,
        )
        for problem in problems
        for task in tasks
        for planned in chosen
    )
    labels = [planned.label for planned in chosen]
    return Plan(
        suite=suite.name,
        suite_version=suite.version,
        suite_digest=suite.digest,
        problems={problem.circuit.id: problem for problem in problems},
        tasks={task.id: task for task in tasks},
        simulators={planned.label: planned for planned in chosen},
        cells=cells,
        baseline=suite.baseline if suite.baseline in labels else labels[0],
        measure=measure,
        threads=threads,
        gate_mode=gate_mode,
        seed=seed,
    )


def _targets(targets: Sequence[str], mistakes: list[str]) -> tuple[Suite, tuple[PlannedProblem, ...]]:
    """The suite that sets the terms, and the circuits to run."""
    named = targets or ("quick",)
    suites = [name for name in named if name in suite_names()]
    if suites:
        if len(named) > 1:
            mistakes.append(f"name one suite alone, or circuits only: {' '.join(named)}")
        suite = load_suite(suites[0])
        return suite, tuple(_stored(name) for name in suite.circuits)
    terms = load_suite("quick")
    problems: list[PlannedProblem] = []
    for name in named:
        try:
            problems.append(_problem(name))
        except QbenchError as error:
            mistakes.append(str(error))
    distinct = {problem.circuit.id: problem for problem in problems}
    ids = content_id(sorted(distinct))
    return replace(terms, name=FILES, version=1, digest=ids), _with_own_names(tuple(distinct.values()))


def _problem(name: str) -> PlannedProblem:
    path = Path(name)
    if path.suffix.lower() == ".qasm" or path.exists() or "/" in name:
        circuit = read_qasm(path)
        return PlannedProblem(circuit=circuit, family=None, area=None, known_answer=None)
    if any(name == facts.name for facts in index()):
        return _stored(name)
    raise QbenchError(_unknown_target(name))


def _unknown_target(name: str) -> str:
    import difflib

    known = [*suite_names(), *(facts.name for facts in index())]
    near = difflib.get_close_matches(name, known, n=3)
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    return (
        f"{name!r} is neither a suite ({', '.join(suite_names())}), nor a stored circuit "
        f"(qbench list circuits), nor a file ending in .qasm. {hint}".rstrip()
    )


def _stored(name: str) -> PlannedProblem:
    facts: CircuitFacts = next(facts for facts in index() if facts.name == name)
    return PlannedProblem(
        circuit=load_circuit(name), family=facts.family, area=facts.area, known_answer=facts.known_answer
    )


def _with_own_names(problems: tuple[PlannedProblem, ...]) -> tuple[PlannedProblem, ...]:
    """Files of one name in several folders: the second becomes name-2, and so on."""
    seen: dict[str, int] = {}
    named = []
    for problem in problems:
        name = problem.circuit.name or "circuit"
        seen[name] = seen.get(name, 0) + 1
        own = name if seen[name] == 1 else f"{name}-{seen[name]}"
        named.append(replace(problem, circuit=replace(problem.circuit, name=own)))
    return tuple(named)


def plan_simulators(specs: Sequence[str]) -> tuple[PlannedSimulator, ...]:
    """The simulators that specs name (each may list several, separated by commas), as installed here.

    Raises ``QbenchError`` with all mistakes at once.
    """
    found = resolve([part for spec in specs for part in spec.split(",") if part])
    return tuple(PlannedSimulator(simulator=one, installation=inspect(one)) for one in found)


def _simulators(specs: Sequence[str], mistakes: list[str]) -> tuple[PlannedSimulator, ...]:
    try:
        return plan_simulators(specs)
    except QbenchError as error:
        mistakes.append(str(error))
        return ()


# ---- what can be said of a cell without asking anybody


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A cell that needs no asking."""

    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedCell:
    """The circuit in the simulator's gates; how long lowering took is outside of every phase."""

    circuit: Circuit
    lowering_ns: int


def prepare_cell(
    planned: PlannedSimulator, circuit: Circuit, task: Task, gate_mode: str
) -> PreparedCell | Refusal:
    """Lower the circuit for one simulator, or say why it will not be asked."""
    facts = planned.simulator.facts
    if planned.missing:
        return Refusal(
            verdict=Verdict.NOT_INSTALLED,
            reason=f"not installed: {', '.join(planned.missing)} (pip install {' '.join(planned.missing)})",
        )
    lacking = sorted(circuit.features - facts.features)
    reason = None
    if "circuit" not in facts.problems:
        reason = "takes no circuits"
    elif task.kind not in facts.tasks:
        reason = f"has no {task.kind}"
    elif task.kind == "state" and "mid_circuit_measurement" in circuit.features:
        reason = "a circuit measured midway has no single final state"
    elif task.kind == "sample" and not any(qubit is not None for qubit in circuit.readout):
        reason = "no qubit is measured into a classical bit"
    elif lacking:
        reason = f"needs {', '.join(lacking).replace('_', ' ')}"
    elif circuit.num_qubits > facts.max_qubits:
        reason = f"{circuit.num_qubits} qubits; it takes at most {facts.max_qubits}"
    if reason:
        return Refusal(verdict=Verdict.UNSUPPORTED, reason=reason)
    started = time.perf_counter_ns()
    try:
        lowered = lower(circuit, facts.gates if gate_mode == "native" else facts.gates & COMMON)
    except CannotLower as error:
        return Refusal(verdict=Verdict.UNSUPPORTED, reason=str(error))
    return PreparedCell(circuit=lowered, lowering_ns=time.perf_counter_ns() - started)
