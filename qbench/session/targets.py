"""What the user named: a suite, stored circuits, OpenQASM files."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qbench.circuits.library import CircuitFacts, index, load_circuit
from qbench.circuits.qasm import read_qasm
from qbench.errors import QbenchError
from qbench.ir import Circuit, content_id
from qbench.session.suites import Suite, load_suite, suite_names

__all__ = ["PlannedProblem", "read_targets"]

FILES = "files"
"""Name of the suite that a run of a user's own circuits stands under."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedProblem:
    """A circuit, and what is known about it."""

    circuit: Circuit
    family: str | None
    area: str | None
    known_answer: str | None


def read_targets(targets: Sequence[str], mistakes: list[str]) -> tuple[Suite, tuple[PlannedProblem, ...]]:
    """The suite that sets the terms, and the circuits to run; what is wrong is added to ``mistakes``."""
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
    distinct: dict[str, PlannedProblem] = {}
    for problem in problems:
        distinct.setdefault(problem.circuit.id, problem)  # one content is one problem, under its first name
    ids = content_id(sorted(distinct))
    return replace(terms, name=FILES, version=1, digest=ids), _with_own_names(tuple(distinct.values()))


def _problem(name: str) -> PlannedProblem:
    if any(name == facts.name for facts in index()):
        return _stored(name)
    path = Path(name)
    if name and (path.suffix.lower() == ".qasm" or path.exists() or "/" in name):
        circuit = read_qasm(path)
        return PlannedProblem(circuit=circuit, family=None, area=None, known_answer=None)
    raise QbenchError(_unknown_target(name))


def _unknown_target(name: str) -> str:
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
