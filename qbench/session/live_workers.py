"""The workers of one group in one round: started together, replaced when they are lost, ended together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from qbench.measure.asking import refusal
from qbench.measure.pool import Pool
from qbench.measure.process import WorkerLost, WorkerProcess
from qbench.measure.schedule import RoundPlan, process_setup
from qbench.model import Cell, NoAnswer
from qbench.results.reasons import recorded_reason
from qbench.results.store import RunStore
from qbench.session.asking import worker_spec
from qbench.session.loading import Loading
from qbench.session.plan import Plan

__all__ = ["LiveWorkers"]


@dataclass(slots=True, kw_only=True)
class LiveWorkers:
    """One worker for each simulator and number of threads; events say what becomes of them."""

    plan: Plan
    pool: Pool
    store: RunStore
    loading: Loading
    round_plan: RoundPlan
    _alive: dict[tuple[str, int], WorkerProcess] = field(default_factory=dict)

    def start(self, cells: Iterable[Cell]) -> None:
        """Start and load what these cells need, simulator by simulator in the round's order."""
        needed = {(cell.simulator, cell.threads) for cell in cells}
        for name in self.round_plan.simulators:
            for key in sorted(key for key in needed if key[0] == name):
                self._start(*key)

    def of(self, cell: Cell) -> WorkerProcess | None:
        """The cell's worker, a new one where it was killed while idle; None where it did not load."""
        key = (cell.simulator, cell.threads)
        if key in self._alive and not self._alive[key].running:  # no cell's fault
            self.store.add_event("worker_gone", simulator=cell.simulator, round=self.round_plan.round)
            self.replace(cell)
        return self._alive.get(key)

    def replace(self, cell: Cell) -> None:
        """End the cell's worker and start another one."""
        key = (cell.simulator, cell.threads)
        self.pool.end(self._alive.pop(key))
        self._start(*key)

    def end(self) -> None:
        """End all that are left."""
        for worker in self._alive.values():
            self.pool.end(worker)
        self._alive.clear()

    def _start(self, name: str, threads: int) -> None:
        """Start and load one worker; one that does not load sits this round out, and an event says so."""
        setup = asdict(process_setup(self.round_plan, name, threads, self.plan.seed))
        worker = self.pool.start(worker_spec(self.plan.simulators[name], threads=threads, **setup))
        facts: dict[str, Any] = {"simulator": name, "round": self.round_plan.round}
        try:
            reply = self.pool.load(worker)
            failed = refusal(reply.message)
        except WorkerLost as lost:
            failed = NoAnswer(verdict=lost.verdict, reason=lost.reason)
        if failed is not None:
            self.pool.end(worker)
            self.loading.failed(name, self.round_plan.round)
            self.store.add_event(
                "worker_not_loaded",
                **facts,
                threads=threads,
                verdict=failed.verdict,
                reason=recorded_reason(failed.reason),
            )
            return
        self._alive[name, threads] = worker
        self.store.add_event(
            "worker_started",
            **facts,
            purpose="round",
            threads=threads,
            **setup,
            import_wall_ns=reply.message["import_wall_ns"],
            import_cpu_ns=reply.message["import_cpu_ns"],
            rss_bytes=reply.message["rss_bytes"],
        )
