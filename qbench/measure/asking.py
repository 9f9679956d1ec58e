"""Asking one simulator for answers, untimed, whatever it does: the judged calls and the probes."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from qbench.ir import Problem, Task, problem_to_data, task_to_data
from qbench.measure.family import descendants
from qbench.measure.pool import Pool
from qbench.measure.process import Reply, WorkerLost, WorkerProcess, WorkerSpec
from qbench.model import NoAnswer, Verdict

__all__ = ["Answer", "Asker", "answer_limit", "decode_answer", "refusal"]

TOLD_BYTES = 2**20  # of a reply that brings no answer

Answer = npt.NDArray[Any] | dict[int, int]
"""What readback returned: an array for a state, counts by outcome for a sample."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One worker that was lost, for the run's events."""

    verdict: Verdict
    reason: str
    stderr_tail: str


def decode_answer(description: Mapping[str, Any], buffers: Sequence[bytes]) -> Answer:
    """An answer from its description and buffers: an array, or counts by outcome; a number is an array ().

    Raises ``ValueError``, ``KeyError``, ``IndexError`` or ``TypeError`` for what is none.
    """
    if description["type"] == "array":
        array = np.frombuffer(buffers[description["buffer"]], dtype=description["dtype"])
        return array.reshape(description["shape"])
    if description["type"] == "number":
        return np.array(float.fromhex(description["value"]))
    counts: dict[int, int] = {}
    for outcome, count in description["pairs"]:
        counts[outcome] = counts.get(outcome, 0) + count
    return counts


def answer_limit(problem: Problem, task: Task, answers: int = 1) -> int:
    """Bytes that so many answers may take on the pipe, generously: what is larger is no answer."""
    qubits = min(getattr(problem, "num_qubits", 0), 40)
    numbers = {"state": 2 << qubits, "density_matrix": 2 << 2 * qubits}
    size = 16 * numbers.get(task.kind, 1 + len(task.parameters) + len(task.bindings))
    bits = getattr(problem, "num_clbits", 0) + getattr(problem, "num_qubits", 0)
    return (1 << 20) + answers * (size + (task.shots or 0) * (16 + bits // 3))


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

    A simulator that says that it cannot be loaded is not tried again: every further question gets the same
    verdict.  Who is lost while it loads, killed or too slow, is tried once more: a machine may be busy.
    """

    def __init__(self, pool: Pool, spec: WorkerSpec) -> None:
        self.pool = pool
        self.spec = spec
        self.started: list[Mapping[str, Any]] = []
        self.losses: list[Loss] = []
        self.seconds = 0.0  # what the last question took, answered or not, without loading
        self._worker: WorkerProcess | None = None
        self._given_up: NoAnswer | None = None

    def ask(self, problem: Problem, task: Task, seed: int) -> Answer | NoAnswer:
        """One answer, or why there is none."""
        reply = self._request(
            {"op": "ask", "problem": problem_to_data(problem), "task": task_to_data(task), "seed": seed},
            answer_limit(problem, task),
        )
        if isinstance(reply, NoAnswer):
            return reply
        try:
            return decode_answer(reply.message["answer"], reply.buffers)
        except (ValueError, KeyError, IndexError, TypeError) as error:
            return _unreadable(error)

    def clock(self, problem: Problem, task: Task, seeds: Sequence[int]) -> list[tuple[str, int]] | NoAnswer:
        """The phases of one fresh program, execute and readback once per seed, and what each took in ns.

        A coarse look, with nothing kept quiet meanwhile; for whether the work is done where it is clocked.
        """
        question = {"problem": problem_to_data(problem), "task": task_to_data(task), "seeds": list(seeds)}
        reply = self._request({"op": "clock_calls", **question}, TOLD_BYTES)
        if isinstance(reply, NoAnswer):
            return reply
        try:
            return [(str(phase), int(spent)) for phase, spent in reply.message["calls"]]
        except (ValueError, KeyError, TypeError) as error:
            return _unreadable(error)

    def repeat(
        self, problem: Problem, tasks: Sequence[Task], seeds: Sequence[int]
    ) -> list[Answer] | NoAnswer:
        """The answers of one program, executed for each task and seed; tasks differ in their bindings only.

        The program is made for the first task, and all handles before any of them is read back.
        """
        reply = self._request(
            {
                "op": "repeat",
                "problem": problem_to_data(problem),
                "tasks": [task_to_data(task) for task in tasks],
                "seeds": list(seeds),
            },
            answer_limit(problem, tasks[0], len(tasks)),
        )
        if isinstance(reply, NoAnswer):
            return reply
        try:
            return [decode_answer(answer, reply.buffers) for answer in reply.message["answers"]]
        except (ValueError, KeyError, IndexError, TypeError) as error:
            return _unreadable(error)

    def footprint(self) -> dict[str, int] | NoAnswer:
        """What its worker holds: ``rss_bytes``, ``open_files``, ``os_threads``, ``processes`` it started.

        What the system does not tell is left out.
        """
        reply = self._request({"op": "footprint"}, TOLD_BYTES)
        if isinstance(reply, NoAnswer):
            return reply
        names = ("rss_bytes", "open_files", "os_threads")
        found = {name: reply.message.get(name) for name in names}
        told = {name: value for name, value in found.items() if isinstance(value, int)}
        return {**told, "processes": len(descendants(self._worker.pid) if self._worker else ())}

    def threads(self) -> Mapping[str, Any] | None:
        """What threads and thread pools its worker has after all that was asked of it; None: it has none.

        ``os_threads`` (None where the system does not tell) and ``pools``, of threadpoolctl, by ``api`` and
        ``num_threads`` (None where it cannot be imported).  The worker that tells is for nothing else then.
        """
        if self._worker is None or not self._worker.running:
            return None
        reply = self._request({"op": "threads_seen"}, TOLD_BYTES)
        return None if isinstance(reply, NoAnswer) else reply.message

    def _request(self, question: Mapping[str, Any], limit_bytes: int) -> Reply | NoAnswer:
        self.seconds = 0.0
        try:
            worker = self._ready()
            if isinstance(worker, NoAnswer):
                return worker
            began = time.monotonic()
            try:
                reply = worker.request(question, limit_bytes=limit_bytes)
            finally:
                self.seconds = time.monotonic() - began
            return refusal(reply.message) or reply
        except WorkerLost as lost:
            return self._lose(lost)

    def _ready(self) -> WorkerProcess | NoAnswer:
        if self._given_up is not None:
            return self._given_up
        if self._worker is not None and not self._worker.running:  # killed while idle: nobody's fault
            self.pool.end(self._worker)
            self._worker = None
        if self._worker is not None:
            return self._worker
        try:
            worker, reply = self._load()
        except WorkerLost as first:
            self._lose(first)
            try:
                worker, reply = self._load()
            except WorkerLost as second:
                self._given_up = NoAnswer(verdict=second.verdict, reason=second.reason)
                raise
        self._given_up = refusal(reply.message)
        if self._given_up is not None:
            return self._given_up
        self.started.append(reply.message)
        return worker

    def _load(self) -> tuple[WorkerProcess, Reply]:
        self._worker = self.pool.start(self.spec)
        return self._worker, self.pool.load(self._worker)

    def _lose(self, lost: WorkerLost) -> NoAnswer:
        self.losses.append(Loss(verdict=lost.verdict, reason=lost.reason, stderr_tail=lost.stderr_tail))
        if self._worker is not None:
            self.pool.end(self._worker)
            self._worker = None
        return NoAnswer(verdict=lost.verdict, reason=lost.reason)

    def close(self) -> None:
        if self._worker is not None:
            self.pool.end(self._worker)
            self._worker = None


def _unreadable(error: Exception) -> NoAnswer:
    return NoAnswer(verdict=Verdict.ERROR, reason=f"what it answered cannot be read: {error}")
