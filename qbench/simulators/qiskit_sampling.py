"""Qiskit's two samplers: the primitive StatevectorSampler and the backend BasicSimulator.

Two front doors of one package, as its documentation opens them.  Both give counts only: the state that they
computed is a private attribute, hence no ``state``.

qiskit.sampler   ``StatevectorSampler(seed=seed).run([circuit], shots=shots).result()[0]``
qiskit.basic     ``transpile(circuit, backend)``, ``backend.run(circuit, ...).result()`` with
                 ``backend = BasicSimulator()``, Qiskit's backend in Python for tests and teaching

translate   a ``QuantumCircuit`` with its measurements, one method call per gate; basic takes measurements
            midway and resets, each where it stands
compile     sampler: there is none, it takes any circuit without control flow.  basic: ``transpile`` at level
            0 (higher levels drop small angles, see aer.py)
execute     building the sampler (its seed is the constructor's) or ``run(..., seed_simulator=seed)``, then
            ``result()``; both apply gate after gate and draw
readback    ``.data.c.get_counts()`` of the sampler's register, ``get_counts()`` of the backend's result

Nothing is switched on or off; basic's ``use_clifford_optimization`` stays off, as it comes.  Threads: the
sampler's are OpenBLAS's, set by its variable; basic works on one.  Qubit 0 is least significant, as here.
StatevectorEstimator is another front door: qiskit_estimator.py.

Traps (qiskit 2.6.2, numpy 2.4.6; seconds are of a shared machine, orders of magnitude)
- The sampler writes all outcomes of the measured qubits as text before it draws: 0.35 GiB and 2 s for 16
  qubits, 1.3 GiB and 10 s for 18, 5.1 GiB and 38 s for 20, hence its limit of 18 measured qubits.
- The sampler refuses measurements midway, but takes a ``reset``, of which it draws one outcome for all shots:
  ``h(0); cx(0, 1); reset(0)`` and a measurement of qubit 1 give 1024 times 0 or 1024 times 1.  So resets are
  not declared.  basic runs such circuits anew for each shot, which is right.
- basic contracts with ``einsum``, the matrix against the whole state: 3 layers on 20 qubits take 3.4 s, on 22
  qubits 12 s.  It spells each shot in a Python loop: 4 us a shot of 12 bits.
- u2 and cu use the rounded sum of their angles in both (see qiskit.py) and are not declared.  c3x and c4x
  are outside basic's target: ``transpile`` would expand them, so qbench lowers them.  Every gate of the
  sampler goes through Statevector (see qiskit.py); every gate of basic was probed in its private state vector
  within 5e-16 (u: 1e-15), on all orders of up to three qubits, angles 1e-13 to 100.5.
"""

from typing import Any, Dict

CONTRACT = 1
DISTRIBUTIONS = ["qiskit"]
LICENCE = "Apache-2.0"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["sample"]
UNSUPPORTED = {
    "state": "it hands out counts only; qiskit.statevector is Qiskit's door to the state",
    "expval": "it hands out counts only; qiskit.estimator is Qiskit's primitive for expectation values",
    "gradient": "Qiskit has no gradients; qiskit-algorithms, another package, has",
    "sweep": "it hands out counts only; qiskit.estimator is Qiskit's primitive for expectation values",
    "density_matrix": "it holds a state vector; qiskit.density_matrix holds a density matrix",
    "noisy_sample": "a state vector takes no noise; qiskit.density_matrix does",
}
GATES = [
    "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u",
    "cx", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz", "swap", "rxx", "ryy", "rzz",
    "ccx", "cswap", "c3x", "c4x",
]  # fmt: skip
MAX_QUBITS = 24
OPTIONS = {"door": "sampler"}
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {
    "qiskit.sampler": {},
    "qiskit.basic": {
        "OPTIONS": {"door": "basic"},
        "GATES": [
            "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u",
            "cx", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz", "swap", "rxx", "ryy", "rzz",
            "ccx", "cswap", "rccx",
        ],
        "FEATURES": ["mid_circuit_measurement", "reset"],
        "MAX_QUBITS": 20,
    },
}  # fmt: skip

MAX_SAMPLED_QUBITS = 18


def load(options: Any) -> Any:
    return Basic() if options["door"] == "basic" else Sampler()


class Sampler:
    def __init__(self) -> None:
        from qiskit import QuantumCircuit
        from qiskit.circuit.library import C3XGate, C4XGate
        from qiskit.primitives import StatevectorSampler

        self.circuit, self.sampler = QuantumCircuit, StatevectorSampler
        self.multi_controlled = {"c3x": C3XGate(), "c4x": C4XGate()}

    def supports(self, circuit: Any, task: Any) -> Any:
        shown = {qubit for qubit in circuit.readout if qubit is not None}
        if len(shown) > MAX_SAMPLED_QUBITS:
            return f"it writes every outcome as text: at most {MAX_SAMPLED_QUBITS} qubits are measured"
        return None if shown else "no qubit is measured"

    def translate(self, circuit: Any, task: Any) -> Any:
        native = self.circuit(circuit.num_qubits, len(circuit.readout))
        for gate in circuit.gates:
            if gate.name in self.multi_controlled:
                native.append(self.multi_controlled[gate.name], gate.qubits)
            else:
                getattr(native, gate.name)(*gate.params, *gate.qubits)
        for bit, qubit in enumerate(circuit.readout):
            if qubit is not None:
                native.measure(qubit, bit)
        return native, task.shots

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        circuit, shots = program
        return self.sampler(seed=seed).run([circuit], shots=shots).result()[0]

    def readback(self, handle: Any) -> Any:
        return handle.data.c.get_counts()


class Basic(Sampler):
    def __init__(self) -> None:
        from qiskit import transpile
        from qiskit.providers.basic_provider import BasicSimulator

        super().__init__()
        self.transpile, self.backend = transpile, BasicSimulator()

    def supports(self, circuit: Any, task: Any) -> Any:
        return "no qubit is measured" if all(qubit is None for qubit in circuit.readout) else None

    def translate(self, circuit: Any, task: Any) -> Any:
        if not circuit.features:
            return super().translate(circuit, task)
        native = self.circuit(circuit.num_qubits, len(circuit.readout))
        for op in circuit.operations:
            if op.name != "barrier":
                getattr(native, op.name)(*op.params, *op.qubits, *op.clbits)
        if not circuit.num_clbits:
            native.measure(native.qubits, native.clbits)
        return native, task.shots

    def compile(self, native: Any, task: Any) -> Any:
        circuit, shots = native
        return self.transpile(circuit, self.backend, optimization_level=0), shots

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        circuit, shots = program
        result = self.backend.run(circuit, shots=shots, seed_simulator=seed).result()
        if not result.success:
            raise RuntimeError(f"BasicSimulator: {result.status}")
        return result

    def readback(self, handle: Any) -> Any:
        return handle.get_counts()
