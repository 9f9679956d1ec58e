"""Stim's tableau simulator, asked for the state."""

import stim
from timing import amplitudes, serve

circuit = stim.Circuit("H 0")
for qubit in range(7):
    circuit.append("CX", [qubit, qubit + 1])


def run():
    simulator = stim.TableauSimulator()
    simulator.do_circuit(circuit)
    return simulator.state_vector(endian="little")


serve(run, amplitudes)
