"""Stim, as its documentation calls it.

Once per circuit: the circuit, for the sampler its reference sample.  The seed is the simulator's or the
sampler's, so that each execution makes its own; without one it asks the system for a seed, 8 us.
"""

import itertools
from collections import Counter

import stim
from serving import amplitudes, serve

seeds = itertools.count(1)
NAMES = {"h": "H", "s": "S", "x": "X", "cx": "CX", "cz": "CZ"}


def written(question):
    circuit = stim.Circuit()
    for name, qubits, _, _, _ in question["operations"]:
        circuit.append(NAMES[name], qubits)
    return circuit


def tableau(question):
    circuit = written(question)

    def run():
        simulator = stim.TableauSimulator(seed=next(seeds))
        simulator.do_circuit(circuit)
        return simulator.state_vector(endian="little")

    return run, amplitudes


def peek(question):
    circuit, terms = written(question), []
    for coefficient, paulis in question["observable"]:
        letters = dict(paulis)
        product = stim.PauliString([letters.get(qubit, "_") for qubit in range(question["qubits"])])
        terms.append((coefficient, product))

    def run():
        simulator = stim.TableauSimulator(seed=next(seeds))
        simulator.do_circuit(circuit)
        return sum(
            coefficient * simulator.peek_observable_expectation(product) for coefficient, product in terms
        )

    return run, float


def sampler(question):
    circuit = written(question)
    circuit.append("M", range(question["qubits"]))
    reference = circuit.reference_sample()

    def run():
        sampler = circuit.compile_sampler(seed=next(seeds), reference_sample=reference)
        return sampler.sample(question["shots"])

    def read(rows):
        return Counter("".join("01"[bit] for bit in reversed(row)) for row in rows.tolist())

    return run, read


serve({"stim.tableau": tableau, "stim.peek": peek, "stim.sampler": sampler})
