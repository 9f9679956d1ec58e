"""Asking the plain loops: a process without the harness, in the environment of a worker."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import qbench.ir
from qbench.errors import QbenchError
from qbench.ir import Circuit, Task, problem_to_data, task_to_data
from qbench.measure import worker
from qbench.measure.environment import worker_environment
from qbench.session.plan import PlannedSimulator
from qbench.session.preparing import PreparedCell, prepare_cell
from qbench.session.selftest import plain_loops

__all__ = ["empty_call", "pyperf_values", "slowed_calls", "spun_calls"]

VALUES = 10
WARMUPS = 2
VALUE_NS = 20_000_000
"""A pyperf value takes about this long: 100 ms, its default, is interrupted in almost every value here."""

LIMIT_S = 120


def empty_call() -> dict[str, Any]:
    """``call_ns``: nanoseconds per call of an empty function, one figure per batch."""
    return _ask(["empty"], None)


def spun_calls(planned: PlannedSimulator, circuit: Circuit, durations: tuple[int, ...]) -> dict[str, Any]:
    """``median_ns`` by duration in ns: the double ``spin`` in a plain loop, one figure per batch."""
    return _ask(["spun"], _request(planned, circuit) | {"durations": list(durations)})


def slowed_calls(
    planned: PlannedSimulator, circuit: Circuit, percents: tuple[int, ...], seed: int
) -> dict[str, Any]:
    """``quartile_ns`` by share (0 is the honest double): the lower quartile of each batch.

    All in one process that calls them in turns.
    """
    request = _request(planned, circuit) | {"percents": [0, *percents], "seed": seed}
    return _ask(["slowed"], request)


def pyperf_values(planned: PlannedSimulator, circuit: Circuit, clock: str, call_ns: float) -> dict[str, Any]:
    """Seconds per call by one pyperf worker: ``values``, ``loops``; ``clock`` is wall or cpu."""
    request = _request(planned, circuit) | {"clock": clock, "options": _options(planned)}
    loops = max(1, round(VALUE_NS / call_ns))
    with tempfile.TemporaryDirectory(prefix="qbench-pyperf-") as folder:
        output = Path(folder) / "result.json"
        settings = [f"--processes=1 --values={VALUES} --warmups={WARMUPS} --loops={loops}"]
        arguments = [*settings[0].split(), "--copy-env", "--quiet", "-o", str(output)]
        _run(["pyperf"], request, arguments, folder)
        import pyperf

        (found,) = pyperf.Benchmark.load(str(output)).get_runs()
    return {"values": list(found.values), "loops": loops}


def _options(planned: PlannedSimulator) -> dict[str, Any]:
    facts = planned.simulator.facts
    return {**facts.options, "configuration": facts.name}


def _request(planned: PlannedSimulator, circuit: Circuit) -> dict[str, Any]:
    task = Task("state")
    prepared = prepare_cell(planned, circuit, task, "native")
    if not isinstance(prepared, PreparedCell):
        raise QbenchError(f"{planned.label} does not take {circuit.name}: {prepared.reason}")
    return {
        "file": str(planned.simulator.facts.path),
        "worker": worker.__file__,
        "ir": qbench.ir.__file__,
        "problem": problem_to_data(prepared.circuit),
        "task": task_to_data(task),
    }


def _ask(mode: list[str], request: Mapping[str, Any] | None) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="qbench-plain-") as folder:
        found: dict[str, Any] = json.loads(_run(mode, request, [], folder))
    return found


def _run(mode: list[str], request: Mapping[str, Any] | None, arguments: list[str], folder: str) -> str:
    """Output of one plain process; raises ``QbenchError`` with its last words where it fails."""
    command = [sys.executable, str(plain_loops.__file__), *mode]
    if request is not None:
        path = Path(folder) / "request.json"
        path.write_text(json.dumps(request), encoding="utf-8")
        command.append(str(path))
    environment = worker_environment(
        parent=os.environ, threads=1, hash_seed=0, padding=0, extra={}, thread_variables=()
    )
    try:
        done = subprocess.run(
            [*command, *arguments],
            env=environment,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=LIMIT_S,
        )
    except subprocess.TimeoutExpired as error:
        raise QbenchError(f"self-test: a plain loop ({mode[0]}) did not end within {LIMIT_S} s") from error
    if done.returncode:
        last = (done.stderr.strip() or "no message").splitlines()[-1]
        raise QbenchError(f"self-test: a plain loop ({mode[0]}) failed: {last}")
    return done.stdout
