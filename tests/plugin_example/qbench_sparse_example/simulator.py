"""A sparse state vector in a dict: basis state -> amplitude, for those that are not zero.

translate   each gate becomes a function's arguments: the qubit, its controls, a 2x2 matrix
compile     there is none
execute     gate after gate over the dict; for samples also the drawing
readback    the dict is spread into a list of all amplitudes; samples are already counts
"""

import cmath
import math
import random

CONTRACT = 1
DISTRIBUTIONS = ["qbench-sparse-example"]
LICENCE = "Apache-2.0"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["state", "sample"]
GATES = ["x", "y", "z", "h", "s", "t", "rx", "ry", "rz", "p", "cx", "cz", "cp", "ccx"]
MAX_QUBITS = 16
CONFIGURATIONS = {"sparse-example.dict": {}}

ROOT = math.sqrt(0.5)
FIXED = {
    "x": (0, 1, 1, 0),
    "y": (0, -1j, 1j, 0),
    "z": (1, 0, 0, -1),
    "h": (ROOT, ROOT, ROOT, -ROOT),
    "s": (1, 0, 0, 1j),
    "t": (1, 0, 0, complex(ROOT, ROOT)),
}


def load(options):
    """Nothing to import: this simulator is pure Python."""


def supports(circuit, task):
    if task.kind == "sample" and all(qubit is None for qubit in circuit.readout):
        return "no qubit is measured"
    return None


def translate(circuit, task):
    steps = []
    for gate in circuit.gates:
        controls = len(gate.name) - len(gate.name.lstrip("c"))
        mask = sum(1 << qubit for qubit in gate.qubits[:controls])
        steps.append((gate.qubits[-1], mask, matrix(gate.name[controls:], gate.params)))
    return circuit.num_qubits, steps, task.shots, circuit.readout


def matrix(name, params):
    if name in FIXED:
        return FIXED[name]
    (angle,) = params
    if name == "p":
        return (1, 0, 0, cmath.rect(1, angle))
    c, s = math.cos(angle / 2), math.sin(angle / 2)
    return {
        "rx": (c, -1j * s, -1j * s, c),
        "ry": (c, -s, s, c),
        "rz": (complex(c, -s), 0, 0, complex(c, s)),
    }[name]


def execute(program, seed, bindings=None):
    size, steps, shots, readout = program
    state = {0: 1 + 0j}
    for qubit, mask, (a, b, c, d) in steps:
        bit = 1 << qubit
        after = {}
        for index, amplitude in state.items():
            if index & mask != mask:  # a control is 0
                after[index] = after.get(index, 0) + amplitude
                continue
            stay, flip = (d, b) if index & bit else (a, c)
            for place, factor in ((index, stay), (index ^ bit, flip)):
                if factor:
                    after[place] = after.get(place, 0) + factor * amplitude
        state = {index: amplitude for index, amplitude in after.items() if amplitude}
    return (size, state) if shots is None else draw(state, shots, readout, random.Random(seed))


def draw(state, shots, readout, source):
    indices = sorted(state)
    chances = [abs(state[index]) ** 2 for index in indices]
    counts = {}
    for index in source.choices(indices, chances, k=shots):
        outcome = sum(
            1 << bit for bit, qubit in enumerate(readout) if qubit is not None and index >> qubit & 1
        )
        counts[outcome] = counts.get(outcome, 0) + 1
    return counts


def readback(handle):
    if isinstance(handle, dict):
        return handle
    size, state = handle
    amplitudes = [0j] * 2**size
    for index, amplitude in state.items():
        amplitudes[index] = amplitude
    return amplitudes
