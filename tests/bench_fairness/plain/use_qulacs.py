"""qulacs, as its tutorial calls it: gates are added to a circuit, which updates a state.

Once per circuit: the circuit, the observable, qulacs' optimizer.  An execution is a fresh state and its
update, for parameters their values first.  ``RX`` and its like turn the other way, hence minus signs.
"""

import itertools

from qulacs import (
    DensityMatrix,
    GradCalculator,
    Observable,
    ParametricQuantumCircuit,
    QuantumCircuit,
    QuantumState,
)
from qulacs.circuit import QuantumCircuitOptimizer
from qulacs.gate import CNOT, CZ, RX, RY, RZ, DepolarizingNoise, H, TwoQubitDepolarizingNoise, X
from serving import amplitudes, numbers, serve

seeds = itertools.count(1)
GATES = {"h": H, "x": X, "cx": CNOT, "cz": CZ}
ROTATIONS = {"rx": RX, "ry": RY, "rz": RZ}


def gate(name, qubits, angles):
    if name in ROTATIONS:
        return ROTATIONS[name](qubits[0], -angles[0])
    return GATES[name](*qubits)


def noise(qubits, strength, *seed):
    """With probability p the qubits are replaced by mixed ones: 3/4 or 15/16 of that are errors."""
    if len(qubits) == 1:
        return DepolarizingNoise(*qubits, 3 / 4 * strength, *seed)
    return TwoQubitDepolarizingNoise(*qubits, 15 / 16 * strength, *seed)


def written(question):
    circuit = QuantumCircuit(question["qubits"])
    for name, qubits, angles, _, _ in question["operations"]:
        circuit.add_gate(noise(qubits, *angles) if name == "depolarizing" else gate(name, qubits, angles))
    return circuit


def parametric(question):
    """A circuit all of whose angles are free, in the order of the parameters."""
    circuit = ParametricQuantumCircuit(question["qubits"])
    add = {
        "rx": circuit.add_parametric_RX_gate,
        "ry": circuit.add_parametric_RY_gate,
        "rz": circuit.add_parametric_RZ_gate,
    }
    for name, qubits, _, _, _ in question["operations"]:
        if name in add:
            add[name](qubits[0], 0.0)
        else:
            circuit.add_gate(GATES[name](*qubits))
    return circuit


def observable(question):
    found = Observable(question["qubits"])
    for coefficient, paulis in question["observable"]:
        found.add_operator(coefficient, " ".join(f"{letter} {qubit}" for qubit, letter in paulis))
    return found


def statevector(question, optimize=False):
    circuit, qubits = written(question), question["qubits"]
    if optimize:
        QuantumCircuitOptimizer().optimize_light(circuit)

    def run():
        state = QuantumState(qubits)
        circuit.update_quantum_state(state)
        return state

    return run, lambda state: amplitudes(state.get_vector())


def optimized(question):
    return statevector(question, optimize=True)


def density_matrix(question):
    circuit, qubits = written(question), question["qubits"]

    def run():
        matrix = DensityMatrix(qubits)
        circuit.update_quantum_state(matrix)
        return matrix

    return run, lambda matrix: amplitudes(matrix.get_matrix())


def trajectories(question):
    """Noise gates keep their seed only where they are not part of a circuit, so each gate acts by itself."""
    steps = question["operations"]
    fixed = {place: gate(*step[:3]) for place, step in enumerate(steps) if step[0] != "depolarizing"}

    def run():
        gates = [
            fixed[place] if place in fixed else noise(step[1], step[2][0], next(seeds))
            for place, step in enumerate(steps)
        ]
        state = QuantumState(question["qubits"])
        found = []
        for _ in range(question["shots"]):
            state.set_zero_state()
            for one in gates:
                one.update_quantum_state(state)
            found += state.sampling(1, next(seeds))
        return found

    return run, lambda found: {
        format(value, f"0{question['qubits']}b"): found.count(value) for value in set(found)
    }


def sweep(question):
    circuit, paulis, rows = parametric(question), observable(question), question["bindings"]

    def run():
        values = []
        state = QuantumState(question["qubits"])
        for row in rows:
            for place, angle in enumerate(row):
                circuit.set_parameter(place, -angle)
            state.set_zero_state()
            circuit.update_quantum_state(state)
            values.append(paulis.get_expectation_value(state))
        return values

    return run, numbers


def backprop(question):
    circuit, paulis, (row,) = parametric(question), observable(question), question["bindings"]

    def run():
        for place, angle in enumerate(row):
            circuit.set_parameter(place, -angle)
        return [-slope for slope in circuit.backprop(paulis)]

    return run, numbers


def shift(question):
    circuit, paulis, (row,) = parametric(question), observable(question), question["bindings"]

    def run():
        slopes = GradCalculator().calculate_grad(circuit, paulis, [-angle for angle in row])
        return [-slope.real for slope in slopes]

    return run, numbers


serve(
    {
        "qulacs.statevector": statevector,
        "qulacs.opt": optimized,
        "qulacs.density_matrix": density_matrix,
        "qulacs.trajectories": trajectories,
        "qulacs.parametric": sweep,
        "qulacs.backprop": backprop,
        "qulacs.shift": shift,
    }
)
