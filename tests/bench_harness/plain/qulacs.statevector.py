"""qulacs: a circuit that updates a fresh state."""

from qulacs import QuantumCircuit, QuantumState
from timing import amplitudes, serve

circuit = QuantumCircuit(8)
circuit.add_H_gate(0)
for qubit in range(7):
    circuit.add_CNOT_gate(qubit, qubit + 1)


def run():
    state = QuantumState(8)
    circuit.update_quantum_state(state)
    return state


serve(run, lambda state: amplitudes(state.get_vector()))
