"""PennyLane's samples of circuits that are measured midway, reset or fed forward, shot by shot or as a tree.

The front door: ``QNode(function, device, shots=shots, mcm_method=...)``, then the QNode is called.

*.oneshot   ``mcm_method="one-shot"``, what PennyLane takes with shots if nothing is said: the circuit is run
            once for every shot
*.tree      ``mcm_method="tree-traversal"``: every branch is followed once, with its share of the shots

translate   gates, measurements, resets and conditions become calls that the QNode's function will make
compile     there is none, see pennylane.py
execute     making the device and the QNode, as the seed is a device's, and calling the QNode
readback    nothing: the QNode returned the counts

Qubit q is wire n-1-q.  Every measurement is ``qml.measure(wire)``, the last ones too, as PennyLane counts
outcomes either of those or of wires, not of both; a reset is ``qml.measure(wire, reset=True)``, a gate under
a condition ``qml.cond(m1 & ~m0, gate)(...)``, and ``qml.counts(op=[m2, m1, m0])`` counts.  A classical bit is
the value that was last written into it; one that was never written is 0, also in a condition.  A circuit
that is measured at the end only is sampled as in pennylane.py, and ``mcm_method`` has nothing to do there.

Traps (pennylane 0.45.1, pennylane-lightning 0.45.0; times are of a busy machine, orders of magnitude)
- A shot of teleportation takes 3 ms on default.qubit and 1 ms on lightning with "one-shot"; 1000 shots take
  30 to 70 ms with "tree-traversal".  The third method, "deferred", adds a wire for each measurement.
- PennyLane measures and resets nothing under a condition (``ConditionalTransformError``): unsupported.
- With "one-shot", default.qubit raises ``ValueError: probabilities greater than 1`` when it measures
  a certain 0 and rounding has brought the state's norm past 1 + 2.2e-15: ``Hadamard(1)``, 30 times
  ``Rot(0.1, 0.1, 0.1, 1)``, ``measure(0)``.  An error, not a wrong answer.
"""

import functools
import operator
from typing import Any

CONTRACT = 1
DISTRIBUTIONS = ["pennylane"]
LICENCE = "Apache-2.0"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["sample"]
UNSUPPORTED = {
    "state": "it differs from pennylane.default and pennylane.lightning in circuits measured midway only",
    "expval": "it differs from pennylane.default and pennylane.lightning in circuits measured midway only",
    "sweep": "it differs from pennylane.default and pennylane.lightning in circuits measured midway only",
    "gradient": "it samples circuits measured midway; pennylane.lightning.adjoint differentiates",
    "density_matrix": "a device of state vectors takes no noise channels; pennylane.mixed does",
    "noisy_sample": "a device of state vectors takes no noise channels; pennylane.mixed does",
}
GATES = [
    "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u",
    "cx", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz", "swap", "rxx", "ryy", "rzz",
    "ccx", "cswap", "c3x", "c3sx", "c4x",
]  # fmt: skip
FEATURES = ["mid_circuit_measurement", "reset", "feed_forward"]
MAX_QUBITS = 24
CONFIGURATIONS = {
    "pennylane.default.oneshot": {"OPTIONS": {"device": "default.qubit", "mcm_method": "one-shot"}},
    "pennylane.default.tree": {"OPTIONS": {"device": "default.qubit", "mcm_method": "tree-traversal"}},
    "pennylane.lightning.oneshot": {
        "DISTRIBUTIONS": ["pennylane-lightning", "pennylane"],
        "OPTIONS": {"device": "lightning.qubit", "mcm_method": "one-shot"},
    },
    "pennylane.lightning.tree": {
        "DISTRIBUTIONS": ["pennylane-lightning", "pennylane"],
        "OPTIONS": {"device": "lightning.qubit", "mcm_method": "tree-traversal"},
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
    return Engine(options["device"], options["mcm_method"])


class Engine:
    def __init__(self, device: str, mcm_method: str) -> None:
        import pennylane as qml

        self.qml, self.mcm_method = qml, mcm_method
        self.device = functools.partial(qml.device, device)
        self.operations = {name: getattr(qml, operation) for name, operation in OPERATIONS.items()}
        for name, base in {"sdg": qml.S, "tdg": qml.T, "sxdg": qml.SX}.items():
            self.operations[name] = lambda *, wires, base=base: qml.adjoint(base(wires))
        for name in ("csx", "c3sx"):
            self.operations[name] = lambda *, wires: qml.ctrl(qml.SX(wires[-1]), control=wires[:-1])
        self.device(wires=1)  # the first one loads the device's module: import, not translate

    def supports(self, circuit: Any, task: Any) -> Any:
        if all(qubit is None for qubit in circuit.readout):
            return "no qubit is measured"
        if any(op.condition and op.name in ("measure", "reset") for op in circuit.operations):
            return "PennyLane measures and resets nothing under a condition"
        return None

    def translate(self, circuit: Any, task: Any) -> Any:
        qml, wires = self.qml, circuit.num_qubits
        last = wires - 1
        if not circuit.features:
            calls = [
                (self.operations[gate.name], gate.params, [last - qubit for qubit in gate.qubits])
                for gate in circuit.gates
            ]
            qubits = sorted({qubit for qubit in circuit.readout if qubit is not None})
            shown = [last - qubit for qubit in reversed(qubits)]

            def function() -> Any:
                for operation, angles, on in calls:
                    operation(*angles, wires=on)
                return qml.counts(wires=shown)

            return function, (wires, task.shots, qubits, list(circuit.readout))

        steps: Any = [
            (op.name, op.params, [last - qubit for qubit in op.qubits], op.clbits, op.condition)
            for op in circuit.operations
            if op.name != "barrier"
        ]
        if circuit.num_clbits == 0:  # all qubits are shown, as they are at the end
            steps += [("measure", (), [last - qubit], (qubit,), None) for qubit in range(wires)]
        written = sorted({bit for step in steps for bit in step[3]})
        readout = [bit if bit in written else None for bit in range(circuit.num_clbits or wires)]

        def midway() -> Any:
            bits: Any = {}
            for name, angles, on, clbits, condition in steps:
                met = condition is None or met_when(condition, bits)
                if name == "measure":
                    bits[clbits[0]] = qml.measure(on[0])
                elif name == "reset":
                    qml.measure(on[0], reset=True)
                elif met is True:
                    self.operations[name](*angles, wires=on)
                elif met is not False:
                    qml.cond(met, self.operations[name])(*angles, wires=on)
            return qml.counts(op=[bits[bit] for bit in reversed(written)])

        return midway, (wires, task.shots, written, readout)

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        function, (wires, shots, shown, readout) = program
        device = self.device(wires=wires, seed=seed)
        qnode = self.qml.QNode(function, device, shots=shots, mcm_method=self.mcm_method)
        return qnode(), (shown, readout)

    def readback(self, handle: Any) -> Any:
        result, (shown, readout) = handle
        if shown == readout:
            return result
        # Classical bits in another order, or never written (0): each outcome is spelled anew, last bit first.
        place = {one: -1 - position for position, one in enumerate(shown)}
        return {
            "".join("0" if one is None else key[place[one]] for one in reversed(readout)): count
            for key, count in result.items()
        }


def met_when(condition: Any, bits: Any) -> Any:
    """A condition as an expression of measured values; True or False where bits never written decide it."""
    clbits, value = condition
    if value >> len(clbits):
        return False
    factors = []
    for position, bit in enumerate(clbits):
        wanted = value >> position & 1
        if bit in bits:
            factors.append(bits[bit] if wanted else ~bits[bit])
        elif wanted:
            return False
    return functools.reduce(operator.and_, factors) if factors else True
