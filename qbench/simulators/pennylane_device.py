"""PennyLane's default.qubit and lightning.qubit as bare devices: tapes, without a QNode.  Also a gradient.

The front door: ``tape = QuantumScript(operations, measurements, shots=)``, then, as the documentation of
PennyLane's devices has it, ``program, config = device.preprocess()``, ``batch, post = program([tape])`` and
``post(device.execute(batch, config))``.  It is for who builds circuits by program and runs them often; the
QNode, PennyLane's usual door, records and prepares the tape at every call (pennylane.py).  The state after 80
gates on 10 qubits, CPU time: lightning.qubit 0.4 ms, with a QNode 4.8 ms; default.qubit 4.9 and 7.7 ms.

translate   the tape: an object per gate, the measurement, and ``qml.Hamiltonian`` where there is an
            observable; the device, which ``preprocess`` asks
compile     ``device.preprocess()`` and its program on the tape: checks, and decomposition of what the device
            has not
execute     ``device.execute`` and the program's postprocessing.  For samples on a device of its own, as the
            seed is a device's.  A sweep binds one tape per row (``bind_new_parameters``), prepares all of
            them with the program and executes them as one batch, which PennyLane runs one after the other
readback    nothing: NumPy's array, the counts or the numbers

pennylane.lightning.device.adjoint is the gradient: ``device.preprocess(config)`` with
``ExecutionConfig(gradient_method="adjoint")``, then in execute the tape bound to the values, prepared, and
``device.compute_derivatives(batch, config)``: one pass forward and one back.  It gives one derivative per
angle; times the scales and summed by parameter they are the gradient, in this file, as a user has to do it.
21 angles on 8 qubits: 3.8 ms, by a QNode and ``qml.grad`` 20 ms.

Qubit q is wire n-1-q, and ``pennylane.lightning.device.c64`` is ``c_dtype=np.complex64``: see pennylane.py.
Nothing else is switched on or off.  Threads: OMP (lightning) and OpenBLAS (default.qubit) variables.

Traps (pennylane 0.45.1, pennylane-lightning 0.45.0), beside those of pennylane.py, which has the same devices
- To differentiate, the program decomposes U3 and CH, and the tape it gives then takes all its angles for
  trainable, in place of those that the tape was made with: a derivative for each, and none is marked.  So u
  and ch are lowered for the gradient.
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
    "gradient": "each way to a gradient is a configuration of its own, such as pennylane.lightning.adjoint",
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
    "pennylane.default.device": {"OPTIONS": {"device": "default.qubit"}},
    "pennylane.lightning.device": {
        "DISTRIBUTIONS": ["pennylane-lightning", "pennylane"],
        "OPTIONS": {"device": "lightning.qubit"},
    },
    "pennylane.lightning.device.c64": {
        "DISTRIBUTIONS": ["pennylane-lightning", "pennylane"],
        "PRECISION": "complex64",
        "OPTIONS": {"device": "lightning.qubit", "c_dtype": "complex64"},
    },
    "pennylane.lightning.device.adjoint": {
        "DISTRIBUTIONS": ["pennylane-lightning", "pennylane"],
        "OPTIONS": {"device": "lightning.qubit"},
        "TASKS": ["gradient"],
        "GATES": [  # without u and ch
            "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p",
            "cx", "cy", "cz", "csx", "cp", "crx", "cry", "crz", "swap", "rxx", "ryy", "rzz",
            "ccx", "cswap", "c3x", "c3sx", "c4x",
        ],
        "UNSUPPORTED": {
            "state": "it computes gradients only; pennylane.lightning.device gives the state",
            "sample": "it computes gradients only; pennylane.lightning.device samples",
            "expval": "it computes gradients only; pennylane.lightning.device gives the value",
            "sweep": "it computes gradients only; pennylane.lightning.device sweeps",
            "density_matrix": "a device of state vectors takes no noise channels; pennylane.mixed does",
            "noisy_sample": "a device of state vectors takes no noise channels; pennylane.mixed does",
        },
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
        self.adjoint = qml.devices.ExecutionConfig(gradient_method="adjoint")
        self.device(wires=1)  # the first one loads the device's module: import, not translate

    def supports(self, circuit: Any, task: Any) -> Any:
        if task.kind == "sample" and all(qubit is None for qubit in circuit.readout):
            return "no qubit is measured"
        return None

    def translate(self, circuit: Any, task: Any) -> Any:
        qml, last = self.qml, circuit.num_qubits - 1
        free, operations = [], []
        place = {name: index for index, name in enumerate(task.parameters)}
        count = 0
        for gate in circuit.gates:
            for angle in gate.params:
                if not isinstance(angle, float):
                    free.append((count, place[angle.name], angle.scale, angle.shift))
                count += 1
            angles = [angle if isinstance(angle, float) else 0.0 for angle in gate.params]
            operations.append(self.operations[gate.name](*angles, wires=[last - q for q in gate.qubits]))
        qubits = sorted({qubit for qubit in circuit.readout if qubit is not None})
        if task.observable is not None:
            measurement = qml.expval(self.hamiltonian(task.observable, last))
        elif task.shots is None:
            measurement = qml.state()
        else:
            measurement = qml.counts(wires=[last - qubit for qubit in reversed(qubits)])
        places = [place for place, _, _, _ in free] if task.kind == "gradient" else None
        tape = qml.tape.QuantumScript(operations, [measurement], shots=task.shots, trainable_params=places)
        return tape, self.device(wires=circuit.num_qubits), free, (qubits, circuit.readout)

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
        tape, device, free, bits = native
        program, config = device.preprocess(self.adjoint if task.kind == "gradient" else None)
        if task.kind in ("sweep", "gradient"):  # their tapes are made when the values come
            return task.kind, device, config, (program, tape, free, len(task.parameters))
        return task.kind, device, config, (*program([tape]), bits)

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        kind, device, config, prepared = program
        if kind in ("sweep", "gradient"):
            prepare, tape, free, parameters = prepared
            places = [place for place, _, _, _ in free]
            rows = [[scale * row[index] + shift for _, index, scale, shift in free] for row in bindings]
            batch, post = prepare([tape.bind_new_parameters(row, places) for row in rows])
            if kind == "sweep":
                return kind, post(device.execute(batch, config)), None
            (found,) = device.compute_derivatives(batch, config)
            each = found if isinstance(found, tuple) else (found,)
            if len(each) != len(free):
                raise RuntimeError(f"{len(each)} derivatives for {len(free)} angles: a gate was decomposed")
            slopes = [0.0] * parameters
            for (_, index, scale, _), slope in zip(free, each):  # noqa: B905
                slopes[index] += scale * slope
            return kind, slopes, None
        batch, post, bits = prepared
        if kind == "sample":
            device = self.device(wires=device.wires, seed=seed)
        return kind, post(device.execute(batch, config))[0], bits

    def readback(self, handle: Any) -> Any:
        kind, result, bits = handle
        if kind == "state":
            return result
        if kind == "expval":
            return float(result)
        if kind in ("sweep", "gradient"):
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
