"""Suites: what a run measures and how long it takes its time, read from TOML.

A suite's digest covers all that its name and version promise: the file's entries (not its comments and its
summary) and the content of its circuits.  Released suites stay as they are: ``released.json`` keeps what was
promised, and a test compares.
"""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qbench.analysis.stats import MARGIN
from qbench.circuits.library import index
from qbench.circuits.noise import NOISE_MODELS
from qbench.errors import QbenchError
from qbench.ir import content_id
from qbench.model import PHASES, Metric, Phase
from qbench.session.gate_modes import NATIVE_MODE, checked_modes

__all__ = ["WORKLOADS", "MeasurePlan", "Suite", "load_suite", "suite_names"]

FOLDER = Path(__file__).resolve().parent.parent / "suites"
RELEASED = "released.json"

WORKLOADS: Mapping[str, str] = {
    "state": "the full state vector at the end of the circuit",
    "sample": "measurement outcomes of the classical bits, a given number of shots",
    "expval": "the expectation value of the circuit's observable in its final state",
    "gradient": "the derivatives of that expectation value with respect to the free parameters",
    "sweep": "that expectation value at many bindings of the free parameters: compiled once, run for each",
    "noisy": "with noise after every gate: the exact density matrix, and samples",
}
"""The workloads that users name.  ``noisy`` stands for two kinds of task, the others for one each."""

NOISE = ("pauli",)
BINDINGS = 16
GATES = (NATIVE_MODE,)
"""What noisy and sweep workloads are asked with, and in which gate modes, where a suite does not say."""

OBSERVED = frozenset({"expval", "gradient", "sweep"})
"""Workloads that ask for an expectation value: a suite's digest then covers its circuits' observables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurePlan:
    """How cells are timed.

    ``phases`` are sampled warm; first calls are always kept for all phases.  A call that is long beside
    ``visit_ms`` and ``warmup_ms`` is sampled ``least_samples`` times after ``warmup_calls`` all the same.

    From ``rounds`` rounds on, a circuit and task is done ``extra_rounds`` rounds after the 95 % half-widths
    of all its ratios are at most ``width``; at ``most_rounds`` at the latest (None: exactly ``rounds``), or
    when a budget is used.  ``visits`` is the most visits of a cell in a round, before contention adds some.
    ``metric`` says which clock ranks and stops, ``margin`` is the equivalence margin.
    """

    rounds: int
    phases: tuple[str, ...]
    visit_ms: int
    warmup_ms: int
    warmup_calls: int
    least_samples: int
    request_limit_s: float
    load_limit_s: float
    most_rounds: int | None = None
    width: float = 0.05
    extra_rounds: int = 3
    visits: int = 1
    budget_s: float | None = None
    cell_budget_s: float | None = None
    memory_limit_mib: int | None = None
    metric: str = Metric.WALL
    margin: float = MARGIN

    @property
    def fixed_rounds(self) -> bool:
        """Whether the number of rounds is given, so that nothing measured decides when to stop."""
        return self.most_rounds is None or self.most_rounds <= self.rounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A named, versioned choice of circuits, workloads and simulators; ``digest`` hashes all of it."""

    name: str
    version: int
    digest: str
    summary: str
    circuits: tuple[str, ...]
    workloads: tuple[str, ...]
    shots: int
    simulators: tuple[str, ...]
    baseline: str
    measure: MeasurePlan
    noise: tuple[str, ...] = NOISE
    bindings: int = BINDINGS
    gates: tuple[str, ...] = GATES

    @property
    def as_released(self) -> bool:
        """Whether this is, entry by entry and gate by gate, the suite that was released under its name."""
        promised = json.loads((FOLDER / RELEASED).read_text(encoding="ascii")).get(self.name, {})
        return (self.version, self.digest) == (promised.get("version"), promised.get("digest"))


def suite_names() -> tuple[str, ...]:
    """Names of the suites that come with qbench.

    >>> "quick" in suite_names()
    True
    """
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def load_suite(name: str) -> Suite:
    """Read one suite; raises ``QbenchError`` with the nearest names, or with all mistakes of the file."""
    path = FOLDER / f"{name}.toml"
    if name not in suite_names():
        near = difflib.get_close_matches(name, suite_names(), n=3)
        hint = f"Did you mean {' or '.join(near)}? " if near else ""
        raise QbenchError(f"unknown suite {name!r}. {hint}Suites: {', '.join(suite_names())}.")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise QbenchError(f"{path.name}: not a suite: {error}") from error
    return _suite(path.name, data)


def _suite(file: str, data: Mapping[str, Any]) -> Suite:
    measure = data.get("measure", {})
    mistakes = [
        f"{key} should be {kind.__name__}, found {table.get(key)!r}"
        for table, kinds in (
            (data, _SUITE_TYPES),
            (data, _SUITE_OPTIONS),
            (measure, _MEASURE_TYPES),
            (measure, _MEASURE_OPTIONS),
        )
        for key, kind in kinds.items()
        if key in table or kinds not in (_SUITE_OPTIONS, _MEASURE_OPTIONS)
        if not isinstance(table.get(key), kind) or isinstance(table.get(key), bool)
    ]
    mistakes += [
        f"unknown entry {key!r}" for key in data if key not in (*_SUITE_TYPES, *_SUITE_OPTIONS, "measure")
    ]
    mistakes += [
        f"unknown entry measure.{key!r}" for key in measure if key not in _MEASURE_TYPES | _MEASURE_OPTIONS
    ]
    if not mistakes:
        mistakes += [f"unknown workload {kind!r}" for kind in data["workloads"] if kind not in WORKLOADS]
        timed = [phase for phase in PHASES if phase is not Phase.IMPORT]
        mistakes += [f"unknown phase {phase!r}" for phase in measure["phases"] if phase not in timed]
        counts = ("rounds", "visit_ms", "warmup_calls", "least_samples", "most_rounds", "visits")
        mistakes += [f"{key} must be at least 1" for key in counts if measure.get(key, 1) < 1]
        mistakes += [f"{key} must be above 0" for key in ("width", *_BUDGETS) if not measure.get(key, 1) > 0]
        if measure.get("most_rounds", measure["rounds"]) < measure["rounds"]:
            mistakes.append(f"most_rounds must be at least rounds, {measure['rounds']}")
    stored = {facts.name: facts for facts in index()}
    if not mistakes:
        mistakes += ["bindings must be at least 1"] if data.get("bindings", 1) < 1 else []
        checked_modes(data.get("gates", GATES), mistakes)
        mistakes += [f"unknown noise {name!r}" for name in data.get("noise", ()) if name not in NOISE_MODELS]
    if not mistakes:
        mistakes += [
            f"no stored circuit is called {name!r}" for name in data["circuits"] if name not in stored
        ]
    if mistakes:
        raise QbenchError(f"{file}: not a suite:\n" + "\n".join(f"  - {mistake}" for mistake in mistakes))
    promised = {key: value for key, value in data.items() if key != "summary"}
    options: dict[str, Any] = {
        key: float(measure[key]) if key in _BUDGETS else measure[key]
        for key in _MEASURE_OPTIONS
        if key in measure
    }
    promised["measure"] = {key: v.hex() if isinstance(v, float) else v for key, v in measure.items()}
    contents = [[name, stored[name].id] for name in data["circuits"]]
    if OBSERVED.intersection(data["workloads"]):
        contents = [[name, stored[name].id, stored[name].observable] for name in data["circuits"]]
    return Suite(
        name=data["name"],
        version=data["version"],
        digest=content_id([promised, contents]),
        summary=data["summary"],
        circuits=tuple(data["circuits"]),
        workloads=tuple(data["workloads"]),
        shots=data["shots"],
        simulators=tuple(data["simulators"]),
        baseline=data["baseline"],
        measure=MeasurePlan(
            rounds=measure["rounds"],
            phases=tuple(measure["phases"]),
            visit_ms=measure["visit_ms"],
            warmup_ms=measure["warmup_ms"],
            warmup_calls=measure["warmup_calls"],
            least_samples=measure["least_samples"],
            request_limit_s=float(measure["request_limit_s"]),
            load_limit_s=float(measure["load_limit_s"]),
            **options,
        ),
        noise=tuple(data.get("noise", NOISE)),
        bindings=data.get("bindings", BINDINGS),
        gates=checked_modes(data.get("gates", GATES), []),
    )


_SUITE_TYPES: Mapping[str, type] = {
    "name": str,
    "version": int,
    "summary": str,
    "circuits": list,
    "workloads": list,
    "shots": int,
    "simulators": list,
    "baseline": str,
}
_SUITE_OPTIONS: Mapping[str, type] = {"noise": list, "bindings": int, "gates": list}
_MEASURE_TYPES: dict[str, type] = {
    "rounds": int,
    "phases": list,
    "visit_ms": int,
    "warmup_ms": int,
    "warmup_calls": int,
    "least_samples": int,
    "request_limit_s": int,
    "load_limit_s": int,
}
_BUDGETS = ("budget_s", "cell_budget_s")
_MEASURE_OPTIONS: dict[str, type] = {
    "most_rounds": int,
    "width": float,
    "extra_rounds": int,
    "visits": int,
    "budget_s": int,
    "cell_budget_s": int,
}
