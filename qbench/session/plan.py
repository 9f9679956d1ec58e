"""The plan: what a user asked for, worked out into problems, tasks, simulators and cells."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from qbench.analysis.stats import MARGIN
from qbench.circuits.noise import parse_noise
from qbench.circuits.observables import format_observable, parse_observable
from qbench.errors import QbenchError
from qbench.ir import Noise, Task, content_id, task_to_data
from qbench.model import PROTOCOL, RECORD_FORMAT, Cell, Metric
from qbench.session.controls import LIAR, PLANTED, with_controls
from qbench.session.questions import Asked, LeftOut, Wanted
from qbench.session.suites import OBSERVED, WORKLOADS, MeasurePlan
from qbench.session.targets import FILES, PlannedProblem, read_targets
from qbench.session.terms import Terms, whole_number_mistakes
from qbench.simulators.registry import Installation, Simulator, inspect, resolve

__all__ = ["Plan", "PlannedSimulator", "make_plan", "plan_simulators"]

GATE_MODES = ("native", "common")
PLAIN = frozenset({"state", "sample"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSimulator:
    """A simulator as it is installed here; ``id`` hashes all that makes its answers and times.

    ``control`` is None, ``alias`` or ``liar``: a control's label ends in it.
    """

    simulator: Simulator
    installation: Installation
    control: str | None = None

    @property
    def label(self) -> str:
        return self.simulator.label if self.control is None else f"{self.simulator.label}~{self.control}"

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
    """All that a run will do, before any of it is done.

    ``suite_changes`` names what the request changed in the suite: with any, it is not that suite's run.
    ``left_out`` are workloads that do not apply to a circuit.
    """

    suite: str
    suite_version: int
    suite_digest: str
    suite_changes: tuple[str, ...]
    problems: Mapping[str, PlannedProblem]
    tasks: Mapping[str, Task]
    simulators: Mapping[str, PlannedSimulator]
    cells: tuple[Cell, ...]
    baseline: str | None
    measure: MeasurePlan
    threads: tuple[int, ...]
    gate_mode: str
    seed: int
    left_out: tuple[LeftOut, ...] = ()

    def manifest(self) -> dict[str, Any]:
        """The plan's part of the manifest: everything that identifies it."""
        return {
            "record_format": RECORD_FORMAT,
            "protocol": PROTOCOL,
            "suite": {
                "name": self.suite,
                "version": self.suite_version,
                "digest": self.suite_digest,
                "changed": list(self.suite_changes),
            },
            "settings": {
                "rounds": self.measure.rounds,
                "phases": list(self.measure.phases),
                "visit_ns": self.measure.visit_ms * 1_000_000,
                "warmup_ns": self.measure.warmup_ms * 1_000_000,
                "warmup_calls": self.measure.warmup_calls,
                "least_samples": self.measure.least_samples,
                "request_limit_s": self.measure.request_limit_s,
                "load_limit_s": self.measure.load_limit_s,
                "most_rounds": self.measure.most_rounds,
                "width": self.measure.width,
                "extra_rounds": self.measure.extra_rounds,
                "visits": self.measure.visits,
                "budget_s": self.measure.budget_s,
                "cell_budget_s": self.measure.cell_budget_s,
                "memory_limit_mib": self.measure.memory_limit_mib,
                "metric": str(self.measure.metric),
                "margin": self.measure.margin,
                "threads": list(self.threads),
                "gate_mode": self.gate_mode,
                "seed": self.seed,
            },
            "baseline": self.baseline,
            "problems": {key: _describe_problem(problem) for key, problem in self.problems.items()},
            "tasks": {key: _describe_task(task) for key, task in self.tasks.items()},
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


def _describe_task(task: Task) -> dict[str, Any]:
    """What identifies the task, and what people call it and its parts."""
    names: dict[str, Any] = {"label": task.label}
    if task.observable is not None:
        names["observable_text"] = format_observable(task.observable)
    if task.noise is not None:
        names["noise_name"] = task.noise.name
    return {**task_to_data(task), **names}


def _describe_simulator(planned: PlannedSimulator) -> dict[str, Any]:
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


# ---- from what the user typed to a plan


def make_plan(
    targets: Sequence[object],
    *,
    simulators: Sequence[str] | None = None,
    workloads: Sequence[str] | None = None,
    threads: int | Sequence[int] = 1,
    shots: int | Sequence[int] | None = None,
    observable: str | None = None,
    noise: str | Sequence[str] | None = None,
    bindings: int | None = None,
    values: Mapping[str, float] | None = None,
    rounds: int | None = None,
    seed: int = 1,
    gate_mode: str = "native",
    time_limit_s: float | None = None,
    load_limit_s: float | None = None,
    precise: bool = False,
    budget_s: float | None = None,
    cell_budget_s: float | None = None,
    memory_limit_mib: int | None = None,
    metric: str = Metric.WALL,
    margin: float = MARGIN,
    controls: bool = True,
    liar: str = PLANTED,
) -> Plan:
    """Work out a plan from a suite's name, or from OpenQASM files and stored circuits' names.

    ``observable`` is asked of every circuit, in the place of a stored circuit's own; ``noise`` names models
    or describes one; ``bindings`` is how many a sweep has, ``values`` are those of free parameters by name
    for the first of them.

    With ``controls`` the baseline takes part under a second name too, and ``liar`` is judged with the others.
    Raises ``QbenchError`` that lists everything that is wrong with the request at once.
    """
    mistakes: list[str] = []
    suite, problems = read_targets(targets, mistakes)
    chosen = _simulators(suite.simulators if simulators is None else simulators, mistakes)
    kinds = tuple(dict.fromkeys(suite.workloads if workloads is None else workloads))
    if not kinds:
        mistakes.append("no workload is named.")
    for kind in kinds:
        if kind not in WORKLOADS:
            mistakes.append(f"unknown workload {kind!r}: this version runs {', '.join(WORKLOADS)}.")
    counts = tuple(dict.fromkeys([threads] if isinstance(threads, int) else threads))
    if not counts:
        mistakes.append("no number of threads is named.")
    drawn = (suite.shots,) if shots is None else tuple([shots] if isinstance(shots, int) else shots)
    numbers = [
        *(("threads", count) for count in counts),
        *(("shots", count) for count in drawn),
        ("bindings", bindings),
        ("seed", seed),
    ]
    for name, value in numbers:
        if value is not None:
            mistakes += whole_number_mistakes(name, value)
    if gate_mode not in GATE_MODES:
        mistakes.append(f"unknown gate mode {gate_mode!r}: {' or '.join(GATE_MODES)}.")
    terms = Terms(
        rounds=rounds,
        precise=precise,
        time_limit_s=time_limit_s,
        load_limit_s=load_limit_s,
        budget_s=budget_s,
        cell_budget_s=cell_budget_s,
        memory_limit_mib=memory_limit_mib,
        metric=metric,
        margin=margin,
    )
    mistakes += terms.mistakes()
    wanted = Wanted(
        shots=tuple(dict.fromkeys(drawn)),
        noise=_noise(suite.noise if noise is None else noise, mistakes),
        bindings=suite.bindings if bindings is None else bindings,
        values=_checked_values(values or {}, problems, mistakes),
    )
    if observable is not None:
        problems = _observed(problems, observable, mistakes)
    if mistakes:
        raise QbenchError("\n".join(mistakes))
    asked, left_out = _questions(problems, kinds, wanted)
    measure = terms.applied_to(suite.measure)
    labels = [planned.label for planned in chosen]
    baseline = suite.baseline if suite.baseline in labels else labels[0]
    planned_all = with_controls(chosen, baseline, plan_simulators([liar])[0]) if controls else chosen
    cells = tuple(
        Cell(
            problem=question.problem.circuit.id,
            task=question.task.id,
            simulator=planned.label,
            simulator_id=planned.id,
            threads=count,
            gate_mode=gate_mode,
        )
        for question in asked
        for count in counts
        for planned in planned_all
        if not _another_is_asked(planned, question.task.kind, planned_all)
        if planned.control != LIAR or count == counts[0]  # its lie does not depend on threads
    )
    asked_for = {
        "content than released": suite.name != FILES and not suite.as_released,
        "simulators": sorted(labels) != sorted(suite.simulators),
        "workloads": sorted(kinds) != sorted(suite.workloads),
        "shots": wanted.shots != (suite.shots,) and bool({"sample", "noisy"} & {*kinds}),
        "observable": observable is not None and bool(OBSERVED & {*kinds}),
        "noise": wanted.noise != tuple(map(parse_noise, suite.noise)) and "noisy" in kinds,
        "bindings": wanted.bindings != suite.bindings and "sweep" in kinds,
        "values": bool(wanted.values),
        **terms.changes(suite.measure),
        "threads": counts != (1,),
        "gates": gate_mode != "native",
        "controls": not controls,
    }
    changes = tuple(name for name, changed in asked_for.items() if changed)
    return Plan(
        suite=suite.name,
        suite_version=suite.version,
        suite_digest=suite.digest,
        suite_changes=changes if suite.name != FILES else (),
        problems={question.problem.circuit.id: question.problem for question in asked},
        tasks=_tasks_in_order(asked),
        simulators={planned.label: planned for planned in planned_all},
        cells=cells,
        baseline=baseline,
        measure=measure,
        threads=counts,
        gate_mode=gate_mode,
        seed=seed,
        left_out=left_out,
    )


def _another_is_asked(planned: PlannedSimulator, kind: str, every: Sequence[PlannedSimulator]) -> bool:
    """Whether this configuration lacks a kind for which another one of its package takes part.

    Such a cell would say nothing of the package.  A configuration for states or samples is asked for both all
    the same, as since the first suites.
    """
    mine = planned.simulator.facts
    if kind in mine.tasks or (kind in PLAIN and PLAIN.intersection(mine.tasks)):
        return False
    return any(
        kind in one.simulator.facts.tasks and one.simulator.facts.distributions[:1] == mine.distributions[:1]
        for one in every
        if one.control is None
    )


def _questions(
    problems: Sequence[PlannedProblem], workloads: Sequence[str], wanted: Wanted
) -> tuple[tuple[Asked, ...], tuple[LeftOut, ...]]:
    """Every question, circuit by circuit, and what does not apply.

    Raises ``QbenchError`` for a workload that applies to none of the circuits, with the reasons.
    """
    asked: list[Asked] = []
    left_out: list[LeftOut] = []
    for problem in problems:
        for workload in workloads:
            found = wanted.questions(problem, workload)
            if isinstance(found, LeftOut):
                left_out.append(found)
            else:
                asked += found
    mistakes = []
    for workload in workloads:
        mine = [one for one in left_out if one.workload == workload]
        if len(mine) == len(problems) > 0:
            reasons = Counter(one.reason for one in mine)
            told = "; ".join(
                f"{reason} ({next(one.circuit for one in mine if one.reason == reason)}"
                + (f" and {count - 1} more)" if count > 1 else ")")
                for reason, count in reasons.items()
            )
            hint = " --observable gives one, such as 'Z0 Z1 + 0.5*X2'." if "no observable" in told else ""
            mistakes.append(f"no circuit of these has a {workload} question: {told}.{hint}")
    if mistakes:
        raise QbenchError("\n".join(mistakes))
    return tuple(asked), tuple(left_out)


def _tasks_in_order(asked: Sequence[Asked]) -> dict[str, Task]:
    """The tasks by id, those of one label together: labels in the order of the kinds' names."""
    tasks = {question.task.id: question.task for question in asked}
    kinds = list(dict.fromkeys(task.kind for task in tasks.values()))
    labels = list(dict.fromkeys(task.label for task in tasks.values()))
    ordered = sorted(tasks.values(), key=lambda task: (kinds.index(task.kind), labels.index(task.label)))
    return {task.id: task for task in ordered}


def _noise(given: str | Sequence[str], mistakes: list[str]) -> tuple[Noise, ...]:
    found: list[Noise] = []
    for text in [given] if isinstance(given, str) else given:
        try:
            found.append(parse_noise(text))
        except QbenchError as error:
            mistakes.append(str(error))
    labels = [one.name for one in found]
    if len(set(labels)) != len(labels) or len(set(found)) != len(found):
        mistakes.append("a noise model is given twice.")
    return tuple(found)


def _observed(
    problems: Sequence[PlannedProblem], text: str, mistakes: list[str]
) -> tuple[PlannedProblem, ...]:
    try:
        observable = parse_observable(text)
    except QbenchError as error:
        mistakes.append(str(error))
        return tuple(problems)
    return tuple(replace(problem, observable=observable) for problem in problems)


def _checked_values(
    values: Mapping[str, float], problems: Sequence[PlannedProblem], mistakes: list[str]
) -> Mapping[str, float]:
    known = list(dict.fromkeys(name for problem in problems for name in problem.circuit.parameters))
    for name, value in values.items():
        if name not in known:
            free = f"the free parameters are {', '.join(known[:20])}" if known else "no circuit has any"
            mistakes.append(f"a value is given for {name[:40]!r}, which is no free parameter: {free}.")
        elif isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            mistakes.append(f"the value of {name} must be a finite number, not {value!r}.")
    return {name: float(value) for name, value in values.items()} if not mistakes else {}


def plan_simulators(specs: Sequence[str]) -> tuple[PlannedSimulator, ...]:
    """The simulators that specs name (each may list several, separated by commas), as installed here.

    Raises ``QbenchError`` with all mistakes at once.
    """
    listed = [specs] if isinstance(specs, str) else specs
    parts = [part.strip() for spec in listed for part in spec.split(",")]
    if not parts or not all(parts):
        raise QbenchError(
            "no simulator is named: expected are names such as aer, see qbench list simulators."
        )
    found = resolve(parts)
    return tuple(PlannedSimulator(simulator=one, installation=inspect(one)) for one in found)


def _simulators(specs: Sequence[str], mistakes: list[str]) -> tuple[PlannedSimulator, ...]:
    try:
        return plan_simulators(specs)
    except QbenchError as error:
        mistakes.append(str(error))
        return ()
