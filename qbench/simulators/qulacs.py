"""qulacs' state vector, through ``QuantumCircuit`` and ``update_quantum_state``.

The front door: gates are added to a ``QuantumCircuit``, which updates a ``QuantumState``, as qulacs'
tutorial does it.

translate   a ``QuantumCircuit``, one ``add_..._gate`` per gate; controls as ``add_control_qubit`` of a matrix
            gate.  No measurements: qulacs samples all qubits of the state
compile     there is none; ``qulacs.opt`` runs ``QuantumCircuitOptimizer().optimize_light``, qulacs' public
            option to merge neighbouring gates, a configuration of its own
execute     a fresh ``QuantumState`` and ``update_quantum_state``; for samples also ``sampling(shots, seed)``
readback    ``get_vector()``, which copies; or the sampled integers counted, with classical bits for qubits

Why optimize_light: ``optimize(circuit, 2)`` takes 3 to 70 times as long to compile and executes within 30 %
of it; block sizes 3 and 4 execute up to 5 times slower (measured: GHZ, QFT, hardware-efficient ansatz,
quantum volume, 8 and 12 qubits, one thread).  It pays where many gates share few qubits: qv_12 4.0 to 1.05
ms, for 0.4 ms of compile; QFT gets 27 % slower.

Threads: ``OMP_NUM_THREADS``, and ``QULACS_NUM_THREADS``, which goes before it.  Qubit 0 is least
significant, as here.

Traps (qulacs 0.6.14)
- ``RX``, ``RY``, ``RZ`` and the Pauli rotations turn the other way, exp(+i angle/2 P); ``RotX``, ``RotY``,
  ``RotZ`` are the usual ones.  Here rx ry rz are Rot..., and rxx ryy rzz Pauli rotations by minus the angle.
- Asked for 36 qubits, qulacs calls ``exit(1)``: no exception, the process is gone.
- There is no wheel for Python 3.14.
- Every gate below was probed within 4.2e-16, on orders of one qubit more than it takes and angles from 1e-13
  to 100.5; ``cu``, ``rccx`` and ``rc3x`` do not exist.

24 qubits: four layers of a hardware-efficient ansatz (284 gates) take 14 s on one thread, 0.57 GB.
"""

from collections import Counter
from typing import Any, Dict

CONTRACT = 1
DISTRIBUTIONS = ["qulacs"]
LICENCE = "MIT"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["state", "sample"]
GATES = [
    "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u2", "u",
    "cx", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz", "swap", "rxx", "ryy", "rzz",
    "ccx", "cswap", "c3x", "c3sx", "c4x",
]  # fmt: skip
MAX_QUBITS = 24
THREAD_VARIABLES = ["QULACS_NUM_THREADS"]
OPTIONS = {"optimize": False}
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {
    "qulacs.statevector": {},
    "qulacs.opt": {"OPTIONS": {"optimize": True}},
}

METHODS = {
    "x": "X", "y": "Y", "z": "Z", "h": "H", "s": "S", "sdg": "Sdag", "t": "T", "tdg": "Tdag",
    "sx": "sqrtX", "sxdg": "sqrtXdag", "rx": "RotX", "ry": "RotY", "rz": "RotZ",
    "p": "U1", "u2": "U2", "u": "U3", "cx": "CNOT", "cz": "CZ", "swap": "SWAP",
}  # fmt: skip
# What a gate with controls does to its last qubit.
CONTROLLED = {
    "cy": "Y", "ch": "H", "csx": "sqrtX", "cp": "U1", "crx": "RotX", "cry": "RotY", "crz": "RotZ",
    "c3x": "X", "c3sx": "sqrtX", "c4x": "X",
}  # fmt: skip
PAULIS = {"rxx": [1, 1], "ryy": [2, 2], "rzz": [3, 3]}


def load(options: Any) -> "Engine":
    return Engine(options["optimize"])


class Engine:
    def __init__(self, optimize: bool) -> None:
        import numpy  # noqa: F401 - get_vector would load it: import, not readback
        import qulacs
        import qulacs.circuit
        import qulacs.gate

        gates: Any = qulacs.gate
        self.circuit: Any = qulacs.QuantumCircuit
        self.state = qulacs.QuantumState
        self.add = {name: getattr(self.circuit, f"add_{method}_gate") for name, method in METHODS.items()}
        self.controlled = {name: getattr(gates, target) for name, target in CONTROLLED.items()}
        self.to_matrix_gate = gates.to_matrix_gate
        self.others = {"ccx": gates.TOFFOLI, "cswap": gates.FREDKIN, "id": gates.Identity}
        if optimize:
            self.optimizer = qulacs.circuit.QuantumCircuitOptimizer
            self.compile = self.optimize

    def supports(self, circuit: Any, task: Any) -> Any:
        if task.kind == "sample" and all(qubit is None for qubit in circuit.readout):
            return "no qubit is measured"
        return None

    def translate(self, circuit: Any, task: Any) -> Any:
        native = self.circuit(circuit.num_qubits)
        for gate in circuit.gates:
            name, qubits, angles = gate.name, gate.qubits, gate.params
            if name in self.add:
                self.add[name](native, *qubits, *angles)
            elif name in self.controlled:
                matrix = self.to_matrix_gate(self.controlled[name](qubits[-1], *angles))
                for control in qubits[:-1]:
                    matrix.add_control_qubit(control, 1)
                native.add_gate(matrix)
            elif name in PAULIS:
                native.add_multi_Pauli_rotation_gate(list(qubits), PAULIS[name], -angles[0])
            else:
                native.add_gate(self.others[name](*qubits))
        return native, circuit.num_qubits, task.shots, circuit.readout

    def optimize(self, native: Any, task: Any) -> Any:
        self.optimizer().optimize_light(native[0])
        return native

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        native, qubits, shots, readout = program
        state = self.state(qubits)
        native.update_quantum_state(state)
        if shots is None:
            return state, None
        return state.sampling(shots, seed), (qubits, readout)

    def readback(self, handle: Any) -> Any:
        result, bits = handle
        if bits is None:
            return result.get_vector()
        sampled = Counter(result)
        qubits, readout = bits
        if readout == tuple(range(qubits)):
            return sampled
        # All qubits were sampled: each outcome is spelled anew in classical bits, equal ones are added up.
        counts: Dict[int, int] = Counter()
        for index, count in sampled.items():
            shown = enumerate(readout)
            outcome = sum((index >> qubit & 1) << bit for bit, qubit in shown if qubit is not None)
            counts[outcome] += count
        return counts
