"""PennyLane's default.qubit and lightning.qubit, through a QNode, as users call them.

The front door: ``QNode(function, device)``, then the QNode is called.  (``qml.execute`` and
``device.execute`` are further doors, up to 8 times faster on small circuits; they would be other
configurations.)

translate   the gates become calls that the QNode's function will make; for a state also the device and QNode
compile     there is none: a QNode records the function's tape, runs the device's transforms on it and
            executes it at every call, and all of that is what its users pay
execute     calling the QNode; for samples with a device and QNode of its own, as the seed is a device's
            and there is no public way to give it a new one (20 + 30 us beside 2500 us and more, measured)
readback    nothing: the QNode returned NumPy's array or the counts

Qubit q is wire n-1-q.  PennyLane's wire 0 is most significant, so its state comes in our order without a
copy, and qubit 0 is the innermost index in memory, as for everybody else.  ``pennylane.lightning.c64`` is
the device with ``c_dtype=np.complex64``: it computes and hands back single precision.  ``diff_method``
and ``cache`` stay as they are ("best", "auto": no caching below second derivatives; every call was seen to
reach the device).  Threads: OMP (lightning) and OpenBLAS (default.qubit) variables.

Traps (pennylane 0.45.1, pennylane-lightning 0.45.0)
- On lightning, ``diff_method="best"`` adds the adjoint method's transforms: 690 us a call, None
  takes 390.
- default.qubit's U2 uses the rounded sum of its angles: ``U2(6.3, 100.5)`` is off by 3.6e-15; not declared.
  PennyLane has no cu with four angles, rccx or rc3x.  Every gate below was probed within 5e-16 (U3 on
  default.qubit: 1e-15; in single precision 1.5e-7), on all orders of up to three qubits, angles 1e-13 to
  100.5.
- In single precision 500 times ``RY(1e-7)`` is off by 1.3e-5: each step rounds the same way (Aer: the same).
- ``qml.counts`` wants distinct wires, and an empty list means all of them.
"""

import functools
from typing import Any

CONTRACT = 1
DISTRIBUTIONS = ["pennylane"]
LICENCE = "Apache-2.0"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["state", "sample"]
GATES = [
    "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u",
    "cx", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz", "swap", "rxx", "ryy", "rzz",
    "ccx", "cswap", "c3x", "c3sx", "c4x",
]  # fmt: skip
MAX_QUBITS = 24
CONFIGURATIONS = {
    "pennylane.default": {"OPTIONS": {"device": "default.qubit"}},
    "pennylane.lightning": {
        "DISTRIBUTIONS": ["pennylane-lightning", "pennylane"],
        "OPTIONS": {"device": "lightning.qubit"},
    },
    "pennylane.lightning.c64": {
        "DISTRIBUTIONS": ["pennylane-lightning", "pennylane"],
        "PRECISION": "complex64",
        "OPTIONS": {"device": "lightning.qubit", "c_dtype": "complex64"},
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
    return Engine(options["device"], options.get("c_dtype"))


class Engine:
    def __init__(self, device: str, c_dtype: Any) -> None:
        import numpy as np
        import pennylane as qml

        self.qml = qml
        own = {"c_dtype": getattr(np, c_dtype)} if c_dtype else {}
        self.device = functools.partial(qml.device, device, **own)
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

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        function, sampling = program
        if sampling is None:
            return function(), None
        wires, shots, qubits, readout = sampling
        device = self.device(wires=wires, seed=seed)
        return self.qml.QNode(function, device, shots=shots)(), (qubits, readout)

    def readback(self, handle: Any) -> Any:
        result, bits = handle
        if bits is None or bits[0] == list(bits[1]):
            return result
        # Classical bits in another order, or never written (0): each outcome is spelled anew, last bit first.
        qubits, readout = bits
        place = {qubit: -1 - position for position, qubit in enumerate(qubits)}
        return {
            "".join("0" if qubit is None else key[place[qubit]] for qubit in reversed(readout)): count
            for key, count in result.items()
        }
