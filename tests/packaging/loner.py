"""A state vector that its package computes; its package conflicts with everybody's."""

CONTRACT = 1
DISTRIBUTIONS = ["lonersim"]
LICENCE = "MIT"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["state"]
GATES = ["x", "y", "z", "h", "rx", "ry", "rz", "cx", "cz", "swap"]
MAX_QUBITS = 8
REQUIREMENTS = ["lonersim==1.0", "lonerdep>=1"]
CONFIGURATIONS = {"loner.one": {}, "loner.two": {}}


def load(options):
    global lonersim
    import lonersim


def translate(circuit, task):
    return circuit.num_qubits, [(gate.name, gate.qubits, gate.params) for gate in circuit.gates]


def execute(program, seed):
    return lonersim.amplitudes(*program)


def readback(handle):
    return handle
