"""The plan of an earlier run, made again from its folder alone: manifest, circuits and stored plug-ins.

What is read may have been written by anybody: ids are checked against contents, numbers against their
ranges, and code that a folder brings is run only on request.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qbench.errors import QbenchError
from qbench.model import Cell
from qbench.results.reading import read_manifest
from qbench.session.controls import ALIAS, LIAR, PLANTED, alias_of
from qbench.session.plan import Plan, PlannedSimulator, plan_simulators
from qbench.session.recorded import recorded_measure_plan, recorded_modes, recorded_problems, recorded_tasks
from qbench.session.terms import LONGEST_S, whole_number_mistakes
from qbench.simulators.contract import read_facts
from qbench.simulators.interpreters import home_interpreter
from qbench.simulators.registry import (
    BUILTIN,
    FILE,
    Simulator,
    builtin_simulators,
    environment,
    inspect,
    interpreter_at,
)

__all__ = ["LeftOut", "Replay", "plan_again"]

DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A simulator of the earlier run that takes no part in the new one, and why."""

    simulator: str
    cells: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """The plan to run again, the earlier manifest, and what is left out of it."""

    plan: Plan
    manifest: Mapping[str, Any]
    left_out: tuple[LeftOut, ...]


def plan_again(
    folder: Path,
    *,
    simulators: Sequence[str] | None = None,
    rounds: int | None = None,
    budget_s: float | None = None,
    trust_plugins: bool = False,
    events: Iterable[Mapping[str, Any]] = (),
) -> Replay:
    """Work out the plan of the run in ``folder`` again.

    ``simulators`` restricts it to these, by label or by a spec that leads to one (``sim@venv/bin/python``).
    The budget is the largest that a session of that run had, by its ``events``: a run that its first budget
    ended may have been resumed with a larger one, or with none.  With ``rounds`` there is none unless it is
    given: that many were asked for, as with ``qbench run --rounds``.  Simulators that are not there, not
    trusted or not chosen are left out, with their reasons.  Raises ``QbenchError`` for a folder that cannot
    be read, a circuit whose content is not what its id says, settings that are none, and where no simulator
    is left.
    """
    manifest = read_manifest(folder)
    given = _given(folder, manifest, simulators, trust_plugins)
    chosen: dict[str, PlannedSimulator] = {}
    left_out = []
    for label, facts in manifest["simulators"].items():
        if facts.get("control") is not None:
            continue
        found = _simulator(folder, label, facts, given, trust_plugins)
        if isinstance(found, PlannedSimulator):
            chosen[label] = found
        else:
            cells = sum(cell["simulator"] == label for cell in manifest["cells"])
            left_out.append(LeftOut(simulator=label, cells=cells, reason=found))
    if not chosen:
        told = "\n".join(f"  {one.simulator}: {one.reason}" for one in left_out)
        raise QbenchError(f"{folder}: none of its simulators can be run here:\n{told}".rstrip())
    baseline = manifest["baseline"] if manifest["baseline"] in chosen else next(iter(chosen))
    parts = _with_controls(manifest, chosen, baseline)
    measure = recorded_measure_plan(folder, manifest["settings"])
    if rounds is not None:
        mistakes = whole_number_mistakes("rounds", rounds)
        if mistakes:
            raise QbenchError("\n".join(mistakes))
        measure = replace(measure, rounds=rounds, most_rounds=None, budget_s=None)
    else:
        measure = replace(measure, budget_s=_last_budget_s(measure.budget_s, events))
    if budget_s is not None:
        measure = replace(measure, budget_s=budget_s)
    suite = manifest["suite"]
    changed = [*suite.get("changed", ())]
    changed += ["simulators"] if left_out and "simulators" not in changed else []
    changed += ["budget"] if budget_s is not None and "budget" not in changed else []
    changed += ["rounds"] if rounds is not None and "rounds" not in changed else []
    plan = Plan(
        suite=suite["name"],
        suite_version=suite["version"],
        suite_digest=suite["digest"],
        suite_changes=tuple(map(str, changed)),
        problems=recorded_problems(folder, manifest),
        tasks=recorded_tasks(folder, manifest),
        simulators={planned.label: planned for planned in parts.values()},
        cells=_cells(manifest, parts),
        baseline=baseline,
        measure=measure,
        threads=tuple(manifest["settings"]["threads"]),
        gate_modes=recorded_modes(manifest["settings"]),
        seed=manifest["settings"]["seed"],
    )
    return Replay(plan=plan, manifest=manifest, left_out=tuple(left_out))


def _last_budget_s(planned: float | None, events: Iterable[Mapping[str, Any]]) -> float | None:
    """The largest budget of the run's sessions, None being the largest of all."""
    started = [event for event in events if event["event"] == "session_started" and "budget_s" in event]
    budgets = [event["budget_s"] for event in started] or [planned]
    for found in budgets:
        number = isinstance(found, int | float) and not isinstance(found, bool)
        if found is not None and not (number and 0 < found < LONGEST_S):
            raise QbenchError(f"a session's budget_s should be a positive number, found {found!r}")
    return None if None in budgets else max(budgets)


# ---- simulators


def _given(
    folder: Path, manifest: Mapping[str, Any], specs: Sequence[str] | None, trust_plugins: bool
) -> dict[str, PlannedSimulator | str | None] | None:
    """The labels that ``specs`` choose; with the simulator that a spec itself brings, or why it cannot."""
    if specs is None:
        return None
    labels = [label for label, facts in manifest["simulators"].items() if facts.get("control") is None]
    parts = [part.strip() for spec in specs for part in spec.split(",")]
    chosen: dict[str, PlannedSimulator | str | None] = {}
    for part in parts:
        named = [label for label in labels if label == part]
        named = named or [label for label in labels if part and label.startswith(f"{part}.")]
        found: dict[str, PlannedSimulator | str] = {}
        if not named:
            found = _stored_under(folder, manifest, part, trust_plugins)
            found = found or {planned.label: planned for planned in plan_simulators([part])}
        strange = [label for label in found if label not in labels]
        if strange:
            raise QbenchError(f"{', '.join(strange)} took no part in that run; it has {', '.join(labels)}")
        chosen |= dict.fromkeys(named) | found
    return chosen


def _stored_under(
    folder: Path, manifest: Mapping[str, Any], spec: str, trusted: bool
) -> dict[str, PlannedSimulator | str]:
    """What ``NAME@PATH/bin/python`` brings in where NAME is no installed simulator but a stored file's."""
    name, at, python = spec.partition("@")
    known = {
        label: facts
        for label, facts in manifest["simulators"].items()
        if at and "@" in label and facts["origin"] == FILE and facts.get("control") is None
    }
    mine = [label for label in known if f"{label.partition('@')[0]}.".startswith(f"{name}.")]
    if not mine:
        return {}
    path = interpreter_at(name, python)
    found: dict[str, PlannedSimulator | str] = {}
    for label in mine:
        bare = label.partition("@")[0]
        if label == f"{bare}@{environment(path)}":
            found[label] = _stored(folder, label, known[label], trusted, path)
    if not found:
        raise QbenchError(
            f"{name}@{environment(path)} took no part in that run; it has {', '.join(mine)}, and the "
            "environment's folder must have the same name"
        )
    return found


def _simulator(
    folder: Path,
    label: str,
    facts: Mapping[str, Any],
    given: Mapping[str, PlannedSimulator | str | None] | None,
    trust_plugins: bool,
) -> PlannedSimulator | str:
    """The simulator as it is installed here, or why there is none."""
    if given is not None and label not in given:
        return "not chosen"
    brought = None if given is None else given[label]
    if brought is not None:
        return brought
    name, at, place = label.partition("@")
    if at:
        return (
            f"it ran under another interpreter, and a record holds no path: give "
            f"-s {name}@PATH/{place}/bin/python"
            + (
                " and --trust-plugins, for its code is stored in that folder"
                if facts["origin"] == FILE
                else ""
            )
        )
    if facts["origin"] != FILE:
        try:
            (found,) = (one for one in plan_simulators([label]) if one.label == label)
        except (QbenchError, ValueError):
            if facts["origin"] == BUILTIN:
                return "this version of qbench has no simulator of that name"
        else:
            if found.simulator.origin == facts["origin"]:
                return found
            if facts["origin"] == BUILTIN:
                return f"it was qbench's own, and is one of {found.simulator.origin} here"
    return _stored(folder, label, facts, trust_plugins)


def _stored(
    folder: Path,
    label: str,
    facts: Mapping[str, Any],
    trusted: bool,
    interpreter: Path | None = None,
) -> PlannedSimulator | str:
    """A simulator from the file that the run keeps, if its content is what the manifest says."""
    digest = facts.get("file_digest")
    if not isinstance(digest, str) or not DIGEST.fullmatch(digest):
        return "it is no part of qbench, and the record does not say which file it was"
    path = folder / "plugins" / f"{digest[:16]}.py"
    if not path.is_file():
        return f"it is no part of qbench, and its file is not stored (plugins/{path.name})"
    if not trusted:
        return "its code is not qbench's but stored in that folder: --trust-plugins runs it"
    name = facts.get("configuration", label.partition("@")[0])
    if any(one.name == name and one.facts.digest != digest for one in builtin_simulators(doubles=True)):
        return "its stored file takes the name of a simulator of qbench's own"
    found = next((one for one in read_facts(path) if one.name == name), None)
    if found is None:
        return f"its stored file has no configuration {name!r}"
    if found.digest != digest:
        return f"its stored file was changed: plugins/{path.name} is not what the manifest names"
    python = interpreter or home_interpreter(found)
    simulator = Simulator(facts=found, interpreter=python, origin=FILE, label=label)
    return PlannedSimulator(simulator=simulator, installation=inspect(simulator))


def _with_controls(
    manifest: Mapping[str, Any], chosen: Mapping[str, PlannedSimulator], baseline: str
) -> dict[str, PlannedSimulator]:
    """The chosen simulators and the controls that the run had, by their labels in the earlier run."""
    parts = dict(chosen)
    for label, facts in manifest["simulators"].items():
        if facts.get("control") == ALIAS:
            parts[label] = alias_of(chosen[baseline])
        elif facts.get("control") == LIAR:
            own = [one.name for one in builtin_simulators(doubles=True)]
            name = facts.get("configuration")
            (planted,) = plan_simulators([name if name in own else PLANTED])
            parts[label] = replace(planted, control=LIAR)
    return parts


def _cells(manifest: Mapping[str, Any], parts: Mapping[str, PlannedSimulator]) -> tuple[Cell, ...]:
    threads, gate_modes = manifest["settings"]["threads"], recorded_modes(manifest["settings"])
    for cell in manifest["cells"]:
        if cell["threads"] not in threads or cell["gate_mode"] not in gate_modes:
            raise QbenchError(f"cell {cell['id']!r} is not of the run's settings; the manifest is damaged")
    return tuple(
        Cell(
            problem=cell["problem"],
            task=cell["task"],
            simulator=parts[cell["simulator"]].label,
            simulator_id=parts[cell["simulator"]].id,
            threads=cell["threads"],
            gate_mode=cell["gate_mode"],
        )
        for cell in manifest["cells"]
        if cell["simulator"] in parts
    )
