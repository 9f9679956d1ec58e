"""The toy simulator's file for qbench: see docs/lessons/follow-releases.md."""

import cmath
import math

CONTRACT = 1
DISTRIBUTIONS = ["toy-simulator"]
LICENCE = "Apache-2.0"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["state"]
GATES = ["x", "y", "z", "h", "s", "t", "rx", "ry", "rz", "p", "cx", "cz", "cp", "ccx"]
MAX_QUBITS = 12
CONFIGURATIONS = {"toy": {}}

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
    global toy_simulator
    import toy_simulator


def translate(circuit, task):
    steps = []
    for gate in circuit.gates:
        controls = len(gate.name) - len(gate.name.lstrip("c"))
        mask = sum(1 << qubit for qubit in gate.qubits[:controls])
        steps.append((gate.qubits[-1], mask, matrix(gate.name[controls:], gate.params)))
    return circuit.num_qubits, steps


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
    return toy_simulator.run(*program)


def readback(handle):
    return handle
