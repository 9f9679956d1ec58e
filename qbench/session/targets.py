"""What the user named or brought: a suite, stored circuits, OpenQASM files, circuits of other packages."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from qbench.circuits.idle_resets import without_idle_resets
from qbench.circuits.library import CircuitFacts, index, load_circuit
from qbench.circuits.observables import parse_observable
from qbench.circuits.parameter_names import with_legal_parameters
from qbench.circuits.qasm import read_qasm
from qbench.errors import QbenchError
from qbench.ir import Circuit, Observable, content_id
from qbench.session.suites import Suite, load_suite, suite_names
from qbench.session.terms import OWN

__all__ = ["PlannedProblem", "read_targets", "read_unbound"]

FILES = "files"
"""Name of the suite that a run of circuits stands under that were named one by one, stored ones or not."""

TAPE = ("pennylane", "QuantumScript")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedProblem:
    """A circuit, and what is known about it; ``observable`` is what its expectation values are of.

    ``spelled`` are its free parameters by the names that they had in the user's file; ``unnamed`` says that
    it came from where parameters are numbers without names.
    """

    circuit: Circuit
    family: str | None
    area: str | None
    known_answer: str | None
    observable: Observable | None = None
    spelled: Mapping[str, str] = field(default_factory=dict)
    unnamed: bool = False


def read_targets(targets: Sequence[object], mistakes: list[str]) -> tuple[Suite, tuple[PlannedProblem, ...]]:
    """The suite that sets the terms, and the circuits to run; what is wrong is added to ``mistakes``.

    A target is a name, a file's path, a ``Circuit``, Qiskit's ``QuantumCircuit`` or PennyLane's tape.
    """
    named = targets or ("quick",)
    suites = [name for name in named if isinstance(name, str) and name in suite_names()]
    if suites:
        if len(named) > 1:
            mistakes.append(f"name one suite alone, or circuits only: {' '.join(map(_shown, named))}")
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
    own = replace(terms, name=FILES, version=1, digest=ids, measure=replace(terms.measure, **OWN))
    return own, _with_own_names(tuple(distinct.values()))


def _problem(target: object) -> PlannedProblem:
    if isinstance(target, str) and any(target == facts.name for facts in index()):
        return _stored(target)
    read = without_idle_resets(_read(target))
    circuit = with_legal_parameters(read)
    spelled = dict(zip(read.parameters, circuit.parameters, strict=True))
    return PlannedProblem(
        circuit=circuit,
        family=None,
        area=None,
        known_answer=None,
        spelled=spelled,
        unnamed=TAPE in _types(target),
    )


def read_unbound(target: object) -> Circuit:
    """One circuit to look at and not to run, so that its angles may be free.

    Raises ``QbenchError`` for what is no circuit.
    """
    circuit = without_idle_resets(_read(target))
    return replace(circuit, name=_printable(circuit.name) or "circuit")


def _read(target: object) -> Circuit:
    """The circuit that a path or an object stands for; a package is used only where its object is brought."""
    if isinstance(target, Circuit):
        return target
    if isinstance(target, Path):
        return read_qasm(target)
    if isinstance(target, str):
        path = Path(target)
        if target and (path.suffix.lower() == ".qasm" or path.exists() or "/" in target):
            return read_qasm(path)
        raise QbenchError(_unknown_target(target))
    kinds = _types(target)
    if ("qiskit", "QuantumCircuit") in kinds:
        from qbench.circuits.from_qiskit import circuit_from_qiskit

        return circuit_from_qiskit(target)
    if TAPE in kinds:
        from qbench.circuits.from_pennylane import circuit_from_pennylane

        return circuit_from_pennylane(target)
    advice = "expected a name, a path, a Circuit, Qiskit's QuantumCircuit or PennyLane's tape (QuantumScript)"
    if ("pennylane", "QNode") in kinds:
        advice = "a QNode is a function: bring its tape, qml.workflow.construct_tape(qnode)(*arguments)"
    raise QbenchError(f"a target of the type {type(target).__name__}: {advice}")


def _types(target: object) -> set[tuple[str, str]]:
    """An object's classes with their packages, which need not be imported for that."""
    return {(kind.__module__.partition(".")[0], kind.__name__) for kind in type(target).__mro__}


def _shown(target: object) -> str:
    if isinstance(target, str | Path):
        return str(target)
    return f"{type(target).__name__} {getattr(target, 'name', None) or ''}".strip()


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
        circuit=load_circuit(name),
        family=facts.family,
        area=facts.area,
        known_answer=facts.known_answer,
        observable=None if facts.observable is None else parse_observable(facts.observable),
    )


def _with_own_names(problems: tuple[PlannedProblem, ...]) -> tuple[PlannedProblem, ...]:
    """Files of one name in several folders: the second becomes name-2, and so on, past taken names."""
    first = {_own_name(problem) for problem in problems}
    used: set[str] = set()
    named = []
    for problem in problems:
        own, number = _own_name(problem), 1
        while own in used or (number > 1 and own in first):
            number += 1
            own = f"{_own_name(problem)}-{number}"
        used.add(own)
        named.append(replace(problem, circuit=replace(problem.circuit, name=own)))
    return tuple(named)


def _own_name(problem: PlannedProblem) -> str:
    return _printable(problem.circuit.name) or "circuit"


def _printable(name: str) -> str:
    """A name from elsewhere as it may stand in a table: one line, no control characters, not endless."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:60].strip()
