"""Qiskit's primitive for expectation values, ``qiskit.primitives.StatevectorEstimator``.

The front door: ``StatevectorEstimator(seed=seed).run([(circuit, observable, values)]).result()[0].data.evs``,
as the documentation of Qiskit's primitives has it.  A sweep is one PUB with an array of parameter values:
this configuration batches, ``qiskit.statevector`` loops.

translate   a ``QuantumCircuit``, one method call per gate, without measurements; free angles as ``Parameter``
            expressions; the ``SparsePauliOp``
compile     there is none: the estimator takes any circuit of gates
execute     building the estimator (its seed is the constructor's), ``run`` and ``result``: it checks the PUB,
            assigns the parameters of all bindings, applies gate after gate (``Statevector``, see qiskit.py)
            and takes one sum per Pauli product.  Parameter values are named, so their order is the task's
readback    ``data.evs``, one number or an array of one per binding

``default_precision`` stays 0, as it comes: no noise is added and nothing is drawn, the answer is the exact
expectation value and the seed changes nothing.  Threads are OpenBLAS's and Rayon's, set by their variables;
the work runs in a thread of its own.  Qubit 0 is least significant, as here.

Traps (qiskit 2.6.2, numpy 2.4.6)
- The estimator first simplifies the observable, and that drops every Pauli product whose coefficient is at
  most 1e-8 in size: ``1e-8*Z0 + X1`` on |00> gives 0, not 1e-8.  No option changes it, so an observable with
  such a coefficient is refused here; ``qiskit.statevector`` takes it.  What is left of an observable whose
  products cancel each other is refused by Qiskit itself.
- u2 and cu use the rounded sum of their angles (see qiskit.py) and are not declared.
- All bound circuits are made before the first is run.  50 bindings of 9 gates take 46 ms, a loop over
  ``Statevector`` 42 ms: the batch saves nothing here.
"""

from typing import Any, Dict

CONTRACT = 1
DISTRIBUTIONS = ["qiskit"]
LICENCE = "Apache-2.0"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["expval", "sweep"]
UNSUPPORTED = {
    "state": "it gives expectation values only; qiskit.statevector is Qiskit's door to the state",
    "sample": "it gives expectation values only; qiskit.sampler is Qiskit's primitive for samples",
    "gradient": "Qiskit has no gradients; qiskit-algorithms, another package, has",
    "density_matrix": "it gives expectation values only; qiskit.density_matrix holds a density matrix",
    "noisy_sample": "it gives expectation values only, without noise",
}
GATES = [
    "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u",
    "cx", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz", "swap", "rxx", "ryy", "rzz",
    "ccx", "cswap", "c3x", "c4x",
]  # fmt: skip
MAX_QUBITS = 24
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {"qiskit.estimator": {}}

DROPPED = 1e-8


def load(options: Any) -> "Engine":
    return Engine()


class Engine:
    def __init__(self) -> None:
        from qiskit import QuantumCircuit
        from qiskit.circuit import Parameter
        from qiskit.circuit.library import C3XGate, C4XGate
        from qiskit.primitives import StatevectorEstimator
        from qiskit.quantum_info import SparsePauliOp

        self.circuit, self.parameter, self.pauli_sum = QuantumCircuit, Parameter, SparsePauliOp
        self.estimator = StatevectorEstimator
        self.multi_controlled = {"c3x": C3XGate(), "c4x": C4XGate()}

    def supports(self, circuit: Any, task: Any) -> Any:
        return lost_terms(task.observable)

    def translate(self, circuit: Any, task: Any) -> Any:
        native = self.circuit(circuit.num_qubits)
        free = {name: self.parameter(name) for name in task.parameters}
        for gate in circuit.gates:
            if gate.name in self.multi_controlled:
                native.append(self.multi_controlled[gate.name], gate.qubits)
            else:
                angles = [native_angle(angle, free) for angle in gate.params]
                getattr(native, gate.name)(*angles, *gate.qubits)
        terms = [
            ("".join(letter for _, letter in paulis), [qubit for qubit, _ in paulis], coefficient)
            for coefficient, paulis in task.observable.terms
        ]
        observable = self.pauli_sum.from_sparse_list(terms, num_qubits=circuit.num_qubits)
        return native, observable, task.parameters

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        circuit, observable, names = program
        pub = (circuit, observable) if bindings is None else (circuit, observable, {names: bindings})
        return self.estimator(seed=seed).run([pub]).result()[0]

    def readback(self, handle: Any) -> Any:
        values = handle.data.evs
        return values if values.ndim else float(values)


def lost_terms(observable: Any) -> Any:
    """Why the estimator would answer another question, or None; equal products count as their sum."""
    sums: Dict[Any, float] = {}
    for coefficient, paulis in observable.terms:
        key = tuple(sorted(paulis))
        sums[key] = sums.get(key, 0.0) + coefficient
    if any(0 < abs(total) <= DROPPED for total in sums.values()):
        return f"it drops Pauli products with coefficients up to {DROPPED}, and the observable has one"
    return None if any(sums.values()) else "it refuses an observable that is zero"


def native_angle(angle: Any, free: Any) -> Any:
    """A number as it is; a free angle as ``scale * parameter + shift``, with no scale of 1 or shift of 0."""
    if isinstance(angle, float):
        return angle
    term = free[angle.name] if angle.scale == 1.0 else angle.scale * free[angle.name]
    return term + angle.shift if angle.shift else term
