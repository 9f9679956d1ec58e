"""A small state-vector simulator in NumPy: an honest one, and liars made from it by OPTIONS.

Each configuration is a file's worth of simulator; the liars lie in the ways that a benchmark must notice.
"""

CONTRACT = 1
DISTRIBUTIONS = ["numpy"]
LICENCE = "Apache-2.0"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["state", "sample"]
GATES = ["x", "h", "rx", "ry", "rz", "p", "cx", "cz", "swap"]
MAX_QUBITS = 12
OPTIONS = {"lie": "none"}
CONFIGURATIONS = {
    "numpy": {},
    "numpy.sampler": {"TASKS": ["sample"]},
    "numpy.single": {"PRECISION": "complex64", "OPTIONS": {"lie": "single"}},
    "liar.rz": {"OPTIONS": {"lie": "rz"}},
    "liar.rz.sampler": {"TASKS": ["sample"], "OPTIONS": {"lie": "rz"}},
    "liar.endian": {"OPTIONS": {"lie": "endian"}},
    "liar.other": {"OPTIONS": {"lie": "other"}},
    "liar.amplitude": {"OPTIONS": {"lie": "amplitude"}},
    "liar.single": {"OPTIONS": {"lie": "single"}},
    "approximate": {"KIND": "approximate"},
    "approximate.rolled": {"KIND": "approximate", "OPTIONS": {"lie": "rolled"}},
    "liar.constant": {"TASKS": ["sample"], "OPTIONS": {"lie": "constant"}},
    "liar.seedless": {"OPTIONS": {"lie": "seedless"}},
}


def load(options):
    global np, lie, first
    import numpy as np

    lie = options["lie"]
    first = {}


def matrix(name, angles):
    half = angles[0] / 2 if angles else 0.0
    if lie == "rz" and name == "rz":
        half = -half
    c, s = np.cos(half), np.sin(half)
    return {
        "x": lambda: [[0, 1], [1, 0]],
        "h": lambda: np.array([[1, 1], [1, -1]]) * np.sqrt(0.5),
        "rx": lambda: [[c, -1j * s], [-1j * s, c]],
        "ry": lambda: [[c, -s], [s, c]],
        "rz": lambda: [[c - 1j * s, 0], [0, c + 1j * s]],
        "p": lambda: [[1, 0], [0, np.cos(angles[0]) + 1j * np.sin(angles[0])]],
    }[name]()


def translate(circuit, task):
    return circuit, task


def execute(program, seed, bindings=None):
    circuit, task = program
    n = circuit.num_qubits
    if lie == "other" and n in first:
        state = first[n]
    else:
        state = first[n] = evolve(circuit, n)
    if task.kind == "state":
        return state
    if lie == "constant":
        return {0: task.shots}
    p = np.abs(state).astype("float64") ** 2
    generator = np.random.default_rng(7 if lie == "seedless" else seed)
    drawn = generator.multinomial(task.shots, p / p.sum())
    counts = {}
    for k in np.flatnonzero(drawn):
        bits = [0 if q is None else int(k) >> q & 1 for q in circuit.readout]
        outcome = sum(bit << c for c, bit in enumerate(bits))
        counts[outcome] = counts.get(outcome, 0) + int(drawn[k])
    return counts


def evolve(circuit, n):
    state = np.zeros((2,) * n, dtype="complex64" if lie == "single" else "complex128")
    state[(0,) * n] = 1
    for gate in circuit.gates:
        axes = [n - 1 - q for q in gate.qubits]
        view = np.moveaxis(state, axes, range(len(axes)))
        if gate.name == "cx":
            view[1] = view[1, ::-1].copy()
        elif gate.name == "cz":
            view[1, 1] *= -1
        elif gate.name == "swap":
            view[:] = np.swapaxes(view, 0, 1).copy()
        else:
            view[:] = np.tensordot(np.asarray(matrix(gate.name, gate.params), state.dtype), view, 1)
    if lie == "endian":
        state = state.transpose().copy()
    if lie == "rolled":
        state = np.roll(state.reshape(-1), 1).reshape(state.shape)
    if lie == "amplitude":
        state.flat[0] += 1e-9
    return state.reshape(-1)


def readback(handle):
    return handle
