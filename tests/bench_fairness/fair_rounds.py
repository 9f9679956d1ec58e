"""One round of the comparison: a fresh worker and a fresh script of one configuration, taking turns.

Both processes have the same environment (one thread, the round's padding and hash seed) and import at the
same time.  For each circuit each is timed once for warmth and then ``TURNS`` times, in random order
within a turn.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from fair_questions import Question, questions_for

from qbench.errors import QbenchError
from qbench.ir import problem_to_data, task_to_data
from qbench.measure.asking import Answer, decode_answer, refusal
from qbench.measure.environment import worker_environment
from qbench.measure.pool import Pool
from qbench.measure.process import WorkerLost, WorkerProcess
from qbench.session.asking import worker_spec
from qbench.session.plan import PlannedSimulator

PLAIN = Path(__file__).parent / "plain"
TURNS = 3
VISIT = {"visit_ns": 20_000_000, "warmup_ns": 5_000_000, "warmup_calls": 2, "least_samples": 5, "loops": {}}

Reading = tuple[float, float]
"""Nanoseconds per call: the median of the clock, the mean of CPU time."""


def script_path(name: str) -> Path:
    """The script of a configuration's package."""
    return PLAIN / f"use_{name.partition('.')[0]}.py"


class Script:
    """A package's hand-written script for one configuration, in a process of its own."""

    def __init__(self, planned: PlannedSimulator, *, hash_seed: int = 1, padding: int = 0) -> None:
        facts = planned.simulator.facts
        environment = worker_environment(
            parent=os.environ,
            threads=1,
            hash_seed=hash_seed,
            padding=padding,
            extra=facts.environment,
            thread_variables=facts.thread_variables,
        )
        del environment["PYTHONSAFEPATH"]  # a user's script finds the file beside it
        self._name = facts.name
        self._process = subprocess.Popen(
            [str(planned.simulator.interpreter), "-B", str(script_path(facts.name)), facts.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            start_new_session=True,  # as workers are: Linux shares the machine out by session
        )

    def __enter__(self) -> Script:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def _ask(self, what: str, question: Question) -> Any:
        """What the script answers to one line.  Raises ``QbenchError`` where it has ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):  # then it has ended, and no line comes
            self._process.stdin.write(f"{json.dumps({what: question.as_json()})}\n")
            self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            code = self._process.wait()
            raise QbenchError(f"{self._name}: the script {script_path(self._name).name} ended with {code}")
        return json.loads(line)

    def answer(self, question: Question) -> Any:
        return self._ask("answer", question)

    def time(self, question: Question) -> Reading:
        """The circuit is prepared anew just before, as in a worker's visit: both come from the same work."""
        wall, cpu = self._ask("time", question)
        return float(wall), float(cpu)


@contextlib.contextmanager
def loaded(
    pool: Pool, planned: PlannedSimulator, *, hash_seed: int = 1, padding: int = 0
) -> Iterator[WorkerProcess]:
    """A worker that has imported its package.  Raises ``QbenchError`` where it cannot, or is lost."""
    worker = pool.start(worker_spec(planned, threads=1, hash_seed=hash_seed, padding=padding))
    try:
        _accepted(planned, pool.load(worker).message)
        yield worker
    except WorkerLost as lost:
        raise QbenchError(f"{planned.label}: {lost}: {lost.stderr_tail}") from lost
    finally:
        pool.end(worker)


def _accepted(planned: PlannedSimulator, message: Mapping[str, Any]) -> None:
    failed = refusal(message)
    if failed is not None:
        raise QbenchError(f"{planned.label}: {failed.reason}")


def adapter_answer(worker: WorkerProcess, planned: PlannedSimulator, question: Question, seed: int) -> Answer:
    """What the adapter answers, untimed."""
    reply = worker.request({"op": "ask", "seed": seed, **_asked(question)})
    _accepted(planned, reply.message)
    return decode_answer(reply.message["answer"], reply.buffers)


def adapter_time(worker: WorkerProcess, planned: PlannedSimulator, question: Question, seed: int) -> Reading:
    """Warm calls of ``execute``, as a run takes them."""
    cell = question.asked.id
    request = {"op": "visit", "cell": cell, "phases": ["execute"], "seed": seed, **VISIT, **_asked(question)}
    message = worker.request(request).message
    _accepted(planned, message)
    (record,) = (one for one in message["visits"] if one["place"] == "warm")
    return (
        record["quantiles_ns"][2] / record["loops"],
        record["cpu_ns"] / record["count"] / record["loops"],
    )


def _asked(question: Question) -> dict[str, Any]:
    return {"problem": problem_to_data(question.asked), "task": task_to_data(question.task)}


def one_round(pool: Pool, planned: PlannedSimulator, number: int) -> dict[str, Any]:
    """A row: for each circuit the readings of both in the order of turns.

    Raises ``QbenchError`` where worker or script fails.
    """
    draw = random.Random(f"{planned.label} {number}")
    process = {"hash_seed": draw.randrange(2**32), "padding": draw.randrange(4096)}
    circuits = []
    with Script(planned, **process) as script, loaded(pool, planned, **process) as worker:
        for question in questions_for(planned.simulator.facts):
            script.time(question)
            adapter_time(worker, planned, question, 0)
            adapter, plain = [], []
            for turn in range(1, TURNS + 1):
                first = draw.random() < 0.5
                if first:
                    plain.append(script.time(question))
                adapter.append(adapter_time(worker, planned, question, turn))
                if not first:
                    plain.append(script.time(question))
            circuits.append(
                {
                    "circuit": question.circuit.name,
                    "task": question.task.label,
                    "adapter_ns": [round(wall, 1) for wall, _ in adapter],
                    "script_ns": [round(wall, 1) for wall, _ in plain],
                    "adapter_cpu_ns": [round(cpu, 1) for _, cpu in adapter],
                    "script_cpu_ns": [round(cpu, 1) for _, cpu in plain],
                }
            )
    return {"round": number, "configuration": planned.label, "circuits": circuits}
