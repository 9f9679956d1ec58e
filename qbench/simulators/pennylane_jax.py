"""PennyLane's default.qubit through JAX: a QNode under jax.jit, traced once, compiled by XLA, called often.

The front door: ``jax.jit(QNode(function, device("default.qubit"), interface="jax"))(angles, start)``, as
PennyLane's JAX tutorials write it, with double precision switched on (``jax_enable_x64``).

pennylane.default.jax           the QNode; a sweep calls it with one row after the other; samples are
                                ``qml.sample``, with the seed as ``jax.random.PRNGKey`` in the device
pennylane.default.jax.vmap      ``jax.vmap`` of the QNode: all rows of a sweep in one call
pennylane.default.jax.backprop  ``jax.grad`` of the QNode (``diff_method`` "best" is backprop here)
*.c64                           the same without ``jax_enable_x64``, as JAX comes: single precision throughout

translate   the gates become calls that the QNode's function will make; the device, the QNode, the observable
            ``qml.Hamiltonian(coefficients, words)``, the arrays that each call is given, and ``jax.jit``,
            which does nothing yet
compile     ``lower(arguments).compile()``, JAX's ahead-of-time door: the function is traced (PennyLane
            records its tape and runs the device's transforms) and XLA compiles it; nothing is executed.
            What it returns is called as fast as the jitted function (7.3 and 6.7 us on 4 qubits)
execute     the call and ``block_until_ready``; for samples also the key, for bindings also their array
readback    NumPy's view of JAX's array; samples are counted

What is handed over at each call: every angle (for gradients and sweeps the bindings' values, the others are
numbers in the program), and the state to begin with, |0...0>, which ``qml.StatePrep`` sets.  Without it XLA
computes at compile time all that depends on no argument: a GHZ state would be a stored array, and an
execution its copy (10 qubits: 8 us for any number of gates).  With it the state is computed at each call.

Qubit q is wire n-1-q, see pennylane.py.

Threads: JAX's own pool, of as many threads as the variable ``NPROC`` says.  ``XLA_FLAGS`` with
``--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1`` alone leaves two threads running at once
on two processors (jaxlib 0.10.2, by the states of the process's threads); with ``NPROC=1`` it is one.

Traps (pennylane 0.45.1, jax 0.10.2; times are of a busy machine, orders of magnitude)
- XLA takes 55 to 90 ms of CPU per gate to compile, from 4 to 16 qubits: 38 gates on 10 qubits 2.4 s, for
  0.3 ms of execution.
- With ``interface="auto"`` and no argument, the QNode is NumPy's and runs while it is traced.
- PennyLane asks for JAX 0.7.1 where programs are captured (``qml.capture``), which is not used here.
- U2, cu, rccx, rc3x: see pennylane.py.  In single precision each trace warns that complex128 is truncated.
"""

import functools
import operator
from typing import Any, Dict, List

CONTRACT = 1
DISTRIBUTIONS = ["pennylane", "jax", "jaxlib"]
LICENCE = "Apache-2.0"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["state", "sample", "expval", "sweep"]
UNSUPPORTED = {
    "gradient": "see pennylane.default.jax.backprop",
    "density_matrix": "a device of state vectors takes no noise channels; pennylane.mixed does",
    "noisy_sample": "a device of state vectors takes no noise channels; pennylane.mixed does",
}
GATES = [
    "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u",
    "cx", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz", "swap", "rxx", "ryy", "rzz",
    "ccx", "cswap", "c3x", "c3sx", "c4x",
]  # fmt: skip
THREAD_VARIABLES = ["NPROC"]
ENVIRONMENT = {"JAX_PLATFORMS": "cpu"}
OPTIONS = {"x64": True, "transform": ""}
MAX_QUBITS = 16
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {
    "pennylane.default.jax": {},
    "pennylane.default.jax.c64": {
        "PRECISION": "complex64",
        "OPTIONS": {"x64": False, "transform": ""},
    },
    "pennylane.default.jax.vmap": {
        "OPTIONS": {"x64": True, "transform": "vmap"},
        "TASKS": ["sweep"],
        "UNSUPPORTED": {
            "state": "a batch is for sweeps: see pennylane.default.jax",
            "sample": "a batch is for sweeps: see pennylane.default.jax",
            "expval": "a batch is for sweeps: see pennylane.default.jax",
            "gradient": "see pennylane.default.jax.backprop",
            "density_matrix": "a device of state vectors takes no noise channels; pennylane.mixed does",
            "noisy_sample": "a device of state vectors takes no noise channels; pennylane.mixed does",
        },
        "MAX_QUBITS": 14,
    },
    "pennylane.default.jax.backprop": {
        "OPTIONS": {"x64": True, "transform": "grad"},
        "TASKS": ["gradient"],
        "UNSUPPORTED": {
            "state": "it differentiates: see pennylane.default.jax",
            "sample": "it differentiates: see pennylane.default.jax",
            "expval": "it differentiates: see pennylane.default.jax",
            "sweep": "it differentiates: see pennylane.default.jax",
            "density_matrix": "a device of state vectors takes no noise channels; pennylane.mixed does",
            "noisy_sample": "a device of state vectors takes no noise channels; pennylane.mixed does",
        },
        "MAX_QUBITS": 14,
    },
    "pennylane.default.jax.backprop.c64": {
        "PRECISION": "complex64",
        "OPTIONS": {"x64": False, "transform": "grad"},
        "TASKS": ["gradient"],
        "UNSUPPORTED": {
            "state": "it differentiates: see pennylane.default.jax.c64",
            "sample": "it differentiates: see pennylane.default.jax.c64",
            "expval": "it differentiates: see pennylane.default.jax.c64",
            "sweep": "it differentiates: see pennylane.default.jax.c64",
            "density_matrix": "a device of state vectors takes no noise channels; pennylane.mixed does",
            "noisy_sample": "a device of state vectors takes no noise channels; pennylane.mixed does",
        },
        "MAX_QUBITS": 14,
    },
}

OPERATIONS = {
    "id": "Identity", "x": "X", "y": "Y", "z": "Z", "h": "Hadamard", "s": "S", "t": "T", "sx": "SX",
    "rx": "RX", "ry": "RY", "rz": "RZ", "p": "PhaseShift", "u": "U3", "swap": "SWAP",
    "cx": "CNOT", "cy": "CY", "cz": "CZ", "ch": "CH", "cp": "ControlledPhaseShift",
    "crx": "CRX", "cry": "CRY", "crz": "CRZ", "rxx": "IsingXX", "ryy": "IsingYY", "rzz": "IsingZZ",
    "ccx": "Toffoli", "cswap": "CSWAP", "c3x": "MultiControlledX", "c4x": "MultiControlledX",
}  # fmt: skip


def load(options: Any) -> "Engine":
    return Engine(options["x64"], options["transform"])


class Engine:
    def __init__(self, x64: bool, transform: str) -> None:
        import jax
        import numpy as np
        import pennylane as qml

        jax.config.update("jax_enable_x64", x64)
        self.jax: Any = jax
        self.jnp, self.np, self.qml = jax.numpy, np, qml
        self.transform: Any = {
            "": lambda qnode: qnode,
            "vmap": functools.partial(jax.vmap, in_axes=(0, None)),
            "grad": jax.grad,  # by the first argument
        }[transform]
        self.batched = transform == "vmap"
        self.device = functools.partial(qml.device, "default.qubit")
        self.operations = {name: getattr(qml, operation) for name, operation in OPERATIONS.items()}
        for name, base in {"sdg": qml.S, "tdg": qml.T, "sxdg": qml.SX}.items():
            self.operations[name] = lambda *, wires, base=base: qml.adjoint(base(wires))
        for name in ("csx", "c3sx"):
            self.operations[name] = lambda *, wires: qml.ctrl(qml.SX(wires[-1]), control=wires[:-1])
        self.device(wires=1)  # the first device loads its module, the first array starts XLA: import
        jax.block_until_ready(self.jnp.zeros(1))

    def supports(self, circuit: Any, task: Any) -> Any:
        if task.kind == "sample" and all(qubit is None for qubit in circuit.readout):
            return "no qubit is measured"
        return None

    def translate(self, circuit: Any, task: Any) -> Any:
        qml, wires = self.qml, circuit.num_qubits
        last = wires - 1
        calls, given = self.calls(circuit, task)
        qubits = sorted({qubit for qubit in circuit.readout if qubit is not None})
        shown = [last - qubit for qubit in reversed(qubits)]
        observable = None if task.observable is None else self.hamiltonian(task.observable, last)

        def function(values: Any, start: Any) -> Any:
            qml.StatePrep(start, wires=range(wires))
            for operation, angles, on in calls:
                operation(*[a if isinstance(a, float) else turned(values, *a) for a in angles], wires=on)
            if observable is not None:
                return qml.expval(observable)
            return qml.state() if task.shots is None else qml.sample(wires=shown)

        def sampled(values: Any, start: Any, key: Any) -> Any:
            device = self.device(wires=wires, seed=key)
            qnode = qml.QNode(function, device, interface="jax", diff_method=None, shots=task.shots)
            return qnode(values, start)

        zeros = self.np.zeros(2**wires, complex)
        zeros[0] = 1
        arguments = self.jnp.array(given, float), self.jnp.asarray(zeros)
        if task.shots is not None:
            return self.jax.jit(sampled), arguments, (qubits, circuit.readout)
        qnode = qml.QNode(function, self.device(wires=wires), interface="jax")
        return self.jax.jit(self.transform(qnode)), arguments, None

    def calls(self, circuit: Any, task: Any) -> Any:
        """What the function calls, and the angles that it is given; with bindings these are an example."""
        place = {name: index for index, name in enumerate(task.parameters)}
        given: Any = []
        calls: List[Any] = []
        for gate in circuit.gates:
            angles: List[Any] = []
            for angle in gate.params:
                if not isinstance(angle, float):
                    angles.append((place[angle.name], angle.scale, angle.shift))
                elif task.bindings:
                    angles.append(angle)
                else:
                    angles.append((len(given), 1.0, 0.0))
                    given.append(angle)
            wires = [circuit.num_qubits - 1 - qubit for qubit in gate.qubits]
            calls.append((self.operations[gate.name], angles, wires))
        if task.bindings:
            given = task.bindings if self.batched else task.bindings[0]
        return calls, given

    def hamiltonian(self, observable: Any, last: int) -> Any:
        qml = self.qml
        paulis = {"X": qml.X, "Y": qml.Y, "Z": qml.Z}
        words = [
            functools.reduce(operator.matmul, [paulis[p](last - qubit) for qubit, p in term.paulis])
            if term.paulis
            else qml.Identity(0)
            for term in observable.terms
        ]
        return qml.Hamiltonian([term.coefficient for term in observable.terms], words)

    def compile(self, native: Any, task: Any) -> Any:
        jitted, arguments, readout = native
        key = () if readout is None else (self.jax.random.PRNGKey(0),)
        return jitted.lower(*arguments, *key).compile(), arguments, task.kind, readout

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        function, (values, start), kind, readout = program
        if readout is not None:
            answer = function(values, start, self.jax.random.PRNGKey(seed))
        elif bindings is None:
            answer = function(values, start)
        elif self.batched:
            answer = function(self.jnp.array(bindings, float), start)
        elif kind == "gradient":
            answer = function(self.jnp.array(bindings[0], float), start)
        else:
            answer = [function(self.jnp.array(row, float), start) for row in bindings]
        return self.jax.block_until_ready(answer), kind, readout

    def readback(self, handle: Any) -> Any:
        answer, kind, readout = handle
        if kind == "expval":
            return float(answer)
        if isinstance(answer, list):
            return [float(value) for value in answer]
        array = self.np.asarray(answer)
        if readout is None:
            return array
        # One row per shot, the lowest of the qubits that are shown last; then classical bits for qubits.
        qubits, bits = readout
        place = {qubit: position for position, qubit in enumerate(qubits)}
        packed = array.reshape(-1, len(qubits)) @ (1 << self.np.arange(len(qubits))[::-1])
        found, counts = self.np.unique(packed, return_counts=True)
        return {
            sum(
                (outcome >> place[qubit] & 1) << bit for bit, qubit in enumerate(bits) if qubit is not None
            ): n
            for outcome, n in zip(found.tolist(), counts.tolist())  # noqa: B905
        }


def turned(values: Any, index: int, scale: float, shift: float) -> Any:
    value = values[index]
    return value if scale == 1.0 and shift == 0.0 else scale * value + shift
