"""Qiskit Aer's density matrix and trajectories, through ``AerSimulator(method=...)``, ``transpile``, ``run``.

The front door is that of aer.py.  A method's answers are those that it can save.

translate   a ``QuantumCircuit`` with measurements, or with ``save_density_matrix`` or
            ``save_expectation_value`` of a ``SparsePauliOp`` at its end; free angles as ``Parameter``
            expressions, noise as ``QuantumError`` in its place
compile     ``transpile(circuit, backend, optimization_level=0)``, 25 to 50 ms, see aer.py
execute     ``run(..., seed_simulator=...).result()``; a sweep is ``assign_parameters`` and ``run`` for each
            binding
readback    the saved matrix, ``data(0)["expectation_value"]``, or ``get_counts()``, which writes outcomes as
            text

``max_parallel_threads`` is the number of threads asked for.  Left on, as Aer has it: gate fusion
(density_matrix: from 7 qubits on; trajectories: 14), which belongs to execute, and sampling from one final
matrix.  Qubit 0 is least significant, as here.  Seconds below are of a shared machine, orders of magnitude.

aer.density_matrix      no states: what it saves is a density matrix, and a state would have to be
                        computed from it.  4^n numbers: 9 s for 92 gates on 12 qubits, 43 s on 13.  Noisy
                        samples are drawn from one exact final matrix
aer.density_matrix.c64  ``precision="single"``: complex64 inside a complex128 array, as in aer.py
aer.trajectories        noisy samples only: the statevector method, which runs the circuit anew for each shot
                        and draws what every channel does: 2.1 s for 1000 shots of 82 gates and 290
                        channels on 10 qubits, where density_matrix takes 2.7 s for any number of shots

Noise.  ``depolarizing_error(p, k)``, ``amplitude_damping_error(g)`` and ``phase_damping_error(l)`` have
qbench's conventions.  Dampings are made with ``canonical_kraus=False``, a public option: the default's Kraus
operators miss the trace by up to 22 u each (100 times 0.0005: 1.3e-13, without 1.6e-14).  Channels are
appended to the circuit behind the gate; ``run`` moves them into a noise model: part of execute.  Readout
errors are ``NoiseModel.add_all_qubit_readout_error``, given to ``run`` and not to the backend, as
``transpile`` would take the model's gates (id, rz, sx, cx) for the backend's.

Circuits with measurements midway, resets and conditions: see aer.py.

Traps (qiskit-aer 0.18.2, qiskit 2.6.2), beside those of aer.py
- Channels that are weak enough are dropped, in density matrices as in trajectories: damping up to 1e-8
  (amplitude) and 2e-8 (phase) with ``canonical_kraus=False`` too, depolarizing up to 4e-10 on one qubit and
  1.6e-9 on two, where the trace is lost as well.  They are refused here.  Stronger ones are within 1e-15.
- Gates outside the density matrix's target, which level 0 of ``transpile`` expands (c4x into 69), are not
  declared.  Every gate below was probed within 4e-16 (u: 1e-15), angles 1e-13 to 100.5.
- Fusion gives wrong matrices on more than 7 qubits (qiskit-aer issue 2245, see aer.py).
"""

from functools import reduce
from typing import Any, Dict, List, NamedTuple

CONTRACT = 1
DISTRIBUTIONS = ["qiskit-aer", "qiskit"]
LICENCE = "Apache-2.0"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["sample", "expval", "sweep", "density_matrix", "noisy_sample"]
UNSUPPORTED = {
    "state": "it holds a density matrix, which is no state vector",
    "gradient": "Aer has no gradients",
}
FEATURES = ["mid_circuit_measurement", "reset", "feed_forward"]
NOISE = ["depolarizing", "amplitude_damping", "phase_damping", "readout"]
GATES = [
    "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u",
    "cx", "cy", "cz", "cp", "swap", "rxx", "ryy", "rzz", "ccx",
]  # fmt: skip
MAX_QUBITS = 12
OPTIONS: Dict[str, Any] = {"backend": {"method": "density_matrix", "precision": "double"}}
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {
    "aer.density_matrix": {},
    "aer.density_matrix.c64": {
        "PRECISION": "complex64",
        "OPTIONS": {"backend": {"method": "density_matrix", "precision": "single"}},
    },
    "aer.trajectories": {
        "OPTIONS": {"backend": {"method": "statevector", "precision": "double"}},
        "TASKS": ["noisy_sample"],
        "UNSUPPORTED": {
            "state": "without noise it is aer.statevector",
            "sample": "without noise it is aer.statevector",
            "expval": "without noise it is aer.statevector",
            "sweep": "without noise it is aer.statevector",
            "gradient": "Aer has no gradients",
            "density_matrix": "it draws trajectories; aer.density_matrix holds a density matrix",
        },
        "FEATURES": [],
        "GATES": [
            "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u",
            "cx", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz", "swap", "rxx", "ryy", "rzz",
            "ccx", "cswap", "c3x", "c4x",
        ],
        "MAX_QUBITS": 16,
    },
}  # fmt: skip

CHANNELS = ("depolarizing", "amplitude_damping", "phase_damping")
DROPPED = 2e-8
MIDWAY = {"mid_circuit_measurement", "feed_forward"}
APART = 0x9E3779B1  # between seeds: see aer.py, Traps


class Program(NamedTuple):
    """``run`` is what ``backend.run`` is given besides the circuit; ``free`` the parameters of a binding."""

    circuit: Any
    read: Any
    run: Dict[str, Any]
    free: List[Any]


def load(options: Any) -> "Engine":
    return Engine(options["backend"], options["threads"])


class Engine:
    def __init__(self, backend: Any, threads: int) -> None:
        from qiskit import QuantumCircuit, transpile
        from qiskit.circuit import Parameter
        from qiskit.circuit.classical import expr
        from qiskit.circuit.library import C3XGate, C4XGate
        from qiskit.quantum_info import SparsePauliOp
        from qiskit_aer import AerSimulator, noise

        self.circuit, self.transpile, self.method = QuantumCircuit, transpile, backend["method"]
        self.parameter, self.pauli_sum, self.expr, self.noise = Parameter, SparsePauliOp, expr, noise
        self.multi_controlled = {"c3x": C3XGate(), "c4x": C4XGate()}
        self.backend = AerSimulator(max_parallel_threads=threads, **backend)

    def supports(self, circuit: Any, task: Any) -> Any:
        if task.counted and all(qubit is None for qubit in circuit.readout):
            return "no qubit is measured"
        if any(op.name in CHANNELS and 0 < op.params[0] <= DROPPED for op in circuit.operations):
            return f"Aer drops channels of a strength of 1e-8 or less, some up to {DROPPED}"
        return None

    def translate(self, circuit: Any, task: Any) -> Any:
        native = self.circuit(circuit.num_qubits, len(circuit.readout) if task.counted else 0)
        free = {name: self.parameter(name) for name in task.parameters}
        midway = not circuit.features.isdisjoint(MIDWAY)
        channels: Dict[Any, Any] = {}
        for op in circuit.operations if circuit.features else circuit.gates:
            if op.name == "barrier" or (op.name == "measure" and not midway):
                continue
            if op.condition is None:
                self.append(native, op, free, channels)
            elif not op.condition[1] >> len(op.condition[0]):  # else those bits never read that value
                with native.if_test(self.condition(native, *op.condition)):
                    self.append(native, op, free, channels)
        run: Dict[str, Any] = {"shots": task.shots or 1}
        if task.counted:
            if not midway:  # else they stand where they belong
                for bit, qubit in enumerate(circuit.readout):
                    if qubit is not None:
                        native.measure(qubit, bit)
            if task.noise is not None and task.noise.readout_error:
                run["noise_model"] = self.readout(task.noise.readout_error)
            return Program(native, read_counts, run, [])
        if task.kind == "density_matrix":
            native.save_density_matrix()
            return Program(native, read_density, run, [])
        native.save_expectation_value(self.observable(task, circuit.num_qubits), native.qubits)
        return Program(native, read_expectation, run, list(free.values()))

    def append(self, native: Any, op: Any, free: Any, channels: Any) -> None:
        if op.name in self.multi_controlled:
            native.append(self.multi_controlled[op.name], op.qubits)
        elif op.name in CHANNELS:
            kind = op.name, op.params[0], len(op.qubits)
            if kind not in channels:  # each has a name of its own, by which Aer finds it again
                channels[kind] = self.channel(*kind).to_instruction()
            native.append(channels[kind], op.qubits)
        else:
            angles = [native_angle(angle, free) for angle in op.params] if free else op.params
            getattr(native, op.name)(*angles, *op.qubits, *op.clbits)

    def condition(self, native: Any, bits: Any, value: int) -> Any:
        """What ``if_test`` takes: one bit with its value, or one expression of several."""
        wanted = [(native.clbits[bit], value >> place & 1) for place, bit in enumerate(bits)]
        if len(wanted) == 1:
            return wanted[0]
        read = [self.expr.lift(bit) if one else self.expr.logic_not(bit) for bit, one in wanted]
        return reduce(self.expr.logic_and, read)

    def channel(self, name: str, strength: float, qubits: int) -> Any:
        if name == "depolarizing":
            return self.noise.depolarizing_error(strength, qubits)
        return getattr(self.noise, name + "_error")(strength, canonical_kraus=False)

    def readout(self, error: float) -> Any:
        model = self.noise.NoiseModel()
        model.add_all_qubit_readout_error(self.noise.ReadoutError([[1 - error, error], [error, 1 - error]]))
        return model

    def observable(self, task: Any, qubits: int) -> Any:
        terms = [
            ("".join(letter for _, letter in paulis), [qubit for qubit, _ in paulis], coefficient)
            for coefficient, paulis in task.observable.terms
        ]
        return self.pauli_sum.from_sparse_list(terms, num_qubits=qubits)

    def compile(self, native: Any, task: Any) -> Any:
        return native._replace(circuit=self.transpile(native.circuit, self.backend, optimization_level=0))

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        circuit, read, run, free = program
        if bindings is None:
            return self.result(circuit, seed, run), read
        rows = [dict(zip(free, row)) for row in bindings]  # noqa: B905
        return [self.result(circuit.assign_parameters(row), seed, run) for row in rows], read

    def result(self, circuit: Any, seed: int, run: Any) -> Any:
        result = self.backend.run(circuit, seed_simulator=seed * APART % 2**31, **run).result()
        if not result.success:
            raise RuntimeError(f"Aer: {result.status}")
        return result

    def readback(self, handle: Any) -> Any:
        found, read = handle
        return [read(result) for result in found] if isinstance(found, list) else read(found)


def native_angle(angle: Any, free: Any) -> Any:
    """A number as it is; a free angle as ``scale * parameter + shift``, with no scale of 1 or shift of 0."""
    if isinstance(angle, float):
        return angle
    term = free[angle.name] if angle.scale == 1.0 else angle.scale * free[angle.name]
    return term + angle.shift if angle.shift else term


def read_counts(result: Any) -> Any:
    return result.get_counts()


def read_expectation(result: Any) -> Any:
    return result.data(0)["expectation_value"]


def read_density(result: Any) -> Any:
    return result.data(0)["density_matrix"].data
