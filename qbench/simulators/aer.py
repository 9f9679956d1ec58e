"""Qiskit Aer's state vector method, through ``AerSimulator``, ``transpile`` and ``run``.

The front door: ``transpile(circuit, backend)``, then ``backend.run(circuit).result()``, as Aer's
documentation does it.

translate   a ``QuantumCircuit`` with ``save_statevector`` at its end, or with measurements
compile     ``transpile(circuit, backend, optimization_level=0)``: reads the backend's target and checks
            the circuit against it, 50 ms whatever the circuit.  Why not the default level 2: see Traps
execute     ``run(..., seed_simulator=seed).result()``: ``run`` only starts a thread, ``result`` waits
readback    ``get_statevector()``, or ``get_counts()``, which writes the outcomes as text

``max_parallel_threads`` is the number of threads asked for.  Left on, as Aer has it: gate fusion, which acts
from 14 qubits on and belongs to execute, and sampling from one final state.  Qubit 0 is least significant,
as here.  ``aer.statevector.c64`` sets ``precision="single"``: Aer computes in complex64 and hands that back
inside a complex128 array, which is returned as it is; what is declared is what was computed.

Traps (qiskit-aer 0.18.2, qiskit 2.6.2)
- The default level of ``transpile`` (2) and level 3 change the answer.  ``ry(1e-6)`` between two ``cx`` is
  dropped (amplitudes off by 3.6e-7), ``cp(1e-6)`` too (1.1e-7): TwoQubitPeepholeOptimization allows an
  infidelity of 1e-9 (qiskit issue 16864) and approximation_degree does not prevent it.  Level 1 drops
  single-qubit angles up to 1e-12 (``ry(1e-12)``: 3.6e-13).  Level 0 changes nothing and permutes no
  qubits.
- u2 and cu use the rounded sum of their angles: ``u2(6.3, 100.5)`` is off by 3.6e-15, ``cu(0, 6.3, 100.5,
  3.1)`` by 3.1e-15.  c3sx, rccx and rc3x are no instructions of Aer's: level 0 expands c3sx into 27
  gates, 3.6e-7 in single precision.  None of these is declared.  Every gate below was probed within 4e-16
  (u: 1e-15), on all orders of up to three qubits, angles 1e-13 to 100.5; in single precision within 1.8e-7.
- In single precision many tiny rotations of one qubit add up their rounding: 500 times ``ry(1e-7)`` is off
  by 1.2e-5, as each step is near half the spacing of floats at 0.7 and rounds the same way.
"""

from typing import Any

CONTRACT = 1
DISTRIBUTIONS = ["qiskit-aer", "qiskit"]
LICENCE = "Apache-2.0"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["state", "sample"]
GATES = [
    "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u",
    "cx", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz", "swap", "rxx", "ryy", "rzz",
    "ccx", "cswap", "c3x", "c4x",
]  # fmt: skip
MAX_QUBITS = 24
OPTIONS = {"precision": "double"}
CONFIGURATIONS = {
    "aer.statevector": {},
    "aer.statevector.c64": {"PRECISION": "complex64", "OPTIONS": {"precision": "single"}},
}


def load(options: Any) -> "Engine":
    return Engine(options["precision"], options["threads"])


class Engine:
    def __init__(self, precision: str, threads: int) -> None:
        from qiskit import QuantumCircuit, transpile
        from qiskit.circuit.library import C3XGate, C4XGate
        from qiskit_aer import AerSimulator

        self.circuit, self.transpile = QuantumCircuit, transpile
        self.multi_controlled = {"c3x": C3XGate(), "c4x": C4XGate()}
        self.backend = AerSimulator(method="statevector", precision=precision, max_parallel_threads=threads)

    def supports(self, circuit: Any, task: Any) -> Any:
        if task.kind == "sample" and all(qubit is None for qubit in circuit.readout):
            return "no qubit is measured"
        return None

    def translate(self, circuit: Any, task: Any) -> Any:
        native = self.circuit(circuit.num_qubits, len(circuit.readout) if task.kind == "sample" else 0)
        for gate in circuit.gates:
            if gate.name in self.multi_controlled:
                native.append(self.multi_controlled[gate.name], gate.qubits)
            else:
                getattr(native, gate.name)(*gate.params, *gate.qubits)
        if task.kind == "state":
            native.save_statevector()
        else:
            for bit, qubit in enumerate(circuit.readout):
                if qubit is not None:
                    native.measure(qubit, bit)
        return native, task.shots

    def compile(self, native: Any, task: Any) -> Any:
        circuit, shots = native
        return self.transpile(circuit, self.backend, optimization_level=0), shots

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        circuit, shots = program
        result = self.backend.run(circuit, shots=shots or 1, seed_simulator=seed).result()
        if not result.success:
            raise RuntimeError(f"Aer: {result.status}")
        return result, shots

    def readback(self, handle: Any) -> Any:
        result, shots = handle
        return result.get_counts() if shots else result.get_statevector().data
