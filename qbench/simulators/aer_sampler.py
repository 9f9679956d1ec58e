"""Aer's primitive for samples, ``qiskit_aer.primitives.SamplerV2``.

The front door: ``SamplerV2.from_backend(backend, seed=).run([circuit], shots=shots).result()[0]``, the
interface that Qiskit's tutorials have programs written for, as they run on real devices by it.

translate   a ``QuantumCircuit`` with its measurements, one method call per gate; measurements midway, resets
            and conditions where they stand, as in aer.py
compile     ``transpile(circuit, backend, optimization_level=0)``, as in aer.py: the sampler does not
            transpile
execute     building the sampler (its seed is the constructor's; 20 us), ``run`` and ``result``: it checks the
            circuit, has Aer write every shot as text (``memory=True``) and packs these into an array of bits.
            1000 shots of 3 qubits: 2.7 ms, without the primitive 1.2 ms
readback    ``.data.c.get_counts()`` of the classical register, which counts the array's rows

The backend is ``AerSimulator(method="statevector")``, so that it computes as ``aer.statevector`` does (by
itself the sampler lets Aer choose a method).  Gate fusion stays on, as Aer has it.
``max_parallel_threads`` is the number of threads asked for.  Qubit 0 is least significant, as here.

``qiskit.primitives.BackendSamplerV2(backend=AerSimulator())`` is the same by another name: the same ``run``
with ``memory=True``, the same packing; it is no configuration.  Nor is ``BackendEstimatorV2``, which
estimates from shots: no exact expectation values.

Traps (qiskit-aer 0.18.2, qiskit 2.6.2): those of aer.py, which has the same gates and the same method.
"""

from functools import reduce
from typing import Any, Dict

CONTRACT = 1
DISTRIBUTIONS = ["qiskit-aer", "qiskit"]
LICENCE = "Apache-2.0"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["sample"]
UNSUPPORTED = {
    "state": "it hands out counts only; aer.statevector gives the state",
    "expval": "it hands out counts only; aer.estimator is Aer's primitive for expectation values",
    "gradient": "Aer has no gradients",
    "sweep": "it hands out counts only; aer.estimator is Aer's primitive for expectation values",
    "density_matrix": "it hands out counts only; aer.density_matrix holds a density matrix",
    "noisy_sample": "aer.trajectories and aer.density_matrix sample with noise",
}
FEATURES = ["mid_circuit_measurement", "reset", "feed_forward"]
GATES = [
    "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u",
    "cx", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz", "swap", "rxx", "ryy", "rzz",
    "ccx", "cswap", "c3x", "c4x",
]  # fmt: skip
MAX_QUBITS = 24
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {"aer.sampler": {}}

MIDWAY = {"mid_circuit_measurement", "feed_forward"}
APART = 0x9E3779B1  # between seeds: see aer.py, Traps


def load(options: Any) -> "Engine":
    return Engine(options["threads"])


class Engine:
    def __init__(self, threads: int) -> None:
        from qiskit import QuantumCircuit, transpile
        from qiskit.circuit.classical import expr
        from qiskit.circuit.library import C3XGate, C4XGate
        from qiskit_aer import AerSimulator
        from qiskit_aer.primitives import SamplerV2

        self.circuit, self.transpile, self.expr = QuantumCircuit, transpile, expr
        self.multi_controlled = {"c3x": C3XGate(), "c4x": C4XGate()}
        self.backend = AerSimulator(method="statevector", max_parallel_threads=threads)
        self.sampler = SamplerV2.from_backend

    def supports(self, circuit: Any, task: Any) -> Any:
        return "no qubit is measured" if all(qubit is None for qubit in circuit.readout) else None

    def translate(self, circuit: Any, task: Any) -> Any:
        native = self.circuit(circuit.num_qubits, len(circuit.readout))
        midway = not circuit.features.isdisjoint(MIDWAY)
        for op in circuit.operations if circuit.features else circuit.gates:
            if op.name == "barrier" or (op.name == "measure" and not midway):
                continue
            if op.condition is None:
                self.append(native, op)
            elif not op.condition[1] >> len(op.condition[0]):  # else those bits never read that value
                with native.if_test(self.condition(native, *op.condition)):
                    self.append(native, op)
        if not midway:  # else they stand where they belong
            for bit, qubit in enumerate(circuit.readout):
                if qubit is not None:
                    native.measure(qubit, bit)
        return native, task.shots

    def append(self, native: Any, op: Any) -> None:
        if op.name in self.multi_controlled:
            native.append(self.multi_controlled[op.name], op.qubits)
        else:
            getattr(native, op.name)(*op.params, *op.qubits, *op.clbits)

    def condition(self, native: Any, bits: Any, value: int) -> Any:
        """What ``if_test`` takes: one bit with its value, or one expression of several."""
        wanted = [(native.clbits[bit], value >> place & 1) for place, bit in enumerate(bits)]
        if len(wanted) == 1:
            return wanted[0]
        read = [self.expr.lift(bit) if one else self.expr.logic_not(bit) for bit, one in wanted]
        return reduce(self.expr.logic_and, read)

    def compile(self, native: Any, task: Any) -> Any:
        circuit, shots = native
        return self.transpile(circuit, self.backend, optimization_level=0), shots

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        circuit, shots = program
        sampler = self.sampler(self.backend, seed=seed * APART % 2**31)
        return sampler.run([circuit], shots=shots).result()[0]

    def readback(self, handle: Any) -> Any:
        return handle.data.c.get_counts()
