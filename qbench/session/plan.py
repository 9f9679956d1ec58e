"""The plan: what a user asked for, worked out into problems, tasks, simulators and cells."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qbench.analysis.stats import MARGIN
from qbench.circuits.noise import parse_noise
from qbench.errors import QbenchError
from qbench.ir import Task, content_id
from qbench.model import Cell, Metric
from qbench.session.asked import all_questions, checked_values, noise_models, observed, tasks_in_order
from qbench.session.cells import planned_cells
from qbench.session.controls import PLANTED, with_controls
from qbench.session.described import describe_plan
from qbench.session.gate_modes import checked_modes
from qbench.session.questions import LeftOut, Wanted
from qbench.session.suites import OBSERVED, WORKLOADS, MeasurePlan
from qbench.session.targets import FILES, PlannedProblem, read_targets
from qbench.session.terms import Terms, whole_number_mistakes
from qbench.simulators.registry import Installation, Simulator, inspect, resolve

__all__ = ["Plan", "PlannedSimulator", "make_plan", "plan_simulators"]

BESIDE: Mapping[str, tuple[str, ...]] = {
    "sweep": ("qulacs.parametric",),
    "gradient": ("pennylane.default.backprop", "pennylane.lightning.adjoint", "qulacs.backprop"),
    "noisy": ("aer.density_matrix", "pennylane.mixed", "qulacs.density_matrix"),
}
"""What takes part beside the simulators of quick, where circuits are named and no simulator is: those of the
same packages that have the workload."""


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
    gate_modes: tuple[str, ...]
    seed: int
    left_out: tuple[LeftOut, ...] = ()

    def manifest(self) -> dict[str, Any]:
        """The plan's part of the manifest: everything that identifies it."""
        return describe_plan(self)


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
    gates: str | Sequence[str] | None = None,
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

    ``gates`` names gate modes: ``native``, ``common`` or both; None means those of the suite.
    ``observable`` is asked of every circuit, in the place of a stored circuit's own; ``noise`` names models
    or describes one; ``bindings`` is how many a sweep has, ``values`` are those of free parameters by name
    for the first of them.

    With ``controls`` the baseline takes part under a second name too, and ``liar`` is judged with the others.
    Raises ``QbenchError`` that lists everything that is wrong with the request at once.
    """
    mistakes: list[str] = []
    suite, problems = read_targets(targets, mistakes)
    kinds = tuple(dict.fromkeys(suite.workloads if workloads is None else workloads))
    if simulators is None:
        more = (name for kind in kinds for name in BESIDE.get(kind, ()) if suite.name == FILES)
        simulators = tuple(dict.fromkeys([*suite.simulators, *more]))
    chosen = _simulators(simulators, mistakes)
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
    gate_modes = checked_modes(suite.gates if gates is None else gates, mistakes)
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
        noise=noise_models(suite.noise if noise is None else noise, mistakes),
        bindings=suite.bindings if bindings is None else bindings,
        values=checked_values(values or {}, problems, mistakes),
    )
    for option, given, needs in (
        ("an observable", observable, OBSERVED),
        ("noise", noise, {"noisy"}),
        ("a number of bindings", bindings, {"sweep"}),
    ):
        if given is not None and not {*kinds} & needs:
            mistakes.append(f"{option} is given, and no workload asks for it: {' or '.join(sorted(needs))}.")
    if observable is not None:
        problems = observed(problems, observable, mistakes)
    if mistakes:
        raise QbenchError("\n".join(mistakes))
    asked, left_out = all_questions(problems, kinds, wanted)
    measure = terms.applied_to(suite.measure)
    labels = [planned.label for planned in chosen]
    baseline = suite.baseline if suite.baseline in labels else labels[0]
    planned_all = with_controls(chosen, baseline, plan_simulators([liar])[0]) if controls else chosen
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
        "gates": gate_modes != suite.gates,
        "controls": not controls,
    }
    changes = tuple(name for name, changed in asked_for.items() if changed)
    return Plan(
        suite=suite.name,
        suite_version=suite.version,
        suite_digest=suite.digest,
        suite_changes=changes if suite.name != FILES else (),
        problems={question.problem.circuit.id: question.problem for question in asked},
        tasks=tasks_in_order(asked),
        simulators={planned.label: planned for planned in planned_all},
        cells=tuple(planned_cells(asked, counts, gate_modes, planned_all)),
        baseline=baseline,
        measure=measure,
        threads=counts,
        gate_modes=gate_modes,
        seed=seed,
        left_out=left_out,
    )


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
