"""PennyLane's default.mixed: density matrices and noise channels, through a QNode.

The front door: ``QNode(function, device("default.mixed", wires=n))``, then the QNode is called.

translate   gates and channels become calls that the QNode's function will make; but for samples also the
            device and the QNode, and for expval and sweep ``qml.Hamiltonian(coefficients, words)``
compile     there is none, see pennylane.py
execute     calling the QNode; for samples with a device and QNode of its own, as the seed is a device's.  A
            sweep calls one QNode with one row after the other
readback    nothing: the QNode returned NumPy's array, the counts or the numbers

Qubit q is wire n-1-q, so that ``qml.state()`` comes in our order: rows are kets, qubit 0 least significant.

The channels are ``QubitChannel(kraus, wires)``, PennyLane's way to a channel that is given by its Kraus
operators (what the strengths mean: docs/workloads.md)

depolarizing(p)       the 4^k products of Paulis: 1 - p (4^k - 1) / 4^k for the identity, else p / 4^k
amplitude_damping(g)  diag(1, sqrt(1 - g)) and sqrt(g) |0><1|
phase_damping(l)      diag(1, sqrt(1 - l)) and sqrt(l) |1><1|
readout(p)            ``BitFlip(p)`` before the measurement, as ``qml.add_noise`` places it.  A qubit that is
                      read into two classical bits is unsupported: both would turn together

Traps (pennylane 0.45.1; times are of a busy machine, orders of magnitude)
- Why not ``DepolarizingChannel(3p/4)`` (PennyLane counts Pauli errors: its p = 3/4 is the fully mixed qubit),
  ``AmplitudeDamping(g)`` and ``PhaseDamping(l)``, which mean the same: they add ``pennylane.math.eps``,
  1e-14, under each root, so that the trace grows with each of them, by 4.0e-14 (DepolarizingChannel) or
  2.0e-14: after 100 times ``DepolarizingChannel(0.1)`` it is 1 + 4.0e-12.  For two qubits there is none.
- ``device("default.mixed", readout_prob=0.1)`` raises ``TypeError: 'float' object is not iterable`` at every
  call (github.com/PennyLaneAI/pennylane/issues/9612), hence ``BitFlip``, whose 2e-14 no sample can see.
- A channel is one ``einsum`` over state and Kraus operators without an order of contraction: depolarizing two
  qubits takes 12 ms on 6 qubits, 150 ms on 8, 3 s on 10; a cx takes 3, 6 and 180 ms.  Hence at most 9 qubits,
  though PennyLane would take 23.
"""

import functools
import operator
from typing import Any

CONTRACT = 1
DISTRIBUTIONS = ["pennylane"]
LICENCE = "Apache-2.0"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["sample", "expval", "sweep", "density_matrix", "noisy_sample"]
UNSUPPORTED = {
    "state": "it computes a density matrix; pennylane.default computes the state",
    "gradient": "each way to a gradient is a configuration of its own, with a state vector: "
    "pennylane.default.backprop and others",
}
GATES = [
    "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u",
    "cx", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz", "swap", "rxx", "ryy", "rzz",
    "ccx", "cswap", "c3x", "c3sx", "c4x",
]  # fmt: skip
NOISE = ["depolarizing", "amplitude_damping", "phase_damping", "readout"]
MAX_QUBITS = 9
CONFIGURATIONS: Any = {"pennylane.mixed": {}}

OPERATIONS = {
    "id": "Identity", "x": "X", "y": "Y", "z": "Z", "h": "Hadamard", "s": "S", "t": "T", "sx": "SX",
    "rx": "RX", "ry": "RY", "rz": "RZ", "p": "PhaseShift", "u": "U3", "swap": "SWAP",
    "cx": "CNOT", "cy": "CY", "cz": "CZ", "ch": "CH", "cp": "ControlledPhaseShift",
    "crx": "CRX", "cry": "CRY", "crz": "CRZ", "rxx": "IsingXX", "ryy": "IsingYY", "rzz": "IsingZZ",
    "ccx": "Toffoli", "cswap": "CSWAP", "c3x": "MultiControlledX", "c4x": "MultiControlledX",
}  # fmt: skip


def load(options: Any) -> "Engine":
    return Engine()


class Engine:
    def __init__(self) -> None:
        import numpy as np
        import pennylane as qml

        self.np, self.qml = np, qml
        self.device = functools.partial(qml.device, "default.mixed")
        self.operations = {name: getattr(qml, operation) for name, operation in OPERATIONS.items()}
        for name, base in {"sdg": qml.S, "tdg": qml.T, "sxdg": qml.SX}.items():
            self.operations[name] = lambda *, wires, base=base: qml.adjoint(base(wires))
        for name in ("csx", "c3sx"):
            self.operations[name] = lambda *, wires: qml.ctrl(qml.SX(wires[-1]), control=wires[:-1])
        for name in NOISE[:3]:
            self.operations[name] = self.channel(name)
        self.paulis = np.array([[[1, 0], [0, 1]], [[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
        self.device(wires=1)  # the first one loads the device's module: import, not translate

    def channel(self, name: str) -> Any:
        """A channel's Kraus operators in a ``QubitChannel``; the matrices are built at every call."""
        np = self.np

        def depolarizing(p: float, wires: Any) -> Any:
            products: Any = [np.ones((1, 1))]
            for _ in wires:
                products = [np.kron(product, pauli) for product in products for pauli in self.paulis]
            count = len(products)
            sizes = np.sqrt([1 - p * (count - 1) / count] + (count - 1) * [p / count])
            return self.qml.QubitChannel(list(sizes[:, None, None] * np.array(products)), wires=wires)

        def damping(strength: float, wires: Any) -> Any:
            lost = np.zeros((2, 2))
            lost[0 if name == "amplitude_damping" else 1, 1] = np.sqrt(strength)
            return self.qml.QubitChannel([np.diag([1, np.sqrt(1 - strength)]), lost], wires=wires)

        return depolarizing if name == "depolarizing" else damping

    def supports(self, circuit: Any, task: Any) -> Any:
        if task.shots is None:
            return None
        read = [qubit for qubit in circuit.readout if qubit is not None]
        if not read:
            return "no qubit is measured"
        if task.noise is not None and task.noise.readout_error and len(set(read)) < len(read):
            return "a readout error turns the qubit: a qubit that is read twice would be wrong in both bits"
        return None

    def translate(self, circuit: Any, task: Any) -> Any:
        qml, wires = self.qml, circuit.num_qubits
        last = wires - 1
        place = {name: index for index, name in enumerate(task.parameters)}
        calls = [
            (
                self.operations[op.name],
                [a if isinstance(a, float) else (place[a.name], a.scale, a.shift) for a in op.params],
                [last - qubit for qubit in op.qubits],
            )
            for op in circuit.operations
            if op.name not in ("barrier", "measure")
        ]
        qubits = sorted({qubit for qubit in circuit.readout if qubit is not None})
        shown = [last - qubit for qubit in reversed(qubits)]
        turned = 0.0 if task.noise is None else task.noise.readout_error
        observable = None if task.observable is None else self.hamiltonian(task.observable, last)

        def function(values: Any = ()) -> Any:
            for operation, angles, on in calls:
                operation(
                    *[a if isinstance(a, float) else a[1] * values[a[0]] + a[2] for a in angles], wires=on
                )
            if observable is not None:
                return qml.expval(observable)
            if task.shots is None:
                return qml.state()
            if turned:
                for wire in shown:
                    qml.BitFlip(turned, wires=wire)
            return qml.counts(wires=shown)

        if task.shots is None:
            qnode = qml.QNode(function, self.device(wires=wires))
            return qnode, None if observable is None else task.kind
        return function, (wires, task.shots, qubits, circuit.readout)

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

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        function, asked = program
        if asked == "sweep":
            return [function(row) for row in bindings], asked
        if asked is None or asked == "expval":
            return function(), asked
        wires, shots, qubits, readout = asked
        device = self.device(wires=wires, seed=seed)
        return self.qml.QNode(function, device, shots=shots)(), (qubits, readout)

    def readback(self, handle: Any) -> Any:
        result, bits = handle
        if bits is None:
            return result
        if bits == "expval":
            return float(result)
        if bits == "sweep":
            return [float(value) for value in result]
        qubits, readout = bits
        if qubits == list(readout):
            return result
        # Classical bits in another order, or never written (0): each outcome is spelled anew, last bit first.
        place = {qubit: -1 - position for position, qubit in enumerate(qubits)}
        return {
            "".join("0" if qubit is None else key[place[qubit]] for qubit in reversed(readout)): count
            for key, count in result.items()
        }
