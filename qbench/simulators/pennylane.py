"""PennyLane's default.qubit, lightning.qubit and reference.qubit, through a QNode, as users call them.

The front door: ``QNode(function, device)``, then the QNode is called.  (The devices without a QNode, up to 11
times faster on small circuits, are in pennylane_device.py.)  Circuits measured midway are in
pennylane_midway.py, gradients in pennylane_gradients.py, noise in pennylane_mixed.py, Clifford circuits in
pennylane_clifford.py.

translate   the gates become calls that the QNode's function will make; but for samples also the device and
            QNode, and for expval and sweep the observable, which stands above the QNode in users' programs
compile     there is none: a QNode records the function's tape, runs the device's transforms on it and
            executes it at every call, and all of that is what its users pay
execute     calling the QNode; for samples with a device and QNode of its own, as the seed is a device's
            and there is no public way to give it a new one (20 + 30 us beside 2500 us and more, measured).
            A sweep calls one QNode with one row after the other; ``pennylane.default.batched`` calls it once,
            with an array of K values for each parameter (PennyLane's parameter broadcasting)
readback    nothing: the QNode returned NumPy's array, the counts or the numbers

Qubit q is wire n-1-q.  PennyLane's wire 0 is most significant, so its state comes in our order without a
copy, and qubit 0 is the innermost index in memory, as for everybody else.  ``pennylane.lightning.c64`` is
the device with ``c_dtype=np.complex64``: it computes and hands back single precision.  ``diff_method``
and ``cache`` stay as they are ("best", "auto": no caching below second derivatives; every call was seen to
reach the device).  Threads: OMP (lightning) and OpenBLAS (default.qubit) variables.

``pennylane.reference`` is reference.qubit, the device that PennyLane writes other devices by: every gate is
written as a matrix on all qubits and multiplied to the state.  82 gates on 10 qubits take 1.6 s, hence at
most 10.  It has ten gates; what else there is, qbench lowers.

The observable is ``qml.Hamiltonian(coefficients, words)``, as PennyLane's tutorials write it; a term without
Paulis is ``qml.Identity(0)``.  The angle of a free parameter is ``scale * values[i] + shift``.

Traps (pennylane 0.45.1, pennylane-lightning 0.45.0; times are of a busy machine, orders of magnitude)
- On lightning, ``diff_method="best"`` adds the adjoint method's transforms: 690 us a call, None
  takes 390.
- default.qubit's U2 uses the rounded sum of its angles: ``U2(6.3, 100.5)`` is off by 3.6e-15; not declared.
  PennyLane has no cu with four angles, rccx or rc3x.  Every gate below was probed within 5e-16 (U3 on
  default.qubit: 1e-15; in single precision 1.5e-7), on all orders of up to three qubits, angles 1e-13 to
  100.5.
- In single precision 500 times ``RY(1e-7)`` is off by 1.3e-5: each step rounds the same way (Aer: the same).
- ``qml.counts`` wants distinct wires, and an empty list means all of them.
- ``qml.Hamiltonian`` or ``qml.dot``: the same value; on default.qubit dot's ``Sum`` takes up to 1.3 times as
  long.  Both keep small coefficients, but ``simplify`` drops those up to 1e-8 (see pennylane_gradients.py).
- A batch of 16 rows is 8 times faster than the loop on 4 and 8 qubits, twice on 12, and no faster on 14: it
  holds 16 states.  lightning takes a batch apart (``broadcast_expand``): no configuration there.
"""

import functools
import operator
from typing import Any

CONTRACT = 1
DISTRIBUTIONS = ["pennylane"]
LICENCE = "Apache-2.0"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["state", "sample", "expval", "sweep"]
UNSUPPORTED = {
    "gradient": "each way to a gradient is a configuration of its own, such as pennylane.default.adjoint",
    "density_matrix": "a device of state vectors takes no noise channels; pennylane.mixed does",
    "noisy_sample": "a device of state vectors takes no noise channels; pennylane.mixed does",
}
GATES = [
    "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u",
    "cx", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz", "swap", "rxx", "ryy", "rzz",
    "ccx", "cswap", "c3x", "c3sx", "c4x",
]  # fmt: skip
MAX_QUBITS = 24
CONFIGURATIONS = {
    "pennylane.default": {"OPTIONS": {"device": "default.qubit"}},
    "pennylane.default.batched": {
        "OPTIONS": {"device": "default.qubit", "batched": True},
        "TASKS": ["sweep"],
        "UNSUPPORTED": {
            "state": "it differs from pennylane.default in sweeps only",
            "sample": "it differs from pennylane.default in sweeps only",
            "expval": "it differs from pennylane.default in sweeps only",
            "gradient": "each way to a gradient is a configuration, such as pennylane.default.backprop",
            "density_matrix": "a device of state vectors takes no noise channels; pennylane.mixed does",
            "noisy_sample": "a device of state vectors takes no noise channels; pennylane.mixed does",
        },
        "MAX_QUBITS": 18,
    },
    "pennylane.lightning": {
        "DISTRIBUTIONS": ["pennylane-lightning", "pennylane"],
        "OPTIONS": {"device": "lightning.qubit"},
    },
    "pennylane.lightning.c64": {
        "DISTRIBUTIONS": ["pennylane-lightning", "pennylane"],
        "PRECISION": "complex64",
        "OPTIONS": {"device": "lightning.qubit", "c_dtype": "complex64"},
    },
    "pennylane.reference": {
        "OPTIONS": {"device": "reference.qubit"},
        "GATES": ["x", "y", "z", "h", "rx", "ry", "rz", "cx", "cz"],
        "MAX_QUBITS": 10,
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
    return Engine(options)


class Engine:
    def __init__(self, options: Any) -> None:
        import numpy as np
        import pennylane as qml

        self.np, self.qml = np, qml
        self.batched = options.get("batched", False)
        own = {"c_dtype": getattr(np, options["c_dtype"])} if "c_dtype" in options else {}
        self.device = functools.partial(qml.device, options["device"], **own)
        self.operations = {name: getattr(qml, operation) for name, operation in OPERATIONS.items()}
        for name, base in {"sdg": qml.S, "tdg": qml.T, "sxdg": qml.SX}.items():
            self.operations[name] = lambda *, wires, base=base: qml.adjoint(base(wires))
        for name in ("csx", "c3sx"):
            self.operations[name] = lambda *, wires: qml.ctrl(qml.SX(wires[-1]), control=wires[:-1])
        self.device(wires=1)  # the first one loads the device's module: import, not translate

    def supports(self, circuit: Any, task: Any) -> Any:
        if task.kind == "sample" and all(qubit is None for qubit in circuit.readout):
            return "no qubit is measured"
        return None

    def translate(self, circuit: Any, task: Any) -> Any:
        if task.observable is not None:
            return self.observed(circuit, task)
        qml, wires = self.qml, circuit.num_qubits
        last = wires - 1
        calls = [
            (self.operations[gate.name], gate.params, [last - qubit for qubit in gate.qubits])
            for gate in circuit.gates
        ]
        qubits = sorted({qubit for qubit in circuit.readout if qubit is not None})
        shown = [last - qubit for qubit in reversed(qubits)]

        def function() -> Any:
            for operation, angles, on in calls:
                operation(*angles, wires=on)
            return qml.state() if task.shots is None else qml.counts(wires=shown)

        if task.shots is None:
            return qml.QNode(function, self.device(wires=wires)), None
        return function, (wires, task.shots, qubits, circuit.readout)

    def observed(self, circuit: Any, task: Any) -> Any:
        """An expectation value, at the circuit's own angles or at rows of values."""
        qml, last = self.qml, circuit.num_qubits - 1
        place = {name: index for index, name in enumerate(task.parameters)}
        calls = [
            (
                self.operations[gate.name],
                [a if isinstance(a, float) else (place[a.name], a.scale, a.shift) for a in gate.params],
                [last - qubit for qubit in gate.qubits],
            )
            for gate in circuit.gates
        ]
        paulis = {"X": qml.X, "Y": qml.Y, "Z": qml.Z}
        words = [
            functools.reduce(operator.matmul, [paulis[p](last - qubit) for qubit, p in term.paulis])
            if term.paulis
            else qml.Identity(0)
            for term in task.observable.terms
        ]
        observable = qml.Hamiltonian([term.coefficient for term in task.observable.terms], words)

        def function(values: Any = ()) -> Any:
            for operation, angles, on in calls:
                operation(
                    *[a if isinstance(a, float) else a[1] * values[a[0]] + a[2] for a in angles], wires=on
                )
            return qml.expval(observable)

        return qml.QNode(function, self.device(wires=circuit.num_qubits)), task.kind

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        function, asked = program
        if asked is None:
            return function(), None
        if asked == "expval":
            return function(), asked
        if asked == "sweep" and self.batched:
            return function(self.np.array(bindings).T), asked
        if asked == "sweep":
            return [function(row) for row in bindings], asked
        wires, shots, qubits, readout = asked
        device = self.device(wires=wires, seed=seed)
        return self.qml.QNode(function, device, shots=shots)(), (qubits, readout)

    def readback(self, handle: Any) -> Any:
        result, bits = handle
        if bits is None:
            return result
        if bits == "expval":
            return float(result)
        if bits == "sweep":  # a batch of one row comes as a number
            return [float(value) for value in self.np.atleast_1d(result)]
        qubits, readout = bits
        if qubits == list(readout):
            return result
        # Classical bits in another order, or never written (0): each outcome is spelled anew, last bit first.
        place = {qubit: -1 - position for position, qubit in enumerate(qubits)}
        return {
            "".join("0" if qubit is None else key[place[qubit]] for qubit in reversed(readout)): count
            for key, count in result.items()
        }
