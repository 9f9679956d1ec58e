"""MQT DDSIM, as its documentation calls it.

Once per circuit: the QuantumComputation.  The circuit and the seed are the simulator's, so that each
execution makes its own; without a seed it would ask the system for one, 0.4 ms.
"""

import itertools

import numpy as np
from mqt.core.ir import QuantumComputation
from mqt.ddsim import CircuitSimulator, HybridSimulator, HybridSimulatorMode, UnitarySimulator
from serving import amplitudes, serve

seeds = itertools.count(1)


def written(question):
    circuit = QuantumComputation(question["qubits"])
    for name, qubits, angles, _, _ in question["operations"]:
        getattr(circuit, name)(*angles, *qubits)
    return circuit


def read(simulator):
    return amplitudes(np.array(simulator.get_constructed_dd().get_vector()))


def statevector(question):
    circuit = written(question)

    def run():
        simulator = CircuitSimulator(circuit, seed=next(seeds))
        simulator.simulate(0)
        return simulator

    return run, read


def exact(question):
    circuit = written(question)

    def run():
        simulator = CircuitSimulator(circuit, seed=next(seeds))
        simulator.set_tolerance(1e-15)
        simulator.simulate(0)
        return simulator

    return run, read


def hybrid(question):
    circuit = written(question)

    def run():
        simulator = HybridSimulator(circuit, seed=next(seeds), mode=HybridSimulatorMode.amplitude, nthreads=1)
        simulator.simulate(0)
        return simulator

    return run, lambda simulator: amplitudes(np.array(simulator.get_final_amplitudes()))


def unitary(question):
    circuit = written(question)

    def run():
        simulator = UnitarySimulator(circuit, seed=next(seeds))
        simulator.construct()
        return simulator

    def read_column(simulator):
        return amplitudes(np.array(simulator.get_constructed_dd().get_matrix(question["qubits"]))[:, 0])

    return run, read_column


serve(
    {
        "ddsim.statevector": statevector,
        "ddsim.exact": exact,
        "ddsim.hybrid": hybrid,
        "ddsim.unitary": unitary,
    }
)
