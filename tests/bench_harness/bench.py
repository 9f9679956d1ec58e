"""What the harness itself costs: run by ``make bench-harness``.

Three questions: what a phase call costs beyond the call itself (the simulator ``null`` does nothing), how
long starting takes, and whether qbench's execute times are those of a plain script through the same front
door.  The scripts are ``plain/SIMULATOR.py``, written as a user would.

A round starts a fresh worker and a fresh script for each simulator, in random order; the two then take
turns, ``TURNS`` visits each.  A round's ratio is that of the two medians; the interval is the t-interval of
the log ratios over rounds.  The same in CPU time, which other work on the machine hardly moves.  Both
processes have the same environment (one thread).  Nothing is asserted.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from qbench.analysis.stats import Estimate, paired_ratio
from qbench.circuits.lowering import lower
from qbench.errors import QbenchError
from qbench.ir import Circuit, Operation, Task, problem_to_data, task_to_data
from qbench.measure.asking import refusal
from qbench.measure.environment import worker_environment
from qbench.measure.pool import Pool
from qbench.measure.process import Limits, WorkerLost, WorkerProcess
from qbench.session.asking import worker_spec
from qbench.session.plan import PlannedSimulator, plan_simulators
from qbench.session.suites import load_suite

PLAIN = Path(__file__).parent / "plain"
NULL = "null"
TURNS = 4
QUBITS = 8
VISIT = {"visit_ns": 20_000_000, "warmup_ns": 5_000_000, "warmup_calls": 2, "least_samples": 5, "loops": {}}
PHASES = {"translate": 1, "compile": 1, "execute": 1, "readback": 1, "end_to_end": 4}  # calls in each
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "python -c 'import qbench'": ["-c", "import qbench"],
    "qbench --help": ["-m", "qbench", "--help"],
    "qbench list circuits": ["-m", "qbench", "list", "circuits"],
}


def ghz(measured: bool) -> Circuit:
    """The circuit that the scripts write by hand."""
    gates = [Operation("h", (0,)), *(Operation("cx", (q, q + 1)) for q in range(QUBITS - 1))]
    if not measured:
        return Circuit(QUBITS, tuple(gates), name="ghz_8")
    measures = [Operation("measure", (q,), (), (q,)) for q in range(QUBITS)]
    return Circuit(QUBITS, (*gates, *measures), QUBITS, name="ghz_8")


def task_of(planned: PlannedSimulator) -> Task:
    """A state where the simulator gives one, else a sample: the scripts do the same."""
    return Task("state") if "state" in planned.simulator.facts.tasks else Task("sample", shots=1000)


class Reading(NamedTuple):
    """Nanoseconds per call: the median of the clock, the mean of CPU time."""

    wall: float
    cpu: float


class Script:
    """One hand-written script in a process of its own, with a worker's environment."""

    def __init__(self, planned: PlannedSimulator) -> None:
        facts = planned.simulator.facts
        environment = worker_environment(
            parent=os.environ,
            threads=1,
            hash_seed=1,
            padding=0,
            extra=facts.environment,
            thread_variables=facts.thread_variables,
        )
        environment.pop("PYTHONSAFEPATH")  # a user's script finds the file beside it
        self._process = subprocess.Popen(
            [sys.executable, str(PLAIN / f"{planned.label}.py")],
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

    def ask(self, what: str) -> object:
        """Its ``time`` in ns, or its ``answer``."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{what}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise QbenchError(f"the script ended with exit code {self._process.wait()}: {self._process.args}")
        return json.loads(line)

    def time(self) -> Reading:
        wall, cpu = self.ask("time")  # type: ignore[misc]
        return Reading(float(wall), float(cpu))


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


def visit(
    worker: WorkerProcess, planned: PlannedSimulator, phases: list[str], seed: int
) -> dict[str, Reading]:
    """Warm calls of each phase, as a run takes them."""
    task = task_of(planned)
    circuit = lower(ghz(task.kind == "sample"), planned.simulator.facts.gates)
    request = {
        "op": "visit",
        "cell": "bench",
        "problem": problem_to_data(circuit),
        "task": task_to_data(task),
    }
    message = worker.request({**request, **VISIT, "phases": phases, "seed": seed}).message
    failed = refusal(message)
    if failed is not None:
        raise QbenchError(f"{planned.label}: {failed.reason}")
    warm = [record for record in message["visits"] if record["place"] == "warm"]
    return {
        record["phase"]: Reading(
            record["quantiles_ns"][2] / record["loops"],
            record["cpu_ns"] / record["count"] / record["loops"],
        )
        for record in warm
    }


def phase_costs(pool: Pool, rounds: int) -> list[tuple[str, float, float]]:
    """Per phase: ns per call of null, and beyond its calls of an empty function; medians over rounds."""
    (null,) = plan_simulators([NULL])
    found: dict[str, list[tuple[float, float]]] = {phase: [] for phase in PHASES}
    for seed in range(rounds):
        with loaded(pool, null) as worker, Script(null) as script:
            empty = script.time().wall
            for phase, reading in visit(worker, null, list(PHASES), seed).items():
                found[phase].append((reading.wall, reading.wall - PHASES[phase] * empty))
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


class Comparison(NamedTuple):
    """qbench's and the script's time of one simulator, and their ratios by the clock and in CPU time."""

    simulator: str
    ours_ns: float
    script_ns: float
    wall: Estimate
    cpu: Estimate


def ratios(pool: Pool, chosen: tuple[PlannedSimulator, ...], rounds: int) -> Iterator[Comparison]:
    """Each simulator's execute by qbench, over that by its script."""
    found: dict[str, dict[int, tuple[Reading, Reading]]] = {planned.label: {} for planned in chosen}
    draw = random.Random(1)
    for number in range(rounds):
        for planned in draw.sample(chosen, len(chosen)):
            print(
                f"\rround {number + 1} of {rounds}: {planned.label:<24}", end="", file=sys.stderr, flush=True
            )
            found[planned.label][number] = one_round(pool, planned, draw)
    print(file=sys.stderr)
    for name, readings in found.items():
        wall = paired_ratio(
            {n: ours.wall for n, (ours, _) in readings.items()}, {n: s.wall for n, (_, s) in readings.items()}
        )
        cpu = paired_ratio(
            {n: ours.cpu for n, (ours, _) in readings.items()}, {n: s.cpu for n, (_, s) in readings.items()}
        )
        assert wall is not None
        assert cpu is not None
        yield Comparison(
            name,
            statistics.median(ours.wall for ours, _ in readings.values()),
            statistics.median(script.wall for _, script in readings.values()),
            wall,
            cpu,
        )


def one_round(pool: Pool, planned: PlannedSimulator, draw: random.Random) -> tuple[Reading, Reading]:
    """A fresh worker and a fresh script, taking turns in random order: the medians of their turns."""
    ours, theirs = [], []
    with loaded(pool, planned) as worker, Script(planned) as script:
        script.time()
        visit(worker, planned, ["execute"], 0)
        for turn in range(TURNS):
            if draw.random() < 0.5:
                theirs.append(script.time())
                ours.append(visit(worker, planned, ["execute"], turn)["execute"])
            else:
                ours.append(visit(worker, planned, ["execute"], turn)["execute"])
                theirs.append(script.time())
    return _median(ours), _median(theirs)


def _median(readings: list[Reading]) -> Reading:
    return Reading(statistics.median(r.wall for r in readings), statistics.median(r.cpu for r in readings))


def with_scripts(names: list[str] | None) -> tuple[PlannedSimulator, ...]:
    """The simulators to compare: those named, else all of core-v1 that are installed and have a script."""
    if names is None:
        planned = plan_simulators(load_suite("core-v1").simulators)
        return tuple(p for p in planned if not p.missing and (PLAIN / f"{p.label}.py").exists())
    planned = plan_simulators(names)
    for one in planned:
        if one.missing or not (PLAIN / f"{one.label}.py").exists():
            raise QbenchError(f"{one.label}: not installed, or no script {PLAIN.name}/{one.label}.py")
    return planned


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="What the harness itself costs.")
    parser.add_argument("--rounds", type=int, default=10, help="of fresh processes (default 10)")
    parser.add_argument("--simulators", type=lambda text: text.split(","), default=None, metavar="A,B")
    given = parser.parse_args(arguments)
    try:
        chosen = with_scripts(given.simulators)
        with Pool(Limits(request_s=30, load_s=60, memory_bytes=2**33)) as pool:
            print("null: ns per phase call, and beyond a call of an empty function (aim: at most 1000)")
            for phase, ns, extra in phase_costs(pool, min(given.rounds, 5)):
                print(f"  {phase:<12} {ns:8.0f} ns  {extra:+8.0f} ns")
            print("\nstart: median and range, ms")
            for name, seconds in start_times(pool, min(given.rounds, 5)):
                middle = statistics.median(seconds)
                span = f"{min(seconds) * 1e3:.0f} to {max(seconds) * 1e3:.0f}"
                print(f"  {name:<36} {middle * 1e3:6.0f}  ({span})")
            title = f"execute of ghz_8 against a plain script, {given.rounds} rounds"
            print(f"\n{title} (aim: upper bound at most 1.05, else !)")
            print(f"  {'simulator':<24} {'qbench':>10} {'script':>10}   {'ratio, 95 %':<24} in CPU time")
            for found in ratios(pool, chosen, given.rounds):
                times = f"{found.ours_ns / 1e3:7.2f} us {found.script_ns / 1e3:7.2f} us"
                print(
                    f"  {found.simulator:<24} {times}   {_told(found.wall):<24} {_told(found.cpu)}".rstrip()
                )
    except QbenchError as error:
        print(f"bench-harness: {error}", file=sys.stderr)
        return 2
    return 0


def _told(ratio: Estimate) -> str:
    interval = "" if ratio.low is None else f" ({ratio.low:.3f}-{ratio.high:.3f})"
    return f"{ratio.value:.3f}{interval}" + (" !" if ratio.high is not None and ratio.high > 1.05 else "")


if __name__ == "__main__":
    sys.exit(main())
