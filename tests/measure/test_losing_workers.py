"""A worker that crashes, hangs, leaves, floods or misbehaves otherwise is data, and the next one is well."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest

from qbench.ir import Circuit, Operation, Task
from qbench.measure.asking import Asker
from qbench.measure.pool import Pool
from qbench.measure.process import FLOOD_BYTES, Limits, WorkerLost, WorkerSpec
from qbench.model import NoAnswer, Verdict

BELL = Circuit(2, (Operation("h", (0,)), Operation("cx", (0, 1))))
STATE = Task("state")
MakeSpec = Callable[..., WorkerSpec]

FAULTS = {
    "crash": ("os.kill(os.getpid(), 11)", Verdict.CRASH, "SIGSEGV"),
    "abort": ("os.abort()", Verdict.CRASH, "SIGABRT"),
    "hang": ("time.sleep(1000)", Verdict.TIMEOUT, "within 1.5 s"),
    "busy": ("while True: pass", Verdict.TIMEOUT, "within 1.5 s"),
    "exit": ("sys.exit(3)", Verdict.CRASH, "exit code 3"),
    "hard exit": ("os._exit(0)", Verdict.CRASH, "exit code 0"),
    "exception": ("raise ValueError('first line\\nlast line')", Verdict.ERROR, "last line"),
    "flood": ("while True: os.write(1, b'x' * 65536)", Verdict.ERROR, "wrote more than"),
    "memory": ("hoard = b'1' * 300_000_000; time.sleep(1000)", Verdict.OOM, "passed the limit"),
    "memory error": ("raise MemoryError", Verdict.OOM, "MemoryError"),
    "garbage as an answer": ("os.write(int(sys.argv[2]), b'garbage' * 100)", Verdict.ERROR, "no answer"),
    "closed pipes": ("os.closerange(3, 100); time.sleep(1000)", Verdict.TIMEOUT, "within 1.5 s"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_gets_its_verdict(name: str, pool: Pool, spec: MakeSpec) -> None:
    statement, verdict, said = FAULTS[name]
    # two broken bars: the fault shows at seed 1 only, so the same file answers well at seed 2
    fault = f"""
def execute(program, seed, bindings=None):
    if seed == 1:
        {statement}
    return program
"""
    asker = Asker(pool, spec(fault))
    began = time.monotonic()
    lost = asker.ask(BELL, STATE, seed=1)
    assert isinstance(lost, NoAnswer)
    assert lost.verdict is verdict
    assert said in lost.reason
    assert time.monotonic() - began < 10
    answer = asker.ask(BELL, STATE, seed=2)
    assert isinstance(answer, np.ndarray)
    assert answer.tolist() == [1, 0, 0, 0]


PANIC = "class PanicException(BaseException): pass\n"  # as PyO3 makes of a panic in Rust
UNSAID = "class Unsaid(Exception):\n    def __str__(self): raise PanicException('in vain')\n"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("raise PanicException('index out\\nof bounds')", "PanicException: index out of bounds (execute)"),
        ("raise KeyboardInterrupt('its own')", "KeyboardInterrupt: its own (execute)"),
        ("raise GeneratorExit", "GeneratorExit (execute)"),
        ("raise Unsaid", "Unsaid: (its message cannot be made: PanicException) (execute)"),
        ("raise ValueError('\\ud800')", "ValueError: \\ud800 (execute)"),
    ],
)
def test_whatever_is_raised_is_an_error_and_the_worker_goes_on(
    statement: str, said: str, pool: Pool, spec: MakeSpec
) -> None:
    fault = PANIC + UNSAID
    fault += (
        f"def execute(program, seed, bindings=None):\n    if seed == 1: {statement}\n    return program\n"
    )
    asker = Asker(pool, spec(fault))
    refused = asker.ask(BELL, STATE, seed=1)
    assert isinstance(refused, NoAnswer)
    assert refused.verdict is Verdict.ERROR
    assert refused.reason.startswith(said)
    assert not asker.losses
    assert asker.threads() is not None


def test_a_number_too_long_to_be_sent_is_an_error(pool: Pool, spec: MakeSpec) -> None:
    asker = Asker(pool, spec("def readback(handle):\n    return {1: 10**5000}\n"))
    refused = asker.ask(BELL, Task("sample", shots=1), seed=1)
    assert isinstance(refused, NoAnswer)
    assert refused.verdict is Verdict.ERROR
    assert not asker.losses


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (
            "def load(options):\n    sys.exit('leaving in load')\n",
            "with exit code 1 during 'load': leaving in load",
        ),
        ("sys.exit('leaving at once')\n", "with exit code 1 during 'load': leaving at once"),
        ("def load(options):\n    sys.exit(259)\n", "with exit code 3 during 'load'"),
        ("def load(options):\n    sys.exit()\n", "with exit code 0 during 'load'"),
        ("raise SystemExit(type('', (), {'__str__': lambda self: 1 / 0})())\n", "ZeroDivisionError)"),
    ],
)
def test_who_leaves_says_why(fault: str, said: str, pool: Pool, spec: MakeSpec) -> None:
    lost = Asker(pool, spec(fault)).ask(BELL, STATE, seed=1)
    assert isinstance(lost, NoAnswer)
    assert lost.verdict is Verdict.CRASH
    assert lost.reason.startswith("left with exit code ")
    assert lost.reason.endswith(said)


def test_who_leaves_finishes_what_it_registered(pool: Pool, spec: MakeSpec) -> None:
    fault = "import atexit\natexit.register(os.write, 2, b'the end')\nsys.exit(3)\n"
    worker = pool.start(spec(fault))
    with pytest.raises(WorkerLost) as lost:
        worker.load()
    assert lost.value.stderr_tail.endswith("the end")


def test_a_forked_child_that_leaves_ends_with_its_own_code(pool: Pool, spec: MakeSpec) -> None:
    fault = """
def readback(handle):
    child = os.fork()
    if child == 0:
        sys.exit(7)
    return [float(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))]
"""
    answer = Asker(pool, spec(fault)).ask(BELL, STATE, seed=1)
    assert isinstance(answer, np.ndarray)
    assert answer.tolist() == [7]


@pytest.mark.parametrize("stream", ["object()", "None", "open(os.devnull)", "Broken()"])
def test_who_replaces_or_closes_its_streams_answers_all_the_same(
    stream: str, pool: Pool, spec: MakeSpec
) -> None:
    broken = "class Broken:\n    closed = False\n    def flush(self): raise RuntimeError('no')\n"
    fault = f"{broken}def execute(program, seed, bindings=None):\n    sys.stdout = sys.stderr = {stream}\n"
    fault += "    seed == 2 and sys.__stdout__.close()\n    seed == 3 and sys.__stderr__.detach()\n"
    fault += "    return program\n"
    asker = Asker(pool, spec(fault))
    for seed in (1, 2, 3):
        assert isinstance(asker.ask(BELL, STATE, seed=seed), np.ndarray)
    assert not asker.losses


def test_what_cannot_be_loaded_is_not_asked_again(pool: Pool, spec: MakeSpec) -> None:
    asker = Asker(pool, spec("def load(options):\n    import no_such_package_at_all\n"))
    for _ in range(2):
        refused = asker.ask(BELL, STATE, seed=1)
        assert isinstance(refused, NoAnswer)
        assert refused.verdict is Verdict.NOT_INSTALLED
        assert "no_such_package_at_all" in refused.reason
    assert len(pool._workers) == 1


def test_who_was_killed_once_while_loading_is_loaded_again(
    pool: Pool, spec: MakeSpec, tmp_path: Path
) -> None:
    dies = f"os.path.exists({str(tmp_path / 'once')!r}) or "
    dies += f"(open({str(tmp_path / 'once')!r}, 'w').close(), os.kill(os.getpid(), 9))"
    asker = Asker(pool, spec(f"def load(options):\n    {dies}\n"))
    for _ in range(2):
        assert isinstance(asker.ask(BELL, STATE, seed=1), np.ndarray)
    assert [loss.verdict for loss in asker.losses] == [Verdict.CRASH]
    assert len(asker.started) == 1


def test_who_is_lost_twice_on_end_while_loading_is_given_up(
    pool: Pool, spec: MakeSpec, tmp_path: Path
) -> None:
    tries = tmp_path / "tries"
    fault = (
        f"def load(options):\n    with open({str(tries)!r}, 'a') as file:\n        file.write('x')\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    asker = Asker(pool, spec(fault))
    for _ in range(3):
        refused = asker.ask(BELL, STATE, seed=1)
        assert isinstance(refused, NoAnswer)
        assert refused.verdict is Verdict.CRASH
        assert "died by SIGKILL during 'load'" in refused.reason
    assert tries.read_text() == "xx"


@pytest.mark.parametrize(
    ("readback", "said"),
    [
        ("return None", "NoneType"),
        ("return {'0': 1}", "dict"),
        ("return 'amplitudes'", "str"),
        ("return memoryview(b'abcd')", "format 'B'"),
    ],
)
def test_an_answer_of_the_wrong_type_is_an_error(
    readback: str, said: str, pool: Pool, spec: MakeSpec
) -> None:
    refused = Asker(pool, spec(f"def readback(handle):\n    {readback}\n")).ask(BELL, STATE, seed=1)
    assert isinstance(refused, NoAnswer)
    assert refused.verdict is Verdict.ERROR
    assert said in refused.reason


def test_chatter_is_counted_and_does_not_reach_us(
    pool: Pool, spec: MakeSpec, capfd: pytest.CaptureFixture[str]
) -> None:
    fault = "def readback(handle):\n    print('y' * 100_000)\n    return [1, 0, 0, 0]\n"
    worker = pool.start(spec(fault))
    worker.load()
    from qbench.ir import problem_to_data, task_to_data

    question = {"op": "ask", "problem": problem_to_data(BELL), "task": task_to_data(STATE), "seed": 1}
    reply = worker.request(question)
    assert 100_000 <= reply.output_bytes < FLOOD_BYTES
    assert capfd.readouterr().out == ""


def test_stderr_tail_of_the_dead_is_kept(pool: Pool, spec: MakeSpec) -> None:
    last_words = "os.write(2, b'z' * 9000 + b'last words')"
    fault = f"def load(options):\n    {last_words}\n    os._exit(1)\n"
    worker = pool.start(spec(fault))
    with pytest.raises(WorkerLost) as lost:
        worker.load()
    assert lost.value.stderr_tail.endswith("last words")
    assert len(lost.value.stderr_tail) <= 4096


def test_a_worker_killed_from_outside_is_a_crash(pool: Pool, spec: MakeSpec) -> None:
    worker = pool.start(spec("def execute(p, seed, bindings=None):\n    time.sleep(1000)\n"))
    worker.load()
    os.kill(worker.pid, 9)
    while worker.running:
        time.sleep(0.01)
    with pytest.raises(WorkerLost) as lost:
        worker.request({"op": "ask"})
    assert lost.value.verdict is Verdict.CRASH
    assert "SIGKILL" in lost.value.reason


def test_an_answer_to_another_question_is_no_answer(pool: Pool, spec: MakeSpec) -> None:
    frame = "len(text).to_bytes(8, 'big') + text"
    fault = (
        'def execute(program, seed, bindings=None):\n    text = b\'{"buffers": [], "request": 0}\'\n'
        f"    seed == 1 and os.write(int(sys.argv[2]), {frame})\n    return program\n"
    )
    asker = Asker(pool, spec(fault))
    refused = asker.ask(BELL, STATE, seed=1)
    assert isinstance(refused, NoAnswer)
    assert refused.verdict is Verdict.ERROR
    assert "answered another question" in refused.reason
    assert isinstance(asker.ask(BELL, STATE, seed=2), np.ndarray)


def test_an_answer_that_is_too_large_is_not_read(pool: Pool, spec: MakeSpec) -> None:
    fault = "def readback(handle):\n    return memoryview(bytes(400_000_000)).cast('d')\n"
    refused = Asker(pool, spec(fault)).ask(BELL, STATE, seed=1)
    assert isinstance(refused, NoAnswer)
    assert refused.verdict in (Verdict.ERROR, Verdict.OOM)


def test_an_empty_answer_and_a_lost_folder_harm_nobody(pool: Pool, spec: MakeSpec) -> None:
    fault = "def readback(handle):\n    os.rmdir(os.getcwd())\n    return []\n"
    answer = Asker(pool, spec(fault)).ask(BELL, STATE, seed=1)
    assert isinstance(answer, np.ndarray)
    assert answer.size == 0
    assert isinstance(Asker(pool, spec()).ask(BELL, STATE, seed=1), np.ndarray)


def test_children_that_left_for_a_session_of_their_own_end_with_their_worker(spec: MakeSpec) -> None:
    fault = """
def load(options):
    import subprocess
    subprocess.Popen(["sleep", "1000"], start_new_session=True, env={})
"""
    with Pool(Limits(request_s=5, load_s=20, memory_bytes=2**40)) as pool:
        for end in (pool.end, lambda worker: worker.kill()):
            worker = pool.start(spec(fault))
            worker.load()
            children = psutil.Process(worker.pid).children()
            assert len(children) == 1
            end(worker)
            gone, _ = psutil.wait_procs(children, timeout=5)
            assert gone == children


def test_children_whose_worker_died_before_are_found_when_all_ends(spec: MakeSpec) -> None:
    fault = """
def load(options):
    import subprocess
    child = subprocess.Popen(["sleep", "1000"], start_new_session=True)
    os.write(2, str(child.pid).encode())
    os._exit(1)
"""
    with Pool(Limits(request_s=5, load_s=20, memory_bytes=2**40)) as pool:
        with pytest.raises(WorkerLost) as lost:
            pool.start(spec(fault)).load()
        child = psutil.Process(int(lost.value.stderr_tail))
        assert _alive(child)
    psutil.wait_procs([child], timeout=5)
    assert not _alive(child)


def test_a_killed_reaper_is_replaced(spec: MakeSpec) -> None:
    with Pool(Limits(request_s=5, load_s=20, memory_bytes=2**40)) as pool:
        os.kill(pool._reaper.pid, 9)
        time.sleep(0.2)
        asker = Asker(pool, spec())
        assert isinstance(asker.ask(BELL, STATE, seed=1), np.ndarray)
        asker.close()
        assert isinstance(Asker(pool, spec()).ask(BELL, STATE, seed=1), np.ndarray)
    assert not pool.folder.exists()


def test_children_of_a_worker_die_with_it(pool: Pool, spec: MakeSpec) -> None:
    fault = """
def load(options):
    import subprocess
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
"""
    worker = pool.start(spec(fault))
    worker.load()
    children = psutil.Process(worker.pid).children()
    assert len(children) == 1
    pool.end(worker)
    gone, _ = psutil.wait_procs(children, timeout=5)
    assert gone == children


# What a program is that starts a worker stuck in a busy loop and is then killed.
DOOMED = """
import sys
from pathlib import Path
from qbench.measure.pool import Pool
from qbench.measure.process import Limits, WorkerSpec

pool = Pool(Limits(request_s=1000, load_s=1000, memory_bytes=2**40))
file, python = Path(sys.argv[1]), Path(sys.executable)
spec = WorkerSpec(simulator="toy", path=file, interpreter=python, options={}, threads=1)
worker = pool.start(spec)
print(worker.pid, pool._reaper.pid, pool.folder, flush=True)
worker.load()
"""


@pytest.mark.parametrize("signal_number", [9, 15])
def test_nothing_is_orphaned_when_the_program_is_killed(
    signal_number: int, simulator_file: Callable[[str], Path]
) -> None:
    stuck = simulator_file("def load(options):\n    while True: pass\n")
    doomed = subprocess.Popen([sys.executable, "-c", DOOMED, str(stuck)], stdout=subprocess.PIPE, text=True)
    assert doomed.stdout is not None
    worker_pid, reaper_pid, folder = doomed.stdout.readline().split()
    left = [psutil.Process(int(pid)) for pid in (worker_pid, reaper_pid)]
    doomed.send_signal(signal_number)
    doomed.wait(timeout=5)
    doomed.stdout.close()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and any(_alive(process) for process in left):
        time.sleep(0.05)
    assert not any(_alive(process) for process in left)
    assert not Path(folder).exists()


def _alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
