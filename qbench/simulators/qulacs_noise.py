"""qulacs' noise gates: on a density matrix exactly, and as trajectories of a state vector.

The front door: noise gates are added to a ``QuantumCircuit`` like any other gate, and the circuit updates a
``DensityMatrix``, or, shot by shot, a ``QuantumState``, where each noise gate draws what happens.

translate   a ``QuantumCircuit``: the gates of ``qulacs.statevector``, and per channel ``DepolarizingNoise``,
            ``TwoQubitDepolarizingNoise``, ``AmplitudeDampingNoise`` or ``DephasingNoise``
compile     there is none
execute     qulacs.density_matrix  a fresh ``DensityMatrix``, ``update_quantum_state``; for samples also
                                   ``sampling(shots, seed)``, for an expectation value
                                   ``get_expectation_value`` of an ``Observable``
            qulacs.trajectories    noise gates made with a seed each; per shot ``set_zero_state``, each gate's
                                   ``update_quantum_state``, and ``sampling(1, seed)``
readback    ``get_matrix()``, which copies; the number; or the sampled integers counted, with classical bits
            for qubits

qulacs counts Pauli errors: qbench's depolarizing(p) is ``DepolarizingNoise(3p/4)`` on one qubit and
``TwoQubitDepolarizingNoise(15p/16)`` on two.  phase_damping(l), off-diagonal elements times sqrt(1 - l), is
``DephasingNoise((1 - sqrt(1 - l))/2)``: the same channel.  qulacs has no readout error.

Why trajectories go gate by gate: only so can they be seeded (see Traps), and the same seed must give the
same counts.  Who needs no seed updates with a circuit, or asks ``NoiseSimulator``, which runs equal draws
once: 1000 shots of 44 gates and 44 depolarizing channels on 6 qubits take 190 ms here, 62 and 63 ms there
(one thread).

A channel on a density matrix acts on a copy for each of its Paulis: 16 on two qubits.  Two layers with all
three kinds of noise take 0.1 s on 6 qubits, 2 s on 8, 11 s on 9 and 66 s on 10 (148 operations on 8 qubits; a
busy machine).

Traps (qulacs 0.6.14)
- ``NoiseSimulator`` is wrong with ``AmplitudeDampingNoise``: it draws once for all shots.  X, then damping by
  0.4, 1000 shots: 1 is counted 1000 times, or never, instead of 600 times.  ``Measurement`` likewise.  With
  noise gates that are mixtures of unitaries it is right.
- ``add_gate`` copies a gate, and the copy of a noise gate loses its seed; ``update_quantum_state(state,
  seed)`` does not seed it either.  ``NoiseSimulator`` takes no seed.
- Each amplitude damping of a state vector copies it and seeds the copy from the system, 0.03 to 0.1 ms.
- ``get_matrix()`` is in Fortran's order: rows are kets, as here.
- Every gate below and every channel, with strengths 0, 1e-12, 0.3 and 1, was within 3e-15 of NumPy's.
"""

import math
import random
from collections import Counter
from typing import Any, Dict, List

CONTRACT = 1
DISTRIBUTIONS = ["qulacs"]
LICENCE = "MIT"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["sample", "expval", "density_matrix", "noisy_sample"]
GATES = [
    "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u2", "u",
    "cx", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz", "swap", "rxx", "ryy", "rzz",
    "ccx", "cswap", "c3x", "c3sx", "c4x",
]  # fmt: skip
NOISE = ["depolarizing", "amplitude_damping", "phase_damping"]
MAX_QUBITS = 9
THREAD_VARIABLES = ["QULACS_NUM_THREADS"]
UNSUPPORTED = {
    "state": "it holds a density matrix, which is no state vector; qulacs.statevector holds one",
    "gradient": "qulacs differentiates circuits on state vectors: see qulacs.backprop and qulacs.shift",
    "sweep": "qulacs binds parametric circuits, on state vectors: see qulacs.parametric",
}
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {
    "qulacs.density_matrix": {},
    "qulacs.trajectories": {
        "TASKS": ["noisy_sample"],
        "MAX_QUBITS": 10,
        "UNSUPPORTED": {
            "state": "without noise it is qulacs.statevector",
            "sample": "without noise it is qulacs.statevector",
            "expval": "without noise it is qulacs.statevector",
            "gradient": "qulacs differentiates circuits without noise: see qulacs.backprop",
            "sweep": "qulacs binds parametric circuits without noise: see qulacs.parametric",
            "density_matrix": "it samples state vectors; qulacs.density_matrix holds a density matrix",
        },
    },
}

METHODS = {
    "x": "X", "y": "Y", "z": "Z", "h": "H", "s": "S", "sdg": "Sdag", "t": "T", "tdg": "Tdag",
    "sx": "sqrtX", "sxdg": "sqrtXdag", "rx": "RotX", "ry": "RotY", "rz": "RotZ",
    "p": "U1", "u2": "U2", "u": "U3", "cx": "CNOT", "cz": "CZ", "swap": "SWAP",
    "ccx": "TOFFOLI", "cswap": "FREDKIN", "id": "Identity",
}  # fmt: skip
# What a gate with controls does to its last qubit.
CONTROLLED = {
    "cy": "Y", "ch": "H", "csx": "sqrtX", "cp": "U1", "crx": "RotX", "cry": "RotY", "crz": "RotZ",
    "c3x": "X", "c3sx": "sqrtX", "c4x": "X",
}  # fmt: skip
PAULIS = {"rxx": [1, 1], "ryy": [2, 2], "rzz": [3, 3]}
CHANNELS = ("depolarizing", "amplitude_damping", "phase_damping")


def load(options: Any) -> Any:
    return Trajectories() if options["configuration"] == "qulacs.trajectories" else Density()


class Gates:
    """qulacs' gates and channels by qbench's names."""

    def __init__(self) -> None:
        import numpy  # noqa: F401 - get_matrix would load it: import, not readback
        import qulacs
        import qulacs.gate

        self.qulacs: Any = qulacs
        self.gates: Any = qulacs.gate
        self.named = {name: getattr(self.gates, method) for name, method in METHODS.items()}
        self.controlled = {name: getattr(self.gates, target) for name, target in CONTROLLED.items()}

    def supports(self, circuit: Any, task: Any) -> Any:
        if task.shots and all(qubit is None for qubit in circuit.readout):
            return "no qubit is measured"
        return None

    def gate(self, name: str, qubits: Any, angles: Any) -> Any:
        if name in self.named:
            return self.named[name](*qubits, *angles)
        if name in PAULIS:
            return self.gates.PauliRotation(list(qubits), PAULIS[name], -angles[0])
        matrix = self.gates.to_matrix_gate(self.controlled[name](qubits[-1], *angles))
        for control in qubits[:-1]:
            matrix.add_control_qubit(control, 1)
        return matrix

    def channel(self, name: str, qubits: Any, strength: float) -> Any:
        """What makes the noise gate, and all that it is made from but its seed."""
        if name == "amplitude_damping":
            return self.gates.AmplitudeDampingNoise, (*qubits, strength)
        if name == "phase_damping":
            # (1 - sqrt(1 - l))/2 without the cancellation; at l = 1 the logarithm has no value
            flip = 0.5 if strength == 1.0 else 0.5 * abs(math.expm1(0.5 * math.log1p(-strength)))
            return self.gates.DephasingNoise, (*qubits, flip)
        if len(qubits) == 2:
            return self.gates.TwoQubitDepolarizingNoise, (*qubits, 0.9375 * strength)
        return self.gates.DepolarizingNoise, (*qubits, 0.75 * strength)


class Density(Gates):
    def translate(self, circuit: Any, task: Any) -> Any:
        native = self.qulacs.QuantumCircuit(circuit.num_qubits)
        for name, qubits, angles, _, _ in circuit.operations:
            if name in CHANNELS:
                noise, given = self.channel(name, qubits, angles[0])
                native.add_gate(noise(*given))
            elif name not in ("barrier", "measure"):
                native.add_gate(self.gate(name, qubits, angles))
        if task.observable is not None:
            return native, circuit.num_qubits, task.kind, self.observed(circuit, task)
        return native, circuit.num_qubits, task.shots, circuit.readout

    def observed(self, circuit: Any, task: Any) -> Any:
        observable = self.qulacs.Observable(circuit.num_qubits)
        for coefficient, paulis in task.observable.terms:
            observable.add_operator(coefficient, " ".join(f"{letter} {qubit}" for qubit, letter in paulis))
        return observable

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        native, qubits, asked, shown = program
        state = self.qulacs.DensityMatrix(qubits)
        native.update_quantum_state(state)
        if asked is None:
            return state, None
        if asked == "expval":
            return shown.get_expectation_value(state), asked
        return state.sampling(asked, seed), shown

    def readback(self, handle: Any) -> Any:
        result, shown = handle
        if shown == "expval":
            return result
        return result.get_matrix() if shown is None else counted(result, shown)


class Trajectories(Gates):
    def translate(self, circuit: Any, task: Any) -> Any:
        steps: List[Any] = []
        for name, qubits, angles, _, _ in circuit.operations:
            if name in CHANNELS:
                steps.append(self.channel(name, qubits, angles[0]))
            elif name not in ("barrier", "measure"):
                steps.append(self.gate(name, qubits, angles))
        return steps, circuit.num_qubits, task.shots, circuit.readout

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        steps, qubits, shots, readout = program
        draw = random.Random(seed).getrandbits
        made = [step[0](*step[1], draw(31)) if isinstance(step, tuple) else step for step in steps]
        updates = [step.update_quantum_state for step in made]
        state = self.qulacs.QuantumState(qubits)
        found: List[int] = []
        for _ in range(shots):
            state.set_zero_state()
            for update in updates:
                update(state)
            found += state.sampling(1, draw(31))
        return found, readout

    def readback(self, handle: Any) -> Any:
        return counted(*handle)


def counted(sampled: Any, readout: Any) -> Dict[int, int]:
    """Sampled basis states as counts of outcomes; a classical bit that is never written is 0."""
    counts: Dict[int, int] = Counter()
    shown = [(bit, qubit) for bit, qubit in enumerate(readout) if qubit is not None]
    for index, count in Counter(sampled).items():
        counts[sum((index >> qubit & 1) << bit for bit, qubit in shown)] += count
    return counts
