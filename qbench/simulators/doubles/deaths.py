"""No answer ever: each configuration dies, hangs or talks out of turn during execute, in its own way.

crash      dies by a segmentation fault
killed     is killed by SIGKILL, as by somebody else
exits      calls sys.exit(3)
leaves     calls os._exit(0), as if all were well
raises     raises an exception whose message has several lines
hang       sleeps for ever
stubborn   loops for ever and ignores the signals that ask it to stop
mute       closes the pipe for its answer and waits
garbage    writes what is no answer into the pipe for its answer
flood      writes to its standard output without end
"""

import os
import signal
import sys
import time
from typing import Any, Dict, List

CONTRACT = 1
DISTRIBUTIONS: List[str] = []
LICENCE = "Apache-2.0"
KIND = "double"
PRECISION = "complex128"
TASKS = ["state", "sample"]
GATES = ["x", "y", "z", "h", "rx", "ry", "rz", "cx", "cz", "swap"]
MAX_QUBITS = 20
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {
    "crash": {},
    "killed": {},
    "exits": {},
    "leaves": {},
    "raises": {},
    "hang": {},
    "stubborn": {},
    "mute": {},
    "garbage": {},
    "flood": {},
}

death: Any = None


def load(options: Any) -> None:
    global death
    death = globals()[f"{options['configuration']}_"]


def translate(circuit: Any, task: Any) -> Any:
    return circuit


def execute(program: Any, seed: int, bindings: Any = None) -> Any:
    death()


def readback(handle: Any) -> Any:
    raise AssertionError("execute does not return")


def crash_() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def killed_() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def exits_() -> None:
    sys.exit(3)


def leaves_() -> None:
    os._exit(0)


def raises_() -> None:
    raise ValueError("the first line\nand the last line")


def hang_() -> None:
    while True:
        time.sleep(60)


def stubborn_() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while True:
        pass


def mute_() -> None:
    os.close(int(sys.argv[2]))  # of a worker: where answers go
    hang_()


def garbage_() -> None:
    os.write(int(sys.argv[2]), b"what is no answer\n" * 100)
    hang_()


def flood_() -> None:
    while True:
        os.write(1, b"flood " * 10_000)
