"""Qiskit's own simulators, as its documentation calls them.

Once per circuit: the QuantumCircuit, its measurements, ``transpile`` where a backend runs it.  An execution
is the call that computes, with a seed where it draws.
"""

import itertools

import numpy as np
from qiskit import QuantumCircuit, transpile
from qiskit.circuit import ParameterVector
from qiskit.primitives import StatevectorEstimator, StatevectorSampler
from qiskit.providers.basic_provider import BasicSimulator
from qiskit.quantum_info import DensityMatrix, Kraus, Pauli, SparsePauliOp, Statevector
from serving import amplitudes, numbers, serve

seeds = itertools.count(1)


def written(question, bits=0):
    circuit = QuantumCircuit(question["qubits"], bits)
    theta = ParameterVector("theta", len(question["bindings"][0]) if question["bindings"] else 0)
    channels = {}
    for name, qubits, angles, _, _ in question["operations"]:
        if name == "depolarizing":
            key = angles[0], len(qubits)
            if key not in channels:
                channels[key] = depolarizing(*key)
            circuit.append(channels[key], qubits)
        else:
            angles = [theta[int(angle)] if isinstance(angle, str) else angle for angle in angles]
            getattr(circuit, name)(*angles, *qubits)
    return circuit


def depolarizing(strength, qubits):
    labels = ["".join(letters) for letters in itertools.product("IXYZ", repeat=qubits)]
    weights = np.full(len(labels), strength / len(labels))
    weights[0] += 1 - strength
    matrices = [
        np.sqrt(weight) * Pauli(label).to_matrix() for label, weight in zip(labels, weights, strict=True)
    ]
    return Kraus(matrices).to_instruction()


def observable(question):
    terms = [
        ("".join(letter for _, letter in paulis), [qubit for qubit, _ in paulis], coefficient)
        for coefficient, paulis in question["observable"]
    ]
    return SparsePauliOp.from_sparse_list(terms, num_qubits=question["qubits"])


def statevector(question):
    circuit = written(question)
    return lambda: Statevector(circuit), lambda state: amplitudes(state.data)


def density_matrix(question):
    circuit = written(question)
    return lambda: DensityMatrix(circuit), lambda matrix: amplitudes(matrix.data)


def sampler(question):
    qubits, shots = range(question["qubits"]), question["shots"]
    circuit = written(question, bits=question["qubits"])
    circuit.measure(qubits, qubits)

    def run():
        return StatevectorSampler(seed=next(seeds)).run([circuit], shots=shots).result()

    return run, lambda result: result[0].data.c.get_counts()


def basic(question):
    qubits, shots = range(question["qubits"]), question["shots"]
    circuit = written(question, bits=question["qubits"])
    circuit.measure(qubits, qubits)
    backend = BasicSimulator()
    circuit = transpile(circuit, backend, optimization_level=0)

    def run():
        return backend.run(circuit, shots=shots, seed_simulator=next(seeds)).result()

    return run, lambda result: result.get_counts()


def estimator(question):
    circuit, paulis = written(question), observable(question)

    def run():
        # the values come as rows of numbers; parameters of a vector are in order
        return StatevectorEstimator().run([(circuit, paulis, question["bindings"])]).result()

    return run, lambda result: numbers(result[0].data.evs)


serve(
    {
        "qiskit.statevector": statevector,
        "qiskit.density_matrix": density_matrix,
        "qiskit.sampler": sampler,
        "qiskit.basic": basic,
        "qiskit.estimator": estimator,
    }
)
