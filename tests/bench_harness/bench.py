"""What the harness itself costs: run by ``make bench-harness``.

Two questions: what a phase call costs beyond the call itself (the simulator ``null`` does nothing), and how
long starting takes.  Worker and script have the same environment (one thread).  Nothing is asserted.  Whether
execute times are those of a plain script through the same front door is asked by ``make bench-fairness``.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from qbench.errors import QbenchError
from qbench.ir import Circuit, Operation, Task, problem_to_data, task_to_data
from qbench.measure.asking import refusal
from qbench.measure.environment import worker_environment
from qbench.measure.pool import Pool
from qbench.measure.process import Limits, WorkerLost, WorkerProcess
from qbench.session.asking import worker_spec
from qbench.session.plan import PlannedSimulator, plan_simulators

PLAIN = Path(__file__).parent / "plain"
NULL = "null"
VISIT = {"visit_ns": 20_000_000, "warmup_ns": 5_000_000, "warmup_calls": 2, "least_samples": 5, "loops": {}}
PHASES = {"translate": 1, "compile": 1, "execute": 1, "readback": 1, "end_to_end": 4}  # calls in each
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "python -c 'import qbench'": ["-c", "import qbench"],
    "qbench --help": ["-m", "qbench", "--help"],
    "qbench list circuits": ["-m", "qbench", "list", "circuits"],
}


def ghz(qubits: int = 8) -> Circuit:
    gates = [Operation("h", (0,)), *(Operation("cx", (q, q + 1)) for q in range(qubits - 1))]
    return Circuit(qubits, tuple(gates), name=f"ghz_{qubits}")


class Script:
    """The script of an empty function in a process of its own, with a worker's environment."""

    def __init__(self) -> None:
        environment = worker_environment(
            parent=os.environ, threads=1, hash_seed=1, padding=0, extra={}, thread_variables=()
        )
        environment.pop("PYTHONSAFEPATH")  # a user's script finds the file beside it
        self._process = subprocess.Popen(
            [sys.executable, str(PLAIN / f"{NULL}.py")],
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

    def time(self) -> float:
        """Nanoseconds of one call."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("time\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise QbenchError(f"the script ended with exit code {self._process.wait()}: {self._process.args}")
        wall, _ = json.loads(line)
        return float(wall)


@contextlib.contextmanager
def loaded(pool: Pool, planned: PlannedSimulator) -> Iterator[WorkerProcess]:
    worker = pool.start(worker_spec(planned, threads=1))
    try:
        failed = refusal(pool.load(worker).message)
        if failed is not None:
            raise QbenchError(f"{planned.label}: {failed.reason}")
        yield worker
    except WorkerLost as lost:
        raise QbenchError(f"{planned.label}: {lost}: {lost.stderr_tail}") from lost
    finally:
        pool.end(worker)


def visit(worker: WorkerProcess, seed: int) -> dict[str, float]:
    """Warm calls of each phase, as a run takes them: the median's nanoseconds per call."""
    asked = {"problem": problem_to_data(ghz()), "task": task_to_data(Task("state"))}
    request = {"op": "visit", "cell": "bench", **asked, **VISIT, "phases": list(PHASES), "seed": seed}
    message = worker.request(request).message
    failed = refusal(message)
    if failed is not None:
        raise QbenchError(f"{NULL}: {failed.reason}")
    warm = [record for record in message["visits"] if record["place"] == "warm"]
    return {record["phase"]: record["quantiles_ns"][2] / record["loops"] for record in warm}


def phase_costs(pool: Pool, rounds: int) -> list[tuple[str, float, float]]:
    """Per phase: ns per call of null, and beyond its calls of an empty function; medians over rounds."""
    (null,) = plan_simulators([NULL])
    found: dict[str, list[tuple[float, float]]] = {phase: [] for phase in PHASES}
    for seed in range(rounds):
        with loaded(pool, null) as worker, Script() as script:
            empty = script.time()
            for phase, wall in visit(worker, seed).items():
                found[phase].append((wall, wall - PHASES[phase] * empty))
    return [
        (phase, statistics.median(ns for ns, _ in pairs), statistics.median(extra for _, extra in pairs))
        for phase, pairs in found.items()
    ]


def start_times(pool: Pool, rounds: int) -> list[tuple[str, list[float]]]:
    """Seconds of each start, all readings."""
    found: dict[str, list[float]] = {name: [] for name in (*COMMANDS, "a worker (null), started and loaded")}
    (null,) = plan_simulators([NULL])
    for _ in range(rounds):
        for name, arguments in COMMANDS.items():
            began = time.perf_counter()
            subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
            found[name].append(time.perf_counter() - began)
        began = time.perf_counter()
        with loaded(pool, null):
            found["a worker (null), started and loaded"].append(time.perf_counter() - began)
    return list(found.items())


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="What the harness itself costs.")
    parser.add_argument("--rounds", type=int, default=5, help="of fresh processes (default 5)")
    given = parser.parse_args(arguments)
    try:
        if given.rounds < 1:
            raise QbenchError(f"--rounds is at least 1, not {given.rounds}")
        with Pool(Limits(request_s=30, load_s=60, memory_bytes=2**33)) as pool:
            print("null: ns per phase call, and beyond a call of an empty function (aim: at most 1000)")
            for phase, ns, extra in phase_costs(pool, given.rounds):
                print(f"  {phase:<12} {ns:8.0f} ns  {extra:+8.0f} ns")
            print("\nstart: median and range, ms")
            for name, seconds in start_times(pool, given.rounds):
                middle = statistics.median(seconds)
                span = f"{min(seconds) * 1e3:.0f} to {max(seconds) * 1e3:.0f}"
                print(f"  {name:<36} {middle * 1e3:6.0f}  ({span})")
    except QbenchError as error:
        print(f"bench-harness: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
