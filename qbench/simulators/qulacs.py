"""qulacs' state vector, through ``QuantumCircuit`` and ``update_quantum_state``.

The front door: gates are added to a ``QuantumCircuit``, which updates a ``QuantumState``, as qulacs'
tutorial does it.

translate   a ``QuantumCircuit``, one ``add_..._gate`` per gate; controls as ``add_control_qubit`` of a matrix
            gate.  No measurements: qulacs samples all qubits of the state
compile     there is none; ``qulacs.opt`` runs ``QuantumCircuitOptimizer().optimize_light``, qulacs' public
            option to merge neighbouring gates, a configuration of its own
execute     a fresh ``QuantumState`` and ``update_quantum_state``; for samples also ``sampling(shots, seed)``,
            for an expectation value ``get_expectation_value(state)`` of an ``Observable``, which is made in
            translate with one ``add_operator`` per Pauli product
readback    ``get_vector()``, which copies; or the sampled integers counted, with classical bits for qubits

Circuits with measurements midway, resets or feed-forward run shot by shot, as qulacs' tutorial does it: gates
``Measurement(qubit, bit, seed)`` write the classical register, ``Adaptive(gate, condition)`` reads it, and
after each shot its bits are the outcome.  qulacs has no gate named reset; the channel is
``AmplitudeDampingNoise(qubit, 1.0, seed)``.  What draws is applied by itself and not as part of the circuit
(see Traps); what lies between is a circuit.  A measurement or reset copies the state and seeds the copy from
the system: up to 0.1 ms each.

Why optimize_light: ``optimize(circuit, 2)`` takes 3 to 70 times as long to compile and executes within 30 %
of it; block sizes 3 and 4 execute up to 5 times slower (measured: GHZ, QFT, hardware-efficient ansatz,
quantum volume, 8 and 12 qubits, one thread).  It pays where many gates share few qubits: qv_12 4.0 to 1.05
ms, for 0.4 ms of compile; QFT gets 27 % slower.

Threads: ``OMP_NUM_THREADS``, and ``QULACS_NUM_THREADS``, which goes before it.  Qubit 0 is least
significant, as here.

Traps (qulacs 0.6.14)
- ``RX``, ``RY``, ``RZ`` and the Pauli rotations turn the other way, exp(+i angle/2 P); ``RotX``, ``RotY``,
  ``RotZ`` are the usual ones.  Here rx ry rz are Rot..., and rxx ryy rzz Pauli rotations by minus the angle.
- Asked for 36 qubits, qulacs calls ``exit(1)``: no exception, the process is gone.
- ``add_gate`` copies a gate, and the copy of one that draws (noise, ``Measurement``) loses its seed:
  ``c.add_gate(BitFlipNoise(0, 0.5, 7))`` acts at random, under ``c.update_quantum_state(state, 7)`` too.  A
  gate that is applied by itself, ``gate.update_quantum_state(state)``, keeps its seed.
- There is no wheel for Python 3.14.
- Every gate below was probed within 4.2e-16, on orders of one qubit more than it takes and angles from 1e-13
  to 100.5; ``cu``, ``rccx`` and ``rc3x`` do not exist.  Expectation values of all Pauli products on one and
  two qubits were within 6e-16 times the sum of the coefficients' sizes (60 random circuits of 2 to 6 qubits).

24 qubits: four layers of a hardware-efficient ansatz (284 gates) take 14 s on one thread, 0.57 GB.
"""

import random
from collections import Counter
from typing import Any, Dict, List, NamedTuple

CONTRACT = 1
DISTRIBUTIONS = ["qulacs"]
LICENCE = "MIT"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["state", "sample", "expval"]
GATES = [
    "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u2", "u",
    "cx", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz", "swap", "rxx", "ryy", "rzz",
    "ccx", "cswap", "c3x", "c3sx", "c4x",
]  # fmt: skip
MAX_QUBITS = 24
UNSUPPORTED = {
    "gradient": "qulacs differentiates parametric circuits: see qulacs.backprop and qulacs.shift",
    "sweep": "qulacs binds parametric circuits: see qulacs.parametric",
    "density_matrix": "it holds a state vector; qulacs.density_matrix holds a density matrix",
    "noisy_sample": "it takes no noise; qulacs.density_matrix and qulacs.trajectories do",
}
THREAD_VARIABLES = ["QULACS_NUM_THREADS"]
OPTIONS = {"optimize": False}
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {
    "qulacs.statevector": {"FEATURES": ["mid_circuit_measurement", "reset", "feed_forward"]},
    "qulacs.opt": {"OPTIONS": {"optimize": True}},
}

METHODS = {
    "x": "X", "y": "Y", "z": "Z", "h": "H", "s": "S", "sdg": "Sdag", "t": "T", "tdg": "Tdag",
    "sx": "sqrtX", "sxdg": "sqrtXdag", "rx": "RotX", "ry": "RotY", "rz": "RotZ",
    "p": "U1", "u2": "U2", "u": "U3", "cx": "CNOT", "cz": "CZ", "swap": "SWAP",
}  # fmt: skip
# What a gate with controls does to its last qubit.
CONTROLLED = {
    "cy": "Y", "ch": "H", "csx": "sqrtX", "cp": "U1", "crx": "RotX", "cry": "RotY", "crz": "RotZ",
    "c3x": "X", "c3sx": "sqrtX", "c4x": "X",
}  # fmt: skip
PAULIS = {"rxx": [1, 1], "ryy": [2, 2], "rzz": [3, 3]}


def load(options: Any) -> "Engine":
    return Engine(options["optimize"])


class Midway(NamedTuple):
    """A circuit that is run shot by shot; a step is a circuit, or what makes a gate when given a seed."""

    steps: List[Any]
    qubits: int
    bits: int
    shots: int


class Engine:
    def __init__(self, optimize: bool) -> None:
        import numpy  # noqa: F401 - get_vector would load it: import, not readback
        import qulacs
        import qulacs.circuit
        import qulacs.gate

        self.gates: Any = qulacs.gate
        gates = self.gates
        self.circuit: Any = qulacs.QuantumCircuit
        self.state = qulacs.QuantumState
        self.observable = qulacs.Observable
        self.add = {name: getattr(self.circuit, f"add_{method}_gate") for name, method in METHODS.items()}
        self.controlled = {name: getattr(gates, target) for name, target in CONTROLLED.items()}
        self.to_matrix_gate = gates.to_matrix_gate
        self.others = {"ccx": gates.TOFFOLI, "cswap": gates.FREDKIN, "id": gates.Identity}
        if optimize:
            self.optimizer = qulacs.circuit.QuantumCircuitOptimizer
            self.compile = self.optimize

    def supports(self, circuit: Any, task: Any) -> Any:
        if task.kind == "sample" and all(qubit is None for qubit in circuit.readout):
            return "no qubit is measured"
        if any(op.condition and op.name in ("measure", "reset") for op in circuit.operations):
            return "qulacs' Adaptive gate copies what waits, and a copied measure or reset loses its seed"
        return None

    def translate(self, circuit: Any, task: Any) -> Any:
        if task.shots and circuit.features:
            return self.midway(circuit, task.shots)
        native = self.circuit(circuit.num_qubits)
        for gate in circuit.gates:
            name, qubits, angles = gate.name, gate.qubits, gate.params
            if name in self.add:
                self.add[name](native, *qubits, *angles)
            elif name in self.controlled:
                matrix = self.to_matrix_gate(self.controlled[name](qubits[-1], *angles))
                for control in qubits[:-1]:
                    matrix.add_control_qubit(control, 1)
                native.add_gate(matrix)
            elif name in PAULIS:
                native.add_multi_Pauli_rotation_gate(list(qubits), PAULIS[name], -angles[0])
            else:
                native.add_gate(self.others[name](*qubits))
        if task.observable is not None:
            return native, circuit.num_qubits, 0, self.observed(circuit, task)
        return native, circuit.num_qubits, task.shots, circuit.readout

    def observed(self, circuit: Any, task: Any) -> Any:
        observable = self.observable(circuit.num_qubits)
        for coefficient, paulis in task.observable.terms:
            observable.add_operator(coefficient, " ".join(f"{letter} {qubit}" for qubit, letter in paulis))
        return observable

    def midway(self, circuit: Any, shots: int) -> Midway:
        """Circuits, with Adaptive gates where a gate waits; between them what draws, each with a seed."""
        measurement, damping = self.gates.Measurement, self.gates.AmplitudeDampingNoise
        steps: List[Any] = []
        ends = [] if circuit.num_clbits else [(qubit, qubit) for qubit in range(circuit.num_qubits)]
        for operation in circuit.operations:
            name, qubits, _, clbits, condition = operation
            if name == "measure":
                steps.append((measurement, (qubits[0], clbits[0])))
            elif name == "reset":
                steps.append((damping, (qubits[0], 1.0)))
            elif name != "barrier":
                if not steps or isinstance(steps[-1], tuple):
                    steps.append(self.circuit(circuit.num_qubits))
                gate = self.gate(operation)
                steps[-1].add_gate(self.gates.Adaptive(gate, reads(*condition)) if condition else gate)
        steps += [(measurement, end) for end in ends]
        return Midway(steps, circuit.num_qubits, len(circuit.readout), shots)

    def gate(self, operation: Any) -> Any:
        name, qubits, angles = operation.name, operation.qubits, operation.params
        if name in METHODS:
            return getattr(self.gates, METHODS[name])(*qubits, *angles)
        if name in PAULIS:
            return self.gates.PauliRotation(list(qubits), PAULIS[name], -angles[0])
        if name in self.others:
            return self.others[name](*qubits)
        matrix = self.to_matrix_gate(self.controlled[name](qubits[-1], *angles))
        for control in qubits[:-1]:
            matrix.add_control_qubit(control, 1)
        return matrix

    def optimize(self, native: Any, task: Any) -> Any:
        self.optimizer().optimize_light(native[0])
        return native

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        if type(program) is Midway:
            return self.shot_by_shot(program, seed)
        native, qubits, shots, readout = program
        state = self.state(qubits)
        native.update_quantum_state(state)
        if shots is None:
            return state, None
        if shots:
            return state.sampling(shots, seed), (qubits, readout)
        return readout.get_expectation_value(state), ()  # what is read out is an observable

    def shot_by_shot(self, program: Midway, seed: int) -> Any:
        draw, state, bits = random.Random(seed), self.state(program.qubits), range(program.bits)
        made = [
            step[0](*step[1], draw.getrandbits(31)) if isinstance(step, tuple) else step
            for step in program.steps
        ]
        updates = [step.update_quantum_state for step in made]
        found = []
        for _ in range(program.shots):
            state.set_zero_state()
            for bit in bits:
                state.set_classical_value(bit, 0)
            for update in updates:
                update(state)
            found.append(sum(state.get_classical_value(bit) << bit for bit in bits))
        return found, (program.bits, tuple(bits))

    def readback(self, handle: Any) -> Any:
        result, bits = handle
        if bits is None:
            return result.get_vector()
        if not bits:
            return result
        sampled = Counter(result)
        qubits, readout = bits
        if readout == tuple(range(qubits)):
            return sampled
        # All qubits were sampled: each outcome is spelled anew in classical bits, equal ones are added up.
        counts: Dict[int, int] = Counter()
        for index, count in sampled.items():
            shown = enumerate(readout)
            outcome = sum((index >> qubit & 1) << bit for bit, qubit in shown if qubit is not None)
            counts[outcome] += count
        return counts


def reads(bits: Any, value: int) -> Any:
    """What an Adaptive gate asks qulacs' classical register, a list that may be shorter than the bits."""
    wanted = [(bit, value >> place & 1) for place, bit in enumerate(bits)]
    if value >> len(bits):
        return lambda register: False
    return lambda register: all((bit < len(register) and register[bit]) == due for bit, due in wanted)
