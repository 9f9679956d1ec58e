"""What is wrong with the values of a simulator's facts, whose types are right."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from qbench.ir import CHANNELS, GATES, KINDS
from qbench.simulators.requirements import strange_requirements

__all__ = ["FEATURES", "PRECISIONS", "SIMULATOR_KINDS", "shown", "strange_values"]

PRECISIONS = ("complex128", "complex64")
SIMULATOR_KINDS = ("exact", "approximate", "clifford", "double")
PROBLEMS = ("circuit", "ising")
FEATURES = ("mid_circuit_measurement", "reset", "feed_forward", "parameters")
NOISE = (*CHANNELS, "readout")
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


def strange_values(where: str, facts: Mapping[str, Any]) -> list[str]:
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
            mistakes.append(f"{where}: {key} knows {', '.join(allowed)}; not {shown(strange)}")
    for key in ("TASKS", "GATES", "PROBLEMS"):
        if not facts[key]:
            mistakes.append(f"{where}: {key} is empty: name at least one")
    if not 1 <= facts["MAX_QUBITS"] <= MAX_QUBITS:
        mistakes.append(
            f"{where}: MAX_QUBITS must be at least 1 and at most {MAX_QUBITS}, "
            f"found {shown(facts['MAX_QUBITS'])}"
        )
    for key, form, expected in (
        ("DISTRIBUTIONS", DISTRIBUTION, "a distribution's name has letters, digits, . _ -"),
        ("THREAD_VARIABLES", VARIABLE, VARIABLE_FORM),
    ):
        if not all(isinstance(item, str) for item in facts[key]):
            mistakes.append(f"{where}: {key} must be a list of text, found {shown(facts[key])}")
        elif strange := [item for item in facts[key] if not form.fullmatch(item)]:
            mistakes.append(f"{where}: {key}: {expected}; not {shown(strange)}")
    for kind, reason in facts["UNSUPPORTED"].items():
        if kind not in KINDS or kind in facts["TASKS"] or not isinstance(reason, str) or not reason.strip():
            mistakes.append(
                f"{where}: UNSUPPORTED must map a task kind that is not in TASKS to the reason why, "
                f"found {shown({kind: reason})}"
            )
    try:
        json.dumps(facts["OPTIONS"], allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        mistakes.append(f"{where}: OPTIONS must be what JSON can hold, found {shown(facts['OPTIONS'])}")
    more = [*_strange_variables(facts), *strange_requirements(facts)]
    return mistakes + [f"{where}: {mistake}" for mistake in more]


def _strange_variables(facts: Mapping[str, Any]) -> list[str]:
    """What is wrong with the variables that the file asks for."""
    wanted = facts["ENVIRONMENT"]
    if not all(isinstance(k, str) and isinstance(v, str) for k, v in wanted.items()):
        return ["ENVIRONMENT must map text to text"]
    mistakes = []
    for name, value in wanted.items():
        if not VARIABLE.fullmatch(name):
            mistakes.append(f"ENVIRONMENT: {VARIABLE_FORM}; not {shown(name)}")
        elif OWN_VARIABLES.fullmatch(name):
            mistakes.append(f"ENVIRONMENT must not set {name}: qbench sets it")
        elif OWN_THREAD_VARIABLES.fullmatch(name) or name in facts["THREAD_VARIABLES"]:
            mistakes.append(
                f"ENVIRONMENT must not set {name}: name a variable that limits threads in THREAD_VARIABLES, "
                "and qbench sets it"
            )
        if re.search("[\0\ud800-\udfff]", value):  # no environment can hold these
            mistakes.append(f"ENVIRONMENT: {name}'s value must be text without NUL, found {shown(value)}")
    taken = [name for name in facts["THREAD_VARIABLES"] if OWN_VARIABLES.fullmatch(str(name))]
    mistakes += [f"THREAD_VARIABLES must not name {name}: qbench sets it" for name in taken]
    return mistakes


def shown(value: Any) -> str:
    """A value as a message can hold it: not 4000 characters, nor a number that has no decimal form."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # more than 4300 digits, written in hexadecimal; nested too deep
        return f"an unprintable {type(value).__name__}"
    return text if len(text) <= 80 else f"{text[:80]}..."
