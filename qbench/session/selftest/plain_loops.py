"""Measured without the harness: plain loops in one process, and pyperf.  Run as a script, by its path.

``python plain_loops.py empty``              prints ns per call of an empty function of two arguments
``python plain_loops.py spun REQUEST``       prints ns per call of the double that waits a known time
``python plain_loops.py slowed REQUEST``     prints ns per call of the honest and the slowed double, in turns
``python plain_loops.py pyperf REQUEST ...`` is a pyperf benchmark of one simulator's execute on one circuit

A request is a JSON file.  Functions come from the simulator's file as the worker loads them.
"""

import sys

if sys.path and sys.path[0] == __file__.rpartition("/")[0]:
    del sys.path[0]  # our neighbours must not shadow anybody's modules

import importlib.util
import json
import random
from time import perf_counter, perf_counter_ns, process_time
from typing import Any

BATCHES = 20
EMPTY_CALLS = 20_000
TURNS = 25  # of every double in a batch
SPUN_NS = 20_000_000  # of one duration in a batch, and at least SPUN_CALLS
SPUN_CALLS, SPUN_BATCHES = 3, 5


def _module(name: str, path: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def _engine(worker: Any, request: dict[str, Any], options: dict[str, Any], name: str) -> Any:
    module = _module(name, request["file"])
    provider = module.load({"configuration": name, **options, "threads": 1})
    return worker.Engine(module if provider is None else provider)


def empty() -> None:
    """Nanoseconds per call, one figure per batch."""

    def nothing(program: Any, seed: Any) -> Any:
        return program

    batches: list[float] = []
    for _ in range(BATCHES):
        value = None
        start = perf_counter_ns()
        for seed in range(EMPTY_CALLS):
            value = None
            value = nothing(1, seed)
        batches.append((perf_counter_ns() - start) / EMPTY_CALLS)
        del value
    print(json.dumps({"call_ns": batches}))


def spun(request: dict[str, Any]) -> None:
    """Medians per batch of every duration of the double ``spin``, each engine loaded anew in each batch."""
    worker, ir = _module("qbench_worker", request["worker"]), _module("qbench_ir", request["ir"])
    circuit, task = ir.problem_from_data(request["problem"]), ir.task_from_data(request["task"])
    found: dict[str, list[float]] = {}
    for duration in request["durations"]:
        for batch in range(1 if duration * SPUN_CALLS > SPUN_NS else SPUN_BATCHES):
            engine = _engine(worker, request, {"execute_ns": duration}, f"spun_{duration}_{batch}")
            execute, program = engine.execute, engine.program(circuit, task)
            readings = []
            for _ in range(max(SPUN_CALLS, SPUN_NS // duration)):
                start = perf_counter_ns()
                execute(program, 1)
                readings.append(perf_counter_ns() - start)
            found.setdefault(str(duration), []).append(sorted(readings)[len(readings) // 2])
    print(json.dumps({"median_ns": found}))


def slowed(request: dict[str, Any]) -> None:
    """Lower quartiles per batch of every share, all in one process that calls them in turns."""
    worker, ir = _module("qbench_worker", request["worker"]), _module("qbench_ir", request["ir"])
    circuit, task = ir.problem_from_data(request["problem"]), ir.task_from_data(request["task"])
    percents = list(request["percents"])
    draw = random.Random(request["seed"])
    found: dict[str, list[float]] = {str(percent): [] for percent in percents}
    for batch in range(BATCHES):
        # Made anew and in another order each time: what was made first came out 0.5 % slower, and in a fixed
        # order of calls, who follows the longest burn 1 % faster.
        calls: dict[int, Any] = {}
        for percent in draw.sample(percents, len(percents)):
            engine = _engine(worker, request, {"slower_percent": percent}, f"slowed_{batch}_{percent}")
            calls[percent] = engine.execute, engine.program(circuit, task)
        readings: dict[int, list[int]] = {percent: [] for percent in percents}
        for _ in range(TURNS):
            for percent in draw.sample(percents, len(percents)):
                execute, program = calls[percent]
                start = perf_counter_ns()
                execute(program, 1)
                readings[percent].append(perf_counter_ns() - start)
        for percent, times in readings.items():
            found[str(percent)].append(sorted(times)[len(times) // 4])
    print(json.dumps({"quartile_ns": found}))


def pyperf_execute(request_path: str) -> None:
    """One pyperf benchmark: execute with a new seed per call, as qbench calls it, by pyperf's own loops."""
    with open(request_path, encoding="utf-8") as file:
        request = json.load(file)
    import pyperf

    sys.argv = [sys.argv[0], *sys.argv[3:]]
    runner = pyperf.Runner(program_args=(__file__, "pyperf", request_path))
    args = runner.parse_args()
    clock = {"wall": perf_counter, "cpu": process_time}[request["clock"]]
    program: Any = None
    engine: Any = None
    if args.worker:
        worker, ir = _module("qbench_worker", request["worker"]), _module("qbench_ir", request["ir"])
        circuit, task = ir.problem_from_data(request["problem"]), ir.task_from_data(request["task"])
        engine = _engine(worker, request, request["options"], "qbench_simulator")
        program = engine.program(circuit, task)

    def execute(loops: int) -> float:
        call, given, handle = engine.execute, program, None
        seeds = list(range(1, loops + 1))
        start = clock()
        for seed in seeds:
            handle = None
            handle = call(given, seed)
        spent = clock() - start
        del handle
        return spent

    runner.bench_time_func("execute", execute)


if __name__ == "__main__":
    if sys.argv[1] == "empty":
        empty()
    elif sys.argv[1] in ("slowed", "spun"):
        with open(sys.argv[2], encoding="utf-8") as asked:
            {"slowed": slowed, "spun": spun}[sys.argv[1]](json.load(asked))
    else:
        pyperf_execute(sys.argv[2])
