"""Qiskit Aer's simulation methods, through ``AerSimulator(method=...)``, ``transpile`` and ``run``.

The front door: ``transpile(circuit, backend)``, then ``backend.run(circuit).result()``, as Aer's
documentation does it.  A configuration is a method; a method's answers are those that it can save.

translate   a ``QuantumCircuit`` with measurements, or with ``save_statevector`` (unitary:
            ``save_unitary``) at its end
compile     ``transpile(circuit, backend, optimization_level=0)``: reads the backend's target and checks
            the circuit against it, 25 to 50 ms whatever the circuit.  Why not the default level 2: see Traps
execute     ``run(..., seed_simulator=seed).result()``: ``run`` only starts a thread, ``result`` waits
readback    ``get_statevector()``, ``get_unitary()`` or ``get_counts()``, which writes outcomes as text

``max_parallel_threads`` is the number of threads asked for.  Left on, as Aer has it: gate fusion, which acts
from 14 qubits on (density_matrix and unitary: 7) and belongs to execute, and sampling from one final state.
Qubit 0 is least significant, as here.  Seconds below are of a shared machine, orders of magnitude.

aer.statevector.c64     ``precision="single"``: Aer computes in complex64 and hands that back inside a
                        complex128 array, returned as it is; what is declared is what was computed
aer.density_matrix      samples only: what it saves is a density matrix, and a state would have to be
                        computed from it.  4^n numbers: 9 s for 92 gates on 12 qubits, 43 s on 13
aer.mps                 matrix product state, ``approximate``: see Traps.  The vector of 24 qubits takes
                        24 s and 3.1 GiB, of 22 3 s and 0.9 GiB
aer.stabilizer          samples of Clifford circuits only; what it saves is a set of stabilizers, no vector.
                        GHZ, 1024 shots: 0.2 s on 100 qubits, 1.2 s on 200, 18 s on 500
aer.unitary             the state is column 0 of the unitary, U|0...0>: a view, nothing is computed.  It pays
                        for all 2^n columns: 3.6 s for 92 gates on 12 qubits, 17 s and 2.1 GiB on 13.  It
                        refuses measurements, hence no samples

Traps (qiskit-aer 0.18.2, qiskit 2.6.2)
- The default level of ``transpile`` (2) and level 3 change the answer.  ``ry(1e-6)`` between two ``cx`` is
  dropped (amplitudes off by 3.6e-7), ``cp(1e-6)`` too (1.1e-7): TwoQubitPeepholeOptimization allows an
  infidelity of 1e-9 (qiskit issue 16864) and approximation_degree does not prevent it.  Level 1 drops
  single-qubit angles up to 1e-12 (``ry(1e-12)``: 3.6e-13).  Level 0 changes nothing and permutes no
  qubits.
- u2 and cu use the rounded sum of their angles: ``u2(6.3, 100.5)`` is off by 3.6e-15, ``cu(0, 6.3, 100.5,
  3.1)`` by 3.1e-15.  c3sx, rccx and rc3x are no instructions of Aer's: level 0 expands c3sx into 27
  gates, 3.6e-7 in single precision.  None of these is declared; nor are, of a method other than statevector,
  gates outside its target, which level 0 expands (density_matrix: c4x into 69).  Every gate below was probed
  within 4e-16 (u: 1e-15; mps: see below), on all orders of up to three qubits, angles 1e-13 to 100.5; in
  single precision within 1.8e-7.
- In single precision many tiny rotations of one qubit add up their rounding: 500 times ``ry(1e-7)`` is off
  by 1.2e-5, as each step is near half the spacing of floats at 0.7 and rounds the same way.
- mps drops every Schmidt coefficient below 1e-8: ``ry(1.9e-8, 0); cx(0, 1)`` is off by 9.5e-9 and with
  2.1e-8 it is exact.  No option prevents it: not ``matrix_product_state_truncation_threshold=0``, nor
  ``chop_threshold=0``, nor ``mps_lapack=True``.  Beside it, Aer's own SVD leaves up to 5e-11 (qv_8; with
  ``mps_lapack`` 2e-15).  57 of 203 circuits exceed the bound for double (small angles, random ones,
  hea_8, qv_4, qpe_inexact_8; not qft or ghz), so it is not called exact.
- mps samples by measuring a copy of the tensors for each shot (``mps_apply_measure``, the default): 1024
  shots of 12 qubits take 65 ms, the state 5 ms.
- For stabilizer ``transpile`` takes 330 ms: it reads ``backend.target`` 63 times, and Aer builds that anew
  each time, 5 ms for this method.
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
OPTIONS = {"method": "statevector", "precision": "double"}
CONFIGURATIONS = {
    "aer.statevector": {},
    "aer.statevector.c64": {
        "PRECISION": "complex64",
        "OPTIONS": {"method": "statevector", "precision": "single"},
    },
    "aer.density_matrix": {
        "OPTIONS": {"method": "density_matrix", "precision": "double"},
        "TASKS": ["sample"],
        "UNSUPPORTED": {"state": "it holds a density matrix, which is no state vector"},
        "GATES": [
            "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u",
            "cx", "cy", "cz", "cp", "swap", "rxx", "ryy", "rzz", "ccx",
        ],
        "MAX_QUBITS": 12,
    },
    "aer.mps": {
        "OPTIONS": {"method": "matrix_product_state", "precision": "double"},
        "KIND": "approximate",
        "MAX_QUBITS": 22,
        "GATES": [
            "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u",
            "cx", "cy", "cz", "csx", "cp", "swap", "rxx", "ryy", "rzz", "ccx", "cswap",
        ],
    },
    "aer.stabilizer": {
        "OPTIONS": {"method": "stabilizer", "precision": "double"},
        "KIND": "clifford",
        "TASKS": ["sample"],
        "UNSUPPORTED": {"state": "it holds stabilizers, which it does not turn into a state vector"},
        "GATES": ["id", "x", "y", "z", "h", "s", "sdg", "sx", "sxdg", "cx", "cy", "cz", "swap"],
        "MAX_QUBITS": 200,
    },
    "aer.unitary": {
        "OPTIONS": {"method": "unitary", "precision": "double"},
        "TASKS": ["state"],
        "UNSUPPORTED": {"sample": "it computes the circuit's unitary and refuses measurements"},
        "GATES": [
            "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u",
            "cx", "cy", "cz", "csx", "cp", "crx", "cry", "crz", "swap", "rxx", "ryy", "rzz",
            "ccx", "cswap", "c3x", "c4x",
        ],
        "MAX_QUBITS": 12,
    },
}  # fmt: skip


def load(options: Any) -> "Engine":
    return Engine(options["method"], options["precision"], options["threads"])


class Engine:
    def __init__(self, method: str, precision: str, threads: int) -> None:
        from qiskit import QuantumCircuit, transpile
        from qiskit.circuit.library import C3XGate, C4XGate
        from qiskit_aer import AerSimulator

        self.circuit, self.transpile, self.method = QuantumCircuit, transpile, method
        self.multi_controlled = {"c3x": C3XGate(), "c4x": C4XGate()}
        self.backend = AerSimulator(method=method, precision=precision, max_parallel_threads=threads)

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
        if task.kind == "sample":
            for bit, qubit in enumerate(circuit.readout):
                if qubit is not None:
                    native.measure(qubit, bit)
        elif self.method == "unitary":
            native.save_unitary()
        else:
            native.save_statevector()
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
        if shots:
            return result.get_counts()
        return result.get_unitary().data[:, 0] if self.method == "unitary" else result.get_statevector().data
