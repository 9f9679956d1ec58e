"""What an earlier run's folder says of its problems, tasks and settings: anybody may have written it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from qbench.circuits.qasm import read_qasm
from qbench.errors import QbenchError
from qbench.ir import Task, task_from_data
from qbench.model import PHASES, Metric, Phase
from qbench.session.gate_modes import checked_modes, modes_text
from qbench.session.suites import MeasurePlan
from qbench.session.targets import PlannedProblem
from qbench.session.terms import whole_number_mistakes

__all__ = ["recorded_measure_plan", "recorded_modes", "recorded_problems", "recorded_tasks"]

ID = re.compile(r"[0-9a-f]{16}")
LONGEST_S = 1e6


def recorded_problems(folder: Path, manifest: Mapping[str, Any]) -> dict[str, PlannedProblem]:
    """The run's circuits; raises ``QbenchError`` for one that is missing or not what its id says."""
    problems = {}
    for id, facts in manifest["problems"].items():
        if not ID.fullmatch(id):
            raise QbenchError(f"{folder}: {id[:40]!r} is no id of a problem; the manifest is damaged")
        path = folder / "circuits" / f"{id}.qasm"
        if not path.is_file():
            raise QbenchError(f"{path}: not there; the run cannot be repeated without its circuits")
        circuit = read_qasm(path)
        if circuit.id != id:
            raise QbenchError(f"{path}: its content has the id {circuit.id}; the file was changed")
        name = "".join(letter if letter.isprintable() else "?" for letter in facts["name"])[:60]
        problems[id] = PlannedProblem(
            circuit=replace(circuit, name=name),
            family=facts["family"],
            area=facts["area"],
            known_answer=facts["known_answer"],
        )
    return problems


def recorded_tasks(folder: Path, manifest: Mapping[str, Any]) -> dict[str, Task]:
    """What was asked; raises ``QbenchError`` for a task that is not what its id says, or that is unknown."""
    tasks = {}
    for id, data in manifest["tasks"].items():
        try:
            task = _named(task_from_data(data), data)
            found = task.id
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise QbenchError(f"{folder}: task {id[:40]!r} cannot be read: {error!r}") from error
        if found != id:
            raise QbenchError(f"{folder}: task {id[:40]!r} has the id {found}; the manifest was changed")
        tasks[id] = task
    return tasks


def _named(task: Task, data: Mapping[str, Any]) -> Task:
    """The task with its noise model's name, which is not part of what identifies it."""
    if task.noise is None:
        return task
    name = "".join(letter if letter.isprintable() else "?" for letter in str(data.get("noise_name", "")))
    return replace(task, noise=replace(task.noise, name=name[:60]))


def recorded_modes(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """The run's gate modes; none where what stands there is not what a plan writes.

    >>> recorded_modes({"gate_mode": "native,common"}), recorded_modes({"gate_mode": "native,odd"})
    (('native', 'common'), ())
    """
    mistakes: list[str] = []
    modes = checked_modes(settings["gate_mode"], mistakes)
    return () if mistakes or modes_text(modes) != settings["gate_mode"] else modes


def recorded_measure_plan(folder: Path, settings: Mapping[str, Any]) -> MeasurePlan:
    """How that run timed.  What a manifest of an earlier version does not tell was as the defaults are.

    Raises ``QbenchError`` with everything that cannot be read.
    """
    mistakes: list[str] = []

    def whole(key: str, least: float, most: float) -> Any:
        value = settings.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            mistakes.append(
                f"settings.{key} should be a whole number from {least} to {most:g}, found {value!r}"
            )
        return value

    def number(key: str, least: float, most: float) -> Any:
        value = settings.get(key)
        if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
            mistakes.append(f"settings.{key} should be a number from {least:g} to {most:g}, found {value!r}")
        return value

    required = {
        "rounds": settings["rounds"],
        "warmup_calls": whole("warmup_calls", 1, 1e6),
        "least_samples": whole("least_samples", 1, 1e6),
        "request_limit_s": number("request_limit_s", 1e-3, LONGEST_S),
        "load_limit_s": number("load_limit_s", 1e-3, LONGEST_S),
    }
    visit_ns, warmup_ns = whole("visit_ns", 10**6, 1e15), whole("warmup_ns", 0, 1e15)
    optional = {
        key: read(key, least, most)
        for key, read, least, most in (
            ("most_rounds", whole, 1, 10_000),
            ("width", number, 1e-6, 10),
            ("extra_rounds", whole, 0, 10_000),
            ("visits", whole, 1, 1000),
            ("budget_s", number, 1e-3, 1e9),
            ("cell_budget_s", number, 1e-3, 1e9),
            ("memory_limit_mib", whole, 1, 2**40),
            ("margin", number, 0, 10),
        )
        if settings.get(key) is not None
    }
    threads, metric = settings["threads"], settings.get("metric", Metric.WALL)
    mistakes += whole_number_mistakes("rounds", settings["rounds"])
    mistakes += whole_number_mistakes("seed", settings["seed"])
    mistakes += [mistake for count in threads for mistake in whole_number_mistakes("threads", count)]
    checks = {
        "threads should name a number": threads,
        "gate_mode should be native, common or both": bool(recorded_modes(settings)),
        "metric should be wall or cpu": metric in list(Metric),
        "phases should be timed ones": all(p in PHASES and p != Phase.IMPORT for p in settings["phases"]),
    }
    mistakes += [f"settings.{said}" for said, fits in checks.items() if not fits]
    if mistakes:
        raise QbenchError(f"{folder}: the run cannot be repeated:\n" + "\n".join(f"  {m}" for m in mistakes))
    return MeasurePlan(
        **required,
        **optional,
        phases=tuple(settings["phases"]),
        visit_ms=visit_ns // 10**6,
        warmup_ms=warmup_ns // 10**6,
        metric=metric,
    )
