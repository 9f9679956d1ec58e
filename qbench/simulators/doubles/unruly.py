"""The right answers by unfair or bad means, which a flag or a limit must catch.

lazy         execute returns at once, readback does the work
cached       a program keeps its state after its first execute; samples are drawn anew
remembers    states are kept by the circuit's content, so that a fresh program of one seen before has it
threads      two threads work beside, whatever number is given
children     a child process works beside, where the worker's own CPU clock does not see it
twins        the first execute forks a child that goes on as if it were the worker, and answers too
holds        a child from load on holds the worker's pipes, sleeping
chatty       writes 16 kB to its standard output in every execute, up to 8 MB
leak         keeps ever more memory, a MiB more with every execute
late         execute takes 20 s longer than it needs to

States are lists in pure Python, gate by gate: about 0.1 us per gate and amplitude.
"""

import cmath
import hashlib
import math
import os
import random
import threading
import time
from bisect import bisect_right
from itertools import accumulate
from typing import Any, Dict, List, Tuple

CONTRACT = 1
DISTRIBUTIONS: List[str] = []
LICENCE = "Apache-2.0"
KIND = "double"
PRECISION = "complex128"
TASKS = ["state", "sample"]
GATES = ["ry", "rz", "cx"]
MAX_QUBITS = 12
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {
    "lazy": {},
    "cached": {},
    "remembers": {},
    "threads": {},
    "children": {},
    "twins": {},
    "holds": {},
    "chatty": {},
    "leak": {},
    "late": {},
}

Step = Tuple[str, Tuple[int, ...], Tuple[float, ...]]


def load(options: Any) -> Any:
    kinds: Dict[str, Any] = {
        "lazy": Lazy,
        "cached": Cached,
        "remembers": Remembers,
        "threads": Threads,
        "children": Children,
        "twins": Twins,
        "holds": Holds,
        "chatty": Chatty,
        "leak": Leak,
        "late": Late,
    }
    return kinds[options["configuration"]]()


class Program:
    """A circuit as translated; ``state`` is what some keep here."""

    def __init__(self, circuit: Any, task: Any) -> None:
        self.qubits = circuit.num_qubits
        self.steps: List[Step] = [(gate.name, gate.qubits, gate.params) for gate in circuit.gates]
        self.shots, self.readout = task.shots, circuit.readout
        self.state: Any = None


class Engine:
    """The honest way; each kind below departs from it in one thing."""

    def translate(self, circuit: Any, task: Any) -> Program:
        return Program(circuit, task)

    def execute(self, program: Program, seed: int, bindings: Any = None) -> Any:
        return drawn(program, evolved(program), seed)

    def readback(self, handle: Any) -> Any:
        return handle


class Lazy(Engine):
    def execute(self, program: Program, seed: int, bindings: Any = None) -> Any:
        return program, seed

    def readback(self, handle: Any) -> Any:
        program, seed = handle
        return drawn(program, evolved(program), seed)


class Cached(Engine):
    def execute(self, program: Program, seed: int, bindings: Any = None) -> Any:
        program.state = program.state or evolved(program)
        return drawn(program, program.state, seed)


class Remembers(Engine):
    def __init__(self) -> None:
        self.states: Dict[Any, List[complex]] = {}

    def execute(self, program: Program, seed: int, bindings: Any = None) -> Any:
        key = program.qubits, tuple(program.steps)
        if key not in self.states:
            self.states[key] = evolved(program)
        return drawn(program, self.states[key], seed)


class Threads(Engine):
    """Hashing large blocks releases Python's lock: the two threads run side by side, for 5 ms or so."""

    block = bytes(4 * 2**20)

    def execute(self, program: Program, seed: int, bindings: Any = None) -> Any:
        beside = [threading.Thread(target=hashlib.sha256, args=(self.block,)) for _ in range(2)]
        for thread in beside:
            thread.start()
        for thread in beside:
            thread.join()
        return super().execute(program, seed, bindings)


class Children(Engine):
    def execute(self, program: Program, seed: int, bindings: Any = None) -> Any:
        child = os.fork()
        if child == 0:
            for _ in range(4):
                hashlib.sha256(Threads.block)
            os._exit(0)
        handle = super().execute(program, seed, bindings)
        os.waitpid(child, 0)
        return handle


class Twins(Engine):
    forked = False

    def execute(self, program: Program, seed: int, bindings: Any = None) -> Any:
        if not self.forked:
            self.forked = True
            os.fork()
        return super().execute(program, seed, bindings)


class Holds(Engine):
    def __init__(self) -> None:
        if os.fork() == 0:
            while True:
                time.sleep(60)


class Chatty(Engine):
    written = 0

    def execute(self, program: Program, seed: int, bindings: Any = None) -> Any:
        if self.written < 500:  # 8 MB: however fast the machine is, not yet a flood that ends the worker
            self.written += 1
            print("working " * 2_000, flush=True)
        return super().execute(program, seed, bindings)


class Leak(Engine):
    def __init__(self) -> None:
        self.kept: List[bytes] = []

    def execute(self, program: Program, seed: int, bindings: Any = None) -> Any:
        self.kept.append(b"1" * (len(self.kept) << 20))  # ever more: a few calls pass, a visit's do not
        return super().execute(program, seed, bindings)


class Late(Engine):
    def execute(self, program: Program, seed: int, bindings: Any = None) -> Any:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            time.sleep(0.01)
        return super().execute(program, seed, bindings)


# ---- the honest work


def evolved(program: Program) -> List[complex]:
    """The state, qubit 0 least significant."""
    state = [1 + 0j] + [0j] * (2**program.qubits - 1)
    for name, qubits, angles in program.steps:
        bit = 1 << qubits[-1]
        lower = [index for index in range(len(state)) if not index & bit]
        if name == "cx":
            for low in lower:
                if low & 1 << qubits[0]:
                    state[low], state[low | bit] = state[low | bit], state[low]
            continue
        half = angles[0] / 2
        if name == "rz":
            back, forth = cmath.rect(1.0, -half), cmath.rect(1.0, half)
            for low in lower:
                state[low], state[low | bit] = back * state[low], forth * state[low | bit]
        else:
            c, s = math.cos(half), math.sin(half)
            for low in lower:
                zero, one = state[low], state[low | bit]
                state[low], state[low | bit] = c * zero - s * one, s * zero + c * one
    return state


def drawn(program: Program, state: List[complex], seed: int) -> Any:
    """The state itself, or counts of as many shots as were asked for."""
    if not program.shots:
        return list(state)
    summed = list(accumulate(abs(amplitude) ** 2 for amplitude in state))
    source = random.Random(seed)
    counts: Dict[int, int] = {}
    for _ in range(program.shots):
        index = min(bisect_right(summed, source.random() * summed[-1]), len(state) - 1)
        shown = enumerate(program.readout)
        outcome = sum((index >> qubit & 1) << bit for bit, qubit in shown if qubit is not None)
        counts[outcome] = counts.get(outcome, 0) + 1
    return counts
