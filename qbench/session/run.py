"""One run from the request to its tables: the only place where all rooms meet."""

from __future__ import annotations

import shlex
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import psutil

from qbench.analysis.forecast import TimeLeft
from qbench.analysis.stats import MARGIN
from qbench.circuits.qasm import write_qasm
from qbench.errors import QbenchError
from qbench.measure.asking import Answer
from qbench.measure.ledger import Account, Ledger
from qbench.measure.pool import NoRoomError, Pool
from qbench.measure.process import Limits
from qbench.measure.worker import read_memory
from qbench.model import Metric
from qbench.results.machine import describe_machine, describe_packages, describe_qbench
from qbench.results.store import RunStore
from qbench.session.asking import References
from qbench.session.bandwidth import EVENT as BANDWIDTH
from qbench.session.bandwidth import bandwidth_facts
from qbench.session.budget import Budget
from qbench.session.judging import judge_simulator
from qbench.session.judging_pace import JudgingPace
from qbench.session.loaded import Run
from qbench.session.plan import Plan, make_plan
from qbench.session.publish import write_tables
from qbench.session.rounds import Rounds
from qbench.session.visiting import Visitor
from qbench.simulators.registry import BUILTIN

__all__ = ["Progress", "Silence", "execute_plan", "new_folder", "run"]

MEMORY_SHARE = 0.8
"""A worker may take this share of the memory that is available when the run starts."""


class Progress(Protocol):
    """Told between visits what has been done; it must never work while a visit is timed."""

    def stage(self, title: str, steps: int) -> None: ...

    def expect(self, steps: int) -> None:
        """The stage will have so many steps in all: what measuring finds decides how many."""

    def step(self, text: str) -> None: ...

    def left(self, left: TimeLeft) -> None:
        """The run ends so soon, at least and at most; told before the step that it is true after."""


class Silence:
    """No progress at all."""

    def stage(self, title: str, steps: int) -> None:
        """Say nothing."""

    def expect(self, steps: int) -> None:
        """Say nothing."""

    def step(self, text: str) -> None:
        """Say nothing."""

    def left(self, left: TimeLeft) -> None:
        """Say nothing."""


def run(
    *targets: object,
    simulators: str | Sequence[str] | None = None,
    workloads: str | Sequence[str] | None = None,
    threads: int | Sequence[int] = 1,
    shots: int | Sequence[int] | None = None,
    observable: str | None = None,
    noise: str | Sequence[str] | None = None,
    bindings: int | None = None,
    values: Mapping[str, float] | None = None,
    rounds: int | None = None,
    seed: int = 1,
    gates: str | Sequence[str] | None = None,
    time_limit_s: float | None = None,
    load_limit_s: float | None = None,
    precise: bool = False,
    budget_s: float | None = None,
    cell_budget_s: float | None = None,
    memory_limit_mib: int | None = None,
    metric: str = Metric.WALL,
    margin: float = MARGIN,
    controls: bool = True,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Run:
    """Run a suite (``quick`` if none is named), or circuits, and write its folder.

    A circuit is a stored one's name, the path of an OpenQASM file, a ``Circuit``, Qiskit's ``QuantumCircuit``
    or PennyLane's tape (``QuantumScript``).  ``gates`` is ``native``, ``common`` or both (docs/suites.md);
    None is what the suite says.  The same arguments with the same ``out`` resume an interrupted run.  Raises
    ``QbenchError`` for a request that cannot be planned or a folder that cannot be used.
    """
    began_ns = time.perf_counter_ns()
    plan = make_plan(
        targets,
        simulators=[simulators] if isinstance(simulators, str) else simulators,
        workloads=[workloads] if isinstance(workloads, str) else workloads,
        threads=threads,
        shots=shots,
        observable=observable,
        noise=noise,
        bindings=bindings,
        values=values,
        rounds=rounds,
        seed=seed,
        gates=gates,
        time_limit_s=time_limit_s,
        load_limit_s=load_limit_s,
        precise=precise,
        budget_s=budget_s,
        cell_budget_s=cell_budget_s,
        memory_limit_mib=memory_limit_mib,
        metric=metric,
        margin=margin,
        controls=controls,
    )
    folder = Path(out) if out is not None else new_folder(plan)
    return execute_plan(plan, folder, progress or Silence(), began_ns)


def new_folder(plan: Plan) -> Path:
    """A folder under ``results`` that no run has yet."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    folder = Path("results") / f"{plan.suite}-{stamp}"
    number = 2
    while folder.exists():
        folder = Path("results") / f"{plan.suite}-{stamp}-{number}"
        number += 1
    return folder


def execute_plan(plan: Plan, folder: Path, progress: Progress, began_ns: int | None = None) -> Run:
    """Judge every cell, time those that answered, write the tables.

    What the wall time went to since ``began_ns`` (of ``time.perf_counter_ns``, now if not given) becomes
    the run's last event, also where this session is interrupted; the closing text is made after it.
    """
    ledger = Ledger(began_ns=began_ns)
    with ledger.account(Account.PLANNING):
        manifest = {
            **plan.manifest(),
            "machine": describe_machine(),
            "packages": describe_packages(),
            "qbench": describe_qbench(),
        }
    limits = Limits(
        request_s=plan.measure.request_limit_s,
        load_s=plan.measure.load_limit_s,
        memory_bytes=int(MEMORY_SHARE * psutil.virtual_memory().available)
        if plan.measure.memory_limit_mib is None
        else plan.measure.memory_limit_mib << 20,
    )
    with RunStore(folder, manifest, writing=lambda: ledger.account(Account.RECORDS)) as store:
        utc = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        store.add_event("session_started", utc=utc, budget_s=plan.measure.budget_s, qbench=manifest["qbench"])
        complete = False
        try:
            if not store.resumed:  # before any worker is there
                with ledger.account(Account.PLANNING):
                    store.add_event(BANDWIDTH, **bandwidth_facts(plan))
            _keep_inputs(plan, store)  # also on resuming: a kill may have come before the last of them
            with Pool(limits, ledger) as pool:
                _measure(plan, pool, store, progress)
            store.add_event("measured")
            records = store.records()
            with ledger.account(Account.RENDERING):
                write_tables(records, folder)
            complete = True
        except NoRoomError as error:
            hint = f"The same command with -o {shlex.quote(str(folder))} resumes this run."
            raise QbenchError(f"{error} {hint}") from error
        finally:
            costs = store.add_event("costs", **_costs(ledger, complete))
    return Run(path=folder, records=replace(records, events=(*records.events, costs)))


def _costs(ledger: Ledger, complete: bool) -> dict[str, Any]:
    spent = ledger.spent_ns()
    accounts = {str(account): amount for account, amount in spent.items()}
    return {
        "complete": complete,
        "wall_ns": sum(spent.values()),
        "spent_ns": accounts,
        "controller_peak_rss_bytes": read_memory()[1],
    }


def _measure(plan: Plan, pool: Pool, store: RunStore, progress: Progress) -> None:
    earlier = store.records()
    budget = Budget(limit_s=plan.measure.budget_s, ledger=pool.ledger)
    budget.take_up(earlier.events)
    pace = JudgingPace(plan, earlier.outcomes.keys(), progress, lambda: budget.left_s)
    progress.stage("judging answers", pace.steps)
    references = References(pool.ledger)
    samples: dict[str, Answer] = {}
    pace.begin()
    with pool.ledger.account(Account.JUDGING):
        for planned in plan.simulators.values():
            samples |= judge_simulator(pool, store, plan, planned, references, earlier, pace.report)
    visitor = Visitor(plan=plan, ledger=pool.ledger, references=references, samples=samples)
    rounds = Rounds(plan=plan, pool=pool, store=store, visitor=visitor, told=progress)
    progress.stage("timing", rounds.prepare())
    rounds.run()


def _keep_inputs(plan: Plan, store: RunStore) -> None:
    """The circuits as they were read, and the sources of simulators that are not part of qbench."""
    for problem in plan.problems.values():
        circuit = problem.circuit
        store.keep_file(f"circuits/{circuit.id}.qasm", write_qasm(circuit).encode("utf-8"))
    for planned in plan.simulators.values():
        if planned.simulator.origin != BUILTIN:
            content = planned.simulator.facts.path.read_bytes()
            store.keep_file(f"plugins/{planned.simulator.facts.digest[:16]}.py", content)
