"""DDSIM: a simulator per run, as its circuit and seed are the simulator's.

Without a seed it asks the system for one, 0.4 ms.
"""

import itertools

from mqt.core.ir import QuantumComputation
from mqt.ddsim import CircuitSimulator
from timing import amplitudes, serve

seeds = itertools.count(1)
circuit = QuantumComputation(8)
circuit.h(0)
for qubit in range(7):
    circuit.cx(qubit, qubit + 1)


def run():
    simulator = CircuitSimulator(circuit, seed=next(seeds))
    simulator.simulate(0)
    return simulator


serve(run, lambda simulator: amplitudes(simulator.get_constructed_dd().get_vector()))
