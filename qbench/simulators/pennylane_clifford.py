"""PennyLane's default.clifford: Stim behind a QNode.

The front door: ``QNode(function, device("default.clifford", wires=n))``, then the QNode is called.  Clifford
circuits only; any other circuit is unsupported, with its first gate that is not Clifford.

pennylane.clifford        samples, noisy samples and expectation values
pennylane.clifford.state  the state vector, ``tableau=False``, computed in single precision by Stim

translate   the gates become calls that the QNode's function will make; but for samples also the device and
            the QNode, and for expval the observable, ``qml.Hamiltonian(coefficients, words)``
compile     there is none: a QNode records the function's tape, prepares and executes it at every call
execute     calling the QNode; for samples with a device and QNode of its own, as the seed is a device's
readback    nothing: the QNode returned the array, the counts or the number

Qubit q is wire n-1-q, so that the state comes in our order (see pennylane.py).

Noise, with samples only: depolarizing(p) on one qubit is ``DepolarizingChannel(3p/4)``, as PennyLane counts
Pauli errors; on two qubits it is one ``PauliError(word, q)`` for each of the 15 products, one after the
other, with 1 - p = (1 - 2q)^8, as each product anticommutes with 8 of them: the same channel.
phase_damping(l) is ``PhaseFlip((1 - sqrt(1 - l))/2)``, readout(p) is ``BitFlip(p)`` before the measurement,
as in pennylane_mixed.py.  Amplitude damping is no mixture of Paulis.

Traps (pennylane 0.45.1, stim 1.16.0)
- The state of a circuit with idle wires comes with its wires in another order: ``X(2)`` on three wires gives
  |100>, not |001>, as the device numbers wires as operations name them.  So an ``Identity`` on each wire, in
  order, opens every circuit here.
- ``SX`` and its adjoint are declared by the device and raise ``ValueError: Gate not found: 'SX'``: it writes
  Stim's gate by a name that Stim has not.  They are lowered.
"""

import functools
import itertools
import math
import operator
from typing import Any, Dict

CONTRACT = 1
DISTRIBUTIONS = ["pennylane", "stim"]
LICENCE = "Apache-2.0"
KIND = "clifford"
PRECISION = "complex128"
TASKS = ["sample", "expval", "noisy_sample"]
UNSUPPORTED = {
    "state": "pennylane.clifford.state gives it, in single precision",
    "gradient": "Clifford gates have no angles to differentiate by",
    "sweep": "Clifford gates have no angles to sweep",
    "density_matrix": "the device takes noise with samples only",
}
GATES = ["id", "x", "y", "z", "h", "s", "sdg", "cx", "cy", "cz", "swap"]
NOISE = ["depolarizing", "phase_damping", "readout"]
MAX_QUBITS = 100
OPTIONS: Dict[str, Any] = {}
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {
    "pennylane.clifford": {},
    "pennylane.clifford.state": {
        "PRECISION": "complex64",
        "OPTIONS": {"tableau": False},
        "TASKS": ["state"],
        "NOISE": [],
        "MAX_QUBITS": 20,
        "UNSUPPORTED": {
            "sample": "it differs from pennylane.clifford in states only",
            "expval": "it differs from pennylane.clifford in states only",
            "gradient": "Clifford gates have no angles to differentiate by",
            "sweep": "Clifford gates have no angles to sweep",
            "density_matrix": "the device takes noise with samples only",
            "noisy_sample": "it differs from pennylane.clifford in states only",
        },
    },
}

OPERATIONS = {
    "id": "Identity", "x": "X", "y": "Y", "z": "Z", "h": "Hadamard", "s": "S",
    "swap": "SWAP", "cx": "CNOT", "cy": "CY", "cz": "CZ",
}  # fmt: skip


def load(options: Any) -> "Engine":
    return Engine({key: value for key, value in options.items() if key == "tableau"})


class Engine:
    def __init__(self, own: Any) -> None:
        import pennylane as qml

        self.qml = qml
        self.device = functools.partial(qml.device, "default.clifford", **own)
        self.operations = {name: getattr(qml, operation) for name, operation in OPERATIONS.items()}
        self.operations["sdg"] = lambda *, wires: qml.adjoint(qml.S(wires))
        self.operations["depolarizing"] = self.depolarizing
        self.operations["phase_damping"] = self.phase_damping
        self.device(wires=1)  # the first one loads the device's module: import, not translate

    def depolarizing(self, p: float, wires: Any) -> None:
        if len(wires) == 1:
            self.qml.DepolarizingChannel(0.75 * p, wires=wires)
            return
        each = 0.5 if p == 1.0 else -0.5 * math.expm1(0.125 * math.log1p(-p))
        for word in list(itertools.product("IXYZ", repeat=2))[1:]:
            on = [(letter, wire) for letter, wire in zip(word, wires) if letter != "I"]  # noqa: B905
            self.qml.PauliError("".join(letter for letter, _ in on), each, wires=[wire for _, wire in on])

    def phase_damping(self, strength: float, wires: Any) -> None:
        flip = 0.5 if strength == 1.0 else -0.5 * math.expm1(0.5 * math.log1p(-strength))
        self.qml.PhaseFlip(flip, wires=wires)

    def supports(self, circuit: Any, task: Any) -> Any:
        if not task.counted:
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
        calls = [
            (self.operations[op.name], op.params, [last - qubit for qubit in op.qubits])
            for op in circuit.operations
            if op.name not in ("barrier", "measure")
        ]
        qubits = sorted({qubit for qubit in circuit.readout if qubit is not None})
        shown = [last - qubit for qubit in reversed(qubits)]
        turned = 0.0 if task.noise is None else task.noise.readout_error
        observable = None if task.observable is None else self.hamiltonian(task.observable, last)

        def function() -> Any:
            for wire in range(wires):  # else idle wires change the order of all (see Traps)
                qml.Identity(wire)
            for operation, strength, on in calls:
                operation(*strength, wires=on)
            if observable is not None:
                return qml.expval(observable)
            if task.shots is None:
                return qml.state()
            if turned:
                for wire in shown:
                    qml.BitFlip(turned, wires=wire)
            return qml.counts(wires=shown)

        if task.shots is None:
            return qml.QNode(function, self.device(wires=wires)), task.kind
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
        if isinstance(asked, str):
            return function(), asked
        wires, shots, qubits, readout = asked
        device = self.device(wires=wires, seed=seed)
        return self.qml.QNode(function, device, shots=shots)(), (qubits, readout)

    def readback(self, handle: Any) -> Any:
        result, asked = handle
        if asked == "state":
            return result
        if asked == "expval":
            return float(result)
        qubits, readout = asked
        if qubits == list(readout):
            return result
        # Classical bits in another order, or never written (0): each outcome is spelled anew, last bit first.
        place = {qubit: -1 - position for position, qubit in enumerate(qubits)}
        return {
            "".join("0" if qubit is None else key[place[qubit]] for qubit in reversed(readout)): count
            for key, count in result.items()
        }
