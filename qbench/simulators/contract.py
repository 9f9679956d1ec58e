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
    one run; returns when the work is done.  ``bindings`` are those of the task, for gradient and sweep:
    rows of values in the order of ``task.parameters``.
``readback(handle) -> result``
    the answer: see ``docs/simulators.md`` for the type by task kind.

Optional: ``supports(circuit, task) -> reason | None``, ``self_reported(handle) -> ns``, ``close()``.
"""

from __future__ import annotations

import ast
import hashlib
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from qbench.errors import QbenchError
from qbench.ir import KINDS
from qbench.pages import pages_folder
from qbench.simulators.fact_values import PRECISIONS, SIMULATOR_KINDS, shown, strange_values

__all__ = ["CONTRACT", "SimulatorFacts", "read_facts"]

CONTRACT = 1
PHASE_FUNCTIONS = ("translate", "compile", "execute", "readback")

MAX_BYTES = 1 << 20  # the files of this package have 2 to 6 kB

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
    "NOISE": (list, []),
    "OPTIONS": (dict, {}),
    "THREAD_VARIABLES": (list, []),
    "ENVIRONMENT": (dict, {}),
    "UNSUPPORTED": (dict, {}),
    "REQUIREMENTS": (list, []),
    "REQUIRES_PYTHON": (str, ""),
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
    noise: frozenset[str]
    options: Mapping[str, Any]
    thread_variables: tuple[str, ...]
    environment: Mapping[str, str]
    unsupported: Mapping[str, str]
    requirements: tuple[str, ...] = ()
    requires_python: str = ""
    summary: str


def read_facts(path: Path) -> tuple[SimulatorFacts, ...]:
    """Read the facts of every configuration in a simulator's file.  Nothing is executed.

    Raises ``QbenchError`` that lists all mistakes of the file at once.
    """
    source = _read_source(path)
    try:
        tree = ast.parse(source, filename=path.name)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        raise QbenchError(f"{path}{f':{line}' if line else ''}: not a Python file: {error}") from error

    literals, mistakes = _literals(tree)
    if "load" not in _bound(tree.body):
        mistakes.append("a function load(options) is expected at top level: it imports the package")
    version = literals.get("CONTRACT")
    if version != CONTRACT:
        mistakes.append(f"CONTRACT = {CONTRACT} is expected at top level, found {shown(version)}")
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
                    noise=frozenset(facts["NOISE"]),
                    options=MappingProxyType(dict(facts["OPTIONS"])),
                    thread_variables=tuple(facts["THREAD_VARIABLES"]),
                    environment=MappingProxyType(dict(facts["ENVIRONMENT"])),
                    unsupported=MappingProxyType(dict(facts["UNSUPPORTED"])),
                    requirements=tuple(facts["REQUIREMENTS"]),
                    requires_python=facts["REQUIRES_PYTHON"],
                    summary=(ast.get_docstring(tree) or "").split("\n", 1)[0],
                )
            )
    if mistakes:
        raise _refusal(path, mistakes)
    return tuple(found)


def _read_source(path: Path) -> bytes:
    """The file's bytes.  What is no regular file is not opened: a FIFO would never answer."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise _refusal(path, ["a regular file is expected, not a folder, pipe or device"])
        if about.st_size > MAX_BYTES:
            raise _refusal(path, [f"at most {MAX_BYTES} bytes are expected, it has {about.st_size}"])
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or error
        raise QbenchError(f"{path}: cannot read the simulator's file: {reason}") from error


def _refusal(path: Path, mistakes: Iterable[str]) -> QbenchError:
    listed = "\n".join(f"  - {mistake}" for mistake in mistakes)
    page = pages_folder() / "simulators.md"
    return QbenchError(f"{path}: not a simulator's file:\n{listed}\nSee {page} for the form.")


def _bound(body: Iterable[ast.AST]) -> set[str]:
    """The names of functions, values and imports at top level, also under if, try and with."""
    names: set[str] = set()
    for node in body:
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {one.id for part in node.targets for one in ast.walk(part) if isinstance(one, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            names.add(node.target.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.If | ast.Try | ast.With | ast.ExceptHandler):
            names |= _bound(ast.iter_child_nodes(node))
    return names


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
    if not isinstance(name, str) or not name or not name.isprintable() or any(c in name for c in " /@:,=~"):
        return {}, [f"{where}: a name is printable text without space / @ : , = ~"]
    if not isinstance(own, dict):
        return {}, [f"{where}: a dict of facts is expected, found {shown(own)}"]
    mistakes = [_unknown(where, key, own[key]) for key in own if key not in (*REQUIRED, *OPTIONAL)]
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
            mistakes.append(f"{where}: {key} must be a {kind.__name__}, found {shown(facts[key])}")
    if mistakes:
        return facts, mistakes
    return facts, strange_values(where, facts)


def _unknown(where: str, key: Any, value: Any) -> str:
    if isinstance(key, str) and key.isupper():
        return f"{where}: unknown fact {key!r}; the facts are {', '.join((*REQUIRED, *OPTIONAL))}"
    return (
        f"{where}: unknown fact {key!r}; what load() is to be given stands under OPTIONS: "
        f'{{"OPTIONS": {{{key!r}: {shown(value)}}}}}'
    )
