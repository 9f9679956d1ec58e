"""Qiskit Aer's state vector and unitary, through ``AerSimulator(method=...)``, ``transpile`` and ``run``.

The front door: ``transpile(circuit, backend)``, then ``backend.run(circuit).result()``, as Aer's
documentation does it.  Other methods of the same backend: aer_noise.py (density matrices, trajectories),
aer_mps.py, aer_stabilizer.py; Aer's primitives: aer_sampler.py, aer_estimator.py.

translate   a ``QuantumCircuit`` with measurements, or with ``save_statevector`` (unitary:
            ``save_unitary``) or ``save_expectation_value`` of a ``SparsePauliOp`` at its end; free angles
            as ``Parameter`` expressions
compile     ``transpile(circuit, backend, optimization_level=0)``: reads the backend's target and checks
            the circuit against it, 25 to 50 ms whatever the circuit.  Why not the default level 2: see Traps
execute     ``run(..., seed_simulator=...).result()``: ``run`` only starts a thread, ``result`` waits.
            A sweep is ``assign_parameters`` and ``run`` for each binding, or, ``batched``, one ``run`` with
            ``parameter_binds``
readback    ``get_statevector()``, ``get_unitary()``, ``data(0)["expectation_value"]``, or ``get_counts()``,
            which writes outcomes as text

``max_parallel_threads`` is the number of threads asked for.  Left on, as Aer has it: gate fusion, which acts
from 14 qubits on (unitary: 7) and belongs to execute, and sampling from one final state.  Qubit 0 is least
significant, as here.  Seconds below are of a shared machine, orders of magnitude.

aer.statevector.nofusion ``fusion_enable=False``: every gate is applied as it stands.  The only difference
                        to aer.statevector, and none below 14 qubits
aer.statevector.c64     ``precision="single"``: Aer computes in complex64 and hands that back inside a
                        complex128 array, returned as it is; what is declared is what was computed
aer.statevector.batched sweeps only: all bindings in one ``run``; 50 of 9 gates take 11 ms, in a loop 47 ms
aer.unitary             the state is column 0 of the unitary, U|0...0>: a view, nothing is computed.  It pays
                        for all 2^n columns: 3.6 s for 92 gates on 12 qubits, 17 s and 2.1 GiB on 13.  It
                        refuses measurements, hence no samples

Circuits with measurements midway, resets and conditions: each is written where it stands, a gate that
waits for classical bits in ``if_test``; several bits are one expression (``expr.logic_and``).

Traps (qiskit-aer 0.18.2, qiskit 2.6.2)
- Where shots are run one by one (measured midway, reset, noise), shot k of seed s is shot 0 of seed s + k: of
  500 shots the seeds 20 and 21 share 499 (qiskit-aer issue 1916).  Seeds are spread before Aer gets them.
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
- ``save_expectation_value`` on some of the qubits is wrong where others are idle (qiskit-aer issue 2442):
  ``x(0); cx(0, 2)`` on three qubits has <Z2> = -1, saved on [2] it is 1, with every method.  Here it is
  always saved on all qubits.
- Fusion gives a wrong state for ``h(0); cz(1, 0); x(0); s(0); x(0)`` on 15 qubits and more (qiskit-aer issue
  2245): an overlap of 0 with the right one.  Fusion stays on in aer.statevector, as Aer comes, and such an
  answer is judged wrong; aer.statevector.nofusion is right.
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
OPTIONS: Dict[str, Any] = {"backend": {"method": "statevector", "precision": "double"}, "batched": False}
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {
    "aer.statevector": {},
    "aer.statevector.nofusion": {
        "OPTIONS": {
            "backend": {"method": "statevector", "precision": "double", "fusion_enable": False},
            "batched": False,
        },
    },
    "aer.statevector.c64": {
        "PRECISION": "complex64",
        "OPTIONS": {"backend": {"method": "statevector", "precision": "single"}, "batched": False},
    },
    "aer.statevector.batched": {
        "OPTIONS": {"backend": {"method": "statevector", "precision": "double"}, "batched": True},
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
    "aer.unitary": {
        "OPTIONS": {"backend": {"method": "unitary", "precision": "double"}, "batched": False},
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

MIDWAY = {"mid_circuit_measurement", "feed_forward"}
APART = 0x9E3779B1
"""Odd, so that seeds stay different; next ones are 5e8 apart, further than any number of shots."""


class Program(NamedTuple):
    """``run`` is what ``backend.run`` is given besides the circuit; ``free`` the parameters of a binding."""

    circuit: Any
    read: Any
    run: Dict[str, Any]
    free: List[Any]


def load(options: Any) -> "Engine":
    return Engine(options["backend"], options["threads"], options["batched"])


class Engine:
    def __init__(self, backend: Any, threads: int, batched: bool) -> None:
        from qiskit import QuantumCircuit, transpile
        from qiskit.circuit import Parameter
        from qiskit.circuit.classical import expr
        from qiskit.circuit.library import C3XGate, C4XGate
        from qiskit.quantum_info import SparsePauliOp
        from qiskit_aer import AerSimulator

        self.circuit, self.transpile, self.method = QuantumCircuit, transpile, backend["method"]
        self.parameter, self.pauli_sum, self.expr = Parameter, SparsePauliOp, expr
        self.multi_controlled = {"c3x": C3XGate(), "c4x": C4XGate()}
        self.backend = AerSimulator(max_parallel_threads=threads, **backend)
        self.batched = batched

    def supports(self, circuit: Any, task: Any) -> Any:
        if task.counted and all(qubit is None for qubit in circuit.readout):
            return "no qubit is measured"
        return None

    def translate(self, circuit: Any, task: Any) -> Any:
        native = self.circuit(circuit.num_qubits, len(circuit.readout) if task.counted else 0)
        free = {name: self.parameter(name) for name in task.parameters}
        midway = not circuit.features.isdisjoint(MIDWAY)
        for op in circuit.operations if circuit.features else circuit.gates:
            if op.name == "barrier" or (op.name == "measure" and not midway):
                continue
            if op.condition is None:
                self.append(native, op, free)
            elif not op.condition[1] >> len(op.condition[0]):  # else those bits never read that value
                with native.if_test(self.condition(native, *op.condition)):
                    self.append(native, op, free)
        run: Dict[str, Any] = {"shots": task.shots or 1}
        if task.counted:
            if not midway:  # else they stand where they belong
                for bit, qubit in enumerate(circuit.readout):
                    if qubit is not None:
                        native.measure(qubit, bit)
            return Program(native, read_counts, run, [])
        if task.kind in ("expval", "sweep"):
            native.save_expectation_value(self.observable(task, circuit.num_qubits), native.qubits)
            return Program(native, read_expectation, run, list(free.values()))
        if self.method == "unitary":
            native.save_unitary()
            return Program(native, read_unitary, run, [])
        native.save_statevector()
        return Program(native, read_state, run, [])

    def append(self, native: Any, op: Any, free: Any) -> None:
        if op.name in self.multi_controlled:
            native.append(self.multi_controlled[op.name], op.qubits)
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
        result = self.backend.run(circuit, seed_simulator=seed * APART % 2**31, **run).result()
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


def read_state(result: Any, place: int) -> Any:
    return result.get_statevector().data


def read_unitary(result: Any, place: int) -> Any:
    return result.get_unitary().data[:, 0]
