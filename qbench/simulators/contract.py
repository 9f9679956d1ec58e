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
import json
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from qbench.errors import QbenchError
from qbench.ir import CHANNELS, GATES, KINDS
from qbench.pages import pages_folder

__all__ = ["CONTRACT", "SimulatorFacts", "read_facts"]

CONTRACT = 1
PRECISIONS = ("complex128", "complex64")
SIMULATOR_KINDS = ("exact", "approximate", "clifford", "double")
PROBLEMS = ("circuit", "ising")
FEATURES = ("mid_circuit_measurement", "reset", "feed_forward", "parameters")
NOISE = (*CHANNELS, "readout")
PHASE_FUNCTIONS = ("translate", "compile", "execute", "readback")

MAX_BYTES = 1 << 20  # the files of this package have 2 to 6 kB
MAX_QUBITS = 1_000_000

DISTRIBUTION = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
VARIABLE_FORM = "a variable's name has letters, digits, _, and no digit first"
# What qbench itself sets for a worker or hands on to it: a file that could set these could change its own
# seed, threads, libraries or interpreter.
OWN_VARIABLES = re.compile(
    r"(PYTHON|QBENCH|LD_|DYLD_).*|PATH|HOME|TMPDIR|KMP_BLOCKTIME|OMP_WAIT_POLICY|XLA_FLAGS"
)
OWN_THREAD_VARIABLES = re.compile(r".*((NUM|MAX|MAXIMUM)_THREADS|_DYNAMIC)")

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
        mistakes.append(f"CONTRACT = {CONTRACT} is expected at top level, found {_shown(version)}")
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
        return {}, [f"{where}: a dict of facts is expected, found {_shown(own)}"]
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
            mistakes.append(f"{where}: {key} must be a {kind.__name__}, found {_shown(facts[key])}")
    if mistakes:
        return facts, mistakes
    return facts, _strange_values(where, facts)


def _unknown(where: str, key: Any, value: Any) -> str:
    if isinstance(key, str) and key.isupper():
        return f"{where}: unknown fact {key!r}; the facts are {', '.join((*REQUIRED, *OPTIONAL))}"
    return (
        f"{where}: unknown fact {key!r}; what load() is to be given stands under OPTIONS: "
        f'{{"OPTIONS": {{{key!r}: {_shown(value)}}}}}'
    )


def _strange_values(where: str, facts: Mapping[str, Any]) -> list[str]:
    mistakes = []
    for key, allowed in {
        "KIND": SIMULATOR_KINDS,
        "PRECISION": PRECISIONS,
        "PROBLEMS": PROBLEMS,
        "TASKS": KINDS,
        "GATES": tuple(GATES),
        "FEATURES": FEATURES,
        "NOISE": NOISE,
    }.items():
        values = facts[key] if isinstance(facts[key], list) else [facts[key]]
        strange = [value for value in values if value not in allowed]
        if strange:
            mistakes.append(f"{where}: {key} knows {', '.join(allowed)}; not {_shown(strange)}")
    for key in ("TASKS", "GATES", "PROBLEMS"):
        if not facts[key]:
            mistakes.append(f"{where}: {key} is empty: {REQUIRED.get(key, (list, 'name at least one'))[1]}")
    if not 1 <= facts["MAX_QUBITS"] <= MAX_QUBITS:
        mistakes.append(
            f"{where}: MAX_QUBITS must be at least 1 and at most {MAX_QUBITS}, "
            f"found {_shown(facts['MAX_QUBITS'])}"
        )
    for key, form, expected in (
        ("DISTRIBUTIONS", DISTRIBUTION, "a distribution's name has letters, digits, . _ -"),
        ("THREAD_VARIABLES", VARIABLE, VARIABLE_FORM),
    ):
        if not all(isinstance(item, str) for item in facts[key]):
            mistakes.append(f"{where}: {key} must be a list of text, found {_shown(facts[key])}")
        elif strange := [item for item in facts[key] if not form.fullmatch(item)]:
            mistakes.append(f"{where}: {key}: {expected}; not {_shown(strange)}")
    for kind, reason in facts["UNSUPPORTED"].items():
        if kind not in KINDS or kind in facts["TASKS"] or not isinstance(reason, str) or not reason.strip():
            mistakes.append(
                f"{where}: UNSUPPORTED must map a task kind that is not in TASKS to the reason why, "
                f"found {_shown({kind: reason})}"
            )
    try:
        json.dumps(facts["OPTIONS"], allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        mistakes.append(f"{where}: OPTIONS must be what JSON can hold, found {_shown(facts['OPTIONS'])}")
    return mistakes + [f"{where}: {mistake}" for mistake in _strange_environment(facts)]


def _strange_environment(facts: Mapping[str, Any]) -> list[str]:
    """What is wrong with the variables that the file asks for."""
    wanted = facts["ENVIRONMENT"]
    if not all(isinstance(k, str) and isinstance(v, str) for k, v in wanted.items()):
        return ["ENVIRONMENT must map text to text"]
    mistakes = []
    for name, value in wanted.items():
        if not VARIABLE.fullmatch(name):
            mistakes.append(f"ENVIRONMENT: {VARIABLE_FORM}; not {_shown(name)}")
        elif OWN_VARIABLES.fullmatch(name):
            mistakes.append(f"ENVIRONMENT must not set {name}: qbench sets it")
        elif OWN_THREAD_VARIABLES.fullmatch(name) or name in facts["THREAD_VARIABLES"]:
            mistakes.append(
                f"ENVIRONMENT must not set {name}: name a variable that limits threads in THREAD_VARIABLES, "
                "and qbench sets it"
            )
        if re.search("[\0\ud800-\udfff]", value):  # no environment can hold these
            mistakes.append(f"ENVIRONMENT: {name}'s value must be text without NUL, found {_shown(value)}")
    taken = [name for name in facts["THREAD_VARIABLES"] if OWN_VARIABLES.fullmatch(str(name))]
    mistakes += [f"THREAD_VARIABLES must not name {name}: qbench sets it" for name in taken]
    return mistakes


def _shown(value: Any) -> str:
    """A value as a message can hold it: not 4000 characters, nor a number that has no decimal form."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # more than 4300 digits, written in hexadecimal; nested too deep
        return f"an unprintable {type(value).__name__}"
    return text if len(text) <= 80 else f"{text[:80]}..."
