"""Which cells of two runs are the same question, and in what else two runs differ.

Cells are matched by problem, task, simulator's label, threads and gate mode.  Their ids do not serve: an id
holds the versions of packages and of the protocol, which are what two runs are compared for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from qbench.analysis.readings import CellReadings, RunReadings
from qbench.analysis.table import natural_key
from qbench.results.manifests import same_memory

__all__ = [
    "CellKey",
    "RunDifferences",
    "SimulatorChange",
    "cells_by_key",
    "natural_cell_order",
    "run_differences",
    "simulator_change",
]

Difference = tuple[str, str, str]
"""What differs, in the first run, in the second."""

MACHINE = ("architecture", "processor", "logical_cores", "physical_cores", "usable_cores", "system")
"""What makes another machine.  Kernel, C library, compiler and Python may change on one and the same."""

# Described by the cells themselves, or without meaning for a comparison.
_OWN_LINES = ("threads", "gate_mode")

_OF_QBENCH = "builtin"  # the manifest's origin of a simulator whose file comes with qbench


class CellKey(NamedTuple):
    """One question to one simulator, whatever its version."""

    problem: str
    task: str
    simulator: str
    threads: int
    gate_mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorChange:
    """What changed in one simulator; ``told`` is empty where its id is the same in both runs.

    ``same_versions``: its packages and its Python are the same, at most its file for qbench changed.
    """

    told: tuple[str, ...]
    same_versions: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDifferences:
    """In what two runs differ beside their cells.

    ``unchanged`` are the simulators that are the same in both, in the first run's order, without controls.
    Where none is, and the runs are of two versions or commits of qbench, those that come with qbench count
    if their packages and their Python are the same: it brought other files for them.  A file from elsewhere
    that was edited never counts: its change may be the very thing that is asked for.
    """

    same_run: bool
    same_machine: bool
    machine: tuple[Difference, ...]
    suite: tuple[str, str]
    settings: tuple[Difference, ...]
    protocol: tuple[int, int]
    qbench: tuple[str, str]
    packages: tuple[Difference, ...]
    simulators: Mapping[str, SimulatorChange]
    unchanged: tuple[str, ...]


def cells_by_key(run: RunReadings) -> dict[CellKey, CellReadings]:
    """The cells of a run by key, without the run's own controls."""
    return {
        CellKey(cell.problem_id, cell.task_id, cell.simulator, cell.threads, cell.gate_mode): cell
        for cell in run.cells
        if cell.control is None
    }


def natural_cell_order(cell: CellReadings) -> tuple[Any, ...]:
    """A sorting key: circuit (q9 before q10), workload, threads, gate mode, simulator."""
    return (
        natural_key(cell.problem["name"]),
        cell.problem_id,
        natural_key(cell.workload),
        cell.threads,
        cell.gate_mode,
        natural_key(cell.simulator),
    )


def run_differences(a: Mapping[str, Any], b: Mapping[str, Any]) -> RunDifferences:
    """Compare two manifests; the second may be a plan's.  Settings that only one knows are passed over."""
    machine = _differences(a["machine"], b["machine"], MACHINE)
    if not same_memory(a["machine"].get("memory_bytes"), b["machine"].get("memory_bytes")):
        machine += _differences(a["machine"], b["machine"], ["memory_bytes"])
    changes = {
        label: simulator_change(a["simulators"][label], b["simulators"][label])
        for label in a["simulators"]
        if label in b["simulators"]
    }
    return RunDifferences(
        same_run="run" in a and a["run"] == b.get("run"),
        same_machine=not machine,
        machine=machine,
        suite=(_suite(a["suite"]), _suite(b["suite"])),
        settings=_differences(
            a["settings"],
            b["settings"],
            [key for key in a["settings"] if key in b["settings"] and key not in _OWN_LINES],
        ),
        protocol=(a["protocol"], b["protocol"]),
        qbench=(_qbench(a["qbench"]), _qbench(b["qbench"])),
        packages=_differences(a.get("packages", {}), b.get("packages", {})),
        simulators=changes,
        unchanged=_unchanged(a, b, changes),
    )


def simulator_change(old: Mapping[str, Any], new: Mapping[str, Any]) -> SimulatorChange:
    """What of a simulator's entry in two manifests differs: packages, Python, its file, its options.

    >>> old = {"id": "1", "distributions": {"qulacs": "0.6.12"}, "python": "3.12.1"}
    >>> simulator_change(old, {**old, "id": "2", "distributions": {"qulacs": "0.6.14"}}).told
    ('qulacs 0.6.12 -> 0.6.14',)
    """
    versions = _differences(old["distributions"], new["distributions"])
    versions += _differences(old, new, ["python"])
    told = [f"{'Python' if name == 'python' else name} {a} -> {b}" for name, a, b in versions]
    if old.get("configuration") != new.get("configuration"):
        told.append(f"configuration {old.get('configuration')} -> {new.get('configuration')}")
    digests = old.get("file_digest"), new.get("file_digest")
    if None not in digests and digests[0] != digests[1]:
        told.append("its file for qbench was changed")
    if old["id"] != new["id"] and not told:
        told.append("its file for qbench or its options were changed")
    return SimulatorChange(told=tuple(told), same_versions=not versions)


def _unchanged(
    a: Mapping[str, Any], b: Mapping[str, Any], changes: Mapping[str, SimulatorChange]
) -> tuple[str, ...]:
    contestants = {
        label: change for label, change in changes.items() if a["simulators"][label].get("control") is None
    }
    same = tuple(label for label, change in contestants.items() if not change.told)
    if same or _qbench(a["qbench"]) == _qbench(b["qbench"]):
        return same
    return tuple(
        label
        for label, change in contestants.items()
        if change.same_versions
        and all(run["simulators"][label].get("origin") == _OF_QBENCH for run in (a, b))
    )


def _differences(
    old: Mapping[str, Any], new: Mapping[str, Any], keys: Iterable[str] | None = None
) -> tuple[Difference, ...]:
    wanted: Sequence[str] = (
        list(keys) if keys is not None else sorted({*old, *new}, key=lambda name: name.lower())
    )
    return tuple(
        (key, _told(old.get(key)), _told(new.get(key))) for key in wanted if old.get(key) != new.get(key)
    )


def _told(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_told, value)) or "none"
    return str(value)


def _suite(suite: Mapping[str, Any]) -> str:
    return "{name} {version} {digest}".format(**suite)


def _qbench(described: Mapping[str, Any]) -> str:
    commit = described.get("commit")
    return f"{described.get('version')}" + (f" at {str(commit)[:12]}" if commit else "")
