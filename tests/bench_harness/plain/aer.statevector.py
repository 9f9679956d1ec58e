"""Aer's state vector: transpiled once, run again and again."""

from qiskit import QuantumCircuit, transpile
from qiskit_aer import AerSimulator
from timing import amplitudes, serve

backend = AerSimulator(method="statevector", precision="double", max_parallel_threads=1)
circuit = QuantumCircuit(8)
circuit.h(0)
for qubit in range(7):
    circuit.cx(qubit, qubit + 1)
circuit.save_statevector()
program = transpile(circuit, backend, optimization_level=0)

serve(
    lambda: backend.run(program, shots=1).result(), lambda result: amplitudes(result.get_statevector().data)
)
