"""Qiskit Aer's simulation methods, through ``AerSimulator(method=...)``, ``transpile`` and ``run``.

The front door: ``transpile(circuit, backend)``, then ``backend.run(circuit).result()``, as Aer's
documentation does it.  A configuration is a method; a method's answers are those that it can save.

translate   a ``QuantumCircuit`` with measurements, or with ``save_statevector`` (unitary:
            ``save_unitary``), ``save_expectation_value`` of a ``SparsePauliOp`` or ``save_density_matrix`` at
            its end; free angles as ``Parameter`` expressions, noise as ``QuantumError`` in its place
compile     ``transpile(circuit, backend, optimization_level=0)``: reads the backend's target and checks
            the circuit against it, 25 to 50 ms whatever the circuit.  Why not the default level 2: see Traps
execute     ``run(..., seed_simulator=seed).result()``: ``run`` only starts a thread, ``result`` waits.
            A sweep is ``assign_parameters`` and ``run`` for each binding, or, ``batched``, one ``run`` with
            ``parameter_binds``
readback    ``get_statevector()``, ``get_unitary()``, ``data(0)["expectation_value"]``, the saved matrix, or
            ``get_counts()``, which writes outcomes as text

``max_parallel_threads`` is the number of threads asked for.  Left on, as Aer has it: gate fusion, which acts
from 14 qubits on (density_matrix and unitary: 7) and belongs to execute, and sampling from one final state.
Qubit 0 is least significant, as here.  Seconds below are of a shared machine, orders of magnitude.

aer.statevector.c64     ``precision="single"``: Aer computes in complex64 and hands that back inside a
                        complex128 array, returned as it is; what is declared is what was computed
aer.statevector.batched sweeps only: all bindings in one ``run``; 50 of 9 gates take 11 ms, in a loop 47 ms
aer.trajectories        noisy samples only: the statevector method, which runs the circuit anew for each shot
                        and draws what every channel does: 2.1 s for 1000 shots of 82 gates and 290
                        channels on 10 qubits, where density_matrix takes 2.7 s for any number of shots
aer.density_matrix      no states: what it saves is a density matrix, and a state would have to be
                        computed from it.  4^n numbers: 9 s for 92 gates on 12 qubits, 43 s on 13.  Noisy
                        samples are drawn from one exact final matrix
aer.mps                 matrix product state, ``approximate``: see Traps.  The vector of 24 qubits takes
                        24 s and 3.1 GiB, of 22 3 s and 0.9 GiB.  With noise it draws trajectories as well:
                        45 s for those 1000 shots
aer.stabilizer          Clifford circuits only; what it saves is a set of stabilizers, no vector.
                        GHZ, 1024 shots: 0.2 s on 100 qubits, 1.2 s on 200, 18 s on 500
aer.unitary             the state is column 0 of the unitary, U|0...0>: a view, nothing is computed.  It pays
                        for all 2^n columns: 3.6 s for 92 gates on 12 qubits, 17 s and 2.1 GiB on 13.  It
                        refuses measurements, hence no samples

Noise.  ``depolarizing_error(p, k)``, ``amplitude_damping_error(g)`` and ``phase_damping_error(l)`` have
qbench's conventions.  Dampings are made with ``canonical_kraus=False``, a public option: the default's Kraus
operators miss the trace by up to 22 u each (100 times 0.0005: 1.3e-13, without 1.6e-14).  Channels are
appended to the circuit behind the gate; ``run`` moves them into a noise model: part of execute.  Readout
errors are ``NoiseModel.add_all_qubit_readout_error``, given to ``run`` and not to the backend, as
``transpile`` would take the model's gates (id, rz, sx, cx) for the backend's.

Circuits with measurements midway, resets and conditions: each is written where it stands, a gate that
waits for classical bits in ``if_test``; several bits are one expression (``expr.logic_and``).

Traps (qiskit-aer 0.18.2, qiskit 2.6.2)
- The default level of ``transpile`` (2) and level 3 change the answer.  ``ry(1e-6)`` between two ``cx`` is
  dropped (amplitudes off by 3.6e-7), ``cp(1e-6)`` too (1.1e-7): TwoQubitPeepholeOptimization allows an
  infidelity of 1e-9 (qiskit issue 16864) and approximation_degree does not prevent it.  Level 1 drops
  single-qubit angles up to 1e-12 (``ry(1e-12)``: 3.6e-13).  Level 0 changes nothing and permutes no
  qubits.
- u2 and cu use the rounded sum of their angles: ``u2(6.3, 100.5)`` is off by 3.6e-15, ``cu(0, 6.3, 100.5,
  3.1)`` by 3.1e-15.  c3sx, rccx and rc3x are no instructions of Aer's: level 0 expands c3sx into 27
  gates, 3.6e-7 in single precision.  None of these is declared; nor are, of a method other than statevector,
  gates outside its target, which level 0 expands (density_matrix: c4x into 69).  Every gate below was probed
  within 4e-16 (u: 1e-15; mps: see below), on all orders of up to three qubits, angles 1e-13 to 100.5; in
  single precision within 1.8e-7.
- In single precision many tiny rotations of one qubit add up their rounding: 500 times ``ry(1e-7)`` is off
  by 1.2e-5, as each step is near half the spacing of floats at 0.7 and rounds the same way.
- ``parameter_binds`` leaves the free angles of cp, crx, cry and crz at 0, without a word (qiskit-aer issues
  2323, 2403): ``x(0); rx(t, 1); crx(t, 0, 1)`` at t = 1.5 has <Z1> = 0.07 in place of -0.99; where no other
  gate is free, one result comes for all bindings.  ``assign_parameters`` binds them.  So
  aer.statevector.batched does not declare these gates.
- Channels that are weak enough are dropped, in density matrices as in trajectories: damping up to 1e-8
  (amplitude) and 2e-8 (phase) with ``canonical_kraus=False`` too, depolarizing up to 4e-10 on one qubit and
  1.6e-9 on two, where the trace is lost as well.  They are refused here.  Stronger ones are within 1e-15.
- ``save_expectation_value`` on some of the qubits is wrong where others are idle (qiskit-aer issue 2442):
  ``x(0); cx(0, 2)`` on three qubits has <Z2> = -1, saved on [2] it is 1, with every method.  Here it is
  always saved on all qubits.
- mps drops every Schmidt coefficient below 1e-8: ``ry(1.9e-8, 0); cx(0, 1)`` is off by 9.5e-9 and with
  2.1e-8 it is exact.  No option prevents it: not ``matrix_product_state_truncation_threshold=0``, nor
  ``chop_threshold=0``, nor ``mps_lapack=True``.  Beside it, Aer's own SVD leaves up to 5e-11 (qv_8; with
  ``mps_lapack`` 2e-15).  57 of 203 circuits exceed the bound for double (small angles, random ones,
  hea_8, qv_4, qpe_inexact_8; not qft or ghz), so it is not called exact.
- mps samples by measuring a copy of the tensors for each shot (``mps_apply_measure``, the default): 1024
  shots of 12 qubits take 65 ms, the state 5 ms.
- For stabilizer ``transpile`` takes 330 ms: it reads ``backend.target`` 63 times, and Aer builds that anew
  each time, 5 ms for this method.
"""

from functools import reduce
from typing import Any, Dict, List, NamedTuple

CONTRACT = 1
DISTRIBUTIONS = ["qiskit-aer", "qiskit"]
LICENCE = "Apache-2.0"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["state", "sample", "expval", "sweep"]
UNSUPPORTED = {
    "gradient": "Aer has no gradients",
    "density_matrix": "it holds a state vector; aer.density_matrix holds a density matrix",
    "noisy_sample": "with noise this method runs a trajectory per shot: aer.trajectories",
}
FEATURES = ["mid_circuit_measurement", "reset", "feed_forward"]
GATES = [
    "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u",
    "cx", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz", "swap", "rxx", "ryy", "rzz",
    "ccx", "cswap", "c3x", "c4x",
]  # fmt: skip
MAX_QUBITS = 24
OPTIONS = {"method": "statevector", "precision": "double"}
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {
    "aer.statevector": {},
    "aer.statevector.c64": {
        "PRECISION": "complex64",
        "OPTIONS": {"method": "statevector", "precision": "single"},
    },
    "aer.statevector.batched": {
        "OPTIONS": {"method": "statevector", "precision": "double", "batched": True},
        "TASKS": ["sweep"],
        "UNSUPPORTED": {
            "state": "it differs from aer.statevector in sweeps only",
            "sample": "it differs from aer.statevector in sweeps only",
            "expval": "it differs from aer.statevector in sweeps only",
            "gradient": "Aer has no gradients",
            "density_matrix": "it holds a state vector; aer.density_matrix holds a density matrix",
            "noisy_sample": "with noise this method runs a trajectory per shot: aer.trajectories",
        },
        "FEATURES": [],
        "GATES": [
            "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u",
            "cx", "cy", "cz", "ch", "csx", "swap", "rxx", "ryy", "rzz",
            "ccx", "cswap", "c3x", "c4x",
        ],
    },
    "aer.trajectories": {
        "TASKS": ["noisy_sample"],
        "NOISE": ["depolarizing", "amplitude_damping", "phase_damping", "readout"],
        "UNSUPPORTED": {
            "state": "without noise it is aer.statevector",
            "sample": "without noise it is aer.statevector",
            "expval": "without noise it is aer.statevector",
            "sweep": "without noise it is aer.statevector",
            "gradient": "Aer has no gradients",
            "density_matrix": "it draws trajectories; aer.density_matrix holds a density matrix",
        },
        "FEATURES": [],
        "MAX_QUBITS": 16,
    },
    "aer.density_matrix": {
        "OPTIONS": {"method": "density_matrix", "precision": "double"},
        "TASKS": ["sample", "expval", "sweep", "density_matrix", "noisy_sample"],
        "NOISE": ["depolarizing", "amplitude_damping", "phase_damping", "readout"],
        "UNSUPPORTED": {
            "state": "it holds a density matrix, which is no state vector",
            "gradient": "Aer has no gradients",
        },
        "GATES": [
            "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u",
            "cx", "cy", "cz", "cp", "swap", "rxx", "ryy", "rzz", "ccx",
        ],
        "MAX_QUBITS": 12,
    },
    "aer.mps": {
        "OPTIONS": {"method": "matrix_product_state", "precision": "double"},
        "KIND": "approximate",
        "TASKS": ["state", "sample", "expval", "sweep", "noisy_sample"],
        "NOISE": ["depolarizing", "amplitude_damping", "phase_damping", "readout"],
        "UNSUPPORTED": {
            "gradient": "Aer has no gradients",
            "density_matrix": "it holds a matrix product state; aer.density_matrix holds a density matrix",
        },
        "MAX_QUBITS": 22,
        "GATES": [
            "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u",
            "cx", "cy", "cz", "csx", "cp", "swap", "rxx", "ryy", "rzz", "ccx", "cswap",
        ],
    },
    "aer.stabilizer": {
        "OPTIONS": {"method": "stabilizer", "precision": "double"},
        "KIND": "clifford",
        "TASKS": ["sample", "expval", "noisy_sample"],
        "NOISE": ["depolarizing", "readout"],
        "UNSUPPORTED": {
            "state": "it holds stabilizers, which it does not turn into a state vector",
            "gradient": "Aer has no gradients, and Clifford gates have no angles",
            "sweep": "Clifford gates have no angles",
            "density_matrix": "it holds stabilizers, which are no density matrix",
        },
        "GATES": ["id", "x", "y", "z", "h", "s", "sdg", "sx", "sxdg", "cx", "cy", "cz", "swap"],
        "MAX_QUBITS": 200,
    },
    "aer.unitary": {
        "OPTIONS": {"method": "unitary", "precision": "double"},
        "TASKS": ["state"],
        "UNSUPPORTED": {
            "sample": "it computes the circuit's unitary and refuses measurements",
            "expval": "it computes the circuit's unitary, of which Aer saves no expectation value",
            "gradient": "Aer has no gradients",
            "sweep": "it computes the circuit's unitary, of which Aer saves no expectation value",
            "density_matrix": "it computes the circuit's unitary; aer.density_matrix holds a density matrix",
            "noisy_sample": "it computes the circuit's unitary and refuses noise",
        },
        "FEATURES": [],
        "GATES": [
            "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u",
            "cx", "cy", "cz", "csx", "cp", "crx", "cry", "crz", "swap", "rxx", "ryy", "rzz",
            "ccx", "cswap", "c3x", "c4x",
        ],
        "MAX_QUBITS": 12,
    },
}  # fmt: skip

CHANNELS = ("depolarizing", "amplitude_damping", "phase_damping")
DROPPED = 2e-8
MIDWAY = {"mid_circuit_measurement", "feed_forward"}


class Program(NamedTuple):
    """``run`` is what ``backend.run`` is given besides the circuit; ``free`` the parameters of a binding."""

    circuit: Any
    read: Any
    run: Dict[str, Any]
    free: List[Any]


def load(options: Any) -> "Engine":
    return Engine(options["method"], options["precision"], options["threads"], options.get("batched", False))


class Engine:
    def __init__(self, method: str, precision: str, threads: int, batched: bool) -> None:
        from qiskit import QuantumCircuit, transpile
        from qiskit.circuit import Parameter
        from qiskit.circuit.classical import expr
        from qiskit.circuit.library import C3XGate, C4XGate
        from qiskit.quantum_info import SparsePauliOp
        from qiskit_aer import AerSimulator, noise

        self.circuit, self.transpile, self.method = QuantumCircuit, transpile, method
        self.parameter, self.pauli_sum, self.expr, self.noise = Parameter, SparsePauliOp, expr, noise
        self.multi_controlled = {"c3x": C3XGate(), "c4x": C4XGate()}
        self.backend = AerSimulator(method=method, precision=precision, max_parallel_threads=threads)
        self.batched = batched

    def supports(self, circuit: Any, task: Any) -> Any:
        if task.counted and all(qubit is None for qubit in circuit.readout):
            return "no qubit is measured"
        if any(op.name in CHANNELS and 0 < op.params[0] <= DROPPED for op in circuit.operations):
            return f"Aer drops channels of a strength of 1e-8 or less, some up to {DROPPED}"
        return None

    def translate(self, circuit: Any, task: Any) -> Any:
        native = self.circuit(circuit.num_qubits, len(circuit.readout) if task.counted else 0)
        free = {name: self.parameter(name) for name in task.parameters}
        if circuit.features:
            self.append_operations(native, circuit, free)
        else:
            for gate in circuit.gates:
                if gate.name in self.multi_controlled:
                    native.append(self.multi_controlled[gate.name], gate.qubits)
                else:
                    getattr(native, gate.name)(*gate.params, *gate.qubits)
        run: Dict[str, Any] = {"shots": task.shots or 1}
        if task.counted:
            if circuit.features.isdisjoint(MIDWAY):  # else they stand where they belong
                for bit, qubit in enumerate(circuit.readout):
                    if qubit is not None:
                        native.measure(qubit, bit)
            if task.noise is not None and task.noise.readout_error:
                run["noise_model"] = self.readout(task.noise.readout_error)
            return Program(native, read_counts, run, [])
        if task.kind in ("expval", "sweep"):
            native.save_expectation_value(self.observable(task, circuit.num_qubits), native.qubits)
            return Program(native, read_expectation, run, list(free.values()))
        if task.kind == "density_matrix":
            native.save_density_matrix()
            return Program(native, read_density, run, [])
        if self.method == "unitary":
            native.save_unitary()
            return Program(native, read_unitary, run, [])
        native.save_statevector()
        return Program(native, read_state, run, [])

    def append_operations(self, native: Any, circuit: Any, free: Any) -> None:
        """Operations in order, where they are more than gates with numbers, but no final measurements."""
        midway = not circuit.features.isdisjoint(MIDWAY)
        channels: Dict[Any, Any] = {}
        for op in circuit.operations:
            if op.name == "barrier" or (op.name == "measure" and not midway):
                continue
            if op.condition is None:
                self.append(native, op, free, channels)
            elif not op.condition[1] >> len(op.condition[0]):  # else those bits never read that value
                with native.if_test(self.condition(native, *op.condition)):
                    self.append(native, op, free, channels)

    def append(self, native: Any, op: Any, free: Any, channels: Any) -> None:
        if op.name in self.multi_controlled:
            native.append(self.multi_controlled[op.name], op.qubits)
        elif op.name in CHANNELS:
            kind = op.name, op.params[0], len(op.qubits)
            if kind not in channels:  # each has a name of its own, by which Aer finds it again
                channels[kind] = self.channel(*kind).to_instruction()
            native.append(channels[kind], op.qubits)
        else:
            angles = [native_angle(angle, free) for angle in op.params]
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
        if self.batched:
            columns = {parameter: [row[place] for row in bindings] for place, parameter in enumerate(free)}
            result = self.result(circuit, seed, dict(run, parameter_binds=[columns]))
            return [(result, place) for place in range(len(bindings))], read
        rows = [dict(zip(free, row)) for row in bindings]  # noqa: B905
        return [(self.result(circuit.assign_parameters(row), seed, run), 0) for row in rows], read

    def result(self, circuit: Any, seed: int, run: Any) -> Any:
        result = self.backend.run(circuit, seed_simulator=seed, **run).result()
        if not result.success:
            raise RuntimeError(f"Aer: {result.status}")
        return result

    def readback(self, handle: Any) -> Any:
        found, read = handle
        if isinstance(found, list):
            return [read(result, place) for result, place in found]
        return read(found, 0)


def native_angle(angle: Any, free: Any) -> Any:
    """A number as it is; a free angle as ``scale * parameter + shift``, with no scale of 1 or shift of 0."""
    if isinstance(angle, float):
        return angle
    term = free[angle.name] if angle.scale == 1.0 else angle.scale * free[angle.name]
    return term + angle.shift if angle.shift else term


def read_counts(result: Any, place: int) -> Any:
    return result.get_counts()


def read_expectation(result: Any, place: int) -> Any:
    return result.data(place)["expectation_value"]


def read_density(result: Any, place: int) -> Any:
    return result.data(place)["density_matrix"].data


def read_state(result: Any, place: int) -> Any:
    return result.get_statevector().data


def read_unitary(result: Any, place: int) -> Any:
    return result.get_unitary().data[:, 0]
