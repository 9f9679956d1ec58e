"""Qiskit's own density matrix, through ``qiskit.quantum_info.DensityMatrix``.

The front door: ``DensityMatrix(circuit)``, the sibling of ``Statevector(circuit)`` (see qiskit.py), with
``sample_counts`` and ``expectation_value`` as there.

translate   a ``QuantumCircuit``, one method call per gate; a noise channel is a ``Kraus`` appended to its
            qubits, a reset a ``reset``; free angles are ``Parameter`` expressions.  No measurements, which
            DensityMatrix refuses: the qubits to sample are named to ``sample_counts`` instead
compile     there is none: gate after gate is applied, nothing is fused or prepared
execute     ``DensityMatrix(circuit)``, which evolves at once; for samples also the drawing, for expectation
            values ``expectation_value``.  A sweep is a loop over the bindings with ``assign_parameters``
readback    ``.data``, the array itself without a copy, row index the ket; the counts as they come; the real
            part of the expectation value

Nothing is switched on or off.  Threads are OpenBLAS's and Rayon's, set by their variables.  Qubit 0 is least
significant, as here.  It has 4^n numbers: 66 gates and 234 channels on 8 qubits take 0.8 s, 82 and 290 on 10
qubits 17 s (Aer: 0.15 and 2.7 s).

Qiskit itself has no noise models: its channels are what one writes as ``Kraus`` or ``SuperOp``.  Here they
are written from qbench's definitions: depolarizing on k qubits as all 4^k Pauli products, the identity with
the weight 1 - p (4^k - 1) / 4^k and each other with p / 4^k.  There is no readout error.

Traps (qiskit 2.6.2, numpy 2.4.6)
- A ``SuperOp`` appended to a circuit is turned into Kraus operators, of which those with a weight below 1e-8
  are dropped (``atol`` of ``_choi_to_kraus``).  A ``Kraus`` is taken as it is, hence Kraus.
- u2 and cu use the rounded sum of their angles (see qiskit.py) and are not declared.
"""

from typing import Any, Dict

CONTRACT = 1
DISTRIBUTIONS = ["qiskit"]
LICENCE = "Apache-2.0"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["sample", "expval", "sweep", "density_matrix", "noisy_sample"]
UNSUPPORTED = {
    "state": "it holds a density matrix, which is no state vector",
    "gradient": "Qiskit has no gradients; qiskit-algorithms, another package, has",
}
NOISE = ["depolarizing", "amplitude_damping", "phase_damping"]
FEATURES = ["reset"]
GATES = [
    "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u",
    "cx", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz", "swap", "rxx", "ryy", "rzz",
    "ccx", "cswap", "c3x", "c4x",
]  # fmt: skip
MAX_QUBITS = 10
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {"qiskit.density_matrix": {}}


def load(options: Any) -> "Engine":
    return Engine()


class Engine:
    def __init__(self) -> None:
        import numpy
        from qiskit import QuantumCircuit
        from qiskit.circuit import Parameter
        from qiskit.circuit.library import C3XGate, C4XGate
        from qiskit.quantum_info import DensityMatrix, Kraus, Pauli, SparsePauliOp

        self.numpy, self.circuit, self.parameter, self.density = (
            numpy,
            QuantumCircuit,
            Parameter,
            DensityMatrix,
        )
        self.kraus, self.pauli, self.pauli_sum = Kraus, Pauli, SparsePauliOp
        self.multi_controlled = {"c3x": C3XGate(), "c4x": C4XGate()}

    def supports(self, circuit: Any, task: Any) -> Any:
        if task.counted and all(qubit is None for qubit in circuit.readout):
            return "no qubit is measured"
        return None

    def translate(self, circuit: Any, task: Any) -> Any:
        native = self.circuit(circuit.num_qubits)
        free = {name: self.parameter(name) for name in task.parameters}
        channels: Dict[Any, Any] = {}
        for op in circuit.operations:
            if op.name in self.multi_controlled:
                native.append(self.multi_controlled[op.name], op.qubits)
            elif op.name in NOISE:
                kind = op.name, op.params[0], len(op.qubits)
                if kind not in channels:
                    channels[kind] = self.kraus(self.channel(*kind)).to_instruction()
                native.append(channels[kind], op.qubits)
            elif op.name not in ("barrier", "measure"):
                angles = [native_angle(angle, free) for angle in op.params]
                getattr(native, op.name)(*angles, *op.qubits)
        observable = None if task.observable is None else self.observable(task.observable, circuit.num_qubits)
        return native, observable, list(free.values()), task.shots, circuit.readout

    def channel(self, name: str, strength: float, qubits: int) -> Any:
        if name == "depolarizing":
            letters = "IXYZ" if qubits == 1 else [one + other for one in "IXYZ" for other in "IXYZ"]
            share = strength / len(letters)
            weights = [1 - share * (len(letters) - 1)] + [share] * (len(letters) - 1)
            return [
                weight**0.5 * self.pauli(label).to_matrix()
                for label, weight in zip(letters, weights)  # noqa: B905
            ]
        kept, lost = (1 - strength) ** 0.5, strength**0.5
        decay = [[0, lost], [0, 0]] if name == "amplitude_damping" else [[0, 0], [0, lost]]
        return [self.numpy.array(matrix, dtype=complex) for matrix in ([[1, 0], [0, kept]], decay)]

    def observable(self, observable: Any, qubits: int) -> Any:
        terms = [
            ("".join(letter for _, letter in paulis), [qubit for qubit, _ in paulis], coefficient)
            for coefficient, paulis in observable.terms
        ]
        return self.pauli_sum.from_sparse_list(terms, num_qubits=qubits)

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        native, observable, free, shots, readout = program
        if bindings is not None:
            rows = [dict(zip(free, row)) for row in bindings]  # noqa: B905
            return [self.density(native.assign_parameters(row)).expectation_value(observable) for row in rows]
        matrix = self.density(native)
        if observable is not None:
            return matrix.expectation_value(observable)
        if shots is None:
            return matrix
        matrix.seed(seed)
        qubits = sorted({qubit for qubit in readout if qubit is not None})
        return matrix.sample_counts(shots, qubits), qubits, readout

    def readback(self, handle: Any) -> Any:
        if isinstance(handle, self.density):
            return handle.data
        if isinstance(handle, list):
            return [value.real for value in handle]
        if isinstance(handle, complex):
            return handle.real
        counts, qubits, readout = handle
        if qubits == list(readout):
            return counts
        # Classical bits in another order, or never written (0): each outcome is spelled anew, last bit first.
        place = {qubit: -1 - position for position, qubit in enumerate(qubits)}
        return {
            "".join("0" if qubit is None else key[place[qubit]] for qubit in reversed(readout)): count
            for key, count in counts.items()
        }


def native_angle(angle: Any, free: Any) -> Any:
    """A number as it is; a free angle as ``scale * parameter + shift``, with no scale of 1 or shift of 0."""
    if isinstance(angle, float):
        return angle
    term = free[angle.name] if angle.scale == 1.0 else angle.scale * free[angle.name]
    return term + angle.shift if angle.shift else term
