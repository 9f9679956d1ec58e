"""A right state vector in pure Python, and the same with one kind of wrong answer per configuration.

honest       no fault: the good control
wrong        1e-9 is added to the largest amplitude; samples are drawn from the uniform distribution
phase_flip   rz and p turn the other way; probabilities of many circuits stay right
big_endian   qubit 0 is the most significant bit of every answer

translate gives each gate its matrix, execute applies them one by one, samples by bisecting the summed
probabilities.  A gate on n qubits costs about 0.2 us times 2^n.
"""

import cmath
import math
import random
from bisect import bisect_right
from itertools import accumulate
from typing import Any, Dict, List, Optional, Sequence

CONTRACT = 1
DISTRIBUTIONS: List[str] = []
LICENCE = "Apache-2.0"
KIND = "double"
PRECISION = "complex128"
TASKS = ["state", "sample"]
GATES = ["id", "x", "y", "z", "h", "rx", "ry", "rz", "p", "cx", "cz", "swap"]
MAX_QUBITS = 12
CONFIGURATIONS = {
    "honest": {"OPTIONS": {"fault": None}},
    "wrong": {"OPTIONS": {"fault": "wrong"}},
    "phase_flip": {"OPTIONS": {"fault": "phase_flip"}},
    "big_endian": {"OPTIONS": {"fault": "big_endian"}},
}

ROOT_HALF = math.sqrt(0.5)


def load(options: Any) -> "Engine":
    return Engine(options["fault"])


class Engine:
    def __init__(self, fault: Optional[str]) -> None:
        self.fault = fault

    def translate(self, circuit: Any, task: Any) -> Any:
        sign = -1.0 if self.fault == "phase_flip" else 1.0
        steps = [(gate.qubits, matrix(gate.name, gate.params, sign)) for gate in circuit.gates]
        return circuit.num_qubits, steps, task.shots, circuit.readout

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        qubits, steps, shots, readout = program
        state = [1 + 0j] + [0j] * (2**qubits - 1)
        for on, entries in steps:
            if len(on) == 1:
                rotate(state, on[0], entries)
            else:
                permute(state, on[0], on[1], entries)
        if self.fault == "big_endian":
            state = [state[reverse(index, qubits)] for index in range(len(state))]
        if self.fault == "wrong":
            if shots:
                state = [1 / math.sqrt(len(state))] * len(state)
            else:
                largest = max(range(len(state)), key=lambda index: abs(state[index]))
                state[largest] += 1e-9
        return draw(state, shots, readout, random.Random(seed)) if shots else state

    def readback(self, handle: Any) -> Any:
        return handle


def matrix(name: str, angles: Sequence[float], sign: float) -> Any:
    """The 2x2 matrix (a, b, c, d) of a gate on one qubit; the name of one on two."""
    if name in ("cx", "cz", "swap"):
        return name
    if angles:
        turn = angles[0] * sign if name in ("rz", "p") else angles[0]
        cosine, sine = math.cos(turn / 2), math.sin(turn / 2)
        if name == "rx":
            return cosine, -1j * sine, -1j * sine, cosine
        if name == "ry":
            return cosine, -sine, sine, cosine
        if name == "rz":
            return complex(cosine, -sine), 0, 0, complex(cosine, sine)
        return 1, 0, 0, cmath.rect(1.0, turn)
    return {
        "id": (1, 0, 0, 1),
        "x": (0, 1, 1, 0),
        "y": (0, -1j, 1j, 0),
        "z": (1, 0, 0, -1),
        "h": (ROOT_HALF, ROOT_HALF, ROOT_HALF, -ROOT_HALF),
    }[name]


def rotate(state: List[complex], qubit: int, entries: Sequence[complex]) -> None:
    a, b, c, d = entries
    step = 1 << qubit
    for start in range(0, len(state), 2 * step):
        for low in range(start, start + step):
            zero, one = state[low], state[low + step]
            state[low] = a * zero + b * one
            state[low + step] = c * zero + d * one


def permute(state: List[complex], first: int, second: int, name: str) -> None:
    """cx (``first`` is the control), cz and swap move or negate amplitudes, exactly."""
    one, two = 1 << first, 1 << second
    for index in range(len(state)):
        if name == "swap":
            if index & one and not index & two:
                other = index ^ one ^ two
                state[index], state[other] = state[other], state[index]
        elif index & one and index & two:
            if name == "cz":
                state[index] = -state[index]
            else:
                state[index], state[index ^ two] = state[index ^ two], state[index]


def reverse(index: int, bits: int) -> int:
    return int(format(index, f"0{bits}b")[::-1], 2)


def draw(state: List[complex], shots: int, readout: Any, source: random.Random) -> Dict[int, int]:
    summed = list(accumulate(abs(amplitude) ** 2 for amplitude in state))
    counts: Dict[int, int] = {}
    for _ in range(shots):
        index = min(bisect_right(summed, source.random() * summed[-1]), len(state) - 1)
        outcome = sum((index >> qubit & 1) << bit for bit, qubit in enumerate(readout) if qubit is not None)
        counts[outcome] = counts.get(outcome, 0) + 1
    return counts
