"""Asking one simulator for answers, untimed, whatever it does: the judged calls and the probes."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from qbench.ir import Problem, Task, problem_to_data, task_to_data
from qbench.measure.pool import Pool
from qbench.measure.process import Reply, WorkerLost, WorkerProcess, WorkerSpec
from qbench.model import NoAnswer, Verdict

__all__ = ["Answer", "Asker", "decode_answer", "refusal"]

Answer = npt.NDArray[Any] | dict[int, int]
"""What readback returned: an array for a state, counts by outcome for a sample."""

LOSSES_IN_A_ROW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One worker that was lost, for the run's events."""

    verdict: Verdict
    reason: str
    stderr_tail: str


def decode_answer(reply: Reply) -> Answer:
    """The answer in a worker's reply: arrays from their raw buffers, counts by outcome."""
    description = reply.message["answer"]
    if description["type"] == "array":
        array = np.frombuffer(reply.buffers[0], dtype=description["dtype"])
        return array.reshape(description["shape"])
    counts: dict[int, int] = {}
    for outcome, count in description["pairs"]:
        counts[outcome] = counts.get(outcome, 0) + count
    return counts


def refusal(message: Mapping[str, Any]) -> NoAnswer | None:
    """The verdict on a reply that brings no answer, else None."""
    for key, verdict in (
        ("unsupported", Verdict.UNSUPPORTED),
        ("not_installed", Verdict.NOT_INSTALLED),
        ("oom", Verdict.OOM),
        ("error", Verdict.ERROR),
    ):
        if key in message:
            phase = message.get("phase")
            where = f" ({phase})" if phase and verdict is Verdict.ERROR else ""
            return NoAnswer(verdict=verdict, reason=f"{message[key]}{where}")
    return None


class Asker:
    """One simulator's worker for questions; it is started when needed and again after it was lost.

    A simulator that cannot be loaded, or that loses ``LOSSES_IN_A_ROW`` workers in a row by the same
    verdict, is not asked again: every further question gets that verdict, and the reason says so.
    """

    def __init__(self, pool: Pool, spec: WorkerSpec) -> None:
        self.pool = pool
        self.spec = spec
        self.started: list[Mapping[str, Any]] = []
        self.losses: list[Loss] = []
        self.seconds = 0.0  # what the last question took
        self._worker: WorkerProcess | None = None
        self._given_up: NoAnswer | None = None
        self._in_a_row: list[Verdict] = []

    def ask(self, problem: Problem, task: Task, seed: int) -> Answer | NoAnswer:
        """One answer, or why there is none."""
        started = time.monotonic()
        try:
            worker = self._ready()
            if isinstance(worker, NoAnswer):
                return worker
            question = {
                "op": "ask",
                "problem": problem_to_data(problem),
                "task": task_to_data(task),
                "seed": seed,
            }
            reply = worker.request(question)
        except WorkerLost as lost:
            return self._lose(lost)
        finally:
            self.seconds = time.monotonic() - started
        self._in_a_row.clear()
        return refusal(reply.message) or decode_answer(reply)

    def _ready(self) -> WorkerProcess | NoAnswer:
        if self._given_up is not None:
            return self._given_up
        if self._worker is None:
            self._worker = self.pool.start(self.spec)
            reply = self._worker.load()
            self._given_up = refusal(reply.message)
            if self._given_up is not None:
                return self._given_up
            self.started.append(reply.message)
        return self._worker

    def _lose(self, lost: WorkerLost) -> NoAnswer:
        self.losses.append(Loss(verdict=lost.verdict, reason=lost.reason, stderr_tail=lost.stderr_tail))
        if self._worker is not None:
            self.pool.end(self._worker)
            self._worker = None
        self._in_a_row.append(lost.verdict)
        if self._in_a_row[-LOSSES_IN_A_ROW:] == [lost.verdict] * LOSSES_IN_A_ROW:
            reason = f"not asked: {LOSSES_IN_A_ROW} workers in a row were lost ({lost.reason})"
            self._given_up = NoAnswer(verdict=lost.verdict, reason=reason)
        return NoAnswer(verdict=lost.verdict, reason=lost.reason)

    def close(self) -> None:
        if self._worker is not None:
            self.pool.end(self._worker)
            self._worker = None
