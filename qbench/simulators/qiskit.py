"""Qiskit's own state vector, through ``qiskit.quantum_info.Statevector``.

The front door: ``Statevector(circuit)`` is how Qiskit's documentation looks at a circuit's state, with
``seed`` and ``sample_counts`` to draw from it, and ``expectation_value`` of a ``SparsePauliOp``.  (The
primitives StatevectorSampler and StatevectorEstimator are other front doors, hence other configurations:
qiskit_sampling.py, qiskit_estimator.py.)

translate   a ``QuantumCircuit``, one method call per gate, free angles as ``Parameter`` expressions; no
            measurements, which Statevector refuses: the qubits to sample are named to ``sample_counts``
            instead.  The ``SparsePauliOp``, where there is an observable
compile     there is none: Statevector applies gate after gate, nothing is fused or prepared
execute     ``Statevector(circuit)``, which evolves at once; for samples also the drawing, for expectation
            values ``expectation_value``.  A sweep is a loop over the bindings, each with
            ``assign_parameters``, which makes a new circuit
readback    ``.data``, the array itself without a copy; the counts as they come; the real part of the
            expectation value, which Qiskit gives as a complex number

Nothing is switched on or off.  Gates are NumPy contractions: threads are OpenBLAS's, set by its variable;
expectation values are sums in Rust, on Rayon's threads, set likewise.
Qubit 0 is least significant, as here.

Traps (qiskit 2.6.2, numpy 2.4.6)
- Gates with several phases use the rounded sum of their angles: ``u2(6.3, 100.5)`` on one qubit after ``h``
  is off by 3.6e-15, ``cu(100.5, 6.3, 100.5, 100.5)`` by 2.7e-15, so neither is declared; ``u`` with angles
  up to 7 stays within 1e-15.  Every gate below was probed within 5e-16, on all orders of up to three
  qubits (24 orders of more) and angles from 1e-13 to 100.5.
- ``mcx`` with four controls makes a gate without a matrix, expanded into 1.6e-15 of rounding; C4XGate, as
  Qiskit reads c4x from OpenQASM, is exact.
- ``sample_counts`` first writes all outcomes as text: 5.2 GB and 24 s for 20 qubits, hence the limit of 18.
- In a ``Parameter`` expression a number up to 1.8e-15 (8 ulp of 1) counts as 0 and a factor as near to 1 as
  1: ``2*t`` at t = 1.3e-15 is 0.  With ordinary numbers ``scale*t + shift`` is the double that Python
  computes, to the last bit.
- ``Statevector(circuit)`` takes a ``reset``, but draws one outcome of it and goes on with that: it is no
  mixture, so resets are not declared.
"""

from typing import Any, Dict

CONTRACT = 1
DISTRIBUTIONS = ["qiskit"]
LICENCE = "Apache-2.0"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["state", "sample", "expval", "sweep"]
UNSUPPORTED = {
    "gradient": "Qiskit has no gradients; qiskit-algorithms, another package, has",
    "density_matrix": "it holds a state vector; qiskit.density_matrix holds a density matrix",
    "noisy_sample": "a state vector takes no noise; qiskit.density_matrix does",
}
GATES = [
    "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u",
    "cx", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz", "swap", "rxx", "ryy", "rzz",
    "ccx", "cswap", "c3x", "c4x",
]  # fmt: skip
MAX_QUBITS = 24
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {"qiskit.statevector": {}}

MAX_SAMPLED_QUBITS = 18
Parameter: Any = None
QuantumCircuit: Any = None
SparsePauliOp: Any = None
Statevector: Any = None
MULTI_CONTROLLED: Dict[str, Any] = {}


def load(options: Any) -> None:
    global Parameter, QuantumCircuit, SparsePauliOp, Statevector
    from qiskit import QuantumCircuit
    from qiskit.circuit import Parameter
    from qiskit.circuit.library import C3XGate, C4XGate
    from qiskit.quantum_info import SparsePauliOp, Statevector

    MULTI_CONTROLLED.update(c3x=C3XGate(), c4x=C4XGate())


def supports(circuit: Any, task: Any) -> Any:
    if task.kind != "sample":
        return None
    shown = {qubit for qubit in circuit.readout if qubit is not None}
    if not shown:
        return "no qubit is measured"
    if len(shown) > MAX_SAMPLED_QUBITS:
        return f"sample_counts holds every outcome as text: at most {MAX_SAMPLED_QUBITS} qubits are sampled"
    return None


def translate(circuit: Any, task: Any) -> Any:
    native = QuantumCircuit(circuit.num_qubits)
    free = {name: Parameter(name) for name in task.parameters}
    for gate in circuit.gates:
        angles = [native_angle(angle, free) for angle in gate.params] if free else gate.params
        if gate.name in MULTI_CONTROLLED:
            native.append(MULTI_CONTROLLED[gate.name], gate.qubits)
        else:
            getattr(native, gate.name)(*angles, *gate.qubits)
    observable = None if task.observable is None else pauli_sum(task.observable, circuit.num_qubits)
    return native, observable, list(free.values()), task.shots, circuit.readout


def native_angle(angle: Any, free: Any) -> Any:
    """A number as it is; a free angle as ``scale * parameter + shift``, with no scale of 1 or shift of 0."""
    if isinstance(angle, float):
        return angle
    term = free[angle.name] if angle.scale == 1.0 else angle.scale * free[angle.name]
    return term + angle.shift if angle.shift else term


def pauli_sum(observable: Any, qubits: int) -> Any:
    terms = [
        ("".join(letter for _, letter in paulis), [qubit for qubit, _ in paulis], coefficient)
        for coefficient, paulis in observable.terms
    ]
    return SparsePauliOp.from_sparse_list(terms, num_qubits=qubits)


def execute(program: Any, seed: int, bindings: Any = None) -> Any:
    native, observable, free, shots, readout = program
    if bindings is not None:
        rows = [dict(zip(free, row)) for row in bindings]  # noqa: B905
        return [Statevector(native.assign_parameters(row)).expectation_value(observable) for row in rows]
    state = Statevector(native)
    if observable is not None:
        return state.expectation_value(observable)
    if shots is None:
        return state
    state.seed(seed)
    qubits = sorted({qubit for qubit in readout if qubit is not None})
    return state.sample_counts(shots, qubits), qubits, readout


def readback(handle: Any) -> Any:
    if isinstance(handle, Statevector):
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
