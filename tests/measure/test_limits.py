"""Soft and hard time limits, memory of a worker and its children, and the CPU time that children use."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import psutil
import pytest

from qbench.ir import Circuit, Task, problem_to_data, task_to_data
from qbench.measure.family import cpu_times, descendants
from qbench.measure.memory import MemoryWatch
from qbench.measure.pool import Pool
from qbench.measure.process import GRACE_S, Limits, Reply, WorkerLost, WorkerProcess, WorkerSpec
from qbench.model import Verdict

MakeSpec = Callable[..., WorkerSpec]
MIB = 2**20
ROOMY = Limits(request_s=20, load_s=20, memory_bytes=2**40)
QUESTION = {
    "op": "ask",
    "problem": problem_to_data(Circuit(2, ())),
    "task": task_to_data(Task("state")),
    "seed": 1,
}


@pytest.fixture
def pool() -> Iterator[Pool]:
    with Pool(Limits(request_s=0.8, load_s=20, memory_bytes=200 * MIB)) as started:
        yield started


def executing(statements: str) -> str:
    lines = "".join(f"    {line}\n" for line in statements.strip().splitlines())
    return f"def execute(program, seed, bindings=None):\n{lines}    return program\n"


def started(pool: Pool, spec: WorkerSpec) -> WorkerProcess:
    worker = pool.start(spec)
    worker.load()
    return worker


def loss(pool: Pool, spec: WorkerSpec) -> WorkerLost:
    worker = started(pool, spec)
    with pytest.raises(WorkerLost) as lost:
        worker.request(QUESTION)
    assert not psutil.pid_exists(worker.pid)
    return lost.value


def test_at_the_soft_limit_a_loop_in_python_ends_and_says_where(pool: Pool, spec: MakeSpec) -> None:
    lost = loss(pool, spec("def spin():\n    while True: pass\n" + executing("spin()")))
    assert lost.verdict is Verdict.TIMEOUT
    assert lost.reason.startswith("no answer to 'ask' within 0.8 s; it was in spin, line ")
    assert lost.reason.endswith(" of the simulator's file")
    assert lost.stderr_tail.rstrip().endswith("KeyboardInterrupt")


def test_what_does_not_stop_is_killed_at_the_hard_limit_and_says_where(pool: Pool, spec: MakeSpec) -> None:
    stuck = "import collections, itertools\ncollections.deque(itertools.repeat(0), maxlen=0)"  # no signals
    lost = loss(pool, spec(executing(stuck)))
    assert lost.verdict is Verdict.TIMEOUT
    assert "it did not stop when interrupted and was killed; it was in execute, line" in lost.reason


def test_the_innermost_function_is_named_too(pool: Pool, spec: MakeSpec) -> None:
    lost = loss(pool, spec(executing("import threading\nthreading.Event().wait()")))
    assert "in execute, line" in lost.reason
    assert "(wait, line" in lost.reason
    assert "of threading.py)" in lost.reason


@pytest.mark.skipif(threading.current_thread() is not threading.main_thread(), reason="sets a signal's way")
def test_a_run_that_ignores_interrupts_still_stops_its_workers(pool: Pool, spec: MakeSpec) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as under nohup, or in a script's background
    try:
        lost = loss(pool, spec(executing("while True: time.sleep(0.01)")))
    finally:
        signal.signal(signal.SIGINT, before)
    assert "was killed" not in lost.reason
    assert "it was in execute, line" in lost.reason


def test_an_answer_after_the_soft_limit_comes_too_late(pool: Pool, spec: MakeSpec) -> None:
    late = "try:\n    time.sleep(1000)\nexcept KeyboardInterrupt:\n    pass"
    began = time.monotonic()
    lost = loss(pool, spec(executing(late)))
    assert lost.verdict is Verdict.TIMEOUT
    assert "killed" not in lost.reason
    assert time.monotonic() - began < 0.8 + GRACE_S + 20


# What a program is that is stopped, as by Ctrl-Z, while it waits for an answer.
PAUSED = """
import json, sys
from pathlib import Path
from qbench.measure.pool import Pool
from qbench.measure.process import Limits, WorkerLost, WorkerSpec

file, python = Path(sys.argv[1]), Path(sys.executable)
spec = WorkerSpec(simulator="toy", path=file, interpreter=python, options={}, threads=1)
with Pool(Limits(request_s=1.5, load_s=60, memory_bytes=2**40)) as pool:
    worker = pool.start(spec)
    worker.load()
    print("asking", flush=True)
    try:
        print("answered", *worker.request(json.loads(sys.argv[2])).message)
    except WorkerLost as lost:
        print(lost.reason)
"""


@pytest.mark.parametrize(("seconds", "said"), [(0.7, "answered"), (1000, "no answer to 'ask' within 1.5 s")])
def test_who_answers_while_the_run_is_stopped_is_not_late(
    seconds: float, said: str, simulator_file: Callable[[str], object]
) -> None:
    file = simulator_file(executing(f"time.sleep({seconds})"))
    paused = subprocess.Popen(
        [sys.executable, "-c", PAUSED, str(file), json.dumps(QUESTION)], stdout=subprocess.PIPE, text=True
    )
    assert paused.stdout is not None
    assert paused.stdout.readline() == "asking\n"
    time.sleep(0.2)  # it waits
    os.kill(paused.pid, signal.SIGSTOP)
    time.sleep(3)
    os.kill(paused.pid, signal.SIGCONT)
    told, _ = paused.communicate(timeout=60)
    assert told.startswith(said)
    assert paused.returncode == 0


def test_loading_has_a_soft_limit_too(spec: MakeSpec) -> None:
    with Pool(replace(ROOMY, load_s=0.8)) as pool:
        worker = pool.start(spec("def load(options):\n    time.sleep(1000)\n"))
        with pytest.raises(WorkerLost) as lost:
            worker.load()
    assert lost.value.reason.startswith("no answer to 'load' within 0.8 s; it was in load, line ")


def test_a_crash_says_where(pool: Pool, spec: MakeSpec) -> None:
    fault = "def deep():\n    import ctypes\n    ctypes.string_at(8)\n" + executing("deep()")
    lost = loss(pool, spec(fault))
    assert lost.verdict is Verdict.CRASH
    assert lost.reason.startswith("died by SIGSEGV during 'ask', in deep, line ")


# ---- memory


def test_a_peak_between_two_looks_is_over_the_limit(spec: MakeSpec) -> None:
    with Pool(replace(ROOMY, memory_bytes=200 * MIB)) as pool:
        lost = loss(pool, spec(executing("hoard = b'1' * 250_000_000\ndel hoard")))
    assert lost.verdict is Verdict.OOM
    assert "200 MiB" in lost.reason


def test_what_children_hold_counts(spec: MakeSpec) -> None:
    child = "import time; hoard = b'1' * 250_000_000; time.sleep(1000)"
    fault = executing(
        f"import subprocess\nsubprocess.Popen([sys.executable, '-c', {child!r}])\ntime.sleep(1000)"
    )
    with Pool(replace(ROOMY, memory_bytes=200 * MIB)) as pool:
        lost = loss(pool, spec(fault))
    assert lost.verdict is Verdict.OOM
    assert "passed the limit of 200 MiB" in lost.reason


def test_pages_that_a_forked_child_shares_count_once(spec: MakeSpec) -> None:
    fault = executing("hoard = b'1' * 120_000_000\nif os.fork() == 0: time.sleep(1000)\ntime.sleep(1.2)")
    with Pool(replace(ROOMY, memory_bytes=200 * MIB)) as pool:
        reply = started(pool, spec(fault)).request(QUESTION)
    assert "answer" in reply.message


def test_all_workers_together_have_a_limit(spec: MakeSpec) -> None:
    fault = executing("global hoard\nhoard = b'1' * 120_000_000\nif seed == 2: time.sleep(1000)")
    with Pool(replace(ROOMY, total_bytes=200 * MIB)) as pool:
        first = started(pool, spec(fault))
        first.request(QUESTION)
        second = started(pool, spec(fault))
        with pytest.raises(WorkerLost) as lost:
            second.request({**QUESTION, "seed": 2})
    assert lost.value.verdict is Verdict.OOM
    assert "all workers together passed 200 MiB" in lost.value.reason
    assert "the others that are alive 1" in lost.value.reason


def test_a_kill_from_outside_is_for_memory_only_if_something_says_so(spec: MakeSpec) -> None:
    fault = executing("hoard = b'1' * 150_000_000\ntime.sleep(0.8)\nos.kill(os.getpid(), 9)")
    verdicts = {}
    for limit in (1000, 172):
        with Pool(replace(ROOMY, memory_bytes=limit * MIB)) as pool:
            lost = loss(pool, spec(fault))
        verdicts[limit] = lost.verdict
    assert verdicts == {1000: Verdict.CRASH, 172: Verdict.OOM}
    assert "died by SIGKILL during 'ask': it held 1" in lost.reason


def test_the_watch_of_a_process_that_is_gone_says_nothing() -> None:
    watch = MemoryWatch(2**22 + 1, 1, 1, lambda: 0)
    assert watch.excess() is None
    assert watch.passed() is None
    assert cpu_times(2**22 + 1) is None
    assert descendants(2**22 + 1) == []


@pytest.mark.skipif(not os.path.exists("/proc/self/oom_score_adj"), reason="Linux's")
def test_workers_go_first_when_memory_runs_out(pool: Pool, spec: MakeSpec) -> None:
    worker = started(pool, spec())
    with open(f"/proc/{worker.pid}/oom_score_adj", encoding="ascii") as file:
        assert file.read().strip() == "1000"


# ---- children and their CPU time

BURN = "end = time.process_time() + 0.2\nwhile time.process_time() < end: pass\nos._exit(0)"


def _inside(block: str) -> str:
    return "\n".join(f"    {line}" for line in block.splitlines())


def asked(spec: WorkerSpec) -> Reply:
    with Pool(ROOMY) as pool:
        return started(pool, spec).request(QUESTION)


def test_nothing_is_children_where_there_are_none(spec: MakeSpec) -> None:
    reply = asked(spec(executing(BURN.replace("os._exit(0)", ""))))
    assert reply.children_cpu_ns == 0
    assert 150_000_000 <= reply.cpu_ns <= reply.wall_ns + 50_000_000


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="the system does not tell")
@pytest.mark.parametrize("waited", [True, False])
def test_the_cpu_time_of_children_is_seen(waited: bool, spec: MakeSpec) -> None:
    after = "os.waitpid(child, 0)" if waited else "time.sleep(0.6)"
    fork = f"child = os.fork()\nif child == 0:\n{_inside(BURN)}\n{after}"
    reply = asked(spec(executing(fork)))
    assert reply.children_cpu_ns >= 50_000_000


@pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="Linux's")
def test_a_daemon_that_lost_its_parent_is_the_workers_child(spec: MakeSpec) -> None:
    twice = f"if os.fork() == 0:\n    os.setsid()\n    if os.fork():\n        os._exit(0)\n{_inside(BURN)}\n"
    reply = asked(spec(executing(twice + "time.sleep(0.8)")))
    assert reply.children_cpu_ns >= 50_000_000


def test_a_forked_copy_of_the_worker_does_not_answer(pool: Pool, spec: MakeSpec) -> None:
    worker = started(pool, spec(executing("seed == 1 and os.fork()")))
    for seed in (1, 2, 3, 1, 2):
        reply = worker.request({**QUESTION, "seed": seed})
        assert "answer" in reply.message
        time.sleep(0.1)
