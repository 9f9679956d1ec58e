"""Aer's stabilizer method, asked for 1000 samples."""

from qiskit import QuantumCircuit, transpile
from qiskit_aer import AerSimulator
from timing import serve

backend = AerSimulator(method="stabilizer", max_parallel_threads=1)
circuit = QuantumCircuit(8, 8)
circuit.h(0)
for qubit in range(7):
    circuit.cx(qubit, qubit + 1)
circuit.measure(range(8), range(8))
program = transpile(circuit, backend, optimization_level=0)

serve(lambda: backend.run(program, shots=1000).result(), lambda result: result.get_counts())
