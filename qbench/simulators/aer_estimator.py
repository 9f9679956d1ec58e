"""Aer's primitive for expectation values, ``qiskit_aer.primitives.EstimatorV2``.

The front door: ``EstimatorV2.from_backend(backend).run([(circuit, observable, values)]).result()``.  A
sweep is one PUB with an array of parameter values, which the estimator gives to one ``run`` of the backend
as ``parameter_binds``.

translate   a ``QuantumCircuit``, one method call per gate, without measurements; free angles as ``Parameter``
            expressions; the ``SparsePauliOp``
compile     ``transpile(circuit, backend, optimization_level=0)``, as in aer.py: the estimator does not
            transpile
execute     ``run`` and ``result``: it checks the PUB, copies the circuit, appends for each Pauli product a
            ``save_expectation_value``, runs that, and multiplies by the coefficients in Python.  Parameter
            values are named, so their order is the task's
readback    ``data.evs``, one number or an array of one per binding

The backend is ``AerSimulator(method="statevector")``, so that it computes as ``aer.statevector`` does (by
itself the estimator lets Aer choose a method).  ``default_precision`` stays 0, as it comes: the answer is the
exact expectation value, and there are no shots.  ``max_parallel_threads`` is the number of threads asked for.
Qubit 0 is least significant, as here.

Traps (qiskit-aer 0.18.2, qiskit 2.6.2)
- What checks the PUB simplifies the observable, and that drops every Pauli product whose coefficient is at
  most 1e-8 in size: ``1e-8*Z0 + X1`` on |00> gives 0, not 1e-8.  No option changes it, so an observable with
  such a coefficient is refused here; ``aer.statevector`` takes it.
- ``parameter_binds`` leaves the free angles of cp, crx, cry and crz at 0 (see aer.py): ``x(0); rx(t, 1);
  crx(t, 0, 1)`` at t = 1.5 has <Z1> = 0.07 in place of -0.99.  So these gates are not declared, and circuits
  without free angles pay for it, too: qbench lowers each to five gates or fewer.
- Other gates, and the levels of ``transpile``: see aer.py.
"""

from typing import Any, Dict

CONTRACT = 1
DISTRIBUTIONS = ["qiskit-aer", "qiskit"]
LICENCE = "Apache-2.0"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["expval", "sweep"]
UNSUPPORTED = {
    "state": "it gives expectation values only; aer.statevector gives the state",
    "sample": "it gives expectation values only; aer.statevector samples",
    "gradient": "Aer has no gradients",
    "density_matrix": "it gives expectation values only; aer.density_matrix holds a density matrix",
    "noisy_sample": "it gives expectation values only; aer.trajectories samples with noise",
}
GATES = [
    "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u",
    "cx", "cy", "cz", "ch", "csx", "swap", "rxx", "ryy", "rzz",
    "ccx", "cswap", "c3x", "c4x",
]  # fmt: skip
MAX_QUBITS = 24
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {"aer.estimator": {}}

DROPPED = 1e-8


def load(options: Any) -> "Engine":
    return Engine(options["threads"])


class Engine:
    def __init__(self, threads: int) -> None:
        from qiskit import QuantumCircuit, transpile
        from qiskit.circuit import Parameter
        from qiskit.circuit.library import C3XGate, C4XGate
        from qiskit.quantum_info import SparsePauliOp
        from qiskit_aer import AerSimulator
        from qiskit_aer.primitives import EstimatorV2

        self.circuit, self.parameter, self.pauli_sum = QuantumCircuit, Parameter, SparsePauliOp
        self.transpile = transpile
        self.backend = AerSimulator(method="statevector", max_parallel_threads=threads)
        self.estimator = EstimatorV2.from_backend(self.backend)
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

    def compile(self, native: Any, task: Any) -> Any:
        circuit, observable, names = native
        return self.transpile(circuit, self.backend, optimization_level=0), observable, names

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        circuit, observable, names = program
        pub = (circuit, observable) if bindings is None else (circuit, observable, {names: bindings})
        return self.estimator.run([pub]).result()[0]

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
