"""The contract of a simulator's file, and the reading of its literal facts without importing it.

A simulator's file is one Python file whose top level imports only the standard library.  Its facts are
top-level literals in capitals (``REQUIRED`` and ``OPTIONAL`` below); ``CONFIGURATIONS`` maps each
configuration's name to the facts in which it differs.  The phases are functions:

``load(options)``
    imports the package (the import phase).  ``options`` is the configuration's literal ``OPTIONS`` plus
    ``configuration`` (its name) and ``threads``.  May return an engine, an object with the functions
    below; if it returns None, the file's own functions are used.
``translate(circuit, task) -> native``
    the circuit in the package's own terms.
``compile(native, task) -> program``
    what the package prepares once.
``execute(program, seed, bindings=None) -> handle``
    one run; returns when the work is done.
``readback(handle) -> result``
    the answer: see ``docs/simulators.md`` for the type by task kind.

Optional: ``supports(circuit, task) -> reason | None``, ``self_reported(handle) -> ns``, ``close()``.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from qbench.errors import QbenchError
from qbench.ir import GATES, KINDS

__all__ = ["CONTRACT", "SimulatorFacts", "read_facts"]

CONTRACT = 1
PRECISIONS = ("complex128", "complex64")
SIMULATOR_KINDS = ("exact", "approximate", "clifford", "double")
PROBLEMS = ("circuit", "ising")
FEATURES = ("mid_circuit_measurement", "reset", "feed_forward", "parameters")
PHASE_FUNCTIONS = ("translate", "compile", "execute", "readback")

# fact: (type, description of what is expected)
REQUIRED: Mapping[str, tuple[type, str]] = {
    "DISTRIBUTIONS": (
        list,
        "a list of distribution names, the one whose version counts first; [] for pure Python",
    ),
    "LICENCE": (str, "the package's licence, as an SPDX name"),
    "KIND": (str, f"one of {', '.join(SIMULATOR_KINDS)}"),
    "PRECISION": (str, f"one of {', '.join(PRECISIONS)}"),
    "TASKS": (list, f"a list out of {', '.join(KINDS)}"),
    "GATES": (list, "a list of gate names of qbench.ir.GATES that the package takes natively"),
    "MAX_QUBITS": (int, "the largest number of qubits to ask of it"),
}
OPTIONAL: Mapping[str, tuple[type, Any]] = {
    "PROBLEMS": (list, ["circuit"]),
    "FEATURES": (list, []),
    "OPTIONS": (dict, {}),
    "THREAD_VARIABLES": (list, []),
    "ENVIRONMENT": (dict, {}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorFacts:
    """The literal facts of one configuration; ``digest`` is the SHA-256 of the whole file."""

    name: str
    path: Path
    digest: str
    distributions: tuple[str, ...]
    licence: str
    kind: str
    precision: str
    problems: tuple[str, ...]
    tasks: tuple[str, ...]
    gates: frozenset[str]
    max_qubits: int
    features: frozenset[str]
    options: Mapping[str, Any]
    thread_variables: tuple[str, ...]
    environment: Mapping[str, str]
    summary: str


def read_facts(path: Path) -> tuple[SimulatorFacts, ...]:
    """Read the facts of every configuration in a simulator's file.  Nothing is executed.

    Raises ``QbenchError`` that lists all mistakes of the file at once.
    """
    try:
        source = path.read_bytes()
    except OSError as error:
        raise QbenchError(f"{path}: cannot read the simulator's file: {error.strerror or error}") from error
    try:
        tree = ast.parse(source, filename=path.name)
    except (SyntaxError, ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise QbenchError(f"{path}{f':{line}' if line else ''}: not a Python file: {error}") from error

    literals, mistakes = _literals(tree)
    version = literals.get("CONTRACT")
    if version != CONTRACT:
        mistakes.append(f"CONTRACT = {CONTRACT} is expected at top level, found {version!r}")
    configurations = literals.get("CONFIGURATIONS")
    if not isinstance(configurations, dict) or not configurations:
        mistakes.append("CONFIGURATIONS is expected: a dict from each configuration's name to its own facts")
        configurations = {}
    found = []
    for name, own in configurations.items():
        facts, wrong = _configuration(name, own, literals)
        mistakes += wrong
        if not wrong:
            found.append(
                SimulatorFacts(
                    name=name,
                    path=path,
                    digest=hashlib.sha256(source).hexdigest(),
                    distributions=tuple(facts["DISTRIBUTIONS"]),
                    licence=facts["LICENCE"],
                    kind=facts["KIND"],
                    precision=facts["PRECISION"],
                    problems=tuple(facts["PROBLEMS"]),
                    tasks=tuple(facts["TASKS"]),
                    gates=frozenset(facts["GATES"]),
                    max_qubits=facts["MAX_QUBITS"],
                    features=frozenset(facts["FEATURES"]),
                    options=MappingProxyType(dict(facts["OPTIONS"])),
                    thread_variables=tuple(facts["THREAD_VARIABLES"]),
                    environment=MappingProxyType(dict(facts["ENVIRONMENT"])),
                    summary=(ast.get_docstring(tree) or "").split("\n", 1)[0],
                )
            )
    if mistakes:
        listed = "\n".join(f"  - {mistake}" for mistake in mistakes)
        raise QbenchError(f"{path}: not a simulator's file:\n{listed}\nSee docs/simulators.md for the form.")
    return tuple(found)


def _literals(tree: ast.Module) -> tuple[dict[str, Any], list[str]]:
    known = {"CONTRACT", "CONFIGURATIONS", *REQUIRED, *OPTIONAL}
    literals: dict[str, Any] = {}
    mistakes = []
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, value = node.targets[0], node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            target, value = node.target, node.value
        else:
            continue
        if isinstance(target, ast.Name) and target.id in known:
            try:
                literals[target.id] = ast.literal_eval(value)
            except (ValueError, TypeError, RecursionError):  # not a literal, an unhashable key, too deep
                mistakes.append(f"line {node.lineno}: {target.id} must be a literal (it is read, not run)")
    return literals, mistakes


def _configuration(name: Any, own: Any, literals: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    where = f"configuration {name!r}"
    if not isinstance(name, str) or not name or not name.isprintable() or any(c in name for c in " /@:,="):
        return {}, [f"{where}: a name is printable text without space / @ : , ="]
    if not isinstance(own, dict):
        return {}, [f"{where}: a dict of facts is expected, found {own!r}"]
    mistakes = [f"{where}: unknown fact {key!r}" for key in own if key not in (*REQUIRED, *OPTIONAL)]
    facts = {key: default for key, (_, default) in OPTIONAL.items()}
    facts |= {key: value for key, value in literals.items() if key in (*REQUIRED, *OPTIONAL)}
    facts |= own
    for key, (kind, expected) in {**REQUIRED, **OPTIONAL}.items():
        if key not in facts:
            mistakes.append(f"{where}: {key} is missing: {expected}")
            continue
        if kind is list and isinstance(facts[key], (tuple, set, frozenset)):
            facts[key] = list(facts[key])
        if not isinstance(facts[key], kind) or isinstance(facts[key], bool):
            mistakes.append(f"{where}: {key} must be a {kind.__name__}, found {facts[key]!r}")
    if mistakes:
        return facts, mistakes
    return facts, _strange_values(where, facts)


def _strange_values(where: str, facts: Mapping[str, Any]) -> list[str]:
    mistakes = []
    for key, allowed in {
        "KIND": SIMULATOR_KINDS,
        "PRECISION": PRECISIONS,
        "PROBLEMS": PROBLEMS,
        "TASKS": KINDS,
        "GATES": tuple(GATES),
        "FEATURES": FEATURES,
    }.items():
        values = facts[key] if isinstance(facts[key], list) else [facts[key]]
        strange = [value for value in values if value not in allowed]
        if strange:
            mistakes.append(f"{where}: {key} knows {', '.join(allowed)}; not {strange!r}")
    for key in ("TASKS", "GATES", "PROBLEMS"):
        if not facts[key]:
            mistakes.append(f"{where}: {key} is empty: {REQUIRED.get(key, (list, 'name at least one'))[1]}")
    if facts["MAX_QUBITS"] < 1:
        mistakes.append(f"{where}: MAX_QUBITS must be at least 1, found {facts['MAX_QUBITS']}")
    for key in ("DISTRIBUTIONS", "THREAD_VARIABLES"):
        if not all(isinstance(item, str) for item in facts[key]):
            mistakes.append(f"{where}: {key} must be a list of text")
    try:
        json.dumps(facts["OPTIONS"])
    except (TypeError, ValueError):
        mistakes.append(f"{where}: OPTIONS must be what JSON can hold, found {facts['OPTIONS']!r}")
    if not all(isinstance(k, str) and isinstance(v, str) for k, v in facts["ENVIRONMENT"].items()):
        mistakes.append(f"{where}: ENVIRONMENT must map text to text")
    return mistakes
