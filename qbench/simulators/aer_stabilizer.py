"""Qiskit Aer's two stabilizer methods, through ``AerSimulator(method=...)``, ``transpile`` and ``run``.

The front door is that of aer.py: ``transpile``, ``run``, ``result``.  Clifford circuits only; any other
circuit is unsupported, with its first gate that is not Clifford.

translate   a ``QuantumCircuit`` with measurements, or with ``save_statevector`` or
            ``save_expectation_value`` of a ``SparsePauliOp`` at its end; Pauli noise as ``QuantumError`` in
            its place (see aer_noise.py)
compile     ``transpile(circuit, backend, optimization_level=0)``: 330 ms, see Traps
execute     ``run(..., seed_simulator=...).result()``
readback    ``get_statevector()``, ``data(0)["expectation_value"]``, or ``get_counts()``, which writes
            outcomes as text

``max_parallel_threads`` is the number of threads asked for.  Qubit 0 is least significant, as here.  Times
are of a shared machine, orders of magnitude.

aer.stabilizer           what it saves is a set of stabilizers, no vector: no states.  GHZ, 1024 shots: 0.2 s
                         on 100 qubits, 1.2 s on 200, 18 s on 500
aer.extended_stabilizer  the method for Clifford+T circuits, here for Clifford circuits only, where it has one
                         term and is exact (6.3e-16 on 400 random circuits): it gives the state, which
                         aer.stabilizer does not, 0.6 s on 18 qubits and 8 s on 22.  Measurements midway and
                         resets are run shot by shot, conditions it has not.  Why no other gates: see Traps

Circuits with measurements midway, resets and conditions: see aer.py.

Traps (qiskit-aer 0.18.2, qiskit 2.6.2), beside those of aer.py
- ``transpile`` takes 330 ms: it reads ``backend.target`` 63 times, and Aer builds that anew each time, 5 ms
  for the method stabilizer.
- Weak channels are dropped and refused: see aer_noise.py.
- extended_stabilizer samples wrongly beyond Clifford circuits as it comes: ``h(0); t(0); h(0); cx(0, 1)`` has
  00 with probability 0.85, and it counts 00 in half of the shots (qiskit-aer issue 2315): its Metropolis
  walk flips one qubit at a time and never comes from 00 to 11, whatever
  ``extended_stabilizer_metropolis_mixing_time`` is (100, 5000, 50 000: the same).  The other sampling method,
  ``norm_estimation``, is right and takes 0.05 s a shot on these two qubits, 200 s for 4096 shots.  The state
  has an error set by ``extended_stabilizer_approximation_error``: at the default 0.05 an infidelity of 3e-4
  after two T gates, at 0.001 of 8e-8 after 5 s, and eight T gates on four qubits take 43 s.  So nothing
  beyond Clifford circuits can be told from a wrong answer in an affordable time.
"""

from functools import reduce
from typing import Any, Dict, NamedTuple

CONTRACT = 1
DISTRIBUTIONS = ["qiskit-aer", "qiskit"]
LICENCE = "Apache-2.0"
KIND = "clifford"
PRECISION = "complex128"
TASKS = ["sample", "expval", "noisy_sample"]
UNSUPPORTED = {
    "state": "it holds stabilizers, which it does not turn into a state vector",
    "gradient": "Aer has no gradients, and Clifford gates have no angles",
    "sweep": "Clifford gates have no angles",
    "density_matrix": "it holds stabilizers, which are no density matrix",
}
FEATURES = ["mid_circuit_measurement", "reset", "feed_forward"]
NOISE = ["depolarizing", "readout"]
GATES = ["id", "x", "y", "z", "h", "s", "sdg", "sx", "sxdg", "cx", "cy", "cz", "swap"]
MAX_QUBITS = 200
OPTIONS: Dict[str, Any] = {"backend": {"method": "stabilizer"}}
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {
    "aer.stabilizer": {},
    "aer.extended_stabilizer": {
        "OPTIONS": {"backend": {"method": "extended_stabilizer"}},
        "TASKS": ["state", "sample"],
        "UNSUPPORTED": {
            "expval": "Aer saves no expectation value of this method; aer.stabilizer has them",
            "gradient": "Aer has no gradients, and Clifford gates have no angles",
            "sweep": "Clifford gates have no angles",
            "density_matrix": "it holds a state; aer.density_matrix holds a density matrix",
            "noisy_sample": "with noise it would run a trajectory per shot, as aer.stabilizer does",
        },
        "FEATURES": ["mid_circuit_measurement", "reset"],
        "NOISE": [],
        "GATES": ["id", "x", "y", "z", "h", "s", "sdg", "sx", "sxdg", "cx", "cz", "swap"],
        "MAX_QUBITS": 24,
    },
}

DROPPED = 2e-8
MIDWAY = {"mid_circuit_measurement", "feed_forward"}
APART = 0x9E3779B1  # between seeds: see aer.py, Traps


class Program(NamedTuple):
    """``run`` is what ``backend.run`` is given besides the circuit."""

    circuit: Any
    read: Any
    run: Dict[str, Any]


def load(options: Any) -> "Engine":
    return Engine(options["backend"], options["threads"])


class Engine:
    def __init__(self, backend: Any, threads: int) -> None:
        from qiskit import QuantumCircuit, transpile
        from qiskit.circuit.classical import expr
        from qiskit.quantum_info import SparsePauliOp
        from qiskit_aer import AerSimulator, noise

        self.circuit, self.transpile, self.method = QuantumCircuit, transpile, backend["method"]
        self.pauli_sum, self.expr, self.noise = SparsePauliOp, expr, noise
        self.backend = AerSimulator(max_parallel_threads=threads, **backend)

    def supports(self, circuit: Any, task: Any) -> Any:
        if task.counted and all(qubit is None for qubit in circuit.readout):
            return "no qubit is measured"
        if any(op.name == "depolarizing" and 0 < op.params[0] <= DROPPED for op in circuit.operations):
            return f"Aer drops channels of a strength of 1e-8 or less, some up to {DROPPED}"
        return None

    def translate(self, circuit: Any, task: Any) -> Any:
        native = self.circuit(circuit.num_qubits, len(circuit.readout) if task.counted else 0)
        midway = not circuit.features.isdisjoint(MIDWAY)
        channels: Dict[Any, Any] = {}
        for op in circuit.operations if circuit.features else circuit.gates:
            if op.name == "barrier" or (op.name == "measure" and not midway):
                continue
            if op.condition is None:
                self.append(native, op, channels)
            elif not op.condition[1] >> len(op.condition[0]):  # else those bits never read that value
                with native.if_test(self.condition(native, *op.condition)):
                    self.append(native, op, channels)
        run: Dict[str, Any] = {"shots": task.shots or 1}
        if task.counted:
            if not midway:  # else they stand where they belong
                for bit, qubit in enumerate(circuit.readout):
                    if qubit is not None:
                        native.measure(qubit, bit)
            if task.noise is not None and task.noise.readout_error:
                run["noise_model"] = self.readout(task.noise.readout_error)
            return Program(native, read_counts, run)
        if task.kind == "state":
            native.save_statevector()
            return Program(native, read_state, run)
        native.save_expectation_value(self.observable(task, circuit.num_qubits), native.qubits)
        return Program(native, read_expectation, run)

    def append(self, native: Any, op: Any, channels: Any) -> None:
        if op.name == "depolarizing":
            kind = op.params[0], len(op.qubits)
            if kind not in channels:  # each has a name of its own, by which Aer finds it again
                channels[kind] = self.noise.depolarizing_error(*kind).to_instruction()
            native.append(channels[kind], op.qubits)
        else:
            getattr(native, op.name)(*op.qubits, *op.clbits)

    def condition(self, native: Any, bits: Any, value: int) -> Any:
        """What ``if_test`` takes: one bit with its value, or one expression of several."""
        wanted = [(native.clbits[bit], value >> place & 1) for place, bit in enumerate(bits)]
        if len(wanted) == 1:
            return wanted[0]
        read = [self.expr.lift(bit) if one else self.expr.logic_not(bit) for bit, one in wanted]
        return reduce(self.expr.logic_and, read)

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
        circuit, read, run = program
        result = self.backend.run(circuit, seed_simulator=seed * APART % 2**31, **run).result()
        if not result.success:
            raise RuntimeError(f"Aer: {result.status}")
        return result, read

    def readback(self, handle: Any) -> Any:
        result, read = handle
        return read(result)


def read_counts(result: Any) -> Any:
    return result.get_counts()


def read_expectation(result: Any) -> Any:
    return result.data(0)["expectation_value"]


def read_state(result: Any) -> Any:
    return result.get_statevector().data
