"""Qiskit Aer, as its documentation calls it: transpiled once, run again and again.

Once per circuit: the QuantumCircuit with what it saves or measures, and ``transpile`` (level 0, which changes
no angle).  An execution is ``run(...).result()``; ``run`` alone only starts a thread.
"""

import itertools

from qiskit import QuantumCircuit, transpile
from qiskit.circuit import ParameterVector
from qiskit.quantum_info import SparsePauliOp
from qiskit_aer import AerSimulator
from qiskit_aer.noise import depolarizing_error
from qiskit_aer.primitives import EstimatorV2, SamplerV2
from serving import amplitudes, numbers, serve

seeds = itertools.count(1)


def written(question, bits=0):
    circuit = QuantumCircuit(question["qubits"], bits)
    theta = ParameterVector("theta", len(question["bindings"][0]) if question["bindings"] else 0)
    errors = {}
    for name, qubits, angles, _, _ in question["operations"]:
        if name == "depolarizing":
            key = angles[0], len(qubits)
            if key not in errors:
                errors[key] = depolarizing_error(*key).to_instruction()
            circuit.append(errors[key], qubits)
        else:
            angles = [theta[int(angle)] if isinstance(angle, str) else angle for angle in angles]
            getattr(circuit, name)(*angles, *qubits)
    return circuit, theta


def observable(question):
    terms = [
        ("".join(letter for _, letter in paulis), [qubit for qubit, _ in paulis], coefficient)
        for coefficient, paulis in question["observable"]
    ]
    return SparsePauliOp.from_sparse_list(terms, num_qubits=question["qubits"])


def state(backend):
    def prepare(question):
        circuit, _ = written(question)
        circuit.save_statevector()
        circuit = transpile(circuit, backend, optimization_level=0)
        return lambda: backend.run(circuit, shots=1).result(), lambda found: amplitudes(
            found.get_statevector().data
        )

    return prepare


def unitary(question):
    backend = simulator("unitary")
    circuit, _ = written(question)
    circuit.save_unitary()
    circuit = transpile(circuit, backend, optimization_level=0)
    return lambda: backend.run(circuit, shots=1).result(), lambda found: amplitudes(
        found.get_unitary().data[:, 0]
    )


def density_matrix(backend):
    def prepare(question):
        circuit, _ = written(question)
        circuit.save_density_matrix()
        circuit = transpile(circuit, backend, optimization_level=0)
        return lambda: backend.run(circuit, shots=1).result(), lambda found: amplitudes(
            found.data(0)["density_matrix"].data
        )

    return prepare


def counts(backend):
    def prepare(question):
        qubits, shots = range(question["qubits"]), question["shots"]
        circuit, _ = written(question, bits=question["qubits"])
        circuit.measure(qubits, qubits)
        circuit = transpile(circuit, backend, optimization_level=0)

        def run():
            return backend.run(circuit, shots=shots, seed_simulator=next(seeds)).result()

        return run, lambda found: found.get_counts()

    return prepare


def batched(question):
    backend = simulator("statevector")
    circuit, theta = written(question)
    circuit.save_expectation_value(observable(question), circuit.qubits)
    circuit = transpile(circuit, backend, optimization_level=0)
    rows = question["bindings"]

    def run():
        # the values come as rows; Aer wants a list of values for each parameter
        columns = dict(zip(theta, map(list, zip(*rows, strict=True)), strict=True))
        return backend.run(circuit, shots=1, parameter_binds=[columns]).result()

    return run, lambda found: [found.data(row)["expectation_value"] for row in range(len(rows))]


def estimator(question):
    backend = simulator("statevector")
    circuit, _ = written(question)
    circuit, paulis = transpile(circuit, backend, optimization_level=0), observable(question)
    primitive = EstimatorV2.from_backend(backend)

    def run():
        return primitive.run([(circuit, paulis, question["bindings"])]).result()

    return run, lambda found: numbers(found[0].data.evs)


def sampler(question):
    backend = simulator("statevector")
    qubits, shots = range(question["qubits"]), question["shots"]
    circuit, _ = written(question, bits=question["qubits"])
    circuit.measure(qubits, qubits)
    circuit = transpile(circuit, backend, optimization_level=0)

    def run():  # the seed is the sampler's
        return SamplerV2.from_backend(backend, seed=next(seeds)).run([circuit], shots=shots).result()

    return run, lambda found: found[0].data.c.get_counts()


def simulator(method, **options):
    return AerSimulator(method=method, max_parallel_threads=1, **options)


serve(
    {
        "aer.statevector": state(simulator("statevector")),
        "aer.statevector.nofusion": state(simulator("statevector", fusion_enable=False)),
        "aer.statevector.c64": state(simulator("statevector", precision="single")),
        "aer.mps": state(simulator("matrix_product_state")),
        "aer.mps.bond16": state(
            simulator("matrix_product_state", matrix_product_state_max_bond_dimension=16)
        ),
        "aer.mps.probabilities": counts(
            simulator("matrix_product_state", mps_sample_measure_algorithm="mps_probabilities")
        ),
        "aer.unitary": unitary,
        "aer.density_matrix": density_matrix(simulator("density_matrix")),
        "aer.density_matrix.c64": density_matrix(simulator("density_matrix", precision="single")),
        "aer.extended_stabilizer": state(simulator("extended_stabilizer")),
        "aer.stabilizer": counts(simulator("stabilizer")),
        "aer.trajectories": counts(simulator("statevector")),
        "aer.statevector.batched": batched,
        "aer.estimator": estimator,
        "aer.sampler": sampler,
    }
)
