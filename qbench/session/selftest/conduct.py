"""Doing the self-test: run after run into one folder, resumable, and its tables at the end."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections import Counter
from pathlib import Path

from qbench.analysis.selftest.evidence import Evidence
from qbench.circuits.library import load_circuit
from qbench.session.run import Progress, Silence, execute_plan
from qbench.session.selftest.folder import SelfTestFolder, read_evidence, write_tables
from qbench.session.selftest.load import busy_processes
from qbench.session.selftest.outline import Remaining
from qbench.session.selftest.plain import empty_call, pyperf_values, slowed_calls, spun_calls
from qbench.session.selftest.programme import PlannedRun, operations, planned_runs
from qbench.session.selftest.request import Request

__all__ = ["conduct"]

TITLES = {"null": "null", "spin": "spin", "aa": "A/A", "slowdown": "slowdown", "pyperf": "pyperf"}


def conduct(request: Request, path: Path, progress: Progress) -> tuple[Evidence, str]:
    """Run what is not there yet, then make the tables from all records; returns these and the page.

    Raises ``QbenchError`` where the folder holds another self-test, or something else.
    """
    runs = planned_runs(request)
    folder = SelfTestFolder(path, request, Counter(run.experiment for run in runs))
    left = Remaining.of(request, runs)
    with busy_processes(request.load):
        for experiment in request.experiments:
            mine = [run for run in runs if run.experiment == experiment]
            progress.stage(TITLES[experiment], len(mine))
            for position, run in enumerate(mine):
                began = time.monotonic()
                made = _one(folder, request, run, position)
                left.done(run.name, time.monotonic() - began if made else None)
                progress.step(left.text(run.name))
    evidence = read_evidence(path)
    return evidence, write_tables(evidence, path)


def _one(folder: SelfTestFolder, request: Request, run: PlannedRun, position: int) -> bool:
    """One run, with what is measured beside it without the harness; whether it was not there already."""
    pyperf_first = run.experiment == "pyperf" and position % 2 == 1
    if pyperf_first:
        _pyperf(folder, request, run, position)
    due = not folder.complete(run.name)
    if due:
        execute_plan(run.plan, folder.run(run.name), Silence())
        # Derived, and made again by `qbench table`: 60 runs' tables would be most of the folder.
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(folder.run(run.name) / "tables")
    if run.experiment == "pyperf" and not pyperf_first:
        _pyperf(folder, request, run, position)
    if run.experiment == "null" and not _kept(folder, "empty"):
        folder.add_plain({"kind": "empty", **empty_call()})
    if run.experiment == "slowdown":
        _slowed(folder, run, position)
    if run.experiment == "spin":
        _spun(folder, run)
    return due


def _kept(folder: SelfTestFolder, kind: str, **facts: object) -> bool:
    wanted = {"kind": kind, **facts}.items()
    return any(wanted <= record.items() for record in map(_flat, folder.plain()))


def _flat(record: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in record.items() if isinstance(value, str | int)}


def _slowed(folder: SelfTestFolder, run: PlannedRun, position: int) -> None:
    """Whether the slowed doubles are what they claim to be: in plain loops, one circuit per run."""
    if _kept(folder, "slowed", run=run.name):
        return
    honest, *slowed = run.plan.simulators.values()
    percents = tuple(int(one.simulator.facts.options["slower_percent"]) for one in slowed)
    problems = list(run.plan.problems.values())
    circuit = problems[position % len(problems)].circuit
    found = slowed_calls(honest, circuit, percents, seed=position)
    folder.add_plain({"kind": "slowed", "run": run.name, "circuit": circuit.name, **found})


def _spun(folder: SelfTestFolder, run: PlannedRun) -> None:
    """The known durations of this run in a plain loop: how late the double itself ends on this machine."""
    if _kept(folder, "spun", run=run.name):
        return
    spins = list(run.plan.simulators.values())
    durations = tuple(int(one.simulator.facts.options["execute_ns"]) for one in spins)
    (problem,) = run.plan.problems.values()
    folder.add_plain({"kind": "spun", "run": run.name, **spun_calls(spins[0], problem.circuit, durations)})


def _pyperf(folder: SelfTestFolder, request: Request, run: PlannedRun, position: int) -> None:
    for operation in operations(request):
        if operation.simulator not in run.plan.simulators:  # not installed
            continue
        planned = run.plan.simulators[operation.simulator]
        for clock in ("wall", "cpu"):
            facts = {
                "run": run.name,
                "simulator": operation.simulator,
                "circuit": operation.circuit,
                "clock": clock,
            }
            if not _kept(folder, "pyperf", **facts):
                circuit = load_circuit(operation.circuit)
                found = pyperf_values(planned, circuit, clock, operation.about_ns)
                folder.add_plain({"kind": "pyperf", **facts, **found})
