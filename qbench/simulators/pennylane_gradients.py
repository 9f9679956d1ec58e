"""PennyLane's gradients: qml.grad of a QNode, with backpropagation, the adjoint method or parameter shifts.

The front door: ``qml.grad(QNode(function, device, diff_method=...))(theta)`` with ``theta`` an array of
``pennylane.numpy`` that requires a gradient: PennyLane's autograd interface, the one that comes with it.

*.backprop   ``diff_method="backprop"``: autograd follows every step of default.qubit, which keeps all of them
*.adjoint    ``diff_method="adjoint"``: one pass forward and one back with two vectors, in default.qubit's
             Python or in lightning.qubit's C++
*.shift      ``diff_method="parameter-shift"``: the circuit is run again two or more times per angle

translate   the gates become calls that the QNode's function will make; the device, the QNode, ``qml.grad`` of
            it, and the observable ``qml.Hamiltonian(coefficients, words)``
compile     there is none: every call records the tape, transforms, executes and differentiates it
execute     the array of the binding's values, and the call: the whole gradient
readback    nothing: an array of one derivative per parameter, in the task's order

A parameter's angle is ``scale * values[i] + shift`` with ``values = [theta[0], theta[1], ...]``, the scale
and the shift left out where they are 1 and 0; the other angles are plain numbers, which PennyLane
differentiates nothing by.  A parameter that the value does not depend on has derivative 0.

``cache`` stays "auto" and ``device_vjp`` False.  Nothing of one call is left for the next: the adjoint's
Jacobian is kept in an object that lives as long as one call, and every call was seen to reach the device as
often as the first.  Threads: OMP (lightning) and OpenBLAS (default.qubit) variables.

Traps (pennylane 0.45.1, pennylane-lightning 0.45.0)
- default.qubit's adjoint method does not count the parameters of an operation with several
  (``adjoint_jacobian``), so that one whose angles are plain numbers spoils all derivatives before it:
  ``RY(t); U3(0.3, 0.4, 0.5); expval(X)`` has the derivative 0.0 instead of 0.2127 at t = 0.8; U2 and Rot do
  the same.  ``u`` is therefore lowered there.  (A U3 with a free angle is right: PennyLane decomposes it.)
- ``device_vjp=True``, which is not the default, drops terms of a ``Sum`` with coefficients up to 1e-8 on
  lightning, and from the caller's own observable as well: with ``H = qml.dot([1e-9, 1.0], [Z(0), Z(1)])`` the
  derivative of the first term is 0, and the next ``expval(H)`` lacks it.
- default.qubit's adjoint method writes the observable as a dense matrix: 4 s on 11 qubits, 30 s and 1.2 GB on
  12, hence at most 11.  Backpropagation keeps 1.6 MB per gate on 16 qubits.
- Parameter shifts cost two executions per angle, not per parameter, and four for crx, cry, crz.
- ``qml.Tracker`` counts every derivative of lightning twice; it is computed once.
"""

import functools
import operator
from typing import Any

CONTRACT = 1
DISTRIBUTIONS = ["pennylane"]
LICENCE = "Apache-2.0"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["gradient"]
UNSUPPORTED = {
    "state": "it computes gradients only; pennylane.default and pennylane.lightning give the state",
    "sample": "it computes gradients only; pennylane.default and pennylane.lightning sample",
    "expval": "it computes gradients only; pennylane.default and pennylane.lightning give the value",
    "sweep": "it computes gradients only; pennylane.default and pennylane.lightning sweep",
    "density_matrix": "a device of state vectors takes no noise channels; pennylane.mixed does",
    "noisy_sample": "a device of state vectors takes no noise channels; pennylane.mixed does",
}
GATES = [
    "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u",
    "cx", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz", "swap", "rxx", "ryy", "rzz",
    "ccx", "cswap", "c3x", "c3sx", "c4x",
]  # fmt: skip
MAX_QUBITS = 20
CONFIGURATIONS = {
    "pennylane.default.backprop": {
        "OPTIONS": {"device": "default.qubit", "diff_method": "backprop"},
        "MAX_QUBITS": 16,
    },
    "pennylane.default.adjoint": {
        "OPTIONS": {"device": "default.qubit", "diff_method": "adjoint"},
        "GATES": [  # without u
            "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p",
            "cx", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz", "swap", "rxx", "ryy", "rzz",
            "ccx", "cswap", "c3x", "c3sx", "c4x",
        ],
        "MAX_QUBITS": 11,
    },
    "pennylane.default.shift": {"OPTIONS": {"device": "default.qubit", "diff_method": "parameter-shift"}},
    "pennylane.lightning.adjoint": {
        "DISTRIBUTIONS": ["pennylane-lightning", "pennylane"],
        "OPTIONS": {"device": "lightning.qubit", "diff_method": "adjoint"},
        "MAX_QUBITS": 24,
    },
    "pennylane.lightning.adjoint.c64": {
        "DISTRIBUTIONS": ["pennylane-lightning", "pennylane"],
        "PRECISION": "complex64",
        "OPTIONS": {"device": "lightning.qubit", "diff_method": "adjoint", "c_dtype": "complex64"},
        "MAX_QUBITS": 24,
    },
    "pennylane.lightning.shift": {
        "DISTRIBUTIONS": ["pennylane-lightning", "pennylane"],
        "OPTIONS": {"device": "lightning.qubit", "diff_method": "parameter-shift"},
    },
}  # fmt: skip

OPERATIONS = {
    "id": "Identity", "x": "X", "y": "Y", "z": "Z", "h": "Hadamard", "s": "S", "t": "T", "sx": "SX",
    "rx": "RX", "ry": "RY", "rz": "RZ", "p": "PhaseShift", "u": "U3", "swap": "SWAP",
    "cx": "CNOT", "cy": "CY", "cz": "CZ", "ch": "CH", "cp": "ControlledPhaseShift",
    "crx": "CRX", "cry": "CRY", "crz": "CRZ", "rxx": "IsingXX", "ryy": "IsingYY", "rzz": "IsingZZ",
    "ccx": "Toffoli", "cswap": "CSWAP", "c3x": "MultiControlledX", "c4x": "MultiControlledX",
}  # fmt: skip


def load(options: Any) -> "Engine":
    return Engine(options["device"], options["diff_method"], options.get("c_dtype"))


class Engine:
    def __init__(self, device: str, diff_method: str, c_dtype: Any) -> None:
        import pennylane as qml
        from pennylane import numpy

        self.qml, self.numpy, self.diff_method = qml, numpy, diff_method
        own = {"c_dtype": getattr(numpy, c_dtype)} if c_dtype else {}
        self.device = functools.partial(qml.device, device, **own)
        self.operations = {name: getattr(qml, operation) for name, operation in OPERATIONS.items()}
        for name, base in {"sdg": qml.S, "tdg": qml.T, "sxdg": qml.SX}.items():
            self.operations[name] = lambda *, wires, base=base: qml.adjoint(base(wires))
        for name in ("csx", "c3sx"):
            self.operations[name] = lambda *, wires: qml.ctrl(qml.SX(wires[-1]), control=wires[:-1])
        self.device(wires=1)  # the first one loads the device's module: import, not translate

    def translate(self, circuit: Any, task: Any) -> Any:
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

        def function(theta: Any) -> Any:
            values = [theta[index] for index in range(len(place))]
            for operation, angles, on in calls:
                operation(*[a if isinstance(a, float) else angle(values, *a) for a in angles], wires=on)
            return qml.expval(observable)

        device = self.device(wires=circuit.num_qubits)
        return qml.grad(qml.QNode(function, device, diff_method=self.diff_method))

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        return program(self.numpy.array(bindings[0], requires_grad=True))

    def readback(self, handle: Any) -> Any:
        return handle


def angle(values: Any, index: int, scale: float, shift: float) -> Any:
    value = values[index]
    return value if scale == 1.0 and shift == 0.0 else scale * value + shift
