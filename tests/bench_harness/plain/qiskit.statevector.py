"""Qiskit's Statevector, as its documentation shows it."""

from qiskit import QuantumCircuit
from qiskit.quantum_info import Statevector
from timing import amplitudes, serve

circuit = QuantumCircuit(8)
circuit.h(0)
for qubit in range(7):
    circuit.cx(qubit, qubit + 1)

serve(lambda: Statevector(circuit), lambda state: amplitudes(state.data))
