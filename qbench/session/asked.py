"""Everything that a request asks: all questions about all circuits, and what the tasks are made with."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from qbench.circuits.noise import parse_noise
from qbench.circuits.observables import parse_observable
from qbench.errors import QbenchError
from qbench.ir import Noise, Task
from qbench.session.questions import Asked, LeftOut, Wanted
from qbench.session.targets import PlannedProblem

__all__ = ["all_questions", "checked_values", "noise_models", "observed", "tasks_in_order"]


def all_questions(
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
            mistakes.append(f"{workload} applies to none of these circuits: {told}.{hint}")
    if mistakes:
        raise QbenchError("\n".join(mistakes))
    return tuple(asked), tuple(left_out)


def tasks_in_order(asked: Sequence[Asked]) -> dict[str, Task]:
    """The tasks by id, those of one label together: labels in the order of the kinds' names."""
    tasks = {question.task.id: question.task for question in asked}
    kinds = list(dict.fromkeys(task.kind for task in tasks.values()))
    labels = list(dict.fromkeys(task.label for task in tasks.values()))
    ordered = sorted(tasks.values(), key=lambda task: (kinds.index(task.kind), labels.index(task.label)))
    return {task.id: task for task in ordered}


def noise_models(given: str | Sequence[str], mistakes: list[str]) -> tuple[Noise, ...]:
    """The noise models that are named or described, each once; what is wrong is added to ``mistakes``."""
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


def observed(
    problems: Sequence[PlannedProblem], text: str, mistakes: list[str]
) -> tuple[PlannedProblem, ...]:
    """The problems with the observable that a text describes in the place of their own."""
    try:
        observable = parse_observable(text)
    except QbenchError as error:
        mistakes.append(str(error))
        return tuple(problems)
    return tuple(replace(problem, observable=observable) for problem in problems)


def checked_values(
    values: Mapping[str, float], problems: Sequence[PlannedProblem], mistakes: list[str]
) -> Mapping[str, float]:
    """Values of free parameters by name; what names none, or is no finite number, is a mistake."""
    known = list(dict.fromkeys(name for problem in problems for name in problem.circuit.parameters))
    spelled = {old: new for problem in problems for old, new in problem.spelled.items()}
    spelled |= {name: name for name in known}
    for name, value in values.items():
        if name not in spelled:
            free = f"the free parameters are {', '.join(known[:20])}" if known else "no circuit has any"
            mistakes.append(f"a value is given for {name[:40]!r}, which is no free parameter: {free}.")
        elif isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            mistakes.append(f"the value of {name} must be a finite number, not {value!r}.")
    return {spelled[name]: float(value) for name, value in values.items()} if not mistakes else {}
