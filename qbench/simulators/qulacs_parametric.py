"""qulacs' parametric circuits: sweeps, and gradients by backprop or by parameter shift.

The front door: a ``ParametricQuantumCircuit``, whose parameters are set by ``set_parameter`` before each
``update_quantum_state``, as qulacs' documentation does a variational algorithm.

translate   the circuit with ``add_parametric_RX_gate`` and its like where an angle is free, the gates of
            ``qulacs.statevector`` elsewhere, and an ``Observable`` with one ``add_operator`` per product
compile     there is none; for qulacs' optimizer see Traps
execute     qulacs.parametric  per row of values: ``set_parameter`` for every parametric gate, a zero state,
                               ``update_quantum_state``, ``get_expectation_value``
            qulacs.backprop    ``set_parameter``, then ``backprop(observable)``: one pass forward, one back
            qulacs.shift       ``GradCalculator().calculate_grad(circuit, observable, angles)``: two runs per
                               parametric gate, each reduced to the gates that a product can see
readback    nothing: the numbers are there

In qulacs every parametric gate has a parameter of its own.  A parameter of qbench's may stand in many gates,
each time as ``scale * value + shift``: the angle is computed, and the derivative summed over its gates times
their scales, in Python inside ``execute``, as a user has to do it.

Only RX, RY, RZ and Pauli rotations can be parametric.  So ``p u2 u cp crx cry crz`` are not declared: qbench
lowers them to rotations, for everybody in the same way.

Three layers of RY and CX on 8 qubits, 24 parameters, 7 products (one thread): an expectation value takes
0.06 ms, ``backprop`` 0.28 ms, ``GradCalculator`` 58 ms, as it makes and reduces the circuit anew for each
product of each of its 48 runs.  Hence the lower limit of ``qulacs.shift``.

Traps (qulacs 0.6.14)
- Parametric gates turn the other way, exp(+i angle/2 P), and a derivative is by that angle: so the angle is
  set to its negative, and the derivative changes its sign.
- ``GradCalculator`` and ``CausalConeSimulator`` end the process (segmentation fault) where the circuit has a
  Pauli rotation or Pauli product that is not parametric: ``add_multi_Pauli_rotation_gate([0], [3], 0.1)`` is
  enough.  As a matrix it is taken, so ``qulacs.shift`` adds fixed rxx ryy rzz through ``to_matrix_gate``.
- ``QuantumCircuitOptimizer().optimize_light`` changes the answer of a parametric circuit: of ``H``,
  parametric RX(1.3), ``H`` it makes the identity and RX, as if the parametric gate were not between.  So a
  sweep has no counterpart of ``qulacs.opt``.
- Gradients by both ways were within 7e-16 times the sum of the coefficients' sizes, through every gate below,
  with parameters in many gates (30 random circuits of 1 to 5 qubits, against the shift rule in NumPy).
"""

from typing import Any, Dict

CONTRACT = 1
DISTRIBUTIONS = ["qulacs"]
LICENCE = "MIT"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["gradient"]
GATES = [
    "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz",
    "cx", "cy", "cz", "ch", "csx", "swap", "rxx", "ryy", "rzz",
    "ccx", "cswap", "c3x", "c3sx", "c4x",
]  # fmt: skip
MAX_QUBITS = 24
FEATURES = ["parameters"]
THREAD_VARIABLES = ["QULACS_NUM_THREADS"]
UNSUPPORTED = {
    "state": "it computes gradients only; qulacs.statevector gives the state",
    "sample": "it computes gradients only; qulacs.statevector samples",
    "expval": "it computes gradients only; qulacs.statevector and qulacs.parametric give the value",
    "sweep": "it computes gradients only; qulacs.parametric sweeps",
    "density_matrix": "it works on state vectors; qulacs.density_matrix holds a density matrix",
    "noisy_sample": "it takes no noise; qulacs.density_matrix and qulacs.trajectories do",
}
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {
    "qulacs.parametric": {
        "TASKS": ["expval", "sweep"],
        "UNSUPPORTED": {
            "state": "it differs from qulacs.statevector in expectation values only",
            "sample": "it differs from qulacs.statevector in expectation values only",
            "gradient": "each way to a gradient is a configuration of its own: qulacs.backprop, qulacs.shift",
            "density_matrix": "it works on state vectors; qulacs.density_matrix holds a density matrix",
            "noisy_sample": "it takes no noise; qulacs.density_matrix and qulacs.trajectories do",
        },
    },
    "qulacs.backprop": {},
    "qulacs.shift": {"MAX_QUBITS": 16},
}

METHODS = {
    "x": "X", "y": "Y", "z": "Z", "h": "H", "s": "S", "sdg": "Sdag", "t": "T", "tdg": "Tdag",
    "sx": "sqrtX", "sxdg": "sqrtXdag", "rx": "RotX", "ry": "RotY", "rz": "RotZ",
    "cx": "CNOT", "cz": "CZ", "swap": "SWAP",
}  # fmt: skip
# What a gate with controls does to its last qubit.
CONTROLLED = {"cy": "Y", "ch": "H", "csx": "sqrtX", "c3x": "X", "c3sx": "sqrtX", "c4x": "X"}
PAULIS = {"rxx": [1, 1], "ryy": [2, 2], "rzz": [3, 3]}
FREE = {"rx": "RX", "ry": "RY", "rz": "RZ"}


def load(options: Any) -> "Engine":
    return Engine(options["configuration"])


class Engine:
    def __init__(self, configuration: str) -> None:
        import qulacs
        import qulacs.gate

        gates: Any = qulacs.gate
        self.rotation, self.dense = gates.PauliRotation, configuration == "qulacs.shift"
        self.circuit: Any = qulacs.ParametricQuantumCircuit
        self.state, self.observable = qulacs.QuantumState, qulacs.Observable
        self.add = {name: getattr(self.circuit, f"add_{method}_gate") for name, method in METHODS.items()}
        self.free = {name: getattr(self.circuit, f"add_parametric_{way}_gate") for name, way in FREE.items()}
        self.controlled = {name: getattr(gates, target) for name, target in CONTROLLED.items()}
        self.to_matrix_gate = gates.to_matrix_gate
        self.others = {"ccx": gates.TOFFOLI, "cswap": gates.FREDKIN, "id": gates.Identity}
        self.calculator = qulacs.GradCalculator
        self.slopes = self.shift if configuration == "qulacs.shift" else self.backprop

    def translate(self, circuit: Any, task: Any) -> Any:
        native = self.circuit(circuit.num_qubits)
        columns = {name: column for column, name in enumerate(task.parameters)}
        places = []  # of each parametric gate: its parameter's column, scale and shift, as qulacs turns
        for gate in circuit.gates:
            name, qubits, angles = gate.name, gate.qubits, gate.params
            if angles and not isinstance(angles[0], float):
                if name in self.free:
                    self.free[name](native, qubits[0], 0.0)
                else:
                    native.add_parametric_multi_Pauli_rotation_gate(list(qubits), PAULIS[name], 0.0)
                free = angles[0]
                places.append((columns[free.name], free.scale, free.shift))
            elif name in self.add:
                self.add[name](native, *qubits, *angles)
            elif name in self.controlled:
                matrix = self.to_matrix_gate(self.controlled[name](qubits[-1], *angles))
                for control in qubits[:-1]:
                    matrix.add_control_qubit(control, 1)
                native.add_gate(matrix)
            elif name in PAULIS and self.dense:
                rotation = self.rotation(list(qubits), PAULIS[name], -angles[0])
                native.add_gate(self.to_matrix_gate(rotation))
            elif name in PAULIS:
                native.add_multi_Pauli_rotation_gate(list(qubits), PAULIS[name], -angles[0])
            else:
                native.add_gate(self.others[name](*qubits))
        observable = self.observable(circuit.num_qubits)
        for coefficient, paulis in task.observable.terms:
            observable.add_operator(coefficient, " ".join(f"{letter} {qubit}" for qubit, letter in paulis))
        return native, circuit.num_qubits, observable, places, task.kind == "gradient"

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        native, qubits, observable, places, differentiate = program
        if bindings is None:
            state = self.state(qubits)
            native.update_quantum_state(state)
            return observable.get_expectation_value(state)
        if differentiate:
            (row,) = bindings
            slopes = self.slopes(native, observable, angles(places, row))
            gradient = [0.0] * len(row)
            for (column, scale, _), slope in zip(places, slopes):  # noqa: B905  Python 3.9 has no strict
                gradient[column] -= scale * slope
            return gradient
        values = []
        state = self.state(qubits)
        for row in bindings:
            for position, angle in enumerate(angles(places, row)):
                native.set_parameter(position, angle)
            state.set_zero_state()
            native.update_quantum_state(state)
            values.append(observable.get_expectation_value(state))
        return values

    def backprop(self, native: Any, observable: Any, given: Any) -> Any:
        for position, angle in enumerate(given):
            native.set_parameter(position, angle)
        return native.backprop(observable)

    def shift(self, native: Any, observable: Any, given: Any) -> Any:
        return [slope.real for slope in self.calculator().calculate_grad(native, observable, given)]

    def readback(self, handle: Any) -> Any:
        return handle


def angles(places: Any, row: Any) -> Any:
    """The parametric gates' angles: qulacs' turn the other way, exp(+i angle/2 P)."""
    return [-(scale * row[column] + shift) for column, scale, shift in places]
